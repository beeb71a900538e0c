// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// raw is database/sql by hand with statements prepared once: the measure of all others.
// Keys come back by RETURNING on all databases.
type raw struct {
	target Target
	db     *sql.DB
	insert *sql.Stmt
	many   map[int]*sql.Stmt // by number of rows
	find   *sql.Stmt
	all    *sql.Stmt
	update *sql.Stmt
	others map[string]*sql.Stmt // by their text
	lists  map[int]string       // of placeholders, by length
}

var _ Encoder = (*raw)(nil)

func openRaw(ctx context.Context, s *Stage) (Contender, error) {
	db, err := s.Open()
	if err != nil {
		return nil, err
	}
	r := &raw{target: s.Target, db: db, many: map[int]*sql.Stmt{}, others: map[string]*sql.Stmt{}, lists: map[int]string{}}
	p := func(n int) string {
		if s.Target == Postgres {
			return fmt.Sprintf("$%d", n)
		}
		return "?"
	}
	statements := []struct {
		stmt **sql.Stmt
		sql  string
	}{
		{&r.insert, insertSQL(s.Target, 1) + " RETURNING id"},
		{&r.find, "SELECT " + columnList + " FROM " + tableName + " WHERE id = " + p(1)},
		{&r.all, "SELECT " + columnList + " FROM " + tableName + " ORDER BY id"},
		{&r.update, "UPDATE " + tableName + " SET login_count = " + p(1) + " WHERE id = " + p(2)},
	}
	for _, st := range statements {
		if *st.stmt, err = db.PrepareContext(ctx, st.sql); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return r, nil
}

func (r *raw) Insert(ctx context.Context, in *User) (int64, error) {
	var id int64
	err := r.insert.QueryRowContext(ctx, in.Name, in.Email, in.Age, in.Score, in.Active, in.Bio,
		in.LoginCount, in.LastLogin, in.CreatedAt, in.UpdatedAt).Scan(&id)
	return id, err
}

// CreateMany is one INSERT with one VALUES list.
func (r *raw) CreateMany(ctx context.Context, in []User) (any, error) {
	stmt, err := r.insertMany(ctx, len(in))
	if err != nil {
		return nil, err
	}
	us := make([]User, len(in))
	args := make([]any, 0, 10*len(in))
	for i := range in {
		us[i] = in[i]
		u := &us[i]
		args = append(args, u.Name, u.Email, u.Age, u.Score, u.Active, u.Bio, u.LoginCount,
			u.LastLogin, u.CreatedAt, u.UpdatedAt)
	}
	rows, err := stmt.QueryContext(ctx, args...)
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

func (r *raw) insertMany(ctx context.Context, n int) (*sql.Stmt, error) {
	if stmt, ok := r.many[n]; ok {
		return stmt, nil
	}
	stmt, err := r.db.PrepareContext(ctx, insertSQL(r.target, n)+" RETURNING id")
	if err != nil {
		return nil, err
	}
	r.many[n] = stmt
	return stmt, nil
}

func (r *raw) Find(ctx context.Context, id int64) (any, error) {
	u := new(User)
	err := r.find.QueryRowContext(ctx, id).Scan(&u.ID, &u.Name, &u.Email, &u.Age, &u.Score,
		&u.Active, &u.Bio, &u.LoginCount, &u.LastLogin, &u.CreatedAt, &u.UpdatedAt)
	return u, err
}

func (r *raw) All(ctx context.Context) (any, error) {
	rows, err := r.all.QueryContext(ctx)
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

func (r *raw) Updater(
	_ context.Context, id int64,
) (func(ctx context.Context, count int64) error, error) {
	return func(ctx context.Context, count int64) error {
		_, err := r.update.ExecContext(ctx, count, id)
		return err
	}, nil
}

func (r *raw) Users(records any) ([]User, error) { return plainUsers(records) }

// plainUsers converts the results of contenders that use [User] itself.
func plainUsers(records any) ([]User, error) {
	switch v := records.(type) {
	case *User:
		return []User{*v}, nil
	case []User:
		return v, nil
	}
	return nil, fmt.Errorf("unexpected result %T", records)
}

func (r *raw) Close() error { return r.db.Close() }

func (r *raw) JSON(records any) ([]byte, error) { return json.Marshal(records) }

func (r *raw) WriteJSON(w io.Writer, records any) error {
	return json.NewEncoder(w).Encode(records)
}

// page is the plain struct of a page.
type page struct {
	Meta pageMeta `json:"meta"`
	Data []User   `json:"data"`
}

type pageMeta struct {
	Total       int `json:"total"`
	PerPage     int `json:"per_page"`
	CurrentPage int `json:"current_page"`
	LastPage    int `json:"last_page"`
}

func (r *raw) Page(ctx context.Context) (any, error) {
	records, err := r.All(ctx)
	if err != nil {
		return nil, err
	}
	us, err := plainUsers(records)
	if err != nil {
		return nil, err
	}
	meta := pageMeta{Total: len(us), PerPage: len(us), CurrentPage: 1, LastPage: 1}
	return &page{Meta: meta, Data: us}, nil
}
