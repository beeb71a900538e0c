// SPDX-License-Identifier: MIT

package migrate_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// way is a way to call Migrate.
type way func(t *testing.T, e *harness.Env, models ...any) error

func ways() map[string]way {
	return map[string]way{
		"plain": func(_ *testing.T, e *harness.Env, models ...any) error { return e.DB.Migrate(e.Ctx, models...) },
		"transaction": func(_ *testing.T, e *harness.Env, models ...any) error {
			return e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
				if err := tx.Migrate(ctx, models...); !errors.Is(err, model.ErrUnsupported) {
					return err
				}
				return nil // and the transaction is committed
			})
		},
		"savepoint": func(_ *testing.T, e *harness.Env, models ...any) error {
			return e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
				return e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
					if err := tx.Migrate(ctx, models...); !errors.Is(err, model.ErrUnsupported) {
						return err
					}
					return nil
				})
			})
		},
		"beside readers": besideReaders,
	}
}

// besideReaders migrates while others read the rows.
func besideReaders(t *testing.T, e *harness.Env, models ...any) error {
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if n, err := model.Query[shelf](e.DB).Count(e.Ctx); err != nil || n != 3 {
					t.Errorf("a reader saw %d rows of 3, and the error %v", n, err)
					return
				}
			}
		})
	}
	err := e.DB.Migrate(e.Ctx, models...)
	close(done)
	readers.Wait()
	return err
}

// seedShops makes the tables, two shops, three shelves and two labels.
func seedShops(t *testing.T, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &town{}, &shop{}, &shelf{}, &label{})
	e.Exec(t, "INSERT INTO towns (id, name) VALUES (1, 'a')",
		"INSERT INTO shops (id, name, number, town_id) VALUES (1, 'x', '10', 1), (2, 'y', '20', NULL)",
		"INSERT INTO shelves (id, shop_id) VALUES (1, 1), (2, 1), (3, 2)", "INSERT INTO labels (id) VALUES (1)",
		"INSERT INTO shop_labels (shop_id, label_id) VALUES (1, 1), (2, 1)")
}

// requireShops requires that no row is lost.
func requireShops(t *testing.T, e *harness.Env) {
	t.Helper()
	for table, want := range map[string]int64{"shops": 2, "shelves": 3, "labels": 1, "shop_labels": 2, "towns": 1} {
		require.Equal(t, want, e.Count(t, table), table)
	}
	require.Len(t, e.Rows(t, "SELECT id FROM shops WHERE (id = 1 AND name = 'x' AND town_id = 1) OR (id = 2 AND name = 'y' AND town_id IS NULL)"), 2)
	require.Len(t, e.Rows(t, "SELECT id FROM shops WHERE CAST(number AS varchar(9)) IN ('10', '20')"), 2)
	require.Error(t, e.Gorm.WithContext(e.Ctx).Exec("INSERT INTO shelves (id, shop_id) VALUES (9, 9)").Error, "foreign keys are checked")
}

func TestNoChangeLosesRows(t *testing.T) {
	t.Parallel()
	for way, run := range ways() {
		t.Run(way, func(t *testing.T) {
			harness.Each(t, func(t *testing.T, e *harness.Env) {
				for change, v := range changes() {
					t.Log(change)
					seedShops(t, e)
					requireChanged(t, e, run, v, way == "plain" || way == "beside readers")
					e.Exec(t, "DROP TABLE shop_labels", "DROP TABLE shelves", "DROP TABLE shops", "DROP TABLE labels", "DROP TABLE towns")
				}
			})
		})
	}
}

// requireChanged migrates to a change. On SQLite a transaction may refuse it, but does not make half of it.
func requireChanged(t *testing.T, e *harness.Env, run way, v any, outside bool) {
	t.Helper()
	e.Sent.Reset()
	models := []any{v, &shelf{}, &town{}}
	require.NoError(t, run(t, e, models...))
	made := changing(e.Sent.Statements())
	requireShops(t, e)
	if outside || e.Database.Name == "Postgres" {
		require.NotEmpty(t, made)
	}
	if len(made) == 0 {
		require.NoError(t, e.DB.Migrate(e.Ctx, models...))
		requireShops(t, e)
	}
	e.Sent.Reset()
	require.NoError(t, e.DB.Migrate(e.Ctx, models...))
	require.Empty(t, changing(e.Sent.Statements()), "nothing is left to do")
}
