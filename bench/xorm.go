// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	xormpkg "xorm.io/xorm"
	"xorm.io/xorm/core"
	xormlog "xorm.io/xorm/log"
)

// xormUser is the model for xorm. The length of the times keeps their microseconds, which xorm
// would cut off.
type xormUser struct {
	ID         int64      `xorm:"'id' pk autoincr"`
	Name       string     `xorm:"'name'"`
	Email      string     `xorm:"'email'"`
	Age        int        `xorm:"'age'"`
	Score      float64    `xorm:"'score'"`
	Active     bool       `xorm:"'active'"`
	Bio        *string    `xorm:"'bio'"`
	LoginCount int64      `xorm:"'login_count'"`
	LastLogin  *time.Time `xorm:"DATETIME(6) 'last_login'"`
	CreatedAt  time.Time  `xorm:"DATETIME(6) 'created_at'"`
	UpdatedAt  time.Time  `xorm:"DATETIME(6) 'updated_at'"`
}

// TableName names the table for xorm.
func (xormUser) TableName() string { return tableName }

func newXormUser(u *User) xormUser {
	x := xormUser(*u)
	x.ID = 0
	return x
}

// byXorm is xorm.
type byXorm struct{ engine *xormpkg.Engine }

func openXorm(_ context.Context, s *Stage) (Contender, error) {
	pool, err := s.Open()
	if err != nil {
		return nil, err
	}
	driverName, dsn := sqliteDriver, s.DSN
	if s.Target == Postgres {
		driverName = "pgx"
	}
	engine, err := xormpkg.NewEngineWithDB(driverName, dsn, core.FromDB(pool))
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	engine.SetLogLevel(xormlog.LOG_OFF)
	engine.SetTZLocation(time.UTC)
	engine.SetTZDatabase(time.UTC)
	return &byXorm{engine: engine}, nil
}

func (c *byXorm) Insert(ctx context.Context, in *User) (int64, error) {
	u := newXormUser(in)
	_, err := c.engine.Context(ctx).Insert(&u)
	return u.ID, err
}

func (c *byXorm) CreateMany(ctx context.Context, in []User) (any, error) {
	us := make([]xormUser, len(in))
	for i := range in {
		us[i] = newXormUser(&in[i])
	}
	_, err := c.engine.Context(ctx).Insert(&us)
	return us, err
}

func (c *byXorm) Find(ctx context.Context, id int64) (any, error) {
	u := new(xormUser)
	found, err := c.engine.Context(ctx).ID(id).Get(u)
	if err == nil && !found {
		err = fmt.Errorf("no row %d", id)
	}
	return u, err
}

func (c *byXorm) All(ctx context.Context) (any, error) {
	var us []xormUser
	err := c.engine.Context(ctx).Asc("id").Find(&us)
	return us, err
}

func (c *byXorm) Updater(
	ctx context.Context, id int64,
) (func(ctx context.Context, count int64) error, error) {
	u := new(xormUser)
	if _, err := c.engine.Context(ctx).ID(id).Get(u); err != nil {
		return nil, err
	}
	return func(ctx context.Context, count int64) error {
		u.LoginCount = count
		_, err := c.engine.Context(ctx).ID(id).Cols("login_count").Update(u)
		return err
	}, nil
}

// Note says that xorm leaves the keys of a list of records unset.
func (c *byXorm) Note(workload string) string {
	if workload == "postgres/create1000" {
		return "xorm does not read back the keys of a list"
	}
	return ""
}

func (c *byXorm) Users(records any) ([]User, error) {
	switch v := records.(type) {
	case *xormUser:
		return []User{User(*v)}, nil
	case []xormUser:
		us := make([]User, len(v))
		for i := range v {
			us[i] = User(v[i])
		}
		return us, nil
	}
	return nil, fmt.Errorf("unexpected result %T", records)
}

func (c *byXorm) Close() error { return c.engine.Close() }
