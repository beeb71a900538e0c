// SPDX-License-Identifier: MIT

package persist

import (
	"context"
	"slices"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// update is Save of a record with a row.
func (w *write) update(ctx context.Context) error {
	if err := w.run(ctx, meta.Updating, meta.Saving); err != nil {
		return err
	}
	s := w.s
	if err := Writable(s); err != nil { // one of the hooks may have deleted it
		return err
	}
	dirty := s.Dirty()
	if dirty == nil && !s.Forced() {
		return nil
	}
	if err := updateColumns(ctx, w.h, w.home, s, dirty); err != nil {
		return err
	}
	w.written()
	return w.run(ctx, meta.Updated, meta.Saved)
}

// updatePlan is the UPDATE of one set of columns of a model.
type updatePlan struct {
	sql         string
	expressions bool           // among the values
	columns     []*meta.Column // written from the record, then timestamps and version
	returning   []*meta.Column
}

type updateKey struct {
	m    *meta.Model
	set  uint64
	more string
}

func updatePlanOf(h *tx.Handle, m *meta.Model, set record.Columns) *updatePlan {
	key := updateKey{m: m}
	key.set, key.more = fingerprint(set)
	db := h.Database()
	if p, ok := db.Plans.Load(key); ok {
		return p.(*updatePlan) //nolint:errcheck,forcetypeassert // only plans have this key.
	}
	kept, _ := db.Plans.LoadOrStore(key, newUpdatePlan(db.Dialect, m, set))
	return kept.(*updatePlan) //nolint:errcheck,forcetypeassert // only plans have this key.
}

// computed reports whether the database computes the column from others, or a trigger does, so that every write may change it.
func computed(c *meta.Column) bool {
	return !c.Creatable && !c.Updatable && c.Readable || c.ReadBack
}

func newUpdatePlan(d *dialect.Dialect, m *meta.Model, set record.Columns) *updatePlan {
	p := &updatePlan{}
	sql := d.AppendTable([]byte("UPDATE "), m.Table)
	sql = append(sql, " SET "...)
	for _, c := range m.Columns {
		if computed(c) || c.Lossy && set.Has(c) {
			p.returning = append(p.returning, c)
		}
		if !set.Has(c) {
			continue
		}
		if len(p.columns) > 0 {
			sql = append(sql, ", "...)
		}
		p.columns = append(p.columns, c)
		p.expressions = p.expressions || c.Expr
		sql = append(d.AppendName(sql, c.Name), " = "...)
		sql = d.AppendPlaceholder(sql, len(p.columns))
	}
	sql = appendWhere(sql, d, rowColumns(m), len(p.columns))
	if d.UpdateReturns {
		sql = appendReturning(sql, d, p.returning)
	}
	p.sql = string(sql)
	return p
}

// appendWhere appends WHERE a = $3 AND b = $4. bound is the number of values that are bound already.
func appendWhere(dst []byte, d *dialect.Dialect, columns []*meta.Column, bound int) []byte {
	word := " WHERE "
	for _, c := range columns {
		dst = append(dst, word...)
		word = " AND "
		dst = append(d.AppendName(dst, c.Name), " = "...)
		bound++
		dst = d.AppendPlaceholder(dst, bound)
	}
	return dst
}

// rowColumns returns the columns by which a write finds the row that a record was loaded from: the key, and the version.
func rowColumns(m *meta.Model) []*meta.Column {
	if m.Version == nil {
		return m.Keys
	}
	return append(append(make([]*meta.Column, 0, len(m.Keys)+1), m.Keys...), m.Version)
}

// appendOriginals appends the values of columns as the database has them.
func appendOriginals(args []any, s *record.State, columns []*meta.Column) ([]any, error) {
	for _, c := range columns {
		v, err := s.BindOriginal(c)
		if err != nil {
			return nil, errs.Field(s.Model.Name+"."+c.Attr, err)
		}
		args = append(args, v)
	}
	return args, nil
}

// updateColumns writes the dirty columns, the timestamps of updates and the version.
func updateColumns(ctx context.Context, h, home *tx.Handle, s *record.State, dirty record.Columns) error {
	m := s.Model
	set := dirty
	if set == nil {
		set = record.NewColumns(m)
	}
	for _, c := range m.Columns {
		if set.Has(c) && !c.Updatable {
			return errs.New(errs.ErrGuarded, "%s.%s has changed, but is not written by updates, as its gorm tag says", m.Name, c.Attr)
		}
	}
	for _, c := range m.Updated {
		if c.Updatable {
			set.Add(c)
		}
	}
	if m.Version != nil {
		set.Add(m.Version)
	}
	if set.Empty() { // forced, and there is no timestamp to refresh
		set.Add(m.Keys[0])
	}
	p := updatePlanOf(h, m, set)
	args, err := updateArgs(h, s, p)
	if err != nil {
		return err
	}
	stmt := tx.Statement{Table: m.Table, SQL: p.sql, Args: args, Expressions: p.expressions}
	values, found, err := send(ctx, h, stmt, &readback{
		m: m, columns: p.returning, by: m.Keys, keys: func(tx.Result) ([][]any, error) { return currentKey(s) },
	})
	if err != nil {
		return err
	}
	if !found {
		return m.Stale("update")
	}
	if err := store(s, set, args); err != nil {
		return err
	}
	for i, c := range p.returning {
		if err := c.Scan(c.At(s.Owner), values[i]); err != nil {
			return errs.Field(m.Name+"."+c.Attr, err)
		}
		set.Add(c)
	}
	return s.Updated(home, set)
}

func updateArgs(h *tx.Handle, s *record.State, p *updatePlan) ([]any, error) {
	args := make([]any, 0, len(p.columns)+2)
	for _, c := range p.columns {
		v, err := updateValue(h, s, c)
		if err != nil {
			return nil, errs.Field(s.Model.Name+"."+c.Attr, err)
		}
		args = append(args, v)
	}
	return appendOriginals(args, s, rowColumns(s.Model))
}

func updateValue(h *tx.Handle, s *record.State, c *meta.Column) (any, error) {
	switch {
	case c.AutoUpdate != meta.NoTime && !timeSet(s, c):
		return c.StampUpdated(h.Database().Now())
	case c.Version:
		return nextVersion(s)
	default:
		return c.Written(c.At(s.Owner))
	}
}

// timeSet reports whether the caller has set a timestamp of updates, which is kept.
func timeSet(s *record.State, c *meta.Column) bool { return s.Changed(c) && !c.Zero(c.At(s.Owner)) }

func nextVersion(s *record.State) (any, error) {
	v, err := s.BindOriginal(s.Model.Version)
	if n, ok := v.(int64); ok {
		return n + 1, err
	}
	return v, err
}

// send sends an UPDATE of one row, and returns the columns that come back.
func send(ctx context.Context, h *tx.Handle, stmt tx.Statement, r *readback) (values []any, found bool, err error) {
	r.returns = h.Dialect().UpdateReturns
	out, err := r.send(ctx, h, stmt)
	if err != nil || out.rows == 0 || len(out.values) == 0 {
		return nil, err == nil && out.rows > 0, err
	}
	return out.values[0], true, nil
}

// currentKey returns the key that the fields of a record hold.
func currentKey(s *record.State) ([][]any, error) {
	var values []any
	for _, c := range s.Model.Keys {
		v, err := c.Bind(c.At(s.Owner))
		if err != nil {
			return nil, errs.Field(s.Model.Name+"."+c.Attr, err)
		}
		values = append(values, v)
	}
	return [][]any{values}, nil
}

// change is an assignment to one column in a write that leaves the other columns alone.
type change struct {
	column *meta.Column
	value  any
	add    bool // column = column + value, where NULL counts as 0
	fits   bool // the sum must be a value of the field's type
}

// returned reports whether the database computes the new value of the column.
func (c change) returned() bool { return c.add || c.column.Lossy }

// touch is the operation of a patch that refreshes timestamps even if the caller has set them.
const touch = "touch"

// patch is an UPDATE of some columns, which leaves the other columns and their pending changes alone.
type patch struct {
	op      string         // names the call in errors
	row     []*meta.Column // that find the row
	changes []change
}

// patch sends an UPDATE of some columns, of the timestamps of updates and of the version.
func (w *write) patch(ctx context.Context, p patch) error {
	s, m, d := w.s, w.s.Model, w.h.Dialect()
	changes := p.changes
	now := w.h.Database().Now()
	for _, c := range m.Updated {
		v, err := c.StampUpdated(now)
		if p.op != touch && timeSet(s, c) {
			v, err = c.Written(c.At(s.Owner))
		}
		if err != nil {
			return errs.Field(m.Name+"."+c.Attr, err)
		}
		changes = append(changes, change{column: c, value: v})
	}
	if m.Version != nil {
		changes = append(changes, change{column: m.Version, value: int64(1), add: true})
	}
	if len(changes) == 0 {
		return errs.New(errs.ErrUnsupported, "%s of %s: it has no timestamp of updates", p.op, m.Name)
	}
	sql := append(d.AppendTable([]byte("UPDATE "), m.Table), " SET "...)
	args := make([]any, 0, len(changes)+2)
	written := record.NewColumns(m)
	var returning []*meta.Column
	for i, c := range changes {
		if i > 0 {
			sql = append(sql, ", "...)
		}
		args = append(args, c.value)
		sql = append(d.AppendName(sql, c.column.Name), " = "...)
		if c.add {
			sql = append(d.AppendName(append(sql, "COALESCE("...), c.column.Name), ", 0) + "...)
		}
		if c.returned() {
			returning = append(returning, c.column)
		}
		if _, ok := c.value.(int64); ok && c.add { // the column may be narrower than the step
			sql = append(d.AppendPlaceholder(append(sql, "CAST("...), i+1), " AS "+d.BigInt+")"...)
		} else {
			sql = d.AppendPlaceholder(sql, i+1)
		}
		written.Add(c.column)
	}
	for _, c := range m.Columns {
		if computed(c) && !slices.Contains(returning, c) && (!c.ReadBack || !s.Changed(c)) { // what is not saved yet stays
			returning = append(returning, c)
		}
	}
	sql = appendWhere(sql, d, p.row, len(args))
	args, err := appendOriginals(args, s, p.row)
	if err != nil {
		return err
	}
	sql, args = appendFits(sql, d, changes[0], args)
	if d.UpdateReturns {
		sql = appendReturning(sql, d, returning)
	}
	values, found, err := send(ctx, w.h, tx.Statement{Table: m.Table, SQL: string(sql), Args: args}, &readback{
		m: m, columns: returning, by: m.Keys, keys: func(tx.Result) ([][]any, error) {
			key, err := appendOriginals(nil, s, m.Keys)
			return [][]any{key}, err
		},
	})
	if err != nil {
		return err
	}
	if !found {
		return w.unmet(ctx, p.op, changes[0])
	}
	return w.stored(changes, returning, values, written)
}

// appendFits appends the condition that a sum is a value of the field's type.
func appendFits(sql []byte, d *dialect.Dialect, c change, args []any) ([]byte, []any) {
	if !c.fits {
		return sql, args
	}
	column := string(d.AppendName([]byte("COALESCE("), c.column.Name)) + ", 0)"
	return query.Fits(c.column, c.value).Append(append(sql, " AND "...), d, column, args)
}

// unmet returns why an UPDATE of some columns found no row.
func (w *write) unmet(ctx context.Context, op string, c change) error {
	if c.fits {
		keys, err := appendOriginals(nil, w.s, w.s.Model.Keys)
		if err != nil {
			return err
		}
		row, err := query.ByKey(ctx, w.h, w.s.Model, keys)
		if err != nil {
			return err
		}
		if row != nil {
			return errs.New(errs.ErrInvalidValue, "%s.%s: the sum does not fit into %s", w.s.Model.Name, c.column.Attr, c.column.Type)
		}
	}
	return w.s.Model.Stale(op)
}

// stored sets the record to the values that its row has now.
func (w *write) stored(changes []change, returning []*meta.Column, values []any, written record.Columns) error {
	s := w.s
	for _, c := range changes {
		v := c.value
		if c.returned() {
			v, values, returning = values[0], values[1:], returning[1:]
			if c.column.Version && !follows(s, v) {
				// Somebody else has written in between: keep the old version, so that the next
				// save of this record is refused.
				continue
			}
		}
		if err := c.column.Scan(c.column.At(s.Owner), v); err != nil {
			return errs.Field(s.Model.Name+"."+c.column.Attr, err)
		}
	}
	for i, c := range returning { // what the database has computed
		if err := c.Scan(c.At(s.Owner), values[i]); err != nil {
			return errs.Field(s.Model.Name+"."+c.Attr, err)
		}
		written.Add(c)
	}
	w.written()
	return s.Updated(w.home, written)
}

// follows reports whether a returned version is the record's version plus one.
func follows(s *record.State, version any) bool {
	next, err := nextVersion(s)
	return err == nil && next == version
}

// Increment adds by to one column in the database, or subtracts it, and sets the field to the result.
func Increment(ctx context.Context, h *tx.Handle, s *record.State, by query.Change) error {
	if err := saved(s); err != nil {
		return err
	}
	c, ok := s.Model.Column(by.Column)
	if !ok {
		return s.Model.UnknownColumn(by.Column)
	}
	step, err := query.Step(c, by.By, by.Sign)
	if err != nil {
		return err
	}
	return run(ctx, h, s, func(ctx context.Context, w *write) error {
		if err := w.run(ctx, meta.Updating); err != nil {
			return err
		}
		if err := Writable(s); err != nil { // one of the hooks may have deleted it
			return err
		}
		if err := w.patch(ctx, patch{op: "increment", row: s.Model.Keys, changes: []change{{column: c, value: step, add: true, fits: true}}}); err != nil {
			return err
		}
		return w.run(ctx, meta.Updated)
	})
}

// Touch refreshes the timestamps of updates and nothing else.
func Touch(ctx context.Context, h *tx.Handle, s *record.State) error {
	if err := saved(s); err != nil {
		return err
	}
	return run(ctx, h, s, func(ctx context.Context, w *write) error {
		if err := w.run(ctx, meta.Updating); err != nil {
			return err
		}
		if err := Writable(s); err != nil { // one of the hooks may have deleted it
			return err
		}
		if len(s.Model.Updated) == 0 {
			return errs.New(errs.ErrUnsupported, "%s has no timestamp of updates; name a field UpdatedAt", s.Model.Name)
		}
		if err := w.patch(ctx, patch{op: touch, row: rowColumns(s.Model)}); err != nil {
			return err
		}
		return w.run(ctx, meta.Updated)
	})
}
