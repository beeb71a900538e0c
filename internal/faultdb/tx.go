// SPDX-License-Identifier: MIT

package faultdb

import (
	"context"
	"database/sql/driver"
)

// A tx wraps a transaction that the driver interface began.
type tx struct {
	inner driver.Tx
	conn  *conn
}

// Commit commits, unless a fault prevents it: then the transaction is rolled back.
func (t *tx) Commit() error { return t.end(Commit, "COMMIT", t.inner.Commit) }

// Rollback rolls back.
func (t *tx) Rollback() error { return t.end(Rollback, "ROLLBACK", t.inner.Rollback) }

func (t *tx) end(kind Kind, text string, run func() error) error {
	// For database/sql the transaction is over whatever the driver says.
	defer t.conn.setTx(false)
	ev := Event{Kind: kind, SQL: text, Conn: t.conn.id}
	_, err := send(context.Background(), t.conn, ev, step[driver.Result]{
		run:     func(context.Context) (driver.Result, error) { return nil, run() },
		discard: ignore,
		refused: t.conn.abandon,
	})
	return err
}

// track follows the transaction after a statement that succeeded.
func (c *conn) track(kind Kind) {
	switch kind {
	case Begin:
		c.setTx(true)
	case Commit, Rollback:
		c.setTx(false)
	default:
	}
}

func (c *conn) setTx(open bool) {
	if c.inTx == open {
		return
	}
	c.inTx = open
	if open {
		c.control.openTx.Add(1)
		return
	}
	c.tx = nil
	c.control.openTx.Add(-1)
}

// abandon rolls back the open transaction, if any. An error leaves a connection that database/sql
// throws away anyway.
func (c *conn) abandon() {
	if !c.inTx {
		return
	}
	if c.tx != nil {
		_ = c.tx.Rollback()
	} else {
		_ = c.direct(context.Background(), "ROLLBACK")
	}
	c.setTx(false)
}

// die ends the connection as if it had broken: the server rolls back, the client gets no further.
func (c *conn) die() {
	c.abandon()
	c.dead = true
}

// abort sends a statement that no database understands, inside a transaction, and returns the error.
func (c *conn) abort(ctx context.Context) error {
	if !c.inTx {
		return nil
	}
	return c.direct(ctx, "faultdb_abort")
}
