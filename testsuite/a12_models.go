// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/model"
)

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

// transactionPromises are those of row A12.
func transactionPromises() []promise {
	return slices.Concat(closurePromises(), nestedPromises(), manualPromises(), endedContextPromises(), servingPromises(),
		rollbackPromises(), savepointRecordPromises(), retryPromises(), afterCommitPromises(), endHookPromises(), goingOnPromises(),
		onePoolPromises(), concurrentPromises(), gormPromises(), listenerPromises(), endPromises())
}

// transaction runs fn in a transaction, as an operation that a twin knows by that name.
func (e *env) transaction(fn func(ctx context.Context, tx *model.DB) error) error {
	return e.do("transaction", func() error { return e.db.Transaction(e.ctx, fn) })
}

// save is Save of an account.
func save(ctx context.Context, a *account) error { return a.Save(ctx) }

// commits is a twin whose transactions are committed even though they fail.
func commits(e *env) {
	e.sql = func(sql string) string {
		if len(sql) > 21 && sql[:21] == "ROLLBACK TO SAVEPOINT" {
			return "SELECT 1"
		}
		return sql
	}
	e.op["transaction"] = func(run func() error) error {
		err := run()
		_ = e.gorm.Exec("INSERT INTO accounts (email) VALUES ('a row that is left')").Error
		return err
	}
}

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
func (e *env) logged(t testing.TB) (*model.DB, *statementLog) {
	t.Helper()
	log := &statementLog{}
	handle := e.db.Gorm().Session(&gorm.Session{NewDB: true, Logger: log, Context: e.ctx})
	db, err := model.New(handle, model.Config{Now: func() time.Time { return e.clock.now }})
	require.NoError(t, err)
	log.text = nil
	return db, log
}

// newDatabase returns another, empty database of the kind, with tables for models.
func (e *env) newDatabase(t testing.TB, models ...any) (*model.DB, *gorm.DB) {
	t.Helper()
	handle := e.open(t)
	db, err := model.New(handle.Session(&gorm.Session{NewDB: true, Context: e.ctx}), model.Config{Now: func() time.Time { return e.clock.now }})
	require.NoError(t, err)
	require.NoError(t, db.Migrate(e.ctx, models...))
	return db, handle
}
