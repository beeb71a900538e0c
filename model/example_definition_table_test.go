// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Person lives in a table that is older than the program.
type Person struct {
	model.BaseModel[Person]

	ID   int64 `gorm:"column:person_no;primaryKey"`
	Name string
}

// Define names the table, which would be "people" otherwise.
func (p *Person) Define(d *model.Definition[Person]) { d.Table("tbl_person") }

func ExampleDefinition_Table() {
	ctx, db := context.Background(), open(&Person{})
	defer shut(db)
	must(model.Create(ctx, db, &Person{Name: "Ada"}))

	sql, _, err := model.Query[Person](db).Select("ID").Where("Name", "Ada").ToSQL()
	must(err)
	fmt.Println(sql)
	// Output: SELECT `tbl_person`.`person_no` FROM `tbl_person` WHERE `tbl_person`.`name` = ?
}
