// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"crypto/rand"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Models whose keys are UUIDs, once as texts and once as arrays, with a scope on the related ones.
type (
	uuCrew struct {
		model.BaseModel[uuCrew]

		ID      string `gorm:"type:uuid;primaryKey"`
		Name    string
		Sailors []*uuSailor `relation:"hasMany"`
		Guests  []*uuSailor `relation:"manyToMany;pivotColumns:cabin"`
	}
	uuSailor struct {
		model.BaseModel[uuSailor]

		ID       uuKey   `gorm:"type:uuid;primaryKey"`
		UuCrewID *string `gorm:"type:uuid"`
		Name     string
		Watch    int
		Crew     *uuCrew   `relation:"belongsTo"`
		Hosts    []*uuCrew `relation:"manyToMany"`
	}
)

// uuKey is a UUID as the libraries for them have it.
type uuKey [16]byte

func newUuKey() (k uuKey) {
	_, _ = rand.Read(k[:]) // it never fails
	return k
}

// String is the canonical form.
func (k uuKey) String() string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", k[:4], k[4:6], k[6:8], k[8:10], k[10:])
}

// Value writes the canonical form.
func (k uuKey) Value() (driver.Value, error) { return k.String(), nil }

// Scan reads what databases return.
func (k *uuKey) Scan(src any) error {
	var text string
	if err := scanText(&text, src); err != nil {
		return err
	}
	_, err := hex.Decode(k[:], []byte(strings.ReplaceAll(text, "-", "")))
	return err
}

// Creating makes the key.
func (c *uuCrew) Creating(context.Context) error {
	c.ID = newUuKey().String()
	return nil
}

// Creating makes the key.
func (s *uuSailor) Creating(context.Context) error {
	s.ID = newUuKey()
	return nil
}

type uuWatched struct{}

// Define has a hook that says something of the records, if the context asks for it.
func (*uuCrew) Define(d *model.Definition[uuCrew]) {
	d.OnQuery(hooks.Fetching, func(ctx context.Context, q *relation.Query) error {
		if ctx.Value(uuWatched{}) != nil {
			q.WithCount("guests").ReadOnly().Sideload(relation.Attrs{"watched": true})
		}
		return nil
	})
}

// Define hides those of no watch.
func (*uuSailor) Define(d *model.Definition[uuSailor]) {
	d.GlobalScope("watch", func(q *relation.Query) { q.Where("watch", 1).OrWhere("watch", 2) })
}

// uuidPromises are about relations by UUIDs, and to models with a scope.
func uuidPromises() []promise {
	return []promise{
		{
			name: "C1/UUIDKeysAndScopes",
			says: "relations by UUIDs find their rows whatever the letters' case and the field's type, and respect the related model's scopes",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &uuCrew{}, &uuSailor{})
				a, b := &uuCrew{Name: "a"}, &uuCrew{Name: "b"}
				require.NoError(t, model.CreateMany(e.ctx, e.db, []*uuCrew{a, b}))
				list := []*uuSailor{{Name: "x", Watch: 1}, {Name: "y", Watch: 2}, {Name: "z", Watch: 3}}
				require.NoError(t, relation.HasMany(a, &a.Sailors).CreateMany(e.ctx, list))
				require.NoError(t, b.Related("sailors").Create(e.ctx, &uuSailor{Name: "w", Watch: 1}))
				guests := relation.ManyToMany(b, &b.Guests)
				upper := func(s *uuSailor) string { return strings.ToUpper(s.ID.String()) }
				require.NoError(t, guests.Attach(e.ctx, relation.Pivot(list[0].ID, model.Attrs{"cabin": 7}), upper(list[1]), list[2]))
				wrSends(t, e, 1, func() {
					done, err := guests.Sync(e.ctx, upper(list[2]), list[1].ID, relation.Pivot(upper(list[0]), model.Attrs{"cabin": 7}))
					require.NoError(t, err)
					require.Equal(t, relation.Changes{}, done)
				})
				crews := func() *model.Builder[uuCrew] { return model.Query[uuCrew](e.db).OrderBy("name") }
				names := func(list []*uuSailor) string {
					var out strings.Builder
					for _, s := range list {
						out.WriteString(s.Name)
					}
					return out.String()
				}
				byName := func(q *relation.Query) { q.OrderBy("name") }
				found := kinAll(t, e, 4, crews().Preload("sailors", byName).Preload("sailors.hosts").Preload("guests", byName).
					WithCount("sailors").WithCount("guests"))
				var got strings.Builder
				for _, c := range found {
					x := c.Extras()
					fmt.Fprintf(&got, "%s%s/%s%d%d ", c.Name, names(c.Sailors), names(c.Guests), x["sailors_count"], x["guests_count"])
				}
				require.Equal(t, "axy/20 bw/xy12 ", see(e, "got", got.String()))
				require.Equal(t, b.ID, found[0].Sailors[0].Hosts[0].ID)
				require.Equal(t, b.ID, found[1].Guests[0].Extras()["pivot_uu_crew_id"])
				require.Equal(t, list[0].ID, found[1].Guests[0].Extras()["pivot_uu_sailor_id"])
				found = kinAll(t, e, 2, crews().Preload("sailors", func(q *relation.Query) {
					q.WithoutScope("watch").OrderBy("name", relation.Desc).GroupLimit(2)
				}))
				require.Equal(t, "zy w", names(found[0].Sailors)+" "+names(found[1].Sailors))
				require.Len(t, kinAll(t, e, 1, crews().Use(func(q *relation.Query) { q.WhereAttachedTo(list[1]) })), 1)
				require.Len(t, kinAll(t, e, 1, crews().WhereHas("sailors", func(q *relation.Query) { q.Where("watch", 3) })), 0)
				page, err := relation.HasMany(a, &a.Sailors).Query().Preload("crew").OrderBy("name").CursorPaginate(e.ctx, "", 1)
				require.NoError(t, err)
				page, err = relation.HasMany(a, &a.Sailors).Query().Preload("crew").OrderBy("name").CursorPaginate(e.ctx, page.NextCursor, 1)
				require.NoError(t, err)
				require.Equal(t, "y of a", page.Data[0].Name+" of "+page.Data[0].Crew.Name)
				n, err := guests.Detach(e.ctx, upper(list[0]))
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
			},
			twin: func(e *env) { e.seen["got"] = func(any) any { return "axyz/30 bw/xyz13 " } },
		},
	}
}
