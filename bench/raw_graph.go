// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

var (
	_ Relater = (*raw)(nil)
	_ Limiter = (*raw)(nil)
	_ Counter = (*raw)(nil)
	_ Syncer  = (*raw)(nil)
)

// prepared returns the statement of a text, which it prepares at first use.
func (r *raw) prepared(ctx context.Context, q string) (*sql.Stmt, error) {
	if stmt, ok := r.others[q]; ok {
		return stmt, nil
	}
	stmt, err := r.db.PrepareContext(ctx, q)
	if err == nil {
		r.others[q] = stmt
	}
	return stmt, err
}

func (r *raw) query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	stmt, err := r.prepared(ctx, q)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// among returns a condition on a list of keys and its arguments: an array on PostgreSQL, a placeholder
// per key on SQLite.
func (r *raw) among(keys []int64) (string, []any) {
	if r.target == Postgres {
		return "= ANY($1)", []any{keys}
	}
	args := make([]any, len(keys))
	for i, key := range keys {
		args[i] = key
	}
	list, ok := r.lists[len(keys)]
	if !ok {
		list = "IN " + placeholders(SQLite, 1, len(keys))
		r.lists[len(keys)] = list
	}
	return list, args
}

// posts reads all posts, and returns their keys and where each is.
func (r *raw) posts(ctx context.Context) (posts []Post, keys []int64, at map[int64]int, err error) {
	rows, err := r.query(ctx, postsSQL)
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

func (r *raw) PostsWithComments(ctx context.Context) (any, error) {
	return r.withComments(ctx, commentsSQL)
}

func (r *raw) PostsWithNewest(ctx context.Context) (any, error) {
	if r.target == Postgres {
		return r.withComments(ctx, strings.TrimSuffix(newestPostgres, "= ANY($1)"))
	}
	return r.withComments(ctx, newestSQLite)
}

// withComments loads posts with the comments that a statement selects, which ends with a list of keys.
func (r *raw) withComments(ctx context.Context, q string) (any, error) {
	posts, keys, at, err := r.posts(ctx)
	if err != nil {
		return nil, err
	}
	list, args := r.among(keys)
	rows, err := r.query(ctx, q+list, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Comment
		if err := rows.Scan(&c.ID, &c.PostID, &c.Author, &c.Body, &c.Likes, &c.CreatedAt); err != nil {
			return nil, err
		}
		p := &posts[at[c.PostID]]
		p.Comments = append(p.Comments, c)
	}
	return posts, rows.Err()
}

func (r *raw) PostsWithTags(ctx context.Context) (any, error) {
	posts, keys, at, err := r.posts(ctx)
	if err != nil {
		return nil, err
	}
	list, args := r.among(keys)
	rows, err := r.query(ctx, taggedSQL+list, args...)
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

func (r *raw) PostsWithCount(ctx context.Context) (any, error) {
	rows, err := r.query(ctx, countedSQL)
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

func (r *raw) Syncer(
	ctx context.Context, post int64,
) (func(ctx context.Context, tags []int64) error, error) {
	first := "?"
	if r.target == Postgres {
		first = "$1"
	}
	kept, err := r.prepared(ctx, fmt.Sprintf(keptSQL, first))
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tags []int64) error {
		tx, err := r.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // does nothing after Commit
		rows, err := tx.StmtContext(ctx, kept).QueryContext(ctx, post)
		if err != nil {
			return err
		}
		have, err := scanKeys(rows)
		if err != nil {
			return err
		}
		gone, missing := difference(have, tags)
		if len(gone) > 0 {
			q, args := r.detach(post, gone)
			if err := r.execTx(ctx, tx, q, args); err != nil {
				return err
			}
		}
		if len(missing) > 0 {
			q := attachedSQL + placeholders(r.target, len(missing), 3)
			if err := r.execTx(ctx, tx, q, attachArgs(post, missing)); err != nil {
				return err
			}
		}
		return tx.Commit()
	}, nil
}

func (r *raw) detach(post int64, gone []int64) (string, []any) {
	if r.target == Postgres {
		return fmt.Sprintf(detachedSQL, "$1") + "= ANY($2)", []any{post, gone}
	}
	list, keys := r.among(gone)
	return fmt.Sprintf(detachedSQL, "?") + list, append([]any{post}, keys...)
}

func (r *raw) execTx(ctx context.Context, tx *sql.Tx, q string, args []any) error {
	stmt, err := r.prepared(ctx, q)
	if err != nil {
		return err
	}
	_, err = tx.StmtContext(ctx, stmt).ExecContext(ctx, args...)
	return err
}

// attachArgs are the values of new connections.
func attachArgs(post int64, tags []int64) []any {
	now := time.Now()
	args := make([]any, 0, 3*len(tags))
	for _, tag := range tags {
		args = append(args, post, tag, now)
	}
	return args
}

// difference returns what is only in have, and what is only in want.
func difference(have, want []int64) (gone, missing []int64) {
	wanted := make(map[int64]bool, len(want)) // whether it is there
	for _, id := range want {
		wanted[id] = false
	}
	for _, id := range have {
		if _, ok := wanted[id]; ok {
			wanted[id] = true
		} else {
			gone = append(gone, id)
		}
	}
	for _, id := range want {
		if !wanted[id] {
			missing = append(missing, id)
		}
	}
	return gone, missing
}

func (r *raw) Posts(records any) ([]Post, error) { return plainPosts(records) }

// plainPosts converts the results of contenders that use [Post] itself.
func plainPosts(records any) ([]Post, error) {
	posts, ok := records.([]Post)
	if !ok {
		return nil, fmt.Errorf("unexpected result %T", records)
	}
	return posts, nil
}
