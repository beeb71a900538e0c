// SPDX-License-Identifier: MIT

package connection_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A callback on gorm's row and raw processors sees every statement, and results are the same as without it.
func TestPluginsSeeEveryStatement(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		plain, err := toldOn(t, e, func(g *gorm.DB) *gorm.DB { return g }, nil)
		require.NoError(t, err, plain)
		var mu sync.Mutex
		var seen []string
		log := &statementLog{}
		heard, err := toldOn(t, e, func(g *gorm.DB) *gorm.DB {
			listen := func(db *gorm.DB) {
				mu.Lock()
				defer mu.Unlock()
				seen = append(seen, db.Statement.SQL.String())
				if db.Statement.Table == "" && !strings.Contains(db.Statement.SQL.String(), "SAVEPOINT") {
					_ = db.AddError(errors.New("no table for the plugin"))
				}
			}
			require.NoError(t, g.Callback().Row().After("gorm:row").Register("testsuite:listen", listen))
			require.NoError(t, g.Callback().Raw().Before("gorm:raw").Register("testsuite:listen", listen))
			g.Logger = log
			return g
		}, func() {
			mu.Lock()
			defer mu.Unlock()
			seen = nil
			log.mu.Lock()
			defer log.mu.Unlock()
			log.text = nil
		})
		require.NoError(t, err, heard)
		require.Equal(t, plain, heard)
		require.Len(t, seen, len(log.all()), "statements that the logger saw")
		require.Greater(t, len(seen), 80)
	})
}

// Lists of any length work with a plugin, too: records to create, and values to look for.
func TestListsOfAnyLengthWorkWithAPlugin(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		for _, g := range []interface {
			Register(name string, fn func(*gorm.DB)) error
		}{e.Gorm.Callback().Row().After("gorm:row"), e.Gorm.Callback().Raw().After("gorm:raw")} {
			require.NoError(t, g.Register("testsuite:listen", func(*gorm.DB) {}))
		}
		e.Migrate(t, &tick{}, &wide{}, &ballot{})
		const n = 70_000
		list := ticks(n)
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		ids, last := make([]int64, n), int64(0)
		for i, r := range list {
			require.Less(t, last, r.ID)
			ids[i], last = r.ID, r.ID
		}
		e.Sends(t, 1, func() {
			sum, err := model.Query[tick](e.DB).WhereIn("id", ids).Count(e.Ctx)
			require.NoError(t, err)
			require.EqualValues(t, n, sum)
		})
		wides, ballots := make([]*wide, 1500), make([]*ballot, 1500)
		for i := range wides {
			wides[i], ballots[i] = &wide{C: tenCells{C3: int64(i)}}, &ballot{Name: strconv.Itoa(i)}
		}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, wides))
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, ballots))
		for _, i := range []int{0, 1, 499, 500, 1499} {
			equalsItsRow(t, e, list[i], list[i].ID)
			equalsItsRow(t, e, wides[i], wides[i].ID)
			equalsItsRow(t, e, ballots[i], ballots[i].ID)
		}
	})
}

// An error of a plugin's callback fails the call, without a change of the record.
func TestErrorOfAPluginFailsTheCall(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		saved := someAccounts(t, e, 1)[0]
		refuse := func(db *gorm.DB) {
			if strings.Contains(db.Statement.SQL.String(), "account") {
				_ = db.AddError(errReaction)
			}
		}
		require.NoError(t, e.Gorm.Callback().Row().Before("gorm:row").Register("testsuite:refuse", refuse))
		require.NoError(t, e.Gorm.Callback().Raw().Before("gorm:raw").Register("testsuite:refuse", refuse))
		a := &account{Email: "a"}
		require.ErrorIs(t, model.Create(e.Ctx, e.DB, a), errReaction)
		require.True(t, a.IsNew())
		saved.Name = "changed"
		require.ErrorIs(t, saved.Save(e.Ctx), errReaction)
		require.True(t, saved.IsDirty("name"))
		_, err := model.Query[account](e.DB).All(e.Ctx)
		require.ErrorIs(t, err, errReaction)
		require.NoError(t, e.Gorm.Callback().Row().Remove("testsuite:refuse"))
		require.NoError(t, e.Gorm.Callback().Raw().Remove("testsuite:refuse"))
		require.NoError(t, saved.Save(e.Ctx))
		require.EqualValues(t, 1, e.Count(t, "accounts"))
	})
}

// Results are the same on a handle of gorm's that prepares statements, in transactions and outside.
func TestPreparedStatementsGiveTheSameResults(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		plain, err := toldOn(t, e, func(g *gorm.DB) *gorm.DB { return g }, nil)
		require.NoError(t, err, plain)
		prepared, err := toldOn(t, e, func(g *gorm.DB) *gorm.DB {
			return g.Session(&gorm.Session{PrepareStmt: true})
		}, nil)
		require.NoError(t, err, prepared)
		require.Equal(t, plain, prepared)
	})
}

// Gorm's logger gets the text of every statement, and no value: not with plugins, not of failed statements,
// not in transactions.
func TestLoggersGetNoValues(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		for _, listened := range []bool{false, true} {
			log := &statementLog{}
			story, err := toldOn(t, e, func(g *gorm.DB) *gorm.DB {
				if listened {
					require.NoError(t, g.Callback().Row().After("gorm:row").Register("testsuite:listen", func(*gorm.DB) {}))
					require.NoError(t, g.Callback().Raw().After("gorm:raw").Register("testsuite:listen", func(*gorm.DB) {}))
				}
				return g.Session(&gorm.Session{Logger: log})
			}, nil)
			require.NoError(t, err, story)
			require.Contains(t, story, secret)
			text := strings.Join(log.all(), "\n")
			require.NotContains(t, text, secret)
			for _, part := range []string{"SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "SAVEPOINT "} {
				require.Contains(t, text, part)
			}
		}
	})
}

// toldOn runs the scenario on a database of its own, outside of a transaction and inside, with a handle
// that with has changed; ready is called before it starts.
func toldOn(t testing.TB, e *harness.Env, with func(*gorm.DB) *gorm.DB, ready func()) (string, error) {
	t.Helper()
	var story strings.Builder
	for _, inside := range []bool{false, true} {
		handle := with(e.Database.Open(t))
		db, err := model.New(handle, model.Config{Now: func() time.Time { return e.Clock.Now() }})
		require.NoError(t, err)
		require.NoError(t, db.Migrate(e.Ctx, &account{}, &note{}, &member{}))
		if ready != nil {
			ready()
		}
		var part string
		if inside {
			err = db.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) (err error) {
				part, err = told(ctx, tx)
				return err
			})
		} else {
			part, err = told(e.Ctx, db)
		}
		story.WriteString(part)
		if err != nil {
			return story.String(), err
		}
	}
	return story.String(), nil
}

// onlyStale is nil for an ErrStale.
func onlyStale(err error) error {
	if errors.Is(err, model.ErrStale) {
		return nil
	}
	return err
}

func lines(text string) []string { return strings.Split(text, "\n") }
