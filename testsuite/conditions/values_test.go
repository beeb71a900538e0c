// SPDX-License-Identifier: MIT

package conditions_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// queryThing has a column of every kind that values are cast to.
type queryThing struct {
	model.BaseModel[queryThing]

	ID     int64
	Small  int8
	Count  uint16
	Ratio  float64
	Single float32
	Text   string
	Flag   bool
	At     time.Time
	Blob   []byte
	Token  string `gorm:"type:uuid;default:null"`
	Price  string `gorm:"type:decimal(12,2)"`
	Level  queryLevel
	Null   sql.NullInt64
}

// queryLevel is a named type.
type queryLevel int

// celsius is a value that stores itself as an integer.
type celsius struct{ degrees int64 }

// Value is what is stored.
func (c celsius) Value() (driver.Value, error) {
	if c.degrees < -273 {
		return nil, errors.New("colder than cold")
	}
	if c.degrees == 0 {
		return nil, nil //nolint:nilnil // NULL.
	}
	return c.degrees, nil
}

const thingToken = "0190c2f4-3c55-7cc1-9d2a-0a1b2c3d4e5f"

func seedThing(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &queryThing{})
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*queryThing{
		{
			Small: 42, Count: 7, Ratio: 1.5, Single: 0.1, Text: "42", Flag: true, At: time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC),
			Blob: []byte{0, 1, 255}, Token: thingToken, Price: "12.50", Level: 3, Null: sql.NullInt64{Int64: 9, Valid: true},
		},
		{Small: 1, Count: 1, Ratio: 1, Single: 1, Text: "1", At: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), Price: "1.00", Blob: []byte{}},
	}))
	e.Sent.Reset()
}

// A value is cast to the column's type, whatever Go type it comes in, with the same rows on every database.
func TestValuesAreCastToTheColumn(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedThing(t, e)
		at := time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)
		type text string
		for _, c := range []struct {
			column string
			values []any
		}{
			{"small", []any{42, int8(42), int64(42), uint(42), uint64(42), "42", text("42"), new(42), new(new("42")), json.Number("42"), celsius{42}, sql.NullInt32{Int32: 42, Valid: true}}},
			{"count", []any{7, uint16(7), "7", queryLevel(7)}},
			{"ratio", []any{1.5, float32(1.5), "1.5", json.Number("1.5"), new(1.5), "15e-1", sql.NullFloat64{Float64: 1.5, Valid: true}}},
			{"single", []any{float32(0.1), 0.1, "0.1"}},
			{"text", []any{"42", text("42"), new("42"), []byte("42"), json.Number("42"), sql.NullString{String: "42", Valid: true}}},
			{"flag", []any{true, new(true), "true", sql.NullBool{Bool: true, Valid: true}}},
			{"at", []any{at, at.In(time.FixedZone("x", -5*3600)), at.Add(499 * time.Nanosecond), new(at), "2026-01-02T03:04:05.678901Z", "2026-01-02 05:04:05.678901+02:00", sql.NullTime{Time: at, Valid: true}}},
			{"blob", []any{[]byte{0, 1, 255}, "\x00\x01\xff", json.RawMessage{0, 1, 255}}},
			{"token", []any{thingToken, strings.ToUpper(thingToken)}},
			{"price", []any{"12.50", "12.5", 12.5, json.Number("12.5"), "1250e-2"}},
			{"level", []any{3, queryLevel(3), "3"}},
			{"null", []any{9, int64(9), "9", sql.NullInt64{Int64: 9, Valid: true}}},
		} {
			for _, v := range c.values {
				for _, q := range []*model.Builder[queryThing]{
					model.Query[queryThing](e.DB).Where(c.column, v), model.Query[queryThing](e.DB).WhereIn(c.column, []any{v}),
					model.Query[queryThing](e.DB).WhereBetween(c.column, v, v), model.Query[queryThing](e.DB).WhereNot(c.column, "!=", v),
				} {
					got, err := q.All(e.Ctx)
					require.NoError(t, err, "%s: %T %v", c.column, v, v)
					require.Equal(t, []int64{1}, recordKeys(t, got), "%s: %T %v", c.column, v, v)
				}
			}
		}
	})
}

// A value that would need a guess is refused and nothing is sent: nil, a list for a scalar, 1.5 or "1e0"
// for an integer.
func TestValuesThatDoNotFitAreRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedThing(t, e)
		for _, c := range []struct {
			column string
			values []any
		}{
			{"small", []any{
				nil, (*int)(nil), 1.5, 1.0, float32(1), "1e0", " 1", "1 ", "01", "+1", "1.0", "0x1", "", "one", true,
				[]int{1},
				[1]int{1},
				map[string]int{},
				struct{}{},
				128, -129, math.MaxInt64, uint64(math.MaxUint64),
				celsius{0},
				celsius{-300},
				sql.NullInt64{},
				time.Now(), []byte("1"),
			}},
			{"count", []any{-1, 65536, "-1", nil}},
			{"ratio", []any{nil, "", "1,5", " 1.5", "+1.5", "NaN", "Inf", math.NaN(), math.Inf(1), true, "one", []float64{1}}},
			{"single", []any{1e300, "1e300"}},
			{"text", []any{nil, (*string)(nil), 42, 1.5, true, []string{"42"}, "a\x00b", "\xff", time.Now(), sql.NullString{}, 'a'}},
			{"flag", []any{nil, 1, 0, "1", "t", "yes", "TRUE", 1.0, []bool{true}}},
			{"at", []any{nil, "", "yesterday", 1700000000, "2026-13-01", true, time.Time{}.AddDate(-5, 0, 0), time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}},
			{"blob", []any{nil, 1, true, []int{1}}},
			{"token", []any{nil, "", "42", thingToken + "0", strings.Replace(thingToken, "-", "", 1), 42}},
			{"price", []any{nil, "", "12,50", "twelve", math.NaN(), true, "1e999999"}},
			{"level", []any{nil, 3.5, "three"}},
			{"null", []any{nil, sql.NullInt64{}, "nine", 1.5}},
		} {
			for _, v := range c.values {
				for _, run := range []func() error{
					all(e, model.Query[queryThing](e.DB).Where(c.column, v)),
					all(e, model.Query[queryThing](e.DB).Where(c.column, ">", v)),
					all(e, model.Query[queryThing](e.DB).WhereIn(c.column, []any{v})),
					all(e, model.Query[queryThing](e.DB).WhereBetween(c.column, v, v)),
					all(e, model.Query[queryThing](e.DB).Where(func(q *relation.Query) { q.OrWhereNot(c.column, v) })),
				} {
					e.Sent.Reset()
					err := run()
					require.ErrorIs(t, err, model.ErrInvalidValue, "%s: %T %v", c.column, v, v)
					require.ErrorContains(t, err, "queryThing.", "%s: %T %v", c.column, v, v)
					require.Empty(t, e.Sent.Statements(), "%s: %T %v", c.column, v, v)
				}
			}
		}
		_, err := model.Query[queryThing](e.DB).Where("text", nil).All(e.Ctx)
		require.ErrorContains(t, err, "WhereNull", "the way out")
	})
}

// A name that the query does not have is refused with a suggestion by every method, and nothing is sent.
func TestUnknownNamesAreRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		var n int
		var list []string
		for _, name := range []string{"emial", "Emial", "accounts.emial", "email; DROP TABLE accounts", "email--", "`email`", `"email"`, "1", "", "*", "email ", "accounts.", ".email", "users.email"} {
			for i, run := range []func() error{
				all(e, q().Where(name, "x")), all(e, q().OrWhere(name, ">", "x")), all(e, q().WhereNot(name, "x")),
				all(e, q().Use(func(q *relation.Query) { q.OrWhereNot(name, "x") })), all(e, q().WhereIn(name, []string{"x"})), all(e, q().Use(func(q *relation.Query) { q.OrWhereIn(name, []string{}) })),
				all(e, q().WhereNotIn(name, []string{"x"})), all(e, q().Use(func(q *relation.Query) { q.OrWhereNotIn(name, []string{}) })),
				all(e, q().WhereNull(name)), all(e, q().Use(func(q *relation.Query) { q.OrWhereNull(name) })), all(e, q().WhereNotNull(name)), all(e, q().Use(func(q *relation.Query) { q.OrWhereNotNull(name) })),
				all(e, q().WhereBetween(name, "a", "b")), all(e, q().Use(func(q *relation.Query) { q.OrWhereBetween(name, "a", "b") })),
				all(e, q().Use(func(q *relation.Query) { q.WhereNotBetween(name, "a", "b") })), all(e, q().Use(func(q *relation.Query) { q.OrWhereNotBetween(name, "a", "b") })),
				all(e, q().WhereLike(name, "x")), all(e, q().Use(func(q *relation.Query) { q.OrWhereLike(name, "x") })), all(e, q().Use(func(q *relation.Query) { q.WhereNotLike(name, "x") })),
				all(e, q().Use(func(q *relation.Query) { q.OrWhereNotLike(name, "x") })), all(e, q().Use(func(q *relation.Query) { q.WhereILike(name, "x") })), all(e, q().Use(func(q *relation.Query) { q.OrWhereILike(name, "x") })),
				all(e, q().Use(func(q *relation.Query) { q.WhereNotILike(name, "x") })), all(e, q().Use(func(q *relation.Query) { q.OrWhereNotILike(name, "x") })),
				all(e, q().Use(func(q *relation.Query) { q.WhereColumn(name, "=", "email") })), all(e, q().Use(func(q *relation.Query) { q.OrWhereColumn("email", "=", name) })),
				all(e, q().GroupBy(name)), all(e, q().GroupBy("age").Having(name, "x")), all(e, q().OrderBy(name)),
				all(e, q().Latest(name)), all(e, q().Use(func(q *relation.Query) { q.Oldest(name) })),
				all(e, q().Join("query_posts", name, "=", "accounts.id")), all(e, q().Use(func(q *relation.Query) { q.LeftJoin("query_posts", "accounts.id", "=", name) })),
				func() error { return q().Pluck(e.Ctx, name, &list) }, func() error { return q().Untyped().Max(e.Ctx, name, &n) },
				func() error { _, err := q().FindBy(e.Ctx, name, "x"); return err },
				func() error { _, err := q().AllRows().Increment(e.Ctx, name, 1); return err },
			} {
				e.Sent.Reset()
				err := run()
				require.ErrorIs(t, err, model.ErrUnknownColumn, "%q, method %d", name, i)
				require.Empty(t, e.Sent.Statements(), "%q, method %d", name, i)
				if strings.HasSuffix(name, "mial") && i < 36 { // writes take no table
					require.ErrorContains(t, err, "did you mean", "%q, method %d", name, i)
				}
			}
			if name != "*" {
				require.ErrorIs(t, all(e, q().Select(name))(), model.ErrUnknownColumn, name)
			}
			_, err := q().AllRows().Update(e.Ctx, model.Attrs{name: 1})
			require.ErrorIs(t, err, model.ErrUnknownAttribute, name)
		}
		require.EqualValues(t, 5, e.Count(t, "accounts"))
	})
}

// Operators are a list of known ones; anything else is refused.
func TestUnknownOperatorsAreRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		var list []refused
		for _, op := range []string{"", "===", "is", "~", "<=>", "= 1 OR 1 =", "in (1) --", "&&", "similar to", "between", " ="} {
			list = append(list,
				refused{op, all(e, model.Query[account](e.DB).Where("age", op, 1)), model.ErrUnsupported, "operator"},
				refused{op, all(e, model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereColumn("age", op, "id") })), model.ErrUnsupported, "operator"})
		}
		list = append(list,
			refused{"type", all(e, model.Query[account](e.DB).Where("age", 1, 2)), model.ErrUnsupported, "a string such as"},
			refused{"no value", all(e, model.Query[account](e.DB).Where("age")), model.ErrInvalidValue, "0 arguments"},
			refused{"three", all(e, model.Query[account](e.DB).Where("age", "=", 1, 2)), model.ErrInvalidValue, "3 arguments"},
			refused{"column type", all(e, model.Query[account](e.DB).Where(1, 2)), model.ErrUnsupported, "a condition on a int"},
			refused{"map", all(e, model.Query[account](e.DB).Where(model.Attrs{"age": 1})), model.ErrUnsupported, "name a column"},
			refused{"struct", all(e, model.Query[account](e.DB).Where(&account{})), model.ErrUnsupported, "name a column"})
		refuses(t, e, list)
	})
}

// A mistake in a chain is kept for the terminal, whatever follows, and every terminal returns it.
func TestFirstMistakeIsReturnedByEveryTerminal(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := func() *model.Builder[account] {
			return model.Query[account](e.DB).Scope("none").OrderBy("id", "up").Where("age", 30)
		}
		var n int
		var list []int
		var dest []*account
		type ended struct {
			name string
			run  func() error
		}
		for _, c := range []ended{
			{"all", all(e, q())},
			{"first", func() error { _, err := q().First(e.Ctx); return err }},
			{"sole", func() error { _, err := q().Sole(e.Ctx); return err }},
			{"find", func() error { _, err := q().Find(e.Ctx, 1); return err }},
			{"find by", func() error { _, err := q().FindBy(e.Ctx, "age", 1); return err }},
			{"find many", func() error { _, err := q().FindMany(e.Ctx, 1); return err }},
			{"find none", func() error { _, err := q().FindMany(e.Ctx); return err }},
			{"count", func() error { _, err := q().Count(e.Ctx); return err }},
			{"exists", func() error { _, err := q().Exists(e.Ctx); return err }},
			{"sum", func() error { return q().Sum(e.Ctx, "age", &n) }},
			{"pluck", func() error { return q().Pluck(e.Ctx, "age", &list) }},
			{"paginate", func() error { _, err := q().Paginate(e.Ctx, 1, 1); return err }},
			{"cursor", func() error { _, err := q().CursorPaginate(e.Ctx, "", 1); return err }},
			{"each", func() error { return eachError(q().Each(e.Ctx)) }},
			{"chunk", func() error { return eachError(q().Chunk(e.Ctx, 1)) }},
			{"update", func() error { _, err := q().Update(e.Ctx, model.Attrs{"age": 1}); return err }},
			{"increment", func() error { _, err := q().Increment(e.Ctx, "age", 1); return err }},
			{"decrement", func() error { _, err := q().Untyped().Decrement(e.Ctx, "age", 1); return err }},
			{"delete", func() error { _, err := q().Delete(e.Ctx); return err }},
			{"force delete", func() error { _, err := q().ForceDelete(e.Ctx); return err }},
			{"restore", func() error { _, err := q().Restore(e.Ctx); return err }},
			{"to SQL", func() error { _, _, err := q().ToSQL(); return err }},
			{"query", func() error { return q().Untyped().All(e.Ctx, &dest) }},
			{"sub-query", all(e, model.Query[account](e.DB).WhereIn("id", q()))},
			{"clone", all(e, q().Clone())},
		} {
			e.Sent.Reset()
			err := c.run()
			require.ErrorIs(t, err, model.ErrUnknownScope, c.name)
			require.NotErrorIs(t, err, model.ErrUnsupported, "%s: the first mistake", c.name)
			var typed *model.Error
			require.ErrorAs(t, err, &typed, c.name)
			require.Equal(t, "account", typed.Model, c.name)
			require.Empty(t, e.Sent.Statements(), c.name)
		}
	})
}
