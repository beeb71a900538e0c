// SPDX-License-Identifier: MIT

package createmany_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// The keys that the database counts go to the records in the order of the list, however many there are.
func TestKeysGoToTheRecordsInOrder(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &ballot{}, &tick{})
		for range 2 {
			list := make([]*tick, 25_000)
			for i, n := range rand.New(rand.NewPCG(1, 2)).Perm(len(list)) {
				list[i] = &tick{N: int64(n)}
			}
			require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
			byKey := map[int64]int64{}
			for _, row := range e.Rows(t, "SELECT id, n FROM ticks") {
				byKey[row["id"].(int64)] = row["n"].(int64) //nolint:errcheck,forcetypeassert // the columns' type.
			}
			before := int64(0)
			for _, r := range list {
				require.Equal(t, byKey[r.ID], r.N)
				require.Less(t, before, r.ID)
				before = r.ID
			}
		}
	})
}

// What the database fills in goes to the right record: with counted keys, with keys of the caller's and
// with composite keys.
func TestDefaultsGoToTheirRecords(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &ballot{}, &coupon{}, &raffle{})
		const n = 2500
		order := rand.New(rand.NewPCG(3, 4)).Perm(n)
		ballots, coupons, raffles := make([]*ballot, n), make([]*coupon, n), make([]*raffle, n)
		for i, at := range order {
			name := fmt.Sprint("name ", at)
			ballots[i] = &ballot{Name: name}
			coupons[i] = &coupon{Code: fmt.Sprint("c", at), Name: name}
			raffles[i] = &raffle{Year: int64(at % 7), Code: fmt.Sprint("c", at/7), Name: name}
		}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, ballots))
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, coupons))
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, raffles))
		lots := func(table string) map[string]float64 {
			out := map[string]float64{}
			for _, row := range e.Rows(t, "SELECT name, lot FROM "+table) {
				out[harness.Text(row["name"])] = row["lot"].(float64) //nolint:errcheck,forcetypeassert // the column's type.
			}
			require.Len(t, out, n)
			return out
		}
		ofBallots, ofCoupons, ofRaffles := lots("ballots"), lots("coupons"), lots("raffles")
		for i := range order {
			require.Equal(t, ofBallots[ballots[i].Name], ballots[i].Lot) //nolint:testifylint // the same bits.
			require.Equal(t, ofCoupons[coupons[i].Name], coupons[i].Lot)
			require.Equal(t, ofRaffles[raffles[i].Name], raffles[i].Lot)
		}
		equalsItsRow(t, e, ballots[7], ballots[7].ID)
		equalsItsRow(t, e, coupons[7], coupons[7].Code)
		equalsItsRow(t, e, raffles[7], []any{raffles[7].Year, raffles[7].Code})
	})
}

// Records with a key of their own and records without one can be created together.
func TestRecordsWithAndWithoutKeysGoTogether(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &tick{}, &ballot{})
		list := []*tick{{N: 0}, {ID: 1000, N: 1}, {N: 2}, {ID: 900, N: 3}, {N: 4}}
		ballots := []*ballot{{Name: "0"}, {ID: 1000, Name: "1"}, {Name: "2"}, {ID: 900, Name: "3", Lot: 5}, {Name: "4", Lot: 6}}
		e.Sends(t, 2, func() { require.NoError(t, model.CreateMany(e.Ctx, e.DB, list)) })
		e.Sends(t, 4, func() { require.NoError(t, model.CreateMany(e.Ctx, e.DB, ballots)) })
		require.EqualValues(t, 1000, list[1].ID)
		require.EqualValues(t, 900, list[3].ID)
		for i := range list {
			equalsItsRow(t, e, list[i], list[i].ID)
			equalsItsRow(t, e, ballots[i], ballots[i].ID)
			require.EqualValues(t, i, e.Rows(t, "SELECT n FROM ticks WHERE id = ?", list[i].ID)[0]["n"])
			require.EqualValues(t, strconv.Itoa(i), e.Rows(t, "SELECT name FROM ballots WHERE id = ?", ballots[i].ID)[0]["name"])
		}
	})
}

// UUIDs that the database makes go to the right records, one by one and many at once.
func TestGeneratedUUIDsGoToTheirRecords(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &voucher{})
		one := &voucher{Name: "one"}
		e.Sends(t, 1, func() { require.NoError(t, model.Create(e.Ctx, e.DB, one)) })
		equalsItsRow(t, e, one, one.ID)
		list := make([]*voucher, 12_000)
		for i, n := range rand.New(rand.NewPCG(5, 6)).Perm(len(list)) {
			list[i] = &voucher{Name: strconv.Itoa(n)}
		}
		list[17].ID = "6BA7B811-9DAD-11D1-80B4-00C04FD430C8"
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		require.Equal(t, "6ba7b811-9dad-11d1-80b4-00c04fd430c8", list[17].ID)
		names := map[string]string{}
		for _, row := range e.Rows(t, "SELECT id, name FROM vouchers") {
			names[harness.Text(row["id"])] = harness.Text(row["name"])
		}
		require.Len(t, names, len(list)+1)
		for _, v := range list {
			require.Equal(t, v.Name, names[v.ID])
		}
	}, harness.GeneratedUUIDs)
}

// A record without the key that the caller has to set is ErrMissingKey before anything is sent.
func TestMissingKeyOfTheCallerIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &badge{})
		list := []*badge{{Code: "a"}, {Label: "no code"}, {Code: "c"}}
		e.Sends(t, 0, func() {
			require.ErrorIs(t, model.CreateMany(e.Ctx, e.DB, list), model.ErrMissingKey)
		})
		require.True(t, slices.ContainsFunc(list, func(b *badge) bool { return b.IsNew() }))
		list[1].Code = "b"
		e.Sends(t, 1, func() { require.NoError(t, model.CreateMany(e.Ctx, e.DB, list)) })
		for _, b := range list {
			equalsItsRow(t, e, b, b.Code)
		}
	})
}
