// SPDX-License-Identifier: MIT

package chain_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Post is seen through soft deletes and a global scope.
type Post struct {
	model.BaseModel[Post]

	ID        int64
	Tenant    int64
	Title     string
	Note      *string
	Views     int64
	CreatedAt time.Time
	DeletedAt gorm.DeletedAt

	OriginalID *int64
	Original   *Post    `relation:"belongsTo"`
	Twins      []*Post  `relation:"hasMany;foreignKey:OriginalID"`
	Tags       []*Tag   `relation:"hasMany;foreignKey:PostID"`
	Wide       []*Tag   `relation:"hasMany;foreignKey:PostID"`
	Labels     []*Label `relation:"manyToMany;pivotTable:post_label;pivotForeignKey:post_id;pivotRelatedForeignKey:label_id;pivotColumns:note"`
	Far        []*Tag   `relation:"hasManyThrough;through:Twins;via:Tags"`
}

// Define adds a scope of either kind; both would let an OR escape that is not kept in parentheses.
func (p *Post) Define(d *model.Definition[Post]) {
	d.Relation(&p.Wide).OnQuery(func(q *relation.Query) { q.Where("id", -1).OrWhereRaw("1 = 1") })
	d.Relation(&p.Labels).WherePivot("post_id", ">", 0).OnQuery(func(q *relation.Query) { q.OrWhere("name", "n") })
	d.GlobalScope("tenant", func(q *relation.Query) { q.Where("tenant", 1).OrWhere("tenant", 1) })
	d.Scope("any", func(q *relation.Query, _ ...any) { q.Where("views", ">", 0).OrWhereRaw("1 = 1") })
}

// seedRows are the rows: four of the tenant, two of another, and one trashed of each.
const seedRows = `INSERT INTO posts (id, tenant, title, note, views, created_at, deleted_at) VALUES
	(1, 1, 'a', 'x', 1, '2025-01-01 00:00:00+00:00', NULL), (2, 1, 'b', NULL, 2, '2025-01-02 00:00:00+00:00', NULL),
	(3, 1, 'c', 'y', 3, '2025-01-03 00:00:00+00:00', NULL), (4, 1, 'c', NULL, 4, '2025-01-04 00:00:00+00:00', NULL),
	(5, 2, 'a', 'x', 5, '2025-01-05 00:00:00+00:00', NULL), (6, 2, 'f', NULL, 6, '2025-01-06 00:00:00+00:00', NULL),
	(7, 1, 'g', 'x', 7, '2025-01-07 00:00:00+00:00', '2025-02-01 00:00:00+00:00'),
	(8, 2, 'h', NULL, 8, '2025-01-08 00:00:00+00:00', '2025-02-01 00:00:00+00:00')`

type builder = *model.Builder[Post]

// queryOf returns a builder as the query that adds to it.
func queryOf(q builder) (as *relation.Query) {
	q.Use(func(inner *relation.Query) { as = inner })
	return as
}

// Case is a chain method in use. S is the builder.
type Case[S any] struct {
	api string
	use func(c *relation.Query)
	// top means that the method is none of a group of conditions.
	top bool
}

// Tag is another table to join.
type Tag struct {
	model.BaseModel[Tag]

	ID     int64
	PostID int64
	Name   string
	Post   *Post `relation:"belongsTo"`
}

// Label is on the other side of a pivot table.
type Label struct {
	model.BaseModel[Label]

	ID   int64
	Name string
}

// conditionCases use every method that adds a condition, with values that keep some rows.
func conditionCases[S any](db *model.DB) []Case[S] {
	sub := func() *relation.Query {
		return model.Query[Post](db).Select("id").Where("views", ">", 1).Use(func(q *relation.Query) { q.OrWhereRaw("1 = 1") }).Untyped()
	}
	return append(related[S](), []Case[S]{
		{api: "Where", use: func(c *relation.Query) { c.Where("views", ">", 1) }},
		{api: "Where", use: func(c *relation.Query) { c.Where("title", "a") }},
		{api: "Where", use: func(c *relation.Query) {
			c.Where(func(q *relation.Query) { q.Where("id", 1).OrWhere("id", ">", 1) })
		}},
		{api: "OrWhere", use: func(c *relation.Query) { c.OrWhere("views", ">", 1) }},
		{api: "OrWhere", use: func(c *relation.Query) { c.OrWhere(func(q *relation.Query) { q.WhereRaw("1 = 1") }) }},
		{api: "WhereNot", use: func(c *relation.Query) { c.WhereNot("title", "a") }},
		{api: "WhereNot", use: func(c *relation.Query) {
			c.WhereNot(func(q *relation.Query) { q.Where("id", -1).OrWhere("id", -2) })
		}},
		{api: "OrWhereNot", use: func(c *relation.Query) { c.OrWhereNot("title", "a") }},
		{api: "WhereIn", use: func(c *relation.Query) { c.WhereIn("id", []int{1, 2, 5, 7, 8}) }},
		{api: "WhereIn", use: func(c *relation.Query) { c.WhereIn("id", sub()) }},
		{api: "OrWhereIn", use: func(c *relation.Query) { c.OrWhereIn("id", []int{5, 6, 7, 8}) }},
		{api: "WhereNotIn", use: func(c *relation.Query) { c.WhereNotIn("id", []int{}) }},
		{api: "OrWhereNotIn", use: func(c *relation.Query) { c.OrWhereNotIn("id", []int{}) }},
		{api: "WhereNull", use: func(c *relation.Query) { c.WhereNull("note") }},
		{api: "OrWhereNull", use: func(c *relation.Query) { c.OrWhereNull("note") }},
		{api: "WhereNotNull", use: func(c *relation.Query) { c.WhereNotNull("note") }},
		{api: "OrWhereNotNull", use: func(c *relation.Query) { c.OrWhereNotNull("id") }},
		{api: "OrWhereNotNull", use: func(c *relation.Query) { c.OrWhereNotNull("deleted_at") }},
		{api: "WhereBetween", use: func(c *relation.Query) { c.WhereBetween("id", 1, 8) }},
		{api: "OrWhereBetween", use: func(c *relation.Query) { c.OrWhereBetween("id", 1, 8) }},
		{api: "WhereNotBetween", use: func(c *relation.Query) { c.WhereNotBetween("id", 20, 30) }},
		{api: "OrWhereNotBetween", use: func(c *relation.Query) { c.OrWhereNotBetween("id", 20, 30) }},
		{api: "WhereLike", use: func(c *relation.Query) { c.WhereLike("title", "%") }},
		{api: "OrWhereLike", use: func(c *relation.Query) { c.OrWhereLike("title", "%") }},
		{api: "WhereNotLike", use: func(c *relation.Query) { c.WhereNotLike("title", "zz%") }},
		{api: "OrWhereNotLike", use: func(c *relation.Query) { c.OrWhereNotLike("title", "zz%") }},
		{api: "WhereILike", use: func(c *relation.Query) { c.WhereILike("title", "%") }},
		{api: "OrWhereILike", use: func(c *relation.Query) { c.OrWhereILike("title", "%") }},
		{api: "WhereNotILike", use: func(c *relation.Query) { c.WhereNotILike("title", "zz%") }},
		{api: "OrWhereNotILike", use: func(c *relation.Query) { c.OrWhereNotILike("title", "zz%") }},
		{api: "WhereColumn", use: func(c *relation.Query) { c.WhereColumn("id", "=", "views") }},
		{api: "OrWhereColumn", use: func(c *relation.Query) { c.OrWhereColumn("id", "=", "views") }},
		{api: "WhereExists", use: func(c *relation.Query) { c.WhereExists(sub()) }},
		{api: "OrWhereExists", use: func(c *relation.Query) { c.OrWhereExists(sub()) }},
		{api: "WhereNotExists", use: func(c *relation.Query) {
			c.WhereNotExists(model.Query[Post](db).Where("id", -1).Untyped())
		}},
		{api: "OrWhereNotExists", use: func(c *relation.Query) {
			c.OrWhereNotExists(model.Query[Post](db).Where("id", -1).Untyped())
		}},
		{api: "WhereRaw", use: func(c *relation.Query) { c.WhereRaw("views > ? OR 1 = 1", 1) }},
		{api: "OrWhereRaw", use: func(c *relation.Query) { c.OrWhereRaw("views > 1 OR 1 = 1") }},
		{api: "WhereKey", use: func(c *relation.Query) { c.WhereKey(1, 2, 5, 7, 8) }},
		{api: "WhereKeyNot", use: func(c *relation.Query) { c.WhereKeyNot(100) }},
		{api: "Scope", use: func(c *relation.Query) { c.Scope("any") }},
		{api: "When", use: func(c *relation.Query) { c.When(true, func(*relation.Query) { c.OrWhere("id", ">", 0) }) }},
		{api: "Use", use: func(c *relation.Query) { c.Use(func(q *relation.Query) { q.OrWhere("id", ">", 0) }) }},
		{api: "Unless", use: func(c *relation.Query) {
			c.Unless(true, func(*relation.Query) {}, func(*relation.Query) { c.OrWhere("id", ">", 0) })
		}},
		{api: "Apply", top: true, use: func(c *relation.Query) {
			c.Apply(func(db *gorm.DB) *gorm.DB { return db.Where("views > ?", 0).Or("1 = 1") })
		}},
	}...)
}

// others use the methods that set something else.
func others[S any]() []Case[S] {
	return append(loads[S](), []Case[S]{
		{api: "Apply", use: func(c *relation.Query) {
			c.Apply(func(db *gorm.DB) *gorm.DB { return db.Order("id DESC").Limit(3) })
		}},
		{api: "Select", use: func(c *relation.Query) { c.Select("id", "title as headline") }},
		{api: "SelectRaw", use: func(c *relation.Query) { c.SelectRaw("id, views + ? AS more", 1) }},
		{api: "Distinct", use: func(c *relation.Query) { c.Distinct() }},
		{api: "Join", use: func(c *relation.Query) { c.Join("tags", "tags.post_id", "=", "posts.id") }},
		{api: "LeftJoin", use: func(c *relation.Query) { c.LeftJoin("tags", "tags.post_id", "=", "posts.id") }},
		{api: "GroupBy", use: func(c *relation.Query) { c.GroupBy("id", "title") }},
		{api: "Having", use: func(c *relation.Query) {
			c.GroupBy("id")
			c.Having("id", ">", 0)
		}},
		{api: "HavingRaw", use: func(c *relation.Query) {
			c.GroupBy("id")
			c.HavingRaw("count(*) > ? OR 1 = 1", 0)
		}},
		{api: "Aggregate", use: func(c *relation.Query) {
			c.GroupBy("id")
			c.Aggregate("max", "views")
		}},
		{api: "As", use: func(c *relation.Query) {
			c.GroupBy("id")
			c.Aggregate("count", "*")
			c.As("total")
		}},
		{api: "OrderBy", use: func(c *relation.Query) {
			c.OrderBy("views", relation.Desc)
			c.OrderBy("id")
		}},
		{api: "OrderByRaw", use: func(c *relation.Query) { c.OrderByRaw("views * ?", -1) }},
		{api: "Latest", use: func(c *relation.Query) { c.Latest() }},
		{api: "Oldest", use: func(c *relation.Query) { c.Oldest("created_at") }},
		{api: "Reorder", use: func(c *relation.Query) { c.Reorder() }},
		{api: "Limit", use: func(c *relation.Query) { c.Limit(2) }},
		{api: "Offset", use: func(c *relation.Query) { c.Offset(1) }},
		{api: "ForPage", use: func(c *relation.Query) { c.ForPage(1, 3) }},
		{api: "LockForUpdate", use: func(c *relation.Query) { c.LockForUpdate() }},
		{api: "LockForShare", use: func(c *relation.Query) { c.LockForShare() }},
		{api: "SkipLocked", use: func(c *relation.Query) {
			c.LockForUpdate()
			c.SkipLocked()
		}},
		{api: "NoWait", use: func(c *relation.Query) { c.NoWait() }},
		{api: "WithTrashed", use: func(c *relation.Query) { c.WithTrashed() }},
		{api: "OnlyTrashed", use: func(c *relation.Query) { c.OnlyTrashed() }},
		{api: "WithoutScope", use: func(c *relation.Query) { c.WithoutScope("tenant") }},
		{api: "Sideload", use: func(c *relation.Query) { c.Sideload(model.Attrs{"from": "outside"}) }},
		{api: "ReadOnly", use: func(c *relation.Query) { c.ReadOnly() }},
		{api: "OnPrimary", use: func(c *relation.Query) { c.OnPrimary() }},
		{api: "AllRows", use: func(c *relation.Query) { c.AllRows() }},
		{api: "Clone", use: func(c *relation.Query) { c.Clone() }},
	}...)
}

// Terminal runs a query. It says which rows it has seen, if it says so.
type Terminal[S any] struct {
	api string
	run func(ctx context.Context, q S) (ids []int64, err error)
}

func idsOf(list []*Post, err error) ([]int64, error) {
	ids := make([]int64, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	return ids, err
}

func idOf(p *Post, err error) ([]int64, error) {
	if err != nil {
		return nil, err
	}
	return idsOf([]*Post{p}, nil)
}

// shared are the terminals of every builder.
func shared[S any](chain func(q S) *relation.Query) []Terminal[S] {
	number := func(call func(c *relation.Query, ctx context.Context, column string, dest any) error) func(context.Context, S) ([]int64, error) {
		return func(ctx context.Context, q S) ([]int64, error) {
			var dest *float64
			return nil, call(chain(q), ctx, "views", &dest)
		}
	}
	return []Terminal[S]{
		{"Count", func(ctx context.Context, q S) (_ []int64, err error) {
			_, err = chain(q).Count(ctx)
			return nil, err
		}},
		{"Exists", func(ctx context.Context, q S) (_ []int64, err error) {
			_, err = chain(q).Exists(ctx)
			return nil, err
		}},
		{"Pluck", func(ctx context.Context, q S) (ids []int64, err error) {
			err = chain(q).Pluck(ctx, "id", &ids)
			return ids, err
		}},
		{"Sum", number((*relation.Query).Sum)},
		{"Avg", number((*relation.Query).Avg)},
		{"Min", number((*relation.Query).Min)},
		{"Max", number((*relation.Query).Max)},
		{"ToSQL", func(_ context.Context, q S) (_ []int64, err error) {
			_, _, err = chain(q).ToSQL()
			return nil, err
		}},
		{"Update", func(ctx context.Context, q S) (_ []int64, err error) {
			_, err = chain(q).Update(ctx, model.Attrs{"title": "changed"})
			return nil, err
		}},
		{"Increment", func(ctx context.Context, q S) (_ []int64, err error) {
			_, err = chain(q).Increment(ctx, "views", 100)
			return nil, err
		}},
		{"Decrement", func(ctx context.Context, q S) (_ []int64, err error) {
			_, err = chain(q).Decrement(ctx, "views", 100)
			return nil, err
		}},
		{"Delete", func(ctx context.Context, q S) (_ []int64, err error) {
			_, err = chain(q).Delete(ctx)
			return nil, err
		}},
	}
}

// ofBuilder are the terminals of the typed builder.
func ofBuilder() []Terminal[builder] {
	return append(shared(queryOf), []Terminal[builder]{
		{"All", func(ctx context.Context, q builder) ([]int64, error) { return idsOf(q.All(ctx)) }},
		{"First", func(ctx context.Context, q builder) ([]int64, error) { return idOf(q.First(ctx)) }},
		{"Sole", func(ctx context.Context, q builder) ([]int64, error) { return idOf(q.Sole(ctx)) }},
		{"Find", func(ctx context.Context, q builder) ([]int64, error) { return idOf(q.Find(ctx, 5)) }},
		{"FindBy", func(ctx context.Context, q builder) ([]int64, error) { return idOf(q.FindBy(ctx, "tenant", 2)) }},
		{"FindMany", func(ctx context.Context, q builder) ([]int64, error) {
			return idsOf(q.FindMany(ctx, 8, 7, 6, 5, 4, 3, 2, 1))
		}},
		{"Paginate", func(ctx context.Context, q builder) ([]int64, error) {
			page, err := q.Paginate(ctx, 1, 50)
			if err != nil {
				return nil, err
			}
			return idsOf(page.Data, nil)
		}},
		{"CursorPaginate", func(ctx context.Context, q builder) ([]int64, error) {
			page, err := q.CursorPaginate(ctx, "", 50)
			if err != nil {
				return nil, err
			}
			return idsOf(page.Data, nil)
		}},
		{"Each", func(ctx context.Context, q builder) (ids []int64, err error) {
			for p, err := range q.Each(ctx) {
				if err != nil {
					return ids, err
				}
				ids = append(ids, p.ID)
			}
			return ids, nil
		}},
		{"Chunk", func(ctx context.Context, q builder) (ids []int64, err error) {
			for list, err := range q.Chunk(ctx, 2) {
				if err != nil {
					return ids, err
				}
				more, _ := idsOf(list, nil)
				ids = append(ids, more...)
			}
			return ids, nil
		}},
		{"Query", func(ctx context.Context, q builder) (ids []int64, err error) {
			var list []*Post
			err = q.Untyped().Where("id", ">", -1).OrderBy("id").All(ctx, &list)
			return idsOf(list, err)
		}},
		{"ForceDelete", func(ctx context.Context, q builder) (_ []int64, err error) {
			_, err = q.ForceDelete(ctx)
			return nil, err
		}},
		{"Restore", func(ctx context.Context, q builder) (_ []int64, err error) {
			_, err = q.Restore(ctx)
			return nil, err
		}},
	}...)
}

// ofQuery are the terminals of the untyped one.
func ofQuery() []Terminal[*relation.Query] {
	return append(shared(func(q *relation.Query) *relation.Query { return q }), []Terminal[*relation.Query]{
		{"All", func(ctx context.Context, q *relation.Query) ([]int64, error) {
			var list []*Post
			err := q.All(ctx, &list)
			return idsOf(list, err)
		}},
		{"First", func(ctx context.Context, q *relation.Query) ([]int64, error) {
			var p *Post
			err := q.First(ctx, &p)
			return idOf(p, err)
		}},
		{"Find", func(ctx context.Context, q *relation.Query) ([]int64, error) {
			var p *Post
			err := q.Find(ctx, &p, 5)
			return idOf(p, err)
		}},
		{"IsRelatedSubQuery", func(_ context.Context, q *relation.Query) ([]int64, error) {
			_ = q.IsRelatedSubQuery()
			return nil, nil
		}},
		{"Paginate", func(ctx context.Context, q *relation.Query) ([]int64, error) {
			var list []*Post
			_, err := q.Paginate(ctx, &list, 1, 50)
			return idsOf(list, err)
		}},
	}...)
}

// databases runs a test on every database.
func databases(t *testing.T, test func(t *testing.T, db *model.DB)) {
	t.Helper()
	for _, d := range harness.Databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			test(t, opened(t, d))
		})
	}
}

// opened returns a database with rows.
func opened(t *testing.T, d harness.Database) *model.DB {
	t.Helper()
	handle := d.Open(t)
	db, err := model.New(handle)
	require.NoError(t, err)
	require.NoError(t, db.Migrate(t.Context(), &Post{}, &Tag{}, &Label{}))
	for _, sql := range []string{
		d.Times(seedRows),
		"INSERT INTO tags (id, post_id, name) VALUES (1, 1, 'n'), (2, 5, 'n'), (3, 2, 'n')",
		"INSERT INTO labels (id, name) VALUES (1, 'n'), (2, 'n'), (3, 'n')",
		"INSERT INTO post_label (post_id, label_id) VALUES (1, 1), (1, 2), (2, 2), (5, 3)",
		"UPDATE posts SET original_id = 1 WHERE id = 2",
	} {
		require.NoError(t, handle.Exec(sql).Error)
	}
	return db
}

var errUndone = errors.New("the caller gives up")

// undone runs fn in a transaction that is rolled back.
func undone(t *testing.T, db *model.DB, fn func(ctx context.Context, tx *model.DB)) {
	t.Helper()
	err := db.Transaction(t.Context(), func(ctx context.Context, tx *model.DB) error {
		fn(ctx, tx)
		return errUndone
	})
	require.ErrorIs(t, err, errUndone)
}
