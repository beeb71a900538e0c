// SPDX-License-Identifier: MIT

package chain_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// runsAlone: running a query does not change it.
func (k *Kind[S]) runsAlone(t *testing.T) {
	t.Helper()
	for _, one := range k.cases {
		q := k.start()
		one.use(k.chain(q))
		before := k.text(q)
		_, err := k.chain(q).Count(t.Context())
		require.NoError(t, err, one.api)
		require.Equal(t, before, k.text(q), "%s: Count changes the query", one.api)
	}
}

// Kind is one of the two builders.
type Kind[S any] struct {
	name      string
	start     func() S
	chain     func(q S) *relation.Query
	clone     func(q S) S
	cases     []Case[S]
	terminals []Terminal[S]
}

func ofBuilders(db *model.DB) Kind[builder] {
	return Kind[builder]{
		name: "Builder", start: func() builder { return model.Query[Post](db).Where("id", "<", 100).OrderBy("id") },
		chain: queryOf, clone: builder.Clone,
		cases: append(conditionCases[builder](db), others[builder]()...), terminals: ofBuilder(),
	}
}

func ofQueries(db *model.DB) Kind[*relation.Query] {
	return Kind[*relation.Query]{
		name: "Query", start: func() *relation.Query {
			return model.Query[Post](db).Where("id", "<", 100).OrderBy("id").Untyped()
		},
		chain: func(q *relation.Query) *relation.Query { return q }, clone: (*relation.Query).Clone,
		cases: append(conditionCases[*relation.Query](db), others[*relation.Query]()...), terminals: ofQuery(),
	}
}

// text is the SQL of a query, its values and its error.
func (k *Kind[S]) text(q S) string {
	sql, args, err := k.chain(q).ToSQL()
	return fmt.Sprint(sql, args, err)
}

// TestRunningAQueryDoesNotChangeIt: running a query does not change it, and twice is the same.
func TestRunningAQueryDoesNotChangeIt(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, db *model.DB) {
		t.Helper()
		builders, queries := ofBuilders(db), ofQueries(db)
		builders.runs(t, db)
		queries.runs(t, db)
	})
}

func (k *Kind[S]) runs(t *testing.T, db *model.DB) {
	t.Helper()
	for i, one := range k.cases {
		q := k.start()
		one.use(k.chain(q))
		before := k.text(q)
		for _, terminal := range k.terminals {
			at := fmt.Sprintf("%s, %s (%d), %s", k.name, one.api, i, terminal.api)
			var ids, again []int64
			var err, errAgain error
			undone(t, db, func(ctx context.Context, _ *model.DB) { ids, err = terminal.run(ctx, q) })
			require.Equal(t, before, k.text(q), "%s changes the query", at)
			undone(t, db, func(ctx context.Context, _ *model.DB) { again, errAgain = terminal.run(ctx, q) })
			require.Equal(t, fmt.Sprint(err), fmt.Sprint(errAgain), "%s, twice", at)
			require.Equal(t, ids, again, "%s, twice", at)
			require.Equal(t, before, k.text(q), "%s changes the query the second time", at)
		}
	}
}

// What happens to a clone does not happen to the original, nor to another clone, and the other way round.
// Nothing is sent, so that one database is enough.
func TestClonesShareNothing(t *testing.T) {
	t.Parallel()
	db := opened(t, harness.Databases()[0])
	builders, queries := ofBuilders(db), ofQueries(db)
	builders.clones(t)
	queries.clones(t)
}

func (k *Kind[S]) clones(t *testing.T) {
	t.Helper()
	for i, first := range k.cases {
		for j, second := range k.cases {
			q := k.start()
			first.use(k.chain(q))
			clone, other := k.clone(q), k.clone(q)
			before := k.text(q)
			check := func(changed string, list ...S) {
				for _, unchanged := range list {
					require.Equal(t, before, k.text(unchanged), "%s: after %s (%d), %s (%d) on %s changes another query",
						k.name, first.api, i, second.api, j, changed)
				}
			}
			second.use(k.chain(clone))
			check("a clone", q, other)
			second.use(k.chain(q))
			check("the original", other)
			require.Equal(t, k.text(q), k.text(clone), "%s: %s (%d) and %s (%d) mean something else on a clone",
				k.name, first.api, i, second.api, j)
		}
	}
}

// Lens is which rows a query may see at all.
type Lens struct {
	name string
	set  func(q builder)
	rows []int64
}

func lenses() []Lens {
	return []Lens{
		{"plain", func(builder) {}, []int64{1, 2, 3, 4}},
		{"WithTrashed", func(q builder) { q.WithTrashed() }, []int64{1, 2, 3, 4, 7}},
		{"OnlyTrashed", func(q builder) { q.OnlyTrashed() }, []int64{7}},
		{"WithoutScope", func(q builder) { q.WithoutScope("tenant") }, []int64{1, 2, 3, 4, 5, 6}},
	}
}

// Form is how conditions are put together with those that everything fulfils.
type Form struct {
	name string
	// all means that every row fulfils the whole.
	all bool
	use func(q builder, top func(q builder), inside func(q *relation.Query))
}

func forms() []Form {
	type (
		top    = func(q builder)
		inside = func(q *relation.Query)
	)
	return []Form{
		{"before OrWhere", true, func(q builder, m top, _ inside) {
			m(q)
			q.OrWhere("id", ">", 0)
		}},
		{"before OrWhereRaw", true, func(q builder, m top, _ inside) {
			m(q)
			q.Use(func(q *relation.Query) { q.OrWhereRaw("1 = 1") })
		}},
		{"before OrWhereNot", true, func(q builder, m top, _ inside) {
			m(q)
			q.Use(func(q *relation.Query) { q.OrWhereNot(func(q *relation.Query) { q.Where("id", -1) }) })
		}},
		{"behind OrWhere", false, func(q builder, m top, _ inside) {
			q.Where("id", -1).OrWhere("id", ">", 0)
			m(q)
		}},
		{"in a group", true, func(q builder, _ top, m inside) {
			q.Where(func(q *relation.Query) {
				m(q)
				q.OrWhere("id", ">", 0)
			})
		}},
		{"in a group joined by OR", true, func(q builder, _ top, m inside) {
			q.Where("id", -1).OrWhere(func(q *relation.Query) {
				m(q)
				q.OrWhereRaw("1 = 1")
			})
		}},
		{"in a negated group", false, func(q builder, _ top, m inside) {
			q.Use(func(q *relation.Query) {
				q.OrWhereNot(func(q *relation.Query) {
					m(q.Where("id", -1))
					q.Where("id", -1)
				})
			}).OrWhere("id", ">", 0)
		}},
	}
}

// TestNoConditionEscapesSoftDeletesAndScopes: no condition, however it is joined by OR, shows or writes a row outside of soft
// deletes and global scopes.
func TestNoConditionEscapesSoftDeletesAndScopes(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, db *model.DB) {
		t.Helper()
		plain, grouped := conditionCases[builder](db), conditionCases[*relation.Query](db)
		for i, one := range plain {
			for _, form := range forms() {
				if one.top && form.name[:2] == "in" {
					continue
				}
				for _, lens := range lenses() {
					at := fmt.Sprintf("%s (%d), %s, %s", one.api, i, form.name, lens.name)
					build := func() builder {
						q := model.Query[Post](db)
						lens.set(q)
						form.use(q, func(q builder) { q.Use(one.use) }, func(q *relation.Query) { grouped[i].use(q) })
						return q
					}
					reads(t, at, form, lens, build)
					writes(t, db, at, lens, build)
				}
			}
		}
	})
}

func within(t *testing.T, at string, ids []int64, lens Lens) {
	t.Helper()
	for _, id := range ids {
		require.Contains(t, lens.rows, id, "%s shows row %d", at, id)
	}
}

// reads runs the terminals that read.
func reads(t *testing.T, at string, form Form, lens Lens, build func() builder) {
	t.Helper()
	full := form.all && lens.name == "plain"
	for _, terminal := range ofBuilder() {
		switch terminal.api {
		case "Update", "Increment", "Decrement", "Delete", "ForceDelete", "Restore", "ToSQL":
			continue
		case "All", "Count", "Pluck":
		default:
			if !full {
				continue
			}
		}
		ids, err := terminal.run(t.Context(), build())
		if err != nil {
			require.True(t, errors.Is(err, model.ErrNotFound) || errors.Is(err, model.ErrNotUnique) || errors.Is(err, model.ErrUnsupported),
				"%s, %s: %v", at, terminal.api, err)
		}
		within(t, at+", "+terminal.api, ids, lens)
		if terminal.api == "All" && form.all {
			require.ElementsMatch(t, lens.rows, ids, at)
		}
	}
	n, err := build().Count(t.Context())
	require.NoError(t, err, at)
	require.LessOrEqual(t, n, int64(len(lens.rows)), "%s, Count", at)
}

// writes runs those that write, and looks past Kindred which rows they have changed.
func writes(t *testing.T, db *model.DB, at string, lens Lens, build func() builder) {
	t.Helper()
	for _, write := range []struct {
		api     string
		changed string // the rows that have changed
	}{
		{"Update", "SELECT id FROM posts WHERE title = 'changed'"},
		{"Increment", "SELECT id FROM posts WHERE views > 50"},
		{"Delete", "SELECT id FROM posts WHERE deleted_at > '2025-06-01 00:00:00'"},
		{"ForceDelete", ""},
		{"Restore", "SELECT id FROM posts WHERE deleted_at IS NULL AND id IN (7, 8)"},
	} {
		i := slices.IndexFunc(ofBuilder(), func(terminal Terminal[builder]) bool { return terminal.api == write.api })
		undone(t, db, func(ctx context.Context, tx *model.DB) {
			_, err := ofBuilder()[i].run(ctx, build())
			require.NoError(t, err, "%s, %s", at, write.api)
			var ids []int64
			if write.changed == "" {
				var left []int64
				require.NoError(t, tx.Gorm().Raw("SELECT id FROM posts").Scan(&left).Error)
				ids = slices.DeleteFunc([]int64{1, 2, 3, 4, 5, 6, 7, 8}, func(id int64) bool { return slices.Contains(left, id) })
			} else {
				require.NoError(t, tx.Gorm().Raw(write.changed).Scan(&ids).Error)
			}
			seen := lens
			if write.api == "Restore" { // it looks for trashed rows
				seen.rows = []int64{7}
				if lens.name == "WithoutScope" {
					seen.rows = []int64{7, 8}
				}
			}
			within(t, at+", "+write.api, ids, seen)
		})
	}
}

// TestCursorsOfTwoTransactionsDoNotMix: cursors of two transactions on one connection, which have the same name and other
// columns, are not mixed up.
func TestCursorsOfTwoTransactionsDoNotMix(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, db *model.DB) {
		t.Helper()
		pool, err := db.Gorm().DB()
		require.NoError(t, err)
		pool.SetMaxOpenConns(1)
		for _, columns := range [][]string{{"id", "title"}, {"title", "id"}, {"views", "id"}, {"id"}, {"note", "tenant", "id"}} {
			var ids []int64
			undone(t, db, func(ctx context.Context, _ *model.DB) {
				for p, err := range model.Query[Post](db).Select(columns...).OrderByRaw("id").Each(ctx) {
					require.NoError(t, err, "%v", columns)
					ids = append(ids, p.ID)
					require.Contains(t, []string{"", "a", "b", "c"}, p.Title, "%v", columns)
				}
			})
			require.Equal(t, []int64{1, 2, 3, 4}, ids, "%v", columns)
		}
	})
}
