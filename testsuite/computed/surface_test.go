// SPDX-License-Identifier: MIT

package computed_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// sweep is what the sweep works on.
type sweep struct {
	e     *harness.Env
	shelf *shelf
	price int
}

// one returns a list of one record.
func one(i *item, err error) ([]*item, error) { return []*item{i}, err }

// next returns a record that is new.
func (s *sweep) next() *item {
	s.price++
	return &item{Price: s.price}
}

// stored returns a record that has a row.
func (s *sweep) stored(ctx context.Context) *item {
	i := s.next()
	if err := model.Create(ctx, s.e.DB, i); err != nil {
		panic(err)
	}
	return i
}

// attrs are values that no row has.
func (s *sweep) attrs() model.Attrs {
	s.price++
	return model.Attrs{"price": s.price}
}

// write does something with a record that has a row.
func (s *sweep) write(fn func(ctx context.Context, i *item) error) func(context.Context) ([]*item, error) {
	return func(ctx context.Context) ([]*item, error) {
		i := s.stored(ctx)
		i.Amount = 7
		return one(i, fn(ctx, i))
	}
}

// all does something with new records.
func (s *sweep) all(fn func(ctx context.Context, list []*item) error) func(context.Context) ([]*item, error) {
	return func(ctx context.Context) ([]*item, error) {
		list := []*item{s.next(), s.next()}
		return list, fn(ctx, list)
	}
}

// calls are the calls that write records, by the names of their functions and methods.
func (s *sweep) calls() map[string]func(ctx context.Context) ([]*item, error) {
	var db *model.DB
	if s.e != nil {
		db = s.e.DB
	}
	return map[string]func(ctx context.Context) ([]*item, error){
		"Create": func(ctx context.Context) ([]*item, error) {
			i := s.next()
			return one(i, model.Create(ctx, db, i))
		},
		"CreateQuietly": func(ctx context.Context) ([]*item, error) {
			i := s.next()
			return one(i, model.CreateQuietly(ctx, db, i))
		},
		"CreateMany": s.all(func(ctx context.Context, list []*item) error { return model.CreateMany(ctx, db, list) }),
		"Insert":     s.all(func(ctx context.Context, list []*item) error { return model.Insert(ctx, db, list) }),
		"Upsert": func(ctx context.Context) ([]*item, error) {
			list := []*item{s.stored(ctx), s.stored(ctx)}
			list[0].Amount = 7
			return list, model.Upsert(ctx, db, list, nil)
		},
		"Save":          s.write(func(ctx context.Context, i *item) error { return i.Save(ctx) }),
		"SaveQuietly":   s.write(func(ctx context.Context, i *item) error { return model.SaveQuietly(ctx, db, i) }),
		"Delete":        s.write(func(ctx context.Context, i *item) error { return i.Delete(ctx) }),
		"DeleteQuietly": s.write(func(ctx context.Context, i *item) error { return model.DeleteQuietly(ctx, db, i) }),
		"Restore": s.write(func(ctx context.Context, i *item) error {
			if err := i.Delete(ctx); err != nil {
				return err
			}
			return i.Restore(ctx)
		}),
		"Touch":     s.write(func(ctx context.Context, i *item) error { s.e.Clock.Add(time.Second); return i.Touch(ctx) }),
		"Increment": s.write(func(ctx context.Context, i *item) error { return i.Increment(ctx, "price", 100_000) }),
		"Decrement": s.write(func(ctx context.Context, i *item) error { return i.Decrement(ctx, "price", 100_000) }),
		"Push":      s.write(func(ctx context.Context, i *item) error { return i.Push(ctx) }),
		"WithLock": s.write(func(ctx context.Context, i *item) error {
			return i.WithLock(ctx, func(ctx context.Context, locked *item) error { locked.Amount = 8; return locked.Save(ctx) })
		}),
		"Associate": s.write(func(ctx context.Context, i *item) error {
			return relation.BelongsTo(i, &i.Shelf).Associate(ctx, s.shelf)
		}),
		"Dissociate": s.write(func(ctx context.Context, i *item) error {
			if err := relation.BelongsTo(i, &i.Shelf).Associate(ctx, s.shelf); err != nil {
				return err
			}
			return relation.BelongsTo(i, &i.Shelf).Dissociate(ctx)
		}),
		"FirstOrCreate": func(ctx context.Context) ([]*item, error) {
			return one(model.FirstOrCreate[item](ctx, db, s.attrs(), nil))
		},
		"UpdateOrCreate": func(ctx context.Context) ([]*item, error) {
			return one(model.UpdateOrCreate[item](ctx, db, model.Attrs{"price": s.stored(ctx).Price}, model.Attrs{"amount": 6}))
		},
		"FetchOrCreateMany": func(ctx context.Context) ([]*item, error) {
			return model.FetchOrCreateMany[item](ctx, db, []string{"price"}, []model.Attrs{{"price": s.stored(ctx).Price}, s.attrs()})
		},
		"UpdateOrCreateMany": func(ctx context.Context) ([]*item, error) {
			return model.UpdateOrCreateMany[item](ctx, db, []string{"price"}, []model.Attrs{{"price": s.stored(ctx).Price, "amount": 5}, s.attrs()})
		},
	}
}

// related are the calls of the clients of relations.
func (s *sweep) related(owner *shelf) map[string]func(ctx context.Context) ([]*item, error) {
	items, boxes := relation.HasMany(owner, &owner.Items), relation.ManyToMany(owner, &owner.Boxes)
	untyped := owner.Related("boxes")
	return map[string]func(ctx context.Context) ([]*item, error){
		"ManyClient.Create": func(ctx context.Context) ([]*item, error) {
			i := s.next()
			return one(i, items.Create(ctx, i))
		},
		"ManyClient.Save":       s.write(func(ctx context.Context, i *item) error { return items.Save(ctx, i) }),
		"ManyClient.CreateMany": s.all(func(ctx context.Context, list []*item) error { return items.CreateMany(ctx, list) }),
		"ManyClient.SaveMany":   s.all(func(ctx context.Context, list []*item) error { return items.SaveMany(ctx, list) }),
		"ManyClient.FirstOrCreate": func(ctx context.Context) ([]*item, error) {
			return one(items.FirstOrCreate(ctx, s.attrs(), nil))
		},
		"ManyClient.UpdateOrCreate": func(ctx context.Context) ([]*item, error) {
			return one(items.UpdateOrCreate(ctx, s.attrs(), model.Attrs{"amount": 4}))
		},
		"ManyClient.FetchOrCreateMany": func(ctx context.Context) ([]*item, error) {
			return items.FetchOrCreateMany(ctx, []string{"price"}, []model.Attrs{s.attrs(), s.attrs()})
		},
		"ManyClient.UpdateOrCreateMany": func(ctx context.Context) ([]*item, error) {
			return items.UpdateOrCreateMany(ctx, []string{"price"}, []model.Attrs{s.attrs(), s.attrs()})
		},
		"ManyToManyClient.Create": func(ctx context.Context) ([]*item, error) {
			i := s.next()
			return one(i, boxes.Create(ctx, i))
		},
		"ManyToManyClient.CreateMany": s.all(func(ctx context.Context, list []*item) error { return boxes.CreateMany(ctx, list) }),
		"ManyToManyClient.SaveMany":   s.all(func(ctx context.Context, list []*item) error { return boxes.SaveMany(ctx, list) }),
		"ManyToManyClient.SaveDuplicate": s.write(func(ctx context.Context, i *item) error {
			return boxes.SaveDuplicate(ctx, i)
		}),
		"ManyToManyClient.UpdateOrCreate": func(ctx context.Context) ([]*item, error) {
			return one(boxes.UpdateOrCreate(ctx, s.attrs(), model.Attrs{"amount": 4}))
		},
		"ManyToManyClient.FetchOrCreateMany": func(ctx context.Context) ([]*item, error) {
			return boxes.FetchOrCreateMany(ctx, []string{"price"}, []model.Attrs{s.attrs(), s.attrs()})
		},
		"Client.Create": func(ctx context.Context) ([]*item, error) {
			i := s.next()
			return one(i, untyped.Create(ctx, i))
		},
		"Client.Save":       s.write(func(ctx context.Context, i *item) error { return untyped.Save(ctx, i) }),
		"Client.CreateMany": s.all(func(ctx context.Context, list []*item) error { return untyped.CreateMany(ctx, list) }),
		"OneClient.Create": func(ctx context.Context) ([]*item, error) {
			owner, i := &shelf{}, s.next()
			if err := model.Create(ctx, s.e.DB, owner); err != nil {
				return nil, err
			}
			return one(i, relation.HasOne(owner, &owner.Top).Create(ctx, i))
		},
		"OneClient.UpdateOrCreate": func(ctx context.Context) ([]*item, error) {
			owner := &shelf{}
			if err := model.Create(ctx, s.e.DB, owner); err != nil {
				return nil, err
			}
			return one(relation.HasOne(owner, &owner.Top).UpdateOrCreate(ctx, s.attrs(), model.Attrs{"amount": 4}))
		},
	}
}

// requireRow requires that a record equals its row, in its fields and in what it takes for its row.
func requireRow(t *testing.T, e *harness.Env, name string, i *item) {
	t.Helper()
	row, err := model.Query[item](e.DB).WithTrashed().Find(e.Ctx, i.ID)
	require.NoError(t, err, name)
	require.Equal(t, row.Attributes(), i.Attributes(), name)
	require.Equal(t, row.Attributes(), i.Original(), name)
	require.False(t, i.IsDirty(), name)
}

// After every call that writes records, inside and outside of a transaction, they equal their rows.
func TestRecordsEqualTheirRowsAfterEveryCall(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &shelf{}, &item{})
		s := &sweep{e: e, shelf: &shelf{}}
		require.NoError(t, model.Create(e.Ctx, e.DB, s.shelf))
		n := 0
		for _, calls := range []map[string]func(ctx context.Context) ([]*item, error){s.calls(), s.related(s.shelf)} {
			for name, call := range calls {
				list, err := call(e.Ctx)
				require.NoError(t, err, name)
				require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
					within, err := call(ctx)
					list = append(list, within...)
					return err
				}), name)
				for _, i := range list {
					n++
					switch name {
					case "WithLock": // another record of the row was written
						require.NoError(t, i.Refresh(e.Ctx))
					case "Delete", "DeleteQuietly", "Restore", "Touch", "Increment", "Decrement": // a change that they do not write stays
						require.Equal(t, model.Attrs{"Amount": 7}, i.Dirty(), name)
						i.Amount = 2
					}
					requireRow(t, e, name, i)
				}
			}
		}
		t.Logf("%d records compared", n)
	})
}

// notWriting are the functions with a context that write no record which the caller has, with the reason.
func notWriting() map[string]string {
	const reads, rows, pivot, handle = "reads", "writes rows and no record", "writes pivot rows", "gives a context or a handle"
	return map[string]string{
		"Load": reads, "LoadMissing": reads, "LoadCount": reads, "LoadAggregate": reads, "LoadSum": reads, "LoadMin": reads, "LoadMax": reads,
		"LoadAvg": reads, "LoadExists": reads, "Refresh": reads, "Fresh": reads, "All": reads, "First": reads, "Sole": reads, "Find": reads,
		"FindBy": reads, "FindMany": reads, "Each": reads, "Chunk": reads, "Count": reads, "Exists": reads, "Pluck": reads, "Sum": reads,
		"Avg": reads, "Min": reads, "Max": reads, "Paginate": reads, "CursorPaginate": reads, "FirstOrNew": reads, "FindOrNew": reads,
		"FetchOrNewUpMany": reads, "Get": reads,
		"Update": rows, "Truncate": rows, "ForceDelete": "leaves no row", "Migrate": "changes tables",
		"Attach": pivot, "AttachEach": pivot, "Detach": pivot, "DetachAll": pivot, "UpdateExistingPivot": pivot, "Sync": pivot,
		"SyncWithoutDetaching": pivot, "SyncWithPivotValues": pivot, "Toggle": pivot,
		"Transaction": handle, "Begin": handle, "AfterCommit": handle, "WithDB": handle, "WithSchema": handle, "WithPrimary": handle, "Annotate": handle,
		"Sticky": handle, "Without": handle,
	}
}

// Every public function with a context is swept, or said to write no record.
func TestEveryCallThatWritesIsSwept(t *testing.T) {
	t.Parallel()
	swept := map[string]bool{}
	s := &sweep{}
	for name := range s.calls() {
		swept[name] = true
	}
	for name := range s.related(&shelf{}) {
		_, method, _ := strings.Cut(name, ".")
		swept[method] = true
	}
	known := notWriting()
	for _, f := range harness.Surface(t) {
		of, name, _ := strings.Cut(f.Name, ".")
		if !f.TakesContext() || strings.HasSuffix(of, "Hook") {
			continue
		}
		require.True(t, swept[name] || known[name] != "", "%s takes a context; sweep it, or say why it writes no record", f.Name)
	}
}
