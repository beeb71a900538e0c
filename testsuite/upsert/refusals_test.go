// SPDX-License-Identifier: MIT

package upsert_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A search for nothing is ErrMissingWhere, rows to be recognised by no column are ErrMissingKey, and
// nothing is sent.
func TestEmptySearchIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		for _, search := range []model.Attrs{nil, {}} {
			for name, call := range ones(e, search, model.Attrs{"email": "c@x"}) {
				e.Sends(t, 0, func() { require.ErrorIs(t, call(), model.ErrMissingWhere, name) })
			}
		}
		for _, keys := range [][]string{nil, {}} {
			for name, call := range manies(e, keys, []model.Attrs{{"email": "c@x"}}) {
				e.Sends(t, 0, func() { require.ErrorIs(t, call(), model.ErrMissingKey, name) })
			}
		}
	})
}

// A name that the model does not have, and a value that does not fit, is refused before anything is sent.
func TestBadNamesAndValuesAreRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		for _, bad := range []struct {
			search, values model.Attrs
			want           error
		}{
			{model.Attrs{"emial": "a@x"}, nil, model.ErrUnknownAttribute},
			{model.Attrs{"email": "c@x"}, model.Attrs{"nmae": "C"}, model.ErrUnknownAttribute},
			{model.Attrs{"email = 'a@x' OR 1": 1}, nil, model.ErrUnknownAttribute},
			{model.Attrs{"points": "many"}, nil, model.ErrInvalidValue},
			{model.Attrs{"email": "c@x"}, model.Attrs{"points": 1.5}, model.ErrInvalidValue},
			{model.Attrs{"email": []string{"a@x"}}, nil, model.ErrInvalidValue},
			{model.Attrs{"email": "c@x"}, model.Attrs{"points": nil}, model.ErrInvalidValue},
			{model.Attrs{"email": "a@x", "Email": "b@x"}, nil, model.ErrInvalidValue},
		} {
			for name, call := range ones(e, bad.search, bad.values) {
				e.Sends(t, 0, func() { require.ErrorIs(t, call(), bad.want, "%s: %v %v", name, bad.search, bad.values) })
			}
		}
		for _, bad := range []struct {
			key  string
			row  model.Attrs
			want error
		}{
			{"emial", model.Attrs{"email": "c@x"}, model.ErrUnknownColumn},
			{"email", model.Attrs{"email": "c@x", "nmae": "C"}, model.ErrUnknownAttribute},
			{"email", model.Attrs{"email": "c@x", "points": "many"}, model.ErrInvalidValue},
			{"email", model.Attrs{"email": 1}, model.ErrInvalidValue},
		} {
			for name, call := range manies(e, []string{bad.key}, []model.Attrs{{"email": "a@x"}, bad.row}) {
				e.Sends(t, 0, func() { require.ErrorIs(t, call(), bad.want, "%s: %v", name, bad.row) })
			}
		}
	})
}

// A row that lacks one of the columns by which rows are recognised, or has nil there, is ErrMissingKey
// before anything is sent.
func TestRowWithoutKeyColumnIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		for _, row := range []model.Attrs{{"name": "C"}, {"email": "c@x", "number": nil}, {"number": "n9"}, {}} {
			for name, call := range manies(e, []string{"email", "Number"}, []model.Attrs{{"email": "a@x", "number": "n1"}, row}) {
				e.Sends(t, 0, func() {
					err := call()
					require.ErrorIs(t, err, model.ErrMissingKey, name)
					require.ErrorContains(t, err, "row 1", name)
				})
			}
		}
	})
}

// A unique value that belongs to a soft deleted row is ErrDuplicate that points to WithTrashed, and nothing
// is written.
func TestValueOfASoftDeletedRowIsErrDuplicate(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &leaflet{})
		require.NoError(t, e.Gorm.Exec("INSERT INTO leaflets (slug, title, deleted_at) VALUES ('a', 'A', '2026-01-01 00:00:00')").Error)
		search, values := model.Attrs{"slug": "a"}, model.Attrs{"title": "B"}
		rows := []model.Attrs{{"slug": "b", "title": "B"}, {"slug": "a", "title": "B"}}
		for name, call := range map[string]func() error{
			"FirstOrCreate": func() error {
				_, err := model.FirstOrCreate[leaflet](e.Ctx, e.DB, search, values)
				return err
			},
			"UpdateOrCreate": func() error {
				_, err := model.UpdateOrCreate[leaflet](e.Ctx, e.DB, search, values)
				return err
			},
			"FetchOrCreateMany": func() error {
				_, err := model.FetchOrCreateMany[leaflet](e.Ctx, e.DB, []string{"slug"}, rows)
				return err
			},
			"UpdateOrCreateMany": func() error {
				_, err := model.UpdateOrCreateMany[leaflet](e.Ctx, e.DB, []string{"slug"}, rows)
				return err
			},
		} {
			err := call()
			require.ErrorIs(t, err, model.ErrDuplicate, name)
			require.ErrorContains(t, err, "WithTrashed", name)
			require.EqualValues(t, 1, e.Count(t, "leaflets"), name)
			require.EqualValues(t, "A", e.Rows(t, "SELECT title FROM leaflets")[0]["title"], name)
		}
		m, err := model.FirstOrNew[leaflet](e.Ctx, e.DB, search, values)
		require.NoError(t, err)
		require.True(t, m.IsNew(), "the row is invisible")
	})
}

// A value that another unique index refuses is the original error, which names the index, and nothing is
// written.
func TestOtherUniqueIndexIsNamed(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		row := model.Attrs{"email": "c@x", "number": "n1"}
		for name, call := range map[string]func() error{
			"FirstOrCreate": func() error {
				_, err := model.FirstOrCreate[member](e.Ctx, e.DB, model.Attrs{"email": "c@x"}, row)
				return err
			},
			"UpdateOrCreate": func() error {
				_, err := model.UpdateOrCreate[member](e.Ctx, e.DB, model.Attrs{"email": "c@x"}, row)
				return err
			},
			"FetchOrCreateMany": func() error {
				_, err := model.FetchOrCreateMany[member](e.Ctx, e.DB, []string{"email"}, []model.Attrs{{"email": "d@x"}, row})
				return err
			},
			"UpdateOrCreateMany": func() error {
				_, err := model.UpdateOrCreateMany[member](e.Ctx, e.DB, []string{"email"}, []model.Attrs{{"email": "a@x", "points": 5}, row})
				return err
			},
		} {
			err := call()
			require.ErrorIs(t, err, model.ErrDuplicate, name)
			var constraint *model.ConstraintError
			require.ErrorAs(t, err, &constraint, name)
			require.Equal(t, []string{"number"}, constraint.Columns, name)
			require.EqualValues(t, 2, e.Count(t, "members"), name)
			require.EqualValues(t, 1, e.Rows(t, "SELECT points FROM members WHERE email = 'a@x'")[0]["points"], name)
		}
	})
}

// A transaction in which FirstOrCreate and its kin met a duplicate is still good: what is written then is
// committed.
func TestDuplicateLeavesTheTransactionUsable(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		row := model.Attrs{"email": "c@x", "number": "n1"}
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			for range 2 {
				_, err := model.FirstOrCreate[member](ctx, tx, model.Attrs{"email": "c@x"}, row)
				require.ErrorIs(t, err, model.ErrDuplicate)
				_, err = model.UpdateOrCreate[member](ctx, tx, model.Attrs{"email": "c@x"}, row)
				require.ErrorIs(t, err, model.ErrDuplicate)
				_, err = model.UpdateOrCreate[member](ctx, tx, model.Attrs{"email": "b@x"}, model.Attrs{"number": "n1"})
				require.ErrorIs(t, err, model.ErrDuplicate)
				_, err = model.FetchOrCreateMany[member](ctx, tx, []string{"email"}, []model.Attrs{{"email": "d@x"}, row})
				require.ErrorIs(t, err, model.ErrDuplicate)
				_, err = model.UpdateOrCreateMany[member](ctx, tx, []string{"email"}, []model.Attrs{{"email": "b@x", "points": 7}, row})
				require.ErrorIs(t, err, model.ErrDuplicate)
				require.ErrorIs(t, model.Upsert(ctx, tx, []*member{{Email: "e@x", Number: new("n1")}}, []string{"email"}), model.ErrDuplicate)
			}
			_, err := model.FirstOrCreate[member](ctx, tx, model.Attrs{"email": "f@x"}, nil)
			return err
		}))
		got := e.Rows(t, "SELECT email, points FROM members ORDER BY email")
		require.Len(t, got, 3)
		require.EqualValues(t, 2, got[1]["points"], "no part of a refused call is left")
		require.EqualValues(t, "f@x", got[2]["email"])
	})
}

// ones are the calls that look for one record.
func ones(e *harness.Env, search, values model.Attrs) map[string]func() error {
	return map[string]func() error{
		"FirstOrNew": func() error {
			_, err := model.FirstOrNew[member](e.Ctx, e.DB, search, values)
			return err
		},
		"FirstOrCreate": func() error {
			_, err := model.FirstOrCreate[member](e.Ctx, e.DB, search, values)
			return err
		},
		"UpdateOrCreate": func() error {
			_, err := model.UpdateOrCreate[member](e.Ctx, e.DB, search, values)
			return err
		},
	}
}

// manies are the calls that look for many records.
func manies(e *harness.Env, keys []string, rows []model.Attrs) map[string]func() error {
	return map[string]func() error{
		"FetchOrNewUpMany": func() error {
			_, err := model.FetchOrNewUpMany[member](e.Ctx, e.DB, keys, rows)
			return err
		},
		"FetchOrCreateMany": func() error {
			_, err := model.FetchOrCreateMany[member](e.Ctx, e.DB, keys, rows)
			return err
		},
		"UpdateOrCreateMany": func() error {
			_, err := model.UpdateOrCreateMany[member](e.Ctx, e.DB, keys, rows)
			return err
		},
	}
}
