// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
)

// CanBeAlone reports whether Alone can be called: not in a transaction, and not where gorm's pool hides
// its connections.
func (h *Handle) CanBeAlone() bool {
	return h.frame == nil && h.db.Dialect.Alone != nil && h.db.sqlDB != nil
}

// Alone is Within in a transaction of the dialect, in which tables can be made anew.
func (h *Handle) Alone(ctx context.Context, fn func(ctx context.Context, h *Handle) error) error {
	inner, err := h.begin(ctx, func(ctx context.Context, s *session) error {
		conn, err := s.db.sqlDB.Conn(ctx)
		if err != nil {
			return err
		}
		end, err := s.db.Dialect.Alone(ctx, conn)
		t := connTx{Conn: conn, end: func() error {
			if end == nil {
				return nil
			}
			return end(context.WithoutCancel(ctx))
		}}
		if err != nil {
			return errors.Join(err, t.close(nil), conn.Close())
		}
		s.conn, s.pool = conn, t
		return nil
	})
	if err != nil {
		return err
	}
	return inner.through(ctx, fn)
}

// connTx is a transaction that was begun by a statement, and not by database/sql.
type connTx struct {
	*sql.Conn
	end func() error
}

// Commit commits the transaction, or rolls it back if the database refuses.
func (t connTx) Commit() error {
	_, err := t.ExecContext(context.Background(), "COMMIT")
	if err != nil {
		return errors.Join(err, t.Rollback())
	}
	return t.close(nil)
}

// Rollback rolls the transaction back.
func (t connTx) Rollback() error {
	_, err := t.ExecContext(context.Background(), "ROLLBACK")
	return t.close(err)
}

// close resets the settings of the connection. A connection that refuses them is closed.
func (t connTx) close(err error) error {
	failed := t.end()
	if failed != nil {
		_ = t.Raw(func(any) error { return driver.ErrBadConn }) // it is closed.
	}
	return errors.Join(err, failed)
}

// StmtContext returns the statement unchanged: a connection prepares no statements of its own.
func (connTx) StmtContext(_ context.Context, stmt *sql.Stmt) *sql.Stmt { return stmt }
