// SPDX-License-Identifier: MIT

package store

import (
	"context"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Comment is said about a post, or in reply to another comment. One that has replies is kept by the
// foreign key of these. Of two who change the same version, the second gets an ErrStale, as with all models
// that have one.
type Comment struct {
	model.BaseModel[Comment]

	ID        int64  `gorm:"primaryKey;index:idx_comments_post,priority:2"` // a post's first comments, without a sort
	PostID    int64  `gorm:"not null;index:idx_comments_post,priority:1" model:"fillable"`
	AuthorID  int64  `gorm:"not null;index" model:"fillable"`
	ParentID  *int64 `gorm:"index" model:"fillable"`
	Body      string `gorm:"not null" model:"fillable"`
	Version   int64  `gorm:"not null;default:1" model:"version" json:"-"`
	CreatedAt time.Time
	UpdatedAt time.Time

	Post    *Post      `relation:"belongsTo"`
	Author  *User      `relation:"belongsTo;onDelete:RESTRICT"`
	Parent  *Comment   `relation:"belongsTo;onDelete:RESTRICT"`
	Replies []*Comment `relation:"hasMany;foreignKey:ParentID"`
}

// Define adds a scope: the comments on a post that is deleted are not to be seen either.
func (c *Comment) Define(d *model.Definition[Comment]) {
	d.Scope("visible", func(q *relation.Query, _ ...any) { q.WhereHas("post", nil) })
}

// Saving checks a comment that is about to be written.
func (c *Comment) Saving(ctx context.Context) error {
	c.Body = strings.TrimSpace(c.Body)
	found := checks{model: "Comment"}
	found.text("body", c.Body, 2_000)
	if !c.IsNew() {
		found.must(!c.IsDirty("PostID", "ParentID", "AuthorID"), "body", "is all that can be changed")
		return found.err
	}
	refers[Post](ctx, &found, "post_id", c.PostID)
	refers[User](ctx, &found, "author_id", c.AuthorID)
	if c.ParentID != nil && found.err == nil {
		var near bool
		near, found.err = model.Query[Comment](nil).Use(func(q *relation.Query) { q.WhereKey(*c.ParentID) }).Where("PostID", c.PostID).Exists(ctx)
		found.must(near, "parent_id", "must be the id of a comment on the same post")
	}
	return found.err
}

// Created counts the comment.
func (c *Comment) Created(ctx context.Context) error { return c.count(ctx, 1) }

// Deleted counts the comment out.
func (c *Comment) Deleted(ctx context.Context) error { return c.count(ctx, -1) }

// count changes the post's counter, in the transaction that writes the comment.
func (c *Comment) count(ctx context.Context, by int) error {
	_, err := model.Query[counter](nil).Use(func(q *relation.Query) { q.WhereKey(c.PostID) }).Increment(ctx, "CommentsCount", by)
	return err
}

// counter is a post without version and timestamps, so that a comment does not make anybody's copy of
// the post out of date.
type counter struct {
	model.BaseModel[counter]

	ID            int64
	CommentsCount int64
}

// Define names the table.
func (*counter) Define(d *model.Definition[counter]) { d.Table("posts") }
