// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// kindredPost is the model of a post for Kindred.
type kindredPost struct {
	model.BaseModel[kindredPost]

	ID        int64
	Title     string
	Body      string
	Views     int64
	CreatedAt time.Time         `gorm:"autoCreateTime:false"`
	Comments  []*kindredComment `relation:"hasMany;foreignKey:PostID"`
	Tags      []*kindredTag     `relation:"manyToMany;pivotTable:bench_post_tags;pivotForeignKey:post_id;pivotRelatedForeignKey:tag_id;pivotColumns:role;pivotTimestamps:created=tagged_at,updated=-"` //nolint:lll // a struct tag is one line.
}

// TableName names the table.
func (*kindredPost) TableName() string { return postTable }

// kindredComment is the model of a comment.
type kindredComment struct {
	model.BaseModel[kindredComment]

	ID        int64
	PostID    int64
	Author    string
	Body      string
	Likes     int64
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
}

// TableName names the table.
func (*kindredComment) TableName() string { return commentTable }

// kindredTag is the model of a tag.
type kindredTag struct {
	model.BaseModel[kindredTag]

	ID        int64
	Name      string
	Color     string
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
}

// TableName names the table.
func (*kindredTag) TableName() string { return tagTable }

var (
	_ Relater = (*byKindred)(nil)
	_ Limiter = (*byKindred)(nil)
	_ Counter = (*byKindred)(nil)
	_ Syncer  = (*byKindred)(nil)
)

func (c *byKindred) PostsWithComments(ctx context.Context) (any, error) {
	return model.Query[kindredPost](c.db).OrderBy("id").Preload("comments").All(ctx)
}

func (c *byKindred) PostsWithTags(ctx context.Context) (any, error) {
	return model.Query[kindredPost](c.db).OrderBy("id").Preload("tags").All(ctx)
}

func (c *byKindred) PostsWithNewest(ctx context.Context) (any, error) {
	newest := func(q *relation.Query) { q.GroupLimit(newestComments) }
	return model.Query[kindredPost](c.db).OrderBy("id").Preload("comments", newest).All(ctx)
}

func (c *byKindred) PostsWithCount(ctx context.Context) (any, error) {
	return model.Query[kindredPost](c.db).OrderBy("id").WithCount("comments").All(ctx)
}

func (c *byKindred) Syncer(
	ctx context.Context, post int64,
) (func(ctx context.Context, tags []int64) error, error) {
	p, err := model.Query[kindredPost](c.db).Find(ctx, post)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tags []int64) error {
		_, err := p.Related("tags").Sync(ctx, tags)
		return err
	}, nil
}

func (c *byKindred) Posts(records any) ([]Post, error) {
	list, ok := records.([]*kindredPost)
	if !ok {
		return nil, fmt.Errorf("unexpected result %T", records)
	}
	posts := make([]Post, len(list))
	for i, p := range list {
		posts[i] = Post{ID: p.ID, Title: p.Title, Body: p.Body, Views: p.Views, CreatedAt: p.CreatedAt}
		posts[i].CommentCount, _ = p.Extras()["comments_count"].(int64)
		for _, m := range p.Comments {
			posts[i].Comments = append(posts[i].Comments, Comment{
				ID: m.ID, PostID: m.PostID, Author: m.Author, Body: m.Body, Likes: m.Likes, CreatedAt: m.CreatedAt,
			})
		}
		for _, t := range p.Tags {
			tagged := Tagged{Tag: Tag{ID: t.ID, Name: t.Name, Color: t.Color, CreatedAt: t.CreatedAt}}
			tagged.Role, _ = t.Extras()["pivot_role"].(string)
			tagged.TaggedAt, _ = t.Extras()["pivot_tagged_at"].(time.Time)
			posts[i].Tags = append(posts[i].Tags, tagged)
		}
	}
	return posts, nil
}
