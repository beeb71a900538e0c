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
)

const (
	postsAtOnce     = 500 // in a transaction
	commentsPerPost = 10  // of which half are replies
)

// vocabulary is a list of words, the frequent ones first.
//
//go:embed words.txt
var vocabulary string

const topics = `bees books bread bicycles coffee compost databases design ferries fiction forests gardening go history
kitchens letters libraries markets mathematics mountains music operations orchards photography physics poetry rivers
rust schools sqlite tea testing trains villages weather winter writing`

// generator makes up texts. As in life, a few words, authors and tags are most of what there is.
type generator struct {
	*rand.Rand

	words, topics []string
	zipf          *rand.Zipf
	made, authors int
}

// Generate makes up n posts for load tests, with comments, and imports them. It runs no hooks, because
// nothing of it comes from outside.
func Generate(ctx context.Context, db *model.DB, n int, done func(n, of int)) error {
	first, err := model.Query[Post](db).WithTrashed().Count(ctx)
	random := rand.New(rand.NewPCG(1, uint64(first))) //nolint:gosec // texts, not secrets.
	words := strings.Fields(vocabulary)
	g := &generator{
		Rand: random, words: words, topics: strings.Fields(topics),
		zipf: rand.NewZipf(random, 1.05, 8, uint64(len(words)-1)), made: int(first), authors: max(10, n/100),
	}
	for i := 0; i < n && err == nil; i += postsAtOnce {
		size := min(postsAtOnce, n-i)
		err = db.Transaction(hooks.Without(ctx), func(ctx context.Context, tx *model.DB) error { return g.batch(ctx, tx, size) })
		if err == nil {
			done(i+size, n)
		}
	}
	if err == nil {
		err = db.Gorm().WithContext(ctx).Exec("ANALYZE").Error // tells planners how much there is now
	}
	return err
}

func (g *generator) batch(ctx context.Context, tx *model.DB, size int) error {
	articles := make([]article, size)
	for i := range articles {
		articles[i] = g.article()
	}
	posts, err := write(ctx, tx, articles, func(int, int) {})
	if err != nil {
		return err
	}
	var ids []any
	var roots, replies []*Comment
	for _, post := range posts {
		ids = append(ids, post.ID)
		for range commentsPerPost / 2 {
			roots = append(roots, g.comment(posts, post))
			replies = append(replies, g.comment(posts, post))
		}
	}
	if err := model.Insert(ctx, tx, roots); err != nil {
		return err
	}
	for i, reply := range replies {
		reply.ParentID = &roots[i].ID
	}
	if err := model.Insert(ctx, tx, replies); err != nil {
		return err
	}
	_, err = model.Query[counter](tx).WhereKey(ids...).Update(ctx, model.Attrs{"CommentsCount": commentsPerPost})
	return err
}

func (g *generator) article() (a article) {
	author := g.skewed(g.authors)
	a.Author.Name, a.Author.Email = fmt.Sprint("Reader ", author), fmt.Sprintf("reader%d@example.net", author)
	a.Author.Country = []string{"Brazil", "Canada", "India", "Japan", "Kenya", "Nigeria", "Portugal", "Sweden"}[author%8]
	a.Author.Bio = g.text(20)
	a.Title, a.body = strings.TrimSuffix(g.text(3+g.IntN(5)), "."), g.text(100+g.IntN(200))
	a.Slug = fmt.Sprintf("%s-%d", Slug(a.Title), g.made)
	a.Date = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(g.made) * 4 * time.Hour)
	for range 1 + g.IntN(4) {
		a.Tags = append(a.Tags, g.topics[g.skewed(len(g.topics))])
	}
	g.made++
	return a
}

// comment is what the author of another post says about a post.
func (g *generator) comment(posts []*Post, about *Post) *Comment {
	at := about.CreatedAt.Add(time.Duration(g.IntN(10_000)) * time.Minute)
	return &Comment{PostID: about.ID, AuthorID: posts[g.IntN(len(posts))].AuthorID, Body: g.text(5 + g.IntN(30)), CreatedAt: at}
}

func (g *generator) text(words int) string {
	list := make([]string, words)
	for i := range list {
		if list[i] = g.words[g.zipf.Uint64()]; i%60 == 59 {
			list[i] += ".\n\n"
		}
	}
	return strings.ToUpper(list[0][:1]) + strings.Join(list, " ")[1:] + "."
}

// skewed is a number below n, more often a small one.
func (g *generator) skewed(n int) int {
	at := g.Float64()
	return int(at * at * float64(n))
}
