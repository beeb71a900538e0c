// SPDX-License-Identifier: MIT

package properties_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

type guild struct {
	model.BaseModel[guild]

	ID        int64
	Name      string
	CreatedAt time.Time
	UpdatedAt time.Time

	Heroes []*hero `relation:"hasMany"`
	Leader *hero   `relation:"hasOne"`
}

type hero struct {
	model.BaseModel[hero]

	ID        int64
	GuildID   *int64
	Name      string `gorm:"uniqueIndex"`
	Saves     int
	Fame      int `gorm:"default:5"`
	UpdatedAt time.Time

	Guild  *guild   `relation:"belongsTo"`
	Powers []*power `relation:"manyToMany;pivotTable:hero_power;pivotColumns:level;pivotTimestamps"`
}

var errBad = errors.New("a bad name")

func (h *hero) Define(d *model.Definition[hero]) {
	d.On(hooks.Saving, func(_ context.Context, h *hero) error {
		h.Saves++
		return nil
	})
	d.On(hooks.Saved, func(_ context.Context, h *hero) error {
		if h.Name == "bad" {
			return errBad
		}
		return nil
	})
}

type power struct {
	model.BaseModel[power]

	ID      int64
	Name    string `gorm:"uniqueIndex"`
	Version int    `model:"version"`

	Heroes []*hero `relation:"manyToMany;pivotTable:hero_power"`
}

// cast is the records that a random sequence of writes is about.
type cast struct {
	*store

	guilds []*guild
	heroes []*hero
	powers []*power
}

func (c *cast) records() []any {
	var all []any
	for _, r := range c.guilds {
		all = append(all, r)
	}
	for _, r := range c.heroes {
		all = append(all, r)
	}
	for _, r := range c.powers {
		all = append(all, r)
	}
	return all
}

// snapshot is all that can be seen of the records.
func (c *cast) snapshot(t require.TestingT) []string {
	out := []string{}
	for i, rec := range c.records() {
		r := rec.(interface {
			shown
			Original() model.Attrs
			Dirty() model.Attrs
			Changes() model.Attrs
			IsNew() bool
			IsPersisted() bool
			IsDeleted() bool
			IsDirty(names ...string) bool
		})
		for name, v := range map[string]any{
			"attributes": r.Attributes(), "original": r.Original(), "dirty": r.Dirty(), "changes": r.Changes(), "extras": r.Extras(),
			"flags": []bool{r.IsNew(), r.IsPersisted(), r.IsDeleted(), r.IsDirty()}, "loaded": loadedFields(rec),
		} {
			data, err := json.Marshal(v)
			require.NoError(t, err)
			out = append(out, fmt.Sprintf("%d %T %s: %s", i, rec, name, data))
		}
	}
	slices.Sort(out)
	return out
}

// loadedFields says for each relation whether it is loaded, and which records its field holds.
func loadedFields(rec any) (out []string) {
	v := reflect.ValueOf(rec).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Tag.Get("relation") == "" {
			continue
		}
		text := fmt.Sprint(f.Name, " ", rec.(shown).Related(f.Name).Loaded(), " ", v.Field(i).IsNil())
		if f.Type.Kind() == reflect.Slice {
			for j := range v.Field(i).Len() {
				text += fmt.Sprintf(" %p", v.Field(i).Index(j).Interface())
			}
		} else {
			text += fmt.Sprintf(" %p", v.Field(i).Interface())
		}
		out = append(out, text)
	}
	return out
}

// tables is what the database holds.
func (c *cast) tables(t require.TestingT) []string {
	var out []string
	for _, table := range []string{"guilds", "heros", "powers", "hero_power"} {
		var rows []map[string]any
		require.NoError(t, c.Gorm().Table(table).Find(&rows).Error)
		for _, row := range rows {
			out = append(out, table+" "+text(row))
		}
	}
	slices.Sort(out)
	return out
}

// newCast makes records, some of which have a row, with pending changes, extras and loaded relations.
func newCast(rt *rapid.T, s *store) *cast {
	ctx := context.Background()
	for _, table := range []string{"hero_power", "heros", "powers", "guilds"} {
		s.exec(rt, "DELETE FROM "+table)
	}
	c := &cast{store: s}
	for i := range 2 {
		c.guilds = append(c.guilds, &guild{Name: fmt.Sprint("g", i)})
	}
	for i := range 4 {
		c.heroes = append(c.heroes, &hero{Name: fmt.Sprint("h", i)})
	}
	for i := range 3 {
		c.powers = append(c.powers, &power{Name: fmt.Sprint("p", i)})
	}
	require.NoError(rt, model.Create(ctx, s.DB, c.guilds[0]))
	require.NoError(rt, model.CreateMany(ctx, s.DB, c.heroes[:2]))
	require.NoError(rt, model.CreateMany(ctx, s.DB, c.powers[:2]))
	if rapid.Bool().Draw(rt, "attached") {
		require.NoError(rt, c.heroes[0].Related("powers").Attach(ctx, c.powers[0]))
	}
	s.clock.tick()
	for i, h := range c.heroes {
		if rapid.Bool().Draw(rt, "pending") {
			h.Name = rapid.SampledFrom([]string{"bad", "h0", fmt.Sprint("n", i)}).Draw(rt, "name")
		}
		if rapid.Bool().Draw(rt, "extra") {
			h.Extras()["pivot_level"] = "mine"
		}
		if rapid.Bool().Draw(rt, "with a guild") {
			h.Guild = rapid.SampledFrom(c.guilds).Draw(rt, "guild")
		}
		if rapid.Bool().Draw(rt, "with powers") {
			h.Powers = rapid.SliceOfNDistinct(rapid.SampledFrom(c.powers), 1, 2, rapid.ID).Draw(rt, "powers")
		}
	}
	if rapid.Bool().Draw(rt, "with heroes") {
		c.guilds[1].Heroes = []*hero{c.heroes[0], c.heroes[2]}
	}
	if rapid.Bool().Draw(rt, "pending guild") {
		c.guilds[0].Name = "other"
	}
	return c
}

// write draws one relation write.
func (c *cast) write(rt *rapid.T) (string, func(ctx context.Context) error) {
	g, h := rapid.SampledFrom(c.guilds).Draw(rt, "guild"), rapid.SampledFrom(c.heroes).Draw(rt, "hero")
	p := rapid.SampledFrom(c.powers).Draw(rt, "power")
	heroes := rapid.SliceOfNDistinct(rapid.SampledFrom(c.heroes), 0, 3, rapid.ID).Draw(rt, "heroes")
	powers := rapid.SliceOfNDistinct(rapid.SampledFrom(c.powers), 0, 3, rapid.ID).Draw(rt, "powers")
	level := relation.Attrs{"level": rapid.SampledFrom([]string{"1", "2"}).Draw(rt, "level")}
	levels := make([]relation.Attrs, len(powers))
	for i := range levels {
		levels[i] = level
	}
	links := []any{}
	for _, p := range powers {
		links = append(links, relation.Pivot(p, level))
	}
	ofGuild, ofHero := relation.HasMany(g, &g.Heroes), relation.ManyToMany(h, &h.Powers)
	search := relation.Attrs{"name": h.Name}
	ignore := func(_ any, err error) error { return err }
	calls := []struct {
		name string
		run  func(ctx context.Context) error
	}{
		{"create", func(ctx context.Context) error { return ofGuild.Create(ctx, h) }},
		{"save", func(ctx context.Context) error { return ofGuild.Save(ctx, h) }},
		{"createMany", func(ctx context.Context) error { return ofGuild.CreateMany(ctx, heroes) }},
		{"saveMany", func(ctx context.Context) error { return ofGuild.SaveMany(ctx, heroes) }},
		{"save one", func(ctx context.Context) error { return relation.HasOne(g, &g.Leader).Save(ctx, h) }},
		{"firstOrCreate", func(ctx context.Context) error { return ignore(ofGuild.FirstOrCreate(ctx, search, nil)) }},
		{"updateOrCreate", func(ctx context.Context) error {
			return ignore(ofGuild.UpdateOrCreate(ctx, search, relation.Attrs{"fame": 7}))
		}},
		{"create power", func(ctx context.Context) error { return ofHero.Create(ctx, p, level) }},
		{"save power", func(ctx context.Context) error { return ofHero.Save(ctx, p, level) }},
		{"createMany powers", func(ctx context.Context) error { return ofHero.CreateMany(ctx, powers) }},
		{"saveMany powers", func(ctx context.Context) error { return ofHero.SaveMany(ctx, powers, levels...) }},
		{"attach", func(ctx context.Context) error { return ofHero.Attach(ctx, links...) }},
		{"detach", func(ctx context.Context) error { return ignore(ofHero.Detach(ctx, p)) }},
		{"sync", func(ctx context.Context) error { return ignore(ofHero.Sync(ctx, links...)) }},
		{"toggle", func(ctx context.Context) error { return ignore(ofHero.Toggle(ctx, links...)) }},
		{"associate", func(ctx context.Context) error { return relation.BelongsTo(h, &h.Guild).Associate(ctx, g) }},
		{"dissociate", func(ctx context.Context) error { return relation.BelongsTo(h, &h.Guild).Dissociate(ctx) }},
		{"push", func(ctx context.Context) error { return g.Push(ctx) }},
		{"push hero", func(ctx context.Context) error { return h.Push(ctx) }},
		{"save hero", func(ctx context.Context) error { return h.Save(ctx) }},
		{"delete", func(ctx context.Context) error { return h.Delete(ctx) }},
	}
	call := rapid.SampledFrom(calls).Draw(rt, "call")
	name := fmt.Sprintf("%s guild %s hero %s power %s heroes %d powers %d", call.name, g.Name, h.Name, p.Name, len(heroes), len(powers))
	return name, call.run
}

var errBack = errors.New("roll back")

// run makes random writes, some in transactions within, and checks what failed calls leave.
func (c *cast) run(ctx context.Context, rt *rapid.T, db *model.DB, depth int) {
	for range rapid.IntRange(1, 5).Draw(rt, "writes") {
		before := c.snapshot(rt)
		if depth > 0 && rapid.IntRange(0, 3).Draw(rt, "inner") == 0 {
			rt.Log("begin")
			result := rapid.SampledFrom([]error{nil, errBack}).Draw(rt, "result")
			err := db.Transaction(ctx, func(ctx context.Context, inner *model.DB) error {
				c.run(ctx, rt, inner, depth-1)
				return result
			})
			rt.Log("end", result)
			require.Equal(rt, result, err)
			if err != nil {
				require.Equal(rt, before, c.snapshot(rt), "after an inner rollback")
			}
			continue
		}
		c.clock.tick()
		name, write := c.write(rt)
		err := write(ctx)
		rt.Log(name, err)
		if err != nil {
			require.Equal(rt, before, c.snapshot(rt), "after %s: %v", name, err)
		}
	}
}

func TestRollbackLeavesRecordsAsTheyWere(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *store) {
		s.migrate(t, &guild{}, &hero{}, &power{})
		rapid.Check(t, func(rt *rapid.T) {
			c := newCast(rt, s)
			before, rows := c.snapshot(rt), c.tables(rt)
			err := s.Transaction(context.Background(), func(ctx context.Context, tx *model.DB) error {
				c.run(ctx, rt, tx, 2)
				return errBack
			})
			require.ErrorIs(rt, err, errBack)
			require.Equal(rt, before, c.snapshot(rt), "after the rollback")
			require.Equal(rt, rows, c.tables(rt))
		})
	})
}
