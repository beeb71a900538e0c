// SPDX-License-Identifier: MIT

package relations_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// What a relation query adds stays inside the relation, ORs too: for reading, counting, paging, updating
// and deleting.
func TestQueryStaysInsideTheRelation(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		ann := user1(t, e)
		posts := func() *model.Builder[Post] {
			return relation.HasMany(ann, &ann.Posts).Query().Where("title", "p1").OrWhere("score", ">", 0)
		}
		e.Sends(t, 4, func() {
			require.Equal(t, []int64{1, 2}, keysOf(t, e, posts().OrderBy("id")))
			n, err := posts().Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
			page, err := posts().OrderBy("id", relation.Desc).Paginate(e.Ctx, 1, 1)
			require.NoError(t, err)
			require.EqualValues(t, 2, page.Meta.Total)
			require.Equal(t, "p2", titles(page.Data))
		})
		require.Equal(t, []int64{1, 2, 5}, keysOf(t, e, model.Query[Comment](e.DB).OrderBy("id").
			WhereIn("post_id", relation.HasMany(ann, &ann.Posts).Query().Where("title", "p1").Select("id").Untyped()).Where("id", ">", 0)))
		e.Sends(t, 1, func() {
			n, err := posts().Update(e.Ctx, model.Attrs{"score": 50})
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
		})
		require.Len(t, e.Rows(t, "SELECT id FROM posts WHERE score = 50"), 2)
		e.Sends(t, 1, func() {
			n, err := posts().Delete(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
		})
		require.Len(t, e.Rows(t, "SELECT id FROM posts WHERE deleted_at IS NULL"), 3)
	})
}

// Delete of a manyToMany query removes the related rows and their pivot rows in one transaction; Update
// touches related rows only.
func TestDeleteThroughManyToManyRemovesPivotRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		ann := user1(t, e)
		n, err := relation.ManyToMany(ann, &ann.Skills).Query().Use(func(q *relation.Query) { q.WherePivot("level", "novice") }).OrWhere("name", "css").Update(e.Ctx,
			model.Attrs{"name": "SQL"})
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.Len(t, e.Rows(t, "SELECT id FROM skills WHERE name = 'SQL'"), 1)
		require.NoError(t, func() error {
			n, err = relation.ManyToMany(ann, &ann.Skills).Query().Where("name", "go").Delete(e.Ctx)
			return err
		}())
		require.EqualValues(t, 1, n)
		require.EqualValues(t, 2, e.Count(t, "skills"))
		require.EqualValues(t, 2, e.Count(t, "skill_user"), "Bob's row too")
		require.EqualValues(t, 4, e.Count(t, "users"))
	})
}

// A through relation query counts, updates and deletes the related rows that it leads to, and no others.
func TestThroughQueryWritesOnlyItsRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		land, err := model.Query[Country](e.DB).Find(e.Ctx, 1)
		require.NoError(t, err)
		posts := func() *model.Builder[Post] { return relation.Through(land, &land.Posts).Query() }
		n, err := posts().Where("score", ">", 4).OrWhere("title", "p5").Update(e.Ctx, model.Attrs{"title": "new"})
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		require.Len(t, e.Rows(t, "SELECT id FROM posts WHERE title = 'new' AND id IN (1, 3)"), 2)
		require.NoError(t, func() error {
			n, err = posts().AllRows().Delete(e.Ctx)
			return err
		}())
		require.EqualValues(t, 3, n)
		require.Len(t, e.Rows(t, "SELECT id FROM posts WHERE deleted_at IS NULL"), 2)
	})
}

// The conditions on pivot rows, with OR, NOT, lists, NULL and ranges, hold in queries, preloads and
// existence, and order too.
func TestWherePivotHoldsEverywhere(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		ann := user1(t, e)
		for name, c := range map[string]struct {
			fn   func(q *relation.Query)
			want string
		}{
			"value":       {func(q *relation.Query) { q.WherePivot("level", "expert") }, "go"},
			"operator":    {func(q *relation.Query) { q.WherePivot("skill_id", ">", 1) }, "sql"},
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
			"between":     {func(q *relation.Query) { q.WherePivotBetween("skill_id", 2, 9) }, "sql"},
			"or between": {func(q *relation.Query) {
				q.Where("name", "x").OrWherePivotBetween("updated_at", changed, changed)
			}, "go"},
			"not between": {func(q *relation.Query) { q.WherePivotNotBetween("skill_id", 2, 9) }, "go"},
			"or outside":  {func(q *relation.Query) { q.Where("name", "x").OrWherePivotNotBetween("skill_id", 1, 1) }, "sql"},
			"group": {func(q *relation.Query) {
				q.Where(func(q *relation.Query) { q.WherePivot("level", "expert").OrWherePivot("level", "none") })
			}, "go"},
			"both": {func(q *relation.Query) { q.WherePivotIn("level", []string{"novice", "expert"}) }, "go sql"},
		} {
			var list []*Skill
			q := ann.Related("skills").Query()
			c.fn(q)
			e.Sends(t, 1, func() { require.NoError(t, q.OrderBy("id").All(e.Ctx, &list), name) })
			require.Equal(t, c.want, skillNames(list), name)
			users := fetch(t, e, 2, usersByID(e).Preload("skills", c.fn, func(q *relation.Query) { q.OrderBy("id") }).WhereHas("skills", c.fn).
				Where("id", 1))
			require.Equal(t, c.want, skillNames(users[0].Skills), name)
		}
		var list []*Skill
		require.NoError(t, ann.Related("skills").Query().OrderByPivot("level", relation.Desc).All(e.Ctx, &list))
		require.Equal(t, "sql go", skillNames(list))
		refuses(t, e, []refused{
			{"outside", all(e, usersByID(e).Use(func(q *relation.Query) { q.WherePivot("level", 1) })), model.ErrUnsupported, "manyToMany"},
			{"nil", func() error { return ann.Related("skills").Query().WherePivot("level", nil).All(e.Ctx, &list) }, model.ErrInvalidValue, "Null"},
		})
	})
}

// PivotQuery reads the pivot rows of the record under their own names, and updates and deletes these only.
func TestPivotQueryReadsPivotRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		ann := user1(t, e)
		pivots := func() *relation.Query { return ann.Related("skills").PivotQuery() }
		e.Sends(t, 1, func() {
			var rows []model.Attrs
			require.NoError(t, pivots().OrderBy("skill_id").All(e.Ctx, &rows))
			require.Len(t, rows, 2)
			require.Equal(t, "expert", rows[0]["level"])
			require.EqualValues(t, 1, rows[0]["user_id"])
		})
		e.Sends(t, 1, func() {
			n, err := pivots().Where("level", "expert").OrWhere("level", "novice").Update(e.Ctx, model.Attrs{"note": "z"})
			require.NoError(t, err)
			require.EqualValues(t, 2, n)
		})
		require.Len(t, e.Rows(t, "SELECT note FROM skill_user WHERE note = 'z'"), 2)
		require.NoError(t, harness.Err(pivots().Where("level", "novice").Delete(e.Ctx)))
		require.EqualValues(t, 3, e.Count(t, "skill_user"))
		require.EqualValues(t, 3, e.Count(t, "skills"))
		n, err := relation.ManyToMany(ann, &ann.Skills).PivotQuery().WherePivot("level", "expert").Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
	})
}
