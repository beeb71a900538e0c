// SPDX-License-Identifier: MIT

package identifiers_test

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

type Builder = *model.Builder[User]

// allEntries are all places that take a name.
func allEntries() []Entry {
	return slices.Concat(conditions(), selections(), terminals(), functions(), records(), outputs(),
		relations())
}

// chainEntry is a chain method, whose mistakes come back from a terminal.
func chainEntry(api, at string, add func(q Builder, name string), meant ...string) Entry {
	return Entry{api: "Query." + api, at: at, meant: meant, use: func(c *Case) (any, error) {
		q := c.users()
		add(q, c.name)
		return q.All(c.ctx)
	}}
}

// conditions are the methods that add conditions.
func conditions() []Entry {
	pick := func(names ...string) func(func(q *relation.Query, name string)) []Entry {
		return func(add func(q *relation.Query, name string)) []Entry {
			var list []Entry
			for _, api := range names {
				list = append(list, chainEntry(api, "inside a group", func(q Builder, n string) {
					q.Where(func(q *relation.Query) { add(q.Where("id", ">", 0), n) })
				}))
			}
			return list
		}
	}
	list := []Entry{
		chainEntry("Where", "column", func(q Builder, n string) { q.Where(n, 1) }),
		chainEntry("Where", "column, with an operator", func(q Builder, n string) { q.Where(n, "like", 1) }),
		chainEntry("Where", "column of a list", func(q Builder, n string) { q.Where(n, "in", []int{1}) }),
		chainEntry("Where", "operator", func(q Builder, n string) { q.Where("id", n, 1) }),
		chainEntry("OrWhere", "column", func(q Builder, n string) { q.OrWhere(n, 1) }),
		chainEntry("OrWhere", "operator", func(q Builder, n string) { q.OrWhere("id", n, 1) }),
		chainEntry("WhereNot", "column", func(q Builder, n string) { q.WhereNot(n, 1) }),
		chainEntry("WhereNot", "operator", func(q Builder, n string) { q.WhereNot("id", n, 1) }),
		chainEntry("OrWhereNot", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNot(n, 1) }) }),
		chainEntry("OrWhereNot", "operator", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNot("id", n, 1) }) }),
		chainEntry("WhereIn", "column", func(q Builder, n string) { q.WhereIn(n, []int{1}) }),
		chainEntry("WhereIn", "column, of nothing", func(q Builder, n string) { q.WhereIn(n, []int{}) }),
		chainEntry("OrWhereIn", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereIn(n, []int{1}) }) }),
		chainEntry("WhereNotIn", "column", func(q Builder, n string) { q.WhereNotIn(n, []int{1}) }),
		chainEntry("OrWhereNotIn", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNotIn(n, []int{1}) }) }),
		chainEntry("WhereNull", "column", func(q Builder, n string) { q.WhereNull(n) }),
		chainEntry("OrWhereNull", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNull(n) }) }),
		chainEntry("WhereNotNull", "column", func(q Builder, n string) { q.WhereNotNull(n) }),
		chainEntry("OrWhereNotNull", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNotNull(n) }) }),
		chainEntry("WhereBetween", "column", func(q Builder, n string) { q.WhereBetween(n, 1, 2) }),
		chainEntry("OrWhereBetween", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereBetween(n, 1, 2) }) }),
		chainEntry("WhereNotBetween", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.WhereNotBetween(n, 1, 2) }) }),
		chainEntry("OrWhereNotBetween", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNotBetween(n, 1, 2) }) }),
		chainEntry("WhereLike", "column", func(q Builder, n string) { q.WhereLike(n, "%") }),
		chainEntry("OrWhereLike", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereLike(n, "%") }) }),
		chainEntry("WhereNotLike", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.WhereNotLike(n, "%") }) }),
		chainEntry("OrWhereNotLike", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNotLike(n, "%") }) }),
		chainEntry("WhereILike", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.WhereILike(n, "%") }) }),
		chainEntry("OrWhereILike", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereILike(n, "%") }) }),
		chainEntry("WhereNotILike", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.WhereNotILike(n, "%") }) }),
		chainEntry("OrWhereNotILike", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereNotILike(n, "%") }) }),
		chainEntry("WhereColumn", "left", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.WhereColumn(n, "=", "id") }) }),
		chainEntry("WhereColumn", "operator", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.WhereColumn("id", n, "id") }) }),
		chainEntry("WhereColumn", "right", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.WhereColumn("id", "=", n) }) }),
		chainEntry("OrWhereColumn", "left", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereColumn(n, "=", "id") }) }),
		chainEntry("OrWhereColumn", "operator", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereColumn("id", n, "id") }) }),
		chainEntry("OrWhereColumn", "right", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.OrWhereColumn("id", "=", n) }) }),
		chainEntry("Scope", "name", func(q Builder, n string) { q.Scope(n) }),
		chainEntry("WithoutScope", "name", func(q Builder, n string) { q.WithoutScope(n) }, "named"),
		chainEntry("Having", "column", func(q Builder, n string) { q.GroupBy("id").Having(n, 1) }),
		chainEntry("Having", "operator", func(q Builder, n string) { q.GroupBy("id").Having("id", n, 1) }),
		chainEntry("Having", "alias", func(q Builder, n string) { q.GroupBy("id").Aggregate("count", "*").Having(n, ">", 1) }),
	}
	list = append(list, pick("Where")(func(q *relation.Query, n string) { q.OrWhere(n, 1) })...)
	list = append(list, pick("WhereIn")(func(q *relation.Query, n string) { q.WhereIn(n, []int{1}) })...)
	list = append(list, pick("WhereNull")(func(q *relation.Query, n string) { q.WhereNull(n) })...)
	list = append(list, subqueries()...)
	return list
}

// subqueries name things in a query inside the query.
func subqueries() []Entry {
	// The columns of the secrets have names there.
	secrets := []string{"token", "Token", "owner", "secrets.token", "secrets.Token"}
	sub := func(at string, change func(q *model.Builder[Secret], n string) *model.Builder[Secret], meant ...string) []Entry {
		uses := map[string]func(q Builder, sub *relation.Query){
			"WhereIn":     func(q Builder, sub *relation.Query) { q.WhereIn("email", sub) },
			"WhereExists": func(q Builder, sub *relation.Query) { q.Use(func(q *relation.Query) { q.WhereExists(sub) }) },
			"WhereRaw":    func(q Builder, sub *relation.Query) { q.WhereRaw("email = ?", sub) },
		}
		var list []Entry
		for _, api := range []string{"WhereIn", "WhereExists", "WhereRaw"} {
			list = append(list, Entry{api: "Query." + api, at: "in a sub-query, " + at, meant: append(meant, secrets...), use: func(c *Case) (any, error) {
				inner := change(model.Query[Secret](c.db).Select("owner"), c.name)
				q := c.users()
				uses[api](q, inner.Untyped())
				return q.All(c.ctx)
			}})
		}
		return list
	}
	type builder = *model.Builder[Secret]
	return slices.Concat(
		sub("column", func(q builder, n string) builder { return q.Where(n, 1) }),
		sub("column of the outer query", func(q builder, n string) builder {
			return q.Use(func(q *relation.Query) { q.WhereColumn("owner", "=", n) })
		}),
		sub("order", func(q builder, n string) builder { return q.OrderBy(n) }),
		sub("selection", func(q builder, n string) builder { return q.Select(n) }, "id AS token"),
	)
}

// selections are the methods that select, join and sort.
func selections() []Entry {
	join := func(api string, call func(q Builder, table, left, op, right string)) []Entry {
		secrets := []string{"token", "Token", "owner", "secrets.token", "secrets.Token"}
		joined := func(q Builder) { call(q, "secrets", "secrets.owner", "=", "email") }
		return []Entry{
			chainEntry(api, "table", func(q Builder, n string) { call(q, n, "id", "=", "id") }),
			chainEntry(api, "left", func(q Builder, n string) { call(q, "secrets", n, "=", "email") }, secrets...),
			chainEntry(api, "operator", func(q Builder, n string) { call(q, "secrets", "secrets.owner", n, "email") }),
			chainEntry(api, "right", func(q Builder, n string) { call(q, "secrets", "email", "=", n) }, secrets...),
			chainEntry(api, "column afterwards", func(q Builder, n string) {
				joined(q)
				q.Where(n, 1)
			}, secrets...),
			chainEntry(api, "table afterwards", func(q Builder, n string) {
				joined(q)
				q.OrderBy(n + ".id")
			}),
		}
	}
	return slices.Concat([]Entry{
		chainEntry("Select", "column", func(q Builder, n string) { q.Select("id", n) }, "id AS token"),
		chainEntry("Select", "renamed column", func(q Builder, n string) { q.Select(n + " as x") }, "id AS token"),
		chainEntry("Select", "alias", func(q Builder, n string) { q.Select("id as " + n) }, "token", "Token", "owner", "PASSWORD", "passWord",
			"Pass_word", "rowid", "_rowid_", "ctid", "oid", "xmin", "NULL", "true", "DISTINCT", "initials", "named"),
		chainEntry("GroupBy", "column", func(q Builder, n string) { q.GroupBy("id", n) }),
		chainEntry("OrderBy", "column", func(q Builder, n string) { q.OrderBy(n) }),
		chainEntry("OrderBy", "second column", func(q Builder, n string) { q.OrderBy("id").OrderBy(n, relation.Desc) }),
		chainEntry("OrderBy", "direction", func(q Builder, n string) { q.OrderBy("id", relation.Direction(n)) }),
		chainEntry("Latest", "column", func(q Builder, n string) { q.Latest(n) }),
		chainEntry("Oldest", "column", func(q Builder, n string) { q.Use(func(q *relation.Query) { q.Oldest(n) }) }),
		chainEntry("Aggregate", "function", func(q Builder, n string) { q.Aggregate(n, "id") }),
		chainEntry("Aggregate", "function of *", func(q Builder, n string) { q.Aggregate(n, "*") }),
		chainEntry("Aggregate", "column", func(q Builder, n string) { q.Aggregate("max", n) }),
		chainEntry("Aggregate", "named column", func(q Builder, n string) { q.Aggregate("max", n).As("x") }),
		chainEntry("As", "name", func(q Builder, n string) { q.Aggregate("count", "*").As(n) }, "token", "Token", "owner", "PASSWORD",
			"passWord", "Pass_word", "rowid", "_rowid_", "ctid", "oid", "xmin", "NULL", "true", "DISTINCT", "initials", "named"),
		chainEntry("As", "name without an aggregate", func(q Builder, n string) { q.As(n) }),
	}, join("Join", func(q Builder, table, left, op, right string) { q.Join(table, left, op, right) }),
		join("LeftJoin", func(q Builder, table, left, op, right string) {
			q.Use(func(q *relation.Query) { q.LeftJoin(table, left, op, right) })
		}))
}

// terminals are the methods that run a query.
func terminals() []Entry {
	run := func(api, at string, call func(c *Case, q Builder) (any, error), meant ...string) Entry {
		return Entry{api: api, at: at, meant: meant, use: func(c *Case) (any, error) {
			return call(c, c.users().Where("id", ">", 0))
		}}
	}
	number := func(api string, call func(c *Case, q Builder, dest *int64) error) Entry {
		return run(api, "column", func(c *Case, q Builder) (any, error) {
			var dest int64
			err := call(c, q, &dest)
			return dest, err
		})
	}
	return []Entry{
		number("Query.Sum", func(c *Case, q Builder, dest *int64) error { return q.Sum(c.ctx, c.name, dest) }),
		number("Query.Avg", func(c *Case, q Builder, dest *int64) error { return q.Untyped().Avg(c.ctx, c.name, dest) }),
		number("Query.Min", func(c *Case, q Builder, dest *int64) error { return q.Untyped().Min(c.ctx, c.name, dest) }),
		number("Query.Max", func(c *Case, q Builder, dest *int64) error { return q.Untyped().Max(c.ctx, c.name, dest) }),
		run("Query.Pluck", "column", func(c *Case, q Builder) (any, error) {
			var dest []string
			err := q.Pluck(c.ctx, c.name, &dest)
			return dest, err
		}, "id AS token"),
		run("Query.Increment", "column", func(c *Case, q Builder) (any, error) { return q.Increment(c.ctx, c.name, 1) }),
		run("Query.Decrement", "column", func(c *Case, q Builder) (any, error) { return q.Untyped().Decrement(c.ctx, c.name, 1) }),
		run("Query.Update", "key", func(c *Case, q Builder) (any, error) {
			return q.Update(c.ctx, model.Attrs{"full_name": "x", c.name: "x"})
		}),
		run("Query.Delete", "column of its condition", func(c *Case, q Builder) (any, error) {
			return q.OrWhere(c.name, 1).Delete(c.ctx)
		}),
		run("Builder.FindBy", "column", func(c *Case, q Builder) (any, error) { return q.FindBy(c.ctx, c.name, 1) }),
		run("Builder.CursorPaginate", "cursor", func(c *Case, q Builder) (any, error) { return q.CursorPaginate(c.ctx, c.name, 5) }, ""),
		run("Builder.CursorPaginate", "column of its order", func(c *Case, q Builder) (any, error) {
			return q.OrderBy(c.name).CursorPaginate(c.ctx, "", 5)
		}),
		run("Builder.Chunk", "column of its order", func(c *Case, q Builder) (any, error) {
			for _, err := range q.OrderBy(c.name).Chunk(c.ctx, 5) {
				return nil, err
			}
			return nil, nil //nolint:nilnil // an error is what is missing then.
		}),
		run("Builder.Each", "column of its order", func(c *Case, q Builder) (any, error) {
			for _, err := range q.OrderBy(c.name).Each(c.ctx) {
				return nil, err
			}
			return nil, nil //nolint:nilnil // likewise.
		}),
		run("Builder.Find", "key of a composite key", func(c *Case, _ Builder) (any, error) {
			return model.Query[Pair](c.db).Find(c.ctx, model.Attrs{"Left": 1, c.name: 2})
		}),
		run("Builder.Find", "id", func(c *Case, q Builder) (any, error) { return q.Find(c.ctx, c.name) }, "1"),
		run("Builder.FindMany", "id", func(c *Case, q Builder) (any, error) { return q.FindMany(c.ctx, 1, c.name) }, "1"),
		run("Query.Find", "id", func(c *Case, q Builder) (any, error) {
			var dest *User
			err := q.Untyped().Find(c.ctx, &dest, c.name)
			return dest, err
		}, "1"),
	}
}

// functions are the functions of package model.
func functions() []Entry {
	run := func(api, at string, call func(c *Case, named model.Attrs) (any, error)) Entry {
		return Entry{api: "model." + api, at: at, use: func(c *Case) (any, error) {
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
	return []Entry{
		run("FirstOrNew", "search", func(c *Case, n model.Attrs) (any, error) {
			return model.FirstOrNew[User](c.ctx, c.db, n, nil)
		}),
		run("FirstOrNew", "values", func(c *Case, n model.Attrs) (any, error) {
			return model.FirstOrNew[User](c.ctx, c.db, email, n)
		}),
		run("FirstOrCreate", "search", func(c *Case, n model.Attrs) (any, error) {
			return model.FirstOrCreate[User](c.ctx, c.db, n, nil)
		}),
		run("FirstOrCreate", "values", func(c *Case, n model.Attrs) (any, error) {
			return model.FirstOrCreate[User](c.ctx, c.db, email, n)
		}),
		run("UpdateOrCreate", "search", func(c *Case, n model.Attrs) (any, error) {
			return model.UpdateOrCreate[User](c.ctx, c.db, n, nil)
		}),
		run("UpdateOrCreate", "values", func(c *Case, n model.Attrs) (any, error) {
			return model.UpdateOrCreate[User](c.ctx, c.db, email, n)
		}),
		run("FetchOrNewUpMany", "keys", func(c *Case, n model.Attrs) (any, error) {
			return model.FetchOrNewUpMany[User](c.ctx, c.db, []string{c.name}, both(n))
		}),
		run("FetchOrNewUpMany", "rows", func(c *Case, n model.Attrs) (any, error) {
			return model.FetchOrNewUpMany[User](c.ctx, c.db, key, both(n))
		}),
		run("FetchOrCreateMany", "keys", func(c *Case, n model.Attrs) (any, error) {
			return model.FetchOrCreateMany[User](c.ctx, c.db, []string{"email", c.name}, both(n))
		}),
		run("FetchOrCreateMany", "rows", func(c *Case, n model.Attrs) (any, error) {
			return model.FetchOrCreateMany[User](c.ctx, c.db, key, both(n))
		}),
		run("UpdateOrCreateMany", "keys", func(c *Case, n model.Attrs) (any, error) {
			return model.UpdateOrCreateMany[User](c.ctx, c.db, []string{c.name}, both(n))
		}),
		run("UpdateOrCreateMany", "rows", func(c *Case, n model.Attrs) (any, error) {
			return model.UpdateOrCreateMany[User](c.ctx, c.db, key, both(n))
		}),
		run("Upsert", "unique columns", func(c *Case, _ model.Attrs) (any, error) {
			return nil, model.Upsert(c.ctx, c.db, []*User{{Email: "new@example.com"}}, []string{c.name})
		}),
		run("Upsert", "updated columns", func(c *Case, _ model.Attrs) (any, error) {
			return nil, model.Upsert(c.ctx, c.db, []*User{{Email: "new@example.com"}}, key, "full_name", c.name)
		}),
	}
}

// pending is a record that nobody has saved.
func pending() *User { return &User{Email: "x", Password: "x", Visits: 1} }

// records are the methods of records.
func records() []Entry {
	run := func(api, at string, call func(c *Case) (any, error)) Entry {
		return Entry{api: "Record." + api, at: at, use: call}
	}
	silent := func(api, at string, call func(c *Case) any) Entry {
		return Entry{api: api, at: at, silent: true, use: func(c *Case) (any, error) { return call(c), nil }}
	}
	return []Entry{
		run("Fill", "key", func(c *Case) (any, error) { return nil, c.user.Fill(model.Attrs{"email": "x", c.name: "x"}) }),
		run("Fill", "only", func(c *Case) (any, error) { return nil, c.user.Fill(model.Attrs{"email": "x"}, "email", c.name) }),
		run("Merge", "key", func(c *Case) (any, error) { return nil, c.user.Merge(model.Attrs{"email": "x", c.name: "x"}) }),
		run("Merge", "only", func(c *Case) (any, error) { return nil, c.user.Merge(model.Attrs{"email": "x"}, "email", c.name) }),
		run("Increment", "column", func(c *Case) (any, error) { return nil, c.user.Increment(c.ctx, c.name, 1) }),
		run("Decrement", "column", func(c *Case) (any, error) { return nil, c.user.Decrement(c.ctx, c.name, 1) }),
		silent("Record.IsDirty", "name", func(c *Case) any {
			return pending().IsDirty(c.name)
		}),
		silent("Record.WasChanged", "name", func(c *Case) any { return c.user.WasChanged(c.name) }),
		silent("Record.Replicate", "except", func(c *Case) any { return c.user.Replicate(c.name).Visits != c.user.Visits }),
		silent("Record.UnmarshalJSON", "key", func(c *Case) any {
			rec := &User{}
			if err := rec.UnmarshalJSON(object(c.name, "x")); err != nil {
				return err.Error()
			}
			return rec.IsDirty()
		}),
		silent("Extras.Has", "name", func(c *Case) any { return c.user.Extras().Has(c.name) }),
		silent("Extras.Int64", "name", func(c *Case) any { return c.user.Extras().Int64(c.name) }),
		silent("Extras.Float64", "name", func(c *Case) any { return c.user.Extras().Float64(c.name) != 0 }),
		silent("Extras.String", "name", func(c *Case) any { return c.user.Extras().String(c.name) }),
		silent("Extras.Bool", "name", func(c *Case) any { return c.user.Extras().Bool(c.name) }),
		silent("Extras.Time", "name", func(c *Case) any { return !c.user.Extras().Time(c.name).IsZero() }),
	}
}

// outputs are the functions of package serialize.
func outputs() []Entry {
	run := func(api, at string, call func(c *Case, opts serialize.Options) (any, error)) []Entry {
		options := map[string]func(name string) serialize.Options{
			"pick": func(n string) serialize.Options { return serialize.Options{Fields: serialize.Pick("id", n)} },
			"omit": func(n string) serialize.Options { return serialize.Options{Fields: serialize.Omit("id", n)} },
			"relation": func(n string) serialize.Options {
				return serialize.Options{Relations: map[string]serialize.Options{n: {}}}
			},
		}
		var list []Entry
		for _, option := range []string{"pick", "omit", "relation"} {
			meant := []string{"initials"}
			if option == "relation" {
				meant = nil
			}
			list = append(list, Entry{api: api, at: at + option, meant: meant, use: func(c *Case) (any, error) {
				return call(c, options[option](c.name))
			}})
		}
		return list
	}
	return slices.Concat(
		run("serialize.JSON", "", func(c *Case, opts serialize.Options) (any, error) { return serialize.JSON(c.user, opts) }),
		run("serialize.JSON", "of a list, ", func(c *Case, opts serialize.Options) (any, error) {
			return serialize.JSON([]*User{c.user}, opts)
		}),
		run("serialize.Map", "", func(c *Case, opts serialize.Options) (any, error) { return serialize.Map(c.user, opts) }),
		run("serialize.Map", "", func(c *Case, opts serialize.Options) (any, error) { return serialize.Map(c.user, opts) }),
		run("serialize.Write", "", func(c *Case, opts serialize.Options) (any, error) {
			var out bytes.Buffer
			err := serialize.Write(&out, c.user, opts)
			return out.String(), err
		}),
		[]Entry{
			{api: "serialize.Decode", at: "key", use: func(c *Case) (any, error) {
				return nil, serialize.Decode(object(c.name, "x"), c.user)
			}},
			{api: "serialize.Decode", at: "only", use: func(c *Case) (any, error) {
				return nil, serialize.Decode([]byte(`{"email":"x"}`), c.user, "email", c.name)
			}},
			{api: "serialize.Thaw", at: "column", use: func(c *Case) (any, error) {
				frozen, err := serialize.Freeze(c.user)
				if err != nil {
					return nil, err
				}
				return nil, serialize.Thaw([]byte(strings.Replace(string(frozen), `"Visits"`, string(quoted(c.name)), 1)), c.user)
			}},
		},
	)
}

func quoted(name string) []byte {
	text, err := json.Marshal(name)
	if err != nil {
		return nil
	}
	return text
}

func object(name string, value any) []byte {
	text, err := json.Marshal(map[string]any{name: value})
	if err != nil {
		return nil
	}
	return text
}
