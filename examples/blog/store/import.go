// SPDX-License-Identifier: MIT

package store

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/adrg/frontmatter"
	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"go.yaml.in/yaml/v3"
)

// article is a Markdown file: YAML between two lines of dashes, then the text.
type article struct {
	Title, Slug string
	Author      struct{ Name, Email, Country, Bio string }
	Date        time.Time
	Tags        []string
	body        string
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

// read reads the Markdown files of a folder, in the order of their names.
func read(folder fs.FS) ([]article, error) {
	if _, err := fs.ReadDir(folder, "."); err != nil {
		return nil, err
	}
	files, _ := fs.Glob(folder, "*.md") // only a malformed pattern is an error
	articles, known := make([]article, len(files)), map[string]string{}
	for i, file := range files {
		text, err := fs.ReadFile(folder, file)
		if err != nil {
			return nil, err
		}
		a := &articles[i]
		body, err := frontmatter.MustParse(bytes.NewReader(text), a, frontmatter.NewFormat("---", "---", yaml.Unmarshal))
		a.body, a.Slug = string(bytes.TrimSpace(body)), cmp.Or(a.Slug, Slug(a.Title))
		a.Author.Email = strings.ToLower(a.Author.Email) // as a hook does
		c, other := checks{model: "article", err: err}, known[a.Slug]
		c.must(other == "", "slug", "is that of %s, too", other)
		c.must(!a.Date.IsZero(), "date", "is required")
		// The models would refuse these, too, but without the name of the file.
		c.text("title", a.Title, 160)
		c.must(a.Slug != "" && a.Slug == Slug(a.Slug), "slug", "must be lower case words and numbers, joined by hyphens")
		c.text("author.name", a.Author.Name, 100)
		c.text("author.email", a.Author.Email, 254)
		c.text("author.country", a.Author.Country, 100)
		c.text("author.bio", a.Author.Bio, 2000)
		if c.err != nil {
			return nil, fmt.Errorf("%s: %w", file, c.err)
		}
		known[a.Slug] = file
	}
	return articles, nil
}

// write makes posts of articles, and authors, profiles and countries where they are missing.
func write(ctx context.Context, tx *model.DB, articles []article, done func(n, of int)) ([]*Post, error) {
	var countryRows, userRows, profileRows, postRows []model.Attrs
	for _, a := range articles {
		countryRows = append(countryRows, model.Attrs{"name": a.Author.Country})
	}
	countries, err := model.FetchOrCreateMany[Country](ctx, tx, []string{"name"}, countryRows)
	if err != nil {
		return nil, err
	}
	for i, a := range articles {
		// Nobody can sign in with "!", because it is no hash. A hook would make one of it.
		userRows = append(userRows, model.Attrs{
			"email": a.Author.Email, "name": a.Author.Name, "country_id": countries[i].ID, "password": "!",
		})
	}
	users, err := model.FetchOrCreateMany[User](hooks.Without(ctx), tx, []string{"email"}, userRows)
	if err != nil {
		return nil, err
	}
	for i, a := range articles {
		profileRows = append(profileRows, model.Attrs{"user_id": users[i].ID, "bio": a.Author.Bio})
		postRows = append(postRows, model.Attrs{
			"slug": a.Slug, "title": a.Title, "body": a.body, "author_id": users[i].ID,
			"published_at": a.Date, "created_at": a.Date,
		})
	}
	if _, err := model.FetchOrCreateMany[Profile](ctx, tx, []string{"user_id"}, profileRows); err != nil {
		return nil, err
	}
	posts, err := model.UpdateOrCreateMany[Post](ctx, tx, []string{"slug"}, postRows)
	for i, post := range posts {
		if _, err := post.Retag(ctx, articles[i].Tags); err != nil {
			return nil, err
		}
		done(i+1, len(posts))
	}
	return posts, err
}
