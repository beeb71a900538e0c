// SPDX-License-Identifier: MIT

package store

import (
	"context"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Tag is what posts are about.
type Tag struct {
	model.BaseModel[Tag]

	ID         int64
	Slug       string `gorm:"size:50;not null;uniqueIndex"`
	Name       string `gorm:"size:50;not null" model:"fillable"`
	PostsCount int64  `gorm:"-" json:"posts_count"` // filled by WithCount

	Posts []*Post `relation:"manyToMany"`
}

// Define says what stands between tags and posts, and how they are counted.
func (t *Tag) Define(d *model.Definition[Tag]) {
	d.Relation(&t.Posts).Using(&Tagging{})
	d.Scope("counted", func(q *relation.Query, _ ...any) {
		q.WithCount("posts", func(q *relation.Query) { q.Scope("published") })
	})
}

// Saving completes and checks a tag that is about to be written.
func (t *Tag) Saving(context.Context) error {
	t.Name = strings.TrimSpace(t.Name)
	if err := checkText("name", t.Name, 1, 50); err != nil {
		return err
	}
	if t.Slug = Slug(t.Name); t.Slug == "" {
		return invalid("name", "must have a letter or a digit")
	}
	return nil
}

// Tagging is the row between a post and a tag: the pivot model of both relations.
type Tagging struct {
	model.BaseModel[Tagging]

	PostID    int64 `gorm:"primaryKey;autoIncrement:false"`
	TagID     int64 `gorm:"primaryKey;autoIncrement:false;index"`
	Position  int64 `gorm:"not null"` // among the tags of the post, from 1
	CreatedAt time.Time
	UpdatedAt time.Time

	Post *Post `relation:"belongsTo;onDelete:CASCADE"`
	Tag  *Tag  `relation:"belongsTo;onDelete:CASCADE"`
}
