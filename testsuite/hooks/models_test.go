// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// tally is a model with little JSON.
type tally struct {
	model.BaseModel[tally]

	ID    int64
	Kind  string
	Score int
	Mark  *int `json:"-"`
}

// hooked has a hook for every moment: as a method, by Define, and of an observer. What they do is in
// the journal that the context carries, because hooks belong to the type.
type hooked struct {
	model.BaseModel[hooked]

	ID        int64
	Name      string `gorm:"uniqueIndex;size:80"`
	Kind      string
	Visits    int
	CreatedAt time.Time
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}

// journal is what hooks write to and take orders from.
type journal struct {
	mu     sync.Mutex
	events []string
	// on is what the hook of a moment does, after it has written its name: "creating" is the method,
	// "creating:on" the function, "creating:observer" the observer.
	on map[string]func(ctx context.Context, h *hooked) error
	// query and many are the same for hooks that get the query or the list.
	query map[string]func(ctx context.Context, q *relation.Query) error
	many  map[string]func(ctx context.Context, list []*hooked) error
	// plain leaves out the events of functions and observers.
	plain bool
}

type journalKey struct{}

// keepJournal has hooks of hooked write to a new journal in all calls with e.ctx.
func keepJournal(e *harness.Env) *journal {
	j := &journal{
		on: map[string]func(context.Context, *hooked) error{}, query: map[string]func(context.Context, *relation.Query) error{},
		many: map[string]func(context.Context, []*hooked) error{}, plain: true,
	}
	e.Ctx = context.WithValue(e.Ctx, journalKey{}, j)
	return j
}

func journalOf(ctx context.Context) *journal {
	j, _ := ctx.Value(journalKey{}).(*journal)
	return j
}

// take returns the events so far and forgets them.
func (j *journal) take() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	events := j.events
	j.events = nil
	return append([]string{}, events...)
}

// note writes an event, unless it is one that is left out.
func (j *journal) note(event string, extra bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !extra || !j.plain {
		j.events = append(j.events, event)
	}
}

// happened is what every hook of a record does.
func happened(ctx context.Context, moment hooks.Moment, by string, h *hooked) error {
	j := journalOf(ctx)
	if j == nil {
		return nil
	}
	event := string(moment) + by
	j.note(event, by != "")
	if act := j.on[event]; act != nil {
		return act(ctx, h)
	}
	return nil
}

func (h *hooked) Creating(ctx context.Context) error { return happened(ctx, hooks.Creating, "", h) }

func (h *hooked) Created(ctx context.Context) error { return happened(ctx, hooks.Created, "", h) }

func (h *hooked) Updating(ctx context.Context) error { return happened(ctx, hooks.Updating, "", h) }

func (h *hooked) Updated(ctx context.Context) error { return happened(ctx, hooks.Updated, "", h) }

func (h *hooked) Saving(ctx context.Context) error { return happened(ctx, hooks.Saving, "", h) }

func (h *hooked) Saved(ctx context.Context) error { return happened(ctx, hooks.Saved, "", h) }

func (h *hooked) Deleting(ctx context.Context) error { return happened(ctx, hooks.Deleting, "", h) }

func (h *hooked) Deleted(ctx context.Context) error { return happened(ctx, hooks.Deleted, "", h) }

func (h *hooked) Restoring(ctx context.Context) error { return happened(ctx, hooks.Restoring, "", h) }

func (h *hooked) Restored(ctx context.Context) error { return happened(ctx, hooks.Restored, "", h) }

func (h *hooked) Found(ctx context.Context) error { return happened(ctx, hooks.Found, "", h) }

func (h *hooked) Committed(ctx context.Context) error { return happened(ctx, hooks.Committed, "", h) }

func (h *hooked) RolledBack(ctx context.Context) error { return happened(ctx, hooks.RolledBack, "", h) }

// recordMoments are the moments whose hooks get the record.
func recordMoments() []hooks.Moment {
	return []hooks.Moment{
		hooks.Creating, hooks.Created, hooks.Updating, hooks.Updated, hooks.Saving, hooks.Saved, hooks.Deleting, hooks.Deleted,
		hooks.Restoring, hooks.Restored, hooks.Found, hooks.Committed, hooks.RolledBack,
	}
}

// Define is read by Register.
func (*hooked) Define(d *model.Definition[hooked]) {
	for _, moment := range recordMoments() {
		d.On(moment, func(ctx context.Context, h *hooked) error { return happened(ctx, moment, ":on", h) })
	}
	for _, moment := range []hooks.Moment{hooks.Finding, hooks.Fetching, hooks.Paginating} {
		d.OnQuery(moment, func(ctx context.Context, q *relation.Query) error { return asking(ctx, moment, "", q) })
	}
	for _, moment := range []hooks.Moment{hooks.Fetched, hooks.Paginated} {
		d.OnMany(moment, func(ctx context.Context, list []*hooked) error { return hookedList(ctx, moment, "", list) })
	}
	d.Observe(&hookedObserver{})
	d.GlobalScope("kind", func(q *relation.Query) { q.Where("kind", "!=", "hidden") })
}

func asking(ctx context.Context, moment hooks.Moment, by string, q *relation.Query) error {
	j := journalOf(ctx)
	if j == nil {
		return nil
	}
	j.note(string(moment)+by, by != "")
	if act := j.query[string(moment)+by]; act != nil {
		return act(ctx, q)
	}
	return nil
}

func hookedList(ctx context.Context, moment hooks.Moment, by string, list []*hooked) error {
	j := journalOf(ctx)
	if j == nil {
		return nil
	}
	j.note(string(moment)+by, by != "")
	if act := j.many[string(moment)+by]; act != nil {
		return act(ctx, list)
	}
	return nil
}

// hookedObserver observes one moment of each sort, and saving.
type hookedObserver struct{}

// Saving observes records.
func (*hookedObserver) Saving(ctx context.Context, h *hooked) error {
	return happened(ctx, hooks.Saving, ":observer", h)
}

// Deleted observes records.
func (*hookedObserver) Deleted(ctx context.Context, h *hooked) error {
	return happened(ctx, hooks.Deleted, ":observer", h)
}

// Fetching observes queries.
func (*hookedObserver) Fetching(ctx context.Context, q *relation.Query) error {
	return asking(ctx, hooks.Fetching, ":observer", q)
}

// Fetched observes lists.
func (*hookedObserver) Fetched(ctx context.Context, list []*hooked) error {
	return hookedList(ctx, hooks.Fetched, ":observer", list)
}

// seedHooked makes records named by names, with the keys 1 …, without running hooks.
func seedHooked(t testing.TB, e *harness.Env, names ...string) *journal {
	t.Helper()
	e.Migrate(t, &hooked{})
	list := make([]*hooked, len(names))
	for i, name := range names {
		list[i] = &hooked{Name: name, Visits: i}
	}
	require.NoError(t, model.Insert(e.Ctx, e.DB, list))
	j := keepJournal(e)
	e.Sent.Reset()
	return j
}

// hookedByName reads a record without hooks and scopes, deleted or not.
func hookedByName(t testing.TB, e *harness.Env, name string) *hooked {
	t.Helper()
	h, err := model.Query[hooked](e.DB).WithTrashed().WithoutScope().Where("name", name).First(hooks.Without(e.Ctx))
	require.NoError(t, err)
	return h
}

// hookedRow is a row as it is outside of Kindred.
func hookedRows(t testing.TB, e *harness.Env) []map[string]any {
	t.Helper()
	rows := e.Rows(t, "SELECT * FROM hookeds ORDER BY id")
	slices.SortStableFunc(rows, func(a, b map[string]any) int { return len(a) - len(b) })
	return rows
}

// refused is a query that must fail before anything is sent.
type refused struct {
	name string
	run  func() error
	is   error  // what errors.Is finds; nil is any error
	says string // part of the text
}
