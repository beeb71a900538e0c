// SPDX-License-Identifier: MIT

package sqlite

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOpenSpeaksTheFormOfTheDriver(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dsn    string
		pure   bool
		want   string
		single bool
	}{
		{"a.db", false, "a.db?_foreign_keys=1&_busy_timeout=5000&_txlock=immediate&_journal_mode=WAL&_stmt_cache_size=64", false},
		{"a.db?_fk=0&_journal=DELETE", false, "a.db?_fk=0&_journal=DELETE&_busy_timeout=5000&_txlock=immediate&_stmt_cache_size=64", false},
		{"file:a.db?mode=ro", false, "file:a.db?mode=ro&_foreign_keys=1&_busy_timeout=5000&_stmt_cache_size=64", false},
		{"file:a.db?immutable=1", true, "file:a.db?immutable=1&_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_time_format=sqlite", false},
		{":memory:", false, ":memory:?_foreign_keys=1&_busy_timeout=5000&_txlock=immediate&_stmt_cache_size=64", true},
		{"a.db", true, "a.db?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_txlock=immediate&_pragma=journal_mode(WAL)&_time_format=sqlite", false},
		{
			"a.db?_pragma=busy_timeout(9)&_pragma=foreign_keys(0)&_txlock=deferred", true,
			"a.db?_pragma=busy_timeout(9)&_pragma=foreign_keys(0)&_txlock=deferred&_pragma=journal_mode(WAL)&_time_format=sqlite", false,
		},
	} {
		got, single := completed(c.dsn, c.pure)
		require.Equal(t, c.want, got, c.dsn)
		require.Equal(t, c.single, single, c.dsn)
	}
}
