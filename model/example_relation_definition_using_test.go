// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/hooks"
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

// Define gives the pivot rows a model, and a name among the extras.
func (s *Student) Define(d *model.Definition[Student]) {
	d.Relation(&s.Courses).Using(&Enrolment{}).As("enrolment")
}

// Course is taken by students.
type Course struct {
	model.BaseModel[Course]

	ID   int64
	Name string
}

// Enrolment is a row between them: a model with columns, types and hooks of its own.
type Enrolment struct {
	model.BaseModel[Enrolment]

	StudentID int64 `gorm:"primaryKey;autoIncrement:false"`
	CourseID  int64 `gorm:"primaryKey;autoIncrement:false"`
	Grade     int
}

// Define checks what is written.
func (e *Enrolment) Define(d *model.Definition[Enrolment]) {
	d.On(hooks.Saving, func(_ context.Context, e *Enrolment) error {
		if e.Grade < 0 || e.Grade > 6 {
			return fmt.Errorf("there is no grade %d", e.Grade)
		}
		return nil
	})
}

// openSchool returns a database with a student and the courses 1 Art and 2 Music.
func openSchool() (*model.DB, *Student) {
	ctx, db := context.Background(), open()
	must(db.Migrate(ctx, &Student{}, &Course{}, &Enrolment{}))
	student := &Student{Name: "Sue"}
	must(model.Create(ctx, db, student))
	must(model.Insert(ctx, db, []*Course{{Name: "Art"}, {Name: "Music"}}))
	return db, student
}

// Hooks of the pivot model run when pivot rows are written.
func ExampleRelationDefinition_Using() {
	ctx := context.Background()
	db, sue := openSchool()
	defer shut(db)

	courses := relation.ManyToMany(sue, &sue.Courses)
	_, err := courses.Sync(ctx, relation.Pivot(1, relation.Attrs{"grade": 5}), relation.Pivot(2, relation.Attrs{"grade": 7}))
	fmt.Println(err)
	n, err := courses.PivotQuery().Count(ctx)
	must(err)
	fmt.Println(n)
	// Output:
	// relation Student.courses: sync: there is no grade 7
	// 0
}

func ExampleRelationDefinition_As() {
	ctx := context.Background()
	db, sue := openSchool()
	defer shut(db)

	must(sue.Related("courses").Attach(ctx, relation.Pivot(1, relation.Attrs{"grade": 5})))
	must(sue.Load(ctx, "courses"))
	extras := sue.Courses[0].Extras()
	enrolment, ok := extras["enrolment"].(*Enrolment)
	fmt.Println(enrolment.Grade, ok, extras.Int64("pivot_grade"))
	// Output: 5 true 5
}
