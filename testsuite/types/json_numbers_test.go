// SPDX-License-Identifier: MIT

package types_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type Paper struct {
	model.BaseModel[Paper]
	ID   int64
	Data map[string]any `gorm:"serializer:json" model:"fillable"`
	List []any          `gorm:"serializer:json"`
}

// TestJSONKeepsNumbersThatNoFloatHolds: a key that changes leaves the digits of all others alone.
func TestJSONKeepsNumbersThatNoFloatHolds(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Paper{})
		p := &Paper{Data: map[string]any{
			"big": int64(9007199254740993), "neg": int64(-9223372036854775808), "small": 7, "part": 0.1, "huge": uint64(18446744073709551615),
			"deep": map[string]any{"list": []any{int64(9007199254740993), 1.5, "9007199254740993"}},
		}, List: []any{int64(9007199254740993), json.Number("1234567890.12345678901234567890")}}
		require.NoError(t, model.Create(e.Ctx, e.DB, p))
		found, err := model.Query[Paper](e.DB).Find(e.Ctx, p.ID)
		require.NoError(t, err)
		require.False(t, found.IsDirty())
		require.Equal(t, float64(7), found.Data["small"])
		require.Equal(t, 0.1, found.Data["part"])
		require.Equal(t, json.Number("9007199254740993"), found.Data["big"])
		found.Data["seen"] = true
		require.NoError(t, found.Save(e.Ctx))
		row := e.Row(t, "SELECT data, list FROM papers")
		require.Equal(t, "9007199254740993", string(pick(t, row["data"], "big")))
		require.Equal(t, "-9223372036854775808", string(pick(t, row["data"], "neg")))
		require.Equal(t, "18446744073709551615", string(pick(t, row["data"], "huge")))
		require.Equal(t, `{"list":[9007199254740993,1.5,"9007199254740993"]}`, string(pick(t, row["data"], "deep")))
		require.Contains(t, row["list"], "1234567890.12345678901234567890")
	})
}

// TestDecodeKeepsNumbersThatNoFloatHolds: so does JSON that a client sends.
func TestDecodeKeepsNumbersThatNoFloatHolds(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Paper{})
		p := &Paper{}
		require.NoError(t, serialize.Decode([]byte(`{"data":{"n":9007199254740993,"m":2}}`), p))
		require.NoError(t, model.Create(e.Ctx, e.DB, p))
		require.Equal(t, "9007199254740993", string(pick(t, e.Row(t, "SELECT data FROM papers")["data"], "n")))
	})
}

// pick returns the text of an entry of an object.
func pick(t *testing.T, object any, key string) json.RawMessage {
	t.Helper()
	var m map[string]json.RawMessage
	text, ok := object.(string)
	require.True(t, ok)
	require.NoError(t, json.Unmarshal([]byte(text), &m))
	return m[key]
}
