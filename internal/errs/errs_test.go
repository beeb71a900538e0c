// SPDX-License-Identifier: MIT

package errs_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
)

var errCause = errors.New("the secret value 42")

func TestNotFoundIsAlsoGorms(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, errs.In("User", "find", errs.ErrNotFound), gorm.ErrRecordNotFound)
	require.NotErrorIs(t, errs.ErrNotFound, gorm.ErrDuplicatedKey)
	require.EqualError(t, errs.ErrNotFound, "record not found")
}

func TestDetails(t *testing.T) {
	t.Parallel()
	err := errs.New(errs.ErrStale, "%s was changed", "User")
	require.EqualError(t, err, "stale record: User was changed")
	require.ErrorIs(t, err, errs.ErrStale)
	require.NotErrorIs(t, err, errs.ErrDeleted)

	wrapped := errs.Wrap(errs.ErrTxDone, errCause, "commit %d", 1)
	require.EqualError(t, wrapped, "transaction is finished: commit 1: the secret value 42")
	require.ErrorIs(t, wrapped, errs.ErrTxDone)
	require.ErrorIs(t, wrapped, errCause)
	require.EqualError(t, errs.Wrap(errs.ErrTxDone, errCause, ""), "transaction is finished: the secret value 42")

	hidden := errs.Hide(errs.ErrInvalidValue, errCause, "no number")
	require.EqualError(t, hidden, "invalid value: no number", "Hide shows nothing of the cause")
	require.ErrorIs(t, hidden, errs.ErrInvalidValue)
	require.ErrorIs(t, hidden, errCause)
}

func TestInNamesAnErrorOnce(t *testing.T) {
	t.Parallel()
	require.NoError(t, errs.In("User", "save", nil))
	err := errs.In("User", "save", errCause)
	require.EqualError(t, err, "model User: save: the secret value 42")
	require.ErrorIs(t, err, errCause)
	require.Equal(t, err, errs.In("Post", "load", err), "the first name stays")
	around := fmt.Errorf("around: %w", err)
	require.Equal(t, around, errs.In("Post", "load", around), "also inside of another error")
	related := &errs.RelationError{Model: "User", Relation: "posts", Op: "sync", Err: errCause}
	require.Equal(t, error(related), errs.In("User", "save", related))
	require.EqualError(t, related, "relation User.posts: sync: the secret value 42")
	require.ErrorIs(t, related, errCause)
}

func TestConstraintErrors(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		err  errs.ConstraintError
		is   error
		says string
	}{
		{
			errs.ConstraintError{Kind: errs.Unique, Table: "users", Name: "one_email", Columns: []string{"email"}},
			errs.ErrDuplicate,
			`unique constraint "one_email" of table "users" on ["email"] violated`,
		},
		{errs.ConstraintError{Kind: errs.ForeignKey, Table: "posts"}, errs.ErrForeignKey, `foreign key constraint of table "posts" violated`},
		{errs.ConstraintError{Kind: errs.NotNull, Columns: []string{"name"}}, errs.ErrInvalidValue, `not null constraint on ["name"] violated`},
		{errs.ConstraintError{Kind: errs.Check, Name: "positive"}, errs.ErrInvalidValue, `check constraint "positive" violated`},
	} {
		row.err.Err = errCause
		require.EqualError(t, &row.err, row.says, "the text has no value")
		require.ErrorIs(t, &row.err, errCause)
		for _, sentinel := range []error{errs.ErrDuplicate, errs.ErrForeignKey, errs.ErrInvalidValue, errs.ErrStale} {
			require.Equal(t, errors.Is(sentinel, row.is), errors.Is(&row.err, sentinel), "%s is %v", row.err.Kind, sentinel)
		}
	}
}

func TestFieldErrors(t *testing.T) {
	t.Parallel()
	require.NoError(t, errs.Field("User.Email", nil))
	err := errs.Field("User.Email", errCause)
	require.EqualError(t, err, "User.Email: the secret value 42")
	var field *errs.FieldError
	require.ErrorAs(t, err, &field)
	require.Equal(t, []string{"User", "Email"}, []string{field.Model, field.Field})
	require.ErrorIs(t, err, errCause)
	require.EqualError(t, &errs.FieldError{Field: "page", Err: errCause}, "page: the secret value 42", "a field of no model")
	require.EqualError(t, errs.About("User", "Email", errCause), "the secret value 42", "the text names the field itself")
}

func TestWhatAFailedCallHasWritten(t *testing.T) {
	t.Parallel()
	after := errs.Wrap(errs.ErrAfterCommit, errCause, "")
	require.True(t, errs.AfterCommit(after))
	require.False(t, errs.AfterCommit(errCause))
	require.Equal(t, int64(3), errs.Written(3, nil))
	require.Equal(t, int64(0), errs.Written(3, errCause), "the error undid it")
	require.Equal(t, int64(3), errs.Written(3, after), "the rows are committed")
}

func TestDidYouMean(t *testing.T) {
	t.Parallel()
	require.Equal(t, `; did you mean "posts"?`, errs.DidYouMean("post", []string{"profile", "posts"}))
	require.Empty(t, errs.DidYouMean("zzz", []string{"profile", "posts"}))
}

func TestOfDatabase(t *testing.T) {
	t.Parallel()
	require.NoError(t, errs.OfDatabase("open", nil))
	err := errs.OfDatabase("open", errCause)
	require.EqualError(t, err, "database: open: the secret value 42")
	require.ErrorIs(t, err, errCause)
}
