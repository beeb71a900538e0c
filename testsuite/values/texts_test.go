// SPDX-License-Identifier: MIT

package values_test

import (
	"database/sql"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// textEdges are valid texts that are easily spoiled.
func textEdges() []string {
	out := []string{
		"", " ", "  padded  ", "\t\r\n", "'", `"`, "`", `\`, `\\`, `\'`, "''; DROP TABLE kinds; --", "%", "_", "?", "$1", "??", "{}",
		`{"a","b"}`, "NULL", "null", "nil", "0", "1e3", "true", "é", "e\u0301", "ß", "İ", "日本語", "👩‍👩‍👧‍👦", "\u202eabc", "\ufeff", "\ufffd",
		"\ufffe\uffff", "\U0010ffff", "\x01\x02\x1f\x7f", "a\u0080b", "line\nline", strings.Repeat("x", 1<<16), strings.Repeat("ü", 4000),
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		var text strings.Builder
		for range random.IntN(40) {
			r := 1 + random.Int32N(utf8.MaxRune)
			if !utf8.ValidRune(r) {
				r = '\''
			}
			text.WriteRune(r)
		}
		out = append(out, text.String())
	}
	return out
}

// invalidTexts are bytes that are no text.
func invalidTexts() []string {
	return []string{
		"\x00", "a\x00b", "end\x00", "\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "ok\x80", strings.Repeat("x", 5000) + "\xfe",
	}
}

// edgesOfTexts puts every text into every kind of text column.
func edgesOfTexts(texts []string) []edge {
	var out []edge
	for _, s := range texts {
		name := s
		if len(name) > 40 {
			name = name[:40]
		}
		out = append(out,
			edge{name, "Text", func(k *kinds) { k.Text = s }, s},
			edge{name, "PText", func(k *kinds) { k.PText = &s }, s},
			edge{name, "NText", func(k *kinds) { k.NText = sql.NullString{String: s, Valid: true} }, s},
			edge{name, "Level", func(k *kinds) { k.Level = level(s) }, level(s)},
		)
	}
	return out
}

// Every valid text comes back byte by byte, by whatever write, and is found by itself.
func TestTextsRoundTrip(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		keptEverywhere(t, e, edgesOfTexts(textEdges()))
	})
}

// Text with a NUL byte, or that is not UTF-8, is an ErrInvalidValue that names the field, before anything
// is sent.
func TestInvalidTextIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		refusedEverywhere(t, e, edgesOfTexts(invalidTexts()))
	})
}

// Invalid text is refused in every part of a query that takes one, and the error does not show it.
func TestInvalidTextInQueriesIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		for _, text := range []string{"secret\x00", "secret\xff"} {
			for name, query := range map[string]func(q *model.Builder[account]) *model.Builder[account]{
				"Where":        func(q *model.Builder[account]) *model.Builder[account] { return q.Where("name", text) },
				"OrWhere":      func(q *model.Builder[account]) *model.Builder[account] { return q.OrWhere("nick", "<>", text) },
				"WhereIn":      func(q *model.Builder[account]) *model.Builder[account] { return q.WhereIn("name", []string{"a", text}) },
				"WhereNotIn":   func(q *model.Builder[account]) *model.Builder[account] { return q.WhereNotIn("name", []string{text}) },
				"WhereBetween": func(q *model.Builder[account]) *model.Builder[account] { return q.WhereBetween("name", "a", text) },
				"WhereLike":    func(q *model.Builder[account]) *model.Builder[account] { return q.WhereLike("name", text+"%") },
				"WhereILike": func(q *model.Builder[account]) *model.Builder[account] {
					return q.Use(func(q *relation.Query) { q.WhereILike("name", text) })
				},
				"WhereRaw": func(q *model.Builder[account]) *model.Builder[account] { return q.WhereRaw("name = ?", text) },
				"Having": func(q *model.Builder[account]) *model.Builder[account] {
					return q.GroupBy("name").Having("name", text)
				},
			} {
				e.Sends(t, 0, func() {
					err := func() error {
						_, err := query(model.Query[account](e.DB)).All(e.Ctx)
						return err
					}()
					require.ErrorIs(t, err, model.ErrInvalidValue, name)
					require.NotContains(t, err.Error(), "secret", name)
				})
			}
			e.Sends(t, 0, func() {
				_, err := model.Query[account](e.DB).FindBy(e.Ctx, "email", text)
				require.ErrorIs(t, err, model.ErrInvalidValue)
				_, err = model.Query[keyNatural](e.DB).Find(e.Ctx, text)
				require.ErrorIs(t, err, model.ErrInvalidKey)
			})
		}
	})
}

// Invalid text inside JSON columns and in types of an application's own is refused too, before anything is
// sent.
func TestInvalidTextInsideIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &kinds{})
		for name, set := range map[string]func(k *kinds){
			"JSONText": func(k *kinds) { k.JSONText = "{\"a\":\"\xff\"}" },
			"JSONRaw":  func(k *kinds) { k.JSONRaw = []byte("{\"a\":\"\x00\"}") },
			"Labels":   func(k *kinds) { k.Labels = labels{"a\x00"} },
			"no JSON":  func(k *kinds) { k.JSONText = "{a:1}" },
			"raw":      func(k *kinds) { k.JSONRaw = []byte("no") },
			"decimal":  func(k *kinds) { k.Decimal = "abc" },
			"empty":    func(k *kinds) { k.Decimal = "" },
			"infinite": func(k *kinds) { k.PDecimal = new("Infinity") },
			"uuid":     func(k *kinds) { k.UUID = "no uuid" },
		} {
			k := someKinds()
			set(k)
			e.Sends(t, 0, func() {
				err := model.Create(e.Ctx, e.DB, k)
				require.ErrorIs(t, err, model.ErrInvalidValue, name)
				require.ErrorContains(t, err, "kinds.", name)
			})
		}
		require.Zero(t, e.Count(t, "kinds"))
	})
}

// Bytes come back as they are, zero bytes and no text at all included; none is not NULL.
func TestBytesRoundTrip(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		every := make([]byte, 256)
		for i := range every {
			every[i] = byte(i)
		}
		var list []edge
		for name, b := range map[string][]byte{
			"every": every, "none": {}, "zero": {0}, "text": []byte("text"), "invalid": []byte("\xff\x00"), "hex": []byte(`\x00`),
			"large": []byte(strings.Repeat("\x00\xff", 1<<15)),
		} {
			list = append(list,
				edge{name, "Bytes", func(k *kinds) { k.Bytes = b }, b},
				edge{name, "PBytes", func(k *kinds) { k.PBytes = &b }, nil})
		}
		list = append(list, edge{"nil", "Bytes", func(k *kinds) { k.Bytes = nil }, nil})
		keptEverywhere(t, e, list)
	})
}

// JSON comes back with the same meaning, and inside a text column byte by byte.
func TestJSONRoundTrips(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		var list []edge
		for _, doc := range []string{
			`null`, `true`, `0`, `"text"`, `[]`, `{}`, `[1,"2",null,{"a":[]}]`, `{"é":"\u00e9","q":"'\"\\?"}`, `{"n":9007199254740993}`,
			`{"f":0.1,"g":-1.5e-7}`, `{"deep":[[[[[[[{"x":1}]]]]]]]}`,
		} {
			list = append(list,
				edge{doc, "JSONText", func(k *kinds) { k.JSONText = doc }, nil},
				edge{doc, "JSONRaw", func(k *kinds) { k.JSONRaw = []byte(doc) }, nil})
		}
		keptEverywhere(t, e, list)
	})
}
