// SPDX-License-Identifier: MIT

package identifiers_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// valuer gives a value that is not of the column's type.
type valuer struct{ value any }

// Value returns it, or an error in its place.
func (v valuer) Value() (driver.Value, error) {
	if err, ok := v.value.(error); ok {
		return nil, err
	}
	return v.value, nil
}

// numbers are values that are no integer, though some look like one. No row must be found by
// them, and none of the databases asked.
func numbers(s *stage) []any {
	return []any{
		nil, "", " ", " 1", "1 ", "1\n", "042", "+1", "-0", "1e0", "1.0", "1.", "0x1", "0b1", "1_000", "１", "١", "1\x00", "one",
		"1 OR 1=1", "1; DROP TABLE users", "1) OR (1=1", "9223372036854775808", "-9223372036854775809", "NaN", "null", "true",
		1.5, 1.0, float32(1), 1e30, math.NaN(), math.Inf(1), true, false, uint64(math.MaxInt64) + 1, complex(1, 0), 'x' + 0.5,
		json.Number("1.0"), json.Number("1e0"), json.Number(""), []byte("1e0"), []byte(nil), time.Unix(1, 0),
		struct{}{},
		struct{ ID int }{1},
		map[string]any{"id": 1},
		model.Attrs{},
		[]any{[]int{1}},
		[1]int{1},
		func() int { return 1 }, make(chan int), (*int64)(nil), (*string)(nil),
		sql.NullInt64{},
		sql.NullString{String: "1e0", Valid: true},
		valuer{"1e0"},
		valuer{1.5},
		valuer{nil},
		valuer{errors.New("no value")},
		gorm.Expr("1"),
		clause.Expr{SQL: "1"},
		clause.Column{Name: "id"},
		s.gorm,
		gorm.DeletedAt{},
		&User{ID: 1},
		User{},
		errors.New("1"), any((*User)(nil)), relation.Asc,
	}
}

// texts are values that are no text that a database could hold.
func texts(s *stage) []any {
	return []any{
		nil, 1, 1.5, true, 'x',
		[]string{"a@example.com"},
		[]any{},
		map[string]any{},
		struct{}{},
		time.Unix(1, 0), (*string)(nil),
		"a\x00b", "\x00", "\xff", "a\xc0\xaf", []byte("\xff"),
		sql.NullString{},
		valuer{1},
		valuer{"\x00"},
		gorm.Expr("email"), s.gorm,
		clause.Expr{SQL: "''"},
		func() string { return "" }, errors.New("a@example.com"),
	}
}

// keyCases are the places that take a primary key, or an integer.
func keyCases() []struct {
	api string
	use func(c *Case, v any) (any, error)
} {
	type entry = struct {
		api string
		use func(c *Case, v any) (any, error)
	}
	chain := func(api string, add func(q Builder, v any)) entry {
		return entry{api, func(c *Case, v any) (any, error) {
			q := c.users()
			add(q, v)
			return q.All(c.ctx)
		}}
	}
	return []entry{
		{"Builder.Find", func(c *Case, v any) (any, error) { return c.users().Find(c.ctx, v) }},
		{"Builder.FindMany", func(c *Case, v any) (any, error) { return c.users().FindMany(c.ctx, 1, v) }},
		{"Builder.FindBy", func(c *Case, v any) (any, error) { return c.users().FindBy(c.ctx, "id", v) }},
		{"Builder.Find, composite", func(c *Case, v any) (any, error) {
			return model.Query[Pair](c.db).Find(c.ctx, model.Attrs{"Left": 1, "Right": v})
		}},
		{"Builder.Find, composite list", func(c *Case, v any) (any, error) {
			return model.Query[Pair](c.db).Find(c.ctx, []any{v, 1})
		}},
		{"Query.Find", func(c *Case, v any) (any, error) {
			var dest *User
			err := c.users().Untyped().Find(c.ctx, &dest, v)
			return dest, err
		}},
		chain("Query.Where", func(q Builder, v any) { q.Where("id", v) }),
		chain("Query.Where, operator", func(q Builder, v any) { q.Where("id", ">=", v) }),
		chain("Query.Where, not", func(q Builder, v any) { q.Where("id", "!=", v) }),
		chain("Query.OrWhere", func(q Builder, v any) { q.OrWhere("id", v) }),
		chain("Query.WhereNot", func(q Builder, v any) { q.WhereNot("id", v) }),
		chain("Query.WhereIn", func(q Builder, v any) { q.WhereIn("id", []any{1, v}) }),
		chain("Query.WhereNotIn", func(q Builder, v any) { q.WhereNotIn("id", []any{1, v}) }),
		chain("Query.WhereBetween, from", func(q Builder, v any) { q.WhereBetween("id", v, 5) }),
		chain("Query.WhereBetween, to", func(q Builder, v any) { q.WhereBetween("id", 0, v) }),
		chain("Query.WhereKey", func(q Builder, v any) { q.Use(func(q *relation.Query) { q.WhereKey(1, v) }) }),
		chain("Query.WhereKeyNot", func(q Builder, v any) { q.Use(func(q *relation.Query) { q.WhereKeyNot(1, v) }) }),
		chain("Query.Having", func(q Builder, v any) { q.GroupBy("id").Having("id", v) }),
		{"Query.Delete", func(c *Case, v any) (any, error) { return c.users().Where("id", v).Delete(c.ctx) }},
		{"Query.Update", func(c *Case, v any) (any, error) {
			return c.users().Where("id", v).Update(c.ctx, model.Attrs{"visits": 0})
		}},
		{"Query.Increment", func(c *Case, v any) (any, error) {
			return c.users().Where("id", 1).Increment(c.ctx, "visits", v)
		}},
		{"Query.Decrement", func(c *Case, v any) (any, error) {
			return c.users().Where("id", 1).Untyped().Decrement(c.ctx, "visits", v)
		}},
		{"Record.Increment", func(c *Case, v any) (any, error) { return nil, c.user.Increment(c.ctx, "visits", v) }},
		{"Record.Decrement", func(c *Case, v any) (any, error) { return nil, c.user.Decrement(c.ctx, "visits", v) }},
	}
}

// TestValuesOfTheWrongTypeAreRefused gives values of the wrong type to every place that takes a key or compares: each
// is refused before anything is sent, so that none can mean another row, or all.
func TestValuesOfTheWrongTypeAreRefused(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, s *stage) {
		t.Helper()
		cases := 0
		for _, entry := range keyCases() {
			for _, value := range numbers(s) {
				cases++
				s.tryValue(t, entry.api, value, entry.use)
			}
		}
		for _, value := range texts(s) {
			for api, add := range map[string]func(q Builder, v any){
				"Query.Where, text":        func(q Builder, v any) { q.Where("email", v) },
				"Query.OrWhere, text":      func(q Builder, v any) { q.Where("id", 1).OrWhere("email", "<", v) },
				"Query.WhereIn, text":      func(q Builder, v any) { q.WhereIn("email", []any{"a", v}) },
				"Query.WhereNotIn, text":   func(q Builder, v any) { q.WhereNotIn("email", []any{"a", v}) },
				"Query.WhereBetween, text": func(q Builder, v any) { q.WhereBetween("email", v, "b") },
			} {
				cases++
				s.tryValue(t, api, value, func(c *Case, v any) (any, error) {
					q := c.users()
					add(q, v)
					return q.All(c.ctx)
				})
			}
		}
		for _, value := range []any{nil, 1, "1,2", "1", 1.5, true, struct{}{}, map[string]int{"a": 1}, []byte("12"), func() {}, (*[]int)(nil), s.gorm} {
			for api, add := range map[string]func(q Builder, v any){
				"Query.WhereIn, list":        func(q Builder, v any) { q.WhereIn("id", v) },
				"Query.OrWhereIn, list":      func(q Builder, v any) { q.Use(func(q *relation.Query) { q.OrWhereIn("id", v) }) },
				"Query.WhereNotIn, list":     func(q Builder, v any) { q.WhereNotIn("id", v) },
				"Query.OrWhereNotIn, list":   func(q Builder, v any) { q.Use(func(q *relation.Query) { q.OrWhereNotIn("id", v) }) },
				"Query.Where, list operator": func(q Builder, v any) { q.Where("id", "in", v) },
			} {
				cases++
				s.tryValue(t, api, value, func(c *Case, v any) (any, error) {
					q := c.users()
					add(q, v)
					return q.All(c.ctx)
				})
			}
		}
		t.Logf("%d cases", cases)
	})
}

// TestNothingIsInAnEmptyList: nothing is in an empty list, everything is outside of it, and no keys are no
// statement.
func TestNothingIsInAnEmptyList(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, s *stage) {
		t.Helper()
		s.control.Reset()
		for _, ids := range [][]any{nil, {}, {[]int{}}, {[]string(nil)}, {[]any{}, []int{}}} {
			list, err := model.Query[User](s.db).FindMany(t.Context(), ids...)
			require.NoError(t, err)
			require.Empty(t, list)
		}
		require.Empty(t, s.control.Events())
		for _, none := range []any{[]int{}, []int(nil), []string{}, []any{}, [0]int{}} {
			n, err := model.Query[User](s.db).WhereIn("id", none).Count(t.Context())
			require.NoError(t, err)
			require.Zero(t, n, "%T", none)
			n, err = model.Query[User](s.db).WhereNotIn("id", none).Count(t.Context())
			require.NoError(t, err)
			require.EqualValues(t, 1, n, "%T", none)
		}
		n, err := model.Query[User](s.db).Use(func(q *relation.Query) { q.WhereKey() }).Count(t.Context())
		require.NoError(t, err)
		require.Zero(t, n)
	})
}
