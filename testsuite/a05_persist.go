// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// statePromises are those of row A5: save, delete, refresh.
func statePromises() []promise {
	return []promise{
		{
			name: "A5/CleanSaveSendsNothing",
			says: "Save of a record without changes sends no statement",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a@example.com"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				e.sends(t, 0, func() {
					require.NoError(t, e.do("save", func() error { return a.Save(e.ctx) }))
				})
			},
			twin: func(e *env) {
				e.op["save"] = func(run func() error) error {
					_ = e.db.Gorm().Exec("UPDATE accounts SET name = name").Error
					return run()
				}
			},
		},
		{
			name: "A5/UpdateIsMinimal",
			says: "Save writes the changed columns and the timestamp of updates, and no other column",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a@example.com", Name: "A"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				require.NoError(t, e.gorm.Exec("UPDATE accounts SET age = 40").Error) // somebody else
				e.clock.add(time.Hour)
				a.Name = "B"
				sent := e.sends(t, 1, func() { require.NoError(t, a.Save(e.ctx)) })
				require.True(t, strings.HasPrefix(sent[0], "UPDATE "), sent[0])
				row := e.rows(t, "SELECT name, age FROM accounts")[0]
				require.EqualValues(t, "B", row["name"])
				require.EqualValues(t, 40, row["age"], "a column that was not changed was written")
				require.Equal(t, e.clock.now, a.UpdatedAt)
			},
			twin: func(e *env) {
				e.sql = func(sql string) string {
					if strings.HasPrefix(sql, "UPDATE ") {
						return strings.Replace(sql, " SET ", " SET age = 0, ", 1)
					}
					return sql
				}
			},
		},
		{
			name: "A5/UpdateNamesItsColumns",
			says: "the UPDATE of a changed column names it and the timestamp of updates, whichever column it is, and there is none after it",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				require.NoError(t, model.Create(e.ctx, e.db, &account{Email: "a"}))
				a, err := model.Query[account](e.db).First(e.ctx)
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
					"seen_at":    func() { a.SeenAt = new(e.clock.now) },
					"created_at": func() { a.CreatedAt = a.CreatedAt.Add(time.Hour) },
				} {
					e.sends(t, 0, func() { require.NoError(t, a.Save(e.ctx), column) })
					e.clock.add(time.Hour)
					change()
					require.True(t, a.IsDirty(column))
					sent := e.sends(t, 1, func() { require.NoError(t, a.Save(e.ctx), column) })
					require.ElementsMatch(t, []string{column, "updated_at"}, columnsSet(t, see(e, "sql", sent[0])))
					e.sends(t, 0, func() { require.NoError(t, a.Save(e.ctx), column) })
				}
				equalsItsRow(t, e, a, a.ID)
			},
			twin: func(e *env) {
				e.seen["sql"] = func(v any) any {
					sql, _ := v.(string)
					return strings.Replace(sql, " SET ", " SET `email` = ?, ", 1)
				}
			},
		},
		{
			name: "A5/InsertWritesZeroValues",
			says: "an INSERT is one statement that writes zero values as they are, NULL for nil, and leaves the key to the database",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a@example.com"}
				sent := e.sends(t, 1, func() { require.NoError(t, model.Create(e.ctx, e.db, a)) })
				require.True(t, strings.HasPrefix(sent[0], "INSERT "), sent[0])
				row := e.row(t, "SELECT name, nick, password, age, score, visits, seen_at FROM accounts WHERE active = ?", false)
				for column, want := range map[string]any{"name": "", "password": "", "nick": nil, "seen_at": nil} {
					require.Equal(t, want, row[column], column)
				}
				for _, column := range []string{"age", "score", "visits"} {
					require.Contains(t, []string{"0", "0.0"}, fmt.Sprint(row[column]), column)
				}
				require.Positive(t, a.ID)
			},
			twin: func(e *env) {
				e.sql = func(sql string) string {
					if strings.HasPrefix(sql, "INSERT ") {
						return strings.Replace(sql, "VALUES (?, ?, ", "VALUES (?, nullif(?, ''), ", 1)
					}
					return sql
				}
			},
		},
		{
			name: "A5/UpdateWritesZeroValues",
			says: "an UPDATE writes zero, false, the empty text and NULL where they are what has changed",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				nick, at := "nick", e.clock.now
				a := &account{Email: "a", Name: "n", Nick: &nick, Age: 4, Score: 1.5, Active: true, Visits: 3, SeenAt: &at}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				a.Name, a.Nick, a.Age, a.Score, a.Active, a.Visits, a.SeenAt = "", nil, 0, 0, false, 0, nil
				e.sends(t, 1, func() { require.NoError(t, a.Save(e.ctx)) })
				got, err := a.Fresh(e.ctx)
				require.NoError(t, err)
				require.True(t, got.Equal(&account{
					ID: a.ID, Email: "a", CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
				}), "%v", got.Attributes())
			},
			twin: bending("UPDATE", "`age` = ?", "`age` = coalesce(nullif(?, 0), `age`)"),
		},
		{
			name: "A5/SaveDecides",
			says: "Save inserts a record without a row and updates one with a row, on the database of the record or of the context",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{})
				a := &account{Email: "a"}
				e.sends(t, 0, func() { require.ErrorIs(t, a.Save(e.ctx), model.ErrUnbound) })
				require.True(t, a.IsNew())
				require.NoError(t, a.Save(model.WithDB(e.ctx, e.db)))
				require.False(t, a.IsNew())
				a.Name = "b"
				require.NoError(t, e.do("save", func() error { return a.Save(e.ctx) }))
				b := &account{Email: "b"}
				model.UseDB(e.db, b)
				require.NoError(t, b.Save(e.ctx))
				require.Equal(t, b.Email, e.row(t, "SELECT email FROM accounts WHERE id = ?", b.ID)["email"])
				c := &account{Email: "c"}
				require.NoError(t, model.Save(e.ctx, e.db, c))
				c.Name = "c"
				require.NoError(t, model.Save(e.ctx, e.db, c))
				require.EqualValues(t, 3, e.count(t, "accounts"))
				require.Equal(t, "b", e.row(t, "SELECT name FROM accounts WHERE id = ?", a.ID)["name"])
				require.NotNil(t, model.DBOf(c))
				require.Nil(t, model.DBOf((&account{})))
			},
			twin: without("save"),
		},
		{
			name: "A5/ChangedKeyUpdatesByTheOriginal",
			says: "a changed primary key is written to the row with the original key, and the record goes on with the new one",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &keyNatural{})
				a, other := &account{Email: "a"}, &account{Email: "other"}
				require.NoError(t, model.CreateMany(e.ctx, e.db, []*account{a, other}))
				was := a.ID
				a.ID = 900
				require.Equal(t, was, a.Original()["ID"])
				e.sends(t, 1, func() { require.NoError(t, a.Save(e.ctx)) })
				require.EqualValues(t, 1, e.row(t, "SELECT count(*) AS n FROM accounts WHERE id = 900 AND email = 'a'")["n"])
				require.EqualValues(t, 2, e.count(t, "accounts"))
				a.Name = "n"
				require.NoError(t, a.Save(e.ctx))
				require.NoError(t, a.Refresh(e.ctx))
				require.EqualValues(t, 900, a.ID)
				a.ID = other.ID
				require.ErrorIs(t, a.Save(e.ctx), model.ErrDuplicate)
				require.EqualValues(t, 900, a.Original()["ID"])
				require.NoError(t, a.Refresh(e.ctx))
				require.EqualValues(t, 900, a.ID, "Refresh reads the row by the key that it has")

				k := &keyNatural{Code: "at", Name: "Austria"}
				require.NoError(t, model.Create(e.ctx, e.db, k))
				k.Code = "AT"
				require.NoError(t, k.Save(e.ctx))
				require.NoError(t, k.Delete(e.ctx))
				require.Zero(t, e.count(t, "key_naturals"))
			},
			twin: bending("UPDATE `accounts`", "WHERE `id` = ?", "WHERE `id` <> ?"),
		},
		{
			name: "A5/ForceUpdate",
			says: "ForceUpdate makes the next save write the timestamp of updates, or the key where there is none, once",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &keyInt32{})
				a, k := &account{Email: "a"}, &keyInt32{Name: "n"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				require.NoError(t, model.Create(e.ctx, e.db, k))
				e.clock.add(time.Hour)
				model.ForceUpdate(a)
				require.False(t, a.IsDirty())
				e.sends(t, 1, func() { require.NoError(t, e.do("save", func() error { return a.Save(e.ctx) })) })
				require.Equal(t, e.clock.now, a.UpdatedAt)
				require.Equal(t, []string{"UpdatedAt"}, sortedKeys(a.Changes()))
				e.sends(t, 0, func() { require.NoError(t, a.Save(e.ctx)) })
				model.ForceUpdate(k)
				e.sends(t, 1, func() { require.NoError(t, k.Save(e.ctx)) })
				e.sends(t, 0, func() { require.NoError(t, k.Save(e.ctx)) })
				e.exec(t, "DELETE FROM key_int32")
				model.ForceUpdate(k)
				require.ErrorIs(t, k.Save(e.ctx), model.ErrStale)
				require.ErrorIs(t, k.Save(e.ctx), model.ErrStale, "a save that failed is not the next save")
			},
			twin: without("save"),
		},
		{
			name: "A5/VanishedRows",
			says: "a write that finds no row is an ErrStale, changes nothing of the record, and never inserts the row again",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &note{})
				a, n := &account{Email: "a", Visits: 1}, &note{Title: "t"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				require.NoError(t, model.Create(e.ctx, e.db, n))
				e.exec(t, "DELETE FROM accounts")
				e.exec(t, "DELETE FROM notes")
				e.clock.add(time.Hour)
				a.Name, n.Title = "changed", "changed"
				before, noted := a.Attributes(), n.Attributes()
				for name, write := range map[string]func() error{
					"Save":        func() error { return a.Save(e.ctx) },
					"Delete":      func() error { return a.Delete(e.ctx) },
					"Touch":       func() error { return a.Touch(e.ctx) },
					"soft Save":   func() error { return n.Save(e.ctx) },
					"soft Delete": func() error { return n.Delete(e.ctx) },
					"ForceDelete": func() error { return n.ForceDelete(e.ctx) },
				} {
					e.sends(t, 1, func() { require.ErrorIs(t, e.do("write", write), model.ErrStale, name) })
					require.Equal(t, before, a.Attributes(), name)
					require.Equal(t, noted, n.Attributes(), name)
					require.Equal(t, flagsCreated, flagsOf(a), name)
					require.Equal(t, flagsCreated, flagsOf(n), name)
					require.Equal(t, []string{"Name"}, sortedKeys(a.Dirty()), name)
				}
				e.sends(t, 2, func() { // the second statement finds out that it is not the sum that does not fit
					require.ErrorIs(t, a.Increment(e.ctx, "visits", 1), model.ErrStale)
				})
				require.Equal(t, before, a.Attributes())
				require.Zero(t, e.count(t, "accounts"))
				require.Zero(t, e.count(t, "notes"))
			},
			twin: succeeding("write"),
		},
		{
			name: "A5/RefusedRows",
			says: "what the database refuses is a ConstraintError with the columns, and the record can be mended and saved",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &strict{})
				a, b := &account{Email: "taken"}, &account{Email: "free", Name: "n"}
				require.NoError(t, model.CreateMany(e.ctx, e.db, []*account{a, b}))
				b.Email, b.Age = "taken", 3
				err := e.do("save", func() error { return b.Save(e.ctx) })
				require.ErrorIs(t, err, model.ErrDuplicate)
				var refused *model.ConstraintError
				require.ErrorAs(t, err, &refused)
				require.Equal(t, "unique", refused.Kind)
				require.Equal(t, []string{"email"}, refused.Columns)
				require.NotContains(t, err.Error(), "taken", "the error shows a value")
				require.Equal(t, model.Attrs{"Email": "taken", "Age": 3}, b.Dirty())
				b.Email = "other"
				require.NoError(t, b.Save(e.ctx))

				s := &strict{}
				err = model.Create(e.ctx, e.db, s)
				require.ErrorIs(t, err, model.ErrInvalidValue)
				require.ErrorAs(t, err, &refused)
				require.Equal(t, "not null", refused.Kind)
				require.Equal(t, []string{"name"}, refused.Columns)
				s.Name, s.Age = new("n"), -1
				err = model.Create(e.ctx, e.db, s)
				require.ErrorIs(t, err, model.ErrInvalidValue)
				require.ErrorAs(t, err, &refused)
				require.Equal(t, "check", refused.Kind)
				require.Equal(t, "age_is_positive", refused.Name)
				s.Age = 1
				require.NoError(t, model.Create(e.ctx, e.db, s))
			},
			twin: succeeding("save"),
		},
		{
			name: "A5/RollbackRevertsOnlyKindred",
			says: "a rollback takes back what a save wrote to the record, and leaves what the caller assigned, so that it is pending again",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &account{}, &note{})
				a, n := &account{Email: "a", Name: "old"}, &note{Title: "old"}
				require.NoError(t, model.Create(e.ctx, e.db, a))
				require.NoError(t, model.Create(e.ctx, e.db, n))
				made := e.clock.now
				e.clock.add(time.Hour)
				undone := errors.New("undone")
				require.ErrorIs(t, e.db.Transaction(e.ctx, func(ctx context.Context, _ *model.DB) error {
					a.Name, n.Title = "new", "new"
					require.NoError(t, a.Save(ctx))
					require.NoError(t, n.Save(ctx))
					require.NoError(t, a.Increment(ctx, "visits", 5))
					require.Empty(t, a.Dirty())
					require.EqualValues(t, 2, n.Version)
					a.Age = 7 // assigned after the save
					return e.do("end", func() error { return undone })
				}), undone)
				require.Equal(t, "new", a.Name)
				require.Equal(t, 7, a.Age)
				require.Zero(t, a.Visits)
				require.Equal(t, made, a.UpdatedAt)
				require.EqualValues(t, 1, n.Version)
				require.Equal(t, model.Attrs{"Name": "new", "Age": 7}, a.Dirty())
				require.Equal(t, model.Attrs{"Title": "new"}, n.Dirty())
				require.NoError(t, a.Save(e.ctx))
				require.NoError(t, n.Save(e.ctx))
				require.Equal(t, "new", e.row(t, "SELECT name FROM accounts")["name"])
				require.Equal(t, "new", e.row(t, "SELECT title FROM notes")["title"])
			},
			twin: without("end"),
		},
	}
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
