// SPDX-License-Identifier: MIT

package pivot

import (
	"context"
	"maps"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Attach inserts a pivot row per link by one statement. No links, no statement.
func Attach(ctx context.Context, owner related.Owner, links []any) error {
	return owner.Error("attach", attach(ctx, owner, "Attach", links, nil))
}

// AttachEach is Attach with a function that may change the attributes of every row.
func AttachEach(ctx context.Context, owner related.Owner, fn func(id any, attrs map[string]any), links []any) error {
	if fn == nil {
		return owner.Error("attach each", errs.New(errs.ErrInvalidValue, "AttachEach of a nil function"))
	}
	return owner.Error("attach each", attach(ctx, owner, "AttachEach", links, fn))
}

func attach(ctx context.Context, owner related.Owner, method string, links []any, fn func(id any, attrs map[string]any)) error {
	ctx, w, err := newWriter(ctx, owner, method)
	if err != nil {
		return err
	}
	list, err := readLinks(w.link, links)
	if err != nil || len(list) == 0 {
		return err
	}
	if err := checkAttachable(w.link, list); err != nil {
		return err
	}
	for i := 0; fn != nil && i < len(list); i++ {
		attrs := map[string]any{}
		maps.Copy(attrs, list[i].attrs)
		fn(w.id(list[i].key), attrs)
		list[i].attrs = attrs
	}
	return w.h.Retry(ctx, func() error {
		_, err := w.insert(ctx, list)
		return err
	})
}

// AttachNew inserts the pivot rows of related records that were just inserted, and gives these the values of their rows.
func AttachNew(ctx context.Context, h *tx.Handle, l *meta.Link, owner related.Owner, list []*record.State) error {
	w, err := writerOn(h, l, owner)
	if err != nil {
		return err
	}
	keys, err := key.OfAllSaved(list, l.Foreign)
	if err != nil {
		return err
	}
	links := make([]link, len(keys))
	for i, k := range keys {
		links[i].key = k
	}
	rows, err := w.insert(ctx, links)
	if err != nil {
		return err
	}
	for i, s := range list {
		Carry(l, s, rows[i])
	}
	return nil
}
