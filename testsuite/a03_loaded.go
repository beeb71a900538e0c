// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// loadedPromises are those of row A3 about records that are partly loaded, read only, or copied.
func loadedPromises() []promise {
	return []promise{
		{
			name: "A3/PartlyLoaded",
			says: "a record with some columns knows no others: they are in no map, and a save writes none but those assigned since",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &kinds{})
				require.NoError(t, model.Create(e.ctx, e.db, &account{Email: "a", Name: "n", Password: "secret", Age: 7, Visits: 3}))
				a, err := model.Query[account](e.db).Select("id", "Name", "age").First(e.ctx)
				require.NoError(t, err)
				require.Equal(t, []string{"Age", "ID", "Name"}, sortedKeys(a.Attributes()))
				require.Equal(t, a.Attributes(), a.Original())
				require.Empty(t, a.Dirty())
				e.sends(t, 0, func() { require.NoError(t, a.Save(e.ctx)) })

				a.Age, a.Password = 8, "new"
				require.Equal(t, model.Attrs{"Age": 8, "Password": "new"}, a.Dirty())
				require.NoError(t, a.Save(e.ctx))
				require.Equal(t, map[string]any{"email": "a", "name": "n", "password": "new", "visits": int64(3)},
					e.row(t, "SELECT email, name, password, visits FROM accounts"))
				require.Equal(t, []string{"Age", "ID", "Name", "Password", "UpdatedAt"}, sortedKeys(a.Attributes()))
				require.Empty(t, a.Dirty())
				require.NoError(t, a.Refresh(e.ctx))
				require.EqualValues(t, 3, a.Visits)
				require.Contains(t, a.Attributes(), "Visits")

				require.NoError(t, model.Create(e.ctx, e.db, someKinds()))
				k, err := model.Query[kinds](e.db).Select("id", "list").First(e.ctx)
				require.NoError(t, err)
				require.Empty(t, k.Dirty())
				k.List[0] = "x"
				k.Object = map[string]any{"new": true}
				require.Equal(t, []string{"List", "Object"}, sortedKeys(k.Dirty()))
				require.Equal(t, []string{"ID", "List"}, sortedKeys(k.Original()))
				e.sends(t, 1, func() { require.NoError(t, k.Save(e.ctx)) })
				require.Empty(t, k.Dirty())
				fresh, err := k.Fresh(e.ctx)
				require.NoError(t, err)
				require.Equal(t, []string{"x", "b"}, fresh.List)
				require.Equal(t, map[string]any{"new": true}, fresh.Object)
				require.Equal(t, "text", fresh.Text)
			},
			twin: bending("UPDATE `accounts`", " SET ", " SET `visits` = 0, "),
		},
		{
			name: "A3/PartlyLoadedTogether",
			says: "what one of the records of a result gets to know, the others do not",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				require.NoError(t, model.CreateMany(e.ctx, e.db, []*account{{Email: "1", Age: 1}, {Email: "2", Age: 2}}))
				list, err := model.Query[account](e.db).Select("id", "email").OrderBy("id").All(e.ctx)
				require.NoError(t, err)
				list[0].Name = "n"
				require.NoError(t, e.do("save", func() error { return list[0].Save(e.ctx) }))
				require.Contains(t, list[0].Attributes(), "Name")
				require.NotContains(t, list[1].Attributes(), "Name")
				require.Contains(t, list[0].Original(), "UpdatedAt")
				require.NotContains(t, list[1].Original(), "UpdatedAt")
			},
			twin: without("save"),
		},
		{
			name: "A3/LoadedWithoutKey",
			says: "a record that was loaded without its key or version cannot be written, and the error says what to select",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &note{})
				require.NoError(t, model.Create(e.ctx, e.db, &account{Email: "a", Name: "n"}))
				require.NoError(t, model.Create(e.ctx, e.db, &note{Title: "t"}))
				a, err := model.Query[account](e.db).Select("name").First(e.ctx)
				require.NoError(t, err)
				n, err := model.Query[note](e.db).Select("id", "title").First(e.ctx)
				require.NoError(t, err)
				a.Name, n.Title = "x", "x"
				e.sends(t, 0, func() {
					for name, write := range map[string]func() error{
						"Save":    func() error { return a.Save(e.ctx) },
						"Delete":  func() error { return a.Delete(e.ctx) },
						"Touch":   func() error { return a.Touch(e.ctx) },
						"Refresh": func() error { return a.Refresh(e.ctx) },
					} {
						err := e.do("write", write)
						require.ErrorIs(t, err, model.ErrMissingKey, name)
						require.ErrorContains(t, err, "select", name)
					}
					for name, write := range map[string]func() error{
						"Save":      func() error { return n.Save(e.ctx) },
						"Delete":    func() error { return n.Delete(e.ctx) },
						"Increment": func() error { return n.Increment(e.ctx, "id", 1) },
					} {
						require.ErrorIs(t, write(), model.ErrNotLoaded, name)
					}
				})
				require.NoError(t, n.Refresh(e.ctx))
				n.Title = "y"
				require.NoError(t, n.Save(e.ctx))
			},
			twin: succeeding("write"),
		},
		{
			name: "A3/ReadOnly",
			says: "a record of a ReadOnly query refuses to be written, because its changes are not seen; Refresh mends that",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				require.NoError(t, model.Create(e.ctx, e.db, &account{Email: "a", Name: "n", Visits: 1}))
				a, err := model.Query[account](e.db).Use(func(q *relation.Query) { q.ReadOnly() }).First(e.ctx)
				require.NoError(t, err)
				require.Equal(t, flagsFetched, flagsOf(a))
				require.Equal(t, "n", a.Attributes()["Name"])
				a.Name = "x"
				require.Empty(t, a.Dirty())
				e.sends(t, 0, func() {
					for name, write := range map[string]func() error{
						"Save":      func() error { return a.Save(e.ctx) },
						"Delete":    func() error { return a.Delete(e.ctx) },
						"Touch":     func() error { return a.Touch(e.ctx) },
						"Increment": func() error { return a.Increment(e.ctx, "visits", 1) },
					} {
						err := e.do("write", write)
						require.ErrorIs(t, err, model.ErrUnsupported, name)
						require.ErrorContains(t, err, "ReadOnly", name)
					}
				})
				require.NoError(t, a.Refresh(e.ctx))
				require.Equal(t, "n", a.Name)
				a.Name = "y"
				e.sends(t, 1, func() { require.NoError(t, a.Save(e.ctx)) })
			},
			twin: succeeding("write"),
		},
		{
			name: "A3/CopiedStructs",
			says: "a copied record has a state of its own: what happens to one is not known to the other",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				nick := "nick"
				a := &account{Email: "a", Name: "n", Nick: &nick}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				b := copied(a)
				b.Name = "b"
				require.False(t, a.IsDirty())
				require.Equal(t, model.Attrs{"Name": "b"}, b.Dirty())
				a.Age = 5
				require.False(t, b.IsDirty("Age"))
				require.NoError(t, e.do("save", func() error { return b.Save(e.ctx) }))
				require.Equal(t, model.Attrs{"Age": 5}, a.Dirty())
				require.Equal(t, "n", a.Original()["Name"])
				require.Empty(t, a.Changes())
				require.True(t, model.Is(a, b))
				require.NoError(t, a.Save(e.ctx))
				row := e.row(t, "SELECT name, age FROM accounts")
				require.Equal(t, "b", row["name"])
				require.EqualValues(t, 5, row["age"])
				require.NoError(t, b.Delete(e.ctx))
				require.False(t, a.IsDeleted())

				c := &account{Email: "c"}
				d := copied(c) // a copy of a record without a state
				require.NoError(t, model.Create(e.ctx, e.db, c))
				require.True(t, d.IsNew())
				d.Email = "d"
				require.NoError(t, model.Create(e.ctx, e.db, d))
				require.NotEqual(t, c.ID, d.ID)

				list := listed(c, d)
				list[1].Name = "from a slice"
				require.NoError(t, list[1].Save(e.ctx))
				require.NoError(t, d.Refresh(e.ctx))
				require.Equal(t, "from a slice", d.Name)
			},
			twin: without("save"),
		},
		{
			name: "A3/CopiesOfExtras",
			says: "extras of a copied record are its own",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				require.NoError(t, model.Create(e.ctx, e.db, &account{Email: "a"}))
				a, err := model.Query[account](e.db).Select("*", "email as mail").First(e.ctx)
				require.NoError(t, err)
				b := copied(a)
				b.Extras()["mail"] = see(e, "extra", "x")
				b.Extras()["more"] = 1
				require.Equal(t, "a", a.Extras().String("mail"))
				require.Equal(t, "x", b.Extras().String("mail"))
				require.False(t, a.Extras().Has("more"))
				c := copied(a) // after the map was made
				c.Extras()["mail"] = "y"
				require.Equal(t, "a", a.Extras().String("mail"))
			},
			twin: func(e *env) { e.seen["extra"] = func(any) any { return "" } },
		},
	}
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
