// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"fmt"

	"github.com/kindred-orm/kindred/bench/internal/entgen"
)

var _ Relater = (*byEnt)(nil)

func (c *byEnt) PostsWithComments(ctx context.Context) (any, error) {
	posts, err := c.client.BenchPost.Query().Order(entgen.Asc("id")).WithComments().All(ctx)
	return posts, err
}

func (c *byEnt) PostsWithTags(ctx context.Context) (any, error) {
	posts, err := c.client.BenchPost.Query().Order(entgen.Asc("id")).
		WithPostTags(func(q *entgen.BenchPostTagQuery) { q.WithTag() }).All(ctx)
	return posts, err
}

func (c *byEnt) Posts(records any) ([]Post, error) {
	list, ok := records.([]*entgen.BenchPost)
	if !ok {
		return nil, fmt.Errorf("unexpected result %T", records)
	}
	posts := make([]Post, len(list))
	for i, p := range list {
		posts[i] = Post{ID: p.ID, Title: p.Title, Body: p.Body, Views: p.Views, CreatedAt: p.CreatedAt}
		for _, m := range p.Edges.Comments {
			posts[i].Comments = append(posts[i].Comments, Comment{
				ID: m.ID, PostID: m.PostID, Author: m.Author, Body: m.Body, Likes: m.Likes, CreatedAt: m.CreatedAt,
			})
		}
		for _, pt := range p.Edges.PostTags {
			t := pt.Edges.Tag
			posts[i].Tags = append(posts[i].Tags, Tagged{
				Tag:  Tag{ID: t.ID, Name: t.Name, Color: t.Color, CreatedAt: t.CreatedAt},
				Role: pt.Role, TaggedAt: pt.TaggedAt,
			})
		}
	}
	return posts, nil
}
