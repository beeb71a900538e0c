// SPDX-License-Identifier: MIT

package persist

import (
	"context"
	"slices"
	"sort"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

const (
	// valueRows bounds the rows of one VALUES list; more do not make SQLite faster.
	valueRows = 1000
	// bulkRows bounds the rows of one INSERT that binds whole columns, and with it a message's size.
	bulkRows = 10_000
)

// InsertMany inserts records of one model in one transaction: one statement per set of written
// columns and chunk. With hooks, all before-hooks run before the first statement, and all
// after-hooks after the last one.
func InsertMany(ctx context.Context, h *tx.Handle, list []*record.State) error {
	if len(list) == 0 {
		return nil
	}
	if err := insertable(list); err != nil {
		return err
	}
	m := list[0].Model
	if hooked(ctx, m) {
		var err error
		if ctx, err = deeper(ctx, m); err != nil {
			return err
		}
	} else if !h.InTransaction() {
		batches, err := group(h, list)
		if err != nil {
			return err
		}
		if len(batches) == 1 && len(batches[0].rows) <= batches[0].limit(h) {
			return batches[0].send(ctx, h, h)
		}
	}
	return record.Atomic(ctx, h, list, func(ctx context.Context, inner *tx.Handle) error {
		return insertAll(ctx, inner, h, list)
	})
}

func insertable(list []*record.State) error {
	seen := make(map[*record.State]bool, len(list))
	for _, s := range list {
		if err := Writable(s); err != nil {
			return err
		}
		if s.Persisted() {
			return errs.New(errs.ErrUnsupported, "a %s has a row already; Save updates it", s.Model.Name)
		}
		if seen[s] {
			return errs.New(errs.ErrInvalidValue, "a %s is in the list twice", s.Model.Name)
		}
		seen[s] = true
	}
	return nil
}

func insertAll(ctx context.Context, h, home *tx.Handle, list []*record.State) error {
	hooks := hooked(ctx, list[0].Model)
	if hooks {
		if err := runAll(ctx, list, meta.Creating, meta.Saving); err != nil {
			return err
		}
	}
	missing, err := withoutSaved(ctx, h, home, list)
	if err != nil {
		return err
	}
	batches, err := group(h, missing)
	if err != nil {
		return err
	}
	for _, b := range batches {
		if err := b.chunks(ctx, h, home); err != nil {
			return err
		}
	}
	if hooks {
		for _, s := range list {
			onEnd(h.Frame(), s)
		}
		return runAll(ctx, list, meta.Created, meta.Saved)
	}
	return nil
}

// withoutSaved returns the records that have no row yet. Those that a hook has saved are updated.
func withoutSaved(ctx context.Context, h, home *tx.Handle, list []*record.State) ([]*record.State, error) {
	if !slices.ContainsFunc(list, (*record.State).Persisted) {
		return list, nil
	}
	var missing []*record.State
	for _, s := range list {
		if !s.Persisted() {
			missing = append(missing, s)
		} else if err := saveChanges(ctx, h, home, s); err != nil {
			return nil, err
		}
	}
	return missing, nil
}

// batch is the rows that one form of INSERT writes.
type batch struct {
	m    *meta.Model
	set  record.Columns
	plan *insertPlan
	rows []row
	args []any // of all rows, one after the other; nil if they are not
}

// group groups records that write the same columns. The groups are in the order of their first records.
func group(h *tx.Handle, list []*record.State) ([]*batch, error) {
	type columns struct {
		first uint64
		more  string
	}
	known := map[columns]*batch{}
	var out []*batch
	now := h.Database().Now()
	m := list[0].Model
	args := make([]any, 0, len(list)*len(m.Columns))
	set := record.NewColumns(m)
	for i, s := range list {
		clear(set)
		start := len(args)
		var err error
		if args, err = prepare(s, now, set, args); err != nil {
			return nil, err
		}
		var k columns
		k.first, k.more = fingerprint(set)
		b := known[k]
		if b == nil {
			own := slices.Clone(set)
			b = &batch{m: m, set: own, plan: insertPlanOf(h, m, own, refuseConflict), rows: make([]row, 0, len(list)-i)}
			known[k] = b
			out = append(out, b)
		}
		b.rows = append(b.rows, row{s: s, set: b.set, args: args[start:len(args):len(args)]})
	}
	if len(out) == 1 {
		out[0].args = args
	}
	return out, nil
}

// limit returns the number of rows of one statement.
func (b *batch) limit(h *tx.Handle) int {
	if h.Dialect().Bulk != nil && h.Direct() && len(b.plan.columns) > 0 && !b.plan.expressions {
		return bulkRows
	}
	if len(b.plan.columns) == 0 {
		return 1
	}
	return min(valueRows, h.Dialect().MaxParams/len(b.plan.columns))
}

func (b *batch) chunks(ctx context.Context, h, home *tx.Handle) error {
	limit, width := b.limit(h), len(b.plan.columns)
	for from := 0; from < len(b.rows); from += limit {
		to := min(from+limit, len(b.rows))
		chunk := &batch{m: b.m, set: b.set, plan: b.plan, rows: b.rows[from:to]}
		if b.args != nil {
			chunk.args = b.args[from*width : to*width]
		}
		if err := chunk.send(ctx, h, home); err != nil {
			return err
		}
	}
	return nil
}

// send inserts the rows with one statement and writes what comes back into their records.
func (b *batch) send(ctx context.Context, h, home *tx.Handle) error {
	if len(b.rows) > 1 && len(b.plan.returning) > 0 && h.Dialect().KeyByResult || !h.Dialect().InsertReturns && len(b.plan.returning) > 0 {
		if err := b.m.Keyed(); err != nil { // the rows that come back could not be told apart
			return err
		}
	}
	stmt, err := b.statement(ctx, h)
	if err != nil {
		return err
	}
	values, width := make([][]any, len(b.rows)), len(b.plan.returning)
	all := make([]any, width*len(b.rows))
	for i := range values {
		values[i] = all[i*width : (i+1)*width]
	}
	if b.plan.keyByResult {
		res, err := h.Exec(ctx, stmt)
		if err != nil {
			return err
		}
		if err := b.countKeys(h.Dialect(), res, values); err != nil {
			return err
		}
	} else if !h.Dialect().InsertReturns {
		out, err := b.plan.readback(h.Dialect(), b.m, b.rows).send(ctx, h, stmt)
		if err != nil {
			return err
		}
		values = out.values
	} else {
		sink := &returned{width: width, rows: values}
		if err := h.Read(ctx, stmt, sink); err != nil {
			return err
		}
		if sink.n != len(b.rows) {
			return errs.New(errs.ErrStale, "INSERT of %d rows of %s returned %d", len(b.rows), b.m.Name, sink.n)
		}
		if err := b.match(h, values); err != nil {
			return err
		}
	}
	snaps := memory.NewArena(b.m.Slice)
	for i := range b.rows {
		if err := finishInsert(home, &b.rows[i], b.plan.returning, values[i], snaps.Next()); err != nil {
			return err
		}
	}
	return nil
}

// countKeys computes the keys of a multi-row INSERT from one of them. SQLite returns the last; it gives every row without
// an explicit key the largest key of the table plus one, and no other connection writes in between:
// https://www.sqlite.org/autoinc.html. MySQL returns the first, and reserves the others with it:
// https://dev.mysql.com/doc/refman/8.0/en/innodb-auto-increment-handling.html
func (b *batch) countKeys(d *dialect.Dialect, res tx.Result, values [][]any) error {
	n := int64(len(b.rows))
	if res.Affected != n {
		return errs.New(errs.ErrStale, "INSERT of %d rows of %s wrote %d", n, b.m.Name, res.Affected)
	}
	if len(b.plan.returning) == 0 {
		return nil
	}
	first := res.LastID
	if !d.FirstKeyByResult {
		first -= (n - 1) * d.KeyStep
	}
	for i := range values {
		values[i][0] = first + int64(i)*d.KeyStep
	}
	return nil
}

// match sorts returned rows into the order of the records. PostgreSQL returns them in the order in
// which it inserts them; SQLite promises no order, but gives keys in the order of the rows.
func (b *batch) match(h *tx.Handle, values [][]any) error {
	if !h.Dialect().KeyByResult || len(b.rows) == 1 {
		return nil
	}
	at := -1
	for i, c := range b.plan.returning {
		if c.AutoKey {
			at = i
		}
	}
	if at < 0 {
		return b.matchKeys(values)
	}
	sort.Slice(values, func(i, j int) bool {
		x, okX := values[i][at].(int64)
		y, okY := values[j][at].(int64)
		return okX && okY && x < y
	})
	return nil
}

// matchKeys finds each record's returned row by the key that the record has itself.
func (b *batch) matchKeys(values [][]any) error {
	rows := make(map[string][]any, len(values))
	for _, row := range values {
		rows[keyText(b.plan.returning, row)] = row
	}
	for i := range b.rows {
		row, ok := rows[keyText(b.plan.columns, b.rows[i].args)]
		if !ok {
			return errs.New(errs.ErrStale, "INSERT of %s did not return one of its rows", b.m.Name)
		}
		values[i] = row
	}
	return nil
}

// keyText returns the primary key among the values of columns, as a text to compare.
func keyText(columns []*meta.Column, values []any) string {
	var keys []*meta.Column
	var of []any
	for i, c := range columns {
		if c.Key {
			keys, of = append(keys, c), append(of, values[i])
		}
	}
	return key.TextOfValues(keys, of)
}

// statement returns the multi-row INSERT.
func (b *batch) statement(ctx context.Context, h *tx.Handle) (tx.Statement, error) {
	d, p := h.Dialect(), b.plan
	stmt := tx.Statement{Table: b.m.Table, Expressions: p.expressions, Writes: true}
	if len(b.rows) == 1 {
		stmt.SQL, stmt.Args = p.one, b.rows[0].args
		return stmt, nil
	}
	if types, err := b.types(ctx, h); err != nil {
		return stmt, err
	} else if types != nil {
		return b.columns(h, types)
	}
	sql := appendValues([]byte(p.head), d, len(p.columns), len(b.rows))
	stmt.SQL = string(append(sql, p.tail...))
	if stmt.Args = b.args; stmt.Args == nil {
		stmt.Args = make([]any, 0, len(b.rows)*len(p.columns))
		for i := range b.rows {
			stmt.Args = append(stmt.Args, b.rows[i].args...)
		}
	}
	return stmt, nil
}

// types asks the database, once per form of INSERT, how it binds the columns as arrays.
func (b *batch) types(ctx context.Context, h *tx.Handle) ([]string, error) {
	p := b.plan
	if h.Dialect().Bulk == nil || !h.Direct() || len(p.columns) == 0 || p.expressions {
		return nil, nil
	}
	p.bulk.Lock()
	defer p.bulk.Unlock()
	if p.bulkKnown {
		return p.bulkTypes, nil
	}
	if err := h.BeforeWrite(ctx); err != nil { // a question that fails spoils the transaction, too
		return nil, err
	}
	err := h.OnConnection(ctx, func(conn any) (err error) {
		p.bulkTypes, err = h.Dialect().Bulk.Types(ctx, conn, p.one)
		return err
	})
	p.bulkKnown = err == nil
	return p.bulkTypes, err
}

// columns returns the INSERT that binds one array per column.
func (b *batch) columns(h *tx.Handle, types []string) (tx.Statement, error) {
	d, p := h.Dialect(), b.plan
	stmt := tx.Statement{Table: b.m.Table, Writes: true}
	columns := make([]dialect.BulkColumn, len(p.columns))
	n := len(b.rows)
	all := make([]any, n*len(p.columns))
	for i := range p.columns {
		list := all[i*n : (i+1)*n]
		for j := range b.rows {
			list[j] = b.rows[j].args[i]
		}
		var err error
		if columns[i], err = d.Bulk.Column(list, types[i]); err != nil {
			return stmt, errs.Field(b.m.Name+"."+p.columns[i].Attr, err)
		}
	}
	sql := d.Bulk.Append([]byte(p.head), types, columns, func(dst []byte, v any) []byte {
		stmt.Args = append(stmt.Args, v)
		return d.AppendPlaceholder(dst, len(stmt.Args))
	})
	stmt.SQL = string(append(sql, p.tail...))
	return stmt, nil
}
