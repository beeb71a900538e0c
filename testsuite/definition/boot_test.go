// SPDX-License-Identifier: MIT

package definition_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// bootCounter is a naming strategy that counts how often a model is compiled, which asks it for the
// table once. As it is a pointer, every database with one of its own boots its models anew.
type bootCounter struct {
	schema.NamingStrategy

	tables atomic.Int64
	slow   chan struct{} // closed when everybody has asked
}

// TableName counts.
func (b *bootCounter) TableName(name string) string {
	b.tables.Add(1)
	<-b.slow
	return b.NamingStrategy.TableName(name)
}

const many = 64

func together(run func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range many {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			run(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}

// A model that 64 goroutines use at once is compiled once, and every one of them gets it whole.
func TestConcurrentUseCompilesAModelOnce(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		names := &bootCounter{NamingStrategy: schema.NamingStrategy{IdentifierMaxLength: 64}, slow: make(chan struct{})}
		db := named(t, e, names, nil)
		close(names.slow)
		require.NoError(t, func() error {
			var failed atomic.Pointer[error]
			together(func(i int) {
				a := &account{Name: "x", Age: i}
				err := a.Merge(model.Attrs{"nick": "n"})
				if err == nil && i%2 == 0 {
					err = db.Register(a)
				}
				if err == nil {
					_, _, err = model.Query[account](db).Where("Name", "x").ToSQL()
				}
				if err != nil {
					failed.Store(&err)
				}
			})
			if err := failed.Load(); err != nil {
				return *err
			}
			return nil
		}())
		require.EqualValues(t, 1, names.tables.Load(), "compiled more than once")
		require.NoError(t, model.Create(e.Ctx, db, &account{Email: "a@example.com"}))
	})
}

// A model with a mistake is refused for every goroutine that uses it, with one error.
func TestConcurrentUseRefusesAMistakeWithOneError(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		names := &bootCounter{NamingStrategy: schema.NamingStrategy{IdentifierMaxLength: 64}, slow: make(chan struct{})}
		close(names.slow)
		db := named(t, e, names, nil)
		texts := make([]string, many)
		together(func(i int) {
			if err := db.Register(&badUse{}); err != nil {
				texts[i] = err.Error()
			}
		})
		require.Contains(t, texts[0], "field Author")
		for _, text := range texts {
			require.Equal(t, texts[0], text)
		}
	})
}
