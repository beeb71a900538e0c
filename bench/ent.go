// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"github.com/kindred-orm/kindred/bench/internal/entgen"
)

// byEnt is ent with generated code.
type byEnt struct{ client *entgen.Client }

func openEnt(_ context.Context, s *Stage) (Contender, error) {
	pool, err := s.Open()
	if err != nil {
		return nil, err
	}
	name := dialect.SQLite
	if s.Target == Postgres {
		name = dialect.Postgres
	}
	return &byEnt{client: entgen.NewClient(entgen.Driver(entsql.OpenDB(name, pool)))}, nil
}

func (c *byEnt) create(u *User) *entgen.BenchUserCreate {
	return c.client.BenchUser.Create().
		SetName(u.Name).
		SetEmail(u.Email).
		SetAge(u.Age).
		SetScore(u.Score).
		SetActive(u.Active).
		SetNillableBio(u.Bio).
		SetLoginCount(u.LoginCount).
		SetNillableLastLogin(u.LastLogin).
		SetCreatedAt(u.CreatedAt).
		SetUpdatedAt(u.UpdatedAt)
}

func (c *byEnt) Insert(ctx context.Context, in *User) (int64, error) {
	u, err := c.create(in).Save(ctx)
	if err != nil {
		return 0, err
	}
	return u.ID, nil
}

func (c *byEnt) CreateMany(ctx context.Context, in []User) (any, error) {
	creates := make([]*entgen.BenchUserCreate, len(in))
	for i := range in {
		creates[i] = c.create(&in[i])
	}
	us, err := c.client.BenchUser.CreateBulk(creates...).Save(ctx)
	return us, err
}

func (c *byEnt) Find(ctx context.Context, id int64) (any, error) {
	u, err := c.client.BenchUser.Get(ctx, id)
	return u, err
}

func (c *byEnt) All(ctx context.Context) (any, error) {
	us, err := c.client.BenchUser.Query().Order(entgen.Asc("id")).All(ctx)
	return us, err
}

// Updater uses UpdateOneID, ent's way to change one known record. It opens a transaction and reads
// the record back.
func (c *byEnt) Updater(
	_ context.Context, id int64,
) (func(ctx context.Context, count int64) error, error) {
	return func(ctx context.Context, count int64) error {
		return c.client.BenchUser.UpdateOneID(id).SetLoginCount(count).Exec(ctx)
	}, nil
}

func (c *byEnt) Users(records any) ([]User, error) {
	switch v := records.(type) {
	case *entgen.BenchUser:
		return []User{entUser(v)}, nil
	case []*entgen.BenchUser:
		us := make([]User, len(v))
		for i, u := range v {
			us[i] = entUser(u)
		}
		return us, nil
	}
	return nil, fmt.Errorf("unexpected result %T", records)
}

func entUser(u *entgen.BenchUser) User {
	return User{
		ID: u.ID, Name: u.Name, Email: u.Email, Age: u.Age, Score: u.Score, Active: u.Active,
		Bio: u.Bio, LoginCount: u.LoginCount, LastLogin: u.LastLogin, CreatedAt: u.CreatedAt,
		UpdatedAt: u.UpdatedAt,
	}
}

func (c *byEnt) Close() error { return c.client.Close() }
