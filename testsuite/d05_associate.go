// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// wrHouses makes two houses, of which ann belongs to the first.
func wrHouses(t testing.TB, e *env) (ann *wrAuthor, one, two *wrHouse) {
	t.Helper()
	ann, _ = wrSeed(t, e)
	one, two = &wrHouse{Name: "one"}, &wrHouse{Name: "two"}
	require.NoError(t, model.CreateMany(e.ctx, e.db, []*wrHouse{one, two}))
	require.NoError(t, ann.house().Associate(e.ctx, one))
	e.sent.Reset()
	return ann, one, two
}

// wrHouseOf is the key that the row of an author has.
func wrHouseOf(t testing.TB, e *env, a *wrAuthor) any {
	t.Helper()
	return e.row(t, "SELECT house_id FROM wr_authors WHERE id = ?", a.ID)["house_id"]
}

// associatePromises are about belongsTo.
func associatePromises() []promise {
	return []promise{
		{
			name: "D5/Associate",
			says: "Associate sets the key, saves the record with one statement and lets the loaded relation follow",
			check: func(t testing.TB, e *env) {
				ann, _, two := wrHouses(t, e)
				require.NoError(t, ann.Load(e.ctx, "house"))
				ctx, j := wrJournaled(e.ctx)
				sent := e.sends(t, 1, func() {
					require.NoError(t, e.do("associate", func() error { return ann.house().Associate(ctx, two) }))
				})
				require.Equal(t, []string{"UPDATE"}, wrWords(sent))
				require.Equal(t, []string{"updating ann", "saving ann", "updated ann", "saved ann"}, j.take())
				require.Equal(t, two.ID, *ann.HouseID)
				require.Same(t, two, ann.House)
				require.True(t, ann.Related("house").Loaded())
				require.EqualValues(t, two.ID, wrHouseOf(t, e, ann))
				require.False(t, ann.IsDirty())
				e.sends(t, 0, func() { require.NoError(t, ann.Related("house").Associate(e.ctx, two), "nothing changes") })
				other := &wrHouse{Name: "three"}
				require.NoError(t, model.Create(e.ctx, e.db, other))
				require.NoError(t, ann.Related("House").Associate(e.ctx, other))
				require.Same(t, other, ann.House)
			},
			twin: without("associate"),
		},
		{
			name: "D5/AssociateNew",
			says: "Associate saves a new parent first, and a new record with its key, in one transaction; either way two statements",
			check: func(t testing.TB, e *env) {
				ann, one, _ := wrHouses(t, e)
				house := &wrHouse{Name: "new"}
				sent := e.sends(t, 2, func() { require.NoError(t, ann.house().Associate(e.ctx, house)) })
				require.Equal(t, []string{"INSERT", "UPDATE"}, wrWords(sent))
				require.True(t, house.IsPersisted())
				require.Equal(t, house.ID, *ann.HouseID)
				ctx := model.WithDB(e.ctx, e.db)
				cyd, dan := &wrAuthor{Name: "cyd"}, &wrAuthor{Name: "dan"}
				e.sends(t, 1, func() { require.NoError(t, cyd.house().Associate(ctx, one)) })
				sent = e.sends(t, 2, func() {
					require.NoError(t, e.do("both", func() error { return dan.Related("house").Associate(ctx, &wrHouse{Name: "newer"}) }))
				})
				require.Equal(t, []string{"INSERT", "INSERT"}, wrWords(sent))
				require.Equal(t, "newer", dan.House.Name)
				require.EqualValues(t, dan.House.ID, wrHouseOf(t, e, dan))
				require.EqualValues(t, one.ID, wrHouseOf(t, e, cyd))
			},
			twin: without("both"),
		},
		{
			name: "D5/Dissociate",
			says: "Dissociate sets the key to NULL with one statement, keeps the parent's row, and leaves the relation loaded as nothing",
			check: func(t testing.TB, e *env) {
				ann, one, _ := wrHouses(t, e)
				e.sends(t, 1, func() {
					require.NoError(t, e.do("dissociate", func() error { return ann.house().Dissociate(e.ctx) }))
				})
				require.Nil(t, ann.HouseID)
				require.Nil(t, ann.House)
				require.True(t, ann.Related("house").Loaded())
				require.Nil(t, wrHouseOf(t, e, ann))
				require.True(t, one.IsPersisted())
				require.EqualValues(t, 2, e.count(t, "wr_houses"))
				e.sends(t, 0, func() { require.NoError(t, ann.Related("house").Dissociate(e.ctx)) })
				essay := &wrEssay{Title: "a"}
				require.NoError(t, ann.essays().Create(e.ctx, essay))
				e.sends(t, 0, func() {
					require.ErrorIs(t, essay.author().Dissociate(e.ctx), model.ErrUnsupported, "the column holds no NULL")
					require.ErrorIs(t, essay.author().Unset(), model.ErrUnsupported)
				})
				require.Equal(t, ann.ID, essay.AuthorID)
				require.False(t, essay.IsDirty())
			},
			twin: without("dissociate"),
		},
		{
			name: "D5/SetAndUnset",
			says: "Set and Unset change key and loaded relation in memory only, and the next save writes the key",
			check: func(t testing.TB, e *env) {
				ann, one, two := wrHouses(t, e)
				e.sends(t, 0, func() { require.NoError(t, ann.house().Set(two)) })
				require.Equal(t, model.Attrs{"HouseID": &two.ID}, ann.Dirty())
				require.Same(t, two, ann.House)
				require.EqualValues(t, one.ID, see(e, "row", wrHouseOf(t, e, ann)))
				e.sends(t, 1, func() { require.NoError(t, ann.Save(e.ctx)) })
				require.EqualValues(t, two.ID, wrHouseOf(t, e, ann))
				e.sends(t, 0, func() { require.NoError(t, ann.Related("house").Unset()) })
				require.Nil(t, ann.HouseID)
				require.Nil(t, ann.House)
				require.True(t, ann.Related("house").Loaded())
				e.sends(t, 0, func() {
					require.NoError(t, ann.Related("house").Set(one))
					require.NoError(t, ann.house().Unset())
				})
				require.NoError(t, ann.Save(e.ctx))
				require.Nil(t, wrHouseOf(t, e, ann))
				fresh := &wrAuthor{Name: "loose"}
				require.NoError(t, fresh.house().Set(one), "an unbound record too")
				require.Equal(t, one.ID, *fresh.HouseID)
			},
			twin: func(e *env) { e.seen["row"] = func(any) any { return 2 } },
		},
		{
			name: "D5/Refusals",
			says: "Associate and Set refuse records of another model, nil and deleted ones, and Set a parent without a row; nothing is sent",
			check: func(t testing.TB, e *env) {
				ann, one, two := wrHouses(t, e)
				require.NoError(t, two.Delete(e.ctx))
				before := wrPicture(ann)
				e.sends(t, 0, func() {
					c := ann.Related("house")
					for name, v := range map[string]any{"nil": nil, "typed nil": (*wrHouse)(nil), "model": &wrTopic{}, "key": 1} {
						require.Error(t, e.do("refused", func() error { return c.Associate(e.ctx, v) }), name)
						require.Error(t, e.do("refused", func() error { return c.Set(v) }), name)
					}
					require.ErrorIs(t, c.Associate(e.ctx, &wrTopic{}), model.ErrInvalidValue)
					require.ErrorIs(t, ann.house().Associate(e.ctx, two), model.ErrDeleted)
					require.ErrorIs(t, ann.house().Set(two), model.ErrDeleted)
					require.ErrorIs(t, ann.house().Set(&wrHouse{}), model.ErrNotPersisted)
				})
				require.Equal(t, before, wrPicture(ann))
				require.Same(t, one, ann.House)
				gone := &wrAuthor{Name: "gone"}
				require.NoError(t, model.Create(e.ctx, e.db, gone))
				require.NoError(t, gone.Delete(e.ctx))
				e.sends(t, 0, func() {
					require.ErrorIs(t, gone.house().Associate(e.ctx, one), model.ErrDeleted)
					require.ErrorIs(t, gone.house().Dissociate(e.ctx), model.ErrDeleted)
				})
			},
			twin: succeeding("refused"),
		},
		{
			name: "D5/Failures",
			says: "Associate and Dissociate that fail leave key, loaded relation, parent and rows as they were",
			check: func(t testing.TB, e *env) {
				ann, one, two := wrHouses(t, e)
				for _, event := range []string{"updating ann", "saving ann", "updated ann", "saved ann"} {
					ctx, j := wrJournaled(e.ctx)
					j.fail = event
					house := &wrHouse{Name: "new"}
					wrUndone(t, e, event, errWrHook, func() error { return ann.house().Associate(ctx, two) }, ann, two)
					wrUndone(t, e, event, errWrHook, func() error { return ann.house().Associate(ctx, house) }, ann, house)
					wrUndone(t, e, event, errWrHook, func() error { return ann.house().Dissociate(ctx) }, ann, one)
					require.Same(t, one, ann.House)
				}
				for _, event := range []string{"creating new", "saving new", "created new", "saved new"} {
					ctx, j := wrJournaled(e.ctx)
					j.fail = event
					house := &wrHouse{Name: "new"}
					wrUndone(t, e, event, errWrHook, func() error { return ann.house().Associate(ctx, house) }, ann, house)
				}
				taken := &wrHouse{Name: "two"}
				wrUndone(t, e, "taken", model.ErrDuplicate, func() error { return ann.house().Associate(e.ctx, taken) }, ann, taken)
				cyd, house := &wrAuthor{Name: "ann"}, &wrHouse{Name: "new"}
				ctx := model.WithDB(e.ctx, e.db)
				wrUndone(t, e, "new", model.ErrDuplicate, func() error { return cyd.house().Associate(ctx, house) }, cyd, house)
				require.Nil(t, cyd.HouseID)
				require.Nil(t, cyd.House)
				require.Same(t, one, ann.House)
			},
			twin: wrKeeps("wr_houses"),
		},
		{
			name: "D5/Rollback",
			says: "after a rollback of the transaction or savepoint around Associate or Dissociate, key and loaded relation are what they were",
			check: func(t testing.TB, e *env) {
				ann, one, two := wrHouses(t, e)
				house := &wrHouse{Name: "new"}
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
						err := e.db.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
							if err := ann.house().Associate(ctx, house); err != nil {
								return err
							}
							return errWrHook
						})
						if ann.House != two || *ann.HouseID != two.ID || !house.IsNew() {
							return err
						}
						return nil
					},
				}
				for name, run := range calls {
					wrUndone(t, e, name, errWrHook, func() error { return wrRolledBack(e, run) }, ann, one, two, house)
					require.Same(t, one, ann.House, name)
				}
				bob, err := model.Query[wrAuthor](e.db).Find(e.ctx, 2)
				require.NoError(t, err)
				wrUndone(t, e, "not loaded", errWrHook, func() error {
					return wrRolledBack(e, func(ctx context.Context) error { return bob.house().Associate(ctx, two) })
				}, bob)
				require.Nil(t, bob.House)
				require.False(t, bob.Related("house").Loaded())
			},
			twin: wrKeeps("wr_houses"),
		},
	}
}
