// SPDX-License-Identifier: MIT

package wire_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Crew has a version, soft deletes, and relations of all kinds.
type Crew struct {
	model.BaseModel[Crew]

	ID        int64
	Name      string `gorm:"uniqueIndex;size:60"`
	Score     int64
	Rating    float64
	Version   int64 `model:"version"`
	DeletedAt gorm.DeletedAt
	Trips     []*Trip `relation:"hasMany;onDelete:CASCADE"`
	Roles     []*Role `relation:"manyToMany;pivotColumns:level;pivotTimestamps"`
	Stops     []*Stop `relation:"hasManyThrough;through:Trips;via:Stops"`
}

// Trip is of a crew.
type Trip struct {
	model.BaseModel[Trip]

	ID     int64
	CrewID int64
	Title  string
	Length int64
	Crew   *Crew   `relation:"belongsTo"`
	Stops  []*Stop `relation:"hasMany"`
}

// Stop is of a trip.
type Stop struct {
	model.BaseModel[Stop]

	ID     int64
	TripID int64
	Place  string
}

// Role is what members of a crew have.
type Role struct {
	model.BaseModel[Role]

	ID   int64
	Name string `gorm:"uniqueIndex;size:60"`
}

// TestAProgramWorksInEveryMode is what a program does in a day, in every mode of the wire, and behind a pooler of transactions where
// there is one.
func TestAProgramWorksInEveryMode(t *testing.T) {
	eachMode(t, workload)
}

func workload(t *testing.T, e *harness.Env) {
	e.Migrate(t, &Crew{}, &Trip{}, &Stop{}, &Role{})
	for name, part := range map[string]func(t *testing.T, e *harness.Env){
		"records": workOnRecords, "many": workOnMany, "refusals": workOnRefusals, "transactions": workInTransactions,
		"queries": workOnQueries, "relations": workOnRelations, "pivots": workOnPivots,
	} {
		t.Run(name, func(t *testing.T) { part(t, e) })
	}
}

func workOnRecords(t *testing.T, e *harness.Env) {
	ctx := e.Ctx
	c := &Crew{Name: `Ädä 'q" \ ? $1`, Score: 3, Rating: 1.5}
	require.NoError(t, model.Create(ctx, e.DB, c))
	stale, err := model.Query[Crew](e.DB).Find(ctx, c.ID)
	require.NoError(t, err)
	require.True(t, stale.Equal(c))
	c.Name = "ada"
	require.NoError(t, c.Save(ctx))
	stale.Name = "late"
	require.ErrorIs(t, stale.Save(ctx), model.ErrStale)
	require.NoError(t, stale.Refresh(ctx))
	require.NoError(t, stale.Increment(ctx, "score", 2))
	require.EqualValues(t, 5, stale.Score)
	n, err := model.Query[Crew](e.DB).Where("id", c.ID).Increment(ctx, "score", 1)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	fresh, err := c.Fresh(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 6, fresh.Score)
	require.NoError(t, fresh.WithLock(ctx, func(ctx context.Context, locked *Crew) error { locked.Score = 7; return locked.Save(ctx) }))
	require.NoError(t, fresh.Refresh(ctx))
	require.NoError(t, fresh.Delete(ctx))
	_, err = model.Query[Crew](e.DB).FindBy(ctx, "name", "ada")
	require.ErrorIs(t, err, model.ErrNotFound)
	require.NoError(t, fresh.Restore(ctx))
	require.NoError(t, fresh.ForceDelete(ctx))
}

func workOnMany(t *testing.T, e *harness.Env) {
	ctx := e.Ctx
	for _, size := range []int{3, 700} {
		list := make([]*Role, size)
		for i := range list {
			list[i] = &Role{Name: fmt.Sprintf("%d of %d", i, size)}
		}
		require.NoError(t, model.CreateMany(ctx, e.DB, list))
		for _, i := range []int{0, size / 2, size - 1} {
			found, err := model.Query[Role](e.DB).Find(ctx, list[i].ID)
			require.NoError(t, err)
			require.Equal(t, list[i].Name, found.Name)
		}
	}
	n, err := model.Query[Role](e.DB).WhereLike("name", "% of %").Delete(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 703, n)
	for range 2 {
		c, err := model.FirstOrCreate[Crew](ctx, e.DB, model.Attrs{"name": "first"}, model.Attrs{"score": 1})
		require.NoError(t, err)
		require.EqualValues(t, 1, c.Score)
	}
	for i := range 2 {
		c, err := model.UpdateOrCreate[Crew](ctx, e.DB, model.Attrs{"name": "update"}, model.Attrs{"score": i})
		require.NoError(t, err)
		require.EqualValues(t, i, c.Score)
	}
	found, err := model.FetchOrCreateMany[Crew](ctx, e.DB, []string{"name"}, []model.Attrs{{"name": "first"}, {"name": "fetched"}})
	require.NoError(t, err)
	require.Len(t, found, 2)
	found, err = model.UpdateOrCreateMany[Crew](ctx, e.DB, []string{"name"}, []model.Attrs{{"name": "first", "score": 9}, {"name": "many", "score": 8}})
	require.NoError(t, err)
	require.EqualValues(t, 9, found[0].Score)
	upserted := []*Crew{{Name: "first", Score: 77}, {Name: "upserted"}}
	require.NoError(t, model.Upsert(ctx, e.DB, upserted, []string{"name"}, "score"))
	require.Equal(t, found[0].ID, upserted[0].ID)
}

func workOnRefusals(t *testing.T, e *harness.Env) {
	require.NoError(t, model.Create(e.Ctx, e.DB, &Crew{Name: "taken"}))
	require.ErrorIs(t, model.Create(e.Ctx, e.DB, &Crew{Name: "taken"}), model.ErrDuplicate)
	require.ErrorIs(t, model.Create(e.Ctx, e.DB, &Trip{CrewID: 999_999}), model.ErrForeignKey)
	_, err := model.Query[Crew](e.DB).WhereRaw("name::int = 1").All(e.Ctx)
	require.ErrorIs(t, err, model.ErrInvalidValue)
	require.NotContains(t, err.Error(), "taken")
}

func workInTransactions(t *testing.T, e *harness.Env) {
	errStop := errors.New("stop")
	require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
		require.NoError(t, model.Create(ctx, tx, &Crew{Name: "outer"}))
		require.ErrorIs(t, model.Create(ctx, tx, &Crew{Name: "outer"}), model.ErrDuplicate)
		require.ErrorIs(t, tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, &Crew{Name: "inner"}))
			return errStop
		}), errStop)
		seen := 0
		for _, err := range model.Query[Crew](tx).OrderByRaw("length(name)").Each(ctx) {
			require.NoError(t, err)
			seen++
		}
		n, err := model.Query[Crew](tx).Count(ctx)
		require.NoError(t, err)
		require.EqualValues(t, n, seen)
		_, err = model.Query[Crew](tx).LockForUpdate().SkipLocked().First(ctx)
		return err
	}))
	undone := &Crew{Name: "undone"}
	require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
		require.NoError(t, model.Create(ctx, tx, undone))
		return errStop
	}), errStop)
	require.True(t, undone.IsNew())
	n, err := model.Query[Crew](e.DB).WhereIn("name", []string{"outer", "inner", "undone"}).Count(e.Ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}

func workOnQueries(t *testing.T, e *harness.Env) {
	ctx := e.Ctx
	list := make([]*Crew, 7)
	for i := range list {
		list[i] = &Crew{Name: fmt.Sprint("q", i), Score: int64(i % 3), Rating: float64(i)}
	}
	require.NoError(t, model.CreateMany(ctx, e.DB, list))
	q := func() *model.Builder[Crew] { return model.Query[Crew](e.DB).WhereLike("name", "q%") }
	var sum int64
	require.NoError(t, q().Sum(ctx, "score", &sum))
	require.EqualValues(t, 6, sum)
	var names []string
	require.NoError(t, q().OrderBy("id").Pluck(ctx, "name", &names))
	require.Len(t, names, 7)
	for column, values := range map[string]any{"rating": []float64{1, 2}, "id": []int64{list[0].ID, list[1].ID}, "name": []string{"q0", "q6", `x"\'`}} {
		n, err := q().WhereIn(column, values).Count(ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n, column)
	}
	groups, err := q().GroupBy("score").Aggregate("count", "*").As("total").Having("total", ">", 2).All(ctx)
	require.NoError(t, err)
	require.Len(t, groups, 1)
	page, err := q().OrderBy("id").Paginate(ctx, 2, 3)
	require.NoError(t, err)
	require.Len(t, page.Data, 3)
	cursor, err := q().OrderBy("score").CursorPaginate(ctx, "", 4)
	require.NoError(t, err)
	cursor, err = q().OrderBy("score").CursorPaginate(ctx, cursor.NextCursor, 4)
	require.NoError(t, err)
	require.Len(t, cursor.Data, 3)
	seen := 0
	for part, err := range q().Chunk(ctx, 3) {
		require.NoError(t, err)
		seen += len(part)
	}
	require.Equal(t, 7, seen)
}

func workOnRelations(t *testing.T, e *harness.Env) {
	ctx := e.Ctx
	c := &Crew{Name: "related"}
	require.NoError(t, model.Create(ctx, e.DB, c))
	trips := relation.HasMany(c, &c.Trips)
	require.NoError(t, trips.Create(ctx, &Trip{Title: "t0", Length: 9}))
	require.NoError(t, trips.CreateMany(ctx, []*Trip{{Title: "t1", Length: 1}, {Title: "t2", Length: 2}, {Title: "t3", Length: 3}}))
	first, err := trips.Query().OrderBy("id").First(ctx)
	require.NoError(t, err)
	require.NoError(t, relation.HasMany(first, &first.Stops).CreateMany(ctx, []*Stop{{Place: "x"}, {Place: "y"}}))
	list, err := model.Query[Crew](e.DB).Where("id", c.ID).Preload("trips.stops").Preload("stops").
		WhereHas("trips", func(q *relation.Query) { q.WhereLike("title", "t%") }).WithCount("trips").WithSum("trips", "length").All(ctx)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Len(t, list[0].Trips, 4)
	require.Len(t, list[0].Stops, 2)
	require.EqualValues(t, 15, list[0].Extras().Int64("trips_sum_length"))
	limited, err := model.Query[Crew](e.DB).Preload("trips", func(q *relation.Query) { q.Latest("id").GroupLimit(2) }).Find(ctx, c.ID)
	require.NoError(t, err)
	require.Len(t, limited.Trips, 2)
	require.NoError(t, c.Load(ctx, "trips"))
	require.NoError(t, c.LoadCount(ctx, "trips"))
	other := &Trip{Title: "other"}
	other.UseDB(e.DB)
	require.NoError(t, relation.BelongsTo(other, &other.Crew).Associate(ctx, c))
	other.Title = "pushed"
	require.NoError(t, other.Push(ctx))
	require.NoError(t, other.Delete(ctx))
}

func workOnPivots(t *testing.T, e *harness.Env) {
	ctx := e.Ctx
	c := &Crew{Name: "pivots"}
	require.NoError(t, model.Create(ctx, e.DB, c))
	roles := []*Role{{Name: "captain"}, {Name: "cook"}, {Name: "mate"}}
	require.NoError(t, model.CreateMany(ctx, e.DB, roles))
	client := relation.ManyToMany(c, &c.Roles)
	require.NoError(t, client.Attach(ctx, roles[0], relation.Pivot(roles[1], relation.Attrs{"level": "new"})))
	require.ErrorIs(t, client.Attach(ctx, roles[0]), model.ErrDuplicate)
	changes, err := client.Sync(ctx, relation.Pivot(roles[1], relation.Attrs{"level": "old"}), roles[2])
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 1}, []int{len(changes.Attached), len(changes.Detached), len(changes.Updated)})
	changes, err = client.Sync(ctx, roles[1], roles[2])
	require.NoError(t, err)
	require.Empty(t, append(append(changes.Attached, changes.Detached...), changes.Updated...))
	_, err = client.Toggle(ctx, roles[0])
	require.NoError(t, err)
	n, err := client.UpdateExistingPivot(ctx, roles[0], relation.Attrs{"level": "z"})
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	n, err = client.Detach(ctx, roles[0], roles[1])
	require.NoError(t, err)
	require.EqualValues(t, 2, n)
	left, err := model.Query[Crew](e.DB).Preload("roles").
		WhereHas("roles", func(q *relation.Query) { q.WherePivotNull("level") }).Find(ctx, c.ID)
	require.NoError(t, err)
	require.Len(t, left.Roles, 1)
}
