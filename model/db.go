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
	"github.com/kindred-orm/kindred/internal/dialect/mysql"
	"github.com/kindred-orm/kindred/internal/dialect/postgres"
	"github.com/kindred-orm/kindred/internal/dialect/sqlite"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// DB is a database, or an open transaction on one. Several goroutines may use it at the same time; the calls on a transaction
// run one after the other.
type DB struct{ h *tx.Handle }

func (db *DB) handleOf() *tx.Handle {
	if db == nil {
		return nil
	}
	return db.h
}

// Config configures a database. The zero value is the default.
type Config struct {
	// Logger receives every statement at level Debug, a slow one at Warn and a failed one at Error, without the values that it
	// binds. Without a Logger, Open logs nothing and New uses the logger of the gorm handle.
	Logger *slog.Logger
	// Now returns the time for automatic timestamps. The default is gorm's NowFunc.
	Now func() time.Time
	// Naming names pivot tables, pivot keys and serialized fields. The default is DefaultNaming; CamelCase is for JSON.
	Naming Naming
	// Unloaded says what relation.Get does when a relation is not loaded. The default is UnloadedError.
	Unloaded Unloaded
	// OnStatement is called after each statement, for metrics and traces, by the goroutine that has sent it. It may not send any.
	OnStatement func(ctx context.Context, s Statement)
	// AllowUnsafeSQLite lets New accept an SQLite handle that checks no foreign keys or has no busy timeout.
	AllowUnsafeSQLite bool
}

// Statement is a statement that was sent, for Config.OnStatement: the names of model and relation, the text without values, how many
// rows it returned or wrote, how long it took until the last one was read, and the error without values.
type Statement = tx.Sent

// Unloaded says what relation.Get does when a relation is not loaded.
type Unloaded uint8

// The values of Unloaded.
const (
	UnloadedError  = Unloaded(tx.UnloadedError)  // Get returns ErrNotLoaded.
	UnloadedWarn   = Unloaded(tx.UnloadedWarn)   // Get logs a warning and returns no record.
	UnloadedIgnore = Unloaded(tx.UnloadedIgnore) // Get returns no record.
)

// Naming names what gorm's NamingStrategy does not. Embed DefaultNaming, and write only the methods that differ.
type Naming interface {
	// PivotTable returns the pivot table of two models, given the names of their types: "User" and "Skill". Each side of a
	// relation asks with its own name first, so the answer must be the same for both orders; Register refuses two relations
	// for which it is not.
	PivotTable(a, b string) string
	// PivotKey returns the column of a pivot table that holds a model's key, given the names of the type and of the key's
	// field: "User" and "ID".
	PivotKey(model, key string) string
	// Serialized returns the name of a field in JSON, given its name in Go, such as "ID" or "UnitCost". A field with a name in
	// a tag is not asked for.
	Serialized(field string) string
}

// DefaultNaming is the default of Config.Naming: snake case. The pivot table of User and Skill is skill_user, its columns are
// user_id and skill_id, and the field UnitCost is unit_cost.
type DefaultNaming = meta.DefaultNaming

// CamelCase is DefaultNaming with fields in JSON as JavaScript names them: ID is id, and UnitCost is unitCost.
type CamelCase = meta.CamelCase

// dialects are the databases that Kindred knows, by the name of gorm's dialector.
func dialects() map[string]*dialect.Dialect {
	return map[string]*dialect.Dialect{"sqlite": sqlite.New(), "postgres": postgres.New(), "mysql": mysql.New()}
}

// Open opens a database, with the zero Config unless one is given. More than one is refused with ErrUnsupported.
//
// The DSN of an SQLite dialector gets foreign keys, WAL, a busy timeout, transactions that take the write lock when they begin,
// and a statement cache, unless it sets them itself. An SQLite database in memory gets a pool of one connection, because each
// connection has a database of its own.
func Open(dialector gorm.Dialector, cfg ...Config) (*DB, error) {
	if len(cfg) > 1 {
		return nil, errs.OfDatabase("open", errOptions("Config", len(cfg)))
	}
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

// New returns the database of a gorm handle, whose pool and configuration stay as they are. Plugins that listen on gorm's row
// and raw processors see Kindred's statements too.
//
// Call New after plugins are registered and before other goroutines use the handle: where plugins listen, it puts callbacks in place of
// gorm:row and gorm:raw, by which they learn how many rows were read and what failed. A handle with DryRun, and one with the plugin
// go-gorm/caches, whose entries would be out of date, are ErrUnsupported.
//
// New sends statements that read settings, and returns ErrUnsupported with what to change if one of them breaks a promise: an
// SQLite handle must check foreign keys and have a busy timeout, unless AllowUnsafeSQLite is set. More than one Config is refused
// with ErrUnsupported.
func New(db *gorm.DB, cfg ...Config) (*DB, error) {
	if len(cfg) > 1 {
		return nil, errs.OfDatabase("new", errOptions("Config", len(cfg)))
	}
	out, err := newDB(db, append(cfg, Config{})[0])
	return out, errs.OfDatabase("new", err)
}

// errOptions reports more options than the one that a call takes.
func errOptions(what string, n int) error {
	return errs.New(errs.ErrUnsupported, "%d values of type %s; pass one", n, what)
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
	if err := tx.CheckHandle(g); err != nil {
		return nil, err
	}
	settings, err := tx.SettingsOf(g)
	if err != nil {
		return nil, err
	}
	g = settings.Resolved(g)
	session := g.Session(&gorm.Session{NewDB: true, SkipDefaultTransaction: true, Logger: loggerOf(g, cfg.Logger), NowFunc: cfg.Now})
	session.TranslateError = false // Kindred translates itself, and keeps the cause
	names := meta.Names{Gorm: g.NamingStrategy, Naming: cfg.Naming}
	if names.Naming == nil {
		names.Naming = meta.DefaultNaming{}
	}
	names.Portable = !d.Arrays
	if d.TimeDigits != nil {
		names.TimeDigits = d.TimeDigits(g.Dialector)
		names.ZonelessTimes = true
	}
	database, err := tx.New(tx.Config{Gorm: session, Dialect: d, Models: meta.NewRegistry(names), Now: cfg.Now, Unloaded: tx.Unloaded(cfg.Unloaded), Settings: settings, OnStatement: cfg.OnStatement})
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

// Gorm returns the gorm handle of the database or transaction.
func (db *DB) Gorm() *gorm.DB { return db.h.GormToWrite() }

// Close closes the pool of connections. It returns ErrUnsupported if the gorm handle has a pool that is no *sql.DB.
func (db *DB) Close() error {
	pool := db.h.Database().SQL()
	if pool == nil {
		return errs.OfDatabase("close", errs.New(errs.ErrUnsupported, "the pool belongs to somebody else; close it there"))
	}
	return pool.Close()
}

// Register checks models, given as pointers such as &User{}, and the relations between them. It sends no statement. The error
// names every mistake with its field and the way out. A model that is not registered is checked when it is first used.
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

// TxOptions are the options of a transaction. The zero value is the database's default.
type TxOptions struct {
	// Isolation is the level of isolation. A level that the database does not know is an error when the transaction begins.
	Isolation sql.IsolationLevel
	// ReadOnly has the database refuse writes.
	ReadOnly bool
	// Retries is how many times more Transaction runs its function, in a new transaction, when it ends with ErrConflict: a
	// serialization failure, a deadlock, a lock that was not given. It waits before each for a random time, up to 10 ms, 20 ms and so
	// on to one second. The function must do nothing outside of the database, or only by AfterCommit and Committed hooks.
	Retries int
}

// options returns the options as database/sql has them; nil for the default.
func (o TxOptions) options() *sql.TxOptions {
	if o.Isolation == sql.LevelDefault && !o.ReadOnly {
		return nil
	}
	return &sql.TxOptions{Isolation: o.Isolation, ReadOnly: o.ReadOnly}
}

// Transaction runs fn in a transaction, and commits it if fn returns nil. Inside a transaction, that of db or that of ctx, it
// uses a savepoint. If fn returns an error or panics, the writes are undone, in the database and in the records, and the error or
// panic is passed on. The options are those of the outermost transaction; more than one is refused with ErrUnsupported.
//
// A call takes part in the transaction if it is given the ctx or the tx of fn. A call that is given db and another context does
// not: it waits for a connection of its own, for ever if the pool has only one.
//
// If the database refuses the commit, its error is returned. If it does not answer, the error is ErrCommitUnknown. If the commit
// succeeds and a hook or function that waited for it fails, the error is ErrAfterCommit.
//
// With [TxOptions.Retries], a transaction that ends with ErrConflict is undone, in the records too, its RolledBack hooks run, and fn
// runs again; the last error is returned. A savepoint is never tried again, because the database has ended the transaction around it.
func (db *DB) Transaction(ctx context.Context, fn func(ctx context.Context, tx *DB) error, opts ...TxOptions) error {
	ctx, h, err := tx.ForArgument(ctx, db.handleOf())
	if err == nil && len(opts) > 1 {
		err = errOptions("TxOptions", len(opts))
	}
	if err != nil {
		return errs.OfDatabase("transaction", err)
	}
	o := append(opts, TxOptions{})[0]
	return h.WithRetries(ctx, o.Retries, func() error {
		return h.Within(ctx, o.options(), func(ctx context.Context, h *tx.Handle) error { return fn(ctx, &DB{h: h}) })
	})
}

// Begin opens a transaction, or a savepoint in the transaction of db or ctx. It ends with Commit or Rollback, and is rolled back
// when ctx ends. Pass it to calls as their database, or put it into their context by WithDB. More than one option is refused with
// ErrUnsupported, and so are Retries: only Transaction knows what to run again.
func (db *DB) Begin(ctx context.Context, opts ...TxOptions) (*DB, error) {
	ctx, h, err := tx.ForArgument(ctx, db.handleOf())
	if err == nil && len(opts) > 1 {
		err = errOptions("TxOptions", len(opts))
	}
	o := append(opts, TxOptions{})[0]
	if err == nil && o.Retries > 0 {
		err = errs.New(errs.ErrUnsupported, "Begin with Retries; Transaction runs a function again")
	}
	if err == nil {
		h, err = h.Begin(ctx, o.options())
	}
	if err != nil {
		return nil, errs.OfDatabase("begin", err)
	}
	return &DB{h: h}, nil
}

// Commit commits the transaction that Begin returned, or releases its savepoint. It returns the errors of Transaction.
func (db *DB) Commit() error {
	return errs.OfDatabase("commit", db.h.Commit(db.h.Context()))
}

// Rollback undoes the transaction that Begin returned, in the database and in the records that it wrote.
func (db *DB) Rollback() error {
	return errs.OfDatabase("rollback", db.h.Rollback(db.h.Context()))
}

// AfterCommit calls fn after the outermost transaction, that of db or that of ctx, is committed. fn is not called if the
// transaction is rolled back. Outside of a transaction fn is called at once.
func (db *DB) AfterCommit(ctx context.Context, fn func(ctx context.Context)) error {
	ctx, h, err := tx.ForArgument(ctx, db.handleOf())
	if err == nil {
		err = h.AfterCommit(ctx, fn)
	}
	return errs.OfDatabase("after commit", err)
}

// WithDB returns a context that holds db. It is the database of new records, and if it is a transaction, every call on its
// database that gets the context takes part in it.
func WithDB(ctx context.Context, db *DB) context.Context {
	if db == nil {
		return ctx
	}
	return tx.With(ctx, db.h)
}
