// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// The models of the promises about writing relations: houses publish authors, who write essays about
// topics.

// wrHouse is on the far side of belongsTo.
type wrHouse struct {
	model.BaseModel[wrHouse]

	ID      int64
	Name    string      `gorm:"uniqueIndex;size:80"`
	Authors []*wrAuthor `relation:"hasMany;foreignKey:HouseID"`
	Essays  []*wrEssay  `relation:"hasManyThrough;through:Authors;via:Essays"`
	Latest  *wrEssay    `relation:"hasOneThrough;through:Authors;via:Essays"`
}

// wrAuthor has every kind of relation.
type wrAuthor struct {
	model.BaseModel[wrAuthor]

	ID      int64
	Name    string `gorm:"uniqueIndex;size:80"`
	Bio     string
	HouseID *int64
	House   *wrHouse   `relation:"belongsTo"`
	Card    *wrCard    `relation:"hasOne;foreignKey:AuthorID"`
	Essays  []*wrEssay `relation:"hasMany;foreignKey:AuthorID;onDelete:CASCADE"`
	Notes   []*wrNote  `relation:"hasMany;localKey:Name;foreignKey:Writer"`
	Topics  []*wrTopic `relation:"manyToMany;pivotTable:wr_author_topics;pivotForeignKey:author_id;pivotRelatedForeignKey:topic_id;pivotColumns:level,note;pivotTimestamps"`
	Tags    []*wrTopic `relation:"manyToMany;pivotTable:wr_author_tags;pivotForeignKey:author_id;pivotRelatedForeignKey:topic_id;duplicates;pivotColumns:level"`
}

// wrCard is the one of an author.
type wrCard struct {
	model.BaseModel[wrCard]

	ID       int64
	AuthorID int64
	Code     string `gorm:"uniqueIndex;size:80"`
}

// wrEssay is one of an author's many.
type wrEssay struct {
	model.BaseModel[wrEssay]

	ID       int64
	AuthorID int64
	Title    string `gorm:"uniqueIndex;size:80"`
	Words    int
	Author   *wrAuthor `relation:"belongsTo"`
}

// wrNote points to the name of an author.
type wrNote struct {
	model.BaseModel[wrNote]

	ID     int64
	Writer *string
	Text   string
}

// wrTopic is on the far side of manyToMany.
type wrTopic struct {
	model.BaseModel[wrTopic]

	ID      int64
	Name    string      `gorm:"uniqueIndex;size:80"`
	Authors []*wrAuthor `relation:"manyToMany;pivotTable:wr_author_topics;pivotForeignKey:topic_id;pivotRelatedForeignKey:author_id;pivotColumns:level,note;pivotTimestamps"`
}

// wrJournal is what the hooks write to, and which of them fails.
type wrJournal struct {
	events []string
	fail   string
}

type wrJournalKey struct{}

var errWrHook = errors.New("a hook says no")

// journaled returns a context in which the hooks write to a journal.
func wrJournaled(ctx context.Context) (context.Context, *wrJournal) {
	j := &wrJournal{}
	return context.WithValue(ctx, wrJournalKey{}, j), j
}

// take returns the events so far and forgets them.
func (j *wrJournal) take() []string {
	events := append([]string{}, j.events...)
	j.events = nil
	return events
}

func wrHappened(ctx context.Context, moment hooks.Moment, what string) error {
	j, ok := ctx.Value(wrJournalKey{}).(*wrJournal)
	if !ok {
		return nil
	}
	event := string(moment) + " " + what
	j.events = append(j.events, event)
	if j.fail == event {
		return errWrHook
	}
	return nil
}

// wrMoments are the moments of writes.
func wrMoments() []hooks.Moment {
	return []hooks.Moment{
		hooks.Creating, hooks.Created, hooks.Updating, hooks.Updated, hooks.Saving, hooks.Saved, hooks.Deleting, hooks.Deleted,
	}
}

// wrNoted has all writes of a model noted.
func wrNoted[T any, P model.Model[T]](d *model.Definition[T], what func(P) string) {
	for _, moment := range wrMoments() {
		d.On(moment, func(ctx context.Context, rec *T) error { return wrHappened(ctx, moment, what(rec)) })
	}
}

// Define is read by Register.
func (*wrHouse) Define(d *model.Definition[wrHouse]) {
	wrNoted(d, func(h *wrHouse) string { return h.Name })
}

// Define is read by Register.
func (*wrAuthor) Define(d *model.Definition[wrAuthor]) {
	wrNoted(d, func(a *wrAuthor) string { return a.Name })
}

// Define is read by Register.
func (*wrCard) Define(d *model.Definition[wrCard]) {
	wrNoted(d, func(c *wrCard) string { return c.Code })
}

// Define is read by Register.
func (*wrEssay) Define(d *model.Definition[wrEssay]) {
	wrNoted(d, func(w *wrEssay) string { return w.Title })
}

// Define is read by Register.
func (*wrTopic) Define(d *model.Definition[wrTopic]) {
	wrNoted(d, func(w *wrTopic) string { return w.Name })
}

// wrSeed makes the tables, two authors with the keys 1 and 2, and the topics 1 to 5.
func wrSeed(t testing.TB, e *env) (ann, bob *wrAuthor) {
	t.Helper()
	e.migrate(t, &wrHouse{}, &wrAuthor{}, &wrCard{}, &wrEssay{}, &wrNote{}, &wrTopic{})
	ann, bob = &wrAuthor{Name: "ann"}, &wrAuthor{Name: "bob"}
	require.NoError(t, model.CreateMany(e.ctx, e.db, []*wrAuthor{ann, bob}))
	topics := []*wrTopic{{Name: "art"}, {Name: "bees"}, {Name: "cars"}, {Name: "dogs"}, {Name: "eels"}}
	require.NoError(t, model.Insert(e.ctx, e.db, topics))
	e.sent.Reset()
	return ann, bob
}

// wrState is what can be seen of a record.
type wrState interface {
	IsNew() bool
	IsPersisted() bool
	IsDeleted() bool
	Attributes() model.Attrs
	Dirty() model.Attrs
	Original() model.Attrs
	Changes() model.Attrs
	Extras() model.Extras
	Related(name string) *relation.Client
}

// wrPicture returns what can be seen of records, to be compared later.
func wrPicture(list ...wrState) []any {
	out := make([]any, 0, 8*len(list))
	for _, r := range list {
		extras := map[string]any{}
		maps.Copy(extras, r.Extras())
		out = append(out, r.IsNew(), r.IsPersisted(), model.IsLocal(r), r.IsDeleted(), r.Attributes(), r.Dirty(), r.Original(), r.Changes(), extras)
		for _, name := range []string{"house", "card", "essays", "topics", "author", "authors"} {
			out = append(out, r.Related(name).Loaded())
		}
	}
	return out
}

// wrCounts are the numbers of rows of all tables.
func wrCounts(t testing.TB, e *env) map[string]int64 {
	t.Helper()
	var parts []string
	for _, table := range []string{
		"wr_houses", "wr_authors", "wr_cards", "wr_essays", "wr_notes", "wr_topics", "wr_author_topics", "wr_author_tags",
	} {
		parts = append(parts, "SELECT '"+table+"' AS name, count(*) AS n FROM "+table)
	}
	var list []struct {
		Name string
		N    int64
	}
	require.NoError(t, e.gorm.WithContext(e.ctx).Raw(strings.Join(parts, " UNION ALL ")).Scan(&list).Error)
	out := map[string]int64{}
	for _, row := range list {
		out[row.Name] = row.N
	}
	return out
}

// wrSends is sends without the SELECT that locks the record's row on databases that lock rows.
func wrSends(t testing.TB, e *env, want int, run func()) []string {
	t.Helper()
	e.sent.Reset()
	run()
	var got []string
	for _, sql := range e.sent.Statements() {
		if !strings.Contains(sql, " FOR NO KEY UPDATE") {
			got = append(got, sql)
		}
	}
	require.Len(t, got, want, "statements sent:\n%s", strings.Join(got, "\n"))
	return got
}

// wrWords are the first words of statements.
func wrWords(statements []string) []string {
	out := make([]string, len(statements))
	for i, sql := range statements {
		out[i], _, _ = strings.Cut(sql, " ")
	}
	return out
}

// wrPivots are the pivot rows of an author in wr_author_topics, as "topic:level".
func wrPivots(t testing.TB, e *env, author int64) []string {
	t.Helper()
	return wrPivotsOf(t, e, "SELECT topic_id, level FROM wr_author_topics WHERE author_id = ? ORDER BY topic_id", author)
}

// wrTagged are the pivot rows of an author in wr_author_tags.
func wrTagged(t testing.TB, e *env, author int64) []string {
	t.Helper()
	return wrPivotsOf(t, e, "SELECT topic_id, level FROM wr_author_tags WHERE author_id = ? ORDER BY topic_id, level", author)
}

func wrPivotsOf(t testing.TB, e *env, sql string, author int64) []string {
	t.Helper()
	out := []string{}
	for _, row := range e.rows(t, sql, author) {
		text := wrText(row["topic_id"])
		if row["level"] != nil {
			text += ":" + wrText(row["level"])
		}
		out = append(out, text)
	}
	return out
}

// wrTopicsOf loads the topics of an author with what their pivot rows hold.
func wrTopicsOf(t testing.TB, e *env, a *wrAuthor) []*wrTopic {
	t.Helper()
	list, err := a.topics().Query().OrderBy("id").All(e.ctx)
	require.NoError(t, err)
	return list
}

// wrLater sets the clock on.
func wrLater(e *env) time.Time {
	e.clock.add(time.Hour)
	return e.clock.now
}
