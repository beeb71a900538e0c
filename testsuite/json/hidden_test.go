// SPDX-License-Identifier: MIT

package json_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"text/template"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Secret has a hidden field of every kind that can hold the sentinel.
type Secret struct {
	model.BaseModel[Secret]

	ID       int64
	Name     string
	Password string          `json:"-" gorm:"uniqueIndex;size:80" model:"fillable"`
	Pin      int64           `json:"-" model:"fillable"`
	Hint     *string         `json:"-"`
	Key      []byte          `json:"-"`
	Answers  []string        `json:"-" gorm:"serializer:json"`
	Profile  secretInner     `json:"-" gorm:"embedded;embeddedPrefix:profile_"`
	Token    string          `json:"-" gorm:"type:uuid;default:null"`
	Raw      json.RawMessage `json:"-"`
	Title    string          `model:"fillable"`
}

// secretInner is hidden as a whole.
type secretInner struct{ Address string }

// The sentinels, and how they would look in bytes.
const (
	sentinelPin   = 918273645546372819
	sentinelToken = "91827364-5546-4728-8190-918273645546"
)

func newJSONSecret() *Secret {
	return &Secret{
		Name: "shown", Password: sentinel, Pin: sentinelPin, Hint: new(sentinel), Key: []byte(sentinel), Answers: []string{sentinel},
		Profile: secretInner{sentinel}, Token: sentinelToken, Raw: json.RawMessage(`"` + sentinel + `"`), Title: "t",
	}
}

// leaks returns what of the sentinels is in a text.
func leaks(text string) []string {
	found := []string{}
	for _, s := range []string{
		sentinel, strconv.Itoa(sentinelPin), fmt.Sprintf("%x", sentinelPin), sentinelToken, "s3ntinel", fmt.Sprintf("%x", sentinel),
		fmt.Sprintf("%d", []byte(sentinel)), "czNudGluZWw", "918273645",
	} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
			found = append(found, s)
		}
	}
	return found
}

// holder holds a record in all ways but an unexported field.
type holder struct {
	P *Secret
	V any
	S []*Secret
	M map[string]*Secret
	A [1]*Secret
	I fmt.Formatter
}

// shapesOf returns a record in every shape in which it may be passed on.
func shapesOf(rec *Secret) map[string]any {
	value := plainValue(rec)
	return map[string]any{
		"pointer": rec, "value": value, "pointer to pointer": &rec, "slice": []*Secret{rec}, "slice of any": []any{rec, value},
		"map": map[string]*Secret{"k": rec}, "map of values": map[string]any{"k": value}, "array": [1]*Secret{rec},
		"embedded": struct{ *Secret }{rec}, "struct": holder{rec, value, []*Secret{rec}, map[string]*Secret{"k": rec}, [1]*Secret{rec}, rec},
		"pointer to struct": &holder{P: rec, V: rec}, "anonymous": struct{ R any }{value},
	}
}

// Hidden fields appear in no JSON, of pointers, plain values, slices, maps and structs around them.
func TestHiddenFieldsAreInNoJSON(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		rec := seedSecret(t, e)
		for name, shape := range shapesOf(rec) {
			data, err := json.Marshal(shape)
			require.NoError(t, err, name)
			require.Contains(t, string(data), "shown", name)
			require.Empty(t, leaks(string(data)), "%s: %s", name, data)
			var b bytes.Buffer
			require.NoError(t, json.NewEncoder(&b).Encode(shape), name)
			require.Empty(t, leaks(b.String()), name)
		}
		for name, v := range map[string]any{"record": rec, "value": plainValue(rec), "slice": []*Secret{rec}} {
			data, err := serialize.JSON(v, serialize.Options{Extras: true})
			require.NoError(t, err, name)
			require.Empty(t, leaks(string(data)), name)
		}
		out, err := serialize.Map(rec)
		require.NoError(t, err)
		require.Empty(t, leaks(fmt.Sprint(out)))
		require.Empty(t, leaks(fmt.Sprint(rec.ToObject())))
		for _, name := range []string{"password", "Password", "pin", "profile_address", "answers"} {
			_, err := serialize.JSON(rec, serialize.Options{Fields: serialize.Pick("name", name)})
			require.ErrorIs(t, err, model.ErrUnknownAttribute, "picking %s never reveals it", name)
		}
	})
}

// Fmt, log, slog and templates print table and key of a record, whatever the verb and the shape.
func TestRecordPrintsTableAndKeyOnly(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		rec := seedSecret(t, e)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%q", "%x", "%X", "%t", "%10.3v", "%T %[1]v", "%c"} {
			require.Equal(t, strings.Replace(verb, verb, "secrets#1", 1), strings.TrimPrefix(fmt.Sprintf(verb, rec), "*json_test.Secret "))
			for name, shape := range shapesOf(rec) {
				text := fmt.Sprintf(verb, shape)
				require.Empty(t, leaks(text), "%s of %s: %s", verb, name, text)
			}
		}
		require.Equal(t, "secrets#1", fmt.Sprint(plainValue(rec)))
		require.Equal(t, "[secrets#1]", fmt.Sprint([]*Secret{rec}))
		require.Equal(t, "secrets#new", fmt.Sprint(newJSONSecret()))
		require.Equal(t, "secrets#1 secrets#new\n", fmt.Sprintln(rec, newJSONSecret()))
		var b bytes.Buffer
		log.New(&b, "", 0).Println(rec, plainValue(rec), []*Secret{rec})
		for _, handler := range []slog.Handler{
			slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}), slog.NewJSONHandler(&b, nil),
		} {
			out := slog.New(handler).With("with", rec)
			for name, shape := range shapesOf(rec) {
				out.Info("text", name, shape, slog.Group("g", "in", shape))
			}
		}
		require.NoError(t, template.Must(template.New("").Parse("{{.}} {{printf \"%+v\" .}}")).Execute(&b, rec))
		require.Contains(t, b.String(), "secrets#1")
		require.Empty(t, leaks(b.String()), b.String())
		err := fmt.Errorf("%v: %w", rec, errors.ErrUnsupported)
		require.Empty(t, leaks(fmt.Sprintf("%v %+v", err, err)))
	})
}

// No error of a failed call shows the value of a hidden field, whether the database or Kindred refused it.
func TestErrorsShowNoHiddenValue(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		rec := seedSecret(t, e)
		q := func() *model.Builder[Secret] { return model.Query[Secret](e.DB) }
		calls := map[string]func() error{
			"duplicate": func() error { return model.Create(e.Ctx, e.DB, newJSONSecret()) },
			"many":      func() error { return model.CreateMany(e.Ctx, e.DB, []*Secret{newJSONSecret()}) },
			"bulk update": func() error {
				return firstError(harness.Err(q().AllRows().Update(e.Ctx, model.Attrs{"pin": sentinel})))
			},
			"bulk uuid": func() error {
				return firstError(harness.Err(q().AllRows().Update(e.Ctx, model.Attrs{"token": sentinel})))
			},
			"where pin":    all(e, q().Where("pin", sentinel)),
			"where token":  all(e, q().Where("token", sentinel+"-9")),
			"where in":     all(e, q().WhereIn("pin", []string{"918273645x"})),
			"between":      all(e, q().WhereBetween("pin", "918273645x", 1)),
			"NUL":          all(e, q().Where("password", sentinel+"\x00")),
			"merge":        func() error { return rec.Merge(model.Attrs{"pin": sentinel}) },
			"merge type":   func() error { return rec.Merge(model.Attrs{"password": []string{sentinel}}) },
			"fill":         func() error { return rec.Fill(model.Attrs{"Pin": "918273645x"}) },
			"decode":       func() error { return serialize.Decode([]byte(`{"pin":"`+sentinel+`"}`), rec) },
			"decode type":  func() error { return serialize.Decode([]byte(`{"pin":[918273645]}`), rec) },
			"decode range": func() error { return serialize.Decode([]byte(`{"pin":9182736455463728199182736}`), rec) },
			"unmarshal":    func() error { return json.Unmarshal([]byte(`{"password":{"x":"`+sentinel+`"}}`), rec) },
			"find by":      func() error { _, err := q().FindBy(e.Ctx, "pin", sentinel); return err },
			"first or new": func() error {
				_, err := model.FirstOrNew[Secret](e.Ctx, e.DB, model.Attrs{"pin": sentinel}, nil)
				return err
			},
			"increment": func() error { return rec.Increment(e.Ctx, "pin", sentinel) },
			"save": func() error {
				other := newJSONSecret()
				other.Password, other.Token = sentinel+"\xff", sentinelToken
				return model.Create(e.Ctx, e.DB, other)
			},
		}
		for name, run := range calls {
			err := run()
			require.Error(t, err, name)
			for _, verb := range []string{"%v", "%+v", "%s", "%q"} {
				require.Empty(t, leaks(fmt.Sprintf(verb, err)), "%s: %v", name, err)
			}
			require.ErrorContains(t, err, "Secret", name)
		}
	})
}

// Logs of statements hold their text, but no values, of calls that work and of calls that fail.
func TestLogsShowNoValues(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		rec := seedSecret(t, e)
		var b bytes.Buffer
		byKindred, err := model.New(e.Gorm, model.Config{Logger: slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		require.NoError(t, err)
		own := e.Gorm.Session(&gorm.Session{Logger: logger.New(log.New(&b, "", 0), logger.Config{LogLevel: logger.Info})})
		byGorm, err := model.New(own)
		require.NoError(t, err)
		for _, db := range []*model.DB{byKindred, byGorm} {
			b.Reset()
			fresh := newJSONSecret()
			fresh.Password += "2"
			require.NoError(t, model.Create(e.Ctx, db, fresh))
			fresh.Pin--
			require.NoError(t, fresh.Save(e.Ctx))
			require.ErrorIs(t, model.Create(e.Ctx, db, newJSONSecret()), model.ErrDuplicate)
			_, err := model.Query[Secret](db).Where("password", sentinel).WhereIn("pin", []int64{sentinelPin}).All(e.Ctx)
			require.NoError(t, err)
			_, err = model.Query[Secret](db).Where("password", sentinel).Update(e.Ctx, model.Attrs{"hint": sentinel})
			require.NoError(t, err)
			_, err = model.Query[Secret](db).WhereRaw("password = ? AND nothing = 1", sentinel).All(e.Ctx)
			require.Error(t, err)
			require.NoError(t, fresh.Delete(e.Ctx))
			text := b.String()
			require.Contains(t, text, "INSERT INTO")
			require.Contains(t, text, "SELECT")
			require.Contains(t, text, "DELETE")
			require.Empty(t, leaks(text), text)
		}
		require.NoError(t, rec.Refresh(e.Ctx))
	})
}

func seedSecret(t testing.TB, e *harness.Env) *Secret {
	t.Helper()
	e.Migrate(t, &Secret{})
	require.NoError(t, model.Create(e.Ctx, e.DB, newJSONSecret()))
	rec, err := model.Query[Secret](e.DB).Sole(e.Ctx)
	require.NoError(t, err)
	require.Equal(t, sentinel, rec.Answers[0])
	require.Equal(t, sentinel, rec.Profile.Address)
	e.Sent.Reset()
	return rec
}
