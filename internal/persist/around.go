// SPDX-License-Identifier: MIT

package persist

import (
	"context"

	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Around runs the hooks of two moments for all records before and after send, which writes them
// together, as a whole.
func Around(
	ctx context.Context, h *tx.Handle, list []*record.State, before, after meta.Moment,
	send func(ctx context.Context, h *tx.Handle) error,
) error {
	if len(list) == 0 {
		return nil
	}
	ctx, err := deeper(ctx, list[0].Model)
	if err != nil {
		return err
	}
	return h.Atomic(ctx, func(ctx context.Context, h *tx.Handle) error {
		for _, s := range list {
			if err := RunHooks(ctx, s, before); err != nil {
				return err
			}
		}
		if err := send(ctx, h); err != nil {
			return err
		}
		for _, s := range list {
			onEnd(h.Frame(), s)
		}
		for _, s := range list {
			if err := RunHooks(ctx, s, after); err != nil {
				return err
			}
		}
		return nil
	})
}
