// SPDX-License-Identifier: MIT

package testsuite

import (
	"slices"

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

// finderPromises are those of row A7: calls that look rows up.
func finderPromises() []promise {
	return slices.Concat(findKeyPromises(), findPromises(), findManyPromises(), firstPromises())
}
