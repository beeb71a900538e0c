// SPDX-License-Identifier: MIT

package json_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// User is a model with every way to name and hide a field.
type User struct {
	model.BaseModel[User]

	ID         int64
	FullName   string `json:"name"`
	Email      string `serialize:"mail" json:"email"`
	APIToken   string `json:"-"`
	HTTPStatus int
	Nick       *string `json:",omitempty"`
	Big        int64   `json:"big,string"`
	Home       address `gorm:"embedded;embeddedPrefix:home_"`
	BornAt     time.Time
	PostsCount int64 `gorm:"-" json:"posts_count,omitempty"`
}

// address is embedded in User.
type address struct {
	City   string
	Street string `json:"road"`
	Code   string `json:"-"`
}

// Define is read by Register.
func (u *User) Define(d *model.Definition[User]) {
	d.Computed("initial", func(u *User) any {
		if u.FullName == "" {
			return nil
		}
		return u.FullName[:1]
	})
	d.Computed("token_length", func(u *User) any { return len(u.APIToken) })
	d.Serialize(&u.BornAt, func(u *User) any { return u.BornAt.Format("2006-01-02") })
}

// newJSONUser returns a user whose hidden values are sentinels.
func newJSONUser() *User {
	return &User{
		FullName: "Ann", Email: "ann@example.com", APIToken: sentinel, HTTPStatus: 200, Big: 9007199254740993,
		Home: address{City: "Bern", Street: "Gasse", Code: sentinel}, BornAt: time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC),
	}
}

const userText = `{"id":1,"name":"Ann","mail":"ann@example.com","http_status":200,"big":"9007199254740993",` +
	`"home_city":"Bern","home_road":"Gasse","born_at":"2001-02-03","initial":"A","token_length":15}`

func seedJSONUser(t testing.TB, e *harness.Env) *User {
	t.Helper()
	e.Migrate(t, &User{})
	require.NoError(t, model.Create(e.Ctx, e.DB, newJSONUser()))
	u, err := model.Query[User](e.DB).Sole(e.Ctx)
	require.NoError(t, err)
	e.Sent.Reset()
	return u
}

// sentinel is a value that must not be seen.
const sentinel = "s3ntinel-918273"

// The types of columns that write their own JSON, in all the ways there are.
type (
	byValue       struct{ text string }
	byPointer     struct{ text string }
	textByValue   struct{ text string }
	textByPointer struct{ text string }
	shade         int
	word          string
	uuid          [16]byte
)

// MarshalJSON has a value receiver.
func (v byValue) MarshalJSON() ([]byte, error) {
	if v.text == "fail" {
		return nil, errors.New("no JSON today")
	}
	return json.Marshal(map[string]string{"<v>": v.text})
}

// MarshalJSON has a pointer receiver.
func (v *byPointer) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"p": v.text})
}

// MarshalText has a value receiver.
func (v textByValue) MarshalText() ([]byte, error) { return []byte("<" + v.text + ">"), nil }

// MarshalText has a pointer receiver.
func (v *textByPointer) MarshalText() ([]byte, error) { return []byte("&" + v.text), nil }

// MarshalText names the shade.
func (s shade) MarshalText() ([]byte, error) {
	return []byte(strings.Repeat("dark", int(s)&3)), nil
}

// MarshalText writes hexadecimal digits.
func (u uuid) MarshalText() ([]byte, error) {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 32)
	for _, b := range u {
		out = append(out, digits[b>>4], digits[b&15])
	}
	return out, nil
}

func (v byValue) Value() (driver.Value, error) { return v.text, nil }

func (v byPointer) Value() (driver.Value, error) { return v.text, nil }

func (v textByValue) Value() (driver.Value, error) { return v.text, nil }

func (v textByPointer) Value() (driver.Value, error) { return v.text, nil }

func (u uuid) Value() (driver.Value, error) { return string(u[:]), nil }

func scanText(dst *string, src any) error {
	var s sql.NullString
	err := s.Scan(src)
	*dst = s.String
	return err
}

// Scan reads the text.
func (v *byValue) Scan(src any) error { return scanText(&v.text, src) }

// Scan reads the text.
func (v *byPointer) Scan(src any) error { return scanText(&v.text, src) }

// Scan reads the text.
func (v *textByValue) Scan(src any) error { return scanText(&v.text, src) }

// Scan reads the text.
func (v *textByPointer) Scan(src any) error { return scanText(&v.text, src) }

// Scan reads sixteen bytes.
func (u *uuid) Scan(src any) error {
	var s string
	err := scanText(&s, src)
	copy(u[:], s)
	return err
}

// Kinds has a field of every kind, with explicit names, so that a struct without the base model
// can be made of it for encoding/json.
type Kinds struct {
	model.BaseModel[Kinds]

	ID   int64           `json:"id"`
	B    bool            `json:"b"`
	I    int             `json:"i"`
	I8   int8            `json:"i8"`
	I16  int16           `json:"i16"`
	I32  int32           `json:"i32"`
	I64  int64           `json:"i64"`
	U    uint            `json:"u"`
	U8   uint8           `json:"u8"`
	U16  uint16          `json:"u16"`
	U32  uint32          `json:"u32"`
	U64  uint64          `json:"u64"`
	F32  float32         `json:"f32"`
	F64  float64         `json:"f64"`
	S    string          `json:"s"`
	T    time.Time       `json:"t"`
	D    time.Duration   `json:"d"`
	Blob []byte          `json:"blob"`
	Raw  json.RawMessage `json:"raw"`
	Num  json.Number     `json:"num"`
	Word word            `json:"word"`

	PB   *bool            `json:"pb"`
	PI   *int             `json:"pi"`
	PU8  *uint8           `json:"pu8"`
	PF   *float64         `json:"pf"`
	PS   *string          `json:"ps"`
	PT   *time.Time       `json:"pt"`
	PNum *json.Number     `json:"pnum"`
	PRaw *json.RawMessage `json:"praw"`

	JV   byValue        `json:"jv"`
	JP   byPointer      `json:"jp"`
	TV   textByValue    `json:"tv"`
	TP   textByPointer  `json:"tp"`
	PJV  *byValue       `json:"pjv"`
	PJP  *byPointer     `json:"pjp"`
	PTP  *textByPointer `json:"ptp"`
	Sh   shade          `json:"sh"`
	UUID uuid           `json:"uuid"`
	IP   net.IP         `json:"ip"`

	Map   map[string]any `json:"map" gorm:"serializer:json"`
	List  []string       `json:"list" gorm:"serializer:json"`
	Deep  *Deep          `json:"deep" gorm:"serializer:json"`
	Plain Deep           `json:"plain" gorm:"serializer:json"`

	EB    bool           `json:"eb,omitempty"`
	EI    int            `json:"ei,omitempty"`
	EF    float64        `json:"ef,omitempty"`
	ES    string         `json:"es,omitempty"`
	ET    time.Time      `json:"et,omitempty"` //nolint:modernize // encoding/json ignores the word here.
	EPI   *int           `json:"epi,omitempty"`
	EBlob []byte         `json:"eblob,omitempty"`
	EList []string       `json:"elist,omitempty" gorm:"serializer:json"`
	EMap  map[string]any `json:"emap,omitempty" gorm:"serializer:json"`
	EJV   byValue        `json:"ejv,omitempty"` //nolint:modernize // likewise.

	ZI    int        `json:"zi,omitzero"`
	ZF    float64    `json:"zf,omitzero"`
	ZS    string     `json:"zs,omitzero"`
	ZT    time.Time  `json:"zt,omitzero"`
	ZPT   *time.Time `json:"zpt,omitzero"`
	ZPI   *int       `json:"zpi,omitzero"`
	ZBlob []byte     `json:"zblob,omitzero"`
	ZList []string   `json:"zlist,omitzero" gorm:"serializer:json"`
	ZUUID uuid       `json:"zuuid,omitzero"`
	EZ    []byte     `json:"ez,omitempty,omitzero"`

	QI  int         `json:"qi,string"`
	QU  uint8       `json:"qu,string"`
	QF  float64     `json:"qf,string"`
	QB  bool        `json:"qb,string"`
	QS  string      `json:"qs,string"`
	QPI *int64      `json:"qpi,string"`
	QPS *string     `json:"qps,string"`
	QT  time.Time   `json:"qt,string"`  //nolint:staticcheck // encoding/json ignores the word here.
	QJV byValue     `json:"qjv,string"` //nolint:staticcheck // likewise.
	QN  json.Number `json:"qn,string"`
	QE  int         `json:"qe,omitempty,string"`
	QW  word        `json:"qw,string"`
}

// Deep is kept as JSON.
type Deep struct {
	A int     `json:"a"`
	B *string `json:"b,omitempty"`
}

// plainTwin returns a struct of the same fields, without the base model, for encoding/json.
func plainTwin(rec any) any {
	from := reflect.ValueOf(rec).Elem()
	fields := make([]reflect.StructField, 0, from.NumField()-1)
	for i := 1; i < from.NumField(); i++ {
		f := from.Type().Field(i)
		fields = append(fields, reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag})
	}
	to := reflect.New(reflect.StructOf(fields))
	for i := range fields {
		to.Elem().Field(i).Set(from.Field(i + 1))
	}
	return to.Interface()
}

// plainValue returns a plain value of what p points to, past go vet, which reports such copies.
func plainValue(p any) any { return reflect.ValueOf(p).Elem().Interface() }

// Nulls has the types that wrap a value.
type Nulls struct {
	model.BaseModel[Nulls]

	ID int64
	S  sql.NullString
	I  sql.NullInt64
	F  sql.NullFloat64
	B  sql.NullBool
	T  sql.NullTime
	N  sql.Null[string]
	D  gorm.DeletedAt
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
