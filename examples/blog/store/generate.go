// SPDX-License-Identifier: MIT

package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/model"
)

const (
	commentsPerPost = 10
	generatedAtOnce = 500 // posts per transaction
)

const vocabulary = `time person year way day thing world life hand part child eye place work week case point company
number group problem fact small large early young public bad same able early data index query lock cache thread signal
field season seed soil water compost harvest winter spring answer question design value error test branch merge review`

// Generate adds n posts for load tests, with ten comments each: a few authors and tags have many, most have
// few. The same n makes the same texts. It runs no hooks, as nothing of it comes from outside.
func Generate(ctx context.Context, db *model.DB, n int, done func(n, of int)) error {
	first, err := model.Query[Post](db).WithTrashed().Count(ctx)
	if err != nil {
		return err
	}
	g := &generator{rand: rand.New(rand.NewPCG(1, uint64(first))), words: strings.Fields(vocabulary), first: int(first)} //nolint:gosec // texts, not secrets.
	err = db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error { return g.people(ctx, tx, n) })
	for i := 0; i < n && err == nil; i += generatedAtOnce {
		size := min(generatedAtOnce, n-i)
		err = db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error { return g.batch(ctx, tx, i, size) })
		if err == nil && done != nil {
			done(i+size, n)
		}
	}
	return err
}

type generator struct {
	rand  *rand.Rand
	words []string
	first int
	users []*User
	tags  []*Tag
}

func (g *generator) word() string { return g.words[g.rand.IntN(len(g.words))] }

func (g *generator) text(words int) string {
	list := make([]string, words)
	for i := range list {
		if list[i] = g.word(); i%60 == 59 {
			list[i] += ".\n\n"
		}
	}
	return strings.ToUpper(list[0][:1]) + strings.Join(list, " ")[1:] + "."
}

// one picks an element, the first ones more often.
func one[T any](g *generator, list []T) T {
	at := g.rand.Float64()
	return list[int(at*at*float64(len(list)))]
}

func (g *generator) people(ctx context.Context, tx *model.DB, n int) error {
	var countries, tags []model.Attrs
	for _, name := range []string{"Brazil", "Canada", "India", "Japan", "Kenya", "Nigeria", "Portugal", "Sweden"} {
		countries = append(countries, model.Attrs{"name": name})
	}
	for _, word := range g.words {
		tags = append(tags, model.Attrs{"slug": word, "name": word})
	}
	homes, err := model.FetchOrCreateMany[Country](ctx, tx, []string{"name"}, countries)
	if err != nil {
		return err
	}
	if g.tags, err = model.FetchOrCreateMany[Tag](ctx, tx, []string{"slug"}, tags); err != nil {
		return err
	}
	g.users = make([]*User, max(10, n/100))
	for i := range g.users {
		g.users[i] = &User{
			Email: fmt.Sprintf("reader%d@example.net", g.first+i), Name: fmt.Sprintf("Reader %d", g.first+i),
			Password: "!", CountryID: &one(g, homes).ID,
		}
	}
	if err := model.Insert(ctx, tx, g.users); err != nil {
		return err
	}
	profiles := make([]*Profile, len(g.users))
	for i, user := range g.users {
		profiles[i] = &Profile{UserID: user.ID, Bio: g.text(20)}
	}
	return model.Insert(ctx, tx, profiles)
}

// batch inserts posts, their tags, comments, and replies to these: four statements.
func (g *generator) batch(ctx context.Context, tx *model.DB, from, size int) error {
	posts := make([]*Post, size)
	for i := range posts {
		at := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(g.first+from+i) * 4 * time.Hour)
		title := g.text(3 + g.rand.IntN(5))
		posts[i] = &Post{
			Slug: fmt.Sprintf("%s-%d", Slug(title), g.first+from+i), Title: title, Body: g.text(100 + g.rand.IntN(200)),
			AuthorID: one(g, g.users).ID, PublishedAt: &at, CreatedAt: at, CommentsCount: commentsPerPost,
		}
	}
	if err := model.Insert(ctx, tx, posts); err != nil {
		return err
	}
	var taggings []*Tagging
	var roots, replies []*Comment
	for _, post := range posts {
		start, tags := g.rand.IntN(len(g.tags)), 1+g.rand.IntN(4)
		for i := range tags {
			tag := g.tags[(start+i*i)%len(g.tags)]
			taggings = append(taggings, &Tagging{PostID: post.ID, TagID: tag.ID, Position: int64(i + 1)})
		}
		for range commentsPerPost / 2 {
			roots = append(roots, g.comment(post))
		}
	}
	if err := model.Insert(ctx, tx, taggings); err != nil {
		return err
	}
	if err := model.Insert(ctx, tx, roots); err != nil {
		return err
	}
	for i := range size * commentsPerPost / 2 {
		parent := roots[i/5*5+g.rand.IntN(5)]
		reply := g.comment(posts[i/5])
		reply.ParentID = &parent.ID
		replies = append(replies, reply)
	}
	return model.Insert(ctx, tx, replies)
}

func (g *generator) comment(post *Post) *Comment {
	at := post.CreatedAt.Add(time.Duration(g.rand.IntN(10_000)) * time.Minute)
	return &Comment{PostID: post.ID, AuthorID: one(g, g.users).ID, Body: g.text(5 + g.rand.IntN(30)), CreatedAt: at}
}
