// SPDX-License-Identifier: MIT

package store

import (
	"context"
	"strings"
	"time"
	"unicode"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Post is an article in Markdown: a draft until the time in PublishedAt has come.
type Post struct {
	model.BaseModel[Post]

	ID            int64
	Slug          string         `gorm:"size:160;not null;uniqueIndex:idx_posts_slug,where:deleted_at IS NULL" model:"fillable"`
	Title         string         `gorm:"size:160;not null" model:"fillable"`
	Body          string         `gorm:"not null" model:"fillable"`
	AuthorID      int64          `gorm:"not null;index" model:"fillable"`
	PublishedAt   *time.Time     `gorm:"index:idx_posts_published,where:deleted_at IS NULL" model:"fillable"`
	CommentsCount int64          `gorm:"not null"`
	Version       int64          `model:"version"` // a save of a record that is out of date is an ErrStale
	DeletedAt     gorm.DeletedAt `json:"-"`        // without an index: nearly all rows are alike in it, which misleads SQLite
	CreatedAt     time.Time      `gorm:"index:idx_posts_created,where:deleted_at IS NULL"`
	UpdatedAt     time.Time

	Author   *User      `relation:"belongsTo;onDelete:RESTRICT"`
	Byline   *Profile   `relation:"hasOneThrough;through:Author"`
	Comments []*Comment `relation:"hasMany;onDelete:CASCADE"`
	Tags     []*Tag     `relation:"manyToMany"`
}

// Define adds what the fields cannot say: values that are computed for JSON, scopes, and the order of tags.
func (p *Post) Define(d *model.Definition[Post]) {
	d.Computed("excerpt", func(p *Post) any { return p.Excerpt() })
	d.Computed("reading_minutes", func(p *Post) any { return p.ReadingMinutes() })
	d.Scope("published", func(q *relation.Query, _ ...any) {
		q.Where("PublishedAt", "<=", time.Now())
	})
	d.Scope("draft", func(q *relation.Query, _ ...any) {
		q.WhereNull("PublishedAt").OrWhere("PublishedAt", ">", time.Now())
	})
	d.Scope("search", func(q *relation.Query, args ...any) {
		for _, word := range args {
			pattern := "%" + likeText.Replace(word.(string)) + "%"
			q.Where(func(q *relation.Query) {
				q.WhereILike("Title", pattern).OrWhereHas("tags", func(q *relation.Query) { q.Where("Slug", Slug(word.(string))) })
			})
		}
	})
	d.Relation(&p.Tags).Using(&Tagging{}).OrderByPivot("position")
}

// likeText takes the meaning out of the signs that LIKE knows.
var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Saving completes and checks a post that is about to be written.
func (p *Post) Saving(ctx context.Context) error {
	p.Title = strings.TrimSpace(p.Title)
	if err := checkText("title", p.Title, 1, 160); err != nil {
		return err
	}
	if p.Slug == "" {
		p.Slug = Slug(p.Title)
	}
	if p.Slug == "" || p.Slug != Slug(p.Slug) {
		return invalid("slug", "must be lower case words of letters and digits, joined by hyphens")
	}
	if err := checkText("slug", p.Slug, 1, 160); err != nil {
		return err
	}
	if err := checkText("body", p.Body, 1, 200_000); err != nil {
		return err
	}
	if !p.IsNew() && !p.IsDirty("AuthorID") {
		return nil
	}
	return checkID[User](ctx, "author_id", p.AuthorID)
}

// Retag makes the post's tags those of the names, in their order, and returns what has changed.
func (p *Post) Retag(ctx context.Context, names []string) (relation.Changes, error) {
	var rows []model.Attrs
	known := map[string]bool{}
	for _, name := range names {
		if slug := Slug(name); !known[slug] {
			rows = append(rows, model.Attrs{"slug": slug, "name": name})
			known[slug] = true
		}
	}
	tags, err := model.FetchOrCreateMany[Tag](ctx, p.DB(), []string{"slug"}, rows)
	if err != nil {
		return relation.Changes{}, err
	}
	links := make([]any, len(tags))
	for i, tag := range tags {
		links[i] = relation.Pivot(tag, relation.Attrs{"position": i + 1})
	}
	return relation.ManyToMany(p, &p.Tags).Sync(ctx, links...)
}

// Slug turns a title into the part of a URL: lower case words of letters and digits, joined by hyphens.
func Slug(title string) string {
	title = strings.ToLower(strings.NewReplacer("'", "", "’", "").Replace(title))
	words := strings.FieldsFunc(title, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}

// Excerpt is the beginning of the first paragraph as plain text.
func (p *Post) Excerpt() string {
	const length = 200
	text, _, _ := strings.Cut(p.Body, "\n\n")
	text = strings.NewReplacer("\n", " ", "`", "", "*", "").Replace(text)
	runes := []rune(text)
	if len(runes) <= length {
		return text
	}
	text = string(runes[:length])
	if space := strings.LastIndexByte(text, ' '); space > 0 {
		text = text[:space]
	}
	return text + " …"
}

// ReadingMinutes is how long the post takes to read, one minute at least.
func (p *Post) ReadingMinutes() int {
	const wordsPerMinute = 200
	return max(1, (len(strings.Fields(p.Body))+wordsPerMinute-1)/wordsPerMinute)
}
