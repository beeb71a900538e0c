// SPDX-License-Identifier: MIT

package harness

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
)

// Env is what a test works with: an empty database and a record of what is sent to it.
type Env struct {
	// Ctx ends with the test.
	Ctx context.Context //nolint:containedctx // the context of one test.
	// DB is the database as Kindred sees it.
	DB *model.DB
	// Gorm is the same database without Kindred, to look from outside.
	Gorm *gorm.DB
	// Sent are the statements that were sent through DB.
	Sent *Recorder
	// Clock is the time of automatic timestamps.
	Clock *Clock
	// Database is the kind of the database.
	Database Database
	// DSN opens the database again.
	DSN string
}

// Clock is a time that stands still until it is moved.
type Clock struct{ now time.Time }

// Now returns the time.
func (c *Clock) Now() time.Time { return c.now }

// Add moves the time.
func (c *Clock) Add(d time.Duration) { c.now = c.now.Add(d) }

// Set sets the time.
func (c *Clock) Set(now time.Time) { c.now = now }

// Each runs check once for each database, in parallel, on an empty database of its own. A database
// that lacks one of needs is left out. After check no connection may be in use.
func Each(t *testing.T, check func(t *testing.T, e *Env), needs ...Feature) {
	t.Helper()
	EachOf(t, func(d Database) bool { return hasAll(d, needs) }, check)
}

// On fits the database of a name, for EachOf.
func On(name string) func(d Database) bool {
	return func(d Database) bool { return d.Name == name }
}

// EachOf is Each for the databases that fit.
func EachOf(t *testing.T, fits func(d Database) bool, check func(t *testing.T, e *Env)) {
	t.Helper()
	t.Parallel()
	for _, d := range Databases() {
		if !fits(d) {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			e := New(t, d)
			check(t, e)
			e.RequireIdle(t)
		})
	}
}

func hasAll(d Database, needs []Feature) bool {
	for _, f := range needs {
		if !d.Has(f) {
			return false
		}
	}
	return true
}

// New returns an Env on an empty database of the kind.
func New(t testing.TB, d Database) *Env {
	t.Helper()
	e := &Env{
		Ctx: t.Context(), Sent: &Recorder{}, Clock: &Clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
		Database: d, DSN: d.DSN(t),
	}
	e.Gorm = d.OpenDSN(t, e.DSN)
	e.DB = e.NewDB(t, model.Config{Now: e.Clock.Now})
	return e
}

// NewDB returns another handle on the same connections, whose statements are recorded too.
func (e *Env) NewDB(t testing.TB, config model.Config) *model.DB {
	t.Helper()
	db, err := model.New(e.Gorm.Session(&gorm.Session{NewDB: true, Logger: e.Sent, Context: e.Ctx}), config)
	require.NoError(t, err)
	e.Sent.Reset()
	return db
}

// Migrate registers models and makes their tables.
func (e *Env) Migrate(t testing.TB, models ...any) {
	t.Helper()
	require.NoError(t, e.DB.Register(models...))
	require.NoError(t, e.DB.Migrate(e.Ctx, models...))
	e.Sent.Reset()
}

// Sends requires that run sends want statements and returns them. BEGIN, COMMIT and the statements
// of savepoints are not counted. A SELECT that reads back what the statement before it has decided counts as a part of that, where the
// database lacks UpdateReturning or InsertReturning.
func (e *Env) Sends(t testing.TB, want int, run func()) []string {
	t.Helper()
	got := e.SentBy(run)
	require.Len(t, got, want, "statements sent:\n%s", strings.Join(got, "\n"))
	return got
}

// SentBy returns the statements that run sends, as Sends counts them.
func (e *Env) SentBy(run func()) []string {
	e.Sent.Reset()
	run()
	return e.Database.WithoutReadBack(e.Sent.Statements())
}

// SendsBesidesLocks is Sends that does not count the SELECT which locks a record's row, where the database
// locks rows.
func (e *Env) SendsBesidesLocks(t testing.TB, want int, run func()) []string {
	t.Helper()
	got := slices.DeleteFunc(e.SentBy(run), e.Database.LocksRecord)
	require.Len(t, got, want, "statements sent:\n%s", strings.Join(got, "\n"))
	return got
}

// Exec sends statements past Kindred.
func (e *Env) Exec(t testing.TB, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		require.NoError(t, e.Gorm.WithContext(e.Ctx).Exec(sql).Error, sql)
	}
}

// Rows returns the rows of a query that is sent past Kindred. gorm gives pointers to expressions
// without a declared type; they are followed.
func (e *Env) Rows(t testing.TB, sql string, args ...any) []map[string]any {
	t.Helper()
	var out []map[string]any
	require.NoError(t, e.Gorm.WithContext(e.Ctx).Raw(sql, args...).Scan(&out).Error)
	for _, row := range out {
		for name, v := range row {
			if p, ok := v.(*any); ok {
				row[name] = *p
			}
		}
	}
	return out
}

// Row returns the only row of a query that is sent past Kindred.
func (e *Env) Row(t testing.TB, sql string, args ...any) map[string]any {
	t.Helper()
	rows := e.Rows(t, sql, args...)
	require.Len(t, rows, 1, sql)
	return rows[0]
}

// Count returns the number of rows of a table, past Kindred.
func (e *Env) Count(t testing.TB, table string) int64 {
	t.Helper()
	var n int64
	require.NoError(t, e.Gorm.WithContext(e.Ctx).Table(table).Count(&n).Error)
	return n
}

// RequireIdle requires that no connection is in use.
func (e *Env) RequireIdle(t testing.TB) {
	t.Helper()
	pool, err := e.Gorm.DB()
	require.NoError(t, err)
	require.Zero(t, pool.Stats().InUse, "connections that are still in use")
}
