// SPDX-License-Identifier: MIT

// Package names_test holds the promise that names as long as databases allow, and tables in schemas, work in every statement.
package names_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// place says where tables lie. Its method returns the name of a table of up to 63 bytes.
type place interface{ table(name string) string }

// The schemas, which are dropped after the test.
var side, farSide = fmt.Sprintf("side_%d", os.Getpid()), fmt.Sprintf("far_side_%d", os.Getpid())

type (
	long     struct{} // names of 63 bytes
	schema   struct{} // a schema in front
	longer   struct{} // both
	umlauted struct{} // 63 bytes, whose last character is cut in two by a careless hand
)

func fill(name, with string, size int) string {
	for len(name)+len(with) <= size {
		name += with
	}
	return name
}

func (long) table(name string) string     { return fill(name, "x", 63) }
func (schema) table(name string) string   { return side + "." + name }
func (longer) table(name string) string   { return farSide + "." + fill(name, "x", 63) }
func (umlauted) table(name string) string { return fill(name, "ß", 63) }

// weight is a column of 63 bytes.
const weight = "weight_of_the_node_in_a_unit_with_a_name_that_is_as_long_as_all"

type node[P place] struct {
	model.BaseModel[node[P]]
	ID         int64
	ParentID   *int64
	Weight     int64      `gorm:"column:weight_of_the_node_in_a_unit_with_a_name_that_is_as_long_as_all"`
	Kids       []*node[P] `relation:"hasMany;foreignKey:ParentID"`
	Last       *node[P]   `relation:"hasOne;foreignKey:ParentID"`
	Parent     *node[P]   `relation:"belongsTo;foreignKey:ParentID"`
	Grandkids  []*node[P] `relation:"hasManyThrough;through:Kids;via:Kids"`
	Neighbours []*node[P] `relation:"manyToMany;pivotForeignKey:from_id;pivotRelatedForeignKey:to_id"`
	//nolint:lll // the name is the point.
	KidsOfANodeThatHasRatherALongNameForARelationOfItsOwnInDeed []*node[P] `relation:"hasMany;foreignKey:ParentID"`
}

// far is the pivot column of 63 bytes.
const far = "how_far_one_node_is_from_another_in_a_unit_with_quite_long_name"

func (n *node[P]) Define(d *model.Definition[node[P]]) {
	var p P
	d.Table(p.table("nodes"))
	d.Relation(&n.Last).LatestOfMany("id")
	d.Relation(&n.Neighbours).PivotTable(p.table("edges")).PivotColumns(far)
}

// setUp makes the tables and a root with two kids, of whom the second has one and is the first one's neighbour.
func setUp[P place](t *testing.T, e *harness.Env) (root *node[P], kids []*node[P]) {
	t.Helper()
	require.Len(t, weight, 63)
	require.Len(t, far, 63)
	if e.Gorm.Name() == "sqlite" {
		pool, err := e.Gorm.DB()
		require.NoError(t, err)
		pool.SetMaxOpenConns(1)
	}
	var p P
	if name, _, qualified := strings.Cut(p.table(""), "."); qualified {
		makeSchema(t, e, name)
	}
	quote := func(table string) string {
		parts := strings.Split(table, ".")
		return `"` + strings.Join(parts, `"."`) + `"`
	}
	key := "bigserial PRIMARY KEY"
	if e.Gorm.Name() == "sqlite" {
		key = "integer PRIMARY KEY AUTOINCREMENT"
	}
	e.Exec(t, "CREATE TABLE "+quote(p.table("nodes"))+" (id "+key+", parent_id bigint, "+weight+" bigint)",
		"CREATE TABLE "+quote(p.table("edges"))+" (from_id bigint, to_id bigint, "+far+" text, PRIMARY KEY (from_id, to_id))")
	require.NoError(t, e.DB.Register(&node[P]{}))
	root = &node[P]{Weight: 1}
	require.NoError(t, model.Create(e.Ctx, e.DB, root))
	kids = []*node[P]{{ParentID: &root.ID, Weight: 2}, {ParentID: &root.ID, Weight: 3}}
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, kids))
	require.NoError(t, model.Create(e.Ctx, e.DB, &node[P]{ParentID: &kids[1].ID, Weight: 4}))
	require.NoError(t, relation.ManyToMany(kids[0], &kids[0].Neighbours).Attach(e.Ctx, relation.Pivot(kids[1], model.Attrs{far: "1"})))
	return root, kids
}

func makeSchema(t *testing.T, e *harness.Env, name string) {
	t.Helper()
	if e.Gorm.Name() == "sqlite" {
		e.Exec(t, "ATTACH ':memory:' AS "+name)
		return
	}
	drop := "DROP SCHEMA IF EXISTS " + name + " CASCADE"
	e.Exec(t, drop, "CREATE SCHEMA "+name)
	t.Cleanup(func() { _ = e.Gorm.WithContext(context.Background()).Exec(drop).Error })
}

func TestLongAndQualifiedNamesWorkEverywhere(t *testing.T) {
	t.Run("Long", everywhere[long])
	t.Run("Schema", everywhere[schema])
	t.Run("Both", everywhere[longer])
	t.Run("Umlauted", everywhere[umlauted])
}

func everywhere[P place](t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		root, kids := setUp[P](t, e)
		existence[P](t, e)
		aggregates(t, e, root)
		preloads[P](t, e)
		pivots(t, e, kids)
		writes(t, e, root)
	})
}

func existence[P place](t *testing.T, e *harness.Env) {
	t.Helper()
	for path, want := range map[string]int64{
		"kids": 2, "kids.kids": 1, "kids.kids.parent": 1, "last": 2, "parent": 3, "parent.parent": 1, "grandkids": 1,
		"neighbours": 1, "neighbours.parent": 1, "neighbours.neighbours": 0, "kids.neighbours": 1,
		"parent.kids.neighbours": 2,
	} {
		n, err := model.Query[node[P]](e.DB).Has(path).Count(e.Ctx)
		require.NoError(t, err, path)
		require.Equal(t, want, n, path)
	}
	n, err := model.Query[node[P]](e.DB).Has("kids", relation.Count(">", 1)).Count(e.Ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}

func aggregates[P place](t *testing.T, e *harness.Env, root *node[P]) {
	t.Helper()
	const very = "kidsOfANodeThatHasRatherALongNameForARelationOfItsOwnInDeed"
	const name = "kids_of_a_node_that_has_rather_a_long_name_for_a_relation_of_its_own_in_deed"
	q := model.Query[node[P]](e.DB).OrderBy("id")
	q = q.Use(func(q *relation.Query) { q.WithExists(very).WithSum(very, weight).WithMax(very, weight) }).WithCount("kids").WithCount("grandkids").WithCount("neighbours").WithCount("last").WithCount("parent").WithCount(very).
		WithSum("kids", weight)
	list, err := q.All(e.Ctx)
	require.NoError(t, err)
	x := list[0].Extras()
	require.Equal(t, []int64{2, 1, 0, 1, 0, 2}, []int64{
		x.Int64("kids_count"), x.Int64("grandkids_count"), x.Int64("neighbours_count"), x.Int64("last_count"), x.Int64("parent_count"),
		x.Int64(name + "_count"),
	})
	require.Equal(t, []int64{5, 5, 3}, []int64{
		x.Int64("kids_sum_" + weight), x.Int64(name + "_sum_" + weight), x.Int64(name + "_max_" + weight),
	})
	require.True(t, x.Bool(name+"_exists"))
	list, err = q.OrderBy(name+"_sum_"+weight, relation.Desc).Having(name+"_count", ">", 0).All(e.Ctx)
	require.NoError(t, err)
	require.Len(t, list, 2)
	sums, err := model.Query[node[P]](e.DB).GroupBy("parent_id").Aggregate("sum", weight).OrderBy("sum_"+weight, relation.Desc).All(e.Ctx)
	require.NoError(t, err)
	require.Equal(t, int64(5), sums[0].Extras().Int64("sum_"+weight))
	require.NoError(t, root.LoadCount(e.Ctx, "kids"))
}

func preloads[P place](t *testing.T, e *harness.Env) {
	t.Helper()
	for _, path := range []string{"kids.kids", "last", "parent.parent", "grandkids", "neighbours.neighbours"} {
		_, err := model.Query[node[P]](e.DB).Preload(path).All(e.Ctx)
		require.NoError(t, err, path)
	}
	for _, name := range []string{"kids", "grandkids", "neighbours"} {
		_, err := model.Query[node[P]](e.DB).Preload(name, func(q *relation.Query) {
			q.GroupLimit(1).WithCount("kids").Preload("last").Has("parent")
		}).All(e.Ctx)
		require.NoError(t, err, name)
	}
	list, err := model.Query[node[P]](e.DB).OrderBy("id").Preload("last").Preload("neighbours").All(e.Ctx)
	require.NoError(t, err)
	require.EqualValues(t, 3, list[0].Last.Weight)
	require.Equal(t, "1", list[1].Neighbours[0].Extras().String("pivot_"+far))
}

func pivots[P place](t *testing.T, e *harness.Env, kids []*node[P]) {
	t.Helper()
	n, err := model.Query[node[P]](e.DB).Use(func(q *relation.Query) { q.WhereAttachedTo(kids[1]) }).Count(e.Ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	neighbours := relation.ManyToMany(kids[0], &kids[0].Neighbours)
	list, err := neighbours.Query().Use(func(q *relation.Query) { q.WherePivot(far, "1").OrderByPivot(far) }).Has("kids").All(e.Ctx)
	require.NoError(t, err)
	require.Len(t, list, 1)
	_, err = neighbours.Sync(e.Ctx, relation.Pivot(kids[1], model.Attrs{far: "2"}), kids[0])
	require.NoError(t, err)
	_, err = neighbours.Detach(e.Ctx, kids[0])
	require.NoError(t, err)
}

func writes[P place](t *testing.T, e *harness.Env, root *node[P]) {
	t.Helper()
	require.NoError(t, root.Increment(e.Ctx, weight, 1))
	n, err := model.Query[node[P]](e.DB).Has("kids").Increment(e.Ctx, weight, 1)
	require.NoError(t, err)
	require.EqualValues(t, 2, n)
	n, err = relation.HasMany(root, &root.Kids).Query().Update(e.Ctx, model.Attrs{weight: 9})
	require.NoError(t, err)
	require.EqualValues(t, 2, n)
	require.NoError(t, model.Upsert(e.Ctx, e.DB, []*node[P]{{ID: root.ID, Weight: 7}}, []string{"id"}))
	page, err := model.Query[node[P]](e.DB).WithCount("kids").OrderBy(weight).CursorPaginate(e.Ctx, "", 2)
	require.NoError(t, err)
	_, err = model.Query[node[P]](e.DB).WithCount("kids").OrderBy(weight).CursorPaginate(e.Ctx, page.NextCursor, 2)
	require.NoError(t, err)
	_, err = model.Query[node[P]](e.DB).Has("parent").Delete(e.Ctx)
	require.NoError(t, err)
}
