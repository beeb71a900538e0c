// SPDX-License-Identifier: MIT

package seeds_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// section is an example of a guide, with the heading under which it stands there.
type section struct {
	title string
	check func(t *testing.T, e *env)
	own   []any // its own models, for a database of its own
}

// env is the database of a section.
type env struct {
	ctx     context.Context
	db      *model.DB
	gorm    *gorm.DB // the same database without Kindred
	sent    *recorder
	dialect string
	tables  []string
}

// dialects are the databases on which every section runs.
var dialects = []struct {
	name string
	open func(testing.TB) *gorm.DB
}{{"SQLite", dbtest.SQLite}, {"PostgreSQL", dbtest.Postgres}}

// guide runs the sections of a guide, in order, on every database.
func guide(t *testing.T, sections ...section) {
	t.Helper()
	for _, d := range dialects {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			shared := newEnv(t, d.name, d.open, world()...)
			shared.pivotTables(t)
			for _, s := range sections {
				t.Run(s.title, func(t *testing.T) {
					e := shared
					if s.own == nil {
						shared.ctx = t.Context()
						shared.clear(t)
					} else {
						e = newEnv(t, d.name, d.open, s.own...)
					}
					e.sent.reset()
					s.check(t, e)
				})
			}
		})
	}
}

func newEnv(t *testing.T, dialect string, open func(testing.TB) *gorm.DB, models ...any) *env {
	t.Helper()
	e := &env{ctx: t.Context(), gorm: open(t), sent: &recorder{}, dialect: dialect}
	var err error
	e.db, err = model.New(e.gorm.Session(&gorm.Session{NewDB: true, Logger: e.sent}))
	require.NoError(t, err)
	require.NoError(t, e.db.Register(models...))
	require.NoError(t, e.db.Migrate(e.ctx, models...))
	e.tables, err = e.gorm.Migrator().GetTables()
	require.NoError(t, err)
	return e
}

// exec sends a statement past Kindred.
func (e *env) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	require.NoError(t, e.gorm.WithContext(e.ctx).Exec(sql, args...).Error)
}

// clear empties all tables; keys count from 1 again.
func (e *env) clear(t *testing.T) {
	t.Helper()
	if e.dialect == "PostgreSQL" { // TRUNCATE takes a tenth of a second per section
		e.exec(t, "DO $$ BEGIN DELETE FROM "+strings.Join(e.tables, "; DELETE FROM ")+"; PERFORM setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences "+
			"WHERE schemaname = current_schema(); END $$")
		return
	}
	for _, table := range e.tables {
		if table != "sqlite_sequence" {
			e.exec(t, "DELETE FROM "+table)
		}
	}
	e.exec(t, "DELETE FROM sqlite_sequence")
}

// rows returns the values of a query that is sent past Kindred, row by row, as text.
func (e *env) rows(t *testing.T, sql string, args ...any) [][]string {
	t.Helper()
	result, err := e.gorm.WithContext(e.ctx).Raw(sql, args...).Rows()
	require.NoError(t, err)
	defer func() { require.NoError(t, result.Close()) }()
	columns, err := result.Columns()
	require.NoError(t, err)
	out := [][]string{}
	for result.Next() {
		row, into := make([]*string, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		require.NoError(t, result.Scan(into...))
		texts := make([]string, len(row))
		for i, v := range row {
			texts[i] = "NULL"
			if v != nil {
				texts[i] = *v
			}
		}
		out = append(out, texts)
	}
	require.NoError(t, result.Err())
	return out
}

// count returns the number of rows of a table.
func (e *env) count(t *testing.T, table string) int64 {
	t.Helper()
	var n int64
	require.NoError(t, e.gorm.WithContext(e.ctx).Table(table).Count(&n).Error)
	return n
}

// sends asserts how many statements run sends and returns them. The SELECT by which PostgreSQL locks
// the parent of pivot rows is not among them; SQLite has no such locks.
func (e *env) sends(t *testing.T, want int, run func()) []string {
	t.Helper()
	e.sent.reset()
	run()
	got := e.sent.list()
	require.Len(t, got, want, "statements sent:\n%s", strings.Join(got, "\n"))
	return got
}

// recorder is a logger of gorm that keeps statements.
type recorder struct {
	mu   sync.Mutex
	sent []string
}

func (r *recorder) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent = nil
}

func (r *recorder) list() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sent
}

func (r *recorder) LogMode(logger.LogLevel) logger.Interface { return r }
func (*recorder) Info(context.Context, string, ...any)       {}
func (*recorder) Warn(context.Context, string, ...any)       {}
func (*recorder) Error(context.Context, string, ...any)      {}
func (r *recorder) Trace(_ context.Context, _ time.Time, fc func() (string, int64), _ error) {
	sql, _ := fc()
	if strings.Contains(sql, "SAVEPOINT ") || strings.Contains(sql, " FOR NO KEY UPDATE") {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent = append(r.sent, sql)
}

// seed inserts records.
func seed[T any, P model.Model[T]](t *testing.T, e *env, records ...P) {
	t.Helper()
	for _, one := range records {
		require.NoError(t, model.Create[T](e.ctx, e.db, one))
	}
	e.sent.reset()
}

// find loads a record by its key.
func find[T any, P model.Model[T]](t *testing.T, e *env, id any) *T {
	t.Helper()
	rec, err := model.Query[T, P](e.db).Find(e.ctx, id)
	require.NoError(t, err)
	return rec
}

// all loads the records of a query.
func all[T any](t *testing.T, e *env, q *model.Builder[T]) []*T {
	t.Helper()
	list, err := q.All(e.ctx)
	require.NoError(t, err)
	return list
}

// names returns what a function makes of records.
func names[T, V any](list []*T, of func(*T) V) []V {
	out := make([]V, len(list))
	for i, one := range list {
		out[i] = of(one)
	}
	return out
}

// toJSON marshals a value.
func toJSON(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	require.NoError(t, err)
	return string(out)
}

// pivot is a shorter name of pivot attributes.
type pivot = relation.Attrs
