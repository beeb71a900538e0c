// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Student takes courses.
type Student struct {
	model.BaseModel[Student]

	ID      int64
	Name    string
	Courses []*Course `relation:"manyToMany"`
}

// Define gives the pivot rows a model.
func (s *Student) Define(d *model.Definition[Student]) {
	d.Relation(&s.Courses).Using(&Enrolment{})
}

// Course is taken by students.
type Course struct {
	model.BaseModel[Course]

	ID   int64
	Name string
}

// Enrolment is the model of the rows between them.
type Enrolment struct {
	model.BaseModel[Enrolment]

	StudentID int64 `gorm:"primaryKey;autoIncrement:false"`
	CourseID  int64 `gorm:"primaryKey;autoIncrement:false"`
	Grade     int
}

// PivotOf returns the record of the pivot row, with its type.
func ExamplePivotOf() {
	ctx, db := context.Background(), open()
	defer shut(db)
	must(db.Migrate(ctx, &Student{}, &Course{}, &Enrolment{}))
	sue := &Student{Name: "Sue"}
	must(model.Create(ctx, db, sue))
	must(sue.Related("courses").Create(ctx, &Course{Name: "Art"}, relation.Attrs{"grade": 5}))

	must(sue.Load(ctx, "courses"))
	enrolment, ok := relation.PivotOf[Enrolment](sue.Courses[0])
	fmt.Println(enrolment.Grade, ok)

	enrolment.Grade = 6
	must(enrolment.Save(ctx))
	n, err := sue.Related("courses").Query().WherePivot("grade", 6).Count(ctx)
	must(err)
	fmt.Println(n)
	// Output:
	// 5 true
	// 1
}
