// SPDX-License-Identifier: MIT

package harness

import (
	"strings"

	"gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// mariaDB is gorm's dialector, whose migrator writes what tags of test models say in PostgreSQL's words as MariaDB says it.
type mariaDB struct{ *mysql.Dialector }

// openMariaDB returns the dialector for a DSN. Columns of times keep microseconds.
func openMariaDB(dsn string) gorm.Dialector {
	d, _ := mysql.New(mysql.Config{DSN: dsn, DefaultDatetimePrecision: new(6)}).(*mysql.Dialector) // it is no other.
	return mariaDB{d}
}

// Migrator returns gorm's migrator, but for the words.
func (d mariaDB) Migrator(db *gorm.DB) gorm.Migrator {
	m, _ := d.Dialector.Migrator(db).(mysql.Migrator) // it is no other.
	return mariaDBMigrator{m}
}

type mariaDBMigrator struct{ mysql.Migrator }

// words are types and functions in the order in which they are looked for. A text that is a key, or has a default, needs a length.
var words = strings.NewReplacer( //nolint:gochecknoglobals // constant.
	"jsonb", "json", "bytea", "longblob", "timestamptz", "datetime(6)", "random()", "(rand())", "('k-' || CURRENT_TIMESTAMP)", "(concat('k-', now()))",
)

// FullDataTypeOf returns what follows the name of a column where its table is made.
func (m mariaDBMigrator) FullDataTypeOf(field *schema.Field) clause.Expr {
	e := m.Migrator.FullDataTypeOf(field)
	e.SQL = words.Replace(e.SQL)
	if rest, isTime := strings.CutPrefix(e.SQL, "timestamp"); isTime && (rest == "" || rest[0] == ' ') {
		e.SQL = "datetime(6)" + rest
	}
	if rest, isText := strings.CutPrefix(e.SQL, "text"); isText && (field.PrimaryKey || field.HasDefaultValue) {
		e.SQL = "varchar(191)" + rest
	}
	if rest, isBytes := strings.CutPrefix(e.SQL, "longblob"); isBytes && field.PrimaryKey {
		e.SQL = "varbinary(191)" + rest
	}
	return e
}
