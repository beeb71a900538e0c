// SPDX-License-Identifier: MIT

package store

import (
	"context"
	_ "embed"
	"strings"
	"unicode"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// MaxWords is how many words a search may have.
const MaxWords = 5

//go:embed search_sqlite.sql
var sqliteIndex string

const (
	sqliteFound = "SELECT docid FROM posts_text WHERE posts_text MATCH ?"

	postgresText  = "to_tsvector('simple', title || ' ' || body)"
	postgresIndex = "CREATE INDEX IF NOT EXISTS idx_posts_text ON posts USING gin (" + postgresText + ")"
	postgresFound = "SELECT id FROM posts WHERE " + postgresText + " @@ to_tsquery('simple', ?)"

	tagged = "SELECT post_id FROM taggings JOIN tags ON tags.id = tag_id WHERE slug = ?"
)

// indexText makes the index, if it is not there.
func indexText(ctx context.Context, db *model.DB) error {
	g := db.Gorm().WithContext(ctx)
	if g.Name() != "sqlite" {
		return g.Exec(postgresIndex).Error
	}
	if g.Migrator().HasTable("posts_text") {
		return nil
	}
	return g.Transaction(func(g *gorm.DB) error { return g.Exec(sqliteIndex).Error })
}

// Words takes a search apart. Only letters and digits are left of it, nothing that could be an operator.
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// search is the scope of the posts that have all words of a text in title or body, where the last one may
// be the beginning of a word, and of those that have the tag of this name.
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
	q.Apply(func(g *gorm.DB) *gorm.DB {
		found, expression := postgresFound, "'"+strings.Join(words, "' & '")+"':*"
		if g.Name() == "sqlite" {
			found, expression = sqliteFound, `"`+strings.Join(words, `" "`)+`*"`
		}
		return g.Where("posts.id IN ("+found+" UNION "+tagged+")", expression, strings.Join(words, "-"))
	})
}
