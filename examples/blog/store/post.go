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

	ID          int64
	Slug        string         `gorm:"size:160;not null;uniqueIndex:idx_posts_slug,where:deleted_at IS NULL" model:"fillable"`
	Title       string         `gorm:"size:160;not null" model:"fillable"`
	Body        string         `gorm:"not null" model:"fillable"`
	AuthorID    int64          `gorm:"type:bigint REFERENCES users(id);not null;index" model:"fillable"`
	PublishedAt *time.Time     `gorm:"index" model:"fillable"`
	Version     int64          `model:"version"` // a save of a record that is out of date is an ErrStale
	DeletedAt   gorm.DeletedAt `gorm:"index" json:"-"`
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Define adds what the fields cannot say: values that are computed for JSON, and scopes.
func (p *Post) Define(d *model.Definition[Post]) {
	d.Computed("excerpt", func(p *Post) any { return p.Excerpt() })
	d.Computed("reading_minutes", func(p *Post) any { return p.ReadingMinutes() })
	d.Scope("published", func(q *relation.Query, _ ...any) {
		q.Where("PublishedAt", "<=", time.Now())
	})
	d.Scope("draft", func(q *relation.Query, _ ...any) {
		q.WhereNull("PublishedAt").OrWhere("PublishedAt", ">", time.Now())
	})
}

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
	return p.checkAuthor(ctx)
}

// checkAuthor finds out what the foreign key would refuse, because SQLite does not tell which one it was.
func (p *Post) checkAuthor(ctx context.Context) error {
	if !p.IsNew() && !p.IsDirty("AuthorID") {
		return nil
	}
	if p.AuthorID == 0 {
		return invalid("author_id", "is required")
	}
	known, err := model.Query[User](nil).WhereKey(p.AuthorID).Exists(ctx)
	if err == nil && !known {
		err = &FieldError{Field: "author_id", Message: "must be the id of a user", Err: model.ErrForeignKey}
	}
	return err
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
