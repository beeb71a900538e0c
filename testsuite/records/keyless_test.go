// SPDX-License-Identifier: MIT

package records_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Sale is a row that the view counts.
type Sale struct {
	model.BaseModel[Sale]

	ID     int64
	Seller string
	Amount int64
}

// Total is a row of a view, which has no key.
type Total struct {
	model.BaseModel[Total]

	Seller string
	Sum    int64
	Sales  []*Sale `relation:"hasMany;localKey:Seller;foreignKey:Seller"`
}

// Person has a row of the view.
type Person struct {
	model.BaseModel[Person]

	ID     int64
	Name   string
	Totals []*Total `relation:"hasMany;localKey:Name;foreignKey:Seller"`
	Total  *Total   `relation:"hasOne;localKey:Name;foreignKey:Seller"`
}

func seedTotals(t *testing.T, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &Sale{}, &Person{})
	require.NoError(t, e.DB.Register(&Total{}))
	e.Exec(t, "CREATE VIEW totals AS SELECT seller, CAST(sum(amount) AS decimal) AS sum FROM sales GROUP BY seller")
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Sale{{Seller: "a", Amount: 1}, {Seller: "a", Amount: 2}, {Seller: "b", Amount: 4}}))
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Person{{Name: "a"}, {Name: "b"}, {Name: "c"}}))
	e.Sent.Reset()
}

// A model without a key, such as one of a view, is read like any other: listed, filtered, paged, counted, serialized, preloaded from and to.
func TestModelsWithoutAKeyAreRead(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTotals(t, e)
		list, err := model.Query[Total](e.DB).OrderBy("seller").Preload("sales").All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, list, 2)
		require.Equal(t, []any{"a", int64(3), 2}, []any{list[0].Seller, list[0].Sum, len(list[0].Sales)})
		require.False(t, list[0].IsDirty())
		first, err := model.Query[Total](e.DB).Where("sum", ">", 3).First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "b", first.Seller)
		sole, err := model.Query[Total](e.DB).FindBy(e.Ctx, "seller", "a")
		require.NoError(t, err)
		require.EqualValues(t, 3, sole.Sum)
		page, err := model.Query[Total](e.DB).OrderBy("seller").Paginate(e.Ctx, 2, 1)
		require.NoError(t, err)
		require.Equal(t, "b", page.Data[0].Seller)
		out, err := json.Marshal(first)
		require.NoError(t, err)
		require.JSONEq(t, `{"seller":"b","sum":4}`, string(out))
		require.False(t, model.Is(first, list[1]), "rows without a key are not known to be one")
		require.Equal(t, "totals#", first.LogValue().String())
		n, err := model.Query[Total](e.DB).WhereHas("sales", func(q *relation.Query) { q.Where("amount", 4) }).Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		for total, err := range model.Query[Total](e.DB).Each(e.Ctx) {
			require.NoError(t, err)
			require.NotEmpty(t, total.Seller)
		}
		people, err := model.Query[Person](e.DB).WithCount("totals as n").Preload("totals.sales").Preload("total").OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, int64(3), people[0].Total.Sum)
		require.Len(t, people[0].Totals[0].Sales, 2)
		require.Nil(t, people[2].Total)
		require.EqualValues(t, 1, people[1].Extras().Int64("n"))
	})
}

// What needs a key says so, with the way out, and sends nothing.
func TestWhatNeedsAKeySaysSo(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTotals(t, e)
		total, err := model.Query[Total](e.DB).OrderBy("seller").First(e.Ctx)
		require.NoError(t, err)
		total.Sum++
		person, err := model.Query[Person](e.DB).First(e.Ctx)
		require.NoError(t, err)
		query := func() *model.Builder[Total] { return model.Query[Total](e.DB) }
		for name, call := range map[string]func() error{
			"Save":      func() error { return total.Save(e.Ctx) },
			"Delete":    func() error { return total.Delete(e.Ctx) },
			"Force":     func() error { return total.ForceDelete(e.Ctx) },
			"Increment": func() error { return total.Increment(e.Ctx, "sum", 1) },
			"Touch":     func() error { return total.Touch(e.Ctx) },
			"Refresh":   func() error { return total.Refresh(e.Ctx) },
			"Fresh":     func() error { _, err := total.Fresh(e.Ctx); return err },
			"WithLock":  func() error { return total.WithLock(e.Ctx, func(context.Context, *Total) error { return nil }) },
			"Push":      func() error { return total.Push(e.Ctx) },
			"Find":      func() error { _, err := query().Find(e.Ctx, 1); return err },
			"FindMany":  func() error { _, err := query().FindMany(e.Ctx, []int{1}); return err },
			"WhereKey":  func() error { _, err := query().WhereKey(1).All(e.Ctx); return err },
			"Cursor":    func() error { _, err := query().OrderBy("seller").CursorPaginate(e.Ctx, "", 1); return err },
			"Chunk": func() error {
				for _, err := range query().OrderBy("seller").Chunk(e.Ctx, 1) {
					return err
				}
				return nil
			},
			"Upsert":        func() error { return model.Upsert(e.Ctx, e.DB, []*Total{{Seller: "x"}}, nil) },
			"relation Save": func() error { return relation.HasMany(person, &person.Totals).Save(e.Ctx, total) },
			"Migrate":       func() error { return e.DB.Migrate(e.Ctx, &Total{}) },
		} {
			e.Sent.Reset()
			err := call()
			require.ErrorIs(t, err, model.ErrMissingKey, name)
			require.ErrorContains(t, err, "Total has no primary key", name)
			require.Empty(t, e.Sent.Statements(), name)
		}
	})
}

// A relation says which column it uses instead of a key.
func TestRelationsOfModelsWithoutAKeyNameTheirColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		type keyless struct {
			model.BaseModel[keyless]

			Seller string
			Sales  []*Sale `relation:"hasMany;foreignKey:Seller"`
		}
		err := e.DB.Register(&keyless{})
		require.ErrorIs(t, err, model.ErrMissingKey)
		require.ErrorContains(t, err, "name the column that the relation uses by localKey")
	})
}
