// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"maps"
	"strings"
	"sync/atomic"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
)

// The settings by which gorm's dbresolver tells statements for the primary from those for a replica.
const (
	toPrimary = "gorm:db_resolver:write"
	toReplica = "gorm:db_resolver:read"
)

type primaryKey struct{}

// primary says whether reads with a context go to the primary.
type primary struct {
	always bool
	wrote  *atomic.Bool // nil, or whether something was written with the context
}

func primaryOf(ctx context.Context) primary {
	p, _ := ctx.Value(primaryKey{}).(primary)
	return p
}

// WithPrimary returns a context whose reads go to the primary, where a plugin of gorm sends others to replicas.
func WithPrimary(ctx context.Context) context.Context {
	p := primaryOf(ctx)
	if p.always {
		return ctx
	}
	p.always = true
	return context.WithValue(ctx, primaryKey{}, p)
}

// Sticky returns a context whose reads go to the primary after something was written with it, or with a context made of it.
func Sticky(ctx context.Context) context.Context {
	p := primaryOf(ctx)
	if p.wrote != nil {
		return ctx
	}
	p.wrote = &atomic.Bool{}
	return context.WithValue(ctx, primaryKey{}, p)
}

// Writing returns the context for the reads that belong to a write: the primary answers them.
func (h *Handle) Writing(ctx context.Context) context.Context {
	if h.frame != nil || !listeners(h.db.rowFns) {
		return ctx
	}
	return WithPrimary(ctx)
}

// wrote notes that something is written with a context.
func wrote(ctx context.Context) {
	if p := primaryOf(ctx); p.wrote != nil {
		p.wrote.Store(true)
	}
}

// direct tells plugins that choose a database where a statement goes.
func direct(ctx context.Context, db *gorm.DB, s Statement) {
	p := primaryOf(ctx)
	if s.Writes {
		wrote(ctx)
	}
	if s.Writes || s.Primary || p.always || p.wrote != nil && p.wrote.Load() {
		db.Statement.Settings.Delete(toReplica)
		db.Statement.Settings.Store(toPrimary, struct{}{})
	}
}

// ToPrimary returns gorm's handle for statements that belong to a write.
func (h *Handle) ToPrimary(ctx context.Context) *gorm.DB {
	db := h.Gorm().WithContext(ctx).Set(toPrimary, struct{}{})
	maps.Copy(db.Statement.Clauses, h.db.settings.Clauses)
	return db
}

// IsPlugins reports whether a clause of a statement is a plugin's, such as that of dbresolver.Use, and no part of the text. Clauses
// of SQL are named by words.
func IsPlugins(clause string) bool { return strings.Contains(clause, ":") }

// SettingsOf returns what clauses such as dbresolver.Write and Use have set on a handle of gorm.
func SettingsOf(db *gorm.DB) (Settings, error) {
	s := Settings{Values: map[any]any{}, Clauses: map[string]clause.Clause{}}
	db.Statement.Settings.Range(func(name, value any) bool {
		s.Values[name] = value
		return true
	})
	for name, set := range db.Statement.Clauses {
		if !IsPlugins(name) {
			return s, errs.New(errs.ErrUnsupported, "the gorm handle has a clause %s; give model.New the handle of the database",
				ident.Quote(name))
		}
		s.Clauses[name] = set
	}
	return s, nil
}

// Resolved returns a handle of gorm whose pool is the one that dbresolver.Use has chosen for writes, and for transactions.
func (s Settings) Resolved(db *gorm.DB) *gorm.DB {
	resolve := db.Callback().Query().Get("gorm:db_resolver")
	if resolve == nil || len(s.Clauses) == 0 {
		return db
	}
	asking := db.Session(&gorm.Session{NewDB: true}).Set(toPrimary, struct{}{})
	maps.Copy(asking.Statement.Clauses, s.Clauses)
	asking.Statement.ConnPool = db.ConnPool
	resolve(asking)
	pool := asking.Statement.ConnPool
	chosen := db.Session(&gorm.Session{NewDB: true, Context: db.Statement.Context})
	chosen.ConnPool = pool           // of its own copy of the configuration
	chosen.Statement.ConnPool = pool // of a statement of its own, which a context makes
	return chosen
}

// cachesPlugin is the name of github.com/go-gorm/caches, which keeps results of gorm's own queries until gorm itself writes.
const cachesPlugin = "gorm:caches"

// CheckHandle refuses a handle of gorm on which Kindred's writes would not be what the handle promises.
func CheckHandle(db *gorm.DB) error {
	if db.DryRun {
		return errs.New(errs.ErrUnsupported, "the gorm handle has DryRun, which Kindred's statements do not obey; ToSQL returns the text of a query")
	}
	if _, ok := db.Plugins[cachesPlugin]; ok {
		return errs.New(errs.ErrUnsupported, "the gorm handle has the plugin %s, which would go on serving rows that Kindred has changed; "+
			"give model.New a handle without it", ident.Quote(cachesPlugin))
	}
	return nil
}
