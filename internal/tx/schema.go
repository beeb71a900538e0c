// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"sync"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
)

type schemaKey struct{}

// WithSchema returns a context whose calls find every table that names no schema itself in this one; "" takes it back.
func WithSchema(ctx context.Context, schema string) context.Context {
	return context.WithValue(ctx, schemaKey{}, schema)
}

// schemaFor returns the schema of a call: that of ctx, or that of the handle which serves it.
func schemaFor(ctx context.Context, serving string) (string, error) {
	asked, _ := ctx.Value(schemaKey{}).(string)
	switch {
	case asked == "" || asked == serving:
		return serving, nil
	case !ident.IsSchema(asked):
		return "", errs.New(errs.ErrUnsupported, "WithSchema: the name of a schema is letters, digits and _, at most 63 of them")
	}
	return asked, nil
}

// agree refuses a context that asks for another schema than that of a record.
func (h *Handle) agree(ctx context.Context) error {
	if h.db.schema == "" {
		return nil
	}
	schema, err := schemaFor(ctx, h.db.schema)
	if err == nil && schema != h.db.schema {
		err = errs.New(errs.ErrUnsupported, "the record is of the schema %s, and the context asks for %s",
			ident.Quote(h.db.schema), ident.Quote(schema))
	}
	return err
}

// Schema returns the schema in which the handle finds tables that name none; "" is where the connection looks.
func (h *Handle) Schema() string { return h.db.schema }

// in returns the handle, of the same transaction, for a schema.
func (h *Handle) in(schema string) *Handle {
	if h.db.schema == schema {
		return h
	}
	return &Handle{db: h.db.main().within(schema), frame: h.frame, whole: h.whole}
}

// inSchema returns a context that carries the schema of a handle, for hooks.
func (h *Handle) inSchema(ctx context.Context) context.Context {
	if h.db.schema == "" || ctx.Value(schemaKey{}) == h.db.schema {
		return ctx
	}
	return WithSchema(ctx, h.db.schema)
}

// schemas are the views of a database in its schemas.
type schemas struct {
	mu   sync.Mutex
	list map[string]*Database
}

// mostSchemas bounds how many schemas are remembered with the texts of their statements.
const mostSchemas = 1024

// main returns the database of which this is a view.
func (db *Database) main() *Database {
	if db.base != nil {
		return db.base
	}
	return db
}

// within returns the view of a database in a schema. It has texts of statements of its own, and shares everything else.
func (db *Database) within(schema string) *Database {
	if schema == "" {
		return db
	}
	db.views.mu.Lock()
	defer db.views.mu.Unlock()
	if view, ok := db.views.list[schema]; ok {
		return view
	}
	view := &Database{
		Gorm: db.Gorm, Dialect: db.Dialect.In(schema), Models: db.Models, Unloaded: db.Unloaded, now: db.now, pool: db.pool,
		sqlDB: db.sqlDB, settings: db.settings, rowFns: db.rowFns, rawFns: db.rawFns, hears: db.hears, onStatement: db.onStatement,
		base: db, schema: schema,
	}
	view.root = &Handle{db: view}
	if db.views.list == nil {
		db.views.list = map[string]*Database{}
	}
	for other := range db.views.list {
		if len(db.views.list) < mostSchemas {
			break
		}
		delete(db.views.list, other) // any; whoever has it goes on using it.
	}
	db.views.list[schema] = view
	return view
}

// Same reports whether two handles are of one database and schema.
func (h *Handle) Same(other *Handle) bool {
	return h.db.main() == other.db.main() && h.db.schema == other.db.schema
}
