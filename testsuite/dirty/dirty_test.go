// SPDX-License-Identifier: MIT

package dirty_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A new record is dirty in every column that is not zero, a pointer to zero included, and clean once it is
// saved.
func TestNewRecordIsDirtyInEveryColumnThatIsSet(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.False(t, (&account{}).IsDirty())
		require.Empty(t, (&account{}).Original())
		empty := ""
		a := &account{Email: "a", Nick: &empty, Active: true}
		require.Equal(t, model.Attrs{"Email": "a", "Nick": &empty, "Active": true}, a.Dirty())
		require.True(t, a.IsDirty())
		require.True(t, a.IsDirty("name", "nick"))
		require.False(t, a.IsDirty("Name", "Age"))
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.Empty(t, a.Dirty())
		require.False(t, a.IsDirty())
		require.Equal(t, a.Attributes(), a.Original())
	})
}

// NULL and zero are different values, for pointers, bytes, sql.Null types, JSON and types of an
// application's own.
func TestNullIsNotZero(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		k := &kinds{UUID: someUUID, JSONText: "{}", Decimal: "0"}
		require.NoError(t, model.Create(e.Ctx, e.DB, k))
		for attr, set := range map[string]func(){
			"PInt": func() { k.PInt = new(int64) }, "PText": func() { k.PText = new(string) },
			"PBool": func() { k.PBool = new(bool) }, "PTime": func() { k.PTime = new(time.Time) },
			"Bytes": func() { k.Bytes = []byte{} }, "PBytes": func() { k.PBytes = &[]byte{} },
			"NInt": func() { k.NInt.Valid = true }, "NText": func() { k.NText.Valid = true },
			"NGen": func() { k.NGen.Valid = true }, "NPoint": func() { k.NPoint = &sql.NullString{Valid: true} },
			"PMoney": func() { k.PMoney = &money{} }, "List": func() { k.List = []string{} },
			"Object": func() { k.Object = map[string]any{} }, "PNest": func() { k.PNest = &tagNested{} },
		} {
			set()
			require.True(t, k.IsDirty(attr), attr)
		}
		e.Sends(t, 1, func() { require.NoError(t, k.Save(e.Ctx)) })
		row := e.Row(t, "SELECT p_int, p_text, n_int, n_text, n_gen FROM kinds")
		require.EqualValues(t, 0, row["p_int"])
		require.Equal(t, "", row["p_text"])
		require.EqualValues(t, 0, row["n_gen"])
		got, err := k.Fresh(e.Ctx)
		require.NoError(t, err)
		require.True(t, got.Equal(k))
		require.NotNil(t, got.PInt)
		require.NotNil(t, got.Bytes)
		require.NotNil(t, got.List)
		require.True(t, got.NText.Valid)
		require.NotNil(t, got.PMoney)

		k.PInt, k.Bytes, k.NInt.Valid, k.List, k.PMoney = nil, nil, false, nil, nil
		require.Equal(t, []string{"Bytes", "List", "NInt", "PInt", "PMoney"}, harness.SortedKeys(k.Dirty()))
		require.NoError(t, k.Save(e.Ctx))
		row = e.Row(t, "SELECT p_int, bytes, n_int, list, p_money FROM kinds")
		for column, v := range row {
			require.Nil(t, v, column)
		}
	})
}

// JSON is compared by meaning: spaces, the order of keys and the form of numbers do not matter, everything
// else does.
func TestJSONIsComparedByMeaning(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		k := someKinds()
		k.JSONText = `{"n": 9007199254740993, "f": 1.50, "l": [1, 2], "o": {"a": "1", "b": null}, "t": "é"}`
		require.NoError(t, model.Create(e.Ctx, e.DB, k))
		got, err := k.Fresh(e.Ctx)
		require.NoError(t, err)
		for text, dirty := range map[string]bool{
			`{"t":"\u00e9","o":{"b":null,"a":"1"},"l":[1,2],"f":1.5,"n":9007199254740993}`:   false,
			`{"n":9007199254740993,"f":15e-1,"l":[1.0,2],"o":{"a":"1","b":null},"t":"é"}`:    false,
			`{"n":9007199254740992,"f":1.5,"l":[1,2],"o":{"a":"1","b":null},"t":"é"}`:        true,
			`{"n":9007199254740993,"f":1.5,"l":[2,1],"o":{"a":"1","b":null},"t":"é"}`:        true,
			`{"n":9007199254740993,"f":1.5,"l":[1,2],"o":{"a":1,"b":null},"t":"é"}`:          true,
			`{"n":9007199254740993,"f":1.5,"l":[1,2],"o":{"a":"1"},"t":"é"}`:                 true,
			`{"n":9007199254740993,"f":1.5,"l":[1,2],"o":{"a":"1","b":null},"t":"é","x":[]}`: true,
			`{"n":"9007199254740993","f":1.5,"l":[1,2],"o":{"a":"1","b":null},"t":"\u00e8"}`: true,
		} {
			got.JSONText = text
			require.Equal(t, dirty, got.IsDirty("JSONText"), text)
		}
		got.JSONText = `[1, {"a": 1}]`
		require.NoError(t, got.Save(e.Ctx))
		got.JSONText = `[1,{"a":1}]`
		require.False(t, got.IsDirty())
	})
}

// Text and types of an application's own in decimal columns are compared by value and exactly.
func TestDecimalsAreComparedByValue(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		k := someKinds()
		k.Decimal, k.Money = "12345678.90", money{1}
		require.NoError(t, model.Create(e.Ctx, e.DB, k))
		got, err := k.Fresh(e.Ctx)
		require.NoError(t, err)
		for text, dirty := range map[string]bool{
			"12345678.9": false, "12345678.900": false, "+12345678.90": false, "1.23456789e7": false, "012345678.9": false,
			"12345678.91": true, "-12345678.90": true, "1234567.89": true, "": true, "0x10": true,
		} {
			got.Decimal = text
			require.Equal(t, dirty, got.IsDirty("Decimal"), text)
		}
		got.Decimal = k.Decimal
		got.Money = money{1}
		require.False(t, got.IsDirty())
		got.Money = money{2}
		require.True(t, got.IsDirty("Money"))
	})
}

// Equal instants are equal in any zone, with a monotonic reading or less than a microsecond apart.
func TestTimesAreComparedByInstant(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		now := time.Now() // has a monotonic reading, nanoseconds and a zone
		a := &account{Email: "a", SeenAt: &now}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		got, err := a.Fresh(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, now.UTC().Truncate(time.Microsecond), *got.SeenAt)
		for shift, dirty := range map[time.Duration]bool{0: false, time.Microsecond: true, -time.Microsecond: true, time.Hour: true} {
			for _, zone := range []*time.Location{time.UTC, time.FixedZone("far", 14*60*60), time.FixedZone("odd", -(3*60*60 + 7*60 + 9))} {
				at := now.Truncate(time.Microsecond).Add(shift + 999).In(zone)
				got.SeenAt = &at
				require.Equal(t, dirty, got.IsDirty(), at)
			}
		}
		got.SeenAt = &now
		e.Sends(t, 0, func() { require.NoError(t, got.Save(e.Ctx)) })
	})
}

// Attributes, Original and Dirty are fresh maps of values that share nothing with the record.
func TestMapsShareNothingWithTheRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		k := someKinds()
		require.NoError(t, model.Create(e.Ctx, e.DB, k))
		k.List[0], k.Bytes[0], *k.PText = "changed", 9, "changed"
		require.Equal(t, []string{"a", "b"}, k.Original()["List"])
		require.Equal(t, []byte{0, 1, 255}, k.Original()["Bytes"])
		require.Equal(t, "p", *harness.As[*string](t, k.Original()["PText"]))
		for _, m := range []model.Attrs{k.Attributes(), k.Dirty(), k.Original()} {
			harness.As[[]string](t, m["List"])[0] = "broken"
			harness.As[[]byte](t, m["Bytes"])[0] = 77
			*harness.As[*string](t, m["PText"]) = "broken"
			m["Text"] = "broken"
			clear(m)
		}
		require.Equal(t, []string{"changed", "b"}, k.List)
		require.Equal(t, byte(9), k.Bytes[0])
		require.Equal(t, "changed", *k.PText)
		require.Equal(t, []string{"a", "b"}, k.Original()["List"])
		require.Equal(t, []byte{0, 1, 255}, k.Original()["Bytes"])
		require.Equal(t, "p", *harness.As[*string](t, k.Original()["PText"]))
		require.NoError(t, k.Save(e.Ctx))
		require.Equal(t, []string{"changed", "b"}, k.Original()["List"])
	})
}

// IsDirty and WasChanged know attribute and column names, ask for any of them, and know no others.
func TestIsDirtyKnowsAttributesAndColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		seen := e.Clock.Now()
		a.SeenAt, a.Name = &seen, "n"
		asks := func(fn func(...string) bool) {
			require.True(t, fn())
			require.True(t, fn("SeenAt"))
			require.True(t, fn("seen_at"))
			require.True(t, fn("Email", "name"))
			require.False(t, fn("Email", "age"))
			require.False(t, fn("nothing", ""))
		}
		asks(a.IsDirty)
		require.False(t, a.WasChanged())
		require.NoError(t, a.Save(e.Ctx))
		require.False(t, a.IsDirty())
		asks(a.WasChanged)
	})
}

// Changes and WasChanged tell what the last update wrote, through saves without changes, Refresh and
// failures.
func TestChangesTellWhatTheLastUpdateWrote(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "taken"}))
		require.Empty(t, a.Changes(), "an INSERT changes nothing")
		require.False(t, a.WasChanged())
		e.Clock.Add(time.Hour)
		a.Name, a.Age = "n", 5
		require.NoError(t, a.Save(e.Ctx))
		want := model.Attrs{"Name": "n", "Age": 5, "UpdatedAt": e.Clock.Now()}
		require.Equal(t, want, a.Changes())

		require.NoError(t, a.Save(e.Ctx)) // clean
		require.Equal(t, want, a.Changes())
		require.NoError(t, a.Refresh(e.Ctx))
		require.Equal(t, want, a.Changes())
		a.Email = "taken"
		require.ErrorIs(t, a.Save(e.Ctx), model.ErrDuplicate)
		require.Equal(t, want, a.Changes())
		require.True(t, a.IsDirty("Email"))
		a.Email = "a"
		undone := errors.New("undone")
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			a.Age = 6
			require.NoError(t, a.Save(ctx))
			require.Contains(t, a.Changes(), "Age")
			require.NotContains(t, a.Changes(), "Name")
			return undone
		}), undone)
		require.Equal(t, want, a.Changes())
		a.Changes()["Name"] = "x"
		require.Equal(t, want, a.Changes())
		require.NoError(t, a.Increment(e.Ctx, "visits", 2))
		require.Equal(t, []string{"UpdatedAt", "Visits"}, harness.SortedKeys(a.Changes()))
		require.Equal(t, 6, a.Age)
	})
}
