// SPDX-License-Identifier: MIT

package bulk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// seedTallies makes 23 rows with the keys 1 to 23 and three kinds.
func seedTallies(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &tally{})
	list := make([]*tally, 23)
	for i := range list {
		list[i] = &tally{Kind: string(rune('a' + i%3)), Score: i / 4}
	}
	require.NoError(t, model.Insert(e.Ctx, e.DB, list))
	e.Sent.Reset()
}

// queryPost belongs to an account. It has soft deletes.
type queryPost struct {
	model.BaseModel[queryPost]

	ID        int64
	AccountID *int64
	Title     string
	Words     int
	DeletedAt gorm.DeletedAt
}

// seedPeople makes five accounts with the keys 1 to 5.
func seedPeople(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &account{}, &queryPost{})
	day := func(n int) *time.Time { return new(time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC)) }
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*account{
		{Email: "ann@example.com", Name: "ann", Nick: new("annie"), Age: 30, Score: 1.5, Active: true, Visits: 30, SeenAt: day(1)},
		{Email: "bob@example.com", Name: "bob", Age: 40, Score: 2.5, Visits: 4, SeenAt: day(2)},
		{Email: "cyd@example.org", Name: "cyd", Nick: new("100%"), Age: 30, Score: -1, Active: true, Visits: 7},
		{Email: "dan@example.org", Name: "dan", Nick: new("dan"), Age: 50, Score: 4, Visits: 50, SeenAt: day(4)},
		{Email: "eve@example.net", Name: "eve", Age: 20, Active: true, Visits: 9},
	}))
	e.Sent.Reset()
}

// seedPosts makes five accounts, and six posts with the keys 1 to 6, of which the last is deleted.
func seedPosts(t testing.TB, e *harness.Env) {
	t.Helper()
	seedPeople(t, e)
	post := func(account int64, title string, words int) *queryPost {
		return &queryPost{AccountID: &account, Title: title, Words: words}
	}
	deleted := post(4, "gone", 60)
	deleted.DeletedAt = gorm.DeletedAt{Time: e.Clock.Now(), Valid: true}
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*queryPost{
		post(1, "one", 10), post(1, "two", 20), post(2, "three", 30), post(3, "four", 40),
		{Title: "nobody's", Words: 50},
		deleted,
	}))
	e.Sent.Reset()
}

// keysOf returns the keys of a query's records in their order.
func keysOf[T any](t testing.TB, e *harness.Env, q *model.Builder[T]) []int64 {
	t.Helper()
	list, err := q.All(e.Ctx)
	require.NoError(t, err)
	return recordKeys(t, list)
}

// recordKeys returns the keys of records.
func recordKeys[T any](t testing.TB, list []*T) []int64 {
	t.Helper()
	keys := make([]int64, len(list))
	for i, r := range list {
		attrs, ok := any(r).(interface{ Attributes() model.Attrs })
		require.True(t, ok)
		keys[i], ok = attrs.Attributes()["ID"].(int64)
		require.True(t, ok)
	}
	return keys
}

// refused is a query that must fail before anything is sent.
type refused struct {
	name string
	run  func() error
	is   error  // what errors.Is finds; nil is any error
	says string // part of the text
}

// refuses asserts the error of every query, and that nothing was sent.
func refuses(t testing.TB, e *harness.Env, list []refused) {
	t.Helper()
	for _, r := range list {
		e.Sent.Reset()
		err := r.run()
		require.Error(t, err, r.name)
		if r.is != nil {
			require.ErrorIs(t, err, r.is, r.name)
		}
		require.ErrorContains(t, err, r.says, r.name)
		require.Empty(t, e.Sent.Statements(), "%s: nothing is sent", r.name)
	}
}

// all runs a query for its error.
func all[T any](e *harness.Env, q *model.Builder[T]) func() error {
	return func() error {
		_, err := q.All(e.Ctx)
		return err
	}
}

// inOrder asserts the keys of a query in their order.
func inOrder(t testing.TB, e *harness.Env, name string, q *model.Builder[account], want ...int64) {
	t.Helper()
	require.Equal(t, append([]int64{}, want...), keysOf(t, e, q), name)
}
