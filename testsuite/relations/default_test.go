// SPDX-License-Identifier: MIT

package relations_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Host has relations with defaults of every form, on the table of User.
type Host struct {
	model.BaseModel[Host]

	ID        int64
	Name      string
	CountryID *int64
	Empty     *Profile `relation:"hasOne;foreignKey:UserID"`
	Given     *Profile `relation:"hasOne;foreignKey:UserID"`
	Made      *Profile `relation:"hasOne;foreignKey:UserID"`
	Land      *Country `relation:"belongsTo;foreignKey:CountryID"`
	Nowhere   *Country `relation:"belongsTo;foreignKey:CountryID"`
}

// Define gives the defaults.
func (k *Host) Define(d *model.Definition[Host]) {
	d.Table("users")
	d.Relation(&k.Empty).WithDefault(nil)
	d.Relation(&k.Given).WithDefault(relation.Attrs{"bio": "given", "ID": 77})
	d.Relation(&k.Made).WithDefault(func(p *Profile, h *Host) { p.Bio = "of " + h.Name })
	d.Relation(&k.Land).WithDefault(func(c *Country, h *Host) { c.Name = h.Name + "land" })
	d.Relation(&k.Nowhere).WithDefault(model.Attrs{"Name": "nowhere"})
}

// hosts are all of them with their relations, and with none of them loaded by a statement for no keys.
func hosts(t testing.TB, e *harness.Env) []*Host {
	t.Helper()
	return fetch(t, e, 6, model.Query[Host](e.DB).OrderBy("id").Preload("empty").Preload("given").Preload("made").Preload("land").
		Preload("nowhere"))
}

// A default stands where hasOne or belongsTo has no row: empty, of attributes or of a function; that of
// hasOne carries the key.
func TestDefaultStandsWhereThereIsNoRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		list := hosts(t, e)
		require.Equal(t, "a", list[0].Empty.Bio)
		require.Equal(t, "a", list[0].Given.Bio)
		require.True(t, list[0].Made.IsPersisted())
		require.Equal(t, "Atlantis", list[1].Land.Name)
		cid, dee := list[2], list[3]
		require.Equal(t, "", cid.Empty.Bio)
		require.Equal(t, "given", cid.Given.Bio)
		require.EqualValues(t, 77, cid.Given.ID)
		require.Equal(t, "of Cid", cid.Made.Bio)
		for _, p := range []*Profile{cid.Empty, cid.Given, cid.Made} {
			require.EqualValues(t, 3, p.UserID)
			require.False(t, p.IsPersisted())
			require.True(t, p.IsNew())
		}
		require.NotSame(t, cid.Empty, dee.Empty)
		require.Equal(t, "Deeland", dee.Land.Name)
		require.Equal(t, "nowhere", dee.Nowhere.Name)
		require.Nil(t, dee.CountryID)
		require.True(t, dee.Related("land").Loaded())
		require.False(t, dee.IsDirty())
		require.EqualValues(t, 2, e.Count(t, "profiles"), "nothing is saved")
	})
}

// First and Load give the same defaults as a preload; a query of the relation stays ErrNotFound; a NULL key
// sends nothing.
func TestFirstAndLoadGiveTheSameDefault(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		dee, err := model.Query[Host](e.DB).Find(e.Ctx, 4)
		require.NoError(t, err)
		e.Sends(t, 3, func() {
			for name, want := range map[string]string{"empty": "", "given": "given", "made": "of Dee"} {
				var p *Profile
				require.NoError(t, dee.Related(name).First(e.Ctx, &p), name)
				require.Equal(t, want, p.Bio, name)
				require.EqualValues(t, 4, p.UserID, name)
				require.False(t, p.IsPersisted(), name)
			}
		})
		e.Sends(t, 0, func() {
			var land *Country
			require.NoError(t, dee.Related("land").First(e.Ctx, &land))
			require.Equal(t, "Deeland", land.Name)
			require.NoError(t, dee.Load(e.Ctx, "nowhere"))
			require.Equal(t, "nowhere", dee.Nowhere.Name)
		})
		e.Sends(t, 2, func() {
			require.NoError(t, dee.Load(e.Ctx, "made"))
			require.Equal(t, "of Dee", dee.Made.Bio)
			_, err := relation.HasOne(dee, &dee.Made).Query().First(e.Ctx)
			require.ErrorIs(t, err, model.ErrNotFound)
		})
	})
}

// Push saves no default, and one that is saved by itself is a row like any other.
func TestPushLeavesDefaults(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		dee := hosts(t, e)[3]
		require.NoError(t, dee.Push(e.Ctx))
		require.EqualValues(t, 2, e.Count(t, "profiles"))
		require.EqualValues(t, 3, e.Count(t, "countries"))
		e.Sends(t, 1, func() { require.NoError(t, dee.Made.Save(e.Ctx)) })
		require.EqualValues(t, "of Dee", e.Rows(t, "SELECT bio FROM profiles WHERE user_id = 4")[0]["bio"])
		require.NoError(t, dee.Load(e.Ctx, "given"))
		require.Equal(t, "of Dee", dee.Given.Bio)
	})
}
