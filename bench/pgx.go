// SPDX-License-Identifier: MIT

package main

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// byPgx is pgx by hand, without database/sql: one connection, whose statement cache prepares.
// It sends the statements of [raw], so that the difference is the client's.
type byPgx struct {
	conn   *pgx.Conn
	many   map[int]string // by number of rows
	attach map[int]string // by number of tags
}

func openPgx(ctx context.Context, s *Stage) (Contender, error) {
	conn, err := pgx.Connect(ctx, s.DSN)
	if err != nil {
		return nil, err
	}
	return &byPgx{conn: conn, many: map[int]string{}, attach: map[int]string{}}, nil
}

const (
	pgxInsert = "INSERT INTO " + tableName + " (name, email, age, score, active, bio, login_count, " +
		"last_login, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) " +
		"RETURNING id"
	pgxFind   = "SELECT " + columnList + " FROM " + tableName + " WHERE id = $1"
	pgxAll    = "SELECT " + columnList + " FROM " + tableName + " ORDER BY id"
	pgxUpdate = "UPDATE " + tableName + " SET login_count = $1 WHERE id = $2"
)

func (c *byPgx) Insert(ctx context.Context, in *User) (int64, error) {
	var id int64
	err := c.conn.QueryRow(ctx, pgxInsert, in.Name, in.Email, in.Age, in.Score, in.Active, in.Bio,
		in.LoginCount, in.LastLogin, in.CreatedAt, in.UpdatedAt).Scan(&id)
	return id, err
}

func (c *byPgx) CreateMany(ctx context.Context, in []User) (any, error) {
	q, ok := c.many[len(in)]
	if !ok {
		q = insertSQL(Postgres, len(in)) + " RETURNING id"
		c.many[len(in)] = q
	}
	us := make([]User, len(in))
	args := make([]any, 0, 10*len(in))
	for i := range in {
		us[i] = in[i]
		u := &us[i]
		args = append(args, u.Name, u.Email, u.Age, u.Score, u.Active, u.Bio, u.LoginCount,
			u.LastLogin, u.CreatedAt, u.UpdatedAt)
	}
	rows, err := c.conn.Query(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for i := 0; rows.Next(); i++ {
		if err := rows.Scan(&us[i].ID); err != nil {
			return nil, err
		}
	}
	return us, rows.Err()
}

func (c *byPgx) Find(ctx context.Context, id int64) (any, error) {
	u := new(User)
	err := c.conn.QueryRow(ctx, pgxFind, id).Scan(&u.ID, &u.Name, &u.Email, &u.Age, &u.Score,
		&u.Active, &u.Bio, &u.LoginCount, &u.LastLogin, &u.CreatedAt, &u.UpdatedAt)
	return u, err
}

func (c *byPgx) All(ctx context.Context) (any, error) {
	rows, err := c.conn.Query(ctx, pgxAll)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var us []User
	for rows.Next() {
		var u User
		if err := rows.Scan(&u.ID, &u.Name, &u.Email, &u.Age, &u.Score, &u.Active, &u.Bio,
			&u.LoginCount, &u.LastLogin, &u.CreatedAt, &u.UpdatedAt); err != nil {
			return nil, err
		}
		us = append(us, u)
	}
	return us, rows.Err()
}

func (c *byPgx) Updater(
	_ context.Context, id int64,
) (func(ctx context.Context, count int64) error, error) {
	return func(ctx context.Context, count int64) error {
		_, err := c.conn.Exec(ctx, pgxUpdate, count, id)
		return err
	}, nil
}

func (c *byPgx) Users(records any) ([]User, error) { return plainUsers(records) }

func (c *byPgx) Close() error { return c.conn.Close(context.Background()) }
