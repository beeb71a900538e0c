// SPDX-License-Identifier: MIT

package store

import (
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

const (
	postsAtOnce     = 500 // in a transaction
	commentsPerPost = 10  // of which half are replies
	topics          = 38  // the last words of the vocabulary
)

// vocabulary is a list of words, the frequent ones first.
//
//go:embed words.txt
var vocabulary string

// generator makes up texts. As in life, a few words, authors and tags are most of what there is.
type generator struct {
	*rand.Rand

	words []string
	zipf  *rand.Zipf
}

// Generate makes up n posts for load tests, with comments, and imports them. It runs no hooks, because
// nothing of it comes from outside.
func Generate(ctx context.Context, db *model.DB, n int, done func(n, of int)) error {
	first, err := model.Query[Post](db).WithTrashed().Count(ctx)
	words, random := strings.Fields(vocabulary), rand.New(rand.NewPCG(1, uint64(first))) //nolint:gosec // no secrets.
	g := generator{random, words, rand.NewZipf(random, 1.05, 8, uint64(len(words)-1))}
	for made := 0; made < n && err == nil; made += postsAtOnce {
		articles := make([]article, min(postsAtOnce, n-made))
		for i := range articles {
			articles[i] = g.article(int(first)+made+i, max(10, n/100))
		}
		err = db.Transaction(hooks.Without(ctx), func(ctx context.Context, tx *model.DB) error {
			return g.write(ctx, tx, articles)
		})
		done(made+len(articles), n)
	}
	if err == nil {
		err = db.Gorm().WithContext(ctx).Exec("ANALYZE").Error // tells planners how much there is now
	}
	return err
}

// write writes articles, and a conversation below each.
func (g generator) write(ctx context.Context, tx *model.DB, articles []article) error {
	posts, err := write(ctx, tx, articles, func(int, int) {})
	if err != nil {
		return err
	}
	ids, comments := make([]any, len(posts)), make([]*Comment, commentsPerPost*len(posts))
	for i := range comments {
		post, author := posts[i%len(posts)], posts[g.IntN(len(posts))].AuthorID
		at := post.CreatedAt.Add(time.Duration(g.IntN(10_000)) * time.Minute)
		ids[i%len(posts)] = post.ID
		comments[i] = &Comment{PostID: post.ID, AuthorID: author, Body: g.text(5 + g.IntN(30)), CreatedAt: at}
	}
	half := len(comments) / 2
	if err := model.Insert(ctx, tx, comments[:half]); err != nil {
		return err
	}
	for i, reply := range comments[half:] {
		reply.ParentID = &comments[i].ID
	}
	if err := model.Insert(ctx, tx, comments[half:]); err != nil {
		return err
	}
	_, err = model.Query[counter](tx).Use(func(q *relation.Query) { q.WhereKey(ids...) }).Update(ctx, model.Attrs{"CommentsCount": commentsPerPost})
	return err
}

func (g generator) article(n, authors int) (a article) {
	author := g.skewed(authors)
	a.Author.Name, a.Author.Email = fmt.Sprint("Reader ", author), fmt.Sprintf("reader%d@example.net", author)
	a.Author.Country, a.Author.Bio = []string{"Brazil", "India", "Japan", "Kenya"}[author%4], g.text(20)
	a.Title, a.body = strings.TrimSuffix(g.text(3+g.IntN(5)), "."), g.text(100+g.IntN(200))
	a.Slug = fmt.Sprintf("%s-%d", Slug(a.Title), n)
	a.Date = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * 4 * time.Hour)
	for range 1 + g.IntN(4) {
		a.Tags = append(a.Tags, g.words[len(g.words)-topics+g.skewed(topics)])
	}
	return a
}

func (g generator) text(words int) string {
	list := make([]string, words)
	for i := range list {
		if list[i] = g.words[g.zipf.Uint64()]; i%60 == 59 {
			list[i] += ".\n\n"
		}
	}
	return strings.ToUpper(list[0][:1]) + strings.Join(list, " ")[1:] + "."
}

// skewed is a number below n, more often a small one.
func (g generator) skewed(n int) int {
	at := g.Float64()
	return int(at * at * float64(n))
}
