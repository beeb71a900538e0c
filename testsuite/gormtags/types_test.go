// SPDX-License-Identifier: MIT

package gormtags_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// shout is stored in capital letters, which the database makes.
type shout string

func (s shout) Value() (driver.Value, error) { return string(s), nil }

func (s shout) GormValue(_ context.Context, db *gorm.DB) clause.Expr {
	if s == "refused" {
		_ = db.AddError(errors.New("refused"))
	}
	return clause.Expr{SQL: "upper(?)", Vars: []any{string(s)}}
}

// whisper has no Value: its kind is plain.
type whisper string

func (w *whisper) GormValue(context.Context, *gorm.DB) clause.Expr {
	return clause.Expr{SQL: "lower(? || ?)", Vars: []any{string(*w), "?'$1"}}
}

type voice struct {
	model.BaseModel[voice]
	ID    int64
	Email string `gorm:"uniqueIndex"`
	Loud  shout
	Maybe *shout
	Soft  whisper
	Note  string
}

func TestGormValueIsWrittenByTheDatabase(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &voice{})
		maybe := shout("m")
		v := &voice{Email: "a", Loud: "pw", Maybe: &maybe, Soft: "S", Note: "it's ?"}
		e.Sends(t, 1, func() { require.NoError(t, model.Create(e.Ctx, e.DB, v)) })
		requireVoice(t, e, v, "PW")
		require.Equal(t, "s?'$1", string(v.Soft))
		require.False(t, v.IsDirty())
		v.Loud = "again"
		require.NoError(t, v.Save(e.Ctx))
		requireVoice(t, e, v, "AGAIN")
		_, err := model.Query[voice](e.DB).Where("loud", shout("again")).Update(e.Ctx, model.Attrs{"loud": shout("bulk")})
		require.NoError(t, err)
		require.NoError(t, v.Refresh(e.Ctx))
		requireVoice(t, e, v, "BULK")
		require.NoError(t, model.Upsert(e.Ctx, e.DB, []*voice{{Email: "a", Loud: "up"}, {Email: "b"}}, []string{"email"}))
		require.NoError(t, v.Refresh(e.Ctx))
		requireVoice(t, e, v, "UP")
		require.Nil(t, v.Maybe)
	})
}

func requireVoice(t *testing.T, e *harness.Env, v *voice, loud string) {
	t.Helper()
	require.Equal(t, loud, e.Row(t, "SELECT loud FROM voices WHERE email = 'a'")["loud"])
	require.Equal(t, loud, string(v.Loud), "the record equals its row")
}

func TestGormValueInListsAndManyRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &voice{})
		list := []*voice{{Email: "a", Loud: "x"}, {Email: "b", Loud: "y"}, {Email: "c", Loud: "z"}}
		e.Sends(t, 1, func() { require.NoError(t, model.CreateMany(e.Ctx, e.DB, list)) })
		require.Equal(t, []shout{"X", "Y", "Z"}, []shout{list[0].Loud, list[1].Loud, list[2].Loud})
		n, err := model.Query[voice](e.DB).WhereIn("loud", []shout{"x", "z"}).Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
		n, err = model.Query[voice](e.DB).WhereNotIn("loud", []shout{"x", "z"}).Where("note", "").Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		err = model.Create(e.Ctx, e.DB, &voice{Email: "d", Loud: "refused"})
		require.ErrorIs(t, err, model.ErrInvalidValue)
	})
}

type spot struct{ X, Y int }

func (s *spot) Scan(any) error { return nil }
func (s spot) GormValue(context.Context, *gorm.DB) clause.Expr {
	return clause.Expr{SQL: "point(?, ?)", Vars: []any{s.X, s.Y}}
}

type (
	withSpot struct {
		model.BaseModel[withSpot]
		ID int64
		At spot
	}
	withKey struct {
		model.BaseModel[withKey]
		ID shout
	}
)

func TestRegisterRefusesGormValueThatCannotBeCompared(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.ErrorContains(t, e.DB.Register(&withSpot{}), "add a Value method")
		require.ErrorContains(t, e.DB.Register(&withKey{}), "a key is no expression")
	})
}

// stamp is a time with a Scan and a Value of its own.
type stamp struct{ at time.Time }

func (s *stamp) Scan(v any) error {
	at, ok := v.(time.Time)
	if v != nil && !ok {
		return errors.New("no time")
	}
	s.at = at
	return nil
}
func (s stamp) Value() (driver.Value, error) { return s.at, nil }
func (stamp) GormDataType() string           { return "time" }

type stamped struct {
	model.BaseModel[stamped]
	ID      int64
	Name    string
	Scanned stamp     `gorm:"autoCreateTime;autoUpdateTime"`
	Unix    int64     `gorm:"serializer:unixtime;type:timestamp;autoUpdateTime"`
	JSON    time.Time `gorm:"serializer:json;type:text;autoUpdateTime"`
	Seconds uint32    `gorm:"autoUpdateTime"`
	Pointer *int64    `gorm:"autoCreateTime:milli"`
}

func TestAutomaticTimestampsOfEveryType(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &stamped{})
		s := &stamped{Name: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, s))
		requireStamps(t, e, s)
		created := *s.Pointer
		e.Clock.Add(time.Hour)
		s.Name = "b"
		require.NoError(t, s.Save(e.Ctx))
		requireStamps(t, e, s)
		require.Equal(t, created, *s.Pointer)
		fresh, err := model.Query[stamped](e.DB).Sole(e.Ctx)
		require.NoError(t, err)
		requireStamps(t, e, fresh)
		e.Clock.Add(time.Hour)
		_, err = model.Query[stamped](e.DB).Where("id", s.ID).Update(e.Ctx, model.Attrs{"name": "c"})
		require.NoError(t, err)
		require.NoError(t, s.Refresh(e.Ctx))
		requireStamps(t, e, s)
	})
}

func requireStamps(t *testing.T, e *harness.Env, s *stamped) {
	t.Helper()
	now := e.Clock.Now()
	require.True(t, now.Equal(s.Scanned.at), s.Scanned.at)
	require.Equal(t, now.Unix(), s.Unix)
	require.True(t, now.Equal(s.JSON), s.JSON)
	require.EqualValues(t, now.Unix(), s.Seconds)
}

// colour has a type of its own for each database, and a serializer.
type colour struct{ name string }

func (c *colour) Scan(_ context.Context, _ *schema.Field, _ reflect.Value, v any) error {
	switch v := v.(type) {
	case string:
		c.name = strings.TrimPrefix(v, "#")
	case []byte:
		c.name = strings.TrimPrefix(string(v), "#")
	}
	return nil
}

func (c colour) Value(context.Context, *schema.Field, reflect.Value, any) (any, error) {
	return "#" + c.name, nil
}
func (colour) GormDataType() string { return "varchar(9)" }

type wide int64

func (wide) GormDBDataType(db *gorm.DB, _ *schema.Field) string {
	if db.Name() == "sqlite" {
		return "integer"
	}
	return "numeric(20)"
}

type painted struct {
	model.BaseModel[painted]
	ID     int64
	Colour colour
	Wide   wide
}

func TestTypesNameTheirColumnTypeAndSerializer(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &painted{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &painted{Colour: colour{"red"}, Wide: 7}))
		require.Equal(t, "#red", e.Row(t, "SELECT colour FROM painteds")["colour"])
		p, err := model.Query[painted](e.DB).Sole(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "red", p.Colour.name)
		require.EqualValues(t, 7, p.Wide)
		types, err := e.Gorm.Migrator().ColumnTypes("painteds")
		require.NoError(t, err)
		kinds := map[string]string{}
		for _, c := range types {
			kinds[c.Name()] = strings.ToLower(c.DatabaseTypeName())
		}
		require.Contains(t, kinds["colour"], "varchar")
		require.Contains(t, []string{"integer", "numeric"}, kinds["wide"])
	})
}
