// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
)

// repeated sends a statement that returns rows, and again if that is certain to do no harm: outside of a transaction, before
// its first row, and
//
//   - if its connection has prepared it before its columns were changed. The driver then forgets what it has prepared, and
//     every other connection may have prepared it too;
//   - if it only reads, and the connection was lost. It is sent once more, on a connection that answers,
//     of the primary where there are replicas.
func (h *Handle) repeated(ctx context.Context, s *Statement, into dialect.Sink, send func() error) error {
	err := send()
	if err == nil || h.frame != nil || into.Rows() > 0 {
		return err
	}
	if outdated := h.db.Dialect.Outdated; outdated != nil {
		for n := 0; n < h.connections() && err != nil && into.Rows() == 0 && outdated(err); n++ {
			err = send()
		}
	}
	if err != nil && !s.Writes && into.Rows() == 0 && ctx.Err() == nil && h.disconnected(err) && h.revive(ctx) {
		s.Primary = true // it may have been a replica
		err = send()
	}
	return err
}

// connections returns how many connections may have to be tried until one of them is new.
func (h *Handle) connections() int {
	if h.db.sqlDB == nil {
		return attempts
	}
	return h.db.sqlDB.Stats().OpenConnections + 1
}

// revive drops connections of the pool that do not answer, and reports whether one answers.
func (h *Handle) revive(ctx context.Context) bool {
	if h.db.sqlDB == nil {
		return true
	}
	for range h.connections() {
		conn, err := h.db.sqlDB.Conn(ctx)
		if err != nil {
			return false
		}
		if err = conn.PingContext(ctx); err != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // it is closed.
		}
		_ = conn.Close() // it is back in the pool, or broken.
		if err == nil {
			return true
		}
	}
	return false
}

// disconnected reports whether err says that the connection is gone.
func (h *Handle) disconnected(err error) bool {
	if gone := h.db.Dialect.Disconnected; gone != nil && gone(err) {
		return true
	}
	var network *net.OpError
	return errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, syscall.EPIPE)
}

// outcome marks the error of a statement that was sent to write, outside of a transaction: without an answer nobody knows
// whether it was done.
func (h *Handle) outcome(sent bool, err error) error {
	if err == nil || !sent || h.frame != nil || h.db.Dialect.Answered(err) || unsent(err) || errors.Is(err, errs.ErrInvalidValue) {
		return err
	}
	return errs.Wrap(errs.ErrCommitUnknown, err,
		"the database did not answer a statement that writes; look whether the data is there before trying again")
}

// unsent reports whether an error of a driver or of database/sql says that the statement did not reach the database.
func unsent(err error) bool {
	var safe interface{ SafeToRetry() bool }
	var network *net.OpError
	return errors.Is(err, driver.ErrBadConn) || errors.As(err, &safe) && safe.SafeToRetry() ||
		errors.As(err, &network) && network.Op == "dial" || strings.HasPrefix(err.Error(), "sql: ")
}
