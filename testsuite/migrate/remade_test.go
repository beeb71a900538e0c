// SPDX-License-Identifier: MIT

package migrate_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// part is the table parts before a change, part2 after it.
type part struct {
	model.BaseModel[part]

	ID    int64
	Name  string `gorm:"index"`
	Price string
}

type part2 struct {
	model.BaseModel[part2]

	ID    int64
	Name  string `gorm:"index"`
	Price int64  `gorm:"not null;default:0;check:price >= 0"`
	Over  *part  `relation:"belongsTo;foreignKey:OverID;onDelete:SET NULL"`

	OverID *int64
}

// Define names the table.
func (*part2) Define(d *model.Definition[part2]) { d.Table("parts") }

func TestWhatHangsOnATableIsKept(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &part{})
		e.Exec(t, "INSERT INTO parts (name, price) VALUES ('a', '1'), ('b', '2'), ('c', '3')", "DELETE FROM parts WHERE name = 'c'",
			"CREATE UNIQUE INDEX own_index ON parts (name) WHERE name <> ''", "CREATE TABLE part_log (id integer)")
		if e.Database.Name == "Postgres" {
			e.Exec(t, "CREATE VIEW part_names AS SELECT name FROM parts",
				"CREATE FUNCTION part_logged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO part_log VALUES (NEW.id); RETURN NEW; END $$",
				"CREATE TRIGGER part_trigger AFTER INSERT ON parts FOR EACH ROW EXECUTE FUNCTION part_logged()")
		} else {
			e.Exec(t, "CREATE VIEW part_names AS SELECT name FROM parts",
				"CREATE TRIGGER part_trigger AFTER INSERT ON parts BEGIN INSERT INTO part_log VALUES (NEW.id); END",
				"CREATE TRIGGER part_other AFTER DELETE ON part_log BEGIN DELETE FROM parts WHERE id = OLD.id; END")
		}
		require.NoError(t, e.DB.Migrate(e.Ctx, &part2{}))
		require.Zero(t, e.Count(t, "part_log"), "the copy of a row is no new row")
		require.Len(t, e.Rows(t, "SELECT name FROM part_names"), 2)
		p := &part2{Name: "d"}
		require.NoError(t, model.Create(e.Ctx, e.DB, p))
		require.EqualValues(t, 4, p.ID, "a key is not given twice")
		require.EqualValues(t, 1, e.Count(t, "part_log"))
		require.ErrorIs(t, model.Create(e.Ctx, e.DB, &part2{Name: "d"}), model.ErrDuplicate)
		require.ErrorIs(t, model.Create(e.Ctx, e.DB, &part2{Name: "e", Price: -1}), model.ErrInvalidValue)
		require.True(t, e.Gorm.Migrator().HasIndex("parts", "idx_parts_name"))
	})
}

func TestAChangeThatRowsDoNotFitChangesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &part{})
		e.Exec(t, "INSERT INTO parts (name, price) VALUES ('a', '1'), ('b', NULL)")
		before := e.Rows(t, "SELECT * FROM parts ORDER BY id")
		err := e.DB.Migrate(e.Ctx, &part2{})
		require.ErrorIs(t, err, model.ErrInvalidValue)
		require.ErrorContains(t, err, "part2")
		require.Equal(t, before, e.Rows(t, "SELECT * FROM parts ORDER BY id"))
		require.False(t, e.Gorm.Migrator().HasColumn("parts", "over_id"), "half of it is not made")
	})
}

func TestAForeignKeyThatRowsDoNotFitIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedShops(t, e)
		e.Exec(t, "UPDATE shops SET town_id = 99 WHERE id = 2")
		err := e.DB.Migrate(e.Ctx, &withForeignKey{}, &shelf{}, &town{})
		require.ErrorIs(t, err, model.ErrForeignKey)
		e.Exec(t, "UPDATE shops SET town_id = NULL WHERE id = 2")
		requireShops(t, e)
	})
}

func TestATableIsNotMadeAnewInATransaction(t *testing.T) {
	harness.EachOf(t, harness.On("SQLite"), func(t *testing.T, e *harness.Env) {
		seedShops(t, e)
		err := e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			e.Sent.Reset()
			err := tx.Migrate(ctx, &label{}, &part{}, &withCheck{})
			require.Empty(t, changing(e.Sent.Statements()), "and nothing else is made either")
			return err
		})
		require.ErrorIs(t, err, model.ErrUnsupported)
		require.ErrorContains(t, err, `withCheck`)
		require.ErrorContains(t, err, `chk_shops_name`)
		require.ErrorContains(t, err, "outside")
	})
}

func TestEveryConnectionChecksForeignKeysAfterMigrate(t *testing.T) {
	harness.EachOf(t, harness.On("SQLite"), func(t *testing.T, e *harness.Env) {
		pool, err := e.Gorm.DB()
		require.NoError(t, err)
		pool.SetMaxOpenConns(1)
		seedShops(t, e)
		for _, v := range []any{&withCheck{}, &withForeignKey{}} {
			require.NoError(t, e.DB.Migrate(e.Ctx, v, &town{}))
			require.EqualValues(t, 1, value(e.Row(t, "PRAGMA foreign_keys")["foreign_keys"]))
			require.EqualValues(t, 0, value(e.Row(t, "PRAGMA legacy_alter_table")["legacy_alter_table"]))
		}
		e.Exec(t, "UPDATE shops SET town_id = NULL", "INSERT INTO shops (id, number) VALUES (7, '')", "PRAGMA ignore_check_constraints = ON")
		require.Error(t, e.DB.Migrate(e.Ctx, &nowUnfit{}))
		require.EqualValues(t, 1, value(e.Row(t, "PRAGMA foreign_keys")["foreign_keys"]))
	})
}

// nowUnfit is the table shops with a column that is never NULL, where each row has NULL.
type nowUnfit struct {
	model.BaseModel[nowUnfit]
	ShopCore
	Town int64 `gorm:"column:town_id;not null"`
}

// Define names the table.
func (*nowUnfit) Define(d *model.Definition[nowUnfit]) { d.Table("shops") }
