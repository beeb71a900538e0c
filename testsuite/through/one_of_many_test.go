// SPDX-License-Identifier: MIT

package through_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type Member struct {
	model.BaseModel[Member]

	ID     int64
	Logins []*Login `relation:"hasMany"`
	Last   *Login   `relation:"hasOne"`
}

func (m *Member) Define(d *model.Definition[Member]) { d.Relation(&m.Last).LatestOfMany("id") }

type Login struct {
	model.BaseModel[Login]

	ID        int64
	MemberID  int64
	Store     int64
	Amount    int64
	DeletedAt gorm.DeletedAt
}

// seedLogins makes two members with logins 1 to 3 and 4 to 6 each, of which the last is deleted and the second
// last is of another store.
func seedLogins(t *testing.T, e *harness.Env) []*Member {
	t.Helper()
	e.Migrate(t, &Member{}, &Login{})
	members := []*Member{{}, {}}
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, members))
	for _, m := range members {
		logins := []*Login{
			{MemberID: m.ID, Store: 1, Amount: 1}, {MemberID: m.ID, Store: 2, Amount: 10}, {MemberID: m.ID, Store: 1, Amount: 100},
		}
		for _, l := range logins {
			require.NoError(t, model.Create(e.Ctx, e.DB, l))
		}
		require.NoError(t, logins[2].Delete(e.Ctx))
	}
	e.Sent.Reset()
	return members
}

var asked = []struct {
	name   string
	fn     func(q *relation.Query)
	login  int64 // of the first member
	amount int64
}{
	{"All", func(*relation.Query) {}, 2, 10},
	{"WithTrashed", func(q *relation.Query) { q.WithTrashed() }, 3, 100},
	{"OnlyTrashed", func(q *relation.Query) { q.OnlyTrashed() }, 3, 100},
	{"OfAStore", func(q *relation.Query) { q.Where("store", 1) }, 1, 1},
	{"OrOfAStore", func(q *relation.Query) { q.Where("store", 7).OrWhere("store", 1) }, 1, 1},
	{"None", func(q *relation.Query) { q.Where("store", 7) }, 0, 0},
}

func TestOneOfManyIsPickedAmongTheRowsAskedFor(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		members := seedLogins(t, e)
		for _, a := range asked {
			var all []*Member
			var err error
			e.Sends(t, 2, func() { all, err = model.Query[Member](e.DB).Preload("last", a.fn).OrderBy("id").All(e.Ctx) })
			require.NoError(t, err, a.name)
			for i, m := range all {
				if a.login == 0 {
					require.Nil(t, m.Last, a.name)
					continue
				}
				require.NotNil(t, m.Last, a.name)
				require.Equal(t, a.login+int64(3*i), m.Last.ID, a.name)
			}
			e.Sends(t, 1, func() { require.NoError(t, members[0].Load(e.Ctx, "last", a.fn)) })
			require.Equal(t, a.login != 0, members[0].Last != nil, a.name)
			n, err := relation.HasOne(members[0], &members[0].Last).Query().Use(a.fn).Count(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, a.login != 0, n == 1, a.name)
		}
	})
}

func TestAggregatesOfOneOfManyAreOfTheRowAskedFor(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedLogins(t, e)
		for _, a := range asked {
			m, err := model.Query[Member](e.DB).WithCount("last", a.fn).WithSum("last", "amount", a.fn).OrderBy("id").First(e.Ctx)
			require.NoError(t, err, a.name)
			require.EqualValues(t, min(a.login, 1), m.Extras()["last_count"], a.name)
			if a.login > 0 {
				require.EqualValues(t, a.amount, m.Extras()["last_sum_amount"], a.name)
			}
		}
	})
}

func TestConditionsOfWhereHasJudgeTheOneOfMany(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedLogins(t, e)
		for want, fn := range map[int64]func(q *relation.Query){
			2: func(q *relation.Query) { q.Where("store", 2) },
			0: func(q *relation.Query) { q.Where("store", 1) },
		} {
			n, err := model.Query[Member](e.DB).WhereHas("last", fn).Count(e.Ctx)
			require.NoError(t, err)
			require.Equal(t, want, n)
		}
		n, err := model.Query[Member](e.DB).
			WhereHas("last", func(q *relation.Query) { q.WithTrashed().Where("store", 1) }).Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n, "the newest is the deleted one")
	})
}

func TestBulkWritesOfOneOfManyWriteThatRowOnly(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		members := seedLogins(t, e)
		last := relation.HasOne(members[0], &members[0].Last)
		n, err := last.Query().Update(e.Ctx, relation.Attrs{"Amount": 5})
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.Equal(t, int64(2), e.Row(t, "select id from logins where amount = 5")["id"])
		n, err = last.Query().Where("store", 1).Delete(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.EqualValues(t, 3, len(e.Rows(t, "select id from logins where deleted_at is not null")))
	})
}
