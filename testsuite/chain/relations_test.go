// SPDX-License-Identifier: MIT

package chain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// related use every condition of relations. Each keeps some rows, and would let an OR escape that
// is not kept in parentheses.
func related[S any]() []Case[S] {
	type query = relation.Query
	wide := func(q *query) { q.Where("id", -1).OrWhereRaw("1 = 1") }
	return []Case[S]{
		{api: "Has", use: func(c *relation.Query) { c.Has("tags") }},
		{api: "Has", use: func(c *relation.Query) { c.Has("twins.tags", relation.Count(">=", 1)) }},
		{api: "Has", use: func(c *relation.Query) { c.Has("labels", relation.Count("<", 5)) }},
		{api: "OrHas", use: func(c *relation.Query) { c.OrHas("twins") }},
		{api: "DoesntHave", use: func(c *relation.Query) { c.DoesntHave("tags.post.labels") }},
		{api: "OrDoesntHave", use: func(c *relation.Query) { c.OrDoesntHave("labels") }},
		{api: "WhereHas", use: func(c *relation.Query) { c.WhereHas("twins", wide) }},
		{api: "WhereHas", use: func(c *relation.Query) { c.WhereHas("labels", func(q *query) { q.OrWherePivot("post_id", ">", 0) }) }},
		{api: "OrWhereHas", use: func(c *relation.Query) { c.OrWhereHas("twins.twins", wide) }},
		{api: "WhereDoesntHave", use: func(c *relation.Query) {
			c.WhereDoesntHave("tags", func(q *query) { q.Where("id", -1).OrWhere("id", -2) })
		}},
		{api: "OrWhereDoesntHave", use: func(c *relation.Query) { c.OrWhereDoesntHave("tags", func(q *query) { q.Where("id", -1) }) }},
		{api: "WhereRelation", use: func(c *relation.Query) { c.WhereRelation("tags", "name", "n") }},
		{api: "OrWhereRelation", use: func(c *relation.Query) { c.OrWhereRelation("twins", "id", ">", 0) }},
		{api: "WithWhereHas", top: true, use: func(c *relation.Query) { c.WithWhereHas("twins", wide) }},
		{api: "WhereBelongsTo", use: func(c *relation.Query) { c.WhereBelongsTo(saved(2), "original") }},
		{api: "WhereAttachedTo", use: func(c *relation.Query) { c.WhereAttachedTo(&Label{ID: 1}) }},
	}
}

// saved is a record with a key.
func saved(id int64) *Post { return &Post{ID: id} }

// loads use the methods that load or aggregate relations.
func loads[S any]() []Case[S] {
	type query = relation.Query
	wide := func(q *query) { q.OrWhereRaw("1 = 1") }
	return []Case[S]{
		{api: "Preload", use: func(c *relation.Query) { c.Preload("tags", wide) }},
		{api: "Preload", use: func(c *relation.Query) { c.Preload("twins.tags:id") }},
		{api: "PreloadOnce", use: func(c *relation.Query) { c.PreloadOnce("twins.labels") }},
		{api: "AutoLoad", use: func(c *relation.Query) { c.AutoLoad() }},
		{api: "WithCount", use: func(c *relation.Query) { c.WithCount("tags as number", wide) }},
		{api: "WithExists", use: func(c *relation.Query) { c.WithExists("labels as there") }},
		{api: "WithSum", use: func(c *relation.Query) { c.WithSum("tags as added", "id") }},
		{api: "WithMin", use: func(c *relation.Query) { c.WithMin("tags as least", "id") }},
		{api: "WithMax", use: func(c *relation.Query) { c.WithMax("tags as most", "id") }},
		{api: "WithAvg", use: func(c *relation.Query) { c.WithAvg("tags as middle", "id") }},
		{api: "WithAggregate", use: func(c *relation.Query) {
			c.WithAggregate("tags", func(q *query) { q.Aggregate("max", "id").As("last") })
		}},
	}
}

// pivot use the methods of a manyToMany relation's query. or means that they are joined by OR.
func pivot[S any]() []Case[S] {
	return []Case[S]{
		{api: "WherePivot", use: func(c *relation.Query) { c.WherePivot("post_id", ">", 0) }},
		{api: "WherePivotNot", use: func(c *relation.Query) { c.WherePivotNot("post_id", -1) }},
		{api: "WherePivotIn", use: func(c *relation.Query) { c.WherePivotIn("post_id", []int{1, 2, 3}) }},
		{api: "WherePivotNotIn", use: func(c *relation.Query) { c.WherePivotNotIn("post_id", []int{}) }},
		{api: "WherePivotNull", use: func(c *relation.Query) { c.WherePivotNull("note") }},
		{api: "WherePivotNotNull", use: func(c *relation.Query) { c.WherePivotNotNull("post_id") }},
		{api: "WherePivotBetween", use: func(c *relation.Query) { c.WherePivotBetween("post_id", 0, 9) }},
		{api: "WherePivotNotBetween", use: func(c *relation.Query) { c.WherePivotNotBetween("post_id", 20, 30) }},
		{api: "OrWherePivot", use: func(c *relation.Query) { c.OrWherePivot("post_id", ">", 0) }},
		{api: "OrWherePivotNot", use: func(c *relation.Query) { c.OrWherePivotNot("post_id", -1) }},
		{api: "OrWherePivotIn", use: func(c *relation.Query) { c.OrWherePivotIn("post_id", []int{1, 2, 3, 5}) }},
		{api: "OrWherePivotNotIn", use: func(c *relation.Query) { c.OrWherePivotNotIn("post_id", []int{}) }},
		{api: "OrWherePivotNull", use: func(c *relation.Query) { c.OrWherePivotNull("note") }},
		{api: "OrWherePivotNotNull", use: func(c *relation.Query) { c.OrWherePivotNotNull("post_id") }},
		{api: "OrWherePivotBetween", use: func(c *relation.Query) { c.OrWherePivotBetween("post_id", 0, 9) }},
		{api: "OrWherePivotNotBetween", use: func(c *relation.Query) { c.OrWherePivotNotBetween("post_id", 20, 30) }},
		{api: "OrderByPivot", use: func(c *relation.Query) { c.OrderByPivot("post_id", relation.Desc) }},
		{api: "PivotColumns", use: func(c *relation.Query) { c.PivotColumns("note") }},
		{api: "GroupLimit", use: func(c *relation.Query) { c.GroupLimit(3) }},
		{api: "GroupOrderBy", use: func(c *relation.Query) { c.GroupOrderBy("id") }},
	}
}

// TestClonesOfRelationQueriesShareNothing: what happens to a clone of a relation's query does not happen to the original.
func TestClonesOfRelationQueriesShareNothing(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, db *model.DB) {
		t.Helper()
		p, err := model.Query[Post](db).Find(t.Context(), 1)
		require.NoError(t, err)
		kind := Kind[*relation.Query]{
			name: "Related", start: func() *relation.Query { return p.Related("labels").Query().OrderBy("id") },
			chain: func(q *relation.Query) *relation.Query { return q }, clone: (*relation.Query).Clone,
			cases: pivot[*relation.Query](),
		}
		kind.clones(t)
		kind.runsAlone(t)
	})
}

// TestNoConditionEscapesTheParent: no condition of a relation's query, however it is joined by OR, shows or
// writes a row of another parent: in the query, a preload, OnQuery of the definition, on pivot rows, and
// through another relation.
func TestNoConditionEscapesTheParent(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, db *model.DB) {
		t.Helper()
		ctx := t.Context()
		wide := func(q *relation.Query) { q.Where("id", -1).OrWhere("id", ">", 0).OrWhereRaw("1 = 1") }
		p, err := model.Query[Post](db).Find(ctx, 1)
		require.NoError(t, err)
		tags := func(list []*Tag) []int64 {
			var ids []int64
			for _, tag := range list {
				ids = append(ids, tag.ID)
			}
			return ids
		}
		labels := func(list []*Label) []int64 {
			var ids []int64
			for _, label := range list {
				ids = append(ids, label.ID)
			}
			return ids
		}

		for i, one := range pivot[*relation.Query]() {
			q := p.Related("labels").Query()
			q.Use(one.use)
			if i >= 16 { // no condition
				wide(q)
			}
			q.OrWhereRaw("1 = 1")
			var list []*Label
			require.NoError(t, q.All(ctx, &list), one.api)
			require.ElementsMatch(t, []int64{1, 2}, labels(list), one.api)
			n, err := q.Count(ctx)
			require.NoError(t, err, one.api)
			require.EqualValues(t, 2, n, one.api)
		}
		for name, want := range map[string][]int64{"tags": {1}, "wide": {1}, "far": {3}} {
			q := p.Related(name).Query()
			wide(q)
			var list []*Tag
			require.NoError(t, q.All(ctx, &list), name)
			require.ElementsMatch(t, want, tags(list), name)
		}

		all, err := model.Query[Post](db).Preload("tags", wide).Preload("wide", wide).Preload("labels", func(q *relation.Query) {
			q.OrWherePivot("post_id", ">", 0).OrWhereRaw("1 = 1")
		}).Preload("far", wide).OrderBy("id").All(ctx)
		require.NoError(t, err)
		require.Len(t, all, 4)
		for i, want := range []struct{ tags, labels, far []int64 }{{[]int64{1}, []int64{1, 2}, []int64{3}}, {[]int64{3}, []int64{2}, nil}, {}, {}} {
			require.ElementsMatch(t, want.tags, tags(all[i].Tags), "tags of %d", i+1)
			require.ElementsMatch(t, want.tags, tags(all[i].Wide), "wide of %d", i+1)
			require.ElementsMatch(t, want.labels, labels(all[i].Labels), "labels of %d", i+1)
			require.ElementsMatch(t, want.far, tags(all[i].Far), "far of %d", i+1)
		}

		for name, want := range map[string][]int64{"tags": {1, 2}, "wide": {1, 2}, "labels": {1, 2}, "far": {1}} {
			ids, err := idsOf(model.Query[Post](db).WhereHas(name, func(q *relation.Query) { q.Where("id", -1).OrWhereRaw("1 = 1") }).
				OrderBy("id").All(ctx))
			require.NoError(t, err, name)
			require.Equal(t, want, ids, "whereHas of %s", name)
			counted, err := model.Query[Post](db).WithCount(name+" as number", func(q *relation.Query) { q.OrWhereRaw("1 = 1") }).
				OrderBy("id").All(ctx)
			require.NoError(t, err, name)
			total := int64(0)
			for _, one := range counted {
				total += one.Extras().Int64("number")
			}
			require.EqualValues(t, map[string]int64{"tags": 2, "wide": 2, "labels": 3, "far": 1}[name], total, "count of %s", name)
		}

		relationWrites(t, db)
	})
}

// relationWrites looks past the relation at what its query has written.
func relationWrites(t *testing.T, db *model.DB) {
	t.Helper()
	for name, write := range map[string]func(q *relation.Query) (int64, error){
		"update": func(q *relation.Query) (int64, error) { return q.Update(t.Context(), model.Attrs{"name": "changed"}) },
		"delete": func(q *relation.Query) (int64, error) { return q.Delete(t.Context()) },
	} {
		for _, of := range []string{"tags", "wide", "labels"} {
			rows, err := model.Query[Post](db).Find(t.Context(), 1)
			require.NoError(t, err)
			tx, err := db.Begin(t.Context())
			require.NoError(t, err)
			rows.UseDB(tx)
			n, err := write(rows.Related(of).Query().Where("id", -1).OrWhere("id", ">", 0).OrWhereRaw("1 = 1"))
			require.NoError(t, err, "%s %s", name, of)
			want, left := int64(1), int64(2)
			table := "tags"
			if of == "labels" {
				want, left, table = 2, 1, "labels"
			}
			var same int64
			require.NoError(t, tx.Gorm().Table(table).Where("name = ?", "n").Count(&same).Error)
			require.NoError(t, tx.Rollback())
			require.Equal(t, want, n, "%s %s", name, of)
			require.Equal(t, left, same, "%s %s", name, of)
		}
	}
}

// TestNestedWhereHasOfASelfRelationKeepsLevelsApart: whereHas inside whereHas on a relation to the own table keeps every
// level apart, so that the right rows are found.
func TestNestedWhereHasOfASelfRelationKeepsLevelsApart(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, db *model.DB) {
		t.Helper()
		// 1 is the original of 2, 2 of 3, and 3 of 4.
		for id := range int64(3) {
			_, err := model.Query[Post](db).Where("id", id+2).Update(t.Context(), model.Attrs{"original_id": id + 1})
			require.NoError(t, err)
		}
		find := func(add func(q builder)) []int64 {
			q := model.Query[Post](db).OrderBy("id")
			add(q)
			ids, err := idsOf(q.All(t.Context()))
			require.NoError(t, err)
			return ids
		}
		require.Equal(t, []int64{1, 2, 3}, find(func(q builder) { q.Has("twins") }))
		require.Equal(t, []int64{1, 2}, find(func(q builder) { q.Has("twins.twins") }))
		require.Equal(t, []int64{1}, find(func(q builder) { q.Has("twins.twins.twins") }))
		require.Equal(t, []int64{4}, find(func(q builder) { q.Has("original.original.original") }))
		require.Equal(t, []int64{3, 4}, find(func(q builder) { q.DoesntHave("twins.twins") }))
		require.Equal(t, []int64{2}, find(func(q builder) {
			q.WhereHas("twins", func(q *relation.Query) {
				q.WhereHas("twins", func(q *relation.Query) { q.Where("id", 4) })
			})
		}))
		require.Equal(t, []int64{2}, find(func(q builder) {
			q.WhereHas("original", func(q *relation.Query) {
				q.Where("title", "a").WhereHas("twins", func(q *relation.Query) { q.Where("title", "b") })
			})
		}))
		require.Equal(t, []int64{1, 3}, find(func(q builder) {
			q.WhereHas("twins", func(q *relation.Query) {
				q.WhereDoesntHave("twins", func(q *relation.Query) { q.Where("id", 4) })
			})
		}))
		counted, err := model.Query[Post](db).WithCount("twins as number", func(q *relation.Query) {
			q.Has("twins")
		}).OrderBy("id").All(t.Context())
		require.NoError(t, err)
		for i, want := range []int64{1, 1, 0, 0} {
			require.Equal(t, want, counted[i].Extras().Int64("number"), "twins with twins of %d", i+1)
		}
	})
}
