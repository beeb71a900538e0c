// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// SaveQuietly, DeleteQuietly and CreateQuietly write the same row and run no hooks.
func TestQuietVariantsRunNoHooks(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e)
		h := &hooked{Name: "a"}
		quiet := func(name string, statements int, fn func() error) {
			e.Sends(t, statements, func() { require.NoError(t, fn(), name) })
			require.Empty(t, j.take(), name)
		}
		quiet("create", 1, func() error { return model.CreateQuietly(e.Ctx, e.DB, h) })
		h.Kind = "x"
		quiet("save", 1, func() error { return model.SaveQuietly(e.Ctx, nil, h) })
		require.Equal(t, "x", hookedByName(t, e, "a").Kind)
		quiet("clean save", 0, func() error { return model.SaveQuietly(e.Ctx, nil, h) })
		quiet("delete", 1, func() error { return model.DeleteQuietly(e.Ctx, nil, h) })
		require.True(t, h.Trashed())
		quiet("insert", 1, func() error { return model.Insert(e.Ctx, e.DB, []*hooked{{Name: "b"}, {Name: "c"}}) })
		quiet("upsert", 1, func() error { return model.Upsert(e.Ctx, e.DB, []*hooked{{Name: "b"}}, []string{"name"}) })
		quiet("truncate", 1, func() error { return model.Truncate[hooked](e.Ctx, e.DB) })
	})
}

// Hooks.Without silences every write and query that gets its context, also in transactions.
func TestWithoutSilencesEveryCall(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a")
		loud := e.Ctx
		j.query["fetching"] = func(_ context.Context, q *relation.Query) error { q.Where("name", "nobody"); return nil }
		silent := hooks.Without(e.Ctx)
		require.NoError(t, e.DB.Transaction(silent, func(ctx context.Context, tx *model.DB) error {
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
		require.Empty(t, j.take())
		require.NoError(t, model.Create(loud, e.DB, &hooked{Name: "loud"}))
		require.NotEmpty(t, j.take(), "the context it was made from is not changed")
	})
}

// An observer's methods run at the moments of their names, for records, queries and lists.
func TestObserversRunAtTheirMoments(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a", "b")
		j.plain = false
		var seen []any
		j.on["saving:observer"] = func(_ context.Context, h *hooked) error { seen = append(seen, h.Name); h.Kind = "observed"; return nil }
		j.on["deleted:observer"] = func(_ context.Context, h *hooked) error { seen = append(seen, h.Trashed()); return nil }
		j.query["fetching:observer"] = func(_ context.Context, q *relation.Query) error { q.Where("name", "a"); return nil }
		j.many["fetched:observer"] = func(_ context.Context, list []*hooked) error { seen = append(seen, len(list)); return nil }
		list, err := model.Query[hooked](e.DB).All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.NoError(t, list[0].Save(e.Ctx))
		require.Equal(t, "observed", hookedByName(t, e, "a").Kind)
		require.NoError(t, list[0].Delete(e.Ctx))
		require.Equal(t, []any{1, "a", true}, seen)
		j.on["saving:observer"] = func(context.Context, *hooked) error { return errBack }
		require.ErrorIs(t, model.Create(e.Ctx, e.DB, &hooked{Name: "c"}), errBack)
		require.EqualValues(t, 2, e.Count(t, "hookeds"))
	})
}

// A hook that would never run, or not as it is written, is an error of Register that says the fix.
func TestRegisterRefusesHooksThatNeverRun(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		err := e.DB.Register(&badHooks{}, &badHookMethods{}, &badGormHook{})
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
		require.NoError(t, e.DB.Register(&hooked{}))
	})
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
