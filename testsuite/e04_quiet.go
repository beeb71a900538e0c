// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// quietPromises are those of row E4, and about what Register finds wrong with hooks.
func quietPromises() []promise {
	return []promise{
		{
			name: "E4/QuietVariants",
			says: "SaveQuietly, DeleteQuietly and CreateQuietly write the same row and run no hooks",
			check: func(t testing.TB, e *env) {
				j := seedHooked(t, e)
				h := &hooked{Name: "a"}
				quiet := func(name string, statements int, fn func() error) {
					e.sends(t, statements, func() { require.NoError(t, e.do("quiet", fn), name) })
					require.Empty(t, j.take(), name)
				}
				quiet("create", 1, func() error { return model.CreateQuietly(e.ctx, e.db, h) })
				h.Kind = "x"
				quiet("save", 1, func() error { return model.SaveQuietly(e.ctx, nil, h) })
				require.Equal(t, "x", hookedByName(t, e, "a").Kind)
				quiet("clean save", 0, func() error { return model.SaveQuietly(e.ctx, nil, h) })
				quiet("delete", 1, func() error { return model.DeleteQuietly(e.ctx, nil, h) })
				require.True(t, h.Trashed())
				quiet("insert", 1, func() error { return model.Insert(e.ctx, e.db, []*hooked{{Name: "b"}, {Name: "c"}}) })
				quiet("upsert", 1, func() error { return model.Upsert(e.ctx, e.db, []*hooked{{Name: "b"}}, []string{"name"}) })
				quiet("truncate", 1, func() error { return model.Truncate[hooked](e.ctx, e.db) })
			},
			twin: func(e *env) {
				e.op["quiet"] = func(run func() error) error {
					return firstError(run(), (&hooked{Name: "twin"}).Saving(e.ctx))
				}
			},
		},
		{
			name: "E4/Without",
			says: "hooks.Without silences every write and query that gets its context, also in transactions",
			check: func(t testing.TB, e *env) {
				j := seedHooked(t, e, "a")
				loud := e.ctx
				j.query["fetching"] = func(_ context.Context, q *relation.Query) error { q.Where("name", "nobody"); return nil }
				silent := hooks.Without(e.ctx)
				require.NoError(t, e.db.Transaction(silent, func(ctx context.Context, tx *model.DB) error {
					h := &hooked{Name: "b"}
					require.NoError(t, model.Create(ctx, tx, h))
					h.Kind = "x"
					require.NoError(t, h.Save(ctx))
					require.NoError(t, h.Increment(ctx, "visits", 1))
					require.NoError(t, h.Touch(ctx))
					require.NoError(t, h.Refresh(ctx))
					require.NoError(t, h.Delete(ctx))
					require.NoError(t, h.Restore(ctx))
					require.NoError(t, h.ForceDelete(ctx))
					require.NoError(t, model.CreateMany(ctx, tx, []*hooked{{Name: "c"}}))
					_, err := model.FirstOrCreate[hooked](ctx, tx, model.Attrs{"name": "d"}, nil)
					require.NoError(t, err)
					_, err = model.UpdateOrCreate[hooked](ctx, tx, model.Attrs{"name": "d"}, model.Attrs{"kind": "z"})
					require.NoError(t, err)
					list, err := model.Query[hooked](tx).All(ctx)
					require.NoError(t, err)
					require.Len(t, list, 3)
					_, err = model.Query[hooked](tx).First(ctx)
					require.NoError(t, err)
					_, err = model.Query[hooked](tx).Paginate(ctx, 1, 1)
					require.NoError(t, err)
					return nil
				}))
				require.Empty(t, see(e, "events", j.take()))
				require.NoError(t, model.Create(loud, e.db, &hooked{Name: "loud"}))
				require.NotEmpty(t, j.take(), "the context it was made from is not changed")
			},
			twin: func(e *env) { e.seen["events"] = func(any) any { return []string{"saving"} } },
		},
		{
			name: "E4/Observers",
			says: "An observer's methods run at the moments of their names, for records, queries and lists",
			check: func(t testing.TB, e *env) {
				j := seedHooked(t, e, "a", "b")
				j.plain = false
				var seen []any
				j.on["saving:observer"] = func(_ context.Context, h *hooked) error { seen = append(seen, h.Name); h.Kind = "observed"; return nil }
				j.on["deleted:observer"] = func(_ context.Context, h *hooked) error { seen = append(seen, h.Trashed()); return nil }
				j.query["fetching:observer"] = func(_ context.Context, q *relation.Query) error { q.Where("name", "a"); return nil }
				j.many["fetched:observer"] = func(_ context.Context, list []*hooked) error { seen = append(seen, len(list)); return nil }
				list, err := model.Query[hooked](e.db).All(e.ctx)
				require.NoError(t, err)
				require.Len(t, list, 1)
				require.NoError(t, e.do("save", func() error { return list[0].Save(e.ctx) }))
				require.Equal(t, "observed", hookedByName(t, e, "a").Kind)
				require.NoError(t, list[0].Delete(e.ctx))
				require.Equal(t, []any{1, "a", true}, seen)
				j.on["saving:observer"] = func(context.Context, *hooked) error { return errBack }
				require.ErrorIs(t, model.Create(e.ctx, e.db, &hooked{Name: "c"}), errBack)
				require.EqualValues(t, 2, e.count(t, "hookeds"))
			},
			twin: silenced("save"),
		},
		{
			name: "E4/RegisterFindsMistakes",
			says: "A hook that would never run, or not as it is written, is an error of Register that says the fix",
			check: func(t testing.TB, e *env) {
				err := e.do("register", func() error { return e.db.Register(&badHooks{}, &badHookMethods{}, &badGormHook{}) })
				for _, text := range []string{
					`there is no moment "savign"`, "the hook for saving has no function", "hook fetching gets no record; use OnQuery",
					"hook fetched gets no record; use OnMany", "hook saving gets no query; use On", "hook finding does not get a list of records; use OnQuery",
					"a nil observer", "has no method with the name of a moment", "not the signature",
					"method Saving has the name of a hook, but not its signature", "method Fetching would never run; register it with OnQuery",
					"method Paginated would never run; register it with OnMany", "method BeforeSave is a hook of gorm and would never run",
					"badHooks", "badHookMethods", "badGormHook",
				} {
					require.ErrorContains(t, err, text)
				}
				require.NoError(t, e.db.Register(&hooked{}))
			},
			twin: func(e *env) { e.op["register"] = func(func() error) error { return errBack } },
		},
	}
}

// badHooks makes every mistake that Define can make with hooks.
type badHooks struct {
	model.BaseModel[badHooks]

	ID int64
}

// Define is read by Register.
func (*badHooks) Define(d *model.Definition[badHooks]) {
	record := func(context.Context, *badHooks) error { return nil }
	query := func(context.Context, *relation.Query) error { return nil }
	many := func(context.Context, []*badHooks) error { return nil }
	d.On("savign", record)
	d.On(hooks.Saving, nil)
	d.On(hooks.Fetching, record)
	d.On(hooks.Fetched, record)
	d.OnQuery(hooks.Saving, query)
	d.OnMany(hooks.Finding, many)
	d.Observe(nil)
	d.Observe(struct{}{})
	d.Observe(badObserver{})
}

type badObserver struct{}

// Saving has the signature of nothing.
func (badObserver) Saving(*badHooks) {}

// badHookMethods has methods with names of moments.
type badHookMethods struct {
	model.BaseModel[badHookMethods]

	ID int64
}

// Saving lacks the context.
func (*badHookMethods) Saving() error { return nil }

// Fetching belongs into Define.
func (*badHookMethods) Fetching(context.Context) error { return nil }

// Paginated belongs into Define.
func (*badHookMethods) Paginated(context.Context) error { return nil }

// badGormHook has a hook of gorm.
type badGormHook struct {
	model.BaseModel[badGormHook]

	ID int64
}

// BeforeSave is gorm's.
func (*badGormHook) BeforeSave(*gorm.DB) error { return nil }
