// SPDX-License-Identifier: MIT

package conditions_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// WhereRaw adds SQL in parentheses; a ? is the next value, a list as many as it has, and all are bound.
func TestWhereRawIsParenthesisedAndBound(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		answers(t, e, []asked[account]{
			{"no values", q().WhereRaw("age = 30"), []int64{1, 3}},
			{"values", q().WhereRaw("age > ? AND name <> ?", 20, "bob"), []int64{1, 3, 4}},
			{"parentheses", q().WhereRaw("age = 20 OR age = 50").Where("name", "dan"), []int64{4}},
			{"in parentheses before", q().Where("name", "dan").WhereRaw("age = ? OR age = ?", 20, 50), []int64{4}},
			{"or", q().Where("age", 20).Use(func(q *relation.Query) { q.OrWhereRaw("age = ? AND name = ?", 30, "ann") }), []int64{1, 5}},
			{"list", q().WhereRaw("age IN (?) AND name <> ?", []int{20, 30}, "ann"), []int64{3, 5}},
			{"list of text", q().WhereRaw("name IN (?)", []string{"ann", "it's"}), []int64{1}},
			{"empty list", q().WhereRaw("age IN (?)", []int{}), nil},
			{"nil", q().WhereRaw("coalesce(?, age) = 30", nil), []int64{1, 3}},
			{"time", q().WhereRaw("seen_at = ?", time.Date(2026, 3, 1, 15, 0, 0, 0, time.FixedZone("", 3*3600))), []int64{1}},
			{"pointer", q().WhereRaw("age = ?", new(50)), []int64{4}},
			{"sub-query", q().WhereRaw("id = ?", model.Query[queryPost](e.DB).Where("words", 40).Select("account_id")), []int64{3}},
			{"numbering", q().Where("age", ">", 20).WhereRaw("age < ?", 50).Where("name", "<", "cyd"), []int64{1, 2}},
			{"no injection", q().WhereRaw("name = ?", "x' OR '1'='1"), nil},
		})
	})
}

// Question marks in quotes and comments are no placeholders, ?? is a question mark.
func TestQuotedQuestionMarksAreNoPlaceholders(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		answers(t, e, []asked[account]{
			{"text", q().WhereRaw("name <> 'who?' AND age = ?", 30), []int64{1, 3}},
			{"quote in text", q().WhereRaw("name <> 'it''s ?' AND age = ?", 30), []int64{1, 3}},
			{"comment", q().WhereRaw("/* ? */ age = ? /* 'it?' */", 30), []int64{1, 3}},
			{"line comment", q().WhereRaw("-- who's that?\n age = ?", 30), []int64{1, 3}},
			{"operators", q().WhereRaw("age - ? = 10 / 1", 20), []int64{1, 3}},
		})
		sql, args, err := q().WhereRaw(`a ?? b AND "c?" = ? AND $x$ ? $x$ = '\' AND d = ?`, 1, 2).ToSQL()
		require.NoError(t, err)
		require.Contains(t, sql, `(a ? b AND "c?" = `)
		require.Contains(t, sql, `$x$ ? $x$ = '\' AND d = `)
		require.Equal(t, []any{int64(1), int64(2)}, args)
	})
}

// Raw SQL with a wrong number of values, or a value that cannot be stored, is refused before it is sent.
func TestWrongNumberOfRawValuesIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		refuses(t, e, []refused{
			{"too many", all(e, q().WhereRaw("age = ?", 1, 2)), model.ErrInvalidValue, "1 placeholders for 2 values"},
			{"too few", all(e, q().WhereRaw("age = ? AND id = ?", 1)), model.ErrInvalidValue, "2 placeholders for 1 values"},
			{"only in text", all(e, q().WhereRaw("name = '?'", 1)), model.ErrInvalidValue, "0 placeholders"},
			{"order", all(e, q().OrderByRaw("abs(age - ?)", 1, 2)), model.ErrInvalidValue, "placeholders"},
			{"select", all(e, q().SelectRaw("age + ?", 1, 2)), model.ErrInvalidValue, "placeholders"},
			{"having", all(e, q().GroupBy("age").Use(func(q *relation.Query) { q.HavingRaw("count(*) > ?", 1, 2) })), model.ErrInvalidValue, "placeholders"},
			{"NaN", all(e, q().WhereRaw("score = ?", math.NaN())), model.ErrInvalidValue, "NaN"},
			{"NUL", all(e, q().WhereRaw("name = ?", "a\x00")), model.ErrInvalidValue, "NUL"},
			{"UTF-8", all(e, q().WhereRaw("name IN (?)", []string{"\xff"})), model.ErrInvalidValue, "UTF-8"},
			{"type", all(e, q().WhereRaw("name = ?", struct{ A int }{1})), model.ErrInvalidValue, "unsupported type"},
			{"mistake in a sub-query", all(e, q().WhereRaw("id = ?", q().Where("emial", "x"))), model.ErrUnknownColumn, "did you mean"},
		})
	})
}

// Raw SQL may stand in Select, Where, Having and OrderBy at once, and values stay in order.
func TestRawValuesStayInOrder(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := model.Query[account](e.DB).
			Select("age").SelectRaw("count(*) + ? AS many", 100).
			WhereRaw("id <> ?", 5).
			GroupBy("age").Use(func(q *relation.Query) { q.HavingRaw("count(*) >= ?", 1) }).
			OrderByRaw("abs(age - ?)", 41)
		e.Sends(t, 1, func() {
			list, err := q.All(e.Ctx)
			require.NoError(t, err)
			var ages []int
			var many []int64
			for _, a := range list {
				ages = append(ages, a.Age)
				many = append(many, a.Extras().Int64("many"))
			}
			require.Equal(t, []int{40, 50, 30}, ages)
			require.Equal(t, []int64{101, 101, 102}, many)
		})
	})
}

// What SelectRaw selects fills the columns of the model that it names, and Extras with all else.
func TestSelectRawFillsColumnsAndExtras(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		list, err := model.Query[account](e.DB).SelectRaw("id, name, age * ? AS twice, concat(name, '!') AS shout", 2).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		first := list[0]
		require.EqualValues(t, 1, first.ID)
		require.Equal(t, "ann", first.Name)
		require.Zero(t, first.Age, "a column that was not selected")
		require.EqualValues(t, 60, first.Extras().Int64("twice"))
		require.Equal(t, "ann!", first.Extras().String("shout"))
		require.False(t, first.Extras().Has("name"))
		require.Len(t, first.Attributes(), 2)

		beside, err := model.Query[account](e.DB).Select("*").SelectRaw("age + 1 AS older").OrderBy("id").First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "ann@example.com", beside.Email)
		require.EqualValues(t, 31, beside.Extras().Int64("older"))
		require.NoError(t, beside.Save(e.Ctx))
	})
}

// Raw conditions in groups and sub-queries keep their parentheses.
func TestRawConditionsKeepTheirParentheses(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		answers(t, e, []asked[account]{
			{"group", model.Query[account](e.DB).WhereNot(func(q *relation.Query) {
				q.WhereRaw("age = ? OR age = ?", 30, 40).Where("active", true)
			}), []int64{2, 4, 5}},
			{"exists", model.Query[account](e.DB).Use(func(q *relation.Query) {
				q.WhereExists(model.Query[queryPost](e.DB).Untyped().
					WhereRaw("words = ? OR words = ?", 10, 60).WhereColumn("account_id", "=", "accounts.id"))
			}), []int64{1}},
		})
	})
}
