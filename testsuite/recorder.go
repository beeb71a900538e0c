// SPDX-License-Identifier: MIT

package testsuite

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
}

// Statements returns the statements since the last Reset, but for SAVEPOINT and its kin, which are no
// part of what is promised.
func (r *Recorder) Statements() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.statements)
}

// Reset forgets the statements.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statements = nil
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
	for _, prefix := range []string{"SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT "} {
		if strings.HasPrefix(sql, prefix) {
			return
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.statements = append(r.statements, sql)
}
