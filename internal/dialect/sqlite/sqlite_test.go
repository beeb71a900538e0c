// SPDX-License-Identifier: MIT

package sqlite_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/dialect/sqlite"
	"github.com/kindred-orm/kindred/internal/errs"
)

func TestListIsOneValue(t *testing.T) {
	t.Parallel()
	d := sqlite.New()
	at := time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC)
	for _, row := range []struct {
		values []any
		not    bool
		sql    string
		bound  string
	}{
		{[]any{int64(1), int64(-2)}, false, " IN (SELECT value FROM json_each(?))", "[1,-2]"},
		{[]any{"a\"b", "ü"}, true, " NOT IN (SELECT value FROM json_each(?))", `["a\"b","ü"]`},
		{[]any{true, false}, false, " IN (SELECT value FROM json_each(?))", "[1,0]"},
		{[]any{at}, false, " IN (SELECT value FROM json_each(?))", `["2026-01-02 03:04:05.0000006+00:00"]`},
		{[]any{[]byte{0, 255}}, false, " IN (SELECT unhex(value) FROM json_each(?))", `["00ff"]`},
	} {
		var bound any
		sql, err := d.AppendList(nil, dialect.List{Values: row.values, Not: row.not}, func(dst []byte, v any) []byte { bound = v; return append(dst, '?') })
		require.NoError(t, err)
		require.Equal(t, row.sql, string(sql))
		require.Equal(t, row.bound, bound)
	}
}

func TestListKeepsFloats(t *testing.T) {
	t.Parallel()
	for _, f := range []float64{0.1, 1e300, 5e-324, -1.0 / 3} {
		var bound string
		_, err := sqlite.New().AppendList(nil, dialect.List{Values: []any{f}}, func(dst []byte, v any) []byte {
			bound, _ = v.(string)
			return dst
		})
		require.NoError(t, err)
		got, err := strconv.ParseFloat(bound[1:len(bound)-1], 64)
		require.NoError(t, err)
		require.Equal(t, f, got) //nolint:testifylint // exactly the same.
	}
}

func TestErrorsOfTheDriver(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		text string
		want errs.ConstraintError
	}{
		{"UNIQUE constraint failed: users.email", errs.ConstraintError{Kind: errs.Unique, Table: "users", Columns: []string{"email"}}},
		{"UNIQUE constraint failed: a.x, a.y", errs.ConstraintError{Kind: errs.Unique, Table: "a", Columns: []string{"x", "y"}}},
		{"constraint failed: UNIQUE constraint failed: users.email (2067)", errs.ConstraintError{Kind: errs.Unique, Table: "users", Columns: []string{"email"}}},
		{"PRIMARY KEY constraint failed: a.id", errs.ConstraintError{Kind: errs.Unique, Table: "a", Columns: []string{"id"}}},
		{"FOREIGN KEY constraint failed", errs.ConstraintError{Kind: errs.ForeignKey}},
		{"NOT NULL constraint failed: users.name", errs.ConstraintError{Kind: errs.NotNull, Table: "users", Columns: []string{"name"}}},
		{"CHECK constraint failed: positive", errs.ConstraintError{Kind: errs.Check, Name: "positive"}},
	} {
		cause := errors.New(row.text)
		var got *errs.ConstraintError
		require.ErrorAs(t, sqlite.New().Translate(cause), &got, row.text)
		require.ErrorIs(t, got, cause)
		got.Err = nil
		require.Equal(t, row.want, *got, row.text)
	}
	other := errors.New("no such table: x")
	require.Equal(t, other, sqlite.New().Translate(other))
	require.ErrorIs(t, sqlite.New().Translate(errors.New("integer overflow")), errs.ErrInvalidValue)
	require.ErrorIs(t, sqlite.New().Translate(errors.New("ON CONFLICT clause does not match any …")), errs.ErrUnsupported)
}

func TestNames(t *testing.T) {
	t.Parallel()
	d := sqlite.New()
	require.Equal(t, "`users`", string(d.AppendName(nil, "users")))
	require.Equal(t, "`a`.`b`", string(d.AppendColumn(nil, "a", "b")))
	require.Equal(t, "?", string(d.AppendPlaceholder(nil, 12)))
}
