// SPDX-License-Identifier: MIT

package faultdb_test

import (
	"database/sql"
	"database/sql/driver"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/internal/faultdb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A lane is a database that the tests run on.
type lane struct {
	t        *testing.T // the test on this database
	name     string
	postgres bool
	// dsn returns the DSN of a fresh, empty database.
	dsn func(tb testing.TB) string
}

func lanes() []lane {
	return []lane{
		{name: "SQLite", dsn: func(tb testing.TB) string {
			tb.Helper()
			return sqliteDSN(tb, "")
		}},
		{name: "SQLiteStatementCache", dsn: func(tb testing.TB) string {
			tb.Helper()
			return sqliteDSN(tb, "&_stmt_cache_size=8")
		}},
		{name: "PostgreSQL", postgres: true, dsn: dbtest.PostgresDSN},
	}
}

// onLanes runs the test on every database.
func onLanes(t *testing.T, test func(l lane)) {
	t.Helper()
	t.Parallel()
	for _, l := range lanes() {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			l.t = t
			test(l)
		})
	}
}

func (l lane) connector(tb testing.TB) driver.Connector {
	tb.Helper()
	if !l.postgres {
		return faultdb.SQLiteConnector(l.dsn(tb))
	}
	connector, err := faultdb.PostgresConnector(l.dsn(tb))
	require.NoError(tb, err)
	return connector
}

// plain opens a fresh database without the wrapper.
func (l lane) plain(tb testing.TB) *sql.DB {
	tb.Helper()
	db := sql.OpenDB(l.connector(tb))
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	return db
}

// open opens a fresh database with a table of items, and forgets how.
func (l lane) open(tb testing.TB) (*sql.DB, *faultdb.Control) {
	tb.Helper()
	db, control := faultdb.Open(l.connector(tb))
	tb.Cleanup(func() {
		requireSettled(tb, db, control, "at the end")
		require.NoError(tb, db.Close())
	})
	_, err := db.ExecContext(tb.Context(), "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)")
	require.NoError(tb, err)
	control.Reset()
	return db, control
}

// requireSettled requires that nothing is in use. After a cancellation database/sql rolls back in a
// goroutine of its own, so this waits.
func requireSettled(tb testing.TB, db *sql.DB, control *faultdb.Control, when string) {
	tb.Helper()
	require.Eventually(tb, func() bool {
		return db.Stats().InUse == 0 && control.OpenRows() == 0 && control.OpenTx() == 0
	}, 5*time.Second, time.Millisecond, when)
}

func sqliteDSN(tb testing.TB, options string) string {
	tb.Helper()
	return "file:" + filepath.Join(tb.TempDir(), "fault.db") +
		"?_txlock=immediate&_busy_timeout=5000&_journal_mode=WAL&_foreign_keys=1" + options
}

// withParam adds a parameter to a DSN of either form.
func withParam(dsn, param string) string {
	separator := " "
	if strings.Contains(dsn, "://") {
		separator = "?"
		if strings.Contains(dsn, "?") {
			separator = "&"
		}
	}
	return dsn + separator + param
}

// names returns the names of the items, joined by commas.
func names(tb testing.TB, db *sql.DB) string {
	tb.Helper()
	rows, err := db.QueryContext(tb.Context(), "SELECT name FROM items ORDER BY id")
	require.NoError(tb, err)
	defer func() { require.NoError(tb, rows.Close()) }()
	var all []string
	for rows.Next() {
		var name string
		require.NoError(tb, rows.Scan(&name))
		all = append(all, name)
	}
	require.NoError(tb, rows.Err())
	return strings.Join(all, ",")
}

// kinds returns the kinds of events, joined by spaces.
func kinds(events []faultdb.Event) string {
	texts := make([]string, len(events))
	for i, ev := range events {
		texts[i] = ev.Kind.String()
	}
	return strings.Join(texts, " ")
}
