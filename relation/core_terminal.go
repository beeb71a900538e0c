// SPDX-License-Identifier: MIT

package relation

import (
	"context"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/tx"
)

func (c *core) calculate(ctx context.Context, fn, column string, dest any) error {
	ctx, h, spec, err := start(ctx, c.spec)
	if err == nil {
		err = query.Calculate(ctx, h, spec, fn, column, dest)
	}
	return failed(c.spec, fn, err)
}

func (c *core) count(ctx context.Context) (int64, error) {
	ctx, h, spec, err := start(ctx, c.spec)
	if err != nil {
		return 0, failed(c.spec, "count", err)
	}
	n, err := query.Count(ctx, h, spec)
	return n, failed(c.spec, "count", err)
}

func (c *core) any(ctx context.Context) (bool, error) {
	ctx, h, spec, err := start(ctx, c.spec)
	if err != nil {
		return false, failed(c.spec, "exists", err)
	}
	ok, err := query.Any(ctx, h, spec)
	return ok, failed(c.spec, "exists", err)
}

func (c *core) pluck(ctx context.Context, column string, dest any) error {
	ctx, h, spec, err := start(ctx, c.spec)
	if err == nil {
		err = query.Pluck(ctx, h, spec, column, dest)
	}
	return failed(c.spec, "pluck", err)
}

func (c *core) update(ctx context.Context, values Attrs) (int64, error) {
	ctx, h, spec, err := start(ctx, c.written())
	if err != nil {
		return 0, failed(c.spec, "update", err)
	}
	n, err := query.Update(ctx, h, spec, values)
	return n, failed(c.spec, "update", err)
}

func (c *core) step(ctx context.Context, op, column string, by any, negative bool) (int64, error) {
	ctx, h, spec, err := start(ctx, c.written())
	if err != nil {
		return 0, failed(c.spec, op, err)
	}
	n, err := query.Increment(ctx, h, spec, column, by, negative)
	return n, failed(c.spec, op, err)
}

func (c *core) remove(ctx context.Context, op string, force bool) (int64, error) {
	ctx, h, spec, err := start(ctx, c.written())
	if err != nil {
		return 0, failed(c.spec, op, err)
	}
	if spec.Link != nil && spec.Link.Kind == meta.ManyToMany && (force || spec.Model.Deleted == nil) {
		n, err := removeWithPivots(ctx, h, spec)
		return n, failed(c.spec, op, err)
	}
	n, err := query.Delete(ctx, h, spec, force)
	return n, failed(c.spec, op, err)
}

func (c *core) sql() (sql string, args []any, err error) {
	if c.spec.Err != nil {
		return "", nil, failed(c.spec, "to SQL", c.spec.Err)
	}
	if c.spec.Handle == nil {
		return "", nil, failed(c.spec, "to SQL", errNoDatabase())
	}
	spec := c.spec.Clone()
	applyScopes(spec)
	s, err := query.Compile(spec.Handle, spec)
	return s.SQL, s.Args, failed(c.spec, "to SQL", err)
}

// record returns what a loader of one record found, nothing with an error.
func (c *core) record(op string, p memory.Ptr, err error) (memory.Ptr, error) {
	if err != nil {
		return nil, failed(c.spec, op, err)
	}
	return p, nil
}

func (c *core) all(ctx context.Context) ([]memory.Ptr, error) {
	records, err := fetch(ctx, c.spec)
	return records, failed(c.spec, "all", err)
}

func (c *core) first(ctx context.Context) (memory.Ptr, error) {
	p, err := one(ctx, c.spec)
	return c.record("first", p, err)
}

func (c *core) sole(ctx context.Context) (memory.Ptr, error) {
	p, err := sole(ctx, c.spec)
	return c.record("sole", p, err)
}

func (c *core) find(ctx context.Context, id any) (memory.Ptr, error) {
	p, err := find(ctx, c.spec, id)
	return c.record("find", p, err)
}

func (c *core) findBy(ctx context.Context, column string, value any) (memory.Ptr, error) {
	by := core{c.spec.Clone()}
	by.where(false, query.NewCompare(column, "=", value))
	p, err := one(ctx, by.spec)
	return c.record("find by", p, err)
}

func (c *core) findMany(ctx context.Context, ids []any) ([]memory.Ptr, error) {
	records, err := findMany(ctx, c.spec, ids)
	return records, failed(c.spec, "find many", err)
}

func (c *core) restore(ctx context.Context) (int64, error) {
	ctx, h, spec, err := start(ctx, c.written())
	if err != nil {
		return 0, failed(c.spec, "restore", err)
	}
	n, err := query.Restore(ctx, h, spec)
	return n, failed(c.spec, "restore", err)
}

// written returns the description for a bulk write, which concerns all rows of a relation to one, too.
func (c *core) written() *query.Spec {
	if c.spec.Link == nil || c.spec.Link.Many() || c.spec.Parents != nil {
		return c.spec
	}
	spec := c.spec.Clone()
	spec.Limited = nil
	return spec
}

// removeWithPivots deletes the rows of a manyToMany relation and all pivot rows that point to them.
func removeWithPivots(ctx context.Context, h *tx.Handle, spec *query.Spec) (n int64, err error) {
	if err := query.CheckWrite(h, spec); err != nil {
		return 0, err
	}
	l := spec.Link
	err = h.Atomic(ctx, func(ctx context.Context, h *tx.Handle) error {
		found := spec.Clone()
		found.Columns, found.Outputs, found.Preloads = []query.Selection{{Column: l.Foreign.Attr}}, nil, nil
		records, err := query.Select(ctx, h, found)
		if err != nil || len(records) == 0 {
			return err
		}
		keys := make([]any, len(records))
		for i, p := range records {
			if keys[i], err = l.Foreign.Bind(l.Foreign.At(p)); err != nil {
				return err
			}
		}
		pivots := query.New(h, l.Pivot.Model)
		pivots.Require(query.Match{Place: query.Place{Table: pivots.Table(), Column: l.Pivot.Related}, Keys: keys})
		if _, err := query.Delete(ctx, h, pivots, true); err != nil {
			return err
		}
		rows := query.New(h, l.Model)
		rows.Trashed = query.WithTrashed
		rows.Require(query.Match{Place: query.Place{Table: rows.Table(), Column: l.Foreign}, Keys: keys})
		n, err = query.Delete(ctx, h, rows, true)
		return err
	})
	return written(n, err), err
}
