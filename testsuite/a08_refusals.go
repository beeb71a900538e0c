// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// refusalPromises are about what finders that may write refuse.
func refusalPromises() []promise {
	return []promise{
		{
			name: "A8/EmptySearch",
			says: "a search for nothing is ErrMissingWhere, rows to be recognised by no column are ErrMissingKey, and nothing is sent",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				for _, search := range []model.Attrs{nil, {}} {
					for name, call := range ones(e, search, model.Attrs{"email": "c@x"}) {
						e.sends(t, 0, func() { require.ErrorIs(t, e.do("find", call), model.ErrMissingWhere, name) })
					}
				}
				for _, keys := range [][]string{nil, {}} {
					for name, call := range manies(e, keys, []model.Attrs{{"email": "c@x"}}) {
						e.sends(t, 0, func() { require.ErrorIs(t, e.do("find", call), model.ErrMissingKey, name) })
					}
				}
			},
			twin: findsByText,
		},
		{
			name: "A8/BadNamesAndValues",
			says: "a name that the model does not have, and a value that does not fit, is refused before anything is sent",
			check: func(t testing.TB, e *env) {
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
						e.sends(t, 0, func() { require.ErrorIs(t, e.do("find", call), bad.want, "%s: %v %v", name, bad.search, bad.values) })
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
						e.sends(t, 0, func() { require.ErrorIs(t, e.do("find", call), bad.want, "%s: %v", name, bad.row) })
					}
				}
			},
			twin: findsByText,
		},
		{
			name: "A8/RowWithoutKey",
			says: "a row that lacks one of the columns by which rows are recognised, or has nil there, is ErrMissingKey before anything is sent",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				for _, row := range []model.Attrs{{"name": "C"}, {"email": "c@x", "number": nil}, {"number": "n9"}, {}} {
					for name, call := range manies(e, []string{"email", "Number"}, []model.Attrs{{"email": "a@x", "number": "n1"}, row}) {
						e.sends(t, 0, func() {
							err := e.do("find", call)
							require.ErrorIs(t, err, model.ErrMissingKey, name)
							require.ErrorContains(t, err, "row 1", name)
						})
					}
				}
			},
			twin: findsByText,
		},
		{
			name: "A8/TrashedRow",
			says: "a unique value that belongs to a soft deleted row is ErrDuplicate that points to WithTrashed, and nothing is written",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &leaflet{})
				require.NoError(t, e.gorm.Exec("INSERT INTO leaflets (slug, title, deleted_at) VALUES ('a', 'A', '2026-01-01 00:00:00')").Error)
				search, values := model.Attrs{"slug": "a"}, model.Attrs{"title": "B"}
				rows := []model.Attrs{{"slug": "b", "title": "B"}, {"slug": "a", "title": "B"}}
				for name, call := range map[string]func() error{
					"FirstOrCreate": func() error {
						_, err := model.FirstOrCreate[leaflet](e.ctx, e.db, search, values)
						return err
					},
					"UpdateOrCreate": func() error {
						_, err := model.UpdateOrCreate[leaflet](e.ctx, e.db, search, values)
						return err
					},
					"FetchOrCreateMany": func() error {
						_, err := model.FetchOrCreateMany[leaflet](e.ctx, e.db, []string{"slug"}, rows)
						return err
					},
					"UpdateOrCreateMany": func() error {
						_, err := model.UpdateOrCreateMany[leaflet](e.ctx, e.db, []string{"slug"}, rows)
						return err
					},
				} {
					err := e.do("create", call)
					require.ErrorIs(t, err, model.ErrDuplicate, name)
					require.ErrorContains(t, err, "WithTrashed", name)
					require.EqualValues(t, 1, e.count(t, "leaflets"), name)
					require.EqualValues(t, "A", e.rows(t, "SELECT title FROM leaflets")[0]["title"], name)
				}
				m, err := model.FirstOrNew[leaflet](e.ctx, e.db, search, values)
				require.NoError(t, err)
				require.True(t, m.IsNew(), "the row is invisible")
			},
			twin: func(e *env) { e.sql = bends("`leaflets`.`deleted_at` IS NULL", "1 = 1") },
		},
		{
			name: "A8/OtherUniqueIndex",
			says: "a value that another unique index refuses is the original error, which names the index, and nothing is written",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				row := model.Attrs{"email": "c@x", "number": "n1"}
				for name, call := range map[string]func() error{
					"FirstOrCreate": func() error {
						_, err := model.FirstOrCreate[member](e.ctx, e.db, model.Attrs{"email": "c@x"}, row)
						return err
					},
					"UpdateOrCreate": func() error {
						_, err := model.UpdateOrCreate[member](e.ctx, e.db, model.Attrs{"email": "c@x"}, row)
						return err
					},
					"FetchOrCreateMany": func() error {
						_, err := model.FetchOrCreateMany[member](e.ctx, e.db, []string{"email"}, []model.Attrs{{"email": "d@x"}, row})
						return err
					},
					"UpdateOrCreateMany": func() error {
						_, err := model.UpdateOrCreateMany[member](e.ctx, e.db, []string{"email"}, []model.Attrs{{"email": "a@x", "points": 5}, row})
						return err
					},
				} {
					err := call()
					require.ErrorIs(t, err, model.ErrDuplicate, name)
					var constraint *model.ConstraintError
					require.ErrorAs(t, err, &constraint, name)
					require.Equal(t, []string{"number"}, constraint.Columns, name)
					require.EqualValues(t, 2, e.count(t, "members"), name)
					require.EqualValues(t, 1, see(e, "points", e.rows(t, "SELECT points FROM members WHERE email = 'a@x'")[0]["points"]), name)
				}
			},
			twin: func(e *env) { e.seen["points"] = func(any) any { return 5 } },
		},
		{
			name: "A8/TransactionGoesOn",
			says: "a transaction in which FirstOrCreate and its kin met a duplicate is still good: what is written then is committed",
			check: func(t testing.TB, e *env) {
				twoMembers(t, e)
				row := model.Attrs{"email": "c@x", "number": "n1"}
				require.NoError(t, e.db.Transaction(e.ctx, func(ctx context.Context, tx *model.DB) error {
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
					return e.do("end", func() error { return err })
				}))
				got := e.rows(t, "SELECT email, points FROM members ORDER BY email")
				require.Len(t, got, 3)
				require.EqualValues(t, 2, got[1]["points"], "no part of a refused call is left")
				require.EqualValues(t, "f@x", got[2]["email"])
			},
			twin: func(e *env) { e.op["end"] = func(func() error) error { return errReaction } },
		},
	}
}

// ones are the calls that look for one record.
func ones(e *env, search, values model.Attrs) map[string]func() error {
	return map[string]func() error{
		"FirstOrNew": func() error {
			_, err := model.FirstOrNew[member](e.ctx, e.db, search, values)
			return err
		},
		"FirstOrCreate": func() error {
			_, err := model.FirstOrCreate[member](e.ctx, e.db, search, values)
			return err
		},
		"UpdateOrCreate": func() error {
			_, err := model.UpdateOrCreate[member](e.ctx, e.db, search, values)
			return err
		},
	}
}

// manies are the calls that look for many records.
func manies(e *env, keys []string, rows []model.Attrs) map[string]func() error {
	return map[string]func() error{
		"FetchOrNewUpMany": func() error {
			_, err := model.FetchOrNewUpMany[member](e.ctx, e.db, keys, rows)
			return err
		},
		"FetchOrCreateMany": func() error {
			_, err := model.FetchOrCreateMany[member](e.ctx, e.db, keys, rows)
			return err
		},
		"UpdateOrCreateMany": func() error {
			_, err := model.UpdateOrCreateMany[member](e.ctx, e.db, keys, rows)
			return err
		},
	}
}
