// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"fmt"
	"reflect"

	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/relation"
)

// Query returns a builder for the records of a model. Without db, the database that the context of the call carries serves it; a
// transaction in that context serves it rather than a plain database.
func Query[T any, P Model[T]](db *DB) *relation.Builder[P] {
	return (*relation.Builder[P])(chainOf(db, reflect.TypeFor[P]().Elem()))
}

func chainOf(db *DB, t reflect.Type) *chain.Chain {
	h := db.handleOf()
	if h == nil {
		m, err := meta.First(t)
		return chain.New(nil, m, err)
	}
	m, err := h.Database().Models.Model(t)
	return chain.New(h, m, err)
}

type (
	writeFunc     = func(ctx context.Context, h *tx.Handle, s *record.State) error
	writeManyFunc = func(ctx context.Context, h *tx.Handle, list []*record.State) error
)

// writeOne runs a write on a record that was given together with a database. Without one it is the record's.
func writeOne(ctx context.Context, db *DB, op string, rec any, write writeFunc) error {
	s, err := stateOf(rec)
	if err != nil {
		return errs.In(reflect.TypeOf(rec).Elem().Name(), op, err)
	}
	return errs.In(s.Model.Name, op, serve(ctx, db, s, write))
}

func serve(ctx context.Context, db *DB, s *record.State, write writeFunc) error {
	var h *tx.Handle
	var err error
	if db == nil {
		ctx, h, err = tx.ForRecord(ctx, s.Handle)
	} else {
		ctx, h, err = tx.ForArgument(ctx, db.h)
	}
	if err != nil {
		return err
	}
	if err := adopt(s, h); err != nil {
		return err
	}
	return write(ctx, h, s)
}

// writeMany runs a write on a slice of records that were given together with a database.
func writeMany(ctx context.Context, db *DB, op string, records any, write writeManyFunc) error {
	name := reflect.TypeOf(records).Elem().Elem().Name()
	list, err := statesOf(records)
	if err != nil {
		return errs.In(name, op, err)
	}
	return errs.In(name, op, serveMany(ctx, db, list, write))
}

func serveMany(ctx context.Context, db *DB, list []*record.State, write writeManyFunc) error {
	ctx, h, err := tx.ForArgument(ctx, db.handleOf())
	if err != nil {
		return err
	}
	for _, s := range list {
		if err := adopt(s, h); err != nil {
			return err
		}
	}
	return write(ctx, h, list)
}

// Create inserts a record with one statement, between Creating, Saving and Created, Saved hooks. A
// record that has a row already is an ErrUnsupported. See Record.Save for the rest.
func Create[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	return writeOne(ctx, db, "create", rec, create)
}

// CreateQuietly is Create without hooks.
func CreateQuietly[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	return writeOne(meta.Quiet(ctx), db, "create", rec, create)
}

func create(ctx context.Context, h *tx.Handle, s *record.State) error {
	if s.Persisted() && !s.Deleted() {
		return errs.New(errs.ErrUnsupported, "the %s has a row already; Save updates it", s.Model.Name)
	}
	return persist.Save(ctx, h, s)
}

// Save is Record.Save on a database given with it; without one, on the record's.
func Save[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	return writeOne(ctx, db, "save", rec, persist.Save)
}

// SaveQuietly is Save without hooks.
func SaveQuietly[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	return writeOne(meta.Quiet(ctx), db, "save", rec, persist.Save)
}

// Delete is Record.Delete on a database given with it; without one, on the record's.
func Delete[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	return writeOne(ctx, db, "delete", rec, persist.Delete)
}

// DeleteQuietly is Delete without hooks.
func DeleteQuietly[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	return writeOne(meta.Quiet(ctx), db, "delete", rec, persist.Delete)
}

// CreateMany inserts records in one transaction, with one statement per chunk and set of written
// columns. Creating and Saving hooks of all records run before the first statement, Created and Saved
// hooks after the last. Either all records are inserted or none; no records, no statement.
func CreateMany[T any, P Model[T]](ctx context.Context, db *DB, records []P) error {
	return writeMany(ctx, db, "create many", records, persist.InsertMany)
}

// Insert is CreateMany without hooks.
func Insert[T any, P Model[T]](ctx context.Context, db *DB, records []P) error {
	return writeMany(meta.Quiet(ctx), db, "insert", records, persist.InsertMany)
}

// Upsert inserts records without hooks in one transaction, and updates the row instead where one with
// the same values in the uniqueBy columns exists, for which there must be a unique index. Only the
// update columns are overwritten then, all written ones if none is named, and always the timestamp of
// updates and the version. A row that is soft deleted comes back. To leave it in place and insert
// another one, give the unique index the condition of rows that are not deleted:
// gorm:"uniqueIndex:,where:deleted_at IS NULL". Afterwards every record equals its row; records that are equal in the
// uniqueBy columns are one row with the values of the last. Without uniqueBy it is the primary key; one
// that the database has yet to make is an ErrMissingKey. Rows are written in the order of these values.
// One statement per chunk and set of written columns.
func Upsert[T any, P Model[T]](ctx context.Context, db *DB, records []P, uniqueBy []string, update ...string) error {
	return writeMany(ctx, db, "upsert", records, func(ctx context.Context, h *tx.Handle, list []*record.State) error {
		return upsert(ctx, h, list, uniqueBy, update)
	})
}

func upsert(ctx context.Context, h *tx.Handle, list []*record.State, uniqueBy, update []string) error {
	if len(list) == 0 {
		return nil
	}
	m := list[0].Model
	unique, err := columnsOf(m, uniqueBy)
	if err != nil {
		return err
	}
	if len(unique) == 0 {
		unique = m.Keys
	}
	updated, err := columnsOf(m, update)
	if err != nil {
		return err
	}
	if len(update) == 0 {
		updated = overwritten(m, unique)
	}
	return persist.Upsert(ctx, h, list, unique, updated)
}

func columnsOf(m *meta.Model, names []string) ([]*meta.Column, error) {
	var columns []*meta.Column
	for _, name := range names {
		c, ok := m.Column(name)
		if !ok {
			return nil, m.UnknownColumn(name)
		}
		columns = append(columns, c)
	}
	return columns, nil
}

// overwritten are the columns that an upsert overwrites by itself.
func overwritten(m *meta.Model, unique []*meta.Column) []*meta.Column {
	var columns []*meta.Column
	for _, c := range m.Columns {
		if c.Key || !c.Updatable || c.AutoCreate != meta.NoTime && c.AutoUpdate == meta.NoTime {
			continue
		}
		isUnique := false
		for _, u := range unique {
			isUnique = isUnique || u == c
		}
		if !isUnique {
			columns = append(columns, c)
		}
	}
	return columns
}

// Truncate deletes all rows of the model's table with one statement, without hooks; soft deletes,
// scopes and conditions do not matter. Keys that the database counts go on from where they were.
func Truncate[T any, P Model[T]](ctx context.Context, db *DB) error {
	t := reflect.TypeFor[P]().Elem()
	return errs.In(t.Name(), "truncate", truncate(ctx, db, t))
}

func truncate(ctx context.Context, db *DB, t reflect.Type) error {
	ctx, h, err := tx.ForArgument(ctx, db.handleOf())
	if err != nil {
		return err
	}
	m, err := h.Database().Models.Model(t)
	if err != nil {
		return err
	}
	table := string(h.Dialect().AppendTable(nil, m.Table))
	return h.Guard(ctx, func(ctx context.Context, h *tx.Handle) error {
		_, err := h.Exec(ctx, tx.Statement{Table: m.Table, SQL: fmt.Sprintf(h.Dialect().Truncate, table)})
		return err
	})
}
