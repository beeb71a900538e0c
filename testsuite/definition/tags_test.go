// SPDX-License-Identifier: MIT

package definition_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// tagPerms has gorm's permissions.
type tagPerms struct {
	model.BaseModel[tagPerms]

	ID     int64
	Name   string
	Once   string `gorm:"<-:create"`
	Later  string `gorm:"<-:update"`
	Frozen string `gorm:"->;default:'by the database'"`
	Blind  string `gorm:"->:false;<-"`
}

// tagDefaults has columns with a default in the database.
type tagDefaults struct {
	model.BaseModel[tagDefaults]

	ID    int64
	Name  string
	Level int       `gorm:"default:5"`
	Open  bool      `gorm:"default:true"`
	Rate  float64   `gorm:"default:1.5"`
	Label string    `gorm:"default:'none'"`
	Count *int      `gorm:"default:7"`
	Made  time.Time `gorm:"default:CURRENT_TIMESTAMP"`
}

// tagSerial has columns with a serializer of gorm, or of its own.
type tagSerial struct {
	model.BaseModel[tagSerial]

	ID     int64
	List   []string       `gorm:"serializer:json"`
	Object map[string]any `gorm:"serializer:json"`
	Nested tagNested      `gorm:"serializer:json"`
	Gob    map[string]int `gorm:"serializer:gob;type:bytes"`
	At     int64          `gorm:"serializer:unixtime;type:timestamp"`
	Rot    rot13          `gorm:"type:text"`
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

func rotate(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return r
		}
		return 'a' + (r-'a'+13)%26
	}, s)
}

// Gorm's <- and -> tags say which columns are inserted, updated and read.
func TestTagsSayWhichColumnsAreWrittenAndRead(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &tagPerms{})
		p := &tagPerms{Name: "n", Once: "once", Later: "later", Frozen: "mine", Blind: "blind"}
		require.NoError(t, model.Create(e.Ctx, e.DB, p))
		require.Equal(t, map[string]any{"once": "once", "later": nil, "frozen": "by the database", "blind": "blind"},
			e.Row(t, "SELECT once, later, frozen, blind FROM tag_perms"))
		require.Empty(t, p.Later, "the record is not its row")
		require.Equal(t, "by the database", p.Frozen)

		p.Later, p.Blind = "now", "seen by nobody"
		require.NoError(t, p.Save(e.Ctx))
		require.Equal(t, map[string]any{"later": "now", "blind": "seen by nobody"},
			e.Row(t, "SELECT later, blind FROM tag_perms"))
		sent := e.Sends(t, 1, func() {
			got, err := model.Query[tagPerms](e.DB).Find(e.Ctx, p.ID)
			require.NoError(t, err)
			require.Empty(t, got.Blind)
			require.False(t, got.IsDirty())
		})
		require.NotContains(t, sent[0], "blind")
	})
}

// A change of a column that updates may not write is an ErrGuarded that names it, and nothing is sent.
func TestChangeOfAColumnWithoutUpdatesIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &tagPerms{})
		p := &tagPerms{Name: "n", Once: "once"}
		require.NoError(t, model.Create(e.Ctx, e.DB, p))
		for attr, change := range map[string]func(){
			"Once": func() { p.Once = "twice" }, "Frozen": func() { p.Frozen = "mine" },
		} {
			change()
			p.Name = "changed too"
			e.Sends(t, 0, func() {
				err := p.Save(e.Ctx)
				require.ErrorIs(t, err, model.ErrGuarded)
				require.ErrorContains(t, err, "tagPerms."+attr)
			})
			require.NoError(t, p.Refresh(e.Ctx))
		}
		require.Equal(t, "n", p.Name)
	})
}

// Columns with a default that are zero are left to the database and come back in the same statement.
func TestDefaultsComeBackWithTheInsert(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &tagDefaults{})
		d := &tagDefaults{Name: "n"}
		e.Sends(t, 1, func() { require.NoError(t, model.Create(e.Ctx, e.DB, d)) })
		require.Equal(t, 5, d.Level)
		require.True(t, d.Open)
		require.InDelta(t, 1.5, d.Rate, 0)
		require.Equal(t, "none", d.Label)
		require.Equal(t, 7, *d.Count)
		require.WithinDuration(t, time.Now(), d.Made, time.Hour)
		require.False(t, d.IsDirty())
		fresh, err := d.Fresh(e.Ctx)
		require.NoError(t, err)
		require.True(t, d.Equal(fresh))
	})
}

// Values that are set go before a default: a pointer to zero in an INSERT, and zero itself in an UPDATE.
func TestValuesThatAreSetReplaceDefaults(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &tagDefaults{})
		zero, made := 0, time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
		d := &tagDefaults{Level: 9, Label: "mine", Count: &zero, Made: made}
		require.NoError(t, model.Create(e.Ctx, e.DB, d))
		row := e.Row(t, "SELECT level, label, count FROM tag_defaults")
		require.EqualValues(t, 9, row["level"])
		require.Equal(t, "mine", row["label"])
		require.EqualValues(t, 0, row["count"])
		d.Level, d.Open, d.Label, d.Count = 0, false, "", nil
		e.Sends(t, 1, func() { require.NoError(t, d.Save(e.Ctx)) })
		require.NoError(t, d.Refresh(e.Ctx))
		require.Zero(t, d.Level)
		require.False(t, d.Open)
		require.Empty(t, d.Label)
		require.Nil(t, d.Count)
		require.Equal(t, made, d.Made)
	})
}

// Columns with a serializer of gorm, or a type that serializes itself, are stored in its form and read
// back.
func TestSerializedColumnsAreStoredInTheirForm(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &tagSerial{})
		s := &tagSerial{
			List: []string{"a", "b"}, Object: map[string]any{"k": "v", "n": 1.0}, Nested: tagNested{"Wien", []int{1, 2}},
			Gob: map[string]int{"x": 1}, At: 1_700_000_000, Rot: "hello",
		}
		require.NoError(t, model.Create(e.Ctx, e.DB, s))
		row := e.Row(t, "SELECT list, nested, rot FROM tag_serials")
		require.JSONEq(t, `["a","b"]`, harness.Text(row["list"]))
		require.JSONEq(t, `{"city":"Wien","nums":[1,2]}`, harness.Text(row["nested"]))
		require.Equal(t, "uryyb", harness.Text(row["rot"]))
		require.False(t, s.IsDirty())
		got, err := model.Query[tagSerial](e.DB).Find(e.Ctx, s.ID)
		require.NoError(t, err)
		require.Equal(t, s.List, got.List)
		require.Equal(t, s.Object, got.Object)
		require.Equal(t, s.Nested, got.Nested)
		require.Equal(t, s.Gob, got.Gob)
		require.Equal(t, s.At, got.At)
		require.Equal(t, s.Rot, got.Rot)
		require.True(t, s.Equal(got))
		got.Nested.City = "Graz"
		sent := e.Sends(t, 1, func() { require.NoError(t, got.Save(e.Ctx)) })
		require.NotContains(t, sent[0], "list")
		require.NoError(t, s.Refresh(e.Ctx))
		require.Equal(t, "Graz", s.Nested.City)
	})
}
