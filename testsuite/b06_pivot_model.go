// SPDX-License-Identifier: MIT

package testsuite

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Models with a pivot model, whose pivot rows may be soft deleted.
type (
	kinBand struct {
		model.BaseModel[kinBand]

		ID      int64
		Name    string
		Artists []*kinArtist `relation:"manyToMany;as:membership"`
		Guests  []*kinArtist `relation:"manyToMany"`
	}
	kinArtist struct {
		model.BaseModel[kinArtist]

		ID    int64
		Name  string
		Bands []*kinBand `relation:"manyToMany"`
	}
	kinMembership struct {
		model.BaseModel[kinMembership]

		ID          int64
		KinBandID   int64
		KinArtistID int64
		Part        string `gorm:"column:instrument"`
		Fee         float64
		Since       time.Time
		DeletedAt   gorm.DeletedAt
	}
)

// Define sets the pivot model.
func (k *kinBand) Define(d *model.Definition[kinBand]) {
	d.Relation(&k.Artists).Using(&kinMembership{}).OrderByPivot("fee")
	d.Relation(&k.Guests).Using(&kinMembership{}).As("visit").WherePivot("instrument", "guest")
}

// Define sets the pivot model.
func (k *kinArtist) Define(d *model.Definition[kinArtist]) {
	d.Relation(&k.Bands).Using(&kinMembership{})
}

// seedBands makes two bands.
func seedBands(t testing.TB, e *env) {
	t.Helper()
	e.migrate(t, &kinBand{}, &kinArtist{}, &kinMembership{})
	require.NoError(t, model.Insert(e.ctx, e.db, []*kinBand{{Name: "x"}, {Name: "y"}}))
	require.NoError(t, model.Insert(e.ctx, e.db, []*kinArtist{{Name: "a"}, {Name: "b"}, {Name: "c"}}))
	require.NoError(t, model.Insert(e.ctx, e.db, []*kinMembership{
		{KinBandID: 1, KinArtistID: 1, Part: "drums", Fee: 2.5, Since: kinMade},
		{KinBandID: 1, KinArtistID: 2, Part: "bass", Fee: 1.5, Since: kinMade},
		{KinBandID: 2, KinArtistID: 1, Part: "guest", Fee: 3, Since: kinChanged},
		{KinBandID: 1, KinArtistID: 3, Part: "gone", DeletedAt: gorm.DeletedAt{Time: kinMade, Valid: true}},
	}))
	e.sent.Reset()
}

// kinArtistNames are the names of artists in their order.
func kinArtistNames(list []*kinArtist) string {
	var out strings.Builder
	for _, a := range list {
		out.WriteString(a.Name)
	}
	return out.String()
}

// pivotModelPromises are those of row B6 that are about reading.
func pivotModelPromises() []promise {
	return []promise{
		{
			name: "B6/TypedPivot",
			says: "A pivot model arrives as a record: under its name in Extras and from PivotOf, on every path, of each parent its own",
			check: func(t testing.TB, e *env) {
				seedBands(t, e)
				bands := kinAll(t, e, 3, model.Query[kinBand](e.db).OrderBy("id").Preload("artists").Preload("guests"))
				require.Equal(t, "ba", kinArtistNames(bands[0].Artists), "ordered by the pivot, without the deleted one")
				first := bands[0].Artists[0]
				m, ok := relation.PivotOf[kinMembership](first)
				require.True(t, ok)
				require.Equal(t, "bass", m.Part)
				require.InDelta(t, 1.5, m.Fee, 0)
				require.True(t, m.Since.Equal(kinMade))
				require.EqualValues(t, 2, m.ID)
				require.EqualValues(t, 2, m.KinArtistID)
				require.True(t, m.IsPersisted())
				require.False(t, m.IsDirty())
				require.Same(t, m, first.Extras()["membership"])
				require.Equal(t, "bass", first.Extras().String("pivot_instrument"))
				_, ok = relation.PivotOf[kinUser](first)
				require.False(t, ok)
				_, ok = relation.PivotOf[kinMembership](bands[0])
				require.False(t, ok)
				require.Empty(t, bands[0].Guests)
				guest := bands[1].Guests[0]
				m, ok = relation.PivotOf[kinMembership](guest)
				require.True(t, ok)
				require.Same(t, m, guest.Extras()["visit"])
				artists := kinAll(t, e, 2, model.Query[kinArtist](e.db).OrderBy("id").Preload("bands", func(q *relation.Query) { q.OrderBy("id") }))
				for i, part := range []string{"drums", "guest"} {
					m, ok := relation.PivotOf[kinMembership](artists[0].Bands[i])
					require.True(t, ok)
					require.Equal(t, part, m.Part)
					require.Same(t, m, artists[0].Bands[i].Extras()["pivot"])
				}
				one, err := relation.ManyToMany(bands[0], &bands[0].Artists).Query().First(e.ctx)
				require.NoError(t, err)
				m, ok = relation.PivotOf[kinMembership](one)
				require.True(t, ok)
				require.Equal(t, "bass", m.Part)
				page, err := relation.ManyToMany(bands[0], &bands[0].Artists).Query().Paginate(e.ctx, 2, 1)
				require.NoError(t, err)
				m, ok = relation.PivotOf[kinMembership](page.Data[0])
				require.True(t, ok)
				require.Equal(t, "drums", m.Part)
				m.Fee = 9
				e.sends(t, 1, func() { require.NoError(t, m.Save(e.ctx)) })
				require.EqualValues(t, 9, e.rows(t, "SELECT fee FROM kin_memberships WHERE id = 1")[0]["fee"])
			},
			twin: bent("SELECT", "`kin_memberships`.`instrument`", "`kin_memberships`.`fee`"),
		},
		{
			name: "B6/PivotModelNames",
			says: "With a pivot model, conditions on pivot rows know its attributes and columns, and refuse others",
			check: func(t testing.TB, e *env) {
				seedBands(t, e)
				band, err := model.Query[kinBand](e.db).Find(e.ctx, 1)
				require.NoError(t, err)
				artists := func() *model.Builder[kinArtist] { return relation.ManyToMany(band, &band.Artists).Query() }
				for _, q := range []*model.Builder[kinArtist]{
					artists().Use(func(q *relation.Query) { q.WherePivot("Part", "drums") }), artists().Use(func(q *relation.Query) { q.WherePivot("instrument", "drums") }), artists().Use(func(q *relation.Query) { q.WherePivotIn("fee", []float64{2.5, 7}) }),
					artists().Use(func(q *relation.Query) { q.WherePivotBetween("Fee", 2, 3) }), artists().Use(func(q *relation.Query) { q.WherePivotNot("Part", "bass") }),
				} {
					list, err := q.All(e.ctx)
					require.NoError(t, err)
					require.Equal(t, "a", kinArtistNames(list))
				}
				refuses(t, e, []refused{
					{"neither attribute nor column", all(e, artists().Use(func(q *relation.Query) { q.WherePivotNot("part", "bass") })), model.ErrUnknownColumn, "kinMembership"},
					{"unknown", all(e, artists().Use(func(q *relation.Query) { q.WherePivot("parts", 1) })), model.ErrUnknownColumn, "kinMembership"},
					{"value", all(e, artists().Use(func(q *relation.Query) { q.WherePivot("fee", "much") })), model.ErrInvalidValue, "Fee"},
					{"order", all(e, artists().Use(func(q *relation.Query) { q.OrderByPivot("nothing") })), model.ErrUnknownColumn, "kinMembership"},
				})
				n, err := band.Related("artists").PivotQuery().Where("part", "drums").Count(e.ctx)
				require.ErrorIs(t, err, model.ErrUnknownColumn)
				require.Zero(t, n)
				var rows []*kinMembership
				e.sends(t, 1, func() { require.NoError(t, band.Related("artists").PivotQuery().All(e.ctx, &rows)) })
				require.Len(t, rows, 2)
				require.Equal(t, "bass", rows[0].Part, "in the order of the definition")
			},
			twin: bent("SELECT", "`kin_memberships`.`deleted_at` IS NULL", "1 = 1"),
		},
	}
}
