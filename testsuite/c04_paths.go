// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// pathPromises are about what holds on every way of reading a relation.
func pathPromises() []promise {
	return []promise{
		{
			name: "C3/OfOneParentEverywhere",
			says: "GroupLimit in the query of one record's relation, and a relation to one, bound every terminal, sub-queries and bulk updates",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				kinExec(t, e, "INSERT INTO kin_profiles (kin_user_id, bio) VALUES (1, 'second'), (1, 'third')")
				ann := kinUser1(t, e)
				first := func() *model.Builder[kinPost] {
					return relation.HasMany(ann, &ann.Posts).Query().OrderBy("id").Use(func(q *relation.Query) { q.GroupLimit(1) })
				}
				one := func() *model.Builder[kinProfile] { return relation.HasOne(ann, &ann.Profile).Query() }
				for name, count := range map[string]func() (int64, error){
					"count":        func() (int64, error) { return first().Count(e.ctx) },
					"count of one": func() (int64, error) { return one().Count(e.ctx) },
					"chunk":        func() (int64, error) { return counted(first().Chunk(e.ctx, 1)) },
					"chunk of one": func() (int64, error) { return counted(one().Chunk(e.ctx, 1)) },
					"each, raw":    func() (int64, error) { return pathEach(e, first().OrderByRaw("title desc")) },
					"paginate":     func() (int64, error) { return pathTotal(first().Paginate(e.ctx, 1, 10)) },
					"page of one":  func() (int64, error) { return pathTotal(one().Paginate(e.ctx, 1, 10)) },
					"sub-query": func() (int64, error) {
						return model.Query[kinPost](e.db).WhereIn("id", first().Select("id")).Count(e.ctx)
					},
					"sub-query, one": func() (int64, error) {
						return model.Query[kinProfile](e.db).WhereIn("id", one().Select("id")).Count(e.ctx)
					},
					"update": func() (int64, error) { return first().Update(e.ctx, model.Attrs{"title": "p1"}) },
				} {
					n, err := count()
					require.NoError(t, err, name)
					require.EqualValues(t, 1, see(e, "n", n), name)
				}
				page, err := one().Paginate(e.ctx, 2, 1)
				require.NoError(t, err)
				require.Empty(t, page.Data)
				n, err := one().Update(e.ctx, model.Attrs{"bio": "all"})
				require.NoError(t, err)
				require.EqualValues(t, 3, n, "a bulk write has no one in mind")
			},
			twin: func(e *env) { e.seen["n"] = func(any) any { return 3 } },
		},
		{
			name: "C4/RepeatedRows",
			says: "a relation that leads to a row several times is read whole by Each; Chunk and CursorPaginate, which would skip rows, are ErrUnsupported",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				require.NoError(t, ann.tags().Attach(e.ctx, 2, 1, 2, 2))
				n, err := pathEach(e, ann.tags().Query())
				require.NoError(t, err)
				require.EqualValues(t, 4, see(e, "n", n))
				_, err = counted(ann.tags().Query().Chunk(e.ctx, 1))
				require.ErrorIs(t, err, model.ErrUnsupported)
				require.ErrorIs(t, wrErr(ann.tags().Query().CursorPaginate(e.ctx, "", 1)), model.ErrUnsupported)
				require.NoError(t, ann.topics().Attach(e.ctx, 3, 1, 2))
				n, err = counted(ann.topics().Query().Chunk(e.ctx, 2))
				require.NoError(t, err)
				require.EqualValues(t, 3, n, "pairs are unique there")
				err = wrErr(counted(ann.topics().Query().Use(func(q *relation.Query) { q.OrderByPivot("level") }).Chunk(e.ctx, 2)))
				require.ErrorIs(t, err, model.ErrUnsupported)
				require.ErrorContains(t, err, "Reorder")
			},
			twin: func(e *env) { e.seen["n"] = func(any) any { return 2 } },
		},
		{
			name: "C3/AliasesInLimits",
			says: "GroupOrderBy and OrderBy of a limited preload know the aliases that the query declares",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				for name, fn := range map[string]func(q *relation.Query){
					"group": func(q *relation.Query) { q.GroupOrderBy("comments_count", relation.Desc) },
					"order": func(q *relation.Query) { q.OrderBy("comments_count", relation.Desc) },
					"mixed": func(q *relation.Query) { q.GroupOrderBy("comments_count", relation.Desc).OrderBy("id") },
					"other": func(q *relation.Query) { q.GroupOrderBy("id").OrderBy("comments_count") },
				} {
					users := kinLimited(t, e, func(q *relation.Query) {
						q.WithCount("comments").GroupLimit(1)
						fn(q)
					})
					require.Equal(t, "p1", see(e, "titles", kinTitles(users[0].Posts)), name)
					require.EqualValues(t, 3, users[0].Posts[0].Extras()["comments_count"], name)
				}
			},
			twin: func(e *env) { e.seen["titles"] = func(any) any { return "p2" } },
		},
		{
			name: "C12/InverseEverywhere",
			says: "the inverse is there on every way of reading, also inside of a transaction and in an order without a keyset",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				require.NoError(t, e.db.Transaction(e.ctx, func(ctx context.Context, tx *model.DB) error {
					ann, err := model.Query[kinAuthor](tx).Find(ctx, 1)
					require.NoError(t, err)
					articles := relation.HasMany(ann, &ann.Articles)
					for _, q := range []*model.Builder[kinArticle]{articles.Query().OrderBy("id"), articles.Query().OrderByRaw("title desc")} {
						n := 0
						for article, err := range q.Each(ctx) {
							require.NoError(t, err)
							require.Same(t, ann, article.Author)
							n++
						}
						require.Equal(t, 3, see(e, "n", n))
					}
					return nil
				}))
			},
			twin: func(e *env) { e.seen["n"] = func(any) any { return 0 } },
		},
		{
			name: "B13/NullIsNeither",
			says: "one of many by a column that may be NULL takes a row that has a value, on every database",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				kinExec(t, e, "UPDATE kin_posts SET score = NULL WHERE id = 2")
				e.sent.Reset()
				list := kinAll(t, e, 3, model.Query[nullAuthor](e.db).OrderBy("id").Preload("best").Preload("worst"))
				require.EqualValues(t, 1, list[0].Best.ID)
				require.EqualValues(t, 1, see(e, "worst", list[0].Worst.ID))
			},
			twin: func(e *env) { e.seen["worst"] = func(any) any { return 2 } },
		},
		{
			name: "C1/HooksOfTheMiddle",
			says: "what a hook of a related model says of records holds for what is loaded with them, and its aggregates can be asked for",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &uuCrew{}, &uuSailor{})
				a := &uuCrew{Name: "a"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				require.NoError(t, a.Related("sailors").Create(e.ctx, &uuSailor{Name: "x", Watch: 1}))
				ctx := context.WithValue(e.ctx, uuWatched{}, true)
				found, err := model.Query[uuSailor](e.db).Preload("crew", func(q *relation.Query) {
					q.OrderBy("guests_count").Preload("sailors")
				}).All(ctx)
				require.NoError(t, err)
				x := found[0].Crew.Sailors[0]
				require.Equal(t, true, see(e, "watched", model.Sideloaded(x)["watched"]))
				x.Name = "y"
				require.ErrorIs(t, x.Save(e.ctx), model.ErrUnsupported, "it is read only")
			},
			twin: func(e *env) { e.seen["watched"] = func(any) any { return nil } },
		},
	}
}

// nullAuthor has posts with a score or none.
type (
	nullAuthor struct {
		model.BaseModel[nullAuthor]

		ID    int64
		Best  *nullPost `relation:"hasOne;foreignKey:AuthorID"`
		Worst *nullPost `relation:"hasOne;foreignKey:AuthorID"`
	}
	nullPost struct {
		model.BaseModel[nullPost]

		ID       int64
		AuthorID *int64
		Score    *int
	}
)

// Define names the tables and the one of many.
func (a *nullAuthor) Define(d *model.Definition[nullAuthor]) {
	d.Table("kin_users")
	d.Relation(&a.Best).OfMany("score", "max").OnQuery(func(q *relation.Query) { q.Where("id", "<", 3) })
	d.Relation(&a.Worst).OfMany("score", "min").OnQuery(func(q *relation.Query) { q.Where("id", "<", 3) })
}

// Define names the table.
func (*nullPost) Define(d *model.Definition[nullPost]) { d.Table("kin_posts") }

// counted is how many records a Chunk yields.
func counted[T any](lists func(yield func([]*T, error) bool)) (n int64, err error) {
	for list, failed := range lists {
		n, err = n+int64(len(list)), failed
	}
	return n, err
}

// pathEach is how many records an Each yields in a transaction.
func pathEach[T any](e *env, q *model.Builder[T]) (n int64, err error) {
	err = e.db.Transaction(e.ctx, func(ctx context.Context, _ *model.DB) error {
		for _, err := range q.Each(ctx) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// pathTotal is how many rows a page has, if it says so in its facts, too.
func pathTotal[T any](page *model.Page[T], err error) (int64, error) {
	if err != nil || page.Meta.Total != int64(len(page.Data)) {
		return -1, err
	}
	return page.Meta.Total, nil
}
