// SPDX-License-Identifier: MIT

package timestamps_test

import (
	"time"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
)

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
