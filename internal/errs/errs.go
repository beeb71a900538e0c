// SPDX-License-Identifier: MIT

package errs

import (
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/ident"
)

// The sentinels that callers branch on; model documents each of them.
var (
	ErrNotFound         error = notFoundError{}
	ErrUnbound                = errors.New("no database")
	ErrStale                  = errors.New("stale record")
	ErrDeleted                = errors.New("record is deleted")
	ErrTxDone           error = &shared{"transaction is finished", gorm.ErrInvalidTransaction}
	ErrUnknownColumn          = errors.New("unknown column")
	ErrUnknownRelation  error = &shared{"unknown relation", gorm.ErrUnsupportedRelation}
	ErrUnknownAttribute       = errors.New("unknown attribute")
	ErrGuarded                = errors.New("guarded attribute")
	ErrInvalidKey             = errors.New("invalid key")
	ErrInvalidValue           = errors.New("invalid value")
	ErrMissingKey             = errors.New("missing key")
	ErrNotLoaded              = errors.New("not loaded")
	ErrNotPersisted           = errors.New("record is not saved")
	ErrUnsupported            = errors.New("unsupported")
	ErrDuplicate        error = &shared{"duplicate value", gorm.ErrDuplicatedKey}
	ErrForeignKey       error = &shared{"foreign key violated", gorm.ErrForeignKeyViolated}
	ErrConflict               = errors.New("conflict with another transaction")
	ErrMissingWhere     error = &shared{"no condition", gorm.ErrMissingWhereClause}
	ErrNotUnique              = errors.New("more than one row")
	ErrUnknownScope           = errors.New("unknown scope")
	ErrInvalidCursor          = errors.New("invalid cursor")
	ErrCommitUnknown          = errors.New("outcome of commit unknown")
	ErrAfterCommit            = errors.New("after commit")
)

// shared is a sentinel that gorm has too: errors.Is finds gorm's in it, so that code which knows gorm keeps working.
type shared struct {
	text string
	gorm error
}

func (s *shared) Error() string        { return s.text }
func (s *shared) Is(target error) bool { return target == s.gorm }

// notFoundError is also gorm's ErrRecordNotFound, so that code which knows gorm keeps working.
type notFoundError struct{}

func (notFoundError) Error() string        { return "record not found" }
func (notFoundError) Is(target error) bool { return target == gorm.ErrRecordNotFound }

// Error is a failed operation on a model.
type Error struct {
	Model, Op string
	Err       error
}

// Error returns "model User: save: cause".
func (e *Error) Error() string { return "model " + e.Model + ": " + e.Op + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// RelationError is a failed operation on a relation.
type RelationError struct {
	Model, Relation, Op string
	Err                 error
}

// Error returns "relation User.posts: load: cause".
func (e *RelationError) Error() string {
	return "relation " + e.Model + "." + e.Relation + ": " + e.Op + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *RelationError) Unwrap() error { return e.Err }

// The kinds of a [ConstraintError].
const (
	Unique     = "unique"
	ForeignKey = "foreign key"
	NotNull    = "not null"
	Check      = "check"
)

// ConstraintError is a write that the database refused because of a constraint.
type ConstraintError struct {
	Kind, Table, Name string
	Columns           []string
	Err               error
}

// Error names the constraint, table and columns, never the values.
func (e *ConstraintError) Error() string {
	text := e.Kind + " constraint"
	if e.Name != "" {
		text += " " + ident.Quote(e.Name)
	}
	if e.Table != "" {
		text += " of table " + ident.Quote(e.Table)
	}
	if len(e.Columns) > 0 {
		text += fmt.Sprintf(" on %q", e.Columns)
	}
	return text + " violated"
}

// Unwrap returns the driver's error.
func (e *ConstraintError) Unwrap() error { return e.Err }

// Is makes a unique violation an ErrDuplicate, a foreign key violation an ErrForeignKey, and a
// missing or refused value an ErrInvalidValue; and each what gorm calls it.
func (e *ConstraintError) Is(target error) bool {
	switch e.Kind {
	case Unique:
		return target == ErrDuplicate || target == gorm.ErrDuplicatedKey
	case ForeignKey:
		return target == ErrForeignKey || target == gorm.ErrForeignKeyViolated
	case Check:
		return target == ErrInvalidValue || target == gorm.ErrCheckConstraintViolated
	default:
		return target == ErrInvalidValue
	}
}

// detail is a sentinel with a text that says what is wrong and what to do.
type detail struct {
	sentinel error
	text     string
	cause    error
}

func (d *detail) Error() string { return d.text }

func (d *detail) Unwrap() []error {
	if d.cause == nil {
		return []error{d.sentinel}
	}
	return []error{d.sentinel, d.cause}
}

// New returns an error that is sentinel and reads "sentinel: text".
func New(sentinel error, format string, args ...any) error {
	return &detail{sentinel: sentinel, text: sentinel.Error() + ": " + fmt.Sprintf(format, args...)}
}

// Wrap is New with a cause that errors.Is and errors.As reach. The text ends with the cause's.
func Wrap(sentinel, cause error, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	if text != "" {
		text += ": "
	}
	return &detail{sentinel: sentinel, text: sentinel.Error() + ": " + text + cause.Error(), cause: cause}
}

// Hide is Wrap without the cause's text, which may show a value.
func Hide(sentinel, cause error, format string, args ...any) error {
	return &detail{sentinel: sentinel, text: sentinel.Error() + ": " + fmt.Sprintf(format, args...), cause: cause}
}

// Unread says that the database holds a value which cannot be read, without showing it. cause may be nil.
func Unread(cause error, as string) error {
	return Hide(ErrInvalidValue, cause, "the database holds what cannot be read as %s", as)
}

// Conceal returns an error about a value that cannot show it: one of this package as it is, and any other, such as one of
// strconv or of a Scan method, as a cause that errors.Is and errors.As reach, without its text.
func Conceal(err error, format string, args ...any) error {
	switch err.(type) { //nolint:errorlint // what wraps an error of this package may show a value.
	case *detail, *FieldError:
		return err
	default:
		return Hide(ErrInvalidValue, err, format, args...)
	}
}

// OfDatabase returns err as the failure of an operation on a database, unless it is nil.
func OfDatabase(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("database: %s: %w", op, err)
}

// AfterCommit reports whether err says that the data is committed, and only work after the commit has failed.
func AfterCommit(err error) bool { return errors.Is(err, ErrAfterCommit) }

// Written returns the number of rows that a call has written: none next to an error that undid it.
func Written(n int64, err error) int64 {
	if err != nil && !AfterCommit(err) {
		return 0
	}
	return n
}

// In returns err as an [*Error] of an operation on model, unless it is nil or already names one.
func In(model, op string, err error) error {
	if err == nil {
		return nil
	}
	var named *Error
	var related *RelationError
	if errors.As(err, &named) || errors.As(err, &related) {
		return err
	}
	return &Error{Model: model, Op: op, Err: err}
}

// DidYouMean returns `; did you mean "x"?` with the candidate nearest to name, or "".
func DidYouMean(name string, candidates []string) string {
	if near := ident.Suggest(name, candidates); near != "" {
		return "; did you mean " + ident.Quote(near) + "?"
	}
	return ""
}

// FieldError says which field of a model an error is about.
type FieldError struct {
	Model, Field string
	Err          error

	named bool // the text of Err names the field itself
}

// Error returns "User.Email: cause", and "Email: cause" of no model.
func (e *FieldError) Error() string {
	if e.named {
		return e.Err.Error()
	}
	return strings.TrimPrefix(e.Model+"."+e.Field, ".") + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *FieldError) Unwrap() error { return e.Err }

// Field puts the name of a model's field, "User.Email", in front of an error about its value.
func Field(name string, err error) error {
	if err == nil {
		return nil
	}
	model, field, _ := strings.Cut(name, ".")
	return &FieldError{Model: model, Field: field, Err: err}
}

// About marks an error whose text names the field as one about it.
func About(model, field string, err error) error {
	return &FieldError{Model: model, Field: field, Err: err, named: true}
}
