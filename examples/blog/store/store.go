// SPDX-License-Identifier: MIT

// Package store holds the blog's models, opens its database and fills it.
package store

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// maxConnections is how many requests may be at work in the database at once; others wait.
const maxConnections = 8

//go:embed search_postgres.sql
var postgresIndex string

// Open opens the database of a DSN, PostgreSQL for a postgres:// URL and an SQLite file for anything
// else, and brings its tables up to date.
func Open(ctx context.Context, dsn string, config ...model.Config) (*model.DB, error) {
	db, err := model.Open(dialector(dsn), config...)
	if err != nil {
		return nil, err
	}
	if pool, err := db.Gorm().DB(); err == nil {
		pool.SetMaxOpenConns(maxConnections)
		pool.SetMaxIdleConns(maxConnections) // two by default, and the others would be opened again and again
	}
	models := []any{&Country{}, &User{}, &Profile{}, &Post{}, &Comment{}, &Tag{}, &Tagging{}}
	if err = db.Register(models...); err == nil {
		err = db.Migrate(ctx, models...)
	}
	if err == nil {
		err = indexText(ctx, db)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func dialector(dsn string) gorm.Dialector {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return postgres.Open(dsn)
	}
	return sqlite.New(sqlite.Config{DriverName: sqliteDriver, DSN: dsn})
}

// indexText makes the index of the words in posts: a table and triggers on SQLite, a generated column on
// PostgreSQL.
func indexText(ctx context.Context, db *model.DB) error {
	g, sql := db.Gorm().WithContext(ctx), postgresIndex
	if g.Name() == "sqlite" {
		sql = sqliteIndex
	}
	if g.Migrator().HasTable("posts_text") || g.Migrator().HasColumn("posts", "words") {
		return nil
	}
	return g.Transaction(func(g *gorm.DB) error { return g.Exec(sql).Error })
}

// Reason is why a value is refused, in words for people. It stands in a [model.FieldError].
type Reason string

func (r Reason) Error() string { return string(r) }

// Unwrap makes every reason an invalid value.
func (r Reason) Unwrap() error { return model.ErrInvalidValue }

// checks finds the first mistake in a record that is about to be written.
type checks struct {
	model string
	err   error
}

func (c *checks) must(ok bool, field, format string, args ...any) {
	if !ok && c.err == nil {
		c.err = &model.FieldError{Model: c.model, Field: field, Err: Reason(fmt.Sprintf(format, args...))}
	}
}

// text is a field that needs a text.
func (c *checks) text(field, text string, most int) {
	c.must(text != "", field, "is required")
	c.must(utf8.RuneCountInString(text) <= most, field, "must have at most %d characters", most)
}

// refers finds out what a foreign key would refuse, because SQLite does not tell which one it was. The query
// runs in the transaction that ctx carries.
func refers[T any, P model.Model[T]](ctx context.Context, c *checks, field string, id int64) {
	c.must(id != 0, field, "is required")
	if c.err == nil {
		var known bool
		known, c.err = model.Query[T, P](nil).Use(func(q *relation.Query) { q.WhereKey(id) }).Exists(ctx)
		c.must(known, field, "must be the id of a record")
	}
}
