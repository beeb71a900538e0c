// SPDX-License-Identifier: MIT

package properties_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

type crowd struct {
	model.BaseModel[crowd]

	ID int64

	Heads []*head  `relation:"hasMany"`
	Flags []*badge `relation:"manyToMany;pivotTable:crowd_badges"`
}

type head struct {
	model.BaseModel[head]

	ID      int64
	CrowdID int64 `gorm:"index"`
}

type badge struct {
	model.BaseModel[badge]

	ID int64
}

// numbers is the integers from 1 on, as a table.
const (
	numbersSQLite   = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %d) "
	numbersPostgres = "WITH numbers (n) AS (SELECT generate_series(1, %d)) "
)

func (s *store) generate(t *testing.T, n int, table, columns, values string) {
	t.Helper()
	numbers, insert := numbersSQLite, "INSERT INTO "+table+" ("+columns+") "
	if s.postgres {
		numbers = numbersPostgres
	}
	s.exec(t, insert+fmt.Sprintf(numbers, n)+"SELECT "+values+" FROM numbers WHERE n > 0")
}

func TestPreloadOfManyParents(t *testing.T) {
	t.Parallel()
	parents := 200_000
	if testing.Short() {
		parents = 20_000
	}
	onEach(t, func(t *testing.T, s *store) {
		s.migrate(t, &crowd{}, &head{}, &badge{})
		s.generate(t, parents, "crowds", "id", "n")
		s.generate(t, parents/4, "heads", "id, crowd_id", fmt.Sprintf("n, %d - n + 1", parents))
		s.generate(t, 10, "badges", "id", "n")
		s.generate(t, parents/4, "crowd_badges", "crowd_id, badge_id", "n, n % 10 + 1")
		load := func(n int) ([]*crowd, []string) {
			s.sent.take()
			list, err := model.Query[crowd](s.DB).Where("id", "<=", n).OrderBy("id").Preload("heads").Preload("flags").All(t.Context())
			require.NoError(t, err)
			require.Len(t, list, n)
			statements, _ := s.sent.take()
			return list, statements
		}
		_, two := load(2)
		all, many := load(parents)
		require.Len(t, two, 3)
		require.Equal(t, two, many)
		for i, c := range all {
			id := int64(i + 1)
			heads, flags := 0, 0
			if id > int64(parents-parents/4) {
				heads = 1
			}
			if id <= int64(parents/4) {
				flags = 1
			}
			if len(c.Heads) != heads || len(c.Flags) != flags {
				require.Failf(t, "wrong number of rows", "%d has %d and %d; want %d and %d", id, len(c.Heads), len(c.Flags), heads, flags)
			}
			if heads > 0 && c.Heads[0].CrowdID != id || flags > 0 && c.Flags[0].ID != id%10+1 {
				require.Failf(t, "rows of somebody else", "%d", id)
			}
		}
		require.NoError(t, model.Load[crowd](t.Context(), all[:parents/10], "flags"))
		loaded, _ := s.sent.take()
		require.Equal(t, two[2:], loaded)
	})
}

func TestSyncOfManyRecords(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *store) {
		s.migrate(t, &crowd{}, &head{}, &badge{})
		const n = 1_000
		s.generate(t, 2*n, "badges", "id", "n")
		c := &crowd{}
		require.NoError(t, model.Create(t.Context(), s.DB, c))
		ids := make([]int64, 2*n)
		for i := range ids {
			ids[i] = int64(i + 1)
		}
		for _, step := range []struct{ from, to, attached, detached, statements int }{
			{0, n, n, 0, 2}, {0, n, 0, 0, 1}, {n / 2, n + n/2, n / 2, n / 2, 3}, {n, 2 * n, n / 2, n / 2, 3}, {0, n, n, n, 3}, {0, 0, 0, n, 2},
		} {
			s.sent.take()
			done, err := c.Related("flags").Sync(t.Context(), ids[step.from:step.to])
			require.NoError(t, err)
			statements, _ := s.sent.take()
			require.Len(t, done.Attached, step.attached)
			require.Len(t, done.Detached, step.detached)
			require.Empty(t, done.Updated)
			require.Len(t, statements, step.statements)
			var have []*badge
			require.NoError(t, c.Related("flags").Query().OrderBy("id").All(t.Context(), &have))
			require.Len(t, have, step.to-step.from)
			for i, b := range have {
				require.Equal(t, ids[step.from+i], b.ID)
			}
		}
	})
}
