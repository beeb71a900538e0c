// SPDX-License-Identifier: MIT

package faults_test

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

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/internal/faultdb"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// sweep runs every operation in one context, with every fault at every point.
func (s *stage) sweep(t *testing.T, in Context, ops []Op, into *report) {
	t.Helper()
	alone := contexts()[0]
	for i, op := range ops {
		if op.twin && in.name != alone.name {
			continue
		}
		want := s.clean(t, op, alone, nil)
		if in.name != alone.name {
			begun := want.begun
			want = s.clean(t, op, in, &want)
			want.begun = begun
		}
		for n, modes := range want.modes {
			if n == 0 && in.name != alone.name && i > 0 {
				continue // the caller's BEGIN, which the first operation has tried
			}
			if in.few > 0 {
				modes = modes[:in.few]
			}
			if op.twin && len(modes) > 1 {
				modes = modes[:1]
			}
			for _, mode := range modes {
				run := &Run{stage: s, op: op, in: in, n: n + 1, mode: mode, want: want}
				into.add(op.name, run.do(t))
			}
		}
	}
}

// clean runs the operation without a fault. like is what it does by itself.
func (s *stage) clean(t *testing.T, op Op, in Context, like *Want) Want {
	t.Helper()
	var want Want
	for range 2 { // the second time everything is known that is asked once
		s.reset(t)
		call := op.arrange(t, s)
		before := snapshots(call.records)
		untouched := snapshots(call.untouched)
		s.faults.arm(0, "", nil)
		events := &Events{}
		inner, outer := in.run(context.WithValue(t.Context(), eventsKey{}, events), s.db, call.run)
		seen := s.faults.clear()
		s.touched = true
		after := s.dump(t)
		require.NoError(t, inner, "%s %s", op.name, in.name)
		require.Zero(t, s.settle(), "%s %s", op.name, in.name)
		want = Want{
			modes: seen.modes, begun: seen.begun, before: s.seed.text, complete: after.text, committed: events.committed.Load(),
		}
		require.Equal(t, untouched, snapshots(call.untouched), "%s %s", op.name, in.name)
		if in.undone {
			require.ErrorIs(t, outer, errGivesUp)
			require.Equal(t, s.seed.text, after.text, "%s %s", op.name, in.name)
			require.Equal(t, before, snapshots(call.records), "%s %s: after the rollback", op.name, in.name)
			want.complete = s.seed.text
			continue
		}
		require.NoError(t, outer, "%s %s", op.name, in.name)
		require.Empty(t, call.wrong(after), "%s %s", op.name, in.name)
		if like != nil {
			require.Equal(t, like.complete, want.complete, "%s does not do the same by itself and %s", op.name, in.name)
			require.Equal(t, like.committed, want.committed, "%s %s: Committed", op.name, in.name)
		}
	}
	return want
}

// Faults makes statements, or messages, fail.
type Faults interface {
	// arm makes the nth thing that is sent from now on fail; cancel ends the context of the call.
	arm(n int, mode string, cancel func())
	// clear takes everything back, and returns what has been seen.
	clear() Seen
	// open counts what is not closed: transactions and rows.
	open() int
	// delivers reports whether what fails may have been done all the same.
	delivers(mode string) bool
	// reached reports whether an error leads to its cause.
	reached(mode string, err error) bool
}

// Seen is what was sent since the faults were armed.
type Seen struct {
	modes [][]string // the ways in which each of them can fail
	fired int        // how many have failed
	begun bool       // there was a transaction
}

// stage is a database under faults, and the view on it from outside.
type stage struct {
	db       *model.DB
	tables   []Table
	pool     *sql.DB // of db
	faults   Faults
	outside  *sql.DB
	postgres bool // a failed statement aborts its transaction, so that Kindred guards it by a savepoint
	dumpSQL  string
	ctx      context.Context // nil, or that of calls in a schema.
	seed     dump
	touched  bool // the tables may differ from the seed
}

// now is the time of everything that is written in a sweep.
var now = time.Date(2026, 5, 6, 7, 8, 9, 123456000, time.UTC)

func open(t *testing.T, set Set, dialector gorm.Dialector, outside *sql.DB, faults Faults, plugins ...gorm.Plugin) *stage {
	t.Helper()
	handle, err := gorm.Open(dialector, &gorm.Config{Logger: logger.Discard})
	require.NoError(t, err)
	pool, err := handle.DB()
	require.NoError(t, err)
	for _, plugin := range plugins {
		require.NoError(t, handle.Use(plugin))
	}
	db, err := model.New(handle, model.Config{Now: func() time.Time { return now }})
	require.NoError(t, err)
	require.NoError(t, db.Register(set.models...))
	require.NoError(t, db.Migrate(t.Context(), set.models...))
	s := &stage{
		db: db, pool: pool, faults: faults, outside: outside, postgres: dialector.Name() == "postgres", touched: true,
		tables: set.tables,
	}
	if len(s.tables) == 0 {
		return s
	}
	s.restart(t)
	s.dumpSQL = s.dumping(t)
	s.reset(t)
	s.seed = s.dump(t)
	return s
}

// restart lets the keys that the database makes begin above those of the seed.
func (s *stage) restart(t *testing.T) {
	t.Helper()
	if !s.postgres {
		return
	}
	for _, table := range s.tables {
		if table.key != "" {
			continue
		}
		_, err := s.outside.ExecContext(t.Context(), "SELECT setval(pg_get_serial_sequence('"+table.name+"', 'id'), 100)")
		require.NoError(t, err)
	}
}

// context is that of calls on the stage.
func (s *stage) context(t testing.TB) context.Context {
	if s.ctx != nil {
		return s.ctx
	}
	return t.Context()
}

// openSQLite opens an SQLite database whose driver is wrapped.
func openSQLite(t *testing.T, set Set) *stage {
	t.Helper()
	dsn := dbtest.SQLiteDSN(t)
	outside, err := sql.Open(dbtest.SQLiteName, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, outside.Close()) })
	dialector, control := faultdb.SQLite(t, dsn)
	return open(t, set, dialector, outside, &Driver{control})
}

// openPostgres opens a PostgreSQL database whose driver is wrapped.
func openPostgres(t *testing.T, set Set) *stage {
	t.Helper()
	dsn := dbtest.PostgresDSN(t)
	dialector, control := faultdb.Postgres(t, dsn)
	return open(t, set, dialector, openOutside(t, dsn), &Driver{control})
}

func openOutside(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	outside, err := sql.Open("pgx", dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, outside.Close()) })
	return outside
}

// Driver makes statements fail in the driver.
type Driver struct{ control *faultdb.Control }

func (d *Driver) arm(n int, mode string, cancel func()) {
	modes := faultdb.Modes()
	i := slices.IndexFunc(modes, func(m faultdb.Mode) bool { return m.String() == mode })
	d.control.Reset()
	if n > 0 {
		d.control.Inject(faultdb.Fault{At: n, Mode: modes[i], Cancel: cancel})
	}
}

func (d *Driver) clear() Seen {
	seen := Seen{fired: d.control.Fired()}
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

func (d *Driver) open() int { return d.control.OpenRows() + d.control.OpenTx() }

func (*Driver) delivers(mode string) bool {
	return mode == faultdb.After.String() || mode == faultdb.Row.String() || mode == faultdb.Cancel.String()
}

func (*Driver) reached(mode string, err error) bool {
	if mode == faultdb.Cancel.String() {
		return errors.Is(err, context.Canceled)
	}
	_, ok := errors.AsType[*faultdb.Error](err)
	return ok
}

// reset brings the tables back to the seed if they differ from it.
func (s *stage) reset(t testing.TB) {
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

// dump is the content of all tables.
type dump struct {
	text string // one line per row; keys that the database made read "new"
	rows map[string]map[int64]map[string]string
}

// dumping returns the query that reads every row of all tables as JSON, in the order of their keys.
func (s *stage) dumping(t testing.TB) string {
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
func (s *stage) dump(t testing.TB) dump {
	t.Helper()
	var text strings.Builder
	d := dump{rows: map[string]map[int64]map[string]string{}}
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
		row := rowOf(t, object)
		d.rows[table][id] = row
		text.WriteString(table)
		for _, name := range slices.Sorted(maps.Keys(row)) {
			text.WriteString(" " + name + "=" + valueOf(name, row[name]))
		}
		text.WriteByte('\n')
	}
	require.NoError(t, rows.Err())
	d.text = text.String()
	return d
}

// valueOf is a value in a dump. Keys that the database has made differ from run to run.
func valueOf(column, value string) string {
	if column != "id" && !strings.HasSuffix(column, "_id") {
		return value
	}
	if id, err := strconv.ParseInt(value, 10, 64); err == nil && id > seeded {
		return "new"
	}
	return value
}

// rowOf reads a row as JSON. The databases write times in different ways.
func rowOf(t testing.TB, object string) map[string]string {
	t.Helper()
	values := map[string]any{}
	decoder := json.NewDecoder(strings.NewReader(object))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&values))
	row := make(map[string]string, len(values))
	for name, value := range values {
		row[name] = harness.ValueText(value)
		if text, ok := value.(string); ok && strings.HasSuffix(name, "_at") {
			at, err := time.Parse("2006-01-02T15:04:05.999999999Z07:00", strings.Replace(text, " ", "T", 1))
			require.NoError(t, err)
			row[name] = harness.ValueText(at)
		}
	}
	return row
}

// settle waits until the pool is at rest, and reports what is left open. A context that has ended
// lets database/sql roll back in the background.
func (s *stage) settle() int {
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
func find[T any, P model.Model[T]](t testing.TB, s *stage, id int64) *T {
	t.Helper()
	ctx, cancel := context.WithTimeout(s.context(t), time.Minute)
	defer cancel()
	q := model.Query[T, P](s.db)
	switch any(new(T)).(type) {
	case *Paper, *Task:
		q.WithTrashed()
	}
	rec, err := q.Find(ctx, id)
	require.NoError(t, err)
	return rec
}
