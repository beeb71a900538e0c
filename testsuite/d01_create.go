// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// relatedCreatePromises are about Create and Save of one related record.
func relatedCreatePromises() []promise {
	return []promise{
		{
			name: "D1/CreateSetsKey",
			says: "Create inserts a related record with the key of the parent, whatever key the record has, with one statement and hooks",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				ctx, j := wrJournaled(e.ctx)
				essay, card, note := &wrEssay{Title: "a", AuthorID: bob.ID}, &wrCard{Code: "c", AuthorID: 77}, &wrNote{Text: "n", Writer: new("bob")}
				e.sends(t, 1, func() { require.NoError(t, e.do("create", func() error { return ann.essays().Create(ctx, essay) })) })
				require.Equal(t, []string{"creating a", "saving a", "created a", "saved a"}, j.take())
				e.sends(t, 1, func() { require.NoError(t, ann.card().Create(ctx, card)) })
				e.sends(t, 1, func() { require.NoError(t, ann.notes().Create(ctx, note)) })
				require.Equal(t, ann.ID, essay.AuthorID)
				require.Equal(t, ann.ID, card.AuthorID)
				require.Equal(t, "ann", *note.Writer)
				for _, r := range []wrState{essay, card, note} {
					require.True(t, r.IsPersisted())
					require.True(t, model.IsLocal(r))
					require.Empty(t, r.Dirty())
				}
				require.NotZero(t, essay.ID)
				require.EqualValues(t, ann.ID, e.row(t, "SELECT author_id FROM wr_essays")["author_id"])
				require.EqualValues(t, ann.ID, e.row(t, "SELECT author_id FROM wr_cards")["author_id"])
				require.EqualValues(t, "ann", wrText(e.row(t, "SELECT writer FROM wr_notes")["writer"]))
			},
			twin: func(e *env) {
				e.op["create"] = func(run func() error) error {
					err := run()
					e.gorm.Exec("UPDATE wr_essays SET author_id = 2")
					return err
				}
			},
		},
		{
			name: "D1/CreateByName",
			says: "the dynamic client does the same by the lower camel or the Go name of the relation, with any as the record's type",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				essay, card := &wrEssay{Title: "a"}, &wrCard{Code: "c"}
				e.sends(t, 1, func() { require.NoError(t, ann.Related("essays").Create(e.ctx, essay)) })
				e.sends(t, 1, func() {
					require.NoError(t, e.do("create", func() error { return ann.Related("Card").Create(e.ctx, card) }))
				})
				require.Equal(t, ann.ID, essay.AuthorID)
				require.EqualValues(t, 1, e.count(t, "wr_cards"))
				essay.Words = 9
				e.sends(t, 1, func() { require.NoError(t, ann.Related("Essays").Save(e.ctx, essay)) })
				e.sends(t, 0, func() { require.NoError(t, ann.Related("essays").Save(e.ctx, essay), "it is clean") })
				require.EqualValues(t, 9, e.row(t, "SELECT words FROM wr_essays")["words"])
			},
			twin: without("create"),
		},
		{
			name: "D1/SaveMoves",
			says: "Save of a related record that has a row updates what differs, the key included, and Save of a new one inserts it",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				essay := &wrEssay{Title: "a"}
				e.sends(t, 1, func() { require.NoError(t, ann.essays().Save(e.ctx, essay)) })
				ctx, j := wrJournaled(e.ctx)
				sent := e.sends(t, 1, func() { require.NoError(t, bob.essays().Save(ctx, essay)) })
				require.NotContains(t, sent[0], "title")
				require.Equal(t, []string{"updating a", "saving a", "updated a", "saved a"}, j.take())
				require.Equal(t, bob.ID, essay.AuthorID)
				require.EqualValues(t, bob.ID, e.row(t, "SELECT author_id FROM wr_essays")["author_id"])
				require.EqualValues(t, 1, e.count(t, "wr_essays"))
				essay.Words = 5
				e.sends(t, 1, func() { require.NoError(t, bob.essays().Save(e.ctx, essay)) })
				require.Equal(t, model.Attrs{"Words": 5}, essay.Changes())
			},
			twin: losingUpdates("author_id"),
		},
		{
			name: "D1/SecondOfOne",
			says: "a second Create or Save through hasOne leaves the first row alone: both rows have the key",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				require.NoError(t, ann.card().Save(e.ctx, &wrCard{Code: "a"}))
				require.NoError(t, ann.card().Create(e.ctx, &wrCard{Code: "b"}))
				require.NoError(t, e.do("again", func() error { return ann.card().Save(e.ctx, &wrCard{Code: "c"}) }))
				require.Len(t, e.rows(t, "SELECT id FROM wr_cards WHERE author_id = 1"), 3)
				require.NoError(t, ann.Load(e.ctx, "card"))
				require.NotNil(t, ann.Card)
			},
			twin: func(e *env) {
				e.op["again"] = func(run func() error) error {
					e.gorm.Exec("DELETE FROM wr_cards")
					return run()
				}
			},
		},
		{
			name: "D1/NewParentFirst",
			says: "Create and Save through a relation of a new record insert that first, in the same transaction",
			check: func(t testing.TB, e *env) {
				wrSeed(t, e)
				ctx, j := wrJournaled(model.WithDB(e.ctx, e.db))
				for name, create := range map[string]func(a *wrAuthor) error{
					"essay": func(a *wrAuthor) error { return a.essays().Create(ctx, &wrEssay{Title: "of " + a.Name}) },
					"card":  func(a *wrAuthor) error { return a.card().Save(ctx, &wrCard{Code: "of " + a.Name}) },
				} {
					author := &wrAuthor{Name: name}
					sent := e.sends(t, 2, func() { require.NoError(t, create(author)) })
					require.Contains(t, sent[0], "wr_authors")
					require.True(t, author.IsPersisted())
					require.Equal(t, []string{
						"creating " + name, "saving " + name, "created " + name, "saved " + name,
						"creating of " + name, "saving of " + name, "created of " + name, "saved of " + name,
					}, j.take())
				}
				author, topic := &wrAuthor{Name: "topic"}, &wrTopic{Name: "new"}
				e.sends(t, 3, func() { require.NoError(t, author.topics().Create(ctx, topic)) })
				require.Equal(t, []string{wrText(topic.ID)}, wrPivots(t, e, author.ID))
				rows := e.rows(t, "SELECT w.title, a.name FROM wr_essays w JOIN wr_authors a ON a.id = w.author_id")
				require.Len(t, rows, 1)
				require.EqualValues(t, "essay", see(e, "name", wrText(rows[0]["name"])))
			},
			twin: func(e *env) { e.seen["name"] = func(any) any { return "nobody" } },
		},
		{
			name: "D1/ParentStaysDirty",
			says: "pending changes of a saved parent stay pending when related records are written",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				ann.Bio = "pending"
				require.NoError(t, ann.essays().Create(e.ctx, &wrEssay{Title: "a"}))
				require.NoError(t, ann.card().Save(e.ctx, &wrCard{Code: "a"}))
				require.NoError(t, ann.topics().Create(e.ctx, &wrTopic{Name: "new"}))
				require.NoError(t, ann.topics().Attach(e.ctx, 1))
				_, err := ann.topics().Sync(e.ctx, 1, 2)
				require.NoError(t, err)
				_, err = ann.essays().FirstOrCreate(e.ctx, model.Attrs{"title": "b"}, nil)
				require.NoError(t, err)
				require.NoError(t, e.do("save", func() error { return nil }))
				require.Equal(t, model.Attrs{"Bio": "pending"}, ann.Dirty())
				require.EqualValues(t, "", wrText(e.row(t, "SELECT bio FROM wr_authors WHERE id = 1")["bio"]))
			},
			twin: func(e *env) {
				e.op["save"] = func(func() error) error {
					return e.gorm.Exec("UPDATE wr_authors SET bio = 'pending'").Error
				}
			},
		},
		{
			name: "D1/LoadedListsStay",
			says: "writes through a relation do not change what is loaded of it",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				require.NoError(t, ann.essays().Create(e.ctx, &wrEssay{Title: "a"}))
				require.NoError(t, ann.topics().Attach(e.ctx, 1))
				require.NoError(t, ann.Load(e.ctx, "essays"))
				require.NoError(t, ann.Load(e.ctx, "topics"))
				require.NoError(t, ann.Load(e.ctx, "card"))
				require.NoError(t, ann.essays().Create(e.ctx, &wrEssay{Title: "b"}))
				require.NoError(t, ann.card().Create(e.ctx, &wrCard{Code: "b"}))
				require.NoError(t, ann.topics().Create(e.ctx, &wrTopic{Name: "b"}))
				_, err := ann.topics().Sync(e.ctx, 2, 3)
				require.NoError(t, err)
				require.Len(t, ann.Essays, 1)
				require.Equal(t, []int64{1}, see(e, "topics", wrIDs(ann.Topics)))
				require.Nil(t, ann.Card)
				require.True(t, ann.Related("card").Loaded())
				e.sends(t, 4, func() { require.NoError(t, ann.Refresh(e.ctx)) })
				require.Len(t, ann.Essays, 2)
				require.Equal(t, []int64{2, 3}, wrIDs(ann.Topics))
				require.Equal(t, "b", ann.Card.Code)
			},
			twin: func(e *env) { e.seen["topics"] = func(any) any { return []int64{2, 3} } },
		},
		{
			name: "D1/ManyToManyCreate",
			says: "Create through manyToMany inserts the record and a pivot row with attributes and times, and the record carries it in Extras",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				topic := &wrTopic{Name: "new"}
				sent := e.sends(t, 2, func() {
					require.NoError(t, e.do("create", func() error { return ann.topics().Create(e.ctx, topic, model.Attrs{"level": "high"}) }))
				})
				require.Contains(t, sent[0], "wr_topics")
				require.Equal(t, []string{wrText(topic.ID) + ":high"}, wrPivots(t, e, ann.ID))
				x := topic.Extras()
				require.Equal(t, ann.ID, x["pivot_author_id"])
				require.Equal(t, topic.ID, x["pivot_topic_id"])
				require.Equal(t, "high", x.String("pivot_level"))
				require.Nil(t, x["pivot_note"])
				require.True(t, e.clock.now.Equal(as[time.Time](t, x["pivot_created_at"])))
				loaded := wrTopicsOf(t, e, ann)
				require.Len(t, loaded, 1)
				for name, v := range loaded[0].Extras() {
					require.Equal(t, wrText(v), wrText(x[name]), name)
				}
			},
			twin: wrBends("INSERT INTO `wr_author_topics`", "?", "1+?"),
		},
	}
}
