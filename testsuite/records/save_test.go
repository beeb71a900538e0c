// SPDX-License-Identifier: MIT

package records_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Save of a record without changes sends no statement.
func TestCleanSaveSendsNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a@example.com"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		e.Sends(t, 0, func() {
			require.NoError(t, a.Save(e.Ctx))
		})
	})
}

// Save writes the changed columns and the timestamp of updates, and no other column.
func TestSaveWritesOnlyChangedColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a@example.com", Name: "A"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.NoError(t, e.Gorm.Exec("UPDATE accounts SET age = 40").Error) // somebody else
		e.Clock.Add(time.Hour)
		a.Name = "B"
		sent := e.Sends(t, 1, func() { require.NoError(t, a.Save(e.Ctx)) })
		require.True(t, strings.HasPrefix(sent[0], "UPDATE "), sent[0])
		row := e.Rows(t, "SELECT name, age FROM accounts")[0]
		require.EqualValues(t, "B", row["name"])
		require.EqualValues(t, 40, row["age"], "a column that was not changed was written")
		require.Equal(t, e.Clock.Now(), a.UpdatedAt)
	})
}

// The UPDATE of a changed column names it and the timestamp of updates, whichever column it is, and there
// is none after it.
func TestUpdateNamesTheChangedColumnAndTimestamp(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "a"}))
		a, err := model.Query[account](e.DB).First(e.Ctx)
		require.NoError(t, err)
		nick := "nick"
		for column, change := range map[string]func(){
			"email":      func() { a.Email = "b" },
			"name":       func() { a.Name = "b" },
			"nick":       func() { a.Nick = &nick },
			"password":   func() { a.Password = "b" },
			"age":        func() { a.Age = 1 },
			"score":      func() { a.Score = 1.5 },
			"active":     func() { a.Active = true },
			"visits":     func() { a.Visits = 1 },
			"seen_at":    func() { a.SeenAt = new(e.Clock.Now()) },
			"created_at": func() { a.CreatedAt = a.CreatedAt.Add(time.Hour) },
		} {
			e.Sends(t, 0, func() { require.NoError(t, a.Save(e.Ctx), column) })
			e.Clock.Add(time.Hour)
			change()
			require.True(t, a.IsDirty(column))
			sent := e.Sends(t, 1, func() { require.NoError(t, a.Save(e.Ctx), column) })
			require.ElementsMatch(t, []string{column, "updated_at"}, columnsSet(t, sent[0]))
			e.Sends(t, 0, func() { require.NoError(t, a.Save(e.Ctx), column) })
		}
		equalsItsRow(t, e, a, a.ID)
	})
}

// An INSERT is one statement that writes zero values as they are, NULL for nil, and leaves the key to the
// database.
func TestInsertWritesZeroValues(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a@example.com"}
		sent := e.Sends(t, 1, func() { require.NoError(t, model.Create(e.Ctx, e.DB, a)) })
		require.True(t, strings.HasPrefix(sent[0], "INSERT "), sent[0])
		row := e.Row(t, "SELECT name, nick, password, age, score, visits, seen_at FROM accounts WHERE active = ?", false)
		for column, want := range map[string]any{"name": "", "password": "", "nick": nil, "seen_at": nil} {
			require.Equal(t, want, row[column], column)
		}
		for _, column := range []string{"age", "score", "visits"} {
			require.Contains(t, []string{"0", "0.0"}, fmt.Sprint(row[column]), column)
		}
		require.Positive(t, a.ID)
	})
}

// An UPDATE writes zero, false, the empty text and NULL where they are what has changed.
func TestUpdateWritesZeroValues(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		nick, at := "nick", e.Clock.Now()
		a := &account{Email: "a", Name: "n", Nick: &nick, Age: 4, Score: 1.5, Active: true, Visits: 3, SeenAt: &at}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		a.Name, a.Nick, a.Age, a.Score, a.Active, a.Visits, a.SeenAt = "", nil, 0, 0, false, 0, nil
		e.Sends(t, 1, func() { require.NoError(t, a.Save(e.Ctx)) })
		got, err := a.Fresh(e.Ctx)
		require.NoError(t, err)
		require.True(t, got.Equal(&account{
			ID: a.ID, Email: "a", CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
		}), "%v", got.Attributes())
	})
}

// Save inserts a record without a row and updates one with a row, on the database of the record or of the
// context.
func TestSaveInsertsNewAndUpdatesPersistedRecords(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		a := &account{Email: "a"}
		e.Sends(t, 0, func() { require.ErrorIs(t, a.Save(e.Ctx), model.ErrUnbound) })
		require.True(t, a.IsNew())
		require.NoError(t, a.Save(model.WithDB(e.Ctx, e.DB)))
		require.False(t, a.IsNew())
		a.Name = "b"
		require.NoError(t, a.Save(e.Ctx))
		b := &account{Email: "b"}
		b.UseDB(e.DB)
		require.NoError(t, b.Save(e.Ctx))
		require.Equal(t, b.Email, e.Row(t, "SELECT email FROM accounts WHERE id = ?", b.ID)["email"])
		c := &account{Email: "c"}
		require.NoError(t, model.Save(e.Ctx, e.DB, c))
		c.Name = "c"
		require.NoError(t, model.Save(e.Ctx, e.DB, c))
		require.EqualValues(t, 3, e.Count(t, "accounts"))
		require.Equal(t, "b", e.Row(t, "SELECT name FROM accounts WHERE id = ?", a.ID)["name"])
		require.NotNil(t, model.DBOf(c))
		require.Nil(t, model.DBOf((&account{})))
	})
}

// A changed primary key is written to the row with the original key, and the record goes on with the new
// one.
func TestChangedKeyUpdatesByTheOriginal(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &keyNatural{})
		a, other := &account{Email: "a"}, &account{Email: "other"}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*account{a, other}))
		was := a.ID
		a.ID = 900
		require.Equal(t, was, a.Original()["ID"])
		e.Sends(t, 1, func() { require.NoError(t, a.Save(e.Ctx)) })
		require.EqualValues(t, 1, e.Row(t, "SELECT count(*) AS n FROM accounts WHERE id = 900 AND email = 'a'")["n"])
		require.EqualValues(t, 2, e.Count(t, "accounts"))
		a.Name = "n"
		require.NoError(t, a.Save(e.Ctx))
		require.NoError(t, a.Refresh(e.Ctx))
		require.EqualValues(t, 900, a.ID)
		a.ID = other.ID
		require.ErrorIs(t, a.Save(e.Ctx), model.ErrDuplicate)
		require.EqualValues(t, 900, a.Original()["ID"])
		require.NoError(t, a.Refresh(e.Ctx))
		require.EqualValues(t, 900, a.ID, "Refresh reads the row by the key that it has")

		k := &keyNatural{Code: "at", Name: "Austria"}
		require.NoError(t, model.Create(e.Ctx, e.DB, k))
		k.Code = "AT"
		require.NoError(t, k.Save(e.Ctx))
		require.NoError(t, k.Delete(e.Ctx))
		require.Zero(t, e.Count(t, "key_naturals"))
	})
}

// ForceUpdate makes the next save write the timestamp of updates, or the key where there is none, once.
func TestForceUpdateWritesOnce(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &keyInt32{})
		a, k := &account{Email: "a"}, &keyInt32{Name: "n"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.NoError(t, model.Create(e.Ctx, e.DB, k))
		e.Clock.Add(time.Hour)
		model.ForceUpdate(a)
		require.False(t, a.IsDirty())
		e.Sends(t, 1, func() { require.NoError(t, a.Save(e.Ctx)) })
		require.Equal(t, e.Clock.Now(), a.UpdatedAt)
		require.Equal(t, []string{"UpdatedAt"}, harness.SortedKeys(a.Changes()))
		e.Sends(t, 0, func() { require.NoError(t, a.Save(e.Ctx)) })
		model.ForceUpdate(k)
		e.Sends(t, 1, func() { require.NoError(t, k.Save(e.Ctx)) })
		e.Sends(t, 0, func() { require.NoError(t, k.Save(e.Ctx)) })
		e.Exec(t, "DELETE FROM key_int32")
		model.ForceUpdate(k)
		require.ErrorIs(t, k.Save(e.Ctx), model.ErrStale)
		require.ErrorIs(t, k.Save(e.Ctx), model.ErrStale, "a save that failed is not the next save")
	})
}

// A write that finds no row is an ErrStale, changes nothing of the record, and never inserts the row again.
func TestWriteOfAVanishedRowIsErrStale(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &note{})
		a, n := &account{Email: "a", Visits: 1}, &note{Title: "t"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.NoError(t, model.Create(e.Ctx, e.DB, n))
		e.Exec(t, "DELETE FROM accounts")
		e.Exec(t, "DELETE FROM notes")
		e.Clock.Add(time.Hour)
		a.Name, n.Title = "changed", "changed"
		before, noted := a.Attributes(), n.Attributes()
		for name, write := range map[string]func() error{
			"Save":        func() error { return a.Save(e.Ctx) },
			"Delete":      func() error { return a.Delete(e.Ctx) },
			"Touch":       func() error { return a.Touch(e.Ctx) },
			"soft Save":   func() error { return n.Save(e.Ctx) },
			"soft Delete": func() error { return n.Delete(e.Ctx) },
			"ForceDelete": func() error { return n.ForceDelete(e.Ctx) },
		} {
			e.Sends(t, 1, func() { require.ErrorIs(t, write(), model.ErrStale, name) })
			require.Equal(t, before, a.Attributes(), name)
			require.Equal(t, noted, n.Attributes(), name)
			require.Equal(t, flagsCreated, flagsOf(a), name)
			require.Equal(t, flagsCreated, flagsOf(n), name)
			require.Equal(t, []string{"Name"}, harness.SortedKeys(a.Dirty()), name)
		}
		e.Sends(t, 2, func() { // the second statement finds out that it is not the sum that does not fit
			require.ErrorIs(t, a.Increment(e.Ctx, "visits", 1), model.ErrStale)
		})
		require.Equal(t, before, a.Attributes())
		require.Zero(t, e.Count(t, "accounts"))
		require.Zero(t, e.Count(t, "notes"))
	})
}

// What the database refuses is a ConstraintError with the columns, and the record can be mended and saved.
func TestRefusedRowIsAConstraintError(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &strict{})
		a, b := &account{Email: "taken"}, &account{Email: "free", Name: "n"}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*account{a, b}))
		b.Email, b.Age = "taken", 3
		err := b.Save(e.Ctx)
		require.ErrorIs(t, err, model.ErrDuplicate)
		var refused *model.ConstraintError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, "unique", refused.Kind)
		require.Equal(t, []string{"email"}, refused.Columns)
		require.NotContains(t, err.Error(), "taken", "the error shows a value")
		require.Equal(t, model.Attrs{"Email": "taken", "Age": 3}, b.Dirty())
		b.Email = "other"
		require.NoError(t, b.Save(e.Ctx))

		s := &strict{}
		err = model.Create(e.Ctx, e.DB, s)
		require.ErrorIs(t, err, model.ErrInvalidValue)
		require.ErrorAs(t, err, &refused)
		require.Equal(t, "not null", refused.Kind)
		require.Equal(t, []string{"name"}, refused.Columns)
		s.Name, s.Age = new("n"), -1
		err = model.Create(e.Ctx, e.DB, s)
		require.ErrorIs(t, err, model.ErrInvalidValue)
		require.ErrorAs(t, err, &refused)
		require.Equal(t, "check", refused.Kind)
		require.Equal(t, "age_is_positive", refused.Name)
		s.Age = 1
		require.NoError(t, model.Create(e.Ctx, e.DB, s))
	})
}

// A rollback takes back what a save wrote to the record, and leaves what the caller assigned, so that it is
// pending again.
func TestRollbackKeepsWhatTheCallerAssigned(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &note{})
		a, n := &account{Email: "a", Name: "old"}, &note{Title: "old"}
		require.NoError(t, model.Create(e.Ctx, e.DB, a))
		require.NoError(t, model.Create(e.Ctx, e.DB, n))
		made := e.Clock.Now()
		e.Clock.Add(time.Hour)
		undone := errors.New("undone")
		require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			a.Name, n.Title = "new", "new"
			require.NoError(t, a.Save(ctx))
			require.NoError(t, n.Save(ctx))
			require.NoError(t, a.Increment(ctx, "visits", 5))
			require.Empty(t, a.Dirty())
			require.EqualValues(t, 2, n.Version)
			a.Age = 7 // assigned after the save
			return undone
		}), undone)
		require.Equal(t, "new", a.Name)
		require.Equal(t, 7, a.Age)
		require.Zero(t, a.Visits)
		require.Equal(t, made, a.UpdatedAt)
		require.EqualValues(t, 1, n.Version)
		require.Equal(t, model.Attrs{"Name": "new", "Age": 7}, a.Dirty())
		require.Equal(t, model.Attrs{"Title": "new"}, n.Dirty())
		require.NoError(t, a.Save(e.Ctx))
		require.NoError(t, n.Save(e.Ctx))
		require.Equal(t, "new", e.Row(t, "SELECT name FROM accounts")["name"])
		require.Equal(t, "new", e.Row(t, "SELECT title FROM notes")["title"])
	})
}

// strict has columns that refuse values.
type strict struct {
	model.BaseModel[strict]

	ID   int64
	Name *string `gorm:"not null"`
	Age  int     `gorm:"check:age_is_positive,age >= 0"`
}

// columnsSet returns the columns that an UPDATE sets.
func columnsSet(t testing.TB, sql string) []string {
	t.Helper()
	_, sets, found := strings.Cut(sql, " SET ")
	require.True(t, found, sql)
	sets, _, found = strings.Cut(sets, " WHERE ")
	require.True(t, found, sql)
	var columns []string
	for set := range strings.SplitSeq(sets, ", ") {
		column, _, _ := strings.Cut(set, "=")
		columns = append(columns, strings.Trim(column, " `\""))
	}
	return columns
}
