// SPDX-License-Identifier: MIT

package definition_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// named opens Kindred once more on the database of e, with other naming strategies.
func named(t testing.TB, e *harness.Env, names schema.Namer, naming model.Naming) *model.DB {
	t.Helper()
	handle := e.DB.Gorm().Session(&gorm.Session{NewDB: true})
	if names != nil {
		handle.NamingStrategy = names
	}
	db, err := model.New(handle, model.Config{Now: e.DB.Gorm().NowFunc, Naming: naming})
	require.NoError(t, err)
	e.Sent.Reset()
	return db
}

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
