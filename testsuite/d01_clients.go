// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// wrCall is a method of the dynamic client.
type wrCall struct {
	name  string
	kinds string // first letters: One, Many, Belongs, manyToMany "P", Through "T", throughOne "U"
	run   func(ctx context.Context, c *relation.Client) error
}

// wrCalls are all methods of the dynamic client that reach the database, with what a relation to essays
// takes.
func wrCalls(rec, list any) []wrCall {
	attrs, none := model.Attrs{"id": 1}, model.Attrs{}
	rows, keys := []model.Attrs{attrs}, []string{"id"}
	changes := func(_ relation.Changes, err error) error { return err }
	number := func(_ int64, err error) error { return err }
	return []wrCall{
		{"Create", "OMP", func(ctx context.Context, c *relation.Client) error { return c.Create(ctx, rec) }},
		{"Save", "OMP", func(ctx context.Context, c *relation.Client) error { return c.Save(ctx, rec) }},
		{"SaveDuplicate", "P", func(ctx context.Context, c *relation.Client) error { return c.SaveDuplicate(ctx, rec) }},
		{"CreateMany", "OMP", func(ctx context.Context, c *relation.Client) error { return c.CreateMany(ctx, list) }},
		{"SaveMany", "OMP", func(ctx context.Context, c *relation.Client) error { return c.SaveMany(ctx, list) }},
		{"Create with pivot attributes", "P", func(ctx context.Context, c *relation.Client) error { return c.Create(ctx, rec, none) }},
		{"CreateMany with pivot attributes", "P", func(ctx context.Context, c *relation.Client) error { return c.CreateMany(ctx, list, none) }},
		{"FindOrNew", "OMP", func(ctx context.Context, c *relation.Client) error { return c.FindOrNew(ctx, wrDest(rec), 1) }},
		{"FirstOrNew", "OMP", func(ctx context.Context, c *relation.Client) error { return c.FirstOrNew(ctx, wrDest(rec), attrs, nil) }},
		{"FirstOrCreate", "OMP", func(ctx context.Context, c *relation.Client) error {
			return c.FirstOrCreate(ctx, wrDest(rec), attrs, nil)
		}},
		{"UpdateOrCreate", "OMP", func(ctx context.Context, c *relation.Client) error {
			return c.UpdateOrCreate(ctx, wrDest(rec), attrs, nil)
		}},
		{"FetchOrCreateMany", "OMP", func(ctx context.Context, c *relation.Client) error {
			return c.FetchOrCreateMany(ctx, wrDestMany(rec), keys, rows)
		}},
		{"UpdateOrCreateMany", "OMP", func(ctx context.Context, c *relation.Client) error {
			return c.UpdateOrCreateMany(ctx, wrDestMany(rec), keys, rows)
		}},
		{"Associate", "B", func(ctx context.Context, c *relation.Client) error { return c.Associate(ctx, rec) }},
		{"Dissociate", "B", func(ctx context.Context, c *relation.Client) error { return c.Dissociate(ctx) }},
		{"Set", "B", func(_ context.Context, c *relation.Client) error { return c.Set(rec) }},
		{"Unset", "B", func(_ context.Context, c *relation.Client) error { return c.Unset() }},
		{"PivotQuery", "P", func(ctx context.Context, c *relation.Client) error { return wrErr(c.PivotQuery().Count(ctx)) }},
		{"Attach", "P", func(ctx context.Context, c *relation.Client) error { return c.Attach(ctx, 1) }},
		{"AttachEach", "P", func(ctx context.Context, c *relation.Client) error {
			return c.AttachEach(ctx, func(any, model.Attrs) {}, 1)
		}},
		{"Detach", "P", func(ctx context.Context, c *relation.Client) error { return number(c.Detach(ctx, 1)) }},
		{"DetachAll", "P", func(ctx context.Context, c *relation.Client) error { return number(c.DetachAll(ctx)) }},
		{"UpdateExistingPivot", "P", func(ctx context.Context, c *relation.Client) error {
			return number(c.UpdateExistingPivot(ctx, 1, model.Attrs{"level": 1}))
		}},
		{"Sync", "P", func(ctx context.Context, c *relation.Client) error { return changes(c.Sync(ctx, 1)) }},
		{"SyncWithoutDetaching", "P", func(ctx context.Context, c *relation.Client) error { return changes(c.SyncWithoutDetaching(ctx, 1)) }},
		{"SyncWithPivotValues", "P", func(ctx context.Context, c *relation.Client) error {
			return changes(c.SyncWithPivotValues(ctx, model.Attrs{"level": 1}, 1))
		}},
		{"Toggle", "P", func(ctx context.Context, c *relation.Client) error { return changes(c.Toggle(ctx, 1)) }},
	}
}

// wrReads are the methods that every kind has.
func wrReads(rec any) []wrCall {
	return []wrCall{
		{"All", "", func(ctx context.Context, c *relation.Client) error { return c.All(ctx, wrDestMany(rec)) }},
		{"First", "", func(ctx context.Context, c *relation.Client) error { return c.First(ctx, wrDest(rec)) }},
		{"Query", "", func(ctx context.Context, c *relation.Client) error { return wrErr(c.Query().Count(ctx)) }},
	}
}

func wrDest(rec any) any {
	switch rec.(type) {
	case *wrEssay:
		return new(*wrEssay)
	case *wrCard:
		return new(*wrCard)
	case *wrHouse:
		return new(*wrHouse)
	default:
		return new(*wrTopic)
	}
}

func wrDestMany(rec any) any {
	switch rec.(type) {
	case *wrEssay:
		return new([]*wrEssay)
	case *wrCard:
		return new([]*wrCard)
	case *wrHouse:
		return new([]*wrHouse)
	default:
		return new([]*wrTopic)
	}
}

// relatedClientPromises are about what the clients refuse.
func relatedClientPromises() []promise {
	return []promise{
		{
			name: "D1/MethodsOfKinds",
			says: "a method that a kind of relation does not have is ErrUnsupported with the relation's name, and sends nothing",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				house := &wrHouse{Name: "h"}
				require.NoError(t, model.Create(e.ctx, e.db, house))
				for _, c := range []struct {
					kind      byte
					client    *relation.Client
					rec, list any
				}{
					{'O', ann.Related("card"), &wrCard{}, []*wrCard{{}}},
					{'M', ann.Related("essays"), &wrEssay{}, []*wrEssay{{}}},
					{'B', ann.Related("house"), &wrHouse{}, []*wrHouse{{}}},
					{'P', ann.Related("topics"), &wrTopic{}, []*wrTopic{{}}},
					{'T', house.Related("essays"), &wrEssay{}, []*wrEssay{{}}},
					{'U', house.Related("latest"), &wrEssay{}, []*wrEssay{{}}},
				} {
					for _, call := range wrCalls(c.rec, c.list) {
						if slices.Contains([]byte(call.kinds), c.kind) {
							continue
						}
						e.sends(t, 0, func() {
							err := e.do("call", func() error { return call.run(e.ctx, c.client) })
							require.ErrorIs(t, err, model.ErrUnsupported, "%s of %c", call.name, c.kind)
							var of *relation.Error
							require.ErrorAs(t, err, &of, call.name)
							require.NotEmpty(t, of.Relation)
						})
					}
				}
			},
			twin: succeeding("call"),
		},
		{
			name: "D1/WrongNames",
			says: "Related of a wrong name is a client whose methods are ErrUnknownRelation with a suggestion; nothing is sent",
			check: func(t testing.TB, e *env) {
				ann, _ := wrSeed(t, e)
				for _, name := range []string{"essay", "", "Essays ", "id", "essays.author"} {
					c := ann.Related(name)
					require.NotNil(t, c)
					for _, call := range append(wrCalls(&wrEssay{}, []*wrEssay{{}}), wrReads(&wrEssay{})...) {
						e.sends(t, 0, func() {
							err := e.do("call", func() error { return call.run(e.ctx, c) })
							require.ErrorIs(t, err, model.ErrUnknownRelation, "%s of %q", call.name, name)
							require.ErrorContains(t, err, "wrAuthor", call.name)
						})
					}
				}
				require.ErrorContains(t, ann.Related("essay").Create(e.ctx, &wrEssay{}), "essays")
				_, err := ann.Related("typo").Query().Where("x", 1).OrderBy("y").Limit(3).Count(e.ctx)
				require.ErrorIs(t, err, model.ErrUnknownRelation)
			},
			twin: succeeding("call"),
		},
		{
			name: "D1/WrongFields",
			says: "a typed client of a field that is of another record, or of another kind, has only methods that say so",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				var loose []*wrEssay
				e.sends(t, 0, func() {
					for _, c := range []*relation.ManyClient[*wrEssay]{
						relation.HasMany(ann, &bob.Essays), relation.HasMany(ann, &loose), relation.HasMany[wrEssay](ann, nil),
					} {
						err := e.do("call", func() error { return c.Create(e.ctx, &wrEssay{}) })
						require.ErrorIs(t, err, model.ErrUnknownRelation)
						require.ErrorIs(t, wrErr(c.Query().All(e.ctx)), model.ErrUnknownRelation)
						require.ErrorIs(t, wrErr(c.FirstOrNew(e.ctx, nil, nil)), model.ErrUnknownRelation)
					}
					require.ErrorIs(t, relation.HasMany(ann, &ann.Topics).Create(e.ctx, &wrTopic{}), model.ErrUnsupported)
					require.ErrorIs(t, relation.ManyToMany(ann, &ann.Essays).Attach(e.ctx, 1), model.ErrUnsupported)
					require.ErrorIs(t, relation.HasOne(ann, &ann.House).Create(e.ctx, &wrHouse{}), model.ErrUnsupported)
					require.ErrorIs(t, relation.BelongsTo(ann, &ann.Card).Unset(), model.ErrUnsupported)
					require.ErrorIs(t, wrErr(relation.Through(ann, &ann.Essays).Query().All(e.ctx)), model.ErrUnsupported)
					require.ErrorIs(t, wrErr(relation.ThroughOne(ann, &ann.Card).Query().First(e.ctx)), model.ErrUnsupported)
				})
			},
			twin: succeeding("call"),
		},
		{
			name: "D1/WrongRecords",
			says: "writes refuse records of another model, nil, deleted ones, and Create refuses one that has a row; nothing is sent",
			check: func(t testing.TB, e *env) {
				ann, bob := wrSeed(t, e)
				gone, saved := &wrEssay{Title: "gone"}, &wrEssay{Title: "saved"}
				require.NoError(t, ann.essays().CreateMany(e.ctx, []*wrEssay{gone, saved}))
				require.NoError(t, gone.Delete(e.ctx))
				essays := ann.Related("essays")
				e.sends(t, 0, func() {
					for name, c := range map[string]struct {
						err  error
						want error
					}{
						"model":      {essays.Create(e.ctx, &wrTopic{}), model.ErrInvalidValue},
						"models":     {essays.CreateMany(e.ctx, []*wrTopic{{}}), model.ErrInvalidValue},
						"no slice":   {essays.CreateMany(e.ctx, &wrEssay{}), model.ErrInvalidValue},
						"deleted":    {essays.Save(e.ctx, gone), model.ErrDeleted},
						"among many": {essays.SaveMany(e.ctx, []*wrEssay{{}, gone}), model.ErrDeleted},
						"has a row":  {essays.Create(e.ctx, saved), model.ErrUnsupported},
						"have rows":  {essays.CreateMany(e.ctx, []*wrEssay{{}, saved}), model.ErrUnsupported},
						"twice":      {essays.SaveMany(e.ctx, []*wrEssay{saved, saved}), model.ErrInvalidValue},
					} {
						require.ErrorIs(t, e.do("call", func() error { return c.err }), c.want, name)
					}
					for name, v := range map[string]any{"nil": nil, "nil record": (*wrEssay)(nil), "no record": 5, "text": "x"} {
						require.Error(t, essays.Create(e.ctx, v), name)
						require.Error(t, essays.Save(e.ctx, v), name)
					}
					require.Error(t, essays.SaveMany(e.ctx, []*wrEssay{nil}))
					require.Error(t, essays.SaveMany(e.ctx, nil))
					require.NoError(t, essays.SaveMany(e.ctx, []*wrEssay{}))
					require.NoError(t, essays.CreateMany(e.ctx, []*wrEssay{}))
				})
				require.NoError(t, bob.Delete(e.ctx))
				e.sends(t, 0, func() {
					require.ErrorIs(t, bob.essays().Create(e.ctx, &wrEssay{}), model.ErrDeleted)
					require.ErrorIs(t, bob.topics().Create(e.ctx, &wrTopic{}), model.ErrDeleted)
					require.ErrorIs(t, bob.topics().Attach(e.ctx, 1), model.ErrDeleted)
					require.ErrorIs(t, wrErr(bob.topics().Sync(e.ctx, 1)), model.ErrDeleted)
				})
			},
			twin: succeeding("call"),
		},
		{
			name: "D1/ThroughReads",
			says: "the clients of through relations read the rows behind the way with one statement, by the typed and the dynamic client",
			check: func(t testing.TB, e *env) {
				ann, one, _ := wrHouses(t, e)
				require.NoError(t, ann.essays().CreateMany(e.ctx, []*wrEssay{{Title: "a"}, {Title: "b"}}))
				e.sends(t, 1, func() {
					list, err := one.essays().Query().OrderBy("title").All(e.ctx)
					require.NoError(t, err)
					require.Len(t, see(e, "list", list), 2)
				})
				e.sends(t, 1, func() {
					latest, err := one.latest().Query().OrderBy("title", relation.Desc).First(e.ctx)
					require.NoError(t, err)
					require.Equal(t, "b", latest.Title)
				})
				var list []*wrEssay
				e.sends(t, 1, func() { require.NoError(t, one.Related("essays").All(e.ctx, &list)) })
				require.Len(t, list, 2)
				var first *wrEssay
				e.sends(t, 1, func() { require.NoError(t, one.Related("latest").First(e.ctx, &first)) })
				require.Equal(t, ann.ID, first.AuthorID)
			},
			twin: func(e *env) { e.seen["list"] = func(any) any { return []*wrEssay{} } },
		},
		{
			name: "D1/NotPersisted",
			says: "what needs the key of a record that is not saved is ErrNotPersisted, and without a database it is ErrUnbound; nothing is sent",
			check: func(t testing.TB, e *env) {
				wrSeed(t, e)
				ctx := model.WithDB(e.ctx, e.db)
				a := &wrAuthor{Name: "new"}
				e.sends(t, 0, func() {
					for _, call := range wrCalls(&wrTopic{}, []*wrTopic{{}})[7:] {
						if !slices.Contains([]byte(call.kinds), 'P') {
							continue
						}
						err := e.do("call", func() error { return call.run(ctx, a.Related("topics")) })
						require.ErrorIs(t, err, model.ErrNotPersisted, call.name)
					}
					for _, call := range wrReads(&wrTopic{}) {
						require.ErrorIs(t, call.run(ctx, a.Related("topics")), model.ErrNotPersisted, call.name)
					}
					require.ErrorIs(t, a.essays().Create(e.ctx, &wrEssay{}), model.ErrUnbound)   //nolint:contextcheck // there is no database
					require.ErrorIs(t, a.topics().Attach(e.ctx, 1), model.ErrUnbound)            //nolint:contextcheck // there is no database
					require.ErrorIs(t, a.house().Associate(e.ctx, &wrHouse{}), model.ErrUnbound) //nolint:contextcheck // there is no database
				})
				require.True(t, a.IsNew())
			},
			twin: succeeding("call"),
		},
	}
}
