// SPDX-License-Identifier: MIT

package faultdb

import (
	"context"
	"database/sql/driver"
	"errors"
)

// A step is one thing that can be asked of a connection.
type step[T any] struct {
	// run asks the inner driver.
	run func(ctx context.Context) (T, error)
	// discard finishes and drops the result of run when the client gets an error in its place.
	discard func(T) error
	// refused is called when run was not, because a fault came before it. Optional.
	refused func()
}

// send takes a step, unless a fault prevents it, and records it.
func send[T any](ctx context.Context, c *conn, ev Event, s step[T]) (T, error) {
	var none T
	if c.dead {
		return none, driver.ErrBadConn
	}
	p := c.control.admit(ev)
	ctx, err := prevent(ctx, c, p)
	if err != nil {
		if s.refused != nil {
			s.refused()
		}
		return none, p.end(err)
	}
	result, err := s.run(ctx)
	if err == driver.ErrSkip { //nolint:errorlint // database/sql compares it like this
		p.undo()
		return none, err
	}
	if err != nil {
		return result, p.end(own(ctx, p, err))
	}
	c.track(ev.Kind)
	if p.mode() == After {
		if err = s.discard(result); err == nil {
			err = p.fail(nil)
		}
		return none, p.end(err)
	}
	return withFault(result, p), nil
}

// own corrects the error of a statement whose context alone was cancelled. pgx asks for another
// attempt if it notices before sending; a caller whose context is cancelled would not get that far,
// but here the context of the caller goes on.
func own(ctx context.Context, p pass, err error) error {
	if p.mode() == Cancel && p.fault.Cancel == nil && errors.Is(err, driver.ErrBadConn) {
		return ctx.Err()
	}
	return err
}

// prevent makes the faults happen that come before the statement. It returns the context of the
// statement.
func prevent(ctx context.Context, c *conn, p pass) (context.Context, error) {
	switch p.mode() {
	case Before:
		return ctx, p.fail(nil)
	case Abort:
		return ctx, p.fail(c.abort(ctx))
	case BadConn:
		c.die()
		return ctx, p.fail(driver.ErrBadConn)
	case Cancel:
		p.happened()
		if p.fault.Cancel != nil {
			p.fault.Cancel()
			return ctx, nil
		}
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		return cancelled, nil
	default:
		return ctx, nil
	}
}

// withFault lets the rows of a query fail, if that is the fault.
func withFault[T any](result T, p pass) T {
	if r, ok := any(result).(interface{ failWith(p pass) }); ok && p.mode() == Row {
		r.failWith(p)
	}
	return result
}
