// SPDX-License-Identifier: MIT

package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// BenchPost describes the parents of the workloads with relations.
type BenchPost struct {
	ent.Schema
}

// Annotations names the table.
func (BenchPost) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "bench_posts"}}
}

// Fields lists the columns.
func (BenchPost) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id"),
		field.String("title"),
		field.String("body"),
		field.Int64("views"),
		field.Time("created_at"),
	}
}

// Edges leads to the comments, and to the rows that connect tags.
func (BenchPost) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("comments", BenchComment.Type),
		edge.To("tags", BenchTag.Type).Through("post_tags", BenchPostTag.Type),
	}
}

// BenchComment describes the children.
type BenchComment struct {
	ent.Schema
}

// Annotations names the table.
func (BenchComment) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "bench_comments"}}
}

// Fields lists the columns.
func (BenchComment) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id"),
		field.Int64("post_id"),
		field.String("author"),
		field.String("body"),
		field.Int64("likes"),
		field.Time("created_at"),
	}
}

// Edges leads back to the post.
func (BenchComment) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("post", BenchPost.Type).Ref("comments").Field("post_id").Unique().Required(),
	}
}

// BenchTag describes what posts are connected to.
type BenchTag struct {
	ent.Schema
}

// Annotations names the table.
func (BenchTag) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Annotation{Table: "bench_tags"}}
}

// Fields lists the columns.
func (BenchTag) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id"),
		field.String("name"),
		field.String("color"),
		field.Time("created_at"),
	}
}

// Edges leads to the posts.
func (BenchTag) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("posts", BenchPost.Type).Ref("tags").Through("post_tags", BenchPostTag.Type),
	}
}

// BenchPostTag describes the rows between posts and tags. They are loaded as children of the post,
// because the edge from posts to tags leaves their further columns out.
type BenchPostTag struct {
	ent.Schema
}

// Annotations names the table and its key.
func (BenchPostTag) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Annotation{Table: "bench_post_tags"},
		field.ID("post_id", "tag_id"),
	}
}

// Fields lists the columns.
func (BenchPostTag) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("post_id"),
		field.Int64("tag_id"),
		field.String("role").Default("member"),
		field.Time("tagged_at"),
	}
}

// Edges leads to both sides.
func (BenchPostTag) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("post", BenchPost.Type).Field("post_id").Unique().Required(),
		edge.To("tag", BenchTag.Type).Field("tag_id").Unique().Required(),
	}
}
