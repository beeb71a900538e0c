// SPDX-License-Identifier: MIT

package preload_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// GroupLimit in the query of one record's relation, and a relation to one, bound every terminal,
// sub-queries and bulk updates.
func TestRelationOfOneParentBoundsEveryTerminal(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		e.Exec(t, "INSERT INTO profiles (user_id, bio) VALUES (1, 'second'), (1, 'third')")
		ann := user1(t, e)
		first := func() *model.Builder[Post] {
			return relation.HasMany(ann, &ann.Posts).Query().OrderBy("id").Use(func(q *relation.Query) { q.GroupLimit(1) })
		}
		one := func() *model.Builder[Profile] { return relation.HasOne(ann, &ann.Profile).Query() }
		for name, count := range map[string]func() (int64, error){
			"count":        func() (int64, error) { return first().Count(e.Ctx) },
			"count of one": func() (int64, error) { return one().Count(e.Ctx) },
			"chunk":        func() (int64, error) { return counted(first().Chunk(e.Ctx, 1)) },
			"chunk of one": func() (int64, error) { return counted(one().Chunk(e.Ctx, 1)) },
			"each, raw":    func() (int64, error) { return pathEach(e, first().OrderByRaw("title desc")) },
			"paginate":     func() (int64, error) { return pathTotal(first().Paginate(e.Ctx, 1, 10)) },
			"page of one":  func() (int64, error) { return pathTotal(one().Paginate(e.Ctx, 1, 10)) },
			"sub-query": func() (int64, error) {
				return model.Query[Post](e.DB).WhereIn("id", first().Select("id")).Count(e.Ctx)
			},
			"sub-query, one": func() (int64, error) {
				return model.Query[Profile](e.DB).WhereIn("id", one().Select("id")).Count(e.Ctx)
			},
			"update": func() (int64, error) { return first().Update(e.Ctx, model.Attrs{"title": "p1"}) },
		} {
			n, err := count()
			require.NoError(t, err, name)
			require.EqualValues(t, 1, n, name)
		}
		page, err := one().Paginate(e.Ctx, 2, 1)
		require.NoError(t, err)
		require.Empty(t, page.Data)
		n, err := one().Update(e.Ctx, model.Attrs{"bio": "all"})
		require.NoError(t, err)
		require.EqualValues(t, 3, n, "a bulk write has no one in mind")
	})
}

// GroupOrderBy and OrderBy of a limited preload know the aliases that the query declares.
func TestLimitedPreloadKnowsAliases(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		for name, fn := range map[string]func(q *relation.Query){
			"group": func(q *relation.Query) { q.GroupOrderBy("comments_count", relation.Desc) },
			"order": func(q *relation.Query) { q.OrderBy("comments_count", relation.Desc) },
			"mixed": func(q *relation.Query) { q.GroupOrderBy("comments_count", relation.Desc).OrderBy("id") },
			"other": func(q *relation.Query) { q.GroupOrderBy("id").OrderBy("comments_count") },
		} {
			users := limited(t, e, func(q *relation.Query) {
				q.WithCount("comments").GroupLimit(1)
				fn(q)
			})
			require.Equal(t, "p1", titles(users[0].Posts), name)
			require.EqualValues(t, 3, users[0].Posts[0].Extras()["comments_count"], name)
		}
	})
}

// The inverse is there on every way of reading, also inside of a transaction and in an order without a
// keyset.
func TestInverseIsThereOnEveryWay(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			ann, err := model.Query[Author](tx).Find(ctx, 1)
			require.NoError(t, err)
			articles := relation.HasMany(ann, &ann.Articles)
			for _, q := range []*model.Builder[Article]{articles.Query().OrderBy("id"), articles.Query().OrderByRaw("title desc")} {
				n := 0
				for article, err := range q.Each(ctx) {
					require.NoError(t, err)
					require.Same(t, ann, article.Author)
					n++
				}
				require.Equal(t, 3, n)
			}
			return nil
		}))
	})
}

// One of many by a column that may be NULL takes a row that has a value, on every database.
func TestOneOfManyPrefersAValueToNull(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		e.Exec(t, "UPDATE posts SET score = NULL WHERE id = 2")
		e.Sent.Reset()
		list := fetch(t, e, 3, model.Query[nullAuthor](e.DB).OrderBy("id").Preload("best").Preload("worst"))
		require.EqualValues(t, 1, list[0].Best.ID)
		require.EqualValues(t, 1, list[0].Worst.ID)
	})
}

// What a hook of a related model says of records holds for what is loaded with them, and its aggregates can
// be asked for.
func TestHooksOfAMiddleModelHold(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Crew{}, &Sailor{})
		a := &Crew{Name: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.NoError(t, a.Related("sailors").Create(e.Ctx, &Sailor{Name: "x", Watch: 1}))
		ctx := context.WithValue(e.Ctx, watched{}, true)
		found, err := model.Query[Sailor](e.DB).Preload("crew", func(q *relation.Query) {
			q.OrderBy("guests_count").Preload("sailors")
		}).All(ctx)
		require.NoError(t, err)
		x := found[0].Crew.Sailors[0]
		require.Equal(t, true, model.Sideloaded(x)["watched"])
		x.Name = "y"
		require.ErrorIs(t, x.Save(e.Ctx), model.ErrUnsupported, "it is read only")
	})
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
	d.Table("users")
	d.Relation(&a.Best).OfMany("score", "max").OnQuery(func(q *relation.Query) { q.Where("id", "<", 3) })
	d.Relation(&a.Worst).OfMany("score", "min").OnQuery(func(q *relation.Query) { q.Where("id", "<", 3) })
}

// Define names the table.
func (*nullPost) Define(d *model.Definition[nullPost]) { d.Table("posts") }

// counted is how many records a Chunk yields.
func counted[T any](lists func(yield func([]*T, error) bool)) (n int64, err error) {
	for list, failed := range lists {
		n, err = n+int64(len(list)), failed
	}
	return n, err
}

// pathEach is how many records an Each yields in a transaction.
func pathEach[T any](e *harness.Env, q *model.Builder[T]) (n int64, err error) {
	err = e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
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
