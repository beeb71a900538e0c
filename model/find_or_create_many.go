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
type batch struct {
	h    *tx.Handle
	m    *meta.Model
	keys []*meta.Column
	rows []Attrs
	ids  []string        // of each row, by its keys
	news []*record.State // a new record of each row

	found int // how many rows the last look has found
}

func newBatch(ctx context.Context, db *DB, t reflect.Type, keys []string, rows []Attrs) (*batch, error) {
	h, err := tx.ForArgument(ctx, db.handleOf())
	if err != nil {
		return nil, err
	}
	m, err := h.Database().Models.Model(t)
	if err != nil {
		return nil, err
	}
	l := &batch{h: h, m: m, rows: rows}
	if l.keys, err = columnsOf(m, keys); err != nil {
		return nil, err
	}
	if len(l.keys) == 0 {
		return nil, errs.New(errs.ErrMissingKey, "no columns to recognise the rows of %s by", m.Name)
	}
	for i, row := range rows {
		s := newRecord(h, m)
		if err := s.Assign(row); err != nil {
			return nil, err
		}
		for _, c := range l.keys {
			if !given(row, c) {
				return nil, errs.New(errs.ErrMissingKey, "row %d has no %s, by which rows of %s are recognised", i, c.Attr, m.Name)
			}
		}
		id, err := l.id(s.Owner)
		if err != nil {
			return nil, err
		}
		l.ids, l.news = append(l.ids, id), append(l.news, s)
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
func (l *batch) id(base memory.Ptr) (string, error) {
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
func (l *batch) find(ctx context.Context, h *tx.Handle, with func(*Builder[untyped])) (map[string]*record.State, error) {
	q := queryOf(h, l.m)
	if with != nil {
		with(q)
	}
	for _, c := range l.keys {
		values := make([]any, 0, len(l.news))
		for _, s := range l.news {
			v, err := c.Bind(c.At(s.Owner))
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
	out := make(map[string]*record.State, len(list))
	for _, rec := range list {
		id, err := l.id(memory.Of(rec))
		if err != nil {
			return nil, err
		}
		if _, seen := out[id]; !seen {
			out[id] = record.Of(l.m, memory.Of(rec))
		}
	}
	l.found = len(out)
	return out, nil
}

// lock locks what is found, in an order that all calls share, so that none waits for another in turn.
func (l *batch) lock(q *Builder[untyped]) {
	q.LockForUpdate()
	for _, c := range l.m.Keys {
		q.OrderBy(c.Attr)
	}
}

// merged returns the record of every row in the order of the rows: the one that exists, else the new
// one of the first row with its id. Those that are missing are sorted by id, so that concurrent calls
// insert them in the same order, and none waits for another in turn.
func (l *batch) merged(found map[string]*record.State) (all, missing []*record.State) {
	all = make([]*record.State, len(l.ids))
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
func (l *batch) insert(ctx context.Context, h *tx.Handle, missing []*record.State) error {
	if len(missing) == 0 {
		return nil
	}
	return persist.InsertMany(ctx, h, missing, false)
}

// atomic runs fn in a transaction, and again if a unique index has refused a row and the next look
// finds more rows than the last one: those that other transactions have inserted meanwhile.
func (l *batch) atomic(ctx context.Context, fn func(ctx context.Context, h *tx.Handle) error) error {
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
func (l *batch) refused(ctx context.Context, err error) error {
	if l.m.Deleted == nil {
		return err
	}
	trashed, failed := l.find(ctx, l.h, func(q *Builder[untyped]) { q.OnlyTrashed() })
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

// foundAll returns the records that a call ends with, as long as it did not fail.
func foundAll[T any](t reflect.Type, op string, all []*record.State, err error) ([]*T, error) {
	if all == nil || err != nil && !errors.Is(err, ErrAfterCommit) {
		return nil, errs.In(t.Name(), op, err)
	}
	out := make([]*T, len(all))
	for i, s := range all {
		out[i] = memory.At[T](s.Owner)
	}
	return out, errs.In(t.Name(), op, err)
}

// FetchOrNewUpMany returns, in the order of rows, the record with each row's values in the key
// columns, or a new one, not saved, of the row. Rows with equal keys share a record. One statement,
// none without rows. A row without a key is an ErrMissingKey.
func FetchOrNewUpMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]*T, error) {
	t := reflect.TypeFor[T]()
	all, err := fetchOrNewUpMany(ctx, db, t, keys, rows)
	return foundAll[T](t, "fetch or new up many", all, err)
}

func fetchOrNewUpMany(ctx context.Context, db *DB, t reflect.Type, keys []string, rows []Attrs) ([]*record.State, error) {
	l, err := newBatch(ctx, db, t, keys, rows)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	found, err := l.find(ctx, l.h, nil)
	if err != nil {
		return nil, err
	}
	all, _ := l.merged(found)
	return all, nil
}

// FetchOrCreateMany is FetchOrNewUpMany that inserts what is missing, with hooks, in one transaction:
// a SELECT and one INSERT per chunk and set of columns. Records that exist stay as they are. With a
// unique index on the key columns, concurrent calls insert every row once; to that end, what is
// missing is inserted in the order of its keys, and looked for again if another call was faster.
func FetchOrCreateMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]*T, error) {
	t := reflect.TypeFor[T]()
	all, err := writeBatch(ctx, db, t, keys, rows, (*batch).fetchOrCreate)
	return foundAll[T](t, "fetch or create many", all, err)
}

// UpdateOrCreateMany is FetchOrCreateMany that locks the records that exist and updates them by their
// rows, one UPDATE per record that changes.
func UpdateOrCreateMany[T any, P Model[T]](ctx context.Context, db *DB, keys []string, rows []Attrs) ([]*T, error) {
	t := reflect.TypeFor[T]()
	all, err := writeBatch(ctx, db, t, keys, rows, (*batch).updateOrCreate)
	return foundAll[T](t, "update or create many", all, err)
}

// writeBatch runs a write on a batch in a transaction.
func writeBatch(
	ctx context.Context, db *DB, t reflect.Type, keys []string, rows []Attrs,
	write func(l *batch, ctx context.Context, h *tx.Handle) ([]*record.State, error),
) ([]*record.State, error) {
	l, err := newBatch(ctx, db, t, keys, rows)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var all []*record.State
	err = l.atomic(ctx, func(ctx context.Context, h *tx.Handle) (err error) {
		all, err = write(l, ctx, h)
		return err
	})
	return all, err
}

func (l *batch) fetchOrCreate(ctx context.Context, h *tx.Handle) ([]*record.State, error) {
	found, err := l.find(ctx, h, nil)
	if err != nil {
		return nil, err
	}
	all, missing := l.merged(found)
	return all, l.insert(ctx, h, missing)
}

func (l *batch) updateOrCreate(ctx context.Context, h *tx.Handle) ([]*record.State, error) {
	found, err := l.find(ctx, h, l.lock)
	if err != nil {
		return nil, err
	}
	all, missing := l.merged(found)
	for i, s := range all { // a later row with the same keys wins
		if err := s.Assign(l.rows[i]); err != nil {
			return nil, err
		}
	}
	saved := map[*record.State]bool{}
	for _, s := range missing {
		saved[s] = true
	}
	if err := l.insert(ctx, h, missing); err != nil {
		return nil, err
	}
	for _, s := range all {
		if saved[s] {
			continue
		}
		saved[s] = true
		if err := persist.Save(ctx, h, s, false); err != nil {
			return nil, err
		}
	}
	return all, nil
}
