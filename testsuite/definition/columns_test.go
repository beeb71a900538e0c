// SPDX-License-Identifier: MIT

package definition_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// defAddress is embedded twice, each time under a prefix.
type defAddress struct {
	City string
	Zip  *string `gorm:"column:postcode;size:12"`
}

// defPerson has columns of every source: gorm's naming, tags, and embedded structs.
type defPerson struct {
	model.BaseModel[defPerson]

	ID      int64
	Name    string     `gorm:"column:full_name;size:80;not null"`
	HTTPURL string     `gorm:"index"`
	Home    defAddress `gorm:"embedded;embeddedPrefix:home_"`
	Work    defAddress `gorm:"embedded;embeddedPrefix:work_"`
	Draft   string     `gorm:"-"`
	scratch int
}

// defPlain is what defPerson is to gorm.
type defPlain struct {
	ID      int64
	Name    string     `gorm:"column:full_name;size:80;not null"`
	HTTPURL string     `gorm:"index"`
	Home    defAddress `gorm:"embedded;embeddedPrefix:home_"`
	Work    defAddress `gorm:"embedded;embeddedPrefix:work_"`
}

// defArticle takes over gorm's own base struct.
type defArticle struct {
	model.BaseModel[defArticle]
	gorm.Model

	Title string
}

// The ways to name a table.
type (
	defByMethod struct {
		model.BaseModel[defByMethod]

		ID int64
	}
	defByNamer struct {
		model.BaseModel[defByNamer]

		ID int64
	}
	defByDefine struct {
		model.BaseModel[defByDefine]

		ID int64
	}
	defGeneric[V any] struct {
		model.BaseModel[defGeneric[V]]

		ID    int64
		Value V
	}
)

func (*defByMethod) TableName() string { return "by_method" }

func (*defByNamer) TableName(names schema.Namer) string { return names.TableName("ByNamer") }

func (*defByDefine) TableName() string { return "loses_to_define" }

func (*defByDefine) Define(d *model.Definition[defByDefine]) { d.Table("by define") }

func (*defGeneric[V]) Define(d *model.Definition[defGeneric[V]]) { d.Table("generic_" + kindOf[V]()) }

func kindOf[V any]() string {
	if _, ok := any(*new(V)).(string); ok {
		return "texts"
	}
	return "numbers"
}

// columnsOf returns the names of a table's columns and the types that the database gives them.
func columnsOf(t testing.TB, e *harness.Env, table string) map[string]string {
	t.Helper()
	types, err := e.Gorm.Migrator().ColumnTypes(table)
	require.NoError(t, err)
	out := map[string]string{}
	for _, c := range types {
		length, _ := c.Length()
		nullable, _ := c.Nullable()
		out[c.Name()] = c.DatabaseTypeName()
		if length > 0 && !nullable {
			out[c.Name()] += " not null"
		}
	}
	return out
}

// Table, column names and column types are those that gorm gives to the same struct.
func TestColumnsAreThoseOfGorm(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.NoError(t, e.Gorm.AutoMigrate(&defPlain{}))
		e.Migrate(t, &defPerson{})
		want := map[string]bool{
			"id": true, "full_name": true, "http_url": true, "home_city": true, "home_postcode": true,
			"work_city": true, "work_postcode": true,
		}
		got := columnsOf(t, e, "def_people")
		require.Len(t, got, len(want), "%v", got)
		for name := range want {
			require.Contains(t, got, name)
		}
		require.Equal(t, columnsOf(t, e, "def_plains"), got)
	})
}

// Fields of embedded structs are columns under their prefix, and attributes with dotted names.
func TestEmbeddedStructsContributeColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &defPerson{})
		zip := "1010"
		p := &defPerson{Name: "Ada", Home: defAddress{City: "Wien", Zip: &zip}, Work: defAddress{City: "Graz"}}
		require.NoError(t, model.Create(e.Ctx, e.DB, p))
		row := e.Row(t, "SELECT home_city, home_postcode, work_city, work_postcode FROM def_people")
		require.Equal(t, map[string]any{
			"home_city": "Wien", "home_postcode": "1010", "work_city": "Graz", "work_postcode": nil,
		}, row)
		require.Equal(t, "Graz", p.Attributes()["Work.City"])

		p.Work.City = "Linz"
		require.Equal(t, model.Attrs{"Work.City": "Linz"}, p.Dirty())
		require.True(t, p.IsDirty("Work.City"))
		require.True(t, p.IsDirty("work_city"))
		require.False(t, p.IsDirty("Home.City"))
		require.NoError(t, p.Save(e.Ctx))
		for _, column := range []string{"Work.City", "work_city"} {
			found, err := model.Query[defPerson](e.DB).FindBy(e.Ctx, column, "Linz")
			require.NoError(t, err)
			require.True(t, p.Equal(found))
			require.Equal(t, zip, *found.Home.Zip)
		}
	})
}

// Gorm.Model embeds as it does with gorm: key, timestamps and soft deletes.
func TestGormModelEmbedsAsInGorm(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &defArticle{})
		a := &defArticle{Title: "A"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.NotZero(t, a.ID)
		require.Equal(t, e.Clock.Now(), a.CreatedAt)
		e.Clock.Add(time.Hour)
		a.Title = "B"
		require.NoError(t, a.Save(e.Ctx))
		require.Equal(t, e.Clock.Now(), a.UpdatedAt)
		require.NoError(t, a.Delete(e.Ctx))
		require.True(t, a.Trashed())
		require.EqualValues(t, 1, e.Count(t, "def_articles"))
		require.ErrorIs(t, find[defArticle](e, a.ID), model.ErrNotFound)
	})
}

// A table is named by Define, else by TableName, with or without the naming strategy, else by the strategy.
func TestTableIsNamedByDefineThenTableNameThenStrategy(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &defByMethod{}, &defByNamer{}, &defByDefine{}, &defGeneric[string]{}, &defGeneric[int]{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &defByMethod{}))
		require.NoError(t, model.Create(e.Ctx, e.DB, &defByNamer{}))
		require.NoError(t, model.Create(e.Ctx, e.DB, &defByDefine{}))
		require.NoError(t, model.Create(e.Ctx, e.DB, &defGeneric[string]{Value: "x"}))
		require.NoError(t, model.Create(e.Ctx, e.DB, &defGeneric[int]{Value: 1}))
		for _, table := range []string{"by_method", "by_namers", "by define", "generic_texts", "generic_numbers"} {
			require.EqualValues(t, 1, e.Row(t, "SELECT count(*) AS n FROM "+e.Database.Quote(table))["n"], table)
		}
	})
}

// Fields that are not exported, and those that gorm ignores, are never written.
func TestIgnoredFieldsAreNeverWritten(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &defPerson{})
		p := &defPerson{Name: "Ada", Draft: "x", scratch: 1}
		sent := e.Sends(t, 1, func() { require.NoError(t, model.Create(e.Ctx, e.DB, p)) })
		require.NotContains(t, sent[0], "draft")
		require.NotContains(t, sent[0], "scratch")
		p.Draft, p.scratch = "y", 2
		require.False(t, p.IsDirty())
		require.NotContains(t, p.Attributes(), "Draft")
		e.Sends(t, 0, func() { require.NoError(t, p.Save(e.Ctx)) })
		require.NoError(t, p.Refresh(e.Ctx))
		require.Equal(t, "y", p.Draft, "Refresh changed a field that is no column")
	})
}

// A model can be given to gorm's own methods, which see the same columns.
func TestModelsServeGormToo(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a@example.com", Name: "A"}
		require.NoError(t, e.Gorm.Create(a).Error)
		got, err := model.Query[account](e.DB).Find(e.Ctx, a.ID)
		require.NoError(t, err)
		require.Equal(t, "A", got.Name)
		var by account
		require.NoError(t, e.Gorm.First(&by, got.ID).Error)
		require.True(t, got.Equal(&by))
	})
}

// find returns the error of Find.
func find[T any, P model.Model[T]](e *harness.Env, id any) error {
	_, err := model.Query[T, P](e.DB).Find(e.Ctx, id)
	return err
}
