// SPDX-License-Identifier: MIT

package pivot_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/pivotts"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Models whose pivot tables keep the time in every way.
type (
	Club struct {
		model.BaseModel[Club]

		ID    int64
		Name  string
		Named []*Member `relation:"manyToMany;pivotTable:named;pivotTimestamps:created=joined_on,updated=seen_on"`
		Half  []*Member `relation:"manyToMany;pivotTable:half;pivotTimestamps:updated=-"`
		Late  []*Member `relation:"manyToMany;pivotTable:late"`
		Plain []*Member `relation:"manyToMany;pivotTable:plain;pivotColumns:role,rank"`
	}
	Member struct {
		model.BaseModel[Member]

		ID   int64
		Name string
	}
)

// Define has a pivot table keep the time of changes only.
func (k *Club) Define(d *model.Definition[Club]) {
	d.Relation(&k.Late).PivotTimestamps(pivotts.Columns{UpdatedAt: "changed_at"})
}

// seedClubs makes two clubs with two members each.
func seedClubs(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &Club{}, &Member{})
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Club{{Name: "a"}, {Name: "b"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Member{{Name: "x"}, {Name: "y"}, {Name: "z"}}))
	for _, pair := range [][2]int{{1, 1}, {1, 2}, {2, 1}} {
		exec(t, e, "INSERT INTO named (club_id, member_id, joined_on, seen_on) VALUES (?, ?, ?, ?)", pair[0], pair[1], made, changed)
		exec(t, e, "INSERT INTO half (club_id, member_id, created_at) VALUES (?, ?, ?)", pair[0], pair[1], made)
		exec(t, e, "INSERT INTO late (club_id, member_id, changed_at) VALUES (?, ?, ?)", pair[0], pair[1], changed)
		exec(t, e, "INSERT INTO plain (club_id, member_id, role, rank) VALUES (?, ?, ?, ?)", pair[0], pair[1], "r", "1")
	}
	e.Sent.Reset()
}

// instant asserts that an extra is an instant.
func instant(t testing.TB, extras model.Extras, name string, want time.Time) {
	t.Helper()
	got, ok := extras[name].(time.Time)
	require.True(t, ok, "%s is a %T", name, extras[name])
	require.True(t, want.Equal(got), "%s: %v; want %v", name, got, want)
}

// A manyToMany relation is read from both sides with one statement; a row that two parents share is a
// record of each.
func TestManyToManyIsReadFromBothSides(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		users := fetch(t, e, 2, usersByID(e).Preload("skills", func(q *relation.Query) { q.OrderBy("id") }))
		require.Equal(t, "go sql", skillNames(users[0].Skills))
		require.Equal(t, "go", skillNames(users[1].Skills))
		require.NotNil(t, users[3].Skills)
		require.Empty(t, users[3].Skills)
		require.NotSame(t, users[0].Skills[0], users[1].Skills[0])
		require.Equal(t, "expert", users[0].Skills[0].Extras().String("pivot_level"))
		require.Equal(t, "novice", users[1].Skills[0].Extras().String("pivot_level"))
		skills := fetch(t, e, 2, model.Query[Skill](e.DB).OrderBy("id").Preload("users", func(q *relation.Query) { q.OrderBy("id") }))
		require.Equal(t, "Ann Bob", namesOf(skills[0].Users))
		require.Equal(t, "Cid", namesOf(skills[2].Users))
		e.Sends(t, 1, func() {
			list, err := relation.ManyToMany(users[0], &users[0].Skills).Query().OrderBy("name", relation.Desc).All(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, "sql go", skillNames(list))
		})
	})
}

// Both directions of a relation of a model to itself are read at once without mixing, counted, and searched
// in each other.
func TestSelfRelationIsReadBothWays(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		users := fetch(t, e, 3, usersByID(e).Preload("followers").Preload("following").WithCount("followers").WithCount("following"))
		for i, want := range []struct {
			followers, following string
			n, m                 int64
		}{{"Bob Cid", "Bob", 2, 1}, {"Ann", "Ann", 1, 1}, {"", "Ann", 0, 1}, {"", "", 0, 0}} {
			require.Equal(t, want.followers, namesOf(users[i].Followers))
			require.Equal(t, want.following, namesOf(users[i].Following))
			require.Equal(t, want.n, users[i].Extras().Int64("followers_count"))
			require.Equal(t, want.m, users[i].Extras().Int64("following_count"))
		}
		list := fetch(t, e, 1, usersByID(e).WhereHas("followers", func(q *relation.Query) {
			q.Where("name", "Bob").WherePivot("follower_id", 2).WhereHas("following", func(q *relation.Query) { q.Where("name", "Ann") })
		}))
		require.Equal(t, "Ann", namesOf(list))
		list = fetch(t, e, 1, usersByID(e).WhereHas("followers.followers", func(q *relation.Query) { q.Where("name", "Cid") }))
		require.Equal(t, "Bob", namesOf(list), "Cid follows Ann, who follows Bob")
	})
}

// Keys, declared columns and those of PivotColumns arrive in Extras as pivot_column on every path; the
// record stays clean.
func TestPivotColumnsArriveInExtras(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		e.Exec(t, "ALTER TABLE skill_user ADD COLUMN extra text DEFAULT 'more'")
		ann := user1(t, e)
		skills := relation.ManyToMany(ann, &ann.Skills)
		page, err := skills.Query().OrderBy("id").Use(func(q *relation.Query) { q.PivotColumns("extra") }).Paginate(e.Ctx, 1, 1)
		require.NoError(t, err)
		first, err := skills.Query().OrderBy("id").Use(func(q *relation.Query) { q.PivotColumns("extra") }).First(e.Ctx)
		require.NoError(t, err)
		found, err := skills.Query().Use(func(q *relation.Query) { q.PivotColumns("extra") }).Find(e.Ctx, 1)
		require.NoError(t, err)
		var loaded []*Skill
		require.NoError(t, ann.Related("skills").Query().OrderBy("id").PivotColumns("extra").All(e.Ctx, &loaded))
		records := map[string]*Skill{"paginate": page.Data[0], "first": first, "find": found, "all": loaded[0]}
		for r, err := range skills.Query().OrderBy("id").Use(func(q *relation.Query) { q.PivotColumns("extra") }).Each(e.Ctx) {
			require.NoError(t, err)
			records["each"] = r
			break
		}
		for list, err := range skills.Query().Use(func(q *relation.Query) { q.PivotColumns("extra") }).Chunk(e.Ctx, 1) {
			require.NoError(t, err)
			records["chunk"] = list[0]
			break
		}
		cursor, err := skills.Query().OrderBy("id").Use(func(q *relation.Query) { q.PivotColumns("extra") }).CursorPaginate(e.Ctx, "", 1)
		require.NoError(t, err)
		records["cursor"] = cursor.Data[0]
		require.NoError(t, ann.Load(e.Ctx, "skills", func(q *relation.Query) { q.OrderBy("id").PivotColumns("extra") }))
		records["load"] = ann.Skills[0]
		users, err := usersByID(e).Preload("skills", func(q *relation.Query) { q.GroupOrderBy("id").GroupLimit(1).PivotColumns("extra") }).All(e.Ctx)
		require.NoError(t, err)
		records["groupLimit"] = users[0].Skills[0]
		for name, s := range records {
			extras := s.Extras()
			require.EqualValues(t, 1, s.ID, name)
			require.EqualValues(t, int64(1), extras["pivot_user_id"], name)
			require.EqualValues(t, int64(1), extras["pivot_skill_id"], name)
			require.Equal(t, "expert", extras["pivot_level"], name)
			require.Equal(t, "n1", extras["pivot_note"], name)
			require.Equal(t, "more", extras["pivot_extra"], name)
			instant(t, extras, "pivot_created_at", made)
			instant(t, extras, "pivot_updated_at", changed)
			require.Len(t, extras, 7, name)
			require.False(t, s.IsDirty(), name)
		}
		require.Nil(t, loaded[1].Extras()["pivot_note"])
		require.True(t, loaded[1].Extras().Has("pivot_note"), "NULL is a value")
	})
}

// A narrower selection keeps the keys and pivot columns, and names the columns of the related table.
func TestSelectKeepsPivotColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedUsers(t, e)
		users := fetch(t, e, 2, usersByID(e).Preload("skills:name"))
		require.Equal(t, "go", users[1].Skills[0].Name)
		require.EqualValues(t, 1, users[1].Skills[0].ID)
		require.Equal(t, "novice", users[1].Skills[0].Extras().String("pivot_level"))
		users = fetch(t, e, 2, usersByID(e).Preload("skills", func(q *relation.Query) { q.Select("id", "name").OrderBy("id") }))
		require.Equal(t, "go sql", skillNames(users[0].Skills))
		require.EqualValues(t, 1, users[0].Skills[0].Extras().Int64("pivot_user_id"))
		ann := user1(t, e)
		list, err := relation.ManyToMany(ann, &ann.Skills).Query().Select("name").OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "go sql", skillNames(list))
		refuses(t, e, []refused{
			{"no pivot", all(e, usersByID(e).Use(func(q *relation.Query) { q.PivotColumns("level") })), model.ErrUnsupported, "manyToMany"},
			{"malformed", all(e, relation.ManyToMany(ann, &ann.Skills).Query().Use(func(q *relation.Query) { q.PivotColumns("a b") })), model.ErrUnknownColumn, "a b"},
		})
	})
}

// Timestamps of pivot rows may have other names, or one of them be off, and are time.Time on every path.
func TestPivotTimestampsMayBeRenamedOrOff(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedClubs(t, e)
		clubs := fetch(t, e, 5, model.Query[Club](e.DB).OrderBy("id").Preload("named").Preload("half").Preload("late").Preload("plain"))
		check := func(named, half, late *Member) {
			instant(t, named.Extras(), "pivot_joined_on", made)
			instant(t, named.Extras(), "pivot_seen_on", changed)
			require.Len(t, named.Extras(), 4)
			instant(t, half.Extras(), "pivot_created_at", made)
			require.Len(t, half.Extras(), 3)
			instant(t, late.Extras(), "pivot_changed_at", changed)
			require.Len(t, late.Extras(), 3)
		}
		check(clubs[1].Named[0], clubs[1].Half[0], clubs[1].Late[0])
		require.Len(t, clubs[0].Plain[0].Extras(), 4)
		a := clubs[0]
		named, err := relation.ManyToMany(a, &a.Named).Query().OrderBy("id").First(e.Ctx)
		require.NoError(t, err)
		half, err := relation.ManyToMany(a, &a.Half).Query().OrderBy("id").Paginate(e.Ctx, 1, 5)
		require.NoError(t, err)
		late, err := relation.ManyToMany(a, &a.Late).Query().Use(func(q *relation.Query) { q.OrderByPivot("changed_at") }).All(e.Ctx)
		require.NoError(t, err)
		check(named, half.Data[0], late[0])
		limited := func(q *relation.Query) { q.GroupLimit(1).GroupOrderBy("id") }
		clubs = fetch(t, e, 4, model.Query[Club](e.DB).Preload("named", limited).Preload("half", limited).Preload("late", limited))
		check(clubs[0].Named[0], clubs[0].Half[0], clubs[0].Late[0])
		for m, err := range relation.ManyToMany(a, &a.Named).Query().Use(func(q *relation.Query) { q.WherePivot("joined_on", made) }).Each(e.Ctx) {
			require.NoError(t, err)
			instant(t, m.Extras(), "pivot_joined_on", made)
		}
		require.Equal(t, []string{"joined_on", "seen_on"}, relationOf[Club](t, "named").PivotColumns)
	})
}
