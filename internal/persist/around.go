// SPDX-License-Identifier: MIT

package persist

import (
	"context"

	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Moments are the hooks that run before and after a statement.
type Moments struct{ Before, After meta.Moment }

// Around runs the hooks of two moments for all records before and after send, which writes them by one statement. All of it is
// one transaction.
func Around(
	ctx context.Context, h *tx.Handle, list []*record.State, moments Moments,
	send func(ctx context.Context, h *tx.Handle) error,
) error {
	if len(list) == 0 {
		return nil
	}
	ctx, err := deeper(ctx, list[0].Model)
	if err != nil {
		return err
	}
	return record.Atomic(ctx, h, list, func(ctx context.Context, h *tx.Handle) error {
		if err := runAll(ctx, list, moments.Before); err != nil {
			return err
		}
		if err := send(ctx, h); err != nil {
			return err
		}
		for _, s := range list {
			onEnd(h.Frame(), s)
		}
		return runAll(ctx, list, moments.After)
	})
}

// runAll runs the hooks of moments for all records.
func runAll(ctx context.Context, list []*record.State, moments ...meta.Moment) error {
	for _, s := range list {
		for _, m := range moments {
			if err := s.Model.Hooks.Run(ctx, m, s.Owner); err != nil {
				return err
			}
		}
	}
	return nil
}
