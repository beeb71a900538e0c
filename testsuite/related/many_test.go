// SPDX-License-Identifier: MIT

package related_test

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// CreateMany inserts related records with the parent's key in the order given, with one INSERT and the
// hooks of each.
func TestCreateManySetsTheParentsKey(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		ctx, j := journaled(e.Ctx)
		list := []*Essay{{Title: "c", AuthorID: bob.ID}, {Title: "a"}, {Title: "b", Words: 3}}
		e.Sends(t, 1, func() { require.NoError(t, ann.essays().CreateMany(ctx, list)) })
		require.Equal(t, []string{
			"creating c", "saving c", "creating a", "saving a", "creating b", "saving b",
			"created c", "saved c", "created a", "saved a", "created b", "saved b",
		}, j.take())
		for i, row := range e.Rows(t, "SELECT id, title, author_id, words FROM essays ORDER BY id") {
			require.EqualValues(t, list[i].ID, row["id"])
			require.EqualValues(t, list[i].Title, harness.Text(row["title"]))
			require.EqualValues(t, ann.ID, row["author_id"])
			require.EqualValues(t, list[i].Words, row["words"])
			require.False(t, list[i].IsDirty())
		}
		e.Sends(t, 1, func() {
			require.NoError(t, bob.Related("essays").CreateMany(e.Ctx, []*Essay{{Title: "d"}, {Title: "e"}}))
		})
		require.EqualValues(t, 5, e.Count(t, "essays"))
		require.NoError(t, bob.essays().CreateMany(e.Ctx, []*Essay{{Title: "f"}}))
	})
}

// SaveMany inserts the new records with one INSERT, updates those that differ with one UPDATE each, and
// leaves clean ones alone.
func TestSaveManyWritesOnlyWhatDiffers(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		old := []*Essay{{Title: "a"}, {Title: "b"}, {Title: "c"}}
		require.NoError(t, ann.essays().CreateMany(e.Ctx, old))
		require.NoError(t, bob.essays().Save(e.Ctx, old[2]))
		old[1].Words = 7
		list := []*Essay{old[2], {Title: "d"}, old[0], {Title: "e"}, old[1]}
		sent := e.Sends(t, 3, func() {
			require.NoError(t, ann.essays().SaveMany(e.Ctx, list))
		})
		require.ElementsMatch(t, []string{"INSERT", "UPDATE", "UPDATE"}, words(sent))
		rows := e.Rows(t, "SELECT title, words FROM essays WHERE author_id = 1 ORDER BY title")
		require.Len(t, rows, 5)
		require.EqualValues(t, 7, rows[1]["words"])
		e.Sends(t, 0, func() { require.NoError(t, ann.Related("essays").SaveMany(e.Ctx, list), "all are clean") })
	})
}

// CreateMany and SaveMany of a new record insert that first; of nothing they send nothing and do not save
// it.
func TestManyOfANewParentInsertItFirst(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		ctx := model.WithDB(e.Ctx, e.DB)
		cyd := &Author{Name: "cyd"}
		e.Sends(t, 0, func() {
			require.NoError(t, cyd.essays().CreateMany(ctx, nil))
			require.NoError(t, cyd.topics().SaveMany(ctx, nil))
		})
		require.True(t, cyd.IsNew())
		list := []*Essay{{Title: "a"}, {Title: "b"}}
		e.Sends(t, 2, func() { require.NoError(t, cyd.essays().CreateMany(ctx, list)) })
		dan := &Author{Name: "dan"}
		e.Sends(t, 3, func() {
			require.NoError(t, dan.topics().CreateMany(ctx, []*Topic{{Name: "x"}, {Name: "y"}}))
		})
		require.Len(t, pivots(t, e, dan.ID), 2)
		require.Len(t, e.Rows(t, "SELECT id FROM essays WHERE author_id = ?", cyd.ID), 2)
	})
}

// CreateMany through manyToMany inserts all records with one INSERT and all pivot rows with another, each
// with its attributes.
func TestPivotAttributesGoWithEachRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		list := []*Topic{{Name: "x"}, {Name: "y"}, {Name: "z"}}
		sent := e.Sends(t, 2, func() {
			require.NoError(t, ann.topics().CreateMany(e.Ctx, list,
				model.Attrs{"level": "1"}, nil, model.Attrs{"note": "n", "level": "3"}))
		})
		require.Equal(t, []string{"INSERT", "INSERT"}, words(sent))
		require.Equal(t, []string{"6:1", "7", "8:3"}, pivots(t, e, ann.ID))
		require.Equal(t, "3", list[2].Extras().String("pivot_level"))
		require.Equal(t, "n", list[2].Extras().String("pivot_note"))
		require.True(t, list[1].Extras().Has("pivot_level"))
		require.Nil(t, list[1].Extras()["pivot_level"])
		require.Equal(t, list[1].ID, list[1].Extras()["pivot_topic_id"])
	})
}

// SaveMany through manyToMany inserts the pivot rows that are missing, and updates only those whose
// attributes differ.
func TestSaveManyInsertsMissingPivotRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		list := []*Topic{topicAt(t, e, 3), {Name: "new"}, topicAt(t, e, 1)}
		one, two := model.Attrs{"level": "1"}, model.Attrs{"level": "2"}
		sent := e.Sends(t, 3, func() { require.NoError(t, ann.topics().SaveMany(e.Ctx, list, one, nil, two)) })
		require.Equal(t, []string{"INSERT", "SELECT", "INSERT"}, words(sent))
		require.Equal(t, []string{"1:2", "3:1", "6"}, pivots(t, e, ann.ID))
		e.Sends(t, 1, func() { require.NoError(t, ann.topics().SaveMany(e.Ctx, list, one, nil, two)) })
		later := anHourLater(e)
		sent = e.Sends(t, 2, func() { require.NoError(t, ann.Related("topics").SaveMany(e.Ctx, list, one, one, two)) })
		require.Equal(t, []string{"SELECT", "UPDATE"}, words(sent))
		require.Equal(t, []string{"1:2", "3:1", "6:1"}, pivots(t, e, ann.ID))
		changed := 0
		for _, topic := range topicsOf(t, e, ann) {
			if topic.Extras().Time("pivot_updated_at").Equal(later) {
				changed++
			}
		}
		require.Equal(t, 1, changed)
		require.Equal(t, "1", list[1].Extras().String("pivot_level"))
	})
}

// Pivot attributes must be as many as the records and name columns of the pivot table but its keys; else
// nothing is sent.
func TestPivotAttributesMustFit(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		list := []*Topic{{Name: "x"}, {Name: "y"}}
		one := model.Attrs{"level": "1"}
		e.Sends(t, 0, func() {
			for name, c := range map[string]struct {
				want  error
				attrs []model.Attrs
			}{
				"too few":      {model.ErrInvalidValue, []model.Attrs{one}},
				"too many":     {model.ErrInvalidValue, []model.Attrs{one, one, one}},
				"owner's key":  {model.ErrGuarded, []model.Attrs{one, {"author_id": 2}}},
				"related key":  {model.ErrGuarded, []model.Attrs{{"topic_id": 2}, one}},
				"no name":      {model.ErrUnknownColumn, []model.Attrs{{"": 2}, one}},
				"no good name": {model.ErrUnknownColumn, []model.Attrs{{"level; DROP": 2}, one}},
				"prefixed":     {model.ErrUnknownColumn, []model.Attrs{{"author_topics.level": 2}, one}},
				"no value":     {model.ErrInvalidValue, []model.Attrs{{"level": func() {}}, one}},
			} {
				for method, run := range map[string]func() error{
					"create": func() error { return ann.topics().CreateMany(e.Ctx, list, c.attrs...) },
					"save":   func() error { return ann.Related("topics").SaveMany(e.Ctx, list, c.attrs...) },
				} {
					require.ErrorIs(t, run(), c.want, "%s %s", method, name)
				}
			}
			require.ErrorIs(t, ann.topics().Create(e.Ctx, list[0], one, one), model.ErrInvalidValue)
			require.ErrorIs(t, ann.topics().Save(e.Ctx, list[0], model.Attrs{"author_id": 1}), model.ErrGuarded)
		})
		require.True(t, list[0].IsNew())
	})
}

// CreateMany of more records than one statement can hold takes few statements, keeps the order and gives
// every record its key.
func TestManyRecordsKeepTheirOrder(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		const n = 2000
		topics, attrs := make([]*Topic, n), make([]model.Attrs, n)
		for i := range n {
			topics[i], attrs[i] = &Topic{Name: fmt.Sprintf("t%04d", n-i)}, model.Attrs{"level": strconv.Itoa(i)}
		}
		e.Sent.Reset()
		require.NoError(t, ann.topics().CreateMany(e.Ctx, topics, attrs...))
		require.LessOrEqual(t, len(e.Sent.Statements()), 4)
		list, err := ann.topics().Query().OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, list, n)
		for i, topic := range list {
			require.Equal(t, topics[i].ID, topic.ID)
			require.Equal(t, topics[i].Name, topic.Name)
			require.Equal(t, strconv.Itoa(i), topic.Extras().String("pivot_level"))
		}
	})
}

// A second Save of a record through manyToMany leaves one pivot row and, if nothing differs, writes
// nothing.
func TestSecondSaveWritesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		topic := topicAt(t, e, 2)
		sent := e.Sends(t, 2, func() { require.NoError(t, ann.topics().Save(e.Ctx, topic, model.Attrs{"level": "1"})) })
		require.Equal(t, []string{"SELECT", "INSERT"}, words(sent))
		for _, attrs := range []model.Attrs{{"level": "1"}, {"level": 1}, {"note": nil}, {}, nil} {
			anHourLater(e)
			sent := e.Sends(t, 1, func() {
				require.NoError(t, ann.topics().Save(e.Ctx, topic, attrs))
			})
			require.Equal(t, []string{"SELECT"}, words(sent))
		}
		e.Sends(t, 1, func() { require.NoError(t, ann.Related("topics").Save(e.Ctx, topic)) })
		require.Equal(t, []string{"2:1"}, pivots(t, e, ann.ID))
		require.Equal(t, "1", topic.Extras().String("pivot_level"))
		topic.Name = "beetles"
		e.Sends(t, 2, func() { require.NoError(t, ann.topics().Save(e.Ctx, topic)) })
	})
}

// Save and SaveMany of new records through manyToMany do not look for pivot rows that cannot be there.
func TestNewRecordsNeedNoLookup(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		sent := e.Sends(t, 2, func() { require.NoError(t, ann.topics().Save(e.Ctx, &Topic{Name: "x"}, model.Attrs{"level": 1})) })
		require.Equal(t, []string{"INSERT", "INSERT"}, words(sent))
		sent = e.Sends(t, 2, func() {
			require.NoError(t, ann.Related("topics").SaveMany(e.Ctx, []*Topic{{Name: "y"}, {Name: "z"}}, model.Attrs{"level": 2}, nil))
		})
		require.Equal(t, []string{"INSERT", "INSERT"}, words(sent))
		require.Equal(t, []string{"6:1", "7:2", "8"}, pivots(t, e, ann.ID))
		again := &Topic{Name: "with a key"}
		again.ID = 6
		require.ErrorIs(t, ann.topics().Save(e.Ctx, again), model.ErrDuplicate)
	})
}

// Save with attributes that differ updates only these and updated_at of the pivot row, and the record
// carries the row then.
func TestDifferingAttributesUpdateThePivotRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		topic, made := topicAt(t, e, 2), e.Clock.Now()
		require.NoError(t, bob.topics().Save(e.Ctx, topic, model.Attrs{"level": "9"}))
		require.NoError(t, ann.topics().Save(e.Ctx, topic, model.Attrs{"level": "1", "note": "n"}))
		later := anHourLater(e)
		sent := e.SendsBesidesLocks(t, 2, func() { require.NoError(t, ann.topics().Save(e.Ctx, topic, model.Attrs{"level": "2"})) })
		require.Equal(t, []string{"SELECT", "UPDATE"}, words(sent))
		require.NotContains(t, sent[1], "note")
		require.Equal(t, []string{"2:2"}, pivots(t, e, ann.ID))
		require.Equal(t, []string{"2:9"}, pivots(t, e, bob.ID), "another author's row")
		for _, x := range []model.Extras{topic.Extras(), topicsOf(t, e, ann)[0].Extras()} {
			require.Equal(t, "2", x.String("pivot_level"))
			require.Equal(t, "n", x.String("pivot_note"))
			require.True(t, made.Equal(x.Time("pivot_created_at")))
			require.True(t, later.Equal(x.Time("pivot_updated_at")), x.Time("pivot_updated_at"))
		}
		require.NoError(t, ann.topics().Save(e.Ctx, topic, model.Attrs{"note": nil}))
		require.Nil(t, e.Row(t, "SELECT note FROM author_topics WHERE author_id = 1")["note"])
		require.Nil(t, topic.Extras()["pivot_note"])
	})
}

// SaveDuplicate inserts a further pivot row where the relation allows it; elsewhere it is ErrDuplicate and
// changes nothing.
func TestSaveDuplicateInsertsAFurtherRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		topic := topicAt(t, e, 2)
		e.Sends(t, 1, func() { require.NoError(t, ann.tags().SaveDuplicate(e.Ctx, topic, model.Attrs{"level": "1"})) })
		e.Sends(t, 1, func() {
			require.NoError(t, ann.Related("tags").SaveDuplicate(e.Ctx, topic, model.Attrs{"level": "2"}))
		})
		require.Equal(t, []string{"2:1", "2:2"}, tagged(t, e, ann.ID))
		require.Equal(t, "2", topic.Extras().String("pivot_level"))
		sent := e.Sends(t, 1, func() { require.NoError(t, ann.tags().Save(e.Ctx, topic)) })
		require.Equal(t, []string{"SELECT"}, words(sent), "Save finds a row")
		require.NoError(t, ann.topics().SaveDuplicate(e.Ctx, topic))
		before := picture(topic, ann)
		e.Sends(t, 1, func() {
			require.ErrorIs(t, ann.topics().SaveDuplicate(e.Ctx, topic, model.Attrs{"level": "3"}), model.ErrDuplicate)
		})
		require.Equal(t, before, picture(topic, ann))
		require.Equal(t, []string{"2"}, pivots(t, e, ann.ID))
	})
}

// Either side of a manyToMany sees and writes the same pivot rows.
func TestEitherSideWritesTheSamePivotRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		art := topicAt(t, e, 1)
		require.NoError(t, art.authors().Attach(e.Ctx, bob, relation.Pivot(ann, model.Attrs{"level": "2"})))
		require.Equal(t, []string{"1:2"}, pivots(t, e, ann.ID))
		e.Sends(t, 1, func() { require.NoError(t, ann.topics().Save(e.Ctx, art, model.Attrs{"level": "2"})) })
		require.NoError(t, art.authors().Save(e.Ctx, bob, model.Attrs{"level": "4"}))
		require.Equal(t, []string{"1:4"}, pivots(t, e, bob.ID))
		cyd := &Author{Name: "cyd"}
		require.NoError(t, art.authors().Create(e.Ctx, cyd))
		require.Equal(t, []string{"1"}, pivots(t, e, cyd.ID))
		require.Equal(t, art.ID, cyd.Extras()["pivot_topic_id"])
	})
}

// SaveMany refuses two records of one row, before anything is sent.
func TestSaveManyRefusesOneRowTwice(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		list := []*Topic{topicAt(t, e, 2), topicAt(t, e, 2)}
		e.Sends(t, 0, func() {
			require.ErrorIs(t, ann.tags().SaveMany(e.Ctx, list), model.ErrInvalidValue)
		})
	})
}

// Save of one pair by several at the same time leaves one pivot row, and nobody gets an error.
func TestConcurrentSavesLeaveOnePivotRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		for range 5 {
			var all sync.WaitGroup
			failed := make([]error, 4)
			for i := range failed {
				owner, err := model.Query[Author](e.DB).Find(e.Ctx, ann.ID)
				require.NoError(t, err)
				topic := topicAt(t, e, 2)
				all.Go(func() { failed[i] = owner.topics().Save(e.Ctx, topic) })
			}
			all.Wait()
			require.NoError(t, errors.Join(failed...))
			require.Equal(t, []string{"2"}, pivots(t, e, ann.ID))
			require.NoError(t, harness.Err(ann.topics().DetachAll(e.Ctx)))
		}
	}, harness.ConcurrentWriters)
}

// A record that is saved through another owner carries that pivot row, and nothing of the one before.
func TestRecordCarriesTheRowOfItsLastOwner(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		require.NoError(t, ann.topics().Attach(e.Ctx, relation.Pivot(2, model.Attrs{"level": "good"})))
		topic := topicsOf(t, e, ann)[0]
		require.Equal(t, "good", topic.Extras()["pivot_level"])
		require.NoError(t, bob.topics().Save(e.Ctx, topic))
		require.Equal(t, bob.ID, topic.Extras()["pivot_author_id"])
		require.False(t, topic.Extras().Has("pivot_level"))
	})
}

// A bulk Delete through manyToMany refuses what every bulk write refuses, before anything is sent.
func TestBulkDeleteThroughManyToManyIsGuarded(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		require.NoError(t, ann.topics().Attach(e.Ctx, 1, 2))
		e.Sends(t, 0, func() {
			for name, q := range map[string]*model.Builder[Topic]{
				"group": ann.topics().Query().GroupBy("name"), "distinct": ann.topics().Query().Distinct(),
				"lock": ann.topics().Query().LockForUpdate(),
			} {
				require.ErrorIs(t, harness.Err(q.Delete(e.Ctx)), model.ErrUnsupported, name)
			}
		})
		require.Len(t, pivots(t, e, ann.ID), 2)
	})
}
