// SPDX-License-Identifier: MIT

package relations_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A market has offers, of which a global scope hides those that are closed.
type (
	market struct {
		model.BaseModel[market]

		ID       int64
		Newest   *offer `relation:"hasOne"`
		Oldest   *offer `relation:"hasOne"`
		Dearest  *offer `relation:"hasOne"`
		Cheapest *offer `relation:"hasOne"`
	}
	offer struct {
		model.BaseModel[offer]

		ID        int64
		MarketID  int64
		Price     int
		Closed    bool
		CreatedAt time.Time
	}
)

// Define is read by Register.
func (m *market) Define(d *model.Definition[market]) {
	d.Relation(&m.Newest).LatestOfMany()
	d.Relation(&m.Oldest).OldestOfMany()
	d.Relation(&m.Dearest).OfMany("price", "max")
	d.Relation(&m.Cheapest).OfMany("price", "min")
}

// Define is read by Register.
func (*offer) Define(d *model.Definition[offer]) {
	d.GlobalScope("open", func(q *relation.Query) { q.Where("closed", false) })
}

// A row that a global scope hides is never the newest, oldest, greatest or smallest of many: the first of
// those that it shows is.
func TestGlobalScopesHoldInOneOfMany(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &market{}, &offer{})
		require.NoError(t, model.Insert(e.Ctx, e.DB, []*market{{}, {}}))
		var offers []*offer
		for i, closed := range []bool{true, false, false, true} {
			for id := range int64(2) {
				offers = append(offers, &offer{MarketID: id + 1, Price: i, Closed: closed, CreatedAt: e.Clock.Now().AddDate(0, 0, i)})
			}
		}
		offers[5].Closed = true // the second market has one open offer, of price 1
		require.NoError(t, model.Insert(e.Ctx, e.DB, offers))
		var list []*market
		e.Sends(t, 5, func() {
			var err error
			list, err = model.Query[market](e.DB).OrderBy("id").
				Preload("newest").Preload("oldest").Preload("dearest").Preload("cheapest").All(e.Ctx)
			require.NoError(t, err)
		})
		for i, want := range []struct{ high, low int }{{2, 1}, {1, 1}} {
			m := list[i]
			for name, found := range map[string]*offer{"newest": m.Newest, "dearest": m.Dearest} {
				require.NotNil(t, found, name)
				require.Equal(t, want.high, found.Price, name)
			}
			for name, found := range map[string]*offer{"oldest": m.Oldest, "cheapest": m.Cheapest} {
				require.NotNil(t, found, name)
				require.Equal(t, want.low, found.Price, name)
			}
			lazy, err := relation.HasOne(m, &m.Newest).Query().First(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, want.high, lazy.Price)
		}
		n, err := model.Query[market](e.DB).WhereHas("newest", func(q *relation.Query) { q.Where("price", 2) }).Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
	})
}
