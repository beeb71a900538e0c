// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"fmt"
	"time"
)

// gormPost is the model of a post for gorm. PostTags are the rows that connect tags: gorm's many2many
// leaves their further columns out, so that they are loaded as children which belong to tags.
type gormPost struct {
	ID        int64
	Title     string
	Body      string
	Views     int64
	CreatedAt time.Time     `gorm:"autoCreateTime:false"`
	Comments  []gormComment `gorm:"foreignKey:PostID"`
	PostTags  []gormPostTag `gorm:"foreignKey:PostID"`
	Tags      []gormTag     `gorm:"many2many:bench_post_tags;joinForeignKey:PostID;joinReferences:TagID"`
}

// TableName names the table for gorm.
func (gormPost) TableName() string { return postTable }

type gormComment struct {
	ID        int64
	PostID    int64
	Author    string
	Body      string
	Likes     int64
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
}

// TableName names the table for gorm.
func (gormComment) TableName() string { return commentTable }

type gormTag struct {
	ID        int64
	Name      string
	Color     string
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
}

// TableName names the table for gorm.
func (gormTag) TableName() string { return tagTable }

type gormPostTag struct {
	PostID   int64 `gorm:"primaryKey"`
	TagID    int64 `gorm:"primaryKey"`
	Role     *string
	TaggedAt time.Time `gorm:"autoCreateTime"`
	Tag      gormTag
}

// TableName names the table for gorm.
func (gormPostTag) TableName() string { return pivotTable }

var (
	_ Relater = (*byGorm)(nil)
	_ Syncer  = (*byGorm)(nil)
)

func (c *byGorm) PostsWithComments(ctx context.Context) (any, error) {
	var posts []gormPost
	err := c.db.WithContext(ctx).Order("id").Preload("Comments").Find(&posts).Error
	return posts, err
}

func (c *byGorm) PostsWithTags(ctx context.Context) (any, error) {
	var posts []gormPost
	err := c.db.WithContext(ctx).Order("id").Preload("PostTags.Tag").Find(&posts).Error
	return posts, err
}

func (c *byGorm) Syncer(
	ctx context.Context, post int64,
) (func(ctx context.Context, tags []int64) error, error) {
	// Set up gorm's own way to replace what is connected; it fills tagged_at by this model.
	if err := c.db.SetupJoinTable(&gormPost{}, "Tags", &gormPostTag{}); err != nil {
		return nil, err
	}
	p := &gormPost{}
	if err := c.db.WithContext(ctx).Take(p, post).Error; err != nil {
		return nil, err
	}
	return func(ctx context.Context, ids []int64) error {
		tags := make([]gormTag, len(ids))
		for i, id := range ids {
			tags[i].ID = id
		}
		return c.db.WithContext(ctx).Model(p).Omit("Tags.*").Association("Tags").Replace(tags)
	}, nil
}

func (c *byGorm) Posts(records any) ([]Post, error) {
	list, ok := records.([]gormPost)
	if !ok {
		return nil, fmt.Errorf("unexpected result %T", records)
	}
	posts := make([]Post, len(list))
	for i := range list {
		p := &list[i]
		posts[i] = Post{ID: p.ID, Title: p.Title, Body: p.Body, Views: p.Views, CreatedAt: p.CreatedAt}
		for _, m := range p.Comments {
			posts[i].Comments = append(posts[i].Comments, Comment(m))
		}
		for _, t := range p.PostTags {
			posts[i].Tags = append(posts[i].Tags, Tagged{Tag: Tag(t.Tag), Role: *t.Role, TaggedAt: t.TaggedAt})
		}
	}
	return posts, nil
}
