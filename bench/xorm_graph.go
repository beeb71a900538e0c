// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"time"
)

type xormPost struct {
	ID        int64     `xorm:"'id' pk autoincr"`
	Title     string    `xorm:"'title'"`
	Body      string    `xorm:"'body'"`
	Views     int64     `xorm:"'views'"`
	CreatedAt time.Time `xorm:"DATETIME(6) 'created_at'"`
}

// TableName names the table for xorm.
func (xormPost) TableName() string { return postTable }

type xormComment struct {
	ID        int64     `xorm:"'id' pk autoincr"`
	PostID    int64     `xorm:"'post_id'"`
	Author    string    `xorm:"'author'"`
	Body      string    `xorm:"'body'"`
	Likes     int64     `xorm:"'likes'"`
	CreatedAt time.Time `xorm:"DATETIME(6) 'created_at'"`
}

// TableName names the table for xorm.
func (xormComment) TableName() string { return commentTable }

// xormTagged is a row of tags joined with the row that connects it to a post.
type xormTagged struct {
	ID        int64     `xorm:"'id'"`
	Name      string    `xorm:"'name'"`
	Color     string    `xorm:"'color'"`
	CreatedAt time.Time `xorm:"DATETIME(6) 'created_at'"`
	PostID    int64     `xorm:"'post_id'"`
	Role      string    `xorm:"'role'"`
	TaggedAt  time.Time `xorm:"DATETIME(6) 'tagged_at'"`
}

// TableName names the table for xorm.
func (xormTagged) TableName() string { return tagTable }

var _ Relater = (*byXorm)(nil)

// posts reads all posts, and returns their keys and where each is. xorm loads no relations, so that they
// are loaded by a second query and put together by hand.
func (c *byXorm) posts(ctx context.Context) ([]Post, []int64, map[int64]int, error) {
	var list []xormPost
	if err := c.engine.Context(ctx).Asc("id").Find(&list); err != nil {
		return nil, nil, nil, err
	}
	posts, keys, at := make([]Post, len(list)), make([]int64, len(list)), make(map[int64]int, len(list))
	for i := range list {
		p := &list[i]
		posts[i] = Post{ID: p.ID, Title: p.Title, Body: p.Body, Views: p.Views, CreatedAt: p.CreatedAt}
		keys[i], at[p.ID] = p.ID, i
	}
	return posts, keys, at, nil
}

func (c *byXorm) PostsWithComments(ctx context.Context) (any, error) {
	posts, keys, at, err := c.posts(ctx)
	if err != nil {
		return nil, err
	}
	var list []xormComment
	if err := c.engine.Context(ctx).In("post_id", keys).Find(&list); err != nil {
		return nil, err
	}
	for i := range list {
		p := &posts[at[list[i].PostID]]
		p.Comments = append(p.Comments, Comment(list[i]))
	}
	return posts, nil
}

func (c *byXorm) PostsWithTags(ctx context.Context) (any, error) {
	posts, keys, at, err := c.posts(ctx)
	if err != nil {
		return nil, err
	}
	var list []xormTagged
	err = c.engine.Context(ctx).Join("INNER", pivotTable, pivotTable+".tag_id = "+tagTable+".id").
		In("post_id", keys).Find(&list)
	if err != nil {
		return nil, err
	}
	for i := range list {
		t := &list[i]
		p := &posts[at[t.PostID]]
		p.Tags = append(p.Tags, Tagged{
			Tag:  Tag{ID: t.ID, Name: t.Name, Color: t.Color, CreatedAt: t.CreatedAt},
			Role: t.Role, TaggedAt: t.TaggedAt,
		})
	}
	return posts, nil
}

func (c *byXorm) Posts(records any) ([]Post, error) { return plainPosts(records) }
