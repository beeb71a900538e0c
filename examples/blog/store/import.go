// SPDX-License-Identifier: MIT

package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// article is a Markdown file: YAML between two lines of dashes, then the text.
type article struct {
	Title, Slug string
	Author      struct{ Name, Email string }
	Date        time.Time
	body        string
}

func read(folder fs.FS, file string) (a article, err error) {
	text, err := fs.ReadFile(folder, file)
	if err != nil {
		return a, err
	}
	front, body, ok := bytes.Cut(bytes.TrimPrefix(text, []byte("---\n")), []byte("\n---\n"))
	if !ok {
		return a, errors.New("no front matter between lines of three dashes")
	}
	a.body = string(bytes.TrimSpace(body))
	return a, yaml.Unmarshal(front, &a)
}

// Import adds the posts of a folder's Markdown files and their authors, in the order of the files'
// names. A post whose slug is known, even from a deleted post, is left alone. It returns how many were
// added: all that are new, or none.
func Import(ctx context.Context, db *model.DB, folder fs.FS) (added int, err error) {
	files, err := fs.Glob(folder, "*.md")
	if err != nil {
		return 0, err
	}
	err = db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
		var known []string
		if err := model.Query[Post](tx).WithTrashed().Pluck(ctx, "slug", &known); err != nil {
			return err
		}
		for _, file := range files {
			a, err := read(folder, file)
			if err == nil && !slices.Contains(known, a.Slug) {
				err = add(ctx, tx, a)
				added++
			}
			if err != nil {
				return fmt.Errorf("import %s: %w", file, err)
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

// add inserts an article and, if it is the first one of its author, the author.
func add(ctx context.Context, tx *model.DB, a article) error {
	// Nobody can sign in with "!", because it is no hash. A hook would make one of it.
	author, err := model.FirstOrCreate[User](hooks.Without(ctx), tx,
		model.Attrs{"email": a.Author.Email}, model.Attrs{"name": a.Author.Name, "password": "!"})
	if err != nil {
		return err
	}
	return model.Create(ctx, tx, &Post{
		Slug: a.Slug, Title: a.Title, Body: a.body, AuthorID: author.ID, PublishedAt: &a.Date, CreatedAt: a.Date,
	})
}
