// SPDX-License-Identifier: MIT

package meta

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/internal/memory"
)

// Column is one column of a model's table and the field that holds it.
type Column struct {
	*Codec

	Attr   string // name in attribute maps: "FullName", "Home.City"
	Name   string // name in the database
	Index  int    // position in Model.Columns
	Offset uintptr
	Model  *Model
	Field  *schema.Field // what gorm knows about it

	Key        bool // part of the primary key
	AutoKey    bool // the database counts it up
	Default    bool // has a default in the database
	NotNull    bool
	Creatable  bool
	Updatable  bool
	Readable   bool
	AutoCreate TimeUnit
	AutoUpdate TimeUnit
	Version    bool
	SoftDelete bool // written by a soft delete
	Guarded    bool // never set by mass assignment
	Fillable   bool // marked fillable
	Expr       bool // written as an expression of the database
	Lossy      bool // the database may store another value than it was given
	ReadBack   bool // a trigger may change it, so every write returns it

	JSON JSONField
}

// JSONField says how a field appears in JSON.
type JSONField struct {
	Name      string // serialized name; "" never
	Hidden    bool
	OmitEmpty bool
	OmitZero  bool
	String    bool // numbers and booleans as strings
}

// TimeUnit is the form of an automatic timestamp.
type TimeUnit uint8

// The forms of automatic timestamps: none, a time, or a count since 1970.
const (
	NoTime TimeUnit = iota
	WholeTime
	Seconds
	Milliseconds
	Nanoseconds
)

// At returns the address of the column's field in the record at base.
func (c *Column) At(base memory.Ptr) memory.Ptr { return memory.Add(base, c.Offset) }

// StampCreated returns the value to bind for an automatic timestamp of a new row.
func (c *Column) StampCreated(now time.Time) (any, error) {
	if c.AutoCreate == NoTime {
		return c.StampUpdated(now)
	}
	return c.stamp(c.AutoCreate, now)
}

// StampUpdated returns the value to bind for the timestamp of an update.
func (c *Column) StampUpdated(now time.Time) (any, error) { return c.stamp(c.AutoUpdate, now) }

// stamp returns now in a unit, as the column is bound.
func (c *Column) stamp(unit TimeUnit, now time.Time) (any, error) {
	var v any = now
	switch unit {
	case Seconds:
		v = now.Unix()
	case Milliseconds:
		v = now.UnixMilli()
	case Nanoseconds:
		v = now.UnixNano()
	default:
		if c.Kind == Time && c.Meaning == Plain {
			return now, nil
		}
	}
	field := c.New()
	if err := c.set(field, v); err != nil {
		return nil, err
	}
	return c.Bind(field)
}

// set gives a field a time, or a number of seconds. A serializer reads what it has written, and knows neither.
func (c *Column) set(field memory.Ptr, v any) error {
	if c.Field.Serializer == nil {
		return c.Scan(field, v)
	}
	to := memory.Value(c.Type, field)
	if to.Kind() == reflect.Pointer {
		to.Set(reflect.New(to.Type().Elem()))
		to = to.Elem()
	}
	from := reflect.ValueOf(v)
	if !from.CanConvert(to.Type()) || to.Kind() == reflect.String {
		return fmt.Errorf("a %s is no time", c.Type)
	}
	to.Set(from.Convert(to.Type()))
	return nil
}

// checkStamp refuses an automatic timestamp that its field cannot hold.
func (c *Column) checkStamp() error {
	if !c.Auto() {
		return nil
	}
	_, err := c.StampCreated(deletedOn)
	if err == nil && c.AutoUpdate != NoTime {
		_, err = c.StampUpdated(deletedOn)
	}
	if err != nil {
		return fmt.Errorf("an automatic timestamp, but a %s does not hold a time: %w", c.Type, err)
	}
	return nil
}

// Auto reports whether the column is an automatic timestamp.
func (c *Column) Auto() bool { return c.AutoCreate != NoTime || c.AutoUpdate != NoTime }

// Virtual is a field without a column that receives a result column of its name.
type Virtual struct {
	*Codec

	Attr   string
	Name   string // result column
	Offset uintptr
	JSON   JSONField
}

func timeUnit(t schema.TimeType) TimeUnit {
	switch t {
	case schema.UnixTime:
		return WholeTime
	case schema.UnixSecond:
		return Seconds
	case schema.UnixMillisecond:
		return Milliseconds
	case schema.UnixNanosecond:
		return Nanoseconds
	default:
		return NoTime
	}
}

// lossy reports whether a database may change a value on its way into a column declared as f:
// rounding to a precision, cutting a date, padding a text. timeDigits are those of Names.
func lossy(f *schema.Field, c *Codec, timeDigits int) bool {
	declared := strings.ToLower(string(f.DataType))
	if timeDigits > 0 && (declared == "datetime" || declared == "timestamp" || f.DataType == schema.Time && f.Precision == 0 && timeDigits < 6) {
		return true
	}
	if _, ok := f.TagSettings["TYPE"]; !ok && f.Precision > 0 {
		return f.DataType == schema.Float || f.DataType == schema.Time && f.Precision < 6 || c.Kind == String
	}
	if slices.Contains([]string{
		"text", "varchar", "character varying", "bigint", "int8", "integer", "int", "smallint", "boolean", "bool",
		"double precision", "float8", "timestamptz", "timestamp", "datetime", "bytea", "blob", "uuid", "json", "jsonb",
		"string", "bytes", "time", "uint", "float",
	}, declared) {
		return false
	}
	base, _, _ := strings.Cut(declared, "(")
	return base != "varchar" && base != "character varying"
}

// declaredAs reports whether the column's declared type starts with one of the words.
func declaredAs(f *schema.Field, words ...string) bool {
	declared := strings.ToLower(string(f.DataType))
	for _, word := range words {
		if strings.HasPrefix(declared, word) {
			return true
		}
	}
	return false
}

var (
	timeType   = reflect.TypeFor[time.Time]()
	stringType = reflect.TypeFor[string]()
)
