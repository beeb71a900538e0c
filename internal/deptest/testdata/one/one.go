// SPDX-License-Identifier: MIT

// Package one has one model, and uses it as most programs do.
package one

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
