// SPDX-License-Identifier: MIT

package json_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// srTeam has players, under another name, and hides a relation.
type srTeam struct {
	model.BaseModel[srTeam]

	ID     int64
	Name   string
	Squad  []*srPlayer `relation:"hasMany;foreignKey:TeamID" json:"players"`
	Coach  *srPlayer   `relation:"hasOne;foreignKey:CoachOf"`
	Hidden []*srPlayer `relation:"hasMany;foreignKey:TeamID" json:"-"`
}

// srPlayer has a default team.
type srPlayer struct {
	model.BaseModel[srPlayer]

	ID      int64
	Name    string
	Pin     string    `json:"-"`
	TeamID  *int64    `json:"team_id,omitempty"`
	CoachOf *int64    `json:"-"`
	Team    *srTeam   `relation:"belongsTo"`
	Skills  []*srGift `relation:"manyToMany;pivotTable:sr_gifted;pivotForeignKey:player_id;pivotRelatedForeignKey:gift_id;pivotColumns:level"`
}

// srGift shows a value of the pivot row.
type srGift struct {
	model.BaseModel[srGift]

	ID      int64
	Name    string
	Players []*srPlayer `relation:"manyToMany;pivotTable:sr_gifted;pivotForeignKey:gift_id;pivotRelatedForeignKey:player_id;pivotColumns:level"`
}

// Define is read by Register.
func (p *srPlayer) Define(d *model.Definition[srPlayer]) {
	d.Relation(&p.Team).WithDefault(model.Attrs{"name": "none"})
	d.Relation(&p.Skills).SerializeAs("gifts")
}

// Define is read by Register.
func (*srGift) Define(d *model.Definition[srGift]) {
	d.Computed("level", func(g *srGift) any { return g.Extras()["pivot_level"] })
}

// srSeed makes a team of two players, of whom the first has a gift, and a player without a team.
func srSeed(t testing.TB, e *harness.Env) *srTeam {
	t.Helper()
	e.Migrate(t, &srTeam{}, &srPlayer{}, &srGift{})
	team := &srTeam{Name: "t"}
	require.NoError(t, model.Create(e.Ctx, e.DB, team))
	ann := &srPlayer{Name: "ann", Pin: sentinel, TeamID: &team.ID}
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*srPlayer{ann, {Name: "bob", Pin: sentinel, TeamID: &team.ID}, {Name: "cyd"}}))
	require.NoError(t, ann.Related("skills").Create(e.Ctx, &srGift{Name: "run"}, model.Attrs{"level": "5"}))
	loaded, err := model.Query[srTeam](e.DB).Find(e.Ctx, team.ID)
	require.NoError(t, err)
	return loaded
}

// srJSON asserts the JSON of a value.
func srJSON(t testing.TB, want string, v any, opts ...serialize.Options) {
	t.Helper()
	got, err := serialize.JSON(v, opts...)
	require.NoError(t, err)
	require.Equal(t, want, string(got))
	if len(opts) == 0 {
		plain, err := json.Marshal(v)
		require.NoError(t, err)
		require.Equal(t, want, string(plain))
	}
}

// A relation that is not loaded is absent, one to nothing is null, an empty list is [], and a hidden one is
// never there.
func TestUnloadedIsAbsentNothingIsNull(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		team := srSeed(t, e)
		srJSON(t, `{"id":1,"name":"t"}`, team)
		require.NoError(t, team.Load(e.Ctx, "coach"))
		require.NoError(t, team.Load(e.Ctx, "hidden"))
		require.Len(t, team.Hidden, 2)
		srJSON(t, `{"id":1,"name":"t","coach":null}`, team)
		require.NoError(t, team.Related("squad").SetLoaded(nil))
		srJSON(t, `{"id":1,"name":"t","players":[],"coach":null}`, team)
		srJSON(t, `{"id":0,"name":"l","players":[{"id":0,"name":"x"}]}`, &srTeam{Name: "l", Squad: []*srPlayer{{Name: "x", Pin: sentinel}}})
		out, err := serialize.Map(team, serialize.Options{})
		require.NoError(t, err)
		require.Contains(t, out, "coach")
		require.Nil(t, out["coach"])
		require.NotContains(t, out, "hidden")
		object, err := json.Marshal(team.ToObject())
		require.NoError(t, err)
		require.Contains(t, string(object), "oach")
		require.NotContains(t, string(object), sentinel)
	})
}

// Relations have their serialized names, related records hide what they hide, and a computed field may show
// a pivot value.
func TestRelationsHaveSerializedNames(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		team := srSeed(t, e)
		require.NoError(t, team.Load(e.Ctx, "squad.skills"))
		srJSON(t, `{"id":1,"name":"t","players":[`+
			`{"id":1,"name":"ann","team_id":1,"gifts":[{"id":1,"name":"run","level":"5"}]},`+
			`{"id":2,"name":"bob","team_id":1,"gifts":[]}]}`, team)
	})
}

// Pick and Omit choose fields at every level of loaded relations; relations that are not mentioned are
// whole, an empty Pick is {}.
func TestPickAndOmitChooseAtEveryLevel(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		team := srSeed(t, e)
		require.NoError(t, team.Load(e.Ctx, "squad.skills"))
		pick := serialize.Options{Fields: serialize.Pick("name"), Relations: map[string]serialize.Options{
			"players": {Fields: serialize.Omit("id", "team_id"), Relations: map[string]serialize.Options{
				"gifts": {Fields: serialize.Pick("level")},
			}},
		}}
		srJSON(t, `{"name":"t","players":[{"name":"ann","gifts":[{"level":"5"}]},{"name":"bob","gifts":[]}]}`, team, pick)
		srJSON(t, `[{"name":"t","players":[{"name":"ann","gifts":[{"level":"5"}]},{"name":"bob","gifts":[]}]}]`, []*srTeam{team}, pick)
		out, err := serialize.Map(team, pick)
		require.NoError(t, err)
		text, err := json.Marshal(out)
		require.NoError(t, err)
		require.JSONEq(t, `{"name":"t","players":[{"name":"ann","gifts":[{"level":"5"}]},{"name":"bob","gifts":[]}]}`, string(text))
		none := serialize.Options{Relations: map[string]serialize.Options{"players": {
			Fields: serialize.Pick(), Relations: map[string]serialize.Options{"gifts": {Fields: serialize.Pick()}},
		}}}
		srJSON(t, `{"id":1,"name":"t","players":[{"gifts":[{}]},{"gifts":[]}]}`, team, none)
	})
}

// Names that a related model does not have, or hides, are ErrUnknownAttribute at every level.
func TestUnknownAndHiddenNamesAreRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		team := srSeed(t, e)
		require.NoError(t, team.Load(e.Ctx, "squad.skills"))
		inner := func(o serialize.Options) serialize.Options {
			return serialize.Options{Relations: map[string]serialize.Options{"players": o}}
		}
		for name, o := range map[string]serialize.Options{
			"relation":        {Relations: map[string]serialize.Options{"typo": {}}},
			"Go name":         {Relations: map[string]serialize.Options{"Squad": {}}},
			"hidden relation": {Relations: map[string]serialize.Options{"hidden": {}}},
			"picked relation": {Fields: serialize.Pick("players")},
			"inner field":     inner(serialize.Options{Fields: serialize.Pick("typo")}),
			"inner hidden":    inner(serialize.Options{Fields: serialize.Pick("pin")}),
			"inner relation":  inner(serialize.Options{Relations: map[string]serialize.Options{"skills": {}}}),
			"third level": inner(serialize.Options{Relations: map[string]serialize.Options{
				"gifts": {Fields: serialize.Omit("typo")},
			}}),
		} {
			require.ErrorIs(t, srErr(serialize.JSON(team, o)), model.ErrUnknownAttribute, name)
			require.ErrorIs(t, srErr(serialize.Map(team, o)), model.ErrUnknownAttribute, name)
		}
	})
}

// Extras of related records are there only where they are asked for, at the level that asks.
func TestExtrasAreShownOnlyWhereAsked(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		team := srSeed(t, e)
		require.NoError(t, team.Load(e.Ctx, "squad.skills"))
		gift, err := serialize.JSON(team.Squad[0].Skills[0], serialize.Options{Extras: true, ExtrasAs: "__meta__"})
		require.NoError(t, err)
		require.JSONEq(t, `{"id":1,"name":"run","level":"5","__meta__":{"pivot_gift_id":1,"pivot_level":"5","pivot_player_id":1}}`,
			string(gift))
		deep, err := serialize.JSON(team, serialize.Options{
			Fields: serialize.Pick(), Relations: map[string]serialize.Options{"players": {
				Fields: serialize.Pick("name"), Relations: map[string]serialize.Options{"gifts": {Fields: serialize.Pick(), Extras: true}},
			}},
		})
		require.NoError(t, err)
		require.JSONEq(t, `{"players":[{"name":"ann","gifts":[{"meta":{"pivot_gift_id":1,"pivot_level":"5","pivot_player_id":1}}]},`+
			`{"name":"bob","gifts":[]}]}`, string(deep))
	})
}

// A relation that leads back to a record on the way is left out, so cycles end, and the same record
// elsewhere is shown again.
func TestCyclesEnd(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		team := &srTeam{Name: "t"}
		ann, bob := &srPlayer{Name: "a", Team: team}, &srPlayer{Name: "b", Team: team}
		gift := &srGift{Name: "g", Players: []*srPlayer{ann, bob}}
		ann.Skills = []*srGift{gift}
		team.Squad, team.Coach = []*srPlayer{ann, bob}, bob
		srJSON(t, `{"id":0,"name":"t","players":[{"id":0,"name":"a","gifts":[{"id":0,"name":"g","players":[{"id":0,"name":"b"}],"level":null}]},`+
			`{"id":0,"name":"b"}],"coach":{"id":0,"name":"b"}}`, team)
		ann.Team = nil
		self := &srGift{Name: "s"}
		self.Players = []*srPlayer{{Name: "p", Skills: []*srGift{self}}}
		srJSON(t, `{"id":0,"name":"s","players":[{"id":0,"name":"p","gifts":[]}],"level":null}`, self)
		require.NotNil(t, team.ToObject())
		require.NoError(t, srErr(serialize.Map(team, serialize.Options{})))
	})
}

// Pages of related records, and of records with relations, are serialized with their options like lists; a
// default is shown.
func TestPagesOfRelatedRecordsTakeOptions(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		srSeed(t, e)
		page, err := model.Query[srPlayer](e.DB).Preload("team").OrderBy("id", "desc").Paginate(e.Ctx, 1, 2)
		require.NoError(t, err)
		got, err := serialize.JSON(page, serialize.Options{
			Fields: serialize.Pick("name"), Relations: map[string]serialize.Options{"team": {Fields: serialize.Pick("name")}},
		})
		require.NoError(t, err)
		var out struct {
			Meta map[string]any
			Data json.RawMessage
		}
		require.NoError(t, json.Unmarshal(got, &out))
		require.EqualValues(t, 3, out.Meta["total"])
		require.Equal(t, `[{"name":"cyd","team":{"name":"none"}},{"name":"bob","team":{"name":"t"}}]`, string(out.Data))
		cyd, err := model.Query[srPlayer](e.DB).Preload("team").FindBy(e.Ctx, "name", "cyd")
		require.NoError(t, err)
		srJSON(t, `{"id":3,"name":"cyd","team":{"id":0,"name":"none"}}`, cyd)
		require.True(t, cyd.Team.IsNew())
	})
}

// srErr is the error of a call.
func srErr[V any](_ V, err error) error { return err }
