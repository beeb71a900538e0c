// SPDX-License-Identifier: MIT

package relations_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Models whose keys are all named, by the tag or in Define.
type (
	Team struct {
		model.BaseModel[Team]

		ID      int64
		Slug    string    `gorm:"uniqueIndex;size:40"`
		Players []*Player `relation:"hasMany;foreignKey:TeamSlug;localKey:Slug"`
		Captain *Player   `relation:"hasOne"`
		Venues  []*Venue  `relation:"manyToMany"`
		Bouts   []*Bout   `relation:"hasManyThrough;through:players;throughLocalKey:Number;throughForeignKey:PlayerNumber"`
	}
	Player struct {
		model.BaseModel[Player]

		ID       int64
		Number   *int64
		TeamSlug string `gorm:"column:team"`
		Leads    string `gorm:"size:40"`
		Team     *Team  `relation:"belongsTo;foreignKey:team;localKey:slug"`
	}
	Venue struct {
		model.BaseModel[Venue]

		ID    int64
		Code  string  `gorm:"uniqueIndex;size:20"`
		Teams []*Team `relation:"manyToMany;localKey:Code;relatedKey:Slug;pivotTable:bookings;pivotForeignKey:place;pivotRelatedForeignKey:party"`
	}
	Bout struct {
		model.BaseModel[Bout]

		ID           int64
		PlayerNumber int64
		Round        int
	}
	// base is embedded, and has relations of its own.
	base struct {
		OwnerID *int64
		Owner   *User      `relation:"belongsTo"`
		Lines   []*Comment `relation:"hasMany;foreignKey:PostID"`
	}
	Letter struct {
		model.BaseModel[Letter]

		ID    int64
		Title string
		Base  base `gorm:"embedded"`
	}
)

// Define names keys that the tags do not.
func (k *Team) Define(d *model.Definition[Team]) {
	d.Relation(&k.Captain).ForeignKey("Leads").LocalKey("slug")
	d.Relation(&k.Venues).LocalKey("Slug").RelatedKey("Code").PivotTable("bookings").PivotForeignKey("party").
		PivotRelatedForeignKey("place")
}

// relationOf returns the metadata of a relation.
func relationOf[T any, P model.Model[T]](t testing.TB, name string) *relation.Relation {
	t.Helper()
	r, err := model.RelationOf[T, P](name)
	require.NoError(t, err)
	return r
}

// seedTeams makes two teams, one of them with a captain, players, venues and bouts.
func seedTeams(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &Team{}, &Player{}, &Venue{}, &Bout{})
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Team{{Slug: "reds"}, {Slug: "blues"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Player{
		{Number: new(int64(10)), TeamSlug: "reds", Leads: "reds"},
		{Number: new(int64(11)), TeamSlug: "reds"},
		{TeamSlug: "blues"},
		{TeamSlug: "greens"},
	}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Venue{{Code: "x"}, {Code: "y"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Bout{{PlayerNumber: 10, Round: 1}, {PlayerNumber: 11, Round: 2}, {PlayerNumber: 12}}))
	e.Exec(t, "INSERT INTO bookings (party, place) VALUES ('reds', 'x'), ('blues', 'x'), ('reds', 'y')")
	e.Sent.Reset()
}

// keyPairs are the keys of a relation as its metadata tells them.
type keyPairs struct{ kind, local, foreign, related, table, pivot, pivotRelated, throughLocal, throughForeign string }

func pairsOf(r *relation.Relation) keyPairs {
	return keyPairs{
		r.Kind, r.LocalKey, r.ForeignKey, r.RelatedKey, r.PivotTable, r.PivotForeignKey, r.PivotRelatedForeignKey, r.ThroughLocalKey,
		r.ThroughForeignKey,
	}
}

// Keys are inferred: parent and its key, the field and the key, else the related model and its key; pivot
// names are sorted.
func TestKeysAreInferred(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.NoError(t, e.DB.Register(allModels()...))
		for _, c := range []struct {
			r    *relation.Relation
			want keyPairs
		}{
			{relationOf[User](t, "profile"), keyPairs{kind: "hasOne", local: "ID", foreign: "UserID"}},
			{relationOf[User](t, "Remarks"), keyPairs{kind: "hasMany", local: "ID", foreign: "UserID"}},
			{relationOf[User](t, "manager"), keyPairs{kind: "belongsTo", local: "ID", foreign: "ManagerID"}},
			{relationOf[User](t, "country"), keyPairs{kind: "belongsTo", local: "ID", foreign: "CountryID"}},
			{relationOf[Post](t, "author"), keyPairs{kind: "belongsTo", local: "ID", foreign: "AuthorID"}},
			{relationOf[User](t, "posts"), keyPairs{kind: "hasMany", local: "ID", foreign: "AuthorID"}},
			{relationOf[User](t, "skills"), keyPairs{
				kind: "manyToMany", local: "ID", related: "ID", table: "skill_user", pivot: "user_id", pivotRelated: "skill_id",
			}},
			{relationOf[Skill](t, "users"), keyPairs{
				kind: "manyToMany", local: "ID", related: "ID", table: "skill_user", pivot: "skill_id", pivotRelated: "user_id",
			}},
			{relationOf[User](t, "followers"), keyPairs{
				kind: "manyToMany", local: "ID", related: "ID", table: "follows", pivot: "followed_id", pivotRelated: "follower_id",
			}},
			{relationOf[Country](t, "posts"), keyPairs{
				kind: "hasManyThrough", local: "ID", foreign: "CountryID", throughLocal: "ID", throughForeign: "AuthorID",
			}},
			{relationOf[Country](t, "bio"), keyPairs{
				kind: "hasOneThrough", local: "ID", foreign: "CountryID", throughLocal: "ID", throughForeign: "UserID",
			}},
		} {
			require.Equal(t, c.want, pairsOf(c.r), c.r.Name)
		}
	})
}

// Keys may be named by attribute or column, in the tag or in Define; metadata gives attributes of models
// and columns of pivots.
func TestKeysMayBeNamed(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedTeams(t, e)
		for _, c := range []struct {
			r    *relation.Relation
			want keyPairs
		}{
			{relationOf[Team](t, "players"), keyPairs{kind: "hasMany", local: "Slug", foreign: "TeamSlug"}},
			{relationOf[Team](t, "captain"), keyPairs{kind: "hasOne", local: "Slug", foreign: "Leads"}},
			{relationOf[Player](t, "team"), keyPairs{kind: "belongsTo", local: "Slug", foreign: "TeamSlug"}},
			{relationOf[Team](t, "venues"), keyPairs{
				kind: "manyToMany", local: "Slug", related: "Code", table: "bookings", pivot: "party", pivotRelated: "place",
			}},
			{relationOf[Venue](t, "teams"), keyPairs{
				kind: "manyToMany", local: "Code", related: "Slug", table: "bookings", pivot: "place", pivotRelated: "party",
			}},
			{relationOf[Team](t, "bouts"), keyPairs{
				kind: "hasManyThrough", local: "Slug", foreign: "TeamSlug", throughLocal: "Number", throughForeign: "PlayerNumber",
			}},
		} {
			require.Equal(t, c.want, pairsOf(c.r), c.r.Name)
		}
		teams := fetch(t, e, 5, model.Query[Team](e.DB).OrderBy("id").Preload("players").Preload("captain").Preload("venues").
			Preload("bouts"))
		reds, blues := teams[0], teams[1]
		require.Len(t, reds.Players, 2)
		require.Len(t, blues.Players, 1)
		require.EqualValues(t, 1, reds.Captain.ID)
		require.Nil(t, blues.Captain)
		require.Len(t, reds.Venues, 2)
		require.Len(t, blues.Venues, 1)
		require.Equal(t, "reds", reds.Venues[0].Extras().String("pivot_party"))
		require.Len(t, reds.Bouts, 2)
		require.NotNil(t, blues.Bouts)
		require.Empty(t, blues.Bouts, "the only player has no number")
		players := fetch(t, e, 2, model.Query[Player](e.DB).OrderBy("id").Preload("team"))
		require.Equal(t, "reds", players[0].Team.Slug)
		require.Nil(t, players[3].Team)
		venues := fetch(t, e, 2, model.Query[Venue](e.DB).OrderBy("id").Preload("teams"))
		require.Len(t, venues[0].Teams, 2)
		require.Len(t, venues[1].Teams, 1)
		require.Len(t, fetch(t, e, 1, model.Query[Team](e.DB).Has("bouts", relation.Count(">=", 2))), 1)
	})
}

// HasOne, hasMany and belongsTo are read with one statement each: from the record, by Load and by a
// preload.
func TestEveryKindIsReadWithOneStatement(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		ann := user1(t, e)
		e.Sends(t, 3, func() {
			var profile *Profile
			require.NoError(t, ann.Related("profile").First(e.Ctx, &profile))
			require.Equal(t, "a", profile.Bio)
			var posts []*Post
			require.NoError(t, ann.Related("Posts").All(e.Ctx, &posts))
			require.Equal(t, "p1 p2", titles(posts))
			country, err := relation.BelongsTo(ann, &ann.Country).Query().First(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, "Atlantis", country.Name)
		})
		require.False(t, ann.Related("posts").Loaded(), "reading loads nothing into the record")
		e.Sends(t, 2, func() {
			one, err := relation.HasOne(ann, &ann.Profile).Query().Sole(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, "a", one.Bio)
			list, err := relation.HasMany(ann, &ann.Posts).Query().OrderBy("id", relation.Desc).All(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, "p2 p1", titles(list))
		})
		users := fetch(t, e, 4, usersByID(e).Preload("profile").Preload("posts").Preload("country"))
		require.Equal(t, "b", users[1].Profile.Bio)
		require.Nil(t, users[2].Profile)
		require.True(t, users[2].Related("profile").Loaded())
		require.Equal(t, "p1 p2", titles(users[0].Posts))
		require.NotNil(t, users[3].Posts)
		require.Empty(t, users[3].Posts)
		require.Same(t, users[0].Country, users[1].Country, "records that belong to one row share its record")
		require.Nil(t, users[3].Country)
		for _, u := range users {
			require.False(t, u.IsDirty())
		}
	})
}

// Related is never nil: a wrong name, an unsaved record and a method of another kind are errors of the
// terminals.
func TestRelatedIsNeverNil(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		ann, fresh := user1(t, e), &User{}
		var posts []*Post
		var profile *Profile
		refuses(t, e, []refused{
			{"unknown", func() error { return ann.Related("pots").All(e.Ctx, &posts) }, model.ErrUnknownRelation, `"posts"`},
			{"column", func() error { return ann.Related("name").All(e.Ctx, &posts) }, model.ErrUnknownRelation, "User"},
			{"chained", func() error { return harness.Err(ann.Related("pots").Query().Where("id", 1).Count(e.Ctx)) }, model.ErrUnknownRelation, "User"},
			{"unsaved", func() error { return fresh.Related("posts").All(e.Ctx, &posts) }, model.ErrNotPersisted, "posts"},
			{"destination", func() error { return ann.Related("posts").All(e.Ctx, &profile) }, nil, "Post"},
			{"kind", func() error { return harness.Err(ann.Related("posts").PivotQuery().Count(e.Ctx)) }, model.ErrUnsupported, "manyToMany"},
			{"other kind", func() error { return harness.Err(relation.HasOne(ann, &ann.Country).Query().First(e.Ctx)) }, model.ErrUnsupported, "belongsTo"},
			{"other record", func() error {
				return harness.Err(relation.HasMany(ann, &fresh.Posts).Query().All(e.Ctx))
			}, model.ErrUnknownRelation, "address"},
			{"preload", func() error { return all(e, usersByID(e).Preload("posts.coments"))() }, model.ErrUnknownRelation, "Post"},
			{"has", func() error { return all(e, usersByID(e).Has("postz"))() }, model.ErrUnknownRelation, `"posts"`},
			{"count", func() error { return all(e, usersByID(e).WithCount("postz"))() }, model.ErrUnknownRelation, "User"},
			{"load", func() error { return ann.Load(e.Ctx, "postz") }, model.ErrUnknownRelation, "User"},
			{"metadata", func() error { return harness.Err(model.RelationOf[User]("postz")) }, model.ErrUnknownRelation, "User"},
		})
		e.Sends(t, 0, func() {
			bob := &User{}
			err := bob.Related("country").First(e.Ctx, new(*Country))
			require.ErrorIs(t, err, model.ErrNotFound, "a NULL key needs no statement")
		})
	})
}

// A record inherits relations from an embedded plain struct, with its keys.
func TestRelationsAreInheritedFromEmbeddedStructs(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		e.Migrate(t, &Letter{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &Letter{Title: "l", Base: base{OwnerID: new(int64(2))}}))
		list := fetch(t, e, 3, model.Query[Letter](e.DB).Preload("owner").Preload("lines"))
		require.Equal(t, "Bob", list[0].Base.Owner.Name)
		require.Equal(t, "c1 c2 c5", bodies(list[0].Base.Lines))
		require.Equal(t, "Base.OwnerID", relationOf[Letter](t, "owner").ForeignKey)
		type Base struct {
			OwnerID *int64
			Owner   *User `relation:"belongsTo"`
		}
		type Note struct {
			model.BaseModel[Note]
			Base

			ID int64
		}
		e.Migrate(t, &Note{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &Note{Base: Base{OwnerID: new(int64(3))}}))
		one, err := model.Query[Note](e.DB).Preload("owner").Sole(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "Cid", one.Owner.Name)
	})
}

// A model may be related to itself, by each kind, and the levels do not mix.
func TestModelMayBeRelatedToItself(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		users := fetch(t, e, 6, usersByID(e).Preload("manager.manager").Preload("reports").Preload("followers").Preload("following"))
		require.Nil(t, users[0].Manager)
		require.Equal(t, "Bob", users[3].Manager.Name)
		require.Equal(t, "Ann", users[3].Manager.Manager.Name)
		require.Equal(t, "Bob Cid", namesOf(users[0].Reports))
		require.Equal(t, "Bob Cid", namesOf(users[0].Followers))
		require.Equal(t, "Bob", namesOf(users[0].Following))
		require.Equal(t, "Ann", namesOf(users[1].Followers))
		require.Equal(t, "Ann", namesOf(users[2].Following))
		require.Empty(t, users[2].Followers)
	})
}
