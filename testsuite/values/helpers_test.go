// SPDX-License-Identifier: MIT

package values_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// find returns the error of Find.
func find[T any, P model.Model[T]](e *harness.Env, id any) error {
	_, err := model.Query[T, P](e.DB).Find(e.Ctx, id)
	return err
}

const someUUID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

func rotate(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return r
		}
		return 'a' + (r-'a'+13)%26
	}, s)
}

// edge is a value at the edge of what a column of kinds can hold.
type edge struct {
	name string
	attr string
	set  func(k *kinds)
	with any // the value in a condition; nil if it cannot be asked for
}

// keptEverywhere asserts that a value is what the row has after every kind of write, is what the
// record has then, and is found by a condition.
func keptEverywhere(t testing.TB, e *harness.Env, edges []edge) {
	t.Helper()
	e.Migrate(t, &kinds{})
	many := make([]*kinds, len(edges))
	for i, x := range edges {
		created := someKinds()
		x.set(created)
		require.NoError(t, model.Create(e.Ctx, e.DB, created), x.name)
		saved := someKinds()
		require.NoError(t, model.Create(e.Ctx, e.DB, saved), x.name)
		x.set(saved)
		require.NoError(t, saved.Save(e.Ctx), x.name)
		many[i] = someKinds()
		x.set(many[i])
		for _, k := range []*kinds{created, saved} {
			isKept(t, e, x, k)
		}
	}
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, many))
	for i, x := range edges {
		isKept(t, e, x, many[i])
		if x.with == nil {
			continue
		}
		found, err := model.Query[kinds](e.DB).Where(x.attr, x.with).WhereIn(x.attr, []any{x.with}).Where("id", many[i].ID).First(e.Ctx)
		require.NoError(t, err, x.name)
		require.True(t, model.Is(found, many[i]), x.name)
	}
}

func isKept(t testing.TB, e *harness.Env, x edge, k *kinds) {
	t.Helper()
	want := someKinds()
	x.set(want)
	want.ID = k.ID
	fresh, err := k.Fresh(e.Ctx)
	require.NoError(t, err, x.name)
	require.True(t, want.Equal(fresh), "%s: %#v came back as %#v", x.name, want.Attributes()[x.attr], fresh.Attributes()[x.attr])
	require.True(t, k.Equal(fresh), "%s: the record is not its row", x.name)
	require.Empty(t, k.Dirty(), x.name)
	require.Empty(t, fresh.Dirty(), x.name)
}

// refusedEverywhere asserts that a value is refused by every kind of write before anything is sent,
// with an error that names the field, and that nothing of the record changes.
func refusedEverywhere(t testing.TB, e *harness.Env, edges []edge) {
	t.Helper()
	e.Migrate(t, &kinds{})
	old := someKinds()
	require.NoError(t, model.Create(e.Ctx, e.DB, old))
	for _, x := range edges {
		fresh, err := old.Fresh(e.Ctx)
		require.NoError(t, err)
		x.set(fresh)
		for way, write := range map[string]func(k *kinds) error{
			"Create":     func(k *kinds) error { return model.Create(e.Ctx, e.DB, k) },
			"CreateMany": func(k *kinds) error { return model.CreateMany(e.Ctx, e.DB, []*kinds{someKinds(), k}) },
			"Upsert":     func(k *kinds) error { k.ID = 77; return model.Upsert(e.Ctx, e.DB, []*kinds{k}, nil) },
			"Save":       func(*kinds) error { return fresh.Save(e.Ctx) },
			"Where": func(*kinds) error {
				_, err := model.Query[kinds](e.DB).Where(x.attr, fresh.Attributes()[x.attr]).Count(e.Ctx)
				return err
			},
			"Update": func(*kinds) error {
				_, err := model.Query[kinds](e.DB).AllRows().Update(e.Ctx, model.Attrs{x.attr: fresh.Attributes()[x.attr]})
				return err
			},
			"Merge": func(k *kinds) error { return k.Merge(model.Attrs{x.attr: fresh.Attributes()[x.attr]}) },
		} {
			k := someKinds()
			if way != "Merge" {
				x.set(k)
			}
			e.Sends(t, 0, func() {
				err := write(k)
				require.ErrorIs(t, err, model.ErrInvalidValue, "%s: %s", way, x.name)
				require.ErrorContains(t, err, "kinds."+x.attr, "%s: %s", way, x.name)
			})
			require.True(t, k.IsNew(), "%s: %s", way, x.name)
		}
	}
	require.EqualValues(t, 1, e.Count(t, "kinds"))
	fresh, err := old.Fresh(e.Ctx)
	require.NoError(t, err)
	require.True(t, fresh.Equal(old))
}
