// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	gormpkg "gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

// KindredColumns are the columns of the benchmark's table. The automatic timestamps are off, as for
// all contenders, because an update of one column must write one column.
type KindredColumns struct {
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

// kindredUser is the model for Kindred.
type kindredUser struct {
	model.BaseModel[kindredUser]
	KindredColumns
}

// TableName names the table.
func (*kindredUser) TableName() string { return tableName }

// hookedUser is the model with a hook, for the workloads whose hooks must run.
type hookedUser struct {
	model.BaseModel[hookedUser]
	KindredColumns

	saved int
}

// TableName names the table.
func (*hookedUser) TableName() string { return tableName }

// Saving is a hook.
func (u *hookedUser) Saving(context.Context) error {
	u.saved++
	return nil
}

type byKindred struct{ db *model.DB }

func openKindred(_ context.Context, s *Stage) (Contender, error) {
	pool, err := s.Open()
	if err != nil {
		return nil, err
	}
	dialector := sqlite.New(sqlite.Config{Conn: pool})
	if s.Target == Postgres {
		dialector = postgres.New(postgres.Config{Conn: pool})
	}
	g, err := gormpkg.Open(dialector, &gormpkg.Config{Logger: logger.Discard})
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	db, err := model.New(g, model.Config{AllowUnsafeSQLite: s.Target == Ruler})
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &byKindred{db}, db.Register(&kindredUser{}, &hookedUser{}, &kindredPost{}, &kindredComment{}, &kindredTag{})
}

func columnsOf(u *User) KindredColumns {
	c := KindredColumns(*u)
	c.ID = 0
	return c
}

func (c *byKindred) Insert(ctx context.Context, in *User) (int64, error) {
	u := &kindredUser{KindredColumns: columnsOf(in)}
	err := model.Create(ctx, c.db, u)
	return u.ID, err
}

func (c *byKindred) CreateMany(ctx context.Context, in []User) (any, error) {
	us := make([]*hookedUser, len(in))
	for i := range in {
		us[i] = &hookedUser{KindredColumns: columnsOf(&in[i])}
	}
	if err := model.CreateMany(ctx, c.db, us); err != nil {
		return nil, err
	}
	for _, u := range us {
		if u.saved != 1 {
			return nil, fmt.Errorf("the hook ran %d times", u.saved)
		}
	}
	return us, nil
}

func (c *byKindred) Find(ctx context.Context, id int64) (any, error) {
	return model.Query[kindredUser](c.db).Find(ctx, id)
}

func (c *byKindred) All(ctx context.Context) (any, error) {
	return model.Query[kindredUser](c.db).OrderBy("id").All(ctx)
}

func (c *byKindred) Updater(
	ctx context.Context, id int64,
) (func(ctx context.Context, count int64) error, error) {
	u, err := model.Query[kindredUser](c.db).Find(ctx, id)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, count int64) error {
		u.LoginCount = count
		return u.Save(ctx)
	}, nil
}

func (c *byKindred) Users(records any) ([]User, error) {
	switch v := records.(type) {
	case *kindredUser:
		return []User{User(v.KindredColumns)}, nil
	case []*kindredUser:
		us := make([]User, len(v))
		for i := range v {
			us[i] = User(v[i].KindredColumns)
		}
		return us, nil
	case []*hookedUser:
		us := make([]User, len(v))
		for i := range v {
			us[i] = User(v[i].KindredColumns)
		}
		return us, nil
	}
	return nil, fmt.Errorf("unexpected result %T", records)
}

func (c *byKindred) JSON(records any) ([]byte, error) { return serialize.JSON(records) }

func (c *byKindred) WriteJSON(w io.Writer, records any) error { return serialize.Write(w, records) }

func (c *byKindred) Page(ctx context.Context) (any, error) {
	return model.Query[kindredUser](c.db).OrderBy("id").Paginate(ctx, 1, manyRows)
}

func (c *byKindred) Snapshot(ctx context.Context) (func(), error) {
	u, err := model.Query[kindredUser](c.db).Find(ctx, 1)
	if err != nil {
		return nil, err
	}
	state, err := record.From(u)
	if err != nil {
		return nil, err
	}
	chunks := memory.NewArena(reflect.TypeFor[[]kindredUser]()) // as for the records of a list
	return func() { _ = state.Snapshot(chunks.Next()) }, nil
}

func (c *byKindred) CheckClean(ctx context.Context) (func() bool, error) {
	u, err := model.Query[kindredUser](c.db).Find(ctx, 1)
	if err != nil {
		return nil, err
	}
	return func() bool { return u.IsDirty() }, nil
}

// naming is a strategy that cannot be compared, so that nothing is compiled already, and what is
// compiled is kept for nobody: the heap of later workloads stays as it was.
type naming struct {
	meta.DefaultNaming

	_ []int
}

// Boot compiles the two models under as many naming strategies as it takes.
func (c *byKindred) Boot(_ context.Context, n int) (func(ctx context.Context) error, error) {
	models := []reflect.Type{reflect.TypeFor[kindredUser](), reflect.TypeFor[hookedUser]()}
	return func(context.Context) error {
		for range n / len(models) {
			names := meta.Names{Gorm: meta.DefaultGormNaming(), Naming: naming{}}
			for _, t := range models {
				if _, err := meta.NewRegistry(names).Model(t); err != nil {
					return err
				}
			}
		}
		return nil
	}, nil
}

func (c *byKindred) Close() error { return c.db.Close() }
