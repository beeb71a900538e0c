// SPDX-License-Identifier: MIT

package faults_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Op is one way of writing.
type Op struct {
	name string
	api  []string // what it covers, by the names that the surface test knows
	// reads means that it writes nothing.
	reads bool
	// twin means that it is another, by a method of its own that passes on to it: one context and one
	// mode show that it does.
	twin bool
	// arrange loads or makes what the call works on.
	arrange func(t testing.TB, s *stage) *Call
}

// Call is a call that can be made, and made again.
type Call struct {
	run func(ctx context.Context, db *model.DB) error
	// records equal their rows after a success, but for the pending attributes.
	records []harness.Record
	pending []string
	// untouched are records that a success leaves as they are.
	untouched []harness.Record
	// results are the records that the call has returned. They equal their rows, and there are none
	// after an error.
	results func() []harness.Record
	// also returns what else is wrong after a success.
	also func(d dump) string
	// settled returns what is wrong after an error.
	settled func() string
}

// plainOps is every write of the public surface without relations, and every read.
func plainOps() []Op {
	return slices.Concat(
		createOps(), upsertOps(), recordOps(), bulkOps(), transactionOps(), readOps())
}

// methodOp is a call of a method on one record.
func methodOp[T any, P interface {
	model.Model[T]
	harness.Record
}](name, api string, id int64, change func(P), call func(ctx context.Context, rec P) error, pending ...string,
) Op {
	return Op{name: name, api: []string{api}, arrange: func(t testing.TB, s *stage) *Call {
		t.Helper()
		rec := P(find[T, P](t, s, id))
		if change != nil {
			change(rec)
		}
		return &Call{
			run:     func(ctx context.Context, _ *model.DB) error { return call(ctx, rec) },
			records: []harness.Record{rec}, pending: pending,
		}
	}}
}

// newOp is a call on new records.
func newOp[T any, P interface {
	model.Model[T]
	harness.Record
}](name, api string, fresh func() []P, call func(ctx context.Context, db *model.DB, list []P) error,
) Op {
	return Op{name: name, api: []string{api}, arrange: func(testing.TB, *stage) *Call {
		list := fresh()
		c := &Call{run: func(ctx context.Context, db *model.DB) error { return call(ctx, db, list) }}
		for _, rec := range list {
			c.records = append(c.records, rec)
		}
		return c
	}}
}

func someNick() *string {
	nick := "nick"
	return &nick
}

func newItems(names ...string) func() []*Item {
	return func() []*Item {
		list := make([]*Item, len(names))
		for i, name := range names {
			list[i] = &Item{Name: name, Nick: someNick(), Tags: []string{"t", name}}
		}
		return list
	}
}

// newPapers leaves the column with a default to the database in every other record, so that these
// form a statement of their own.
func newPapers(titles ...string) func() []*Paper {
	return func() []*Paper {
		list := make([]*Paper, len(titles))
		for i, title := range titles {
			list[i] = &Paper{Title: title}
			if i%2 == 1 {
				list[i].State = "set"
			}
		}
		return list
	}
}

func newTasks(titles ...string) func() []*Task {
	return func() []*Task {
		list := make([]*Task, len(titles))
		for i, title := range titles {
			list[i] = &Task{Title: title, Slug: "mine"}
		}
		return list
	}
}

// first passes the only record of a list on.
func first[P any](call func(ctx context.Context, db *model.DB, rec P) error) func(context.Context, *model.DB, []P) error {
	return func(ctx context.Context, db *model.DB, list []P) error { return call(ctx, db, list[0]) }
}

// createOps insert.
func createOps() []Op {
	return []Op{
		newOp("Create", "model.Create", newItems("n"), first(model.Create[Item])),
		newOp("Create/Default", "model.Create", newPapers("n"), first(model.Create[Paper])),
		newOp("Create/Hooks", "model.Create", newTasks("n"), first(model.Create[Task])),
		newOp("CreateQuietly", "model.CreateQuietly", newItems("n"), first(model.CreateQuietly[Item])),
		newOp("CreateQuietly/Hooks", "model.CreateQuietly", newTasks("n"), first(model.CreateQuietly[Task])),
		newOp("CreateMany", "model.CreateMany", newItems("n", "o", "p"), model.CreateMany[Item]),
		newOp("CreateMany/Sets", "model.CreateMany", newPapers("n", "o", "p"), model.CreateMany[Paper]),
		newOp("CreateMany/Hooks", "model.CreateMany", newTasks("n", "o"), model.CreateMany[Task]),
		newOp("Insert", "model.Insert", newItems("n", "o"), model.Insert[Item]),
		newOp("Insert/Sets", "model.Insert", newPapers("n", "o"), model.Insert[Paper]),
		newOp("Insert/Hooks", "model.Insert", newTasks("n", "o"), model.Insert[Task]),
		newOp("model.Save/Insert", "model.Save", newItems("n"), first(model.Save[Item])),
		newOp("model.Save/Insert/Hooks", "model.Save", newTasks("n"), first(model.Save[Task])),
		newOp("Save/Insert", "Record.Save", newItems("n"),
			func(ctx context.Context, db *model.DB, list []*Item) error {
				return list[0].Save(model.WithDB(ctx, db))
			}),
		newOp("Save/Insert/Hooks", "Record.Save", newTasks("n"),
			func(ctx context.Context, db *model.DB, list []*Task) error {
				return list[0].Save(model.WithDB(ctx, db))
			}),
		newOp("SaveQuietly/Insert", "model.SaveQuietly", newTasks("n"),
			func(ctx context.Context, db *model.DB, list []*Task) error {
				return model.SaveQuietly(model.WithDB(ctx, db), nil, list[0])
			}),
	}
}

// foundOp is a call that returns one record.
func foundOp[T any, P interface {
	model.Model[T]
	harness.Record
}](name, api string, call func(ctx context.Context, db *model.DB, search, values model.Attrs) (*T, error),
	search, values model.Attrs,
) Op {
	return Op{name: name, api: []string{api}, arrange: func(testing.TB, *stage) *Call {
		var found *T
		return &Call{
			run: func(ctx context.Context, db *model.DB) (err error) {
				found, err = call(ctx, db, search, values)
				return err
			},
			results: func() []harness.Record {
				if found == nil {
					return nil
				}
				return []harness.Record{P(found)}
			},
		}
	}}
}

// foundManyOp is a call that returns a list of records.
func foundManyOp[T any, P interface {
	model.Model[T]
	harness.Record
}](name, api string, call func(ctx context.Context, db *model.DB, keys []string, rows []model.Attrs) ([]*T, error),
	keys []string, rows ...model.Attrs,
) Op {
	return Op{name: name, api: []string{api}, arrange: func(testing.TB, *stage) *Call {
		var found []*T
		return &Call{
			run: func(ctx context.Context, db *model.DB) (err error) {
				found, err = call(ctx, db, keys, rows)
				return err
			},
			results: func() []harness.Record {
				var list []harness.Record
				for _, rec := range found {
					list = append(list, P(rec))
				}
				return list
			},
		}
	}}
}

// upsertOps insert or update.
func upsertOps() []Op {
	name := func(s string) model.Attrs { return model.Attrs{"name": s} }
	title := func(s string) model.Attrs { return model.Attrs{"title": s} }
	hits := model.Attrs{"hits": 9}
	both := func(value string) model.Attrs { return model.Attrs{"title": value, "hits": 9} }
	return []Op{
		newOp("Upsert", "model.Upsert", newItems("a", "n"),
			func(ctx context.Context, db *model.DB, list []*Item) error {
				return model.Upsert(ctx, db, list, []string{"name"})
			}),
		newOp("Upsert/Sets", "model.Upsert", newPapers("a", "n", "b"),
			func(ctx context.Context, db *model.DB, list []*Paper) error {
				return model.Upsert(ctx, db, list, []string{"Title"}, "state")
			}),
		foundOp[Item]("FirstOrCreate/Found", "model.FirstOrCreate", model.FirstOrCreate[Item], name("a"), hits),
		foundOp[Item]("FirstOrCreate/New", "model.FirstOrCreate", model.FirstOrCreate[Item], name("n"), hits),
		foundOp[Task]("FirstOrCreate/New/Hooks", "model.FirstOrCreate", model.FirstOrCreate[Task], title("n"), hits),
		foundOp[Item]("UpdateOrCreate/Found", "model.UpdateOrCreate", model.UpdateOrCreate[Item], name("a"), hits),
		foundOp[Paper]("UpdateOrCreate/Version", "model.UpdateOrCreate", model.UpdateOrCreate[Paper], title("a"), hits),
		foundOp[Task]("UpdateOrCreate/Found/Hooks", "model.UpdateOrCreate", model.UpdateOrCreate[Task], title("a"), hits),
		foundOp[Item]("UpdateOrCreate/New", "model.UpdateOrCreate", model.UpdateOrCreate[Item], name("n"), hits),
		foundOp[Task]("UpdateOrCreate/New/Hooks", "model.UpdateOrCreate", model.UpdateOrCreate[Task], title("n"), hits),
		foundManyOp[Item]("FetchOrCreateMany", "model.FetchOrCreateMany", model.FetchOrCreateMany[Item],
			[]string{"name"}, name("n"), name("a"), name("o"), name("n")),
		foundManyOp[Task]("FetchOrCreateMany/Hooks", "model.FetchOrCreateMany", model.FetchOrCreateMany[Task],
			[]string{"title"}, title("a"), title("n")),
		foundManyOp[Paper]("UpdateOrCreateMany", "model.UpdateOrCreateMany", model.UpdateOrCreateMany[Paper],
			[]string{"title"}, both("n"), both("a"), both("b")),
		foundManyOp[Task]("UpdateOrCreateMany/Hooks", "model.UpdateOrCreateMany", model.UpdateOrCreateMany[Task],
			[]string{"title"}, both("a"), both("n")),
	}
}

// wrong returns how records differ from their rows after a success.
func (c *Call) wrong(d dump) string {
	var wrong []string
	for _, rec := range c.records {
		if text := equalsRow(rec, d, c.pending); text != "" {
			wrong = append(wrong, text)
		}
	}
	if c.results != nil {
		for _, rec := range c.results() {
			if text := equalsRow(rec, d, nil); text != "" {
				wrong = append(wrong, "result: "+text)
			}
		}
	}
	if c.also != nil {
		if text := c.also(d); text != "" {
			wrong = append(wrong, text)
		}
	}
	return strings.Join(wrong, "\n")
}
