// SPDX-License-Identifier: MIT

package json_test

import (
	"encoding/json"
	"math"
	"net"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// randomField sets a field to a random value of its type.
func randomField(rt *rapid.T, f reflect.Value) {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[<>&"\\/a\x00-\x1f\x{2028}\x{2029}]{0,8}`),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 6), func(b []byte) string { return string(b) }))
	switch p := f.Addr().Interface().(type) {
	case *time.Time:
		zone := time.FixedZone("z", rapid.IntRange(-23, 23).Draw(rt, "hours")*3600+1800)
		nanos := rapid.SampledFrom([]int64{0, 1000, 120_000_000, 1, 999_999_999}).Draw(rt, "nanos")
		*p = time.Unix(rapid.Int64Range(-30_000_000_000, 200_000_000_000).Draw(rt, "seconds"), nanos)
		if rapid.Bool().Draw(rt, "UTC") {
			*p = p.UTC()
		} else {
			*p = p.In(zone)
		}
		if rapid.IntRange(0, 3).Draw(rt, "zero") == 0 {
			*p = time.Time{}
		}
		return
	case *json.Number:
		*p = json.Number(rapid.SampledFrom([]string{"", "0", "-12", "1.50", "1e3"}).Draw(rt, "number"))
		return
	case *json.RawMessage:
		*p = rapid.SampledFrom([]json.RawMessage{nil, []byte(`{"a" : [1, 2],"<b>":"&"}`), []byte(" null "), []byte(`"x"`)}).Draw(rt, "raw")
		return
	case *net.IP:
		*p = rapid.SampledFrom([]net.IP{nil, net.IPv4(1, 2, 3, 4), net.IPv6loopback}).Draw(rt, "ip")
		return
	case *map[string]any:
		*p = rapid.SampledFrom([]map[string]any{nil, {}, {"<k>": 1.5, "a": []any{nil, true}}}).Draw(rt, "map")
		return
	case *byValue:
		p.text = text.Draw(rt, "text")
		return
	case *byPointer:
		p.text = text.Draw(rt, "text")
		return
	case *textByValue:
		p.text = text.Draw(rt, "text")
		return
	case *textByPointer:
		p.text = text.Draw(rt, "text")
		return
	default:
	}
	zero := rapid.IntRange(0, 3).Draw(rt, "zero") == 0
	switch f.Kind() {
	case reflect.Pointer:
		if zero {
			f.SetZero()
			return
		}
		f.Set(reflect.New(f.Type().Elem()))
		randomField(rt, f.Elem())
	case reflect.Bool:
		f.SetBool(!zero)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n := rapid.Int64().Draw(rt, "int")
		f.SetInt(n << (64 - f.Type().Bits()) >> (64 - f.Type().Bits()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		f.SetUint(rapid.Uint64().Draw(rt, "uint") >> (64 - f.Type().Bits()))
	case reflect.Float32:
		f.SetFloat(float64(randomFinite(rapid.Float32()).Draw(rt, "float")))
	case reflect.Float64:
		f.SetFloat(rapid.OneOf(randomFinite(rapid.Float64()), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1e21, 1e20, 1e-6, 1e-7, 9.9e-7, 1e100, 3})).Draw(rt, "float"))
	case reflect.String:
		f.SetString(text.Draw(rt, "text"))
	case reflect.Slice:
		if zero {
			f.Set(reflect.Zero(f.Type()))
			return
		}
		n := rapid.IntRange(0, 3).Draw(rt, "length")
		f.Set(reflect.MakeSlice(f.Type(), n, n))
		for i := range n {
			randomField(rt, f.Index(i))
		}
	case reflect.Array:
		for i := range f.Len() {
			if !zero {
				randomField(rt, f.Index(i))
			}
		}
	case reflect.Struct:
		for _, field := range f.Fields() {
			randomField(rt, field)
		}
	default:
	}
}

func randomFinite[F float32 | float64](g *rapid.Generator[F]) *rapid.Generator[F] {
	return g.Filter(func(f F) bool { return !math.IsInf(float64(f), 0) && !math.IsNaN(float64(f)) })
}

// For every kind of field and every option of json tags, the JSON is byte for byte that of encoding/json.
func TestJSONEqualsEncodingJSON(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.NoError(t, e.DB.Register(&Kinds{}))
		records := rapid.Custom(func(rt *rapid.T) *Kinds {
			rec := &Kinds{}
			v := reflect.ValueOf(rec).Elem()
			for i := 1; i < v.NumField(); i++ {
				randomField(rt, v.Field(i))
			}
			return rec
		})
		for seed := range 300 {
			rec := records.Example(seed)
			if seed == 0 {
				rec = &Kinds{}
			}
			want, wantErr := json.Marshal(plainTwin(rec))
			got, err := serialize.JSON(rec)
			require.Equal(t, wantErr == nil, err == nil, "seed %d: %v, %v", seed, wantErr, err)
			require.Equal(t, string(want), string(got), "seed %d", seed)
			if err != nil {
				continue
			}
			got, err = json.Marshal(rec)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got), "seed %d: json.Marshal", seed)
			got, err = serialize.JSON([]*Kinds{rec})
			require.NoError(t, err)
			require.Equal(t, "["+string(want)+"]", string(got), "seed %d: in a slice", seed)
			got, err = serialize.JSON(plainValue(rec))
			require.NoError(t, err)
			require.Equal(t, string(want), string(got), "seed %d: a plain value", seed)
		}
	})
}

// A value that JSON cannot hold, or whose own method fails, is an error that names model and field, and
// nothing is written.
func TestValueWithoutJSONIsAnError(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.NoError(t, e.DB.Register(&Kinds{}))
		for field, rec := range map[string]*Kinds{
			"f64": {F64: math.NaN()}, "f32": {F32: float32(math.Inf(1))}, "pf": {PF: new(math.Inf(-1))},
			"t": {T: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}, "pt": {PT: new(time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC))},
			"jv": {JV: byValue{"fail"}}, "raw": {Raw: json.RawMessage("{")}, "map": {Map: map[string]any{"f": math.NaN()}},
			"num": {Num: "1.2.3"},
		} {
			for _, v := range []any{rec, []*Kinds{{}, rec}} {
				sink := &countingWriter{}
				err := serialize.Write(sink, v)
				require.ErrorContains(t, err, "Kinds."+field)
				require.Zero(t, sink.n, "nothing is written")
				_, err = json.Marshal(v)
				require.Error(t, err, field)
			}
		}
	})
}

// Times are written in ISO 8601 as they are stored: in UTC, to the microsecond.
func TestTimesAreISO(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		at := time.Date(2026, 7, 1, 12, 30, 0, 123456789, time.FixedZone("x", 2*3600))
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "a", SeenAt: &at}))
		a, err := model.Query[account](e.DB).Sole(e.Ctx)
		require.NoError(t, err)
		out, err := serialize.Map(a)
		require.NoError(t, err)
		require.Equal(t, time.Date(2026, 7, 1, 10, 30, 0, 123456000, time.UTC), out["seen_at"])
		data, err := json.Marshal(a)
		require.NoError(t, err)
		require.Contains(t, string(data), `"seen_at":"2026-07-01T10:30:00.123456Z"`)
		require.Contains(t, string(data), `"created_at":"2026-01-02T03:04:05Z"`)
	})
}

// The option string writes integers as text, so that JavaScript does not round them, and reads them back.
func TestIntegersMayBeText(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := seedJSONUser(t, e)
		for _, n := range []int64{0, -1, math.MaxInt64, math.MinInt64, 1<<53 + 1} {
			u.Big = n
			data, err := serialize.JSON(u, serialize.Options{Fields: serialize.Pick("big")})
			require.NoError(t, err)
			require.Equal(t, `{"big":"`+strconv.FormatInt(n, 10)+`"}`, string(data))
			back := &User{}
			require.NoError(t, serialize.Decode(data, back))
			require.Equal(t, n, back.Big)
		}
		out, err := serialize.Map(u)
		require.NoError(t, err)
		require.Equal(t, "9007199254740993", out["big"])
	})
}

// The types of database/sql that wrap a value are the value, or null, in JSON and in plain values.
func TestNullTypesAreValueOrNull(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Nulls{})
		at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		full := &Nulls{}
		full.S.String, full.S.Valid = "<x>", true
		full.I.Int64, full.I.Valid = 7, true
		full.F.Float64, full.F.Valid = 1.5, true
		full.B.Valid = true
		full.T.Time, full.T.Valid = at, true
		full.N.V, full.N.Valid = "n", true
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Nulls{full, {}}))
		list, err := model.Query[Nulls](e.DB).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		data, err := serialize.JSON(list)
		require.NoError(t, err)
		require.Equal(t, `[{"id":1,"s":"\u003cx\u003e","i":7,"f":1.5,"b":false,"t":"2026-01-02T03:04:05Z","n":"n","d":null},`+
			`{"id":2,"s":null,"i":null,"f":null,"b":null,"t":null,"n":null,"d":null}]`, string(data))
		out, err := serialize.Map(list[0])
		require.NoError(t, err)
		require.Equal(t, map[string]any{"id": int64(1), "s": "<x>", "i": int64(7), "f": 1.5, "b": false, "t": at, "n": "n", "d": nil}, out)
		out, err = serialize.Map(list[1])
		require.NoError(t, err)
		require.Nil(t, out["s"])
		back := &Nulls{}
		require.NoError(t, serialize.Decode([]byte(`{"s":"y","i":null,"f":2,"b":true,"t":"2026-01-02T03:04:05Z","n":"m"}`), back))
		require.True(t, back.S.Valid)
		require.Equal(t, "y", back.S.String)
		require.False(t, back.I.Valid)
		require.True(t, back.B.Valid && back.B.Bool)
		require.Equal(t, at, back.T.Time)
		require.Equal(t, "m", back.N.V)
	})
}

// countingWriter counts what is written.
type countingWriter struct{ n int }

// Write counts.
func (w *countingWriter) Write(p []byte) (int, error) {
	w.n += len(p)
	return len(p), nil
}
