// SPDX-License-Identifier: MIT

package finders_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// First returns the first record in the order of the query, and reads one row with one statement.
func TestFirstFollowsTheOrderOfTheQuery(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := someAccounts(t, e, 3)
		sent := e.Sends(t, 1, func() {
			first, err := model.Query[account](e.DB).OrderBy("id", "desc").First(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, list[2].ID, first.ID)
		})
		require.Contains(t, sent[0], " LIMIT ")
		e.Sends(t, 1, func() {
			first, err := model.Query[account](e.DB).OrderBy("id").Limit(5).Offset(1).First(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, list[1].ID, first.ID)
		})
	})
}

// First, Sole, FindBy, Find, FindMany, Exists and Count do not change the builder that they are called on.
func TestFindersLeaveTheBuilderUnchanged(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := someAccounts(t, e, 3)
		q := model.Query[account](e.DB).OrderBy("id")
		_, err := q.First(e.Ctx)
		require.NoError(t, err)
		_, err = q.Sole(e.Ctx)
		require.ErrorIs(t, err, model.ErrNotUnique)
		_, err = q.FindBy(e.Ctx, "email", list[1].Email)
		require.NoError(t, err)
		_, err = q.Find(e.Ctx, list[1].ID)
		require.NoError(t, err)
		_, err = q.FindMany(e.Ctx, list[1].ID)
		require.NoError(t, err)
		_, err = q.Exists(e.Ctx)
		require.NoError(t, err)
		_, err = q.Count(e.Ctx)
		require.NoError(t, err)
		e.Sends(t, 1, func() {
			all, err := q.All(e.Ctx)
			require.NoError(t, err)
			require.Len(t, all, 3)
			require.Equal(t, list[0].ID, all[0].ID)
		})
	})
}

// Sole returns the only record, is ErrNotFound without one and ErrNotUnique with several, with one
// statement.
func TestSoleRefusesNoneAndSeveral(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := someAccounts(t, e, 3)
		sole := func(q *model.Builder[account]) (found *account, err error) {
			e.Sends(t, 1, func() { found, err = q.Sole(e.Ctx) })
			return found, err
		}
		found, err := sole(model.Query[account](e.DB).Where("name", list[1].Name))
		require.NoError(t, err)
		require.Equal(t, list[1].ID, found.ID)
		_, err = sole(model.Query[account](e.DB).Where("name", "nobody"))
		require.ErrorIs(t, err, model.ErrNotFound)
		none, err := sole(model.Query[account](e.DB).Where("active", true))
		require.ErrorIs(t, err, model.ErrNotUnique)
		require.Nil(t, none)
		_, err = sole(model.Query[account](e.DB).Where("active", true).Limit(10))
		require.ErrorIs(t, err, model.ErrNotUnique, "the query has a higher limit")
		found, err = sole(model.Query[account](e.DB).Where("active", true).OrderBy("id").Limit(1))
		require.NoError(t, err, "the query has one row")
		require.Equal(t, list[0].ID, found.ID)
	})
}

// Exists tells whether the query has a row, with one statement that reads one row at most.
func TestExistsReadsOneRowAtMost(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := someAccounts(t, e, 3)
		exists := func(q *model.Builder[account]) bool {
			var ok bool
			sent := e.Sends(t, 1, func() {
				var err error
				ok, err = q.Exists(e.Ctx)
				require.NoError(t, err)
			})
			require.Contains(t, sent[0], " LIMIT ")
			return ok
		}
		require.True(t, exists(model.Query[account](e.DB)))
		require.True(t, exists(model.Query[account](e.DB).Where("name", list[1].Name).OrderBy("email")))
		require.False(t, exists(model.Query[account](e.DB).Where("name", "nobody")))
		require.False(t, exists(model.Query[account](e.DB).WhereIn("id", []int{})))
		require.True(t, exists(model.Query[account](e.DB).Offset(2)))
		require.False(t, exists(model.Query[account](e.DB).Offset(3)))
	})
}

// Count returns the number of rows with one statement that is not sorted, within limit and offset of the
// query.
func TestCountStaysWithinLimitAndOffset(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := someAccounts(t, e, 5)
		count := func(q *model.Builder[account]) int64 {
			var n int64
			sent := e.Sends(t, 1, func() {
				var err error
				n, err = q.Count(e.Ctx)
				require.NoError(t, err)
			})
			require.NotContains(t, strings.ToUpper(sent[0]), "ORDER BY")
			return n
		}
		require.EqualValues(t, 5, count(model.Query[account](e.DB)))
		require.EqualValues(t, 1, count(model.Query[account](e.DB).Where("name", list[3].Name).OrderBy("name")))
		require.EqualValues(t, 0, count(model.Query[account](e.DB).Where("name", "nobody")))
		require.EqualValues(t, 0, count(model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereKey() })))
		require.EqualValues(t, 5, count(model.Query[account](e.DB).Use(func(q *relation.Query) { q.WhereKeyNot() })))
		require.EqualValues(t, 2, count(model.Query[account](e.DB).OrderBy("id").Limit(2)))
		require.EqualValues(t, 1, count(model.Query[account](e.DB).OrderBy("id").Limit(3).Offset(4)))
		require.EqualValues(t, 1, count(model.Query[account](e.DB).Select("active").Distinct()))
	})
}
