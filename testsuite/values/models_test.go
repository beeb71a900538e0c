// SPDX-License-Identifier: MIT

package values_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"time"

	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Models by the kind of their primary key.
type keyNatural struct {
	model.BaseModel[keyNatural]

	Code string `gorm:"primaryKey;size:20"`
	Name string
}

// ulid is a key type that stores itself as text.
type ulid [4]byte

// Value is the hexadecimal form.
func (u ulid) Value() (driver.Value, error) { return hex.EncodeToString(u[:]), nil }

// Scan reads the hexadecimal form.
func (u *ulid) Scan(src any) error {
	text := harness.Text(src)
	if len(text) != 2*len(u) {
		return fmt.Errorf("a %T is no ulid", src)
	}
	_, err := hex.Decode(u[:], []byte(text))
	return err
}

type tagNested struct {
	City string `json:"city"`
	Nums []int  `json:"nums"`
}

// rot13 serializes itself.
type rot13 string

// Scan turns the letters back.
func (r *rot13) Scan(_ context.Context, _ *schema.Field, _ reflect.Value, value any) error {
	switch v := value.(type) {
	case nil:
		*r = ""
	case string:
		*r = rot13(rotate(v))
	case []byte:
		*r = rot13(rotate(string(v)))
	default:
		return errors.New("no text")
	}
	return nil
}

// Value turns the letters.
func (r *rot13) Value(_ context.Context, _ *schema.Field, _ reflect.Value, value any) (any, error) {
	if v, ok := value.(rot13); ok {
		return rotate(string(v)), nil
	}
	return nil, errors.New("no rot13")
}

// Types of an application's own.
type (
	level  string
	grade  int16
	moment time.Time
	// money stores itself as a decimal.
	money struct{ cents int64 }
	// labels stores itself as text, and is a slice that can be changed in place.
	labels []string
	// place has a pointer receiver for Scan and a value receiver for Value, and holds a map.
	place struct{ coords map[string]float64 }
)

// Value is the decimal form.
func (m money) Value() (driver.Value, error) {
	return fmt.Sprintf("%d.%02d", m.cents/100, m.cents%100), nil
}

// Scan reads what either database makes of it.
func (m *money) Scan(src any) error {
	text := ""
	switch v := src.(type) {
	case nil:
		m.cents = 0
		return nil
	case []byte:
		text = string(v)
	default:
		text = fmt.Sprint(v)
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return fmt.Errorf("%q is no money", text)
	}
	m.cents = r.Mul(r, big.NewRat(100, 1)).Num().Int64()
	return nil
}

// Value joins the labels.
func (l labels) Value() (driver.Value, error) {
	if l == nil {
		return nil, nil //nolint:nilnil // nil is NULL.
	}
	return strings.Join(l, ","), nil
}

// Scan splits them.
func (l *labels) Scan(src any) error {
	*l = nil
	if text := harness.Text(src); text != "" {
		*l = strings.Split(text, ",")
	}
	return nil
}

// Value is JSON.
func (p place) Value() (driver.Value, error) {
	out, err := json.Marshal(p.coords)
	return string(out), err
}

// Scan reads JSON.
func (p *place) Scan(src any) error {
	p.coords = nil
	if src == nil {
		return nil
	}
	return json.Unmarshal([]byte(harness.Text(src)), &p.coords)
}

// kinds has a column of every kind.
type kinds struct {
	model.BaseModel[kinds]

	ID      int64
	Int     int
	Int8    int8
	Int16   int16
	Int32   int32
	Int64   int64
	Uint    uint
	Uint8   uint8
	Uint16  uint16
	Uint32  uint32
	Uint64  uint64
	Float32 float32
	Float64 float64
	Bool    bool
	Text    string
	Bytes   []byte
	Time    time.Time
	Dur     time.Duration

	Level  level
	Grade  grade
	Moment moment

	PInt   *int64
	PSmall *int8
	PUint  *uint32
	PText  *string
	PBool  *bool
	PFloat *float64
	PTime  *time.Time
	PLevel *level
	PBytes *[]byte

	NInt   sql.NullInt64
	NSmall sql.NullInt16
	NText  sql.NullString
	NBool  sql.NullBool
	NFloat sql.NullFloat64
	NTime  sql.NullTime
	NGen   sql.Null[int64]
	NPoint *sql.NullString

	JSONText string          `gorm:"type:jsonb"`
	JSONRaw  json.RawMessage `gorm:"type:jsonb"`
	Decimal  string          `gorm:"type:decimal(10,2)"`
	PDecimal *string         `gorm:"type:numeric(10,2)"`
	UUID     string          `gorm:"type:uuid"`

	Money  money  `gorm:"type:decimal(10,2)"`
	PMoney *money `gorm:"type:decimal(10,2)"`
	ULID   ulid   `gorm:"type:text"`
	Labels labels `gorm:"type:text"`
	Place  place  `gorm:"type:text"`
	PPlace *place `gorm:"type:text"`

	List   []string       `gorm:"serializer:json"`
	Object map[string]any `gorm:"serializer:json"`
	Nested tagNested      `gorm:"serializer:json"`
	PNest  *tagNested     `gorm:"serializer:json"`
	Gob    map[string]int `gorm:"serializer:gob;type:bytes"`
	Unix   int64          `gorm:"serializer:unixtime;type:timestamp"`
	Rot    rot13          `gorm:"type:text"`
}

// someTime has no more than microseconds, which both databases keep.
func someTime() time.Time { return time.Date(2024, 2, 29, 23, 59, 59, 123_456_000, time.UTC) }

// someKinds has a value in every column.
func someKinds() *kinds {
	at := someTime()
	return &kinds{
		Int: 1, Int8: 2, Int16: 3, Int32: 4, Int64: 5, Uint: 6, Uint8: 7, Uint16: 8, Uint32: 9, Uint64: 10,
		Float32: 1.5, Float64: 0.1, Bool: true, Text: "text", Bytes: []byte{0, 1, 255}, Time: at, Dur: time.Minute,
		Level: "high", Grade: 3, Moment: moment(at),
		PInt: new(int64(1)), PSmall: new(int8(2)), PUint: new(uint32(3)), PText: new("p"), PBool: new(true),
		PFloat: new(2.5), PTime: new(at), PLevel: new(level("low")), PBytes: new([]byte{1, 2}),
		NInt: sql.NullInt64{Int64: 1, Valid: true}, NSmall: sql.NullInt16{Int16: 2, Valid: true},
		NText: sql.NullString{String: "n", Valid: true}, NBool: sql.NullBool{Bool: true, Valid: true},
		NFloat: sql.NullFloat64{Float64: 1.25, Valid: true}, NTime: sql.NullTime{Time: at, Valid: true},
		NGen: sql.Null[int64]{V: 4, Valid: true}, NPoint: &sql.NullString{String: "np", Valid: true},
		JSONText: `{"a": 1, "b": [1, 2]}`, JSONRaw: json.RawMessage(`{"x": {"y": null, "z": true}}`),
		Decimal: "1.50", PDecimal: new("12.34"), UUID: someUUID,
		Money: money{1234}, PMoney: &money{99}, ULID: ulid{1, 2, 3, 4}, Labels: labels{"a", "b"},
		Place: place{map[string]float64{"lat": 48.2, "lon": 16.4}}, PPlace: &place{map[string]float64{"lat": 1}},
		List: []string{"a", "b"}, Object: map[string]any{"k": "v", "n": 1.0, "l": []any{"x"}},
		Nested: tagNested{"Wien", []int{1, 2}}, PNest: &tagNested{"Graz", nil},
		Gob: map[string]int{"a": 1, "b": 2, "c": 3, "d": 4}, Unix: 1_700_000_000, Rot: "hello",
	}
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
