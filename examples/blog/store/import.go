// SPDX-License-Identifier: MIT

package store

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/adrg/frontmatter"
	"go.yaml.in/yaml/v3"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// article is a Markdown file: YAML between two lines of dashes, then the text.
type article struct {
	Title, Slug string
	Author      struct{ Name, Email, Country, Bio string }
	Date        time.Time
	Tags        []string
	body        string
}

// read reads the Markdown files of a folder, in the order of their names.
func read(folder fs.FS) ([]article, error) {
	files, err := fs.Glob(folder, "*.md")
	if err != nil {
		return nil, err
	}
	articles, known := make([]article, len(files)), map[string]string{}
	for i, file := range files {
		text, err := fs.ReadFile(folder, file)
		if err != nil {
			return nil, err
		}
		a := &articles[i]
		body, err := frontmatter.MustParse(bytes.NewReader(text), a, frontmatter.NewFormat("---", "---", yaml.Unmarshal))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		a.body = string(bytes.TrimSpace(body))
		if a.Slug == "" {
			a.Slug = Slug(a.Title)
		}
		if other, ok := known[a.Slug]; ok {
			return nil, fmt.Errorf("%s: %s has the slug %q, too", file, other, a.Slug)
		}
		known[a.Slug] = file
	}
	return articles, nil
}

// Import writes the Markdown files of a folder as posts, with their authors and tags, all or none. A post
// is known by its slug: it is updated if something has changed, so that importing twice changes
// nothing. After each post it calls done with how many of how many are ready.
func Import(ctx context.Context, db *model.DB, folder fs.FS, done func(n, of int)) (int, error) {
	articles, err := read(folder)
	if err == nil {
		err = db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
			_, err := write(ctx, tx, articles, done)
			return err
		})
	}
	if err != nil {
		return 0, fmt.Errorf("import: %w", err)
	}
	return len(articles), nil
}

// write makes posts of articles.
func write(ctx context.Context, tx *model.DB, articles []article, done func(n, of int)) ([]*Post, error) {
	authors, err := writeAuthors(ctx, tx, articles)
	if err != nil {
		return nil, err
	}
	rows := make([]model.Attrs, len(articles))
	for i, a := range articles {
		rows[i] = model.Attrs{
			"slug": a.Slug, "title": a.Title, "body": a.body, "author_id": authors[i].ID,
			"published_at": a.Date, "created_at": a.Date,
		}
	}
	posts, err := model.UpdateOrCreateMany[Post](ctx, tx, []string{"slug"}, rows)
	for i, post := range posts {
		if _, err := post.Retag(ctx, articles[i].Tags); err != nil {
			return nil, err
		}
		done(i+1, len(posts))
	}
	return posts, err
}

// writeAuthors inserts the authors who are new, with profiles and countries, and returns that of each article.
func writeAuthors(ctx context.Context, tx *model.DB, articles []article) ([]*User, error) {
	var names, users, profiles []model.Attrs
	for _, a := range articles {
		names = append(names, model.Attrs{"name": a.Author.Country})
	}
	countries, err := model.FetchOrCreateMany[Country](ctx, tx, []string{"name"}, names)
	if err != nil {
		return nil, err
	}
	for i, a := range articles {
		// Nobody can sign in with "!", because it is no hash. A hook would make one of it.
		users = append(users, model.Attrs{
			"email": a.Author.Email, "name": a.Author.Name, "password": "!", "country_id": countries[i].ID,
		})
	}
	authors, err := model.FetchOrCreateMany[User](hooks.Without(ctx), tx, []string{"email"}, users)
	if err != nil {
		return nil, err
	}
	for i, a := range articles {
		profiles = append(profiles, model.Attrs{"user_id": authors[i].ID, "bio": a.Author.Bio})
	}
	_, err = model.FetchOrCreateMany[Profile](ctx, tx, []string{"user_id"}, profiles)
	return authors, err
}
