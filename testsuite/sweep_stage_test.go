// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that looks from outside
	_ "github.com/mattn/go-sqlite3"    // likewise
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/internal/faultdb"
	"github.com/kindred-orm/kindred/model"
)

// sweepFaults makes statements, or messages, fail.
type sweepFaults interface {
	// arm makes the nth thing that is sent from now on fail; cancel ends the context of the call.
	arm(n int, mode string, cancel func())
	// clear takes everything back, and returns what has been seen.
	clear() sweepSeen
	// open counts what is not closed: transactions and rows.
	open() int
	// delivers reports whether what fails may have been done all the same.
	delivers(mode string) bool
	// reached reports whether an error leads to its cause.
	reached(mode string, err error) bool
}

// sweepSeen is what was sent since the faults were armed.
type sweepSeen struct {
	modes [][]string // the ways in which each of them can fail
	fired int        // how many have failed
	begun bool       // there was a transaction
}

// sweepStage is a database under faults, and the view on it from outside.
type sweepStage struct {
	db       *model.DB
	tables   []sweepTable
	pool     *sql.DB // of db
	faults   sweepFaults
	outside  *sql.DB
	postgres bool // a failed statement aborts its transaction, so that Kindred guards it by a savepoint
	dumpSQL  string
	seed     sweepDump
	touched  bool // the tables may differ from the seed
}

// sweepNow is the time of everything that is written in a sweep.
var sweepNow = time.Date(2026, 5, 6, 7, 8, 9, 123456000, time.UTC)

func sweepOpen(t *testing.T, set sweepSet, dialector gorm.Dialector, outside *sql.DB, faults sweepFaults) *sweepStage {
	t.Helper()
	handle, err := gorm.Open(dialector, &gorm.Config{Logger: logger.Discard})
	require.NoError(t, err)
	pool, err := handle.DB()
	require.NoError(t, err)
	db, err := model.New(handle, model.Config{Now: func() time.Time { return sweepNow }})
	require.NoError(t, err)
	require.NoError(t, db.Register(set.models...))
	require.NoError(t, db.Migrate(t.Context(), set.models...))
	s := &sweepStage{
		db: db, pool: pool, faults: faults, outside: outside, postgres: dialector.Name() == "postgres", touched: true,
		tables: set.tables,
	}
	if s.postgres {
		for _, table := range s.tables {
			if table.key != "" {
				continue
			}
			_, err := outside.ExecContext(t.Context(), "SELECT setval(pg_get_serial_sequence('"+table.name+"', 'id'), 100)")
			require.NoError(t, err)
		}
	}
	s.dumpSQL = s.dumping(t)
	s.reset(t)
	s.seed = s.dump(t)
	return s
}

// sweepSQLite opens an SQLite database whose driver is wrapped.
func sweepSQLite(t *testing.T, set sweepSet) *sweepStage {
	t.Helper()
	dsn := dbtest.SQLiteDSN(t)
	outside, err := sql.Open("sqlite3", dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, outside.Close()) })
	dialector, control := faultdb.SQLite(t, dsn)
	return sweepOpen(t, set, dialector, outside, &sweepDriver{control})
}

// sweepPostgres opens a PostgreSQL database whose driver is wrapped.
func sweepPostgres(t *testing.T, set sweepSet) *sweepStage {
	t.Helper()
	dsn := sweepDSN(t)
	dialector, control := faultdb.Postgres(t, dsn)
	return sweepOpen(t, set, dialector, sweepOutside(t, dsn), &sweepDriver{control})
}

// sweepDSN is the DSN of a new schema. What is tested does not depend on the disk.
func sweepDSN(t *testing.T) string {
	t.Helper()
	return dbtest.PostgresDSN(t) + "&synchronous_commit=off"
}

func sweepOutside(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	outside, err := sql.Open("pgx", dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, outside.Close()) })
	return outside
}

// sweepDriver makes statements fail in the driver.
type sweepDriver struct{ control *faultdb.Control }

func (d *sweepDriver) arm(n int, mode string, cancel func()) {
	modes := faultdb.Modes()
	i := slices.IndexFunc(modes, func(m faultdb.Mode) bool { return m.String() == mode })
	d.control.Reset()
	if n > 0 {
		d.control.Inject(faultdb.Fault{At: n, Mode: modes[i], Cancel: cancel})
	}
}

func (d *sweepDriver) clear() sweepSeen {
	seen := sweepSeen{fired: d.control.Fired()}
	for _, ev := range d.control.Events() {
		if ev.Point == 0 {
			continue
		}
		modes := []string{faultdb.Before.String(), faultdb.After.String(), faultdb.BadConn.String(), faultdb.Cancel.String()}
		if ev.Kind == faultdb.Query {
			modes = append(modes, faultdb.Row.String())
		}
		if seen.begun { // elsewhere it is Before
			modes = append(modes, faultdb.Abort.String())
		}
		seen.begun = seen.begun || ev.Kind == faultdb.Begin
		seen.modes = append(seen.modes, modes)
	}
	d.control.Reset()
	return seen
}

func (d *sweepDriver) open() int { return d.control.OpenRows() + d.control.OpenTx() }

func (*sweepDriver) delivers(mode string) bool {
	return mode == faultdb.After.String() || mode == faultdb.Row.String() || mode == faultdb.Cancel.String()
}

func (*sweepDriver) reached(mode string, err error) bool {
	if mode == faultdb.Cancel.String() {
		return errors.Is(err, context.Canceled)
	}
	_, ok := errors.AsType[*faultdb.Error](err)
	return ok
}

// reset brings the tables back to the seed if they differ from it.
func (s *sweepStage) reset(t testing.TB) {
	t.Helper()
	if !s.touched {
		return
	}
	var text strings.Builder
	for _, table := range s.tables {
		fmt.Fprintf(&text, "DELETE FROM %s;\n%s;\n", table.name, table.seed)
	}
	_, err := s.outside.ExecContext(t.Context(), text.String())
	require.NoError(t, err)
	s.touched = false
}

// sweepDump is the content of all tables.
type sweepDump struct {
	text string // one line per row; keys that the database made read "new"
	rows map[string]map[int64]map[string]string
}

// dumping returns the query that reads every row of all tables as JSON, in the order of their keys.
func (s *sweepStage) dumping(t testing.TB) string {
	t.Helper()
	var parts []string
	for _, table := range s.tables {
		key := table.key
		if key == "" {
			key = "id"
		}
		row := "to_jsonb(" + table.name + ")"
		if !s.postgres {
			var list string
			err := s.outside.QueryRowContext(t.Context(),
				"SELECT group_concat('''' || name || ''', ' || name, ', ') FROM pragma_table_info(?)", table.name).Scan(&list)
			require.NoError(t, err)
			row = "json_object(" + list + ")"
		}
		parts = append(parts, "SELECT '"+table.name+"' AS name, "+key+" AS id, CAST("+row+" AS text) AS content FROM "+table.name)
	}
	return strings.Join(parts, " UNION ALL ") + " ORDER BY 1, 2, 3"
}

// dump reads all tables past Kindred.
func (s *sweepStage) dump(t testing.TB) sweepDump {
	t.Helper()
	var text strings.Builder
	d := sweepDump{rows: map[string]map[int64]map[string]string{}}
	for _, table := range s.tables {
		d.rows[table.name] = map[int64]map[string]string{}
	}
	rows, err := s.outside.QueryContext(t.Context(), s.dumpSQL)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var table, object string
		var id int64
		require.NoError(t, rows.Scan(&table, &id, &object))
		row := sweepRow(t, object)
		d.rows[table][id] = row
		text.WriteString(table)
		for _, name := range slices.Sorted(maps.Keys(row)) {
			text.WriteString(" " + name + "=" + sweepValueOf(name, row[name]))
		}
		text.WriteByte('\n')
	}
	require.NoError(t, rows.Err())
	d.text = text.String()
	return d
}

// sweepValueOf is a value in a dump. Keys that the database has made differ from run to run.
func sweepValueOf(column, value string) string {
	if column != "id" && !strings.HasSuffix(column, "_id") {
		return value
	}
	if id, err := strconv.ParseInt(value, 10, 64); err == nil && id > sweepSeeded {
		return "new"
	}
	return value
}

// sweepRow reads a row as JSON. The databases write times in different ways.
func sweepRow(t testing.TB, object string) map[string]string {
	t.Helper()
	values := map[string]any{}
	decoder := json.NewDecoder(strings.NewReader(object))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&values))
	row := make(map[string]string, len(values))
	for name, value := range values {
		row[name] = sweepText(value)
		if text, ok := value.(string); ok && strings.HasSuffix(name, "_at") {
			at, err := time.Parse("2006-01-02T15:04:05.999999999Z07:00", strings.Replace(text, " ", "T", 1))
			require.NoError(t, err)
			row[name] = sweepText(at)
		}
	}
	return row
}

// settle waits until the pool is at rest, and reports what is left open. A context that has ended
// lets database/sql roll back in the background.
func (s *sweepStage) settle() int {
	left := 0
	for wait := time.Duration(0); wait < time.Second; wait += time.Millisecond {
		if left = s.pool.Stats().InUse + s.faults.open(); left == 0 {
			return 0
		}
		time.Sleep(time.Millisecond)
	}
	return left
}

// find loads a record by its key, trashed or not.
func sweepFind[T any, P model.Model[T]](t testing.TB, s *sweepStage, id int64) *T {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	q := model.Query[T, P](s.db)
	switch any(new(T)).(type) {
	case *sweepPaper, *sweepTask:
		q.WithTrashed()
	}
	rec, err := q.Find(ctx, id)
	require.NoError(t, err)
	return rec
}
