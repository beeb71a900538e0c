// SPDX-License-Identifier: MIT

package upsert_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

const (
	racers = 16 // goroutines that start together
	rounds = 10
)

// A call that was overtaken between SELECT and INSERT returns the other's row, with a third statement and
// no hook after a write.
func TestOvertakenCallReturnsTheOthersRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		overtaken(t, e, "c@x")
		ctx, diary := diaried(context.WithValue(e.Ctx, quietly{}, true))
		sent := e.Sends(t, 3, func() {
			m, err := model.FirstOrCreate[member](hooks.Without(ctx), e.DB, model.Attrs{"email": "c@x"}, model.Attrs{"name": "slower"})
			require.NoError(t, err)
			require.Equal(t, "faster", m.Name)
			require.False(t, model.IsLocal(m))
		})
		require.Equal(t, e.Database.Has(harness.IgnoredConflicts), strings.Contains(sent[1], "ON CONFLICT DO NOTHING"))
		require.Empty(t, diary.at(hooks.Created))
		require.EqualValues(t, 3, e.Count(t, "members"))
	})
}

// A call that was overtaken inside the caller's transaction returns the other's row, and the transaction
// goes on.
func TestOvertakenCallLeavesTheTransactionUsable(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		twoMembers(t, e)
		for i, call := range []func(ctx context.Context, email string) (*member, error){
			func(ctx context.Context, email string) (*member, error) {
				return model.FirstOrCreate[member](ctx, e.DB, model.Attrs{"email": email}, model.Attrs{"name": "slower"})
			},
			func(ctx context.Context, email string) (*member, error) {
				return model.UpdateOrCreate[member](ctx, e.DB, model.Attrs{"email": email}, model.Attrs{"points": 5})
			},
			func(ctx context.Context, email string) (*member, error) {
				return first(model.FetchOrCreateMany[member](ctx, e.DB, []string{"email"}, []model.Attrs{{"email": email, "name": "slower"}}))
			},
			func(ctx context.Context, email string) (*member, error) {
				return first(model.UpdateOrCreateMany[member](ctx, e.DB, []string{"email"}, []model.Attrs{{"email": email, "points": 5}}))
			},
		} {
			email := fmt.Sprintf("%d@y", i)
			overtaken(t, e, email)
			ctx, diary := diaried(e.Ctx)
			require.NoError(t, e.DB.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				m, err := call(ctx, email)
				require.NoError(t, err, i)
				require.Equal(t, "faster", m.Name, i)
				require.NoError(t, model.Create(ctx, tx, &member{Email: "after " + email}))
				return nil
			}))
			require.NotContains(t, diary.at(hooks.Created), email, i)
			require.EqualValues(t, 1, e.Rows(t, "SELECT count(*) AS n FROM members WHERE email = ?", "after "+email)[0]["n"])
		}
	}, harness.ConcurrentWriters)
}

// Concurrent calls of FirstOrCreate for one value insert one row, all return it without an error, and its
// hooks run once.
func TestRacingFirstOrCreateInsertsOneRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		ctx, diary := diaried(e.Ctx)
		for round := range rounds {
			email := fmt.Sprintf("%d@x", round)
			var ids sync.Map
			require.NoError(t, raced(func(i int) error {
				m, err := model.FirstOrCreate[member](ctx, e.DB, model.Attrs{"email": email}, model.Attrs{"points": i})
				if err == nil {
					ids.Store(m.ID, true)
				}
				return err
			}))
			require.Equal(t, []string{email}, diary.at(hooks.Created))
			require.Equal(t, []string{email}, diary.at(hooks.Committed))
			require.Equal(t, 1, size(&ids))
			diary.taken()
		}
		require.EqualValues(t, rounds, e.Count(t, "members"))
	})
}

// Concurrent calls of UpdateOrCreate for one value end in one row with the values of one of them, without
// an error.
func TestRacingUpdateOrCreateEndsInOneRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		ctx, diary := diaried(e.Ctx)
		for round := range rounds {
			email := fmt.Sprintf("%d@x", round)
			require.NoError(t, raced(func(i int) error {
				m, err := model.UpdateOrCreate[member](ctx, e.DB, model.Attrs{"email": email}, model.Attrs{"points": i + 1, "name": strconv.Itoa(i + 1)})
				if err == nil && m.Points != i+1 {
					err = fmt.Errorf("points %d instead of %d", m.Points, i+1)
				}
				return err
			}))
			require.Equal(t, []string{email}, diary.at(hooks.Created))
			require.Len(t, diary.at(hooks.Updated), racers-1)
			diary.taken()
			row := e.Rows(t, "SELECT points, name FROM members WHERE email = ?", email)[0]
			require.Equal(t, fmt.Sprint(row["points"]), harness.Text(row["name"]), "the row is a mixture")
		}
		require.EqualValues(t, rounds, e.Count(t, "members"))
	})
}

// Concurrent transactions in which FirstOrCreate asks for the same values all commit, and leave one row per
// value.
func TestRacingTransactionsAllCommit(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		for round := range rounds {
			require.NoError(t, raced(func(i int) error {
				return e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
					for _, name := range []string{"a", "b", "c"} {
						email := fmt.Sprintf("%s%d@x", name, round)
						if _, err := model.FirstOrCreate[member](ctx, tx, model.Attrs{"email": email}, model.Attrs{"points": i}); err != nil {
							return err
						}
					}
					return model.Create(ctx, tx, &member{Email: fmt.Sprintf("own %d.%d", round, i)})
				})
			}))
		}
		require.EqualValues(t, rounds*(3+racers), e.Count(t, "members"))
	})
}

// Concurrent calls of FetchOrCreateMany with overlapping rows in any order insert every row once, without
// an error.
func TestRacingFetchOrCreateManyInsertsEveryRowOnce(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		ctx, diary := diaried(e.Ctx)
		for round := range rounds {
			require.NoError(t, raced(func(i int) error {
				rows := shuffled(round, i)
				list, err := model.FetchOrCreateMany[member](ctx, e.DB, []string{"email"}, rows)
				for j := 0; err == nil && j < len(rows); j++ {
					if list[j].Email != rows[j]["email"] || list[j].IsNew() {
						err = fmt.Errorf("record %d is %s, not %v", j, list[j].Email, rows[j]["email"])
					}
				}
				return err
			}))
		}
		require.Len(t, slices.Compact(diary.at(hooks.Committed)), rounds*overlap)
		require.Len(t, diary.at(hooks.Committed), rounds*overlap, "hooks run once per row that is made")
		require.EqualValues(t, rounds*overlap, e.Count(t, "members"))
	})
}

// Concurrent calls of UpdateOrCreateMany with overlapping rows in any order end in one row each, without an
// error.
func TestRacingUpdateOrCreateManyEndsInOneRowEach(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		for round := range rounds {
			require.NoError(t, raced(func(i int) error {
				_, err := model.UpdateOrCreateMany[member](e.Ctx, e.DB, []string{"email"}, shuffled(round%3, i))
				return err
			}))
		}
		require.EqualValues(t, 3*overlap, e.Count(t, "members"))
	})
}

// Concurrent calls of Upsert with overlapping records in any order end in one row each, without an error.
func TestRacingUpsertEndsInOneRowEach(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &member{})
		for round := range rounds {
			require.NoError(t, raced(func(i int) error {
				var list []*member
				for _, row := range shuffled(round%3, i) {
					m := &member{Points: i}
					m.Email, _ = row["email"].(string)
					list = append(list, m)
				}
				return model.Upsert(e.Ctx, e.DB, list, []string{"email"})
			}))
		}
		require.EqualValues(t, 3*overlap, e.Count(t, "members"))
	})
}

// overlap is how many rows a round of a race has in all.
const overlap = 12

// shuffled returns some of a round's rows, in an order of the racer's own.
func shuffled(round, racer int) []model.Attrs {
	rows := make([]model.Attrs, overlap)
	for i := range rows {
		rows[i] = model.Attrs{"email": fmt.Sprintf("%d.%d@x", round, i), "points": racer}
	}
	random := rand.New(rand.NewPCG(uint64(round), uint64(racer)))
	random.Shuffle(overlap, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	if racer%4 > 0 {
		rows = rows[:overlap-3]
	}
	return rows
}

// quietly marks a context, so that only the call under test is overtaken.
type quietly struct{}

// overtaken lets another connection insert a member just before Kindred's next INSERT is sent.
func overtaken(t testing.TB, e *harness.Env, email string) {
	t.Helper()
	once := &sync.Once{}
	before := func(db *gorm.DB) {
		if sql := db.Statement.SQL.String(); len(sql) < 6 || sql[:6] != "INSERT" {
			return
		}
		once.Do(func() {
			pool, err := e.Gorm.DB()
			if err == nil {
				_, err = pool.ExecContext(e.Ctx, "INSERT INTO members (email, name, points) VALUES ("+e.Database.Placeholder(1)+", 'faster', 0)", email)
			}
			_ = db.AddError(err)
		})
	}
	for _, callbacks := range []interface {
		Replace(name string, fn func(*gorm.DB)) error
	}{e.Gorm.Callback().Row().Before("gorm:row"), e.Gorm.Callback().Raw().Before("gorm:raw")} {
		require.NoError(t, callbacks.Replace("testsuite:overtake", before))
	}
}

func first(list []*member, err error) (*member, error) {
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func size(m *sync.Map) int {
	n := 0
	m.Range(func(any, any) bool { n++; return true })
	return n
}
