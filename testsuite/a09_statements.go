// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// manyStatementPromises are about what CreateMany sends and writes.
func manyStatementPromises() []promise {
	return []promise{
		{
			name: "A9/OneStatement",
			says: "CreateMany of records that write the same columns is one INSERT, whatever they hold",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &member{})
				for _, n := range []int{1, 2, 100, 1000} {
					list := make([]*account, n)
					for i := range list {
						list[i] = &account{Email: fmt.Sprint(n, "/", i), Active: i%2 == 0}
						if i%3 == 0 {
							list[i].Nick = new("nick")
						}
					}
					sent := e.sends(t, 1, func() {
						require.NoError(t, e.do("create", func() error { return model.CreateMany(e.ctx, e.db, list) }))
					})
					require.True(t, strings.HasPrefix(sent[0], "INSERT "), sent[0])
				}
				require.EqualValues(t, 1103, e.count(t, "accounts"))
				ctx, _ := diaried(e.ctx)
				e.sends(t, 1, func() { require.NoError(t, model.CreateMany(ctx, e.db, members("a", "b", "c"))) })
			},
			twin: func(e *env) {
				e.op["create"] = func(run func() error) error {
					_, _ = model.Query[account](e.db).Count(e.ctx)
					return run()
				}
			},
		},
		{
			name: "A9/StatementPerSetOfColumns",
			says: "records that leave a default to the database form an INSERT of their own, and every record equals its row",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &posting{})
				var list []*posting
				for i := range 20 {
					p := &posting{Team: "x", Person: int64(i)}
					if i%3 == 0 {
						p.Grade = "senior"
					}
					list = append(list, p)
				}
				e.sends(t, 2, func() { require.NoError(t, model.CreateMany(e.ctx, e.db, list)) })
				for i, p := range list {
					require.Equal(t, map[bool]string{true: "senior", false: "junior"}[i%3 == 0], p.Grade)
					require.EqualValues(t, 1, p.Version)
					equalsItsRow(t, e, p, p.ID)
				}
			},
			twin: func(e *env) { e.sql = bendsInsert("VALUES (?, ?,", "VALUES (?, 100 + ?,") },
		},
		{
			name: "A9/NoRecords",
			says: "CreateMany and Insert of no records send nothing, not even a transaction",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &member{})
				canceled, cancel := context.WithCancel(e.ctx)
				cancel()
				for _, list := range [][]*member{nil, {}} {
					e.sends(t, 0, func() {
						require.NoError(t, e.do("find", func() error { return model.CreateMany(canceled, e.db, list) }))
						require.NoError(t, model.Insert(canceled, e.db, list))
					})
				}
			},
			twin: findsByText,
		},
		{
			name: "A9/EveryKindOfValue",
			says: "CreateMany stores every kind of column as Create does, NULL or not, and every record equals its row",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &parcel{})
				one := parcels(e)
				for _, p := range one {
					require.NoError(t, model.Create(e.ctx, e.db, p))
				}
				many := parcels(e)
				e.sends(t, 1, func() {
					require.NoError(t, e.do("create", func() error { return model.CreateMany(e.ctx, e.db, many) }))
				})
				nothing := []*parcel{{Label: "nothing"}, {Label: "nothing"}}
				e.sends(t, 1, func() { require.NoError(t, model.CreateMany(e.ctx, e.db, nothing)) })
				for i, p := range many {
					equalsItsRow(t, e, p, p.ID)
					row, err := model.Query[parcel](e.db).Find(e.ctx, p.ID)
					require.NoError(t, err)
					row.ID = one[i].ID
					require.True(t, row.Equal(one[i]), "%v is not %v", row.Attributes(), one[i].Attributes())
					require.Equal(t, one[i].Price, p.Price)
				}
				for _, p := range nothing {
					equalsItsRow(t, e, p, p.ID)
					require.Nil(t, p.Price)
				}
			},
			twin: func(e *env) {
				e.op["create"] = func(run func() error) error {
					err := run()
					_ = e.gorm.Exec("UPDATE parcels SET small = small + 1").Error
					return err
				}
			},
		},
		{
			name: "A9/OneInstant",
			says: "all records of one CreateMany get the same time, and one that is set stays",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				old := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
				list := []*account{{Email: "a"}, {Email: "b", CreatedAt: old}, {Email: "c"}}
				require.NoError(t, model.CreateMany(e.ctx, e.db, list))
				for i, a := range list {
					require.Equal(t, map[bool]time.Time{true: old, false: e.clock.now}[i == 1], see(e, "created", a.CreatedAt))
					require.Equal(t, e.clock.now, a.UpdatedAt)
					equalsItsRow(t, e, a, a.ID)
				}
			},
			twin: func(e *env) {
				e.seen["created"] = func(v any) any {
					at, _ := v.(time.Time)
					return at.Add(time.Second)
				}
			},
		},
		{
			name: "A9/JoinsTheTransaction",
			says: "CreateMany in a transaction is gone after its rollback, and the records are as before",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				list := []*account{{Email: "a"}, {Email: "b"}}
				err := e.db.Transaction(e.ctx, func(ctx context.Context, _ *model.DB) error {
					require.NoError(t, model.CreateMany(ctx, e.db, list))
					n, err := model.Query[account](e.db).Count(ctx)
					require.NoError(t, err)
					require.EqualValues(t, 2, n)
					return e.do("end", func() error { return errReaction })
				})
				require.ErrorIs(t, err, errReaction)
				require.Zero(t, e.count(t, "accounts"))
				for _, a := range list {
					require.True(t, a.IsNew())
					require.Zero(t, a.ID)
					require.True(t, a.CreatedAt.IsZero())
				}
				require.NoError(t, model.CreateMany(e.ctx, e.db, list))
				require.EqualValues(t, 2, e.count(t, "accounts"))
			},
			twin: func(e *env) { e.op["end"] = func(func() error) error { return nil } },
		},
	}
}

// parcels are records that hold every kind of value, and some of them NULL.
func parcels(e *env) []*parcel {
	full := func(n int) *parcel {
		return &parcel{
			Label: fmt.Sprint("full ", n), Note: new("it's {\"a\\\", NULL"), Count: new(int64(n) << 40), Small: int16(-n), //nolint:gosec // small.
			Weight: new(0.1 * float64(n)), Price: new(fmt.Sprint(n, ".5")), Fragile: new(n%2 == 0),
			Sent: new(e.clock.now.Add(time.Duration(n) * time.Microsecond)), Content: []byte{0, 1, 0xff, byte(n)}, //nolint:gosec // small.
			Owner: new(fmt.Sprintf("6ba7b810-9dad-11d1-80b4-%012d", n)), Tags: []string{"a", `"`, "{}"}, Details: map[string]string{"k": "v"},
		}
	}
	return []*parcel{full(1), {Label: "empty"}, full(2), {Label: "zero", Content: []byte{}, Tags: []string{}, Count: new(int64)}, full(3)}
}

// equalsItsRow asserts that a record holds what its row holds, and knows so.
func equalsItsRow[T any, P interface {
	model.Model[T]
	Equal(other *T) bool
	IsDirty(names ...string) bool
	IsPersisted() bool
	Attributes() model.Attrs
}](t testing.TB, e *env, rec P, key any,
) {
	t.Helper()
	row, err := model.Query[T, P](e.db).Find(e.ctx, key)
	require.NoError(t, err)
	require.True(t, rec.Equal(row), "%v is not %v", rec.Attributes(), P(row).Attributes())
	require.True(t, rec.IsPersisted())
	require.False(t, rec.IsDirty())
}
