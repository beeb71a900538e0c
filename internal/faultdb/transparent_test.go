// SPDX-License-Identifier: MIT

package faultdb_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/faultdb"
)

// A probe is a statement whose whole outcome is compared with and without the wrapper.
type probe struct {
	sql  string
	args []any
}

// money is a value that converts itself.
type money int64

func (m money) Value() (driver.Value, error) {
	if m < 0 {
		return nil, errors.New("no debts")
	}
	return fmt.Sprintf("%d.%02d", m/100, m%100), nil
}

var (
	moment = time.Date(2024, 2, 29, 23, 59, 59, 123456000, time.FixedZone("", 2*3600))
	text   = "text"
)

// commonProbes are in the SQL of both databases, without parameters.
func commonProbes() []probe {
	return []probe{
		{"SELECT 1 AS one, NULL AS nothing, 1.5 AS half, 'x' AS letter", nil},
		{"SELECT 1 WHERE 1 = 0", nil},
		{"SELECT", nil},
		{"SELECT * FROM missing", nil},
		{"INSERT INTO one_of_each (n) VALUES (1), (2)", nil},
		{"UPDATE one_of_each SET s = 'changed' WHERE n > 0", nil},
		{"INSERT INTO one_of_each (n, s) VALUES (3, 'c') RETURNING id, n, s, d, missing", nil},
		{"INSERT INTO one_of_each (n, s) VALUES (3, 'c') RETURNING id, n, s, d", nil},
		{"INSERT INTO one_of_each (id) VALUES (1)", nil},
		{"SELECT * FROM one_of_each ORDER BY id", nil},
		{"DELETE FROM one_of_each WHERE n = 2", nil},
	}
}

// emptyProbes are not prepared: go-sqlite3 v1.14.52 crashes in sqlite3_reset if a prepared statement
// is empty.
func emptyProbes() []probe { return []probe{{"-- nothing", nil}, {"", nil}, {";", nil}} }

// argProbes send one value of each sort through a parameter that holds it.
func argProbes(l lane) []probe {
	values := []any{
		nil, 1, int8(-1), uint16(7), int64(math.MinInt64), uint64(math.MaxUint64), 1.25, float32(0.5),
		math.Inf(1), true, "a\u00e4\U0001F600", "", "nul\x00",
		[]byte{0, 1, 255},
		[]byte{},
		[]byte(nil),
		moment, moment.UTC(),
		time.Time{},
		&text, (*string)(nil), &moment, money(1234), money(-1),
		sql.NullString{},
		sql.NullString{String: "s", Valid: true},
		sql.NullTime{Time: moment, Valid: true},
		[]string{"a", "b,c", `d"`},
		[]int64{1, 2},
		[3]int32{1, 2, 3},
		[]*string{&text, nil},
		map[string]any{"a": 1.0},
		struct{ A int }{1},
		make(chan int), errors.New("no value"),
	}
	types := []string{""}
	if l.postgres {
		types = []string{
			"::text", "::bigint", "::double precision", "::boolean", "::bytea", "::timestamptz", "::timestamp",
			"::date", "::numeric(10,2)", "::jsonb", "::text[]", "::bigint[]", "::int[]", "::uuid",
		}
	}
	var probes []probe
	for _, typ := range types {
		for _, value := range values {
			probes = append(probes, probe{"SELECT " + l.param(1) + typ + " AS value", []any{value}})
		}
	}
	for _, column := range []string{"n", "s", "b", "d", "ok", "f", "day"} {
		for _, value := range values {
			probes = append(probes,
				probe{"INSERT INTO one_of_each (" + column + ") VALUES (" + l.param(1) + ")", []any{value}},
				probe{"SELECT " + column + " FROM one_of_each ORDER BY id DESC LIMIT 1", nil})
		}
	}
	return append(probes,
		probe{"SELECT " + l.param(1), nil},
		probe{"SELECT 1", []any{1}},
		probe{"SELECT " + l.param(1) + ", " + l.param(2), []any{1, "a"}})
}

func sqliteProbes() []probe {
	return []probe{
		{"SELECT :a, @b", []any{sql.Named("a", 1), sql.Named("b", "x")}},
		{"SELECT :a", []any{sql.Named("b", 1)}},
		{"SELECT 1; SELECT 2", nil},
		{"INSERT INTO one_of_each (d) VALUES (1700000000), (1700000000000), ('2024-02-29'), ('nonsense')", nil},
		{"INSERT INTO one_of_each (ok, day) VALUES (2, '2024-02-29 10:00'), (0, 0)", nil},
		{"SELECT id, ok, d, day, d AS alias, d || '' AS expression FROM one_of_each ORDER BY id", nil},
		{"PRAGMA foreign_keys", nil},
	}
}

func postgresProbes() []probe {
	return []probe{
		{"SELECT $1::text", []any{sql.Named("a", "x")}},
		{"SELECT @a::text", []any{pgx.NamedArgs{"a": "x"}}},
		{"SELECT $1::int", []any{pgx.QueryExecModeSimpleProtocol, 1}},
		{"SELECT $1::int", []any{pgx.QueryExecModeExec, 1}},
		{"SELECT $1::int4range", []any{pgtype.Range[pgtype.Int4]{
			Lower: pgtype.Int4{Int32: 1, Valid: true}, LowerType: pgtype.Inclusive,
			Upper: pgtype.Int4{Int32: 5, Valid: true}, UpperType: pgtype.Exclusive, Valid: true,
		}}},
		{"SELECT $1::text[]", []any{pgtype.FlatArray[string]{"a", "b"}}},
		{"SELECT * FROM unnest($1::bigint[], $2::text[])", []any{[]int64{1, 2}, []string{"a", "b"}}},
		{"SELECT 'a'::varchar(7), 1.5::numeric(9,3), 'a'::char(3), '{\"a\": 1}'::json, 'f'::\"char\"", nil},
		{"SELECT now() IS NOT NULL, interval '1 day', '1.2.3.4'::inet, '{1,NULL}'::int[]", nil},
		{"SELECT 1/0", nil},
		{"SELECT 1 / (3 - n) FROM one_of_each WHERE n > 0 ORDER BY id", nil},
		{"CREATE TABLE two (id INT); DROP TABLE two", nil},
		{"DO $$ BEGIN RAISE EXCEPTION 'own' USING ERRCODE = '40001'; END $$", nil},
	}
}

func (l lane) param(n int) string {
	if l.postgres {
		return fmt.Sprintf("$%d", n)
	}
	return "?"
}

func (l lane) probes() []probe {
	create := "CREATE TABLE one_of_each (id INTEGER PRIMARY KEY, n INT, s TEXT, b BLOB, d DATETIME, " +
		"ok BOOLEAN, f REAL, day DATE)"
	own := sqliteProbes()
	if l.postgres {
		create = "CREATE TABLE one_of_each (id BIGSERIAL PRIMARY KEY, n INT, s TEXT, b BYTEA, d TIMESTAMPTZ, " +
			"ok BOOLEAN, f REAL, day DATE)"
		own = postgresProbes()
	}
	probes := append([]probe{{create, nil}}, commonProbes()...)
	return append(append(probes, argProbes(l)...), own...)
}

func TestTransparent(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		plain := l.plain(t)
		wrapped, _ := faultdb.Open(l.connector(t))
		t.Cleanup(func() { require.NoError(t, wrapped.Close()) })
		require.Equal(t, plain.Driver(), wrapped.Driver())

		ways := []struct {
			name  string
			run   func(t *testing.T, db *sql.DB, p probe) string
			extra []probe
		}{
			{"Exec", execProbe, emptyProbes()},
			{"Query", queryProbe, emptyProbes()},
			{"PreparedExec", preparedExecProbe, nil},
			{"PreparedQuery", preparedQueryProbe, nil},
			{"InTransaction", transactionProbe, emptyProbes()},
		}
		for _, way := range ways {
			for _, db := range []*sql.DB{plain, wrapped} {
				_, err := db.ExecContext(t.Context(), "DROP TABLE IF EXISTS one_of_each")
				require.NoError(t, err)
			}
			probes := append(l.probes(), way.extra...)
			answers := 0
			for _, p := range probes {
				want, got := way.run(t, plain, p), way.run(t, wrapped, p)
				require.Equal(t, want, got, "%s: %s %v", way.name, p.sql, p.args)
				if !strings.Contains(want, "error") {
					answers++
				}
			}
			// The comparison must not be one of errors only.
			require.Greater(t, answers, len(probes)/3, way.name)
		}
	})
}

func execProbe(t *testing.T, db *sql.DB, p probe) string {
	t.Helper()
	result, err := db.ExecContext(t.Context(), p.sql, p.args...)
	return showResult(result, err)
}

func queryProbe(t *testing.T, db *sql.DB, p probe) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), p.sql, p.args...)
	return showRows(rows, err)
}

func preparedExecProbe(t *testing.T, db *sql.DB, p probe) string {
	t.Helper()
	stmt, err := db.PrepareContext(t.Context(), p.sql)
	if err != nil {
		return showError(err)
	}
	defer func() { require.NoError(t, stmt.Close()) }()
	result, err := stmt.ExecContext(t.Context(), p.args...)
	return showResult(result, err)
}

func preparedQueryProbe(t *testing.T, db *sql.DB, p probe) string {
	t.Helper()
	stmt, err := db.PrepareContext(t.Context(), p.sql)
	if err != nil {
		return showError(err)
	}
	defer func() { require.NoError(t, stmt.Close()) }()
	rows, err := stmt.QueryContext(t.Context(), p.args...)
	return showRows(rows, err)
}

// transactionProbe runs the statement in a transaction, another one after it, and commits.
func transactionProbe(t *testing.T, db *sql.DB, p probe) string {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		return showError(err)
	}
	result, err := tx.ExecContext(t.Context(), p.sql, p.args...)
	shown := showResult(result, err)
	rows, err := tx.QueryContext(t.Context(), "SELECT 1")
	return shown + showRows(rows, err) + showError(tx.Commit())
}

func showError(err error) string {
	if err == nil {
		return "\n"
	}
	return fmt.Sprintf("error %T %v\n", err, err)
}

func showResult(result sql.Result, err error) string {
	if err != nil {
		return showError(err)
	}
	affected, affectedErr := result.RowsAffected()
	id, idErr := result.LastInsertId()
	return fmt.Sprintln(affected, affectedErr, id, idErr)
}

func showRows(rows *sql.Rows, err error) string {
	if err != nil {
		return showError(err)
	}
	defer func() { _ = rows.Close() }() // shown below
	var b strings.Builder
	for more := true; more; more = rows.NextResultSet() {
		columns, err := rows.ColumnTypes()
		b.WriteString(showError(err))
		values := make([]any, len(columns))
		scanned := make([]any, len(columns))
		for i, column := range columns {
			length, hasLength := column.Length()
			nullable, hasNullable := column.Nullable()
			precision, scale, hasScale := column.DecimalSize()
			fmt.Fprintln(&b, column.Name(), column.DatabaseTypeName(), column.ScanType(), length, hasLength,
				nullable, hasNullable, precision, scale, hasScale)
			scanned[i] = &values[i]
		}
		for rows.Next() {
			b.WriteString(showError(rows.Scan(scanned...)))
			for _, value := range values {
				fmt.Fprintf(&b, "%T %#v %v\n", value, value, value)
			}
		}
	}
	return b.String() + showError(rows.Err()) + showError(rows.Close())
}

func TestTransparent_TransactionOptions(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		plain := l.plain(t)
		wrapped, control := l.open(t)
		_, err := plain.ExecContext(t.Context(), "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)")
		require.NoError(t, err)
		for level := sql.LevelDefault; level <= sql.LevelLinearizable; level++ {
			for _, readOnly := range []bool{false, true} {
				run := func(db *sql.DB) string {
					tx, err := db.BeginTx(t.Context(), &sql.TxOptions{Isolation: level, ReadOnly: readOnly})
					if err != nil {
						return showError(err)
					}
					_, err = tx.ExecContext(t.Context(), "INSERT INTO items (name) VALUES ('a')")
					return showError(err) + showError(tx.Commit())
				}
				require.Equal(t, run(plain), run(wrapped), "%v %v", level, readOnly)
			}
		}
		var begins []string
		for _, ev := range control.Events() {
			if ev.Kind == faultdb.Begin {
				begins = append(begins, ev.SQL)
			}
		}
		require.Equal(t, "BEGIN", begins[0])
		require.Equal(t, "BEGIN ISOLATION LEVEL LINEARIZABLE READ ONLY", begins[len(begins)-1])
	})
}

// Whether a connection outlives a cancelled transaction depends on methods that it has or not.
func TestTransparent_ConnectionAfterCancel(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		wrapped, _ := l.open(t)
		idle := func(db *sql.DB) int {
			ctx, cancel := context.WithCancel(t.Context())
			tx, err := db.BeginTx(ctx, nil)
			require.NoError(t, err)
			_, err = tx.ExecContext(ctx, "SELECT 1")
			require.NoError(t, err)
			cancel()
			require.Eventually(t, func() bool { return db.Stats().InUse == 0 }, 5*time.Second, time.Millisecond)
			return db.Stats().Idle
		}
		require.Equal(t, idle(l.plain(t)), idle(wrapped))
	})
}

func TestTransparent_Ping(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		db, control := l.open(t)
		require.NoError(t, db.PingContext(t.Context()))
		require.Empty(t, control.Events())
	})
}

// pgx must still fill Go slices by its own types, and from Go 1.27 on without their help.
func TestTransparent_PostgresScanners(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		if !l.postgres {
			return // SQLite has no arrays
		}
		wrapped, _ := l.open(t)
		m := pgtype.NewMap()
		scan := func(db *sql.DB) string {
			var helped, direct []string
			var span pgtype.Range[pgtype.Int4]
			query := "SELECT $1::text[], '[1,5)'::int4range, $1::text[]"
			row := db.QueryRowContext(t.Context(), query, []string{"a", "b,c"})
			err := row.Scan(m.SQLScanner(&helped), m.SQLScanner(&span), &direct)
			require.Equal(t, []string{"a", "b,c"}, helped)
			require.EqualValues(t, 5, span.Upper.Int32)
			return fmt.Sprintf("%q %v", direct, err)
		}
		require.Equal(t, scan(l.plain(t)), scan(wrapped))
	})
}

// The methods without a context work too, for whoever reaches beneath database/sql.
func TestTransparent_OldMethods(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		if l.postgres {
			return // the statements of pgx need a context
		}
		db, control := l.open(t)
		conn, err := db.Conn(t.Context())
		require.NoError(t, err)
		err = conn.Raw(func(raw any) error {
			c, ok := raw.(driver.Conn)
			require.True(t, ok)
			tx, err := c.Begin() //nolint:staticcheck // on purpose
			require.NoError(t, err)
			stmt, err := c.Prepare("INSERT INTO items (name) VALUES (?) RETURNING id")
			require.NoError(t, err)
			_, err = stmt.Exec([]driver.Value{"a"}) //nolint:staticcheck // on purpose
			require.NoError(t, err)
			rows, err := stmt.Query([]driver.Value{"b"}) //nolint:staticcheck // on purpose
			require.NoError(t, err)
			require.NoError(t, rows.Next(make([]driver.Value, 1)))
			require.NoError(t, rows.Close())
			require.NoError(t, rows.Close())
			require.Zero(t, control.OpenRows())
			require.NoError(t, stmt.Close())
			return tx.Commit()
		})
		require.NoError(t, err)
		require.NoError(t, conn.Close())
		require.Equal(t, "a,b", names(t, db))
		require.Equal(t, "Begin Prepare Exec Query Commit Query", kinds(control.Events()))
	})
}
