// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// batch is a call that finds a record for each of several rows by some of their values.
type batch[T any, P Model[T]] struct {
	h    *tx.Handle
	m    *meta.Model
	keys []*meta.Column
	rows []Attrs
	ids  []string // of each row, by its keys
	news []*T     // a new record of each row

	found int // how many rows the last look has found
}

func newBatch[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) (*batch[T, P], error) {
	h, err := tx.ForArgument(ctx, db.handleOf())
	if err != nil {
		return nil, err
	}
	m, err := h.Database().Models.Model(reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	l := &batch[T, P]{h: h, m: m, rows: rows}
	if l.keys, err = columnsOf(m, keys); err != nil {
		return nil, err
	}
	if len(l.keys) == 0 {
		return nil, errs.New(errs.ErrMissingKey, "no columns to recognise the rows of %s by", m.Name)
	}
	for i, row := range rows {
		rec := new(T)
		s, err := stateOf[T, P](rec)
		if err != nil {
			return nil, err
		}
		s.Model, s.Handle = m, h
		if err := s.Assign(row); err != nil {
			return nil, err
		}
		for _, c := range l.keys {
			if !given(row, c) {
				return nil, errs.New(errs.ErrMissingKey, "row %d has no %s, by which rows of %s are recognised", i, c.Attr, m.Name)
			}
		}
		id, err := l.id(memory.Of(rec))
		if err != nil {
			return nil, err
		}
		l.ids, l.news = append(l.ids, id), append(l.news, rec)
	}
	return l, nil
}

func given(row Attrs, c *meta.Column) bool {
	for _, name := range []string{c.Attr, c.Name} {
		if v, ok := row[name]; ok {
			return v != nil
		}
	}
	return false
}

// id returns the key values of a record as one text.
func (l *batch[T, P]) id(base memory.Ptr) (string, error) {
	var b strings.Builder
	for _, c := range l.keys {
		v, err := c.Bind(c.At(base))
		if err != nil {
			return "", errs.Field(l.m.Name+"."+c.Attr, err)
		}
		b.WriteString(persist.KeyText(c.Canonical(v)))
	}
	return b.String(), nil
}

// find returns the records that exist, by id. It compares every key column with the list of its
// values, and drops combinations that are not asked for.
func (l *batch[T, P]) find(ctx context.Context, h *tx.Handle, with func(*Builder[T])) (map[string]*T, error) {
	q := Query[T, P](&DB{h: h})
	if with != nil {
		with(q)
	}
	for _, c := range l.keys {
		values := make([]any, 0, len(l.news))
		for _, rec := range l.news {
			v, err := c.Bind(c.At(memory.Of(rec)))
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(values[max(0, len(values)-1):], func(other any) bool { return reflect.DeepEqual(v, other) }) {
				values = append(values, v)
			}
		}
		q.WhereIn(c.Attr, values)
	}
	list, err := q.All(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*T, len(list))
	for _, rec := range list {
		id, err := l.id(memory.Of(rec))
		if err != nil {
			return nil, err
		}
		if _, seen := out[id]; !seen {
			out[id] = rec
		}
	}
	l.found = len(out)
	return out, nil
}

// lock locks what is found, in an order that all calls share, so that none waits for another in turn.
func (l *batch[T, P]) lock(q *Builder[T]) {
	q.LockForUpdate()
	for _, c := range l.m.Keys {
		q.OrderBy(c.Attr)
	}
}

// merged returns the record of every row in the order of the rows: the one that exists, else the new
// one of the first row with its id. Those that are missing are sorted by id, so that concurrent calls
// insert them in the same order, and none waits for another in turn.
func (l *batch[T, P]) merged(found map[string]*T) (all, missing []*T) {
	all = make([]*T, len(l.ids))
	var ids []string
	for i, id := range l.ids {
		rec, ok := found[id]
		if !ok {
			rec = l.news[i]
			found[id] = rec
			ids = append(ids, id)
		}
		all[i] = rec
	}
	slices.Sort(ids)
	for _, id := range ids {
		missing = append(missing, found[id])
	}
	return all, missing
}

// insert inserts what is missing.
func (l *batch[T, P]) insert(ctx context.Context, h *tx.Handle, missing []*T) error {
	if len(missing) == 0 {
		return nil
	}
	list := make([]*record.State, len(missing))
	for i, rec := range missing {
		var err error
		if list[i], err = stateOf[T, P](rec); err != nil {
			return err
		}
	}
	return persist.InsertMany(ctx, h, list, false)
}

// atomic runs fn in a transaction, and again if a unique index has refused a row and the next look
// finds more rows than the last one: those that other transactions have inserted meanwhile.
func (l *batch[T, P]) atomic(ctx context.Context, fn func(ctx context.Context, h *tx.Handle) error) error {
	for before := -1; ; before = l.found {
		err := l.h.Atomic(ctx, fn)
		if !errors.Is(err, ErrDuplicate) || errors.Is(err, ErrAfterCommit) {
			return err
		}
		if l.found <= before {
			return l.refused(ctx, err)
		}
	}
}

// refused explains a duplicate that is a soft deleted row.
func (l *batch[T, P]) refused(ctx context.Context, err error) error {
	if l.m.Deleted == nil {
		return err
	}
	trashed, failed := l.find(ctx, l.h, func(q *Builder[T]) { q.OnlyTrashed() })
	if failed != nil {
		return failed
	}
	for _, id := range l.ids {
		if trashed[id] != nil {
			return errs.Hide(errs.ErrDuplicate, err, "a soft deleted %s has these values; find it by WithTrashed and Restore it", l.m.Name)
		}
	}
	return err
}

// FetchOrNewUpMany returns, in the order of rows, the record with each row's values in the key
// columns, or a new one, not saved, of the row. Rows with equal keys share a record. One statement,
// none without rows. A row without a key is an ErrMissingKey.
func FetchOrNewUpMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]*T, error) {
	l, err := newBatch[T, P](ctx, db, keys, rows)
	var all []*T
	if err == nil && len(rows) > 0 {
		var found map[string]*T
		if found, err = l.find(ctx, l.h, nil); err == nil {
			all, _ = l.merged(found)
		}
	}
	return all, errs.In(name[T](), "fetch or new up many", err)
}

// FetchOrCreateMany is FetchOrNewUpMany that inserts what is missing, with hooks, in one transaction:
// a SELECT and one INSERT per chunk and set of columns. Records that exist stay as they are. With a
// unique index on the key columns, concurrent calls insert every row once; to that end, what is
// missing is inserted in the order of its keys, and looked for again if another call was faster.
func FetchOrCreateMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]*T, error) {
	l, err := newBatch[T, P](ctx, db, keys, rows)
	var all []*T
	if err == nil && len(rows) > 0 {
		err = l.atomic(ctx, func(ctx context.Context, h *tx.Handle) error {
			found, err := l.find(ctx, h, nil)
			if err != nil {
				return err
			}
			var missing []*T
			all, missing = l.merged(found)
			return l.insert(ctx, h, missing)
		})
	}
	if err != nil && !errors.Is(err, ErrAfterCommit) {
		all = nil
	}
	return all, errs.In(name[T](), "fetch or create many", err)
}

// UpdateOrCreateMany is FetchOrCreateMany that locks the records that exist and updates them by their
// rows, one UPDATE per record that changes.
func UpdateOrCreateMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]*T, error) {
	l, err := newBatch[T, P](ctx, db, keys, rows)
	var all []*T
	if err == nil && len(rows) > 0 {
		err = l.atomic(ctx, func(ctx context.Context, h *tx.Handle) error {
			var err error
			all, err = l.updateOrCreate(ctx, h)
			return err
		})
	}
	if err != nil && !errors.Is(err, ErrAfterCommit) {
		all = nil
	}
	return all, errs.In(name[T](), "update or create many", err)
}

func (l *batch[T, P]) updateOrCreate(ctx context.Context, h *tx.Handle) ([]*T, error) {
	found, err := l.find(ctx, h, l.lock)
	if err != nil {
		return nil, err
	}
	all, missing := l.merged(found)
	for i, rec := range all { // a later row with the same keys wins
		s, err := stateOf[T, P](rec)
		if err == nil {
			err = s.Assign(l.rows[i])
		}
		if err != nil {
			return nil, err
		}
	}
	saved := map[*T]bool{}
	for _, rec := range missing {
		saved[rec] = true
	}
	if err := l.insert(ctx, h, missing); err != nil {
		return nil, err
	}
	for _, rec := range all {
		if saved[rec] {
			continue
		}
		saved[rec] = true
		s, err := stateOf[T, P](rec)
		if err == nil {
			err = persist.Save(ctx, h, s, false)
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
