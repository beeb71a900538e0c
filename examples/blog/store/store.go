// SPDX-License-Identifier: MIT

// Package store holds the blog's models, opens its database and fills it.
package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
)

// maxConnections is how many requests may be at work in the database at once; others wait.
const maxConnections = 8

// ErrInUse says that a record cannot be deleted, because others need it.
var ErrInUse = errors.New("record is in use")

// FieldError is a field that a record must not be saved with. Message is meant for people.
type FieldError struct {
	Field, Message string
	Err            error // the kind: model.ErrInvalidValue, model.ErrForeignKey, ErrInUse …
}

// Error names the field, never the value.
func (e *FieldError) Error() string { return fmt.Sprintf("%s %s: %v", e.Field, e.Message, e.Err) }

// Unwrap returns the kind.
func (e *FieldError) Unwrap() error { return e.Err }

func invalid(field, format string, args ...any) error {
	return &FieldError{Field: field, Message: fmt.Sprintf(format, args...), Err: model.ErrInvalidValue}
}

// checkText refuses a text that is too short or too long.
func checkText(field, text string, atLeast, atMost int) error {
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return invalid(field, "is required")
	case n < atLeast || n > atMost:
		return invalid(field, "must have %d to %d characters", atLeast, atMost)
	}
	return nil
}

// checkID finds out what a foreign key would refuse, because SQLite does not tell which one it was.
// Without a database of its own, a query runs in the transaction that ctx carries.
func checkID[T any, P model.Model[T]](ctx context.Context, field string, id int64) error {
	if id == 0 {
		return invalid(field, "is required")
	}
	known, err := model.Query[T, P](nil).WhereKey(id).Exists(ctx)
	if err == nil && !known {
		err = &FieldError{Field: field, Message: "must be the id of a record", Err: model.ErrForeignKey}
	}
	return err
}

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
