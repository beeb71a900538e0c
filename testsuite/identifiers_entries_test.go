// SPDX-License-Identifier: MIT

package testsuite

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
)

type identBuilder = *model.Builder[identUser]

// identEntries are all places that take a name.
func identEntries() []identEntry {
	return slices.Concat(identConditions(), identSelections(), identTerminals(), identFunctions(), identRecords(), identOutputs(),
		identRelations())
}

// identChain is a chain method, whose mistakes come back from a terminal.
func identChain(api, at string, add func(q identBuilder, name string), meant ...string) identEntry {
	return identEntry{api: "Query." + api, at: at, meant: meant, use: func(c *identCase) (any, error) {
		q := c.users()
		add(q, c.name)
		return q.All(c.ctx)
	}}
}

// identConditions are the methods that add conditions.
func identConditions() []identEntry {
	pick := func(names ...string) func(func(q *relation.Query, name string)) []identEntry {
		return func(add func(q *relation.Query, name string)) []identEntry {
			var list []identEntry
			for _, api := range names {
				list = append(list, identChain(api, "inside a group", func(q identBuilder, n string) {
					q.Where(func(q *relation.Query) { add(q.Where("id", ">", 0), n) })
				}))
			}
			return list
		}
	}
	list := []identEntry{
		identChain("Where", "column", func(q identBuilder, n string) { q.Where(n, 1) }),
		identChain("Where", "column, with an operator", func(q identBuilder, n string) { q.Where(n, "like", 1) }),
		identChain("Where", "column of a list", func(q identBuilder, n string) { q.Where(n, "in", []int{1}) }),
		identChain("Where", "operator", func(q identBuilder, n string) { q.Where("id", n, 1) }),
		identChain("OrWhere", "column", func(q identBuilder, n string) { q.OrWhere(n, 1) }),
		identChain("OrWhere", "operator", func(q identBuilder, n string) { q.OrWhere("id", n, 1) }),
		identChain("WhereNot", "column", func(q identBuilder, n string) { q.WhereNot(n, 1) }),
		identChain("WhereNot", "operator", func(q identBuilder, n string) { q.WhereNot("id", n, 1) }),
		identChain("OrWhereNot", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNot(n, 1) }) }),
		identChain("OrWhereNot", "operator", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNot("id", n, 1) }) }),
		identChain("WhereIn", "column", func(q identBuilder, n string) { q.WhereIn(n, []int{1}) }),
		identChain("WhereIn", "column, of nothing", func(q identBuilder, n string) { q.WhereIn(n, []int{}) }),
		identChain("OrWhereIn", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereIn(n, []int{1}) }) }),
		identChain("WhereNotIn", "column", func(q identBuilder, n string) { q.WhereNotIn(n, []int{1}) }),
		identChain("OrWhereNotIn", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNotIn(n, []int{1}) }) }),
		identChain("WhereNull", "column", func(q identBuilder, n string) { q.WhereNull(n) }),
		identChain("OrWhereNull", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNull(n) }) }),
		identChain("WhereNotNull", "column", func(q identBuilder, n string) { q.WhereNotNull(n) }),
		identChain("OrWhereNotNull", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNotNull(n) }) }),
		identChain("WhereBetween", "column", func(q identBuilder, n string) { q.WhereBetween(n, 1, 2) }),
		identChain("OrWhereBetween", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereBetween(n, 1, 2) }) }),
		identChain("WhereNotBetween", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.WhereNotBetween(n, 1, 2) }) }),
		identChain("OrWhereNotBetween", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNotBetween(n, 1, 2) }) }),
		identChain("WhereLike", "column", func(q identBuilder, n string) { q.WhereLike(n, "%") }),
		identChain("OrWhereLike", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereLike(n, "%") }) }),
		identChain("WhereNotLike", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.WhereNotLike(n, "%") }) }),
		identChain("OrWhereNotLike", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNotLike(n, "%") }) }),
		identChain("WhereILike", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.WhereILike(n, "%") }) }),
		identChain("OrWhereILike", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereILike(n, "%") }) }),
		identChain("WhereNotILike", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.WhereNotILike(n, "%") }) }),
		identChain("OrWhereNotILike", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNotILike(n, "%") }) }),
		identChain("WhereColumn", "left", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.WhereColumn(n, "=", "id") }) }),
		identChain("WhereColumn", "operator", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.WhereColumn("id", n, "id") }) }),
		identChain("WhereColumn", "right", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.WhereColumn("id", "=", n) }) }),
		identChain("OrWhereColumn", "left", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereColumn(n, "=", "id") }) }),
		identChain("OrWhereColumn", "operator", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereColumn("id", n, "id") }) }),
		identChain("OrWhereColumn", "right", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.OrWhereColumn("id", "=", n) }) }),
		identChain("Scope", "name", func(q identBuilder, n string) { q.Scope(n) }),
		identChain("WithoutScope", "name", func(q identBuilder, n string) { q.WithoutScope(n) }, "named"),
		identChain("Having", "column", func(q identBuilder, n string) { q.GroupBy("id").Having(n, 1) }),
		identChain("Having", "operator", func(q identBuilder, n string) { q.GroupBy("id").Having("id", n, 1) }),
		identChain("Having", "alias", func(q identBuilder, n string) { q.GroupBy("id").Aggregate("count", "*").Having(n, ">", 1) }),
	}
	list = append(list, pick("Where")(func(q *relation.Query, n string) { q.OrWhere(n, 1) })...)
	list = append(list, pick("WhereIn")(func(q *relation.Query, n string) { q.WhereIn(n, []int{1}) })...)
	list = append(list, pick("WhereNull")(func(q *relation.Query, n string) { q.WhereNull(n) })...)
	list = append(list, identSubqueries()...)
	return list
}

// identSubqueries name things in a query inside the query.
func identSubqueries() []identEntry {
	// The columns of the secrets have names there.
	secrets := []string{"token", "Token", "owner", "ident_secrets.token", "ident_secrets.Token"}
	sub := func(at string, change func(q *model.Builder[identSecret], n string) *model.Builder[identSecret], meant ...string) []identEntry {
		uses := map[string]func(q identBuilder, sub *relation.Query){
			"WhereIn":     func(q identBuilder, sub *relation.Query) { q.WhereIn("email", sub) },
			"WhereExists": func(q identBuilder, sub *relation.Query) { q.Use(func(q *relation.Query) { q.WhereExists(sub) }) },
			"WhereRaw":    func(q identBuilder, sub *relation.Query) { q.WhereRaw("email = ?", sub) },
		}
		var list []identEntry
		for _, api := range []string{"WhereIn", "WhereExists", "WhereRaw"} {
			list = append(list, identEntry{api: "Query." + api, at: "in a sub-query, " + at, meant: append(meant, secrets...), use: func(c *identCase) (any, error) {
				inner := change(model.Query[identSecret](c.db).Select("owner"), c.name)
				q := c.users()
				uses[api](q, inner.Untyped())
				return q.All(c.ctx)
			}})
		}
		return list
	}
	type builder = *model.Builder[identSecret]
	return slices.Concat(
		sub("column", func(q builder, n string) builder { return q.Where(n, 1) }),
		sub("column of the outer query", func(q builder, n string) builder {
			return q.Use(func(q *relation.Query) { q.WhereColumn("owner", "=", n) })
		}),
		sub("order", func(q builder, n string) builder { return q.OrderBy(n) }),
		sub("selection", func(q builder, n string) builder { return q.Select(n) }, "id AS token"),
	)
}

// identSelections are the methods that select, join and sort.
func identSelections() []identEntry {
	join := func(api string, call func(q identBuilder, table, left, op, right string)) []identEntry {
		secrets := []string{"token", "Token", "owner", "ident_secrets.token", "ident_secrets.Token"}
		joined := func(q identBuilder) { call(q, "ident_secrets", "ident_secrets.owner", "=", "email") }
		return []identEntry{
			identChain(api, "table", func(q identBuilder, n string) { call(q, n, "id", "=", "id") }),
			identChain(api, "left", func(q identBuilder, n string) { call(q, "ident_secrets", n, "=", "email") }, secrets...),
			identChain(api, "operator", func(q identBuilder, n string) { call(q, "ident_secrets", "ident_secrets.owner", n, "email") }),
			identChain(api, "right", func(q identBuilder, n string) { call(q, "ident_secrets", "email", "=", n) }, secrets...),
			identChain(api, "column afterwards", func(q identBuilder, n string) {
				joined(q)
				q.Where(n, 1)
			}, secrets...),
			identChain(api, "table afterwards", func(q identBuilder, n string) {
				joined(q)
				q.OrderBy(n + ".id")
			}),
		}
	}
	return slices.Concat([]identEntry{
		identChain("Select", "column", func(q identBuilder, n string) { q.Select("id", n) }, "id AS token"),
		identChain("Select", "renamed column", func(q identBuilder, n string) { q.Select(n + " as x") }, "id AS token"),
		identChain("Select", "alias", func(q identBuilder, n string) { q.Select("id as " + n) }, "token", "Token", "owner", "PASSWORD", "passWord",
			"Pass_word", "rowid", "_rowid_", "ctid", "oid", "xmin", "NULL", "true", "DISTINCT", "initials", "named"),
		identChain("GroupBy", "column", func(q identBuilder, n string) { q.GroupBy("id", n) }),
		identChain("OrderBy", "column", func(q identBuilder, n string) { q.OrderBy(n) }),
		identChain("OrderBy", "second column", func(q identBuilder, n string) { q.OrderBy("id").OrderBy(n, relation.Desc) }),
		identChain("OrderBy", "direction", func(q identBuilder, n string) { q.OrderBy("id", relation.Direction(n)) }),
		identChain("Latest", "column", func(q identBuilder, n string) { q.Latest(n) }),
		identChain("Oldest", "column", func(q identBuilder, n string) { q.Use(func(q *relation.Query) { q.Oldest(n) }) }),
		identChain("Aggregate", "function", func(q identBuilder, n string) { q.Aggregate(n, "id") }),
		identChain("Aggregate", "function of *", func(q identBuilder, n string) { q.Aggregate(n, "*") }),
		identChain("Aggregate", "column", func(q identBuilder, n string) { q.Aggregate("max", n) }),
		identChain("Aggregate", "named column", func(q identBuilder, n string) { q.Aggregate("max", n).As("x") }),
		identChain("As", "name", func(q identBuilder, n string) { q.Aggregate("count", "*").As(n) }, "token", "Token", "owner", "PASSWORD",
			"passWord", "Pass_word", "rowid", "_rowid_", "ctid", "oid", "xmin", "NULL", "true", "DISTINCT", "initials", "named"),
		identChain("As", "name without an aggregate", func(q identBuilder, n string) { q.As(n) }),
	}, join("Join", func(q identBuilder, table, left, op, right string) { q.Join(table, left, op, right) }),
		join("LeftJoin", func(q identBuilder, table, left, op, right string) {
			q.Use(func(q *relation.Query) { q.LeftJoin(table, left, op, right) })
		}))
}

// identTerminals are the methods that run a query.
func identTerminals() []identEntry {
	run := func(api, at string, call func(c *identCase, q identBuilder) (any, error), meant ...string) identEntry {
		return identEntry{api: api, at: at, meant: meant, use: func(c *identCase) (any, error) {
			return call(c, c.users().Where("id", ">", 0))
		}}
	}
	number := func(api string, call func(c *identCase, q identBuilder, dest *int64) error) identEntry {
		return run(api, "column", func(c *identCase, q identBuilder) (any, error) {
			var dest int64
			err := call(c, q, &dest)
			return dest, err
		})
	}
	return []identEntry{
		number("Query.Sum", func(c *identCase, q identBuilder, dest *int64) error { return q.Sum(c.ctx, c.name, dest) }),
		number("Query.Avg", func(c *identCase, q identBuilder, dest *int64) error { return q.Untyped().Avg(c.ctx, c.name, dest) }),
		number("Query.Min", func(c *identCase, q identBuilder, dest *int64) error { return q.Untyped().Min(c.ctx, c.name, dest) }),
		number("Query.Max", func(c *identCase, q identBuilder, dest *int64) error { return q.Untyped().Max(c.ctx, c.name, dest) }),
		run("Query.Pluck", "column", func(c *identCase, q identBuilder) (any, error) {
			var dest []string
			err := q.Pluck(c.ctx, c.name, &dest)
			return dest, err
		}, "id AS token"),
		run("Query.Increment", "column", func(c *identCase, q identBuilder) (any, error) { return q.Increment(c.ctx, c.name, 1) }),
		run("Query.Decrement", "column", func(c *identCase, q identBuilder) (any, error) { return q.Untyped().Decrement(c.ctx, c.name, 1) }),
		run("Query.Update", "key", func(c *identCase, q identBuilder) (any, error) {
			return q.Update(c.ctx, model.Attrs{"full_name": "x", c.name: "x"})
		}),
		run("Query.Delete", "column of its condition", func(c *identCase, q identBuilder) (any, error) {
			return q.OrWhere(c.name, 1).Delete(c.ctx)
		}),
		run("Builder.FindBy", "column", func(c *identCase, q identBuilder) (any, error) { return q.FindBy(c.ctx, c.name, 1) }),
		run("Builder.CursorPaginate", "cursor", func(c *identCase, q identBuilder) (any, error) { return q.CursorPaginate(c.ctx, c.name, 5) }, ""),
		run("Builder.CursorPaginate", "column of its order", func(c *identCase, q identBuilder) (any, error) {
			return q.OrderBy(c.name).CursorPaginate(c.ctx, "", 5)
		}),
		run("Builder.Chunk", "column of its order", func(c *identCase, q identBuilder) (any, error) {
			for _, err := range q.OrderBy(c.name).Chunk(c.ctx, 5) {
				return nil, err
			}
			return nil, nil //nolint:nilnil // an error is what is missing then.
		}),
		run("Builder.Each", "column of its order", func(c *identCase, q identBuilder) (any, error) {
			for _, err := range q.OrderBy(c.name).Each(c.ctx) {
				return nil, err
			}
			return nil, nil //nolint:nilnil // likewise.
		}),
		run("Builder.Find", "key of a composite key", func(c *identCase, _ identBuilder) (any, error) {
			return model.Query[identPair](c.db).Find(c.ctx, model.Attrs{"Left": 1, c.name: 2})
		}),
		run("Builder.Find", "id", func(c *identCase, q identBuilder) (any, error) { return q.Find(c.ctx, c.name) }, "1"),
		run("Builder.FindMany", "id", func(c *identCase, q identBuilder) (any, error) { return q.FindMany(c.ctx, 1, c.name) }, "1"),
		run("Query.Find", "id", func(c *identCase, q identBuilder) (any, error) {
			var dest *identUser
			err := q.Untyped().Find(c.ctx, &dest, c.name)
			return dest, err
		}, "1"),
	}
}

// identFunctions are the functions of package model.
func identFunctions() []identEntry {
	run := func(api, at string, call func(c *identCase, named model.Attrs) (any, error)) identEntry {
		return identEntry{api: "model." + api, at: at, use: func(c *identCase) (any, error) {
			return call(c, model.Attrs{c.name: "x"})
		}}
	}
	email := model.Attrs{"email": "new@example.com"}
	both := func(named model.Attrs) []model.Attrs {
		row := model.Attrs{"email": "new@example.com"}
		maps.Copy(row, named)
		return []model.Attrs{row}
	}
	key := []string{"email"}
	return []identEntry{
		run("FirstOrNew", "search", func(c *identCase, n model.Attrs) (any, error) {
			return model.FirstOrNew[identUser](c.ctx, c.db, n, nil)
		}),
		run("FirstOrNew", "values", func(c *identCase, n model.Attrs) (any, error) {
			return model.FirstOrNew[identUser](c.ctx, c.db, email, n)
		}),
		run("FirstOrCreate", "search", func(c *identCase, n model.Attrs) (any, error) {
			return model.FirstOrCreate[identUser](c.ctx, c.db, n, nil)
		}),
		run("FirstOrCreate", "values", func(c *identCase, n model.Attrs) (any, error) {
			return model.FirstOrCreate[identUser](c.ctx, c.db, email, n)
		}),
		run("UpdateOrCreate", "search", func(c *identCase, n model.Attrs) (any, error) {
			return model.UpdateOrCreate[identUser](c.ctx, c.db, n, nil)
		}),
		run("UpdateOrCreate", "values", func(c *identCase, n model.Attrs) (any, error) {
			return model.UpdateOrCreate[identUser](c.ctx, c.db, email, n)
		}),
		run("FetchOrNewUpMany", "keys", func(c *identCase, n model.Attrs) (any, error) {
			return model.FetchOrNewUpMany[identUser](c.ctx, c.db, []string{c.name}, both(n))
		}),
		run("FetchOrNewUpMany", "rows", func(c *identCase, n model.Attrs) (any, error) {
			return model.FetchOrNewUpMany[identUser](c.ctx, c.db, key, both(n))
		}),
		run("FetchOrCreateMany", "keys", func(c *identCase, n model.Attrs) (any, error) {
			return model.FetchOrCreateMany[identUser](c.ctx, c.db, []string{"email", c.name}, both(n))
		}),
		run("FetchOrCreateMany", "rows", func(c *identCase, n model.Attrs) (any, error) {
			return model.FetchOrCreateMany[identUser](c.ctx, c.db, key, both(n))
		}),
		run("UpdateOrCreateMany", "keys", func(c *identCase, n model.Attrs) (any, error) {
			return model.UpdateOrCreateMany[identUser](c.ctx, c.db, []string{c.name}, both(n))
		}),
		run("UpdateOrCreateMany", "rows", func(c *identCase, n model.Attrs) (any, error) {
			return model.UpdateOrCreateMany[identUser](c.ctx, c.db, key, both(n))
		}),
		run("Upsert", "unique columns", func(c *identCase, _ model.Attrs) (any, error) {
			return nil, model.Upsert(c.ctx, c.db, []*identUser{{Email: "new@example.com"}}, []string{c.name})
		}),
		run("Upsert", "updated columns", func(c *identCase, _ model.Attrs) (any, error) {
			return nil, model.Upsert(c.ctx, c.db, []*identUser{{Email: "new@example.com"}}, key, "full_name", c.name)
		}),
	}
}

// identPending is a record that nobody has saved.
func identPending() *identUser { return &identUser{Email: "x", Password: "x", Visits: 1} }

// identRecords are the methods of records.
func identRecords() []identEntry {
	run := func(api, at string, call func(c *identCase) (any, error)) identEntry {
		return identEntry{api: "Record." + api, at: at, use: call}
	}
	silent := func(api, at string, call func(c *identCase) any) identEntry {
		return identEntry{api: api, at: at, silent: true, use: func(c *identCase) (any, error) { return call(c), nil }}
	}
	return []identEntry{
		run("Fill", "key", func(c *identCase) (any, error) { return nil, c.user.Fill(model.Attrs{"email": "x", c.name: "x"}) }),
		run("Fill", "only", func(c *identCase) (any, error) { return nil, c.user.Fill(model.Attrs{"email": "x"}, "email", c.name) }),
		run("Merge", "key", func(c *identCase) (any, error) { return nil, c.user.Merge(model.Attrs{"email": "x", c.name: "x"}) }),
		run("Merge", "only", func(c *identCase) (any, error) { return nil, c.user.Merge(model.Attrs{"email": "x"}, "email", c.name) }),
		run("Increment", "column", func(c *identCase) (any, error) { return nil, c.user.Increment(c.ctx, c.name, 1) }),
		run("Decrement", "column", func(c *identCase) (any, error) { return nil, c.user.Decrement(c.ctx, c.name, 1) }),
		silent("Record.IsDirty", "name", func(c *identCase) any {
			return identPending().IsDirty(c.name)
		}),
		silent("Record.WasChanged", "name", func(c *identCase) any { return c.user.WasChanged(c.name) }),
		silent("Record.Replicate", "except", func(c *identCase) any { return c.user.Replicate(c.name).Visits != c.user.Visits }),
		silent("Record.UnmarshalJSON", "key", func(c *identCase) any {
			rec := &identUser{}
			if err := rec.UnmarshalJSON(identObject(c.name, "x")); err != nil {
				return err.Error()
			}
			return rec.IsDirty()
		}),
		silent("Extras.Has", "name", func(c *identCase) any { return c.user.Extras().Has(c.name) }),
		silent("Extras.Int64", "name", func(c *identCase) any { return c.user.Extras().Int64(c.name) }),
		silent("Extras.Float64", "name", func(c *identCase) any { return c.user.Extras().Float64(c.name) != 0 }),
		silent("Extras.String", "name", func(c *identCase) any { return c.user.Extras().String(c.name) }),
		silent("Extras.Bool", "name", func(c *identCase) any { return c.user.Extras().Bool(c.name) }),
		silent("Extras.Time", "name", func(c *identCase) any { return !c.user.Extras().Time(c.name).IsZero() }),
	}
}

// identOutputs are the functions of package serialize.
func identOutputs() []identEntry {
	run := func(api, at string, call func(c *identCase, opts serialize.Options) (any, error)) []identEntry {
		options := map[string]func(name string) serialize.Options{
			"pick": func(n string) serialize.Options { return serialize.Options{Fields: serialize.Pick("id", n)} },
			"omit": func(n string) serialize.Options { return serialize.Options{Fields: serialize.Omit("id", n)} },
			"relation": func(n string) serialize.Options {
				return serialize.Options{Relations: map[string]serialize.Options{n: {}}}
			},
		}
		var list []identEntry
		for _, option := range []string{"pick", "omit", "relation"} {
			meant := []string{"initials"}
			if option == "relation" {
				meant = nil
			}
			list = append(list, identEntry{api: api, at: at + option, meant: meant, use: func(c *identCase) (any, error) {
				return call(c, options[option](c.name))
			}})
		}
		return list
	}
	return slices.Concat(
		run("serialize.JSON", "", func(c *identCase, opts serialize.Options) (any, error) { return serialize.JSON(c.user, opts) }),
		run("serialize.JSON", "of a list, ", func(c *identCase, opts serialize.Options) (any, error) {
			return serialize.JSON([]*identUser{c.user}, opts)
		}),
		run("serialize.Map", "", func(c *identCase, opts serialize.Options) (any, error) { return serialize.Map(c.user, opts) }),
		run("serialize.Map", "", func(c *identCase, opts serialize.Options) (any, error) { return serialize.Map(c.user, opts) }),
		run("serialize.Write", "", func(c *identCase, opts serialize.Options) (any, error) {
			var out bytes.Buffer
			err := serialize.Write(&out, c.user, opts)
			return out.String(), err
		}),
		[]identEntry{
			{api: "serialize.Decode", at: "key", use: func(c *identCase) (any, error) {
				return nil, serialize.Decode(identObject(c.name, "x"), c.user)
			}},
			{api: "serialize.Decode", at: "only", use: func(c *identCase) (any, error) {
				return nil, serialize.Decode([]byte(`{"email":"x"}`), c.user, "email", c.name)
			}},
			{api: "serialize.Thaw", at: "column", use: func(c *identCase) (any, error) {
				frozen, err := serialize.Freeze(c.user)
				if err != nil {
					return nil, err
				}
				return nil, serialize.Thaw([]byte(strings.Replace(string(frozen), `"Visits"`, string(identQuoted(c.name)), 1)), c.user)
			}},
		},
	)
}

func identQuoted(name string) []byte {
	text, err := json.Marshal(name)
	if err != nil {
		return nil
	}
	return text
}

func identObject(name string, value any) []byte {
	text, err := json.Marshal(map[string]any{name: value})
	if err != nil {
		return nil
	}
	return text
}
