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

// Post is an article in Markdown: a draft until the time in PublishedAt has come. DeletedAt has no index:
// nearly all rows are alike in it, which misleads SQLite.
type Post struct {
	model.BaseModel[Post]

	ID            int64          `gorm:"primaryKey;index:idx_posts_made,priority:2;index:idx_posts_out,priority:2"`
	Slug          string         `gorm:"size:160;not null;uniqueIndex:idx_posts_slug,where:deleted_at IS NULL" model:"fillable"`
	Title         string         `gorm:"size:160;not null" model:"fillable"`
	Body          string         `gorm:"not null" model:"fillable"`
	AuthorID      int64          `gorm:"not null;index" model:"fillable"`
	PublishedAt   *time.Time     `gorm:"index:idx_posts_out,priority:1,where:deleted_at IS NULL" model:"fillable"`
	CommentsCount int64          `gorm:"not null"`
	Version       int64          `model:"version"` // a save of a record that is out of date is an ErrStale
	DeletedAt     gorm.DeletedAt `json:"-"`
	CreatedAt     time.Time      `gorm:"index:idx_posts_made,priority:1,where:deleted_at IS NULL"`
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
	d.Scope("search", search)
	d.Relation(&p.Tags).Using(&Tagging{}).OrderByPivot("position")
}

// MaxWords is how many words a search may have.
const MaxWords = 5

// Words takes a search apart. Only letters and digits are left of it, nothing that could be an operator.
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), between)
}

// between tells whether a character stands between words.
func between(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }

// What finds posts by an expression of words, and by a tag. The plus keeps SQLite from loading and sorting
// all that is found: it goes along the index of the order until a page is full.
const (
	tagged         = "SELECT post_id FROM taggings JOIN tags ON tags.id = tag_id WHERE slug = ?"
	sqliteSearch   = "+posts.id IN (SELECT rowid FROM posts_text WHERE posts_text MATCH ? UNION " + tagged + ")"
	postgresSearch = "posts.words @@ to_tsquery('simple', ?) OR posts.id = ANY (ARRAY(" + tagged + "))"
)

// search is the scope of the posts that have all words of a text in title or body, where the last one may
// be the first three letters or more of a word, and of those that have the tag of this name.
func search(q *relation.Query, args ...any) {
	words := Words(args[0].(string)) //nolint:errcheck,forcetypeassert // the scope is for texts.
	if len(words) == 0 {
		q.WhereKey() // without a key there is nothing to find
		return
	}
	words = words[:min(len(words), MaxWords)]
	for i, word := range words {
		words[i] = strings.ToValidUTF8(word[:min(len(word), 100)], "") // PostgreSQL refuses words above 2,046 bytes
	}
	tag, short := strings.Join(words, "-"), len(words[len(words)-1]) < 3 // too many words begin like that
	q.Apply(func(g *gorm.DB) *gorm.DB {
		if g.Name() == "sqlite" {
			all := strings.Join(words, " ") // in lower case none is an operator
			if !short {
				all += "*"
			}
			return g.Where(sqliteSearch, all, tag)
		}
		all := "'" + strings.Join(words, "' & '") + "'"
		if !short {
			all += ":*"
		}
		return g.Where(postgresSearch, all, tag)
	})
}

// Saving completes and checks a post that is about to be written.
func (p *Post) Saving(ctx context.Context) error {
	p.Title = strings.TrimSpace(p.Title)
	if p.Slug == "" {
		p.Slug = Slug(p.Title)
	}
	c := checks{model: "Post"}
	c.text("title", p.Title, 160)
	c.must(p.Slug != "" && p.Slug == Slug(p.Slug), "slug", "must be lower case words and numbers, joined by hyphens")
	c.text("slug", p.Slug, 160)
	c.text("body", p.Body, 50_000) // the worst Markdown of this length takes about a second
	if p.IsNew() || p.IsDirty("AuthorID") {
		refers[User](ctx, &c, "author_id", p.AuthorID)
	}
	return c.err
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
	tags, err := model.FetchOrCreateMany[Tag](ctx, model.DBOf(p), []string{"slug"}, rows)
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
	return strings.Join(strings.FieldsFunc(title, between), "-")
}

// Excerpt is the beginning of the first paragraph as plain text.
func (p *Post) Excerpt() string {
	const length = 200
	text, _, _ := strings.Cut(p.Body, "\n\n")
	text = strings.NewReplacer("\n", " ", "`", "", "*", "").Replace(text)
	if runes := []rune(text); len(runes) > length {
		text = string(runes[:length])
		text = text[:max(strings.LastIndexByte(text, ' '), 0)] + " …"
	}
	return text
}

// ReadingMinutes is how long the post takes to read, one minute at least.
func (p *Post) ReadingMinutes() int {
	const wordsPerMinute = 200
	return max(1, (len(strings.Fields(p.Body))+wordsPerMinute-1)/wordsPerMinute)
}

// Tag is what posts are about.
type Tag struct {
	model.BaseModel[Tag]

	ID         int64
	Slug       string `gorm:"size:50;not null;uniqueIndex"`
	Name       string `gorm:"size:50;not null" model:"fillable"`
	Version    int64  `gorm:"not null;default:1" model:"version" json:"-"`
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
	t.Slug = Slug(t.Name)
	c := checks{model: "Tag"}
	c.text("name", t.Name, 50)
	c.must(t.Slug != "", "name", "must have a letter or a digit")
	return c.err
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
