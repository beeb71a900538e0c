// SPDX-License-Identifier: MIT

package matching_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

var ofCountry = []string{"cities", "tags", "streets"}

func lengths(c *Country) []int { return []int{len(c.Cities), len(c.Tags), len(c.Streets)} }

func TestRelationsOfAllRecordsAreThoseOfTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, k keys) {
		q := model.Query[Country](e.DB).Preload("capital").Preload("latest")
		for _, name := range ofCountry {
			q.Preload(name).WithCount(name)
		}
		all, err := q.All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, all, 2)
		n := k.related()
		for _, c := range all {
			for _, name := range ofCountry {
				require.EqualValues(t, n, c.Extras()[name+"_count"], name)
			}
			require.Equal(t, []int{n, n, n}, lengths(c), c.Code)
			require.Equal(t, n == 1, c.Capital.Name != "nowhere", "the default is for countries without a city")
			require.Equal(t, n == 1, c.Latest != nil)
		}
	})
}

func TestRelationsOfOneRecordAreThoseOfTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, k keys) {
		c, err := model.Query[Country](e.DB).OrderBy("code").First(e.Ctx)
		require.NoError(t, err)
		n := k.related()
		for _, name := range ofCountry {
			e.Sends(t, 1, func() { require.NoError(t, c.Load(e.Ctx, name)) })
			count, err := c.Related(name).Query().Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, n, count, name)
		}
		require.Equal(t, []int{n, n, n}, lengths(c))
	})
}

func TestRecordsBelongToThoseOfTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, k keys) {
		cities, err := model.Query[City](e.DB).Preload("country").Preload("home").WithCount("country").All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, cities, 2)
		for _, c := range cities {
			require.EqualValues(t, k.related(), c.Extras()["country_count"])
			require.Equal(t, k.related() == 1, c.Country != nil)
			require.Equal(t, k.related() == 1, c.Home.Note != "nowhere")
		}
		tags, err := model.Query[Tag](e.DB).Preload("countries").All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, tags, 2)
		for _, tag := range tags {
			require.Len(t, tag.Countries, k.related())
		}
	})
}

func TestRecordsOfEqualKeysShareWhatTheyBelongTo(t *testing.T) {
	eachOf(t, equalInBoth, func(t *testing.T, e *harness.Env, k keys) {
		e.Exec(t, "insert into cities (id, country_code) values (3, '"+k.key[0]+"')")
		cities, err := model.Query[City](e.DB).Preload("country").OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.NotNil(t, cities[0].Country)
		require.Same(t, cities[0].Country, cities[2].Country)
	})
}

func TestALimitPerRecordCountsEqualKeys(t *testing.T) {
	eachOf(t, equal, func(t *testing.T, e *harness.Env, k keys) {
		e.Exec(t, "insert into cities (id, country_code) values (3, '"+k.spelling[0]+"')")
		all, err := model.Query[Country](e.DB).OrderBy("code").
			Preload("cities", func(q *relation.Query) { q.GroupLimit(1) }).All(e.Ctx)
		require.NoError(t, err)
		for _, c := range all {
			require.Len(t, c.Cities, 1, c.Code)
			if same(c.Code, k.key[0]) {
				require.EqualValues(t, 3, c.Cities[0].ID)
			}
		}
	})
}

func TestPreloadsOfPlainKeysSendNothingMore(t *testing.T) {
	exact := func(k keys) bool { return k.name == "SameText" || k.name == "BinaryText" }
	eachOf(t, exact, func(t *testing.T, e *harness.Env, k keys) {
		e.Sends(t, 4, func() {
			_, err := model.Query[Country](e.DB).Preload("cities").Preload("tags").Preload("capital").All(e.Ctx)
			require.NoError(t, err)
		})
	})
}

func TestAPreloadAsksOnceWhichKeysAreEqual(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, k keys) {
		e.Sent.Reset()
		_, err := model.Query[Country](e.DB).Preload("cities").All(e.Ctx)
		require.NoError(t, err)
		require.LessOrEqual(t, len(e.Sent.Statements()), 3)
	})
}
