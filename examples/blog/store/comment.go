// SPDX-License-Identifier: MIT

package store

import (
	"context"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Comment is said about a post, or in reply to another comment.
type Comment struct {
	model.BaseModel[Comment]

	ID        int64  `gorm:"primaryKey;index:idx_comments_post,priority:2"`
	PostID    int64  `gorm:"not null;index:idx_comments_post,priority:1" model:"fillable"` // a post's first comments, without a sort
	AuthorID  int64  `gorm:"not null;index" model:"fillable"`
	ParentID  *int64 `gorm:"index" model:"fillable"`
	Body      string `gorm:"not null" model:"fillable"`
	CreatedAt time.Time
	UpdatedAt time.Time

	Post    *Post      `relation:"belongsTo"`
	Author  *User      `relation:"belongsTo;onDelete:RESTRICT"`
	Parent  *Comment   `relation:"belongsTo;onDelete:RESTRICT"`
	Replies []*Comment `relation:"hasMany;foreignKey:ParentID"`
}

// Saving checks a comment that is about to be written.
func (c *Comment) Saving(ctx context.Context) error {
	c.Body = strings.TrimSpace(c.Body)
	if err := checkText("body", c.Body, 1, 10_000); err != nil {
		return err
	}
	if !c.IsNew() {
		if c.IsDirty("PostID", "ParentID", "AuthorID") {
			return invalid("body", "is all that can be changed")
		}
		return nil
	}
	if err := checkID[Post](ctx, "post_id", c.PostID); err != nil {
		return err
	}
	if err := checkID[User](ctx, "author_id", c.AuthorID); err != nil || c.ParentID == nil {
		return err
	}
	near, err := model.Query[Comment](nil).WhereKey(*c.ParentID).Where("PostID", c.PostID).Exists(ctx)
	if err == nil && !near {
		err = &FieldError{Field: "parent_id", Message: "must be the id of a comment on the same post", Err: model.ErrForeignKey}
	}
	return err
}

// Created counts the comment.
func (c *Comment) Created(ctx context.Context) error { return c.count(ctx, 1) }

// Deleted counts the comment out.
func (c *Comment) Deleted(ctx context.Context) error { return c.count(ctx, -1) }

// Deleting keeps comments that have replies.
func (c *Comment) Deleting(ctx context.Context) error {
	used, err := relation.HasMany(c, &c.Replies).Query().Exists(ctx)
	if err == nil && used {
		err = &FieldError{Field: "id", Message: "belongs to a comment that has replies", Err: ErrInUse}
	}
	return err
}

// count changes the post's counter, in the transaction that writes the comment.
func (c *Comment) count(ctx context.Context, by int) error {
	_, err := model.Query[counter](nil).WhereKey(c.PostID).Increment(ctx, "CommentsCount", by)
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

// Thread puts comments, which are in the order of their ids, below those that they reply to, and
// returns the others.
func Thread(comments []*Comment) (roots []*Comment) {
	known := make(map[int64]*Comment, len(comments))
	for _, c := range comments {
		known[c.ID] = c
		if c.ParentID != nil && known[*c.ParentID] != nil {
			parent := known[*c.ParentID]
			parent.Replies = append(parent.Replies, c)
		} else {
			roots = append(roots, c)
		}
	}
	return roots
}
