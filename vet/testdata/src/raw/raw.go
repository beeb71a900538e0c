// Package raw calls the methods that take SQL text in every way.
package raw

import (
	"strings"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

type User struct{ model.BaseModel[User] }

// Query has a method of that name, but sends nothing.
type Query struct{}

func (Query) WhereRaw(sql string) {}

const active = "active = ?"

type condition string

const named condition = "named"

func text() (sql string, args int) { return "", 0 }

func constants(q *relation.Query, b *model.Builder[User], dynamic string) {
	q.WhereRaw("a = ?", dynamic)
	q.WhereRaw(active, 1).OrWhereRaw(active + " OR " + "b = 1").SelectRaw(string(named))
	q.HavingRaw("count(*) > ?", 2)
	b.OrderByRaw(`random()`).SelectRaw("a")
	model.Query[User]().WhereRaw("x")
	(*relation.Query).WhereRaw(q, "x", dynamic)
	(q.WhereRaw)("x")
	q.Where(dynamic, dynamic)
	q.KeepRaw(dynamic != "")
	Query{}.WhereRaw(dynamic)
}

func dynamics(q *relation.Query, b *model.Builder[User], name string) {
	q.WhereRaw(name)                                     // want `the SQL text of WhereRaw is not a constant; write it as a constant and bind values with \?`
	q.WhereRaw("a = '" + name + "'")                     // want `the SQL text of WhereRaw is not a constant`
	q.OrWhereRaw(strings.ToLower(name))                  // want `the SQL text of OrWhereRaw is not a constant`
	b.WhereRaw(name, 1)                                  // want `the SQL text of WhereRaw is not a constant`
	b.Where("a", 1).OrderByRaw(name + " desc")           // want `the SQL text of OrderByRaw is not a constant`
	model.Query[User]().SelectRaw(name)                  // want `the SQL text of SelectRaw is not a constant`
	(*relation.Query).WhereRaw(q, name)                  // want `the SQL text of WhereRaw is not a constant`
	(q.WhereRaw)(name)                                   // want `the SQL text of WhereRaw is not a constant`
	b.Use(func(q *relation.Query) { q.HavingRaw(name) }) // want `the SQL text of HavingRaw is not a constant`
	where := q.WhereRaw                                  // want `WhereRaw is used as a value`
	each(func(s string) { q.WhereRaw(s) }, b, name)      // want `the SQL text of WhereRaw is not a constant`
	where("x")
}

func each(fn func(string), b *model.Builder[User], s string) { fn(s) }
