// SPDX-License-Identifier: MIT

package connection_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

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

// errReaction is what hooks fail with.
var errReaction = errors.New("a hook fails")

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

// tick is as narrow as a record can be.
type tick struct {
	model.BaseModel[tick]

	ID int64
	N  int64
}

// ballot has a column whose default is another value in every row.
type ballot struct {
	model.BaseModel[ballot]

	ID   int64
	Name string
	Lot  float64 `gorm:"default:(random())"`
}

// tenCells are ten columns.
type tenCells struct {
	C0, C1, C2, C3, C4, C5, C6, C7, C8, C9 int64
}

// wide has more than 64 columns.
type wide struct {
	model.BaseModel[wide]

	ID int64
	A  tenCells `gorm:"embedded;embeddedPrefix:a_"`
	B  tenCells `gorm:"embedded;embeddedPrefix:b_"`
	C  tenCells `gorm:"embedded;embeddedPrefix:c_"`
	D  tenCells `gorm:"embedded;embeddedPrefix:d_"`
	E  tenCells `gorm:"embedded;embeddedPrefix:e_"`
	F  tenCells `gorm:"embedded;embeddedPrefix:f_"`
	G  tenCells `gorm:"embedded;embeddedPrefix:g_"`
}

// statementLog is a logger of gorm that keeps everything that it is told, savepoints included.
type statementLog struct {
	mu   sync.Mutex
	text []string
}

func (l *statementLog) add(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, text)
}

func (l *statementLog) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.text)
}

// LogMode returns the log itself.
func (l *statementLog) LogMode(logger.LogLevel) logger.Interface { return l }

// Info keeps a message.
func (l *statementLog) Info(_ context.Context, text string, args ...any) {
	l.add(fmt.Sprintf(text, args...))
}

// Warn keeps a message.
func (l *statementLog) Warn(_ context.Context, text string, args ...any) {
	l.add(fmt.Sprintf(text, args...))
}

// Error keeps a message.
func (l *statementLog) Error(_ context.Context, text string, args ...any) {
	l.add(fmt.Sprintf(text, args...))
}

// Trace keeps a statement and its error.
func (l *statementLog) Trace(_ context.Context, _ time.Time, statement func() (string, int64), err error) {
	sql, _ := statement()
	if err != nil {
		sql += " -- " + err.Error()
	}
	l.add(sql)
}

// newDatabase returns another, empty database of the kind, with tables for models.
func newDatabase(t testing.TB, e *harness.Env, models ...any) (*model.DB, *gorm.DB) {
	t.Helper()
	handle := e.Database.Open(t)
	db, err := model.New(handle.Session(&gorm.Session{NewDB: true, Context: e.Ctx}), model.Config{Now: func() time.Time { return e.Clock.Now() }})
	require.NoError(t, err)
	require.NoError(t, db.Migrate(e.Ctx, models...))
	return db, handle
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

// note has soft deletes and a version.
type note struct {
	model.BaseModel[note]

	ID        int64
	Title     string
	Version   int64 `model:"version"`
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}
