// SPDX-License-Identifier: MIT

package preload_test

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
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Models whose keys are UUIDs, once as texts and once as arrays, with a scope on the related ones.
type (
	Crew struct {
		model.BaseModel[Crew]

		ID      string `gorm:"type:uuid;primaryKey"`
		Name    string
		Sailors []*Sailor `relation:"hasMany"`
		Guests  []*Sailor `relation:"manyToMany;pivotColumns:cabin"`
	}
	Sailor struct {
		model.BaseModel[Sailor]

		ID     key     `gorm:"type:uuid;primaryKey"`
		CrewID *string `gorm:"type:uuid"`
		Name   string
		Watch  int
		Crew   *Crew   `relation:"belongsTo"`
		Hosts  []*Crew `relation:"manyToMany"`
	}
)

// key is a UUID as the libraries for them have it.
type key [16]byte

func newKey() (k key) {
	_, _ = rand.Read(k[:])                      // it never fails
	k[6], k[8] = k[6]&0x0f|0x40, k[8]&0x3f|0x80 // version 4, as MariaDB refuses some that have no version
	return k
}

// String is the canonical form.
func (k key) String() string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", k[:4], k[4:6], k[6:8], k[8:10], k[10:])
}

// Value writes the canonical form.
func (k key) Value() (driver.Value, error) { return k.String(), nil }

// Scan reads what databases return.
func (k *key) Scan(src any) error {
	var text string
	if err := scanText(&text, src); err != nil {
		return err
	}
	_, err := hex.Decode(k[:], []byte(strings.ReplaceAll(text, "-", "")))
	return err
}

// Creating makes the key.
func (c *Crew) Creating(context.Context) error {
	c.ID = newKey().String()
	return nil
}

// Creating makes the key.
func (s *Sailor) Creating(context.Context) error {
	s.ID = newKey()
	return nil
}

type watched struct{}

// Define has a hook that says something of the records, if the context asks for it.
func (*Crew) Define(d *model.Definition[Crew]) {
	d.OnQuery(hooks.Fetching, func(ctx context.Context, q *relation.Query) error {
		if ctx.Value(watched{}) != nil {
			q.WithCount("guests").ReadOnly().Sideload(relation.Attrs{"watched": true})
		}
		return nil
	})
}

// Define hides those of no watch.
func (*Sailor) Define(d *model.Definition[Sailor]) {
	d.GlobalScope("watch", func(q *relation.Query) { q.Where("watch", 1).OrWhere("watch", 2) })
}

// Relations by UUIDs find their rows whatever the letters' case and the field's type, and respect the
// related model's scopes.
func TestUUIDKeysAndScopesHold(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Crew{}, &Sailor{})
		a, b := &Crew{Name: "a"}, &Crew{Name: "b"}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Crew{a, b}))
		list := []*Sailor{{Name: "x", Watch: 1}, {Name: "y", Watch: 2}, {Name: "z", Watch: 3}}
		require.NoError(t, relation.HasMany(a, &a.Sailors).CreateMany(e.Ctx, list))
		require.NoError(t, b.Related("sailors").Create(e.Ctx, &Sailor{Name: "w", Watch: 1}))
		guests := relation.ManyToMany(b, &b.Guests)
		upper := func(s *Sailor) string { return strings.ToUpper(s.ID.String()) }
		require.NoError(t, guests.Attach(e.Ctx, relation.Pivot(list[0].ID, model.Attrs{"cabin": 7}), upper(list[1]), list[2]))
		e.SendsBesidesLocks(t, 1, func() {
			done, err := guests.Sync(e.Ctx, upper(list[2]), list[1].ID, relation.Pivot(upper(list[0]), model.Attrs{"cabin": 7}))
			require.NoError(t, err)
			require.Equal(t, relation.Changes{}, done)
		})
		crews := func() *model.Builder[Crew] { return model.Query[Crew](e.DB).OrderBy("name") }
		names := func(list []*Sailor) string {
			var out strings.Builder
			for _, s := range list {
				out.WriteString(s.Name)
			}
			return out.String()
		}
		byName := func(q *relation.Query) { q.OrderBy("name") }
		found := fetch(t, e, 4, crews().Preload("sailors", byName).Preload("sailors.hosts").Preload("guests", byName).
			WithCount("sailors").WithCount("guests"))
		var got strings.Builder
		for _, c := range found {
			x := c.Extras()
			fmt.Fprintf(&got, "%s%s/%s%d%d ", c.Name, names(c.Sailors), names(c.Guests), x["sailors_count"], x["guests_count"])
		}
		require.Equal(t, "axy/20 bw/xy12 ", got.String())
		require.Equal(t, b.ID, found[0].Sailors[0].Hosts[0].ID)
		require.Equal(t, b.ID, found[1].Guests[0].Extras()["pivot_crew_id"])
		require.Equal(t, list[0].ID, found[1].Guests[0].Extras()["pivot_sailor_id"])
		found = fetch(t, e, 2, crews().Preload("sailors", func(q *relation.Query) {
			q.WithoutScope("watch").OrderBy("name", relation.Desc).GroupLimit(2)
		}))
		require.Equal(t, "zy w", names(found[0].Sailors)+" "+names(found[1].Sailors))
		require.Len(t, fetch(t, e, 1, crews().Use(func(q *relation.Query) { q.WhereAttachedTo(list[1]) })), 1)
		require.Len(t, fetch(t, e, 1, crews().WhereHas("sailors", func(q *relation.Query) { q.Where("watch", 3) })), 0)
		page, err := relation.HasMany(a, &a.Sailors).Query().Preload("crew").OrderBy("name").CursorPaginate(e.Ctx, "", 1)
		require.NoError(t, err)
		page, err = relation.HasMany(a, &a.Sailors).Query().Preload("crew").OrderBy("name").CursorPaginate(e.Ctx, page.NextCursor, 1)
		require.NoError(t, err)
		require.Equal(t, "y of a", page.Data[0].Name+" of "+page.Data[0].Crew.Name)
		n, err := guests.Detach(e.Ctx, upper(list[0]))
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
	})
}
