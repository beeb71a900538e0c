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

// Query returns a builder for the records of a model. db is a database or an open transaction; a transaction that the
// context of the call carries on the same database serves the call in its place. With a nil db, the database in that
// context does (WithDB), else the call is an ErrUnbound. Nothing is sent before a method that takes a context runs the
// query.
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
	return write(h.Writing(ctx), h, s)
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
	return write(h.Writing(ctx), h, list)
}

// Create inserts a new record into db, or into the transaction that ctx carries; with a nil db, into the database that the
// record belongs to, else that of ctx. One INSERT, whose RETURNING brings back the key and defaults of the database.
//
// Creating and Saving hooks run before it, Created and Saved hooks after it, all in one transaction. A record that has a
// row already is an ErrUnsupported, a unique index that refuses the row an ErrDuplicate, a foreign key an ErrForeignKey.
// After an error, and after a rollback, the record is as before the call.
func Create[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	return writeOne(ctx, db, "create", rec, create)
}

// CreateQuietly inserts a new record by one INSERT without running hooks. Its database and its errors are those of
// [Create].
func CreateQuietly[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	return writeOne(meta.Quiet(ctx), db, "create", rec, create)
}

func create(ctx context.Context, h *tx.Handle, s *record.State) error {
	if s.Persisted() && !s.Deleted() {
		return errs.New(errs.ErrUnsupported, "the %s has a row already; Save updates it", s.Model.Name)
	}
	return persist.Save(ctx, h, s)
}

// Save writes a record that is given together with its database, as [Record.Save] does: one INSERT if it has no row, one
// UPDATE of the changed columns if it has one, nothing if nothing has changed. With a nil db, the database that the record
// belongs to serves the call, else that of ctx. A row that is gone is an ErrStale.
func Save[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	return writeOne(ctx, db, "save", rec, persist.Save)
}

// SaveQuietly writes a record as [Save] does, but runs no hooks. Timestamps and version are written. As Lucid's and
// Eloquent's saveQuietly.
func SaveQuietly[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	return writeOne(meta.Quiet(ctx), db, "save", rec, persist.Save)
}

// Delete deletes the row of a record that is given together with its database, as [Record.Delete] does: one DELETE, or an
// UPDATE that marks the row if the model has soft deletes. With a nil db, the database that the record belongs to serves
// the call, else that of ctx. A row that is gone is an ErrStale.
func Delete[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	return writeOne(ctx, db, "delete", rec, persist.Delete)
}

// DeleteQuietly deletes the row of a record as [Delete] does, but runs no hooks. As Lucid's and Eloquent's deleteQuietly.
func DeleteQuietly[T any, P Model[T]](ctx context.Context, db *DB, rec P) error {
	return writeOne(meta.Quiet(ctx), db, "delete", rec, persist.Delete)
}

// CreateMany inserts new records, with one INSERT per set of written columns and per chunk of rows: all of them are
// written, or none. Creating and Saving hooks of all records run before the first statement, Created and Saved hooks after
// the last, in one transaction. Lucid sends one INSERT per record.
//
// A record that has a row already is an ErrUnsupported, one that is in the slice twice an ErrInvalidValue. After an error
// all records are as before. Without records nothing is sent.
func CreateMany[T any, P Model[T]](ctx context.Context, db *DB, records []P) error {
	return writeMany(ctx, db, "create many", records, persist.InsertMany)
}

// Insert inserts new records without running hooks, with one INSERT per set of written columns and per chunk of rows, in
// one transaction where there are several. Keys and defaults of the database come back. Its errors are those of
// [CreateMany].
func Insert[T any, P Model[T]](ctx context.Context, db *DB, records []P) error {
	return writeMany(meta.Quiet(ctx), db, "insert", records, persist.InsertMany)
}

// Upsert inserts records, and updates the row instead where one has the same values in the uniqueBy columns, for which
// there must be a unique index, else it is an ErrUnsupported. Without uniqueBy it is the primary key. update names the
// columns that are overwritten then, all written ones if none is named; the timestamp of updates and the version always
// are.
//
// It sends one statement per set of written columns and per chunk of rows, in one transaction, and runs no hooks. Rows are
// written in the order of the uniqueBy values, so that concurrent calls do not lock each other out. Afterwards every
// record equals its row; records that are equal in the uniqueBy columns are one row, with the values of the last. A value
// that the database has yet to make is an ErrMissingKey, a nil one an ErrInvalidValue, a name that is no column an
// ErrUnknownColumn. As Eloquent's upsert.
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
		unique, err = m.Keys, m.Keyed()
	}
	if err != nil {
		return err
	}
	updated, err := columnsOf(m, update)
	if err != nil {
		return err
	}
	if len(update) == 0 {
		updated = overwritten(m, unique)
	}
	return persist.Upsert(ctx, h, list, unique, persist.Overwritten{Columns: updated, Named: len(update) > 0})
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

// Truncate deletes all rows of the model's table, without hooks; soft deletes, scopes and conditions do not
// matter. Foreign keys of other tables act as they do when a row is deleted: they delete or change their rows,
// or refuse with ErrForeignKey. Keys that the database counts go on from where they were.
//
// It sends one statement; on PostgreSQL a DELETE follows the TRUNCATE that is refused where foreign keys point to
// the table.
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
	empty := func(statement string) error {
		return h.Guard(ctx, func(ctx context.Context, h *tx.Handle) error {
			_, err := h.Exec(ctx, tx.Statement{Table: m.Table, SQL: fmt.Sprintf(statement, table)})
			return err
		})
	}
	err = empty(h.Dialect().Truncate)
	if referenced := h.Dialect().Referenced; err != nil && referenced != nil && referenced(err) {
		return empty("DELETE FROM %s")
	}
	return err
}
