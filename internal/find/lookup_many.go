// SPDX-License-Identifier: MIT

package find

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// LookupMany is a call that finds a record for each of several lists of values, by some of the values, or makes one.
type LookupMany struct {
	rows    *Rows
	columns []*meta.Column // by which records are found
	values  []map[string]any
	tuples  *key.Tuples     // of each list, its values in the columns
	texts   []string        // of each list, what it is sorted by; see key.TextOf
	fresh   []*record.State // a new record of each list

	found int // how many records the last look has found
	looks int // how often orCreate has looked
}

// NewLookupMany returns a call that finds records by the named columns. What is wrong with names and values is found before
// anything is sent.
func NewLookupMany(rows *Rows, columns []string, values []map[string]any) (*LookupMany, error) {
	l := &LookupMany{rows: rows, values: values}
	m := rows.Model
	for _, name := range columns {
		c, ok := m.Column(name)
		if !ok {
			return nil, m.UnknownColumn(name)
		}
		l.columns = append(l.columns, c)
	}
	if len(l.columns) == 0 {
		return nil, errs.New(errs.ErrMissingKey, "no columns to recognise the rows of %s by", m.Name)
	}
	l.tuples = key.NewTuples(l.columns, len(values))
	for i, list := range values {
		s, err := rows.make(list)
		if err != nil {
			return nil, err
		}
		for _, c := range l.columns {
			if !given(list, c) {
				return nil, errs.New(errs.ErrMissingKey, "row %d has no %s, by which rows of %s are recognised", i, c.Attr, m.Name)
			}
		}
		text, err := key.TextOf(l.columns, s.Owner)
		if err != nil {
			return nil, err
		}
		if err := l.tuples.Add(s.Owner); err != nil {
			return nil, err
		}
		l.texts, l.fresh = append(l.texts, text), append(l.fresh, s)
	}
	return l, nil
}

func given(values map[string]any, c *meta.Column) bool {
	v, ok := values[c.Attr]
	if !ok {
		v, ok = values[c.Name]
	}
	return ok && v != nil
}

// find returns the records that exist, by the text of their tuple. It compares every column with the list of its values, and
// drops combinations that are not asked for. The database is asked which values are equal, if several may be.
func (l *LookupMany) find(ctx context.Context, h *tx.Handle, with ...func(*query.Spec)) (map[string]*record.State, error) {
	if err := l.tuples.Merge(ctx, h); err != nil {
		return nil, err
	}
	spec := l.rows.on(h)
	for _, fn := range with {
		fn(spec)
	}
	for i, c := range l.columns {
		spec.Add(query.And, query.In{Column: c.Attr, Values: l.tuples.Values(i)})
	}
	list, err := All(ctx, spec)
	if err != nil {
		return nil, err
	}
	texts, err := l.tuples.Resolve(ctx, h, list, key.ByValues)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*record.State, len(list))
	for i, p := range list {
		if out[texts[i]] == nil {
			out[texts[i]] = record.Of(l.rows.Model, p)
		}
	}
	l.found = len(out)
	return out, nil
}

// lock locks the rows that are found in the order of their keys, so that concurrent calls do not lock each other out.
func (l *LookupMany) lock(spec *query.Spec) {
	spec.Lock.Mode = query.ForUpdate
	for _, c := range l.rows.Model.Keys {
		spec.Orders = append(spec.Orders, query.Order{Column: c.Attr})
	}
}

// findToUpdate is find under locks, in a transaction that is not the caller's or where there is something to lock.
func (l *LookupMany) findToUpdate(ctx context.Context, h *tx.Handle) (map[string]*record.State, error) {
	if l.looks++; l.looks == 1 && gaps(l.rows.Handle) {
		if found, err := l.find(ctx, h); err != nil || len(found) == 0 {
			return found, err
		}
	}
	return l.find(ctx, h, l.lock)
}

// again looks for rows that others have committed since the first SELECT.
func (l *LookupMany) again(spec *query.Spec) {
	if l.looks > 0 {
		latest(spec)
	}
	l.looks++
}

// merge returns the record of every list, in order: the one that was found, else the new one of the first list with equal values.
// Those that are missing are sorted by text, so that concurrent calls insert them in the same order and do not lock each
// other out.
func (l *LookupMany) merge(found map[string]*record.State) (all, missing []*record.State) {
	all = make([]*record.State, len(l.texts))
	var at []int
	for i := range l.texts {
		tuple := l.tuples.Of(i)
		s, ok := found[tuple]
		if !ok {
			s = l.fresh[i]
			found[tuple] = s
			at = append(at, i)
		}
		all[i] = s
	}
	slices.SortFunc(at, func(i, j int) int { return strings.Compare(l.texts[i], l.texts[j]) })
	for _, i := range at {
		missing = append(missing, l.fresh[i])
	}
	return all, missing
}

// insert inserts the records that are missing.
func (l *LookupMany) insert(ctx context.Context, h *tx.Handle, missing []*record.State) error {
	if len(missing) == 0 {
		return nil
	}
	if err := persist.InsertMany(ctx, h, missing); err != nil {
		return err
	}
	return l.rows.attach(ctx, h, missing...)
}

// retry runs fn in a transaction, and again if a unique index has refused a row and the next look finds more rows than the
// last one: those that other transactions have inserted meanwhile.
func (l *LookupMany) retry(ctx context.Context, fn func(ctx context.Context, h *tx.Handle) error) error {
	for before := -1; ; before = l.found {
		err := l.rows.Handle.Contended(ctx, fn)
		if !errors.Is(err, errs.ErrDuplicate) || errs.AfterCommit(err) {
			return err
		}
		if l.found <= before {
			return l.explain(ctx, err)
		}
	}
}

// explain returns the error for a duplicate, which may be a soft deleted row.
func (l *LookupMany) explain(ctx context.Context, duplicate error) error {
	m := l.rows.Model
	if m.Deleted == nil {
		return duplicate
	}
	trashed, err := l.find(ctx, l.rows.Handle, onlyTrashed)
	if err != nil {
		return err
	}
	for i := range l.texts {
		if trashed[l.tuples.Of(i)] != nil {
			return errs.Hide(errs.ErrDuplicate, duplicate,
				"a soft deleted %s has these values; find it by WithTrashed and Restore it", m.Name)
		}
	}
	return duplicate
}

// OrNew returns the record of every list, or a new one that is not saved. It sends one statement, none without lists.
func (l *LookupMany) OrNew(ctx context.Context) ([]*record.State, error) {
	if len(l.values) == 0 {
		return nil, nil
	}
	found, err := l.find(ctx, l.rows.Handle)
	if err != nil {
		return nil, err
	}
	all, _ := l.merge(found)
	return all, nil
}

// OrCreate returns the record of every list, and inserts what is missing, in one transaction.
func (l *LookupMany) OrCreate(ctx context.Context) ([]*record.State, error) {
	return l.write(ctx, l.orCreate)
}

// UpdateOrCreate updates the record of every list, and inserts what is missing, in one transaction.
func (l *LookupMany) UpdateOrCreate(ctx context.Context) ([]*record.State, error) {
	return l.write(ctx, l.updateOrCreate)
}

func (l *LookupMany) write(
	ctx context.Context, fn func(ctx context.Context, h *tx.Handle) ([]*record.State, error),
) (all []*record.State, err error) {
	if len(l.values) == 0 {
		return nil, nil
	}
	err = l.retry(l.rows.Handle.Writing(ctx), func(ctx context.Context, h *tx.Handle) (err error) {
		all, err = fn(ctx, h)
		return err
	})
	return all, err
}

func (l *LookupMany) orCreate(ctx context.Context, h *tx.Handle) ([]*record.State, error) {
	found, err := l.find(ctx, h, l.again)
	if err != nil {
		return nil, err
	}
	all, missing := l.merge(found)
	return all, l.insert(ctx, h, missing)
}

func (l *LookupMany) updateOrCreate(ctx context.Context, h *tx.Handle) ([]*record.State, error) {
	found, err := l.findToUpdate(ctx, h)
	if err != nil {
		return nil, err
	}
	all, missing := l.merge(found)
	for i, s := range all { // of lists with one text, the last wins
		if err := s.Assign(l.values[i]); err != nil {
			return nil, err
		}
		if err := l.rows.adopt(s); err != nil { // the values may name the keys too
			return nil, err
		}
	}
	if err := l.insert(ctx, h, missing); err != nil {
		return nil, err
	}
	saved := map[*record.State]bool{}
	for _, s := range missing {
		saved[s] = true
	}
	for _, s := range all {
		if saved[s] {
			continue
		}
		saved[s] = true
		if err := persist.Save(ctx, h, s); err != nil {
			return nil, err
		}
	}
	return all, nil
}
