// SPDX-License-Identifier: MIT

package createmany_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// large is a length that no list of parameters can have.
const large = 100_000

// CreateMany takes 100,000 records, in one transaction, and matches their keys.
func TestCreateManyTakesAHundredThousandRecords(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &tick{})
		list := ticks(large)
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		require.EqualValues(t, large, e.Count(t, "ticks"))
		for i, r := range list {
			if !r.IsPersisted() || r.ID == 0 || i > 0 && r.ID <= list[i-1].ID {
				t.Fatalf("record %d is %v", i, r.Attributes())
			}
		}
		for _, i := range []int{0, 1, 999, 1000, 9999, 10_000, large - 1} {
			require.EqualValues(t, list[i].N, e.Rows(t, "SELECT n FROM ticks WHERE id = ?", list[i].ID)[0]["n"])
		}
	})
}

// WhereIn, WhereNotIn, WhereKey, FindMany and FetchOrNewUpMany take 100,000 values, with one statement
// each.
func TestListsTakeAHundredThousandValues(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &tick{})
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, ticks(1000)))
		ids := make([]int64, large)
		for i := range ids {
			ids[i] = int64(i) + 501
		}
		rows := make([]model.Attrs, large)
		for i := range rows {
			rows[i] = model.Attrs{"ID": ids[i]}
		}
		e.Sends(t, 1, func() {
			list, err := model.Query[tick](e.DB).WhereIn("id", ids).All(e.Ctx)
			require.NoError(t, err)
			require.Len(t, list, 500)
		})
		e.Sends(t, 1, func() {
			n, err := model.Query[tick](e.DB).WhereNotIn("id", ids).Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 500, n)
		})
		e.Sends(t, 1, func() {
			n, err := model.Query[tick](e.DB).Use(func(q *relation.Query) { q.WhereKey(ids) }).Update(e.Ctx, model.Attrs{"n": -1})
			require.NoError(t, err)
			require.EqualValues(t, 500, n)
		})
		e.Sends(t, 1, func() {
			list, err := model.Query[tick](e.DB).FindMany(e.Ctx, ids)
			require.NoError(t, err)
			require.Len(t, list, 500)
			require.EqualValues(t, 501, list[0].ID)
		})
		e.Sends(t, 1, func() {
			list, err := model.FetchOrNewUpMany[tick](e.Ctx, e.DB, []string{"id"}, rows)
			require.NoError(t, err)
			require.Len(t, list, large)
			require.True(t, list[499].IsPersisted())
			require.True(t, list[500].IsNew())
		})
	})
}

// The text of a statement does not depend on how many values a list has.
func TestStatementTextDoesNotDependOnTheLength(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &tick{})
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, ticks(10)))
		random := rand.New(rand.NewPCG(7, 8))
		texts := map[string]int{}
		e.Sent.Reset()
		for range 200 {
			ids := make([]int64, 1+random.IntN(300))
			rows := make([]model.Attrs, len(ids))
			for i := range ids {
				ids[i] = random.Int64N(20)
				rows[i] = model.Attrs{"id": ids[i]}
			}
			_, err := model.Query[tick](e.DB).WhereIn("id", ids).All(e.Ctx)
			require.NoError(t, err)
			_, err = model.Query[tick](e.DB).WhereNotIn("n", ids).All(e.Ctx)
			require.NoError(t, err)
			_, err = model.Query[tick](e.DB).FindMany(e.Ctx, ids)
			require.NoError(t, err)
			_, err = model.FetchOrNewUpMany[tick](e.Ctx, e.DB, []string{"id"}, rows)
			require.NoError(t, err)
			_, err = model.Query[tick](e.DB).Use(func(q *relation.Query) { q.WhereKey(ids) }).Delete(e.Ctx)
			require.NoError(t, err)
		}
		for _, sql := range e.Sent.Statements() {
			texts[sql]++
		}
		if e.Database.Has(harness.BoundLists) {
			require.LessOrEqual(t, len(texts), 5, "%v", texts)
		}
	})
}

// CreateMany splits rows of many columns so that no statement has too many parameters.
func TestWideRowsAreSplitByParameters(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &wide{})
		list := make([]*wide, 2500)
		for i := range list {
			list[i] = &wide{A: tenCells{C0: int64(i)}, G: tenCells{C9: int64(-i)}}
		}
		e.Sent.Reset()
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		require.LessOrEqual(t, len(e.Sent.Statements()), 10)
		require.EqualValues(t, len(list), e.Count(t, "wides"))
		for _, i := range []int{0, 1, 467, 468, 1000, len(list) - 1} {
			equalsItsRow(t, e, list[i], list[i].ID)
		}
		list[7].G.C9, list[7].D.C5 = 1, 2
		sent := e.Sends(t, 1, func() { require.NoError(t, list[7].Save(e.Ctx)) })
		require.Contains(t, sent[0], "g_c9")
		require.NotContains(t, sent[0], "g_c8")
		equalsItsRow(t, e, list[7], list[7].ID)
	})
}

// A value that the driver or the database finds too large for its column is ErrInvalidValue, whose text
// does not show it.
func TestValueTooLargeForTheDriverIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &gauge{})
		const tooLarge = 123_456_789
		good := &gauge{Level: 1}
		require.NoError(t, model.Create(e.Ctx, e.DB, good))
		good.Level = tooLarge
		for name, write := range map[string]func() error{
			"Create":     func() error { return model.Create(e.Ctx, e.DB, &gauge{Level: tooLarge}) },
			"CreateMany": func() error { return model.CreateMany(e.Ctx, e.DB, []*gauge{{Level: 1}, {Level: tooLarge}}) },
			"Save":       func() error { return good.Save(e.Ctx) },
			"Update": func() error {
				return harness.Err(model.Query[gauge](e.DB).AllRows().Update(e.Ctx, model.Attrs{"level": tooLarge}))
			},
			"Where": func() error { return harness.Err(model.Query[gauge](e.DB).Where("level", tooLarge).All(e.Ctx)) },
			"WhereIn": func() error {
				return harness.Err(model.Query[gauge](e.DB).WhereIn("level", []int{tooLarge}).All(e.Ctx))
			},
		} {
			err := write()
			if err == nil {
				continue // the database stores it
			}
			require.ErrorIs(t, err, model.ErrInvalidValue, name)
			require.NotContains(t, err.Error(), "123", name)
		}
	})
}

// FetchOrCreateMany and Upsert take 20,000 rows, and insert each once.
func TestUpsertTakesTwentyThousandRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &badge{})
		const n = 20_000
		rows := make([]model.Attrs, n)
		var list []*badge
		for i := range rows {
			rows[i] = model.Attrs{"code": strconv.Itoa(i % (n / 2))}
			list = append(list, &badge{Code: strconv.Itoa(i), Label: "upserted"})
		}
		made, err := model.FetchOrCreateMany[badge](e.Ctx, e.DB, []string{"code"}, rows)
		require.NoError(t, err)
		require.Len(t, made, n)
		require.EqualValues(t, n/2, e.Count(t, "badges"))
		require.NoError(t, model.Upsert(e.Ctx, e.DB, list, nil))
		require.EqualValues(t, n, e.Count(t, "badges"))
		require.Len(t, e.Rows(t, "SELECT code FROM badges WHERE label <> 'upserted'"), 0)
	})
}

func ticks(n int) []*tick {
	list := make([]*tick, n)
	for i := range list {
		list[i] = &tick{N: int64(i)}
	}
	return list
}
