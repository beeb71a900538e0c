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
	Author      struct{ Name, Email, Country string }
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
// nothing. After each post it calls done, which may be nil, with how many of how many are ready.
func Import(ctx context.Context, db *model.DB, folder fs.FS, done func(n, of int)) (int, error) {
	articles, err := read(folder)
	if err != nil {
		return 0, fmt.Errorf("import: %w", err)
	}
	err = db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
		authors, err := importAuthors(ctx, tx, articles)
		if err != nil {
			return err
		}
		rows := make([]model.Attrs, len(articles))
		for i, a := range articles {
			rows[i] = model.Attrs{
				"slug": a.Slug, "title": a.Title, "body": a.body, "author_id": authors[a.Author.Email],
				"published_at": a.Date, "created_at": a.Date,
			}
		}
		posts, err := model.UpdateOrCreateMany[Post](ctx, tx, []string{"slug"}, rows)
		if err != nil {
			return err
		}
		for i, post := range posts {
			if _, err := post.Retag(ctx, articles[i].Tags); err != nil {
				return err
			}
			if done != nil {
				done(i+1, len(posts))
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("import: %w", err)
	}
	return len(articles), nil
}

// importAuthors inserts the authors who are new, with their countries, and returns all ids by address.
func importAuthors(ctx context.Context, tx *model.DB, articles []article) (map[string]int64, error) {
	var names, users []model.Attrs
	for _, a := range articles {
		if a.Author.Country != "" {
			names = append(names, model.Attrs{"name": a.Author.Country})
		}
	}
	countries, err := model.FetchOrCreateMany[Country](ctx, tx, []string{"name"}, names)
	if err != nil {
		return nil, err
	}
	ids := map[string]*int64{}
	for _, country := range countries {
		ids[country.Name] = &country.ID
	}
	for _, a := range articles {
		// Nobody can sign in with "!", because it is no hash. A hook would make one of it.
		users = append(users, model.Attrs{
			"email": a.Author.Email, "name": a.Author.Name, "password": "!", "country_id": ids[a.Author.Country],
		})
	}
	authors, err := model.FetchOrCreateMany[User](hooks.Without(ctx), tx, []string{"email"}, users)
	if err != nil {
		return nil, err
	}
	byEmail := map[string]int64{}
	for _, author := range authors {
		byEmail[author.Email] = author.ID
	}
	return byEmail, nil
}
