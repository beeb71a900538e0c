// SPDX-License-Identifier: MIT

package pivotrow_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// shown is all texts in which a value of a record could be seen.
func shown(t *testing.T, team *Team) string {
	t.Helper()
	var b strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		fmt.Fprintf(&b, verb, team)
		fmt.Fprintf(&b, verb, team.Extras())
		fmt.Fprintf(&b, verb, team.ToObject())
	}
	text, err := serialize.JSON(team, serialize.Options{Extras: true})
	require.NoError(t, err)
	b.Write(text)
	for _, v := range []any{team, team.ToObject(), team.Extras()} {
		text, err = json.Marshal(v)
		require.NoError(t, err)
		b.Write(text)
	}
	slog.New(slog.NewJSONHandler(&b, nil)).Info("team", "team", team, "extras", team.Extras())
	slog.New(slog.NewTextHandler(&b, nil)).Info("team", "team", team, "extras", team.Extras())
	return b.String()
}

func TestHiddenFieldsOfAPivotModelAreHidden(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, teams := seed(t, e, 2)
		client := relation.ManyToMany(u, &u.Teams)
		require.NoError(t, client.Attach(e.Ctx, relation.Pivot(teams[0], relation.Attrs{"token": "SECRET"})))
		created := &Team{}
		require.NoError(t, client.Create(e.Ctx, created, relation.Attrs{"token": "SECRET"}))
		require.NoError(t, client.Save(e.Ctx, teams[1], relation.Attrs{"token": "SECRET"}))
		require.NoError(t, u.Load(e.Ctx, "teams"))
		asked, err := client.Query().Use(func(q *relation.Query) { q.PivotColumns("token") }).All(e.Ctx)
		require.NoError(t, err)
		all := append([]*Team{created, teams[1]}, u.Teams...)
		all = append(all, asked...)
		for _, team := range all {
			require.NotContains(t, shown(t, team), "SECRET")
			require.NotContains(t, team.Extras(), "pivot_token")
			m, ok := relation.PivotOf[Member](team)
			require.True(t, ok)
			require.Equal(t, "SECRET", m.Token, "the record of the pivot row has the field")
		}
	})
}

func TestPivotOfKeepsSerializedFields(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, teams := seed(t, e, 2)
		nick := "n"
		require.NoError(t, relation.ManyToMany(u, &u.Teams).Attach(e.Ctx,
			relation.Pivot(teams[0], relation.Attrs{"rights": []string{"read"}, "nick": &nick}), teams[1]))
		e.Sends(t, 1, func() { require.NoError(t, u.Load(e.Ctx, "teams")) })
		m, ok := relation.PivotOf[Member](u.Teams[0])
		require.True(t, ok)
		require.Equal(t, []string{"read"}, m.Rights)
		require.Equal(t, "n", *m.Nick)
		require.False(t, m.IsDirty())
		other, _ := relation.PivotOf[Member](u.Teams[1])
		require.Nil(t, other.Nick)
		require.Empty(t, other.Rights)
		m.Rights = append(m.Rights, "write")
		e.Sends(t, 1, func() { require.NoError(t, m.Save(e.Ctx)) })
		row, err := model.Query[Member](e.DB).Where("team_id", teams[0].ID).First(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, []string{"read", "write"}, row.Rights)
	})
}

func TestAValueThatDoesNotFitThePivotModelIsAnError(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, teams := seed(t, e, 1)
		require.NoError(t, relation.ManyToMany(u, &u.Teams).Attach(e.Ctx, teams[0]))
		e.Exec(t, "update members set rights = 'SECRET'")
		err := u.Load(e.Ctx, "teams")
		require.Error(t, err)
		require.Contains(t, err.Error(), "Member.Rights")
		require.NotContains(t, err.Error(), "SECRET")
	})
}

func TestAsNamesThePivotRowWithoutAModel(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, teams := seed(t, e, 1)
		require.NoError(t, relation.ManyToMany(u, &u.Clubs).Attach(e.Ctx, relation.Pivot(teams[0], relation.Attrs{"role": "a"})))
		require.NoError(t, u.Load(e.Ctx, "clubs"))
		entry, ok := u.Clubs[0].Extras()["entry"].(map[string]any)
		require.True(t, ok)
		require.Equal(t, "a", entry["role"])
		require.EqualValues(t, u.ID, entry["user_id"])
		require.EqualValues(t, teams[0].ID, entry["team_id"])
	})
}

func TestGlobalScopesOfAPivotModelHoldForEveryRead(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u, teams := seed(t, e, 2)
		require.NoError(t, relation.ManyToMany(u, &u.Teams).Attach(e.Ctx,
			relation.Pivot(teams[0], relation.Attrs{"banned": true}), teams[1]))
		require.NoError(t, u.Load(e.Ctx, "teams"))
		require.Len(t, u.Teams, 1)
		found, err := model.Query[User](e.DB).WithCount("teams").Preload("teams").First(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, found.Extras()["teams_count"])
		require.Len(t, found.Teams, 1)
		n, err := relation.ManyToMany(u, &u.Teams).Query().WithoutScope("allowed").Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
	})
}
