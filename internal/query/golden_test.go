// SPDX-License-Identifier: MIT

package query_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/dialect/mysql"
	"github.com/kindred-orm/kindred/internal/dialect/postgres"
	"github.com/kindred-orm/kindred/internal/dialect/sqlite"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Author is the model of the queries; Book is one that they join.
type Author struct {
	model.BaseModel[Author]

	ID        int64
	Name      string
	Age       *int
	Score     float64
	Active    bool
	CreatedAt time.Time
	DeletedAt gorm.DeletedAt
}

// Book has no soft deletes. Updates write its timestamp and its version.
type Book struct {
	model.BaseModel[Book]

	ID        int64
	AuthorID  int64
	Title     string
	UpdatedAt time.Time
	Version   int `model:"version"`
}

// stage is a dialect with the models. No statement is sent, so the database behind it is always SQLite.
type stage struct {
	*tx.Handle

	author, book *meta.Model
}

func newStage(t *testing.T, d *dialect.Dialect) stage {
	t.Helper()
	return stageOn(t, d, dbtest.SQLite(t))
}

func stageOn(t *testing.T, d *dialect.Dialect, on *gorm.DB) stage {
	t.Helper()
	names := meta.Names{Gorm: meta.DefaultGormNaming(), Naming: meta.DefaultNaming{}}
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	db, err := tx.New(tx.Config{Gorm: on, Dialect: d, Models: meta.NewRegistry(names), Now: now})
	require.NoError(t, err)
	author, err := db.Models.Model(reflect.TypeFor[Author]())
	require.NoError(t, err)
	book, err := db.Models.Model(reflect.TypeFor[Book]())
	require.NoError(t, err)
	return stage{db.Root(), author, book}
}

func dialects() []*dialect.Dialect {
	return []*dialect.Dialect{sqlite.New(), postgres.New(), mysql.New()}
}

// goldenCase changes a query of the authors' IDs.
type goldenCase struct {
	name  string
	build func(s stage, q *query.Spec)
}

// golden compares the SQL of the cases in every dialect with the file testdata/topic.sql, which -update rewrites.
func golden(t *testing.T, topic string, cases []goldenCase) {
	t.Helper()
	var b strings.Builder
	for _, c := range cases {
		fmt.Fprintf(&b, "\n-- %s\n", c.name)
		for _, d := range dialects() {
			s := newStage(t, d)
			q := query.New(s.Handle, s.author)
			q.Columns = []query.Selection{{Column: "id"}}
			c.build(s, q)
			statement, err := query.Compile(s.Handle, q)
			if err != nil {
				fmt.Fprintf(&b, "%s refuses it: %v\n", d.Name, err)
				continue
			}
			write(&b, d, statement.SQL, statement.Args)
		}
	}
	harness.GoldenFile(t, topic, b.String())
}

// write writes a statement with its values.
func write(b *strings.Builder, d *dialect.Dialect, sql string, args []any) {
	fmt.Fprintf(b, "%s: %s\n", d.Name, sql)
	for i, arg := range args {
		fmt.Fprintf(b, "    %d: %T %v\n", i+1, arg, arg)
	}
}
