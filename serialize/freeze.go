// SPDX-License-Identifier: MIT

package serialize

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
)

// frozen is a record for a cache. Values are in the form in which the database holds them.
type frozen struct {
	Format  int                        `json:"kindred"`
	Model   string                     `json:"model"`
	Saved   bool                       `json:"saved"`
	Deleted bool                       `json:"deleted,omitempty"`
	Values  map[string]json.RawMessage `json:"values"`
	Row     map[string]json.RawMessage `json:"row,omitempty"` // as loaded, where it differs from Values
}

const frozenFormat = 1

// Freeze returns a record with its key, hidden fields and what its row looked like, for a cache that nobody else reads:
// unlike [JSON] it hides nothing. Extras and relations are not kept. [Thaw] reads it.
func Freeze(rec any) ([]byte, error) {
	s, err := record.From(rec)
	if err != nil {
		return nil, err
	}
	f := frozen{
		Format: frozenFormat, Model: s.Model.Name, Saved: s.Persisted(), Deleted: s.Deleted(),
		Values: map[string]json.RawMessage{}, Row: map[string]json.RawMessage{},
	}
	for _, c := range s.Model.Columns {
		if !s.Selected(c) {
			continue
		}
		v, err := c.Bind(c.At(s.Owner))
		if err != nil {
			return nil, errs.Field(s.Model.Name+"."+c.Attr, err)
		}
		if f.Values[c.Attr], err = freeze(v); err != nil {
			return nil, errs.Field(s.Model.Name+"."+c.Attr, err)
		}
		if !s.Persisted() || !s.Changed(c) {
			continue
		}
		original, err := s.BindOriginal(c)
		if err != nil {
			return nil, errs.Field(s.Model.Name+"."+c.Attr, err)
		}
		if f.Row[c.Attr], err = freeze(original); err != nil {
			return nil, errs.Field(s.Model.Name+"."+c.Attr, err)
		}
	}
	return json.Marshal(f)
}

// Thaw fills a record with what [Freeze] has returned for one of the same model. It then knows what has changed since it
// was loaded, and belongs to no database until a call gives it one. A column that the model no longer has is an
// ErrUnknownColumn, the record of another model an ErrInvalidValue.
func Thaw(data []byte, rec any) error {
	s, err := record.From(rec)
	if err != nil {
		return err
	}
	var f frozen
	if err := json.Unmarshal(data, &f); err != nil {
		return errs.Hide(errs.ErrInvalidValue, err, "this is no frozen %s", s.Model.Name)
	}
	if f.Format != frozenFormat || f.Model != s.Model.Name {
		return errs.New(errs.ErrInvalidValue, "this is no frozen %s", s.Model.Name)
	}
	fresh := s.Model.New()
	row, selected, err := thawValues(s.Model, f.Values, fresh)
	if err != nil {
		return err
	}
	original, _, err := thawValues(s.Model, f.Row, nil)
	if err != nil {
		return err
	}
	for _, c := range s.Model.Columns {
		c.Clone(c.At(s.Owner), c.At(fresh))
	}
	maps.Copy(row, original)
	if !f.Saved {
		s.Thaw()
		return nil
	}
	if err := s.ThawSaved(row, selected); err != nil {
		return err
	}
	if f.Deleted {
		s.MarkDeleted()
	}
	return nil
}

// thawValues reads values by attribute, and stores them into the record at base if there is one.
func thawValues(
	m *meta.Model, values map[string]json.RawMessage, base memory.Ptr,
) (row map[*meta.Column]any, selected record.Columns, err error) {
	row, selected = map[*meta.Column]any{}, record.NewColumns(m)
	for name, raw := range values {
		c, ok := m.Column(name)
		if !ok || c.Attr != name {
			return nil, nil, errs.New(errs.ErrUnknownColumn, "the frozen %s has a column %s, which the model lacks", m.Name, ident.Quote(name))
		}
		v, err := thaw(raw)
		if err != nil {
			return nil, nil, errs.Field(m.Name+"."+name, err)
		}
		if base != nil {
			if err := c.Scan(c.At(base), v); err != nil {
				return nil, nil, errs.Field(m.Name+"."+name, errs.Wrap(errs.ErrInvalidValue, err, "frozen value"))
			}
		}
		row[c] = v
		selected.Add(c)
	}
	return row, selected, nil
}

// freeze writes a driver's value so that its type survives: {"i":"42"}, {"t":"2006-…"}.
func freeze(v any) (json.RawMessage, error) {
	switch v := v.(type) {
	case nil, bool, string:
		return json.Marshal(v)
	case int64:
		return json.Marshal(map[string]string{"i": strconv.FormatInt(v, 10)})
	case float64:
		return json.Marshal(map[string]string{"f": strconv.FormatFloat(v, 'g', -1, 64)})
	case time.Time:
		return json.Marshal(map[string]string{"t": v.UTC().Format(time.RFC3339Nano)})
	case []byte:
		return json.Marshal(map[string][]byte{"b": v})
	default:
		return nil, fmt.Errorf("a %T cannot be frozen", v)
	}
}

func thaw(raw json.RawMessage) (any, error) {
	var v any
	if err := meta.UnmarshalJSON(raw, &v); err != nil {
		return nil, errs.Hide(errs.ErrInvalidValue, err, "a frozen value cannot be read")
	}
	typed, ok := v.(map[string]any)
	if !ok {
		return v, nil
	}
	var err error
	for kind, inner := range typed {
		text, _ := inner.(string)
		switch kind {
		case "i":
			v, err = strconv.ParseInt(text, 10, 64)
		case "f":
			v, err = strconv.ParseFloat(text, 64)
		case "t":
			v, err = time.Parse(time.RFC3339Nano, text)
		case "b":
			var b struct{ B []byte }
			err = json.Unmarshal(raw, &b)
			v = b.B
		default:
			err = fmt.Errorf("unknown type %s", ident.Quote(kind))
		}
	}
	if err != nil {
		return nil, errs.Wrap(errs.ErrInvalidValue, err, "frozen value")
	}
	return v, nil
}
