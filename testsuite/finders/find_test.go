// SPDX-License-Identifier: MIT

package finders_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Find returns the record with the key, as its row is, with one statement.
func TestFindReturnsTheRowWithOneStatement(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := someAccounts(t, e, 3)
		e.Sends(t, 1, func() {
			found, err := model.Query[account](e.DB).Find(e.Ctx, list[1].ID)
			require.NoError(t, err)
			require.True(t, found.Equal(list[1]), "%v is not %v", found.Attributes(), list[1].Attributes())
			require.True(t, found.IsPersisted())
			require.False(t, model.IsLocal(found))
			require.False(t, found.IsDirty())
		})
	})
}

// A row that does not exist is ErrNotFound, which is also gorm.ErrRecordNotFound, from every call that
// returns one record.
func TestMissingRowIsErrNotFound(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		someAccounts(t, e, 1)
		q := func() *model.Builder[account] { return model.Query[account](e.DB).Where("name", "nobody") }
		for name, find := range map[string]func() (*account, error){
			"Find":   func() (*account, error) { return model.Query[account](e.DB).Find(e.Ctx, -1) },
			"FindBy": func() (*account, error) { return model.Query[account](e.DB).FindBy(e.Ctx, "name", "nobody") },
			"First":  func() (*account, error) { return q().First(e.Ctx) },
			"Sole":   func() (*account, error) { return q().Sole(e.Ctx) },
		} {
			e.Sends(t, 1, func() {
				var found *account
				err := func() (err error) { found, err = find(); return err }()
				require.ErrorIs(t, err, model.ErrNotFound, name)
				require.ErrorIs(t, err, gorm.ErrRecordNotFound, name)
				require.Nil(t, found, name)
				var named *model.Error
				require.ErrorAs(t, err, &named, name)
				require.Equal(t, "account", named.Model, name)
			})
		}
	})
}

// A text is found by exactly that text, whatever characters it has.
func TestTextKeyIsFoundByExactlyThatText(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &badge{})
		codes := []string{"a", "A", " a", "a ", "1", "01", "a'b", `a"b`, "a`b", `a\b`, "a%", "a_", "%", "?", "$1", "ä", "a\nb", "NULL", "🙂"}
		missing := []string{"b", "a'", "aa", "ab", "2", "A "}
		if !e.Database.Has(harness.ExactText) {
			codes = slices.DeleteFunc(codes, func(code string) bool { return slices.Contains([]string{"A", "a ", "ä"}, code) })
			missing = missing[:5]
		}
		for _, code := range codes {
			require.NoError(t, model.Create(e.Ctx, e.DB, &badge{Code: code, Label: "label of " + code}))
		}
		for _, code := range codes {
			e.Sends(t, 1, func() {
				found, err := model.Query[badge](e.DB).Find(e.Ctx, code)
				require.NoError(t, err, "%q", code)
				require.Equal(t, code, found.Code)
				require.Equal(t, "label of "+code, found.Label)
			})
		}
		for _, code := range missing {
			require.ErrorIs(t, findAs[badge](e, code), model.ErrNotFound, "%q", code)
		}
	})
}

// A UUID is found in upper and lower case, because both are one UUID, on every database.
func TestUUIDIsFoundInAnyCase(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &passkey{})
		const lower, upper = "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6BA7B811-9DAD-11D1-80B4-00C04FD430C8"
		for _, id := range []string{lower, upper} {
			made := &passkey{ID: id, Label: id}
			require.NoError(t, model.Create(e.Ctx, e.DB, made))
			require.Equal(t, strings.ToLower(id), made.ID, "the record equals its row")
		}
		require.Len(t, e.Rows(t, "SELECT label FROM passkeys WHERE CAST(id AS CHAR(36)) = ?", strings.ToLower(upper)), 1)
		for _, id := range []string{lower, strings.ToUpper(lower), upper, strings.ToLower(upper)} {
			e.Sends(t, 1, func() {
				found, err := model.Query[passkey](e.DB).Find(e.Ctx, id)
				require.NoError(t, err, id)
				require.True(t, strings.EqualFold(id, found.ID), found.ID)
				require.True(t, strings.EqualFold(id, found.Label), found.Label)
			})
			e.Sends(t, 1, func() {
				list, err := model.Query[passkey](e.DB).FindMany(e.Ctx, id)
				require.NoError(t, err, id)
				require.Len(t, list, 1, id)
			})
		}
	})
}

// A composite key is given as values in the order of its fields, or by attribute or column name.
func TestCompositeKeyIsGivenInOrderOrByName(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &seat{})
		for line := range int64(3) {
			for _, letter := range []string{"A", "B"} {
				require.NoError(t, model.Create(e.Ctx, e.DB, &seat{Line: line, Letter: letter, Taken: line == 1 && letter == "B"}))
			}
		}
		for _, key := range []any{
			[]any{1, "B"}, []any{"1", "B"}, model.Attrs{"Line": 1, "Letter": "B"}, model.Attrs{"line": "1", "letter": "B"},
		} {
			e.Sends(t, 1, func() {
				found, err := model.Query[seat](e.DB).Find(e.Ctx, key)
				require.NoError(t, err)
				require.Equal(t, int64(1), found.Line)
				require.Equal(t, "B", found.Letter)
				require.True(t, found.Taken)
			})
		}
		require.ErrorIs(t, findAs[seat](e, []any{1, "C"}), model.ErrNotFound)
		require.ErrorIs(t, findAs[seat](e, []any{9, "A"}), model.ErrNotFound)
	})
}

// Find and FindMany look within the conditions of the query, and an OrWhere cannot escape the key.
func TestFindStaysWithinTheConditions(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := someAccounts(t, e, 3)
		named := func(names ...string) *model.Builder[account] {
			q := model.Query[account](e.DB)
			for _, name := range names {
				q.OrWhere("name", name)
			}
			return q
		}
		e.Sends(t, 1, func() {
			_, err := named(list[0].Name).Find(e.Ctx, list[1].ID)
			require.ErrorIs(t, err, model.ErrNotFound)
		})
		e.Sends(t, 1, func() {
			found, err := named(list[0].Name, list[1].Name).Find(e.Ctx, list[1].ID)
			require.NoError(t, err)
			require.Equal(t, list[1].ID, found.ID)
		})
		e.Sends(t, 1, func() {
			_, err := named(list[0].Name, "nobody").Find(e.Ctx, list[2].ID)
			require.ErrorIs(t, err, model.ErrNotFound)
		})
		e.Sends(t, 1, func() {
			many, err := named(list[0].Name, list[1].Name).FindMany(e.Ctx, list[1].ID, list[2].ID)
			require.NoError(t, err)
			require.Len(t, many, 1)
		})
	})
}

// FindBy takes attribute and column names, and finds by exactly the value.
func TestFindByFindsExactlyTheValue(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		list := someAccounts(t, e, 3)
		for _, name := range []string{"Email", "email"} {
			e.Sends(t, 1, func() {
				found, err := model.Query[account](e.DB).FindBy(e.Ctx, name, list[2].Email)
				require.NoError(t, err)
				require.Equal(t, list[2].ID, found.ID)
			})
		}
		e.Sends(t, 1, func() {
			found, err := model.Query[account](e.DB).OrderBy("id", "desc").FindBy(e.Ctx, "active", true)
			require.NoError(t, err)
			require.Equal(t, list[2].ID, found.ID, "the order of the query decides which of several is found")
		})
	})
}

// FindBy refuses nil, lists and values that do not fit the column, and names that are no column, and sends
// nothing.
func TestFindByRefusesGuesses(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		someAccounts(t, e, 1)
		by := func(column string, value any) error {
			_, err := model.Query[account](e.DB).FindBy(e.Ctx, column, value)
			return err
		}
		e.Sends(t, 0, func() {
			err := by("nick", nil)
			require.ErrorIs(t, err, model.ErrInvalidValue)
			require.ErrorContains(t, err, "WhereNull")
			for _, bad := range []any{"old", 1.5, "1e0", []int{1}, true} {
				require.ErrorIs(t, by("age", bad), model.ErrInvalidValue, "%v", bad)
			}
			for _, bad := range []any{1, []string{"a"}, map[string]any{"email": "a"}} {
				require.ErrorIs(t, by("email", bad), model.ErrInvalidValue, "%v", bad)
			}
			err = by("emial", "a@example.com")
			require.ErrorIs(t, err, model.ErrUnknownColumn)
			require.ErrorContains(t, err, "did you mean")
			for _, bad := range []string{"", "email = email OR email", "accounts.email; --", "Email ", "other.email"} {
				require.ErrorIs(t, by(bad, "a@example.com"), model.ErrUnknownColumn, "%q", bad)
			}
		})
	})
}

// someAccounts creates accounts that differ in email and name.
func someAccounts(t testing.TB, e *harness.Env, n int) []*account {
	t.Helper()
	list := make([]*account, n)
	for i := range list {
		list[i] = &account{Email: fmt.Sprintf("%d@example.com", i), Name: fmt.Sprintf("name %d", i), Age: 20 + i, Active: true}
	}
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
	e.Sent.Reset()
	return list
}
