// SPDX-License-Identifier: MIT

package values_test

import (
	"database/sql"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// cell is a column of kinds and how it gets into each of its states. A state that the type does not
// have is nil.
type cell struct {
	attr              string
	zero, null, value func(k *kinds)
	unsetIsNull       bool
}

// cells has a row for every type of column.
func cells() []cell {
	at := someTime()
	return []cell{
		{"Int", func(k *kinds) { k.Int = 0 }, nil, func(k *kinds) { k.Int = -5 }, false},
		{"Int8", func(k *kinds) { k.Int8 = 0 }, nil, func(k *kinds) { k.Int8 = 5 }, false},
		{"Uint64", func(k *kinds) { k.Uint64 = 0 }, nil, func(k *kinds) { k.Uint64 = 5 }, false},
		{"Float32", func(k *kinds) { k.Float32 = 0 }, nil, func(k *kinds) { k.Float32 = 2.5 }, false},
		{"Float64", func(k *kinds) { k.Float64 = 0 }, nil, func(k *kinds) { k.Float64 = 0.1 }, false},
		{"Bool", func(k *kinds) { k.Bool = false }, nil, func(k *kinds) { k.Bool = true }, false},
		{"Text", func(k *kinds) { k.Text = "" }, nil, func(k *kinds) { k.Text = "x" }, false},
		{"Time", func(k *kinds) { k.Time = time.Time{} }, nil, func(k *kinds) { k.Time = at }, false},
		{"Level", func(k *kinds) { k.Level = "" }, nil, func(k *kinds) { k.Level = "low" }, false},
		{"Moment", func(k *kinds) { k.Moment = moment{} }, nil, func(k *kinds) { k.Moment = moment(at) }, false},
		{"Dur", func(k *kinds) { k.Dur = 0 }, nil, func(k *kinds) { k.Dur = time.Hour }, false},
		{"Money", func(k *kinds) { k.Money = money{} }, nil, func(k *kinds) { k.Money = money{105} }, false},
		{"ULID", func(k *kinds) { k.ULID = ulid{} }, nil, func(k *kinds) { k.ULID = ulid{1} }, false},
		{"Unix", func(k *kinds) { k.Unix = 0 }, nil, func(k *kinds) { k.Unix = 1_700_000_000 }, false},
		{"Rot", func(k *kinds) { k.Rot = "" }, nil, func(k *kinds) { k.Rot = "abc" }, false},
		{"Nested", func(k *kinds) { k.Nested = tagNested{} }, nil, func(k *kinds) { k.Nested.City = "Wien" }, false},

		{"Bytes", func(k *kinds) { k.Bytes = []byte{} }, func(k *kinds) { k.Bytes = nil }, func(k *kinds) { k.Bytes = []byte{0} }, true},
		{"PInt", func(k *kinds) { k.PInt = new(int64) }, func(k *kinds) { k.PInt = nil }, func(k *kinds) { k.PInt = new(int64(5)) }, true},
		{"PSmall", func(k *kinds) { k.PSmall = new(int8) }, func(k *kinds) { k.PSmall = nil }, func(k *kinds) { k.PSmall = new(int8(-5)) }, true},
		{"PUint", func(k *kinds) { k.PUint = new(uint32) }, func(k *kinds) { k.PUint = nil }, func(k *kinds) { k.PUint = new(uint32(5)) }, true},
		{"PText", func(k *kinds) { k.PText = new(string) }, func(k *kinds) { k.PText = nil }, func(k *kinds) { k.PText = new("x") }, true},
		{"PBool", func(k *kinds) { k.PBool = new(bool) }, func(k *kinds) { k.PBool = nil }, func(k *kinds) { k.PBool = new(true) }, true},
		{"PFloat", func(k *kinds) { k.PFloat = new(float64) }, func(k *kinds) { k.PFloat = nil }, func(k *kinds) { k.PFloat = new(0.1) }, true},
		{"PTime", func(k *kinds) { k.PTime = new(time.Time) }, func(k *kinds) { k.PTime = nil }, func(k *kinds) { k.PTime = &at }, true},
		{"PLevel", func(k *kinds) { k.PLevel = new(level) }, func(k *kinds) { k.PLevel = nil }, func(k *kinds) { k.PLevel = new(level("x")) }, true},
		{"PBytes", func(k *kinds) { k.PBytes = &[]byte{} }, func(k *kinds) { k.PBytes = nil }, func(k *kinds) { k.PBytes = &[]byte{7} }, true},
		{"PDecimal", func(k *kinds) { k.PDecimal = new("0") }, func(k *kinds) { k.PDecimal = nil }, func(k *kinds) { k.PDecimal = new("1.5") }, true},
		{"PMoney", func(k *kinds) { k.PMoney = &money{} }, func(k *kinds) { k.PMoney = nil }, func(k *kinds) { k.PMoney = &money{105} }, true},
		{"NInt", func(k *kinds) { k.NInt = sql.NullInt64{Valid: true} }, func(k *kinds) { k.NInt = sql.NullInt64{} }, func(k *kinds) { k.NInt = sql.NullInt64{Int64: 5, Valid: true} }, true},
		{"NSmall", func(k *kinds) { k.NSmall = sql.NullInt16{Valid: true} }, func(k *kinds) { k.NSmall = sql.NullInt16{} }, func(k *kinds) { k.NSmall = sql.NullInt16{Int16: 5, Valid: true} }, true},
		{"NText", func(k *kinds) { k.NText = sql.NullString{Valid: true} }, func(k *kinds) { k.NText = sql.NullString{} }, func(k *kinds) { k.NText = sql.NullString{String: "x", Valid: true} }, true},
		{"NBool", func(k *kinds) { k.NBool = sql.NullBool{Valid: true} }, func(k *kinds) { k.NBool = sql.NullBool{} }, func(k *kinds) { k.NBool = sql.NullBool{Bool: true, Valid: true} }, true},
		{"NFloat", func(k *kinds) { k.NFloat = sql.NullFloat64{Valid: true} }, func(k *kinds) { k.NFloat = sql.NullFloat64{} }, func(k *kinds) { k.NFloat = sql.NullFloat64{Float64: 0.1, Valid: true} }, true},
		{"NTime", func(k *kinds) { k.NTime = sql.NullTime{Valid: true} }, func(k *kinds) { k.NTime = sql.NullTime{} }, func(k *kinds) { k.NTime = sql.NullTime{Time: at, Valid: true} }, true},
		{"NGen", func(k *kinds) { k.NGen = sql.Null[int64]{Valid: true} }, func(k *kinds) { k.NGen = sql.Null[int64]{} }, func(k *kinds) { k.NGen = sql.Null[int64]{V: 5, Valid: true} }, true},
		{"NPoint", func(k *kinds) { k.NPoint = &sql.NullString{Valid: true} }, func(k *kinds) { k.NPoint = nil }, func(k *kinds) { k.NPoint = &sql.NullString{String: "x", Valid: true} }, true},
		{"JSONRaw", func(k *kinds) { k.JSONRaw = json.RawMessage("{}") }, func(k *kinds) { k.JSONRaw = nil }, func(k *kinds) { k.JSONRaw = json.RawMessage(`{"a":1}`) }, true},
		{"Labels", nil, func(k *kinds) { k.Labels = nil }, func(k *kinds) { k.Labels = labels{"a", "b"} }, true},
		{"List", func(k *kinds) { k.List = []string{} }, func(k *kinds) { k.List = nil }, func(k *kinds) { k.List = []string{"a"} }, true},
		{"Object", func(k *kinds) { k.Object = map[string]any{} }, func(k *kinds) { k.Object = nil }, func(k *kinds) { k.Object = map[string]any{"a": 1.0} }, true},
		{"PNest", func(k *kinds) { k.PNest = &tagNested{} }, func(k *kinds) { k.PNest = nil }, func(k *kinds) { k.PNest = &tagNested{City: "x"} }, true},
	}
}

// bare is a record without a value in any column that can be without.
func bare() *kinds { return &kinds{UUID: someUUID, JSONText: "{}", Decimal: "0"} }

// Unset, zero, NULL and a value are stored as such by every kind of write, and come back as they were.
func TestEveryStateOfEveryKindComesBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		for _, c := range cells() {
			t.Run(c.attr, func(t *testing.T) { c.check(t, e) })
		}
	})
}

func (c cell) check(t *testing.T, e *harness.Env) {
	t.Helper()
	states := map[string]func(k *kinds){"unset": func(*kinds) {}, "zero": c.zero, "NULL": c.null, "value": c.value}
	for _, name := range harness.SortedKeys(states) {
		set := states[name]
		if set == nil {
			continue
		}
		one, many, updated := bare(), []*kinds{bare(), bare(), bare()}, someKinds()
		set(one)
		require.NoError(t, model.Create(e.Ctx, e.DB, one))
		set(many[1])
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, many))
		require.NoError(t, model.Create(e.Ctx, e.DB, updated))
		if set(updated); updated.IsDirty() {
			e.Sends(t, 1, func() { require.NoError(t, updated.Save(e.Ctx)) })
		}
		isNull := name == "NULL" || name == "unset" && c.unsetIsNull
		for way, k := range map[string]*kinds{"insert": one, "insert many": many[1]} {
			want := bare()
			set(want)
			c.isStored(t, e, way+" of "+name, k, want, isNull)
		}
		want := someKinds()
		set(want)
		c.isStored(t, e, "update of "+name, updated, want, name == "NULL")
	}
}

// isStored requires that the row of k is want, and the column NULL or not.
func (c cell) isStored(t *testing.T, e *harness.Env, way string, k, want *kinds, isNull bool) {
	t.Helper()
	want.ID = k.ID
	fresh, err := k.Fresh(e.Ctx)
	require.NoError(t, err, way)
	require.True(t, fresh.Equal(want), "%s: %#v came back as %#v", way, want.Attributes()[c.attr], fresh.Attributes()[c.attr])
	require.True(t, k.Equal(fresh), "%s: the record is not its row", way)
	require.Empty(t, fresh.Dirty(), way)
	column := e.Database.Quote(schema.NamingStrategy{}.ColumnName("", c.attr))
	null := e.Row(t, "SELECT count(*) AS n FROM kinds WHERE id = ? AND "+column+" IS NULL", k.ID)["n"] == int64(1)
	require.Equal(t, isNull, null, way)
}

// NULL in a column whose field cannot hold it is the zero value, which is no change and is not written back.
func TestNullInPlainFieldsIsZero(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		k := someKinds()
		require.NoError(t, model.Create(e.Ctx, e.DB, k))
		for attr := range k.Attributes() {
			if attr != "ID" && attr != "ULID" { // whose Scan refuses NULL
				e.Exec(t, "UPDATE kinds SET "+e.Database.Quote(schema.NamingStrategy{}.ColumnName("", attr))+" = NULL")
			}
		}
		for _, load := range []func() error{
			func() (err error) { k, err = k.Fresh(e.Ctx); return err },
			func() (err error) { k, err = model.Query[kinds](e.DB).Select("*").First(e.Ctx); return err },
			func() error { return k.Refresh(e.Ctx) },
		} {
			require.NoError(t, load())
			require.True(t, k.Equal(&kinds{ID: k.ID, ULID: ulid{1, 2, 3, 4}}), "%v", k.Attributes())
			require.Empty(t, k.Dirty())
			e.Sends(t, 0, func() { require.NoError(t, k.Save(e.Ctx)) })
		}
		k.Int = 1
		sent := e.Sends(t, 1, func() { require.NoError(t, k.Save(e.Ctx)) })
		require.NotContains(t, sent[0], "text")
		e.Exec(t, "UPDATE kinds SET ul_id = NULL")
		require.ErrorContains(t, find[kinds](e, k.ID), "kinds.ULID")
	})
}
