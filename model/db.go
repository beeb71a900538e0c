// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/dialect/postgres"
	"github.com/kindred-orm/kindred/internal/dialect/sqlite"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// DB is a database, or an open transaction on one. It is safe for use by several goroutines; a
// transaction serves one call at a time.
type DB struct{ h *tx.Handle }

func (db *DB) handleOf() *tx.Handle {
	if db == nil {
		return nil
	}
	return db.h
}

// Config has a useful zero value.
type Config struct {
	// Logger gets every statement at level Debug, slow ones at Warn and failed ones at Error, never
	// with values. Defaults to no log with Open and to gorm's own logger with New.
	Logger *slog.Logger
	// Now is the clock of automatic timestamps. Defaults to gorm's.
	Now func() time.Time
	// Naming names pivot tables, pivot keys and serialized fields. Defaults to snake case.
	Naming Naming
	// Unloaded says what relation.Get does with a relation that is not loaded. Defaults to UnloadedError.
	Unloaded Unloaded
	// AllowUnsafeSQLite lets New take an SQLite handle without foreign keys or busy timeout.
	AllowUnsafeSQLite bool
}

// Unloaded says what relation.Get does with a relation that is not loaded.
type Unloaded uint8

// What relation.Get does: it returns an ErrNotLoaded; it returns nothing, after a warning in the log; it
// returns nothing.
const (
	UnloadedError  = Unloaded(tx.UnloadedError)
	UnloadedWarn   = Unloaded(tx.UnloadedWarn)
	UnloadedIgnore = Unloaded(tx.UnloadedIgnore)
)

// Naming names what gorm's NamingStrategy does not.
type Naming interface {
	PivotTable(a, b string) string
	PivotKey(model, key string) string
	Serialized(field string) string
}

// dialects are the databases that Kindred knows, by the name of gorm's dialector.
func dialects() map[string]*dialect.Dialect {
	return map[string]*dialect.Dialect{"sqlite": sqlite.New(), "postgres": postgres.New()}
}

// Open opens a database. The DSN of an SQLite dialector is completed with foreign keys, WAL, a busy
// timeout, transactions that take the write lock at once, and a statement cache, unless it sets them
// itself; a database in memory gets one connection, which is all that can see it.
func Open(dialector gorm.Dialector, cfg ...Config) (*DB, error) {
	single := false
	if d, ok := dialects()[dialector.Name()]; ok {
		single = d.Complete(dialector)
	}
	g, err := gorm.Open(dialector, &gorm.Config{SkipDefaultTransaction: true, Logger: quiet{}})
	if err != nil {
		return nil, errs.OfDatabase("open", err)
	}
	pool, err := g.DB()
	if err != nil {
		return nil, errs.OfDatabase("open", err)
	}
	if single {
		pool.SetMaxOpenConns(1)
		pool.SetConnMaxLifetime(0)
		pool.SetMaxIdleConns(1)
	}
	db, err := New(g, cfg...)
	if err != nil {
		_ = pool.Close() // the error of New is the one to report.
		return nil, err
	}
	return db, nil
}

// New returns the database of a gorm handle, whose pool and configuration stay as they are. Plugins
// that listen on gorm's row and raw processors see Kindred's statements too. An SQLite handle without
// foreign keys or busy timeout is an ErrUnsupported that says what to add, unless AllowUnsafeSQLite.
func New(db *gorm.DB, cfg ...Config) (*DB, error) {
	out, err := newDB(db, append(cfg, Config{})[0])
	return out, errs.OfDatabase("new", err)
}

func newDB(g *gorm.DB, cfg Config) (*DB, error) {
	if g == nil {
		return nil, errs.New(errs.ErrUnbound, "a nil *gorm.DB")
	}
	known := dialects()
	d, ok := known[g.Name()]
	if !ok {
		names := make([]string, 0, len(known))
		for name := range known {
			names = append(names, name)
		}
		slices.Sort(names)
		return nil, errs.New(errs.ErrUnsupported, "dialect %s; Kindred knows %q", ident.Quote(g.Name()), names)
	}
	session := g.Session(&gorm.Session{NewDB: true, SkipDefaultTransaction: true, Logger: loggerOf(g, cfg.Logger), NowFunc: cfg.Now})
	session.TranslateError = false // Kindred translates itself, and keeps the cause
	names := meta.Names{Gorm: g.NamingStrategy, Naming: cfg.Naming}
	if names.Naming == nil {
		names.Naming = meta.DefaultNaming{}
	}
	database, err := tx.New(tx.Config{Gorm: session, Dialect: d, Models: meta.NewRegistry(names), Now: cfg.Now, Unloaded: tx.Unloaded(cfg.Unloaded)})
	if err != nil {
		return nil, err
	}
	if !cfg.AllowUnsafeSQLite && d.Check != nil {
		if err := d.Check(context.Background(), g.ConnPool); err != nil {
			return nil, err
		}
	}
	return &DB{h: database.Root()}, nil
}

// Gorm returns gorm's handle of the database or transaction.
func (db *DB) Gorm() *gorm.DB { return db.h.Gorm() }

// Close closes the pool of connections.
func (db *DB) Close() error {
	pool := db.h.Database().SQL()
	if pool == nil {
		return errs.OfDatabase("close", errs.New(errs.ErrUnsupported, "the pool belongs to somebody else; close it there"))
	}
	return pool.Close()
}

// Register compiles models, given as pointers, and checks everything about them; the error names
// every mistake with its field and the way out. Models that are not registered are checked at their
// first use.
func (db *DB) Register(models ...any) error {
	var problems []error
	for _, m := range models {
		compiled, err := db.model(m)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		problems = append(problems, compiled.Links()...)
	}
	return meta.Err(problems)
}

func (db *DB) model(v any) (*meta.Model, error) {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return nil, errs.In(fmt.Sprint(t), "register", errs.New(errs.ErrUnsupported, "pass a pointer to the model, such as &User{}"))
	}
	return db.h.Database().Models.Model(t.Elem())
}

// Transaction runs fn in a transaction and commits it if fn returns nil; inside a transaction, db's or
// that of ctx, it is a savepoint. An error or a panic of fn rolls back, in the database and in the
// records that were written, and is passed on. opts concern the outermost transaction.
//
// Whatever gets the ctx of fn takes part in the transaction. What is given db and another context does
// not, and waits for a connection of its own, which a pool of one connection does not have. If the database refuses the commit, its
// error is returned; if it does not answer, ErrCommitUnknown. An error of work that waited for the
// commit is returned under ErrAfterCommit; the data stays committed.
func (db *DB) Transaction(ctx context.Context, fn func(ctx context.Context, inner *DB) error, opts ...*sql.TxOptions) error {
	ctx, h, err := tx.ForArgument(ctx, db.handleOf())
	if err != nil {
		return errs.OfDatabase("transaction", err)
	}
	return h.Within(ctx, append(opts, nil)[0], func(ctx context.Context, h *tx.Handle) error { return fn(ctx, &DB{h: h}) })
}

// Begin opens a transaction, or a savepoint in that of db or ctx, which ends with Commit or Rollback.
// Give it to calls, or put it into their context by WithDB. When ctx ends it is rolled back.
func (db *DB) Begin(ctx context.Context, opts ...*sql.TxOptions) (*DB, error) {
	ctx, h, err := tx.ForArgument(ctx, db.handleOf())
	if err == nil {
		h, err = h.Begin(ctx, append(opts, nil)[0])
	}
	if err != nil {
		return nil, errs.OfDatabase("begin", err)
	}
	return &DB{h: h}, nil
}

// Commit ends the transaction that Begin returned; see Transaction for its errors.
func (db *DB) Commit() error {
	return errs.OfDatabase("commit", db.h.Commit(db.h.Context()))
}

// Rollback ends the transaction that Begin returned and undoes it, in the database and in the records
// that were written.
func (db *DB) Rollback() error {
	return errs.OfDatabase("rollback", db.h.Rollback(db.h.Context()))
}

// AfterCommit runs fn once the outermost transaction around db, or that of ctx, is committed, and
// never if it is rolled back; outside of a transaction at once.
func (db *DB) AfterCommit(ctx context.Context, fn func(ctx context.Context)) error {
	ctx, h, err := tx.ForArgument(ctx, db.handleOf())
	if err == nil {
		err = h.AfterCommit(ctx, fn)
	}
	return errs.OfDatabase("after commit", err)
}

// WithDB returns a context that carries db, for records that belong to none; a transaction in it
// serves every call on its database that gets the context.
func WithDB(ctx context.Context, db *DB) context.Context {
	if db == nil {
		return ctx
	}
	return tx.With(ctx, db.h)
}
