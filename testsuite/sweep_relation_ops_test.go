// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// sweepRelationOps is every write through a relation, and every read.
func sweepRelationOps() []sweepOp {
	ops := slices.Concat(sweepSaveOps(), sweepPivotSaveOps(), sweepLookupOps(), sweepBelongOps(), sweepPivotOps(), sweepRelatedBulkOps(),
		sweepPushOps(), sweepLoadOps())
	for i := range ops {
		of, _, _ := strings.Cut(ops[i].api[0], ".")
		ops[i].twin = ops[i].twin || strings.HasSuffix(of, "Client") && of != "Client"
	}
	return ops
}

// sweepSaves is a call that saves records for the first parent, whose pending change stays.
func sweepSaves[P sweepRecord](
	api, name string, given func(t testing.TB, s *sweepStage) []P, call func(ctx context.Context, p *sweepParent, list []P) error,
	also func(p *sweepParent, list []P, d sweepDump) string,
) sweepOp {
	return sweepOp{name: strings.TrimSuffix(api+"/"+name, "/"), api: []string{api}, arrange: func(t testing.TB, s *sweepStage) *sweepCall {
		t.Helper()
		p, list := sweepFind[sweepParent](t, s, 1), given(t, s)
		p.Name = "pending"
		c := &sweepCall{
			run:       func(ctx context.Context, _ *model.DB) error { return call(ctx, p, list) },
			untouched: []sweepRecord{p},
		}
		for _, rec := range list {
			c.records = append(c.records, rec)
		}
		if also != nil {
			c.also = func(d sweepDump) string { return also(p, list, d) }
		}
		return c
	}}
}

// sweepMemos are memos of the second parent by key, changed, or new ones.
func sweepMemos(ids ...int64) func(t testing.TB, s *sweepStage) []*sweepMemo {
	return func(t testing.TB, s *sweepStage) []*sweepMemo {
		t.Helper()
		list := make([]*sweepMemo, len(ids))
		for i, id := range ids {
			list[i] = &sweepMemo{}
			if id != 0 {
				list[i] = sweepFind[sweepMemo](t, s, id)
			}
			list[i].Title = fmt.Sprint("new ", i)
		}
		return list
	}
}

// sweepCards is sweepMemos of a model without hooks.
func sweepCards(ids ...int64) func(t testing.TB, s *sweepStage) []*sweepCard {
	return func(t testing.TB, s *sweepStage) []*sweepCard {
		t.Helper()
		list := make([]*sweepCard, len(ids))
		for i, id := range ids {
			list[i] = &sweepCard{}
			if id != 0 {
				list[i] = sweepFind[sweepCard](t, s, id)
			}
			list[i].Name = fmt.Sprint("new ", i)
		}
		return list
	}
}

// sweepSaveOps save related records of hasOne and hasMany.
func sweepSaveOps() []sweepOp {
	type (
		parent = *sweepParent
		memos  = []*sweepMemo
		cards  = []*sweepCard
	)
	belongs := func(p parent, list memos, d sweepDump) string {
		for _, m := range list {
			if m.ParentID == nil || *m.ParentID != p.ID || d.rows["sweep_memos"][m.ID]["parent_id"] != "1" {
				return fmt.Sprintf("the memo %d does not belong to the parent", m.ID)
			}
		}
		return ""
	}
	held := func(_ parent, list cards, d sweepDump) string {
		if list[0].ParentID != 1 || d.rows["sweep_cards"][list[0].ID]["parent_id"] != "1" {
			return "the card does not belong to the parent"
		}
		return ""
	}
	of := func(p parent) *relation.Client { return p.Related("memos") }
	many := func(p parent) *relation.ManyClient[*sweepMemo] { return relation.HasMany(p, &p.Memos) }
	one := func(p parent) *relation.OneClient[*sweepCard] { return relation.HasOne(p, &p.Card) }
	return []sweepOp{
		sweepSaves("Client.Create", "hasMany", sweepMemos(0), func(ctx context.Context, p parent, list memos) error {
			return of(p).Create(ctx, list[0])
		}, belongs),
		sweepSaves("Client.Save", "hasMany", sweepMemos(3), func(ctx context.Context, p parent, list memos) error {
			return of(p).Save(ctx, list[0])
		}, belongs),
		sweepSaves("Client.CreateMany", "hasMany", sweepMemos(0, 0), func(ctx context.Context, p parent, list memos) error {
			return of(p).CreateMany(ctx, list)
		}, belongs),
		sweepSaves("Client.SaveMany", "hasMany", sweepMemos(0, 3, 0, 1), func(ctx context.Context, p parent, list memos) error {
			return of(p).SaveMany(ctx, list)
		}, belongs),
		sweepSaves("ManyClient.Create", "hasMany", sweepMemos(0), func(ctx context.Context, p parent, list memos) error {
			return many(p).Create(ctx, list[0])
		}, belongs),
		sweepSaves("ManyClient.Save", "hasMany", sweepMemos(3), func(ctx context.Context, p parent, list memos) error {
			return many(p).Save(ctx, list[0])
		}, belongs),
		sweepSaves("ManyClient.CreateMany", "hasMany", sweepMemos(0, 0), func(ctx context.Context, p parent, list memos) error {
			return many(p).CreateMany(ctx, list)
		}, belongs),
		sweepSaves("ManyClient.SaveMany", "hasMany", sweepMemos(0, 3), func(ctx context.Context, p parent, list memos) error {
			return many(p).SaveMany(ctx, list)
		}, belongs),
		sweepSaves("Client.Create", "hasOne", sweepCards(0), func(ctx context.Context, p parent, list cards) error {
			return p.Related("card").Create(ctx, list[0])
		}, held),
		sweepSaves("Client.Save", "hasOne", sweepCards(2), func(ctx context.Context, p parent, list cards) error {
			return p.Related("card").Save(ctx, list[0])
		}, held),
		sweepSaves("OneClient.Create", "hasOne", sweepCards(0), func(ctx context.Context, p parent, list cards) error {
			return one(p).Create(ctx, list[0])
		}, held),
		sweepSaves("OneClient.Save", "hasOne", sweepCards(2), func(ctx context.Context, p parent, list cards) error {
			return one(p).Save(ctx, list[0])
		}, held),
		sweepOfNew("Client.Create", "hasMany of a new parent", func(ctx context.Context, p parent, m *sweepMemo, _ *sweepSkill) error {
			return of(p).Create(ctx, m)
		}),
		sweepOfNew("Client.SaveMany", "manyToMany of a new parent", func(ctx context.Context, p parent, _ *sweepMemo, k *sweepSkill) error {
			return p.Related("skills").SaveMany(ctx, []*sweepSkill{k}, model.Attrs{"level": "high"})
		}),
	}
}

// sweepOfNew is a call on a new parent, and one new record of it.
func sweepOfNew(api, name string, call func(ctx context.Context, p *sweepParent, m *sweepMemo, k *sweepSkill) error) sweepOp {
	return sweepOp{name: strings.TrimSuffix(api+"/"+name, "/"), api: []string{api}, arrange: func(testing.TB, *sweepStage) *sweepCall {
		p, m, k := &sweepParent{Name: "n"}, &sweepMemo{Title: "n"}, &sweepSkill{Name: "n"}
		c := &sweepCall{
			run:     func(ctx context.Context, db *model.DB) error { return call(model.WithDB(ctx, db), p, m, k) },
			records: []sweepRecord{p, m}, untouched: []sweepRecord{k},
		}
		if strings.Contains(name, "manyToMany") {
			c.records, c.untouched = []sweepRecord{p, k}, []sweepRecord{m}
		}
		return c
	}}
}

// sweepSkills are skills by key, changed, or new ones.
func sweepSkills(ids ...int64) func(t testing.TB, s *sweepStage) []*sweepSkill {
	return func(t testing.TB, s *sweepStage) []*sweepSkill {
		t.Helper()
		list := make([]*sweepSkill, len(ids))
		for i, id := range ids {
			list[i] = &sweepSkill{}
			if id != 0 {
				list[i] = sweepFind[sweepSkill](t, s, id)
			}
			list[i].Name = fmt.Sprint("new ", i)
		}
		return list
	}
}

// sweepCarries returns what is wrong with the pivot values that records carry.
func sweepCarries(p *sweepParent, list []*sweepSkill, d sweepDump) string {
	for _, k := range list {
		row, ok := d.rows["sweep_learned"][p.ID*100000+k.ID]
		if !ok {
			return fmt.Sprintf("there is no pivot row of the skill %d", k.ID)
		}
		for column, want := range row {
			if got := sweepText(k.Extras()["pivot_"+column]); got != want {
				return fmt.Sprintf("pivot_%s of the skill %d is %q, and its column %q", column, k.ID, got, want)
			}
		}
	}
	return ""
}

// sweepJoined is sweepCarries of clubs, which carry a record.
func sweepJoined(p *sweepParent, list []*sweepClub, d sweepDump) string {
	for _, c := range list {
		member, ok := relation.PivotOf[sweepMember](c)
		if !ok || c.Extras()["member"] != any(member) {
			return fmt.Sprintf("the club %d carries no member", c.ID)
		}
		if member.ParentID != p.ID || member.ClubID != c.ID {
			return fmt.Sprintf("the club %d carries the member of another", c.ID)
		}
		if text := sweepEqualsRow(member, d, nil); text != "" {
			return "the member: " + text
		}
	}
	return ""
}

// sweepPivotSaveOps save related records of manyToMany.
func sweepPivotSaveOps() []sweepOp {
	type (
		parent = *sweepParent
		skills = []*sweepSkill
		clubs  = []*sweepClub
	)
	high, low := model.Attrs{"level": "high"}, model.Attrs{"level": "low"}
	typed := func(p parent) *relation.ManyToManyClient[*sweepSkill] { return relation.ManyToMany(p, &p.Skills) }
	visited := func(_ parent, _ skills, d sweepDump) string {
		if n := strings.Count(d.text, "sweep_visits"); n != 4 {
			return fmt.Sprintf("there are %d visits", n)
		}
		return ""
	}
	newClubs := func(testing.TB, *sweepStage) clubs { return clubs{{Name: "n"}, {Name: "o"}} }
	club := func(t testing.TB, s *sweepStage) clubs {
		t.Helper()
		return clubs{sweepFind[sweepClub](t, s, 2)}
	}
	return []sweepOp{
		sweepSaves("Client.Create", "manyToMany", sweepSkills(0), func(ctx context.Context, p parent, list skills) error {
			return p.Related("skills").Create(ctx, list[0], high)
		}, sweepCarries),
		sweepSaves("Client.Save", "manyToMany", sweepSkills(3), func(ctx context.Context, p parent, list skills) error {
			return p.Related("skills").Save(ctx, list[0], high)
		}, sweepCarries),
		sweepSaves("Client.Save", "manyToMany, attached", sweepSkills(2), func(ctx context.Context, p parent, list skills) error {
			return p.Related("skills").Save(ctx, list[0], high)
		}, sweepCarries),
		sweepSaves("Client.SaveDuplicate", "manyToMany", sweepSkills(1), func(ctx context.Context, p parent, list skills) error {
			return p.Related("visits").SaveDuplicate(ctx, list[0], high)
		}, visited),
		sweepSaves("Client.CreateMany", "manyToMany", sweepSkills(0, 0), func(ctx context.Context, p parent, list skills) error {
			return p.Related("skills").CreateMany(ctx, list, high, nil)
		}, sweepCarries),
		sweepSaves("Client.SaveMany", "manyToMany", sweepSkills(0, 3, 2), func(ctx context.Context, p parent, list skills) error {
			return p.Related("skills").SaveMany(ctx, list, high, low, high)
		}, sweepCarries),
		sweepSaves("Client.CreateMany", "pivot model", newClubs, func(ctx context.Context, p parent, list clubs) error {
			return p.Related("clubs").CreateMany(ctx, list, model.Attrs{"Role": "owner"}, nil)
		}, sweepJoined),
		sweepSaves("Client.Save", "pivot model", club, func(ctx context.Context, p parent, list clubs) error {
			return p.Related("clubs").Save(ctx, list[0], model.Attrs{"role": "boss"})
		}, sweepJoined),
		sweepSaves("ManyToManyClient.Create", "manyToMany", sweepSkills(0), func(ctx context.Context, p parent, list skills) error {
			return typed(p).Create(ctx, list[0], high)
		}, sweepCarries),
		sweepSaves("ManyToManyClient.Save", "manyToMany", sweepSkills(3), func(ctx context.Context, p parent, list skills) error {
			return typed(p).Save(ctx, list[0], high)
		}, sweepCarries),
		sweepSaves("ManyToManyClient.SaveDuplicate", "manyToMany", sweepSkills(1), func(ctx context.Context, p parent, list skills) error {
			return relation.ManyToMany(p, &p.Visits).SaveDuplicate(ctx, list[0])
		}, visited),
		sweepSaves("ManyToManyClient.CreateMany", "manyToMany", sweepSkills(0, 0), func(ctx context.Context, p parent, list skills) error {
			return typed(p).CreateMany(ctx, list, high, low)
		}, sweepCarries),
		sweepSaves("ManyToManyClient.SaveMany", "manyToMany", sweepSkills(0, 2), func(ctx context.Context, p parent, list skills) error {
			return typed(p).SaveMany(ctx, list, high, low)
		}, sweepCarries),
	}
}

// sweepBelongs is a call on the parent that a record belongs to. p's relation follows.
func sweepBelongs(api, name string, bossID int64, call func(ctx context.Context, p, boss *sweepParent) error) sweepOp {
	return sweepOp{name: strings.TrimSuffix(api+"/"+name, "/"), api: []string{api}, arrange: func(t testing.TB, s *sweepStage) *sweepCall {
		t.Helper()
		p := sweepFind[sweepParent](t, s, 1)
		before := sweepFind[sweepParent](t, s, 2)
		if err := p.Related("boss").SetLoaded(before); err != nil {
			t.Fatal(err)
		}
		var boss *sweepParent
		c := &sweepCall{records: []sweepRecord{p}, untouched: []sweepRecord{before}}
		switch bossID {
		case -1:
		case 0:
			boss = &sweepParent{Name: "new boss"}
			c.records = append(c.records, boss)
		default:
			boss = sweepFind[sweepParent](t, s, bossID)
			boss.Name = "pending"
			c.untouched = append(c.untouched, boss)
		}
		c.run = func(ctx context.Context, db *model.DB) error { return call(model.WithDB(ctx, db), p, boss) }
		c.also = func(sweepDump) string {
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

// sweepBelongOps are the writes of belongsTo.
func sweepBelongOps() []sweepOp {
	type parent = *sweepParent
	return []sweepOp{
		sweepBelongs("Client.Associate", "saved", 3, func(ctx context.Context, p, boss parent) error { return p.Related("boss").Associate(ctx, boss) }),
		sweepBelongs("Client.Associate", "new", 0, func(ctx context.Context, p, boss parent) error { return p.Related("boss").Associate(ctx, boss) }),
		sweepBelongs("Client.Dissociate", "", -1, func(ctx context.Context, p, _ parent) error { return p.Related("boss").Dissociate(ctx) }),
		sweepBelongs("BelongsToClient.Associate", "", 0, func(ctx context.Context, p, boss parent) error {
			return relation.BelongsTo(p, &p.Boss).Associate(ctx, boss)
		}),
		sweepBelongs("BelongsToClient.Dissociate", "", -1, func(ctx context.Context, p, _ parent) error {
			return relation.BelongsTo(p, &p.Boss).Dissociate(ctx)
		}),
	}
}
