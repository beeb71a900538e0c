// SPDX-License-Identifier: MIT

package pivot

import (
	"context"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/scope"
	"github.com/kindred-orm/kindred/internal/tx"
)

// writer reads and writes the pivot rows of one record.
type writer struct {
	h     *tx.Handle
	link  *meta.Link
	owner related.Owner
	key   any // of the owner, bound
}

// newWriter starts a call on the pivot rows of a record, which has a row. method is the call's name.
func newWriter(ctx context.Context, owner related.Owner, method string) (context.Context, *writer, error) {
	ctx, h, l, err := owner.Serve(ctx)
	if err != nil {
		return ctx, nil, err
	}
	if err := related.CheckKind(l.Relation, method, meta.ManyToMany); err != nil {
		return ctx, nil, err
	}
	w, err := writerOn(h, l, owner)
	if err != nil {
		return ctx, nil, err
	}
	return h.Writing(ctx), w, owner.Writable()
}

func writerOn(h *tx.Handle, l *meta.Link, owner related.Owner) (*writer, error) {
	k, err := owner.WriteKey(l)
	return &writer{h: h, link: l, owner: owner, key: k}, err
}

// on returns the writer inside a transaction.
func (w *writer) on(h *tx.Handle) *writer {
	inner := *w
	inner.h = h
	return &inner
}

// lock makes calls on the pivot rows of one record wait for each other, where writers run side by side. Others can still point to
// the record's row.
func (w *writer) lock(ctx context.Context) error {
	if !w.h.Dialect().RowLocks {
		return nil
	}
	spec := query.New(w.h, w.link.Owner)
	spec.Trashed, spec.Lock.Mode = query.WithTrashed, query.ForNoKeyUpdate
	spec.Columns = []query.Selection{{Column: w.link.Local.Attr}}
	spec.Require(query.Bound{Column: w.link.Local, Value: w.key})
	_, err := query.Select(ctx, w.h, spec)
	return err
}

// locked runs fn in a transaction in which no other locked call changes the pivot rows of the record. Any error of fn ends the
// transaction, so its statements need no savepoints.
func (w *writer) locked(ctx context.Context, fn func(ctx context.Context, w *writer) error) error {
	return w.h.Contended(ctx, func(ctx context.Context, h *tx.Handle) error {
		inner := w.on(h)
		if err := inner.lock(ctx); err != nil {
			return err
		}
		return fn(ctx, inner)
	})
}

// hooked reports whether hooks of the pivot model have to run.
func (w *writer) hooked(ctx context.Context) bool {
	return w.link.Pivot.Typed && w.link.Pivot.Model.Hooks.Writes() && !meta.IsQuiet(ctx)
}

// query returns the query of the record's pivot rows, as the definition narrows them.
func (w *writer) query(h *tx.Handle) (*query.Spec, error) { return w.owner.PivotQueryOf(h, w.link) }

// byKeys narrows a query of pivot rows to some related keys.
func (w *writer) byKeys(spec *query.Spec, keys []any) {
	place := query.Place{Table: spec.Table(), Column: w.link.Pivot.Related}
	spec.Require(query.Match{Place: place, Keys: keys, Of: w.link.Foreign})
}

// insert inserts pivot rows for the links, and returns them in the order of the links. Soft deleted rows are restored where
// a unique key leaves no room for new ones.
func (w *writer) insert(ctx context.Context, list []link) ([]*record.State, error) {
	if w.link.Pivot.Revives && len(list) > 0 {
		return w.revive(ctx, list)
	}
	return w.insertNew(ctx, list)
}

// insertNew inserts pivot rows by one statement, in the order of their related keys, so that concurrent calls do not lock each
// other out. A row has NULL where only other rows have an attribute. It returns the rows in the order of the links.
func (w *writer) insertNew(ctx context.Context, list []link) ([]*record.State, error) {
	m, err := w.link.Pivot.Writing(attrNames(list))
	if err != nil {
		return nil, err
	}
	rows := make([]*record.State, len(list))
	for i, one := range list {
		if rows[i], err = newRow(w.link, m, w.h, rowKeys{w.key, one.key}, one.attrs); err != nil {
			return nil, err
		}
	}
	ordered := slices.Clone(rows)
	slices.SortStableFunc(ordered, w.compare)
	return rows, persist.InsertMany(ctx, w.h, ordered)
}

// compare orders pivot rows by their related keys.
func (w *writer) compare(a, b *record.State) int {
	return key.Compare(w.relatedKey(a), w.relatedKey(b))
}

// relatedKey returns the bound key of the related record that a pivot row points to.
func (w *writer) relatedKey(row *record.State) any {
	c, _ := row.Model.Column(w.link.Pivot.Related.Name)
	v, err := c.Bind(c.At(row.Owner))
	if err != nil {
		return nil
	}
	return v
}

// load returns the pivot rows of some related keys, of all if keys is nil, with the columns that the links name, declared or
// not.
func (w *writer) load(ctx context.Context, keys []any, naming ...link) ([]*record.State, error) {
	spec, err := w.query(w.h)
	if err != nil {
		return nil, err
	}
	if spec.Model, err = w.link.Pivot.Reading(attrNames(naming)); err != nil {
		return nil, err
	}
	if keys != nil {
		w.byKeys(spec, keys)
	}
	scope.AddGlobal(spec)
	list, err := query.Select(ctx, w.h, spec)
	if err != nil {
		return nil, err
	}
	return statesOf(spec.Model, list), nil
}

func statesOf(m *meta.Model, list []memory.Ptr) []*record.State {
	states := make([]*record.State, len(list))
	for i, at := range list {
		states[i] = record.At(m, at) // bare rows have none yet
	}
	return states
}

// known returns the pivot rows of the links that exist, by the number of the link. They are several where duplicates are
// allowed.
func (w *writer) known(ctx context.Context, list []link, index *key.Index) ([][]*record.State, error) {
	rows, err := w.load(ctx, keysOf(list), list...)
	if err != nil {
		return nil, err
	}
	known, _, err := w.byNumber(ctx, rows, index, key.ByValues)
	return known, err
}

// byNumber returns pivot rows by the number, in an index, of the related key that they point to, and those that point to another.
func (w *writer) byNumber(
	ctx context.Context, rows []*record.State, index *key.Index, found key.Found,
) (known [][]*record.State, others []*record.State, err error) {
	known = make([][]*record.State, index.Len())
	if len(rows) == 0 {
		return known, nil, nil
	}
	column, _ := rows[0].Model.Column(w.link.Pivot.Related.Name)
	fields := make([]memory.Ptr, len(rows))
	for i, row := range rows {
		fields[i] = column.At(row.Owner)
	}
	numbers, err := index.Resolve(ctx, w.h, column, fields, found)
	if err != nil {
		return nil, nil, err
	}
	for i, n := range numbers {
		if n == key.None {
			others = append(others, rows[i])
		} else {
			known[n] = append(known[n], rows[i])
		}
	}
	return known, others, nil
}

// remove deletes the pivot rows of some related keys, all if keys is nil, by one statement, and returns how many. Rows of a pivot
// model with soft deletes are marked. known are these rows, if they were loaded: hooks need them.
func (w *writer) remove(ctx context.Context, keys []any, known []*record.State) (n int64, err error) {
	send := func(ctx context.Context, h *tx.Handle) error {
		spec, err := w.query(h)
		if err != nil {
			return err
		}
		if keys != nil {
			w.byKeys(spec, keys)
		}
		n, err = query.Delete(ctx, h, spec)
		return err
	}
	if !w.hooked(ctx) {
		err = send(ctx, w.h)
		return n, err
	}
	if known == nil {
		if known, err = w.load(ctx, keys); err != nil {
			return 0, err
		}
		slices.SortStableFunc(known, w.compare) // hooks run in one order on every database
	}
	err = persist.Around(ctx, w.h, known, persist.Moments{Before: meta.Deleting, After: meta.Deleted},
		func(ctx context.Context, h *tx.Handle) error {
			if err := send(ctx, h); err != nil {
				return err
			}
			for _, row := range known {
				row.MarkDeleted()
			}
			return nil
		})
	return n, err
}

// update writes attributes to the pivot rows of one related key, and returns how many there are.
func (w *writer) update(ctx context.Context, one link) (int64, error) {
	if !w.hooked(ctx) {
		return w.write(ctx, one.key, one.attrs)
	}
	rows, err := w.load(ctx, []any{one.key})
	if err != nil {
		return 0, err
	}
	return int64(len(rows)), w.save(ctx, rows, one.attrs)
}

// write writes attributes to the pivot rows of one related key by one statement. With the names of differing columns it leaves
// out rows that hold the values of all of them.
func (w *writer) write(ctx context.Context, k any, attrs map[string]any, differing ...string) (int64, error) {
	spec, err := w.query(w.h)
	if err != nil {
		return 0, err
	}
	w.byKeys(spec, []any{k})
	var group query.Group
	for _, name := range differing {
		group = append(group, query.Term{Logic: query.Or, Node: query.Differs{Column: name, Value: attrs[name]}})
	}
	if len(group) > 0 {
		spec.Require(query.Nested{Group: group})
	}
	return query.Update(ctx, w.h, spec, attrs)
}

// save assigns attributes to pivot rows and saves them one by one, in one transaction.
func (w *writer) save(ctx context.Context, rows []*record.State, attrs map[string]any) error {
	if len(rows) == 0 {
		return nil
	}
	return record.Atomic(ctx, w.h, rows, func(ctx context.Context, h *tx.Handle) error {
		for _, row := range rows {
			if err := row.Assign(attrs); err != nil {
				return err
			}
			if row.Dirty() == nil { // no change, no hook
				continue
			}
			if err := persist.Save(ctx, h, row); err != nil {
				return err
			}
		}
		return nil
	})
}

// id returns a bound key as a value of the related key's type.
func (w *writer) id(bound any) any {
	field := w.link.Foreign.New()
	if err := w.link.Foreign.Scan(field, bound); err != nil {
		return bound
	}
	return w.link.Foreign.Plain(field)
}

// finish names the relation in the error of a call that has written n rows.
func finish(owner related.Owner, op string, n int64, err error) (int64, error) {
	return errs.Written(n, err), owner.Error(op, err)
}
