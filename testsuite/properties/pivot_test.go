// SPDX-License-Identifier: MIT

package properties_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

type club struct {
	model.BaseModel[club]

	ID   int64
	Name string

	Members []*person `relation:"manyToMany;pivotTable:members;pivotColumns:rank,note;pivotTimestamps"`
	Seats   []*person `relation:"manyToMany"`
}

func (c *club) Define(d *model.Definition[club]) { d.Relation(&c.Seats).Using(&seat{}) }

type person struct {
	model.BaseModel[person]

	ID   int64
	Name string
}

// seat is the pivot row of Seats.
type seat struct {
	model.BaseModel[seat]

	ID        int64
	ClubID    int64 `gorm:"uniqueIndex:seat_pair"`
	PersonID  int64 `gorm:"uniqueIndex:seat_pair"`
	Rank      *int
	Note      *string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// pivotKind is a manyToMany relation with a pivot table of its own.
type pivotKind struct {
	relation, table string
	rank            func(n int) any // a value of its column rank
}

func pivotKinds() []pivotKind {
	return []pivotKind{
		{"members", "members", func(n int) any { return fmt.Sprint(n) }},
		{"seats", "seats", func(n int) any { return n }},
	}
}

// pivotRow is a pivot row as the model in memory has it.
type pivotRow struct {
	rank, note       any
	created, updated time.Time
}

// linkGiven is an argument of Attach and its kin.
type linkGiven struct {
	id    int64
	attrs relation.Attrs // nil is none
	form  int
}

// pivotMachine runs the same calls on a relation and on a model of it.
type pivotMachine struct {
	*store

	kind   pivotKind
	people map[int64]*person
	clubs  []*club
	rows   []map[int64]pivotRow // of each club
}

func (m *pivotMachine) drawAttrs(rt *rapid.T) relation.Attrs {
	attrs := relation.Attrs{}
	switch rapid.IntRange(0, 4).Draw(rt, "rank") {
	case 0:
	case 1:
		attrs["rank"] = nil
	default:
		attrs["rank"] = m.kind.rank(rapid.IntRange(1, 2).Draw(rt, "rank value"))
	}
	switch rapid.IntRange(0, 4).Draw(rt, "note") {
	case 0, 1:
	case 2:
		attrs["note"] = nil
	default:
		attrs["note"] = rapid.SampledFrom([]string{"", "a", "b"}).Draw(rt, "note value")
	}
	return attrs
}

func (m *pivotMachine) drawLinks(rt *rapid.T) []linkGiven {
	return rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) linkGiven {
		l := linkGiven{id: rapid.Int64Range(1, 6).Draw(rt, "id"), form: rapid.IntRange(0, 3).Draw(rt, "form")}
		if rapid.Bool().Draw(rt, "with attributes") {
			l.attrs = m.drawAttrs(rt)
		}
		return l
	}), 0, 5).Draw(rt, "links")
}

// arguments writes links as a caller may.
func (m *pivotMachine) arguments(links []linkGiven) []any {
	var out []any
	for _, l := range links {
		var to any
		switch l.form {
		case 0:
			to = l.id
		case 1:
			to = m.people[l.id]
		case 2:
			to = int32(l.id)
		default:
			to = fmt.Sprint(l.id)
		}
		switch {
		case l.attrs != nil:
			to = relation.Pivot(to, l.attrs)
		case l.form == 0:
			to = []int64{l.id}
		}
		out = append(out, to)
	}
	return out
}

// distinctLinks keeps one link to each id, with the attributes that were given last.
func distinctLinks(links []linkGiven) []linkGiven {
	var out []linkGiven
	for _, l := range links {
		at := slices.IndexFunc(out, func(o linkGiven) bool { return o.id == l.id })
		switch {
		case at < 0:
			out = append(out, l)
		case l.attrs != nil:
			out[at].attrs = l.attrs
		}
	}
	return out
}

// assign writes attributes to a row, and reports whether it differs then.
func (m *pivotMachine) assign(row *pivotRow, attrs relation.Attrs) bool {
	before := *row
	if v, ok := attrs["rank"]; ok {
		row.rank = plain(v)
	}
	if v, ok := attrs["note"]; ok {
		row.note = v
	}
	return before.rank != row.rank || before.note != row.note
}

func (m *pivotMachine) insert(rows map[int64]pivotRow, l linkGiven) {
	row := pivotRow{created: m.clock.now(), updated: m.clock.now()}
	m.assign(&row, l.attrs)
	rows[l.id] = row
}

// call is what a call does in the model: its result and the statements that it sends.
type pivotCall struct {
	name   string
	run    func(ctx context.Context, c *relation.Client) (any, error)
	expect func(rows map[int64]pivotRow) (result any, statements int, locked, fails bool)
}

func (m *pivotMachine) draw(rt *rapid.T) pivotCall {
	links := m.drawLinks(rt)
	args := m.arguments(links)
	text := fmt.Sprintf("(%v)", links)
	switch rapid.IntRange(0, 7).Draw(rt, "call") {
	case 0:
		return pivotCall{"attach" + text, func(ctx context.Context, c *relation.Client) (any, error) {
			return nil, c.Attach(ctx, args...)
		}, func(rows map[int64]pivotRow) (any, int, bool, bool) {
			return m.attach(rows, links)
		}}
	case 1:
		return pivotCall{"detach" + text, func(ctx context.Context, c *relation.Client) (any, error) {
			return c.Detach(ctx, args...)
		}, func(rows map[int64]pivotRow) (any, int, bool, bool) {
			before := len(rows)
			for _, l := range links {
				delete(rows, l.id)
			}
			return int64(before - len(rows)), min(1, len(links)), len(distinctLinks(links)) > 1, false
		}}
	case 2:
		return m.updateExisting(rt)
	case 3:
		return pivotCall{"toggle" + text, func(ctx context.Context, c *relation.Client) (any, error) {
			return c.Toggle(ctx, args...)
		}, func(rows map[int64]pivotRow) (any, int, bool, bool) { return m.toggle(rows, links) }}
	case 4:
		values := m.drawAttrs(rt)
		return pivotCall{fmt.Sprintf("syncWithPivotValues(%v)%s", values, text), func(ctx context.Context, c *relation.Client) (any, error) {
			return c.SyncWithPivotValues(ctx, values, args...)
		}, func(rows map[int64]pivotRow) (any, int, bool, bool) {
			all := distinctLinks(links)
			for i, l := range all {
				attrs := maps.Clone(values)
				maps.Copy(attrs, l.attrs)
				all[i].attrs = attrs
			}
			return m.sync(rows, all, true)
		}}
	case 5:
		return pivotCall{"syncWithoutDetaching" + text, func(ctx context.Context, c *relation.Client) (any, error) {
			return c.SyncWithoutDetaching(ctx, args...)
		}, func(rows map[int64]pivotRow) (any, int, bool, bool) { return m.sync(rows, distinctLinks(links), false) }}
	default:
		return pivotCall{"sync" + text, func(ctx context.Context, c *relation.Client) (any, error) {
			return c.Sync(ctx, args...)
		}, func(rows map[int64]pivotRow) (any, int, bool, bool) { return m.sync(rows, distinctLinks(links), true) }}
	}
}

func (m *pivotMachine) attach(rows map[int64]pivotRow, links []linkGiven) (any, int, bool, bool) {
	seen := map[int64]bool{}
	for _, l := range links {
		if _, ok := rows[l.id]; ok || seen[l.id] {
			return nil, 1, false, true
		}
		seen[l.id] = true
	}
	for _, l := range links {
		m.insert(rows, l)
	}
	return nil, min(1, len(links)), false, false
}

func (m *pivotMachine) updateExisting(rt *rapid.T) pivotCall {
	id, values := rapid.Int64Range(1, 6).Draw(rt, "id"), m.drawAttrs(rt)
	return pivotCall{fmt.Sprintf("updateExistingPivot(%d, %v)", id, values), func(ctx context.Context, c *relation.Client) (any, error) {
		return c.UpdateExistingPivot(ctx, id, values)
	}, func(rows map[int64]pivotRow) (any, int, bool, bool) {
		row, ok := rows[id]
		if len(values) == 0 || !ok {
			return int64(0), min(1, len(values)), false, false
		}
		if !m.assign(&row, values) {
			return int64(1), 1, false, false
		}
		row.updated = m.clock.now()
		rows[id] = row
		return int64(1), 2, false, false
	}}
}

func (m *pivotMachine) toggle(rows map[int64]pivotRow, links []linkGiven) (any, int, bool, bool) {
	var done relation.Changes
	for _, l := range distinctLinks(links) {
		if _, ok := rows[l.id]; ok {
			delete(rows, l.id)
			done.Detached = append(done.Detached, l.id)
			continue
		}
		m.insert(rows, l)
		done.Attached = append(done.Attached, l.id)
	}
	statements := min(1, len(links)) + min(1, len(done.Attached)) + min(1, len(done.Detached))
	return done, statements, len(links) > 0, false
}

func (m *pivotMachine) sync(rows map[int64]pivotRow, links []linkGiven, detach bool) (any, int, bool, bool) {
	var done relation.Changes
	if len(links) == 0 && !detach {
		return done, 0, false, false
	}
	wanted := map[int64]bool{}
	for _, l := range links {
		wanted[l.id] = true
		row, ok := rows[l.id]
		if !ok {
			m.insert(rows, l)
			done.Attached = append(done.Attached, l.id)
			continue
		}
		if m.assign(&row, l.attrs) {
			row.updated = m.clock.now()
			rows[l.id] = row
			done.Updated = append(done.Updated, l.id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		if detach && !wanted[id] {
			delete(rows, id)
			done.Detached = append(done.Detached, id)
		}
	}
	return done, 1 + min(1, len(done.Attached)) + min(1, len(done.Detached)) + len(done.Updated), true, false
}

// sortDetached puts the detached ids into the model's order, if a call was no Toggle, which has its own.
func sortDetached(result any) any {
	if done, ok := result.(relation.Changes); ok {
		slices.SortFunc(done.Detached, func(a, b any) int { return cmp.Compare(a.(int64), b.(int64)) })
	}
	return result
}

// check compares the pivot rows of all clubs with the model, as they are and as the relation reads them.
func (m *pivotMachine) check(rt *rapid.T) {
	ctx := context.Background()
	for i, c := range m.clubs {
		var people []*person
		require.NoError(rt, c.Related(m.kind.relation).All(ctx, &people))
		got := map[int64]pivotRow{}
		for _, p := range people {
			x := p.Extras()
			require.Equal(rt, c.ID, x["pivot_club_id"])
			require.Equal(rt, p.ID, x["pivot_person_id"])
			got[p.ID] = pivotRow{plain(x["pivot_rank"]), plain(x["pivot_note"]), utc(x["pivot_created_at"]), utc(x["pivot_updated_at"])}
		}
		require.Len(rt, people, len(got), "a person twice")
		require.Equal(rt, m.rows[i], got)
		var n int64
		require.NoError(rt, m.Gorm().Raw("SELECT count(*) FROM "+m.kind.table+" WHERE club_id = ?", c.ID).Scan(&n).Error)
		require.Equal(rt, int64(len(got)), n)
	}
}

// plain follows a pointer, and widens an int.
func plain(v any) any {
	switch v := v.(type) {
	case *int:
		if v == nil {
			return nil
		}
		return int64(*v)
	case *string:
		if v == nil {
			return nil
		}
		return *v
	case int:
		return int64(v)
	}
	return v
}

func utc(v any) time.Time {
	switch v := v.(type) {
	case *time.Time:
		return v.UTC()
	case time.Time:
		return v.UTC()
	}
	return time.Time{}
}

func TestPivotWritesEqualTheModel(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *store) {
		s.migrate(t, &club{}, &person{}, &seat{})
		people := map[int64]*person{}
		for id := int64(1); id <= 6; id++ {
			people[id] = &person{Name: fmt.Sprint("p", id)}
			require.NoError(t, model.Create(t.Context(), s.DB, people[id]))
			require.Equal(t, id, people[id].ID)
		}
		for _, kind := range pivotKinds() {
			t.Run(kind.relation, rapid.MakeCheck(func(rt *rapid.T) {
				ctx := context.Background()
				m := &pivotMachine{store: s, kind: kind, people: people}
				for range 2 {
					c := &club{Name: "c"}
					require.NoError(rt, model.Create(ctx, s.DB, c))
					m.clubs, m.rows = append(m.clubs, c), append(m.rows, map[int64]pivotRow{})
				}
				for range rapid.IntRange(1, 12).Draw(rt, "calls") {
					s.clock.tick()
					at := rapid.IntRange(0, 1).Draw(rt, "club")
					call := m.draw(rt)
					rt.Log(call.name)
					s.sent.take()
					got, err := call.run(ctx, m.clubs[at].Related(kind.relation))
					statements, locks := s.sent.take()
					want, count, locked, fails := call.expect(m.rows[at])
					if fails {
						require.ErrorIs(rt, err, model.ErrDuplicate)
					} else {
						require.NoError(rt, err)
						require.Equal(rt, sortDetachedOf(call.name, want), sortDetachedOf(call.name, got))
					}
					require.Len(rt, statements, count, "%q", statements)
					require.Equal(rt, locked && s.postgres, locks == 1, "%d locks", locks)
					m.check(rt)
				}
			}))
		}
	})
}

// sortDetachedOf leaves the order of a Toggle, which is that of its links.
func sortDetachedOf(call string, result any) any {
	if call[:6] == "toggle" {
		return result
	}
	return sortDetached(result)
}
