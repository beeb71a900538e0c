// SPDX-License-Identifier: MIT

package faults_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// lookups is a call that finds or makes records of the first parent. want are their keys after a
// success, 0 for what is new.
func lookups[P harness.Record](api, name string, reads bool, call func(ctx context.Context, p *Parent) ([]P, error)) Op {
	return Op{name: strings.TrimSuffix(api+"/"+name, "/"), api: []string{api}, reads: reads, arrange: func(t testing.TB, s *stage) *Call {
		t.Helper()
		p := find[Parent](t, s, 1)
		p.Name = "pending"
		var found []harness.Record
		c := &Call{untouched: []harness.Record{p}, run: func(ctx context.Context, _ *model.DB) error {
			list, err := call(ctx, p)
			found = nil
			for _, rec := range list {
				found = append(found, rec)
			}
			return err
		}}
		c.results = func() []harness.Record { return found }
		if reads && strings.Contains(name, "new") {
			c.results = nil // it has no row
			c.also = func(dump) string {
				if len(found) != 1 || !found[0].IsNew() {
					return "the result is not new"
				}
				return ""
			}
			c.settled = func() string {
				if len(found) != 0 && !found[0].IsNew() {
					return "there is a result"
				}
				return ""
			}
		}
		return c
	}}
}

func only[T any](rec *T, err error) ([]*T, error) {
	if rec == nil {
		return nil, err
	}
	return []*T{rec}, err
}

// lookupOps are the finders of clients.
func lookupOps() []Op {
	type (
		parent = *Parent
		memo   = *Memo
		skill  = *Skill
		card   = *Card
		attrs  = model.Attrs
	)
	title := func(s string) attrs { return attrs{"title": s} }
	named := func(s string) attrs { return attrs{"name": s} }
	slug, state := attrs{"slug": "s"}, attrs{"state": "s"}
	memos := func(p parent) *relation.ManyClient[*Memo] { return relation.HasMany(p, &p.Memos) }
	skills := func(p parent) *relation.ManyToManyClient[*Skill] { return relation.ManyToMany(p, &p.Skills) }
	one := func(p parent) *relation.OneClient[*Card] { return relation.HasOne(p, &p.Card) }
	dynamic := func(api, name string, reads bool, call func(ctx context.Context, c *relation.Client, dest *memo) error) Op {
		return lookups(api, name, reads, func(ctx context.Context, p parent) ([]memo, error) {
			var dest memo
			err := call(ctx, p.Related("memos"), &dest)
			return only(dest, err)
		})
	}
	attached := func(api, name string, call func(ctx context.Context, c *relation.Client, dest *skill) error) Op {
		return lookups(api, name, false, func(ctx context.Context, p parent) ([]skill, error) {
			var dest skill
			err := call(ctx, p.Related("skills"), &dest)
			return only(dest, err)
		})
	}
	return []Op{
		dynamic("Client.First", "hasMany", true, func(ctx context.Context, c *relation.Client, dest *memo) error { return c.First(ctx, dest) }),
		dynamic("Client.FindOrNew", "found", true, func(ctx context.Context, c *relation.Client, dest *memo) error { return c.FindOrNew(ctx, dest, 2) }),
		dynamic("Client.FindOrNew", "new", true, func(ctx context.Context, c *relation.Client, dest *memo) error { return c.FindOrNew(ctx, dest, 3) }),
		dynamic("Client.FirstOrNew", "found", true, func(ctx context.Context, c *relation.Client, dest *memo) error {
			return c.FirstOrNew(ctx, dest, title("b"), nil)
		}),
		dynamic("Client.FirstOrNew", "new", true, func(ctx context.Context, c *relation.Client, dest *memo) error {
			return c.FirstOrNew(ctx, dest, title("c"), slug)
		}),
		dynamic("Client.FirstOrCreate", "hasMany, new", false, func(ctx context.Context, c *relation.Client, dest *memo) error {
			return c.FirstOrCreate(ctx, dest, title("c"), slug)
		}),
		dynamic("Client.UpdateOrCreate", "hasMany, found", false, func(ctx context.Context, c *relation.Client, dest *memo) error {
			return c.UpdateOrCreate(ctx, dest, attrs{"slug": "the a"}, title("z"))
		}),
		attached("Client.FirstOrCreate", "manyToMany, new", func(ctx context.Context, c *relation.Client, dest *skill) error {
			return c.FirstOrCreate(ctx, dest, named("n"), state)
		}),
		attached("Client.FirstOrCreate", "manyToMany, found", func(ctx context.Context, c *relation.Client, dest *skill) error {
			return c.FirstOrCreate(ctx, dest, named("b"), state)
		}),
		attached("Client.UpdateOrCreate", "manyToMany, new", func(ctx context.Context, c *relation.Client, dest *skill) error {
			return c.UpdateOrCreate(ctx, dest, named("n"), state)
		}),
		attached("Client.UpdateOrCreate", "manyToMany, found", func(ctx context.Context, c *relation.Client, dest *skill) error {
			return c.UpdateOrCreate(ctx, dest, named("b"), state)
		}),
		lookups("Client.All", "manyToMany", true, func(ctx context.Context, p parent) (list []skill, err error) {
			err = p.Related("skills").All(ctx, &list)
			return list, err
		}),
		lookups("Client.FetchOrCreateMany", "manyToMany", false, func(ctx context.Context, p parent) (list []skill, err error) {
			err = p.Related("skills").FetchOrCreateMany(ctx, &list, []string{"name"}, []attrs{named("n"), named("a"), named("o")})
			return list, err
		}),
		lookups("Client.UpdateOrCreateMany", "manyToMany", false, func(ctx context.Context, p parent) (list []skill, err error) {
			err = p.Related("skills").UpdateOrCreateMany(ctx, &list, []string{"name"},
				[]attrs{{"name": "n", "state": "s"}, {"name": "a", "state": "s"}})
			return list, err
		}),
		lookups("Client.UpdateOrCreateMany", "hasMany", false, func(ctx context.Context, p parent) (list []memo, err error) {
			err = p.Related("memos").UpdateOrCreateMany(ctx, &list, []string{"slug"},
				[]attrs{{"slug": "n", "title": "n"}, {"slug": "the a", "title": "s"}})
			return list, err
		}),
		lookups("ManyClient.FindOrNew", "", true, func(ctx context.Context, p parent) ([]memo, error) { return only(memos(p).FindOrNew(ctx, 1)) }),
		lookups("ManyClient.FirstOrNew", "", true, func(ctx context.Context, p parent) ([]memo, error) {
			return only(memos(p).FirstOrNew(ctx, title("a"), nil))
		}),
		lookups("ManyClient.FirstOrCreate", "", false, func(ctx context.Context, p parent) ([]memo, error) {
			return only(memos(p).FirstOrCreate(ctx, title("n"), nil))
		}),
		lookups("ManyClient.UpdateOrCreate", "", false, func(ctx context.Context, p parent) ([]memo, error) {
			return only(memos(p).UpdateOrCreate(ctx, title("n"), nil))
		}),
		lookups("ManyClient.FetchOrCreateMany", "", false, func(ctx context.Context, p parent) ([]memo, error) {
			return memos(p).FetchOrCreateMany(ctx, []string{"title"}, []attrs{title("n"), title("a")})
		}),
		lookups("ManyClient.UpdateOrCreateMany", "", false, func(ctx context.Context, p parent) ([]memo, error) {
			return memos(p).UpdateOrCreateMany(ctx, []string{"title"}, []attrs{title("n"), title("a")})
		}),
		lookups("OneClient.FindOrNew", "", true, func(ctx context.Context, p parent) ([]card, error) { return only(one(p).FindOrNew(ctx, 1)) }),
		lookups("OneClient.FirstOrNew", "", true, func(ctx context.Context, p parent) ([]card, error) {
			return only(one(p).FirstOrNew(ctx, named("x"), nil))
		}),
		lookups("OneClient.FirstOrCreate", "", false, func(ctx context.Context, p parent) ([]card, error) {
			return only(one(p).FirstOrCreate(ctx, named("n"), nil))
		}),
		lookups("OneClient.UpdateOrCreate", "", false, func(ctx context.Context, p parent) ([]card, error) {
			return only(one(p).UpdateOrCreate(ctx, nil, named("n")))
		}),
		lookups("ManyToManyClient.FindOrNew", "", true, func(ctx context.Context, p parent) ([]skill, error) {
			return only(skills(p).FindOrNew(ctx, 1))
		}),
		lookups("ManyToManyClient.FirstOrNew", "", true, func(ctx context.Context, p parent) ([]skill, error) {
			return only(skills(p).FirstOrNew(ctx, named("a"), nil))
		}),
		lookups("ManyToManyClient.FirstOrCreate", "", false, func(ctx context.Context, p parent) ([]skill, error) {
			return only(skills(p).FirstOrCreate(ctx, named("n"), nil))
		}),
		lookups("ManyToManyClient.UpdateOrCreate", "", false, func(ctx context.Context, p parent) ([]skill, error) {
			return only(skills(p).UpdateOrCreate(ctx, named("n"), nil))
		}),
		lookups("ManyToManyClient.FetchOrCreateMany", "", false, func(ctx context.Context, p parent) ([]skill, error) {
			return skills(p).FetchOrCreateMany(ctx, []string{"name"}, []attrs{named("n"), named("a")})
		}),
		lookups("ManyToManyClient.UpdateOrCreateMany", "", false, func(ctx context.Context, p parent) ([]skill, error) {
			return skills(p).UpdateOrCreateMany(ctx, []string{"name"}, []attrs{{"name": "n", "state": "s"}, {"name": "a", "state": "s"}})
		}),
	}
}

// graph is what is loaded with a parent, or aggregated, as text.
func graph(p *Parent) string {
	var parts []string
	if p.Related("boss").Loaded() {
		text := "boss nothing"
		if p.Boss != nil {
			text = fmt.Sprint("boss ", p.Boss.ID)
			if p.Boss.Related("card").Loaded() && p.Boss.Card != nil {
				text += fmt.Sprint(" with card ", p.Boss.Card.ID)
			}
			if p.Boss.Related("skills").Loaded() {
				text += fmt.Sprint(" with skills ", len(p.Boss.Skills))
			}
		}
		parts = append(parts, text)
	} else if p.Boss != nil {
		parts = append(parts, "a boss that is not loaded")
	}
	if p.Related("memos").Loaded() {
		var list []string
		for _, m := range p.Memos {
			list = append(list, fmt.Sprint(" ", m.ID))
		}
		slices.Sort(list)
		parts = append(parts, "memos"+strings.Join(list, ""))
	} else if p.Memos != nil {
		parts = append(parts, "memos that are not loaded")
	}
	if p.Related("skills").Loaded() {
		var list []string
		for _, k := range p.Skills {
			list = append(list, fmt.Sprint(" ", k.ID, " ", k.Extras()["pivot_level"]))
		}
		slices.Sort(list)
		parts = append(parts, "skills"+strings.Join(list, ""))
	} else if p.Skills != nil {
		parts = append(parts, "skills that are not loaded")
	}
	if e := p.Extras(); len(e) > 0 {
		parts = append(parts, fmt.Sprint(map[string]any(e)))
	}
	return strings.Join(parts, " ")
}

// aggregates reports whether a method is LoadCount with another function.
func aggregates(api string) bool {
	return slices.Contains([]string{"Client.LoadSum", "Client.LoadMin", "Client.LoadMax", "Client.LoadAvg", "Client.LoadExists"}, api)
}

// loads is a call that loads relations of two records that the caller has: all of it, or nothing
// after an error but what whole names.
func loads(api, name, want string, call func(ctx context.Context, list []*Parent) error, whole ...string) Op {
	return Op{name: strings.TrimSuffix(api+"/"+name, "/"), api: []string{api}, reads: true, twin: aggregates(api), arrange: func(t testing.TB, s *stage) *Call {
		t.Helper()
		list := []*Parent{find[Parent](t, s, 1), find[Parent](t, s, 2)}
		failed := true // or not called
		return &Call{
			run: func(ctx context.Context, _ *model.DB) error {
				err := call(ctx, list)
				failed = err != nil
				return err
			},
			also: func(dump) string {
				if got := graph(list[0]); got != want {
					return fmt.Sprintf("loaded is %q; want %q", got, want)
				}
				return ""
			},
			settled: func() string {
				got, other := graph(list[0]), graph(list[1])
				if !failed && got == want || failed && other == "" && slices.Contains(append(whole, ""), got) {
					return ""
				}
				return fmt.Sprintf("loaded is %q and %q", got, other)
			},
		}
	}}
}

// loadOps read relations with records, and of records.
func loadOps() []Op {
	type parents = []*Parent
	sum := func(q *relation.Query) { q.Aggregate("max", "id").As("last") }
	return []Op{
		preloads("Builder.All",
			func(ctx context.Context, q *model.Builder[Parent]) (parents, error) { return q.All(ctx) }),
		preloads("Builder.Find",
			func(ctx context.Context, q *model.Builder[Parent]) (parents, error) {
				return only(q.Find(ctx, 1))
			}),
		preloads("Builder.Paginate",
			func(ctx context.Context, q *model.Builder[Parent]) (parents, error) {
				page, err := q.Paginate(ctx, 1, 2)
				if page == nil {
					return nil, err
				}
				return page.Data, err
			}),
		preloads("Builder.Each",
			func(ctx context.Context, q *model.Builder[Parent]) (list parents, err error) {
				for p, err := range q.Each(ctx) {
					if err != nil {
						return nil, err
					}
					list = append(list, p)
				}
				return list, nil
			}),
		loads("Record.Load", "path", "boss 2 with card 2", func(ctx context.Context, list parents) error {
			return list[0].Load(ctx, "boss.card")
		}),
		loads("Record.Load", "callback", "memos 1 2", func(ctx context.Context, list parents) error {
			return list[0].Load(ctx, "memos", func(q *relation.Query) { q.Preload("parent").OrderBy("id") })
		}),
		loads("relation.Get", "AutoLoad", "memos 1 2", func(ctx context.Context, list parents) error {
			fresh, err := model.Query[Parent](model.DBOf(list[0])).Use(func(q *relation.Query) { q.AutoLoad() }).Find(ctx, 1)
			if err != nil {
				return err
			}
			if list[0].Memos, err = relation.Get(ctx, fresh, &fresh.Memos); err == nil {
				err = list[0].Related("memos").SetLoaded(list[0].Memos)
			}
			return err
		}),
		loads("Record.LoadMissing", "two", "boss 2 skills 1 low 2 low", func(ctx context.Context, list parents) error {
			return list[0].LoadMissing(ctx, "boss", "skills")
		}, "boss 2"),
		loads("Record.LoadCount", "", "map[memos_count:2]", func(ctx context.Context, list parents) error {
			return list[0].LoadCount(ctx, "memos")
		}),
		loads("Client.LoadSum", "", "map[memos_sum_id:3]", func(ctx context.Context, list parents) error {
			return list[0].Related("memos").LoadSum(ctx, "id")
		}),
		loads("Client.LoadMin", "", "map[memos_min_id:1]", func(ctx context.Context, list parents) error {
			return list[0].Related("memos").LoadMin(ctx, "id")
		}),
		loads("Client.LoadMax", "", "map[memos_max_id:2]", func(ctx context.Context, list parents) error {
			return list[0].Related("memos").LoadMax(ctx, "id")
		}),
		loads("Client.LoadAvg", "", "map[memos_avg_id:1.5]", func(ctx context.Context, list parents) error {
			return list[0].Related("memos").LoadAvg(ctx, "id")
		}),
		loads("Client.LoadExists", "", "map[memos_exists:true]", func(ctx context.Context, list parents) error {
			return list[0].Related("memos").LoadExists(ctx)
		}),
		loads("Client.LoadAggregate", "", "map[last:2]", func(ctx context.Context, list parents) error {
			return list[0].Related("memos").LoadAggregate(ctx, sum)
		}),
		loads("model.Load", "path", "boss 2 with skills 1", func(ctx context.Context, list parents) error {
			return model.Load(ctx, list, "boss.skills")
		}),
		loads("model.LoadMissing", "", "memos 1 2", func(ctx context.Context, list parents) error {
			return model.LoadMissing(ctx, list, "memos")
		}),
		loads("model.LoadCount", "", "map[memos_count:2]", func(ctx context.Context, list parents) error {
			return model.LoadCount(ctx, list, "memos")
		}),
		loads("model.LoadAggregate", "", "map[last:2]", func(ctx context.Context, list parents) error {
			return model.LoadAggregate(ctx, list, "memos", sum)
		}),
	}
}

// preloads is a query with preloads, of which the first record is always the same: it returns nothing next
// to an error.
func preloads(api string, call func(ctx context.Context, q *model.Builder[Parent]) ([]*Parent, error)) Op {
	const want = "boss 2 with card 2 memos 1 2 skills 1 low 2 low map[memos_count:2]"
	return Op{name: api + "/preloads", api: []string{api}, reads: true, twin: api != "Builder.All", arrange: func(testing.TB, *stage) *Call {
		return &Call{run: func(ctx context.Context, db *model.DB) error {
			q := model.Query[Parent](db).Preload("boss.card").Preload("memos").Preload("skills").WithCount("memos").OrderBy("id")
			list, err := call(ctx, q)
			switch {
			case err != nil && list != nil:
				return fmt.Errorf("%w: %d records next to %w", errLie, len(list), err)
			case err == nil && graph(list[0]) != want:
				return fmt.Errorf("%w: loaded is %q; want %q", errLie, graph(list[0]), want)
			}
			return err
		}}
	}}
}
