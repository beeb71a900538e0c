// SPDX-License-Identifier: MIT

package connection_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/plugin/dbresolver"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/internal/faultdb"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type city struct {
	model.BaseModel[city]

	ID      int64
	Streets []*street `relation:"hasMany"`
}

type street struct {
	model.BaseModel[street]

	ID     int64
	CityID int64
}

// cluster is one database by three ways: a primary, a replica, and one of the name "reports".
type cluster struct {
	gorm                      *gorm.DB
	db                        *model.DB
	primary, replica, reports *faultdb.Control
}

// eachCluster calls check with each database that can be recorded.
func eachCluster(t *testing.T, check func(t *testing.T, c *cluster)) {
	t.Helper()
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) (string, func(testing.TB, string) (gorm.Dialector, *faultdb.Control)){
		"SQLite": func(t *testing.T) (string, func(testing.TB, string) (gorm.Dialector, *faultdb.Control)) {
			t.Helper()
			return dbtest.SQLiteDSN(t), faultdb.SQLite
		},
		"Postgres": func(t *testing.T) (string, func(testing.TB, string) (gorm.Dialector, *faultdb.Control)) {
			t.Helper()
			return dbtest.PostgresDSN(t), faultdb.Postgres
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn, dial := open(t)
			c := &cluster{}
			var first, second, third gorm.Dialector
			first, c.primary = dial(t, dsn)
			second, c.replica = dial(t, dsn)
			third, c.reports = dial(t, dsn)
			var err error
			c.gorm, err = gorm.Open(first, &gorm.Config{Logger: logger.Discard})
			require.NoError(t, err)
			require.NoError(t, c.gorm.Use(dbresolver.Register(dbresolver.Config{Replicas: []gorm.Dialector{second}}).
				Register(dbresolver.Config{Sources: []gorm.Dialector{third}}, "reports")))
			c.db, err = model.New(c.gorm)
			require.NoError(t, err)
			require.NoError(t, c.db.Migrate(t.Context(), &account{}, &city{}, &street{}))
			check(t, c)
		})
	}
}

// where requires that run sends statements to the databases in these numbers.
func (c *cluster) where(t testing.TB, primary, replica, reports int, run func() error) {
	t.Helper()
	for _, control := range []*faultdb.Control{c.primary, c.replica, c.reports} {
		control.Reset()
	}
	require.NoError(t, run())
	require.Equal(t, []int{primary, replica, reports}, []int{c.primary.Count(), c.replica.Count(), c.reports.Count()},
		"primary %q, replica %q, reports %q", c.primary.SQL(), c.replica.SQL(), c.reports.SQL())
}

func TestReadsAskTheReplicaUnlessToldOtherwise(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		ctx, db := t.Context(), c.db
		a := &city{}
		require.NoError(t, model.Create(ctx, db, a))
		all := func(ctx context.Context, use ...func(q *relation.Query)) func() error {
			return func() error {
				q := model.Query[city](db)
				for _, fn := range use {
					q.Use(fn)
				}
				return harness.Err(q.Where("id", ">", 0).Preload("streets").All(ctx))
			}
		}
		onPrimary := func(q *relation.Query) { q.OnPrimary() }
		c.where(t, 0, 2, 0, all(ctx))
		c.where(t, 2, 0, 0, all(model.WithPrimary(ctx)))
		c.where(t, 2, 0, 0, all(ctx, onPrimary))
		c.where(t, 1, 0, 0, func() error { return harness.Err(model.Query[city](db).Use(onPrimary).Find(ctx, a.ID)) })
		c.where(t, 0, 1, 0, func() error { return harness.Err(model.Query[city](db).Find(ctx, a.ID)) })
		c.where(t, 0, 1, 0, func() error { return harness.Err(a.Fresh(ctx)) })
		c.where(t, 1, 0, 0, func() error { return a.Refresh(ctx) })
		c.where(t, 1, 0, 0, func() error { return harness.Err(model.Query[account](db).Use(onPrimary).Count(ctx)) })
		c.where(t, 2, 0, 0, func() error {
			return db.Transaction(ctx, func(ctx context.Context, _ *model.DB) error { return all(ctx)() })
		})
	})
}

func TestAStickyContextReadsWhatItHasWritten(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		read := func(ctx context.Context) func() error {
			return func() error { return harness.Err(model.Query[account](c.db).Count(ctx)) }
		}
		for name, write := range map[string]func(ctx context.Context) error{
			"Create": func(ctx context.Context) error { return model.Create(ctx, c.db, &account{Email: "one"}) },
			"Update": func(ctx context.Context) error {
				return harness.Err(model.Query[account](c.db).AllRows().Update(ctx, model.Attrs{"age": 1}))
			},
			"Transaction": func(ctx context.Context) error {
				return c.db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
					return model.Create(ctx, tx, &account{Email: "two"})
				})
			},
			"gorm's": func(ctx context.Context) error {
				return c.db.Transaction(ctx, func(_ context.Context, tx *model.DB) error {
					return tx.Gorm().Exec("DELETE FROM accounts WHERE id < 0").Error
				})
			},
		} {
			sticky := model.Sticky(t.Context())
			other := model.Sticky(t.Context())
			c.where(t, 0, 1, 0, read(sticky))
			inner, cancel := context.WithCancel(sticky)
			require.NoError(t, write(inner), name)
			cancel()
			c.where(t, 1, 0, 0, read(sticky))
			c.where(t, 0, 1, 0, read(other))
			c.where(t, 0, 1, 0, read(t.Context()))
		}
	})
}

// A read that a replica does not answer is sent to the primary.
func TestAReplicaThatIsGoneLosesNothing(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		require.NoError(t, model.Create(t.Context(), c.db, &city{}))
		for range 3 {
			c.replica.Reset()
			for n := range 4 {
				c.replica.Inject(faultdb.Fault{At: n + 1, Mode: faultdb.BadConn})
			}
			n, err := model.Query[city](c.db).Count(t.Context())
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
		}
	})
}

func TestLocksAskThePrimary(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		require.NoError(t, model.Create(t.Context(), c.db, &city{}))
		for _, q := range []*model.Builder[city]{model.Query[city](c.db).LockForUpdate(), model.Query[city](c.db).LockForShare()} {
			c.where(t, 2, 0, 0, func() error { return harness.Err(q.Preload("streets").All(t.Context())) })
		}
	})
}

// What dbresolver's clauses say is obeyed, in Apply and on the handle that New is given, transactions included.
func TestClausesOfTheResolverAreObeyed(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		ctx := t.Context()
		apply := func(fn func(g *gorm.DB) *gorm.DB) func() error {
			return func() error { return harness.Err(model.Query[account](c.db).Apply(fn).All(ctx)) }
		}
		c.where(t, 1, 0, 0, apply(func(g *gorm.DB) *gorm.DB { return g.Clauses(dbresolver.Write) }))
		c.where(t, 0, 1, 0, apply(func(g *gorm.DB) *gorm.DB { return g.Clauses(dbresolver.Read) }))
		c.where(t, 0, 0, 1, apply(func(g *gorm.DB) *gorm.DB { return g.Clauses(dbresolver.Use("reports")) }))
		onPrimary, err := model.New(c.gorm.Clauses(dbresolver.Write))
		require.NoError(t, err)
		c.where(t, 1, 0, 0, func() error { return harness.Err(model.Query[account](onPrimary).All(ctx)) })
		reports, err := model.New(c.gorm.Clauses(dbresolver.Use("reports")))
		require.NoError(t, err)
		c.where(t, 0, 0, 1, func() error { return harness.Err(model.Query[account](reports).All(ctx)) })
		c.where(t, 0, 0, 1, func() error { return model.Create(ctx, reports, &account{Email: "r"}) })
		c.where(t, 0, 0, 2, func() error {
			return reports.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				if err := model.Create(ctx, tx, &account{Email: "s"}); err != nil {
					return err
				}
				return harness.Err(model.Query[account](tx).Count(ctx))
			})
		})
		_, err = model.New(c.gorm.Where("id > 0"))
		require.ErrorIs(t, err, model.ErrUnsupported, "a handle with conditions")
	})
}
