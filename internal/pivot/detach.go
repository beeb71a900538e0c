// SPDX-License-Identifier: MIT

package pivot

import (
	"context"

	"github.com/kindred-orm/kindred/internal/related"
)

// Detach deletes the pivot rows of related ids or records by one statement, and returns how many. No ids, no statement.
func Detach(ctx context.Context, owner related.Owner, ids []any) (int64, error) {
	n, err := detach(ctx, owner, ids)
	return finish(owner, "detach", n, err)
}

func detach(ctx context.Context, owner related.Owner, ids []any) (int64, error) {
	ctx, w, err := newWriter(ctx, owner, "Detach")
	if err != nil {
		return 0, err
	}
	list, _, err := distinctLinks(w.link, ids)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return w.removeAlone(ctx, keysOf(list))
}

// DetachAll deletes all pivot rows of a record by one statement, and returns how many.
func DetachAll(ctx context.Context, owner related.Owner) (int64, error) {
	ctx, w, err := newWriter(ctx, owner, "DetachAll")
	if err != nil {
		return 0, owner.Error("detach all", err)
	}
	n, err := w.removeAlone(ctx, nil)
	return finish(owner, "detach all", n, err)
}

// removeAlone is remove while no Sync of the same record runs. A Sync could insert rows that a DELETE of several, already begun,
// does not see, and the outcome would be that of no order of the two.
func (w *writer) removeAlone(ctx context.Context, keys []any) (n int64, err error) {
	remove := func(ctx context.Context, w *writer) error {
		n, err = w.remove(ctx, keys, nil)
		return err
	}
	if len(keys) == 1 || !w.h.Dialect().RowLocks {
		err = w.h.Retry(ctx, func() error { return remove(ctx, w) })
	} else {
		err = w.locked(ctx, remove)
	}
	return n, err
}
