// SPDX-License-Identifier: MIT

package selection_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// The flags of the states that a record can be in.
var flagsFetched = flags{Persisted: true}

func flagsOf(r flagged) flags {
	return flags{r.IsNew(), r.IsPersisted(), model.IsLocal(r), r.IsDeleted(), r.Trashed()}
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

// asked is a query of a table of queries.
type asked[T any] struct {
	name string
	q    *model.Builder[T]
	want []int64 // keys, in ascending order
}

// answers asserts the rows of every query, that it takes one statement, and that the query is not
// changed by running it.
func answers[T any](t testing.TB, e *harness.Env, list []asked[T]) {
	t.Helper()
	for _, a := range list {
		before, args, err := a.q.ToSQL()
		require.NoError(t, err, a.name)
		var got []int64
		sent := e.Sends(t, 1, func() { got = keysOf(t, e, a.q) })
		slices.Sort(got)
		require.Equal(t, append([]int64{}, a.want...), got, "%s: %s", a.name, sent[0])
		n, err := a.q.Count(e.Ctx)
		require.NoError(t, err, a.name)
		require.EqualValues(t, len(a.want), n, "%s: Count", a.name)
		found, err := a.q.Exists(e.Ctx)
		require.NoError(t, err, a.name)
		require.Equal(t, len(a.want) > 0, found, "%s: Exists", a.name)
		after, argsAfter, err := a.q.ToSQL()
		require.NoError(t, err, a.name)
		require.Equal(t, before, after, "%s: running it changed the builder", a.name)
		require.Equal(t, args, argsAfter, "%s: running it changed the builder", a.name)
	}
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
