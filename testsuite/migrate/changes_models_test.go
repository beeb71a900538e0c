// SPDX-License-Identifier: MIT

package migrate_test

import (
	"time"

	"github.com/kindred-orm/kindred/model"
)

// The table shops, to which shelves point with ON DELETE CASCADE, and a pivot table; shops point to a town.
type (
	town struct {
		model.BaseModel[town]

		ID   int64
		Name string `gorm:"uniqueIndex;size:20"`
	}
	shop struct {
		model.BaseModel[shop]

		ID      int64
		Name    string `gorm:"type:varchar(20);not null;default:'new'"`
		Number  string
		Open    bool `gorm:"default:true"`
		TownID  *int64
		Shelves []*shelf `relation:"hasMany;onDelete:CASCADE"`
		Labels  []*label `relation:"manyToMany;pivotTable:shop_labels"`
	}
	shelf struct {
		model.BaseModel[shelf]

		ID, ShopID int64
	}
	label struct {
		model.BaseModel[label]

		ID int64
	}
)

// ShopCore has the columns that no change is about.
type ShopCore struct {
	ID     int64
	TownID *int64
}

// Each of these is the table shops with one change.
type (
	withColumn struct {
		model.BaseModel[withColumn]
		ShopCore
		Name   string `gorm:"type:varchar(20);not null;default:'new'"`
		Number string
		Open   bool `gorm:"default:true"`
		Added  *string
	}
	withDefault struct {
		model.BaseModel[withDefault]
		ShopCore
		Name   string `gorm:"type:varchar(20);not null;default:'new'"`
		Number string
		Open   bool   `gorm:"default:true"`
		Added  string `gorm:"not null;default:fresh"`
	}
	withTime struct {
		model.BaseModel[withTime]
		ShopCore
		Name   string `gorm:"type:varchar(20);not null;default:'new'"`
		Number string
		Open   bool      `gorm:"default:true"`
		Added  time.Time `gorm:"not null;default:CURRENT_TIMESTAMP"`
	}
	otherType struct {
		model.BaseModel[otherType]
		ShopCore
		Name   string `gorm:"type:varchar(20);not null;default:'new'"`
		Number int64
		Open   bool `gorm:"default:true"`
	}
	otherSize struct {
		model.BaseModel[otherSize]
		ShopCore
		Name   string `gorm:"type:varchar(40);not null;default:'new'"`
		Number string
		Open   bool `gorm:"default:true"`
	}
	otherDefaults struct {
		model.BaseModel[otherDefaults]
		ShopCore
		Name   string `gorm:"type:varchar(20);not null;default:'old'"`
		Number string `gorm:"default:'1'"`
		Open   bool
	}
	nowNotNull struct {
		model.BaseModel[nowNotNull]
		ShopCore
		Name   string `gorm:"type:varchar(20);not null;default:'new'"`
		Number string `gorm:"not null"`
		Open   bool   `gorm:"default:true"`
	}
	nowNull struct {
		model.BaseModel[nowNull]
		ShopCore
		Name   *string `gorm:"type:varchar(20);default:'new'"`
		Number string
		Open   bool `gorm:"default:true"`
	}
	withCheck struct {
		model.BaseModel[withCheck]
		ShopCore
		Name   string `gorm:"type:varchar(20);not null;default:'new';check:name <> ''"`
		Number string
		Open   bool `gorm:"default:true"`
	}
	withUnique struct {
		model.BaseModel[withUnique]
		ShopCore
		Name   string `gorm:"type:varchar(20);not null;default:'new'"`
		Number string `gorm:"unique"`
		Open   bool   `gorm:"default:true"`
	}
	withIndex struct {
		model.BaseModel[withIndex]
		ShopCore
		Name   string `gorm:"type:varchar(20);not null;default:'new';index"`
		Number string `gorm:"uniqueIndex"`
		Open   bool   `gorm:"default:true"`
	}
	withForeignKey struct {
		model.BaseModel[withForeignKey]
		ShopCore
		Name   string `gorm:"type:varchar(20);not null;default:'new'"`
		Number string
		Open   bool  `gorm:"default:true"`
		Town   *town `relation:"belongsTo;foreignKey:TownID;onDelete:SET NULL"`
	}
	withRestrict struct {
		model.BaseModel[withRestrict]
		ShopCore
		Name    string `gorm:"type:varchar(20);not null;default:'new'"`
		Number  string
		Open    bool     `gorm:"default:true"`
		Shelves []*shelf `relation:"hasMany;foreignKey:ShopID;onDelete:RESTRICT"`
	}
)

func (*withColumn) Define(d *model.Definition[withColumn])         { d.Table("shops") }
func (*withDefault) Define(d *model.Definition[withDefault])       { d.Table("shops") }
func (*withTime) Define(d *model.Definition[withTime])             { d.Table("shops") }
func (*otherType) Define(d *model.Definition[otherType])           { d.Table("shops") }
func (*otherSize) Define(d *model.Definition[otherSize])           { d.Table("shops") }
func (*otherDefaults) Define(d *model.Definition[otherDefaults])   { d.Table("shops") }
func (*nowNotNull) Define(d *model.Definition[nowNotNull])         { d.Table("shops") }
func (*nowNull) Define(d *model.Definition[nowNull])               { d.Table("shops") }
func (*withCheck) Define(d *model.Definition[withCheck])           { d.Table("shops") }
func (*withUnique) Define(d *model.Definition[withUnique])         { d.Table("shops") }
func (*withIndex) Define(d *model.Definition[withIndex])           { d.Table("shops") }
func (*withForeignKey) Define(d *model.Definition[withForeignKey]) { d.Table("shops") }
func (*withRestrict) Define(d *model.Definition[withRestrict])     { d.Table("shops") }

// changes are the kinds of change, by name.
func changes() map[string]any {
	return map[string]any{
		"a column": &withColumn{}, "a column with a default": &withDefault{}, "a column with an expression": &withTime{},
		"a type": &otherType{}, "a size": &otherSize{}, "defaults": &otherDefaults{}, "NOT NULL": &nowNotNull{}, "NULL": &nowNull{},
		"a check": &withCheck{}, "a unique column": &withUnique{}, "indexes": &withIndex{}, "a foreign key": &withForeignKey{},
		"the action of a foreign key": &withRestrict{},
	}
}
