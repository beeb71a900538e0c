// SPDX-License-Identifier: MIT

package properties_test

import (
	"context"
	"flag"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/model"
)

func TestMain(m *testing.M) {
	flag.Parse()
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, value := range map[string]string{"rapid.checks": "50", "rapid.nofailfile": "true", "rapid.shrinktime": "10s"} {
		if given[name] {
			continue
		}
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// store is a database that a property is tested on.
type store struct {
	*model.DB

	sent     *recorder
	clock    *clock
	postgres bool
}

// onEach runs a test on each database, in parallel.
func onEach(t *testing.T, fn func(t *testing.T, s *store)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		fn(t, newStore(t, dbtest.SQLite(t)))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		fn(t, openPostgres(t))
	})
}

func newStore(t *testing.T, handle *gorm.DB) *store {
	t.Helper()
	s := &store{sent: &recorder{}, clock: &clock{}}
	var err error
	s.DB, err = model.New(handle.Session(&gorm.Session{NewDB: true, Logger: s.sent}), model.Config{Now: s.clock.now})
	require.NoError(t, err)
	return s
}

func openPostgres(t *testing.T) *store {
	t.Helper()
	handle, err := gorm.Open(postgres.Open(dbtest.PostgresDSN(t)), &gorm.Config{Logger: logger.Discard})
	require.NoError(t, err)
	pool, err := handle.DB()
	require.NoError(t, err)
	t.Cleanup(func() { _ = pool.Close() }) // nothing is left to lose.
	s := newStore(t, handle)
	s.postgres = true
	return s
}

// migrate registers models and makes their tables.
func (s *store) migrate(t *testing.T, models ...any) {
	t.Helper()
	require.NoError(t, s.Register(models...))
	require.NoError(t, s.Migrate(t.Context(), models...))
}

// exec runs a raw statement.
func (s *store) exec(t require.TestingT, statement string) {
	require.NoError(t, s.Gorm().Exec(statement).Error, statement)
}

// clock gives the time of automatic timestamps, which stands still until a test moves it.
type clock struct{ seconds atomic.Int64 }

func (c *clock) now() time.Time {
	return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).Add(time.Duration(c.seconds.Load()) * time.Second)
}

func (c *clock) tick() { c.seconds.Add(1) }

// recorder is a logger that keeps the texts of statements; those that only lock a row, apart.
type recorder struct {
	mu         sync.Mutex
	statements []string
	locks      int
}

func (r *recorder) LogMode(logger.LogLevel) logger.Interface { return r }
func (*recorder) Info(context.Context, string, ...any)       {}
func (*recorder) Warn(context.Context, string, ...any)       {}
func (*recorder) Error(context.Context, string, ...any)      {}

func (r *recorder) Trace(_ context.Context, _ time.Time, statement func() (string, int64), _ error) {
	sql, _ := statement()
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case strings.Contains(sql, "SAVEPOINT "):
	case strings.Contains(sql, " FOR NO KEY UPDATE"):
		r.locks++
	default:
		r.statements = append(r.statements, sql)
	}
}

// take returns the statements since the last call, and how many locked a row.
func (r *recorder) take() (statements []string, locks int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	statements, locks = r.statements, r.locks
	r.statements, r.locks = nil, 0
	return statements, locks
}
