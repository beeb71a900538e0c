// SPDX-License-Identifier: MIT

package dirty_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A record with some columns knows no others: they are in no map, and a save writes none but those assigned
// since.
func TestPartlyLoadedRecordKnowsNoOtherColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &kinds{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "a", Name: "n", Password: "secret", Age: 7, Visits: 3}))
		a, err := model.Query[account](e.DB).Select("id", "Name", "age").First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, []string{"Age", "ID", "Name"}, harness.SortedKeys(a.Attributes()))
		require.Equal(t, a.Attributes(), a.Original())
		require.Empty(t, a.Dirty())
		e.Sends(t, 0, func() { require.NoError(t, a.Save(e.Ctx)) })

		a.Age, a.Password = 8, "new"
		require.Equal(t, model.Attrs{"Age": 8, "Password": "new"}, a.Dirty())
		require.NoError(t, a.Save(e.Ctx))
		require.Equal(t, map[string]any{"email": "a", "name": "n", "password": "new", "visits": int64(3)},
			e.Row(t, "SELECT email, name, password, visits FROM accounts"))
		require.Equal(t, []string{"Age", "ID", "Name", "Password", "UpdatedAt"}, harness.SortedKeys(a.Attributes()))
		require.Empty(t, a.Dirty())
		require.NoError(t, a.Refresh(e.Ctx))
		require.EqualValues(t, 3, a.Visits)
		require.Contains(t, a.Attributes(), "Visits")

		require.NoError(t, model.Create(e.Ctx, e.DB, someKinds()))
		k, err := model.Query[kinds](e.DB).Select("id", "list").First(e.Ctx)
		require.NoError(t, err)
		require.Empty(t, k.Dirty())
		k.List[0] = "x"
		k.Object = map[string]any{"new": true}
		require.Equal(t, []string{"List", "Object"}, harness.SortedKeys(k.Dirty()))
		require.Equal(t, []string{"ID", "List"}, harness.SortedKeys(k.Original()))
		e.Sends(t, 1, func() { require.NoError(t, k.Save(e.Ctx)) })
		require.Empty(t, k.Dirty())
		fresh, err := k.Fresh(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, []string{"x", "b"}, fresh.List)
		require.Equal(t, map[string]any{"new": true}, fresh.Object)
		require.Equal(t, "text", fresh.Text)
	})
}

// What one of the records of a result gets to know, the others do not.
func TestRecordsOfAResultLearnColumnsSeparately(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*account{{Email: "1", Age: 1}, {Email: "2", Age: 2}}))
		list, err := model.Query[account](e.DB).Select("id", "email").OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		list[0].Name = "n"
		require.NoError(t, list[0].Save(e.Ctx))
		require.Contains(t, list[0].Attributes(), "Name")
		require.NotContains(t, list[1].Attributes(), "Name")
		require.Contains(t, list[0].Original(), "UpdatedAt")
		require.NotContains(t, list[1].Original(), "UpdatedAt")
	})
}

// A record that was loaded without its key or version cannot be written, and the error says what to select.
func TestRecordWithoutKeyOrVersionCannotBeWritten(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &note{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "a", Name: "n"}))
		require.NoError(t, model.Create(e.Ctx, e.DB, &note{Title: "t"}))
		a, err := model.Query[account](e.DB).Select("name").First(e.Ctx)
		require.NoError(t, err)
		n, err := model.Query[note](e.DB).Select("id", "title").First(e.Ctx)
		require.NoError(t, err)
		a.Name, n.Title = "x", "x"
		e.Sends(t, 0, func() {
			for name, write := range map[string]func() error{
				"Save":    func() error { return a.Save(e.Ctx) },
				"Delete":  func() error { return a.Delete(e.Ctx) },
				"Touch":   func() error { return a.Touch(e.Ctx) },
				"Refresh": func() error { return a.Refresh(e.Ctx) },
			} {
				err := write()
				require.ErrorIs(t, err, model.ErrMissingKey, name)
				require.ErrorContains(t, err, "select", name)
			}
			for name, write := range map[string]func() error{
				"Save":      func() error { return n.Save(e.Ctx) },
				"Delete":    func() error { return n.Delete(e.Ctx) },
				"Increment": func() error { return n.Increment(e.Ctx, "id", 1) },
			} {
				require.ErrorIs(t, write(), model.ErrNotLoaded, name)
			}
		})
		require.NoError(t, n.Refresh(e.Ctx))
		n.Title = "y"
		require.NoError(t, n.Save(e.Ctx))
	})
}

// A record of a ReadOnly query refuses to be written, because its changes are not seen; Refresh mends that.
func TestReadOnlyRecordCannotBeWritten(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "a", Name: "n", Visits: 1}))
		a, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.ReadOnly() }).First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, flagsFetched, flagsOf(a))
		require.Equal(t, "n", a.Attributes()["Name"])
		a.Name = "x"
		require.Empty(t, a.Dirty())
		e.Sends(t, 0, func() {
			for name, write := range map[string]func() error{
				"Save":      func() error { return a.Save(e.Ctx) },
				"Delete":    func() error { return a.Delete(e.Ctx) },
				"Touch":     func() error { return a.Touch(e.Ctx) },
				"Increment": func() error { return a.Increment(e.Ctx, "visits", 1) },
			} {
				err := write()
				require.ErrorIs(t, err, model.ErrUnsupported, name)
				require.ErrorContains(t, err, "ReadOnly", name)
			}
		})
		require.NoError(t, a.Refresh(e.Ctx))
		require.Equal(t, "n", a.Name)
		a.Name = "y"
		e.Sends(t, 1, func() { require.NoError(t, a.Save(e.Ctx)) })
	})
}

// A copied record has a state of its own: what happens to one is not known to the other.
func TestCopiedRecordHasAStateOfItsOwn(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		nick := "nick"
		a := &account{Email: "a", Name: "n", Nick: &nick}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		b := copied(a)
		b.Name = "b"
		require.False(t, a.IsDirty())
		require.Equal(t, model.Attrs{"Name": "b"}, b.Dirty())
		a.Age = 5
		require.False(t, b.IsDirty("Age"))
		require.NoError(t, b.Save(e.Ctx))
		require.Equal(t, model.Attrs{"Age": 5}, a.Dirty())
		require.Equal(t, "n", a.Original()["Name"])
		require.Empty(t, a.Changes())
		require.True(t, model.Is(a, b))
		require.NoError(t, a.Save(e.Ctx))
		row := e.Row(t, "SELECT name, age FROM accounts")
		require.Equal(t, "b", row["name"])
		require.EqualValues(t, 5, row["age"])
		require.NoError(t, b.Delete(e.Ctx))
		require.False(t, a.IsDeleted())

		c := &account{Email: "c"}
		d := copied(c) // a copy of a record without a state
		require.NoError(t, model.Create(e.Ctx, e.DB, c))
		require.True(t, d.IsNew())
		d.Email = "d"
		require.NoError(t, model.Create(e.Ctx, e.DB, d))
		require.NotEqual(t, c.ID, d.ID)

		list := listed(c, d)
		list[1].Name = "from a slice"
		require.NoError(t, list[1].Save(e.Ctx))
		require.NoError(t, d.Refresh(e.Ctx))
		require.Equal(t, "from a slice", d.Name)
	})
}

// Extras of a copied record are its own.
func TestCopiedRecordHasExtrasOfItsOwn(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "a"}))
		a, err := model.Query[account](e.DB).Select("*", "email as mail").First(e.Ctx)
		require.NoError(t, err)
		b := copied(a)
		b.Extras()["mail"] = "x"
		b.Extras()["more"] = 1
		require.Equal(t, "a", a.Extras().String("mail"))
		require.Equal(t, "x", b.Extras().String("mail"))
		require.False(t, a.Extras().Has("more"))
		c := copied(a) // after the map was made
		c.Extras()["mail"] = "y"
		require.Equal(t, "a", a.Extras().String("mail"))
	})
}

// copied returns a record that was copied by value, which go vet reports elsewhere.
func copied[T any](rec *T) *T {
	out := *rec
	return &out
}

// listed is copied for several records in one allocation.
func listed[T any](records ...*T) []T {
	out := make([]T, 0, len(records))
	for _, rec := range records {
		out = append(out, *rec)
	}
	return out
}
