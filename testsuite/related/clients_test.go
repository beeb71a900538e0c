// SPDX-License-Identifier: MIT

package related_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Call is a method of the dynamic client.
type Call struct {
	name  string
	kinds string // first letters: One, Many, Belongs, manyToMany "P", Through "T", throughOne "U"
	run   func(ctx context.Context, c *relation.Client) error
}

// clientCalls are all methods of the dynamic client that reach the database, with what a relation to essays
// takes.
func clientCalls(rec, list any) []Call {
	attrs, none := model.Attrs{"id": 1}, model.Attrs{}
	rows, keys := []model.Attrs{attrs}, []string{"id"}
	changes := func(_ relation.Changes, err error) error { return err }
	number := func(_ int64, err error) error { return err }
	return []Call{
		{"Create", "OMP", func(ctx context.Context, c *relation.Client) error { return c.Create(ctx, rec) }},
		{"Save", "OMP", func(ctx context.Context, c *relation.Client) error { return c.Save(ctx, rec) }},
		{"SaveDuplicate", "P", func(ctx context.Context, c *relation.Client) error { return c.SaveDuplicate(ctx, rec) }},
		{"CreateMany", "OMP", func(ctx context.Context, c *relation.Client) error { return c.CreateMany(ctx, list) }},
		{"SaveMany", "OMP", func(ctx context.Context, c *relation.Client) error { return c.SaveMany(ctx, list) }},
		{"Create with pivot attributes", "P", func(ctx context.Context, c *relation.Client) error { return c.Create(ctx, rec, none) }},
		{"CreateMany with pivot attributes", "P", func(ctx context.Context, c *relation.Client) error { return c.CreateMany(ctx, list, none) }},
		{"FindOrNew", "OMP", func(ctx context.Context, c *relation.Client) error { return c.FindOrNew(ctx, dest(rec), 1) }},
		{"FirstOrNew", "OMP", func(ctx context.Context, c *relation.Client) error { return c.FirstOrNew(ctx, dest(rec), attrs, nil) }},
		{"FirstOrCreate", "OMP", func(ctx context.Context, c *relation.Client) error {
			return c.FirstOrCreate(ctx, dest(rec), attrs, nil)
		}},
		{"UpdateOrCreate", "OMP", func(ctx context.Context, c *relation.Client) error {
			return c.UpdateOrCreate(ctx, dest(rec), attrs, nil)
		}},
		{"FetchOrCreateMany", "OMP", func(ctx context.Context, c *relation.Client) error {
			return c.FetchOrCreateMany(ctx, destMany(rec), keys, rows)
		}},
		{"UpdateOrCreateMany", "OMP", func(ctx context.Context, c *relation.Client) error {
			return c.UpdateOrCreateMany(ctx, destMany(rec), keys, rows)
		}},
		{"Associate", "B", func(ctx context.Context, c *relation.Client) error { return c.Associate(ctx, rec) }},
		{"Dissociate", "B", func(ctx context.Context, c *relation.Client) error { return c.Dissociate(ctx) }},
		{"Set", "B", func(_ context.Context, c *relation.Client) error { return c.Set(rec) }},
		{"Unset", "B", func(_ context.Context, c *relation.Client) error { return c.Unset() }},
		{"PivotQuery", "P", func(ctx context.Context, c *relation.Client) error { return harness.Err(c.PivotQuery().Count(ctx)) }},
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

// reads are the methods that every kind has.
func reads(rec any) []Call {
	return []Call{
		{"All", "", func(ctx context.Context, c *relation.Client) error { return c.All(ctx, destMany(rec)) }},
		{"First", "", func(ctx context.Context, c *relation.Client) error { return c.First(ctx, dest(rec)) }},
		{"Query", "", func(ctx context.Context, c *relation.Client) error { return harness.Err(c.Query().Count(ctx)) }},
	}
}

func dest(rec any) any {
	switch rec.(type) {
	case *Essay:
		return new(*Essay)
	case *Card:
		return new(*Card)
	case *House:
		return new(*House)
	default:
		return new(*Topic)
	}
}

func destMany(rec any) any {
	switch rec.(type) {
	case *Essay:
		return new([]*Essay)
	case *Card:
		return new([]*Card)
	case *House:
		return new([]*House)
	default:
		return new([]*Topic)
	}
}

// A method that a kind of relation does not have is ErrUnsupported with the relation's name, and sends
// nothing.
func TestMethodOfAnotherKindIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		house := &House{Name: "h"}
		require.NoError(t, model.Create(e.Ctx, e.DB, house))
		for _, c := range []struct {
			kind      byte
			client    *relation.Client
			rec, list any
		}{
			{'O', ann.Related("card"), &Card{}, []*Card{{}}},
			{'M', ann.Related("essays"), &Essay{}, []*Essay{{}}},
			{'B', ann.Related("house"), &House{}, []*House{{}}},
			{'P', ann.Related("topics"), &Topic{}, []*Topic{{}}},
			{'T', house.Related("essays"), &Essay{}, []*Essay{{}}},
			{'U', house.Related("latest"), &Essay{}, []*Essay{{}}},
		} {
			for _, call := range clientCalls(c.rec, c.list) {
				if slices.Contains([]byte(call.kinds), c.kind) {
					continue
				}
				e.Sends(t, 0, func() {
					err := call.run(e.Ctx, c.client)
					require.ErrorIs(t, err, model.ErrUnsupported, "%s of %c", call.name, c.kind)
					var of *relation.Error
					require.ErrorAs(t, err, &of, call.name)
					require.NotEmpty(t, of.Relation)
				})
			}
		}
	})
}

// Related of a wrong name is a client whose methods are ErrUnknownRelation with a suggestion; nothing is
// sent.
func TestWrongNameIsErrUnknownRelation(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		for _, name := range []string{"essay", "", "Essays ", "id", "essays.author"} {
			c := ann.Related(name)
			require.NotNil(t, c)
			for _, call := range append(clientCalls(&Essay{}, []*Essay{{}}), reads(&Essay{})...) {
				e.Sends(t, 0, func() {
					err := call.run(e.Ctx, c)
					require.ErrorIs(t, err, model.ErrUnknownRelation, "%s of %q", call.name, name)
					require.ErrorContains(t, err, "Author", call.name)
				})
			}
		}
		require.ErrorContains(t, ann.Related("essay").Create(e.Ctx, &Essay{}), "essays")
		_, err := ann.Related("typo").Query().Where("x", 1).OrderBy("y").Limit(3).Count(e.Ctx)
		require.ErrorIs(t, err, model.ErrUnknownRelation)
	})
}

// A typed client of a field that is of another record, or of another kind, has only methods that say so.
func TestClientOfAWrongFieldSaysSo(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		var loose []*Essay
		e.Sends(t, 0, func() {
			for _, c := range []*relation.ManyClient[*Essay]{
				relation.HasMany(ann, &bob.Essays), relation.HasMany(ann, &loose), relation.HasMany[Essay](ann, nil),
			} {
				err := c.Create(e.Ctx, &Essay{})
				require.ErrorIs(t, err, model.ErrUnknownRelation)
				require.ErrorIs(t, harness.Err(c.Query().All(e.Ctx)), model.ErrUnknownRelation)
				require.ErrorIs(t, harness.Err(c.FirstOrNew(e.Ctx, nil, nil)), model.ErrUnknownRelation)
			}
			require.ErrorIs(t, relation.HasMany(ann, &ann.Topics).Create(e.Ctx, &Topic{}), model.ErrUnsupported)
			require.ErrorIs(t, relation.ManyToMany(ann, &ann.Essays).Attach(e.Ctx, 1), model.ErrUnsupported)
			require.ErrorIs(t, relation.HasOne(ann, &ann.House).Create(e.Ctx, &House{}), model.ErrUnsupported)
			require.ErrorIs(t, relation.BelongsTo(ann, &ann.Card).Unset(), model.ErrUnsupported)
			require.ErrorIs(t, harness.Err(relation.Through(ann, &ann.Essays).Query().All(e.Ctx)), model.ErrUnsupported)
			require.ErrorIs(t, harness.Err(relation.ThroughOne(ann, &ann.Card).Query().First(e.Ctx)), model.ErrUnsupported)
		})
	})
}

// Writes refuse records of another model, nil, deleted ones, and Create refuses one that has a row; nothing
// is sent.
func TestWritesRefuseWrongRecords(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, bob := seed(t, e)
		gone, saved := &Essay{Title: "gone"}, &Essay{Title: "saved"}
		require.NoError(t, ann.essays().CreateMany(e.Ctx, []*Essay{gone, saved}))
		require.NoError(t, gone.Delete(e.Ctx))
		essays := ann.Related("essays")
		e.Sends(t, 0, func() {
			for name, c := range map[string]struct {
				err  error
				want error
			}{
				"model":      {essays.Create(e.Ctx, &Topic{}), model.ErrInvalidValue},
				"models":     {essays.CreateMany(e.Ctx, []*Topic{{}}), model.ErrInvalidValue},
				"no slice":   {essays.CreateMany(e.Ctx, &Essay{}), model.ErrInvalidValue},
				"deleted":    {essays.Save(e.Ctx, gone), model.ErrDeleted},
				"among many": {essays.SaveMany(e.Ctx, []*Essay{{}, gone}), model.ErrDeleted},
				"has a row":  {essays.Create(e.Ctx, saved), model.ErrUnsupported},
				"have rows":  {essays.CreateMany(e.Ctx, []*Essay{{}, saved}), model.ErrUnsupported},
				"twice":      {essays.SaveMany(e.Ctx, []*Essay{saved, saved}), model.ErrInvalidValue},
			} {
				require.ErrorIs(t, c.err, c.want, name)
			}
			for name, v := range map[string]any{"nil": nil, "nil record": (*Essay)(nil), "no record": 5, "text": "x"} {
				require.Error(t, essays.Create(e.Ctx, v), name)
				require.Error(t, essays.Save(e.Ctx, v), name)
			}
			require.Error(t, essays.SaveMany(e.Ctx, []*Essay{nil}))
			require.Error(t, essays.SaveMany(e.Ctx, nil))
			require.NoError(t, essays.SaveMany(e.Ctx, []*Essay{}))
			require.NoError(t, essays.CreateMany(e.Ctx, []*Essay{}))
		})
		require.NoError(t, bob.Delete(e.Ctx))
		e.Sends(t, 0, func() {
			require.ErrorIs(t, bob.essays().Create(e.Ctx, &Essay{}), model.ErrDeleted)
			require.ErrorIs(t, bob.topics().Create(e.Ctx, &Topic{}), model.ErrDeleted)
			require.ErrorIs(t, bob.topics().Attach(e.Ctx, 1), model.ErrDeleted)
			require.ErrorIs(t, harness.Err(bob.topics().Sync(e.Ctx, 1)), model.ErrDeleted)
		})
	})
}

// The clients of through relations read the rows behind the way with one statement, by the typed and the
// dynamic client.
func TestThroughClientsReadWithOneStatement(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, one, _ := houses(t, e)
		require.NoError(t, ann.essays().CreateMany(e.Ctx, []*Essay{{Title: "a"}, {Title: "b"}}))
		e.Sends(t, 1, func() {
			list, err := one.essays().Query().OrderBy("title").All(e.Ctx)
			require.NoError(t, err)
			require.Len(t, list, 2)
		})
		e.Sends(t, 1, func() {
			latest, err := one.latest().Query().OrderBy("title", relation.Desc).First(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, "b", latest.Title)
		})
		var list []*Essay
		e.Sends(t, 1, func() { require.NoError(t, one.Related("essays").All(e.Ctx, &list)) })
		require.Len(t, list, 2)
		var first *Essay
		e.Sends(t, 1, func() { require.NoError(t, one.Related("latest").First(e.Ctx, &first)) })
		require.Equal(t, ann.ID, first.AuthorID)
	})
}

// What needs the key of a record that is not saved is ErrNotPersisted, and without a database it is
// ErrUnbound; nothing is sent.
func TestUnsavedRecordIsErrNotPersisted(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		ctx := model.WithDB(e.Ctx, e.DB)
		a := &Author{Name: "new"}
		e.Sends(t, 0, func() {
			for _, call := range clientCalls(&Topic{}, []*Topic{{}})[7:] {
				if !slices.Contains([]byte(call.kinds), 'P') {
					continue
				}
				err := call.run(ctx, a.Related("topics"))
				require.ErrorIs(t, err, model.ErrNotPersisted, call.name)
			}
			for _, call := range reads(&Topic{}) {
				require.ErrorIs(t, call.run(ctx, a.Related("topics")), model.ErrNotPersisted, call.name)
			}
			require.ErrorIs(t, a.essays().Create(e.Ctx, &Essay{}), model.ErrUnbound)   //nolint:contextcheck // there is no database
			require.ErrorIs(t, a.topics().Attach(e.Ctx, 1), model.ErrUnbound)          //nolint:contextcheck // there is no database
			require.ErrorIs(t, a.house().Associate(e.Ctx, &House{}), model.ErrUnbound) //nolint:contextcheck // there is no database
		})
		require.True(t, a.IsNew())
	})
}
