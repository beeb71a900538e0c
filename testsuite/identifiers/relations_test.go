// SPDX-License-Identifier: MIT

package identifiers_test

import (
	"slices"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Owner has relations: one with a pivot table that nobody has declared, one with a pivot model.
type Owner struct {
	model.BaseModel[Owner]

	ID     int64
	Name   string
	BossID *int64
	Boss   *Owner  `relation:"belongsTo"`
	Posts  []*Post `relation:"hasMany;foreignKey:OwnerID"`
	Card   *Card   `relation:"hasOne;foreignKey:OwnerID"`
	Tags   []*Tag  `relation:"manyToMany;pivotTable:owner_tag;pivotForeignKey:owner_id;pivotRelatedForeignKey:tag_id"`
	Clubs  []*Tag  `relation:"manyToMany;pivotForeignKey:owner_id;pivotRelatedForeignKey:tag_id"`
}

// Define gives the clubs a pivot model.
func (o *Owner) Define(d *model.Definition[Owner]) {
	d.Relation(&o.Clubs).Using(&Member{})
}

// Post belongs to an owner.
type Post struct {
	model.BaseModel[Post]

	ID      int64
	Title   string
	OwnerID *int64
	Author  *Owner `relation:"belongsTo;foreignKey:OwnerID"`
}

// Card likewise.
type Card struct {
	model.BaseModel[Card]

	ID      int64
	Title   string
	OwnerID *int64
}

// Tag is on the other side of a pivot table.
type Tag struct {
	model.BaseModel[Tag]

	ID     int64
	Name   string
	Owners []*Owner `relation:"manyToMany;pivotTable:owner_tag;pivotForeignKey:tag_id;pivotRelatedForeignKey:owner_id"`
}

// Member is a pivot model.
type Member struct {
	model.BaseModel[Member]

	ID      int64
	OwnerID int64
	TagID   int64
	Role    string
}

type Owners = *model.Builder[Owner]

// freeNames are names that an undeclared column of a pivot table, or an alias, may have.
var freeNames = []string{"token", "Token", "owner", "PASSWORD", "passWord", "Pass_word", "rowid", "_rowid_", "ctid", "oid", "xmin", "NULL", "true", "DISTINCT", "initials", "named"}

// relations are all places of relations that take a name.
func relations() []Entry {
	return slices.Concat(existence(), pivots(), relatedRecords(), clients())
}

// existence are the chain methods with paths.
func existence() []Entry {
	chain := func(api, at string, add func(q Owners, n string), meant ...string) Entry {
		return Entry{api: "Query." + api, at: at, meant: meant, use: func(c *Case) (any, error) {
			q := model.Query[Owner](c.db)
			add(q, c.name)
			return q.All(c.ctx)
		}}
	}
	where := func(n string) func(q *relation.Query) { return func(q *relation.Query) { q.Where(n, 1) } }
	all := func(*relation.Query) {}
	return []Entry{
		chain("Has", "path", func(q Owners, n string) { q.Has(n) }),
		chain("Has", "end of a path", func(q Owners, n string) { q.Has("posts." + n) }),
		chain("Has", "start of a path", func(q Owners, n string) { q.Has(n + ".posts") }),
		chain("OrHas", "path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrHas(n) }) }),
		chain("OrHas", "end of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrHas("posts." + n) }) }),
		chain("OrHas", "start of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrHas(n + ".posts") }) }),
		chain("DoesntHave", "path", func(q Owners, n string) { q.DoesntHave(n) }),
		chain("DoesntHave", "end of a path", func(q Owners, n string) { q.DoesntHave("posts." + n) }),
		chain("DoesntHave", "start of a path", func(q Owners, n string) { q.DoesntHave(n + ".posts") }),
		chain("OrDoesntHave", "path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrDoesntHave(n) }) }),
		chain("OrDoesntHave", "end of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrDoesntHave("posts." + n) }) }),
		chain("OrDoesntHave", "start of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrDoesntHave(n + ".posts") }) }),
		chain("WhereHas", "path", func(q Owners, n string) { q.WhereHas(n, all) }),
		chain("WhereHas", "end of a path", func(q Owners, n string) { q.WhereHas("posts."+n, all) }),
		chain("WhereHas", "start of a path", func(q Owners, n string) { q.WhereHas(n+".posts", all) }),
		chain("OrWhereHas", "path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrWhereHas(n, all) }) }),
		chain("OrWhereHas", "end of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrWhereHas("posts."+n, all) }) }),
		chain("OrWhereHas", "start of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrWhereHas(n+".posts", all) }) }),
		chain("WhereDoesntHave", "path", func(q Owners, n string) { q.WhereDoesntHave(n, all) }),
		chain("WhereDoesntHave", "end of a path", func(q Owners, n string) { q.WhereDoesntHave("posts."+n, all) }),
		chain("WhereDoesntHave", "start of a path", func(q Owners, n string) { q.WhereDoesntHave(n+".posts", all) }),
		chain("OrWhereDoesntHave", "path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrWhereDoesntHave(n, all) }) }),
		chain("OrWhereDoesntHave", "end of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrWhereDoesntHave("posts."+n, all) }) }),
		chain("OrWhereDoesntHave", "start of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrWhereDoesntHave(n+".posts", all) }) }),
		chain("WithWhereHas", "path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithWhereHas(n, all) }) }),
		chain("WithWhereHas", "end of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithWhereHas("posts."+n, all) }) }),
		chain("WithWhereHas", "start of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithWhereHas(n+".posts", all) }) }),
		chain("WhereRelation", "path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WhereRelation(n, "id", 1) }) }),
		chain("WhereRelation", "end of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WhereRelation("posts."+n, "id", 1) }) }),
		chain("WhereRelation", "start of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WhereRelation(n+".posts", "id", 1) }) }),
		chain("OrWhereRelation", "path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrWhereRelation(n, "id", 1) }) }),
		chain("OrWhereRelation", "end of a path", func(q Owners, n string) {
			q.Use(func(q *relation.Query) { q.OrWhereRelation("posts."+n, "id", 1) })
		}),
		chain("OrWhereRelation", "start of a path", func(q Owners, n string) {
			q.Use(func(q *relation.Query) { q.OrWhereRelation(n+".posts", "id", 1) })
		}),
		chain("Preload", "path", func(q Owners, n string) { q.Preload(n) }),
		chain("Preload", "end of a path", func(q Owners, n string) { q.Preload("posts." + n) }),
		chain("Preload", "start of a path", func(q Owners, n string) { q.Preload(n + ".posts") }),
		chain("PreloadOnce", "path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.PreloadOnce(n) }) }),
		chain("PreloadOnce", "end of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.PreloadOnce("posts." + n) }) }),
		chain("PreloadOnce", "start of a path", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.PreloadOnce(n + ".posts") }) }),
		chain("WhereHas", "column", func(q Owners, n string) { q.WhereHas("posts.author", where(n)) }),
		chain("OrWhereHas", "column", func(q Owners, n string) {
			q.Use(func(q *relation.Query) { q.OrWhereHas("posts.author", where(n)) })
		}),
		chain("WhereDoesntHave", "column", func(q Owners, n string) { q.WhereDoesntHave("posts.author", where(n)) }),
		chain("OrWhereDoesntHave", "column", func(q Owners, n string) {
			q.Use(func(q *relation.Query) { q.OrWhereDoesntHave("posts.author", where(n)) })
		}),
		chain("WithWhereHas", "column", func(q Owners, n string) {
			q.Use(func(q *relation.Query) { q.WithWhereHas("posts.author", where(n)) })
		}),
		chain("WhereRelation", "column", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WhereRelation("posts", n, 1) }) }),
		chain("WhereRelation", "operator", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WhereRelation("posts", "id", n, 1) }) }),
		chain("OrWhereRelation", "column", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.OrWhereRelation("posts", n, 1) }) }),
		chain("OrWhereRelation", "operator", func(q Owners, n string) {
			q.Use(func(q *relation.Query) { q.OrWhereRelation("posts", "id", n, 1) })
		}),
		chain("Preload", "column", func(q Owners, n string) { q.Preload("posts:" + n) }),
		chain("Preload", "second column", func(q Owners, n string) { q.Preload("posts:id," + n) }),
		chain("Preload", "column at the end", func(q Owners, n string) { q.Preload("posts.author:" + n) }),
		chain("PreloadOnce", "column", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.PreloadOnce("posts:" + n) }) }),
		chain("PreloadOnce", "second column", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.PreloadOnce("posts:id," + n) }) }),
		chain("PreloadOnce", "column at the end", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.PreloadOnce("posts.author:" + n) }) }),
		{api: "relation.Count", at: "operator", use: func(c *Case) (any, error) {
			return model.Query[Owner](c.db).Has("posts", relation.Count(c.name, 1)).All(c.ctx)
		}},
		{api: "relation.Count", at: "operator of a path", use: func(c *Case) (any, error) {
			return model.Query[Owner](c.db).WhereHas("posts.author", all, relation.Count(c.name, 0)).All(c.ctx)
		}},
		chain("WithCount", "relation", func(q Owners, n string) { q.WithCount(n) }),
		chain("WithCount", "alias", func(q Owners, n string) { q.WithCount("posts as " + n) }, freeNames...),
		chain("WithCount", "column", func(q Owners, n string) { q.WithCount("posts", where(n)) }),
		chain("WithExists", "relation", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithExists(n) }) }),
		chain("WithExists", "alias", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithExists("posts as " + n) }) }, freeNames...),
		chain("WithExists", "column", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithExists("posts", where(n)) }) }),
		chain("WithSum", "relation", func(q Owners, n string) { q.WithSum(n, "id") }),
		chain("WithSum", "alias", func(q Owners, n string) { q.WithSum("posts as "+n, "id") }, freeNames...),
		chain("WithSum", "column", func(q Owners, n string) { q.WithSum("posts", n) }),
		chain("WithMin", "relation", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithMin(n, "id") }) }),
		chain("WithMin", "alias", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithMin("posts as "+n, "id") }) }, freeNames...),
		chain("WithMin", "column", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithMin("posts", n) }) }),
		chain("WithMax", "relation", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithMax(n, "id") }) }),
		chain("WithMax", "alias", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithMax("posts as "+n, "id") }) }, freeNames...),
		chain("WithMax", "column", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithMax("posts", n) }) }),
		chain("WithAvg", "relation", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithAvg(n, "id") }) }),
		chain("WithAvg", "alias", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithAvg("posts as "+n, "id") }) }, freeNames...),
		chain("WithAvg", "column", func(q Owners, n string) { q.Use(func(q *relation.Query) { q.WithAvg("posts", n) }) }),
		chain("WithAggregate", "relation", func(q Owners, n string) {
			q.Use(func(q *relation.Query) { q.WithAggregate(n, func(q *relation.Query) { q.Aggregate("max", "id") }) })
		}),
		chain("WithAggregate", "alias", func(q Owners, n string) {
			q.Use(func(q *relation.Query) {
				q.WithAggregate("posts as "+n, func(q *relation.Query) { q.Aggregate("max", "id") })
			})
		}, freeNames...),
		chain("WithAggregate", "name", func(q Owners, n string) {
			q.Use(func(q *relation.Query) {
				q.WithAggregate("posts", func(q *relation.Query) { q.Aggregate("max", "id").As(n) })
			})
		}, freeNames...),
		chain("WithAggregate", "column", func(q Owners, n string) {
			q.Use(func(q *relation.Query) { q.WithAggregate("posts", func(q *relation.Query) { q.Aggregate("max", n) }) })
		}),
		chain("WithAggregate", "function", func(q Owners, n string) {
			q.Use(func(q *relation.Query) { q.WithAggregate("posts", func(q *relation.Query) { q.Aggregate(n, "id") }) })
		}),
		{api: "Query.WhereBelongsTo", at: "relation", use: func(c *Case) (any, error) {
			return model.Query[Post](c.db).Use(func(q *relation.Query) { q.WhereBelongsTo(c.owner, c.name) }).All(c.ctx)
		}},
		{api: "Query.WhereAttachedTo", at: "relation", use: func(c *Case) (any, error) {
			return model.Query[Tag](c.db).Use(func(q *relation.Query) { q.WhereAttachedTo(c.owner, c.name) }).All(c.ctx)
		}},
	}
}

// pivots are the chain methods on pivot rows, of either kind.
func pivots() []Entry {
	var list []Entry
	pivot := func(api string, add func(q *relation.Query, n string)) {
		for name, meant := range map[string][]string{"clubs": nil, "tags": freeNames} {
			list = append(list, Entry{api: "Query." + api, at: "column of " + name, meant: meant, use: func(c *Case) (any, error) {
				q := c.owner.Related(name).Query()
				add(q, c.name)
				var dest []*Tag
				return dest, q.All(c.ctx, &dest)
			}})
		}
	}
	pivot("WherePivot", func(q *relation.Query, n string) { q.WherePivot(n, 1) })
	pivot("WherePivotIn", func(q *relation.Query, n string) { q.WherePivotIn(n, []int{1}) })
	pivot("WherePivotNull", func(q *relation.Query, n string) { q.WherePivotNull(n) })
	pivot("WherePivotBetween", func(q *relation.Query, n string) { q.WherePivotBetween(n, 1, 2) })
	pivot("OrWherePivot", func(q *relation.Query, n string) { q.OrWherePivot(n, 1) })
	pivot("OrWherePivotIn", func(q *relation.Query, n string) { q.OrWherePivotIn(n, []int{1}) })
	pivot("OrWherePivotNull", func(q *relation.Query, n string) { q.OrWherePivotNull(n) })
	pivot("OrWherePivotBetween", func(q *relation.Query, n string) { q.OrWherePivotBetween(n, 1, 2) })
	pivot("WherePivotNot", func(q *relation.Query, n string) { q.WherePivotNot(n, 1) })
	pivot("WherePivotNotIn", func(q *relation.Query, n string) { q.WherePivotNotIn(n, []int{1}) })
	pivot("WherePivotNotNull", func(q *relation.Query, n string) { q.WherePivotNotNull(n) })
	pivot("WherePivotNotBetween", func(q *relation.Query, n string) { q.WherePivotNotBetween(n, 1, 2) })
	pivot("OrWherePivotNot", func(q *relation.Query, n string) { q.OrWherePivotNot(n, 1) })
	pivot("OrWherePivotNotIn", func(q *relation.Query, n string) { q.OrWherePivotNotIn(n, []int{1}) })
	pivot("OrWherePivotNotNull", func(q *relation.Query, n string) { q.OrWherePivotNotNull(n) })
	pivot("OrWherePivotNotBetween", func(q *relation.Query, n string) { q.OrWherePivotNotBetween(n, 1, 2) })
	pivot("OrderByPivot", func(q *relation.Query, n string) { q.OrderByPivot(n) })
	pivot("PivotColumns", func(q *relation.Query, n string) { q.PivotColumns(n) })
	list = append(list,
		Entry{api: "Query.WherePivot", at: "operator", use: func(c *Case) (any, error) {
			var dest []*Tag
			return dest, c.owner.Related("tags").Query().WherePivot("tag_id", c.name, 1).All(c.ctx, &dest)
		}},
		Entry{api: "Query.OrderByPivot", at: "direction", use: func(c *Case) (any, error) {
			var dest []*Tag
			return dest, c.owner.Related("tags").Query().OrderByPivot("tag_id", relation.Direction(c.name)).All(c.ctx, &dest)
		}},
		Entry{api: "Query.GroupOrderBy", at: "column", use: func(c *Case) (any, error) {
			return relation.HasMany(c.owner, &c.owner.Posts).Query().Use(func(q *relation.Query) { q.GroupOrderBy(c.name) }).All(c.ctx)
		}},
		Entry{api: "Query.GroupOrderBy", at: "direction", use: func(c *Case) (any, error) {
			return relation.HasMany(c.owner, &c.owner.Posts).Query().Use(func(q *relation.Query) { q.GroupOrderBy("id", relation.Direction(c.name)) }).All(c.ctx)
		}},
		Entry{api: "Query.GroupOrderBy", at: "column, in a callback", use: func(c *Case) (any, error) {
			return nil, c.owner.Load(c.ctx, "posts", func(q *relation.Query) { q.GroupLimit(1).GroupOrderBy(c.name) })
		}},
		Entry{api: "Query.Where", at: "column, in the query of a relation", use: func(c *Case) (any, error) {
			return relation.HasMany(c.owner, &c.owner.Posts).Query().Where(c.name, 1).All(c.ctx)
		}},
		Entry{api: "Query.Update", at: "key, in the query of pivot rows", use: func(c *Case) (any, error) {
			return c.owner.Related("clubs").PivotQuery().Update(c.ctx, model.Attrs{c.name: "x"})
		}},
	)
	return list
}

// relatedRecords are the methods of records and functions about relations.
func relatedRecords() []Entry {
	nothing := func(api, at string, call func(c *Case) error, meant ...string) Entry {
		return Entry{api: api, at: at, meant: meant, use: func(c *Case) (any, error) { return nil, call(c) }}
	}
	owners := func(c *Case) []*Owner { return []*Owner{c.owner} }
	last := func(n string) func(q *relation.Query) {
		return func(q *relation.Query) { q.Aggregate("max", n).As("last") }
	}
	return []Entry{
		nothing("Record.Related", "name", func(c *Case) error {
			var dest []*Post
			return c.owner.Related(c.name).All(c.ctx, &dest)
		}),
		nothing("relation.Of", "name", func(c *Case) error { return relation.Of(c.owner, c.name).Attach(c.ctx, 1) }),
		nothing("Record.Load", "path", func(c *Case) error { return c.owner.Load(c.ctx, c.name) }),
		nothing("Record.Load", "column", func(c *Case) error { return c.owner.Load(c.ctx, "posts:"+c.name) }),
		nothing("Record.Load", "path in a callback", func(c *Case) error {
			return c.owner.Load(c.ctx, "posts", func(q *relation.Query) { q.Preload(c.name) })
		}),
		nothing("Record.LoadMissing", "path", func(c *Case) error { return c.owner.LoadMissing(c.ctx, "posts", c.name) }),
		nothing("Record.LoadCount", "relation", func(c *Case) error { return c.owner.LoadCount(c.ctx, c.name) }),
		nothing("Record.LoadCount", "alias", func(c *Case) error { return c.owner.LoadCount(c.ctx, "posts as "+c.name) }, freeNames...),
		nothing("Client.LoadSum", "relation", func(c *Case) error { return c.owner.Related(c.name).LoadSum(c.ctx, "id") }),
		nothing("Client.LoadSum", "column", func(c *Case) error { return c.owner.Related("posts").LoadSum(c.ctx, c.name) }),
		nothing("Client.LoadMin", "column", func(c *Case) error { return c.owner.Related("posts").LoadMin(c.ctx, c.name) }),
		nothing("Client.LoadMax", "column", func(c *Case) error { return c.owner.Related("posts").LoadMax(c.ctx, c.name) }),
		nothing("Client.LoadAvg", "column", func(c *Case) error { return c.owner.Related("posts").LoadAvg(c.ctx, c.name) }),
		nothing("Client.LoadExists", "relation", func(c *Case) error { return c.owner.Related(c.name).LoadExists(c.ctx) }),
		nothing("Client.LoadAggregate", "relation", func(c *Case) error { return c.owner.Related(c.name).LoadAggregate(c.ctx, last("id")) }),
		nothing("Client.LoadAggregate", "column", func(c *Case) error { return c.owner.Related("posts").LoadAggregate(c.ctx, last(c.name)) }),
		nothing("Client.SetLoaded", "name", func(c *Case) error { return c.owner.Related(c.name).SetLoaded(nil) }),
		nothing("Client.PushLoaded", "name", func(c *Case) error { return c.owner.Related(c.name).PushLoaded(&Post{}) }),
		{api: "Client.Loaded", at: "name", silent: true, use: func(c *Case) (any, error) { return c.owner.Related(c.name).Loaded(), nil }},
		nothing("model.Load", "path", func(c *Case) error { return model.Load(c.ctx, owners(c), "boss."+c.name) }),
		nothing("model.LoadMissing", "path", func(c *Case) error { return model.LoadMissing(c.ctx, owners(c), c.name) }),
		nothing("model.LoadCount", "relation", func(c *Case) error { return model.LoadCount(c.ctx, owners(c), c.name) }),
		nothing("model.LoadAggregate", "relation", func(c *Case) error { return model.LoadAggregate(c.ctx, owners(c), c.name, last("id")) }),
		nothing("model.RelationOf", "name", func(c *Case) error {
			_, err := model.RelationOf[Owner](c.name)
			return err
		}),
	}
}
