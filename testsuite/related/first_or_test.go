// SPDX-License-Identifier: MIT

package related_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// seedEssays gives both authors essays: ann a1 and a2, bob b1 and shared words.
func seedEssays(t testing.TB, e *harness.Env) (ann, bob *Author) {
	t.Helper()
	ann, bob = seed(t, e)
	require.NoError(t, ann.essays().CreateMany(e.Ctx, []*Essay{{Title: "a1", Words: 1}, {Title: "a2", Words: 2}}))
	require.NoError(t, bob.essays().CreateMany(e.Ctx, []*Essay{{Title: "b1", Words: 1}, {Title: "b2", Words: 5}}))
	require.NoError(t, bob.card().Create(e.Ctx, &Card{Code: "b"}))
	require.NoError(t, ann.topics().Attach(e.Ctx, 1, 2))
	require.NoError(t, bob.topics().Attach(e.Ctx, 3))
	e.Sent.Reset()
	return ann, bob
}

// FirstOrNew looks only among the related rows, and a new record has the key, whatever the values say;
// nothing is written.
func TestFirstOrNewLooksOnlyAmongRelatedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seedEssays(t, e)
		e.Sends(t, 1, func() {
			w, err := ann.essays().FirstOrNew(e.Ctx, model.Attrs{"words": 1}, model.Attrs{"title": "ignored"})
			require.NoError(t, err)
			require.Equal(t, "a1", w.Title)
			require.False(t, w.IsDirty())
		})
		e.Sends(t, 1, func() {
			w, err := ann.essays().FirstOrNew(e.Ctx, model.Attrs{"words": 5}, model.Attrs{"title": "n", "author_id": 2})
			require.NoError(t, err)
			require.True(t, w.IsNew(), "the row of another author is not seen")
			require.Equal(t, ann.ID, w.AuthorID)
			require.Equal(t, 5, w.Words)
			require.Equal(t, "n", w.Title)
		})
		var w *Essay
		e.Sends(t, 1, func() {
			require.NoError(t, ann.Related("essays").FirstOrNew(e.Ctx, &w, nil, nil))
		})
		require.Equal(t, ann.ID, w.AuthorID, "without values any related row will do")
		require.False(t, w.IsNew())
		c, err := ann.card().FirstOrNew(e.Ctx, nil, model.Attrs{"code": "n"})
		require.NoError(t, err)
		require.True(t, c.IsNew())
		require.Equal(t, ann.ID, c.AuthorID)
		topic, err := ann.topics().FirstOrNew(e.Ctx, model.Attrs{"name": "cars"}, nil)
		require.NoError(t, err)
		require.True(t, topic.IsNew(), "cars is bob's")
		topic, err = ann.topics().FirstOrNew(e.Ctx, model.Attrs{"name": "bees"}, nil)
		require.NoError(t, err)
		require.EqualValues(t, 2, topic.ID)
		require.Equal(t, ann.ID, topic.Extras()["pivot_author_id"])
		require.EqualValues(t, 4, e.Count(t, "essays"))
	})
}

// FindOrNew looks for a key only among the related rows, else it returns a new record with the foreign key
// and no key of its own.
func TestFindOrNewLooksOnlyAmongRelatedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seedEssays(t, e)
		for _, c := range []struct {
			id    any
			found bool
		}{{1, true}, {"2", true}, {3, false}, {99, false}} {
			e.Sends(t, 1, func() {
				w, err := ann.essays().FindOrNew(e.Ctx, c.id)
				require.NoError(t, err)
				require.Equal(t, c.found, !w.IsNew())
				require.Equal(t, ann.ID, w.AuthorID)
				if !c.found {
					require.Zero(t, w.ID)
				}
			})
		}
		e.Sends(t, 0, func() { require.ErrorIs(t, harness.Err(ann.essays().FindOrNew(e.Ctx, "x")), model.ErrInvalidKey) })
		var topic *Topic
		e.Sends(t, 1, func() { require.NoError(t, ann.Related("topics").FindOrNew(e.Ctx, &topic, 2)) })
		require.Equal(t, "bees", topic.Name)
		var card *Card
		e.Sends(t, 1, func() { require.NoError(t, ann.Related("card").FindOrNew(e.Ctx, &card, 1)) })
		require.True(t, card.IsNew())
		card, err := ann.card().FindOrNew(e.Ctx, 1)
		require.NoError(t, err)
		require.Equal(t, ann.ID, card.AuthorID)
		topic, err = ann.topics().FindOrNew(e.Ctx, 3)
		require.NoError(t, err)
		require.True(t, topic.IsNew())
	})
}

// FirstOrCreate looks only among the related rows and inserts what is missing with the key; found records
// stay as they are.
func TestFirstOrCreateLooksOnlyAmongRelatedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seedEssays(t, e)
		e.Sends(t, 1, func() {
			w, err := ann.essays().FirstOrCreate(e.Ctx, model.Attrs{"title": "a1"}, model.Attrs{"words": 77})
			require.NoError(t, err)
			require.Equal(t, 1, w.Words)
		})
		ctx, j := journaled(e.Ctx)
		var w *Essay
		sent := e.Sends(t, 2, func() {
			require.NoError(t, ann.Related("essays").FirstOrCreate(ctx, &w, model.Attrs{"words": 5}, model.Attrs{"title": "n", "AuthorID": 2}))
		})
		require.Equal(t, []string{"SELECT", "INSERT"}, words(sent))
		require.Equal(t, []string{"creating n", "saving n", "created n", "saved n"}, j.take())
		require.EqualValues(t, ann.ID, e.Row(t, "SELECT author_id FROM essays WHERE title = 'n'")["author_id"])
		require.True(t, w.IsPersisted())
		err := harness.Err(ann.essays().FirstOrCreate(e.Ctx, model.Attrs{"title": "b1"}, nil))
		require.ErrorIs(t, err, model.ErrDuplicate, "the unique title is another author's")
		card, err := ann.card().FirstOrCreate(e.Ctx, nil, model.Attrs{"code": "a"})
		require.NoError(t, err)
		require.Equal(t, ann.ID, card.AuthorID)
		e.Sends(t, 1, func() {
			again, err := ann.card().FirstOrCreate(e.Ctx, nil, model.Attrs{"code": "x"})
			require.NoError(t, err)
			require.Equal(t, card.ID, again.ID)
		})
		card, err = bob.card().FirstOrCreate(e.Ctx, nil, nil)
		require.NoError(t, err)
		require.Equal(t, "b", card.Code)
	})
}

// FirstOrCreate and UpdateOrCreate through manyToMany attach a new record in the same transaction, and it
// carries the pivot row.
func TestFirstOrCreateAttachesANewRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seedEssays(t, e)
		sent := e.Sends(t, 3, func() {
			topic, err := ann.topics().FirstOrCreate(e.Ctx, model.Attrs{"name": "new"}, nil)
			require.NoError(t, err)
			require.Equal(t, topic.ID, topic.Extras()["pivot_topic_id"])
		})
		require.Equal(t, []string{"SELECT", "INSERT", "INSERT"}, words(sent))
		e.Sends(t, 1, func() {
			topic, err := ann.topics().FirstOrCreate(e.Ctx, model.Attrs{"name": "new"}, nil)
			require.NoError(t, err)
			require.Equal(t, ann.ID, topic.Extras()["pivot_author_id"])
		})
		topic, err := ann.topics().UpdateOrCreate(e.Ctx, model.Attrs{"name": "newer"}, nil)
		require.NoError(t, err)
		require.Equal(t, ann.ID, topic.Extras()["pivot_author_id"])
		require.Equal(t, []string{"1", "2", "6", "7"}, pivots(t, e, ann.ID))
		require.ErrorIs(t, harness.Err(ann.topics().FirstOrCreate(e.Ctx, model.Attrs{"name": "cars"}, nil)), model.ErrDuplicate)
	})
}

// UpdateOrCreate updates only a related row, inserts what is missing with the key, and never touches
// another parent's row.
func TestUpdateOrCreateUpdatesOnlyRelatedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seedEssays(t, e)
		sent := e.Sends(t, 2, func() {
			w, err := ann.essays().UpdateOrCreate(e.Ctx, model.Attrs{"words": 1}, model.Attrs{"title": "changed"})
			require.NoError(t, err)
			require.EqualValues(t, 1, w.ID)
		})
		require.Equal(t, []string{"SELECT", "UPDATE"}, words(sent))
		var w *Essay
		require.NoError(t, ann.Related("essays").UpdateOrCreate(e.Ctx, &w, model.Attrs{"words": 5}, model.Attrs{"title": "n"}))
		require.True(t, model.IsLocal(w))
		require.Equal(t, ann.ID, w.AuthorID)
		rows := e.Rows(t, "SELECT title FROM essays WHERE author_id = ? ORDER BY id", bob.ID)
		require.EqualValues(t, "b1", harness.Text(rows[0]["title"]))
		require.EqualValues(t, "b2", harness.Text(rows[1]["title"]))
		e.Sends(t, 1, func() {
			_, err := ann.essays().UpdateOrCreate(e.Ctx, nil, model.Attrs{"author_id": bob.ID})
			require.NoError(t, err)
		})
		card, err := bob.card().UpdateOrCreate(e.Ctx, nil, model.Attrs{"code": "c"})
		require.NoError(t, err)
		require.EqualValues(t, 1, card.ID)
		require.EqualValues(t, "c", harness.Text(e.Row(t, "SELECT code FROM cards")["code"]))
		e.Sends(t, 2, func() {
			topic, err := ann.topics().UpdateOrCreate(e.Ctx, model.Attrs{"name": "art"}, model.Attrs{"name": "arts"})
			require.NoError(t, err)
			require.Equal(t, "arts", topic.Name)
		})
	})
}

// FetchOrCreateMany finds rows only among the related ones and inserts the rest with the key, in the order
// of the payload.
func TestFetchOrCreateManyLooksOnlyAmongRelatedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seedEssays(t, e)
		e.Exec(t, "UPDATE essays SET words = 9 WHERE title = 'b2'")
		rows := []model.Attrs{{"words": 9, "title": "n9"}, {"words": 2, "title": "ignored"}, {"words": 8, "title": "n8"}, {"words": 9, "title": "x"}}
		var list []*Essay
		sent := e.Sends(t, 2, func() {
			require.NoError(t, func() (err error) {
				list, err = ann.essays().FetchOrCreateMany(e.Ctx, []string{"words"}, rows)
				return err
			}())
		})
		require.Equal(t, []string{"SELECT", "INSERT"}, words(sent))
		require.Len(t, list, 4)
		require.Equal(t, []string{"n9", "a2", "n8", "n9"}, []string{list[0].Title, list[1].Title, list[2].Title, list[3].Title})
		require.Same(t, list[0], list[3])
		require.False(t, model.IsLocal(list[1]))
		for _, w := range list {
			require.Equal(t, ann.ID, w.AuthorID)
		}
		require.Len(t, e.Rows(t, "SELECT id FROM essays WHERE author_id = ?", bob.ID), 2)
		var topics []*Topic
		e.Sends(t, 3, func() {
			require.NoError(t, ann.Related("topics").FetchOrCreateMany(e.Ctx, &topics, []string{"name"},
				[]model.Attrs{{"name": "z"}, {"name": "art"}, {"name": "y"}}))
		})
		require.Equal(t, []string{"1", "2", harness.Text(topics[2].ID), harness.Text(topics[0].ID)}, pivots(t, e, ann.ID), "the keys are in the order of the names")
		require.Equal(t, topics[0].ID, topics[0].Extras()["pivot_topic_id"])
		topics, err := ann.topics().FetchOrCreateMany(e.Ctx, []string{"name"}, []model.Attrs{{"name": "y"}})
		require.NoError(t, err)
		require.False(t, model.IsLocal(topics[0]))
		e.Sends(t, 0, func() {
			none, err := ann.essays().FetchOrCreateMany(e.Ctx, []string{"title"}, nil)
			require.NoError(t, err)
			require.Empty(t, none)
		})
	})
}

// UpdateOrCreateMany updates only related rows and inserts the rest with the key; another parent's equal
// rows stay.
func TestUpdateOrCreateManyUpdatesOnlyRelatedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seedEssays(t, e)
		rows := []model.Attrs{{"words": 1, "title": "c1", "author_id": bob.ID}, {"words": 5, "title": "n5", "author_id": bob.ID}}
		sent := e.Sends(t, 3, func() {
			list, err := ann.essays().UpdateOrCreateMany(e.Ctx, []string{"words"}, rows)
			require.NoError(t, err)
			require.EqualValues(t, 1, list[0].ID)
			require.Equal(t, "c1", list[0].Title)
			require.Equal(t, ann.ID, list[1].AuthorID)
		})
		require.ElementsMatch(t, []string{"SELECT", "INSERT", "UPDATE"}, words(sent))
		titles := e.Rows(t, "SELECT title FROM essays WHERE author_id = ? ORDER BY id", bob.ID)
		require.EqualValues(t, "b1", harness.Text(titles[0]["title"]))
		require.EqualValues(t, "b2", harness.Text(titles[1]["title"]))
		var list []*Essay
		e.Sends(t, 1, func() {
			require.NoError(t, ann.Related("essays").UpdateOrCreateMany(e.Ctx, &list, []string{"words"}, rows[:1]), "nothing differs")
		})
		topics, err := ann.topics().UpdateOrCreateMany(e.Ctx, []string{"name"}, []model.Attrs{{"name": "new"}, {"name": "bees"}})
		require.NoError(t, err)
		require.Equal(t, []string{"1", "2", harness.Text(topics[0].ID)}, pivots(t, e, ann.ID))
	})
}

// A finder that fails to write leaves nothing; wrong names and destinations are errors and send nothing.
func TestFailingFinderLeavesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seedEssays(t, e)
		e.Sends(t, 0, func() {
			c := ann.Related("essays")
			var w *Essay
			var topics []*Topic
			require.ErrorIs(t, c.FirstOrCreate(e.Ctx, &w, model.Attrs{"typo": 1}, nil), model.ErrUnknownAttribute)
			require.Error(t, c.FirstOrCreate(e.Ctx, w, nil, nil), "no pointer to a pointer")
			require.Error(t, c.FirstOrCreate(e.Ctx, nil, nil, nil))
			require.Error(t, c.FirstOrNew(e.Ctx, new(*Topic), nil, nil))
			require.Error(t, c.FetchOrCreateMany(e.Ctx, &topics, []string{"title"}, []model.Attrs{{"title": "x"}}))
			require.Error(t, c.UpdateOrCreateMany(e.Ctx, nil, []string{"title"}, []model.Attrs{{"title": "x"}}))
			require.ErrorIs(t, harness.Err(ann.essays().FetchOrCreateMany(e.Ctx, nil, []model.Attrs{{"title": "x"}})), model.ErrMissingKey)
			require.ErrorIs(t, harness.Err(ann.essays().FetchOrCreateMany(e.Ctx, []string{"typo"}, nil)), model.ErrUnknownColumn)
		})
		ctx, j := journaled(e.Ctx)
		j.fail = "saved n"
		calls := map[string]func() error{
			"first":  func() error { return harness.Err(ann.essays().FirstOrCreate(ctx, model.Attrs{"title": "n"}, nil)) },
			"update": func() error { return harness.Err(ann.essays().UpdateOrCreate(ctx, model.Attrs{"title": "n"}, nil)) },
			"topic":  func() error { return harness.Err(ann.topics().FirstOrCreate(ctx, model.Attrs{"name": "n"}, nil)) },
			"fetch": func() error {
				return harness.Err(ann.topics().FetchOrCreateMany(ctx, []string{"name"}, []model.Attrs{{"name": "m"}, {"name": "n"}}))
			},
			"many": func() error {
				return harness.Err(ann.essays().UpdateOrCreateMany(ctx, []string{"title"},
					[]model.Attrs{{"title": "a1", "words": 50}, {"title": "n"}}))
			},
		}
		for name, run := range calls {
			undone(t, e, name, errHook, run, ann)
		}
		require.EqualValues(t, 1, e.Row(t, "SELECT words FROM essays WHERE title = 'a1'")["words"])
	})
}
