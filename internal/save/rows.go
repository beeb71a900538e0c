// SPDX-License-Identifier: MIT

package save

import (
	"context"

	"github.com/kindred-orm/kindred/internal/find"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/pivot"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Rows returns the related rows of a record, for calls that find one or make one: a new record gets the record's key, or a pivot
// row. op is the name of the call.
func Rows(ctx context.Context, owner related.Owner, op string) (context.Context, *find.Rows, error) {
	ctx, h, l, err := owner.Serve(ctx)
	if err != nil {
		return ctx, nil, err
	}
	if err := related.CheckKind(l.Relation, op, meta.HasOne, meta.HasMany, meta.ManyToMany); err != nil {
		return ctx, nil, err
	}
	if _, err := owner.WriteKey(l); err != nil {
		return ctx, nil, err
	}
	rows := &find.Rows{Handle: h, Model: l.Model, Query: owner.QueryOf(l)}
	rows.Query.Limited = nil
	if l.Kind == meta.ManyToMany {
		rows.Attach = func(ctx context.Context, h *tx.Handle, list []*record.State) error {
			return pivot.AttachNew(ctx, h, l, owner, list)
		}
	} else {
		rows.Adopt = func(s *record.State) error { return key.Copy(s, l.Foreign, owner.State, l.Local) }
	}
	return ctx, rows, rows.Query.Err
}
