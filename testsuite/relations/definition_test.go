// SPDX-License-Identifier: MIT

package relations_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Author has relations that their definitions narrow, on the tables of User and Post.
type Author struct {
	model.BaseModel[Author]

	ID           int64
	Name         string
	Good         []*Post    `relation:"hasMany;foreignKey:AuthorID"`
	Either       []*Post    `relation:"hasMany;foreignKey:AuthorID"`
	Experts      []*Skill   `relation:"manyToMany;pivotTable:skill_user;pivotForeignKey:user_id;pivotRelatedForeignKey:skill_id"`
	Named        []*Skill   `relation:"manyToMany;pivotTable:skill_user;pivotForeignKey:user_id;pivotRelatedForeignKey:skill_id"`
	Ranged       []*Skill   `relation:"manyToMany;pivotTable:skill_user;pivotForeignKey:user_id;pivotRelatedForeignKey:skill_id"`
	Newest       *Post      `relation:"hasOne;foreignKey:AuthorID"`
	Oldest       *Post      `relation:"hasOne;foreignKey:AuthorID"`
	Best         *Post      `relation:"hasOne;foreignKey:AuthorID"`
	Worst        *Post      `relation:"hasOne;foreignKey:AuthorID"`
	NewestGood   *Post      `relation:"hasOne;foreignKey:AuthorID"`
	ByTitle      *Post      `relation:"hasOne;foreignKey:AuthorID"`
	Articles     []*Article `relation:"hasMany;foreignKey:AuthorID"`
	FirstArticle *Article   `relation:"hasOne;foreignKey:AuthorID"`
}

// Article is a post that knows its author as a Author.
type Article struct {
	model.BaseModel[Article]

	ID       int64
	AuthorID *int64
	Title    string
	Author   *Author `relation:"belongsTo"`
}

// Define names the table.
func (*Article) Define(d *model.Definition[Article]) { d.Table("posts") }

// Define narrows the relations.
func (k *Author) Define(d *model.Definition[Author]) {
	d.Table("users")
	d.Relation(&k.Good).OnQuery(func(q *relation.Query) { q.Where("score", ">=", 4).OrderBy("score", relation.Desc) })
	d.Relation(&k.Either).OnQuery(func(q *relation.Query) { q.Where("title", "p1").OrWhere("title", "p3") })
	d.Relation(&k.Experts).WherePivot("level", "expert").OrderByPivot("skill_id", relation.Desc)
	d.Relation(&k.Named).WherePivotNotNull("note").WherePivotIn("level", []string{"expert", "novice"}).WherePivotNotIn("level", []string{"none"})
	d.Relation(&k.Ranged).WherePivotNull("note").WherePivotBetween("skill_id", 2, 3).WherePivotNotBetween("skill_id", 3, 9)
	d.Relation(&k.Newest).LatestOfMany()
	d.Relation(&k.Oldest).OldestOfMany()
	d.Relation(&k.Best).OfMany("score", "max")
	d.Relation(&k.Worst).OfMany("Score", "min")
	d.Relation(&k.NewestGood).LatestOfMany().OnQuery(func(q *relation.Query) { q.Where("score", ">", 3) })
	d.Relation(&k.ByTitle).LatestOfMany("author_id")
	d.Relation(&k.Articles).Inverse("author").SerializeAs("texts")
	d.Relation(&k.FirstArticle).OldestOfMany("id").Inverse("author")
}

func authors(e *harness.Env) *model.Builder[Author] { return model.Query[Author](e.DB).OrderBy("id") }

// OnQuery holds for reading, preloading, counting, existence, update and delete, and an OR in it stays
// inside.
func TestOnQueryHoldsEverywhere(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		require.NoError(t, e.DB.Register(&Author{}))
		list := fetch(t, e, 3, authors(e).Preload("good").Preload("either").WithCount("good").WithCount("either").Use(func(q *relation.Query) { q.WithMax("good", "score") }))
		require.Equal(t, "p1", titles(list[0].Good))
		require.Equal(t, "p1", titles(list[0].Either))
		require.Equal(t, "p3", titles(list[1].Either))
		require.Empty(t, list[2].Either)
		require.EqualValues(t, 1, list[0].Extras().Int64("good_count"))
		require.EqualValues(t, 1, list[0].Extras().Int64("either_count"))
		require.EqualValues(t, 0, list[2].Extras().Int64("either_count"))
		require.EqualValues(t, 5, list[0].Extras()["good_max_score"])
		require.Len(t, fetch(t, e, 1, authors(e).Has("good")), 2)
		require.Len(t, fetch(t, e, 1, authors(e).WhereHas("either", func(q *relation.Query) {
			q.Where("score", 1).OrWhere("score", 9)
		})), 1)
		n, err := list[0].Related("either").Query().Where("id", 99).OrWhere("id", ">", 0).Update(e.Ctx, model.Attrs{"title": "px"})
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		n, err = list[1].Related("good").Query().AllRows().Delete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.Len(t, e.Rows(t, "SELECT id FROM posts WHERE deleted_at IS NULL"), 4)
		require.Len(t, e.Rows(t, "SELECT id FROM posts WHERE title = 'px'"), 1)
	})
}

// OnQuery runs once per use, and tells a sub-query from a query of its own.
func TestOnQueryRunsOncePerUse(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		var calls []bool
		ran := func() []bool {
			defer func() { calls = nil }()
			return calls
		}
		watching = func(q *relation.Query) { calls = append(calls, q.IsRelatedSubQuery()) }
		defer func() { watching = nil }()
		list := fetch(t, e, 2, model.Query[Watcher](e.DB).Preload("posts"))
		require.Equal(t, []bool{false}, ran())
		fetch(t, e, 1, model.Query[Watcher](e.DB).Has("posts"))
		require.Equal(t, []bool{true}, ran())
		fetch(t, e, 1, model.Query[Watcher](e.DB).WithCount("posts"))
		require.Equal(t, []bool{true}, ran())
		require.NoError(t, list[0].Related("posts").All(e.Ctx, new([]*Post)))
		require.Equal(t, []bool{false}, ran())
		require.NoError(t, list[0].LoadCount(e.Ctx, "posts"))
		require.Equal(t, []bool{true}, ran())
		require.NoError(t, model.Load(e.Ctx, list, "posts"))
		require.Equal(t, []bool{false}, ran())
		fetch(t, e, 2, model.Query[Watcher](e.DB).Use(func(q *relation.Query) { q.WithWhereHas("posts", nil) }))
		require.Equal(t, []bool{true, false}, ran())
		q := list[0].Related("posts").Query()
		clone := q.Clone()
		_, err := clone.Where("score", 5).Count(e.Ctx)
		require.NoError(t, err)
		n, err := q.Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		require.Equal(t, []bool{false}, ran(), "a clone keeps what it has added")
	})
}

// Conditions and orders on pivot rows in the definition hold for every query of the relation and of its
// pivot rows.
func TestPivotConditionsHoldForEveryQuery(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		list := fetch(t, e, 4, authors(e).Preload("experts").Preload("named").Preload("ranged").WithCount("experts").WithCount("ranged"))
		require.Equal(t, "go", skillNames(list[0].Experts))
		require.Empty(t, list[1].Experts)
		require.Equal(t, "css", skillNames(list[2].Experts))
		require.Equal(t, "go", skillNames(list[0].Named))
		require.Equal(t, "go", skillNames(list[1].Named))
		require.Equal(t, "sql", skillNames(list[0].Ranged))
		require.Empty(t, list[2].Ranged)
		require.EqualValues(t, 1, list[0].Extras().Int64("experts_count"))
		require.EqualValues(t, 0, list[2].Extras().Int64("ranged_count"))
		require.Len(t, fetch(t, e, 1, authors(e).Has("experts")), 2)
		n, err := list[0].Related("experts").PivotQuery().Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		e.Exec(t, "UPDATE skill_user SET level = 'expert'")
		require.NoError(t, list[0].Load(e.Ctx, "experts"))
		require.Equal(t, "sql go", skillNames(list[0].Experts))
	})
}

// A hasOne may be the newest, oldest, greatest or smallest of many: one row per parent in one statement,
// ties broken by the key.
func TestOneOfManyIsOneRowPerParent(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		e.Exec(t, "UPDATE posts SET created_at = (SELECT created_at FROM posts WHERE id = 1) WHERE id = 2")
		e.Sent.Reset()
		list := fetch(t, e, 7, authors(e).Preload("newest").Preload("oldest").Preload("best").Preload("worst").
			Preload("newestGood").Preload("byTitle"))
		ann := list[0]
		require.Equal(t, "p2", ann.Newest.Title, "the deleted post is newer; of equal ones the greater key")
		require.Equal(t, "p1", ann.Oldest.Title)
		require.Equal(t, "p1", ann.Best.Title)
		require.Equal(t, "p2", ann.Worst.Title)
		require.Equal(t, "p1", ann.NewestGood.Title, "the definition's conditions hold before")
		require.Equal(t, "p2", ann.ByTitle.Title)
		require.Equal(t, "p3", list[1].Newest.Title)
		require.Nil(t, list[3].Newest)
		require.True(t, list[3].Related("newest").Loaded())
		e.Sends(t, 1, func() {
			one, err := relation.HasOne(ann, &ann.Best).Query().First(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, "p1", one.Title)
		})
	})
}

// The row is picked among those that a preload asks for; conditions of existence judge the row, and aggregates see the
// chosen row only.
func TestConditionsDoNotChangeTheChosenRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		list := fetch(t, e, 2, authors(e).Preload("newest", func(q *relation.Query) { q.Where("title", "p1") }).WithCount("newest").
			WithSum("best", "score"))
		require.Equal(t, "p1", list[0].Newest.Title, "it is the newest of the rows asked for")
		require.EqualValues(t, 1, list[0].Extras().Int64("newest_count"))
		require.EqualValues(t, 5, list[0].Extras()["best_sum_score"])
		require.EqualValues(t, 0, list[3].Extras().Int64("newest_count"))
		require.Empty(t, fetch(t, e, 1, authors(e).Use(func(q *relation.Query) { q.WhereRelation("newest", "title", "p1") })))
		require.Len(t, fetch(t, e, 1, authors(e).Use(func(q *relation.Query) { q.WhereRelation("newest", "title", "p2") })), 1)
	})
}

// Records that are loaded from a parent get it as the relation that leads back, without a statement.
func TestInverseIsSetWithoutAStatement(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		e.Sends(t, 3, func() {
			list, err := authors(e).Preload("articles").Preload("firstArticle").All(e.Ctx)
			require.NoError(t, err)
			for _, a := range list[0].Articles {
				require.True(t, a.Related("author").Loaded())
				require.Same(t, list[0], a.Author)
				require.False(t, a.IsDirty())
			}
			require.Same(t, list[0], list[0].FirstArticle.Author)
		})
		e.Sends(t, 3, func() {
			one, err := model.Query[Author](e.DB).Find(e.Ctx, 1)
			require.NoError(t, err)
			require.NoError(t, one.Load(e.Ctx, "articles"))
			require.Same(t, one, one.Articles[0].Author)
			var lazy []*Article
			require.NoError(t, one.Related("articles").All(e.Ctx, &lazy))
			require.Same(t, one, lazy[0].Author)
		})
	})
}

// watching is what Watcher's relation calls.
var watching func(*relation.Query)

type Watcher struct {
	model.BaseModel[Watcher]

	ID    int64
	Name  string
	Posts []*Post `relation:"hasMany;foreignKey:AuthorID"`
}

// Define watches the relation.
func (k *Watcher) Define(d *model.Definition[Watcher]) {
	d.Table("users")
	d.Relation(&k.Posts).OnQuery(func(q *relation.Query) { watching(q) })
}
