// SPDX-License-Identifier: MIT

package testsuite

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// large is a length that no list of parameters can have.
const large = 100_000

// largePromises are about lists of any length.
func largePromises() []promise {
	return []promise{
		{
			name: "A9/LargeCreateMany",
			says: "CreateMany takes 100,000 records, in one transaction, and matches their keys",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &tick{})
				list := ticks(large)
				require.NoError(t, model.CreateMany(e.ctx, e.db, list))
				require.EqualValues(t, large, e.count(t, "ticks"))
				for i, r := range list {
					if !r.IsPersisted() || r.ID == 0 || i > 0 && r.ID <= list[i-1].ID {
						t.Fatalf("record %d is %v", i, r.Attributes())
					}
				}
				for _, i := range []int{0, 1, 999, 1000, 9999, 10_000, large - 1} {
					require.EqualValues(t, list[i].N, e.rows(t, "SELECT n FROM ticks WHERE id = ?", list[i].ID)[0]["n"])
				}
			},
			twin: func(e *env) { e.sql = bendsInsert("VALUES (?)", "VALUES (1 + ?)") },
		},
		{
			name: "A9/LargeLists",
			says: "WhereIn, WhereNotIn, WhereKey, FindMany and FetchOrNewUpMany take 100,000 values, with one statement each",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &tick{})
				require.NoError(t, model.CreateMany(e.ctx, e.db, ticks(1000)))
				ids := make([]int64, large)
				for i := range ids {
					ids[i] = int64(i) + 501
				}
				rows := make([]model.Attrs, large)
				for i := range rows {
					rows[i] = model.Attrs{"ID": ids[i]}
				}
				e.sends(t, 1, func() {
					list, err := model.Query[tick](e.db).WhereIn("id", ids).All(e.ctx)
					require.NoError(t, err)
					require.Len(t, list, 500)
				})
				e.sends(t, 1, func() {
					n, err := model.Query[tick](e.db).WhereNotIn("id", ids).Count(e.ctx)
					require.NoError(t, err)
					require.EqualValues(t, 500, n)
				})
				e.sends(t, 1, func() {
					n, err := model.Query[tick](e.db).Use(func(q *relation.Query) { q.WhereKey(ids) }).Update(e.ctx, model.Attrs{"n": -1})
					require.NoError(t, err)
					require.EqualValues(t, 500, n)
				})
				e.sends(t, 1, func() {
					list, err := model.Query[tick](e.db).FindMany(e.ctx, ids)
					require.NoError(t, err)
					require.Len(t, list, 500)
					require.EqualValues(t, 501, list[0].ID)
				})
				e.sends(t, 1, func() {
					list, err := model.FetchOrNewUpMany[tick](e.ctx, e.db, []string{"id"}, rows)
					require.NoError(t, err)
					require.Len(t, list, large)
					require.True(t, list[499].IsPersisted())
					require.True(t, list[500].IsNew())
				})
			},
			twin: func(e *env) { e.sql = bends("`ticks`.`id` IN", "1 + `ticks`.`id` IN") },
		},
		{
			name: "A9/StatementTextsAreFew",
			says: "the text of a statement does not depend on how many values a list has",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &tick{})
				require.NoError(t, model.CreateMany(e.ctx, e.db, ticks(10)))
				random := rand.New(rand.NewPCG(7, 8)) //nolint:gosec // the same in every run.
				texts := map[string]int{}
				e.sent.Reset()
				for range 200 {
					ids := make([]int64, 1+random.IntN(300))
					rows := make([]model.Attrs, len(ids))
					for i := range ids {
						ids[i] = random.Int64N(20)
						rows[i] = model.Attrs{"id": ids[i]}
					}
					_, err := model.Query[tick](e.db).WhereIn("id", ids).All(e.ctx)
					require.NoError(t, err)
					_, err = model.Query[tick](e.db).WhereNotIn("n", ids).All(e.ctx)
					require.NoError(t, err)
					_, err = model.Query[tick](e.db).FindMany(e.ctx, ids)
					require.NoError(t, err)
					_, err = model.FetchOrNewUpMany[tick](e.ctx, e.db, []string{"id"}, rows)
					require.NoError(t, err)
					_, err = model.Query[tick](e.db).Use(func(q *relation.Query) { q.WhereKey(ids) }).Delete(e.ctx)
					require.NoError(t, err)
				}
				for _, sql := range e.sent.Statements() {
					texts[see(e, "text", sql)]++
				}
				require.LessOrEqual(t, len(texts), 5, "%v", texts)
			},
			twin: func(e *env) {
				n := 0
				e.seen["text"] = func(v any) any { n++; return fmt.Sprint(v, n) }
			},
		},
		{
			name: "A9/WideRows",
			says: "CreateMany splits rows of many columns so that no statement has too many parameters",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &wide{})
				list := make([]*wide, 2500)
				for i := range list {
					list[i] = &wide{A: tenCells{C0: int64(i)}, G: tenCells{C9: int64(-i)}}
				}
				e.sent.Reset()
				require.NoError(t, model.CreateMany(e.ctx, e.db, list))
				require.LessOrEqual(t, len(e.sent.Statements()), 10)
				require.EqualValues(t, len(list), e.count(t, "wides"))
				for _, i := range []int{0, 1, 467, 468, 1000, len(list) - 1} {
					equalsItsRow(t, e, list[i], list[i].ID)
				}
				list[7].G.C9, list[7].D.C5 = 1, 2
				sent := e.sends(t, 1, func() { require.NoError(t, list[7].Save(e.ctx)) })
				require.Contains(t, sent[0], "g_c9")
				require.NotContains(t, sent[0], "g_c8")
				equalsItsRow(t, e, list[7], list[7].ID)
			},
			twin: func(e *env) { e.sql = bendsInsert("VALUES (?, ", "VALUES (1 + ?, ") },
		},
		{
			name: "A9/RefusedByTheDriver",
			says: "a value that the driver or the database finds too large for its column is ErrInvalidValue, whose text does not show it",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &gauge{})
				const tooLarge = 123_456_789
				good := &gauge{Level: 1}
				require.NoError(t, model.Create(e.ctx, e.db, good))
				good.Level = tooLarge
				for name, write := range map[string]func() error{
					"Create":     func() error { return model.Create(e.ctx, e.db, &gauge{Level: tooLarge}) },
					"CreateMany": func() error { return model.CreateMany(e.ctx, e.db, []*gauge{{Level: 1}, {Level: tooLarge}}) },
					"Save":       func() error { return good.Save(e.ctx) },
					"Update": func() error {
						return second(model.Query[gauge](e.db).AllRows().Update(e.ctx, model.Attrs{"level": tooLarge}))
					},
					"Where":   func() error { return second(model.Query[gauge](e.db).Where("level", tooLarge).All(e.ctx)) },
					"WhereIn": func() error { return second(model.Query[gauge](e.db).WhereIn("level", []int{tooLarge}).All(e.ctx)) },
				} {
					err := e.do("write", write)
					if err == nil {
						continue // the database stores it
					}
					require.ErrorIs(t, err, model.ErrInvalidValue, name)
					require.NotContains(t, err.Error(), "123", name)
				}
			},
			twin: func(e *env) { e.op["write"] = func(func() error) error { return errReaction } },
		},
		{
			name: "A9/LargeUpserts",
			says: "FetchOrCreateMany and Upsert take 20,000 rows, and insert each once",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &badge{})
				const n = 20_000
				rows := make([]model.Attrs, n)
				var list []*badge
				for i := range rows {
					rows[i] = model.Attrs{"code": strconv.Itoa(i % (n / 2))}
					list = append(list, &badge{Code: strconv.Itoa(i), Label: "upserted"})
				}
				made, err := model.FetchOrCreateMany[badge](e.ctx, e.db, []string{"code"}, rows)
				require.NoError(t, err)
				require.Len(t, made, n)
				require.EqualValues(t, n/2, e.count(t, "badges"))
				require.NoError(t, model.Upsert(e.ctx, e.db, list, nil))
				require.EqualValues(t, n, see(e, "rows", e.count(t, "badges")))
				require.Len(t, e.rows(t, "SELECT code FROM badges WHERE label <> 'upserted'"), 0)
			},
			twin: func(e *env) { e.seen["rows"] = func(any) any { return int64(1) } },
		},
	}
}

func ticks(n int) []*tick {
	list := make([]*tick, n)
	for i := range list {
		list[i] = &tick{N: int64(i)}
	}
	return list
}
