// SPDX-License-Identifier: MIT

package persist

import (
	"context"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Delete marks the record's row as deleted if the model has soft deletes, else it removes the row. A record that is marked
// already keeps its time of deletion, and nothing is sent.
func Delete(ctx context.Context, h *tx.Handle, s *record.State) error {
	if s.Model.Deleted == nil {
		return ForceDelete(ctx, h, s)
	}
	if err := saved(s); err != nil {
		return err
	}
	if s.Trashed() {
		return nil
	}
	return run(ctx, h, s, func(ctx context.Context, w *write) error {
		if err := w.run(ctx, meta.Deleting); err != nil {
			return err
		}
		if s.Deleted() || s.Trashed() { // by one of the hooks
			return w.run(ctx, meta.Deleted)
		}
		changes, err := w.marks()
		if err != nil {
			return err
		}
		if err := w.patch(ctx, patch{op: "delete", row: rowColumns(s.Model), changes: changes}); err != nil {
			return err
		}
		return w.run(ctx, meta.Deleted)
	})
}

// marks returns the columns that a soft delete writes.
func (w *write) marks() ([]change, error) {
	now := w.h.Database().Now()
	var list []change
	for _, mark := range w.s.Model.Deleted.Marks {
		v, err := mark.Value(now)
		if err != nil {
			return nil, errs.Field(w.s.Model.Name+"."+mark.Column.Attr, err)
		}
		list = append(list, change{column: mark.Column, value: v})
	}
	return list, nil
}

// ForceDelete removes the record's row.
func ForceDelete(ctx context.Context, h *tx.Handle, s *record.State) error {
	if err := saved(s); err != nil {
		return err
	}
	return run(ctx, h, s, func(ctx context.Context, w *write) error {
		if err := w.run(ctx, meta.Deleting); err != nil {
			return err
		}
		if !s.Deleted() { // as one of the hooks may have left it
			if err := w.remove(ctx); err != nil {
				return err
			}
		}
		return w.run(ctx, meta.Deleted)
	})
}

func (w *write) remove(ctx context.Context) error {
	s, m, d := w.s, w.s.Model, w.h.Dialect()
	sql := appendWhere(d.AppendTable([]byte("DELETE FROM "), m.Table), d, rowColumns(m), 0)
	args, err := appendOriginals(nil, s, rowColumns(m))
	if err != nil {
		return err
	}
	res, err := w.h.Exec(ctx, tx.Statement{Table: m.Table, SQL: string(sql), Args: args})
	if err != nil {
		return err
	}
	if res.Affected == 0 {
		return m.Stale("delete")
	}
	w.written()
	s.MarkDeleted()
	s.Handle = w.home
	return nil
}

// Restore clears the time of deletion. Nothing is sent if the record is not soft deleted.
func Restore(ctx context.Context, h *tx.Handle, s *record.State) error {
	if err := saved(s); err != nil {
		return err
	}
	if s.Model.Deleted == nil {
		return errs.New(errs.ErrUnsupported, "%s has no soft deletes; give it a gorm.DeletedAt field", s.Model.Name)
	}
	if c := s.Model.Deleted.Column; !s.Selected(c) {
		return errs.New(errs.ErrNotLoaded, "the %s was loaded without its mark of deletion %s; select it too", s.Model.Name, c.Attr)
	}
	if !s.Trashed() {
		return nil
	}
	return run(ctx, h, s, func(ctx context.Context, w *write) error {
		if err := w.run(ctx, meta.Restoring); err != nil {
			return err
		}
		if err := Writable(s); err != nil { // one of the hooks may have deleted it
			return err
		}
		if !s.Trashed() {
			return w.run(ctx, meta.Restored)
		}
		var changes []change
		for _, mark := range s.Model.Deleted.Marks {
			changes = append(changes, change{column: mark.Column, value: mark.Alive()})
		}
		if err := w.patch(ctx, patch{op: "restore", row: rowColumns(s.Model), changes: changes}); err != nil {
			return err
		}
		return w.run(ctx, meta.Restored)
	})
}
