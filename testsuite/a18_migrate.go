// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
)

// migratedThing is a table with every sort of index and constraint that a tag can ask for.
type migratedThing struct {
	model.BaseModel[migratedThing]

	ID      int64
	Code    string       `gorm:"uniqueIndex;size:20"`
	Region  string       `gorm:"uniqueIndex:idx_migrated_place;size:20"`
	City    string       `gorm:"uniqueIndex:idx_migrated_place;size:20"`
	Group   string       `gorm:"index"` // a word of SQL
	State   string       `gorm:"not null;default:new"`
	Owner   *string      `gorm:"not null"`
	Score   int          `gorm:"check:score_is_positive,score >= 0"`
	Away    migratedHome `gorm:"embedded;embeddedPrefix:away_"`
	Ignored string       `gorm:"-"`
	Long    string       `gorm:"column:longer"`
	Deleted gorm.DeletedAt
}

// migratedHome is embedded, or one column.
type migratedHome struct {
	City string
	Zip  string
}

// migratedV1 and migratedV2 are one table before and after a change.
type migratedV1 struct {
	model.BaseModel[migratedV1]

	ID    int64
	Name  string
	Old   string
	Count int `gorm:"default:7"`
}

// Define names the table.
func (*migratedV1) Define(d *model.Definition[migratedV1]) { d.Table("migrated_versions") }

type migratedV2 struct {
	model.BaseModel[migratedV2]

	ID        int64
	Name      string `gorm:"uniqueIndex;size:60"`
	Count     int    `gorm:"default:7"`
	Added     string `gorm:"not null;default:fresh"`
	Optional  *time.Time
	UpdatedAt time.Time
}

// Define names the table.
func (*migratedV2) Define(d *model.Definition[migratedV2]) { d.Table("migrated_versions") }

// migratedPair has a composite key.
type migratedPair struct {
	model.BaseModel[migratedPair]

	UserID int64  `gorm:"primaryKey;autoIncrement:false"`
	Key    string `gorm:"primaryKey;size:20"`
	Value  string
}

// ddl are the statements that change a schema.
func ddl(statements []string) []string {
	out := []string{}
	for _, sql := range statements {
		for _, verb := range []string{"CREATE ", "ALTER ", "DROP "} {
			if strings.HasPrefix(strings.ToUpper(strings.TrimSpace(sql)), verb) {
				out = append(out, sql)
			}
		}
	}
	return out
}

// migratePromises are those of row A18, but for relations.
func migratePromises() []promise {
	return []promise{
		{
			name: "A18/TablesAndColumns",
			says: "Migrate makes the table with the model's columns, embedded ones with their prefix, and none for ignored fields",
			check: func(t testing.TB, e *env) {
				require.NoError(t, e.do("migrate", func() error { return e.db.Migrate(e.ctx, &migratedThing{}, &migratedPair{}) }))
				m := e.gorm.Migrator()
				require.True(t, m.HasTable("migrated_things"))
				require.True(t, m.HasTable("migrated_pairs"))
				for column, want := range map[string]bool{
					"id": true, "code": true, "group": true, "longer": true, "long": false, "ignored": false, "away_city": true, "away_zip": true,
					"city": true, "home": false, "deleted": true, "base_model": false,
				} {
					require.Equal(t, want, m.HasColumn("migrated_things", column), column)
				}
				require.NoError(t, model.Create(e.ctx, e.db, &migratedPair{UserID: 1, Key: "a", Value: "x"}))
				require.NoError(t, model.Create(e.ctx, e.db, &migratedPair{UserID: 1, Key: "b"}))
				require.ErrorIs(t, model.Create(e.ctx, e.db, &migratedPair{UserID: 1, Key: "a"}), model.ErrDuplicate)
			},
			twin: leftOut("migrate"),
		},
		{
			name: "A18/IndexesAndConstraints",
			says: "Migrate makes unique and plain indexes, composite ones too, and the defaults, NOT NULLs and checks of the tags",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &migratedThing{})
				m := e.gorm.Migrator()
				for _, index := range []string{"idx_migrated_things_code", "idx_migrated_place", "idx_migrated_things_group"} {
					require.True(t, m.HasIndex("migrated_things", index), index)
				}
				owner := new("o")
				first := &migratedThing{Code: "a", Region: "r", City: "c", Group: "g", Owner: owner}
				require.NoError(t, model.Create(e.ctx, e.db, first))
				require.Equal(t, "new", first.State, "the default came back")
				for name, c := range map[string]struct {
					record *migratedThing
					is     error
				}{
					"unique":            {&migratedThing{Code: "a", Region: "x", City: "x", Owner: owner}, model.ErrDuplicate},
					"composite unique":  {&migratedThing{Code: "b", Region: "r", City: "c", Owner: owner}, model.ErrDuplicate},
					"not null":          {&migratedThing{Code: "c", Region: "y", City: "y"}, model.ErrInvalidValue},
					"check":             {&migratedThing{Code: "d", Region: "z", City: "z", Owner: owner, Score: -1}, model.ErrInvalidValue},
					"half of composite": {&migratedThing{Code: "e", Region: "r", City: "d", Group: "g", Owner: owner}, nil},
				} {
					require.ErrorIs(t, model.Create(e.ctx, e.db, c.record), c.is, name)
				}
			},
			twin: bent("CREATE UNIQUE INDEX", "UNIQUE", ""),
		},
		{
			name: "A18/Idempotent",
			says: "Migrating again changes nothing and keeps the rows",
			check: func(t testing.TB, e *env) {
				models := []any{&migratedThing{}, &migratedPair{}, &account{}, &note{}, &queryPost{}, &scopedPage{}, &hooked{}, &tally{}}
				e.migrate(t, models...)
				require.NoError(t, model.Create(e.ctx, e.db, &account{Email: "a"}))
				for range 2 {
					e.sent.Reset()
					require.NoError(t, e.do("migrate", func() error { return e.db.Migrate(e.ctx, models...) }))
					require.Empty(t, ddl(e.sent.Statements()))
				}
				require.EqualValues(t, 1, e.count(t, "accounts"))
			},
			twin: func(e *env) {
				e.op["migrate"] = func(run func() error) error {
					return firstError(run(), e.db.Gorm().Exec("CREATE TABLE more (id integer)").Error)
				}
			},
		},
		{
			name: "A18/AddsColumns",
			says: "Migrate adds columns and indexes to a table with rows, fills in defaults, and drops nothing",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &migratedV1{})
				require.NoError(t, model.Create(e.ctx, e.db, &migratedV1{Name: "n", Old: "o", Count: 3}))
				// A program of a later version, with its own handle on the same database.
				later, err := model.New(e.gorm)
				require.NoError(t, err)
				require.NoError(t, e.do("migrate", func() error { return later.Migrate(e.ctx, &migratedV2{}) }))
				one, err := model.Query[migratedV2](later).Sole(e.ctx)
				require.NoError(t, err)
				require.Equal(t, "n", one.Name)
				require.Equal(t, 3, one.Count)
				require.Equal(t, "fresh", one.Added)
				require.Nil(t, one.Optional)
				require.True(t, e.gorm.Migrator().HasIndex("migrated_versions", "idx_migrated_versions_name"))
				require.ErrorIs(t, model.Create(e.ctx, later, &migratedV2{Name: "n"}), model.ErrDuplicate)
				row := e.rows(t, "SELECT old FROM migrated_versions")[0]
				require.EqualValues(t, "o", row["old"], "a column that the model no longer has")
				one.Optional = new(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
				require.NoError(t, one.Save(e.ctx))
			},
			twin: leftOut("migrate"),
		},
		{
			name: "A18/MigrateErrors",
			says: "Migrate checks a model as Register does before anything is sent, names the model, and obeys the context",
			check: func(t testing.TB, e *env) {
				refuses(t, e, []refused{
					{"mistake", func() error { return e.db.Migrate(e.ctx, &badScopes{}) }, nil, "badScopes"},
					{"value", func() error { return e.db.Migrate(e.ctx, account{}) }, model.ErrUnsupported, "pointer"},
					{"nil", func() error { return e.db.Migrate(e.ctx, nil) }, model.ErrUnsupported, "pointer"},
					{"no model", func() error { return e.db.Migrate(e.ctx, &migratedHome{}) }, nil, "migratedHome"},
				})
				ctx, cancel := context.WithCancel(e.ctx)
				cancel()
				err := e.db.Migrate(ctx, &account{})
				require.ErrorIs(t, err, context.Canceled)
				require.ErrorContains(t, err, "account")
				require.False(t, e.gorm.Migrator().HasTable("accounts"))
				require.NoError(t, e.db.Migrate(e.ctx))
			},
			twin: lenient("refused"),
		},
		{
			name: "A18/MigrateInTransaction",
			says: "Migrate belongs to the transaction that it is called on, or that the context carries",
			check: func(t testing.TB, e *env) {
				iterateAlone(t, e)
				for name, of := range map[string]func(tx *model.DB) *model.DB{
					"its own": func(tx *model.DB) *model.DB { return tx }, "by context": func(*model.DB) *model.DB { return e.db },
				} {
					err := e.db.Transaction(e.ctx, func(ctx context.Context, tx *model.DB) error {
						require.NoError(t, e.do("migrate", func() error { return of(tx).Migrate(ctx, &tally{}) }), name)
						require.NoError(t, model.Create(ctx, tx, &tally{Kind: "a"}), name)
						return context.Canceled
					})
					require.ErrorIs(t, err, context.Canceled, name)
					require.False(t, e.gorm.Migrator().HasTable("tallies"), name)
				}
			},
			twin: func(e *env) {
				e.op["migrate"] = func(func() error) error { return context.DeadlineExceeded }
			},
		},
	}
}
