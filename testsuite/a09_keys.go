// SPDX-License-Identifier: MIT

package testsuite

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// manyKeyPromises are about which record gets which key.
func manyKeyPromises() []promise {
	return []promise{
		{
			name: "A9/KeysInOrder",
			says: "the keys that the database counts go to the records in the order of the list, however many there are",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &ballot{}, &tick{})
				for range 2 {
					list := make([]*tick, 25_000)
					for i, n := range rand.New(rand.NewPCG(1, 2)).Perm(len(list)) { //nolint:gosec // the same in every run.
						list[i] = &tick{N: int64(n)}
					}
					require.NoError(t, model.CreateMany(e.ctx, e.db, list))
					byKey := map[int64]int64{}
					for _, row := range e.rows(t, "SELECT id, n FROM ticks") {
						byKey[row["id"].(int64)] = row["n"].(int64) //nolint:errcheck,forcetypeassert // the columns' type.
					}
					before := int64(0)
					for _, r := range list {
						require.Equal(t, see(e, "n", byKey[r.ID]), r.N)
						require.Less(t, before, r.ID)
						before = r.ID
					}
				}
			},
			twin: func(e *env) {
				e.seen["n"] = func(v any) any {
					n, _ := v.(int64)
					return n + 1
				}
			},
		},
		{
			name: "A9/DefaultsGoToTheirRecords",
			says: "what the database fills in goes to the right record: with counted keys, with keys of the caller's and with composite keys",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &ballot{}, &coupon{}, &raffle{})
				const n = 2500
				order := rand.New(rand.NewPCG(3, 4)).Perm(n) //nolint:gosec // the same in every run.
				ballots, coupons, raffles := make([]*ballot, n), make([]*coupon, n), make([]*raffle, n)
				for i, at := range order {
					name := fmt.Sprint("name ", at)
					ballots[i] = &ballot{Name: name}
					coupons[i] = &coupon{Code: fmt.Sprint("c", at), Name: name}
					raffles[i] = &raffle{Year: int64(at % 7), Code: fmt.Sprint("c", at/7), Name: name}
				}
				require.NoError(t, model.CreateMany(e.ctx, e.db, ballots))
				require.NoError(t, model.CreateMany(e.ctx, e.db, coupons))
				require.NoError(t, model.CreateMany(e.ctx, e.db, raffles))
				lots := func(table string) map[string]float64 {
					out := map[string]float64{}
					for _, row := range e.rows(t, "SELECT name, lot FROM "+table) {
						out[text(row["name"])] = row["lot"].(float64) //nolint:errcheck,forcetypeassert // the column's type.
					}
					require.Len(t, out, n)
					return out
				}
				ofBallots, ofCoupons, ofRaffles := lots("ballots"), lots("coupons"), lots("raffles")
				for i := range order {
					require.Equal(t, ofBallots[ballots[i].Name], see(e, "lot", ballots[i].Lot)) //nolint:testifylint // the same bits.
					require.Equal(t, ofCoupons[coupons[i].Name], coupons[i].Lot)
					require.Equal(t, ofRaffles[raffles[i].Name], raffles[i].Lot)
				}
				equalsItsRow(t, e, ballots[7], ballots[7].ID)
				equalsItsRow(t, e, coupons[7], coupons[7].Code)
				equalsItsRow(t, e, raffles[7], []any{raffles[7].Year, raffles[7].Code})
			},
			twin: func(e *env) {
				e.seen["lot"] = func(v any) any {
					lot, _ := v.(float64)
					return lot + 1e6
				}
			},
		},
		{
			name: "A9/MixedKeys",
			says: "records with a key of their own and records without one can be created together",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &tick{}, &ballot{})
				list := []*tick{{N: 0}, {ID: 1000, N: 1}, {N: 2}, {ID: 900, N: 3}, {N: 4}}
				ballots := []*ballot{{Name: "0"}, {ID: 1000, Name: "1"}, {Name: "2"}, {ID: 900, Name: "3", Lot: 5}, {Name: "4", Lot: 6}}
				e.sends(t, 2, func() { require.NoError(t, model.CreateMany(e.ctx, e.db, list)) })
				e.sends(t, 4, func() { require.NoError(t, model.CreateMany(e.ctx, e.db, ballots)) })
				require.EqualValues(t, 1000, list[1].ID)
				require.EqualValues(t, 900, list[3].ID)
				for i := range list {
					equalsItsRow(t, e, list[i], list[i].ID)
					equalsItsRow(t, e, ballots[i], ballots[i].ID)
					require.EqualValues(t, i, e.rows(t, "SELECT n FROM ticks WHERE id = ?", list[i].ID)[0]["n"])
					require.EqualValues(t, strconv.Itoa(i), e.rows(t, "SELECT name FROM ballots WHERE id = ?", ballots[i].ID)[0]["name"])
				}
			},
			twin: func(e *env) { e.sql = bendsInsert("VALUES (?)", "VALUES (1 + ?)") },
		},
		{
			name:  "A9/GeneratedUUIDs",
			says:  "UUIDs that the database makes go to the right records, one by one and many at once",
			needs: []Feature{GeneratedUUIDs},
			check: func(t testing.TB, e *env) {
				e.migrate(t, &voucher{})
				one := &voucher{Name: "one"}
				e.sends(t, 1, func() { require.NoError(t, model.Create(e.ctx, e.db, one)) })
				equalsItsRow(t, e, one, one.ID)
				list := make([]*voucher, 12_000)
				for i, n := range rand.New(rand.NewPCG(5, 6)).Perm(len(list)) { //nolint:gosec // the same in every run.
					list[i] = &voucher{Name: strconv.Itoa(n)}
				}
				list[17].ID = "6BA7B811-9DAD-11D1-80B4-00C04FD430C8"
				require.NoError(t, model.CreateMany(e.ctx, e.db, list))
				require.Equal(t, "6ba7b811-9dad-11d1-80b4-00c04fd430c8", list[17].ID)
				names := map[string]string{}
				for _, row := range e.rows(t, "SELECT id, name FROM vouchers") {
					names[text(row["id"])] = text(row["name"])
				}
				require.Len(t, names, len(list)+1)
				for _, v := range list {
					require.Equal(t, v.Name, see(e, "name", names[v.ID]))
				}
			},
			twin: func(e *env) { e.seen["name"] = func(any) any { return "another" } },
		},
		{
			name: "A9/KeysOfTheCaller",
			says: "a record without the key that the caller has to set is ErrMissingKey before anything is sent",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &badge{})
				list := []*badge{{Code: "a"}, {Label: "no code"}, {Code: "c"}}
				e.sends(t, 0, func() {
					require.ErrorIs(t, e.do("find", func() error { return model.CreateMany(e.ctx, e.db, list) }), model.ErrMissingKey)
				})
				require.True(t, slices.ContainsFunc(list, func(b *badge) bool { return b.IsNew() }))
				list[1].Code = "b"
				e.sends(t, 1, func() { require.NoError(t, model.CreateMany(e.ctx, e.db, list)) })
				for _, b := range list {
					equalsItsRow(t, e, b, b.Code)
				}
			},
			twin: findsByText,
		},
	}
}
