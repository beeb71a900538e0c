// SPDX-License-Identifier: MIT

package gormtags_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type (
	// Audit is embedded by a pointer, and holds another pointer.
	Audit struct {
		By        string
		Age       int64 `gorm:"default:7"`
		When      *time.Time
		Tags      []string `gorm:"serializer:json"`
		UpdatedAt time.Time
		DeletedAt gorm.DeletedAt
		Place     *Place `gorm:"embedded;embeddedPrefix:place_"`
	}
	// Place lies behind two pointers.
	Place   struct{ City string }
	audited struct {
		model.BaseModel[audited]
		ID   int64
		Name string
		*Audit
		Home *Place `gorm:"embedded;embeddedPrefix:home_"`
	}
)

func TestEmbeddedPointersHoldColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &audited{})
		when := e.Clock.Now()
		full := &audited{Name: "a", Audit: &Audit{By: "ada", Age: 3, When: &when, Tags: []string{"x"}, Place: &Place{"Paris"}}}
		empty := &audited{Name: "b"}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*audited{full, empty}))
		require.False(t, full.IsDirty())
		require.False(t, empty.IsDirty())
		require.Nil(t, empty.Home)
		row := e.Row(t, "SELECT * FROM auditeds WHERE name = 'a'")
		require.Equal(t, []any{"ada", int64(3), "Paris", nil}, []any{row["by"], row["age"], row["place_city"], row["home_city"]})
		list, err := model.Query[audited](e.DB).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "ada", list[0].By)
		require.Equal(t, "Paris", list[0].Place.City)
		require.Equal(t, []string{"x"}, list[0].Tags)
		require.True(t, when.Equal(*list[0].When))
		require.Nil(t, list[0].Home)
		require.EqualValues(t, 7, list[1].Age, "a default makes the struct")
		require.Nil(t, list[1].Place)
		require.False(t, list[0].IsDirty() || list[1].IsDirty())
	})
}

func TestChangesBehindAPointerAreFound(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &audited{})
		a := &audited{Name: "a", Audit: &Audit{By: "ada"}}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		a.By = "bob"
		a.Home = &Place{City: "Rome"}
		require.Equal(t, map[string]any{"By": "bob", "Home.City": "Rome"}, map[string]any(a.Dirty()))
		require.Equal(t, "ada", a.Original()["By"])
		require.NoError(t, a.Save(e.Ctx))
		found, err := model.Query[audited](e.DB).Where("by", "bob").Where("home_city", "Rome").Sole(e.Ctx)
		require.NoError(t, err)
		require.NoError(t, found.Merge(model.Attrs{"by": "cyd", "place_city": "Oslo"}))
		found.Home = nil
		require.NoError(t, found.Save(e.Ctx))
		require.NoError(t, a.Refresh(e.Ctx))
		require.Equal(t, "cyd", a.By)
		require.Equal(t, "Oslo", a.Place.City)
		require.Empty(t, a.Home.City)
		_, err = model.Query[audited](e.DB).Where("id", a.ID).Update(e.Ctx, model.Attrs{"by": "dan", "home_city": nil})
		require.NoError(t, err)
		var names []string
		require.NoError(t, model.Query[audited](e.DB).Pluck(e.Ctx, "by", &names))
		require.Equal(t, []string{"dan"}, names)
		require.NoError(t, a.Delete(e.Ctx))
		require.True(t, a.Trashed())
		require.NoError(t, a.Restore(e.Ctx))
	})
}

func TestEmbeddedPointersInJSON(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &audited{})
		a := &audited{Name: "a", Audit: &Audit{By: "ada"}}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		data, err := json.Marshal(a)
		require.NoError(t, err)
		var m map[string]any
		require.NoError(t, json.Unmarshal(data, &m))
		require.Equal(t, "ada", m["by"])
		require.Nil(t, m["home_city"])
		require.Equal(t, "ada", a.ToObject()["By"])
		var b audited
		require.NoError(t, json.Unmarshal([]byte(`{"name":"b","by":"bob","home_city":"Rome"}`), &b))
		require.Equal(t, "bob", b.By)
		require.Equal(t, "Rome", b.Home.City)
	})
}

type (
	Keyed struct{ ID int64 }
	keyed struct {
		model.BaseModel[keyed]
		*Keyed
	}
	Linked struct {
		TicketID int64
		Ticket   *ticket `relation:"belongsTo"`
	}
	linked struct {
		model.BaseModel[linked]
		ID int64
		*Linked
	}
	Looped struct {
		City string
		*Looped
	}
	looped struct {
		model.BaseModel[looped]
		ID int64
		*Looped
	}
)

func TestRegisterRefusesWhatCannotLieBehindAPointer(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.ErrorContains(t, e.DB.Register(&keyed{}), "a key, a version and a type with GormValue do not lie behind a pointer")
		require.ErrorContains(t, e.DB.Register(&linked{}), "a relation in a struct that is embedded by a pointer")
		require.ErrorContains(t, e.DB.Register(&looped{}), "embeds itself")
	})
}
