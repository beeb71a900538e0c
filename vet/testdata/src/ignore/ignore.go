// Package ignore silences the analyzer.
package ignore

import (
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

type User struct{ model.BaseModel[User] }

type Wrong struct {
	//kindredvet:ignore the test needs a model that Register refuses
	model.BaseModel[User]
}

func search(q *relation.Query, sql string) {
	q.WhereRaw(sql) //kindredvet:ignore sql comes from the report's own file
	q.WhereRaw(sql) // want `not a constant`

	//kindredvet:ignore sql comes from the report's own file
	q.WhereRaw(sql)
	q.WhereRaw(sql) // want `not a constant`

	q.WhereRaw(sql) /* want `not a constant` `needs a reason` */ //kindredvet:ignore
}
