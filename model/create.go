// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"fmt"
	"reflect"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/relation"
)

// Query returns a builder for the records of a model. Without db, the one that the context of the
// terminal carries serves it; a transaction in that context goes before a plain database.
func Query[T any, P Model[T]](db *DB) *Builder[T] {
	h := db.handleOf()
	m, err := modelOf(h, reflect.TypeFor[T]())
	return relation.NewBuilder[T](h, m, err)
}

func modelOf(h *tx.Handle, t reflect.Type) (*meta.Model, error) {
	if h == nil {
		return meta.First(t)
	}
	return h.Database().Models.Model(t)
}

// refsOf returns records that an entry point was given.
func refsOf[T any, P Model[T]](records []P) ([]ref, error) {
	list := make([]ref, len(records))
	for i, rec := range records {
		var err error
		if list[i], err = refOf[T](rec); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// writeMany runs a write on records that were given together with a database.
func writeMany(
	ctx context.Context, db *DB, op string, t reflect.Type, refs []ref, err error,
	write func(ctx context.Context, h *tx.Handle, list []*record.State) error,
) error {
	var h *tx.Handle
	if err == nil {
		h, err = tx.ForArgument(ctx, db.handleOf())
	}
	list := make([]*record.State, len(refs))
	for i := 0; err == nil && i < len(refs); i++ {
		if list[i], err = refs[i].state(); err == nil {
			ctx, _, _, err = bind(ctx, list[i], h)
		}
	}
	if err == nil {
		err = write(ctx, h, list)
	}
	return errs.In(t.Name(), op, err)
}

// writeOne is writeMany for one record.
func writeOne(
	ctx context.Context, db *DB, op string, t reflect.Type, r ref, err error,
	write func(ctx context.Context, h *tx.Handle, s *record.State) error,
) error {
	var s *record.State
	var h *tx.Handle
	if err == nil {
		ctx, s, h, err = r.on(ctx, db)
	}
	if err == nil {
		err = write(ctx, h, s)
	}
	if err == nil {
		return nil
	}
	return errs.In(t.Name(), op, err)
}

// Create inserts a record with one statement, between Creating, Saving and Created, Saved hooks. A
// record that has a row already is an ErrUnsupported. See BaseModel.Save for the rest.
func Create[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	r, err := refOf[T](rec)
	return writeOne(ctx, db, "create", reflect.TypeFor[T](), r, err, create)
}

// CreateQuietly is Create without hooks.
func CreateQuietly[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	r, err := refOf[T](rec)
	return writeOne(ctx, db, "create", reflect.TypeFor[T](), r, err, createQuietly)
}

func create(ctx context.Context, h *tx.Handle, s *record.State) error {
	return createRecord(ctx, h, s, false)
}

func createQuietly(ctx context.Context, h *tx.Handle, s *record.State) error {
	return createRecord(ctx, h, s, true)
}

func createRecord(ctx context.Context, h *tx.Handle, s *record.State, quietly bool) error {
	if s.Persisted() && !s.Deleted() {
		return errs.New(errs.ErrUnsupported, "the %s has a row already; Save updates it", s.Model.Name)
	}
	return persist.Save(ctx, h, s, quietly)
}

// Save is BaseModel.Save on a database given with it.
func Save[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	r, err := refOf[T](rec)
	return writeOne(ctx, db, "save", reflect.TypeFor[T](), r, err, save)
}

func save(ctx context.Context, h *tx.Handle, s *record.State) error {
	return persist.Save(ctx, h, s, false)
}

// Delete is BaseModel.Delete on a database given with it.
func Delete[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	r, err := refOf[T](rec)
	return writeOne(ctx, db, "delete", reflect.TypeFor[T](), r, err, remove)
}

func remove(ctx context.Context, h *tx.Handle, s *record.State) error {
	return persist.Delete(ctx, h, s, false, false)
}

// CreateMany inserts records in one transaction, with one statement per chunk and set of written
// columns. Creating and Saving hooks of all records run before the first statement, Created and Saved
// hooks after the last. Either all records are inserted or none; no records, no statement.
func CreateMany[T any, P Model[T]](ctx context.Context, db *DB, records []P) error {
	refs, err := refsOf[T](records)
	return writeMany(ctx, db, "create many", reflect.TypeFor[T](), refs, err, createMany)
}

func createMany(ctx context.Context, h *tx.Handle, list []*record.State) error {
	return persist.InsertMany(ctx, h, list, false)
}

// Insert is CreateMany without hooks.
func Insert[T any, P Model[T]](ctx context.Context, db *DB, records []P) error {
	refs, err := refsOf[T](records)
	return writeMany(ctx, db, "insert", reflect.TypeFor[T](), refs, err, insert)
}

func insert(ctx context.Context, h *tx.Handle, list []*record.State) error {
	return persist.InsertMany(ctx, h, list, true)
}

// Upsert inserts records without hooks in one transaction, and updates the row instead where one with
// the same values in the uniqueBy columns exists, for which there must be a unique index. Only the
// update columns are overwritten then, all written ones if none is named, and always the timestamp of
// updates and the version. Afterwards every record equals its row; records that are equal in the
// uniqueBy columns are one row with the values of the last. Without uniqueBy it is the primary key; one
// that the database has yet to make is an ErrMissingKey. Rows are written in the order of these values.
// One statement per chunk and set of written columns.
func Upsert[T any, P Model[T]](ctx context.Context, db *DB, records []P, uniqueBy []string, update ...string) error {
	refs, err := refsOf[T](records)
	return writeMany(ctx, db, "upsert", reflect.TypeFor[T](), refs, err,
		func(ctx context.Context, h *tx.Handle, list []*record.State) error {
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
	t := reflect.TypeFor[T]()
	return errs.In(t.Name(), "truncate", truncate(ctx, db, t))
}

func truncate(ctx context.Context, db *DB, t reflect.Type) error {
	h, err := tx.ForArgument(ctx, db.handleOf())
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
