// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/errs"
)

// session is a transaction as the database knows it; its savepoints are frames.
type session struct {
	db     *Database
	conn   *sql.Conn // nil if the pool does not give connections
	pool   gorm.Tx
	gorm   *gorm.DB
	stop   func() bool // ends the watch over the context of Begin
	cancel func()      // frees the context that the transaction was begun with

	// end is held for reading while a statement goes past database/sql, which otherwise sees to it that
	// none is sent once the transaction has ended.
	end   sync.RWMutex
	ended bool

	mu      sync.Mutex
	numbers uint64 // what names in the transaction were made from
	lost    error  // why the server has rolled back the transaction
}

// lose blocks further statements: the server has rolled back the transaction, and would run them outside of it.
func (s *session) lose(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost == nil {
		s.lost = cause
	}
}

// loss returns the error with which the server has rolled back the transaction, or nil.
func (s *session) loss() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// start begins the transaction. While it begins, ctx can stop it; afterwards the end of ctx rolls it
// back once no statement is under way.
func (s *session) start(ctx context.Context, how func(ctx context.Context, s *session) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	begun, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, cancel)
	err := how(begun, s)
	if !stop() && err == nil {
		err = errors.Join(ctx.Err(), s.finish(s.pool.Rollback))
	}
	if err != nil {
		cancel()
		return err
	}
	s.stop = context.AfterFunc(ctx, func() { _ = s.finish(s.pool.Rollback) }) // whoever uses it next is told.
	s.cancel = cancel
	return nil
}

// finish ends the transaction in the database, once, and gives the connection back.
func (s *session) finish(how func() error) error {
	s.end.Lock()
	defer s.end.Unlock()
	if s.ended {
		return sql.ErrTxDone
	}
	s.ended = true
	err := how()
	if s.conn != nil {
		_ = s.conn.Close() // the transaction has ended; the connection is back or broken either way.
	}
	if s.stop != nil {
		s.stop()
		s.cancel()
	}
	return err
}

// onConnection calls fn with the driver's connection, unless the transaction has ended.
func (s *session) onConnection(fn func(conn any) error) error {
	s.end.RLock()
	defer s.end.RUnlock()
	if s.ended {
		return sql.ErrTxDone
	}
	var failed error
	var panicked any
	err := s.conn.Raw(func(conn any) error {
		// At a driver.ErrBadConn or a panic database/sql would wait here for the end of the transaction,
		// forever.
		defer func() { panicked = recover() }()
		failed = fn(conn)
		return nil
	})
	if panicked != nil {
		panic(panicked)
	}
	if err == nil {
		err = failed
	}
	return err
}

// begin prefers a connection of its own, on which rows can be decoded directly.
func (s *session) begin(ctx context.Context, opts *sql.TxOptions) error {
	if s.db.sqlDB == nil {
		return s.beginPool(ctx, opts)
	}
	var err error
	for range attempts {
		var conn *sql.Conn
		if conn, err = s.db.sqlDB.Conn(ctx); err != nil {
			return err
		}
		var started *sql.Tx
		if started, err = conn.BeginTx(ctx, opts); err == nil {
			s.conn, s.pool = conn, started
			return nil
		}
		_ = conn.Close() // the error of BeginTx is the one to report.
		if !errors.Is(err, driver.ErrBadConn) {
			break
		}
	}
	return err
}

func (s *session) beginPool(ctx context.Context, opts *sql.TxOptions) error {
	switch pool := s.db.pool.(type) {
	case gorm.TxBeginner:
		started, err := pool.BeginTx(ctx, opts)
		s.pool = started
		return err
	case gorm.ConnPoolBeginner:
		started, err := pool.BeginTx(ctx, opts)
		if err != nil {
			return err
		}
		var ok bool
		if s.pool, ok = started.(gorm.Tx); ok {
			return nil
		}
		return errs.New(errs.ErrUnsupported, "the pool %T begins a transaction that cannot be committed", pool)
	default:
		return errs.New(errs.ErrUnsupported, "the pool %T begins no transactions", pool)
	}
}
