// SPDX-License-Identifier: MIT

package persist

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

var errNotInserted = errors.New("not inserted")

// InsertNew inserts a record unless a unique index forbids it, in which case it returns false and
// the record, and what its hooks have done, are as before.
func InsertNew(ctx context.Context, h *tx.Handle, s *record.State) (bool, error) {
	if err := insertable([]*record.State{s}); err != nil {
		return false, err
	}
	if hooked(ctx, s.Model) { // what they write is undone if nothing is inserted, and the call may go on
		h = h.Apart()
	}
	err := run(ctx, h, s, func(ctx context.Context, w *write) error {
		if err := w.run(ctx, meta.Creating, meta.Saving); err != nil {
			return err
		}
		if s.Persisted() { // since one of the hooks has saved it
			if err := saveChanges(ctx, w.h, w.home, s); err != nil {
				return err
			}
		} else if inserted, err := insertOne(ctx, w.h, w.home, s, ignoreConflict); err != nil {
			return err
		} else if !inserted {
			return errNotInserted
		}
		w.written()
		return w.run(ctx, meta.Created, meta.Saved)
	})
	if errors.Is(err, errNotInserted) {
		return false, nil
	}
	return err == nil || errs.AfterCommit(err), err
}

// Overwritten are the columns that an upsert overwrites in a row that exists.
type Overwritten struct {
	Columns []*meta.Column
	Named   bool // by the caller: a zero value is one too
}

// name adds the columns that the caller has named.
func (o Overwritten) name(s *record.State) {
	for _, c := range o.Columns {
		if o.Named && c.Default && s.Selected(c) {
			s.Name(c)
		}
	}
}

// Upsert inserts records without hooks, and where a row has the same values in the unique columns,
// updates the row instead. Afterwards every record equals its row. Records that are equal in the
// unique columns are one row, with the values of the last.
func Upsert(ctx context.Context, h *tx.Handle, list []*record.State, unique []*meta.Column, update Overwritten) error {
	if len(list) == 0 {
		return nil
	}
	for _, s := range list {
		if err := Writable(s); err != nil {
			return err
		}
	}
	return h.Retry(ctx, func() error {
		return record.Atomic(ctx, h, list, func(ctx context.Context, inner *tx.Handle) error {
			return upserting{home: h, list: list, unique: unique, update: update}.run(ctx, inner)
		})
	})
}

// same holds records that are one row. The values of the last one are written.
type same struct {
	all  []*record.State
	text string // what it is sorted by
}

// upserting is a call that upserts records.
type upserting struct {
	home   *tx.Handle // serves the records afterwards
	list   []*record.State
	unique []*meta.Column
	update Overwritten
}

func (u upserting) run(ctx context.Context, h *tx.Handle) error {
	unique := u.unique
	tuples := key.NewTuples(unique, len(u.list))
	for _, s := range u.list {
		u.update.name(s)
		if err := checkUnique(s, unique); err != nil {
			return err
		}
		if err := tuples.Add(s.Owner); err != nil {
			return err
		}
	}
	if err := checkIndex(ctx, h, u.list[0].Model, unique); err != nil {
		return err
	}
	if err := tuples.Merge(ctx, h); err != nil {
		return err
	}
	rows := map[string]*same{}
	var order []*same
	for i, s := range u.list {
		one := rows[tuples.Of(i)]
		if one == nil {
			one = &same{}
			rows[tuples.Of(i)] = one
			order = append(order, one)
		}
		one.all = append(one.all, s)
		var err error
		if one.text, err = key.TextOf(unique, s.Owner); err != nil {
			return err
		}
	}
	// Sorted, so that concurrent calls lock rows in the same order, and none waits for another in turn.
	slices.SortFunc(order, func(a, b *same) int { return strings.Compare(a.text, b.text) })
	last := make([]*record.State, len(order))
	for i, one := range order {
		last[i] = one.all[len(one.all)-1]
	}
	batches, err := group(h, last)
	if err != nil {
		return err
	}
	for _, b := range batches {
		written, err := b.upsert(ctx, h, unique, u.update.Columns)
		if err != nil {
			return err
		}
		found := key.ByValues
		if h.Dialect().OnDuplicateKey { // the conflict may have been on any unique index
			found = key.AnyRow
		}
		texts, err := tuples.Resolve(ctx, h, written, found)
		if err != nil {
			return err
		}
		for i, row := range written {
			one := rows[texts[i]]
			delete(rows, texts[i]) // each record has a row of its own
			if one == nil {
				return errs.New(errs.ErrDuplicate, "an upsert of %s met a row that has the same values in another unique index than that of %s",
					b.m.Name, names(unique))
			}
			if err := adopt(u.home, one, b.m, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// indexed is the key of Database.Plans of columns that a unique index is known to have.
type indexed struct {
	m       *meta.Model
	columns string
}

// checkIndex refuses columns without a unique index where the database would not refuse them: it would insert a second row. It asks the
// database, once, if the model does not declare the index.
func checkIndex(ctx context.Context, h *tx.Handle, m *meta.Model, unique []*meta.Column) error {
	if !h.Dialect().OnDuplicateKey || m.DeclaresUnique(unique) {
		return nil
	}
	known := indexed{m, names(unique)}
	if _, ok := h.Database().Plans.Load(known); ok {
		return nil
	}
	t, err := h.Dialect().Schema.Table(h.ToPrimary(ctx).Session(&gorm.Session{}), h.Dialect().Qualified(m.Table))
	if err != nil || t == nil {
		return h.Failure(ctx, err) // of a table that is not there the INSERT will tell.
	}
	for _, i := range t.Indexes {
		if !i.Unique || len(i.Columns) != len(unique) {
			continue
		}
		outside := func(c *meta.Column) bool {
			return !slices.ContainsFunc(i.Columns, func(name string) bool { return t.Same(name, c.Name) })
		}
		if !slices.ContainsFunc(unique, outside) {
			h.Database().Plans.Store(known, true)
			return nil
		}
	}
	return errs.New(errs.ErrUnsupported, "an upsert needs a unique index on its columns, and there is none on %s of %s", names(unique), m.Name)
}

// checkUnique returns an error for a record whose values in the unique columns cannot identify a row.
func checkUnique(s *record.State, unique []*meta.Column) error {
	for _, c := range unique {
		if (c.AutoKey || c.Default) && c.Zero(c.At(s.Owner)) {
			return errs.New(errs.ErrMissingKey, "%s.%s is empty, so the row cannot be recognised by it", s.Model.Name, c.Attr)
		}
		v, err := c.Bind(c.At(s.Owner))
		if err != nil {
			return errs.Field(s.Model.Name+"."+c.Attr, err)
		}
		if v == nil {
			return errs.New(errs.ErrInvalidValue, "%s.%s is nil, which is unique among all rows", s.Model.Name, c.Attr)
		}
	}
	return nil
}

// upsert writes the rows and returns them as they are afterwards, without states.
func (b *batch) upsert(ctx context.Context, h *tx.Handle, unique, update []*meta.Column) (written []memory.Ptr, err error) {
	d, readable := h.Dialect(), readableOf(b.m)
	b.plan = newInsertPlan(d, b.m, b.set, refuseConflict)
	tail := b.onConflict(d, unique, update)
	if d.InsertReturns {
		tail = appendReturning(tail, d, readable)
	}
	b.plan.tail = string(tail)
	b.plan.one = b.plan.head + string(appendValues(nil, d, len(b.plan.columns), 1)) + b.plan.tail
	limit := b.limit(h)
	for left := b.rows; len(left) > 0; {
		chunk := &batch{m: b.m, set: b.set, plan: b.plan, rows: left[:min(limit, len(left))]}
		left = left[len(chunk.rows):]
		stmt, err := chunk.statement(ctx, h)
		if err != nil {
			return nil, err
		}
		out, err := chunk.upserted(d, unique, readable).send(ctx, h, stmt)
		if err != nil {
			return nil, err
		}
		for _, values := range out.values {
			row := b.m.New()
			for i, c := range readable {
				if err := c.Scan(c.At(row), values[i]); err != nil {
					return nil, errs.Field(b.m.Name+"."+c.Attr, err)
				}
			}
			written = append(written, row)
		}
	}
	return written, nil
}

func readableOf(m *meta.Model) []*meta.Column {
	var readable []*meta.Column
	for _, c := range m.Columns {
		if c.Readable {
			readable = append(readable, c)
		}
	}
	return readable
}

// upserted returns how the rows of an upsert are read by a SELECT.
func (b *batch) upserted(d *dialect.Dialect, unique, readable []*meta.Column) *readback {
	return &readback{m: b.m, columns: readable, returns: d.InsertReturns, by: unique, keys: func(tx.Result) ([][]any, error) {
		keys := make([][]any, len(b.rows))
		for i := range b.rows {
			for _, c := range unique {
				v, err := c.Bind(c.At(b.rows[i].s.Owner))
				if err != nil {
					return nil, errs.Field(b.m.Name+"."+c.Attr, err)
				}
				keys[i] = append(keys[i], v)
			}
		}
		return keys, nil
	}}
}

// onConflict appends the clause for a row that exists: it gets the written columns that are asked
// for, the timestamps of updates and the next version. It is no longer soft deleted, unless the record is. If there is nothing
// to take, its first unique column is set to itself, so that the row is returned.
func (b *batch) onConflict(d *dialect.Dialect, unique, update []*meta.Column) []byte {
	sql := []byte(" ON DUPLICATE KEY UPDATE ")
	if !d.OnDuplicateKey {
		sql = append(appendNames([]byte(" ON CONFLICT ("), d, unique), ')')
		if where := b.m.UniqueWhere(unique); where != "" {
			sql = append(append(sql, " WHERE "...), where...)
		}
		sql = append(sql, " DO UPDATE SET "...)
	}
	given := func(c *meta.Column) {
		if d.OnDuplicateKey && slices.Contains(unique, c) { // of the row that conflicts on another index it stays
			sql = append(d.AppendName(append(sql, "IF("...), c.Name), d.EqualOrNull...)
			sql = append(d.AppendName(append(sql, "VALUES("...), c.Name), "), VALUES("...)
			sql = append(d.AppendName(sql, c.Name), "), "...)
			sql = append(d.AppendName(sql, c.Name), ')')
			return
		}
		if d.OnDuplicateKey {
			sql = append(d.AppendName(append(sql, "VALUES("...), c.Name), ')')
			return
		}
		sql = d.AppendColumn(sql, "excluded", c.Name)
	}
	taken := record.NewColumns(b.m)
	for _, c := range update {
		taken.Add(c)
	}
	for _, c := range b.m.Updated {
		taken.Add(c)
	}
	separator := ""
	set := func(c *meta.Column) {
		sql = append(sql, separator...)
		separator = ", "
		sql = append(d.AppendName(sql, c.Name), " = "...)
	}
	for _, c := range b.plan.columns {
		if !taken.Has(c) || c.Version {
			continue
		}
		set(c)
		given(c)
	}
	if b.m.Deleted != nil {
		for _, mark := range b.m.Deleted.Marks {
			if !taken.Has(mark.Column) || !b.set.Has(mark.Column) {
				set(mark.Column)
				given(mark.Column)
			}
		}
	}
	if v := b.m.Version; v != nil {
		set(v)
		sql = append(d.AppendColumn(sql, b.m.Table, v.Name), " + 1"...)
	}
	if separator == "" {
		set(unique[0])
		given(unique[0])
	}
	return sql
}

// adopt sets the records of a row to what was written.
func adopt(home *tx.Handle, one *same, m *meta.Model, row memory.Ptr) error {
	for _, s := range one.all {
		for _, c := range readableOf(m) {
			c.Clone(c.At(s.Owner), c.At(row))
		}
		if err := s.Saved(home, nil); err != nil {
			return err
		}
	}
	return nil
}
