// Package model is a stub with the names that the analyzer looks for.
package model

import "github.com/kindred-orm/kindred/relation"

type Builder[T any] = relation.Builder[*T]

type BaseModel[T any] = Record[*T]

type Record[P any] struct{ state *int }

func (r *Record[P]) Save() error { return nil }

// Other has the shape of a base model, but is none.
type Other[T any] struct{ value T }

func Query[T any]() *Builder[T] { return nil }
