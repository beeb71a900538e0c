// SPDX-License-Identifier: MIT

package selection_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Select loads the named columns only, calls add up, and the record knows which it has.
func TestSelectLoadsNamedColumnsOnly(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		var a *account
		e.Sends(t, 1, func() {
			var err error
			a, err = model.Query[account](e.DB).Select("id", "Name").Select("accounts.age").Where("email", "ann@example.com").Sole(e.Ctx)
			require.NoError(t, err)
		})
		require.Equal(t, model.Attrs{"ID": int64(1), "Name": "ann", "Age": 30}, a.Attributes())
		require.Equal(t, a.Attributes(), a.Original())
		require.Empty(t, a.Extras())
		require.False(t, a.IsDirty())
		require.Empty(t, a.Email)
		a.Age = 31
		require.NoError(t, a.Save(e.Ctx))
		row := e.Rows(t, "SELECT email, age FROM accounts WHERE id = 1")[0]
		require.EqualValues(t, "ann@example.com", row["email"], "a column that was not loaded is not written")
		require.EqualValues(t, 31, row["age"])
	})
}

// A record that was loaded without its key can be read, but not saved, deleted or refreshed.
func TestRecordWithoutKeyCanOnlyBeRead(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		a, err := model.Query[account](e.DB).Select("name").OrderBy("id").First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "ann", a.Name)
		a.Name = "anna"
		refuses(t, e, []refused{
			{"save", func() error { return a.Save(e.Ctx) }, model.ErrMissingKey, "ID"},
			{"delete", func() error { return a.Delete(e.Ctx) }, model.ErrMissingKey, "ID"},
			{"refresh", func() error { return a.Refresh(e.Ctx) }, model.ErrMissingKey, "ID"},
		})
		require.Equal(t, "anna", a.Name)
		require.EqualValues(t, 5, e.Count(t, "accounts"))
	})
}

// A column that is selected as an alias arrives in Extras with its type, never in a field, and can be
// sorted by.
func TestAliasArrivesInExtras(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		list, err := model.Query[account](e.DB).Select("id", "age as years", "Nick AS label", "seen_at as last", "active as on_air", "email as name").
			OrderBy("years").OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, []int64{5, 1, 3, 2, 4}, recordKeys(t, list))
		ann := list[1].Extras()
		require.Equal(t, 30, ann["years"])
		require.Equal(t, "annie", ann["label"])
		require.Equal(t, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), ann["last"])
		require.Equal(t, true, ann["on_air"])
		require.Equal(t, "ann@example.com", ann["name"], "an alias that is another column's name")
		require.Empty(t, list[1].Name)
		require.Zero(t, list[1].Age)
		require.True(t, list[0].Extras().Has("label"))
		require.Nil(t, list[0].Extras()["label"], "NULL is nil")
		refuses(t, e, []refused{
			{"alias", all(e, model.Query[account](e.DB).Select("age as 1; DROP")), model.ErrUnknownColumn, "no alias"},
			{"empty", all(e, model.Query[account](e.DB).Select("age as ")), model.ErrUnknownColumn, ""},
			{"column", all(e, model.Query[account](e.DB).Select("aeg as years")), model.ErrUnknownColumn, "did you mean"},
		})
	})
}

// Columns of a joined table arrive in Extras with their types, NULL where there is no partner.
func TestJoinedColumnsArriveInExtras(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		list, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.LeftJoin("query_posts", "query_posts.account_id", "=", "accounts.id") }).
			Select("*", "query_posts.title", "query_posts.words as length", "query_posts.ID as post_id").
			OrderBy("accounts.id").OrderBy("query_posts.id").All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, []int64{1, 1, 2, 3, 4, 5}, recordKeys(t, list))
		require.Equal(t, "one", list[0].Extras()["title"])
		require.Equal(t, 20, list[1].Extras()["length"])
		require.Equal(t, int64(4), list[3].Extras()["post_id"])
		require.Nil(t, list[5].Extras()["title"])
		require.True(t, list[5].Extras().Has("title"))
		require.Equal(t, "ann@example.com", list[0].Email)
		require.EqualValues(t, 1, list[0].ID, "the key is the model's own")
		require.False(t, list[0].IsDirty())
	})
}

// Distinct drops rows that are equal in the selected columns, also for Count, Exists and Pluck.
func TestDistinctDropsEqualRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		q := model.Query[account](e.DB).Select("age").Distinct().OrderBy("age")
		list, err := q.All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, list, 4)
		n, err := q.Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 4, n)
		var ages []int
		require.NoError(t, q.Pluck(e.Ctx, "age", &ages))
		require.Equal(t, []int{20, 30, 40, 50}, ages)
		fifth, err := q.Clone().Offset(4).Exists(e.Ctx)
		require.NoError(t, err)
		require.False(t, fifth, "there is no fifth age")
	})
}

// Join keeps pairs, LeftJoin rows without a partner too, and conditions may name the joined table.
func TestLeftJoinKeepsRowsWithoutAPartner(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		q := func() *model.Builder[account] { return model.Query[account](e.DB) }
		joined := func() *model.Builder[account] {
			return q().Join("query_posts", "query_posts.account_id", "=", "accounts.id")
		}
		left := func() *model.Builder[account] {
			return q().Use(func(q *relation.Query) { q.LeftJoin("query_posts", "accounts.ID", "=", "query_posts.AccountID") })
		}
		answers(t, e, []asked[account]{
			{"pairs", joined(), []int64{1, 1, 2, 3}},
			{"condition", joined().Where("query_posts.words", ">", 20), []int64{2, 3}},
			{"bare name", joined().Where("words", 10), []int64{1}},
			{"own column first", joined().Where("id", 1), []int64{1, 1}},
			{"in", joined().WhereIn("query_posts.words", []int{10, 20, 30}), []int64{1, 1, 2}},
			{"left", left(), []int64{1, 1, 2, 3, 4, 5}},
			{"no partner", left().WhereNull("query_posts.id"), []int64{4, 5}},
			{"operator", q().Join("query_posts", "query_posts.words", "<", "accounts.age").Where("name", "eve"), []int64{5}},
			{"other model", q().Join("query_posts", "accounts.id", "=", "account_id").Where("title", "three"), []int64{2}},
		})
		e.Migrate(t, &note{})
		refuses(t, e, []refused{
			{"table", all(e, q().Join("query_post", "query_posts.account_id", "=", "accounts.id")), model.ErrUnknownColumn, `did you mean "query_posts"`},
			{"column", all(e, q().Join("query_posts", "query_posts.acount_id", "=", "accounts.id")), model.ErrUnknownColumn, "did you mean"},
			{"operator", all(e, q().Join("query_posts", "query_posts.account_id", "in", "accounts.id")), model.ErrUnsupported, "operator"},
			{"ambiguous", all(e, joined().Join("notes", "notes.id", "=", "accounts.id").Where("title", "x")), model.ErrUnknownColumn, "is in the tables"},
			{"not joined", all(e, q().Where("query_posts.title", "x")), model.ErrUnknownColumn, "no table"},
		})
	})
}

// Soft deleted rows of a joined table are left out until the query asks for deleted rows.
func TestJoinHidesSoftDeletedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPosts(t, e)
		e.Migrate(t, &note{})
		require.NoError(t, model.Insert(e.Ctx, e.DB, []*note{{Title: "one"}, {Title: "gone"}}))
		on := func() *model.Builder[note] {
			return model.Query[note](e.DB).Join("query_posts", "query_posts.title", "=", "notes.title")
		}
		left := model.Query[note](e.DB).Use(func(q *relation.Query) { q.LeftJoin("query_posts", "query_posts.title", "=", "notes.title") })
		answers(t, e, []asked[note]{
			{"without", on(), []int64{1}},
			{"with", on().WithTrashed(), []int64{1, 2}},
			{"left", left.Clone(), []int64{1, 2}},
			{"left, no partner", left.WhereNull("query_posts.id"), []int64{2}},
			{"or", on().Where("words", 10).OrWhere("words", 60), []int64{1}},
		})
		answers(t, e, []asked[account]{{
			"model without deletes", model.Query[account](e.DB).Join("query_posts", "query_posts.account_id", "=", "accounts.id"),
			[]int64{1, 1, 2, 3},
		}})
	})
}

// ReadOnly loads equal records, which cannot be saved.
func TestReadOnlyRecordsCannotBeSaved(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		plain, err := model.Query[account](e.DB).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		list, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.ReadOnly() }).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, list, 5)
		for i, a := range list {
			require.True(t, a.Equal(plain[i]))
			require.True(t, model.Is(a, plain[i]))
			require.True(t, a.IsPersisted())
		}
		list[0].Name = "x"
		refuses(t, e, []refused{
			{"save", func() error { return list[0].Save(e.Ctx) }, model.ErrUnsupported, "ReadOnly"},
			{"delete", func() error { return list[0].Delete(e.Ctx) }, model.ErrUnsupported, "ReadOnly"},
			{"increment", func() error { return list[0].Increment(e.Ctx, "age", 1) }, model.ErrUnsupported, "ReadOnly"},
		})
		require.NoError(t, list[0].Refresh(e.Ctx))
		list[0].Name = "y"
		require.NoError(t, list[0].Save(e.Ctx), "a record that was loaded anew is no longer read-only")
	})
}

// Sideload gives every record the values, which are no part of it.
func TestSideloadGivesEveryRecordTheValues(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		values := model.Attrs{"viewer": 7}
		list, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.Sideload(values) }).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		for _, a := range list {
			require.Equal(t, model.Attrs{"viewer": 7}, model.Sideloaded(a))
			require.Empty(t, a.Extras())
			require.False(t, a.IsDirty())
		}
		model.Sideloaded(list[0])["viewer"] = 8
		require.Equal(t, 7, model.Sideloaded(list[1])["viewer"], "records share nothing that can be written to")
		one, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.Sideload(values) }).Find(e.Ctx, 1)
		require.NoError(t, err)
		require.Equal(t, 7, model.Sideloaded(one)["viewer"])
		page, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.Sideload(values) }).Paginate(e.Ctx, 1, 2)
		require.NoError(t, err)
		require.Equal(t, 7, model.Sideloaded(page.Data[1])["viewer"])
		plain, err := model.Query[account](e.DB).First(e.Ctx)
		require.NoError(t, err)
		require.Empty(t, model.Sideloaded(plain))
	})
}

// When and Unless call one of their functions.
func TestWhenAndUnlessCallOneFunction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedPeople(t, e)
		type builder = *model.Builder[account]
		q := func() builder { return model.Query[account](e.DB) }
		old := func(q builder) { q.Where("age", ">", 30) }
		young := func(q builder) { q.Where("age", "<", 30) }
		elder := func(q *relation.Query) { q.Where("age", ">", 30) }
		junior := func(q *relation.Query) { q.Where("age", "<", 30) }
		answers(t, e, []asked[account]{
			{"when", q().When(true, old), []int64{2, 4}},
			{"when not", q().When(false, old), []int64{1, 2, 3, 4, 5}},
			{"else", q().When(false, old, young), []int64{5}},
			{"then, not else", q().When(true, old, young), []int64{2, 4}},
			{"unless", q().Use(func(q *relation.Query) { q.Unless(false, elder) }), []int64{2, 4}},
			{"unless else", q().Use(func(q *relation.Query) { q.Unless(true, elder, junior) }), []int64{5}},
			{"in a group", q().Where(func(q *relation.Query) {
				q.Where("name", "ann").When(true, func(q *relation.Query) { q.OrWhere("name", "bob") })
			}), []int64{1, 2}},
		})
	})
}
