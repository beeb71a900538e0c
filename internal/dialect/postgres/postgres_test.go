// SPDX-License-Identifier: MIT

package postgres_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/dialect/postgres"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/model"
)

type thing struct {
	model.BaseModel[thing]

	ID   int64
	Name string
	UUID string `gorm:"type:uuid"`
}

func column(t *testing.T, name string) *meta.Column {
	t.Helper()
	m, err := meta.First(reflect.TypeFor[thing]())
	require.NoError(t, err)
	c, ok := m.Column(name)
	require.True(t, ok)
	return c
}

func TestListIsOneValue(t *testing.T) {
	t.Parallel()
	at := time.Unix(1e9, 0).UTC()
	for _, row := range []struct {
		column string
		values []any
		not    bool
		sql    string
		bound  any
	}{
		{"id", []any{int64(1), int64(2)}, false, " = ANY($1)", []int64{1, 2}},
		{"id", []any{int64(1)}, true, " <> ALL($1)", []int64{1}},
		{"id", []any{1.5}, false, " = ANY($1)", []float64{1.5}},
		{"id", []any{true}, false, " = ANY($1)", []bool{true}},
		{"id", []any{at}, false, " = ANY($1)", []time.Time{at}},
		{"id", []any{[]byte{1}}, false, " = ANY($1)", [][]byte{{1}}},
		{"name", []any{`a"b`}, false, " = ANY($1)", []string{`a"b`}},
		{"uuid", []any{`a"b\`, ""}, false, " = ANY($1)", `{"a\"b\\",""}`},
		{"id", nil, false, " = ANY($1)", "{}"},
	} {
		var bound any
		sql, err := postgres.New().AppendList(nil, dialect.List{Column: column(t, row.column), Values: row.values, Not: row.not}, func(dst []byte, v any) []byte {
			bound = v
			return append(dst, "$1"...)
		})
		require.NoError(t, err)
		require.Equal(t, row.sql, string(sql))
		require.Equal(t, row.bound, bound)
	}
}

func TestListRefusesMixedValues(t *testing.T) {
	t.Parallel()
	for _, values := range [][]any{{int64(1), "x"}, {struct{}{}}} {
		_, err := postgres.New().AppendList(nil, dialect.List{Column: column(t, "id"), Values: values}, func(dst []byte, _ any) []byte { return dst })
		require.ErrorIs(t, err, errs.ErrInvalidValue)
	}
	_, err := postgres.New().AppendList(nil, dialect.List{Column: column(t, "uuid"), Values: []any{"x", int64(1)}}, func(dst []byte, _ any) []byte { return dst })
	require.ErrorIs(t, err, errs.ErrInvalidValue)
}

func TestErrorsOfTheServer(t *testing.T) {
	t.Parallel()
	for code, kind := range map[string]string{"23505": errs.Unique, "23503": errs.ForeignKey, "23502": errs.NotNull, "23514": errs.Check} {
		cause := &pgconn.PgError{Code: code, TableName: "users", ConstraintName: "c", Detail: "Key (email)=(secret) already exists."}
		err := postgres.New().Translate(cause)
		var got *errs.ConstraintError
		require.ErrorAs(t, err, &got, code)
		require.Equal(t, kind, got.Kind)
		require.Equal(t, "users", got.Table)
		require.ErrorIs(t, err, cause)
		require.NotContains(t, err.Error(), "secret")
	}
	other := errors.New("connection reset")
	require.Equal(t, other, postgres.New().Translate(other))
	require.False(t, postgres.New().Answered(other))
	require.True(t, postgres.New().Answered(&pgconn.PgError{Code: "23505"}))
	for code, lost := range map[string]bool{"40P01": true, "40001": true, "23505": false} {
		require.Equal(t, lost, postgres.New().Lost(&pgconn.PgError{Code: code}), code)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	d := postgres.New()
	require.Equal(t, `"a""b"`, string(d.AppendName(nil, `a"b`)))
	require.Equal(t, `"s"."t"`, string(d.AppendTable(nil, "s.t")))
	require.Equal(t, "$12", string(d.AppendPlaceholder(nil, 12)))
}
