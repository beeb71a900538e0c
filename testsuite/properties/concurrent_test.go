// SPDX-License-Identifier: MIT

package properties_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// band has members without a pivot model.
type band struct {
	model.BaseModel[band]

	ID   int64
	Name string

	Players []*player `relation:"manyToMany;pivotTable:lineups;pivotTimestamps"`
}

type player struct {
	model.BaseModel[player]

	ID   int64
	Name string
}

// Players that one round of calls is about; a set of them is a bit mask.
const (
	players = 4
	sets    = 1 << players
	callers = 16
)

// raceCall is a call of one caller, and how it changes each set.
type raceCall struct {
	name  string
	ids   []any
	run   func(ctx context.Context, c *relation.Client, ids []any) error
	after [sets]uint8
}

func bit(id any) uint8 { return 1 << (id.(int) - 1) }

func randomRaceCall(rng *rand.Rand, syncOnly bool) *raceCall {
	c := &raceCall{}
	var mask uint8
	for _, n := range rng.Perm(players)[:rng.IntN(players+1)] {
		c.ids = append(c.ids, n+1)
		mask |= bit(n + 1)
	}
	what := rng.IntN(3)
	if syncOnly {
		what = 0
	}
	if what > 0 { // of one id: a Detach of several does not wait for a Sync that goes on
		c.ids = []any{rng.IntN(players) + 1}
		mask = bit(c.ids[0])
	}
	switch what {
	case 0:
		c.name = "sync"
		c.run = func(ctx context.Context, c *relation.Client, ids []any) error {
			_, err := c.Sync(ctx, ids...)
			return err
		}
	case 1:
		c.name = "attach"
		c.run = func(ctx context.Context, c *relation.Client, ids []any) error {
			if err := c.Attach(ctx, ids...); !errors.Is(err, model.ErrDuplicate) {
				return err
			}
			return nil
		}
	default:
		c.name = "detach"
		c.run = func(ctx context.Context, c *relation.Client, ids []any) error {
			_, err := c.Detach(ctx, ids...)
			return err
		}
	}
	for set := range uint8(sets) {
		switch {
		case c.name == "sync":
			c.after[set] = mask
		case c.name == "attach" && set&mask == 0:
			c.after[set] = set | mask
		case c.name == "attach":
			c.after[set] = set
		default:
			c.after[set] = set &^ mask
		}
	}
	return c
}

// reachable returns the sets, as a bit mask of them, in which the calls can end in some order.
func reachable(calls []*raceCall, start uint8) uint16 {
	tables := make([][2][256]uint16, len(calls)) // of the low and the high half of the sets
	for i, c := range calls {
		for half := range 2 {
			for some := range 256 {
				for n := range 8 {
					if some&(1<<n) != 0 {
						tables[i][half][some] |= 1 << c.after[half*8+n]
					}
				}
			}
		}
	}
	reach := make([]uint16, 1<<len(calls))
	reach[0] = 1 << start
	for done, from := range reach {
		for i := range calls {
			if done&(1<<i) == 0 {
				reach[done|1<<i] |= tables[i][0][from&255] | tables[i][1][from>>8]
			}
		}
	}
	return reach[len(reach)-1]
}

func (s *store) lineup(t *testing.T, b *band) (set uint8) {
	t.Helper()
	var rows []int
	require.NoError(t, s.Gorm().Raw("SELECT player_id FROM lineups WHERE band_id = ?", b.ID).Scan(&rows).Error)
	for _, id := range rows {
		require.Zero(t, set&bit(id), "player %d twice", id)
		set |= bit(id)
	}
	return set
}

// race has all callers work on one band at once, again and again.
func (s *store) race(t *testing.T, rounds int, syncOnly bool) {
	t.Helper()
	b := &band{Name: "b"}
	require.NoError(t, model.Create(t.Context(), s.DB, b))
	rng := rand.New(rand.NewPCG(7, 11))
	var set uint8
	for range rounds {
		calls := make([]*raceCall, callers)
		for i := range calls {
			calls[i] = randomRaceCall(rng, syncOnly)
		}
		failed := make([]error, callers)
		var wg sync.WaitGroup
		begin := make(chan struct{})
		for i, c := range calls {
			wg.Go(func() {
				<-begin
				failed[i] = c.run(t.Context(), b.Related("players"), c.ids)
			})
		}
		close(begin)
		wg.Wait()
		for i, err := range failed {
			require.NoError(t, err, "%s %v", calls[i].name, calls[i].ids)
		}
		before := set
		set = s.lineup(t, b)
		if syncOnly {
			require.True(t, slices.ContainsFunc(calls, func(c *raceCall) bool { return c.after[0] == set }), "%b is nobody's set", set)
		} else if reachable(calls, before)&(1<<set) == 0 {
			text := ""
			for _, c := range calls {
				text += fmt.Sprint(c.name, c.ids, "; ")
			}
			require.Failf(t, "no order of the calls", "leads from %b to %b: %s", before, set, text)
		}
	}
}

func (s *store) bands(t *testing.T) {
	t.Helper()
	s.migrate(t, &band{}, &player{})
	for range players {
		require.NoError(t, model.Create(t.Context(), s.DB, &player{Name: "p"}))
	}
}

// openSQLite opens a file as a program would.
func openSQLite(t *testing.T) *store {
	t.Helper()
	db, err := model.Open(dbtest.SQLiteDialector(filepath.Join(t.TempDir(), "race.db") + "?_synchronous=OFF"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() }) // nothing is left to lose.
	return &store{DB: db, sent: &recorder{}, clock: &clock{}}
}

// onEachForRaces is onEach with SQLite as model.Open sets it up, and fewer rounds there.
func onEachForRaces(t *testing.T, fn func(t *testing.T, s *store, rounds int)) {
	t.Helper()
	rounds := 125
	if testing.Short() {
		rounds = 25
	}
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		fn(t, openSQLite(t), rounds/5)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		s := openPostgres(t)
		pool, err := s.Gorm().DB()
		require.NoError(t, err)
		pool.SetMaxIdleConns(callers) // which are opened once then
		fn(t, s, rounds)
	})
}

func TestConcurrentWritesEndInSomeOrder(t *testing.T) {
	t.Parallel()
	onEachForRaces(t, func(t *testing.T, s *store, rounds int) {
		s.bands(t)
		s.race(t, rounds, false)
	})
}

func TestConcurrentSyncsEndInOneCallersSet(t *testing.T) {
	t.Parallel()
	onEachForRaces(t, func(t *testing.T, s *store, rounds int) {
		s.bands(t)
		s.race(t, rounds, true)
	})
}

// TestConcurrentCallsWithoutPauses has callers that do not wait for each other, with several ids each.
func TestConcurrentCallsWithoutPauses(t *testing.T) {
	t.Parallel()
	onEachForRaces(t, func(t *testing.T, s *store, rounds int) {
		s.bands(t)
		b := &band{Name: "b"}
		require.NoError(t, model.Create(t.Context(), s.DB, b))
		var wg sync.WaitGroup
		client := b.Related("players")
		for n := range callers {
			wg.Go(func() {
				rng := rand.New(rand.NewPCG(3, uint64(n)))
				for range rounds {
					ids := randomRaceCall(rng, true).ids
					var err error
					switch rng.IntN(6) {
					case 0:
						err = client.Attach(t.Context(), ids...)
					case 1:
						_, err = client.Detach(t.Context(), ids...)
					case 2:
						_, err = client.Toggle(t.Context(), ids...)
					case 3:
						_, err = b.Related("players").SyncWithoutDetaching(t.Context(), ids...)
					case 4:
						var list []*player
						err = client.All(t.Context(), &list)
					default:
						_, err = relation.ManyToMany(b, &b.Players).Sync(t.Context(), ids...)
					}
					if errors.Is(err, model.ErrDuplicate) {
						err = nil
					}
					if err != nil {
						t.Errorf("%v: %v", ids, err)
						return
					}
				}
			})
		}
		wg.Wait()
		s.lineup(t, b)
	})
}
