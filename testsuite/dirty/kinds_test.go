// SPDX-License-Identifier: MIT

package dirty_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// tracked is a change of one column of kinds, and how to take it back, in another way of writing
// where there is one.
type tracked struct {
	attr         string
	change, back func(k *kinds)
}

func trackedKinds() []tracked {
	vienna := time.FixedZone("Vienna", 2*60*60)
	return []tracked{
		{"Int", func(k *kinds) { k.Int++ }, func(k *kinds) { k.Int-- }},
		{"Int8", func(k *kinds) { k.Int8 = -128 }, func(k *kinds) { k.Int8 = 2 }},
		{"Int16", func(k *kinds) { k.Int16 = -32768 }, func(k *kinds) { k.Int16 = 3 }},
		{"Int32", func(k *kinds) { k.Int32 = -1 << 31 }, func(k *kinds) { k.Int32 = 4 }},
		{"Int64", func(k *kinds) { k.Int64 = -1 << 63 }, func(k *kinds) { k.Int64 = 5 }},
		{"Uint", func(k *kinds) { k.Uint = 0 }, func(k *kinds) { k.Uint = 6 }},
		{"Uint8", func(k *kinds) { k.Uint8 = 255 }, func(k *kinds) { k.Uint8 = 7 }},
		{"Uint16", func(k *kinds) { k.Uint16 = 65535 }, func(k *kinds) { k.Uint16 = 8 }},
		{"Uint32", func(k *kinds) { k.Uint32 = 1<<32 - 1 }, func(k *kinds) { k.Uint32 = 9 }},
		{"Uint64", func(k *kinds) { k.Uint64 = 1<<63 - 1 }, func(k *kinds) { k.Uint64 = 10 }},
		{"Float32", func(k *kinds) { k.Float32 = 0.1 }, func(k *kinds) { k.Float32 = 1.5 }},
		{"Float64", func(k *kinds) { k.Float64 += 1e-15 }, func(k *kinds) { k.Float64 = 0.1 }},
		{"Bool", func(k *kinds) { k.Bool = false }, func(k *kinds) { k.Bool = true }},
		{"Text", func(k *kinds) { k.Text = "Text" }, func(k *kinds) { k.Text = strings.ToLower(k.Text) }},
		{"Bytes", func(k *kinds) { k.Bytes[1] = 9 }, func(k *kinds) { k.Bytes = []byte{0, 1, 255} }},
		{
			"Time", func(k *kinds) { k.Time = k.Time.Add(time.Microsecond) },
			func(k *kinds) { k.Time = someTime().In(vienna).Add(999 * time.Nanosecond) },
		},
		{"Dur", func(k *kinds) { k.Dur++ }, func(k *kinds) { k.Dur-- }},
		{"Level", func(k *kinds) { k.Level = "low" }, func(k *kinds) { k.Level = "high" }},
		{"Grade", func(k *kinds) { k.Grade = 0 }, func(k *kinds) { k.Grade = 3 }},
		{"Moment", func(k *kinds) { k.Moment = moment{} }, func(k *kinds) { k.Moment = moment(someTime().In(vienna)) }},
		{"PInt", func(k *kinds) { *k.PInt = 2 }, func(k *kinds) { k.PInt = new(int64(1)) }},
		{"PSmall", func(k *kinds) { *k.PSmall = -1 }, func(k *kinds) { *k.PSmall = 2 }},
		{"PUint", func(k *kinds) { *k.PUint = 0 }, func(k *kinds) { *k.PUint = 3 }},
		{"PText", func(k *kinds) { *k.PText += "!" }, func(k *kinds) { k.PText = new("p") }},
		{"PBool", func(k *kinds) { *k.PBool = false }, func(k *kinds) { *k.PBool = true }},
		{"PFloat", func(k *kinds) { *k.PFloat = -2.5 }, func(k *kinds) { *k.PFloat = 2.5 }},
		{"PTime", func(k *kinds) { *k.PTime = k.PTime.Add(time.Hour) }, func(k *kinds) { k.PTime = new(someTime().In(vienna)) }},
		{"PLevel", func(k *kinds) { *k.PLevel = "high" }, func(k *kinds) { *k.PLevel = "low" }},
		{"PBytes", func(k *kinds) { (*k.PBytes)[0] = 7 }, func(k *kinds) { (*k.PBytes)[0] = 1 }},
		{"NInt", func(k *kinds) { k.NInt.Int64 = 9 }, func(k *kinds) { k.NInt.Int64 = 1 }},
		{"NSmall", func(k *kinds) { k.NSmall.Int16 = 9 }, func(k *kinds) { k.NSmall.Int16 = 2 }},
		{"NText", func(k *kinds) { k.NText.String = "m" }, func(k *kinds) { k.NText.String = "n" }},
		{"NBool", func(k *kinds) { k.NBool.Bool = false }, func(k *kinds) { k.NBool.Bool = true }},
		{"NFloat", func(k *kinds) { k.NFloat.Float64 = 0 }, func(k *kinds) { k.NFloat.Float64 = 1.25 }},
		{
			"NTime", func(k *kinds) { k.NTime.Time = k.NTime.Time.Add(time.Second) },
			func(k *kinds) { k.NTime.Time = someTime().In(vienna) },
		},
		{"NGen", func(k *kinds) { k.NGen.V = 5 }, func(k *kinds) { k.NGen.V = 4 }},
		{"NPoint", func(k *kinds) { k.NPoint.String = "x" }, func(k *kinds) { k.NPoint.String = "np" }},
		{"JSONText", func(k *kinds) { k.JSONText = `{"a":2}` }, func(k *kinds) { k.JSONText = `{"b":[1,2.0],"a":1}` }},
		{
			"JSONRaw", func(k *kinds) { k.JSONRaw = []byte(`{"x":{"z":"true","y":null}}`) },
			func(k *kinds) { k.JSONRaw = []byte(`{"x":{"z":true,"y":null}}`) },
		},
		{"Decimal", func(k *kinds) { k.Decimal = "1.51" }, func(k *kinds) { k.Decimal = "1.5" }},
		{"PDecimal", func(k *kinds) { *k.PDecimal = "-12.34" }, func(k *kinds) { k.PDecimal = new("12.340") }},
		{"UUID", func(k *kinds) { k.UUID = "00000000-0000-0000-0000-000000000000" }, func(k *kinds) { k.UUID = strings.ToUpper(someUUID) }},
		{"Money", func(k *kinds) { k.Money.cents++ }, func(k *kinds) { k.Money.cents-- }},
		{"PMoney", func(k *kinds) { k.PMoney.cents = 1 }, func(k *kinds) { k.PMoney = &money{99} }},
		{"ULID", func(k *kinds) { k.ULID[0] = 9 }, func(k *kinds) { k.ULID[0] = 1 }},
		{"Labels", func(k *kinds) { k.Labels[1] = "c" }, func(k *kinds) { k.Labels = labels{"a", "b"} }},
		{"Place", func(k *kinds) { k.Place.coords["lat"] = 0 }, func(k *kinds) { k.Place.coords["lat"] = 48.2 }},
		{"PPlace", func(k *kinds) { k.PPlace.coords["lon"] = 1 }, func(k *kinds) { delete(k.PPlace.coords, "lon") }},
		{"List", func(k *kinds) { k.List = append(k.List, "c") }, func(k *kinds) { k.List = k.List[:2] }},
		{"Object", func(k *kinds) { delete(k.Object, "l") }, func(k *kinds) { k.Object["l"] = []any{"x"} }},
		{"Nested", func(k *kinds) { k.Nested.Nums[0] = 9 }, func(k *kinds) { k.Nested.Nums[0] = 1 }},
		{"PNest", func(k *kinds) { k.PNest.City = "Linz" }, func(k *kinds) { k.PNest = &tagNested{City: "Graz"} }},
		{"Gob", func(k *kinds) { k.Gob["a"] = 9 }, func(k *kinds) { k.Gob["a"] = 1 }},
		{"Unix", func(k *kinds) { k.Unix++ }, func(k *kinds) { k.Unix-- }},
		{"Rot", func(k *kinds) { k.Rot = "world" }, func(k *kinds) { k.Rot = "hello" }},
	}
}

// A change of the column is seen, in place too, is all that is written, and is none once it is taken back.
func TestChangeIsSeenInEveryKindOfColumn(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		for _, c := range trackedKinds() {
			t.Run(c.attr, func(t *testing.T) { checkTracked(t, e, c) })
		}
	})
}

func checkTracked(t testing.TB, e *harness.Env, c tracked) {
	t.Helper()
	e.Migrate(t, &kinds{})
	created := someKinds()
	require.NoError(t, model.Create(e.Ctx, e.DB, created))
	require.Empty(t, created.Dirty(), "after Create")
	loaded, err := model.Query[kinds](e.DB).Find(e.Ctx, created.ID)
	require.NoError(t, err)
	require.True(t, loaded.Equal(created), "the record is not its row")
	column := schema.NamingStrategy{}.ColumnName("", c.attr)
	for _, k := range []*kinds{created, loaded} {
		before, err := k.Fresh(e.Ctx)
		require.NoError(t, err)
		require.Empty(t, k.Dirty(), "after loading")

		c.change(k)
		require.Equal(t, []string{c.attr}, harness.SortedKeys(k.Dirty()))
		require.Equal(t, k.Attributes()[c.attr], k.Dirty()[c.attr])
		require.True(t, k.IsDirty(c.attr))
		require.True(t, k.IsDirty(column))
		require.Equal(t, meaning(before.Attributes()[c.attr]), meaning(k.Original()[c.attr]), "Original follows the change")
		c.back(k)
		require.Empty(t, k.Dirty(), "a change that is taken back is none")
		e.Sends(t, 0, func() { require.NoError(t, k.Save(e.Ctx)) })

		c.change(k)
		sent := e.Sends(t, 1, func() { require.NoError(t, k.Save(e.Ctx)) })
		assignments, _, _ := strings.Cut(sent[0], " WHERE ")
		require.Equal(t, 1, strings.Count(assignments, " = "), sent[0])
		require.Contains(t, assignments, column)
		require.Empty(t, k.Dirty(), "after Save")
		require.Equal(t, []string{c.attr}, harness.SortedKeys(k.Changes()))
		after, err := k.Fresh(e.Ctx)
		require.NoError(t, err)
		require.True(t, k.Equal(after), "the record is not its row")
		require.False(t, before.Equal(after), "nothing was written")

		c.back(k)
		e.Sends(t, 1, func() { require.NoError(t, k.Save(e.Ctx)) })
		after, err = k.Fresh(e.Ctx)
		require.NoError(t, err)
		require.True(t, before.Equal(after), "the column did not come back to what it was")
	}
}

// meaning returns JSON in one way of writing, and any other value as it is.
func meaning(v any) any {
	text, ok := v.(string)
	if raw, isRaw := v.(json.RawMessage); isRaw {
		text, ok = string(raw), true
	}
	var decoded map[string]any
	if ok && json.Unmarshal([]byte(text), &decoded) == nil {
		return decoded
	}
	return v
}
