// SPDX-License-Identifier: MIT

package selection_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// extraOwner has fields that are no columns, but receive result columns of their name.
type extraOwner struct {
	model.BaseModel[extraOwner]

	ID         int64
	Name       string
	ItemsCount int64          `gorm:"-"`
	ItemsMax   *time.Time     `gorm:"-"`
	Label      string         `gorm:"-"`
	Price      *money         `gorm:"-"`
	Unfit      map[string]int `gorm:"-"` // no column could be stored here
}

// extraItem is what is joined.
type extraItem struct {
	model.BaseModel[extraItem]

	ID      int64
	OwnerID *int64
	Title   *string
	Price   float64
	Count   int
	Sold    bool
	SoldAt  *time.Time
	Blob    []byte
}

// extraAt is the instant that seedExtras stores.
func extraAt() time.Time { return time.Date(2025, 5, 6, 7, 8, 9, 0, time.UTC) }

// seedExtras makes an owner with two items and one without any.
func seedExtras(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &extraOwner{}, &extraItem{})
	rich, poor := &extraOwner{Name: "rich"}, &extraOwner{Name: "poor"}
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*extraOwner{rich, poor}))
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*extraItem{
		{OwnerID: &rich.ID, Title: new("first"), Price: 1.5, Count: 3, Sold: true, SoldAt: new(extraAt()), Blob: []byte{0, 255}},
		{OwnerID: &rich.ID, Price: 2.5, Count: 4},
	}))
	e.Sent.Reset()
}

// A column under another name is an extra of the column's own type, and NULL is nil.
func TestRenamedColumnIsAnExtraOfItsType(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedExtras(t, e)
		list, err := model.Query[extraItem](e.DB).OrderBy("id").Select("id",
			"title as heading", "Price as cost", "count as number", "sold as gone", "sold_at as since", "blob as data").All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, model.Extras{
			"heading": "first", "cost": 1.5, "number": 3, "gone": true, "since": extraAt(), "data": []byte{0, 255},
		}, list[0].Extras())
		require.Equal(t, model.Extras{
			"heading": nil, "cost": 2.5, "number": 4, "gone": false, "since": nil, "data": nil,
		}, list[1].Extras())
		require.True(t, list[1].Extras().Has("since"))
		require.True(t, list[1].Extras().Time("since").IsZero())
	})
}

// What raw SQL selects is an extra under its own name, and the getters give it the same type on every
// database.
func TestRawExpressionsAreExtrasOfTheSameTypeEverywhere(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedExtras(t, e)
		o, err := model.Query[extraItem](e.DB).SelectRaw("count(*) AS n, sum(count) AS total, avg(price) AS mean, " +
			"max(sold_at) AS latest, 'text' AS letters, max(count) > 3 AS large, NULL AS nix, min(title) AS head").First(e.Ctx)
		require.NoError(t, err)
		x := o.Extras()
		require.Len(t, x, 8)
		require.Equal(t, int64(2), x["n"])
		require.Equal(t, int64(2), x.Int64("n"))
		require.Equal(t, "2", x.String("n"))
		require.EqualValues(t, 7, x.Int64("total"))
		require.InDelta(t, 2.0, x.Float64("mean"), 0)
		require.Equal(t, extraAt(), x.Time("latest"))
		require.Equal(t, "text", x["letters"])
		require.Equal(t, "text", x.String("letters"))
		require.True(t, x.Bool("large"))
		require.Nil(t, x["nix"])
		require.True(t, x.Has("nix"))
		require.Equal(t, "first", x["head"])
		// what is missing or does not fit is zero
		require.False(t, x.Has("N"))
		require.Zero(t, x.Int64("missing"))
		require.Zero(t, x.Int64("letters"))
		require.Zero(t, x.Time("letters"))
		require.Zero(t, x.Float64("nix"))
		require.False(t, x.Bool("letters"))
		require.Empty(t, x.String("nix"))
	})
}

// Aggregates of a query are extras of their types: counts int64, sums and bounds as their column, means
// float64, nil of no rows.
func TestAggregatesAreTypedExtras(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedExtras(t, e)
		q := func() *model.Builder[extraItem] {
			return model.Query[extraItem](e.DB).Aggregate("count", "*").As("total").Aggregate("countDistinct", "title").
				Aggregate("sum", "Count").Aggregate("sum", "price").As("sum").Aggregate("avg", "count").
				Aggregate("min", "price").Aggregate("max", "sold_at").As("last").Aggregate("min", "title")
		}
		got, err := q().First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, model.Extras{
			"total": int64(2), "countDistinct_title": int64(1), "sum_count": int64(7), "sum": 4.0, "avg_count": 3.5,
			"min_price": 1.5, "last": extraAt(), "min_title": "first",
		}, got.Extras())
		got, err = q().Where("id", "<", 0).First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, model.Extras{
			"total": int64(0), "countDistinct_title": int64(0), "sum_count": nil, "sum": nil, "avg_count": nil,
			"min_price": nil, "last": nil, "min_title": nil,
		}, got.Extras())
	})
}

// Columns of joined tables are extras of their types, also under a name that the model has itself.
func TestJoinedColumnsAreTypedExtras(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedExtras(t, e)
		list, err := model.Query[extraOwner](e.DB).Use(func(q *relation.Query) { q.LeftJoin("extra_items", "extra_items.owner_id", "=", "extra_owners.id") }).
			Select("*", "extra_items.id", "extra_items.title as item", "extra_items.count", "extra_items.sold_at").
			OrderBy("id").OrderBy("extra_items.id").All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, list, 3)
		require.Equal(t, list[0].ID, list[1].ID)
		require.NotEqual(t, list[0].ID, list[2].ID)
		require.Equal(t, "rich", list[1].Name)
		first := list[0].Extras()
		require.Equal(t, model.Extras{"id": first["id"], "item": "first", "count": 3, "sold_at": extraAt()}, first)
		require.Equal(t, harness.As[int64](t, first["id"])+1, list[1].Extras()["id"])
		require.Nil(t, list[1].Extras()["item"])
		require.Equal(t, model.Extras{"id": nil, "item": nil, "count": nil, "sold_at": nil}, list[2].Extras())
		require.Equal(t, "poor", list[2].Name)
		list[1].Name = "richer"
		require.NoError(t, list[1].Save(e.Ctx))
		require.EqualValues(t, 1, e.Row(t, "SELECT count(*) AS n FROM extra_owners WHERE name = 'richer'")["n"])
	})
}

// A field that is no column receives the result column of its name instead of Extras, from wherever it
// comes.
func TestFieldsWithoutAColumnReceiveResultColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedExtras(t, e)
		count := model.Query[extraItem](e.DB).SelectRaw("count(*)").Use(func(q *relation.Query) { q.WhereColumn("owner_id", "=", "extra_owners.id") }).Untyped()
		for name, q := range map[string]*model.Builder[extraOwner]{
			"raw": model.Query[extraOwner](e.DB).SelectRaw("extra_owners.*").SelectRaw("? AS items_count", count).
				SelectRaw("(SELECT max(sold_at) FROM extra_items) AS items_max").SelectRaw("'a' AS label").
				SelectRaw("12.34 AS price").SelectRaw("1 AS unfit"),
			"join": model.Query[extraOwner](e.DB).Join("extra_items", "extra_items.owner_id", "=", "id").GroupBy("id", "name").
				Select("*", "name as label").Aggregate("count", "extra_items.id").As("items_count").
				Aggregate("max", "extra_items.sold_at").As("items_max").SelectRaw("12.34 AS price").SelectRaw("1 AS unfit"),
		} {
			o, err := q.Clone().OrderBy("id").First(e.Ctx)
			require.NoError(t, err, name)
			require.EqualValues(t, 2, o.ItemsCount, name)
			require.Equal(t, extraAt(), *o.ItemsMax, name)
			require.Equal(t, money{1234}, *o.Price, name)
			require.NotEmpty(t, o.Label)
			require.Equal(t, []string{"unfit"}, harness.SortedKeys(o.Extras()), name)
			require.Nil(t, o.Unfit)
			require.Empty(t, o.Dirty(), name)
			require.NotContains(t, o.Attributes(), "ItemsCount")
			o.ItemsCount, o.Label = 99, "mine"
			require.Empty(t, o.Dirty(), name)
			e.Sends(t, 0, func() { require.NoError(t, o.Save(e.Ctx)) })
		}
		plain, err := model.Query[extraOwner](e.DB).First(e.Ctx)
		require.NoError(t, err)
		require.Zero(t, plain.ItemsCount)
		require.Nil(t, plain.ItemsMax)
	})
}

// NULL in the result column of a field that is no column is its zero value.
func TestNullInAFieldWithoutAColumnIsZero(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedExtras(t, e)
		o, err := model.Query[extraOwner](e.DB).SelectRaw("extra_owners.*, NULL AS items_count, NULL AS items_max, NULL AS label, NULL AS price").
			First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "rich", o.Name)
		require.Zero(t, o.ItemsCount)
		require.Nil(t, o.ItemsMax)
		require.Empty(t, o.Label)
		require.Nil(t, o.Price)
		require.Empty(t, o.Extras())
	})
}

// Result columns that are named like Kindred's own fields and methods, or like Go fields, are extras and
// nothing else.
func TestExtrasMayBeNamedLikeInternals(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "a", Name: "n"}))
		names := []string{
			"BaseModel", "identity", "st", "state", "KindredState", "IsNew", "is_deleted", "Extras", "extras", "Owner", "flags",
			"__proto__", "Name", "CreatedAt", "Record.st", "id ", "ID",
		}
		q := model.Query[account](e.DB).SelectRaw("accounts.*")
		for _, name := range names {
			q = q.SelectRaw(`'hostile' AS "` + name + `"`) //kindredvet:ignore a constant list of names
		}
		a, err := q.First(e.Ctx)
		require.NoError(t, err)
		require.Len(t, a.Extras(), len(names))
		for _, name := range names {
			require.Equal(t, "hostile", a.Extras()[name], name)
		}
		require.Equal(t, flagsFetched, flagsOf(a))
		require.Equal(t, "n", a.Name)
		require.Equal(t, e.Clock.Now(), a.CreatedAt)
		require.Empty(t, a.Dirty())
		a.Name = "m"
		require.NoError(t, a.Save(e.Ctx))
	})
}

// Extras are in none of the maps of columns, are never written, stay through Save and Refresh, and are not
// copied.
func TestExtrasAreNeverWritten(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "a", Name: "n"}))
		a, err := model.Query[account](e.DB).Select("*", "email as mail").OrderBy("id", relation.Desc).First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, model.Extras{"mail": "a"}, a.Extras())
		for _, m := range []model.Attrs{a.Attributes(), a.Original(), a.Dirty()} {
			require.NotContains(t, m, "mail")
		}
		out, err := json.Marshal(a)
		require.NoError(t, err)
		require.NotContains(t, string(out), `"mail"`)
		a.Extras()["mail"] = "changed"
		a.Extras()["own"] = 1
		require.Empty(t, a.Dirty())
		e.Sends(t, 0, func() { require.NoError(t, a.Save(e.Ctx)) })
		a.Name = "m"
		sent := e.Sends(t, 1, func() { require.NoError(t, a.Save(e.Ctx)) })
		require.NotContains(t, sent[0], "mail")
		require.NoError(t, a.Refresh(e.Ctx))
		require.Equal(t, model.Extras{"mail": "changed", "own": 1}, a.Extras())
		fresh, err := a.Fresh(e.Ctx)
		require.NoError(t, err)
		require.Empty(t, fresh.Extras())
		require.Empty(t, a.Replicate().Extras())
		require.NotNil(t, (&account{}).Extras())
	})
}
