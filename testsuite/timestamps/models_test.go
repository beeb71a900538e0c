// SPDX-License-Identifier: MIT

package timestamps_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// row returns the only row of a query that is sent past Kindred. gorm gives pointers to expressions
// that have no declared type; they are followed.
func row(t testing.TB, e *harness.Env, sql string, args ...any) map[string]any {
	t.Helper()
	rows := e.Rows(t, sql, args...)
	require.Len(t, rows, 1, sql)
	for name, v := range rows[0] {
		if p, ok := v.(*any); ok {
			rows[0][name] = *p
		}
	}
	return rows[0]
}

// Types of an application's own.
type moment time.Time

// account is the model that most promises use: it has every kind of plain column and no hooks.
type account struct {
	model.BaseModel[account]

	ID        int64
	Email     string `gorm:"uniqueIndex;size:160"`
	Name      string
	Nick      *string
	Password  string `json:"-"`
	Age       int
	Score     float64
	Active    bool
	Visits    int64
	SeenAt    *time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
}

// note has soft deletes and a version.
type note struct {
	model.BaseModel[note]

	ID        int64
	Title     string
	Version   int64 `model:"version"`
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}
