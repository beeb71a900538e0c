// SPDX-License-Identifier: MIT

// Package two has one model more than package one, and uses both in the same way.
package two

import (
	"context"

	"github.com/kindred-orm/kindred/model"
)

// Ant is the first model.
type Ant struct {
	model.BaseModel[Ant]

	ID   int64
	Name string
}

// Ants uses the model.
func Ants(ctx context.Context, db *model.DB) ([]*Ant, error) {
	ant := &Ant{Name: "a"}
	if err := model.Create(ctx, db, ant); err != nil {
		return nil, err
	}
	if err := ant.Save(ctx); err != nil {
		return nil, err
	}
	if _, err := model.Query[Ant](db).Find(ctx, ant.ID); err != nil {
		return nil, err
	}
	if err := ant.Delete(ctx); err != nil {
		return nil, err
	}
	return model.Query[Ant](db).Where("name", "a").All(ctx)
}

// Bee is the second model.
type Bee struct {
	model.BaseModel[Bee]

	ID   int64
	Name string
}

// Bees uses the model.
func Bees(ctx context.Context, db *model.DB) ([]*Bee, error) {
	bee := &Bee{Name: "b"}
	if err := model.Create(ctx, db, bee); err != nil {
		return nil, err
	}
	if err := bee.Save(ctx); err != nil {
		return nil, err
	}
	if _, err := model.Query[Bee](db).Find(ctx, bee.ID); err != nil {
		return nil, err
	}
	if err := bee.Delete(ctx); err != nil {
		return nil, err
	}
	return model.Query[Bee](db).Where("name", "b").All(ctx)
}
