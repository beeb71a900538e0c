// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
)

// sqliteTable is what the libraries' own migrations agree on.
const sqliteTable = `CREATE TABLE ` + tableName + ` (
	id integer PRIMARY KEY AUTOINCREMENT,
	name text NOT NULL,
	email text NOT NULL,
	age integer NOT NULL,
	score real NOT NULL,
	active boolean NOT NULL,
	bio text,
	login_count integer NOT NULL,
	last_login datetime,
	created_at datetime NOT NULL,
	updated_at datetime NOT NULL
)`

// newSQLiteStage returns a stage on a file in a new folder inside dir.
func newSQLiteStage(ctx context.Context, dir string) (*Stage, error) {
	dir, err := os.MkdirTemp(dir, "kindred-bench-")
	if err != nil {
		return nil, err
	}
	dsn := "file:" + filepath.Join(dir, "bench.db") + sqliteOptions
	admin, err := sql.Open(sqliteDriver, dsn)
	if err != nil {
		return nil, err
	}
	admin.SetMaxOpenConns(1)
	s := &Stage{
		Target: SQLite,
		DSN:    dsn,
		Rows:   seedUsers(manyRows),
		open:   func() (*sql.DB, error) { return sql.Open(sqliteDriver, dsn) },
		admin:  admin,
		close: func(context.Context) error {
			return errors.Join(admin.Close(), os.RemoveAll(dir))
		},
	}
	s.reset = s.resetSQLite
	if err := s.execAll(ctx, append(createGraph(SQLite), sqliteTable)); err != nil {
		return nil, errors.Join(err, s.Close(ctx))
	}
	return s, nil
}

func (s *Stage) resetSQLite(ctx context.Context, rows []User, _ bool) error {
	tx, err := s.admin.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	for _, q := range []string{
		"DELETE FROM " + tableName,
		"DELETE FROM sqlite_sequence WHERE name = '" + tableName + "'",
	} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	insert, err := tx.PrepareContext(ctx, insertSQL(SQLite, 1))
	if err != nil {
		return err
	}
	defer insert.Close()
	for i := range rows {
		if _, err := insert.ExecContext(ctx, rows[i].args()...); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	// Otherwise one contender's sample pays for the pages that others wrote.
	_, err = s.admin.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}
