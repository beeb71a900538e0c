// SPDX-License-Identifier: MIT

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Relater is offered by contenders that load related rows. Posts are in the order of their keys, related
// rows in any.
type Relater interface {
	// PostsWithComments returns all posts with all of their comments.
	PostsWithComments(ctx context.Context) (records any, err error)
	// PostsWithTags returns all posts with all of their tags, and with the role and the time of the row
	// that connects them.
	PostsWithTags(ctx context.Context) (records any, err error)
	// Posts converts what the methods above, and those of the interfaces below, returned. It is never
	// timed.
	Posts(records any) ([]Post, error)
}

// Limiter is offered by contenders that load some of the related rows.
type Limiter interface {
	// PostsWithNewest returns all posts with the newest three comments of each, by key.
	PostsWithNewest(ctx context.Context) (records any, err error)
}

// Counter is offered by contenders that count related rows.
type Counter interface {
	// PostsWithCount returns all posts with the number of their comments.
	PostsWithCount(ctx context.Context) (records any, err error)
}

// Syncer is offered by contenders that make a set of connections another.
type Syncer interface {
	// Syncer loads a post and returns a function that connects it with exactly the tags of the keys: one
	// transaction that reads, deletes and inserts what differs. Only that function is timed.
	Syncer(ctx context.Context, post int64) (func(ctx context.Context, tags []int64) error, error)
}

// bindLoad makes an operation of one that returns posts.
func bindLoad(c Contender, load func(ctx context.Context) (any, error)) (*Op, error) {
	r, ok := c.(Relater)
	if !ok {
		return nil, errNotOffered
	}
	return &Op{
		Run: func(ctx context.Context, _ int) error {
			_, err := load(ctx)
			return err
		},
		Posts: func(ctx context.Context) ([]Post, error) {
			records, err := load(ctx)
			if err != nil {
				return nil, err
			}
			return r.Posts(records)
		},
	}, nil
}

// bindHasMany loads posts with their comments.
func bindHasMany(_ context.Context, _ *Stage, c Contender) (*Op, error) {
	r, ok := c.(Relater)
	if !ok {
		return nil, errNotOffered
	}
	return bindLoad(c, r.PostsWithComments)
}

// bindManyToMany loads posts with their tags.
func bindManyToMany(_ context.Context, _ *Stage, c Contender) (*Op, error) {
	r, ok := c.(Relater)
	if !ok {
		return nil, errNotOffered
	}
	return bindLoad(c, r.PostsWithTags)
}

// bindGroupLimit loads posts with their newest comments.
func bindGroupLimit(_ context.Context, _ *Stage, c Contender) (*Op, error) {
	l, ok := c.(Limiter)
	if !ok {
		return nil, errNotOffered
	}
	return bindLoad(c, l.PostsWithNewest)
}

// bindWithCount loads posts with the number of their comments.
func bindWithCount(_ context.Context, _ *Stage, c Contender) (*Op, error) {
	n, ok := c.(Counter)
	if !ok {
		return nil, errNotOffered
	}
	return bindLoad(c, n.PostsWithCount)
}

// The post whose tags are synced, the number of its tags, and how many of them each sync replaces.
const (
	syncedPost = 1
	syncedTags = 1000
	syncedStep = 10
)

// bindSync makes one set of tags another, and back.
func bindSync(ctx context.Context, s *Stage, c Contender) (*Op, error) {
	y, ok := c.(Syncer)
	if !ok {
		return nil, errNotOffered
	}
	sync, err := y.Syncer(ctx, syncedPost)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, syncedTags+syncedStep)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	run := func(ctx context.Context, i int) error {
		if i%2 == 0 {
			return sync(ctx, ids[syncedStep:])
		}
		return sync(ctx, ids[:syncedTags])
	}
	return &Op{
		Run: run,
		Posts: func(ctx context.Context) ([]Post, error) {
			if err := run(ctx, 0); err != nil {
				return nil, err
			}
			p, err := s.connected(ctx, syncedPost)
			if err == nil && len(p.Tags) != syncedTags {
				err = fmt.Errorf("%d tags are connected", len(p.Tags))
			}
			if err != nil {
				return nil, err
			}
			return []Post{*p}, nil
		},
	}, nil
}

// bindJSONRelations encodes loaded posts with their comments into a byte slice.
func bindJSONRelations(ctx context.Context, _ *Stage, c Contender) (*Op, error) {
	r, ok := c.(Relater)
	e, encodes := c.(Encoder)
	if !ok || !encodes {
		return nil, errNotOffered
	}
	records, err := r.PostsWithComments(ctx)
	if err != nil {
		return nil, err
	}
	return &Op{
		Run: func(context.Context, int) error { _, err := e.JSON(records); return err },
		Posts: func(context.Context) ([]Post, error) {
			b, err := e.JSON(records)
			if err != nil {
				return nil, err
			}
			if bytes.Count(b, []byte(`"comments"`)) == 0 {
				return nil, errors.New("the comments are missing")
			}
			var posts []Post
			err = json.Unmarshal(b, &posts)
			return posts, err
		},
	}, nil
}
