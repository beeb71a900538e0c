// SPDX-License-Identifier: MIT

package wire_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/kindred-orm/kindred/model"
)

// Fields are a field of each kind over a column of each type. The tag sql is the value that the server
// makes the column of; min says that the server can compare the type.
type Fields struct {
	Bool     bool         `gorm:"type:boolean" sql:"true"`
	BoolPtr  *bool        `gorm:"type:boolean" sql:"true"`
	BoolNull sql.NullBool `gorm:"type:boolean" sql:"true"`

	Small     int16           `gorm:"type:smallint" sql:"-32768" min:"1"`
	Int       int32           `gorm:"type:integer" sql:"2147483647" min:"1"`
	Big       int64           `gorm:"type:bigint" sql:"-9007199254740993" min:"1"`
	BigPtr    *int64          `gorm:"type:bigint" sql:"9007199254740993" min:"1"`
	BigNull   sql.NullInt64   `gorm:"type:bigint" sql:"9007199254740993" min:"1"`
	BigText   string          `gorm:"type:bigint" sql:"42" min:"1"`
	Uint      uint32          `gorm:"type:bigint" sql:"4294967295" min:"1"`
	Flag      sql.Null[int64] `gorm:"type:integer" sql:"7" min:"1"`
	ObjectID  int64           `gorm:"type:oid" sql:"4000000000"`
	IntNumber float64         `gorm:"type:integer" sql:"12" min:"1"`

	Real      float32         `gorm:"type:real" sql:"0.1" min:"1"`
	Float     float64         `gorm:"type:double precision" sql:"0.1" min:"1"`
	FloatPtr  *float64        `gorm:"type:double precision" sql:"-1e300" min:"1"`
	FloatNull sql.NullFloat64 `gorm:"type:double precision" sql:"2.5" min:"1"`

	Number        string         `gorm:"type:numeric(40,20)" sql:"12345678901234567890.12345678901234567890" min:"1"`
	NumberPtr     *string        `gorm:"type:numeric(20,2)" sql:"0.10" min:"1"`
	NumberFloat   float64        `gorm:"type:numeric(20,2)" sql:"0.5" min:"1"`
	NumberDecimal Decimal        `gorm:"type:numeric(30,10)" sql:"1.50" min:"1"`
	NumberPg      pgtype.Numeric `gorm:"type:numeric" sql:"-12.340"`

	Text       string         `gorm:"type:text" sql:"'it''s \\ \"ä\" 1'" min:"1"`
	TextPtr    *string        `gorm:"type:text" sql:"'\\x6162'" min:"1"`
	TextNull   sql.NullString `gorm:"type:text" sql:"''" min:"1"`
	TextBytes  []byte         `gorm:"type:text" sql:"'plain'"`
	TextPg     pgtype.Text    `gorm:"type:text" sql:"'pg'"`
	Char       string         `gorm:"type:char(5)" sql:"'ab'" min:"1"`
	Varchar    string         `gorm:"type:varchar(20)" sql:"'t'" min:"1"`
	TextValuer Words          `gorm:"type:text" sql:"'[\"w\"]'"`

	Bytes      []byte  `gorm:"type:bytea" sql:"'\\x00015cff27'"`
	BytesEmpty []byte  `gorm:"type:bytea" sql:"''"`
	BytesPtr   *[]byte `gorm:"type:bytea" sql:"'\\x5c'"`
	BytesText  string  `gorm:"type:bytea" sql:"'abc'"`
	BytesOwn   Sealed  `gorm:"type:bytea" sql:"'\\xdeadbeef'"`

	Stamp      time.Time          `gorm:"type:timestamptz" sql:"'2024-03-10 19:00:00.123456+09'" min:"1"`
	StampPtr   *time.Time         `gorm:"type:timestamptz" sql:"'1850-01-01 00:00:00+00'" min:"1"`
	StampNull  sql.NullTime       `gorm:"type:timestamptz" sql:"'0044-03-15 00:00:00+00'" min:"1"`
	StampPg    pgtype.Timestamptz `gorm:"type:timestamptz" sql:"'infinity'"`
	StampPlain time.Time          `gorm:"type:timestamp" sql:"'2024-03-10 19:00:00.5'" min:"1"`
	StampUnix  int64              `gorm:"type:timestamptz;serializer:unixtime" sql:"'2024-03-10 10:00:00+00'"`
	Day        time.Time          `gorm:"type:date" sql:"'2024-03-10'" min:"1"`
	DayPg      pgtype.Date        `gorm:"type:date" sql:"'2024-03-10'"`
	Clock      string             `gorm:"type:time" sql:"'2024-01-01 09:30:00'"`
	ClockPg    pgtype.Time        `gorm:"type:time without time zone" sql:"'09:30:00.25'"`
	SpanPg     pgtype.Interval    `gorm:"type:interval" sql:"'1 mon 2 days 03:04:05'"`
	UUID       UUID               `gorm:"type:uuid" sql:"'6ba7b810-9dad-11d1-80b4-00c04fd430c8'"`
	UUIDText   string             `gorm:"type:uuid" sql:"'6ba7b810-9dad-11d1-80b4-00c04fd430c8'"`
	UUIDPg     pgtype.UUID        `gorm:"type:uuid" sql:"'6ba7b810-9dad-11d1-80b4-00c04fd430c8'"`
	JSON       json.RawMessage    `gorm:"type:json" sql:"'{\"a\": 1}'"`
	JSONB      json.RawMessage    `gorm:"type:jsonb" sql:"'{\"a\": 1}'"`
	JSONText   string             `gorm:"type:jsonb" sql:"'[1, 2]'"`
	JSONWords  Words              `gorm:"type:jsonb" sql:"'[\"a\", \"b\"]'"`
	JSONPtr    *Words             `gorm:"type:json" sql:"'[\"c\"]'"`
	JSONMap    map[string]any     `gorm:"type:jsonb;serializer:json" sql:"'{\"k\": [true, null, \"x\"]}'"`
	JSONList   []string           `gorm:"serializer:json" sql:"'[\"y\"]'"`
	Gob        map[string]int     `gorm:"type:bytea;serializer:gob" sql:"'\\x0d7f040102ff8000010c0104000007ff800001016102'"`
	XML        Document           `gorm:"type:xml" sql:"'<a>b</a>'"`
	List       Texts              `gorm:"type:text[]" sql:"'{a,\"b c\"}'"`
	ListFlat   Flat               `gorm:"type:text[]" sql:"'{d}'"`
	Inet       string             `gorm:"type:inet" sql:"'10.0.0.1'" min:"1"`
}

// Flat is a list of the driver's own.
type Flat = Texts

// Owner has rows of all kinds, by a foreign key and through a pivot table with the same columns.
type Owner struct {
	model.BaseModel[Owner]
	ID    int64
	Rows  []*Row  `relation:"hasMany"`
	Items []*Item `relation:"manyToMany;pivotTable:links"`
}

func (o *Owner) Define(d *model.Definition[Owner]) {
	d.Relation(&o.Items).Using(&Link{})
}

// Row is a row of all kinds.
type Row struct {
	model.BaseModel[Row]
	ID      int64
	OwnerID int64
	Fields
}

// Item is attached by rows of all kinds.
type Item struct {
	model.BaseModel[Item]
	ID int64
}

// Link is a pivot row of all kinds.
type Link struct {
	model.BaseModel[Link]
	ID      int64
	OwnerID int64
	ItemID  int64
	Fields
}

// plainRow is how gorm reads a row.
type plainRow struct {
	ID      int64
	OwnerID int64
	Fields
}

func (plainRow) TableName() string { return "rows" }

// Words is stored as JSON, and reads bytes alone.
type Words []string

func (w *Words) Scan(src any) error {
	switch src := src.(type) {
	case nil:
		*w = nil
		return nil
	case []byte:
		return json.Unmarshal(src, w)
	case string: // what the driver gives for a column of text
		return json.Unmarshal([]byte(src), w)
	}
	return fmt.Errorf("words of a %T", src)
}

func (w Words) Value() (driver.Value, error) { return json.Marshal([]string(w)) }

// Document is a text that reads bytes alone.
type Document string

func (d *Document) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok && src != nil {
		return fmt.Errorf("a document of a %T", src)
	}
	*d = Document(b)
	return nil
}

func (d Document) Value() (driver.Value, error) { return string(d), nil }

// Sealed is stored as bytes.
type Sealed struct{ Hex string }

func (s *Sealed) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok && src != nil {
		return fmt.Errorf("a seal of a %T", src)
	}
	s.Hex = hex.EncodeToString(b)
	return nil
}

func (s Sealed) Value() (driver.Value, error) { return hex.DecodeString(s.Hex) }

// Decimal is a number of any size.
type Decimal struct{ Rat big.Rat }

func (d *Decimal) Scan(src any) error {
	if src == nil {
		d.Rat = big.Rat{}
		return nil
	}
	if _, ok := d.Rat.SetString(fmt.Sprintf("%s", src)); !ok {
		return errors.New("no number")
	}
	return nil
}

func (d Decimal) Value() (driver.Value, error) { return d.Rat.FloatString(10), nil }

// UUID is 16 bytes that are stored as text.
type UUID [16]byte

func (u *UUID) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("a UUID of a %T", src)
	}
	_, err := hex.Decode(u[:], []byte(strings.ReplaceAll(text, "-", "")))
	return err
}

func (u UUID) Value() (driver.Value, error) {
	h := hex.EncodeToString(u[:])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-"), nil
}

// Texts is an array of the database, as its text.
type Texts []string

func (t *Texts) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("texts of a %T", src)
	}
	*t = nil
	for part := range strings.SplitSeq(strings.Trim(text, "{}"), ",") {
		*t = append(*t, strings.Trim(part, `"`))
	}
	return nil
}

func (t Texts) Value() (driver.Value, error) {
	if t == nil {
		return nil, nil
	}
	return `{"` + strings.Join(t, `","`) + `"}`, nil
}
