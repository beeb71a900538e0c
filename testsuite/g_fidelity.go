// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// edge is a value at the edge of what a column of kinds can hold.
type edge struct {
	name string
	attr string
	set  func(k *kinds)
	with any // the value in a condition; nil if it cannot be asked for
}

// keptEverywhere asserts that a value is what the row has after every kind of write, is what the
// record has then, and is found by a condition.
func keptEverywhere(t testing.TB, e *env, edges []edge) {
	t.Helper()
	e.migrate(t, &kinds{})
	many := make([]*kinds, len(edges))
	for i, x := range edges {
		created := someKinds()
		x.set(created)
		require.NoError(t, model.Create(e.ctx, e.db, created), x.name)
		saved := someKinds()
		require.NoError(t, model.Create(e.ctx, e.db, saved), x.name)
		x.set(saved)
		require.NoError(t, saved.Save(e.ctx), x.name)
		many[i] = someKinds()
		x.set(many[i])
		for _, k := range []*kinds{created, saved} {
			isKept(t, e, x, k)
		}
	}
	require.NoError(t, model.CreateMany(e.ctx, e.db, many))
	for i, x := range edges {
		isKept(t, e, x, many[i])
		if x.with == nil {
			continue
		}
		found, err := model.Query[kinds](e.db).Where(x.attr, x.with).WhereIn(x.attr, []any{x.with}).Where("id", many[i].ID).First(e.ctx)
		require.NoError(t, err, x.name)
		require.True(t, model.Is(found, many[i]), x.name)
	}
}

func isKept(t testing.TB, e *env, x edge, k *kinds) {
	t.Helper()
	want := someKinds()
	x.set(want)
	want.ID = k.ID
	fresh, err := k.Fresh(e.ctx)
	require.NoError(t, err, x.name)
	require.True(t, want.Equal(fresh), "%s: %#v came back as %#v", x.name, want.Attributes()[x.attr], fresh.Attributes()[x.attr])
	require.True(t, k.Equal(fresh), "%s: the record is not its row", x.name)
	require.Empty(t, k.Dirty(), x.name)
	require.Empty(t, fresh.Dirty(), x.name)
}

// refusedEverywhere asserts that a value is refused by every kind of write before anything is sent,
// with an error that names the field, and that nothing of the record changes.
func refusedEverywhere(t testing.TB, e *env, edges []edge) {
	t.Helper()
	e.migrate(t, &kinds{})
	old := someKinds()
	require.NoError(t, model.Create(e.ctx, e.db, old))
	for _, x := range edges {
		fresh, err := old.Fresh(e.ctx)
		require.NoError(t, err)
		x.set(fresh)
		for way, write := range map[string]func(k *kinds) error{
			"Create":     func(k *kinds) error { return model.Create(e.ctx, e.db, k) },
			"CreateMany": func(k *kinds) error { return model.CreateMany(e.ctx, e.db, []*kinds{someKinds(), k}) },
			"Upsert":     func(k *kinds) error { k.ID = 77; return model.Upsert(e.ctx, e.db, []*kinds{k}, nil) },
			"Save":       func(*kinds) error { return fresh.Save(e.ctx) },
			"Where": func(*kinds) error {
				_, err := model.Query[kinds](e.db).Where(x.attr, fresh.Attributes()[x.attr]).Count(e.ctx)
				return err
			},
			"Update": func(*kinds) error {
				_, err := model.Query[kinds](e.db).AllRows().Update(e.ctx, model.Attrs{x.attr: fresh.Attributes()[x.attr]})
				return err
			},
			"Merge": func(k *kinds) error { return k.Merge(model.Attrs{x.attr: fresh.Attributes()[x.attr]}) },
		} {
			k := someKinds()
			if way != "Merge" {
				x.set(k)
			}
			e.sends(t, 0, func() {
				err := e.do("write", func() error { return write(k) })
				require.ErrorIs(t, err, model.ErrInvalidValue, "%s: %s", way, x.name)
				require.ErrorContains(t, err, "kinds."+x.attr, "%s: %s", way, x.name)
			})
			require.True(t, k.IsNew(), "%s: %s", way, x.name)
		}
	}
	require.EqualValues(t, 1, e.count(t, "kinds"))
	fresh, err := old.Fresh(e.ctx)
	require.NoError(t, err)
	require.True(t, fresh.Equal(old))
}
