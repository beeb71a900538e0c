// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
)

// env is what a check works with: an empty database and a record of what was sent to it.
type env struct {
	ctx   context.Context //nolint:containedctx // the context of one test.
	db    *model.DB
	gorm  *gorm.DB                     // the same database without Kindred, to look from outside
	open  func(tb testing.TB) *gorm.DB // opens another database of the kind
	sent  *Recorder
	clock *clock
	broken
}

// broken is what a twin sets to break Kindred from outside.
type broken struct {
	// sql changes statements on their way to the database.
	sql func(sql string) string
	// op runs in place of an operation that a check makes through env.do.
	op map[string]func(run func() error) error
	// seen changes what a check looks at through see.
	seen map[string]func(value any) any
}

// clock is the time of automatic timestamps. It stands still until it is set.
type clock struct{ now time.Time }

func (c *clock) add(d time.Duration) { c.now = c.now.Add(d) }

func newEnv(t testing.TB, cfg Config) *env {
	t.Helper()
	return newBrokenEnv(t, cfg, nil)
}

// newBrokenEnv is newEnv that a twin may break.
func newBrokenEnv(t testing.TB, cfg Config, twin func(*env)) *env {
	t.Helper()
	e := &env{
		ctx: t.Context(), sent: &Recorder{}, clock: &clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
		broken: broken{op: map[string]func(func() error) error{}, seen: map[string]func(any) any{}},
	}
	if twin != nil {
		twin(e)
	}
	e.gorm, e.open = cfg.Open(t), cfg.Open
	handle := e.gorm.Session(&gorm.Session{NewDB: true, Logger: e.sent, Context: e.ctx})
	if e.sql != nil {
		handle.ConnPool = &bendingPool{ConnPool: handle.ConnPool, bend: e.sql}
		handle.Statement.ConnPool = handle.ConnPool
	}
	db, err := model.New(handle, model.Config{Now: func() time.Time { return e.clock.now }})
	require.NoError(t, err)
	e.db = db
	e.sent.Reset()
	return e
}

// migrate registers models and makes their tables.
func (e *env) migrate(t testing.TB, models ...any) {
	t.Helper()
	require.NoError(t, e.db.Register(models...))
	require.NoError(t, e.db.Migrate(e.ctx, models...))
	e.sent.Reset()
}

// do runs an operation under test; name is what a twin knows it by.
func (e *env) do(name string, run func() error) error {
	if instead, ok := e.op[name]; ok {
		return instead(run)
	}
	return run()
}

// see passes on what an operation under test has returned; name is what a twin knows it by.
func see[V any](e *env, name string, value V) V {
	change, ok := e.seen[name]
	if !ok {
		return value
	}
	changed, ok := change(value).(V)
	if !ok {
		var none V
		return none
	}
	return changed
}

// as returns a value as one of type V, which it must be.
func as[V any](t testing.TB, value any) V {
	t.Helper()
	typed, ok := value.(V)
	require.True(t, ok, "a %T", value)
	return typed
}

// sends asserts how many statements run sends, SAVEPOINT and its kin, BEGIN and COMMIT not counted,
// and returns them.
func (e *env) sends(t testing.TB, want int, run func()) []string {
	t.Helper()
	e.sent.Reset()
	run()
	got := e.sent.Statements()
	require.Len(t, got, want, "statements sent:\n%s", strings.Join(got, "\n"))
	return got
}

// finish asserts what holds after every check: no connection is in use.
func (e *env) finish(t testing.TB) {
	t.Helper()
	pool, err := e.gorm.DB()
	require.NoError(t, err)
	require.Zero(t, pool.Stats().InUse, "connections that are still in use")
}

// rows returns the rows of a query that is sent past Kindred.
func (e *env) rows(t testing.TB, sql string, args ...any) []map[string]any {
	t.Helper()
	var out []map[string]any
	require.NoError(t, e.gorm.WithContext(e.ctx).Raw(sql, args...).Scan(&out).Error)
	return out
}

// count returns the number of rows of a table, past Kindred.
func (e *env) count(t testing.TB, table string) int64 {
	t.Helper()
	var n int64
	require.NoError(t, e.gorm.WithContext(e.ctx).Table(table).Count(&n).Error)
	return n
}
