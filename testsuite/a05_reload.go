// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// reloadHook has a Found hook that changes and may refuse the record.
type reloadHook struct {
	model.BaseModel[reloadHook]

	ID     int64
	Name   string
	Looked int `gorm:"-"`
}

// Found refuses rows of a certain name.
func (r *reloadHook) Found(context.Context) error {
	r.Looked++
	if r.Name == "refused" {
		r.Name = "changed by a hook that fails"
		return errHook
	}
	return nil
}

// reloadPromises are those of row A5 about reading a record again.
func reloadPromises() []promise {
	return []promise{
		{
			name: "A5/Refresh",
			says: "Refresh is one statement that replaces all columns by those of the row, and drops pending changes",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a", Name: "n"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				e.exec(t, "UPDATE accounts SET name = 'by others', age = 9, nick = 'x'")
				a.Name, a.Visits, a.ID = "mine", 77, 12345
				e.sends(t, 1, func() { require.NoError(t, e.do("refresh", func() error { return a.Refresh(e.ctx) })) })
				require.Equal(t, "by others", a.Name)
				require.Equal(t, 9, a.Age)
				require.Equal(t, "x", *a.Nick)
				require.Zero(t, a.Visits)
				require.NotEqual(t, 12345, a.ID)
				require.Empty(t, a.Dirty())
				require.Equal(t, a.Attributes(), a.Original())
				e.exec(t, "UPDATE accounts SET nick = NULL")
				require.NoError(t, a.Refresh(e.ctx))
				require.Nil(t, a.Nick)
			},
			twin: without("refresh"),
		},
		{
			name: "A5/RefreshSeesTrashedRows",
			says: "Refresh and Fresh see a soft deleted row, by whomever it was deleted, and Refresh sees that it was restored",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &note{})
				n := &note{Title: "t"}
				require.NoError(t, model.Create(e.ctx, e.db, n))
				e.exec(t, "UPDATE notes SET deleted_at = ?", e.clock.now)
				require.NoError(t, n.Refresh(e.ctx))
				require.True(t, n.Trashed())
				fresh, err := n.Fresh(e.ctx)
				require.NoError(t, err)
				require.True(t, fresh.Trashed())
				e.exec(t, "UPDATE notes SET deleted_at = NULL")
				require.NoError(t, n.Refresh(e.ctx))
				require.False(t, n.Trashed())
			},
			twin: bending("SELECT", "WHERE `notes`.`id` = ?", "WHERE `notes`.`id` = ? AND `notes`.`deleted_at` IS NULL"),
		},
		{
			name: "A5/RefreshThatFails",
			says: "a Refresh that a Found hook refuses, or that finds no row, leaves the record as it was",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &reloadHook{})
				r := &reloadHook{Name: "n"}
				require.NoError(t, model.Create(e.ctx, e.db, r))
				e.exec(t, "UPDATE reload_hooks SET name = 'refused'")
				r.Name = "pending"
				require.ErrorIs(t, e.do("refresh", func() error { return r.Refresh(e.ctx) }), errHook)
				require.Equal(t, "pending", r.Name)
				require.Equal(t, model.Attrs{"Name": "pending"}, r.Dirty())
				require.Equal(t, "n", r.Original()["Name"])
				_, err := r.Fresh(e.ctx)
				require.ErrorIs(t, err, errHook)
				require.NoError(t, r.Refresh(hooks.Without(e.ctx)))
				require.Equal(t, "refused", r.Name)
				e.exec(t, "DELETE FROM reload_hooks")
				r.Name = "pending"
				require.ErrorIs(t, r.Refresh(e.ctx), model.ErrNotFound)
				require.Equal(t, model.Attrs{"Name": "pending"}, r.Dirty())
			},
			twin: succeeding("refresh"),
		},
		{
			name: "A5/RefreshInATransaction",
			says: "a Refresh reads through the transaction, and a rollback takes back what it read, but for what was assigned since",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a", Name: "committed"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				undone := errors.New("undone")
				require.ErrorIs(t, e.db.Transaction(e.ctx, func(ctx context.Context, _ *model.DB) error {
					same, err := model.Query[account](e.db).Find(ctx, a.ID)
					require.NoError(t, err)
					same.Name, same.Age = "never committed", 5
					require.NoError(t, same.Save(ctx))
					require.NoError(t, a.Refresh(ctx))
					require.Equal(t, "never committed", a.Name)
					require.Empty(t, a.Dirty())
					return e.do("end", func() error { return undone })
				}), undone)
				require.Equal(t, "committed", a.Original()["Name"])
				require.Equal(t, "committed", a.Name)
				require.Zero(t, a.Age)
				require.Empty(t, a.Dirty())
				a.Name = "never committed"
				e.sends(t, 1, func() { require.NoError(t, a.Save(e.ctx)) })
				require.Equal(t, "never committed", e.row(t, "SELECT name FROM accounts")["name"])
			},
			twin: without("end"),
		},
		{
			name: "A5/Fresh",
			says: "Fresh is one statement that gives another record of the row, and leaves this one alone",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a", Name: "n"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				e.exec(t, "UPDATE accounts SET name = 'by others'")
				a.Age = 3
				var fresh *account
				var err error
				e.sends(t, 1, func() { fresh, err = a.Fresh(e.ctx) })
				require.NoError(t, err)
				require.Equal(t, "by others", see(e, "name", fresh.Name))
				require.Zero(t, fresh.Age)
				require.Equal(t, "n", a.Name)
				require.Equal(t, model.Attrs{"Age": 3}, a.Dirty())
				require.True(t, model.Is(a, fresh))
				require.NotSame(t, a, fresh)
				fresh.Name = "f"
				require.NoError(t, fresh.Save(e.ctx))
			},
			twin: func(e *env) { e.seen["name"] = func(any) any { return "n" } },
		},
		{
			name: "A5/WithLock",
			says: "WithLock passes the row, read anew in a transaction that commits with the function's success and else rolls back",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a", Visits: 1}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				e.exec(t, "UPDATE accounts SET visits = 10")
				e.sends(t, 2, func() {
					require.NoError(t, model.WithLock(e.ctx, nil, a, func(ctx context.Context, locked *account) error {
						require.NotSame(t, a, locked)
						require.EqualValues(t, 10, locked.Visits)
						locked.Visits++
						return locked.Save(ctx)
					}))
				})
				require.EqualValues(t, 1, a.Visits, "this record stays as it is")
				undone := errors.New("undone")
				require.ErrorIs(t, model.WithLock(e.ctx, nil, a, func(ctx context.Context, locked *account) error {
					locked.Visits = 99
					require.NoError(t, locked.Save(ctx))
					return e.do("end", func() error { return undone })
				}), undone)
				require.PanicsWithValue(t, "oops", func() {
					_ = model.WithLock(e.ctx, nil, a, func(ctx context.Context, locked *account) error {
						locked.Visits = 98
						require.NoError(t, locked.Save(ctx))
						panic("oops")
					})
				})
				require.EqualValues(t, 11, e.row(t, "SELECT visits FROM accounts")["visits"])
			},
			twin: without("end"),
		},
		{
			name:  "A5/WithLockLocks",
			says:  "WithLock reads FOR UPDATE, so that two of them take turns and no update is lost",
			needs: []Feature{RowLocks, Isolation},
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				e.sent.Reset()
				require.NoError(t, model.WithLock(e.ctx, nil, a, func(context.Context, *account) error { return nil }))
				require.True(t, strings.HasSuffix(e.sent.Statements()[0], "FOR UPDATE"), e.sent.Statements()[0])

				const writers, rounds = 4, 5
				id := a.ID
				failed := make(chan error, writers)
				for range writers {
					go func() {
						failed <- func() error {
							mine, err := model.Query[account](e.db).Find(e.ctx, id) // a record is for one goroutine
							for i := 0; err == nil && i < rounds; i++ {
								err = model.WithLock(e.ctx, nil, mine, func(ctx context.Context, locked *account) error {
									locked.Visits++
									return locked.Save(ctx)
								})
							}
							return err
						}()
					}()
				}
				for range writers {
					require.NoError(t, <-failed)
				}
				require.EqualValues(t, writers*rounds, e.row(t, "SELECT visits FROM accounts")["visits"])
			},
			twin: bending("SELECT", " FOR UPDATE", ""),
		},
		{
			name: "A5/Touch",
			says: "Touch writes the timestamp of updates and nothing else, with one statement",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &keyInt32{})
				a := &account{Email: "a", Name: "n"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				e.exec(t, "UPDATE accounts SET age = 5")
				e.clock.add(time.Hour)
				a.Name = "pending"
				sent := e.sends(t, 1, func() { require.NoError(t, e.do("touch", func() error { return a.Touch(e.ctx) })) })
				require.NotContains(t, sent[0], "name")
				require.Equal(t, e.clock.now, a.UpdatedAt)
				require.NotEqual(t, e.clock.now, a.CreatedAt)
				require.Equal(t, model.Attrs{"Name": "pending"}, a.Dirty())
				got, err := a.Fresh(e.ctx)
				require.NoError(t, err)
				require.Equal(t, e.clock.now, got.UpdatedAt)
				require.Equal(t, "n", got.Name)
				require.Equal(t, 5, got.Age)

				k := &keyInt32{}
				require.NoError(t, model.Create(e.ctx, e.db, k))
				e.sends(t, 0, func() { require.ErrorIs(t, k.Touch(e.ctx), model.ErrUnsupported) })
			},
			twin: without("touch"),
		},
	}
}
