// SPDX-License-Identifier: MIT

package migrate_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// together migrates models from four programs at once.
func together(t *testing.T, e *harness.Env, models ...any) {
	t.Helper()
	var programs sync.WaitGroup
	for range 4 {
		programs.Go(func() {
			db, err := model.Open(e.Database.Dialector(e.DSN))
			if err == nil {
				err = db.Migrate(e.Ctx, models...)
				_ = db.Close() // the error of Migrate is the one to report.
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	programs.Wait()
}

func TestProgramsMigrateTogether(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		together(t, e, &town{}, &shop{}, &shelf{}, &label{}, &concurrent{})
		e.Exec(t, "INSERT INTO shops (id, name, number) VALUES (1, 'x', '1')", "INSERT INTO shelves (id, shop_id) VALUES (1, 1)")
		for _, v := range []any{&withColumn{}, &withCheck{}, &withForeignKey{}, &withUnique{}} {
			together(t, e, v, &town{}, &shelf{})
		}
		require.EqualValues(t, 1, e.Count(t, "shelves"))
		e.Sent.Reset()
		require.NoError(t, e.DB.Migrate(e.Ctx, &town{}, &shelf{}, &withUnique{}, &concurrent{}))
		require.Empty(t, changing(e.Sent.Statements()))
	})
}

// concurrent has an index that PostgreSQL makes beside writers.
type concurrent struct {
	model.BaseModel[concurrent]

	ID   int64
	Name string `gorm:"index:,option:CONCURRENTLY"`
}
