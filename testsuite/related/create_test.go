// SPDX-License-Identifier: MIT

package related_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Create inserts a related record with the key of the parent, whatever key the record has, with one
// statement and hooks.
func TestCreateSetsTheParentsKey(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		ctx, j := journaled(e.Ctx)
		essay, card, note := &Essay{Title: "a", AuthorID: bob.ID}, &Card{Code: "c", AuthorID: 77}, &Note{Text: "n", Writer: new("bob")}
		e.Sends(t, 1, func() { require.NoError(t, ann.essays().Create(ctx, essay)) })
		require.Equal(t, []string{"creating a", "saving a", "created a", "saved a"}, j.take())
		e.Sends(t, 1, func() { require.NoError(t, ann.card().Create(ctx, card)) })
		e.Sends(t, 1, func() { require.NoError(t, ann.notes().Create(ctx, note)) })
		require.Equal(t, ann.ID, essay.AuthorID)
		require.Equal(t, ann.ID, card.AuthorID)
		require.Equal(t, "ann", *note.Writer)
		for _, r := range []state{essay, card, note} {
			require.True(t, r.IsPersisted())
			require.True(t, model.IsLocal(r))
			require.Empty(t, r.Dirty())
		}
		require.NotZero(t, essay.ID)
		require.EqualValues(t, ann.ID, e.Row(t, "SELECT author_id FROM essays")["author_id"])
		require.EqualValues(t, ann.ID, e.Row(t, "SELECT author_id FROM cards")["author_id"])
		require.EqualValues(t, "ann", harness.Text(e.Row(t, "SELECT writer FROM notes")["writer"]))
	})
}

// The dynamic client does the same by the lower camel or the Go name of the relation, with any as the
// record's type.
func TestCreateByNameDoesTheSame(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		essay, card := &Essay{Title: "a"}, &Card{Code: "c"}
		e.Sends(t, 1, func() { require.NoError(t, ann.Related("essays").Create(e.Ctx, essay)) })
		e.Sends(t, 1, func() {
			require.NoError(t, ann.Related("Card").Create(e.Ctx, card))
		})
		require.Equal(t, ann.ID, essay.AuthorID)
		require.EqualValues(t, 1, e.Count(t, "cards"))
		essay.Words = 9
		e.Sends(t, 1, func() { require.NoError(t, ann.Related("Essays").Save(e.Ctx, essay)) })
		e.Sends(t, 0, func() { require.NoError(t, ann.Related("essays").Save(e.Ctx, essay), "it is clean") })
		require.EqualValues(t, 9, e.Row(t, "SELECT words FROM essays")["words"])
	})
}

// Save of a related record that has a row updates what differs, the key included, and Save of a new one
// inserts it.
func TestSaveMovesARecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		essay := &Essay{Title: "a"}
		e.Sends(t, 1, func() { require.NoError(t, ann.essays().Save(e.Ctx, essay)) })
		ctx, j := journaled(e.Ctx)
		sent := e.Sends(t, 1, func() { require.NoError(t, bob.essays().Save(ctx, essay)) })
		require.NotContains(t, sent[0], "title")
		require.Equal(t, []string{"updating a", "saving a", "updated a", "saved a"}, j.take())
		require.Equal(t, bob.ID, essay.AuthorID)
		require.EqualValues(t, bob.ID, e.Row(t, "SELECT author_id FROM essays")["author_id"])
		require.EqualValues(t, 1, e.Count(t, "essays"))
		essay.Words = 5
		e.Sends(t, 1, func() { require.NoError(t, bob.essays().Save(e.Ctx, essay)) })
		require.Equal(t, model.Attrs{"Words": 5}, essay.Changes())
	})
}

// A second Create or Save through hasOne leaves the first row alone: both rows have the key.
func TestSecondOfHasOneLeavesTheFirst(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		require.NoError(t, ann.card().Save(e.Ctx, &Card{Code: "a"}))
		require.NoError(t, ann.card().Create(e.Ctx, &Card{Code: "b"}))
		require.NoError(t, ann.card().Save(e.Ctx, &Card{Code: "c"}))
		require.Len(t, e.Rows(t, "SELECT id FROM cards WHERE author_id = 1"), 3)
		require.NoError(t, ann.Load(e.Ctx, "card"))
		require.NotNil(t, ann.Card)
	})
}

// Create and Save through a relation of a new record insert that first, in the same transaction.
func TestNewParentIsInsertedFirst(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		ctx, j := journaled(model.WithDB(e.Ctx, e.DB))
		for name, create := range map[string]func(a *Author) error{
			"essay": func(a *Author) error { return a.essays().Create(ctx, &Essay{Title: "of " + a.Name}) },
			"card":  func(a *Author) error { return a.card().Save(ctx, &Card{Code: "of " + a.Name}) },
		} {
			author := &Author{Name: name}
			sent := e.Sends(t, 2, func() { require.NoError(t, create(author)) })
			require.Contains(t, sent[0], "authors")
			require.True(t, author.IsPersisted())
			require.Equal(t, []string{
				"creating " + name, "saving " + name, "created " + name, "saved " + name,
				"creating of " + name, "saving of " + name, "created of " + name, "saved of " + name,
			}, j.take())
		}
		author, topic := &Author{Name: "topic"}, &Topic{Name: "new"}
		e.Sends(t, 3, func() { require.NoError(t, author.topics().Create(ctx, topic)) })
		require.Equal(t, []string{harness.Text(topic.ID)}, pivots(t, e, author.ID))
		rows := e.Rows(t, "SELECT w.title, a.name FROM essays w JOIN authors a ON a.id = w.author_id")
		require.Len(t, rows, 1)
		require.EqualValues(t, "essay", harness.Text(rows[0]["name"]))
	})
}

// Pending changes of a saved parent stay pending when related records are written.
func TestParentStaysDirty(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		ann.Bio = "pending"
		require.NoError(t, ann.essays().Create(e.Ctx, &Essay{Title: "a"}))
		require.NoError(t, ann.card().Save(e.Ctx, &Card{Code: "a"}))
		require.NoError(t, ann.topics().Create(e.Ctx, &Topic{Name: "new"}))
		require.NoError(t, ann.topics().Attach(e.Ctx, 1))
		_, err := ann.topics().Sync(e.Ctx, 1, 2)
		require.NoError(t, err)
		_, err = ann.essays().FirstOrCreate(e.Ctx, model.Attrs{"title": "b"}, nil)
		require.NoError(t, err)
		require.NoError(t, nil)
		require.Equal(t, model.Attrs{"Bio": "pending"}, ann.Dirty())
		require.EqualValues(t, "", harness.Text(e.Row(t, "SELECT bio FROM authors WHERE id = 1")["bio"]))
	})
}

// Writes through a relation do not change what is loaded of it.
func TestWritesLeaveLoadedListsAlone(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		require.NoError(t, ann.essays().Create(e.Ctx, &Essay{Title: "a"}))
		require.NoError(t, ann.topics().Attach(e.Ctx, 1))
		require.NoError(t, ann.Load(e.Ctx, "essays"))
		require.NoError(t, ann.Load(e.Ctx, "topics"))
		require.NoError(t, ann.Load(e.Ctx, "card"))
		require.NoError(t, ann.essays().Create(e.Ctx, &Essay{Title: "b"}))
		require.NoError(t, ann.card().Create(e.Ctx, &Card{Code: "b"}))
		require.NoError(t, ann.topics().Create(e.Ctx, &Topic{Name: "b"}))
		_, err := ann.topics().Sync(e.Ctx, 2, 3)
		require.NoError(t, err)
		require.Len(t, ann.Essays, 1)
		require.Equal(t, []int64{1}, iDs(ann.Topics))
		require.Nil(t, ann.Card)
		require.True(t, ann.Related("card").Loaded())
		e.Sends(t, 4, func() { require.NoError(t, ann.Refresh(e.Ctx)) })
		require.Len(t, ann.Essays, 2)
		require.Equal(t, []int64{2, 3}, iDs(ann.Topics))
		require.Equal(t, "b", ann.Card.Code)
	})
}

// Create through manyToMany inserts the record and a pivot row with attributes and times, and the record
// carries it in Extras.
func TestCreateThroughManyToManyAttaches(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		topic := &Topic{Name: "new"}
		sent := e.Sends(t, 2, func() {
			require.NoError(t, ann.topics().Create(e.Ctx, topic, model.Attrs{"level": "high"}))
		})
		require.Contains(t, sent[0], "topics")
		require.Equal(t, []string{harness.Text(topic.ID) + ":high"}, pivots(t, e, ann.ID))
		x := topic.Extras()
		require.Equal(t, ann.ID, x["pivot_author_id"])
		require.Equal(t, topic.ID, x["pivot_topic_id"])
		require.Equal(t, "high", x.String("pivot_level"))
		require.Nil(t, x["pivot_note"])
		require.True(t, e.Clock.Now().Equal(harness.As[time.Time](t, x["pivot_created_at"])))
		loaded := topicsOf(t, e, ann)
		require.Len(t, loaded, 1)
		for name, v := range loaded[0].Extras() {
			require.Equal(t, harness.Text(v), harness.Text(x[name]), name)
		}
	})
}
