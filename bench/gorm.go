// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	gormpkg "gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// gormUser is the model for gorm. The automatic timestamps are off, as for all contenders, because
// an update of one column must write one column.
type gormUser struct {
	ID         int64
	Name       string
	Email      string
	Age        int
	Score      float64
	Active     bool
	Bio        *string
	LoginCount int64
	LastLogin  *time.Time
	CreatedAt  time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt  time.Time `gorm:"autoUpdateTime:false"`
}

// TableName names the table for gorm.
func (gormUser) TableName() string { return tableName }

func newGormUser(u *User) gormUser {
	g := gormUser(*u)
	g.ID = 0
	return g
}

// byGorm is gorm with the settings it was opened with.
type byGorm struct{ db *gormpkg.DB }

// openGorm opens gorm as it comes: each write in a transaction, nothing prepared by gorm itself.
func openGorm(ctx context.Context, s *Stage) (Contender, error) {
	return openGormConfig(ctx, s, &gormpkg.Config{})
}

// openGormTuned opens gorm with the settings that its documentation gives for speed.
func openGormTuned(ctx context.Context, s *Stage) (Contender, error) {
	return openGormConfig(ctx, s, &gormpkg.Config{SkipDefaultTransaction: true, PrepareStmt: true})
}

func openGormConfig(_ context.Context, s *Stage, cfg *gormpkg.Config) (Contender, error) {
	pool, err := s.Open()
	if err != nil {
		return nil, err
	}
	cfg.Logger = logger.Discard // the default one prints what it finds slow
	dialector := sqlite.New(sqlite.Config{Conn: pool})
	if s.Target == Postgres {
		dialector = postgres.New(postgres.Config{Conn: pool})
	}
	db, err := gormpkg.Open(dialector, cfg)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &byGorm{db: db}, nil
}

func (c *byGorm) Insert(ctx context.Context, in *User) (int64, error) {
	u := newGormUser(in)
	err := c.db.WithContext(ctx).Create(&u).Error
	return u.ID, err
}

func (c *byGorm) CreateMany(ctx context.Context, in []User) (any, error) {
	us := make([]gormUser, len(in))
	for i := range in {
		us[i] = newGormUser(&in[i])
	}
	return us, c.db.WithContext(ctx).Create(&us).Error
}

func (c *byGorm) Find(ctx context.Context, id int64) (any, error) {
	u := new(gormUser)
	return u, c.db.WithContext(ctx).Take(u, id).Error
}

func (c *byGorm) All(ctx context.Context) (any, error) {
	var us []gormUser
	err := c.db.WithContext(ctx).Order("id").Find(&us).Error
	return us, err
}

func (c *byGorm) Updater(
	ctx context.Context, id int64,
) (func(ctx context.Context, count int64) error, error) {
	u := new(gormUser)
	if err := c.db.WithContext(ctx).Take(u, id).Error; err != nil {
		return nil, err
	}
	return func(ctx context.Context, count int64) error {
		return c.db.WithContext(ctx).Model(u).Update("login_count", count).Error
	}, nil
}

func (c *byGorm) Users(records any) ([]User, error) {
	switch v := records.(type) {
	case *gormUser:
		return []User{User(*v)}, nil
	case []gormUser:
		us := make([]User, len(v))
		for i := range v {
			us[i] = User(v[i])
		}
		return us, nil
	}
	return nil, fmt.Errorf("unexpected result %T", records)
}

func (c *byGorm) Close() error {
	db, err := c.db.DB()
	if err != nil {
		return err
	}
	return db.Close()
}
