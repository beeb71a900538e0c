// SPDX-License-Identifier: MIT

package pivotrow_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

func TestCountsOfGuardedPairsReadPivotRowsOnly(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, teams := seed(t, e, 2)
		require.NoError(t, relation.ManyToMany(u, &u.Fans).Attach(e.Ctx, teams[0], teams[1]))
		sent := e.Sends(t, 3, func() {
			found, err := model.Query[User](e.DB).WithCount("fans").Has("fans").First(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 2, found.Extras()["fans_count"])
			n, err := model.Query[User](e.DB).Has("fans", relation.Count(">", 2)).Count(e.Ctx)
			require.NoError(t, err)
			require.Zero(t, n)
			attached := func(q *relation.Query) { q.WhereAttachedTo(teams[1], "fans") }
			n, err = model.Query[User](e.DB).Use(attached).Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
		})
		for _, sql := range sent {
			require.NotContains(t, sql, "JOIN")
		}
	})
}

func TestCountsOfUnguardedPairsReadRelatedRows(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Exec(t, "create table fans (user_id integer, team_id integer)",
			"create table users (id integer primary key, code text)", "create table teams (id integer primary key)",
			"insert into users values (1, null)", "insert into fans values (1, 7)")
		require.NoError(t, e.DB.Register(&User{}, &Team{}, &Member{}, &Post{}))
		found, err := model.Query[User](e.DB).WithCount("fans").First(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 0, found.Extras()["fans_count"], "the team is gone")
	})
}
