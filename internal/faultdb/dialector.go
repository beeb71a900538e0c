// SPDX-License-Identifier: MIT

package faultdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dbtest"
)

// SQLite returns a dialector over a wrapped SQLite database, which is closed when the test ends. The
// DSN must be complete, as nobody adds pragmas to a database that is already open.
func SQLite(tb testing.TB, dsn string) (gorm.Dialector, *Control) {
	tb.Helper()
	db, control := Open(SQLiteConnector(dsn))
	closeAfter(tb, db)
	return &sqlite.Dialector{Conn: db, DSN: dsn}, control
}

// Postgres returns a dialector over a wrapped PostgreSQL database, which is closed when the test
// ends. Opening it sends no statement. A malformed DSN ends the test.
func Postgres(tb testing.TB, dsn string) (gorm.Dialector, *Control) {
	tb.Helper()
	connector, err := PostgresConnector(dsn)
	if err != nil {
		tb.Fatalf("faultdb: %v", err)
	}
	db, control := Open(connector)
	closeAfter(tb, db)
	return postgres.New(postgres.Config{Conn: db, DSN: dsn}), control
}

// SQLiteConnector returns a connector of the driver for SQLite with which the test is built.
func SQLiteConnector(dsn string) driver.Connector {
	return dsnConnector{driver: dbtest.SQLiteDriver(), dsn: dsn}
}

// PostgresConnector returns a connector that connects as gorm does for the same DSN: a time zone in
// it also applies to columns without a time zone.
func PostgresConnector(dsn string) (driver.Connector, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	var options []stdlib.OptionOpenDB
	for name, zone := range config.RuntimeParams {
		if strings.EqualFold(name, "timezone") {
			options = append(options, stdlib.OptionAfterConnect(scanIn(zone)))
		}
	}
	return stdlib.GetConnector(*config, options...), nil
}

// scanIn returns what makes a connection read timestamps without a time zone in zone.
func scanIn(zone string) func(context.Context, *pgx.Conn) error {
	return func(_ context.Context, conn *pgx.Conn) error {
		location, err := time.LoadLocation(zone)
		if err != nil {
			return err
		}
		conn.TypeMap().RegisterType(&pgtype.Type{
			Name:  "timestamp",
			OID:   pgtype.TimestampOID,
			Codec: &pgtype.TimestampCodec{ScanLocation: location},
		})
		return nil
	}
}

func closeAfter(tb testing.TB, db *sql.DB) {
	tb.Helper()
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Errorf("faultdb: close: %v", err)
		}
	})
}
