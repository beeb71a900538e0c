// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/migrate"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Migrate creates the tables of models and the pivot tables of their relations, or changes them to what the models declare:
// columns with the types, defaults and NOT NULL of gorm's tags, indexes and constraints. A pivot table has its pair of keys as
// primary key, unless duplicates are allowed, an index for the way back, and foreign keys that delete its rows with either
// side. Relations with onDelete or onUpdate get a foreign key too, if both models are given.
//
// Nothing is dropped: not a row, and no column, index or constraint that the models do not name. Primary keys and generated
// columns are left as they are. Indexes and checks are recognised by their names. Where the tables are as the models declare,
// only reading statements are sent.
//
// All changes are made in one transaction, and calls from several processes wait for each other. In the transaction of db or ctx,
// they belong to that. SQLite changes a column, and adds a constraint, by making the table anew: Migrate does it on one connection
// without foreign keys, copies the rows, makes indexes and triggers again, and checks the foreign keys before it commits. It
// returns ErrUnsupported, before anything is changed, if that is needed and a transaction is open.
//
// An index with the option CONCURRENTLY is made after the transaction. In an open transaction it is refused with ErrUnsupported.
func (db *DB) Migrate(ctx context.Context, models ...any) error {
	ctx, h, err := tx.ForArgument(ctx, db.h)
	if err != nil {
		return errs.In("database", "migrate", err)
	}
	var tables []*meta.Model
	for _, v := range models {
		m, err := db.model(v)
		if err != nil {
			return err
		}
		if err := m.Keyed(); err != nil {
			return errs.In(m.Name, "migrate", errs.New(errs.ErrMissingKey, "%s has no primary key; Register it, and make its view or table by SQL", m.Name))
		}
		if !slices.Contains(tables, m) {
			tables = append(tables, m)
		}
	}
	err = migrate.Run(ctx, h, tables)
	if err == nil && !h.InTransaction() {
		guardPivots(h, tables)
	}
	return err
}

// guardPivots notes which pivot tables have foreign keys now.
func guardPivots(h *tx.Handle, tables []*meta.Model) {
	for _, m := range tables {
		for _, r := range m.Relations {
			if l, err := r.Link(); err == nil && l.Kind == meta.ManyToMany && !l.Pivot.Typed { // Run has reported an error
				h.Database().Guard(l.Pivot.Model.Table, l.Pivot.Owner.Name)
				h.Database().Guard(l.Pivot.Model.Table, l.Pivot.Related.Name)
			}
		}
	}
}
