// SPDX-License-Identifier: MIT

// Package gormtags_test holds the table of docs/guide/gorm-tags.md: what the words of gorm's tags and the interfaces of field
// types do in Kindred.
package gormtags_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type part struct {
	model.BaseModel[part]
	Code    string  `gorm:"primaryKey;size:20"`
	Title   string  `gorm:"column:label;type:varchar(30);not null;comment:what people read"`
	Unique  string  `gorm:"unique"`
	Kind    string  `gorm:"default:plain;index:by_kind,sort:desc"`
	Ratio   float64 `gorm:"precision:10;scale:2;type:decimal"`
	Count   int64   `gorm:"check:count_is_positive,count > 0"`
	First   string  `gorm:"uniqueIndex:pair,priority:2"`
	Second  string  `gorm:"uniqueIndex:pair,priority:1,where:count > 1"`
	Created int64   `gorm:"autoCreateTime:milli"`
	Updated int64   `gorm:"autoUpdateTime:nano"`
	Once    string  `gorm:"<-:create"`
	Later   string  `gorm:"<-:update"`
	Read    string  `gorm:"->;default:r"`
	Hidden  string  `gorm:"->:false;<-:create"`
	Left    string  `gorm:"-"`
	Out     string  `gorm:"-:all"`
	Kept    string  `gorm:"-:migration"`
	Size    Size    `gorm:"embedded;embeddedPrefix:size_"`
}

// Size is embedded.
type Size struct{ Width, Height int64 }

func newPart(code string) *part {
	return &part{Code: code, Title: "t", Unique: code, Count: 1, First: code, Once: "o", Later: "l", Hidden: "h", Size: Size{2, 3}}
}

func setUp(t *testing.T, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &part{})
	e.Exec(t, "ALTER TABLE parts ADD COLUMN kept text")
}

func TestWordsOfColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		setUp(t, e)
		p := newPart("a")
		p.Kept = "k"
		require.NoError(t, model.Create(e.Ctx, e.DB, p))
		row := e.Row(t, "SELECT * FROM parts")
		require.Equal(t, "t", row["label"])
		require.Equal(t, "plain", row["kind"])
		require.Equal(t, "plain", p.Kind, "a default is read back")
		require.EqualValues(t, e.Clock.Now().UnixMilli(), row["created"])
		require.EqualValues(t, e.Clock.Now().UnixNano(), row["updated"])
		require.Equal(t, "k", row["kept"])
		require.EqualValues(t, 2, row["size_width"])
		require.NotContains(t, row, "left")
		require.NotContains(t, row, "out")
	})
}

func TestWordsOfPermissions(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		setUp(t, e)
		p := newPart("a")
		p.Read = "not written"
		require.NoError(t, model.Create(e.Ctx, e.DB, p))
		row := e.Row(t, "SELECT * FROM parts")
		require.Equal(t, []any{"o", nil, "r", "h"}, []any{row["once"], row["later"], row["read"], row["hidden"]})
		found, err := model.Query[part](e.DB).Sole(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "r", found.Read)
		require.Empty(t, found.Hidden)
		found.Later = "changed"
		require.NoError(t, found.Save(e.Ctx))
		require.Equal(t, "changed", e.Row(t, "SELECT later FROM parts")["later"])
		found.Once = "changed"
		require.ErrorIs(t, found.Save(e.Ctx), model.ErrGuarded)
		require.Equal(t, "o", e.Row(t, "SELECT once FROM parts")["once"])
	})
}

func TestWordsOfConstraintsAndIndexes(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		setUp(t, e)
		require.NoError(t, model.Create(e.Ctx, e.DB, newPart("a")))
		for name, broken := range map[string]func(p *part){
			"unique":     func(p *part) { p.Unique = "a" },
			"check":      func(p *part) { p.Count = 0 },
			"primaryKey": func(p *part) { p.Code = "a" },
		} {
			p := newPart("b")
			broken(p)
			err := model.Create(e.Ctx, e.DB, p)
			if name == "check" {
				require.ErrorContains(t, err, "count_is_positive")
			} else {
				require.ErrorIs(t, err, model.ErrDuplicate, name)
			}
		}
		for _, code := range []string{"c", "d"} { // the index has a condition, which these do not meet
			p := newPart(code)
			p.First, p.Second = "same", "same"
			require.NoError(t, model.Create(e.Ctx, e.DB, p))
		}
		p := newPart("e")
		p.First, p.Second, p.Count = "twice", "twice", 2
		require.NoError(t, model.Create(e.Ctx, e.DB, p))
		p = newPart("f")
		p.First, p.Second, p.Count = "twice", "twice", 2
		require.ErrorIs(t, model.Create(e.Ctx, e.DB, p), model.ErrDuplicate)
		require.True(t, e.Gorm.Migrator().HasIndex("parts", "by_kind"))
	})
}

func TestCommentsOfColumnsAreWritten(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		setUp(t, e)
		row := e.Row(t, "SELECT col_description('parts'::regclass, attnum) AS text FROM pg_attribute "+
			"WHERE attrelid = 'parts'::regclass AND attname = 'label'")
		require.Equal(t, "what people read", row["text"])
	}, harness.RowLocks) // SQLite has no comments either
}

type ticket struct {
	model.BaseModel[ticket]
	ID   int64
	Turn int64 `gorm:"autoIncrement"`
}

func TestAutoIncrementOfAColumnThatIsNotTheKey(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &ticket{})
		list := []*ticket{{}, {}, {Turn: 9}}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		require.Equal(t, []int64{1, 2, 9}, []int64{list[0].Turn, list[1].Turn, list[2].Turn})
		one := &ticket{}
		require.NoError(t, model.Create(e.Ctx, e.DB, one))
		require.EqualValues(t, 3, one.Turn)
	}, harness.RowLocks) // SQLite counts keys only
}

type (
	withPolymorphic struct {
		model.BaseModel[withPolymorphic]
		ID   int64
		Toys []*ticket `gorm:"polymorphic:Owner"`
	}
	withManyToMany struct {
		model.BaseModel[withManyToMany]
		ID   int64
		Tags []*ticket `gorm:"many2many:x;joinForeignKey:A;joinReferences:B"`
	}
	withForeignKey struct {
		model.BaseModel[withForeignKey]
		ID       int64
		TicketID int64
		Ticket   *ticket `gorm:"foreignKey:TicketID;references:ID"`
	}
	withBoth struct {
		model.BaseModel[withBoth]
		ID       int64
		TicketID int64
		Ticket   *ticket `relation:"belongsTo" gorm:"constraint:OnDelete:CASCADE"`
	}
	withSteps struct {
		model.BaseModel[withSteps]
		ID int64 `gorm:"autoIncrementIncrement:10"`
	}
	withSerializer struct {
		model.BaseModel[withSerializer]
		ID   int64
		Data []int `gorm:"serializer:unheard"`
	}
)

func TestRegisterRefusesWordsWithoutEffect(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		for text, m := range map[string]any{
			"polymorphic relations are not supported":                 &withPolymorphic{},
			`relation:"manyToMany;pivotTable:x`:                       &withManyToMany{},
			`relation:"belongsTo;foreignKey:TicketID;localKey:ID"`:    &withForeignKey{},
			"constraint would have no effect beside the relation tag": &withBoth{},
			"autoIncrementIncrement would have no effect":             &withSteps{},
			`no serializer "unheard" is registered`:                   &withSerializer{},
		} {
			require.ErrorContains(t, e.DB.Register(m), text)
		}
	})
}
