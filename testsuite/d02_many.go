// SPDX-License-Identifier: MIT

package testsuite

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// relatedManyPromises are about CreateMany and SaveMany.
func relatedManyPromises() []promise {
	return []promise{
		{
			name: "D2/CreateMany",
			says: "CreateMany inserts related records with the parent's key in the order given, with one INSERT and the hooks of each",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				ctx, j := wrJournaled(e.ctx)
				list := []*wrEssay{{Title: "c", AuthorID: bob.ID}, {Title: "a"}, {Title: "b", Words: 3}}
				e.sends(t, 1, func() { require.NoError(t, e.do("create", func() error { return ann.essays().CreateMany(ctx, list) })) })
				require.Equal(t, []string{
					"creating c", "saving c", "creating a", "saving a", "creating b", "saving b",
					"created c", "saved c", "created a", "saved a", "created b", "saved b",
				}, j.take())
				for i, row := range e.rows(t, "SELECT id, title, author_id, words FROM wr_essays ORDER BY id") {
					require.EqualValues(t, list[i].ID, row["id"])
					require.EqualValues(t, list[i].Title, wrText(row["title"]))
					require.EqualValues(t, ann.ID, row["author_id"])
					require.EqualValues(t, list[i].Words, row["words"])
					require.False(t, list[i].IsDirty())
				}
				e.sends(t, 1, func() {
					require.NoError(t, bob.Related("essays").CreateMany(e.ctx, []*wrEssay{{Title: "d"}, {Title: "e"}}))
				})
				require.EqualValues(t, 5, e.count(t, "wr_essays"))
				require.NoError(t, bob.essays().CreateMany(e.ctx, []*wrEssay{{Title: "f"}}))
			},
			twin: func(e *env) {
				e.op["create"] = func(run func() error) error {
					err := run()
					e.gorm.Exec("UPDATE wr_essays SET author_id = 2 WHERE title = 'a'")
					return err
				}
			},
		},
		{
			name: "D2/SaveMany",
			says: "SaveMany inserts the new records with one INSERT, updates those that differ with one UPDATE each, and leaves clean ones alone",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				old := []*wrEssay{{Title: "a"}, {Title: "b"}, {Title: "c"}}
				require.NoError(t, ann.essays().CreateMany(e.ctx, old))
				require.NoError(t, bob.essays().Save(e.ctx, old[2]))
				old[1].Words = 7
				list := []*wrEssay{old[2], {Title: "d"}, old[0], {Title: "e"}, old[1]}
				sent := e.sends(t, 3, func() {
					require.NoError(t, e.do("save", func() error { return ann.essays().SaveMany(e.ctx, list) }))
				})
				require.ElementsMatch(t, []string{"INSERT", "UPDATE", "UPDATE"}, wrWords(sent))
				rows := e.rows(t, "SELECT title, words FROM wr_essays WHERE author_id = 1 ORDER BY title")
				require.Len(t, rows, 5)
				require.EqualValues(t, 7, rows[1]["words"])
				e.sends(t, 0, func() { require.NoError(t, ann.Related("essays").SaveMany(e.ctx, list), "all are clean") })
			},
			twin: wrBends("UPDATE `wr_essays`", "`author_id` = ?", "`author_id` = 2 + 0 * ?"),
		},
		{
			name: "D2/NewParent",
			says: "CreateMany and SaveMany of a new record insert that first; of nothing they send nothing and do not save it",
			check: func(t testing.TB, e *env) {
				wrSeed(t, e)
				ctx := model.WithDB(e.ctx, e.db)
				cyd := &wrAuthor{Name: "cyd"}
				e.sends(t, 0, func() {
					require.NoError(t, cyd.essays().CreateMany(ctx, nil))
					require.NoError(t, cyd.topics().SaveMany(ctx, nil))
				})
				require.True(t, cyd.IsNew())
				list := []*wrEssay{{Title: "a"}, {Title: "b"}}
				e.sends(t, 2, func() { require.NoError(t, e.do("create", func() error { return cyd.essays().CreateMany(ctx, list) })) })
				dan := &wrAuthor{Name: "dan"}
				e.sends(t, 3, func() {
					require.NoError(t, dan.topics().CreateMany(ctx, []*wrTopic{{Name: "x"}, {Name: "y"}}))
				})
				require.Len(t, wrPivots(t, e, dan.ID), 2)
				require.Len(t, e.rows(t, "SELECT id FROM wr_essays WHERE author_id = ?", cyd.ID), 2)
			},
			twin: without("create"),
		},
		{
			name: "D2/PivotPerItem",
			says: "CreateMany through manyToMany inserts all records with one INSERT and all pivot rows with another, each with its attributes",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				list := []*wrTopic{{Name: "x"}, {Name: "y"}, {Name: "z"}}
				sent := e.sends(t, 2, func() {
					require.NoError(t, ann.topics().CreateMany(e.ctx, list,
						model.Attrs{"level": "1"}, nil, model.Attrs{"note": "n", "level": "3"}))
				})
				require.Equal(t, []string{"INSERT", "INSERT"}, wrWords(sent))
				require.Equal(t, []string{"6:1", "7", "8:3"}, wrPivots(t, e, ann.ID))
				require.Equal(t, "3", list[2].Extras().String("pivot_level"))
				require.Equal(t, "n", list[2].Extras().String("pivot_note"))
				require.True(t, list[1].Extras().Has("pivot_level"))
				require.Nil(t, list[1].Extras()["pivot_level"])
				require.Equal(t, list[1].ID, list[1].Extras()["pivot_topic_id"])
			},
			twin: bending("INSERT INTO `wr_author_topics`", "`level`", "`note`"),
		},
		{
			name: "D2/SaveManyPivot",
			says: "SaveMany through manyToMany inserts the pivot rows that are missing, and updates only those whose attributes differ",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				list := []*wrTopic{wrTopicAt(t, e, 3), {Name: "new"}, wrTopicAt(t, e, 1)}
				one, two := model.Attrs{"level": "1"}, model.Attrs{"level": "2"}
				sent := e.sends(t, 3, func() { require.NoError(t, ann.topics().SaveMany(e.ctx, list, one, nil, two)) })
				require.Equal(t, []string{"INSERT", "SELECT", "INSERT"}, wrWords(sent))
				require.Equal(t, []string{"1:2", "3:1", "6"}, wrPivots(t, e, ann.ID))
				e.sends(t, 1, func() { require.NoError(t, ann.topics().SaveMany(e.ctx, list, one, nil, two)) })
				later := wrLater(e)
				sent = e.sends(t, 2, func() { require.NoError(t, ann.Related("topics").SaveMany(e.ctx, list, one, one, two)) })
				require.Equal(t, []string{"SELECT", "UPDATE"}, wrWords(sent))
				require.Equal(t, []string{"1:2", "3:1", "6:1"}, wrPivots(t, e, ann.ID))
				changed := 0
				for _, topic := range wrTopicsOf(t, e, ann) {
					if see(e, "time", topic.Extras().Time("pivot_updated_at")).Equal(later) {
						changed++
					}
				}
				require.Equal(t, 1, changed)
				require.Equal(t, "1", list[1].Extras().String("pivot_level"))
			},
			twin: func(e *env) { e.seen["time"] = func(any) any { return e.clock.now } },
		},
		{
			name: "D2/PivotAttributesFit",
			says: "pivot attributes must be as many as the records and name columns of the pivot table but its keys; else nothing is sent",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				list := []*wrTopic{{Name: "x"}, {Name: "y"}}
				one := model.Attrs{"level": "1"}
				e.sends(t, 0, func() {
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
						"prefixed":     {model.ErrUnknownColumn, []model.Attrs{{"wr_author_topics.level": 2}, one}},
						"no value":     {model.ErrInvalidValue, []model.Attrs{{"level": func() {}}, one}},
					} {
						for method, run := range map[string]func() error{
							"create": func() error { return ann.topics().CreateMany(e.ctx, list, c.attrs...) },
							"save":   func() error { return ann.Related("topics").SaveMany(e.ctx, list, c.attrs...) },
						} {
							require.ErrorIs(t, e.do("refused", run), c.want, "%s %s", method, name)
						}
					}
					require.ErrorIs(t, ann.topics().Create(e.ctx, list[0], one, one), model.ErrInvalidValue)
					require.ErrorIs(t, ann.topics().Save(e.ctx, list[0], model.Attrs{"author_id": 1}), model.ErrGuarded)
				})
				require.True(t, list[0].IsNew())
			},
			twin: succeeding("refused"),
		},
		{
			name: "D2/ManyChunks",
			says: "CreateMany of more records than one statement can hold takes few statements, keeps the order and gives every record its key",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				const n = 2000
				topics, attrs := make([]*wrTopic, n), make([]model.Attrs, n)
				for i := range n {
					topics[i], attrs[i] = &wrTopic{Name: fmt.Sprintf("t%04d", n-i)}, model.Attrs{"level": strconv.Itoa(i)}
				}
				e.sent.Reset()
				require.NoError(t, ann.topics().CreateMany(e.ctx, topics, attrs...))
				require.LessOrEqual(t, len(e.sent.Statements()), 4)
				list, err := ann.topics().Query().OrderBy("id").All(e.ctx)
				require.NoError(t, err)
				require.Len(t, see(e, "list", list), n)
				for i, topic := range list {
					require.Equal(t, topics[i].ID, topic.ID)
					require.Equal(t, topics[i].Name, topic.Name)
					require.Equal(t, strconv.Itoa(i), topic.Extras().String("pivot_level"))
				}
			},
			twin: func(e *env) { e.seen["list"] = func(any) any { return []*wrTopic{} } },
		},
	}
}

// pivotSavePromises are about Save of records with pivot rows.
func pivotSavePromises() []promise {
	return []promise{
		{
			name: "D3/SaveTwice",
			says: "a second Save of a record through manyToMany leaves one pivot row and, if nothing differs, writes nothing",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				topic := wrTopicAt(t, e, 2)
				sent := e.sends(t, 2, func() { require.NoError(t, ann.topics().Save(e.ctx, topic, model.Attrs{"level": "1"})) })
				require.Equal(t, []string{"SELECT", "INSERT"}, wrWords(sent))
				for _, attrs := range []model.Attrs{{"level": "1"}, {"level": 1}, {"note": nil}, {}, nil} {
					wrLater(e)
					sent := e.sends(t, 1, func() {
						require.NoError(t, e.do("again", func() error { return ann.topics().Save(e.ctx, topic, attrs) }))
					})
					require.Equal(t, []string{"SELECT"}, wrWords(sent))
				}
				e.sends(t, 1, func() { require.NoError(t, ann.Related("topics").Save(e.ctx, topic)) })
				require.Equal(t, []string{"2:1"}, wrPivots(t, e, ann.ID))
				require.Equal(t, "1", topic.Extras().String("pivot_level"))
				topic.Name = "beetles"
				e.sends(t, 2, func() { require.NoError(t, ann.topics().Save(e.ctx, topic)) })
			},
			twin: func(e *env) {
				e.op["again"] = func(run func() error) error {
					e.gorm.Exec("DELETE FROM wr_author_topics")
					return run()
				}
			},
		},
		{
			name: "D3/NewRecords",
			says: "Save and SaveMany of new records through manyToMany do not look for pivot rows that cannot be there",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				sent := e.sends(t, 2, func() { require.NoError(t, ann.topics().Save(e.ctx, &wrTopic{Name: "x"}, model.Attrs{"level": 1})) })
				require.Equal(t, []string{"INSERT", "INSERT"}, see(e, "words", wrWords(sent)))
				sent = e.sends(t, 2, func() {
					require.NoError(t, ann.Related("topics").SaveMany(e.ctx, []*wrTopic{{Name: "y"}, {Name: "z"}}, model.Attrs{"level": 2}, nil))
				})
				require.Equal(t, []string{"INSERT", "INSERT"}, wrWords(sent))
				require.Equal(t, []string{"6:1", "7:2", "8"}, wrPivots(t, e, ann.ID))
				again := &wrTopic{Name: "with a key"}
				again.ID = 6
				require.ErrorIs(t, ann.topics().Save(e.ctx, again), model.ErrDuplicate)
			},
			twin: func(e *env) { e.seen["words"] = func(any) any { return []string{"INSERT", "SELECT", "INSERT"} } },
		},
		{
			name: "D3/DifferingAttributes",
			says: "Save with attributes that differ updates only these and updated_at of the pivot row, and the record carries the row then",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				topic, made := wrTopicAt(t, e, 2), e.clock.now
				require.NoError(t, bob.topics().Save(e.ctx, topic, model.Attrs{"level": "9"}))
				require.NoError(t, ann.topics().Save(e.ctx, topic, model.Attrs{"level": "1", "note": "n"}))
				later := wrLater(e)
				sent := wrSends(t, e, 2, func() { require.NoError(t, ann.topics().Save(e.ctx, topic, model.Attrs{"level": "2"})) })
				require.Equal(t, []string{"SELECT", "UPDATE"}, wrWords(sent))
				require.NotContains(t, sent[1], "note")
				require.Equal(t, []string{"2:2"}, wrPivots(t, e, ann.ID))
				require.Equal(t, []string{"2:9"}, wrPivots(t, e, bob.ID), "another author's row")
				for _, x := range []model.Extras{topic.Extras(), wrTopicsOf(t, e, ann)[0].Extras()} {
					require.Equal(t, "2", x.String("pivot_level"))
					require.Equal(t, "n", x.String("pivot_note"))
					require.True(t, made.Equal(x.Time("pivot_created_at")))
					require.True(t, later.Equal(x.Time("pivot_updated_at")), x.Time("pivot_updated_at"))
				}
				require.NoError(t, ann.topics().Save(e.ctx, topic, model.Attrs{"note": nil}))
				require.Nil(t, e.row(t, "SELECT note FROM wr_author_topics WHERE author_id = 1")["note"])
				require.Nil(t, topic.Extras()["pivot_note"])
			},
			twin: losingUpdates("level"),
		},
		{
			name: "D3/SaveDuplicate",
			says: "SaveDuplicate inserts a further pivot row where the relation allows it; elsewhere it is ErrDuplicate and changes nothing",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				topic := wrTopicAt(t, e, 2)
				e.sends(t, 1, func() { require.NoError(t, ann.tags().SaveDuplicate(e.ctx, topic, model.Attrs{"level": "1"})) })
				e.sends(t, 1, func() {
					require.NoError(t, e.do("again", func() error {
						return ann.Related("tags").SaveDuplicate(e.ctx, topic, model.Attrs{"level": "2"})
					}))
				})
				require.Equal(t, []string{"2:1", "2:2"}, wrTagged(t, e, ann.ID))
				require.Equal(t, "2", topic.Extras().String("pivot_level"))
				sent := e.sends(t, 1, func() { require.NoError(t, ann.tags().Save(e.ctx, topic)) })
				require.Equal(t, []string{"SELECT"}, wrWords(sent), "Save finds a row")
				require.NoError(t, ann.topics().SaveDuplicate(e.ctx, topic))
				before := wrPicture(topic, ann)
				e.sends(t, 1, func() {
					require.ErrorIs(t, ann.topics().SaveDuplicate(e.ctx, topic, model.Attrs{"level": "3"}), model.ErrDuplicate)
				})
				require.Equal(t, before, wrPicture(topic, ann))
				require.Equal(t, []string{"2"}, wrPivots(t, e, ann.ID))
			},
			twin: without("again"),
		},
		{
			name: "D3/BothDirections",
			says: "either side of a manyToMany sees and writes the same pivot rows",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				art := wrTopicAt(t, e, 1)
				require.NoError(t, art.authors().Attach(e.ctx, bob, relation.Pivot(ann, model.Attrs{"level": "2"})))
				require.Equal(t, []string{"1:2"}, wrPivots(t, e, ann.ID))
				e.sends(t, 1, func() { require.NoError(t, ann.topics().Save(e.ctx, art, model.Attrs{"level": "2"})) })
				require.NoError(t, art.authors().Save(e.ctx, bob, model.Attrs{"level": "4"}))
				require.Equal(t, []string{"1:4"}, wrPivots(t, e, bob.ID))
				cyd := &wrAuthor{Name: "cyd"}
				require.NoError(t, e.do("create", func() error { return art.authors().Create(e.ctx, cyd) }))
				require.Equal(t, []string{"1"}, wrPivots(t, e, cyd.ID))
				require.Equal(t, art.ID, cyd.Extras()["pivot_topic_id"])
			},
			twin: without("create"),
		},
	}
}
