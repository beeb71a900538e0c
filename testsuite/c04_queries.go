// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// relationQueryPromises are those of rows C4 and C5 that are about reading and writing by query.
func relationQueryPromises() []promise {
	return []promise{
		{
			name: "C4/InsideTheRelation",
			says: "What a relation query adds stays inside the relation, ORs too: for reading, counting, paging, updating and deleting",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				ann := kinUser1(t, e)
				posts := func() *model.Builder[kinPost] {
					return relation.HasMany(ann, &ann.Posts).Query().Where("title", "p1").OrWhere("score", ">", 0)
				}
				e.sends(t, 4, func() {
					require.Equal(t, []int64{1, 2}, keysOf(t, e, posts().OrderBy("id")))
					n, err := posts().Count(e.ctx)
					require.NoError(t, err)
					require.EqualValues(t, 2, n)
					page, err := posts().OrderBy("id", relation.Desc).Paginate(e.ctx, 1, 1)
					require.NoError(t, err)
					require.EqualValues(t, 2, page.Meta.Total)
					require.Equal(t, "p2", kinTitles(page.Data))
				})
				require.Equal(t, []int64{1, 2, 5}, keysOf(t, e, model.Query[kinComment](e.db).OrderBy("id").
					WhereIn("kin_post_id", relation.HasMany(ann, &ann.Posts).Query().Where("title", "p1").Select("id").Untyped()).Where("id", ">", 0)))
				e.sends(t, 1, func() {
					n, err := posts().Update(e.ctx, model.Attrs{"score": 50})
					require.NoError(t, err)
					require.EqualValues(t, 2, n)
				})
				require.Len(t, e.rows(t, "SELECT id FROM kin_posts WHERE score = 50"), 2)
				e.sends(t, 1, func() {
					n, err := posts().Delete(e.ctx)
					require.NoError(t, err)
					require.EqualValues(t, 2, n)
				})
				require.Len(t, e.rows(t, "SELECT id FROM kin_posts WHERE deleted_at IS NULL"), 3)
			},
			twin: bent("SELECT", "`kin_posts`.`author_id` = ", "1 = 1 OR 1 = "),
		},
		{
			name: "C4/DeleteManyToMany",
			says: "Delete of a manyToMany query removes the related rows and their pivot rows in one transaction; Update touches related rows only",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				ann := kinUser1(t, e)
				n, err := relation.ManyToMany(ann, &ann.Skills).Query().Use(func(q *relation.Query) { q.WherePivot("level", "novice") }).OrWhere("name", "css").Update(e.ctx,
					model.Attrs{"name": "SQL"})
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
				require.Len(t, e.rows(t, "SELECT id FROM kin_skills WHERE name = 'SQL'"), 1)
				require.NoError(t, e.do("delete", func() error {
					n, err = relation.ManyToMany(ann, &ann.Skills).Query().Where("name", "go").Delete(e.ctx)
					return err
				}))
				require.EqualValues(t, 1, n)
				require.EqualValues(t, 2, e.count(t, "kin_skills"))
				require.EqualValues(t, 2, e.count(t, "kin_skill_kin_user"), "Bob's row too")
				require.EqualValues(t, 4, e.count(t, "kin_users"))
			},
			twin: without("delete"),
		},
		{
			name: "C4/Through",
			says: "A through relation query counts, updates and deletes the related rows that it leads to, and no others",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				land, err := model.Query[kinCountry](e.db).Find(e.ctx, 1)
				require.NoError(t, err)
				posts := func() *model.Builder[kinPost] { return relation.Through(land, &land.Posts).Query() }
				n, err := posts().Where("score", ">", 4).OrWhere("title", "p5").Update(e.ctx, model.Attrs{"title": "new"})
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				require.Len(t, e.rows(t, "SELECT id FROM kin_posts WHERE title = 'new' AND id IN (1, 3)"), 2)
				require.NoError(t, e.do("delete", func() error {
					n, err = posts().AllRows().Delete(e.ctx)
					return err
				}))
				require.EqualValues(t, 3, n)
				require.Len(t, e.rows(t, "SELECT id FROM kin_posts WHERE deleted_at IS NULL"), 2)
			},
			twin: without("delete"),
		},
		{
			name: "C5/WherePivot",
			says: "The conditions on pivot rows, with OR, NOT, lists, NULL and ranges, hold in queries, preloads and existence, and order too",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				ann := kinUser1(t, e)
				for name, c := range map[string]struct {
					fn   func(q *relation.Query)
					want string
				}{
					"value":       {func(q *relation.Query) { q.WherePivot("level", "expert") }, "go"},
					"operator":    {func(q *relation.Query) { q.WherePivot("kin_skill_id", ">", 1) }, "sql"},
					"or":          {func(q *relation.Query) { q.WherePivot("level", "none").OrWherePivot("level", "novice") }, "sql"},
					"not":         {func(q *relation.Query) { q.WherePivotNot("level", "expert") }, "sql"},
					"or not":      {func(q *relation.Query) { q.WherePivot("level", "none").OrWherePivotNot("level", "expert") }, "sql"},
					"in":          {func(q *relation.Query) { q.WherePivotIn("level", []string{"expert", "x"}) }, "go"},
					"or in":       {func(q *relation.Query) { q.Where("name", "sql").OrWherePivotIn("level", []string{"expert"}) }, "go sql"},
					"not in":      {func(q *relation.Query) { q.WherePivotNotIn("level", []string{"expert"}) }, "sql"},
					"or not in":   {func(q *relation.Query) { q.Where("name", "x").OrWherePivotNotIn("level", []string{"novice"}) }, "go"},
					"null":        {func(q *relation.Query) { q.WherePivotNull("note") }, "sql"},
					"or null":     {func(q *relation.Query) { q.Where("name", "x").OrWherePivotNull("note") }, "sql"},
					"not null":    {func(q *relation.Query) { q.WherePivotNotNull("note") }, "go"},
					"or not null": {func(q *relation.Query) { q.Where("name", "x").OrWherePivotNotNull("note") }, "go"},
					"between":     {func(q *relation.Query) { q.WherePivotBetween("kin_skill_id", 2, 9) }, "sql"},
					"or between": {func(q *relation.Query) {
						q.Where("name", "x").OrWherePivotBetween("updated_at", kinChanged, kinChanged)
					}, "go"},
					"not between": {func(q *relation.Query) { q.WherePivotNotBetween("kin_skill_id", 2, 9) }, "go"},
					"or outside":  {func(q *relation.Query) { q.Where("name", "x").OrWherePivotNotBetween("kin_skill_id", 1, 1) }, "sql"},
					"group": {func(q *relation.Query) {
						q.Where(func(q *relation.Query) { q.WherePivot("level", "expert").OrWherePivot("level", "none") })
					}, "go"},
					"both": {func(q *relation.Query) { q.WherePivotIn("level", []string{"novice", "expert"}) }, "go sql"},
				} {
					var list []*kinSkill
					q := ann.Related("skills").Query()
					c.fn(q)
					e.sends(t, 1, func() { require.NoError(t, q.OrderBy("id").All(e.ctx, &list), name) })
					require.Equal(t, c.want, kinSkillNames(list), name)
					users := kinAll(t, e, 2, kinUsers(e).Preload("skills", c.fn, func(q *relation.Query) { q.OrderBy("id") }).WhereHas("skills", c.fn).
						Where("id", 1))
					require.Equal(t, c.want, kinSkillNames(users[0].Skills), name)
				}
				var list []*kinSkill
				require.NoError(t, ann.Related("skills").Query().OrderByPivot("level", relation.Desc).All(e.ctx, &list))
				require.Equal(t, "sql go", kinSkillNames(list))
				refuses(t, e, []refused{
					{"outside", all(e, kinUsers(e).Use(func(q *relation.Query) { q.WherePivot("level", 1) })), model.ErrUnsupported, "manyToMany"},
					{"nil", func() error { return ann.Related("skills").Query().WherePivot("level", nil).All(e.ctx, &list) }, model.ErrInvalidValue, "Null"},
				})
			},
			twin: bent("SELECT", "`kin_skill_kin_user`.`level`", "`kin_skill_kin_user`.`note`"),
		},
		{
			name: "C5/PivotQuery",
			says: "PivotQuery reads the pivot rows of the record under their own names, and updates and deletes these only",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				ann := kinUser1(t, e)
				pivots := func() *relation.Query { return ann.Related("skills").PivotQuery() }
				e.sends(t, 1, func() {
					var rows []model.Attrs
					require.NoError(t, pivots().OrderBy("kin_skill_id").All(e.ctx, &rows))
					require.Len(t, rows, 2)
					require.Equal(t, "expert", rows[0]["level"])
					require.EqualValues(t, 1, rows[0]["kin_user_id"])
				})
				e.sends(t, 1, func() {
					n, err := pivots().Where("level", "expert").OrWhere("level", "novice").Update(e.ctx, model.Attrs{"note": "z"})
					require.NoError(t, err)
					require.EqualValues(t, 2, n)
				})
				require.Len(t, e.rows(t, "SELECT note FROM kin_skill_kin_user WHERE note = 'z'"), 2)
				require.NoError(t, e.do("delete", func() error { return kinErr(pivots().Where("level", "novice").Delete(e.ctx)) }))
				require.EqualValues(t, 3, e.count(t, "kin_skill_kin_user"))
				require.EqualValues(t, 3, e.count(t, "kin_skills"))
				n, err := relation.ManyToMany(ann, &ann.Skills).PivotQuery().WherePivot("level", "expert").Count(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 1, n)
			},
			twin: without("delete"),
		},
	}
}
