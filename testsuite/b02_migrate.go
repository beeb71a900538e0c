// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Models whose relations have Migrate make pivot tables and foreign keys.
type (
	kinHub struct {
		model.BaseModel[kinHub]

		ID     int64
		Code   string      `gorm:"uniqueIndex;size:20"`
		Pairs  []*kinSpoke `relation:"manyToMany;pivotColumns:role"`
		Again  []*kinSpoke `relation:"manyToMany;pivotTable:kin_again;duplicates;pivotTimestamps"`
		Kept   []*kinSpoke `relation:"manyToMany;pivotTable:kin_kept;onDelete:RESTRICT"`
		Coded  []*kinSpoke `relation:"manyToMany;pivotTable:kin_coded;localKey:Code;onUpdate:cascade"`
		Gone   []*kinLeaf  `relation:"hasMany;foreignKey:GoneID;onDelete:CASCADE"`
		Tokens []*kinLeaf  `relation:"hasMany;foreignKey:HubCode;localKey:Code;onDelete:SET NULL;onUpdate:CASCADE"`
	}
	kinSpoke struct {
		model.BaseModel[kinSpoke]

		ID    string    `gorm:"size:20"`
		Pairs []*kinHub `relation:"manyToMany;pivotTimestamps;pivotColumns:weight"`
	}
	kinLeaf struct {
		model.BaseModel[kinLeaf]

		ID      int64
		GoneID  *int64
		HubCode *string `gorm:"size:20"`
		StopID  *int64
		Stop    *kinHub `relation:"belongsTo;onDelete:RESTRICT"`
	}
)

// seedHubs makes a hub with everything.
func seedHubs(t testing.TB, e *env) {
	t.Helper()
	require.NoError(t, e.do("migrate", func() error { return e.db.Migrate(e.ctx, &kinLeaf{}, &kinHub{}, &kinSpoke{}) }))
	require.NoError(t, model.Insert(e.ctx, e.db, []*kinHub{{Code: "a"}, {Code: "b"}, {Code: "c"}}))
	require.NoError(t, model.Insert(e.ctx, e.db, []*kinSpoke{{ID: "x"}, {ID: "y"}}))
	e.sent.Reset()
}

// kinFails asserts that a statement that is sent past Kindred fails.
func kinFails(t testing.TB, e *env, sql string) {
	t.Helper()
	require.Error(t, e.do("fails", func() error { return e.gorm.WithContext(e.ctx).Exec(sql).Error }), sql)
}

// pivotMigratePromises are those of row A18 that are about relations.
func pivotMigratePromises() []promise {
	return []promise{
		{
			name: "B2/MigratePivot",
			says: "Migrate makes pivot tables: a unique pair, both keys NOT NULL and foreign, the columns that any of its relations declares",
			check: func(t testing.TB, e *env) {
				seedHubs(t, e)
				m := e.gorm.Migrator()
				for _, column := range []string{"kin_hub_id", "kin_spoke_id", "role", "weight", "created_at", "updated_at"} {
					require.True(t, m.HasColumn("kin_hub_kin_spoke", column), column)
				}
				kinExec(t, e, "INSERT INTO kin_hub_kin_spoke (kin_hub_id, kin_spoke_id, role, created_at) VALUES (1, 'x', 'r', ?)", time.Now())
				kinFails(t, e, "INSERT INTO kin_hub_kin_spoke (kin_hub_id, kin_spoke_id) VALUES (1, 'x')")
				kinFails(t, e, "INSERT INTO kin_hub_kin_spoke (kin_hub_id, kin_spoke_id) VALUES (1, NULL)")
				kinFails(t, e, "INSERT INTO kin_hub_kin_spoke (kin_hub_id, kin_spoke_id) VALUES (9, 'x')")
				kinFails(t, e, "INSERT INTO kin_hub_kin_spoke (kin_hub_id, kin_spoke_id) VALUES (1, 'z')")
				for range 2 {
					kinExec(t, e, "INSERT INTO kin_again (kin_hub_id, kin_spoke_id) VALUES (1, 'x')")
				}
				kinFails(t, e, "INSERT INTO kin_again (kin_hub_id, kin_spoke_id) VALUES (1, NULL)")
				require.True(t, m.HasColumn("kin_again", "updated_at"))
				require.False(t, m.HasColumn("kin_kept", "updated_at"))
				kinExec(t, e, "DELETE FROM kin_hubs WHERE id = 1")
				require.Zero(t, e.count(t, "kin_hub_kin_spoke"), "rows go with either side")
				require.Zero(t, e.count(t, "kin_again"))
			},
			twin: func(e *env) { e.op["fails"] = func(func() error) error { return nil } },
		},
		{
			name: "B2/MigrateActions",
			says: "onDelete and onUpdate make foreign keys with these actions, for pivot tables and for the other kinds, from either side",
			check: func(t testing.TB, e *env) {
				seedHubs(t, e)
				kinExec(t, e, "INSERT INTO kin_kept (kin_hub_id, kin_spoke_id) VALUES (1, 'x')")
				kinFails(t, e, "DELETE FROM kin_hubs WHERE id = 1")
				kinExec(t, e, "DELETE FROM kin_kept")
				kinExec(t, e, "INSERT INTO kin_coded (kin_hub_code, kin_spoke_id) VALUES ('a', 'x')")
				kinExec(t, e, "UPDATE kin_hubs SET code = 'aa' WHERE id = 1")
				require.EqualValues(t, "aa", e.rows(t, "SELECT kin_hub_code AS c FROM kin_coded")[0]["c"])
				kinExec(t, e, "INSERT INTO kin_leafs (gone_id, hub_code, stop_id) VALUES (1, 'aa', NULL), (NULL, 'b', NULL), (NULL, NULL, 3)")
				kinFails(t, e, "DELETE FROM kin_hubs WHERE id = 3")
				kinFails(t, e, "INSERT INTO kin_leafs (gone_id) VALUES (99)")
				kinExec(t, e, "DELETE FROM kin_hubs WHERE id = 1")
				require.EqualValues(t, 2, e.count(t, "kin_leafs"))
				kinExec(t, e, "UPDATE kin_hubs SET code = 'bb' WHERE id = 2")
				require.Len(t, e.rows(t, "SELECT id FROM kin_leafs WHERE hub_code = 'bb'"), 1)
				kinExec(t, e, "DELETE FROM kin_hubs WHERE id = 2")
				require.EqualValues(t, 2, e.count(t, "kin_leafs"))
				require.Empty(t, e.rows(t, "SELECT id FROM kin_leafs WHERE hub_code IS NOT NULL"))
			},
			twin: func(e *env) { e.op["fails"] = func(func() error) error { return nil } },
		},
		{
			name: "B2/MigrateTwice",
			says: "Migrating relations again changes nothing, and to tables that exist it adds pivot columns, pivot tables and foreign keys",
			check: func(t testing.TB, e *env) {
				kinExec(t, e, "CREATE TABLE kin_hub_kin_spoke (kin_hub_id bigint NOT NULL, kin_spoke_id varchar(20) NOT NULL, "+
					"PRIMARY KEY (kin_hub_id, kin_spoke_id))")
				kinExec(t, e, "CREATE TABLE kin_leafs (id bigint PRIMARY KEY, gone_id bigint, hub_code varchar(20), stop_id bigint)")
				seedHubs(t, e)
				kinExec(t, e, "INSERT INTO kin_hub_kin_spoke (kin_hub_id, kin_spoke_id, role, weight) VALUES (1, 'x', 'r', 'w')")
				kinFails(t, e, "INSERT INTO kin_leafs (id, gone_id) VALUES (1, 99)")
				kinFails(t, e, "INSERT INTO kin_hub_kin_spoke (kin_hub_id, kin_spoke_id) VALUES (9, 'x')")
				for range 2 {
					e.sent.Reset()
					require.NoError(t, e.db.Migrate(e.ctx, &kinSpoke{}, &kinHub{}, &kinLeaf{}))
					for _, sql := range e.sent.Statements() {
						require.NotRegexp(t, "^(CREATE|ALTER|DROP) ", sql)
					}
				}
				require.EqualValues(t, "r", e.rows(t, "SELECT role FROM kin_hub_kin_spoke")[0]["role"])
			},
			twin: func(e *env) { e.op["fails"] = func(func() error) error { return nil } },
		},
		{
			name: "B2/MigrateKeepsTypes",
			says: "Migrate adds columns that a pivot table lacks, and leaves the types of those that it has",
			check: func(t testing.TB, e *env) {
				kinExec(t, e, "CREATE TABLE kin_skill_kin_user (kin_user_id bigint, kin_skill_id bigint, level integer, PRIMARY KEY (kin_user_id, kin_skill_id))")
				e.migrate(t, kinModels()...)
				kinExec(t, e, "INSERT INTO kin_users (id, name, score) VALUES (1, 'a', 1)")
				kinExec(t, e, "INSERT INTO kin_skills (id, name) VALUES (1, 'x'), (2, 'y')")
				u := kinUser1(t, e)
				skills := relation.ManyToMany(u, &u.Skills)
				require.NoError(t, skills.Attach(e.ctx, relation.Pivot(1, model.Attrs{"level": 9}), relation.Pivot(2, model.Attrs{"level": 100, "note": "n"})))
				list, err := skills.Query().Use(func(q *relation.Query) { q.WherePivot("level", ">", 10) }).All(e.ctx)
				require.NoError(t, err)
				require.Equal(t, "y", see(e, "names", kinSkillNames(list)))
			},
			twin: func(e *env) { e.seen["names"] = func(any) any { return "x y" } },
		},
		{
			name: "B6/MigratePivotModel",
			says: "A pivot model is migrated as itself, and no other table is made for its relation",
			check: func(t testing.TB, e *env) {
				require.NoError(t, e.do("migrate", func() error { return e.db.Migrate(e.ctx, &kinBand{}, &kinArtist{}, &kinMembership{}) }))
				require.True(t, e.gorm.Migrator().HasTable("kin_memberships"))
				require.False(t, e.gorm.Migrator().HasTable("kin_artist_kin_band"))
				require.True(t, e.gorm.Migrator().HasColumn("kin_memberships", "instrument"))
			},
			twin: without("migrate"),
		},
	}
}
