// SPDX-License-Identifier: MIT

package upsert_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// seat has a key of two columns.
type seat struct {
	model.BaseModel[seat]

	Line   int64  `gorm:"primaryKey;autoIncrement:false"`
	Letter string `gorm:"primaryKey;size:1"`
	Taken  bool
}

// member has two unique columns, and hooks at every moment of a record, which note themselves in the
// diary that their context carries.
type member struct {
	model.BaseModel[member]

	ID     int64
	Email  string  `gorm:"uniqueIndex;size:80"`
	Number *string `gorm:"uniqueIndex;size:80"`
	Name   string
	Points int
}

func (m *member) Define(d *model.Definition[member]) {
	for _, moment := range []hooks.Moment{
		hooks.Creating, hooks.Created, hooks.Updating, hooks.Updated, hooks.Saving, hooks.Saved, hooks.Deleting, hooks.Deleted,
		hooks.Committed, hooks.RolledBack,
	} {
		d.On(moment, func(ctx context.Context, m *member) error { return diaryOf(ctx).note(ctx, moment, m) })
	}
}

// diary notes the hooks of members in their order. It is safe for use by several goroutines.
type diary struct {
	mu    sync.Mutex
	notes []string
	// react, if it is set, runs in every hook, and its error is the hook's.
	react func(ctx context.Context, moment hooks.Moment, m *member) error
}

type diaryKey struct{}

// diaried returns a context that carries a new diary.
func diaried(ctx context.Context) (context.Context, *diary) {
	d := &diary{}
	return context.WithValue(ctx, diaryKey{}, d), d
}

func diaryOf(ctx context.Context) *diary {
	d, _ := ctx.Value(diaryKey{}).(*diary)
	return d
}

func (d *diary) note(ctx context.Context, moment hooks.Moment, m *member) error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	d.notes = append(d.notes, string(moment)+" "+m.Email)
	d.mu.Unlock()
	if d.react == nil {
		return nil
	}
	return d.react(ctx, moment, m)
}

// taken returns what was noted since the last call.
func (d *diary) taken() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	notes := d.notes
	d.notes = nil
	return notes
}

// at returns which records were noted at a moment since the last taken, sorted.
func (d *diary) at(moment hooks.Moment) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var who []string
	for _, n := range d.notes {
		if m, email, _ := strings.Cut(n, " "); m == string(moment) {
			who = append(who, email)
		}
	}
	slices.Sort(who)
	return who
}

// errReaction is what hooks fail with.
var errReaction = errors.New("a hook fails")

// leaflet has soft deletes and a unique text.
type leaflet struct {
	model.BaseModel[leaflet]

	ID        int64
	Slug      string `gorm:"uniqueIndex;size:80"`
	Title     string
	DeletedAt gorm.DeletedAt
}

// posting has a unique pair of columns, a version and a column with a default.
type posting struct {
	model.BaseModel[posting]

	ID      int64
	Team    string `gorm:"uniqueIndex:team_person;size:40"`
	Person  int64  `gorm:"uniqueIndex:team_person"`
	Role    *string
	Grade   string `gorm:"size:20;default:junior"`
	Version int64  `model:"version"`
}

// twoMembers creates two members past Kindred.
func twoMembers(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &member{})
	require.NoError(t, e.Gorm.Exec("INSERT INTO members (email, number, name, points) VALUES ('a@x', 'n1', 'A', 1), ('b@x', NULL, 'B', 2)").Error)
}

// raced calls fn from so many goroutines as there are racers, that start together, and returns their errors.
func raced(fn func(i int) error) error {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	failed := make([]error, racers)
	ready.Add(racers)
	for i := range racers {
		done.Go(func() {
			ready.Done()
			<-start
			failed[i] = fn(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	return errors.Join(failed...)
}

// parcel has a column of every kind that a row can hold.
type parcel struct {
	model.BaseModel[parcel]

	ID        int64
	Label     string
	Note      *string
	Count     *int64
	Small     int16
	Weight    *float64
	Price     *string `gorm:"type:numeric(12,2)"`
	Fragile   *bool
	Sent      *time.Time
	Content   []byte
	Owner     *string           `gorm:"type:uuid"`
	Tags      []string          `gorm:"serializer:json"`
	Details   map[string]string `gorm:"type:jsonb;serializer:json"`
	CreatedAt time.Time
}

// account is the model that most promises use: it has every kind of plain column and no hooks.
type account struct {
	model.BaseModel[account]

	ID        int64
	Email     string `gorm:"uniqueIndex;size:160"`
	Name      string
	Nick      *string
	Password  string `json:"-"`
	Age       int
	Score     float64
	Active    bool
	Visits    int64
	SeenAt    *time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
}
