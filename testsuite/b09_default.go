// SPDX-License-Identifier: MIT

package testsuite

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// kinHost has relations with defaults of every form, on the table of kinUser.
type kinHost struct {
	model.BaseModel[kinHost]

	ID           int64
	Name         string
	KinCountryID *int64
	Empty        *kinProfile `relation:"hasOne;foreignKey:KinUserID"`
	Given        *kinProfile `relation:"hasOne;foreignKey:KinUserID"`
	Made         *kinProfile `relation:"hasOne;foreignKey:KinUserID"`
	Land         *kinCountry `relation:"belongsTo;foreignKey:KinCountryID"`
	Nowhere      *kinCountry `relation:"belongsTo;foreignKey:KinCountryID"`
}

// Define gives the defaults.
func (k *kinHost) Define(d *model.Definition[kinHost]) {
	d.Table("kin_users")
	d.Relation(&k.Empty).WithDefault(nil)
	d.Relation(&k.Given).WithDefault(relation.Attrs{"bio": "given", "ID": 77})
	d.Relation(&k.Made).WithDefault(func(p *kinProfile, h *kinHost) { p.Bio = "of " + h.Name })
	d.Relation(&k.Land).WithDefault(func(c *kinCountry, h *kinHost) { c.Name = h.Name + "land" })
	d.Relation(&k.Nowhere).WithDefault(model.Attrs{"Name": "nowhere"})
}

// kinHosts are all of them with their relations, and with none of them loaded by a statement for no keys.
func kinHosts(t testing.TB, e *env) []*kinHost {
	t.Helper()
	return kinAll(t, e, 6, model.Query[kinHost](e.db).OrderBy("id").Preload("empty").Preload("given").Preload("made").Preload("land").
		Preload("nowhere"))
}

// defaultPromises are those of row B9.
func defaultPromises() []promise {
	return []promise{
		{
			name: "B9/EagerDefaults",
			says: "A default stands where hasOne or belongsTo has no row: empty, of attributes or of a function; that of hasOne carries the key",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				list := kinHosts(t, e)
				require.Equal(t, "a", list[0].Empty.Bio)
				require.Equal(t, "a", list[0].Given.Bio)
				require.True(t, list[0].Made.IsPersisted())
				require.Equal(t, "Atlantis", list[1].Land.Name)
				cid, dee := list[2], list[3]
				require.Equal(t, "", cid.Empty.Bio)
				require.Equal(t, "given", cid.Given.Bio)
				require.EqualValues(t, 77, cid.Given.ID)
				require.Equal(t, "of Cid", cid.Made.Bio)
				for _, p := range []*kinProfile{cid.Empty, cid.Given, cid.Made} {
					require.EqualValues(t, 3, p.KinUserID)
					require.False(t, p.IsPersisted())
					require.True(t, p.IsNew())
				}
				require.NotSame(t, cid.Empty, dee.Empty)
				require.Equal(t, "Deeland", see(e, "default", dee.Land.Name))
				require.Equal(t, "nowhere", dee.Nowhere.Name)
				require.Nil(t, dee.KinCountryID)
				require.True(t, dee.Related("land").Loaded())
				require.False(t, dee.IsDirty())
				require.EqualValues(t, 2, e.count(t, "kin_profiles"), "nothing is saved")
			},
			twin: func(e *env) { e.seen["default"] = func(any) any { return "" } },
		},
		{
			name: "B9/LazyDefaults",
			says: "First and Load give the same defaults as a preload; a query of the relation stays ErrNotFound; a NULL key sends nothing",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				dee, err := model.Query[kinHost](e.db).Find(e.ctx, 4)
				require.NoError(t, err)
				e.sends(t, 3, func() {
					for name, want := range map[string]string{"empty": "", "given": "given", "made": "of Dee"} {
						var p *kinProfile
						require.NoError(t, dee.Related(name).First(e.ctx, &p), name)
						require.Equal(t, want, see(e, "default", p.Bio), name)
						require.EqualValues(t, 4, p.KinUserID, name)
						require.False(t, p.IsPersisted(), name)
					}
				})
				e.sends(t, 0, func() {
					var land *kinCountry
					require.NoError(t, dee.Related("land").First(e.ctx, &land))
					require.Equal(t, "Deeland", land.Name)
					require.NoError(t, dee.Load(e.ctx, "nowhere"))
					require.Equal(t, "nowhere", dee.Nowhere.Name)
				})
				e.sends(t, 2, func() {
					require.NoError(t, dee.Load(e.ctx, "made"))
					require.Equal(t, "of Dee", dee.Made.Bio)
					_, err := relation.HasOne(dee, &dee.Made).Query().First(e.ctx)
					require.ErrorIs(t, err, model.ErrNotFound)
				})
			},
			twin: func(e *env) { e.seen["default"] = func(any) any { return "x" } },
		},
		{
			name: "B9/PushLeavesDefaults",
			says: "Push saves no default, and one that is saved by itself is a row like any other",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				dee := kinHosts(t, e)[3]
				require.NoError(t, e.do("push", func() error { return dee.Push(e.ctx) }))
				require.EqualValues(t, 2, e.count(t, "kin_profiles"))
				require.EqualValues(t, 3, e.count(t, "kin_countries"))
				e.sends(t, 1, func() { require.NoError(t, dee.Made.Save(e.ctx)) })
				require.EqualValues(t, "of Dee", e.rows(t, "SELECT bio FROM kin_profiles WHERE kin_user_id = 4")[0]["bio"])
				require.NoError(t, dee.Load(e.ctx, "given"))
				require.Equal(t, "of Dee", dee.Given.Bio)
			},
			twin: func(e *env) {
				e.op["push"] = func(run func() error) error {
					return errors.Join(run(), model.Create(e.ctx, e.db, &kinProfile{KinUserID: 4}))
				}
			},
		},
	}
}
