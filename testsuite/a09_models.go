// SPDX-License-Identifier: MIT

package testsuite

import (
	"slices"
	"time"

	"github.com/kindred-orm/kindred/model"
)

// tick is as narrow as a record can be.
type tick struct {
	model.BaseModel[tick]

	ID int64
	N  int64
}

// ballot has a column whose default is another value in every row.
type ballot struct {
	model.BaseModel[ballot]

	ID   int64
	Name string
	Lot  float64 `gorm:"default:(random())"`
}

// coupon is a ballot whose key is the caller's.
type coupon struct {
	model.BaseModel[coupon]

	Code string `gorm:"primaryKey;size:40"`
	Name string
	Lot  float64 `gorm:"default:(random())"`
}

// raffle is a ballot whose key has two columns.
type raffle struct {
	model.BaseModel[raffle]

	Year int64  `gorm:"primaryKey;autoIncrement:false"`
	Code string `gorm:"primaryKey;size:40"`
	Name string
	Lot  float64 `gorm:"default:(random())"`
}

// voucher has a UUID that the database makes.
type voucher struct {
	model.BaseModel[voucher]

	ID   string `gorm:"type:uuid;primaryKey;default:gen_random_uuid()"`
	Name string
}

// parcel has a column of every kind that a row can hold.
type parcel struct {
	model.BaseModel[parcel]

	ID        int64
	Label     string
	Note      *string
	Count     *int64
	Small     int16
	Weight    *float64
	Price     *string `gorm:"type:numeric(12,2)"`
	Fragile   *bool
	Sent      *time.Time
	Content   []byte
	Owner     *string           `gorm:"type:uuid"`
	Tags      []string          `gorm:"serializer:json"`
	Details   map[string]string `gorm:"type:jsonb;serializer:json"`
	CreatedAt time.Time
}

// tenCells are ten columns.
type tenCells struct {
	C0, C1, C2, C3, C4, C5, C6, C7, C8, C9 int64
}

// wide has more than 64 columns.
type wide struct {
	model.BaseModel[wide]

	ID int64
	A  tenCells `gorm:"embedded;embeddedPrefix:a_"`
	B  tenCells `gorm:"embedded;embeddedPrefix:b_"`
	C  tenCells `gorm:"embedded;embeddedPrefix:c_"`
	D  tenCells `gorm:"embedded;embeddedPrefix:d_"`
	E  tenCells `gorm:"embedded;embeddedPrefix:e_"`
	F  tenCells `gorm:"embedded;embeddedPrefix:f_"`
	G  tenCells `gorm:"embedded;embeddedPrefix:g_"`
}

// gauge has a field that holds more than its column.
type gauge struct {
	model.BaseModel[gauge]

	ID    int64
	Level int64 `gorm:"type:smallint"`
}

// createManyPromises are those of row A9: many records at once.
func createManyPromises() []promise {
	return slices.Concat(manyHookPromises(), manyStatementPromises(), manyKeyPromises(), manyFailurePromises(), largePromises())
}
