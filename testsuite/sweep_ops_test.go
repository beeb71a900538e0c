// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"slices"
	"testing"

	"github.com/kindred-orm/kindred/model"
)

// sweepOp is one way of writing.
type sweepOp struct {
	name string
	api  []string // what it covers, by the names that the surface test knows
	// reads means that it writes nothing.
	reads bool
	// twin means that it is another, by a method of its own that passes on to it: one context and one
	// mode show that it does.
	twin bool
	// arrange loads or makes what the call works on.
	arrange func(t testing.TB, s *sweepStage) *sweepCall
}

// sweepCall is a call that can be made, and made again.
type sweepCall struct {
	run func(ctx context.Context, db *model.DB) error
	// records equal their rows after a success, but for the pending attributes.
	records []sweepRecord
	pending []string
	// untouched are records that a success leaves as they are.
	untouched []sweepRecord
	// results are the records that the call has returned. They equal their rows, and there are none
	// after an error.
	results func() []sweepRecord
	// also returns what else is wrong after a success.
	also func(d sweepDump) string
	// settled returns what is wrong after an error.
	settled func() string
}

// sweepOps is every write of the public surface without relations, and every read.
func sweepOps() []sweepOp {
	return slices.Concat(
		sweepCreateOps(), sweepUpsertOps(), sweepRecordOps(), sweepBulkOps(), sweepTransactionOps(), sweepReadOps())
}

// sweepMethod is a call of a method on one record.
func sweepMethod[T any, P interface {
	model.Model[T]
	sweepRecord
}](name, api string, id int64, change func(P), call func(ctx context.Context, rec P) error, pending ...string,
) sweepOp {
	return sweepOp{name: name, api: []string{api}, arrange: func(t testing.TB, s *sweepStage) *sweepCall {
		t.Helper()
		rec := P(sweepFind[T, P](t, s, id))
		if change != nil {
			change(rec)
		}
		return &sweepCall{
			run:     func(ctx context.Context, _ *model.DB) error { return call(ctx, rec) },
			records: []sweepRecord{rec}, pending: pending,
		}
	}}
}

// sweepNew is a call on new records.
func sweepNew[T any, P interface {
	model.Model[T]
	sweepRecord
}](name, api string, fresh func() []P, call func(ctx context.Context, db *model.DB, list []P) error,
) sweepOp {
	return sweepOp{name: name, api: []string{api}, arrange: func(testing.TB, *sweepStage) *sweepCall {
		list := fresh()
		c := &sweepCall{run: func(ctx context.Context, db *model.DB) error { return call(ctx, db, list) }}
		for _, rec := range list {
			c.records = append(c.records, rec)
		}
		return c
	}}
}

func sweepNick() *string {
	nick := "nick"
	return &nick
}

func sweepItems(names ...string) func() []*sweepItem {
	return func() []*sweepItem {
		list := make([]*sweepItem, len(names))
		for i, name := range names {
			list[i] = &sweepItem{Name: name, Nick: sweepNick(), Tags: []string{"t", name}}
		}
		return list
	}
}

// sweepPapers leaves the column with a default to the database in every other record, so that these
// form a statement of their own.
func sweepPapers(titles ...string) func() []*sweepPaper {
	return func() []*sweepPaper {
		list := make([]*sweepPaper, len(titles))
		for i, title := range titles {
			list[i] = &sweepPaper{Title: title}
			if i%2 == 1 {
				list[i].State = "set"
			}
		}
		return list
	}
}

func sweepTasks(titles ...string) func() []*sweepTask {
	return func() []*sweepTask {
		list := make([]*sweepTask, len(titles))
		for i, title := range titles {
			list[i] = &sweepTask{Title: title, Slug: "mine"}
		}
		return list
	}
}

// sweepFirst passes the only record of a list on.
func sweepFirst[P any](call func(ctx context.Context, db *model.DB, rec P) error) func(context.Context, *model.DB, []P) error {
	return func(ctx context.Context, db *model.DB, list []P) error { return call(ctx, db, list[0]) }
}

// sweepCreateOps insert.
func sweepCreateOps() []sweepOp {
	return []sweepOp{
		sweepNew("Create", "model.Create", sweepItems("n"), sweepFirst(model.Create[sweepItem])),
		sweepNew("Create/Default", "model.Create", sweepPapers("n"), sweepFirst(model.Create[sweepPaper])),
		sweepNew("Create/Hooks", "model.Create", sweepTasks("n"), sweepFirst(model.Create[sweepTask])),
		sweepNew("CreateQuietly", "model.CreateQuietly", sweepItems("n"), sweepFirst(model.CreateQuietly[sweepItem])),
		sweepNew("CreateQuietly/Hooks", "model.CreateQuietly", sweepTasks("n"), sweepFirst(model.CreateQuietly[sweepTask])),
		sweepNew("CreateMany", "model.CreateMany", sweepItems("n", "o", "p"), model.CreateMany[sweepItem]),
		sweepNew("CreateMany/Sets", "model.CreateMany", sweepPapers("n", "o", "p"), model.CreateMany[sweepPaper]),
		sweepNew("CreateMany/Hooks", "model.CreateMany", sweepTasks("n", "o"), model.CreateMany[sweepTask]),
		sweepNew("Insert", "model.Insert", sweepItems("n", "o"), model.Insert[sweepItem]),
		sweepNew("Insert/Sets", "model.Insert", sweepPapers("n", "o"), model.Insert[sweepPaper]),
		sweepNew("Insert/Hooks", "model.Insert", sweepTasks("n", "o"), model.Insert[sweepTask]),
		sweepNew("model.Save/Insert", "model.Save", sweepItems("n"), sweepFirst(model.Save[sweepItem])),
		sweepNew("model.Save/Insert/Hooks", "model.Save", sweepTasks("n"), sweepFirst(model.Save[sweepTask])),
		sweepNew("Save/Insert", "Record.Save", sweepItems("n"),
			func(ctx context.Context, db *model.DB, list []*sweepItem) error {
				return list[0].Save(model.WithDB(ctx, db))
			}),
		sweepNew("Save/Insert/Hooks", "Record.Save", sweepTasks("n"),
			func(ctx context.Context, db *model.DB, list []*sweepTask) error {
				return list[0].Save(model.WithDB(ctx, db))
			}),
		sweepNew("SaveQuietly/Insert", "model.SaveQuietly", sweepTasks("n"),
			func(ctx context.Context, db *model.DB, list []*sweepTask) error {
				return model.SaveQuietly(model.WithDB(ctx, db), nil, list[0])
			}),
	}
}

// sweepFound is a call that returns one record.
func sweepFound[T any, P interface {
	model.Model[T]
	sweepRecord
}](name, api string, call func(ctx context.Context, db *model.DB, search, values model.Attrs) (*T, error),
	search, values model.Attrs,
) sweepOp {
	return sweepOp{name: name, api: []string{api}, arrange: func(testing.TB, *sweepStage) *sweepCall {
		var found *T
		return &sweepCall{
			run: func(ctx context.Context, db *model.DB) (err error) {
				found, err = call(ctx, db, search, values)
				return err
			},
			results: func() []sweepRecord {
				if found == nil {
					return nil
				}
				return []sweepRecord{P(found)}
			},
		}
	}}
}

// sweepFoundMany is a call that returns a list of records.
func sweepFoundMany[T any, P interface {
	model.Model[T]
	sweepRecord
}](name, api string, call func(ctx context.Context, db *model.DB, keys []string, rows []model.Attrs) ([]*T, error),
	keys []string, rows ...model.Attrs,
) sweepOp {
	return sweepOp{name: name, api: []string{api}, arrange: func(testing.TB, *sweepStage) *sweepCall {
		var found []*T
		return &sweepCall{
			run: func(ctx context.Context, db *model.DB) (err error) {
				found, err = call(ctx, db, keys, rows)
				return err
			},
			results: func() []sweepRecord {
				var list []sweepRecord
				for _, rec := range found {
					list = append(list, P(rec))
				}
				return list
			},
		}
	}}
}

// sweepUpsertOps insert or update.
func sweepUpsertOps() []sweepOp {
	name := func(s string) model.Attrs { return model.Attrs{"name": s} }
	title := func(s string) model.Attrs { return model.Attrs{"title": s} }
	hits := model.Attrs{"hits": 9}
	both := func(value string) model.Attrs { return model.Attrs{"title": value, "hits": 9} }
	return []sweepOp{
		sweepNew("Upsert", "model.Upsert", sweepItems("a", "n"),
			func(ctx context.Context, db *model.DB, list []*sweepItem) error {
				return model.Upsert(ctx, db, list, []string{"name"})
			}),
		sweepNew("Upsert/Sets", "model.Upsert", sweepPapers("a", "n", "b"),
			func(ctx context.Context, db *model.DB, list []*sweepPaper) error {
				return model.Upsert(ctx, db, list, []string{"Title"}, "state")
			}),
		sweepFound[sweepItem]("FirstOrCreate/Found", "model.FirstOrCreate", model.FirstOrCreate[sweepItem], name("a"), hits),
		sweepFound[sweepItem]("FirstOrCreate/New", "model.FirstOrCreate", model.FirstOrCreate[sweepItem], name("n"), hits),
		sweepFound[sweepTask]("FirstOrCreate/New/Hooks", "model.FirstOrCreate", model.FirstOrCreate[sweepTask], title("n"), hits),
		sweepFound[sweepItem]("UpdateOrCreate/Found", "model.UpdateOrCreate", model.UpdateOrCreate[sweepItem], name("a"), hits),
		sweepFound[sweepPaper]("UpdateOrCreate/Version", "model.UpdateOrCreate", model.UpdateOrCreate[sweepPaper], title("a"), hits),
		sweepFound[sweepTask]("UpdateOrCreate/Found/Hooks", "model.UpdateOrCreate", model.UpdateOrCreate[sweepTask], title("a"), hits),
		sweepFound[sweepItem]("UpdateOrCreate/New", "model.UpdateOrCreate", model.UpdateOrCreate[sweepItem], name("n"), hits),
		sweepFound[sweepTask]("UpdateOrCreate/New/Hooks", "model.UpdateOrCreate", model.UpdateOrCreate[sweepTask], title("n"), hits),
		sweepFoundMany[sweepItem]("FetchOrCreateMany", "model.FetchOrCreateMany", model.FetchOrCreateMany[sweepItem],
			[]string{"name"}, name("n"), name("a"), name("o"), name("n")),
		sweepFoundMany[sweepTask]("FetchOrCreateMany/Hooks", "model.FetchOrCreateMany", model.FetchOrCreateMany[sweepTask],
			[]string{"title"}, title("a"), title("n")),
		sweepFoundMany[sweepPaper]("UpdateOrCreateMany", "model.UpdateOrCreateMany", model.UpdateOrCreateMany[sweepPaper],
			[]string{"title"}, both("n"), both("a"), both("b")),
		sweepFoundMany[sweepTask]("UpdateOrCreateMany/Hooks", "model.UpdateOrCreateMany", model.UpdateOrCreateMany[sweepTask],
			[]string{"title"}, both("a"), both("n")),
	}
}
