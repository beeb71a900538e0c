// SPDX-License-Identifier: MIT

package testsuite

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
)

// without is a twin that leaves out an operation, as if it did nothing.
func without(op string) func(*env) {
	return func(e *env) { e.op[op] = func(func() error) error { return nil } }
}

// succeeding is a twin that runs an operation and then claims that it succeeded.
func succeeding(op string) func(*env) {
	return func(e *env) {
		e.op[op] = func(run func() error) error {
			_ = run() // the twin swallows what should be returned.
			return nil
		}
	}
}

// negating is a twin that turns an answer into its opposite.
func negating(name string) func(*env) {
	return func(e *env) {
		e.seen[name] = func(v any) any {
			b, _ := v.(bool)
			return !b
		}
	}
}

// bending is a twin that replaces text in the statements that start with prefix.
func bending(prefix, from, to string) func(*env) {
	return func(e *env) {
		e.sql = func(sql string) string {
			if !strings.HasPrefix(sql, prefix) {
				return sql
			}
			return strings.ReplaceAll(sql, from, to)
		}
	}
}

// losingUpdates is a twin whose UPDATEs leave a column as it is, unless it is NULL.
func losingUpdates(column string) func(*env) {
	return bending("UPDATE ", "`"+column+"` = ?", "`"+column+"` = coalesce(`"+column+"`, ?)")
}

// named opens Kindred once more on the database of e, with other naming strategies.
func (e *env) named(t testing.TB, names schema.Namer, naming model.Naming) *model.DB {
	t.Helper()
	handle := e.db.Gorm().Session(&gorm.Session{NewDB: true})
	if names != nil {
		handle.NamingStrategy = names
	}
	db, err := model.New(handle, model.Config{Now: e.db.Gorm().NowFunc, Naming: naming})
	require.NoError(t, err)
	e.sent.Reset()
	return db
}

// row returns the only row of a query that is sent past Kindred. gorm gives pointers to expressions
// that have no declared type; they are followed.
func (e *env) row(t testing.TB, sql string, args ...any) map[string]any {
	t.Helper()
	rows := e.rows(t, sql, args...)
	require.Len(t, rows, 1, sql)
	for name, v := range rows[0] {
		if p, ok := v.(*any); ok {
			rows[0][name] = *p
		}
	}
	return rows[0]
}

// exec runs a statement past Kindred.
func (e *env) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	require.NoError(t, e.gorm.WithContext(e.ctx).Exec(sql, args...).Error)
}

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
