// SPDX-License-Identifier: MIT

package upsert_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// UpdateOrCreate updates the record that exists by the further values with a SELECT and a minimal UPDATE,
// and its hooks.
func TestUpdateOrCreateUpdatesWhatExists(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		ctx, diary := diaried(e.Ctx)
		sent := e.Sends(t, 2, func() {
			m, err := model.UpdateOrCreate[member](ctx, e.DB, model.Attrs{"email": "a@x"}, model.Attrs{"Name": "A", "Points": 9})
			require.NoError(t, err)
			require.Equal(t, 9, m.Points)
			require.False(t, model.IsLocal(m))
			require.False(t, m.IsDirty())
		})
		require.Contains(t, sent[1], "points")
		require.NotContains(t, sent[1], "name", "it has not changed")
		require.Equal(t, []string{"updating a@x", "saving a@x", "updated a@x", "saved a@x", "committed a@x"}, diary.taken())
		row := e.Rows(t, "SELECT points FROM members WHERE email = 'a@x'")[0]
		require.EqualValues(t, 9, row["points"])
		require.EqualValues(t, 2, e.Rows(t, "SELECT points FROM members WHERE email = 'b@x'")[0]["points"])
	})
}

// UpdateOrCreate sends no UPDATE if the record has the further values already.
func TestUpdateOrCreateSendsNoUpdateWithoutChanges(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		e.Sends(t, 1, func() {
			require.NoError(t, func() error {
				m, err := model.UpdateOrCreate[member](e.Ctx, e.DB, model.Attrs{"email": "a@x"}, model.Attrs{"Name": "A", "Points": 1})
				require.Equal(t, "A", m.Name)
				return err
			}())
		})
	})
}

// UpdateOrCreate without a row inserts one of both values with a SELECT and an INSERT.
func TestUpdateOrCreateInsertsWhatIsMissing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		ctx, diary := diaried(e.Ctx)
		sent := e.Sends(t, 2, func() {
			m, err := model.UpdateOrCreate[member](ctx, e.DB, model.Attrs{"email": "c@x"}, model.Attrs{"Points": 9})
			require.NoError(t, err)
			require.True(t, m.IsPersisted())
			require.True(t, model.IsLocal(m))
		})
		require.True(t, strings.HasPrefix(sent[1], "INSERT "), sent[1])
		require.Equal(t, []string{"creating c@x", "saving c@x", "created c@x", "saved c@x", "committed c@x"}, diary.taken())
		require.EqualValues(t, 9, e.Rows(t, "SELECT points FROM members WHERE email = 'c@x'")[0]["points"])
		require.EqualValues(t, 3, e.Count(t, "members"))
	})
}

// UpdateOrCreate locks the row that it has found, so that no update in between is lost.
func TestUpdateOrCreateLocksTheRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		sent := e.Sends(t, 2, func() {
			_, err := model.UpdateOrCreate[member](e.Ctx, e.DB, model.Attrs{"email": "a@x"}, model.Attrs{"Points": 9})
			require.NoError(t, err)
		})
		require.Contains(t, sent[0], " FOR UPDATE")
		sent = e.Sends(t, 2, func() {
			_, err := model.UpdateOrCreateMany[member](e.Ctx, e.DB, []string{"email"}, []model.Attrs{{"email": "a@x", "Points": 3}})
			require.NoError(t, err)
		})
		require.Contains(t, sent[0], " FOR UPDATE")
	}, harness.RowLocks)
}

// UpdateOrCreate whose update fails changes nothing, and returns no record.
func TestFailedUpdateOrCreateChangesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		m, err := model.UpdateOrCreate[member](e.Ctx, e.DB, model.Attrs{"email": "b@x"}, model.Attrs{"Points": 9, "Number": "n1"})
		require.ErrorIs(t, err, model.ErrDuplicate)
		require.Nil(t, m)
		require.EqualValues(t, 2, e.Rows(t, "SELECT points FROM members WHERE email = 'b@x'")[0]["points"])
	})
}
