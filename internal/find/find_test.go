// SPDX-License-Identifier: MIT

package find_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/find"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// user is recognised by an email, which a unique index has once.
type user struct {
	model.BaseModel[user]

	ID        int64
	Email     string `gorm:"uniqueIndex;size:50"`
	Nick      *string
	Visits    int
	DeletedAt gorm.DeletedAt
}

// seen are the hooks that ran in a context.
type seen struct{}

func (u *user) Found(ctx context.Context) error {
	if list, ok := ctx.Value(seen{}).(*[]string); ok {
		*list = append(*list, "found "+u.Email)
	}
	return nil
}

// newWorld has the users a, b and c, and d, who is deleted.
func newWorld(t *testing.T, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &user{})
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*user{{Email: "a", Visits: 3}, {Email: "b", Nick: new("x")}, {Email: "c", Visits: 1}, {Email: "d"}}))
	e.Exec(t, "UPDATE users SET deleted_at = '2026-01-01 00:00:00' WHERE email = 'd'")
	e.Sent.Reset()
}

func each(t *testing.T, check func(t *testing.T, e *harness.Env)) {
	t.Helper()
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		newWorld(t, e)
		check(t, e)
	})
}

func users(t *testing.T, e *harness.Env, add ...func(*query.Spec)) *query.Spec {
	t.Helper()
	h := tx.From(model.WithDB(e.Ctx, e.DB))
	m, err := h.Database().Models.Model(reflect.TypeFor[user]())
	require.NoError(t, err)
	spec := query.New(h, m)
	for _, fn := range add {
		fn(spec)
	}
	return spec
}

func byEmail(q *query.Spec) { q.Orders = []query.Order{{Column: "email"}} }

func visited(q *query.Spec) { q.Add(query.And, query.NewCompare("visits", ">", 0)) }

func emails(list ...memory.Ptr) string {
	var out strings.Builder
	for _, p := range list {
		out.WriteString(memory.At[user](p).Email)
	}
	return out.String()
}

// TestFindersInSQL has the one statement of each.
func TestFindersInSQL(t *testing.T) {
	harness.Golden(t, "finders", func(t *testing.T, e *harness.Env) []harness.Step {
		newWorld(t, e)
		q := func() *query.Spec {
			return users(t, e, func(q *query.Spec) { q.Columns = []query.Selection{{Column: "id"}} })
		}
		ok := func(_ any, err error) { require.NoError(t, err) }
		var n int64
		var list []string
		return []harness.Step{
			harness.NewStep("all", func() { ok(find.All(e.Ctx, q())) }),
			harness.NewStep("first", func() { ok(find.First(e.Ctx, q())) }),
			harness.NewStep("sole", func() {
				spec := q()
				spec.Add(query.And, query.NewCompare("email", "=", "a"))
				ok(find.Sole(e.Ctx, spec))
			}),
			harness.NewStep("by key", func() { ok(find.ByKey(e.Ctx, users(t, e), 1)) }),
			harness.NewStep("by key among some", func() { ok(find.ByKey(e.Ctx, users(t, e, visited), 1)) }),
			harness.NewStep("by a column", func() { ok(find.By(e.Ctx, q(), "Email", "a")) }),
			harness.NewStep("by keys", func() { ok(find.ByKeys(e.Ctx, q(), []any{3, 1, 9})) }),
			harness.NewStep("by no keys", func() { ok(find.ByKeys(e.Ctx, q(), nil)) }),
			harness.NewStep("count", func() { ok(find.Count(e.Ctx, users(t, e))) }),
			harness.NewStep("exists", func() { ok(find.Exists(e.Ctx, users(t, e))) }),
			harness.NewStep("sum", func() { require.NoError(t, find.Aggregate(e.Ctx, users(t, e), "sum", "visits", &n)) }),
			harness.NewStep("pluck", func() { require.NoError(t, find.Pluck(e.Ctx, users(t, e), "email", &list)) }),
		}
	})
}

func TestFindersFindRecords(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env) {
		list, err := find.All(e.Ctx, users(t, e, byEmail))
		require.NoError(t, err)
		require.Equal(t, "abc", emails(list...))
		p, err := find.First(e.Ctx, users(t, e, byEmail, visited))
		require.NoError(t, err)
		require.Equal(t, "a", emails(p))
		list, err = find.ByKeys(e.Ctx, users(t, e), []any{3, "1", 9, 3, 4})
		require.NoError(t, err)
		require.Equal(t, "ca", emails(list...), "in the order of the keys, each once; 9 is nobody and 4 is deleted")
		list, err = find.ByKeys(e.Ctx, users(t, e, func(q *query.Spec) { q.Columns = []query.Selection{{Column: "email"}} }), []any{2, 1})
		require.NoError(t, err)
		require.Equal(t, "ba", emails(list...))

		none := func(q *query.Spec) { q.Add(query.And, query.NewCompare("visits", "<", 0)) }
		for _, err := range []error{
			harness.Err(find.First(e.Ctx, users(t, e, none))), harness.Err(find.Sole(e.Ctx, users(t, e, none))),
			harness.Err(find.ByKey(e.Ctx, users(t, e), 9)), harness.Err(find.ByKey(e.Ctx, users(t, e), 4)),
			harness.Err(find.ByKey(e.Ctx, users(t, e, visited), 2)), harness.Err(find.By(e.Ctx, users(t, e), "email", "z")),
		} {
			require.ErrorIs(t, err, errs.ErrNotFound)
		}
		require.ErrorIs(t, harness.Err(find.Sole(e.Ctx, users(t, e, visited))), errs.ErrNotUnique)
		e.Sends(t, 0, func() {
			require.ErrorIs(t, harness.Err(find.ByKey(e.Ctx, users(t, e), "x")), errs.ErrInvalidKey)
			require.ErrorIs(t, harness.Err(find.ByKeys(e.Ctx, users(t, e), []any{1, "x"})), errs.ErrInvalidKey)
			failed := users(t, e, func(q *query.Spec) { q.Fail(errs.ErrGuarded) })
			require.ErrorIs(t, harness.Err(find.ByKey(e.Ctx, failed, 1)), errs.ErrGuarded)
		})
		var said []string
		require.NoError(t, harness.Err(find.ByKey(context.WithValue(e.Ctx, seen{}, &said), users(t, e), 1)))
		require.NoError(t, harness.Err(find.First(context.WithValue(e.Ctx, seen{}, &said), users(t, e, byEmail))))
		require.Equal(t, []string{"found a", "found a"}, said)
	})
}

func TestValuesOfAQuery(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env) {
		n, err := find.Count(e.Ctx, users(t, e, visited))
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		for _, some := range []bool{true, false} {
			there, err := find.Exists(e.Ctx, users(t, e, func(q *query.Spec) {
				q.Add(query.Logic{Not: !some}, query.Null{Column: "id", Not: true})
			}))
			require.NoError(t, err)
			require.Equal(t, some, there)
		}
		var sum int
		require.NoError(t, find.Aggregate(e.Ctx, users(t, e), "sum", "visits", &sum))
		require.Equal(t, 4, sum)
		var list []string
		require.NoError(t, find.Pluck(e.Ctx, users(t, e, byEmail), "Email", &list))
		require.Equal(t, []string{"a", "b", "c"}, list)
		e.Sends(t, 0, func() {
			sql, args, err := find.SQL(users(t, e, visited))
			require.NoError(t, err)
			require.Contains(t, sql, "visits")
			require.Equal(t, []any{int64(0)}, args)
			free := users(t, e)
			free.Handle = nil
			_, _, err = find.SQL(free)
			require.ErrorIs(t, err, errs.ErrUnbound)
		})
	})
}

// lookup returns the record of a call that looks for an email, and has further values.
func lookup(t *testing.T, e *harness.Env, email string, values map[string]any) *find.Lookup {
	t.Helper()
	l, err := find.NewLookup(rows(t, e), map[string]any{"email": email}, values)
	require.NoError(t, err)
	return l
}

func rows(t *testing.T, e *harness.Env) *find.Rows {
	t.Helper()
	_, rows, err := find.OfModel(e.Ctx, tx.From(model.WithDB(e.Ctx, e.DB)), reflect.TypeFor[user]())
	require.NoError(t, err)
	return rows
}

func userOf(s *record.State) *user { return memory.At[user](s.Owner) }

// TestLookupsInSQL has what is sent for a record that is there, and for one that is not.
func TestLookupsInSQL(t *testing.T) {
	harness.Golden(t, "lookups", func(t *testing.T, e *harness.Env) []harness.Step {
		newWorld(t, e)
		visits := func(n int) map[string]any { return map[string]any{"visits": n} }
		ok := func(_ any, err error) { require.NoError(t, err) }
		many := func(n int, list ...string) *find.LookupMany {
			values := []map[string]any{}
			for _, email := range list {
				values = append(values, map[string]any{"email": email, "visits": n})
			}
			l, err := find.NewLookupMany(rows(t, e), []string{"email"}, values)
			require.NoError(t, err)
			return l
		}
		return []harness.Step{
			harness.NewStep("or new, there", func() { ok(lookup(t, e, "a", nil).OrNew(e.Ctx)) }),
			harness.NewStep("or create, there", func() { ok(lookup(t, e, "a", nil).OrCreate(e.Ctx)) }),
			harness.NewStep("or create, new", func() { ok(lookup(t, e, "n1", nil).OrCreate(e.Ctx)) }),
			harness.NewStep("update or create, there", func() { ok(lookup(t, e, "a", visits(9)).UpdateOrCreate(e.Ctx)) }),
			harness.NewStep("update or create, there and equal", func() { ok(lookup(t, e, "a", visits(9)).UpdateOrCreate(e.Ctx)) }),
			harness.NewStep("update or create, new", func() { ok(lookup(t, e, "n2", visits(1)).UpdateOrCreate(e.Ctx)) }),
			harness.NewStep("many or new", func() { ok(many(1, "a", "z").OrNew(e.Ctx)) }),
			harness.NewStep("many or create, one there", func() { ok(many(1, "a", "n3", "n4").OrCreate(e.Ctx)) }),
			harness.NewStep("many update or create, one there", func() { ok(many(7, "a", "n5").UpdateOrCreate(e.Ctx)) }),
			harness.NewStep("none", func() { ok(many(1).OrCreate(e.Ctx)) }),
		}
	})
}

func TestALookupFindsOrMakesOneRecord(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env) {
		s, err := lookup(t, e, "z", map[string]any{"visits": 4}).OrNew(e.Ctx)
		require.NoError(t, err)
		require.False(t, s.Persisted())
		require.Equal(t, []any{"z", 4}, []any{userOf(s).Email, userOf(s).Visits})

		s, err = lookup(t, e, "a", map[string]any{"visits": 9}).OrCreate(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, 3, userOf(s).Visits, "further values are for a new record")
		s, err = lookup(t, e, "a", map[string]any{"visits": 9}).UpdateOrCreate(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, 9, userOf(s).Visits)
		s, err = lookup(t, e, "z", map[string]any{"visits": 5}).UpdateOrCreate(e.Ctx)
		require.NoError(t, err)
		require.True(t, s.Persisted())
		require.EqualValues(t, 5, e.Row(t, "SELECT visits FROM users WHERE email = 'z'")["visits"])

		s, err = rows(t, e).ByKeyOrNew(e.Ctx, 1)
		require.NoError(t, err)
		require.Equal(t, "a", userOf(s).Email)
		s, err = rows(t, e).ByKeyOrNew(e.Ctx, 99)
		require.NoError(t, err)
		require.Equal(t, []any{false, int64(0)}, []any{s.Persisted(), userOf(s).ID}, "the key is not taken over")

		_, err = lookup(t, e, "d", nil).OrCreate(e.Ctx)
		require.ErrorIs(t, err, errs.ErrDuplicate)
		require.ErrorContains(t, err, "a soft deleted user has these values")
		l, err := find.NewLookup(rows(t, e), map[string]any{"nick": nil, "visits": 1}, nil)
		require.NoError(t, err)
		s, err = l.OrNew(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "c", userOf(s).Email, "nil looks for NULL")
	})
}

func TestALookupOfManyKeepsTheirOrder(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env) {
		many := func(values ...map[string]any) *find.LookupMany {
			l, err := find.NewLookupMany(rows(t, e), []string{"Email"}, values)
			require.NoError(t, err)
			return l
		}
		value := func(email string, visits int) map[string]any { return map[string]any{"email": email, "visits": visits} }
		all, err := many(value("y", 1), value("a", 1), value("y", 2), value("x", 1)).OrCreate(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "yayx", emails(record.Owners(all)...))
		require.Same(t, all[0], all[2], "equal values are one record")
		require.Equal(t, []int{1, 3}, []int{userOf(all[0]).Visits, userOf(all[1]).Visits})
		require.Less(t, userOf(all[3]).ID, userOf(all[0]).ID, "they are inserted in the order of their values")

		all, err = many(value("b", 8), value("w", 1), value("b", 9)).UpdateOrCreate(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, 9, userOf(all[0]).Visits, "the last wins")
		require.EqualValues(t, 9, e.Row(t, "SELECT visits FROM users WHERE email = 'b'")["visits"])
		_, err = many(value("d", 1)).OrCreate(e.Ctx)
		require.ErrorIs(t, err, errs.ErrDuplicate)
		require.ErrorContains(t, err, "soft deleted")
	})
}

// TestALookupThatCannotWorkSendsNothing has one mistake per row.
func TestALookupThatCannotWorkSendsNothing(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env) {
		one := func(search, values map[string]any) error {
			return harness.Err(find.NewLookup(rows(t, e), search, values))
		}
		many := func(columns []string, values ...map[string]any) error {
			return harness.Err(find.NewLookupMany(rows(t, e), columns, values))
		}
		e.Sends(t, 0, func() {
			require.ErrorIs(t, one(nil, map[string]any{"visits": 1}), errs.ErrMissingWhere)
			require.ErrorIs(t, one(map[string]any{"emai": "a"}, nil), errs.ErrUnknownAttribute)
			require.ErrorIs(t, one(map[string]any{"email": "a"}, map[string]any{"visits": "x"}), errs.ErrInvalidValue)
			require.ErrorIs(t, many(nil, map[string]any{"email": "a"}), errs.ErrMissingKey)
			require.ErrorIs(t, many([]string{"emai"}), errs.ErrUnknownColumn)
			require.ErrorContains(t, many([]string{"email"}, map[string]any{"email": "a"}, map[string]any{"visits": 1}), "row 1 has no Email")
			_, _, err := find.OfModel(e.Ctx, nil, reflect.TypeFor[user]())
			require.ErrorIs(t, err, errs.ErrUnbound)
		})
		_, _, err := find.Prepare(e.Ctx, users(t, e), meta.Fetching)
		require.NoError(t, err)
	})
}
