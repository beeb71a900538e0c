// SPDX-License-Identifier: MIT

package persist

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// insert is Save of a record without a row.
func (w *write) insert(ctx context.Context) error {
	if err := w.run(ctx, meta.Creating, meta.Saving); err != nil {
		return err
	}
	if w.s.Persisted() { // since one of the hooks has saved it
		if err := saveChanges(ctx, w.h, w.home, w.s); err != nil {
			return err
		}
	} else if _, err := insertOne(ctx, w.h, w.home, w.s, refuseConflict); err != nil {
		return err
	}
	w.written()
	return w.run(ctx, meta.Created, meta.Saved)
}

// saveChanges updates the columns of a record that have changed since a hook has saved it.
func saveChanges(ctx context.Context, h, home *tx.Handle, s *record.State) error {
	if err := saved(s); err != nil {
		return err
	}
	dirty := s.Dirty()
	if dirty == nil {
		return nil
	}
	return updateColumns(ctx, h, home, s, dirty)
}

// row is what an INSERT writes of one record.
type row struct {
	s    *record.State
	set  record.Columns
	args []any // of the written columns, in their order
}

// prepare adds the columns that are written to set and appends their values to args: all, but an automatic key and columns with a
// default in the database where they are zero and the caller has not named them.
func prepare(s *record.State, now time.Time, set record.Columns, args []any) ([]any, error) {
	partial := s.Partial()
	for _, c := range s.Model.Columns {
		if !c.Creatable {
			continue
		}
		v, write, err := any(nil), true, error(nil)
		switch at := c.At(s.Owner); {
		case (partial || c.Auto() || c.Version || c.AutoKey || c.Default || c.Key) && c.Zero(at):
			v, write, err = insertZero(s, c, now)
		case c.AutoUpdate != meta.NoTime && s.Persisted() && !s.Changed(c):
			v, err = c.StampUpdated(now)
		default:
			v, err = c.Written(at)
		}
		if err != nil {
			return args, errs.Field(s.Model.Name+"."+c.Attr, err)
		}
		if !write {
			continue
		}
		if d := s.Model.Deleted; v == nil && d != nil && c == d.Column {
			v = d.Alive()
		}
		set.Add(c)
		args = append(args, v)
	}
	return args, nil
}

// insertZero returns what an INSERT binds for a column that is zero, and whether it is written: timestamps and the version get
// their first value, and the database fills in columns that the caller has not named. A column that was neither loaded nor set is an error.
func insertZero(s *record.State, c *meta.Column, now time.Time) (v any, write bool, err error) {
	m, named := s.Model, s.Named(c)
	switch {
	case (c.Auto() || c.Version) && (!named || s.Persisted()):
		v, err = first(c, now)
	case c.AutoKey && !named:
		return nil, false, nil
	case !s.Selected(c) && !named:
		err = errs.New(errs.ErrNotLoaded, "it was not loaded, so an INSERT would lose it; select it too, or set it by Merge")
	case c.Default && !named:
		return nil, false, nil
	case c.Key && len(m.Keys) == 1 && c.Kind != meta.Int && c.Kind != meta.Uint:
		err = errs.New(errs.ErrMissingKey, "it is empty, and the database does not make one; set it before saving")
	default:
		v, err = c.Written(c.At(s.Owner))
	}
	return v, true, err
}

// first returns the first value of a timestamp or version. The record gets it once the database has
// taken it.
func first(c *meta.Column, now time.Time) (any, error) {
	if !c.Version {
		return c.StampCreated(now)
	}
	field := c.New()
	if err := c.Scan(field, int64(1)); err != nil {
		return nil, err
	}
	return c.Bind(field)
}

// conflict is what an INSERT does when a unique index refuses a row.
type conflict uint8

const (
	refuseConflict conflict = iota // it fails
	ignoreConflict                 // it inserts nothing
)

// insertOne sends one INSERT. It reports whether a row was inserted: with an ignored conflict there is none.
func insertOne(ctx context.Context, h, home *tx.Handle, s *record.State, c conflict) (inserted bool, err error) {
	r := row{s: s, set: record.NewColumns(s.Model)}
	if r.args, err = prepare(s, h.Database().Now(), r.set, make([]any, 0, len(s.Model.Columns))); err != nil {
		return false, err
	}
	p := insertPlanOf(h, s.Model, r.set, c)
	stmt := tx.Statement{Table: s.Model.Table, SQL: p.one, Args: r.args, Expressions: p.expressions, Writes: true}
	values := make([]any, len(p.returning))
	switch {
	case p.keyByResult:
		res, err := h.Exec(ctx, stmt)
		if err != nil || res.Affected == 0 {
			return false, ignored(h.Dialect(), c, err)
		}
		if len(values) == 1 {
			values[0] = res.LastID
		}
	case !h.Dialect().InsertReturns:
		out, err := p.readback(h.Dialect(), s.Model, []row{r}).send(ctx, h, stmt)
		if err != nil || out.rows == 0 {
			return false, ignored(h.Dialect(), c, err)
		}
		values = out.values[0]
	default:
		sink := &returned{width: len(p.returning), rows: [][]any{values}}
		if err := h.Read(ctx, stmt, sink); err != nil {
			return false, ignored(h.Dialect(), c, err)
		}
		if sink.n == 0 {
			if c == ignoreConflict {
				return false, nil
			}
			return false, errs.New(errs.ErrStale, "INSERT of %s returned no row", s.Model.Name)
		}
	}
	return true, finishInsert(home, &r, p.returning, values, nil)
}

// ignored returns the error of an INSERT that ignores a conflict. Where no INSERT does so, the conflict is an error, which
// leaves the transaction as it was.
func ignored(d *dialect.Dialect, c conflict, err error) error {
	if c == ignoreConflict && d.OnDuplicateKey && errors.Is(err, errs.ErrDuplicate) {
		return nil
	}
	return err
}

// readback returns how the columns of inserted rows are read by a SELECT.
func (p *insertPlan) readback(d *dialect.Dialect, m *meta.Model, rows []row) *readback {
	return &readback{m: m, columns: p.returning, returns: d.InsertReturns, by: m.Keys, keys: func(res tx.Result) ([][]any, error) {
		if err := m.Keyed(); err != nil {
			return nil, err
		}
		keys := make([][]any, len(rows))
		for i := range rows {
			for _, c := range m.Keys {
				at := slices.Index(p.columns, c)
				switch {
				case at >= 0:
					keys[i] = append(keys[i], rows[i].args[at])
				case c.AutoKey:
					keys[i] = append(keys[i], res.LastID+int64(i)*d.KeyStep)
				default:
					return nil, errs.New(errs.ErrUnsupported, "%s.%s is made by the database, which does not return it; set it before saving",
						m.Name, c.Attr)
				}
			}
		}
		return keys, nil
	}}
}

// finishInsert sets the record to its row: the values that the database returned, and those
// that were bound in another form than the field's. snap is memory for the snapshot, or nil.
func finishInsert(home *tx.Handle, r *row, returning []*meta.Column, values []any, snap memory.Ptr) error {
	if err := store(r.s, r.set, r.args); err != nil {
		return err
	}
	for i, c := range returning {
		if err := c.Scan(c.At(r.s.Owner), values[i]); err != nil {
			return errs.Field(r.s.Model.Name+"."+c.Attr, err)
		}
	}
	return r.s.Saved(home, snap)
}

// store brings the fields of written columns to the form in which they were bound: automatic values,
// times in UTC at the precision of the database, UUIDs in lower case.
func store(s *record.State, set record.Columns, args []any) error {
	i := 0
	for _, c := range s.Model.Columns {
		if !set.Has(c) {
			continue
		}
		v := args[i]
		i++
		if c.Expr || !c.Auto() && !c.Version && (c.Kind != meta.Time || c.Meaning == meta.Plain && normal(c, s.Owner)) && (c.Kind != meta.String || c.Meaning != meta.UUID) {
			continue
		}
		if err := c.Scan(c.At(s.Owner), v); err != nil {
			return errs.Field(s.Model.Name+"."+c.Attr, err)
		}
	}
	return nil
}

// normal reports whether a time field needs no change to be what the database holds.
func normal(c *meta.Column, base memory.Ptr) bool {
	field := c.At(base)
	if c.Pointer {
		if field = *memory.At[memory.Ptr](field); field == nil {
			return true
		}
	}
	t := memory.At[time.Time](field)
	return t.Location() == time.UTC && t.Nanosecond()%1000 == 0
}

// returned is the sink of RETURNING: rows of driver's values.
type returned struct {
	width int
	rows  [][]any
	n     int
}

// Targets reads every column without conversion.
func (r *returned) Targets(names []string) ([]dialect.Target, error) {
	if len(names) != r.width {
		return nil, errs.New(errs.ErrUnknownColumn, "%d columns returned where %d were asked for", len(names), r.width)
	}
	targets := make([]dialect.Target, r.width)
	for i := range targets {
		targets[i].Extra = i
	}
	return targets, nil
}

// Row returns the list for the next row.
func (r *returned) Row() (memory.Ptr, []any) {
	if r.n == len(r.rows) {
		r.rows = append(r.rows, make([]any, r.width))
	}
	r.n++
	return nil, r.rows[r.n-1]
}

// Rows returns the number of rows.
func (r *returned) Rows() int64 { return int64(r.n) }

// Cells returns new cells.
func (r *returned) Cells() *dialect.Cells { return &dialect.Cells{} }

// Later is never called, because no column belongs to a field.
func (r *returned) Later(memory.Ptr, *dialect.Target, any) {}
