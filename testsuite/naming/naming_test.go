// SPDX-License-Identifier: MIT

package naming_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type (
	student struct {
		model.BaseModel[student]

		ID       int64
		UserID   int64
		UnitCost int
		Courses  []*course `relation:"manyToMany"`
	}
	course struct {
		model.BaseModel[course]

		ID       int64
		Students []*student `relation:"manyToMany"`
	}
	named struct {
		model.BaseModel[named]

		ID      int64
		Courses []*course `relation:"manyToMany;pivotTable:named_courses"`
	}
)

// unsorted names a pivot table by the order of the arguments.
type unsorted struct{ model.DefaultNaming }

func (n unsorted) PivotTable(a, b string) string { return n.Serialized(a) + "_" + n.Serialized(b) }

func TestANamingMayDifferInOneMethod(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		db := e.NewDB(t, model.Config{Naming: model.CamelCase{}})
		require.NoError(t, db.Register(&student{}, &course{}))
		require.NoError(t, db.Migrate(e.Ctx, &student{}, &course{}))
		require.True(t, e.Gorm.Migrator().HasColumn("course_student", "student_id"))
		s := &student{UserID: 2, UnitCost: 3}
		require.NoError(t, model.Create(e.Ctx, db, s))
		text, err := json.Marshal(s)
		require.NoError(t, err)
		require.JSONEq(t, `{"id":1,"userID":2,"unitCost":3}`, string(text))
	})
}

func TestTwoSidesOfARelationHaveOneTable(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		db := e.NewDB(t, model.Config{Naming: unsorted{}})
		err := db.Register(&student{}, &course{})
		require.ErrorIs(t, err, model.ErrUnsupported)
		require.ErrorContains(t, err, "student_course")
		require.ErrorContains(t, err, "course_student")
		require.ErrorContains(t, err, "pivotTable")
		require.NoError(t, db.Register(&named{}))
	})
}
