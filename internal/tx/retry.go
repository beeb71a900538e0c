// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/kindred-orm/kindred/internal/errs"
)

// Attempts bounds how often a call is made again because of other transactions that write the same rows.
const Attempts = 5

// Retry runs fn, and again while it loses against other transactions. In a transaction of the caller it does not: the caller
// has to begin that again.
func (h *Handle) Retry(ctx context.Context, fn func() error) error {
	for n := 1; ; n++ {
		err := fn()
		if err == nil || n == Attempts || h.InTransaction() || ctx.Err() != nil || errs.AfterCommit(err) || !h.Dialect().Lost(err) {
			return err
		}
	}
}

// The first pause before a transaction is begun again, which doubles each time, and the longest one.
const (
	firstPause = 10 * time.Millisecond
	lastPause  = time.Second
)

// WithRetries runs fn, which opens a transaction, and up to retries times more while it ends with an ErrConflict. Before each it
// waits, for a random time, so that those who met do not meet again. In a transaction of the caller it runs fn once.
func (h *Handle) WithRetries(ctx context.Context, retries int, fn func() error) error {
	for n := 0; ; n++ {
		err := fn()
		if n >= retries || h.InTransaction() || errs.AfterCommit(err) || !errors.Is(err, errs.ErrConflict) {
			return err
		}
		if ended := wait(ctx, n); ended != nil {
			return errors.Join(err, ended)
		}
	}
}

// wait waits for at most a time that doubles with n; it returns why ctx has ended, if it has.
func wait(ctx context.Context, n int) error {
	longest := min(firstPause<<min(n, 10), lastPause)
	timer := time.NewTimer(rand.N(longest) + time.Millisecond) //nolint:gosec // nobody gains by a guess.
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
