// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"reflect"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/tx"
)

// fetch returns all records of the query. It sends one statement.
func fetch(ctx context.Context, of *query.Spec) ([]memory.Ptr, error) {
	ctx, h, spec, err := start(ctx, of, meta.Fetching)
	if err != nil {
		return nil, err
	}
	records, err := load(ctx, h, spec)
	if err != nil {
		return nil, err
	}
	return records, afterMany(ctx, spec.Model, records, meta.Fetched)
}

// afterMany runs the hooks that get all records of a result.
func afterMany(ctx context.Context, m *meta.Model, records []memory.Ptr, moments ...meta.Moment) error {
	if meta.IsQuiet(ctx) {
		return nil
	}
	for _, moment := range moments {
		for _, hook := range m.Hooks.Many[moment] {
			if err := hook(ctx, records); err != nil {
				return err
			}
		}
	}
	return nil
}

// one returns the first record of the query, or ErrNotFound. It sends one statement.
func one(ctx context.Context, of *query.Spec) (memory.Ptr, error) {
	ctx, h, spec, err := start(ctx, of, meta.Finding)
	if err != nil {
		return nil, err
	}
	limit := 1
	if spec.Limit == nil || *spec.Limit > 1 {
		spec.Limit = &limit
	}
	records, err := load(ctx, h, spec)
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return nil, errs.ErrNotFound
	}
	return records[0], found(ctx, spec.Model, records[0])
}

func found(ctx context.Context, m *meta.Model, record memory.Ptr) error {
	if meta.IsQuiet(ctx) {
		return nil
	}
	for _, hook := range m.Hooks.Record[meta.Found] {
		if err := hook(ctx, record); err != nil {
			return err
		}
	}
	return nil
}

// find returns the record with a key. The key is checked before anything is sent.
func find(ctx context.Context, of *query.Spec, id any) (memory.Ptr, error) {
	if of.Err != nil {
		return nil, of.Err
	}
	keys, err := KeyValues(of.Model, id)
	if err != nil {
		return nil, err
	}
	if of.All() && len(of.Model.Globals) == 0 && len(of.Model.Hooks.Query[meta.Finding]) == 0 {
		h, err := tx.ForArgument(ctx, of.Handle)
		if err != nil {
			return nil, err
		}
		if h.InTransaction() {
			ctx = tx.With(ctx, h)
		}
		record, err := query.Alive(ctx, h, of.Model, keys)
		if err != nil {
			return nil, err
		}
		if record == nil {
			return nil, errs.ErrNotFound
		}
		return record, found(ctx, of.Model, record)
	}
	spec := of.Clone()
	for i, c := range spec.Model.Keys {
		spec.Require(query.Bound{Column: c, Value: keys[i]})
	}
	return one(ctx, spec)
}

// KeyValues returns an id as values to bind: a scalar, or for a composite key Attrs or a slice with
// one value per column of the key.
func KeyValues(m *meta.Model, id any) ([]any, error) {
	if len(m.Keys) == 1 {
		v, err := keyValue(m.Keys[0], id)
		return []any{v}, err
	}
	parts := make([]any, len(m.Keys))
	switch id := id.(type) {
	case Attrs:
		if len(id) != len(parts) {
			return nil, errs.New(errs.ErrInvalidKey, "the key of %s has %d columns, not %d", m.Name, len(parts), len(id))
		}
		for i, c := range m.Keys {
			v, ok := id[c.Attr]
			if !ok {
				v, ok = id[c.Name]
			}
			if !ok {
				return nil, errs.New(errs.ErrInvalidKey, "the key of %s lacks %s", m.Name, c.Attr)
			}
			parts[i] = v
		}
	case []any:
		if len(id) != len(parts) {
			return nil, errs.New(errs.ErrInvalidKey, "the key of %s has %d columns, not %d", m.Name, len(parts), len(id))
		}
		copy(parts, id)
	default:
		return nil, errs.New(errs.ErrInvalidKey, "the key of %s has %d columns; pass Attrs or a []any", m.Name, len(parts))
	}
	for i, c := range m.Keys {
		v, err := keyValue(c, parts[i])
		if err != nil {
			return nil, err
		}
		parts[i] = v
	}
	return parts, nil
}

func keyValue(c *meta.Column, id any) (any, error) {
	v, err := c.Cast(id)
	if err != nil {
		return nil, errs.Hide(errs.ErrInvalidKey, err, "%s.%s: %s", c.Model.Name, c.Attr, keyProblem(id, c))
	}
	if v == "" {
		return nil, errs.New(errs.ErrInvalidKey, "%s.%s: an empty text", c.Model.Name, c.Attr)
	}
	return v, nil
}

func keyProblem(id any, c *meta.Column) string {
	if id == nil {
		return "nil is no key"
	}
	return "this " + reflect.TypeOf(id).String() + " is no " + c.Type.String()
}

// keyList is keyValue for a list.
func keyList(m *meta.Model, ids []any) ([]any, error) {
	key, err := m.Key()
	if err != nil {
		return nil, err
	}
	out := make([]any, len(ids))
	for i, id := range ids {
		if out[i], err = keyValue(key, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// flatten takes slices among ids apart.
func flatten(ids []any) []any {
	out := make([]any, 0, len(ids))
	for _, id := range ids {
		v := reflect.ValueOf(id)
		if v.Kind() != reflect.Slice || v.Type().Elem().Kind() == reflect.Uint8 {
			out = append(out, id)
			continue
		}
		for i := range v.Len() {
			out = append(out, v.Index(i).Interface())
		}
	}
	return out
}

// findMany returns the records with the keys, in the order of the keys, each once; keys without a
// row are left out. No keys, no statement.
func findMany(ctx context.Context, of *query.Spec, ids []any) ([]memory.Ptr, error) {
	if of.Err != nil {
		return nil, of.Err
	}
	keys, err := keyList(of.Model, flatten(ids))
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	spec, key := of.Clone(), of.Model.Keys[0]
	spec.Require(query.Keys{IDs: keys})
	if len(spec.Columns) > 0 { // the records are put into order by their keys
		spec.Columns = append(spec.Columns, query.Selection{Column: key.Attr})
	}
	records, err := fetch(ctx, spec)
	if err != nil {
		return nil, err
	}
	byKey := make(map[any]memory.Ptr, len(records))
	for _, record := range records {
		v, err := key.Bind(key.At(record))
		if err != nil {
			return nil, err
		}
		byKey[mapKey(v)] = record
	}
	out := make([]memory.Ptr, 0, len(records))
	for _, k := range keys {
		if record, ok := byKey[mapKey(k)]; ok {
			out = append(out, record)
			delete(byKey, mapKey(k))
		}
	}
	return out, nil
}

// mapKey returns a bound value in a form that can be a map key.
func mapKey(v any) any {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return v
}

// sole returns the only record of the query.
func sole(ctx context.Context, of *query.Spec) (memory.Ptr, error) {
	ctx, h, spec, err := start(ctx, of, meta.Finding)
	if err != nil {
		return nil, err
	}
	limit := 2
	if spec.Limit == nil || *spec.Limit > limit {
		spec.Limit = &limit
	}
	records, err := load(ctx, h, spec)
	switch {
	case err != nil:
		return nil, err
	case len(records) == 0:
		return nil, errs.ErrNotFound
	case len(records) > 1:
		return nil, errs.New(errs.ErrNotUnique, "%s; First takes one of them", spec.Model.Name)
	}
	return records[0], found(ctx, spec.Model, records[0])
}

// failed names model and operation in an error.
func failed(spec *query.Spec, op string, err error) error {
	if err == nil {
		return nil
	}
	if spec.Model == nil {
		return err
	}
	return errs.In(spec.Model.Name, op, err)
}
