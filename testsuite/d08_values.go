// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// wrPlayer has a manyToMany without a pivot model, and several with one.
type wrPlayer struct {
	model.BaseModel[wrPlayer]

	ID      int64
	Name    string
	Ranks   []*wrClub `relation:"manyToMany;pivotTable:wr_ranks;pivotForeignKey:player_id;pivotRelatedForeignKey:club_id;pivotColumns:flag,at,price,code,ratio,data,word,num"`
	Clubs   []*wrClub `relation:"manyToMany;pivotForeignKey:player_id;pivotRelatedForeignKey:club_id;as:membership"`
	Chiefs  []*wrClub `relation:"manyToMany;pivotTable:wr_memberships;pivotForeignKey:player_id;pivotRelatedForeignKey:club_id;pivotColumns:word"`
	Wordy   []*wrClub `relation:"manyToMany;pivotTable:wr_memberships;pivotForeignKey:player_id;pivotRelatedForeignKey:club_id;pivotColumns:word"`
	Numbers []*wrClub `relation:"manyToMany;pivotForeignKey:player_id;pivotRelatedForeignKey:club_id"`
}

// wrClub is what players are members of.
type wrClub struct {
	model.BaseModel[wrClub]

	ID   int64
	Name string
}

// wrMembership is a pivot model.
type wrMembership struct {
	model.BaseModel[wrMembership]

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
func (p *wrPlayer) Define(d *model.Definition[wrPlayer]) {
	d.Relation(&p.Clubs).Using(&wrMembership{})
	d.Relation(&p.Chiefs).WherePivot("word", "chief")
	d.Relation(&p.Wordy).WherePivotNotNull("word").WherePivotNotIn("word", []string{"chief", "boss"})
	d.Relation(&p.Numbers).Using(&wrMembership{}).WherePivotBetween("num", 1, 5)
}

// Define is read by Register.
func (*wrMembership) Define(d *model.Definition[wrMembership]) {
	wrNoted(d, func(m *wrMembership) string { return fmt.Sprintf("%d-%d", m.PlayerID, m.ClubID) })
}

// wrRank is how wr_ranks looks to others.
type wrRank struct {
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

// wrPlayers makes two players, of which it returns the first, and the clubs 1 to 5.
func wrPlayers(t testing.TB, e *env) *wrPlayer {
	t.Helper()
	e.migrate(t, &wrPlayer{}, &wrClub{}, &wrMembership{})
	e.exec(t, "DROP TABLE wr_ranks")
	require.NoError(t, e.gorm.Table("wr_ranks").AutoMigrate(&wrRank{}))
	ann := &wrPlayer{Name: "ann"}
	require.NoError(t, model.CreateMany(e.ctx, e.db, []*wrPlayer{ann, {Name: "bob"}}))
	require.NoError(t, model.Insert(e.ctx, e.db, []*wrClub{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}, {Name: "e"}}))
	e.sent.Reset()
	return ann
}

// wrMembers are the rows of wr_memberships of a player, as "club:word:num".
func wrMembers(t testing.TB, e *env, p *wrPlayer) []string {
	t.Helper()
	out := []string{}
	for _, row := range e.rows(t, "SELECT club_id, word, num FROM wr_memberships WHERE player_id = ? ORDER BY club_id", p.ID) {
		word := ""
		if row["word"] != nil {
			word = wrText(row["word"])
		}
		out = append(out, fmt.Sprintf("%v:%s:%v", row["club_id"], word, row["num"]))
	}
	return out
}

// wrEvents are the events of one hooked write of a pivot row.
func wrEvents(row string, moments ...hooks.Moment) []string {
	out := make([]string, len(moments))
	for i, m := range moments {
		out[i] = string(m) + " " + row
	}
	return out
}

// pivotValuePromises are about values, constraints and hooks of pivot rows.
func pivotValuePromises() []promise {
	const code = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
	at := time.Date(2026, 5, 6, 7, 8, 9, 123000000, time.UTC)
	given := func() model.Attrs {
		return model.Attrs{
			"flag": true, "at": at, "price": "1.50", "code": code, "ratio": 0.1, "data": []byte{0, 1, 255}, "word": "w", "num": 7,
		}
	}
	return []promise{
		{
			name: "D8/EqualValues",
			says: "Sync with values that mean what the row holds updates nothing: booleans, times, decimals, UUIDs, floats, bytes, texts and NULL",
			check: func(t testing.TB, e *env) {
				ann := wrPlayers(t, e)
				for _, name := range []string{"ranks", "clubs"} {
					c := ann.Related(name)
					require.NoError(t, c.Attach(e.ctx, relation.Pivot(1, given())), name)
					for i, same := range []model.Attrs{
						given(),
						{"flag": true},
						{"at": at.In(time.FixedZone("x", 7200))},
						{"at": new(at)},
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
						sent := wrSends(t, e, 1, func() {
							done, err := c.Sync(e.ctx, relation.Pivot(1, same))
							require.NoError(t, err, name)
							require.Equal(t, relation.Changes{}, see(e, "done", done), "%s %d %v", name, i, same)
						})
						require.Equal(t, []string{"SELECT"}, wrWords(sent))
					}
					if name == "clubs" {
						wrSends(t, e, 1, func() { require.NoError(t, wrErr(c.Sync(e.ctx, relation.Pivot(1, model.Attrs{"price": "1.5"})))) })
					}
					require.NoError(t, wrErr(c.UpdateExistingPivot(e.ctx, 1, model.Attrs{"word": nil, "at": nil, "price": nil, "code": nil})))
					wrSends(t, e, 1, func() {
						done, err := c.Sync(e.ctx, relation.Pivot(1, model.Attrs{"word": nil, "at": nil, "price": nil, "code": nil}))
						require.NoError(t, err)
						require.Equal(t, relation.Changes{}, done, name)
					})
				}
			},
			twin: func(e *env) { e.seen["done"] = func(any) any { return relation.Changes{Updated: []any{1}} } },
		},
		{
			name: "D8/DifferingValues",
			says: "Sync with a value that differs updates the row, of whatever type, and only that column",
			check: func(t testing.TB, e *env) {
				ann := wrPlayers(t, e)
				for _, name := range []string{"ranks", "clubs"} {
					c := ann.Related(name)
					require.NoError(t, c.Attach(e.ctx, relation.Pivot(1, given())))
					for i, other := range []model.Attrs{
						{"flag": false},
						{"at": at.Add(time.Second)},
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
						sent := wrSends(t, e, 2, func() {
							done, err := c.Sync(e.ctx, relation.Pivot(1, other))
							require.NoError(t, err)
							require.Equal(t, wrInt64s(1), see(e, "updated", done.Updated), "%s %d %v", name, i, other)
						})
						require.Equal(t, []string{"SELECT", "UPDATE"}, wrWords(sent))
						wrSends(t, e, 1, func() { require.NoError(t, wrErr(c.Sync(e.ctx, relation.Pivot(1, other))), name) })
					}
				}
			},
			twin: func(e *env) { e.seen["updated"] = func(any) any { return []any(nil) } },
		},
		{
			name: "D8/Constraints",
			says: "what the definition says of pivot rows holds for Detach, DetachAll, Sync, Toggle and UpdateExistingPivot: others are not seen",
			check: func(t testing.TB, e *env) {
				ann := wrPlayers(t, e)
				reset := func() {
					e.exec(t, "DELETE FROM wr_memberships")
					require.NoError(t, wrHooksOff(e, func(ctx context.Context) error {
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
						require.EqualValues(t, 0, count(chiefs.Detach(e.ctx, 2, 3)))
						require.EqualValues(t, 1, count(wordy.Detach(e.ctx, 1, 2, 3)))
					}, []string{"1:chief:1", "3::9"}},
					"detach all":        {func() { require.EqualValues(t, 1, count(chiefs.DetachAll(e.ctx))) }, []string{"2:w:2", "3::9"}},
					"detach all of two": {func() { require.EqualValues(t, 2, count(numbers.DetachAll(e.ctx))) }, []string{"3::9"}},
					"sync": {func() {
						done, err := chiefs.Sync(e.ctx, relation.Pivot(4, model.Attrs{"word": "chief"}))
						require.NoError(t, err)
						require.Equal(t, relation.Changes{Attached: wrInt64s(4), Detached: wrInt64s(1)}, done)
					}, nil},
					"sync of nothing": {func() {
						done, err := numbers.Sync(e.ctx)
						require.NoError(t, err)
						require.ElementsMatch(t, wrInt64s(1, 2), done.Detached)
					}, []string{"3::9"}},
					"toggle": {func() {
						done, err := wordy.Toggle(e.ctx, 2)
						require.NoError(t, err)
						require.Equal(t, wrInt64s(2), done.Detached)
					}, []string{"1:chief:1", "3::9"}},
					"update": {func() {
						require.EqualValues(t, 0, count(chiefs.UpdateExistingPivot(e.ctx, 2, model.Attrs{"num": 5})))
						require.EqualValues(t, 1, count(numbers.UpdateExistingPivot(e.ctx, 2, model.Attrs{"word": "x"})))
						require.EqualValues(t, 0, count(numbers.UpdateExistingPivot(e.ctx, 3, model.Attrs{"word": "x"})))
					}, []string{"1:chief:1", "2:x:2", "3::9"}},
				} {
					reset()
					c.run()
					if c.want != nil {
						require.Equal(t, c.want, see(e, "members", wrMembers(t, e, ann)), name)
					}
				}
				reset()
				require.ErrorIs(t, wrErr(chiefs.Toggle(e.ctx, 2)), model.ErrDuplicate, "the row is there, but not of this relation")
				require.NoError(t, wrErr(chiefs.SyncWithoutDetaching(e.ctx, 1)))
			},
			twin: func(e *env) { e.seen["members"] = func(any) any { return []string{} } },
		},
		{
			name: "D9/PivotHooks",
			says: "the hooks of a pivot model run for the rows that are attached, updated and detached, and for no others, in the order of a write",
			check: func(t testing.TB, e *env) {
				ann := wrPlayers(t, e)
				ctx, j := wrJournaled(e.ctx)
				clubs := relation.ManyToMany(ann, &ann.Clubs)
				inserted := append(wrEvents("1-1", hooks.Creating, hooks.Saving), wrEvents("1-2", hooks.Creating, hooks.Saving)...)
				inserted = append(inserted, wrEvents("1-1", hooks.Created, hooks.Saved)...)
				inserted = append(inserted, wrEvents("1-2", hooks.Created, hooks.Saved)...)
				one := wrEvents("1-3", hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved)
				updated := wrEvents("1-2", hooks.Updating, hooks.Saving, hooks.Updated, hooks.Saved)
				deleted := wrEvents("1-1", hooks.Deleting, hooks.Deleted)
				num := func(n int) model.Attrs { return model.Attrs{"num": n} }
				for i, c := range []struct {
					run  func(ctx context.Context) error
					want []string
				}{
					{func(ctx context.Context) error { return clubs.Attach(ctx, 2, 1) }, inserted},
					{func(ctx context.Context) error { return wrErr(clubs.Sync(ctx, 1, 2)) }, []string{}},
					{func(ctx context.Context) error {
						return wrErr(clubs.Sync(ctx, relation.Pivot(2, num(4)), 3))
					}, append(append(append([]string{}, deleted...), updated...), one...)},
					{func(ctx context.Context) error { return wrErr(clubs.UpdateExistingPivot(ctx, 2, num(5))) }, updated},
					{func(ctx context.Context) error {
						return wrErr(clubs.Toggle(ctx, 1, 3))
					}, append(wrEvents("1-3", hooks.Deleting, hooks.Deleted), wrEvents("1-1", hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved)...)},
					{func(ctx context.Context) error { return wrErr(clubs.Detach(ctx, 1, 4)) }, deleted},
					{func(ctx context.Context) error {
						return wrErr(clubs.SyncWithoutDetaching(ctx, relation.Pivot(2, num(6))))
					}, updated},
					{
						func(ctx context.Context) error { return clubs.Save(ctx, &wrClub{Name: "new"}) },
						wrEvents("1-6", hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved),
					},
					{func(ctx context.Context) error { return clubs.Create(hooks.Without(ctx), &wrClub{Name: "newer"}) }, []string{}},
					{func(ctx context.Context) error {
						return wrErr(clubs.Sync(hooks.Without(ctx), 1, relation.Pivot(2, num(8))))
					}, []string{}},
					{func(ctx context.Context) error {
						return wrErr(clubs.DetachAll(ctx))
					}, append(append([]string{}, deleted...), wrEvents("1-2", hooks.Deleting, hooks.Deleted)...)},
				} {
					require.NoError(t, c.run(ctx), i)
					if i == 10 { // two rows in the order of the database
						require.ElementsMatch(t, c.want, see(e, "events", j.take()), i)
						continue
					}
					require.Equal(t, c.want, see(e, "events", j.take()), i)
				}
				require.Empty(t, wrMembers(t, e, ann))
			},
			twin: func(e *env) { e.seen["events"] = func(any) any { return []string{} } },
		},
		{
			name: "D9/FailingPivotHook",
			says: "a hook of a pivot model that fails undoes the whole call",
			check: func(t testing.TB, e *env) {
				ann := wrPlayers(t, e)
				require.NoError(t, ann.Related("clubs").Attach(e.ctx, 1, 2))
				before := wrMembers(t, e, ann)
				clubs := relation.ManyToMany(ann, &ann.Clubs)
				word := model.Attrs{"word": "x"}
				for event, run := range map[string]func(ctx context.Context) error{
					"saved 1-4":    func(ctx context.Context) error { return clubs.Attach(ctx, 3, 4) },
					"created 1-3":  func(ctx context.Context) error { return wrErr(clubs.Sync(ctx, relation.Pivot(2, word), 3)) },
					"deleted 1-2":  func(ctx context.Context) error { return wrErr(clubs.Detach(ctx, 1, 2)) },
					"deleting 1-2": func(ctx context.Context) error { return wrErr(clubs.DetachAll(ctx)) },
					"updated 1-2":  func(ctx context.Context) error { return wrErr(clubs.UpdateExistingPivot(ctx, 2, word)) },
					"creating 1-3": func(ctx context.Context) error { return wrErr(clubs.Toggle(ctx, 1, 3)) },
					"saved 1-6":    func(ctx context.Context) error { return clubs.Create(ctx, &wrClub{Name: "new"}) },
				} {
					ctx, j := wrJournaled(e.ctx)
					j.fail = event
					require.ErrorIs(t, e.do("fail", func() error { return run(ctx) }), errWrHook, event)
					require.Equal(t, before, wrMembers(t, e, ann), event)
					require.EqualValues(t, 5, e.count(t, "wr_clubs"))
				}
			},
			twin: succeeding("fail"),
		},
		{
			name: "D3/PivotModel",
			says: "a record that is saved or read through a relation with a pivot model carries the pivot record, under its name and by PivotOf",
			check: func(t testing.TB, e *env) {
				ann := wrPlayers(t, e)
				clubs, club := relation.ManyToMany(ann, &ann.Clubs), &wrClub{Name: "new"}
				require.NoError(t, clubs.Create(e.ctx, club, model.Attrs{"num": 3, "flag": true}))
				list, err := clubs.Query().All(e.ctx)
				require.NoError(t, err)
				require.Len(t, list, 1)
				for _, c := range []*wrClub{club, list[0]} {
					m, ok := relation.PivotOf[wrMembership](c)
					require.True(t, see(e, "ok", ok))
					require.EqualValues(t, 3, m.Num)
					require.True(t, m.Flag)
					require.Equal(t, club.ID, m.ClubID)
					require.Same(t, m, c.Extras()["membership"])
					require.True(t, e.clock.now.Equal(m.CreatedAt))
					require.EqualValues(t, 3, c.Extras().Int64("pivot_num"))
					require.True(t, m.IsPersisted())
				}
				require.NoError(t, clubs.Save(e.ctx, club, model.Attrs{"num": 4}))
				m, _ := relation.PivotOf[wrMembership](club)
				require.EqualValues(t, 4, m.Num)
				require.True(t, m.Flag)
				m.Num = 5
				e.sends(t, 1, func() { require.NoError(t, m.Save(e.ctx)) })
				require.Equal(t, []string{"6::5"}, wrMembers(t, e, ann))
				_, ok := relation.PivotOf[wrMembership](&wrClub{})
				require.False(t, ok)
			},
			twin: negating("ok"),
		},
	}
}

// wrHooksOff runs fn without hooks.
func wrHooksOff(e *env, fn func(ctx context.Context) error) error { return fn(hooks.Without(e.ctx)) }
