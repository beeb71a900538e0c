// SPDX-License-Identifier: MIT

package related_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// houses makes two houses, of which ann belongs to the first.
func houses(t testing.TB, e *harness.Env) (ann *Author, one, two *House) {
	t.Helper()
	ann, _ = seed(t, e)
	one, two = &House{Name: "one"}, &House{Name: "two"}
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*House{one, two}))
	require.NoError(t, ann.house().Associate(e.Ctx, one))
	e.Sent.Reset()
	return ann, one, two
}

// houseOf is the key that the row of an author has.
func houseOf(t testing.TB, e *harness.Env, a *Author) any {
	t.Helper()
	return e.Row(t, "SELECT house_id FROM authors WHERE id = ?", a.ID)["house_id"]
}

// Associate sets the key, saves the record with one statement and lets the loaded relation follow.
func TestAssociateSetsKeyAndRelation(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _, two := houses(t, e)
		require.NoError(t, ann.Load(e.Ctx, "house"))
		ctx, j := journaled(e.Ctx)
		sent := e.Sends(t, 1, func() {
			require.NoError(t, ann.house().Associate(ctx, two))
		})
		require.Equal(t, []string{"UPDATE"}, words(sent))
		require.Equal(t, []string{"updating ann", "saving ann", "updated ann", "saved ann"}, j.take())
		require.Equal(t, two.ID, *ann.HouseID)
		require.Same(t, two, ann.House)
		require.True(t, ann.Related("house").Loaded())
		require.EqualValues(t, two.ID, houseOf(t, e, ann))
		require.False(t, ann.IsDirty())
		e.Sends(t, 0, func() { require.NoError(t, ann.Related("house").Associate(e.Ctx, two), "nothing changes") })
		other := &House{Name: "three"}
		require.NoError(t, model.Create(e.Ctx, e.DB, other))
		require.NoError(t, ann.Related("House").Associate(e.Ctx, other))
		require.Same(t, other, ann.House)
	})
}

// Associate saves a new parent first, and a new record with its key, in one transaction; either way two
// statements.
func TestAssociateSavesANewParentFirst(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, one, _ := houses(t, e)
		house := &House{Name: "new"}
		sent := e.Sends(t, 2, func() { require.NoError(t, ann.house().Associate(e.Ctx, house)) })
		require.Equal(t, []string{"INSERT", "UPDATE"}, words(sent))
		require.True(t, house.IsPersisted())
		require.Equal(t, house.ID, *ann.HouseID)
		ctx := model.WithDB(e.Ctx, e.DB)
		cyd, dan := &Author{Name: "cyd"}, &Author{Name: "dan"}
		e.Sends(t, 1, func() { require.NoError(t, cyd.house().Associate(ctx, one)) })
		sent = e.Sends(t, 2, func() {
			require.NoError(t, dan.Related("house").Associate(ctx, &House{Name: "newer"}))
		})
		require.Equal(t, []string{"INSERT", "INSERT"}, words(sent))
		require.Equal(t, "newer", dan.House.Name)
		require.EqualValues(t, dan.House.ID, houseOf(t, e, dan))
		require.EqualValues(t, one.ID, houseOf(t, e, cyd))
	})
}

// Dissociate sets the key to NULL with one statement, keeps the parent's row, and leaves the relation
// loaded as nothing.
func TestDissociateSetsTheKeyToNull(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, one, _ := houses(t, e)
		e.Sends(t, 1, func() {
			require.NoError(t, ann.house().Dissociate(e.Ctx))
		})
		require.Nil(t, ann.HouseID)
		require.Nil(t, ann.House)
		require.True(t, ann.Related("house").Loaded())
		require.Nil(t, houseOf(t, e, ann))
		require.True(t, one.IsPersisted())
		require.EqualValues(t, 2, e.Count(t, "houses"))
		e.Sends(t, 0, func() { require.NoError(t, ann.Related("house").Dissociate(e.Ctx)) })
		essay := &Essay{Title: "a"}
		require.NoError(t, ann.essays().Create(e.Ctx, essay))
		e.Sends(t, 0, func() {
			require.ErrorIs(t, essay.author().Dissociate(e.Ctx), model.ErrUnsupported, "the column holds no NULL")
			require.ErrorIs(t, essay.author().Unset(), model.ErrUnsupported)
		})
		require.Equal(t, ann.ID, essay.AuthorID)
		require.False(t, essay.IsDirty())
	})
}

// Set and Unset change key and loaded relation in memory only, and the next save writes the key.
func TestSetAndUnsetChangeMemoryOnly(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, one, two := houses(t, e)
		e.Sends(t, 0, func() { require.NoError(t, ann.house().Set(two)) })
		require.Equal(t, model.Attrs{"HouseID": &two.ID}, ann.Dirty())
		require.Same(t, two, ann.House)
		require.EqualValues(t, one.ID, houseOf(t, e, ann))
		e.Sends(t, 1, func() { require.NoError(t, ann.Save(e.Ctx)) })
		require.EqualValues(t, two.ID, houseOf(t, e, ann))
		e.Sends(t, 0, func() { require.NoError(t, ann.Related("house").Unset()) })
		require.Nil(t, ann.HouseID)
		require.Nil(t, ann.House)
		require.True(t, ann.Related("house").Loaded())
		e.Sends(t, 0, func() {
			require.NoError(t, ann.Related("house").Set(one))
			require.NoError(t, ann.house().Unset())
		})
		require.NoError(t, ann.Save(e.Ctx))
		require.Nil(t, houseOf(t, e, ann))
		fresh := &Author{Name: "loose"}
		require.NoError(t, fresh.house().Set(one), "an unbound record too")
		require.Equal(t, one.ID, *fresh.HouseID)
	})
}

// Associate and Set refuse records of another model, nil and deleted ones, and Set a parent without a row;
// nothing is sent.
func TestAssociateRefusesWrongRecords(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, one, two := houses(t, e)
		require.NoError(t, two.Delete(e.Ctx))
		before := picture(ann)
		e.Sends(t, 0, func() {
			c := ann.Related("house")
			for name, v := range map[string]any{"nil": nil, "typed nil": (*House)(nil), "model": &Topic{}, "key": 1} {
				require.Error(t, c.Associate(e.Ctx, v), name)
				require.Error(t, c.Set(v), name)
			}
			require.ErrorIs(t, c.Associate(e.Ctx, &Topic{}), model.ErrInvalidValue)
			require.ErrorIs(t, ann.house().Associate(e.Ctx, two), model.ErrDeleted)
			require.ErrorIs(t, ann.house().Set(two), model.ErrDeleted)
			require.ErrorIs(t, ann.house().Set(&House{}), model.ErrNotPersisted)
		})
		require.Equal(t, before, picture(ann))
		require.Same(t, one, ann.House)
		gone := &Author{Name: "gone"}
		require.NoError(t, model.Create(e.Ctx, e.DB, gone))
		require.NoError(t, gone.Delete(e.Ctx))
		e.Sends(t, 0, func() {
			require.ErrorIs(t, gone.house().Associate(e.Ctx, one), model.ErrDeleted)
			require.ErrorIs(t, gone.house().Dissociate(e.Ctx), model.ErrDeleted)
		})
	})
}

// Associate and Dissociate that fail leave key, loaded relation, parent and rows as they were.
func TestFailedAssociateLeavesEverythingAsItWas(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, one, two := houses(t, e)
		for _, event := range []string{"updating ann", "saving ann", "updated ann", "saved ann"} {
			ctx, j := journaled(e.Ctx)
			j.fail = event
			house := &House{Name: "new"}
			undone(t, e, event, errHook, func() error { return ann.house().Associate(ctx, two) }, ann, two)
			undone(t, e, event, errHook, func() error { return ann.house().Associate(ctx, house) }, ann, house)
			undone(t, e, event, errHook, func() error { return ann.house().Dissociate(ctx) }, ann, one)
			require.Same(t, one, ann.House)
		}
		for _, event := range []string{"creating new", "saving new", "created new", "saved new"} {
			ctx, j := journaled(e.Ctx)
			j.fail = event
			house := &House{Name: "new"}
			undone(t, e, event, errHook, func() error { return ann.house().Associate(ctx, house) }, ann, house)
		}
		taken := &House{Name: "two"}
		undone(t, e, "taken", model.ErrDuplicate, func() error { return ann.house().Associate(e.Ctx, taken) }, ann, taken)
		cyd, house := &Author{Name: "ann"}, &House{Name: "new"}
		ctx := model.WithDB(e.Ctx, e.DB)
		undone(t, e, "new", model.ErrDuplicate, func() error { return cyd.house().Associate(ctx, house) }, cyd, house)
		require.Nil(t, cyd.HouseID)
		require.Nil(t, cyd.House)
		require.Same(t, one, ann.House)
	})
}

// After a rollback of the transaction or savepoint around Associate or Dissociate, key and loaded relation
// are what they were.
func TestRollbackTakesAssociateBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, one, two := houses(t, e)
		house := &House{Name: "new"}
		calls := map[string]func(ctx context.Context) error{
			"associate":  func(ctx context.Context) error { return ann.house().Associate(ctx, two) },
			"new":        func(ctx context.Context) error { return ann.house().Associate(ctx, house) },
			"dissociate": func(ctx context.Context) error { return ann.house().Dissociate(ctx) },
			"both": func(ctx context.Context) error {
				if err := ann.house().Dissociate(ctx); err != nil {
					return err
				}
				return ann.house().Associate(ctx, two)
			},
			"savepoint": func(ctx context.Context) error {
				if err := ann.house().Associate(ctx, two); err != nil {
					return err
				}
				err := e.DB.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
					if err := ann.house().Associate(ctx, house); err != nil {
						return err
					}
					return errHook
				})
				if ann.House != two || *ann.HouseID != two.ID || !house.IsNew() {
					return err
				}
				return nil
			},
		}
		for name, run := range calls {
			undone(t, e, name, errHook, func() error { return rolledBack(e, run) }, ann, one, two, house)
			require.Same(t, one, ann.House, name)
		}
		bob, err := model.Query[Author](e.DB).Find(e.Ctx, 2)
		require.NoError(t, err)
		undone(t, e, "not loaded", errHook, func() error {
			return rolledBack(e, func(ctx context.Context) error { return bob.house().Associate(ctx, two) })
		}, bob)
		require.Nil(t, bob.House)
		require.False(t, bob.Related("house").Loaded())
	})
}
