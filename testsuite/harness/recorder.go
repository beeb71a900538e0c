// SPDX-License-Identifier: MIT

package harness

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm/logger"
)

// Recorder is a logger of gorm that keeps the texts of the statements which it is told of. It is safe
// for use by several goroutines.
type Recorder struct {
	mu         sync.Mutex
	statements []string
	savepoints int
}

// Statements returns the statements since the last Reset, without those of savepoints.
func (r *Recorder) Statements() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.statements)
}

// Reset forgets the statements.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statements, r.savepoints = nil, 0
}

// Savepoints returns how many statements about savepoints were sent since the last Reset.
func (r *Recorder) Savepoints() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.savepoints
}

// LogMode returns the recorder itself.
func (r *Recorder) LogMode(logger.LogLevel) logger.Interface { return r }

// Info drops messages.
func (*Recorder) Info(context.Context, string, ...any) {}

// Warn drops messages.
func (*Recorder) Warn(context.Context, string, ...any) {}

// Error drops messages.
func (*Recorder) Error(context.Context, string, ...any) {}

// Trace keeps a statement.
func (r *Recorder) Trace(_ context.Context, _ time.Time, statement func() (string, int64), _ error) {
	sql, _ := statement()
	r.mu.Lock()
	defer r.mu.Unlock()
	if isSavepoint(sql) {
		r.savepoints++
		return
	}
	r.statements = append(r.statements, sql)
}

func isSavepoint(sql string) bool {
	return strings.HasPrefix(sql, "SAVEPOINT ") || strings.HasPrefix(sql, "RELEASE SAVEPOINT ") ||
		strings.HasPrefix(sql, "ROLLBACK TO SAVEPOINT ")
}
