// SPDX-License-Identifier: MIT

package conditions_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Where takes a column and a value, or a column, an operator and a value, by attribute or column name.
func TestWhereTakesValuesAndOperators(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		answers(t, e, []asked[account]{
			{"value", q().Where("Age", 30), []int64{1, 3}},
			{"column name", q().Where("age", 30), []int64{1, 3}},
			{"with its table", q().Where("accounts.age", 30), []int64{1, 3}},
			{"attribute with its table", q().Where("accounts.Age", 30), []int64{1, 3}},
			{"=", q().Where("age", "=", 40), []int64{2}},
			{"==", q().Where("age", "==", 40), []int64{2}},
			{"!=", q().Where("age", "!=", 30), []int64{2, 4, 5}},
			{"<>", q().Where("age", "<>", 30), []int64{2, 4, 5}},
			{"<", q().Where("age", "<", 30), []int64{5}},
			{"<=", q().Where("age", "<=", 30), []int64{1, 3, 5}},
			{">", q().Where("age", ">", 40), []int64{4}},
			{">=", q().Where("age", ">=", 40), []int64{2, 4}},
			{"like", q().Where("email", "like", "%.org"), []int64{3, 4}},
			{"LIKE", q().Where("email", "LIKE", "%.org"), []int64{3, 4}},
			{"not like", q().Where("email", "not like", "%.org"), []int64{1, 2, 5}},
			{"ilike", q().Where("name", "ilike", "A%"), []int64{1}},
			{"not ilike", q().Where("name", "not ilike", "A%"), []int64{2, 3, 4, 5}},
			{"in", q().Where("age", "in", []int{20, 50}), []int64{4, 5}},
			{"not in", q().Where("age", "not in", []int{20, 50}), []int64{1, 2, 3}},
			{"of NULL", q().Where("nick", "!=", "annie"), []int64{3, 4}},
			{"twice", q().Where("age", 30).Where("name", "ann"), []int64{1}},
			{"nothing", q(), []int64{1, 2, 3, 4, 5}},
		})
	})
}

// OrWhere joins a condition by OR, which binds weaker than AND, as in SQL.
func TestOrBindsWeakerThanAnd(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		answers(t, e, []asked[account]{
			{"two", q().Where("age", 20).OrWhere("age", 50), []int64{4, 5}},
			{"first", q().OrWhere("age", 20), []int64{5}},
			{"operator", q().Where("age", 20).OrWhere("age", ">", 40), []int64{4, 5}},
			{"behind AND", q().Where("age", 30).Where("name", "ann").OrWhere("name", "bob"), []int64{1, 2}},
			{"before AND", q().Where("name", "bob").OrWhere("age", 30).Where("name", "ann"), []int64{1, 2}},
		})
	})
}

// WhereNot is the opposite of a condition or group; of NULL neither is true.
func TestWhereNotIsTheOpposite(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		answers(t, e, []asked[account]{
			{"value", q().WhereNot("age", 30), []int64{2, 4, 5}},
			{"operator", q().WhereNot("age", ">", 30), []int64{1, 3, 5}},
			{"in", q().WhereNot("age", "in", []int{30}), []int64{2, 4, 5}},
			{"NULL", q().WhereNot("nick", "dan"), []int64{1, 3}},
			{"or", q().Where("name", "ann").Use(func(q *relation.Query) { q.OrWhereNot("age", "<", 50) }), []int64{1, 4}},
			{"group", q().WhereNot(func(q *relation.Query) { q.Where("age", 30).OrWhere("age", 40) }), []int64{4, 5}},
			{"or group", q().Where("age", 30).Use(func(q *relation.Query) { q.OrWhereNot(func(q *relation.Query) { q.Where("age", "<", 50) }) }), []int64{1, 3, 4}},
		})
	})
}

// A function adds a group of conditions in parentheses, to any depth.
func TestFunctionAddsAGroup(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		answers(t, e, []asked[account]{
			{"and", q().Where("active", true).Where(func(q *relation.Query) {
				q.Where("name", "ann").OrWhere("name", "bob")
			}), []int64{1}},
			{"or", q().Where("name", "dan").OrWhere(func(q *relation.Query) {
				q.Where("age", 30).Where("name", "cyd")
			}), []int64{3, 4}},
			{"nested", q().Where(func(q *relation.Query) {
				q.Where("age", 20).OrWhere(func(q *relation.Query) {
					q.Where("age", 30).WhereNot(func(q *relation.Query) { q.Where("name", "ann") })
				})
			}), []int64{3, 5}},
		})
		refuses(t, e, []refused{
			{"empty", all(e, q().Where(func(*relation.Query) {})), model.ErrInvalidValue, "empty group"},
			{"nil", all(e, q().Where((func(*relation.Query))(nil))), model.ErrInvalidValue, "nil function"},
			{"arguments", all(e, q().Where(func(q *relation.Query) { q.Where("age", 1) }, 1)), model.ErrInvalidValue, "no further"},
			{"order", all(e, q().Where(func(q *relation.Query) { q.Where("age", 1).OrderBy("id") })), model.ErrUnsupported, "conditions only"},
			{"limit", all(e, q().Where(func(q *relation.Query) { q.Where("age", 1).Limit(1) })), model.ErrUnsupported, "conditions only"},
			{"typo", all(e, q().Where(func(q *relation.Query) { q.Where("aeg", 1) })), model.ErrUnknownColumn, "did you mean"},
			{"run", func() error {
				var err error
				_, _ = q().Where(func(q *relation.Query) { err = q.Where("age", 1).First(e.Ctx, &account{}) }).All(e.Ctx)
				e.Sent.Reset()
				return err
			}, model.ErrUnsupported, "cannot run"},
		})
	})
}

// WhereNull and WhereNotNull, and their Or twins, look for NULL.
func TestWhereNullLooksForNull(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		answers(t, e, []asked[account]{
			{"null", q().WhereNull("nick"), []int64{2, 5}},
			{"not null", q().WhereNotNull("Nick"), []int64{1, 3, 4}},
			{"or null", q().Where("age", 50).Use(func(q *relation.Query) { q.OrWhereNull("seen_at") }), []int64{3, 4, 5}},
			{"or not null", q().Where("age", 20).Use(func(q *relation.Query) { q.OrWhereNotNull("nick") }), []int64{1, 3, 4, 5}},
		})
	})
}

// WhereBetween includes both ends, WhereNotBetween neither, for numbers, text and times.
func TestWhereBetweenIncludesBothEnds(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		day := func(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }
		answers(t, e, []asked[account]{
			{"numbers", q().WhereBetween("age", 30, 40), []int64{1, 2, 3}},
			{"backwards", q().WhereBetween("age", 40, 30), nil},
			{"text", q().WhereBetween("name", "bob", "dan"), []int64{2, 3, 4}},
			{"times", q().WhereBetween("seen_at", day(1), day(2)), []int64{1, 2}},
			{"other zone", q().WhereBetween("seen_at", day(1).In(time.FixedZone("", 7200)), "2026-03-02T12:00:00Z"), []int64{1, 2}},
			{"not", q().Use(func(q *relation.Query) { q.WhereNotBetween("age", 30, 40) }), []int64{4, 5}},
			{"or", q().Where("name", "eve").Use(func(q *relation.Query) { q.OrWhereBetween("age", 40, 40) }), []int64{2, 5}},
			{"or not", q().Where("name", "ann").Use(func(q *relation.Query) { q.OrWhereNotBetween("age", 20, 40) }), []int64{1, 4}},
		})
	})
}

// WhereLike is the database's LIKE, WhereILike ignores case on every database.
func TestWhereILikeIgnoresCase(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		answers(t, e, []asked[account]{
			{"many", q().WhereLike("email", "%@example.org"), []int64{3, 4}},
			{"one", q().WhereLike("name", "_nn"), []int64{1}},
			{"not", q().Use(func(q *relation.Query) { q.WhereNotLike("email", "%@example.org") }), []int64{1, 2, 5}},
			{"or", q().Where("age", 20).Use(func(q *relation.Query) { q.OrWhereLike("name", "b%") }), []int64{2, 5}},
			{"or not", q().Where("age", 20).Use(func(q *relation.Query) { q.OrWhereNotLike("email", "%com") }), []int64{3, 4, 5}},
			{"of NULL", q().Use(func(q *relation.Query) { q.WhereNotLike("nick", "x%") }), []int64{1, 3, 4}},
			{"ilike", q().Use(func(q *relation.Query) { q.WhereILike("email", "%@EXAMPLE.Org") }), []int64{3, 4}},
			{"not ilike", q().Use(func(q *relation.Query) { q.WhereNotILike("email", "%@EXAMPLE.Org") }), []int64{1, 2, 5}},
			{"or ilike", q().Where("age", 20).Use(func(q *relation.Query) { q.OrWhereILike("name", "B%") }), []int64{2, 5}},
			{"or not ilike", q().Where("age", 20).Use(func(q *relation.Query) { q.OrWhereNotILike("email", "%COM") }), []int64{3, 4, 5}},
		})
		refuses(t, e, []refused{
			{"number", all(e, q().WhereLike("age", "3%")), model.ErrInvalidValue, "LIKE compares text"},
			{"pattern", all(e, q().Where("name", "like", 3)), model.ErrInvalidValue, "the pattern"},
			{"NUL", all(e, q().WhereLike("name", "a\x00%")), model.ErrInvalidValue, "NUL"},
		})
	})
}

// WhereColumn compares two columns.
func TestWhereColumnComparesColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		answers(t, e, []asked[account]{
			{"=", q().Use(func(q *relation.Query) { q.WhereColumn("age", "=", "visits") }), []int64{1, 4}},
			{">", q().Use(func(q *relation.Query) { q.WhereColumn("Age", ">", "Visits") }), []int64{2, 3, 5}},
			{"NULL", q().Use(func(q *relation.Query) { q.WhereColumn("nick", "=", "name") }), []int64{4}},
			{"or", q().Where("name", "bob").Use(func(q *relation.Query) { q.OrWhereColumn("nick", "=", "name") }), []int64{2, 4}},
		})
		refuses(t, e, []refused{
			{"left", all(e, q().Use(func(q *relation.Query) { q.WhereColumn("agee", "=", "visits") })), model.ErrUnknownColumn, "did you mean"},
			{"right", all(e, q().Use(func(q *relation.Query) { q.WhereColumn("age", "=", "1 OR 1") })), model.ErrUnknownColumn, "no column"},
			{"operator", all(e, q().Use(func(q *relation.Query) { q.WhereColumn("age", "like", "name") })), model.ErrUnsupported, "operator"},
		})
	})
}

// WhereKey keeps the rows with the keys, in any number, WhereKeyNot the others; a malformed key is refused.
func TestWhereKeyTakesAnyNumberOfKeys(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		answers(t, e, []asked[account]{
			{"one", q().Use(func(q *relation.Query) { q.WhereKey(2) }), []int64{2}},
			{"several", q().Use(func(q *relation.Query) { q.WhereKey(2, int8(4), "5", 99) }), []int64{2, 4, 5}},
			{"slice", q().Use(func(q *relation.Query) { q.WhereKey([]int64{1, 3}) }), []int64{1, 3}},
			{"mixed", q().Use(func(q *relation.Query) { q.WhereKey([]string{"1"}, 3) }), []int64{1, 3}},
			{"none", q().Use(func(q *relation.Query) { q.WhereKey() }), nil},
			{"empty slice", q().Use(func(q *relation.Query) { q.WhereKey([]int64{}) }), nil},
			{"not", q().Use(func(q *relation.Query) { q.WhereKeyNot(2, 4) }), []int64{1, 3, 5}},
			{"not none", q().Use(func(q *relation.Query) { q.WhereKeyNot() }), []int64{1, 2, 3, 4, 5}},
		})
		refuses(t, e, []refused{
			{"nil", all(e, q().Use(func(q *relation.Query) { q.WhereKey(nil) })), model.ErrInvalidKey, "nil"},
			{"text", all(e, q().Use(func(q *relation.Query) { q.WhereKey("4e1") })), model.ErrInvalidKey, "account.ID"},
			{"float", all(e, q().Use(func(q *relation.Query) { q.WhereKeyNot(1.5) })), model.ErrInvalidKey, "float64"},
		})
	})
}

// WhereIn takes a slice of any element type that fits; nothing is in an empty slice, everything is outside
// of it.
func TestWhereInTakesAnySlice(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		type years int
		answers(t, e, []asked[account]{
			{"ints", q().WhereIn("age", []int{20, 50, 60}), []int64{4, 5}},
			{"strings", q().WhereIn("name", []string{"ann", "o'neil", "\"", "\\", "bob"}), []int64{1, 2}},
			{"any", q().WhereIn("age", []any{20, "50", int8(40)}), []int64{2, 4, 5}},
			{"named", q().WhereIn("age", []years{20}), []int64{5}},
			{"array", q().WhereIn("age", [2]int{20, 50}), []int64{4, 5}},
			{"pointers", q().WhereIn("age", []*int{new(20), new(50)}), []int64{4, 5}},
			{"floats", q().WhereIn("score", []float64{1.5, 4, -1}), []int64{1, 3, 4}},
			{"bools", q().WhereIn("active", []bool{false}), []int64{2, 4}},
			{"times", q().WhereIn("seen_at", []time.Time{time.Date(2026, 3, 1, 14, 0, 0, 0, time.FixedZone("", 7200))}), []int64{1}},
			{"doubles", q().WhereIn("age", []int{20, 20, 20}), []int64{5}},
			{"empty", q().WhereIn("age", []int{}), nil},
			{"nil slice", q().WhereIn("age", []int(nil)), nil},
			{"not", q().WhereNotIn("age", []int{30, 40}), []int64{4, 5}},
			{"not, of NULL", q().WhereNotIn("nick", []string{"dan"}), []int64{1, 3}},
			{"not empty", q().WhereNotIn("age", []int{}), []int64{1, 2, 3, 4, 5}},
			{"not empty, of NULL", q().WhereNotIn("nick", []string{}), []int64{1, 2, 3, 4, 5}},
			{"or", q().Where("name", "ann").Use(func(q *relation.Query) { q.OrWhereIn("age", []int{50}) }), []int64{1, 4}},
			{"or empty", q().Where("name", "ann").Use(func(q *relation.Query) { q.OrWhereIn("age", []int{}) }), []int64{1}},
			{"or not", q().Where("name", "ann").Use(func(q *relation.Query) { q.OrWhereNotIn("age", []int{30, 40, 50}) }), []int64{1, 5}},
		})
		refuses(t, e, []refused{
			{"scalar", all(e, q().WhereIn("age", 3)), model.ErrInvalidValue, "no list"},
			{"nil", all(e, q().WhereIn("age", nil)), model.ErrInvalidValue, "no list"},
			{"text", all(e, q().WhereIn("name", "ann")), model.ErrInvalidValue, "no list"},
			{"element", all(e, q().WhereIn("age", []any{1, 1.5})), model.ErrInvalidValue, "integer"},
			{"nil element", all(e, q().WhereIn("age", []any{1, nil})), model.ErrInvalidValue, "WhereNull"},
			{"list in list", all(e, q().WhereIn("age", []any{1, []int{2}})), model.ErrInvalidValue, "integer"},
		})
	})
}

// The text of WhereIn does not change with the length of the list, which may be any.
func TestWhereInTextDoesNotDependOnTheLength(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		texts := map[string]bool{}
		for _, n := range []int{1, 2, 3, 100, 5000, 70_000} {
			list := make([]int, n)
			for i := range list {
				list[i] = i + 2
			}
			sent := e.Sends(t, 1, func() {
				require.NoError(t, func() error {
					got, err := model.Query[account](e.DB).WhereIn("id", list).All(e.Ctx)
					require.Len(t, got, min(n, 4))
					return err
				}())
			})
			texts[sent[0]] = true
		}
		if e.Database.Has(harness.BoundLists) {
			require.Len(t, texts, 1, "one text for lists of every length")
		}
	})
}

// WhereIn takes a query of one column, by default the key, as a Query or a builder.
func TestWhereInTakesAQuery(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		posts := func() *model.Builder[queryPost] { return model.Query[queryPost](e.DB) }
		answers(t, e, []asked[account]{
			{"builder", q().WhereIn("id", posts().Where("words", "<", 30).Select("account_id")), []int64{1}},
			{"query", q().WhereIn("id", posts().Where("words", ">=", 30).Select("AccountID").Untyped()), []int64{2, 3}},
			{"key", q().WhereIn("visits", posts().Where("words", ">", 30)), []int64{2}},
			{"aggregate", q().WhereIn("visits", posts().Aggregate("max", "id").As("n")), nil},
			{"ordered and cut", q().WhereIn("id", posts().WhereNotNull("account_id").Select("account_id").
				OrderBy("words", relation.Desc).Limit(1)), []int64{3}},
			{"not", q().WhereNotIn("id", posts().WhereNotNull("account_id").Select("account_id")), []int64{4, 5}},
			{"not, with NULL", q().WhereNotIn("id", posts().Select("account_id")), nil},
			{"operator", q().Where("id", "in", posts().Where("title", "four").Select("account_id")), []int64{3}},
			{"or", q().Where("age", 20).Use(func(q *relation.Query) { q.OrWhereIn("id", posts().Where("title", "four").Select("account_id")) }), []int64{3, 5}},
			{"values on both sides", q().Where("age", ">", 20).
				WhereIn("id", posts().Where("words", 20).OrWhere("words", 30).Select("account_id")).Where("age", "<", 40), []int64{1}},
		})
		refuses(t, e, []refused{
			{"columns", all(e, q().WhereIn("id", posts().Select("id", "title"))), model.ErrInvalidValue, "one column"},
			{"mistake inside", all(e, q().WhereIn("id", posts().Where("tilte", "x"))), model.ErrUnknownColumn, "did you mean"},
			{"nil", all(e, q().WhereIn("id", (*relation.Query)(nil))), model.ErrInvalidValue, "no list"},
		})
	})
}
