// SPDX-License-Identifier: MIT

package finders_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// FindMany returns the records in the order of the keys with one statement, whatever the order of the
// query.
func TestFindManyKeepsTheOrderOfTheKeys(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := someAccounts(t, e, 5)
		for _, order := range [][]int{{4, 0, 2, 1, 3}, {0, 1, 2, 3, 4}, {3, 1}} {
			var ids []any
			for _, i := range order {
				ids = append(ids, list[i].ID)
			}
			e.Sends(t, 1, func() {
				found, err := model.Query[account](e.DB).OrderBy("id").FindMany(e.Ctx, ids...)
				require.NoError(t, err)
				require.Len(t, found, len(order))
				for i, a := range found {
					require.Equal(t, ids[i], a.ID)
					require.Equal(t, list[order[i]].Email, a.Email)
				}
			})
		}
	})
}

// FindMany returns every record once, however often and in whatever form its key is given.
func TestFindManyDropsDuplicates(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := someAccounts(t, e, 2)
		a, b := list[0].ID, list[1].ID
		e.Sends(t, 1, func() {
			found, err := model.Query[account](e.DB).FindMany(e.Ctx, b, a, b, strconv.FormatInt(a, 10), int32(b), &a)
			require.NoError(t, err)
			require.Len(t, found, 2)
			require.Equal(t, b, found[0].ID)
			require.Equal(t, a, found[1].ID)
		})
	})
}

// FindMany leaves out keys without a row, and is no error.
func TestFindManyLeavesOutMissingRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := someAccounts(t, e, 2)
		e.Sends(t, 1, func() {
			found, err := model.Query[account](e.DB).FindMany(e.Ctx, -1, list[1].ID, 0, 1<<40, list[0].ID)
			require.NoError(t, err)
			require.Len(t, found, 2)
			require.Equal(t, list[1].ID, found[0].ID)
		})
		e.Sends(t, 1, func() {
			found, err := model.Query[account](e.DB).FindMany(e.Ctx, -1)
			require.NoError(t, err)
			require.Empty(t, found)
		})
	})
}

// FindMany without keys, or with empty lists of keys, sends nothing and returns no records.
func TestFindManyOfNothingSendsNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		someAccounts(t, e, 1)
		for _, ids := range [][]any{nil, {}, {[]int64{}}, {[]int{}, []string{}}, {[]any(nil)}} {
			e.Sends(t, 0, func() {
				require.NoError(t, func() error {
					found, err := model.Query[account](e.DB).FindMany(e.Ctx, ids...)
					require.Empty(t, found)
					return err
				}())
			})
		}
	})
}

// FindMany takes lists of keys apart, of any type that a key can have.
func TestFindManyTakesLists(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &badge{})
		list := someAccounts(t, e, 3)
		ids := []int64{list[2].ID, list[0].ID}
		for _, given := range [][]any{
			{ids},
			{[]any{ids[0], ids[1]}},
			{[]int64{ids[0]}, ids[1]},
			{[]string{strconv.FormatInt(ids[0], 10), strconv.FormatInt(ids[1], 10)}},
			{[]*int64{&ids[0], &ids[1]}},
		} {
			e.Sends(t, 1, func() {
				found, err := model.Query[account](e.DB).FindMany(e.Ctx, given...)
				require.NoError(t, err)
				require.Len(t, found, 2, "%T", given[0])
				require.Equal(t, ids[0], found[0].ID)
				require.Equal(t, ids[1], found[1].ID)
			})
		}
		for _, code := range []string{"x", `"`, `{`, `\`, ",", "NULL"} {
			require.NoError(t, model.Create(e.Ctx, e.DB, &badge{Code: code}))
		}
		e.Sends(t, 1, func() {
			found, err := model.Query[badge](e.DB).FindMany(e.Ctx, []string{"NULL", `\`, "{", `"`, ",", "x", `x"`})
			require.NoError(t, err)
			var codes []string
			for _, b := range found {
				codes = append(codes, b.Code)
			}
			require.Equal(t, []string{"NULL", `\`, "{", `"`, ",", "x"}, codes)
		})
	})
}

// FindMany of a query that selects columns returns the records all the same: the key is selected too.
func TestFindManySelectsTheKeyToo(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := someAccounts(t, e, 3)
		e.Sends(t, 1, func() {
			found, err := model.Query[account](e.DB).Select("Email").FindMany(e.Ctx, list[2].ID, list[0].ID)
			require.NoError(t, err)
			require.Len(t, found, 2)
			require.Equal(t, list[2].Email, found[0].Email)
			require.Equal(t, list[0].Email, found[1].Email)
			require.Empty(t, found[0].Name)
		})
	})
}

// FindMany of a model with a composite key is ErrUnsupported, and sends nothing.
func TestFindManyRefusesCompositeKeys(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &seat{})
		e.Sends(t, 0, func() {
			require.ErrorIs(t, func() error {
				_, err := model.Query[seat](e.DB).FindMany(e.Ctx, 1, 2)
				return err
			}(), model.ErrUnsupported)
		})
	})
}
