// SPDX-License-Identifier: MIT

// Package matching_test promises that records are matched by their keys as the database matches rows: for every
// type and collation of keys, every kind of relation, and every call that finds records by several keys.
package matching_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type Country struct {
	model.BaseModel[Country]

	Code    string    `gorm:"primaryKey"`
	Note    string    //
	Cities  []*City   `relation:"hasMany;foreignKey:CountryCode"`
	Capital *City     `relation:"hasOne;foreignKey:CountryCode"`
	Tags    []*Tag    `relation:"manyToMany;pivotTable:country_tag;pivotForeignKey:country_code;pivotRelatedForeignKey:tag_code"`
	Streets []*Street `relation:"hasManyThrough;through:Cities"`
	Latest  *City     `relation:"hasOne;foreignKey:CountryCode"`
}

func (c *Country) Define(d *model.Definition[Country]) {
	d.Relation(&c.Capital).WithDefault(model.Attrs{"Name": "nowhere"})
	d.Relation(&c.Latest).LatestOfMany("id")
}

type City struct {
	model.BaseModel[City]

	ID          int64
	CountryCode string
	Name        string
	Country     *Country  `relation:"belongsTo;foreignKey:CountryCode"`
	Streets     []*Street `relation:"hasMany;foreignKey:CityID"`
	Home        *Country  `relation:"belongsTo;foreignKey:CountryCode"`
}

func (c *City) Define(d *model.Definition[City]) {
	d.Relation(&c.Home).WithDefault(model.Attrs{"Note": "nowhere"})
}

type Street struct {
	model.BaseModel[Street]

	ID     int64
	CityID int64
}

type Tag struct {
	model.BaseModel[Tag]

	Code      string     `gorm:"primaryKey"`
	Countries []*Country `relation:"manyToMany;pivotTable:country_tag;pivotForeignKey:tag_code;pivotRelatedForeignKey:country_code"`
}

// keys are a kind of key: two different keys, and how rows that point to them write these.
type keys struct {
	name      string
	database  string // the only one that has the kind; "" is all
	setup     []string
	typ       string    // of the key
	foreign   string    // of what points to it; "" is the same
	key       [2]string // as the rows have them
	spelling  [2]string // as other rows and callers write them
	different bool      // the database holds the spellings for other values
}

var kinds = []keys{
	{name: "SameText", typ: "text", key: [2]string{"DE", "FR"}, spelling: [2]string{"DE", "FR"}},
	{name: "BinaryText", typ: "text", key: [2]string{"DE", "FR"}, spelling: [2]string{"de", "fr"}, different: true},
	{name: "Nocase", database: "SQLite", typ: "text collate nocase", key: [2]string{"DE", "FR"}, spelling: [2]string{"de", "fr"}},
	{name: "Rtrim", database: "SQLite", typ: "text collate rtrim", key: [2]string{"DE", "FR"}, spelling: [2]string{"DE  ", "FR "}},
	{name: "Numbers", typ: "numeric", key: [2]string{"1.5", "100"}, spelling: [2]string{"1.50", "100.00"}},
	{
		name: "Citext", database: "Postgres", setup: []string{"create extension if not exists citext"}, typ: "citext",
		key: [2]string{"DE", "FR"}, spelling: [2]string{"de", "Fr"},
	},
	{name: "Char", database: "Postgres", typ: "char(3)", key: [2]string{"DE", "FRA"}, spelling: [2]string{"DE ", "FRA"}},
	{name: "CharAndText", database: "Postgres", typ: "char(3)", foreign: "varchar(3)", key: [2]string{"DE", "F"}, spelling: [2]string{"DE", "F"}},
	{
		name: "ICUCase", database: "Postgres", typ: "text collate nocase", key: [2]string{"DE", "ÉÇ"}, spelling: [2]string{"de", "éç"},
		setup: []string{"create collation nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"},
	},
	{
		name: "ICUAccents", database: "Postgres", typ: "text collate base", key: [2]string{"de", "éç"}, spelling: [2]string{"dé", "ec"},
		setup: []string{"create collation base (provider = icu, locale = 'und-u-ks-level1', deterministic = false)"},
	},
	{
		name: "ICUPunctuation", database: "Postgres", typ: "text collate shifted", key: [2]string{"d-e", "f r"}, spelling: [2]string{"de", "fr"},
		setup: []string{"create collation shifted (provider = icu, locale = 'und-u-ka-shifted', deterministic = false)"},
	},
	{
		name: "ICUNumbers", database: "Postgres", typ: "text collate numbers", key: [2]string{"a7", "b10"}, spelling: [2]string{"a07", "b010"},
		setup: []string{"create collation numbers (provider = icu, locale = 'und-u-kn-true-ks-level1', deterministic = false)"},
	},
	{name: "FoldedCase", database: "MariaDB", typ: "varchar(9) collate utf8mb4_general_ci", key: [2]string{"DE", "ÉÇ"}, spelling: [2]string{"de", "éç"}},
	{name: "FoldedAccents", database: "MariaDB", typ: "varchar(9) collate utf8mb4_unicode_ci", key: [2]string{"de", "éç"}, spelling: [2]string{"dé", "ec"}},
	{name: "PaddedText", database: "MariaDB", typ: "varchar(9) collate utf8mb4_bin", key: [2]string{"DE", "FR"}, spelling: [2]string{"DE  ", "FR "}},
	{
		name: "UUID", database: "Postgres", typ: "uuid",
		key:      [2]string{"0b0e7fc1-8c5b-4f4a-9f0e-0a0b0c0d0e0f", "1b0e7fc1-8c5b-4f4a-9f0e-0a0b0c0d0e0f"},
		spelling: [2]string{"0B0E7FC1-8C5B-4F4A-9F0E-0A0B0C0D0E0F", "1B0E7FC1-8C5B-4F4A-9F0E-0A0B0C0D0E0F"},
	},
}

// each runs check for every kind of key on tables whose keys are of the kind, with rows that point to them in
// another spelling.
func each(t *testing.T, check func(t *testing.T, e *harness.Env, k keys)) {
	t.Helper()
	eachOf(t, func(keys) bool { return true }, check)
}

// equal reports whether two spellings are one key.
func equal(k keys) bool { return !k.different }

// equalInBoth reports whether two spellings are one key, also in the columns that point to it.
func equalInBoth(k keys) bool { return !k.different && k.foreign == "" }

// eachOf is each for the kinds that fit.
func eachOf(t *testing.T, fits func(k keys) bool, check func(t *testing.T, e *harness.Env, k keys)) {
	t.Parallel()
	for _, k := range kinds {
		if !fits(k) {
			continue
		}
		t.Run(k.name, func(t *testing.T) {
			here := func(d harness.Database) bool { return k.database == "" || k.database == d.Name }
			harness.EachOf(t, here, func(t *testing.T, e *harness.Env) {
				k.make(t, e)
				check(t, e, k)
			})
		})
	}
}

func (k keys) make(t *testing.T, e *harness.Env) {
	t.Helper()
	if e.Database.Name == "MariaDB" {
		switch k.typ {
		case "text":
			k.typ = "varchar(40) collate utf8mb4_nopad_bin"
		case "numeric":
			k.typ = "decimal(12,4)"
		}
	}
	foreign := k.foreign
	if foreign == "" {
		foreign = k.typ
	}
	list := append([]string{}, k.setup...)
	list = append(list,
		"create table countries (code "+k.typ+" primary key, note text not null default '')",
		"create table cities (id integer primary key, country_code "+foreign+", name text not null default '')",
		"create table streets (id integer primary key, city_id integer)",
		"create table tags (code "+k.typ+" primary key)",
		"create table country_tag (country_code "+foreign+", tag_code "+foreign+", primary key (country_code, tag_code))",
	)
	for i, id := range []string{"1", "2"} {
		list = append(list,
			"insert into countries (code) values ('"+k.key[i]+"')",
			"insert into tags (code) values ('"+k.key[i]+"')",
			"insert into cities (id, country_code) values ("+id+", '"+k.spelling[i]+"')",
			"insert into streets (id, city_id) values ("+id+", "+id+")",
			"insert into country_tag values ('"+k.spelling[i]+"', '"+k.spelling[i]+"')")
	}
	e.Exec(t, list...)
	if err := e.DB.Register(&Country{}, &City{}, &Street{}, &Tag{}); err != nil {
		t.Fatal(err)
	}
	e.Sent.Reset()
}

// related is how many rows belong to a country.
func (k keys) related() int {
	if k.different {
		return 0
	}
	return 1
}

// written says of a key whether rows write it in another way, as far as a key that was read shows.
func same(a, b string) bool {
	x, isX := new(big.Rat).SetString(a)
	y, isY := new(big.Rat).SetString(b)
	return isX && isY && x.Cmp(y) == 0 || strings.TrimRight(a, " ") == strings.TrimRight(b, " ")
}
