// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

var (
	_ Relater = (*byPgx)(nil)
	_ Limiter = (*byPgx)(nil)
	_ Counter = (*byPgx)(nil)
	_ Syncer  = (*byPgx)(nil)
)

// posts reads all posts, and returns their keys and where each is.
func (c *byPgx) posts(ctx context.Context) (posts []Post, keys []int64, at map[int64]int, err error) {
	rows, err := c.conn.Query(ctx, postsSQL)
	if err != nil {
		return nil, nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p Post
		if err := rows.Scan(&p.ID, &p.Title, &p.Body, &p.Views, &p.CreatedAt); err != nil {
			return nil, nil, nil, err
		}
		posts = append(posts, p)
	}
	keys, at = make([]int64, len(posts)), make(map[int64]int, len(posts))
	for i := range posts {
		keys[i], at[posts[i].ID] = posts[i].ID, i
	}
	return posts, keys, at, rows.Err()
}

func (c *byPgx) PostsWithComments(ctx context.Context) (any, error) {
	return c.withComments(ctx, commentsSQL+"= ANY($1)")
}

func (c *byPgx) PostsWithNewest(ctx context.Context) (any, error) {
	return c.withComments(ctx, newestPostgres)
}

func (c *byPgx) withComments(ctx context.Context, q string) (any, error) {
	posts, keys, at, err := c.posts(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := c.conn.Query(ctx, q, keys)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m Comment
		if err := rows.Scan(&m.ID, &m.PostID, &m.Author, &m.Body, &m.Likes, &m.CreatedAt); err != nil {
			return nil, err
		}
		p := &posts[at[m.PostID]]
		p.Comments = append(p.Comments, m)
	}
	return posts, rows.Err()
}

func (c *byPgx) PostsWithTags(ctx context.Context) (any, error) {
	posts, keys, at, err := c.posts(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := c.conn.Query(ctx, taggedSQL+"= ANY($1)", keys)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t Tagged
		var post int64
		err := rows.Scan(&t.ID, &t.Name, &t.Color, &t.CreatedAt, &post, &t.Role, &t.TaggedAt)
		if err != nil {
			return nil, err
		}
		p := &posts[at[post]]
		p.Tags = append(p.Tags, t)
	}
	return posts, rows.Err()
}

func (c *byPgx) PostsWithCount(ctx context.Context) (any, error) {
	rows, err := c.conn.Query(ctx, countedSQL)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var posts []Post
	for rows.Next() {
		var p Post
		err := rows.Scan(&p.ID, &p.Title, &p.Body, &p.Views, &p.CreatedAt, &p.CommentCount)
		if err != nil {
			return nil, err
		}
		posts = append(posts, p)
	}
	return posts, rows.Err()
}

func (c *byPgx) Syncer(
	_ context.Context, post int64,
) (func(ctx context.Context, tags []int64) error, error) {
	kept := fmt.Sprintf(keptSQL, "$1")
	detached := fmt.Sprintf(detachedSQL, "$1") + "= ANY($2)"
	return func(ctx context.Context, tags []int64) error {
		return pgx.BeginFunc(ctx, c.conn, func(tx pgx.Tx) error {
			rows, err := tx.Query(ctx, kept, post)
			if err != nil {
				return err
			}
			have, err := pgx.CollectRows(rows, pgx.RowTo[int64])
			if err != nil {
				return err
			}
			gone, missing := difference(have, tags)
			if len(gone) > 0 {
				if _, err := tx.Exec(ctx, detached, post, gone); err != nil {
					return err
				}
			}
			if len(missing) == 0 {
				return nil
			}
			q, ok := c.attach[len(missing)]
			if !ok {
				q = attachedSQL + placeholders(Postgres, len(missing), 3)
				c.attach[len(missing)] = q
			}
			_, err = tx.Exec(ctx, q, attachArgs(post, missing)...)
			return err
		})
	}, nil
}

func (c *byPgx) Posts(records any) ([]Post, error) { return plainPosts(records) }
