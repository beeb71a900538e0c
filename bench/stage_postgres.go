// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx", the driver of all contenders
)

// postgresDSNEnv overrides [postgresDSN].
const postgresDSNEnv = "KINDRED_POSTGRES_DSN"

const postgresDSN = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"

// postgresLock is the advisory lock that keeps two runs from using one table.
const postgresLock = 7_046_181

// postgresTable has no autovacuum, which would strike one contender's sample and not the next.
const postgresTable = `CREATE TABLE ` + tableName + ` (
	id bigserial PRIMARY KEY,
	name text NOT NULL,
	email text NOT NULL,
	age bigint NOT NULL,
	score double precision NOT NULL,
	active boolean NOT NULL,
	bio text,
	login_count bigint NOT NULL,
	last_login timestamptz,
	created_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL
) WITH (autovacuum_enabled = false)`

// withoutFlush adds the setting that every contender's sessions have: a commit does not wait for the
// disk, whose time is larger than all clients' and varies more than they differ.
func withoutFlush(dsn string) string {
	const setting = "synchronous_commit=off"
	switch {
	case !strings.Contains(dsn, "://"):
		return dsn + " " + setting
	case strings.Contains(dsn, "?"):
		return dsn + "&" + setting
	}
	return dsn + "?" + setting
}

// newPostgresStage returns a stage on the server, whose table it replaces.
func newPostgresStage(ctx context.Context, dsn string) (*Stage, error) {
	dsn = withoutFlush(dsn)
	admin, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	// One connection, because the advisory lock belongs to it.
	admin.SetMaxOpenConns(1)
	s := &Stage{
		Target: Postgres,
		DSN:    dsn,
		Rows:   seedUsers(manyRows),
		open:   func() (*sql.DB, error) { return sql.Open("pgx", dsn) },
		admin:  admin,
	}
	s.close = func(ctx context.Context) error {
		err := s.execAll(ctx, append(dropGraph(), "DROP TABLE IF EXISTS "+tableName))
		return errors.Join(err, admin.Close())
	}
	s.reset = s.resetPostgres
	var locked bool
	lock := admin.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", postgresLock)
	if err := lock.Scan(&locked); err != nil {
		return nil, errors.Join(err, admin.Close())
	}
	if !locked {
		return nil, errors.Join(errors.New("another run uses "+tableName), admin.Close())
	}
	tables := append(createGraph(Postgres), "DROP TABLE IF EXISTS "+tableName, postgresTable)
	if err := s.execAll(ctx, tables); err != nil {
		return nil, errors.Join(err, s.Close(ctx))
	}
	return s, nil
}

func (s *Stage) resetPostgres(ctx context.Context, rows []User, settled bool) error {
	q := "TRUNCATE " + tableName + " RESTART IDENTITY"
	if _, err := s.admin.ExecContext(ctx, q); err != nil {
		return err
	}
	const batch = 1000
	for len(rows) > 0 {
		n := min(batch, len(rows))
		var args []any
		// This mode neither prepares nor keeps the statement.
		args = append(args, pgx.QueryExecModeExec)
		for i := range rows[:n] {
			args = append(args, rows[i].args()...)
		}
		if _, err := s.admin.ExecContext(ctx, insertSQL(Postgres, n), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	if !settled {
		return nil
	}
	_, err := s.admin.ExecContext(ctx, "VACUUM (ANALYZE) "+tableName)
	return err
}
