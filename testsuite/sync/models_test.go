// SPDX-License-Identifier: MIT

package sync_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// bandMade and bandChanged are the timestamps of the first pivot row.
var (
	bandMade    = time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC)
	bandChanged = time.Date(2026, 2, 1, 10, 0, 0, 0, time.UTC)
)

// Models with a pivot model, whose pivot rows may be soft deleted.
type (
	Band struct {
		model.BaseModel[Band]

		ID      int64
		Name    string
		Artists []*Artist `relation:"manyToMany;as:membership"`
		Guests  []*Artist `relation:"manyToMany"`
	}
	Artist struct {
		model.BaseModel[Artist]

		ID    int64
		Name  string
		Bands []*Band `relation:"manyToMany"`
	}
	BandMember struct {
		model.BaseModel[BandMember]

		ID        int64
		BandID    int64
		ArtistID  int64
		Part      string `gorm:"column:instrument"`
		Fee       float64
		Since     time.Time
		DeletedAt gorm.DeletedAt
	}
)

// Define sets the pivot model.
func (k *Band) Define(d *model.Definition[Band]) {
	d.Relation(&k.Artists).Using(&BandMember{}).OrderByPivot("fee")
	d.Relation(&k.Guests).Using(&BandMember{}).As("visit").WherePivot("instrument", "guest")
}

// Define sets the pivot model.
func (k *Artist) Define(d *model.Definition[Artist]) {
	d.Relation(&k.Bands).Using(&BandMember{})
}

func (a *Author) topics() *relation.ManyToManyClient[*Topic] {
	return relation.ManyToMany(a, &a.Topics)
}

func (a *Author) tags() *relation.ManyToManyClient[*Topic] {
	return relation.ManyToMany(a, &a.Tags)
}

// iDs are the keys of topics.
func iDs(list []*Topic) []int64 {
	out := make([]int64, len(list))
	for i, topic := range list {
		out[i] = topic.ID
	}
	return out
}

// topicAt loads a topic.
func topicAt(t testing.TB, e *harness.Env, id int64) *Topic {
	t.Helper()
	topic, err := model.Query[Topic](e.DB).Find(e.Ctx, id)
	require.NoError(t, err)
	return topic
}

// House is on the far side of belongsTo.
type House struct {
	model.BaseModel[House]

	ID      int64
	Name    string    `gorm:"uniqueIndex;size:80"`
	Authors []*Author `relation:"hasMany;foreignKey:HouseID"`
	Essays  []*Essay  `relation:"hasManyThrough;through:Authors;via:Essays"`
	Latest  *Essay    `relation:"hasOneThrough;through:Authors;via:Essays"`
}

// Author has every kind of relation.
type Author struct {
	model.BaseModel[Author]

	ID      int64
	Name    string `gorm:"uniqueIndex;size:80"`
	Bio     string
	HouseID *int64
	House   *House   `relation:"belongsTo"`
	Card    *Card    `relation:"hasOne;foreignKey:AuthorID"`
	Essays  []*Essay `relation:"hasMany;foreignKey:AuthorID;onDelete:CASCADE"`
	Notes   []*Note  `relation:"hasMany;localKey:Name;foreignKey:Writer"`
	Topics  []*Topic `relation:"manyToMany;pivotTable:author_topics;pivotForeignKey:author_id;pivotRelatedForeignKey:topic_id;pivotColumns:level,note;pivotTimestamps"`
	Tags    []*Topic `relation:"manyToMany;pivotTable:author_tags;pivotForeignKey:author_id;pivotRelatedForeignKey:topic_id;duplicates;pivotColumns:level"`
}

// Card is the one of an author.
type Card struct {
	model.BaseModel[Card]

	ID       int64
	AuthorID int64
	Code     string `gorm:"uniqueIndex;size:80"`
}

// Essay is one of an author's many.
type Essay struct {
	model.BaseModel[Essay]

	ID       int64
	AuthorID int64
	Title    string `gorm:"uniqueIndex;size:80"`
	Words    int
	Author   *Author `relation:"belongsTo"`
}

// Note points to the name of an author.
type Note struct {
	model.BaseModel[Note]

	ID     int64
	Writer *string
	Text   string
}

// Topic is on the far side of manyToMany.
type Topic struct {
	model.BaseModel[Topic]

	ID      int64
	Name    string    `gorm:"uniqueIndex;size:80"`
	Authors []*Author `relation:"manyToMany;pivotTable:author_topics;pivotForeignKey:topic_id;pivotRelatedForeignKey:author_id;pivotColumns:level,note;pivotTimestamps"`
}

// journal is what the hooks write to, and which of them fails.
type journal struct {
	events []string
	fail   string
}

type journalKey struct{}

var errHook = errors.New("a hook says no")

// journaled returns a context in which the hooks write to a journal.
func journaled(ctx context.Context) (context.Context, *journal) {
	j := &journal{}
	return context.WithValue(ctx, journalKey{}, j), j
}

// take returns the events so far and forgets them.
func (j *journal) take() []string {
	events := append([]string{}, j.events...)
	j.events = nil
	return events
}

func happened(ctx context.Context, moment hooks.Moment, what string) error {
	j, ok := ctx.Value(journalKey{}).(*journal)
	if !ok {
		return nil
	}
	event := string(moment) + " " + what
	j.events = append(j.events, event)
	if j.fail == event {
		return errHook
	}
	return nil
}

// writeMoments are the moments of writes.
func writeMoments() []hooks.Moment {
	return []hooks.Moment{
		hooks.Creating, hooks.Created, hooks.Updating, hooks.Updated, hooks.Saving, hooks.Saved, hooks.Deleting, hooks.Deleted,
	}
}

// noted has all writes of a model noted.
func noted[T any, P model.Model[T]](d *model.Definition[T], what func(P) string) {
	for _, moment := range writeMoments() {
		d.On(moment, func(ctx context.Context, rec *T) error { return happened(ctx, moment, what(rec)) })
	}
}

// Define is read by Register.
func (*House) Define(d *model.Definition[House]) {
	noted(d, func(h *House) string { return h.Name })
}

// Define is read by Register.
func (*Author) Define(d *model.Definition[Author]) {
	noted(d, func(a *Author) string { return a.Name })
}

// Define is read by Register.
func (*Card) Define(d *model.Definition[Card]) {
	noted(d, func(c *Card) string { return c.Code })
}

// Define is read by Register.
func (*Essay) Define(d *model.Definition[Essay]) {
	noted(d, func(w *Essay) string { return w.Title })
}

// Define is read by Register.
func (*Topic) Define(d *model.Definition[Topic]) {
	noted(d, func(w *Topic) string { return w.Name })
}

// seed makes the tables, two authors with the keys 1 and 2, and the topics 1 to 5.
func seed(t testing.TB, e *harness.Env) (ann, bob *Author) {
	t.Helper()
	e.Migrate(t, &House{}, &Author{}, &Card{}, &Essay{}, &Note{}, &Topic{})
	ann, bob = &Author{Name: "ann"}, &Author{Name: "bob"}
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Author{ann, bob}))
	topics := []*Topic{{Name: "art"}, {Name: "bees"}, {Name: "cars"}, {Name: "dogs"}, {Name: "eels"}}
	require.NoError(t, model.Insert(e.Ctx, e.DB, topics))
	e.Sent.Reset()
	return ann, bob
}

// words are the first words of statements.
func words(statements []string) []string {
	out := make([]string, len(statements))
	for i, sql := range statements {
		out[i], _, _ = strings.Cut(sql, " ")
	}
	return out
}

// pivots are the pivot rows of an author in author_topics, as "topic:level".
func pivots(t testing.TB, e *harness.Env, author int64) []string {
	t.Helper()
	return pivotsOf(t, e, "SELECT topic_id, level FROM author_topics WHERE author_id = ? ORDER BY topic_id", author)
}

// tagged are the pivot rows of an author in author_tags.
func tagged(t testing.TB, e *harness.Env, author int64) []string {
	t.Helper()
	return pivotsOf(t, e, "SELECT topic_id, level FROM author_tags WHERE author_id = ? ORDER BY topic_id, level", author)
}

func pivotsOf(t testing.TB, e *harness.Env, sql string, author int64) []string {
	t.Helper()
	out := []string{}
	for _, row := range e.Rows(t, sql, author) {
		text := harness.Text(row["topic_id"])
		if row["level"] != nil {
			text += ":" + harness.Text(row["level"])
		}
		out = append(out, text)
	}
	return out
}

// topicsOf loads the topics of an author with what their pivot rows hold.
func topicsOf(t testing.TB, e *harness.Env, a *Author) []*Topic {
	t.Helper()
	list, err := a.topics().Query().OrderBy("id").All(e.Ctx)
	require.NoError(t, err)
	return list
}

// anHourLater sets the clock on.
func anHourLater(e *harness.Env) time.Time {
	e.Clock.Add(time.Hour)
	return e.Clock.Now()
}
