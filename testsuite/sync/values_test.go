// SPDX-License-Identifier: MIT

package sync_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Player has a manyToMany without a pivot model, and several with one.
type Player struct {
	model.BaseModel[Player]

	ID      int64
	Name    string
	Ranks   []*Club `relation:"manyToMany;pivotTable:ranks;pivotForeignKey:player_id;pivotRelatedForeignKey:club_id;pivotColumns:flag,at,price,code,ratio,data,word,num"`
	Clubs   []*Club `relation:"manyToMany;pivotForeignKey:player_id;pivotRelatedForeignKey:club_id;as:membership"`
	Chiefs  []*Club `relation:"manyToMany;pivotTable:memberships;pivotForeignKey:player_id;pivotRelatedForeignKey:club_id;pivotColumns:word"`
	Wordy   []*Club `relation:"manyToMany;pivotTable:memberships;pivotForeignKey:player_id;pivotRelatedForeignKey:club_id;pivotColumns:word"`
	Numbers []*Club `relation:"manyToMany;pivotForeignKey:player_id;pivotRelatedForeignKey:club_id"`
}

// Club is what players are members of.
type Club struct {
	model.BaseModel[Club]

	ID   int64
	Name string
}

// Membership is a pivot model.
type Membership struct {
	model.BaseModel[Membership]

	PlayerID  int64 `gorm:"primaryKey;autoIncrement:false"`
	ClubID    int64 `gorm:"primaryKey;autoIncrement:false"`
	Flag      bool
	At        *time.Time
	Price     *string `gorm:"type:decimal(10,2)"`
	Code      *string `gorm:"type:uuid"`
	Ratio     float64
	Data      []byte
	Word      *string
	Num       int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Define is read by Register.
func (p *Player) Define(d *model.Definition[Player]) {
	d.Relation(&p.Clubs).Using(&Membership{})
	d.Relation(&p.Chiefs).WherePivot("word", "chief")
	d.Relation(&p.Wordy).WherePivotNotNull("word").WherePivotNotIn("word", []string{"chief", "boss"})
	d.Relation(&p.Numbers).Using(&Membership{}).WherePivotBetween("num", 1, 5)
}

// Define is read by Register.
func (*Membership) Define(d *model.Definition[Membership]) {
	noted(d, func(m *Membership) string { return fmt.Sprintf("%d-%d", m.PlayerID, m.ClubID) })
}

// rank is how ranks looks to others.
type rank struct {
	PlayerID int64 `gorm:"primaryKey;autoIncrement:false"`
	ClubID   int64 `gorm:"primaryKey;autoIncrement:false"`
	Flag     bool
	At       *time.Time
	Price    *string `gorm:"type:decimal(10,2)"`
	Code     *string `gorm:"type:uuid"`
	Ratio    float64
	Data     []byte
	Word     *string
	Num      int64
}

// players makes two players, of which it returns the first, and the clubs 1 to 5.
func players(t testing.TB, e *harness.Env) *Player {
	t.Helper()
	e.Migrate(t, &Player{}, &Club{}, &Membership{})
	e.Exec(t, "DROP TABLE ranks")
	require.NoError(t, e.Gorm.Table("ranks").AutoMigrate(&rank{}))
	ann := &Player{Name: "ann"}
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Player{ann, {Name: "bob"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Club{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}, {Name: "e"}}))
	e.Sent.Reset()
	return ann
}

// members are the rows of memberships of a player, as "club:word:num".
func members(t testing.TB, e *harness.Env, p *Player) []string {
	t.Helper()
	out := []string{}
	for _, row := range e.Rows(t, "SELECT club_id, word, num FROM memberships WHERE player_id = ? ORDER BY club_id", p.ID) {
		word := ""
		if row["word"] != nil {
			word = harness.Text(row["word"])
		}
		out = append(out, fmt.Sprintf("%v:%s:%v", row["club_id"], word, row["num"]))
	}
	return out
}

// eventsOf are the events of one hooked write of a pivot row.
func eventsOf(row string, moments ...hooks.Moment) []string {
	out := make([]string, len(moments))
	for i, m := range moments {
		out[i] = string(m) + " " + row
	}
	return out
}

const valueCode = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

var valueTime = time.Date(2026, 5, 6, 7, 8, 9, 123000000, time.UTC)

func equalValues() model.Attrs {
	return model.Attrs{
		"flag": true, "at": valueTime, "price": "1.50", "code": valueCode, "ratio": 0.1, "data": []byte{0, 1, 255}, "word": "w", "num": 7,
	}
}

// Sync with values that mean what the row holds updates nothing: booleans, times, decimals, UUIDs, floats,
// bytes, texts and NULL.
func TestSyncUpdatesNothingForEqualValues(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann := players(t, e)
		for _, name := range []string{"ranks", "clubs"} {
			c := ann.Related(name)
			require.NoError(t, c.Attach(e.Ctx, relation.Pivot(1, equalValues())), name)
			for i, same := range []model.Attrs{
				equalValues(),
				{"flag": true},
				{"at": valueTime.In(time.FixedZone("x", 7200))},
				{"at": new(valueTime)},
				{"price": "1.50"},
				{"price": 1.5},
				{"code": "6BA7B810-9DAD-11D1-80B4-00C04FD430C8"},
				{"ratio": 0.1},
				{"ratio": new(0.1)},
				{"data": []byte{0, 1, 255}},
				{"word": "w"},
				{"word": new("w")},
				{"num": int8(7)},
				{"num": uint(7)},
			} {
				sent := e.SendsBesidesLocks(t, 1, func() {
					done, err := c.Sync(e.Ctx, relation.Pivot(1, same))
					require.NoError(t, err, name)
					require.Equal(t, relation.Changes{}, done, "%s %d %v", name, i, same)
				})
				require.Equal(t, []string{"SELECT"}, words(sent))
			}
			if name == "clubs" {
				e.SendsBesidesLocks(t, 1, func() { require.NoError(t, harness.Err(c.Sync(e.Ctx, relation.Pivot(1, model.Attrs{"price": "1.5"})))) })
			}
			require.NoError(t, harness.Err(c.UpdateExistingPivot(e.Ctx, 1, model.Attrs{"word": nil, "at": nil, "price": nil, "code": nil})))
			e.SendsBesidesLocks(t, 1, func() {
				done, err := c.Sync(e.Ctx, relation.Pivot(1, model.Attrs{"word": nil, "at": nil, "price": nil, "code": nil}))
				require.NoError(t, err)
				require.Equal(t, relation.Changes{}, done, name)
			})
		}
	})
}

// Sync with a value that differs updates the row, of whatever type, and only that column.
func TestSyncUpdatesOnlyDifferingColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann := players(t, e)
		for _, name := range []string{"ranks", "clubs"} {
			c := ann.Related(name)
			require.NoError(t, c.Attach(e.Ctx, relation.Pivot(1, equalValues())))
			for i, other := range []model.Attrs{
				{"flag": false},
				{"at": valueTime.Add(time.Second)},
				{"at": nil},
				{"price": "1.51"},
				{"price": nil},
				{"price": "0.00"},
				{"code": "6ba7b810-9dad-11d1-80b4-00c04fd430c9"},
				{"code": nil},
				{"ratio": 0.2},
				{"data": []byte{0, 1}},
				{"word": "W"},
				{"word": nil},
				{"word": ""},
				{"num": 8},
			} {
				sent := e.SendsBesidesLocks(t, 2, func() {
					done, err := c.Sync(e.Ctx, relation.Pivot(1, other))
					require.NoError(t, err)
					require.Equal(t, int64s(1), done.Updated, "%s %d %v", name, i, other)
				})
				require.Equal(t, []string{"SELECT", "UPDATE"}, words(sent))
				e.SendsBesidesLocks(t, 1, func() { require.NoError(t, harness.Err(c.Sync(e.Ctx, relation.Pivot(1, other))), name) })
			}
		}
	})
}

// What the definition says of pivot rows holds for Detach, DetachAll, Sync, Toggle and UpdateExistingPivot:
// others are not seen.
func TestPivotConditionsHoldForWrites(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann := players(t, e)
		reset := func() {
			e.Exec(t, "DELETE FROM memberships")
			require.NoError(t, hooksOff(e, func(ctx context.Context) error {
				return ann.Related("clubs").Attach(ctx, relation.Pivot(1, model.Attrs{"word": "chief", "num": 1}),
					relation.Pivot(2, model.Attrs{"word": "w", "num": 2}), relation.Pivot(3, model.Attrs{"num": 9}))
			}))
		}
		numbers, chiefs, wordy := ann.Related("numbers"), ann.Related("chiefs"), ann.Related("wordy")
		count := func(n int64, err error) int64 {
			require.NoError(t, err)
			return n
		}
		for name, c := range map[string]struct {
			run  func()
			want []string
		}{
			"detach": {func() {
				require.EqualValues(t, 0, count(chiefs.Detach(e.Ctx, 2, 3)))
				require.EqualValues(t, 1, count(wordy.Detach(e.Ctx, 1, 2, 3)))
			}, []string{"1:chief:1", "3::9"}},
			"detach all":        {func() { require.EqualValues(t, 1, count(chiefs.DetachAll(e.Ctx))) }, []string{"2:w:2", "3::9"}},
			"detach all of two": {func() { require.EqualValues(t, 2, count(numbers.DetachAll(e.Ctx))) }, []string{"3::9"}},
			"sync": {func() {
				done, err := chiefs.Sync(e.Ctx, relation.Pivot(4, model.Attrs{"word": "chief"}))
				require.NoError(t, err)
				require.Equal(t, relation.Changes{Attached: int64s(4), Detached: int64s(1)}, done)
			}, nil},
			"sync of nothing": {func() {
				done, err := numbers.Sync(e.Ctx)
				require.NoError(t, err)
				require.ElementsMatch(t, int64s(1, 2), done.Detached)
			}, []string{"3::9"}},
			"toggle": {func() {
				done, err := wordy.Toggle(e.Ctx, 2)
				require.NoError(t, err)
				require.Equal(t, int64s(2), done.Detached)
			}, []string{"1:chief:1", "3::9"}},
			"update": {func() {
				require.EqualValues(t, 0, count(chiefs.UpdateExistingPivot(e.Ctx, 2, model.Attrs{"num": 5})))
				require.EqualValues(t, 1, count(numbers.UpdateExistingPivot(e.Ctx, 2, model.Attrs{"word": "x"})))
				require.EqualValues(t, 0, count(numbers.UpdateExistingPivot(e.Ctx, 3, model.Attrs{"word": "x"})))
			}, []string{"1:chief:1", "2:x:2", "3::9"}},
		} {
			reset()
			c.run()
			if c.want != nil {
				require.Equal(t, c.want, members(t, e, ann), name)
			}
		}
		reset()
		require.ErrorIs(t, harness.Err(chiefs.Toggle(e.Ctx, 2)), model.ErrDuplicate, "the row is there, but not of this relation")
		require.NoError(t, harness.Err(chiefs.SyncWithoutDetaching(e.Ctx, 1)))
	})
}

// The hooks of a pivot model run for the rows that are attached, updated and detached, and for no others,
// in the order of a write.
func TestPivotHooksRunForWrittenRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann := players(t, e)
		ctx, j := journaled(e.Ctx)
		clubs := relation.ManyToMany(ann, &ann.Clubs)
		inserted := append(eventsOf("1-1", hooks.Creating, hooks.Saving), eventsOf("1-2", hooks.Creating, hooks.Saving)...)
		inserted = append(inserted, eventsOf("1-1", hooks.Created, hooks.Saved)...)
		inserted = append(inserted, eventsOf("1-2", hooks.Created, hooks.Saved)...)
		one := eventsOf("1-3", hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved)
		updated := eventsOf("1-2", hooks.Updating, hooks.Saving, hooks.Updated, hooks.Saved)
		deleted := eventsOf("1-1", hooks.Deleting, hooks.Deleted)
		num := func(n int) model.Attrs { return model.Attrs{"num": n} }
		for i, c := range []struct {
			run  func(ctx context.Context) error
			want []string
		}{
			{func(ctx context.Context) error { return clubs.Attach(ctx, 2, 1) }, inserted},
			{func(ctx context.Context) error { return harness.Err(clubs.Sync(ctx, 1, 2)) }, []string{}},
			{func(ctx context.Context) error {
				return harness.Err(clubs.Sync(ctx, relation.Pivot(2, num(4)), 3))
			}, append(append(append([]string{}, deleted...), updated...), one...)},
			{func(ctx context.Context) error { return harness.Err(clubs.UpdateExistingPivot(ctx, 2, num(5))) }, updated},
			{func(ctx context.Context) error {
				return harness.Err(clubs.Toggle(ctx, 1, 3))
			}, append(eventsOf("1-3", hooks.Deleting, hooks.Deleted), eventsOf("1-1", hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved)...)},
			{func(ctx context.Context) error { return harness.Err(clubs.Detach(ctx, 1, 4)) }, deleted},
			{func(ctx context.Context) error {
				return harness.Err(clubs.SyncWithoutDetaching(ctx, relation.Pivot(2, num(6))))
			}, updated},
			{
				func(ctx context.Context) error { return clubs.Save(ctx, &Club{Name: "new"}) },
				eventsOf("1-6", hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved),
			},
			{func(ctx context.Context) error { return clubs.Create(hooks.Without(ctx), &Club{Name: "newer"}) }, []string{}},
			{func(ctx context.Context) error {
				return harness.Err(clubs.Sync(hooks.Without(ctx), 1, relation.Pivot(2, num(8))))
			}, []string{}},
			{func(ctx context.Context) error {
				return harness.Err(clubs.DetachAll(ctx))
			}, append(append([]string{}, deleted...), eventsOf("1-2", hooks.Deleting, hooks.Deleted)...)},
		} {
			require.NoError(t, c.run(ctx), i)
			if i == 10 { // two rows in the order of the database
				require.ElementsMatch(t, c.want, j.take(), i)
				continue
			}
			require.Equal(t, c.want, j.take(), i)
		}
		require.Empty(t, members(t, e, ann))
	})
}

// A hook of a pivot model that fails undoes the whole call.
func TestFailingPivotHookUndoesTheCall(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann := players(t, e)
		require.NoError(t, ann.Related("clubs").Attach(e.Ctx, 1, 2))
		before := members(t, e, ann)
		clubs := relation.ManyToMany(ann, &ann.Clubs)
		word := model.Attrs{"word": "x"}
		for event, run := range map[string]func(ctx context.Context) error{
			"saved 1-4":    func(ctx context.Context) error { return clubs.Attach(ctx, 3, 4) },
			"created 1-3":  func(ctx context.Context) error { return harness.Err(clubs.Sync(ctx, relation.Pivot(2, word), 3)) },
			"deleted 1-2":  func(ctx context.Context) error { return harness.Err(clubs.Detach(ctx, 1, 2)) },
			"deleting 1-2": func(ctx context.Context) error { return harness.Err(clubs.DetachAll(ctx)) },
			"updated 1-2":  func(ctx context.Context) error { return harness.Err(clubs.UpdateExistingPivot(ctx, 2, word)) },
			"creating 1-3": func(ctx context.Context) error { return harness.Err(clubs.Toggle(ctx, 1, 3)) },
			"saved 1-6":    func(ctx context.Context) error { return clubs.Create(ctx, &Club{Name: "new"}) },
		} {
			ctx, j := journaled(e.Ctx)
			j.fail = event
			require.ErrorIs(t, run(ctx), errHook, event)
			require.Equal(t, before, members(t, e, ann), event)
			require.EqualValues(t, 5, e.Count(t, "clubs"))
		}
	})
}

// A record that is saved or read through a relation with a pivot model carries the pivot record, under its
// name and by PivotOf.
func TestRecordCarriesItsPivotRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann := players(t, e)
		clubs, club := relation.ManyToMany(ann, &ann.Clubs), &Club{Name: "new"}
		require.NoError(t, clubs.Create(e.Ctx, club, model.Attrs{"num": 3, "flag": true}))
		list, err := clubs.Query().All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, list, 1)
		for _, c := range []*Club{club, list[0]} {
			m, ok := relation.PivotOf[Membership](c)
			require.True(t, ok)
			require.EqualValues(t, 3, m.Num)
			require.True(t, m.Flag)
			require.Equal(t, club.ID, m.ClubID)
			require.Same(t, m, c.Extras()["membership"])
			require.True(t, e.Clock.Now().Equal(m.CreatedAt))
			require.EqualValues(t, 3, c.Extras().Int64("pivot_num"))
			require.True(t, m.IsPersisted())
		}
		require.NoError(t, clubs.Save(e.Ctx, club, model.Attrs{"num": 4}))
		m, _ := relation.PivotOf[Membership](club)
		require.EqualValues(t, 4, m.Num)
		require.True(t, m.Flag)
		m.Num = 5
		e.Sends(t, 1, func() { require.NoError(t, m.Save(e.Ctx)) })
		require.Equal(t, []string{"6::5"}, members(t, e, ann))
		_, ok := relation.PivotOf[Membership](&Club{})
		require.False(t, ok)
	})
}

// hooksOff runs fn without hooks.
func hooksOff(e *harness.Env, fn func(ctx context.Context) error) error {
	return fn(hooks.Without(e.Ctx))
}

// PivotQuery selects, plucks and groups by pivot columns that nobody has declared.
func TestPivotQueryKnowsUndeclaredColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		e.Exec(t, "ALTER TABLE author_topics ADD COLUMN rank_no integer")
		require.NoError(t, ann.topics().Attach(e.Ctx, relation.Pivot(1, model.Attrs{"rank_no": 7}), relation.Pivot(2, model.Attrs{"rank_no": 7})))
		var rows []relation.Attrs
		require.NoError(t, ann.topics().PivotQuery().Select("topic_id", "rank_no").OrderBy("topic_id").All(e.Ctx, &rows))
		require.Len(t, rows, 2)
		require.EqualValues(t, 7, rows[0]["rank_no"])
		var ranks []int64
		require.NoError(t, ann.topics().PivotQuery().Pluck(e.Ctx, "rank_no", &ranks))
		require.Equal(t, []int64{7, 7}, ranks)
		require.NoError(t, ann.topics().PivotQuery().GroupBy("rank_no").Aggregate("count", "*").All(e.Ctx, &rows))
		require.Len(t, rows, 1)
	})
}

// The texts "1.0" and "1" in a pivot column without a model are two values: Sync writes the other one.
// Numbers are compared by value there.
func TestSyncKeepsTextsThatLookLikeNumbersApart(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ranks := players(t, e).Related("ranks")
		require.NoError(t, ranks.Attach(e.Ctx, relation.Pivot(1, model.Attrs{"word": "1", "num": 1})))
		word := func() string { return harness.Text(e.Row(t, "SELECT word FROM ranks")["word"]) }
		for _, text := range []string{"1.0", "1", "01", "1e0"} {
			link := relation.Pivot(1, model.Attrs{"word": text})
			e.SendsBesidesLocks(t, 2, func() {
				done, err := ranks.Sync(e.Ctx, link)
				require.NoError(t, err)
				require.Equal(t, relation.Changes{Updated: int64s(1)}, done, text)
			})
			require.Equal(t, text, word())
			e.SendsBesidesLocks(t, 1, func() { require.NoError(t, harness.Err(ranks.Sync(e.Ctx, link))) })
		}
		e.SendsBesidesLocks(t, 1, func() {
			require.NoError(t, harness.Err(ranks.Sync(e.Ctx, relation.Pivot(1, model.Attrs{"num": "1.0"}))))
		})
	})
}
