// SPDX-License-Identifier: MIT

package transaction_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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

// folder has a foreign key onto its own table and a check; the table is made past Kindred.
type folder struct {
	model.BaseModel[folder]

	Code   string `gorm:"primaryKey;size:40"`
	Parent *string
	Depth  int
	Title  *string
}

const createFolders = "CREATE TABLE folders (code varchar(40) PRIMARY KEY, parent varchar(40) REFERENCES folders (code), " +
	"depth integer NOT NULL CHECK (depth < 10), title varchar(40) NOT NULL)"

// save is Save of an account.
func save(ctx context.Context, a *account) error { return a.Save(ctx) }

// ended is what fn returns or panics with, or nothing after runtime.Goexit.
func ended(fn func()) (panicked any) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { panicked = recover() }()
		fn()
	}()
	<-done
	return panicked
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

// logged returns another database of Kindred's on the same handle, and the log of what it sends.
func logged(t testing.TB, e *harness.Env) (*model.DB, *statementLog) {
	t.Helper()
	log := &statementLog{}
	handle := e.DB.Gorm().Session(&gorm.Session{NewDB: true, Logger: log, Context: e.Ctx})
	db, err := model.New(handle, model.Config{Now: func() time.Time { return e.Clock.Now() }})
	require.NoError(t, err)
	log.text = nil
	return db, log
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
