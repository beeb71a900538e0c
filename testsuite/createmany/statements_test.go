// SPDX-License-Identifier: MIT

package createmany_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// CreateMany of records that write the same columns is one INSERT, whatever they hold.
func TestEqualColumnsAreOneInsert(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &member{})
		for _, n := range []int{1, 2, 100, 1000} {
			list := make([]*account, n)
			for i := range list {
				list[i] = &account{Email: fmt.Sprint(n, "/", i), Active: i%2 == 0}
				if i%3 == 0 {
					list[i].Nick = new("nick")
				}
			}
			sent := e.Sends(t, 1, func() {
				require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
			})
			require.True(t, strings.HasPrefix(sent[0], "INSERT "), sent[0])
		}
		require.EqualValues(t, 1103, e.Count(t, "accounts"))
		ctx, _ := diaried(e.Ctx)
		e.Sends(t, 1, func() { require.NoError(t, model.CreateMany(ctx, e.DB, members("a", "b", "c"))) })
	})
}

// Records that leave a default to the database form an INSERT of their own, and every record equals its
// row.
func TestEverySetOfColumnsIsOneInsert(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &posting{})
		var list []*posting
		for i := range 20 {
			p := &posting{Team: "x", Person: int64(i)}
			if i%3 == 0 {
				p.Grade = "senior"
			}
			list = append(list, p)
		}
		e.Sends(t, 2, func() { require.NoError(t, model.CreateMany(e.Ctx, e.DB, list)) })
		for i, p := range list {
			require.Equal(t, map[bool]string{true: "senior", false: "junior"}[i%3 == 0], p.Grade)
			require.EqualValues(t, 1, p.Version)
			equalsItsRow(t, e, p, p.ID)
		}
	})
}

// CreateMany and Insert of no records send nothing, not even a transaction.
func TestNoRecordsSendNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		canceled, cancel := context.WithCancel(e.Ctx)
		cancel()
		for _, list := range [][]*member{nil, {}} {
			e.Sends(t, 0, func() {
				require.NoError(t, model.CreateMany(canceled, e.DB, list))
				require.NoError(t, model.Insert(canceled, e.DB, list))
			})
		}
	})
}

// CreateMany stores every kind of column as Create does, NULL or not, and every record equals its row.
func TestEveryKindOfValueIsStoredAsByCreate(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &parcel{})
		one := parcels(e)
		for _, p := range one {
			require.NoError(t, model.Create(e.Ctx, e.DB, p))
		}
		many := parcels(e)
		e.Sends(t, 1, func() {
			require.NoError(t, model.CreateMany(e.Ctx, e.DB, many))
		})
		nothing := []*parcel{{Label: "nothing"}, {Label: "nothing"}}
		e.Sends(t, 1, func() { require.NoError(t, model.CreateMany(e.Ctx, e.DB, nothing)) })
		for i, p := range many {
			equalsItsRow(t, e, p, p.ID)
			row, err := model.Query[parcel](e.DB).Find(e.Ctx, p.ID)
			require.NoError(t, err)
			row.ID = one[i].ID
			require.True(t, row.Equal(one[i]), "%v is not %v", row.Attributes(), one[i].Attributes())
			require.Equal(t, one[i].Price, p.Price)
		}
		for _, p := range nothing {
			equalsItsRow(t, e, p, p.ID)
			require.Nil(t, p.Price)
		}
	})
}

// All records of one CreateMany get the same time, and one that is set stays.
func TestAllRecordsGetTheSameTime(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		old := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
		list := []*account{{Email: "a"}, {Email: "b", CreatedAt: old}, {Email: "c"}}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		for i, a := range list {
			require.Equal(t, map[bool]time.Time{true: old, false: e.Clock.Now()}[i == 1], a.CreatedAt)
			require.Equal(t, e.Clock.Now(), a.UpdatedAt)
			equalsItsRow(t, e, a, a.ID)
		}
	})
}

// CreateMany in a transaction is gone after its rollback, and the records are as before.
func TestRollbackUndoesCreateMany(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := []*account{{Email: "a"}, {Email: "b"}}
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			require.NoError(t, model.CreateMany(ctx, e.DB, list))
			n, err := model.Query[account](e.DB).Count(ctx)
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
			return errReaction
		})
		require.ErrorIs(t, err, errReaction)
		require.Zero(t, e.Count(t, "accounts"))
		for _, a := range list {
			require.True(t, a.IsNew())
			require.Zero(t, a.ID)
			require.True(t, a.CreatedAt.IsZero())
		}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		require.EqualValues(t, 2, e.Count(t, "accounts"))
	})
}

// parcels are records that hold every kind of value, and some of them NULL.
func parcels(e *harness.Env) []*parcel {
	full := func(n int) *parcel {
		return &parcel{
			Label: fmt.Sprint("full ", n), Note: new("it's {\"a\\\", NULL"), Count: new(int64(n) << 40), Small: int16(-n),
			Weight: new(0.1 * float64(n)), Price: new(fmt.Sprint(n, ".5")), Fragile: new(n%2 == 0),
			Sent: new(e.Clock.Now().Add(time.Duration(n) * time.Microsecond)), Content: []byte{0, 1, 0xff, byte(n)},
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
}](t testing.TB, e *harness.Env, rec P, key any,
) {
	t.Helper()
	row, err := model.Query[T, P](e.DB).Find(e.Ctx, key)
	require.NoError(t, err)
	require.True(t, rec.Equal(row), "%v is not %v", rec.Attributes(), P(row).Attributes())
	require.True(t, rec.IsPersisted())
	require.False(t, rec.IsDirty())
}
