// SPDX-License-Identifier: MIT

package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
)

// New returns the dialect.
func New() *dialect.Dialect {
	d := &dialect.Dialect{
		Name: "postgres", Quote: '"', Numbered: true, MaxParams: 65_535,
		InsertReturns: true, UpdateReturns: true, AbortsTransaction: true, Lateral: true, Arrays: true,
		RowLocks: true, LockTable: true, ShareLock: " FOR SHARE", RowLock: " FOR NO KEY UPDATE", BigInt: "bigint", Double: "double precision", Cursors: true, ILike: "ILIKE",
		DefaultValues: "DEFAULT VALUES", Truncate: "TRUNCATE TABLE %s",
		AppendList: appendList, AppendPairs: appendPairs, AppendTyped: appendTyped, Bulk: bulk{}, Translate: translate, Answered: answered, Lost: lost, Outdated: outdated, Disconnected: disconnected, Referenced: referenced,
		Complete: func(gorm.Dialector) bool { return false }, Check: check, Reader: reader{},
	}
	d.SchemaOf = func(d *dialect.Dialect) dialect.Schema { return schema{d} }
	d.Schema = d.SchemaOf(d)
	return d
}

func appendList(dst []byte, in dialect.List, bind func([]byte, any) []byte) ([]byte, error) {
	if in.Column.Array { // an array of arrays would be one of two dimensions, whose elements are not those arrays
		return appendEach(dst, in, bind), nil
	}
	list, err := array(in.Column, in.Values)
	if err != nil {
		return dst, err
	}
	if in.Not {
		dst = append(dst, " <> ALL("...)
	} else {
		dst = append(dst, " = ANY("...)
	}
	dst = bind(dst, list)
	return append(dst, ')'), nil
}

// appendEach appends the condition with a placeholder for each value.
func appendEach(dst []byte, in dialect.List, bind func([]byte, any) []byte) []byte {
	if in.Not {
		dst = append(dst, " NOT"...)
	}
	dst = append(dst, " IN ("...)
	if len(in.Values) == 0 {
		dst = append(append(append(dst, "SELECT NULL::"...), in.Column.Field.DataType...), " WHERE false"...)
	}
	for i, v := range in.Values {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = bind(dst, v)
	}
	return append(dst, ')')
}

// array returns values as one value for the parameter of an array's type. Text that the server
// reads into another type, such as a UUID, goes as an array literal, which every type reads.
func array(c *meta.Column, values []any) (any, error) {
	if len(values) == 0 {
		return "{}", nil
	}
	switch values[0].(type) {
	case int64:
		return typed[int64](values)
	case float64:
		return typed[float64](values)
	case bool:
		return typed[bool](values)
	case time.Time:
		return typed[time.Time](values)
	case []byte:
		return typed[[]byte](values)
	case string:
		if c.Kind == meta.String && c.Meaning == meta.Plain && isText(string(c.Field.DataType)) {
			return typed[string](values)
		}
		return literal(values)
	default:
		return nil, errs.New(errs.ErrInvalidValue, "a list of %T", values[0])
	}
}

func isText(declared string) bool {
	base, _, _ := strings.Cut(strings.ToLower(declared), "(")
	return base == "string" || base == "text" || base == "varchar" || base == "character varying"
}

func typed[V any](values []any) (any, error) {
	list := make([]V, len(values))
	for i, v := range values {
		one, ok := v.(V)
		if !ok {
			return nil, errs.New(errs.ErrInvalidValue, "a list that mixes %T and %T", one, v)
		}
		list[i] = one
	}
	return list, nil
}

func literal(values []any) (any, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, v := range values {
		text, ok := v.(string)
		if !ok {
			return nil, errs.New(errs.ErrInvalidValue, "a list that mixes text and %T", v)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('"')
		for j := range len(text) {
			if text[j] == '"' || text[j] == '\\' {
				b.WriteByte('\\')
			}
			b.WriteByte(text[j])
		}
		b.WriteByte('"')
	}
	b.WriteByte('}')
	return b.String(), nil
}

// translate reads the SQLSTATE of the server's errors: https://www.postgresql.org/docs/current/errcodes-appendix.html
func translate(err error) error {
	pg := serverErrorOf(err)
	if pg == nil {
		if unencoded(err) {
			return errs.Hide(errs.ErrInvalidValue, err, "the driver refused a value, which does not fit the type of its column")
		}
		return err
	}
	out := &errs.ConstraintError{Table: pg.table, Name: pg.constraint, Err: err}
	switch pg.code {
	case "23505":
		out.Kind = errs.Unique
	case "23503":
		out.Kind = errs.ForeignKey
	case "23502":
		out.Kind, out.Columns = errs.NotNull, []string{pg.column}
	case "23514":
		out.Kind = errs.Check
	case "40001", "40P01", "55P03":
		return errs.Wrap(errs.ErrConflict, err, "begin the transaction again")
	case "42P10":
		return invalidReference(pg, err)
	default:
		if strings.HasPrefix(pg.code, "22") {
			// The server's text may quote the value, which may be one that must not be seen.
			return errs.Hide(errs.ErrInvalidValue, err, "the database refused a value (SQLSTATE %s)", pg.code)
		}
		return err
	}
	if out.Columns == nil {
		out.Columns = keyColumns(pg.detail)
	}
	return out
}

// unencoded reports whether pgx says that it cannot send a value, which its text quotes. Its errors have
// no type: they are those of its package pgtype, with or without words in front.
func unencoded(err error) bool {
	text := err.Error()
	for _, words := range []string{"failed to encode args[", "unable to encode ", "cannot find encode plan", "cannot convert "} {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}

// invalidReference distinguishes the statements that have the same SQLSTATE, by the function of the server that
// refused them: its text is in the language of the server.
func invalidReference(pg *serverError, err error) error {
	switch pg.routine {
	case "infer_arbiter_indexes":
		return errs.Wrap(errs.ErrUnsupported, err, "an upsert needs a unique index on its columns")
	case "addTargetToSortList", "transformDistinctClause", "findTargetlistEntrySQL92", "findTargetlistEntrySQL99":
		return errs.Wrap(errs.ErrUnsupported, err, "a Distinct query is ordered by what it selects; select the order too")
	}
	return err
}

// keyColumns reads the names out of `Key (a, b)=(1, 2) already exists.`; the values are left alone.
func keyColumns(detail string) []string {
	rest, ok := strings.CutPrefix(detail, "Key (")
	if !ok {
		return nil
	}
	names, _, ok := strings.Cut(rest, ")=(")
	if !ok {
		return nil
	}
	columns := strings.Split(names, ", ")
	for i, name := range columns {
		columns[i] = strings.Trim(name, `"`)
	}
	return columns
}

// answered reports whether the server itself refused, or rolled back where it was told to commit. The
// latter is pgx.ErrTxCommitRollback, which has only its text.
func answered(err error) bool {
	return serverErrorOf(err) != nil || strings.Contains(err.Error(), "commit unexpectedly resulted in rollback") ||
		strings.Contains(err.Error(), "could not complete operation in a failed transaction") // lib/pq
}

// disconnected reports whether the server has ended the connection, because it stops or was told to, or could not be
// reached. A statement that it answers so is not done.
func disconnected(err error) bool {
	pg := serverErrorOf(err)
	return pg != nil && (strings.HasPrefix(pg.code, "57P0") && pg.code != "57P04" || strings.HasPrefix(pg.code, "08")) ||
		strings.Contains(err.Error(), "conn closed")
}

// outdated reports whether a prepared statement has other columns than when it was prepared.
func outdated(err error) bool {
	pg := serverErrorOf(err)
	return pg != nil && pg.code == "0A000" && pg.routine == "RevalidateCachedQuery"
}

// referenced reports whether TRUNCATE met a foreign key.
func referenced(err error) bool {
	pg := serverErrorOf(err)
	return pg != nil && pg.code == "0A000" && pg.routine == "heap_truncate_check_FKs"
}

// lost reports whether a transaction met a deadlock, or cannot be put in a serial order.
func lost(err error) bool {
	pg := serverErrorOf(err)
	return pg != nil && (pg.code == "40P01" || pg.code == "40001")
}

func check(ctx context.Context, db gorm.ConnPool) error {
	for _, setting := range []struct{ name, want string }{
		{"standard_conforming_strings", "on"}, {"client_encoding", "UTF8"},
	} {
		rows, err := db.QueryContext(ctx, "SELECT current_setting($1)", setting.name)
		if err != nil {
			return err
		}
		value := ""
		for rows.Next() {
			if err := rows.Scan(&value); err != nil {
				_ = rows.Close() // the error of Scan is the one to report.
				return err
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		if !strings.EqualFold(value, setting.want) {
			return fmt.Errorf("%w: %s is %q on this PostgreSQL handle; it must be %s", errs.ErrUnsupported,
				setting.name, value, setting.want)
		}
	}
	return nil
}
