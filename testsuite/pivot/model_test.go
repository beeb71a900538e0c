// SPDX-License-Identifier: MIT

package pivot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Models with a pivot model, whose pivot rows may be soft deleted.
type (
	Band struct {
		model.BaseModel[Band]

		ID      int64
		Name    string
		Artists []*Artist `relation:"manyToMany;as:membership"`
		Guests  []*Artist `relation:"manyToMany"`
	}
	Artist struct {
		model.BaseModel[Artist]

		ID    int64
		Name  string
		Bands []*Band `relation:"manyToMany"`
	}
	Membership struct {
		model.BaseModel[Membership]

		ID        int64
		BandID    int64
		ArtistID  int64
		Part      string `gorm:"column:instrument"`
		Fee       float64
		Since     time.Time
		DeletedAt gorm.DeletedAt
	}
)

// Define sets the pivot model.
func (k *Band) Define(d *model.Definition[Band]) {
	d.Relation(&k.Artists).Using(&Membership{}).OrderByPivot("fee")
	d.Relation(&k.Guests).Using(&Membership{}).As("visit").WherePivot("instrument", "guest")
}

// Define sets the pivot model.
func (k *Artist) Define(d *model.Definition[Artist]) {
	d.Relation(&k.Bands).Using(&Membership{})
}

// seedBands makes two bands.
func seedBands(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &Band{}, &Artist{}, &Membership{})
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Band{{Name: "x"}, {Name: "y"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Artist{{Name: "a"}, {Name: "b"}, {Name: "c"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Membership{
		{BandID: 1, ArtistID: 1, Part: "drums", Fee: 2.5, Since: made},
		{BandID: 1, ArtistID: 2, Part: "bass", Fee: 1.5, Since: made},
		{BandID: 2, ArtistID: 1, Part: "guest", Fee: 3, Since: changed},
		{BandID: 1, ArtistID: 3, Part: "gone", DeletedAt: gorm.DeletedAt{Time: made, Valid: true}},
	}))
	e.Sent.Reset()
}

// artistNames are the names of artists in their order.
func artistNames(list []*Artist) string {
	var out strings.Builder
	for _, a := range list {
		out.WriteString(a.Name)
	}
	return out.String()
}

// A pivot model arrives as a record: under its name in Extras and from PivotOf, on every path, of each
// parent its own.
func TestPivotModelArrivesAsARecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedBands(t, e)
		bands := fetch(t, e, 3, model.Query[Band](e.DB).OrderBy("id").Preload("artists").Preload("guests"))
		require.Equal(t, "ba", artistNames(bands[0].Artists), "ordered by the pivot, without the deleted one")
		first := bands[0].Artists[0]
		m, ok := relation.PivotOf[Membership](first)
		require.True(t, ok)
		require.Equal(t, "bass", m.Part)
		require.InDelta(t, 1.5, m.Fee, 0)
		require.True(t, m.Since.Equal(made))
		require.EqualValues(t, 2, m.ID)
		require.EqualValues(t, 2, m.ArtistID)
		require.True(t, m.IsPersisted())
		require.False(t, m.IsDirty())
		require.Same(t, m, first.Extras()["membership"])
		require.Equal(t, "bass", first.Extras().String("pivot_instrument"))
		_, ok = relation.PivotOf[User](first)
		require.False(t, ok)
		_, ok = relation.PivotOf[Membership](bands[0])
		require.False(t, ok)
		require.Empty(t, bands[0].Guests)
		guest := bands[1].Guests[0]
		m, ok = relation.PivotOf[Membership](guest)
		require.True(t, ok)
		require.Same(t, m, guest.Extras()["visit"])
		artists := fetch(t, e, 2, model.Query[Artist](e.DB).OrderBy("id").Preload("bands", func(q *relation.Query) { q.OrderBy("id") }))
		for i, part := range []string{"drums", "guest"} {
			m, ok := relation.PivotOf[Membership](artists[0].Bands[i])
			require.True(t, ok)
			require.Equal(t, part, m.Part)
			require.Same(t, m, artists[0].Bands[i].Extras()["pivot"])
		}
		one, err := relation.ManyToMany(bands[0], &bands[0].Artists).Query().First(e.Ctx)
		require.NoError(t, err)
		m, ok = relation.PivotOf[Membership](one)
		require.True(t, ok)
		require.Equal(t, "bass", m.Part)
		page, err := relation.ManyToMany(bands[0], &bands[0].Artists).Query().Paginate(e.Ctx, 2, 1)
		require.NoError(t, err)
		m, ok = relation.PivotOf[Membership](page.Data[0])
		require.True(t, ok)
		require.Equal(t, "drums", m.Part)
		m.Fee = 9
		e.Sends(t, 1, func() { require.NoError(t, m.Save(e.Ctx)) })
		require.EqualValues(t, 9, e.Rows(t, "SELECT fee FROM memberships WHERE id = 1")[0]["fee"])
	})
}

// With a pivot model, conditions on pivot rows know its attributes and columns, and refuse others.
func TestPivotModelNamesAreKnown(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedBands(t, e)
		band, err := model.Query[Band](e.DB).Find(e.Ctx, 1)
		require.NoError(t, err)
		artists := func() *model.Builder[Artist] { return relation.ManyToMany(band, &band.Artists).Query() }
		for _, q := range []*model.Builder[Artist]{
			artists().Use(func(q *relation.Query) { q.WherePivot("Part", "drums") }), artists().Use(func(q *relation.Query) { q.WherePivot("instrument", "drums") }), artists().Use(func(q *relation.Query) { q.WherePivotIn("fee", []float64{2.5, 7}) }),
			artists().Use(func(q *relation.Query) { q.WherePivotBetween("Fee", 2, 3) }), artists().Use(func(q *relation.Query) { q.WherePivotNot("Part", "bass") }),
		} {
			list, err := q.All(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, "a", artistNames(list))
		}
		refuses(t, e, []refused{
			{"neither attribute nor column", all(e, artists().Use(func(q *relation.Query) { q.WherePivotNot("part", "bass") })), model.ErrUnknownColumn, "Membership"},
			{"unknown", all(e, artists().Use(func(q *relation.Query) { q.WherePivot("parts", 1) })), model.ErrUnknownColumn, "Membership"},
			{"value", all(e, artists().Use(func(q *relation.Query) { q.WherePivot("fee", "much") })), model.ErrInvalidValue, "Fee"},
			{"order", all(e, artists().Use(func(q *relation.Query) { q.OrderByPivot("nothing") })), model.ErrUnknownColumn, "Membership"},
		})
		n, err := band.Related("artists").PivotQuery().Where("part", "drums").Count(e.Ctx)
		require.ErrorIs(t, err, model.ErrUnknownColumn)
		require.Zero(t, n)
		var rows []*Membership
		e.Sends(t, 1, func() { require.NoError(t, band.Related("artists").PivotQuery().All(e.Ctx, &rows)) })
		require.Len(t, rows, 2)
		require.Equal(t, "bass", rows[0].Part, "in the order of the definition")
	})
}
