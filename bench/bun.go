// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	bunpkg "github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
)

// bunUser is the model for bun.
type bunUser struct {
	bunpkg.BaseModel `bun:"table:bench_users,alias:u"`

	ID         int64 `bun:",pk,autoincrement"`
	Name       string
	Email      string
	Age        int
	Score      float64
	Active     bool
	Bio        *string
	LoginCount int64
	LastLogin  *time.Time
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

func newBunUser(u *User) bunUser {
	return bunUser{
		Name: u.Name, Email: u.Email, Age: u.Age, Score: u.Score, Active: u.Active, Bio: u.Bio,
		LoginCount: u.LoginCount, LastLogin: u.LastLogin, CreatedAt: u.CreatedAt,
		UpdatedAt: u.UpdatedAt,
	}
}

func (u *bunUser) user() User {
	return User{
		ID: u.ID, Name: u.Name, Email: u.Email, Age: u.Age, Score: u.Score, Active: u.Active,
		Bio: u.Bio, LoginCount: u.LoginCount, LastLogin: u.LastLogin, CreatedAt: u.CreatedAt,
		UpdatedAt: u.UpdatedAt,
	}
}

// byBun is bun.
type byBun struct{ db *bunpkg.DB }

func openBun(_ context.Context, s *Stage) (Contender, error) {
	var pool *sql.DB
	var dialect schema.Dialect
	var err error
	if s.Target == Postgres {
		dialect = pgdialect.New()
		pool, err = openSimple(s.DSN)
	} else {
		dialect = sqlitedialect.New()
		pool, err = s.Open()
	}
	if err != nil {
		return nil, err
	}
	return &byBun{db: bunpkg.NewDB(pool, dialect)}, nil
}

// openSimple opens a pool whose connections use the simple protocol. bun writes the values into
// the statement's text, so with the default mode pgx would prepare a new statement for each
// value, which costs a find a factor of 3.4 instead of 1.4. bun's own pgdriver uses the simple
// protocol too, and is slower at reading many rows.
func openSimple(dsn string) (*sql.DB, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	return stdlib.OpenDB(*cfg), nil
}

func (c *byBun) Insert(ctx context.Context, in *User) (int64, error) {
	u := newBunUser(in)
	_, err := c.db.NewInsert().Model(&u).Exec(ctx)
	return u.ID, err
}

func (c *byBun) CreateMany(ctx context.Context, in []User) (any, error) {
	us := make([]bunUser, len(in))
	for i := range in {
		us[i] = newBunUser(&in[i])
	}
	_, err := c.db.NewInsert().Model(&us).Exec(ctx)
	return us, err
}

func (c *byBun) Find(ctx context.Context, id int64) (any, error) {
	u := &bunUser{ID: id}
	return u, c.db.NewSelect().Model(u).WherePK().Scan(ctx)
}

func (c *byBun) All(ctx context.Context) (any, error) {
	var us []bunUser
	err := c.db.NewSelect().Model(&us).Order("id").Scan(ctx)
	return us, err
}

func (c *byBun) Updater(
	ctx context.Context, id int64,
) (func(ctx context.Context, count int64) error, error) {
	u := &bunUser{ID: id}
	if err := c.db.NewSelect().Model(u).WherePK().Scan(ctx); err != nil {
		return nil, err
	}
	return func(ctx context.Context, count int64) error {
		u.LoginCount = count
		_, err := c.db.NewUpdate().Model(u).Column("login_count").WherePK().Exec(ctx)
		return err
	}, nil
}

func (c *byBun) Users(records any) ([]User, error) {
	switch v := records.(type) {
	case *bunUser:
		return []User{v.user()}, nil
	case []bunUser:
		us := make([]User, len(v))
		for i := range v {
			us[i] = v[i].user()
		}
		return us, nil
	}
	return nil, fmt.Errorf("unexpected result %T", records)
}

func (c *byBun) Close() error { return c.db.Close() }
