// SPDX-License-Identifier: MIT

package meta

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
)

// arrayCodec serves slices in a column of an array of PostgreSQL, where literal is true, and else in a text that is a JSON array. A nil
// slice is NULL.
func arrayCodec(t reflect.Type, literal bool) *Codec {
	list := element(t)
	one := valueCodec(list.Elem(), Plain)
	if one == nil {
		one = textualCodec(list.Elem())
	}
	a := array{list: list, one: one, literal: literal}
	c := &Codec{Type: t, Kind: Custom, Pointer: t.Kind() == reflect.Pointer, Nullable: true, Opaque: true, Deferred: true, text: true, Array: true}
	c.finish(list, a.scan, a.bind)
	c.cast = func(v any) (any, error) {
		p := memory.New(list)
		rv := reflect.ValueOf(v)
		if rv.Kind() != reflect.Slice || rv.Type().Elem().Kind() == reflect.Uint8 && one.Kind != Uint {
			return nil, wrongType(v, "a "+list.String())
		}
		out := reflect.MakeSlice(list, rv.Len(), rv.Len())
		for i := range rv.Len() {
			if err := one.Assign(out.Index(i).Addr().UnsafePointer(), rv.Index(i).Interface()); err != nil {
				return nil, err
			}
		}
		memory.Value(list, p).Set(out)
		return a.bind(p)
	}
	return c
}

// array moves a slice to and from its text.
type array struct {
	list    reflect.Type
	one     *Codec
	literal bool
}

func (a array) bind(p memory.Ptr) (any, error) {
	list := memory.Value(a.list, p)
	if list.IsNil() {
		return nil, nil //nolint:nilnil // nil is the driver's NULL.
	}
	marks := "[]"
	if a.literal {
		marks = "{}"
	}
	out := []byte{marks[0]}
	for i := range list.Len() {
		v, err := a.one.Bind(list.Index(i).Addr().UnsafePointer())
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		if out, err = a.append(out, v); err != nil {
			return nil, err
		}
	}
	return string(append(out, marks[1])), nil
}

// append appends one bound element.
func (a array) append(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		if a.literal {
			return append(dst, "NULL"...), nil
		}
		return append(dst, "null"...), nil
	case int64:
		return strconv.AppendInt(dst, v, 10), nil
	case float64:
		return strconv.AppendFloat(dst, v, 'g', -1, 64), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case time.Time:
		return append(v.AppendFormat(append(dst, '"'), time.RFC3339Nano), '"'), nil
	case []byte:
		if a.literal {
			return append(hex.AppendEncode(append(dst, `"\\x`...), v), '"'), nil
		}
		return append(base64.StdEncoding.AppendEncode(append(dst, '"'), v), '"'), nil
	case string:
		if !a.literal {
			text, err := json.Marshal(v)
			return append(dst, text...), err
		}
		return append(append(append(dst, '"'), strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(v)...), '"'), nil
	default:
		return nil, errs.New(errs.ErrInvalidValue, "an array of %T", v)
	}
}

func (a array) scan(p memory.Ptr, src any) error {
	list := memory.Value(a.list, p)
	list.SetZero()
	if src == nil {
		return nil
	}
	text, err := toString(src)
	if err != nil {
		return err
	}
	values, err := a.elements(text)
	if err != nil {
		return err
	}
	out := reflect.MakeSlice(a.list, len(values), len(values))
	for i, v := range values {
		if err := a.one.Scan(out.Index(i).Addr().UnsafePointer(), v); err != nil {
			return err
		}
	}
	list.Set(out)
	return nil
}

// elements splits the text of an array into values that a driver could have returned.
func (a array) elements(text string) ([]any, error) {
	if !strings.HasPrefix(text, "{") {
		_, body, bounds := strings.Cut(text, "]={") // "[0:1]={a,b}"
		if !bounds || !strings.HasPrefix(text, "[") {
			return a.fromJSON(text)
		}
		text = "{" + body
	}
	texts, ok := splitArray(text)
	if !ok {
		return nil, errs.New(errs.ErrInvalidValue, "the database holds an array that cannot be read as %s", a.list)
	}
	values := make([]any, len(texts))
	for i, t := range texts {
		if t == nil {
			continue
		}
		values[i] = *t
		if digits, isHex := strings.CutPrefix(*t, `\x`); isHex && a.one.Kind == Bytes {
			raw, err := hex.DecodeString(digits)
			if err != nil {
				return nil, errs.Conceal(err, "the database holds bytes that cannot be read")
			}
			values[i] = raw
		}
	}
	return values, nil
}

func (a array) fromJSON(text string) ([]any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	values := []any{}
	if err := d.Decode(&values); err != nil || d.More() {
		return nil, errs.New(errs.ErrInvalidValue, "the database holds a text that cannot be read as %s", a.list)
	}
	for i, v := range values {
		switch v := v.(type) {
		case json.Number:
			values[i] = v.String()
		case string:
			if a.one.Kind == Bytes {
				raw, err := base64.StdEncoding.DecodeString(v)
				if err != nil {
					return nil, errs.Conceal(err, "the database holds bytes that cannot be read")
				}
				values[i] = raw
			}
		case nil, bool:
		default:
			return nil, errs.New(errs.ErrInvalidValue, "the database holds an array of %T that cannot be read as %s", v, a.list)
		}
	}
	return values, nil
}

// splitArray reads the literal of an array of one dimension; nil is NULL.
func splitArray(s string) ([]*string, bool) {
	body, ok := strings.CutSuffix(strings.TrimPrefix(s, "{"), "}")
	if !ok || len(s) < 2 {
		return nil, false
	}
	list := []*string{}
	for i := 0; i < len(body); {
		var b bytes.Buffer
		quoted := body[i] == '"'
		if quoted {
			i++
		}
		for ; i < len(body); i++ {
			if c := body[i]; quoted && c == '"' || !quoted && c == ',' {
				break
			} else if c == '\\' {
				i++
			} else if !quoted && (c == '{' || c == '"') {
				return nil, false // a further dimension
			}
			if i == len(body) {
				return nil, false
			}
			b.WriteByte(body[i])
		}
		if quoted {
			if i == len(body) {
				return nil, false
			}
			i++
		}
		if text := b.String(); quoted || !strings.EqualFold(text, "null") {
			list = append(list, &text)
		} else {
			list = append(list, nil)
		}
		switch {
		case i == len(body):
		case body[i] != ',' || i+1 == len(body):
			return nil, false
		default:
			i++
		}
	}
	return list, true
}
