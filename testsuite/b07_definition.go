// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// kinAuthor has relations that their definitions narrow, on the tables of kinUser and kinPost.
type kinAuthor struct {
	model.BaseModel[kinAuthor]

	ID           int64
	Name         string
	Good         []*kinPost    `relation:"hasMany;foreignKey:AuthorID"`
	Either       []*kinPost    `relation:"hasMany;foreignKey:AuthorID"`
	Experts      []*kinSkill   `relation:"manyToMany;pivotTable:kin_skill_kin_user;pivotForeignKey:kin_user_id;pivotRelatedForeignKey:kin_skill_id"`
	Named        []*kinSkill   `relation:"manyToMany;pivotTable:kin_skill_kin_user;pivotForeignKey:kin_user_id;pivotRelatedForeignKey:kin_skill_id"`
	Ranged       []*kinSkill   `relation:"manyToMany;pivotTable:kin_skill_kin_user;pivotForeignKey:kin_user_id;pivotRelatedForeignKey:kin_skill_id"`
	Newest       *kinPost      `relation:"hasOne;foreignKey:AuthorID"`
	Oldest       *kinPost      `relation:"hasOne;foreignKey:AuthorID"`
	Best         *kinPost      `relation:"hasOne;foreignKey:AuthorID"`
	Worst        *kinPost      `relation:"hasOne;foreignKey:AuthorID"`
	NewestGood   *kinPost      `relation:"hasOne;foreignKey:AuthorID"`
	ByTitle      *kinPost      `relation:"hasOne;foreignKey:AuthorID"`
	Articles     []*kinArticle `relation:"hasMany;foreignKey:AuthorID"`
	FirstArticle *kinArticle   `relation:"hasOne;foreignKey:AuthorID"`
}

// kinArticle is a post that knows its author as a kinAuthor.
type kinArticle struct {
	model.BaseModel[kinArticle]

	ID       int64
	AuthorID *int64
	Title    string
	Author   *kinAuthor `relation:"belongsTo"`
}

// Define names the table.
func (*kinArticle) Define(d *model.Definition[kinArticle]) { d.Table("kin_posts") }

// Define narrows the relations.
func (k *kinAuthor) Define(d *model.Definition[kinAuthor]) {
	d.Table("kin_users")
	d.Relation(&k.Good).OnQuery(func(q *relation.Query) { q.Where("score", ">=", 4).OrderBy("score", relation.Desc) })
	d.Relation(&k.Either).OnQuery(func(q *relation.Query) { q.Where("title", "p1").OrWhere("title", "p3") })
	d.Relation(&k.Experts).WherePivot("level", "expert").OrderByPivot("kin_skill_id", relation.Desc)
	d.Relation(&k.Named).WherePivotNotNull("note").WherePivotIn("level", []string{"expert", "novice"}).WherePivotNotIn("level", []string{"none"})
	d.Relation(&k.Ranged).WherePivotNull("note").WherePivotBetween("kin_skill_id", 2, 3).WherePivotNotBetween("kin_skill_id", 3, 9)
	d.Relation(&k.Newest).LatestOfMany()
	d.Relation(&k.Oldest).OldestOfMany()
	d.Relation(&k.Best).OfMany("score", "max")
	d.Relation(&k.Worst).OfMany("Score", "min")
	d.Relation(&k.NewestGood).LatestOfMany().OnQuery(func(q *relation.Query) { q.Where("score", ">", 3) })
	d.Relation(&k.ByTitle).LatestOfMany("author_id")
	d.Relation(&k.Articles).Inverse("author").SerializeAs("texts")
	d.Relation(&k.FirstArticle).OldestOfMany("id").Inverse("author")
}

func kinAuthors(e *env) *model.Builder[kinAuthor] { return model.Query[kinAuthor](e.db).OrderBy("id") }

// refinedPromises are those of rows B7, B8, B13 and C12.
func refinedPromises() []promise {
	return []promise{
		{
			name: "B7/OnQuery",
			says: "OnQuery holds for reading, preloading, counting, existence, update and delete, and an OR in it stays inside",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				require.NoError(t, e.db.Register(&kinAuthor{}))
				list := kinAll(t, e, 3, kinAuthors(e).Preload("good").Preload("either").WithCount("good").WithCount("either").Use(func(q *relation.Query) { q.WithMax("good", "score") }))
				require.Equal(t, "p1", kinTitles(list[0].Good))
				require.Equal(t, "p1", kinTitles(list[0].Either))
				require.Equal(t, "p3", kinTitles(list[1].Either))
				require.Empty(t, list[2].Either)
				require.EqualValues(t, 1, list[0].Extras().Int64("good_count"))
				require.EqualValues(t, 1, list[0].Extras().Int64("either_count"))
				require.EqualValues(t, 0, list[2].Extras().Int64("either_count"))
				require.EqualValues(t, 5, list[0].Extras()["good_max_score"])
				require.Len(t, kinAll(t, e, 1, kinAuthors(e).Has("good")), 2)
				require.Len(t, kinAll(t, e, 1, kinAuthors(e).WhereHas("either", func(q *relation.Query) {
					q.Where("score", 1).OrWhere("score", 9)
				})), 1)
				n, err := list[0].Related("either").Query().Where("id", 99).OrWhere("id", ">", 0).Update(e.ctx, model.Attrs{"title": "px"})
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
				n, err = list[1].Related("good").Query().AllRows().Delete(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
				require.Len(t, e.rows(t, "SELECT id FROM kin_posts WHERE deleted_at IS NULL"), 4)
				require.Len(t, e.rows(t, "SELECT id FROM kin_posts WHERE title = 'px'"), 1)
			},
			twin: bent("SELECT", "`kin_posts`.`score` >= ", "`kin_posts`.`score` < "),
		},
		{
			name: "B7/OnQueryRunsOnce",
			says: "OnQuery runs once per use, and tells a sub-query from a query of its own",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				var calls []bool
				ran := func() []bool {
					defer func() { calls = nil }()
					return see(e, "calls", calls)
				}
				kinWatching = func(q *relation.Query) { calls = append(calls, q.IsRelatedSubQuery()) }
				defer func() { kinWatching = nil }()
				list := kinAll(t, e, 2, model.Query[kinWatcher](e.db).Preload("posts"))
				require.Equal(t, []bool{false}, ran())
				kinAll(t, e, 1, model.Query[kinWatcher](e.db).Has("posts"))
				require.Equal(t, []bool{true}, ran())
				kinAll(t, e, 1, model.Query[kinWatcher](e.db).WithCount("posts"))
				require.Equal(t, []bool{true}, ran())
				require.NoError(t, list[0].Related("posts").All(e.ctx, new([]*kinPost)))
				require.Equal(t, []bool{false}, ran())
				require.NoError(t, list[0].LoadCount(e.ctx, "posts"))
				require.Equal(t, []bool{true}, ran())
				require.NoError(t, model.Load(e.ctx, list, "posts"))
				require.Equal(t, []bool{false}, ran())
				kinAll(t, e, 2, model.Query[kinWatcher](e.db).Use(func(q *relation.Query) { q.WithWhereHas("posts", nil) }))
				require.Equal(t, []bool{true, false}, ran())
				q := list[0].Related("posts").Query()
				clone := q.Clone()
				_, err := clone.Where("score", 5).Count(e.ctx)
				require.NoError(t, err)
				n, err := q.Count(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				require.Equal(t, []bool{false}, ran(), "a clone keeps what it has added")
			},
			twin: func(e *env) { e.seen["calls"] = func(any) any { return []bool{} } },
		},
		{
			name: "B8/PivotConditions",
			says: "Conditions and orders on pivot rows in the definition hold for every query of the relation and of its pivot rows",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				list := kinAll(t, e, 4, kinAuthors(e).Preload("experts").Preload("named").Preload("ranged").WithCount("experts").WithCount("ranged"))
				require.Equal(t, "go", kinSkillNames(list[0].Experts))
				require.Empty(t, list[1].Experts)
				require.Equal(t, "css", kinSkillNames(list[2].Experts))
				require.Equal(t, "go", kinSkillNames(list[0].Named))
				require.Equal(t, "go", kinSkillNames(list[1].Named))
				require.Equal(t, "sql", kinSkillNames(list[0].Ranged))
				require.Empty(t, list[2].Ranged)
				require.EqualValues(t, 1, list[0].Extras().Int64("experts_count"))
				require.EqualValues(t, 0, list[2].Extras().Int64("ranged_count"))
				require.Len(t, kinAll(t, e, 1, kinAuthors(e).Has("experts")), 2)
				n, err := list[0].Related("experts").PivotQuery().Count(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
				kinExec(t, e, "UPDATE kin_skill_kin_user SET level = 'expert'")
				require.NoError(t, list[0].Load(e.ctx, "experts"))
				require.Equal(t, "sql go", kinSkillNames(list[0].Experts))
			},
			twin: bent("SELECT", "`kin_skill_kin_user`.`level` = ", "'novice' = "),
		},
		{
			name: "B13/OneOfMany",
			says: "A hasOne may be the newest, oldest, greatest or smallest of many: one row per parent in one statement, ties broken by the key",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				kinExec(t, e, "UPDATE kin_posts SET created_at = (SELECT created_at FROM kin_posts WHERE id = 1) WHERE id = 2")
				e.sent.Reset()
				list := kinAll(t, e, 7, kinAuthors(e).Preload("newest").Preload("oldest").Preload("best").Preload("worst").
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
				e.sends(t, 1, func() {
					one, err := relation.HasOne(ann, &ann.Best).Query().First(e.ctx)
					require.NoError(t, err)
					require.Equal(t, "p1", one.Title)
				})
			},
			twin: bent("SELECT", " DESC", " ASC"),
		},
		{
			name: "B13/OneOfManyElsewhere",
			says: "Conditions after the fact filter the chosen row and pick no other; existence and aggregates see the chosen row only",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				list := kinAll(t, e, 2, kinAuthors(e).Preload("newest", func(q *relation.Query) { q.Where("title", "p1") }).WithCount("newest").
					WithSum("best", "score"))
				require.Nil(t, list[0].Newest, "p2 is the newest")
				require.EqualValues(t, 1, list[0].Extras().Int64("newest_count"))
				require.EqualValues(t, 5, list[0].Extras()["best_sum_score"])
				require.EqualValues(t, 0, list[3].Extras().Int64("newest_count"))
				require.Empty(t, kinAll(t, e, 1, kinAuthors(e).Use(func(q *relation.Query) { q.WhereRelation("newest", "title", "p1") })))
				require.Len(t, kinAll(t, e, 1, kinAuthors(e).Use(func(q *relation.Query) { q.WhereRelation("newest", "title", "p2") })), 1)
			},
			twin: bent("SELECT", " DESC", " ASC"),
		},
		{
			name: "C12/Inverse",
			says: "Records that are loaded from a parent get it as the relation that leads back, without a statement",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				e.sends(t, 3, func() {
					list, err := kinAuthors(e).Preload("articles").Preload("firstArticle").All(e.ctx)
					require.NoError(t, err)
					for _, a := range list[0].Articles {
						require.True(t, see(e, "loaded", a.Related("author").Loaded()))
						require.Same(t, list[0], a.Author)
						require.False(t, a.IsDirty())
					}
					require.Same(t, list[0], list[0].FirstArticle.Author)
				})
				e.sends(t, 3, func() {
					one, err := model.Query[kinAuthor](e.db).Find(e.ctx, 1)
					require.NoError(t, err)
					require.NoError(t, one.Load(e.ctx, "articles"))
					require.Same(t, one, one.Articles[0].Author)
					var lazy []*kinArticle
					require.NoError(t, one.Related("articles").All(e.ctx, &lazy))
					require.Same(t, one, lazy[0].Author)
				})
			},
			twin: negating("loaded"),
		},
	}
}

// kinWatching is what kinWatcher's relation calls.
var kinWatching func(*relation.Query) //nolint:gochecknoglobals // set by one check.

type kinWatcher struct {
	model.BaseModel[kinWatcher]

	ID    int64
	Name  string
	Posts []*kinPost `relation:"hasMany;foreignKey:AuthorID"`
}

// Define watches the relation.
func (k *kinWatcher) Define(d *model.Definition[kinWatcher]) {
	d.Table("kin_users")
	d.Relation(&k.Posts).OnQuery(func(q *relation.Query) { kinWatching(q) })
}
