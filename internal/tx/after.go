// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/internal/errs"
)

// AfterCommit runs fn once the outermost transaction around h is committed; at once if there is none.
// Its context is ctx, in which the database takes the place of transactions that have ended.
func (h *Handle) AfterCommit(ctx context.Context, fn func(ctx context.Context)) error {
	if err := h.alive(); err != nil {
		return err
	}
	if h.frame == nil {
		fn(ctx)
		return nil
	}
	h.frame.OnEnd(nil, func(context.Context) error {
		fn(context.WithoutCancel(withoutEnded(ctx)))
		return nil
	}, nil)
	return nil
}

// runAfter runs the functions that waited for the commit. The data is committed in any case, so an error or a
// panic of one does not keep the others from running.
func runAfter(ctx context.Context, work []after) error {
	err := run(ctx, work, func(a after) func(context.Context) error { return a.committed })
	if err == nil {
		return nil
	}
	return errs.Wrap(errs.ErrAfterCommit, err, "the transaction is committed all the same")
}

func runRolledBack(ctx context.Context, work []after) error {
	return run(ctx, work, func(a after) func(context.Context) error { return a.rolledBack })
}

func run(ctx context.Context, work []after, pick func(after) func(context.Context) error) error {
	ctx = detached(ctx)
	seen := map[any]bool{}
	var failed []error
	for _, a := range work {
		fn := pick(a)
		if fn == nil || a.key != nil && seen[a.key] {
			continue
		}
		if a.key != nil {
			seen[a.key] = true
		}
		if err := recovered(ctx, fn); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// detached is the context of Begin without the handles it carries: the transaction is over.
func detached(ctx context.Context) context.Context {
	return context.WithoutCancel(ctx)
}

func recovered(ctx context.Context, fn func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			if cause, ok := p.(error); ok {
				err = fmt.Errorf("panic: %w", cause)
			}
		}
	}()
	return fn(ctx)
}
