// SPDX-License-Identifier: MIT

package migrate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Models whose relations have Migrate make pivot tables and foreign keys.
type (
	Hub struct {
		model.BaseModel[Hub]

		ID     int64
		Code   string   `gorm:"uniqueIndex;size:20"`
		Pairs  []*Spoke `relation:"manyToMany;pivotColumns:role"`
		Again  []*Spoke `relation:"manyToMany;pivotTable:again;duplicates;pivotTimestamps"`
		Kept   []*Spoke `relation:"manyToMany;pivotTable:kept;onDelete:RESTRICT"`
		Coded  []*Spoke `relation:"manyToMany;pivotTable:coded;localKey:Code;onUpdate:cascade"`
		Gone   []*Leaf  `relation:"hasMany;foreignKey:GoneID;onDelete:CASCADE"`
		Tokens []*Leaf  `relation:"hasMany;foreignKey:HubCode;localKey:Code;onDelete:SET NULL;onUpdate:CASCADE"`
	}
	Spoke struct {
		model.BaseModel[Spoke]

		ID    string `gorm:"size:20"`
		Pairs []*Hub `relation:"manyToMany;pivotTimestamps;pivotColumns:weight"`
	}
	Leaf struct {
		model.BaseModel[Leaf]

		ID      int64
		GoneID  *int64
		HubCode *string `gorm:"size:20"`
		StopID  *int64
		Stop    *Hub `relation:"belongsTo;onDelete:RESTRICT"`
	}
)

// seedHubs makes a hub with everything.
func seedHubs(t testing.TB, e *harness.Env) {
	t.Helper()
	require.NoError(t, e.DB.Migrate(e.Ctx, &Leaf{}, &Hub{}, &Spoke{}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Hub{{Code: "a"}, {Code: "b"}, {Code: "c"}}))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*Spoke{{ID: "x"}, {ID: "y"}}))
	e.Sent.Reset()
}

// fails asserts that a statement that is sent past Kindred fails.
func fails(t testing.TB, e *harness.Env, sql string) {
	t.Helper()
	require.Error(t, e.Gorm.WithContext(e.Ctx).Exec(sql).Error, sql)
}

// Migrate makes pivot tables: a unique pair, both keys NOT NULL and foreign, the columns that any of its
// relations declares.
func TestMigrateMakesPivotTables(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedHubs(t, e)
		m := e.Gorm.Migrator()
		for _, column := range []string{"hub_id", "spoke_id", "role", "weight", "created_at", "updated_at"} {
			require.True(t, m.HasColumn("hub_spoke", column), column)
		}
		exec(t, e, "INSERT INTO hub_spoke (hub_id, spoke_id, role, created_at) VALUES (1, 'x', 'r', ?)", time.Now())
		fails(t, e, "INSERT INTO hub_spoke (hub_id, spoke_id) VALUES (1, 'x')")
		fails(t, e, "INSERT INTO hub_spoke (hub_id, spoke_id) VALUES (1, NULL)")
		fails(t, e, "INSERT INTO hub_spoke (hub_id, spoke_id) VALUES (9, 'x')")
		fails(t, e, "INSERT INTO hub_spoke (hub_id, spoke_id) VALUES (1, 'z')")
		for range 2 {
			e.Exec(t, "INSERT INTO again (hub_id, spoke_id) VALUES (1, 'x')")
		}
		fails(t, e, "INSERT INTO again (hub_id, spoke_id) VALUES (1, NULL)")
		require.True(t, m.HasColumn("again", "updated_at"))
		require.False(t, m.HasColumn("kept", "updated_at"))
		e.Exec(t, "DELETE FROM hubs WHERE id = 1")
		require.Zero(t, e.Count(t, "hub_spoke"), "rows go with either side")
		require.Zero(t, e.Count(t, "again"))
	})
}

// OnDelete and onUpdate make foreign keys with these actions, for pivot tables and for the other kinds,
// from either side.
func TestMigrateMakesForeignKeyActions(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedHubs(t, e)
		e.Exec(t, "INSERT INTO kept (hub_id, spoke_id) VALUES (1, 'x')")
		fails(t, e, "DELETE FROM hubs WHERE id = 1")
		e.Exec(t, "DELETE FROM kept")
		e.Exec(t, "INSERT INTO coded (hub_code, spoke_id) VALUES ('a', 'x')")
		e.Exec(t, "UPDATE hubs SET code = 'aa' WHERE id = 1")
		require.EqualValues(t, "aa", e.Rows(t, "SELECT hub_code AS c FROM coded")[0]["c"])
		e.Exec(t, "INSERT INTO leafs (gone_id, hub_code, stop_id) VALUES (1, 'aa', NULL), (NULL, 'b', NULL), (NULL, NULL, 3)")
		fails(t, e, "DELETE FROM hubs WHERE id = 3")
		fails(t, e, "INSERT INTO leafs (gone_id) VALUES (99)")
		e.Exec(t, "DELETE FROM hubs WHERE id = 1")
		require.EqualValues(t, 2, e.Count(t, "leafs"))
		e.Exec(t, "UPDATE hubs SET code = 'bb' WHERE id = 2")
		require.Len(t, e.Rows(t, "SELECT id FROM leafs WHERE hub_code = 'bb'"), 1)
		e.Exec(t, "DELETE FROM hubs WHERE id = 2")
		require.EqualValues(t, 2, e.Count(t, "leafs"))
		require.Empty(t, e.Rows(t, "SELECT id FROM leafs WHERE hub_code IS NOT NULL"))
	})
}

// Migrating relations again changes nothing, and to tables that exist it adds pivot columns, pivot tables
// and foreign keys.
func TestMigratingRelationsAgainChangesNothing(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Exec(t, "CREATE TABLE hub_spoke (hub_id bigint NOT NULL, spoke_id varchar(20) NOT NULL, "+
			"PRIMARY KEY (hub_id, spoke_id))")
		e.Exec(t, "CREATE TABLE leafs (id bigint PRIMARY KEY, gone_id bigint, hub_code varchar(20), stop_id bigint)")
		seedHubs(t, e)
		e.Exec(t, "INSERT INTO hub_spoke (hub_id, spoke_id, role, weight) VALUES (1, 'x', 'r', 'w')")
		fails(t, e, "INSERT INTO leafs (id, gone_id) VALUES (1, 99)")
		fails(t, e, "INSERT INTO hub_spoke (hub_id, spoke_id) VALUES (9, 'x')")
		for range 2 {
			e.Sent.Reset()
			require.NoError(t, e.DB.Migrate(e.Ctx, &Spoke{}, &Hub{}, &Leaf{}))
			for _, sql := range e.Sent.Statements() {
				require.NotRegexp(t, "^(CREATE|ALTER|DROP) ", sql)
			}
		}
		require.EqualValues(t, "r", e.Rows(t, "SELECT role FROM hub_spoke")[0]["role"])
	})
}

// Migrate adds columns that a pivot table lacks, and leaves the types of those that it has.
func TestMigrateKeepsTypesOfPivotColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Exec(t, "CREATE TABLE skill_user (user_id bigint, skill_id bigint, level integer, PRIMARY KEY (user_id, skill_id))")
		e.Migrate(t, allModels()...)
		e.Exec(t, "INSERT INTO users (id, name, score) VALUES (1, 'a', 1)")
		e.Exec(t, "INSERT INTO skills (id, name) VALUES (1, 'x'), (2, 'y')")
		u := user1(t, e)
		skills := relation.ManyToMany(u, &u.Skills)
		require.NoError(t, skills.Attach(e.Ctx, relation.Pivot(1, model.Attrs{"level": 9}), relation.Pivot(2, model.Attrs{"level": 100, "note": "n"})))
		list, err := skills.Query().Use(func(q *relation.Query) { q.WherePivot("level", ">", 10) }).All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "y", skillNames(list))
	})
}

// A pivot model is migrated as itself, and no other table is made for its relation.
func TestPivotModelIsMigratedAsItself(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.NoError(t, e.DB.Migrate(e.Ctx, &Band{}, &Artist{}, &Membership{}))
		require.True(t, e.Gorm.Migrator().HasTable("memberships"))
		require.False(t, e.Gorm.Migrator().HasTable("artist_band"))
		require.True(t, e.Gorm.Migrator().HasColumn("memberships", "instrument"))
	})
}
