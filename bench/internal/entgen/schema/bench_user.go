// SPDX-License-Identifier: MIT

// Package schema is the definition that ent's code in the folder above is generated from.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// BenchUser describes the table of the benchmark for ent.
type BenchUser struct {
	ent.Schema
}

// Annotations names the table, which the harness creates by plain SQL.
func (BenchUser) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "bench_users"}}
}

// Fields lists the eleven columns in the order of the table.
func (BenchUser) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id"),
		field.String("name"),
		field.String("email"),
		field.Int("age"),
		field.Float("score"),
		field.Bool("active"),
		field.String("bio").Optional().Nillable(),
		field.Int64("login_count"),
		field.Time("last_login").Optional().Nillable(),
		field.Time("created_at"),
		field.Time("updated_at"),
	}
}
