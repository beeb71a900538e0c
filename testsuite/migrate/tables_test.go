// SPDX-License-Identifier: MIT

package migrate_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Thing is a table with every sort of index and constraint that a tag can ask for.
type Thing struct {
	model.BaseModel[Thing]

	ID      int64
	Code    string  `gorm:"uniqueIndex;size:20"`
	Region  string  `gorm:"uniqueIndex:idx_place;size:20"`
	City    string  `gorm:"uniqueIndex:idx_place;size:20"`
	Group   string  `gorm:"index"` // a word of SQL
	State   string  `gorm:"not null;default:new"`
	Owner   *string `gorm:"not null"`
	Score   int     `gorm:"check:score_is_positive,score >= 0"`
	Away    home    `gorm:"embedded;embeddedPrefix:away_"`
	Ignored string  `gorm:"-"`
	Long    string  `gorm:"column:longer"`
	Deleted gorm.DeletedAt
}

// home is embedded, or one column.
type home struct {
	City string
	Zip  string
}

// V1 and V2 are one table before and after a change.
type V1 struct {
	model.BaseModel[V1]

	ID    int64
	Name  string
	Old   string
	Count int `gorm:"default:7"`
}

// Define names the table.
func (*V1) Define(d *model.Definition[V1]) { d.Table("versions") }

type V2 struct {
	model.BaseModel[V2]

	ID        int64
	Name      string `gorm:"uniqueIndex;size:60"`
	Count     int    `gorm:"default:7"`
	Added     string `gorm:"not null;default:fresh"`
	Optional  *time.Time
	UpdatedAt time.Time
}

// Define names the table.
func (*V2) Define(d *model.Definition[V2]) { d.Table("versions") }

// Pair has a composite key.
type Pair struct {
	model.BaseModel[Pair]

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

// Migrate makes the table with the model's columns, embedded ones with their prefix, and none for ignored
// fields.
func TestMigrateMakesTablesAndColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.NoError(t, e.DB.Migrate(e.Ctx, &Thing{}, &Pair{}))
		m := e.Gorm.Migrator()
		require.True(t, m.HasTable("things"))
		require.True(t, m.HasTable("pairs"))
		for column, want := range map[string]bool{
			"id": true, "code": true, "group": true, "longer": true, "long": false, "ignored": false, "away_city": true, "away_zip": true,
			"city": true, "home": false, "deleted": true, "base_model": false,
		} {
			require.Equal(t, want, m.HasColumn("things", column), column)
		}
		require.NoError(t, model.Create(e.Ctx, e.DB, &Pair{UserID: 1, Key: "a", Value: "x"}))
		require.NoError(t, model.Create(e.Ctx, e.DB, &Pair{UserID: 1, Key: "b"}))
		require.ErrorIs(t, model.Create(e.Ctx, e.DB, &Pair{UserID: 1, Key: "a"}), model.ErrDuplicate)
	})
}

// Migrate makes unique and plain indexes, composite ones too, and the defaults, NOT NULLs and checks of the
// tags.
func TestMigrateMakesIndexesAndConstraints(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Thing{})
		m := e.Gorm.Migrator()
		for _, index := range []string{"idx_things_code", "idx_place", "idx_things_group"} {
			require.True(t, m.HasIndex("things", index), index)
		}
		owner := new("o")
		first := &Thing{Code: "a", Region: "r", City: "c", Group: "g", Owner: owner}
		require.NoError(t, model.Create(e.Ctx, e.DB, first))
		require.Equal(t, "new", first.State, "the default came back")
		for name, c := range map[string]struct {
			record *Thing
			is     error
		}{
			"unique":            {&Thing{Code: "a", Region: "x", City: "x", Owner: owner}, model.ErrDuplicate},
			"composite unique":  {&Thing{Code: "b", Region: "r", City: "c", Owner: owner}, model.ErrDuplicate},
			"not null":          {&Thing{Code: "c", Region: "y", City: "y"}, model.ErrInvalidValue},
			"check":             {&Thing{Code: "d", Region: "z", City: "z", Owner: owner, Score: -1}, model.ErrInvalidValue},
			"half of composite": {&Thing{Code: "e", Region: "r", City: "d", Group: "g", Owner: owner}, nil},
		} {
			require.ErrorIs(t, model.Create(e.Ctx, e.DB, c.record), c.is, name)
		}
	})
}

// Migrating again changes nothing and keeps the rows.
func TestMigratingAgainChangesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		models := []any{&Thing{}, &Pair{}, &account{}, &note{}, &queryPost{}, &scopedPage{}, &hooked{}, &tally{}}
		e.Migrate(t, models...)
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "a"}))
		for range 2 {
			e.Sent.Reset()
			require.NoError(t, e.DB.Migrate(e.Ctx, models...))
			require.Empty(t, ddl(e.Sent.Statements()))
		}
		require.EqualValues(t, 1, e.Count(t, "accounts"))
	})
}

// Migrate adds columns and indexes to a table with rows, fills in defaults, and drops nothing.
func TestMigrateAddsColumnsAndDropsNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &V1{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &V1{Name: "n", Old: "o", Count: 3}))
		// A program of a later version, with its own handle on the same database.
		later, err := model.New(e.Gorm)
		require.NoError(t, err)
		require.NoError(t, later.Migrate(e.Ctx, &V2{}))
		one, err := model.Query[V2](later).Sole(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "n", one.Name)
		require.Equal(t, 3, one.Count)
		require.Equal(t, "fresh", one.Added)
		require.Nil(t, one.Optional)
		require.True(t, e.Gorm.Migrator().HasIndex("versions", "idx_versions_name"))
		require.ErrorIs(t, model.Create(e.Ctx, later, &V2{Name: "n"}), model.ErrDuplicate)
		row := e.Rows(t, "SELECT old FROM versions")[0]
		require.EqualValues(t, "o", row["old"], "a column that the model no longer has")
		one.Optional = new(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		require.NoError(t, one.Save(e.Ctx))
	})
}

// Migrate checks a model as Register does before anything is sent, names the model, and obeys the context.
func TestMigrateChecksModelsFirst(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		refuses(t, e, []refused{
			{"mistake", func() error { return e.DB.Migrate(e.Ctx, &badScopes{}) }, nil, "badScopes"},
			{"value", func() error { return e.DB.Migrate(e.Ctx, account{}) }, model.ErrUnsupported, "pointer"},
			{"nil", func() error { return e.DB.Migrate(e.Ctx, nil) }, model.ErrUnsupported, "pointer"},
			{"no model", func() error { return e.DB.Migrate(e.Ctx, &home{}) }, nil, "home"},
		})
		ctx, cancel := context.WithCancel(e.Ctx)
		cancel()
		err := e.DB.Migrate(ctx, &account{})
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorContains(t, err, "account")
		require.False(t, e.Gorm.Migrator().HasTable("accounts"))
		require.NoError(t, e.DB.Migrate(e.Ctx))
	})
}

// Migrate belongs to the transaction that it is called on, or that the context carries.
func TestMigrateBelongsToItsTransaction(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		iterateAlone(t, e)
		for name, of := range map[string]func(tx *model.DB) *model.DB{
			"its own": func(tx *model.DB) *model.DB { return tx }, "by context": func(*model.DB) *model.DB { return e.DB },
		} {
			err := e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
				require.NoError(t, of(tx).Migrate(ctx, &tally{}), name)
				require.NoError(t, model.Create(ctx, tx, &tally{Kind: "a"}), name)
				return context.Canceled
			})
			require.ErrorIs(t, err, context.Canceled, name)
			require.False(t, e.Gorm.Migrator().HasTable("tallies"), name)
		}
	})
}
