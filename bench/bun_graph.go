// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"fmt"
	"time"

	bunpkg "github.com/uptrace/bun"
)

// bunPost is the model of a post for bun. PostTags are the rows that connect tags: bun's m2m leaves
// their further columns out, so that they are loaded as children which belong to tags.
type bunPost struct {
	bunpkg.BaseModel `bun:"table:bench_posts,alias:p"`

	ID        int64 `bun:",pk,autoincrement"`
	Title     string
	Body      string
	Views     int64
	CreatedAt time.Time
	Comments  []bunComment `bun:"rel:has-many,join:id=post_id"`
	PostTags  []bunPostTag `bun:"rel:has-many,join:id=post_id"`
}

type bunComment struct {
	bunpkg.BaseModel `bun:"table:bench_comments,alias:c"`

	ID        int64 `bun:",pk,autoincrement"`
	PostID    int64
	Author    string
	Body      string
	Likes     int64
	CreatedAt time.Time
}

type bunTag struct {
	bunpkg.BaseModel `bun:"table:bench_tags,alias:t"`

	ID        int64 `bun:",pk,autoincrement"`
	Name      string
	Color     string
	CreatedAt time.Time
}

type bunPostTag struct {
	bunpkg.BaseModel `bun:"table:bench_post_tags,alias:pt"`

	PostID   int64 `bun:",pk"`
	TagID    int64 `bun:",pk"`
	Role     string
	TaggedAt time.Time
	Tag      *bunTag `bun:"rel:belongs-to,join:tag_id=id"`
}

var _ Relater = (*byBun)(nil)

func (c *byBun) PostsWithComments(ctx context.Context) (any, error) {
	var posts []bunPost
	err := c.db.NewSelect().Model(&posts).Relation("Comments").Order("p.id").Scan(ctx)
	return posts, err
}

func (c *byBun) PostsWithTags(ctx context.Context) (any, error) {
	var posts []bunPost
	err := c.db.NewSelect().Model(&posts).Relation("PostTags.Tag").Order("p.id").Scan(ctx)
	return posts, err
}

func (c *byBun) Posts(records any) ([]Post, error) {
	list, ok := records.([]bunPost)
	if !ok {
		return nil, fmt.Errorf("unexpected result %T", records)
	}
	posts := make([]Post, len(list))
	for i := range list {
		p := &list[i]
		posts[i] = Post{ID: p.ID, Title: p.Title, Body: p.Body, Views: p.Views, CreatedAt: p.CreatedAt}
		for _, m := range p.Comments {
			posts[i].Comments = append(posts[i].Comments, Comment{
				ID: m.ID, PostID: m.PostID, Author: m.Author, Body: m.Body, Likes: m.Likes, CreatedAt: m.CreatedAt,
			})
		}
		for _, pt := range p.PostTags {
			t := pt.Tag
			posts[i].Tags = append(posts[i].Tags, Tagged{
				Tag:  Tag{ID: t.ID, Name: t.Name, Color: t.Color, CreatedAt: t.CreatedAt},
				Role: pt.Role, TaggedAt: pt.TaggedAt,
			})
		}
	}
	return posts, nil
}
