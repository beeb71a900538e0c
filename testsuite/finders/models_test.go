// SPDX-License-Identifier: MIT

package finders_test

import (
	"time"

	"github.com/kindred-orm/kindred/model"
)

// badge has a key that is a text of the caller's.
type badge struct {
	model.BaseModel[badge]

	Code  string `gorm:"primaryKey;size:40"`
	Label string
}

// passkey has a UUID of the caller's as its key.
type passkey struct {
	model.BaseModel[passkey]

	ID    string `gorm:"type:uuid;primaryKey"`
	Label string
}

// shelf has a narrow integer as its key.
type shelf struct {
	model.BaseModel[shelf]

	ID    int32
	Label string
}

// crate has an unsigned integer as its key.
type crate struct {
	model.BaseModel[crate]

	ID    uint
	Label string
}

// seat has a key of two columns.
type seat struct {
	model.BaseModel[seat]

	Line   int64  `gorm:"primaryKey;autoIncrement:false"`
	Letter string `gorm:"primaryKey;size:1"`
	Taken  bool
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
