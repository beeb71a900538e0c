// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"database/sql"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
)

// Database is one database, the root of its transactions.
type Database struct {
	Gorm     *gorm.DB // never in a transaction
	Dialect  *dialect.Dialect
	Models   *meta.Registry
	Unloaded Unloaded
	Plans    sync.Map // what other packages keep per model: SQL texts that never change

	now      func() time.Time
	root     *Handle
	pool     gorm.ConnPool
	sqlDB    *sql.DB // nil if the pool hides it
	rowFns   reflect.Value
	rawFns   reflect.Value
	readable atomic.Int32 // whether connections are known to the dialect's reader
	guards   sync.Map     // [2]string of table and column → true
	settings Settings     // for plugins, of the handle that the database was made of
	hears    bool         // Kindred's callbacks are among gorm's

	onStatement func(ctx context.Context, s Sent) // nil, or told of every statement

	base   *Database // nil, or what this is a view of
	schema string    // of the view
	views  schemas
}

// Guard records that a foreign key guards a column of a table.
func (db *Database) Guard(table, column string) { db.guards.Store([2]string{table, column}, true) }

// Guarded reports whether a foreign key is known to guard a column of a table.
func (db *Database) Guarded(table, column string) bool {
	_, ok := db.guards.Load([2]string{table, column})
	return ok
}

// The states of Database.readable.
const (
	readUnknown = iota
	readDirect
	readRows
)

// Config holds the settings of a Database.
type Config struct {
	Gorm     *gorm.DB
	Dialect  *dialect.Dialect
	Models   *meta.Registry
	Now      func() time.Time // nil is gorm's
	Unloaded Unloaded
	Settings Settings // for plugins of gorm
	// OnStatement is told of every statement; nil for nobody.
	OnStatement func(ctx context.Context, s Sent)
}

// Unloaded is what happens when a relation is read that is not loaded.
type Unloaded uint8

// The values of Unloaded: an error, a warning in the log, or nothing.
const (
	UnloadedError Unloaded = iota
	UnloadedWarn
	UnloadedIgnore
)

// New returns the database of a gorm handle.
func New(cfg Config) (*Database, error) {
	db := &Database{Gorm: cfg.Gorm, Dialect: cfg.Dialect, Models: cfg.Models, now: cfg.Now, pool: cfg.Gorm.ConnPool, Unloaded: cfg.Unloaded, settings: cfg.Settings, onStatement: cfg.OnStatement}
	if _, in := cfg.Gorm.Statement.ConnPool.(gorm.TxCommitter); in {
		return nil, errs.New(errs.ErrUnsupported,
			"the gorm handle is in a transaction, whose end Kindred would not see; give model.New the handle of the database")
	}
	if cfg.Now == nil {
		db.now = cfg.Gorm.NowFunc
	}
	db.sqlDB, _ = db.pool.(*sql.DB)
	if connector, ok := db.pool.(gorm.GetDBConnector); ok && db.sqlDB == nil {
		db.sqlDB, _ = connector.GetDBConn() // an error means there is none to be had.
	}
	db.root = &Handle{db: db}
	db.hears = hear(cfg.Gorm)
	db.rowFns = callbacks(cfg.Gorm.Callback().Row())
	db.rawFns = callbacks(cfg.Gorm.Callback().Raw())
	return db, nil
}

// Root returns the handle that is in no transaction.
func (db *Database) Root() *Handle { return db.root }

// Now returns the time in the form in which it is stored.
func (db *Database) Now() time.Time {
	t, err := meta.StoredTime(db.now())
	if err != nil {
		return time.Unix(0, 0).UTC()
	}
	return t
}

// SQL returns the pool of connections, or nil if gorm's pool hides it.
func (db *Database) SQL() *sql.DB { return db.sqlDB }

// Handle is a database or an open transaction on it.
type Handle struct {
	db    *Database
	frame *Frame
	whole bool // it belongs to a call that any error ends, and undoes as a whole
}

// Whole returns the handle for a call that any error ends and undoes as a whole: its statements, and the
// calls inside it, need no savepoints of their own.
func (h *Handle) Whole() *Handle { return &Handle{db: h.db, frame: h.frame, whole: h.frame != nil} }

// Apart returns the handle for a part of such a call that may fail without ending it.
func (h *Handle) Apart() *Handle {
	if !h.whole {
		return h
	}
	return h.frame.handle.in(h.db.schema)
}

// Database returns the database.
func (h *Handle) Database() *Database { return h.db }

// Dialect returns the database's dialect.
func (h *Handle) Dialect() *dialect.Dialect { return h.db.Dialect }

// InTransaction reports whether the handle is a transaction.
func (h *Handle) InTransaction() bool { return h.frame != nil }

// Frame returns the transaction, or nil.
func (h *Handle) Frame() *Frame { return h.frame }

// Gorm returns gorm's handle of the database or transaction.
func (h *Handle) Gorm() *gorm.DB {
	if h.frame != nil {
		return h.frame.session.gorm
	}
	return h.db.Gorm
}

// GormToWrite is Gorm for callers who may write through it, which Kindred does not see.
func (h *Handle) GormToWrite() *gorm.DB {
	db := h.Gorm()
	if h.frame == nil {
		return db
	}
	wrote(h.frame.ctx)
	if err := h.BeforeWrite(h.frame.ctx); err != nil {
		db = db.Session(&gorm.Session{})
		_ = db.AddError(err) // every statement through the handle reports it.
	}
	return db
}

// open returns h, or the innermost transaction around it that is still open, or the database.
func (h *Handle) open() *Handle {
	for f := h.frame; f != nil; f = f.parent {
		if f.isOpen() {
			return f.handle.in(h.db.schema)
		}
	}
	return h.db.root
}

type contextKey struct{}

// carried holds the handles that a context carries, the innermost first.
type carried struct {
	handle *Handle
	outer  *carried
}

// With returns a context that carries h. Hooks get the context, so it carries a handle that is not Whole: they
// may go on after an error.
func With(ctx context.Context, h *Handle) context.Context {
	h = h.Apart()
	outer, _ := ctx.Value(contextKey{}).(*carried)
	if outer != nil && outer.handle == h {
		return ctx
	}
	return context.WithValue(ctx, contextKey{}, &carried{h, outer})
}

// From returns the innermost handle that ctx carries, or nil.
func From(ctx context.Context) *Handle {
	c, _ := ctx.Value(contextKey{}).(*carried)
	if c == nil {
		return nil
	}
	return c.handle
}

// withoutEnded returns ctx with databases in place of the transactions that have ended.
func withoutEnded(ctx context.Context) context.Context {
	c, _ := ctx.Value(contextKey{}).(*carried)
	if c == nil {
		return ctx
	}
	return context.WithValue(ctx, contextKey{}, c.withoutEnded())
}

func (c *carried) withoutEnded() *carried {
	if c == nil {
		return nil
	}
	kept := &carried{handle: c.handle, outer: c.outer.withoutEnded()}
	if err := c.handle.alive(); err != nil {
		kept.handle = c.handle.db.root
	}
	return kept
}

// within returns the innermost transaction on db that ctx carries, or nil.
func within(ctx context.Context, db *Database) *Handle {
	c, _ := ctx.Value(contextKey{}).(*carried)
	for ; c != nil; c = c.outer {
		if c.handle.db.main() == db.main() && c.handle.frame != nil {
			return c.handle
		}
	}
	return nil
}

// ForRecord returns the handle that serves a call on a record: the transaction in ctx on the record's database, the open
// transaction it was loaded from, its database, the handle in ctx. The context it returns carries a transaction that serves.
func ForRecord(ctx context.Context, own *Handle) (context.Context, *Handle, error) {
	if own == nil {
		h := From(ctx)
		if h == nil {
			return ctx, nil, errs.New(errs.ErrUnbound,
				"the record was not loaded and ctx carries no database; use model.Create, UseDB or model.WithDB")
		}
		return h.serve(ctx, h.db.schema)
	}
	if err := own.agree(ctx); err != nil {
		return ctx, nil, err
	}
	if h := within(ctx, own.db); h != nil {
		return h.serve(ctx, own.db.schema)
	}
	return own.open().serve(ctx, own.db.schema)
}

// ForArgument returns the handle that serves a call which was given one: a transaction serves itself, a database leaves the
// call to a transaction in ctx. Without one, it is the handle in ctx. The context it returns carries a transaction that serves.
func ForArgument(ctx context.Context, given *Handle) (context.Context, *Handle, error) {
	if given == nil {
		return ForRecord(ctx, nil)
	}
	if given.frame != nil {
		return given.serve(ctx, given.db.schema)
	}
	if h := within(ctx, given.db); h != nil {
		if given.db.schema == "" {
			return h.serve(ctx, h.db.schema)
		}
		return h.serve(ctx, given.db.schema)
	}
	return given.serve(ctx, given.db.schema)
}

// serve returns h, if it is open, and a context that carries it, if it is a transaction. schema is that of what the call was given.
func (h *Handle) serve(ctx context.Context, schema string) (context.Context, *Handle, error) {
	if err := h.alive(); err != nil {
		return ctx, nil, err
	}
	schema, err := schemaFor(ctx, schema)
	if err != nil {
		return ctx, nil, err
	}
	if h.frame == nil {
		h = h.in(schema)
		return h.inSchema(ctx), h, nil
	}
	h = h.innermost().in(schema)
	return With(h.inSchema(ctx), h), h, nil
}

// innermost returns the handle of the innermost savepoint that is open in h's transaction. That is where the database
// executes a statement, whatever handle it is sent on.
func (h *Handle) innermost() *Handle {
	f := h.frame
	for inner := f; inner != nil; inner = f.openSavepoint() {
		f = inner
	}
	if f == h.frame {
		return h
	}
	return f.handle
}

// alive returns an error if nothing can be sent any more.
func (h *Handle) alive() error {
	if h.frame != nil && !h.frame.isOpen() {
		return errs.New(errs.ErrTxDone, "the transaction was committed or rolled back")
	}
	if h.frame != nil && h.db.Dialect.Ended != nil {
		if cause := h.frame.session.loss(); cause != nil {
			return errs.Wrap(errs.ErrTxDone, cause, "the database has rolled back the transaction")
		}
	}
	return nil
}

// Current returns the innermost open transaction around h, h included, or the database.
func (h *Handle) Current() *Handle { return h.open() }
