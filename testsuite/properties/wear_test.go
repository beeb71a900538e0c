// SPDX-License-Identifier: MIT

package properties_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"pgregory.net/rapid"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

type (
	// crew has workers.
	crew struct {
		model.BaseModel[crew]

		ID      int64
		Name    string
		Workers []*worker `relation:"hasMany"`
	}
	// worker is written in every way.
	worker struct {
		model.BaseModel[worker]

		ID        int64
		CrewID    *int64
		Name      string
		Points    int `gorm:"default:5"`
		Twice     int `gorm:"->;type:integer GENERATED ALWAYS AS (points * 2) STORED"`
		Saves     int
		Version   int `model:"version"`
		UpdatedAt time.Time
		DeletedAt gorm.DeletedAt

		Crew   *crew    `relation:"belongsTo"`
		Crafts []*craft `relation:"manyToMany;pivotTable:craft_worker;pivotColumns:level"`
		Memos  []*memo  `relation:"hasMany"`
	}
	// craft is what a worker can do.
	craft struct {
		model.BaseModel[craft]

		ID   int64
		Name string
	}
	// memo belongs to a worker.
	memo struct {
		model.BaseModel[memo]

		ID       int64
		WorkerID int64
		Text     string
	}
	// plainWorker is a row of a worker as gorm reads it.
	plainWorker struct {
		ID        int64
		CrewID    *int64
		Name      string
		Points    int
		Twice     int
		Saves     int
		Version   int
		UpdatedAt time.Time
		DeletedAt *time.Time
	}
)

// Define has hooks that count, refuse, and write again what is being written.
func (*worker) Define(d *model.Definition[worker]) {
	d.On(hooks.Saving, func(_ context.Context, w *worker) error {
		if w.IsDirty() {
			w.Saves++
		}
		return nil
	})
	d.On(hooks.Saved, func(ctx context.Context, w *worker) error {
		switch w.Name {
		case "bad":
			return errBad
		case "echo":
			return w.Increment(ctx, "points", 1)
		case "memo":
			return relation.HasMany(w, &w.Memos).Create(ctx, &memo{Text: "saved"})
		case "again":
			w.Name = "said"
			return w.Save(ctx)
		}
		return nil
	})
}

// wear is a machine that writes at random.
type wear struct {
	*store

	rt      *rapid.T
	workers []*worker
	crews   []*crew
	crafts  []*craft
	steps   *int
}

// do runs a write by itself, in a transaction, or in one that is rolled back, as a whole or to a savepoint.
func (w *wear) do(fn func(ctx context.Context) error) error {
	ctx := w.rt.Context()
	undone := func(ctx context.Context, _ *model.DB) error { return errors.Join(fn(ctx), errBack) }
	way := rapid.SampledFrom([]string{"plain", "plain", "commit", "rollback", "savepoint", "twice"}).Draw(w.rt, "way")
	switch way {
	case "commit":
		return w.Transaction(ctx, func(ctx context.Context, _ *model.DB) error { return fn(ctx) })
	case "rollback":
		return w.Transaction(ctx, undone)
	case "savepoint":
		return w.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
			if err := tx.Transaction(ctx, undone); !errors.Is(err, errBack) {
				return err
			}
			return nil
		})
	case "twice": // one call inside, one undone after it
		return w.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
			if err := fn(ctx); err != nil {
				return err
			}
			if err := tx.Transaction(ctx, undone); !errors.Is(err, errBack) {
				return err
			}
			return nil
		})
	default:
		return fn(ctx)
	}
}

// act is do for what must not fail, but by being rolled back or by the hook.
func (w *wear) act(fn func(ctx context.Context) error) {
	if err := w.do(fn); err != nil && !errors.Is(err, errBack) && !errors.Is(err, errBad) {
		require.NoError(w.rt, err)
	}
}

// pick returns a worker that has a row.
func (w *wear) pick() *worker {
	var stored []*worker
	for _, one := range w.workers {
		if one.IsPersisted() && !one.IsDeleted() {
			stored = append(stored, one)
		}
	}
	if len(stored) == 0 {
		first := &worker{Name: "first"}
		require.NoError(w.rt, model.Create(w.rt.Context(), w.DB, first))
		w.workers, stored = append(w.workers, first), append(stored, first)
	}
	return rapid.SampledFrom(stored).Draw(w.rt, "worker")
}

func (w *wear) name() string {
	return rapid.SampledFrom([]string{"a", "b", "bad", "echo", "memo", "again"}).Draw(w.rt, "name")
}

func (w *wear) crafted() []any {
	ids := rapid.SliceOfDistinct(rapid.IntRange(0, len(w.crafts)-1), rapid.ID[int]).Draw(w.rt, "crafts")
	list := make([]any, len(ids))
	for i, n := range ids {
		list[i] = w.crafts[n].ID
		if rapid.Bool().Draw(w.rt, "with level") {
			list[i] = relation.Pivot(w.crafts[n].ID, model.Attrs{"level": rapid.IntRange(0, 2).Draw(w.rt, "level")})
		}
	}
	return list
}

// actions are the writes of records.
func (w *wear) actions() map[string]func(*rapid.T) {
	return w.with(map[string]func(){
		"create": func() {
			if w.workers = slices.DeleteFunc(w.workers, (*worker).IsNew); len(w.workers) > 4 {
				require.NoError(w.rt, w.pick().Refresh(w.rt.Context()))
				return
			}
			one := &worker{Name: w.name(), Points: rapid.IntRange(0, 2).Draw(w.rt, "points")}
			w.workers = append(w.workers, one)
			w.act(func(ctx context.Context) error {
				if one.IsPersisted() {
					return one.Save(ctx)
				}
				return model.Create(ctx, w.DB, one)
			})
		},
		"save": func() {
			one := w.pick()
			if fresh := slices.IndexFunc(w.workers, (*worker).IsNew); fresh >= 0 {
				one = w.workers[fresh]
			}
			one.Name = w.name()
			w.act(func(ctx context.Context) error { return model.Save(ctx, w.DB, one) })
		},
		"increment": func() {
			one, by := w.pick(), rapid.IntRange(-2, 2).Draw(w.rt, "by")
			w.act(func(ctx context.Context) error { return one.Increment(ctx, "points", by) })
		},
		"touch": func() {
			one := w.pick()
			w.clock.tick()
			w.act(func(ctx context.Context) error { return one.Touch(ctx) })
		},
		"delete":  func() { one := w.pick(); w.act(func(ctx context.Context) error { return one.Delete(ctx) }) },
		"restore": func() { one := w.pick(); w.act(func(ctx context.Context) error { return one.Restore(ctx) }) },
		"remove": func() {
			one := w.pick()
			w.act(func(ctx context.Context) error {
				if one.IsDeleted() {
					return nil
				}
				if _, err := relation.ManyToMany(one, &one.Crafts).DetachAll(ctx); err != nil {
					return err
				}
				return one.ForceDelete(ctx)
			})
			w.workers = slices.DeleteFunc(w.workers, func(one *worker) bool { return one.IsDeleted() })
		},
		"refresh": func() { require.NoError(w.rt, w.pick().Refresh(w.rt.Context())) },
	}, w.relating())
}

// relating are the writes of relations.
func (w *wear) relating() map[string]func() {
	return map[string]func(){
		"associate": func() {
			one, to := w.pick(), rapid.SampledFrom(w.crews).Draw(w.rt, "crew")
			w.act(func(ctx context.Context) error { return relation.BelongsTo(one, &one.Crew).Associate(ctx, to) })
		},
		"dissociate": func() {
			one := w.pick()
			w.act(func(ctx context.Context) error { return relation.BelongsTo(one, &one.Crew).Dissociate(ctx) })
		},
		"memo": func() {
			one := w.pick()
			w.act(func(ctx context.Context) error {
				return relation.HasMany(one, &one.Memos).Create(ctx, &memo{Text: "m"})
			})
		},
		"push": func() {
			one := w.pick()
			require.NoError(w.rt, one.Load(w.rt.Context(), "memos"))
			for _, m := range one.Memos {
				m.Text += "!"
			}
			one.Name = w.name()
			w.act(func(ctx context.Context) error { return one.Push(ctx) })
			one.Memos = nil
		},
		"sync": func() {
			one, list := w.pick(), w.crafted()
			w.act(func(ctx context.Context) error {
				_, err := relation.ManyToMany(one, &one.Crafts).Sync(ctx, list...)
				return err
			})
		},
		"toggle": func() {
			one, list := w.pick(), w.crafted()
			w.act(func(ctx context.Context) error {
				_, err := relation.ManyToMany(one, &one.Crafts).Toggle(ctx, list...)
				return err
			})
		},
		"detach": func() {
			one, list := w.pick(), []any{w.crafts[0].ID}
			w.act(func(ctx context.Context) error {
				_, err := relation.ManyToMany(one, &one.Crafts).Detach(ctx, list...)
				return err
			})
		},
	}
}

// with joins sets of actions, each of which draws from the machine's own source.
func (w *wear) with(sets ...map[string]func()) map[string]func(*rapid.T) {
	all := map[string]func(*rapid.T){"": func(rt *rapid.T) { w.rt = rt; w.check() }}
	for _, set := range sets {
		for name, fn := range set {
			all[name] = func(rt *rapid.T) { w.rt = rt; *w.steps++; fn() }
		}
	}
	return all
}

// check requires that every record equals its row, and every relation SQL's answer.
func (w *wear) check() {
	var rows []plainWorker
	require.NoError(w.rt, w.Gorm().Table("workers").Order("id").Find(&rows).Error)
	at := map[int64]plainWorker{}
	for _, r := range rows {
		at[r.ID] = r
	}
	for _, one := range w.workers {
		row, stored := at[one.ID]
		require.Equal(w.rt, stored, one.IsPersisted() && !one.IsDeleted(), "%s %d has a row", one.Name, one.ID)
		if !stored {
			require.Zero(w.rt, one.ID, "a record without a row has no key")
			continue
		}
		delete(at, one.ID)
		require.Equal(w.rt, row.values(), original(one), "the row of %d", one.ID)
		dirty, now := one.Dirty(), one.Attributes()
		for name, v := range one.Original() {
			if _, changed := dirty[name]; !changed {
				require.Equal(w.rt, fmt.Sprint(plainly(v)), fmt.Sprint(plainly(now[name])), name)
			}
		}
	}
	require.Empty(w.rt, at, "rows that no record has")
	w.checkRelations()
}

func plainly(v any) any {
	if p, ok := v.(*int64); ok && p != nil {
		return *p
	}
	return v
}

// values are the columns of a row as text.
func (r plainWorker) values() string {
	deleted := "never"
	if r.DeletedAt != nil {
		deleted = r.DeletedAt.UTC().String()
	}
	return fmt.Sprint(r.ID, orNone(r.CrewID), r.Name, r.Points, r.Twice, r.Saves, r.Version, r.UpdatedAt.UTC(), deleted)
}

func orNone(n *int64) string {
	if n == nil {
		return "none"
	}
	return strconv.FormatInt(*n, 10)
}

// original is what a record takes for its row, as text.
func original(one *worker) string {
	o := one.Original()
	crew, _ := o["CrewID"].(*int64)
	at, _ := o["UpdatedAt"].(time.Time)
	deleted := "never"
	if d, ok := o["DeletedAt"].(gorm.DeletedAt); ok && d.Valid {
		deleted = d.Time.UTC().String()
	}
	return fmt.Sprint(o["ID"], orNone(crew), o["Name"], o["Points"], o["Twice"], o["Saves"], o["Version"], at.UTC(), deleted)
}

// checkRelations compares what preloads give with what SQL says.
func (w *wear) checkRelations() {
	list, err := model.Query[worker](w.DB).WithTrashed().OrderBy("id").Preload("crafts").Preload("memos").Preload("crew").WithCount("crafts as n").
		All(w.rt.Context())
	require.NoError(w.rt, err)
	var got []string
	for _, one := range list {
		require.EqualValues(w.rt, len(one.Crafts), one.Extras().Int64("n"))
		require.Equal(w.rt, one.CrewID == nil, one.Crew == nil)
		require.True(w.rt, one.Crew == nil || one.Crew.ID == *one.CrewID)
		for _, c := range one.Crafts {
			got = append(got, fmt.Sprintf("craft %d %d %v", one.ID, c.ID, c.Extras()["pivot_level"]))
		}
		for _, m := range one.Memos {
			got = append(got, fmt.Sprintf("memo %d %s", one.ID, m.Text))
		}
	}
	var want []string
	for _, sql := range []string{
		"SELECT 'craft', worker_id, craft_id, level FROM craft_worker", "SELECT 'memo', worker_id, text, text FROM memos WHERE worker_id IN (SELECT id FROM workers)",
	} {
		want = append(want, w.texts(sql)...)
	}
	slices.Sort(got)
	slices.Sort(want)
	require.Equal(w.rt, want, got)
}

// texts returns rows as text.
func (w *wear) texts(sql string) (list []string) {
	rows, err := w.Gorm().Raw(sql).Rows()
	require.NoError(w.rt, err)
	defer func() { require.NoError(w.rt, rows.Close()) }()
	for rows.Next() {
		var kind, owner string
		var a, b any
		require.NoError(w.rt, rows.Scan(&kind, &owner, &a, &b))
		text := fmt.Sprintf("%s %s %v", kind, owner, plainText(a))
		if kind == "craft" {
			text += fmt.Sprintf(" %v", plainText(b))
		}
		list = append(list, text)
	}
	require.NoError(w.rt, rows.Err())
	return list
}

func plainText(v any) any {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return v
}

// TestRecordsAndRelationsWearWell has a machine write at random, and compares everything with the database after each step. The
// number of steps on each database is that of KINDRED_WEAR; a few hundred without it.
func TestRecordsAndRelationsWearWell(t *testing.T) {
	t.Parallel()
	most, _ := strconv.Atoi(os.Getenv("KINDRED_WEAR")) // what is no number is none
	onEach(t, func(t *testing.T, s *store) {
		s.migrate(t, &crew{}, &worker{}, &craft{}, &memo{})
		steps := 0
		for begun := time.Now(); ; {
			rapid.Check(t, func(rt *rapid.T) {
				if most == 0 && steps > 500 {
					return
				}
				for _, table := range []string{"craft_worker", "memos", "workers", "crews", "crafts"} {
					s.exec(rt, "DELETE FROM "+table)
				}
				w := &wear{store: s, rt: rt, steps: &steps, crews: []*crew{{Name: "x"}, {Name: "y"}}, crafts: []*craft{{}, {}, {}}}
				require.NoError(rt, model.Insert(rt.Context(), s.DB, w.crews))
				require.NoError(rt, model.Insert(rt.Context(), s.DB, w.crafts))
				s.clock.tick()
				rt.Repeat(w.actions())
			})
			if steps >= most || t.Failed() {
				t.Logf("%d steps in %s", steps, time.Since(begun).Round(time.Second))
				return
			}
		}
	})
}
