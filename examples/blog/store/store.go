// SPDX-License-Identifier: MIT

// Package store holds the blog's models, opens its database and fills it.
package store

import (
	"context"
	_ "embed"
	"errors"
	"strings"

	"github.com/kindred-orm/kindred/model"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// maxConnections is how many requests may be at work in the database at once; others wait.
const maxConnections = 8

//go:embed search_sqlite.sql
var sqliteIndex string

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
	return sqlite.Open(dsn)
}

// indexText makes the index of the words in posts: a table and triggers on SQLite, an index on an
// expression on PostgreSQL.
func indexText(ctx context.Context, db *model.DB) error {
	g := db.Gorm().WithContext(ctx)
	if g.Name() != "sqlite" {
		return g.Exec("CREATE INDEX IF NOT EXISTS idx_posts_text ON posts USING gin (" + postgresText + ")").Error
	}
	if g.Migrator().HasTable("posts_text") {
		return nil
	}
	return g.Transaction(func(g *gorm.DB) error { return g.Exec(sqliteIndex).Error })
}
