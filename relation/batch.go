// SPDX-License-Identifier: MIT

package relation

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

// Batch is a call that finds a record for each of several rows by some of their values.
type Batch struct {
	*Rows

	keys []*meta.Column
	rows []Attrs
	ids  []string        // of each row, by its keys
	news []*record.State // a new record of each row

	found int // how many rows the last look has found
}

// Batch starts a call. What is wrong with names and values is found before anything is sent.
func (r *Rows) Batch(keys []string, rows []Attrs) (*Batch, error) {
	l := &Batch{Rows: r, rows: rows}
	for _, name := range keys {
		c, ok := r.m.Column(name)
		if !ok {
			return nil, r.m.UnknownColumn(name)
		}
		l.keys = append(l.keys, c)
	}
	if len(l.keys) == 0 {
		return nil, errs.New(errs.ErrMissingKey, "no columns to recognise the rows of %s by", r.m.Name)
	}
	for i, row := range rows {
		s, err := r.make()
		if err != nil {
			return nil, err
		}
		if err := s.Assign(row); err != nil {
			return nil, err
		}
		if r.adopt != nil { // the row may name the key too
			if err := r.adopt(s); err != nil {
				return nil, err
			}
		}
		for _, c := range l.keys {
			if !given(row, c) {
				return nil, errs.New(errs.ErrMissingKey, "row %d has no %s, by which rows of %s are recognised", i, c.Attr, r.m.Name)
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
func (l *Batch) id(base memory.Ptr) (string, error) {
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
func (l *Batch) find(ctx context.Context, h *tx.Handle, with func(*Query)) (map[string]*record.State, error) {
	q := newQuery(l.on(h))
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
	list, err := fetch(ctx, q.core.spec)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*record.State, len(list))
	for _, rec := range list {
		id, err := l.id(rec)
		if err != nil {
			return nil, err
		}
		if _, seen := out[id]; !seen {
			out[id] = record.Of(l.m, rec)
		}
	}
	l.found = len(out)
	return out, nil
}

// lock locks what is found, in an order that all calls share, so that none waits for another in turn.
func (l *Batch) lock(q *Query) {
	q.LockForUpdate()
	for _, c := range l.m.Keys {
		q.OrderBy(c.Attr)
	}
}

// merged returns the record of every row in the order of the rows: the one that exists, else the new
// one of the first row with its id. Those that are missing are sorted by id, so that concurrent calls
// insert them in the same order, and none waits for another in turn.
func (l *Batch) merged(found map[string]*record.State) (all, missing []*record.State) {
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
func (l *Batch) insert(ctx context.Context, h *tx.Handle, missing []*record.State) error {
	if len(missing) == 0 {
		return nil
	}
	if err := persist.InsertMany(ctx, h, missing, false); err != nil {
		return err
	}
	return l.inserted(ctx, h, missing...)
}

// whole runs fn in a transaction, and again if a unique index has refused a row and the next look
// finds more rows than the last one: those that other transactions have inserted meanwhile.
func (l *Batch) whole(ctx context.Context, fn func(ctx context.Context, h *tx.Handle) error) error {
	for before := -1; ; before = l.found {
		err := l.h.Atomic(ctx, fn)
		if !errors.Is(err, errs.ErrDuplicate) || isAfterCommit(err) {
			return err
		}
		if l.found <= before {
			return l.refused(ctx, err)
		}
	}
}

// refused explains a duplicate that is a soft deleted row.
func (l *Batch) refused(ctx context.Context, err error) error {
	if l.m.Deleted == nil {
		return err
	}
	trashed, failed := l.find(ctx, l.h, func(q *Query) { q.OnlyTrashed() })
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

// FetchOrNew returns the record of every row, or a new one that is not saved.
func (l *Batch) FetchOrNew(ctx context.Context) ([]*record.State, error) {
	if len(l.rows) == 0 {
		return nil, nil
	}
	found, err := l.find(ctx, l.h, nil)
	if err != nil {
		return nil, err
	}
	all, _ := l.merged(found)
	return all, nil
}

// FetchOrCreate returns the record of every row, and inserts what is missing.
func (l *Batch) FetchOrCreate(ctx context.Context) ([]*record.State, error) {
	return l.write(ctx, l.fetchOrCreate)
}

// UpdateOrCreate updates the record of every row, and inserts what is missing.
func (l *Batch) UpdateOrCreate(ctx context.Context) ([]*record.State, error) {
	return l.write(ctx, l.updateOrCreate)
}

func (l *Batch) write(
	ctx context.Context, fn func(ctx context.Context, h *tx.Handle) ([]*record.State, error),
) (all []*record.State, err error) {
	if len(l.rows) == 0 {
		return nil, nil
	}
	err = l.whole(ctx, func(ctx context.Context, h *tx.Handle) (err error) {
		all, err = fn(ctx, h)
		return err
	})
	return all, err
}

func (l *Batch) fetchOrCreate(ctx context.Context, h *tx.Handle) ([]*record.State, error) {
	found, err := l.find(ctx, h, nil)
	if err != nil {
		return nil, err
	}
	all, missing := l.merged(found)
	return all, l.insert(ctx, h, missing)
}

func (l *Batch) updateOrCreate(ctx context.Context, h *tx.Handle) ([]*record.State, error) {
	found, err := l.find(ctx, h, l.lock)
	if err != nil {
		return nil, err
	}
	all, missing := l.merged(found)
	for i, s := range all { // a later row with the same keys wins
		if err := s.Assign(l.rows[i]); err != nil {
			return nil, err
		}
		if l.adopt != nil { // the row may name the key too
			if err := l.adopt(s); err != nil {
				return nil, err
			}
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
