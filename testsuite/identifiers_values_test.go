// SPDX-License-Identifier: MIT

package testsuite

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// identValuer gives a value that is not of the column's type.
type identValuer struct{ value any }

// Value returns it, or an error in its place.
func (v identValuer) Value() (driver.Value, error) {
	if err, ok := v.value.(error); ok {
		return nil, err
	}
	return v.value, nil
}

// identNumbers are values that are no integer, though some look like one. No row must be found by
// them, and none of the databases asked.
func identNumbers(s *identStage) []any {
	return []any{
		nil, "", " ", " 1", "1 ", "1\n", "042", "+1", "-0", "1e0", "1.0", "1.", "0x1", "0b1", "1_000", "１", "١", "1\x00", "one",
		"1 OR 1=1", "1; DROP TABLE ident_users", "1) OR (1=1", "9223372036854775808", "-9223372036854775809", "NaN", "null", "true",
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
		identValuer{"1e0"},
		identValuer{1.5},
		identValuer{nil},
		identValuer{errors.New("no value")},
		gorm.Expr("1"),
		clause.Expr{SQL: "1"},
		clause.Column{Name: "id"},
		s.gorm,
		gorm.DeletedAt{},
		&identUser{ID: 1},
		identUser{},
		errors.New("1"), any((*identUser)(nil)), relation.Asc,
	}
}

// identTexts are values that are no text that a database could hold.
func identTexts(s *identStage) []any {
	return []any{
		nil, 1, 1.5, true, 'x',
		[]string{"a@example.com"},
		[]any{},
		map[string]any{},
		struct{}{},
		time.Unix(1, 0), (*string)(nil),
		"a\x00b", "\x00", "\xff", "a\xc0\xaf", []byte("\xff"),
		sql.NullString{},
		identValuer{1},
		identValuer{"\x00"},
		gorm.Expr("email"), s.gorm,
		clause.Expr{SQL: "''"},
		func() string { return "" }, errors.New("a@example.com"),
	}
}

// identKeys are the places that take a primary key, or an integer.
func identKeys() []struct {
	api string
	use func(c *identCase, v any) (any, error)
} {
	type entry = struct {
		api string
		use func(c *identCase, v any) (any, error)
	}
	chain := func(api string, add func(q identBuilder, v any)) entry {
		return entry{api, func(c *identCase, v any) (any, error) {
			q := c.users()
			add(q, v)
			return q.All(c.ctx)
		}}
	}
	return []entry{
		{"Builder.Find", func(c *identCase, v any) (any, error) { return c.users().Find(c.ctx, v) }},
		{"Builder.FindMany", func(c *identCase, v any) (any, error) { return c.users().FindMany(c.ctx, 1, v) }},
		{"Builder.FindBy", func(c *identCase, v any) (any, error) { return c.users().FindBy(c.ctx, "id", v) }},
		{"Builder.Find, composite", func(c *identCase, v any) (any, error) {
			return model.Query[identPair](c.db).Find(c.ctx, model.Attrs{"Left": 1, "Right": v})
		}},
		{"Builder.Find, composite list", func(c *identCase, v any) (any, error) {
			return model.Query[identPair](c.db).Find(c.ctx, []any{v, 1})
		}},
		{"Query.Find", func(c *identCase, v any) (any, error) {
			var dest *identUser
			err := c.users().Untyped().Find(c.ctx, &dest, v)
			return dest, err
		}},
		chain("Query.Where", func(q identBuilder, v any) { q.Where("id", v) }),
		chain("Query.Where, operator", func(q identBuilder, v any) { q.Where("id", ">=", v) }),
		chain("Query.Where, not", func(q identBuilder, v any) { q.Where("id", "!=", v) }),
		chain("Query.OrWhere", func(q identBuilder, v any) { q.OrWhere("id", v) }),
		chain("Query.WhereNot", func(q identBuilder, v any) { q.WhereNot("id", v) }),
		chain("Query.WhereIn", func(q identBuilder, v any) { q.WhereIn("id", []any{1, v}) }),
		chain("Query.WhereNotIn", func(q identBuilder, v any) { q.WhereNotIn("id", []any{1, v}) }),
		chain("Query.WhereBetween, from", func(q identBuilder, v any) { q.WhereBetween("id", v, 5) }),
		chain("Query.WhereBetween, to", func(q identBuilder, v any) { q.WhereBetween("id", 0, v) }),
		chain("Query.WhereKey", func(q identBuilder, v any) { q.Use(func(q *relation.Query) { q.WhereKey(1, v) }) }),
		chain("Query.WhereKeyNot", func(q identBuilder, v any) { q.Use(func(q *relation.Query) { q.WhereKeyNot(1, v) }) }),
		chain("Query.Having", func(q identBuilder, v any) { q.GroupBy("id").Having("id", v) }),
		{"Query.Delete", func(c *identCase, v any) (any, error) { return c.users().Where("id", v).Delete(c.ctx) }},
		{"Query.Update", func(c *identCase, v any) (any, error) {
			return c.users().Where("id", v).Update(c.ctx, model.Attrs{"visits": 0})
		}},
		{"Query.Increment", func(c *identCase, v any) (any, error) {
			return c.users().Where("id", 1).Increment(c.ctx, "visits", v)
		}},
		{"Query.Decrement", func(c *identCase, v any) (any, error) {
			return c.users().Where("id", 1).Untyped().Decrement(c.ctx, "visits", v)
		}},
		{"Record.Increment", func(c *identCase, v any) (any, error) { return nil, c.user.Increment(c.ctx, "visits", v) }},
		{"Record.Decrement", func(c *identCase, v any) (any, error) { return nil, c.user.Decrement(c.ctx, "visits", v) }},
	}
}

// TestIdentifierValues gives values of the wrong type to every place that takes a key or compares: each
// is refused before anything is sent, so that none can mean another row, or all.
func TestIdentifierValues(t *testing.T) {
	t.Parallel()
	identDatabases(t, func(t *testing.T, s *identStage) {
		t.Helper()
		cases := 0
		for _, entry := range identKeys() {
			for _, value := range identNumbers(s) {
				cases++
				s.tryValue(t, entry.api, value, entry.use)
			}
		}
		for _, value := range identTexts(s) {
			for api, add := range map[string]func(q identBuilder, v any){
				"Query.Where, text":        func(q identBuilder, v any) { q.Where("email", v) },
				"Query.OrWhere, text":      func(q identBuilder, v any) { q.Where("id", 1).OrWhere("email", "<", v) },
				"Query.WhereIn, text":      func(q identBuilder, v any) { q.WhereIn("email", []any{"a", v}) },
				"Query.WhereNotIn, text":   func(q identBuilder, v any) { q.WhereNotIn("email", []any{"a", v}) },
				"Query.WhereBetween, text": func(q identBuilder, v any) { q.WhereBetween("email", v, "b") },
			} {
				cases++
				s.tryValue(t, api, value, func(c *identCase, v any) (any, error) {
					q := c.users()
					add(q, v)
					return q.All(c.ctx)
				})
			}
		}
		for _, value := range []any{nil, 1, "1,2", "1", 1.5, true, struct{}{}, map[string]int{"a": 1}, []byte("12"), func() {}, (*[]int)(nil), s.gorm} {
			for api, add := range map[string]func(q identBuilder, v any){
				"Query.WhereIn, list":        func(q identBuilder, v any) { q.WhereIn("id", v) },
				"Query.OrWhereIn, list":      func(q identBuilder, v any) { q.Use(func(q *relation.Query) { q.OrWhereIn("id", v) }) },
				"Query.WhereNotIn, list":     func(q identBuilder, v any) { q.WhereNotIn("id", v) },
				"Query.OrWhereNotIn, list":   func(q identBuilder, v any) { q.Use(func(q *relation.Query) { q.OrWhereNotIn("id", v) }) },
				"Query.Where, list operator": func(q identBuilder, v any) { q.Where("id", "in", v) },
			} {
				cases++
				s.tryValue(t, api, value, func(c *identCase, v any) (any, error) {
					q := c.users()
					add(q, v)
					return q.All(c.ctx)
				})
			}
		}
		t.Logf("%d cases", cases)
	})
}

func (s *identStage) tryValue(t *testing.T, api string, value any, use func(c *identCase, v any) (any, error)) {
	t.Helper()
	before := sweepSnapshot(s.user)
	s.control.Reset()
	got, err := use(&identCase{ctx: t.Context(), db: s.db, user: s.user}, value)
	wrong := s.refused(got, err)
	if wrong == "" && sweepSnapshot(s.user) != before {
		wrong = "the record has changed"
	}
	if wrong != "" {
		t.Errorf("%s of a %T (%s): %s", api, value, fmt.Sprintf("%.60q", fmt.Sprint(value)), wrong)
	}
}

// TestIdentifierLists: nothing is in an empty list, everything is outside of it, and no keys are no
// statement.
func TestIdentifierLists(t *testing.T) {
	t.Parallel()
	identDatabases(t, func(t *testing.T, s *identStage) {
		t.Helper()
		s.control.Reset()
		for _, ids := range [][]any{nil, {}, {[]int{}}, {[]string(nil)}, {[]any{}, []int{}}} {
			list, err := model.Query[identUser](s.db).FindMany(t.Context(), ids...)
			require.NoError(t, err)
			require.Empty(t, list)
		}
		require.Empty(t, s.control.Events())
		for _, none := range []any{[]int{}, []int(nil), []string{}, []any{}, [0]int{}} {
			n, err := model.Query[identUser](s.db).WhereIn("id", none).Count(t.Context())
			require.NoError(t, err)
			require.Zero(t, n, "%T", none)
			n, err = model.Query[identUser](s.db).WhereNotIn("id", none).Count(t.Context())
			require.NoError(t, err)
			require.EqualValues(t, 1, n, "%T", none)
		}
		n, err := model.Query[identUser](s.db).Use(func(q *relation.Query) { q.WhereKey() }).Count(t.Context())
		require.NoError(t, err)
		require.Zero(t, n)
	})
}
