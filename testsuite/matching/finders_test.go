// SPDX-License-Identifier: MIT

package matching_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

func TestFindManyFindsEqualKeysInOrder(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, k keys) {
		found, err := model.Query[Country](e.DB).FindMany(e.Ctx, k.spelling[1], k.spelling[0], k.spelling[1])
		require.NoError(t, err)
		require.Len(t, found, 2*k.related())
		if !k.different {
			require.True(t, same(k.key[1], found[0].Code), found[0].Code)
			require.True(t, same(k.key[0], found[1].Code), found[1].Code)
		}
	})
}

func TestFetchOrCreateManyInsertsNoEqualKey(t *testing.T) {
	eachOf(t, equal, func(t *testing.T, e *harness.Env, k keys) {
		rows := []model.Attrs{{"Code": k.spelling[0]}, {"Code": k.key[0]}, {"Code": k.spelling[1]}}
		for _, call := range []func() ([]*Country, error){
			func() ([]*Country, error) {
				return model.FetchOrCreateMany[Country](e.Ctx, e.DB, []string{"Code"}, rows)
			},
			func() ([]*Country, error) {
				return model.UpdateOrCreateMany[Country](e.Ctx, e.DB, []string{"Code"}, rows[:2])
			},
			func() ([]*Country, error) {
				return model.FetchOrNewUpMany[Country](e.Ctx, e.DB, []string{"Code"}, rows)
			},
		} {
			got, err := call()
			require.NoError(t, err)
			require.Same(t, got[0], got[1], "rows with equal keys share a record")
			require.False(t, got[0].IsNew())
			require.EqualValues(t, 2, e.Count(t, "countries"))
		}
	})
}

func TestFetchOrCreateManyInsertsEqualKeysOnce(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, k keys) {
		e.Exec(t, "delete from countries")
		rows := []model.Attrs{{"Code": k.spelling[0]}, {"Code": k.key[0]}}
		_, err := model.FetchOrCreateMany[Country](e.Ctx, e.DB, []string{"Code"}, rows)
		require.NoError(t, err)
		want := 1
		if k.different {
			want = 2
		}
		require.EqualValues(t, want, e.Count(t, "countries"))
	})
}

func TestUpsertTakesEqualKeysForOneRow(t *testing.T) {
	eachOf(t, equal, func(t *testing.T, e *harness.Env, k keys) {
		list := []*Country{{Code: k.key[0], Note: "a"}, {Code: k.spelling[0], Note: "b"}, {Code: k.spelling[1], Note: "c"}}
		require.NoError(t, model.Upsert(e.Ctx, e.DB, list, []string{"Code"}, "Note"))
		require.EqualValues(t, 2, e.Count(t, "countries"))
		require.Equal(t, "b", list[0].Note, "the last of equal records counts")
		require.Equal(t, []string{"b", "c"}, []string{list[1].Note, list[2].Note})
	})
}

func TestLoadCountFindsRecordsByEqualKeys(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, k keys) {
		all, err := model.Query[Country](e.DB).All(e.Ctx)
		require.NoError(t, err)
		require.NoError(t, model.LoadCount(e.Ctx, all, "cities"))
		for _, c := range all {
			require.EqualValues(t, k.related(), c.Extras()["cities_count"])
		}
	})
}

func TestSyncKeepsPairsOfEqualKeys(t *testing.T) {
	eachOf(t, equalInBoth, func(t *testing.T, e *harness.Env, k keys) {
		c, err := model.Query[Country](e.DB).Find(e.Ctx, k.key[0])
		require.NoError(t, err)
		tags := relation.ManyToMany(c, &c.Tags)
		for _, sync := range []func(context ...any) (relation.Changes, error){
			func(links ...any) (relation.Changes, error) { return tags.Sync(e.Ctx, links...) },
			func(links ...any) (relation.Changes, error) { return tags.SyncWithoutDetaching(e.Ctx, links...) },
		} {
			changes, err := sync(k.key[0], k.spelling[0])
			require.NoError(t, err)
			require.Empty(t, changes.Attached)
			require.Empty(t, changes.Detached)
		}
		changes, err := tags.Toggle(e.Ctx, k.key[0], k.spelling[1], k.key[1])
		require.NoError(t, err)
		require.Len(t, changes.Detached, 1)
		require.Len(t, changes.Attached, 1, "equal links are one link")
		require.EqualValues(t, 2, e.Count(t, "country_tag"))
	})
}
