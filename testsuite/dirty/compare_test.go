// SPDX-License-Identifier: MIT

package dirty_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Replicate is a new record with all values but key, timestamps, version and mark of deletion, and those
// excepted.
func TestReplicateCopiesAllButKeyAndTimestamps(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &note{})
		nick := "nick"
		a := &account{Email: "a", Name: "n", Nick: &nick, Age: 3, Password: "p", Active: true}
		n := &note{Title: "t"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.NoError(t, model.Create(e.Ctx, e.DB, n))
		require.NoError(t, n.Delete(e.Ctx))
		a.Age = 4 // pending values are values too
		b := a.Replicate("Email", "nick")
		require.Equal(t, flagsNew, flagsOf(b))
		require.Equal(t, model.Attrs{"Name": "n", "Age": 4, "Password": "p", "Active": true}, b.Dirty())
		require.True(t, b.CreatedAt.IsZero())
		b.Email = "b"
		e.Clock.Add(time.Hour)
		require.NoError(t, model.Create(e.Ctx, e.DB, b))
		require.NotEqual(t, a.ID, b.ID)
		require.Equal(t, e.Clock.Now(), b.CreatedAt)
		require.Equal(t, map[string]any{"name": "n", "nick": nil}, e.Row(t, "SELECT name, nick FROM accounts WHERE email = 'b'"))
		m := n.Replicate()
		require.Equal(t, model.Attrs{"Title": "t"}, m.Dirty())
		require.False(t, m.Trashed())
		require.NoError(t, model.Create(e.Ctx, e.DB, m))
		require.EqualValues(t, 1, m.Version)
	})
}

// A replica shares no memory with its record, whatever the kind of its columns.
func TestReplicaSharesNoMemory(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		k := someKinds()
		require.NoError(t, model.Create(e.Ctx, e.DB, k))
		for _, c := range trackedKinds() {
			r := k.Replicate()
			if true {
				c.change(r)
			}
			require.Empty(t, k.Dirty(), "a change of the replica's %s changes the record", c.attr)
			r.ID = k.ID
			require.False(t, r.Equal(k), c.attr)
		}
	})
}

// Is compares model, database and stored key; a record without a row is only itself.
func TestIsComparesModelDatabaseAndKey(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &note{}, &keyPair{})
		a, b := &account{Email: "a"}, &account{Email: "b"}
		require.True(t, model.Is(a, a))
		require.False(t, model.Is(a, &account{Email: "a"}), "two new records")
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*account{a, b}))
		n := &note{ID: a.ID, Title: "t"}
		require.NoError(t, model.Create(e.Ctx, e.DB, n))
		fresh, err := a.Fresh(e.Ctx)
		require.NoError(t, err)
		fresh.Name = "changed"
		require.True(t, model.Is(a, fresh))
		require.True(t, model.Is(fresh, a))
		require.False(t, model.Is(a, b))
		require.False(t, model.Is(a, n), "another model")
		require.False(t, model.Is(a, a.Replicate()))
		require.False(t, model.Is(a, nil))
		require.False(t, model.Is(a, (*account)(nil)))
		other := named(t, e, nil, nil)
		elsewhere, err := model.Query[account](other).Find(e.Ctx, a.ID)
		require.NoError(t, err)
		require.False(t, model.Is(a, elsewhere), "another database")
		require.NoError(t, fresh.Delete(e.Ctx))
		require.True(t, model.Is(a, fresh))
		p, q := &keyPair{Tenant: "a", No: 1}, &keyPair{Tenant: "a", No: 2}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*keyPair{p, q}))
		require.False(t, model.Is(p, q))
	})
}

// Equal compares the values of all columns, as Dirty does, and nothing else.
func TestEqualComparesAllColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		require.True(t, someKinds().Equal(someKinds()))
		require.False(t, someKinds().Equal(nil))
		require.True(t, (&kinds{}).Equal(&kinds{}))
		for _, c := range trackedKinds() {
			one, other := someKinds(), someKinds()
			c.change(one)
			require.False(t, one.Equal(other), c.attr)
			require.False(t, other.Equal(one), c.attr)
			c.change(other)
			require.True(t, one.Equal(other), c.attr)
			c.back(one)
			require.True(t, one.Equal(someKinds()), c.attr)
		}
		saved := someKinds()
		require.NoError(t, model.Create(e.Ctx, e.DB, saved))
		other := someKinds()
		require.False(t, saved.Equal(other), "the keys differ")
		other.ID = saved.ID
		require.True(t, saved.Equal(other), "the state is no column")
	})
}
