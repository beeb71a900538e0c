// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/pivotts"
	"github.com/kindred-orm/kindred/relation"
)

// Models whose pivot tables keep the time in every way.
type (
	kinClub struct {
		model.BaseModel[kinClub]

		ID    int64
		Name  string
		Named []*kinMember `relation:"manyToMany;pivotTable:kin_named;pivotTimestamps:created=joined_on,updated=seen_on"`
		Half  []*kinMember `relation:"manyToMany;pivotTable:kin_half;pivotTimestamps:updated=-"`
		Late  []*kinMember `relation:"manyToMany;pivotTable:kin_late"`
		Plain []*kinMember `relation:"manyToMany;pivotTable:kin_plain;pivotColumns:role,rank"`
	}
	kinMember struct {
		model.BaseModel[kinMember]

		ID   int64
		Name string
	}
)

// Define has a pivot table keep the time of changes only.
func (k *kinClub) Define(d *model.Definition[kinClub]) {
	d.Relation(&k.Late).PivotTimestamps(pivotts.Columns{UpdatedAt: "changed_at"})
}

// seedClubs makes two clubs with two members each.
func seedClubs(t testing.TB, e *env) {
	t.Helper()
	e.migrate(t, &kinClub{}, &kinMember{})
	require.NoError(t, model.Insert(e.ctx, e.db, []*kinClub{{Name: "a"}, {Name: "b"}}))
	require.NoError(t, model.Insert(e.ctx, e.db, []*kinMember{{Name: "x"}, {Name: "y"}, {Name: "z"}}))
	for _, pair := range [][2]int{{1, 1}, {1, 2}, {2, 1}} {
		kinExec(t, e, "INSERT INTO kin_named (kin_club_id, kin_member_id, joined_on, seen_on) VALUES (?, ?, ?, ?)", pair[0], pair[1], kinMade, kinChanged)
		kinExec(t, e, "INSERT INTO kin_half (kin_club_id, kin_member_id, created_at) VALUES (?, ?, ?)", pair[0], pair[1], kinMade)
		kinExec(t, e, "INSERT INTO kin_late (kin_club_id, kin_member_id, changed_at) VALUES (?, ?, ?)", pair[0], pair[1], kinChanged)
		kinExec(t, e, "INSERT INTO kin_plain (kin_club_id, kin_member_id, role, rank) VALUES (?, ?, ?, ?)", pair[0], pair[1], "r", "1")
	}
	e.sent.Reset()
}

// kinInstant asserts that an extra is an instant.
func kinInstant(t testing.TB, extras model.Extras, name string, want time.Time) {
	t.Helper()
	got, ok := extras[name].(time.Time)
	require.True(t, ok, "%s is a %T", name, extras[name])
	require.True(t, want.Equal(got), "%s: %v; want %v", name, got, want)
}

// pivotReadPromises are those of rows B2, B4 and B5 that are about reading.
func pivotReadPromises() []promise {
	return []promise{
		{
			name: "B2/BothDirections",
			says: "A manyToMany relation is read from both sides with one statement; a row that two parents share is a record of each",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				users := kinAll(t, e, 2, kinUsers(e).Preload("skills", func(q *relation.Query) { q.OrderBy("id") }))
				require.Equal(t, "go sql", kinSkillNames(users[0].Skills))
				require.Equal(t, "go", kinSkillNames(users[1].Skills))
				require.NotNil(t, users[3].Skills)
				require.Empty(t, users[3].Skills)
				require.NotSame(t, users[0].Skills[0], users[1].Skills[0])
				require.Equal(t, "expert", users[0].Skills[0].Extras().String("pivot_level"))
				require.Equal(t, "novice", users[1].Skills[0].Extras().String("pivot_level"))
				skills := kinAll(t, e, 2, model.Query[kinSkill](e.db).OrderBy("id").Preload("users", func(q *relation.Query) { q.OrderBy("id") }))
				require.Equal(t, "Ann Bob", kinNames(skills[0].Users))
				require.Equal(t, "Cid", kinNames(skills[2].Users))
				e.sends(t, 1, func() {
					list, err := relation.ManyToMany(users[0], &users[0].Skills).Query().OrderBy("name", relation.Desc).All(e.ctx)
					require.NoError(t, err)
					require.Equal(t, "sql go", kinSkillNames(list))
				})
			},
			twin: bent("SELECT", "`kin_skill_kin_user`.`kin_user_id`", "`kin_skill_kin_user`.`kin_skill_id`"),
		},
		{
			name: "B2/SelfBothWays",
			says: "Both directions of a relation of a model to itself are read at once without mixing, counted, and searched in each other",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				users := kinAll(t, e, 3, kinUsers(e).Preload("followers").Preload("following").WithCount("followers").WithCount("following"))
				for i, want := range []struct {
					followers, following string
					n, m                 int64
				}{{"Bob Cid", "Bob", 2, 1}, {"Ann", "Ann", 1, 1}, {"", "Ann", 0, 1}, {"", "", 0, 0}} {
					require.Equal(t, want.followers, kinNames(users[i].Followers))
					require.Equal(t, want.following, kinNames(users[i].Following))
					require.Equal(t, want.n, users[i].Extras().Int64("followers_count"))
					require.Equal(t, want.m, users[i].Extras().Int64("following_count"))
				}
				list := kinAll(t, e, 1, kinUsers(e).WhereHas("followers", func(q *relation.Query) {
					q.Where("name", "Bob").WherePivot("follower_id", 2).WhereHas("following", func(q *relation.Query) { q.Where("name", "Ann") })
				}))
				require.Equal(t, "Ann", kinNames(list))
				list = kinAll(t, e, 1, kinUsers(e).WhereHas("followers.followers", func(q *relation.Query) { q.Where("name", "Cid") }))
				require.Equal(t, "Bob", kinNames(list), "Cid follows Ann, who follows Bob")
			},
			twin: bent("SELECT", "`kin_follows`.`follower_id`", "`kin_follows`.`followed_id`"),
		},
		{
			name: "B4/PivotColumns",
			says: "Keys, declared columns and those of PivotColumns arrive in Extras as pivot_column on every path; the record stays clean",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				kinExec(t, e, "ALTER TABLE kin_skill_kin_user ADD COLUMN extra text DEFAULT 'more'")
				ann := kinUser1(t, e)
				skills := relation.ManyToMany(ann, &ann.Skills)
				page, err := skills.Query().OrderBy("id").Use(func(q *relation.Query) { q.PivotColumns("extra") }).Paginate(e.ctx, 1, 1)
				require.NoError(t, err)
				first, err := skills.Query().OrderBy("id").Use(func(q *relation.Query) { q.PivotColumns("extra") }).First(e.ctx)
				require.NoError(t, err)
				found, err := skills.Query().Use(func(q *relation.Query) { q.PivotColumns("extra") }).Find(e.ctx, 1)
				require.NoError(t, err)
				var loaded []*kinSkill
				require.NoError(t, ann.Related("skills").Query().OrderBy("id").PivotColumns("extra").All(e.ctx, &loaded))
				records := map[string]*kinSkill{"paginate": page.Data[0], "first": first, "find": found, "all": loaded[0]}
				for r, err := range skills.Query().OrderBy("id").Use(func(q *relation.Query) { q.PivotColumns("extra") }).Each(e.ctx) {
					require.NoError(t, err)
					records["each"] = r
					break
				}
				for list, err := range skills.Query().Use(func(q *relation.Query) { q.PivotColumns("extra") }).Chunk(e.ctx, 1) {
					require.NoError(t, err)
					records["chunk"] = list[0]
					break
				}
				cursor, err := skills.Query().OrderBy("id").Use(func(q *relation.Query) { q.PivotColumns("extra") }).CursorPaginate(e.ctx, "", 1)
				require.NoError(t, err)
				records["cursor"] = cursor.Data[0]
				require.NoError(t, ann.Load(e.ctx, "skills", func(q *relation.Query) { q.OrderBy("id").PivotColumns("extra") }))
				records["load"] = ann.Skills[0]
				users, err := kinUsers(e).Preload("skills", func(q *relation.Query) { q.GroupOrderBy("id").GroupLimit(1).PivotColumns("extra") }).All(e.ctx)
				require.NoError(t, err)
				records["groupLimit"] = users[0].Skills[0]
				for name, s := range records {
					extras := s.Extras()
					require.EqualValues(t, 1, s.ID, name)
					require.EqualValues(t, int64(1), extras["pivot_kin_user_id"], name)
					require.EqualValues(t, int64(1), extras["pivot_kin_skill_id"], name)
					require.Equal(t, "expert", extras["pivot_level"], name)
					require.Equal(t, "n1", extras["pivot_note"], name)
					require.Equal(t, "more", extras["pivot_extra"], name)
					kinInstant(t, extras, "pivot_created_at", kinMade)
					kinInstant(t, extras, "pivot_updated_at", kinChanged)
					require.Len(t, extras, 7, name)
					require.False(t, s.IsDirty(), name)
				}
				require.Nil(t, loaded[1].Extras()["pivot_note"])
				require.True(t, loaded[1].Extras().Has("pivot_note"), "NULL is a value")
			},
			twin: bent("SELECT", "`kin_skill_kin_user`.`level`", "`kin_skill_kin_user`.`note`"),
		},
		{
			name: "B4/SelectKeepsPivot",
			says: "A narrower selection keeps the keys and pivot columns, and names the columns of the related table",
			check: func(t testing.TB, e *env) {
				seedKin(t, e)
				users := kinAll(t, e, 2, kinUsers(e).Preload("skills:name"))
				require.Equal(t, "go", users[1].Skills[0].Name)
				require.EqualValues(t, 1, users[1].Skills[0].ID)
				require.Equal(t, "novice", users[1].Skills[0].Extras().String("pivot_level"))
				users = kinAll(t, e, 2, kinUsers(e).Preload("skills", func(q *relation.Query) { q.Select("id", "name").OrderBy("id") }))
				require.Equal(t, "go sql", kinSkillNames(users[0].Skills))
				require.EqualValues(t, 1, users[0].Skills[0].Extras().Int64("pivot_kin_user_id"))
				ann := kinUser1(t, e)
				list, err := relation.ManyToMany(ann, &ann.Skills).Query().Select("name").OrderBy("id").All(e.ctx)
				require.NoError(t, err)
				require.Equal(t, "go sql", kinSkillNames(list))
				refuses(t, e, []refused{
					{"no pivot", all(e, kinUsers(e).Use(func(q *relation.Query) { q.PivotColumns("level") })), model.ErrUnsupported, "manyToMany"},
					{"malformed", all(e, relation.ManyToMany(ann, &ann.Skills).Query().Use(func(q *relation.Query) { q.PivotColumns("a b") })), model.ErrUnknownColumn, "a b"},
				})
			},
			twin: bent("SELECT", "`kin_skill_kin_user`.`level`", "`kin_skill_kin_user`.`note`"),
		},
		{
			name: "B5/PivotTimestamps",
			says: "Timestamps of pivot rows may have other names, or one of them be off, and are time.Time on every path",
			check: func(t testing.TB, e *env) {
				seedClubs(t, e)
				clubs := kinAll(t, e, 5, model.Query[kinClub](e.db).OrderBy("id").Preload("named").Preload("half").Preload("late").Preload("plain"))
				check := func(named, half, late *kinMember) {
					kinInstant(t, named.Extras(), "pivot_joined_on", kinMade)
					kinInstant(t, named.Extras(), "pivot_seen_on", kinChanged)
					require.Len(t, named.Extras(), 4)
					kinInstant(t, half.Extras(), "pivot_created_at", kinMade)
					require.Len(t, half.Extras(), 3)
					kinInstant(t, late.Extras(), "pivot_changed_at", kinChanged)
					require.Len(t, late.Extras(), 3)
				}
				check(clubs[1].Named[0], clubs[1].Half[0], clubs[1].Late[0])
				require.Len(t, clubs[0].Plain[0].Extras(), 4)
				a := clubs[0]
				named, err := relation.ManyToMany(a, &a.Named).Query().OrderBy("id").First(e.ctx)
				require.NoError(t, err)
				half, err := relation.ManyToMany(a, &a.Half).Query().OrderBy("id").Paginate(e.ctx, 1, 5)
				require.NoError(t, err)
				late, err := relation.ManyToMany(a, &a.Late).Query().Use(func(q *relation.Query) { q.OrderByPivot("changed_at") }).All(e.ctx)
				require.NoError(t, err)
				check(named, half.Data[0], late[0])
				limited := func(q *relation.Query) { q.GroupLimit(1).GroupOrderBy("id") }
				clubs = kinAll(t, e, 4, model.Query[kinClub](e.db).Preload("named", limited).Preload("half", limited).Preload("late", limited))
				check(clubs[0].Named[0], clubs[0].Half[0], clubs[0].Late[0])
				for m, err := range relation.ManyToMany(a, &a.Named).Query().Use(func(q *relation.Query) { q.WherePivot("joined_on", kinMade) }).Each(e.ctx) {
					require.NoError(t, err)
					kinInstant(t, m.Extras(), "pivot_joined_on", kinMade)
				}
				require.Equal(t, []string{"joined_on", "seen_on"}, kinRelation[kinClub](t, "named").PivotColumns)
			},
			twin: bent("SELECT", "`kin_named`.`joined_on`", "`kin_named`.`seen_on`"),
		},
	}
}
