// SPDX-License-Identifier: MIT

// Package wide uses a model in every way that has it as a type argument.
package wide

import (
	"context"
	"errors"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Ant is a model with one relation of each kind.
type Ant struct {
	model.BaseModel[Ant]

	ID    int64
	AntID *int64

	Owner  *Ant   `relation:"belongsTo;foreignKey:AntID"`
	Kid    *Ant   `relation:"hasOne"`
	Kids   []*Ant `relation:"hasMany"`
	Peers  []*Ant `relation:"manyToMany"`
	Nieces []*Ant `relation:"hasManyThrough;through:Ant"`
	Niece  *Ant   `relation:"hasOneThrough;through:Ant"`
}

// Write calls the functions that write records.
func Write(ctx context.Context, db *model.DB, ant *Ant) error {
	ants := []*Ant{ant}
	return errors.Join(
		model.Create(ctx, db, ant), model.CreateQuietly(ctx, db, ant), model.Save(ctx, db, ant), model.SaveQuietly(ctx, db, ant),
		model.Delete(ctx, db, ant), model.DeleteQuietly(ctx, db, ant), model.CreateMany(ctx, db, ants), model.Insert(ctx, db, ants),
		model.Upsert(ctx, db, ants, nil), model.Truncate[Ant](ctx, db),
		ant.WithLock(ctx, func(context.Context, *Ant) error { return nil }),
	)
}

// Find calls the functions that find or make records.
func Find(ctx context.Context, db *model.DB) error {
	_, err1 := model.FirstOrNew[Ant](ctx, db, nil, nil)
	_, err2 := model.FirstOrCreate[Ant](ctx, db, nil, nil)
	_, err3 := model.UpdateOrCreate[Ant](ctx, db, nil, nil)
	_, err4 := model.FetchOrNewUpMany[Ant](ctx, db, nil, nil)
	_, err5 := model.FetchOrCreateMany[Ant](ctx, db, nil, nil)
	_, err6 := model.UpdateOrCreateMany[Ant](ctx, db, nil, nil)
	_, err7 := model.Query[Ant](db).All(ctx)
	return errors.Join(err1, err2, err3, err4, err5, err6, err7)
}

// Load calls the functions that load relations of records.
func Load(ctx context.Context, ants []*Ant) error {
	_, err := model.RelationOf[Ant]("kids")
	return errors.Join(
		err, model.Load(ctx, ants, "kids"), model.LoadMissing(ctx, ants, "kids"), model.LoadCount(ctx, ants, "kids"),
		model.LoadAggregate(ctx, ants, "kids", func(*relation.Query) {}),
	)
}

// Clients returns the clients of the relations.
func Clients(ant *Ant) []any {
	return []any{
		relation.BelongsTo(ant, &ant.Owner), relation.HasOne(ant, &ant.Kid), relation.HasMany(ant, &ant.Kids),
		relation.ManyToMany(ant, &ant.Peers), relation.Through(ant, &ant.Nieces), relation.ThroughOne(ant, &ant.Niece),
	}
}
