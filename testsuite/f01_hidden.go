// SPDX-License-Identifier: MIT

package testsuite

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
)

// jsonSecret has a hidden field of every kind that can hold the sentinel.
type jsonSecret struct {
	model.BaseModel[jsonSecret]

	ID       int64
	Name     string
	Password string          `json:"-" gorm:"uniqueIndex;size:80" model:"fillable"`
	Pin      int64           `json:"-" model:"fillable"`
	Hint     *string         `json:"-"`
	Key      []byte          `json:"-"`
	Answers  []string        `json:"-" gorm:"serializer:json"`
	Profile  jsonSecretInner `json:"-" gorm:"embedded;embeddedPrefix:profile_"`
	Token    string          `json:"-" gorm:"type:uuid;default:null"`
	Raw      json.RawMessage `json:"-"`
	Title    string          `model:"fillable"`
}

// jsonSecretInner is hidden as a whole.
type jsonSecretInner struct{ Address string }

// The sentinels, and how they would look in bytes.
const (
	sentinelPin   = 918273645546372819
	sentinelToken = "91827364-5546-4728-8190-918273645546" //nolint:gosec // opens nothing.
)

func newJSONSecret() *jsonSecret {
	return &jsonSecret{
		Name: "shown", Password: sentinel, Pin: sentinelPin, Hint: new(sentinel), Key: []byte(sentinel), Answers: []string{sentinel},
		Profile: jsonSecretInner{sentinel}, Token: sentinelToken, Raw: json.RawMessage(`"` + sentinel + `"`), Title: "t",
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

// jsonHolder holds a record in all ways but an unexported field.
type jsonHolder struct {
	P *jsonSecret
	V any
	S []*jsonSecret
	M map[string]*jsonSecret
	A [1]*jsonSecret
	I fmt.Formatter
}

// shapesOf returns a record in every shape in which it may be passed on.
func shapesOf(rec *jsonSecret) map[string]any {
	value := plainValue(rec)
	return map[string]any{
		"pointer": rec, "value": value, "pointer to pointer": &rec, "slice": []*jsonSecret{rec}, "slice of any": []any{rec, value},
		"map": map[string]*jsonSecret{"k": rec}, "map of values": map[string]any{"k": value}, "array": [1]*jsonSecret{rec},
		"embedded": struct{ *jsonSecret }{rec}, "struct": jsonHolder{rec, value, []*jsonSecret{rec}, map[string]*jsonSecret{"k": rec}, [1]*jsonSecret{rec}, rec},
		"pointer to struct": &jsonHolder{P: rec, V: rec}, "anonymous": struct{ R any }{value},
	}
}

// hiddenPromises are those of row F1 about hidden fields.
func hiddenPromises() []promise {
	return []promise{
		{
			name: "F1/HiddenInJSON",
			says: "Hidden fields appear in no JSON, of pointers, plain values, slices, maps and structs around them",
			check: func(t testing.TB, e *env) {
				rec := seedSecret(t, e)
				for name, shape := range shapesOf(rec) {
					data, err := json.Marshal(shape)
					require.NoError(t, err, name)
					require.Contains(t, string(data), "shown", name)
					require.Empty(t, leaks(see(e, "json", string(data))), "%s: %s", name, data)
					var b bytes.Buffer
					require.NoError(t, json.NewEncoder(&b).Encode(shape), name)
					require.Empty(t, leaks(b.String()), name)
				}
				for name, v := range map[string]any{"record": rec, "value": plainValue(rec), "slice": []*jsonSecret{rec}} {
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
			},
			twin: func(e *env) { e.seen["json"] = func(v any) any { return v.(string) + sentinel } }, //nolint:errcheck,forcetypeassert // as seen.
		},
		{
			name: "F1/HiddenInText",
			says: "fmt, log, slog and templates print table and key of a record, whatever the verb and the shape",
			check: func(t testing.TB, e *env) {
				rec := seedSecret(t, e)
				for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%q", "%x", "%X", "%t", "%10.3v", "%T %[1]v", "%c"} {
					require.Equal(t, strings.Replace(verb, verb, "json_secrets#1", 1), strings.TrimPrefix(fmt.Sprintf(verb, rec), "*testsuite.jsonSecret "))
					for name, shape := range shapesOf(rec) {
						text := see(e, "text", fmt.Sprintf(verb, shape))
						require.Empty(t, leaks(text), "%s of %s: %s", verb, name, text)
					}
				}
				require.Equal(t, "json_secrets#1", fmt.Sprint(plainValue(rec)))
				require.Equal(t, "[json_secrets#1]", fmt.Sprint([]*jsonSecret{rec}))
				require.Equal(t, "json_secrets#new", fmt.Sprint(newJSONSecret()))
				require.Equal(t, "json_secrets#1 json_secrets#new\n", fmt.Sprintln(rec, newJSONSecret()))
				var b bytes.Buffer
				log.New(&b, "", 0).Println(rec, plainValue(rec), []*jsonSecret{rec})
				for _, handler := range []slog.Handler{
					slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}), slog.NewJSONHandler(&b, nil),
				} {
					out := slog.New(handler).With("with", rec)
					for name, shape := range shapesOf(rec) {
						out.Info("text", name, shape, slog.Group("g", "in", shape))
					}
				}
				require.NoError(t, template.Must(template.New("").Parse("{{.}} {{printf \"%+v\" .}}")).Execute(&b, rec))
				require.Contains(t, b.String(), "json_secrets#1")
				require.Empty(t, leaks(b.String()), b.String())
				err := fmt.Errorf("%v: %w", rec, errors.ErrUnsupported)
				require.Empty(t, leaks(fmt.Sprintf("%v %+v", err, err)))
			},
			twin: func(e *env) { e.seen["text"] = func(v any) any { return v.(string) + sentinel } }, //nolint:errcheck,forcetypeassert // as seen.
		},
		{
			name: "F1/HiddenInErrors",
			says: "No error of a failed call shows the value of a hidden field, whether the database or Kindred refused it",
			check: func(t testing.TB, e *env) {
				rec := seedSecret(t, e)
				q := func() *model.Builder[jsonSecret] { return model.Query[jsonSecret](e.db) }
				calls := map[string]func() error{
					"duplicate":    func() error { return model.Create(e.ctx, e.db, newJSONSecret()) },
					"many":         func() error { return model.CreateMany(e.ctx, e.db, []*jsonSecret{newJSONSecret()}) },
					"bulk update":  func() error { return firstError(updated(q().AllRows().Update(e.ctx, model.Attrs{"pin": sentinel}))) },
					"bulk uuid":    func() error { return firstError(updated(q().AllRows().Update(e.ctx, model.Attrs{"token": sentinel}))) },
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
					"find by":      func() error { _, err := q().FindBy(e.ctx, "pin", sentinel); return err },
					"first or new": func() error {
						_, err := model.FirstOrNew[jsonSecret](e.ctx, e.db, model.Attrs{"pin": sentinel}, nil)
						return err
					},
					"increment": func() error { return rec.Increment(e.ctx, "pin", sentinel) },
					"save": func() error {
						other := newJSONSecret()
						other.Password, other.Token = sentinel+"\xff", sentinelToken
						return model.Create(e.ctx, e.db, other)
					},
				}
				for name, run := range calls {
					err := run()
					require.Error(t, err, name)
					for _, verb := range []string{"%v", "%+v", "%s", "%q"} {
						require.Empty(t, leaks(see(e, "text", fmt.Sprintf(verb, err))), "%s: %v", name, err)
					}
					require.ErrorContains(t, err, "jsonSecret", name)
				}
			},
			twin: func(e *env) { e.seen["text"] = func(v any) any { return v.(string) + sentinel } }, //nolint:errcheck,forcetypeassert // as seen.
		},
		{
			name: "F1/HiddenInLogs",
			says: "Logs of statements hold their text, but no values, of calls that work and of calls that fail",
			check: func(t testing.TB, e *env) {
				rec := seedSecret(t, e)
				var b bytes.Buffer
				byKindred, err := model.New(e.gorm, model.Config{Logger: slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}))})
				require.NoError(t, err)
				own := e.gorm.Session(&gorm.Session{Logger: logger.New(log.New(&b, "", 0), logger.Config{LogLevel: logger.Info})})
				byGorm, err := model.New(own)
				require.NoError(t, err)
				for _, db := range []*model.DB{byKindred, byGorm} {
					b.Reset()
					fresh := newJSONSecret()
					fresh.Password += "2"
					require.NoError(t, model.Create(e.ctx, db, fresh))
					fresh.Pin--
					require.NoError(t, fresh.Save(e.ctx))
					require.ErrorIs(t, model.Create(e.ctx, db, newJSONSecret()), model.ErrDuplicate)
					_, err := model.Query[jsonSecret](db).Where("password", sentinel).WhereIn("pin", []int64{sentinelPin}).All(e.ctx)
					require.NoError(t, err)
					_, err = model.Query[jsonSecret](db).Where("password", sentinel).Update(e.ctx, model.Attrs{"hint": sentinel})
					require.NoError(t, err)
					_, err = model.Query[jsonSecret](db).WhereRaw("password = ? AND nothing = 1", sentinel).All(e.ctx)
					require.Error(t, err)
					require.NoError(t, fresh.Delete(e.ctx))
					text := see(e, "log", b.String())
					require.Contains(t, text, "INSERT INTO")
					require.Contains(t, text, "SELECT")
					require.Contains(t, text, "DELETE")
					require.Empty(t, leaks(text), text)
				}
				require.NoError(t, rec.Refresh(e.ctx))
			},
			twin: func(e *env) { e.seen["log"] = func(v any) any { return v.(string) + sentinel } }, //nolint:errcheck,forcetypeassert // as seen.
		},
	}
}

func updated(_ int64, err error) error { return err }

func seedSecret(t testing.TB, e *env) *jsonSecret {
	t.Helper()
	e.migrate(t, &jsonSecret{})
	require.NoError(t, model.Create(e.ctx, e.db, newJSONSecret()))
	rec, err := model.Query[jsonSecret](e.db).Sole(e.ctx)
	require.NoError(t, err)
	require.Equal(t, sentinel, rec.Answers[0])
	require.Equal(t, sentinel, rec.Profile.Address)
	e.sent.Reset()
	return rec
}
