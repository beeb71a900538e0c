// SPDX-License-Identifier: MIT

package harness

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/internal/dbtest"
)

// Feature is something that a database may lack.
type Feature string

// The features that tests ask for.
const (
	// RowLocks are SELECT … FOR UPDATE and FOR SHARE. SQLite lacks them.
	RowLocks Feature = "row locks"
	// ConcurrentWriters are two transactions that write at the same time. SQLite lacks them.
	ConcurrentWriters Feature = "concurrent writers"
	// UpdateReturning and InsertReturning are the columns that a statement returns of the rows which it writes. MariaDB lacks the first,
	// MySQL both: a SELECT by key in the same transaction reads what the database has decided.
	UpdateReturning Feature = "UPDATE … RETURNING"
	InsertReturning Feature = "INSERT … RETURNING"
	// IgnoredConflicts are INSERTs that do nothing where a unique index refuses the row. MariaDB lacks them: the error tells.
	IgnoredConflicts Feature = "INSERT … ON CONFLICT DO NOTHING"
	// LocksOfRows are locks that keep nobody from inserting rows which a transaction has looked for in vain. MariaDB lacks them unless
	// the transaction is READ COMMITTED, so Kindred looks without a lock first.
	LocksOfRows Feature = "locks of rows, and not of gaps"
	// PartialIndexes are indexes of some rows. MariaDB lacks them.
	PartialIndexes Feature = "partial indexes"
	// DeferredConstraints are foreign keys that are checked when the transaction is committed. MariaDB lacks them.
	DeferredConstraints Feature = "deferred constraints"
	// AbortedTransactions are transactions that any failed statement ends. MariaDB and SQLite end few.
	AbortedTransactions Feature = "transactions that an error ends"
	// SerializableWithoutWaiting are SERIALIZABLE transactions whose reads do not keep others from writing. MariaDB lacks them.
	SerializableWithoutWaiting Feature = "serializable transactions without waiting"
	// TransactionalMigrate is Migrate in a transaction of the caller. MariaDB lacks it, as each change of a table commits.
	TransactionalMigrate Feature = "Migrate in a transaction"
	// EndlessRecursion are recursive queries without a limit. MariaDB ends them after a thousand rounds.
	EndlessRecursion Feature = "endless recursion"
	// BoundLists are lists that are one bound value, so that a statement's text does not depend on their length. MariaDB lacks them.
	BoundLists Feature = "lists as one value"
	// ExactText is text that is equal only to the same text. MariaDB's collations ignore the case of letters, accents and blanks at the end.
	ExactText Feature = "exact text"
	// GeneratedUUIDs are UUIDs that a column's default makes. SQLite lacks them.
	GeneratedUUIDs Feature = "generated UUIDs"
)

// Database is a database that the suite runs on.
type Database struct {
	// Name is the name of the subtest: "SQLite".
	Name string
	// DSN makes an empty database, which is removed after the test, and returns its DSN.
	DSN func(tb testing.TB) string
	// Dialector returns gorm's dialector for a DSN.
	Dialector func(dsn string) gorm.Dialector
	// Lacks are the features that the database does not have.
	Lacks []Feature
}

// Databases returns the databases that the suite runs on.
func Databases() []Database {
	list := []Database{
		{Name: "SQLite", DSN: dbtest.SQLiteDSN, Dialector: dbtest.SQLiteDialector, Lacks: []Feature{RowLocks, ConcurrentWriters, GeneratedUUIDs, AbortedTransactions}},
		{Name: "Postgres", DSN: dbtest.PostgresDSN, Dialector: postgres.Open},
	}
	folder, err := os.Getwd()
	waits := filepath.Base(filepath.Dir(folder)) == "testsuite" && pending[filepath.Base(folder)]
	if err == nil && !waits {
		list = append(list, Database{Name: "MariaDB", DSN: dbtest.MySQLDSN, Dialector: openMariaDB, Lacks: lackedByMariaDB()})
	}
	return list
}

// pending are the folders of the suite that do not run on MariaDB yet.
//
//nolint:gochecknoglobals // constant.
var pending = map[string]bool{
	"faults":      true,
	"gormtags":    true,
	"identifiers": true,
	"migrate":     true,
	"names":       true,
	"secrets":     true,
	"seeds":       true,
	"times":       true,
	"values":      true,
	"wire":        true,
}

// readsBack is how Kindred reads back what a write has decided: by the key in parentheses, without the name of the table.
var readsBack = regexp.MustCompile("^SELECT .* FROM (`[^?]*`) WHERE \\(`[^`.]+` = \\?")

// WithoutReadBack drops the SELECTs that read back what the statements before them have decided, where the database lacks UpdateReturning
// or InsertReturning.
func (d Database) WithoutReadBack(statements []string) (out []string) {
	for i, sql := range statements {
		back := i > 0 && readsBack.MatchString(sql) &&
			(!d.Has(UpdateReturning) && strings.HasPrefix(statements[i-1], "UPDATE ") ||
				!d.Has(InsertReturning) && strings.HasPrefix(statements[i-1], "INSERT "))
		if !back {
			out = append(out, sql)
		}
	}
	return out
}

// locksRecord is how Kindred locks the row of a record on MariaDB, which has one kind of lock for it.
var locksRecord = regexp.MustCompile("^SELECT (`[^?]*`) FROM .* WHERE (`[^?]*`) = \\? FOR UPDATE$")

// LocksRecord reports whether a statement locks the row of a record, so that others do not change it but may point to it.
func (d Database) LocksRecord(sql string) bool {
	if strings.Contains(sql, " FOR NO KEY UPDATE") {
		return true
	}
	m := locksRecord.FindStringSubmatch(sql)
	return m != nil && m[1] == m[2]
}

// Times returns SQL in which times are written in UTC, as the database reads them: MariaDB knows no zones.
func (d Database) Times(sql string) string {
	if d.Name == "MariaDB" {
		return strings.ReplaceAll(sql, "+00:00'", "'")
	}
	return sql
}

// Placeholder returns the placeholder of the nth value, counted from 1.
func (d Database) Placeholder(n int) string {
	if d.Name == "Postgres" {
		return "$" + strconv.Itoa(n)
	}
	return "?"
}

// Quote returns a name as the database quotes it.
func (d Database) Quote(name string) string {
	if d.Name == "Postgres" {
		return `"` + name + `"`
	}
	return "`" + name + "`"
}

// lackedByMariaDB are the features that MariaDB does not have.
func lackedByMariaDB() []Feature {
	return []Feature{
		GeneratedUUIDs, UpdateReturning, IgnoredConflicts, LocksOfRows, PartialIndexes, DeferredConstraints, AbortedTransactions,
		SerializableWithoutWaiting, TransactionalMigrate, EndlessRecursion, BoundLists, ExactText,
	}
}

// Has reports whether the database has the feature.
func (d Database) Has(f Feature) bool { return !slices.Contains(d.Lacks, f) }

// Open returns a handle of gorm on an empty database, which is closed after the test.
func (d Database) Open(tb testing.TB) *gorm.DB {
	tb.Helper()
	return d.OpenDSN(tb, d.DSN(tb))
}

// OpenDSN returns a handle of gorm on the database of a DSN, which is closed after the test.
func (d Database) OpenDSN(tb testing.TB, dsn string) *gorm.DB {
	tb.Helper()
	db, err := gorm.Open(d.Dialector(dsn), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		tb.Fatalf("open: %v", err)
	}
	pool, err := db.DB()
	if err != nil {
		tb.Fatalf("open: %v", err)
	}
	pool.SetMaxIdleConns(16)                // a server takes 20 ms for a new one
	tb.Cleanup(func() { _ = pool.Close() }) // nothing is left to lose.
	return db
}
