// SPDX-License-Identifier: MIT

package rollback_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// write is a call that writes a record, from a state that start makes, and the moments of its hooks.
type write struct {
	name    string
	start   func(t testing.TB, e *harness.Env) *page
	run     func(ctx context.Context, db *model.DB, p *page) error
	moments []hooks.Moment
}

func fresh(testing.TB, *harness.Env) *page { return &page{Title: "new", Words: []string{"a"}} }

// pending is a record with a row and a change that is not saved.
func pending(t testing.TB, e *harness.Env) *page {
	t.Helper()
	p := fresh(t, e)
	require.NoError(t, model.CreateQuietly(e.Ctx, e.DB, p))
	p.Title, p.Words = "pending", []string{"a", "b"}
	return p
}

func trashed(t testing.TB, e *harness.Env) *page {
	t.Helper()
	p := pending(t, e)
	require.NoError(t, model.DeleteQuietly(e.Ctx, e.DB, p))
	return p
}

func writes() []write {
	creating := []hooks.Moment{hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved}
	updating := []hooks.Moment{hooks.Updating, hooks.Saving, hooks.Updated, hooks.Saved}
	stepping := []hooks.Moment{hooks.Updating, hooks.Updated}
	deleting := []hooks.Moment{hooks.Deleting, hooks.Deleted}
	return []write{
		{"Create", fresh, func(ctx context.Context, db *model.DB, p *page) error { return model.Create(ctx, db, p) }, creating},
		{"CreateMany", fresh, func(ctx context.Context, db *model.DB, p *page) error {
			return model.CreateMany(ctx, db, []*page{{Title: "first"}, p, {Title: "last"}})
		}, creating},
		{"Save", pending, func(ctx context.Context, _ *model.DB, p *page) error { return p.Save(ctx) }, updating},
		{"Push", pending, func(ctx context.Context, _ *model.DB, p *page) error { return p.Push(ctx) }, updating},
		{"Increment", pending, func(ctx context.Context, _ *model.DB, p *page) error { return p.Increment(ctx, "hits", 2) }, stepping},
		{"Touch", pending, func(ctx context.Context, _ *model.DB, p *page) error { return p.Touch(ctx) }, stepping},
		{"Refresh", pending, func(ctx context.Context, _ *model.DB, p *page) error { return p.Refresh(ctx) }, []hooks.Moment{hooks.Found}},
		{"Delete", pending, func(ctx context.Context, _ *model.DB, p *page) error { return p.Delete(ctx) }, deleting},
		{"ForceDelete", pending, func(ctx context.Context, _ *model.DB, p *page) error { return p.ForceDelete(ctx) }, deleting},
		{
			"Restore", trashed, func(ctx context.Context, _ *model.DB, p *page) error { return p.Restore(ctx) },
			[]hooks.Moment{hooks.Restoring, hooks.Restored},
		},
	}
}

// nestedWrites are what a hook does to its record.
func nestedWrites() map[string]func(ctx context.Context, p *page) error {
	save := func(ctx context.Context, p *page) error {
		p.Slug, p.Words = "slug-"+p.Title, append(p.Words, "c")
		p.Extras()["nested"] = true
		return p.Save(ctx)
	}
	return map[string]func(ctx context.Context, p *page) error{
		"assign":      func(_ context.Context, p *page) error { p.Slug = "assigned"; return nil },
		"Save":        save,
		"SaveQuietly": func(ctx context.Context, p *page) error { return save(hooks.Without(ctx), p) },
		"Save twice": func(ctx context.Context, p *page) error {
			if err := save(ctx, p); err != nil {
				return err
			}
			p.Hits = 9
			return p.Save(ctx)
		},
		"Increment":   func(ctx context.Context, p *page) error { return p.Increment(ctx, "hits", 1) },
		"Touch":       func(ctx context.Context, p *page) error { return p.Touch(ctx) },
		"Refresh":     func(ctx context.Context, p *page) error { return p.Refresh(ctx) },
		"Push":        func(ctx context.Context, p *page) error { p.Slug = "pushed"; return p.Push(ctx) },
		"Delete":      func(ctx context.Context, p *page) error { return p.Delete(ctx) },
		"ForceDelete": func(ctx context.Context, p *page) error { return p.ForceDelete(ctx) },
		"Restore":     func(ctx context.Context, p *page) error { return p.Restore(ctx) },
	}
}

// around are the ways in which a hook makes its nested write.
func around(e *harness.Env) map[string]func(nested func(context.Context, *page) error) func(context.Context, *page) error {
	type fn = func(context.Context, *page) error
	return map[string]func(nested fn) fn{
		"plain": func(nested fn) fn { return nested },
		"in a transaction": func(nested fn) fn {
			return func(ctx context.Context, p *page) error {
				return e.DB.Transaction(ctx, func(ctx context.Context, _ *model.DB) error { return nested(ctx, p) })
			}
		},
		"undone": func(nested fn) fn {
			return func(ctx context.Context, p *page) error {
				before := look(p)
				_ = e.DB.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
					_ = nested(ctx, p)
					return errUndo
				})
				if s, ok := ctx.Value(scriptKey{}).(*script); ok {
					s.saw = nil // the state after this undo, not after that of the call
				}
				if after := look(p); after.New != before.New || after.Deleted != before.Deleted || after.Trashed != before.Trashed {
					return fmt.Errorf("the hook's own undo left %+v of %+v", after, before)
				}
				return nil
			}
		},
		"then failing": func(nested fn) fn {
			return func(ctx context.Context, p *page) error {
				if err := nested(ctx, p); err != nil {
					return err
				}
				return errUndo
			}
		},
	}
}

// end is how the transaction around a write ends. It reports whether the write is undone, and calls check while the write is undone
// in a transaction that goes on.
type end func(ctx context.Context, e *harness.Env, run func(ctx context.Context, db *model.DB) error, check func()) (undone bool)

func ends() map[string]end {
	undo := func(ctx context.Context, e *harness.Env, run func(ctx context.Context, db *model.DB) error) {
		_ = e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
			_ = run(ctx, tx)
			return errUndo
		})
	}
	return map[string]end{
		"alone": func(ctx context.Context, e *harness.Env, run func(context.Context, *model.DB) error, _ func()) bool {
			return run(ctx, e.DB) != nil
		},
		"in a transaction": func(ctx context.Context, e *harness.Env, run func(context.Context, *model.DB) error, check func()) bool {
			failed := false
			err := e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				if failed = run(ctx, tx) != nil; failed {
					check() // the transaction goes on
				}
				return nil
			})
			return failed || err != nil
		},
		"rolled back": func(ctx context.Context, e *harness.Env, run func(context.Context, *model.DB) error, _ func()) bool {
			undo(ctx, e, run)
			return true
		},
		"rolled back to a savepoint": func(ctx context.Context, e *harness.Env, run func(context.Context, *model.DB) error, check func()) bool {
			return e.DB.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
				undo(ctx, e, run)
				check()
				return nil
			}) == nil
		},
		"savepoint kept, then rolled back": func(
			ctx context.Context, e *harness.Env, run func(context.Context, *model.DB) error, _ func(),
		) bool {
			undo(ctx, e, func(ctx context.Context, tx *model.DB) error { return tx.Transaction(ctx, run) })
			return true
		},
		"beside a failing sibling": func(ctx context.Context, e *harness.Env, run func(context.Context, *model.DB) error, _ func()) bool {
			undo(ctx, e, func(ctx context.Context, tx *model.DB) error {
				if err := run(ctx, tx); err != nil {
					return err
				}
				sibling := &page{ID: 1 << 40, Title: "sibling"}
				_ = model.CreateQuietly(ctx, tx, sibling)
				return model.Create(ctx, tx, &page{ID: sibling.ID})
			})
			return true
		},
	}
}

// sample is the part of the combinations that run where a database is a server: one of so many.
const sample = 11

func TestNestedWritesAreUndoneWithTheirCall(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &page{})
		n := 0
		for _, w := range writes() {
			for _, at := range w.moments {
				n += sweep(t, e, w, at)
			}
		}
		t.Logf("%d combinations", n)
	})
}

// sweep runs a write with every nested write in the hook of one moment, and returns how many there were.
func sweep(t *testing.T, e *harness.Env, w write, at hooks.Moment) (n int) {
	t.Helper()
	tried := 0
	nested, wraps, how := nestedWrites(), around(e), ends()
	for _, nestedName := range slices.Sorted(maps.Keys(nested)) {
		for _, aroundName := range slices.Sorted(maps.Keys(wraps)) {
			for _, endName := range slices.Sorted(maps.Keys(how)) {
				if tried++; e.Database.Name != "SQLite" && tried%sample != 0 {
					continue
				}
				if w.name == "Refresh" && endName == "alone" { // it begins no transaction
					continue
				}
				name := fmt.Sprintf("%s, %s: %s %s, %s", w.name, at, nestedName, aroundName, endName)
				sweepOne(t, e, name, w, &script{at: at, do: wraps[aroundName](nested[nestedName])}, how[endName])
				n++
			}
		}
	}
	return n
}

// sweepOne runs one write with one nested write and one end, and requires what is true afterwards.
func sweepOne(t *testing.T, e *harness.Env, name string, w write, s *script, end end) {
	t.Helper()
	e.Exec(t, "DELETE FROM pages")
	p := w.start(t, e)
	before, rows := look(p), e.Rows(t, "SELECT * FROM pages ORDER BY id")
	undone := end(with(e.Ctx, s), e, func(ctx context.Context, db *model.DB) error { return w.run(ctx, db, p) }, func() {
		require.Equal(t, before, look(p), "%s: in the transaction, after the undo", name)
	})
	if !s.reached {
		t.Errorf("%s: the hook did not run", name)
	}
	if undone {
		require.Equal(t, before, look(p), "%s: after the undo", name)
		require.Equal(t, rows, e.Rows(t, "SELECT * FROM pages ORDER BY id"), "%s: rows after the undo", name)
		if saw, ok := s.saw[p]; ok {
			require.Equal(t, before, saw, "%s: in the RolledBack hook", name)
		}
		require.NoError(t, model.SaveQuietly(e.Ctx, e.DB, p), "%s: once more", name)
		require.Empty(t, p.Dirty(), "%s: after it was saved once more", name)
	}
	requireRow(t, e, p, name)
}
