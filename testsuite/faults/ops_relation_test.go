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

// relationOps is every write through a relation, and every read.
func relationOps() []Op {
	ops := slices.Concat(saveOps(), pivotSaveOps(), lookupOps(), belongOps(), pivotOps(), relatedBulkOps(),
		pushOps(), loadOps())
	for i := range ops {
		of, _, _ := strings.Cut(ops[i].api[0], ".")
		ops[i].twin = ops[i].twin || strings.HasSuffix(of, "Client") && of != "Client"
	}
	return ops
}

// saves is a call that saves records for the first parent, whose pending change stays.
func saves[P harness.Record](
	api, name string, given func(t testing.TB, s *stage) []P, call func(ctx context.Context, p *Parent, list []P) error,
	also func(p *Parent, list []P, d dump) string,
) Op {
	return Op{name: strings.TrimSuffix(api+"/"+name, "/"), api: []string{api}, arrange: func(t testing.TB, s *stage) *Call {
		t.Helper()
		p, list := find[Parent](t, s, 1), given(t, s)
		p.Name = "pending"
		c := &Call{
			run:       func(ctx context.Context, _ *model.DB) error { return call(ctx, p, list) },
			untouched: []harness.Record{p},
		}
		for _, rec := range list {
			c.records = append(c.records, rec)
		}
		if also != nil {
			c.also = func(d dump) string { return also(p, list, d) }
		}
		return c
	}}
}

// newMemos are memos of the second parent by key, changed, or new ones.
func newMemos(ids ...int64) func(t testing.TB, s *stage) []*Memo {
	return func(t testing.TB, s *stage) []*Memo {
		t.Helper()
		list := make([]*Memo, len(ids))
		for i, id := range ids {
			list[i] = &Memo{}
			if id != 0 {
				list[i] = find[Memo](t, s, id)
			}
			list[i].Title = fmt.Sprint("new ", i)
		}
		return list
	}
}

// newCards is newMemos of a model without hooks.
func newCards(ids ...int64) func(t testing.TB, s *stage) []*Card {
	return func(t testing.TB, s *stage) []*Card {
		t.Helper()
		list := make([]*Card, len(ids))
		for i, id := range ids {
			list[i] = &Card{}
			if id != 0 {
				list[i] = find[Card](t, s, id)
			}
			list[i].Name = fmt.Sprint("new ", i)
		}
		return list
	}
}

// saveOps save related records of hasOne and hasMany.
func saveOps() []Op {
	type (
		parent = *Parent
		memos  = []*Memo
		cards  = []*Card
	)
	belongs := func(p parent, list memos, d dump) string {
		for _, m := range list {
			if m.ParentID == nil || *m.ParentID != p.ID || d.rows["memos"][m.ID]["parent_id"] != "1" {
				return fmt.Sprintf("the memo %d does not belong to the parent", m.ID)
			}
		}
		return ""
	}
	held := func(_ parent, list cards, d dump) string {
		if list[0].ParentID != 1 || d.rows["cards"][list[0].ID]["parent_id"] != "1" {
			return "the card does not belong to the parent"
		}
		return ""
	}
	of := func(p parent) *relation.Client { return p.Related("memos") }
	many := func(p parent) *relation.ManyClient[*Memo] { return relation.HasMany(p, &p.Memos) }
	one := func(p parent) *relation.OneClient[*Card] { return relation.HasOne(p, &p.Card) }
	return []Op{
		saves("Client.Create", "hasMany", newMemos(0), func(ctx context.Context, p parent, list memos) error {
			return of(p).Create(ctx, list[0])
		}, belongs),
		saves("Client.Save", "hasMany", newMemos(3), func(ctx context.Context, p parent, list memos) error {
			return of(p).Save(ctx, list[0])
		}, belongs),
		saves("Client.CreateMany", "hasMany", newMemos(0, 0), func(ctx context.Context, p parent, list memos) error {
			return of(p).CreateMany(ctx, list)
		}, belongs),
		saves("Client.SaveMany", "hasMany", newMemos(0, 3, 0, 1), func(ctx context.Context, p parent, list memos) error {
			return of(p).SaveMany(ctx, list)
		}, belongs),
		saves("ManyClient.Create", "hasMany", newMemos(0), func(ctx context.Context, p parent, list memos) error {
			return many(p).Create(ctx, list[0])
		}, belongs),
		saves("ManyClient.Save", "hasMany", newMemos(3), func(ctx context.Context, p parent, list memos) error {
			return many(p).Save(ctx, list[0])
		}, belongs),
		saves("ManyClient.CreateMany", "hasMany", newMemos(0, 0), func(ctx context.Context, p parent, list memos) error {
			return many(p).CreateMany(ctx, list)
		}, belongs),
		saves("ManyClient.SaveMany", "hasMany", newMemos(0, 3), func(ctx context.Context, p parent, list memos) error {
			return many(p).SaveMany(ctx, list)
		}, belongs),
		saves("Client.Create", "hasOne", newCards(0), func(ctx context.Context, p parent, list cards) error {
			return p.Related("card").Create(ctx, list[0])
		}, held),
		saves("Client.Save", "hasOne", newCards(2), func(ctx context.Context, p parent, list cards) error {
			return p.Related("card").Save(ctx, list[0])
		}, held),
		saves("OneClient.Create", "hasOne", newCards(0), func(ctx context.Context, p parent, list cards) error {
			return one(p).Create(ctx, list[0])
		}, held),
		saves("OneClient.Save", "hasOne", newCards(2), func(ctx context.Context, p parent, list cards) error {
			return one(p).Save(ctx, list[0])
		}, held),
		ofNew("Client.Create", "hasMany of a new parent", func(ctx context.Context, p parent, m *Memo, _ *Skill) error {
			return of(p).Create(ctx, m)
		}),
		ofNew("Client.SaveMany", "manyToMany of a new parent", func(ctx context.Context, p parent, _ *Memo, k *Skill) error {
			return p.Related("skills").SaveMany(ctx, []*Skill{k}, model.Attrs{"level": "high"})
		}),
	}
}

// ofNew is a call on a new parent, and one new record of it.
func ofNew(api, name string, call func(ctx context.Context, p *Parent, m *Memo, k *Skill) error) Op {
	return Op{name: strings.TrimSuffix(api+"/"+name, "/"), api: []string{api}, arrange: func(testing.TB, *stage) *Call {
		p, m, k := &Parent{Name: "n"}, &Memo{Title: "n"}, &Skill{Name: "n"}
		c := &Call{
			run:     func(ctx context.Context, db *model.DB) error { return call(model.WithDB(ctx, db), p, m, k) },
			records: []harness.Record{p, m}, untouched: []harness.Record{k},
		}
		if strings.Contains(name, "manyToMany") {
			c.records, c.untouched = []harness.Record{p, k}, []harness.Record{m}
		}
		return c
	}}
}

// newSkills are skills by key, changed, or new ones.
func newSkills(ids ...int64) func(t testing.TB, s *stage) []*Skill {
	return func(t testing.TB, s *stage) []*Skill {
		t.Helper()
		list := make([]*Skill, len(ids))
		for i, id := range ids {
			list[i] = &Skill{}
			if id != 0 {
				list[i] = find[Skill](t, s, id)
			}
			list[i].Name = fmt.Sprint("new ", i)
		}
		return list
	}
}

// carries returns what is wrong with the pivot values that records carry.
func carries(p *Parent, list []*Skill, d dump) string {
	for _, k := range list {
		row, ok := d.rows["learned"][p.ID*100000+k.ID]
		if !ok {
			return fmt.Sprintf("there is no pivot row of the skill %d", k.ID)
		}
		for column, want := range row {
			if got := harness.ValueText(k.Extras()["pivot_"+column]); got != want {
				return fmt.Sprintf("pivot_%s of the skill %d is %q, and its column %q", column, k.ID, got, want)
			}
		}
	}
	return ""
}

// joined is carries of clubs, which carry a record.
func joined(p *Parent, list []*Club, d dump) string {
	for _, c := range list {
		member, ok := relation.PivotOf[Member](c)
		if !ok || c.Extras()["member"] != any(member) {
			return fmt.Sprintf("the club %d carries no member", c.ID)
		}
		if member.ParentID != p.ID || member.ClubID != c.ID {
			return fmt.Sprintf("the club %d carries the member of another", c.ID)
		}
		if text := equalsRow(member, d, nil); text != "" {
			return "the member: " + text
		}
	}
	return ""
}

// pivotSaveOps save related records of manyToMany.
func pivotSaveOps() []Op {
	type (
		parent = *Parent
		skills = []*Skill
		clubs  = []*Club
	)
	high, low := model.Attrs{"level": "high"}, model.Attrs{"level": "low"}
	typed := func(p parent) *relation.ManyToManyClient[*Skill] { return relation.ManyToMany(p, &p.Skills) }
	visited := func(_ parent, _ skills, d dump) string {
		if n := strings.Count(d.text, "visits"); n != 4 {
			return fmt.Sprintf("there are %d visits", n)
		}
		return ""
	}
	newClubs := func(testing.TB, *stage) clubs { return clubs{{Name: "n"}, {Name: "o"}} }
	club := func(t testing.TB, s *stage) clubs {
		t.Helper()
		return clubs{find[Club](t, s, 2)}
	}
	return []Op{
		saves("Client.Create", "manyToMany", newSkills(0), func(ctx context.Context, p parent, list skills) error {
			return p.Related("skills").Create(ctx, list[0], high)
		}, carries),
		saves("Client.Save", "manyToMany", newSkills(3), func(ctx context.Context, p parent, list skills) error {
			return p.Related("skills").Save(ctx, list[0], high)
		}, carries),
		saves("Client.Save", "manyToMany, attached", newSkills(2), func(ctx context.Context, p parent, list skills) error {
			return p.Related("skills").Save(ctx, list[0], high)
		}, carries),
		saves("Client.SaveDuplicate", "manyToMany", newSkills(1), func(ctx context.Context, p parent, list skills) error {
			return p.Related("visits").SaveDuplicate(ctx, list[0], high)
		}, visited),
		saves("Client.CreateMany", "manyToMany", newSkills(0, 0), func(ctx context.Context, p parent, list skills) error {
			return p.Related("skills").CreateMany(ctx, list, high, nil)
		}, carries),
		saves("Client.SaveMany", "manyToMany", newSkills(0, 3, 2), func(ctx context.Context, p parent, list skills) error {
			return p.Related("skills").SaveMany(ctx, list, high, low, high)
		}, carries),
		saves("Client.CreateMany", "pivot model", newClubs, func(ctx context.Context, p parent, list clubs) error {
			return p.Related("clubs").CreateMany(ctx, list, model.Attrs{"Role": "owner"}, nil)
		}, joined),
		saves("Client.Save", "pivot model", club, func(ctx context.Context, p parent, list clubs) error {
			return p.Related("clubs").Save(ctx, list[0], model.Attrs{"role": "boss"})
		}, joined),
		saves("ManyToManyClient.Create", "manyToMany", newSkills(0), func(ctx context.Context, p parent, list skills) error {
			return typed(p).Create(ctx, list[0], high)
		}, carries),
		saves("ManyToManyClient.Save", "manyToMany", newSkills(3), func(ctx context.Context, p parent, list skills) error {
			return typed(p).Save(ctx, list[0], high)
		}, carries),
		saves("ManyToManyClient.SaveDuplicate", "manyToMany", newSkills(1), func(ctx context.Context, p parent, list skills) error {
			return relation.ManyToMany(p, &p.Visits).SaveDuplicate(ctx, list[0])
		}, visited),
		saves("ManyToManyClient.CreateMany", "manyToMany", newSkills(0, 0), func(ctx context.Context, p parent, list skills) error {
			return typed(p).CreateMany(ctx, list, high, low)
		}, carries),
		saves("ManyToManyClient.SaveMany", "manyToMany", newSkills(0, 2), func(ctx context.Context, p parent, list skills) error {
			return typed(p).SaveMany(ctx, list, high, low)
		}, carries),
	}
}

// belongsOp is a call on the parent that a record belongs to. p's relation follows.
func belongsOp(api, name string, bossID int64, call func(ctx context.Context, p, boss *Parent) error) Op {
	return Op{name: strings.TrimSuffix(api+"/"+name, "/"), api: []string{api}, arrange: func(t testing.TB, s *stage) *Call {
		t.Helper()
		p := find[Parent](t, s, 1)
		before := find[Parent](t, s, 2)
		if err := p.Related("boss").SetLoaded(before); err != nil {
			t.Fatal(err)
		}
		var boss *Parent
		c := &Call{records: []harness.Record{p}, untouched: []harness.Record{before}}
		switch bossID {
		case -1:
		case 0:
			boss = &Parent{Name: "new boss"}
			c.records = append(c.records, boss)
		default:
			boss = find[Parent](t, s, bossID)
			boss.Name = "pending"
			c.untouched = append(c.untouched, boss)
		}
		c.run = func(ctx context.Context, db *model.DB) error { return call(model.WithDB(ctx, db), p, boss) }
		c.also = func(dump) string {
			switch {
			case p.Boss != boss || !p.Related("boss").Loaded():
				return fmt.Sprintf("the loaded boss is %v; want %v", p.Boss, boss)
			case boss == nil && p.BossID != nil || boss != nil && (p.BossID == nil || *p.BossID != boss.ID):
				return "the key of the boss is wrong"
			default:
				return ""
			}
		}
		return c
	}}
}

// belongOps are the writes of belongsTo.
func belongOps() []Op {
	type parent = *Parent
	return []Op{
		belongsOp("Client.Associate", "saved", 3, func(ctx context.Context, p, boss parent) error { return p.Related("boss").Associate(ctx, boss) }),
		belongsOp("Client.Associate", "new", 0, func(ctx context.Context, p, boss parent) error { return p.Related("boss").Associate(ctx, boss) }),
		belongsOp("Client.Dissociate", "", -1, func(ctx context.Context, p, _ parent) error { return p.Related("boss").Dissociate(ctx) }),
		belongsOp("BelongsToClient.Associate", "", 0, func(ctx context.Context, p, boss parent) error {
			return relation.BelongsTo(p, &p.Boss).Associate(ctx, boss)
		}),
		belongsOp("BelongsToClient.Dissociate", "", -1, func(ctx context.Context, p, _ parent) error {
			return relation.BelongsTo(p, &p.Boss).Dissociate(ctx)
		}),
	}
}
