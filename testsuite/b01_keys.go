// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Models whose keys are all named, by the tag or in Define.
type (
	kinTeam struct {
		model.BaseModel[kinTeam]

		ID      int64
		Slug    string       `gorm:"uniqueIndex;size:40"`
		Players []*kinPlayer `relation:"hasMany;foreignKey:TeamSlug;localKey:Slug"`
		Captain *kinPlayer   `relation:"hasOne"`
		Venues  []*kinVenue  `relation:"manyToMany"`
		Bouts   []*kinBout   `relation:"hasManyThrough;through:players;throughLocalKey:Number;throughForeignKey:PlayerNumber"`
	}
	kinPlayer struct {
		model.BaseModel[kinPlayer]

		ID       int64
		Number   *int64
		TeamSlug string   `gorm:"column:team"`
		Leads    string   `gorm:"size:40"`
		Team     *kinTeam `relation:"belongsTo;foreignKey:team;localKey:slug"`
	}
	kinVenue struct {
		model.BaseModel[kinVenue]

		ID    int64
		Code  string     `gorm:"uniqueIndex;size:20"`
		Teams []*kinTeam `relation:"manyToMany;localKey:Code;relatedKey:Slug;pivotTable:kin_bookings;pivotForeignKey:place;pivotRelatedForeignKey:party"`
	}
	kinBout struct {
		model.BaseModel[kinBout]

		ID           int64
		PlayerNumber int64
		Round        int
	}
	// kinBase is embedded, and has relations of its own.
	kinBase struct {
		OwnerID *int64
		Owner   *kinUser      `relation:"belongsTo"`
		Lines   []*kinComment `relation:"hasMany;foreignKey:KinPostID"`
	}
	kinLetter struct {
		model.BaseModel[kinLetter]

		ID    int64
		Title string
		Base  kinBase `gorm:"embedded"`
	}
)

// Define names keys that the tags do not.
func (k *kinTeam) Define(d *model.Definition[kinTeam]) {
	d.Relation(&k.Captain).ForeignKey("Leads").LocalKey("slug")
	d.Relation(&k.Venues).LocalKey("Slug").RelatedKey("Code").PivotTable("kin_bookings").PivotForeignKey("party").
		PivotRelatedForeignKey("place")
}

// kinRelation returns the metadata of a relation.
func kinRelation[T any, P model.Model[T]](t testing.TB, name string) *relation.Relation {
	t.Helper()
	r, err := model.RelationOf[T, P](name)
	require.NoError(t, err)
	return r
}

// seedTeams makes two teams, one of them with a captain, players, venues and bouts.
func seedTeams(t testing.TB, e *env) {
	t.Helper()
	e.migrate(t, &kinTeam{}, &kinPlayer{}, &kinVenue{}, &kinBout{})
	require.NoError(t, model.Insert(e.ctx, e.db, []*kinTeam{{Slug: "reds"}, {Slug: "blues"}}))
	require.NoError(t, model.Insert(e.ctx, e.db, []*kinPlayer{
		{Number: new(int64(10)), TeamSlug: "reds", Leads: "reds"},
		{Number: new(int64(11)), TeamSlug: "reds"},
		{TeamSlug: "blues"},
		{TeamSlug: "greens"},
	}))
	require.NoError(t, model.Insert(e.ctx, e.db, []*kinVenue{{Code: "x"}, {Code: "y"}}))
	require.NoError(t, model.Insert(e.ctx, e.db, []*kinBout{{PlayerNumber: 10, Round: 1}, {PlayerNumber: 11, Round: 2}, {PlayerNumber: 12}}))
	kinExec(t, e, "INSERT INTO kin_bookings (party, place) VALUES ('reds', 'x'), ('blues', 'x'), ('reds', 'y')")
	e.sent.Reset()
}

// keyPairs are the keys of a relation as its metadata tells them.
type keyPairs struct{ kind, local, foreign, related, table, pivot, pivotRelated, throughLocal, throughForeign string }

func pairsOf(r *relation.Relation) keyPairs {
	return keyPairs{
		r.Kind, r.LocalKey, r.ForeignKey, r.RelatedKey, r.PivotTable, r.PivotForeignKey, r.PivotRelatedForeignKey, r.ThroughLocalKey,
		r.ThroughForeignKey,
	}
}

// relationKeyPromises are about the keys of relations: rows B1 to B3.
func relationKeyPromises() []promise {
	return []promise{
		{
			name: "B1/InferredKeys",
			says: "Keys are inferred: parent and its key, the field and the key, else the related model and its key; pivot names are sorted",
			check: func(t testing.TB, e *env) {
				require.NoError(t, e.db.Register(kinModels()...))
				for _, c := range []struct {
					r    *relation.Relation
					want keyPairs
				}{
					{kinRelation[kinUser](t, "profile"), keyPairs{kind: "hasOne", local: "ID", foreign: "KinUserID"}},
					{kinRelation[kinUser](t, "Remarks"), keyPairs{kind: "hasMany", local: "ID", foreign: "KinUserID"}},
					{kinRelation[kinUser](t, "manager"), keyPairs{kind: "belongsTo", local: "ID", foreign: "ManagerID"}},
					{kinRelation[kinUser](t, "country"), keyPairs{kind: "belongsTo", local: "ID", foreign: "KinCountryID"}},
					{kinRelation[kinPost](t, "author"), keyPairs{kind: "belongsTo", local: "ID", foreign: "AuthorID"}},
					{kinRelation[kinUser](t, "posts"), keyPairs{kind: "hasMany", local: "ID", foreign: "AuthorID"}},
					{kinRelation[kinUser](t, "skills"), keyPairs{
						kind: "manyToMany", local: "ID", related: "ID", table: "kin_skill_kin_user", pivot: "kin_user_id", pivotRelated: "kin_skill_id",
					}},
					{kinRelation[kinSkill](t, "users"), keyPairs{
						kind: "manyToMany", local: "ID", related: "ID", table: "kin_skill_kin_user", pivot: "kin_skill_id", pivotRelated: "kin_user_id",
					}},
					{kinRelation[kinUser](t, "followers"), keyPairs{
						kind: "manyToMany", local: "ID", related: "ID", table: "kin_follows", pivot: "followed_id", pivotRelated: "follower_id",
					}},
					{kinRelation[kinCountry](t, "posts"), keyPairs{
						kind: "hasManyThrough", local: "ID", foreign: "KinCountryID", throughLocal: "ID", throughForeign: "AuthorID",
					}},
					{kinRelation[kinCountry](t, "bio"), keyPairs{
						kind: "hasOneThrough", local: "ID", foreign: "KinCountryID", throughLocal: "ID", throughForeign: "KinUserID",
					}},
				} {
					require.Equal(t, c.want, see(e, "keys", pairsOf(c.r)), c.r.Name)
				}
			},
			twin: func(e *env) { e.seen["keys"] = func(any) any { return keyPairs{} } },
		},
		{
			name: "B1/ExplicitKeys",
			says: "Keys may be named by attribute or column, in the tag or in Define; metadata gives attributes of models and columns of pivots",
			check: func(t testing.TB, e *env) {
				seedTeams(t, e)
				for _, c := range []struct {
					r    *relation.Relation
					want keyPairs
				}{
					{kinRelation[kinTeam](t, "players"), keyPairs{kind: "hasMany", local: "Slug", foreign: "TeamSlug"}},
					{kinRelation[kinTeam](t, "captain"), keyPairs{kind: "hasOne", local: "Slug", foreign: "Leads"}},
					{kinRelation[kinPlayer](t, "team"), keyPairs{kind: "belongsTo", local: "Slug", foreign: "TeamSlug"}},
					{kinRelation[kinTeam](t, "venues"), keyPairs{
						kind: "manyToMany", local: "Slug", related: "Code", table: "kin_bookings", pivot: "party", pivotRelated: "place",
					}},
					{kinRelation[kinVenue](t, "teams"), keyPairs{
						kind: "manyToMany", local: "Code", related: "Slug", table: "kin_bookings", pivot: "place", pivotRelated: "party",
					}},
					{kinRelation[kinTeam](t, "bouts"), keyPairs{
						kind: "hasManyThrough", local: "Slug", foreign: "TeamSlug", throughLocal: "Number", throughForeign: "PlayerNumber",
					}},
				} {
					require.Equal(t, c.want, pairsOf(c.r), c.r.Name)
				}
				teams := kinAll(t, e, 5, model.Query[kinTeam](e.db).OrderBy("id").Preload("players").Preload("captain").Preload("venues").
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
				players := kinAll(t, e, 2, model.Query[kinPlayer](e.db).OrderBy("id").Preload("team"))
				require.Equal(t, "reds", players[0].Team.Slug)
				require.Nil(t, players[3].Team)
				venues := kinAll(t, e, 2, model.Query[kinVenue](e.db).OrderBy("id").Preload("teams"))
				require.Len(t, venues[0].Teams, 2)
				require.Len(t, venues[1].Teams, 1)
				require.Len(t, kinAll(t, e, 1, model.Query[kinTeam](e.db).Has("bouts", relation.Count(">=", 2))), 1)
			},
			twin: bent("SELECT", "`kin_players`.`team` = `", "`kin_players`.`leads` = `"),
		},
		{
			name: "B1/ReadEveryKind",
			says: "hasOne, hasMany and belongsTo are read with one statement each: from the record, by Load and by a preload",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				ann := kinUser1(t, e)
				e.sends(t, 3, func() {
					var profile *kinProfile
					require.NoError(t, ann.Related("profile").First(e.ctx, &profile))
					require.Equal(t, "a", profile.Bio)
					var posts []*kinPost
					require.NoError(t, ann.Related("Posts").All(e.ctx, &posts))
					require.Equal(t, "p1 p2", kinTitles(posts))
					country, err := relation.BelongsTo(ann, &ann.Country).Query().First(e.ctx)
					require.NoError(t, err)
					require.Equal(t, "Atlantis", country.Name)
				})
				require.False(t, ann.Related("posts").Loaded(), "reading loads nothing into the record")
				e.sends(t, 2, func() {
					one, err := relation.HasOne(ann, &ann.Profile).Query().Sole(e.ctx)
					require.NoError(t, err)
					require.Equal(t, "a", one.Bio)
					list, err := relation.HasMany(ann, &ann.Posts).Query().OrderBy("id", relation.Desc).All(e.ctx)
					require.NoError(t, err)
					require.Equal(t, "p2 p1", kinTitles(list))
				})
				users := kinAll(t, e, 4, kinUsers(e).Preload("profile").Preload("posts").Preload("country"))
				require.Equal(t, "b", users[1].Profile.Bio)
				require.Nil(t, users[2].Profile)
				require.True(t, users[2].Related("profile").Loaded())
				require.Equal(t, "p1 p2", kinTitles(users[0].Posts))
				require.NotNil(t, users[3].Posts)
				require.Empty(t, users[3].Posts)
				require.Same(t, users[0].Country, users[1].Country, "records that belong to one row share its record")
				require.Nil(t, users[3].Country)
				for _, u := range users {
					require.False(t, u.IsDirty())
				}
			},
			twin: bent("SELECT", "`kin_posts`.`author_id`", "`kin_posts`.`id`"),
		},
		{
			name: "B1/UnsavedAndUnknown",
			says: "Related is never nil: a wrong name, an unsaved record and a method of another kind are errors of the terminals",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				ann, fresh := kinUser1(t, e), &kinUser{}
				var posts []*kinPost
				var profile *kinProfile
				refuses(t, e, []refused{
					{"unknown", func() error { return ann.Related("pots").All(e.ctx, &posts) }, model.ErrUnknownRelation, `"posts"`},
					{"column", func() error { return ann.Related("name").All(e.ctx, &posts) }, model.ErrUnknownRelation, "kinUser"},
					{"chained", func() error { return kinErr(ann.Related("pots").Query().Where("id", 1).Count(e.ctx)) }, model.ErrUnknownRelation, "kinUser"},
					{"unsaved", func() error { return fresh.Related("posts").All(e.ctx, &posts) }, model.ErrNotPersisted, "posts"},
					{"destination", func() error { return ann.Related("posts").All(e.ctx, &profile) }, nil, "kinPost"},
					{"kind", func() error { return kinErr(ann.Related("posts").PivotQuery().Count(e.ctx)) }, model.ErrUnsupported, "manyToMany"},
					{"other kind", func() error { return kinErr(relation.HasOne(ann, &ann.Country).Query().First(e.ctx)) }, model.ErrUnsupported, "belongsTo"},
					{"other record", func() error {
						return kinErr(relation.HasMany(ann, &fresh.Posts).Query().All(e.ctx))
					}, model.ErrUnknownRelation, "address"},
					{"preload", func() error { return all(e, kinUsers(e).Preload("posts.coments"))() }, model.ErrUnknownRelation, "kinPost"},
					{"has", func() error { return all(e, kinUsers(e).Has("postz"))() }, model.ErrUnknownRelation, `"posts"`},
					{"count", func() error { return all(e, kinUsers(e).WithCount("postz"))() }, model.ErrUnknownRelation, "kinUser"},
					{"load", func() error { return ann.Load(e.ctx, "postz") }, model.ErrUnknownRelation, "kinUser"},
					{"metadata", func() error { return kinErr(model.RelationOf[kinUser]("postz")) }, model.ErrUnknownRelation, "kinUser"},
				})
				e.sends(t, 0, func() {
					bob := &kinUser{}
					err := bob.Related("country").First(e.ctx, new(*kinCountry))
					require.ErrorIs(t, err, model.ErrNotFound, "a NULL key needs no statement")
				})
			},
			twin: lenient("refused"),
		},
		{
			name: "B1/EmbeddedRelations",
			says: "A record inherits relations from an embedded plain struct, with its keys",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				e.migrate(t, &kinLetter{})
				require.NoError(t, model.Create(e.ctx, e.db, &kinLetter{Title: "l", Base: kinBase{OwnerID: new(int64(2))}}))
				list := kinAll(t, e, 3, model.Query[kinLetter](e.db).Preload("owner").Preload("lines"))
				require.Equal(t, "Bob", list[0].Base.Owner.Name)
				require.Equal(t, "c1 c2 c5", kinBodies(list[0].Base.Lines))
				require.Equal(t, "Base.OwnerID", kinRelation[kinLetter](t, "owner").ForeignKey)
				type Base struct {
					OwnerID *int64
					Owner   *kinUser `relation:"belongsTo"`
				}
				type kinNote struct {
					model.BaseModel[kinNote]
					Base

					ID int64
				}
				e.migrate(t, &kinNote{})
				require.NoError(t, model.Create(e.ctx, e.db, &kinNote{Base: Base{OwnerID: new(int64(3))}}))
				one, err := model.Query[kinNote](e.db).Preload("owner").Sole(e.ctx)
				require.NoError(t, err)
				require.Equal(t, "Cid", one.Owner.Name)
			},
			twin: bent("SELECT", "`kin_comments`.`kin_post_id`", "`kin_comments`.`id`"),
		},
		{
			name: "B1/SelfRelations",
			says: "A model may be related to itself, by each kind, and the levels do not mix",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				users := kinAll(t, e, 6, kinUsers(e).Preload("manager.manager").Preload("reports").Preload("followers").Preload("following"))
				require.Nil(t, users[0].Manager)
				require.Equal(t, "Bob", users[3].Manager.Name)
				require.Equal(t, "Ann", users[3].Manager.Manager.Name)
				require.Equal(t, "Bob Cid", kinNames(users[0].Reports))
				require.Equal(t, "Bob Cid", kinNames(users[0].Followers))
				require.Equal(t, "Bob", kinNames(users[0].Following))
				require.Equal(t, "Ann", kinNames(users[1].Followers))
				require.Equal(t, "Ann", kinNames(users[2].Following))
				require.Empty(t, users[2].Followers)
			},
			twin: bent("SELECT", "`kin_follows`.`followed_id`", "`kin_follows`.`follower_id`"),
		},
	}
}
