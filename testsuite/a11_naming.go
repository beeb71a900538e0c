// SPDX-License-Identifier: MIT

package testsuite

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
)

// nameThing has a name of every kind.
type nameThing struct {
	model.BaseModel[nameThing]

	ID       int64
	FullName string
	HTTPCode int
	Kept     string `gorm:"column:kept_by_tag" json:"keptJSON"`
	Total    int64  `gorm:"-"`
}

// shouting is a strategy for tables and columns.
type shouting struct{ schema.NamingStrategy }

// TableName is the name in capitals.
func (shouting) TableName(name string) string { return "T_" + strings.ToUpper(name) }

// ColumnName is the name in capitals.
func (shouting) ColumnName(_, name string) string { return strings.ToUpper(name) }

// camel is a strategy for serialized names and pivots.
type camel struct{}

// PivotTable joins both names.
func (camel) PivotTable(a, b string) string { return a + b }

// PivotKey joins both names.
func (camel) PivotKey(of, key string) string { return of + key }

// Serialized is lower camel case.
func (camel) Serialized(field string) string { return strings.ToLower(field[:1]) + field[1:] }

// migrateOn makes the tables of models on a database with other names.
func migrateOn(t testing.TB, e *env, db *model.DB, models ...any) {
	t.Helper()
	require.NoError(t, db.Register(models...))
	require.NoError(t, db.Migrate(e.ctx, models...))
	e.sent.Reset()
}

// namingPromises are those of row A11.
func namingPromises() []promise {
	return []promise{
		{
			name: "A11/StrategyOfGorm",
			says: "the naming strategy of the gorm handle names tables and columns, and tags go before it",
			check: func(t testing.TB, e *env) {
				db := e.named(t, shouting{}, nil)
				migrateOn(t, e, db, &nameThing{})
				require.Equal(t, []string{"FULLNAME", "HTTPCODE", "ID", "kept_by_tag"}, sortedKeys(columnsOf(t, e, "T_NAMETHING")))
				n := &nameThing{FullName: "Ada", HTTPCode: 200, Kept: "k"}
				require.NoError(t, model.Create(e.ctx, db, n))
				for _, name := range []string{"FullName", "FULLNAME"} {
					found, err := model.Query[nameThing](db).Where(name, "Ada").Where("httpCode", "=", 200).First(e.ctx)
					require.ErrorIs(t, err, model.ErrUnknownColumn) // neither attribute nor column
					require.Nil(t, found)
					found, err = model.Query[nameThing](db).Where(name, "Ada").Where("HTTPCode", "=", 200).First(e.ctx)
					require.NoError(t, err)
					require.True(t, n.Equal(found))
				}
				require.NoError(t, n.Merge(model.Attrs{"FULLNAME": "Bob", "kept_by_tag": "l"}))
				require.NoError(t, n.Save(e.ctx))
				row := e.row(t, `SELECT "FULLNAME", kept_by_tag FROM "T_NAMETHING"`)
				require.Equal(t, map[string]any{"FULLNAME": "Bob", "kept_by_tag": "l"}, row)
			},
			twin: losingUpdates("FULLNAME"),
		},
		{
			name: "A11/PrefixAndSingular",
			says: "gorm's own options, a table prefix and singular tables, hold in every statement",
			check: func(t testing.TB, e *env) {
				db := e.named(t, schema.NamingStrategy{TablePrefix: "app_", SingularTable: true, IdentifierMaxLength: 64}, nil)
				migrateOn(t, e, db, &nameThing{})
				n := &nameThing{FullName: "Ada"}
				require.NoError(t, model.Create(e.ctx, db, n))
				n.FullName = "Bob"
				require.NoError(t, n.Save(e.ctx))
				require.Equal(t, "Bob", e.row(t, "SELECT full_name FROM app_name_thing")["full_name"])
				require.NoError(t, n.Refresh(e.ctx))
				got, err := model.Query[nameThing](db).SelectRaw("count(*) AS total").First(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 1, got.Total)
				require.NoError(t, n.Delete(e.ctx))
				require.Zero(t, e.count(t, "app_name_thing"))
			},
			twin: bending("UPDATE", "`app_name_thing` SET `full_name` = ?", "`app_name_thing` SET `full_name` = 'x' || ?"),
		},
		{
			name: "A11/SerializedNames",
			says: "Config.Naming names serialized fields, and tags go before it",
			check: func(t testing.TB, e *env) {
				db := e.named(t, nil, camel{})
				migrateOn(t, e, db, &nameThing{})
				n := &nameThing{FullName: "Ada", HTTPCode: 200, Kept: "k"}
				require.NoError(t, e.do("create", func() error { return model.Create(e.ctx, db, n) }))
				out, err := json.Marshal(n)
				require.NoError(t, err)
				require.JSONEq(t, `{"iD":1,"fullName":"Ada","hTTPCode":200,"keptJSON":"k","total":0}`, string(out))
			},
			twin: func(e *env) {
				e.op["create"] = func(func() error) error { return nil } // the record stays with the default strategy
			},
		},
		{
			name: "A11/TwoStrategiesInOneProcess",
			says: "two databases with different strategies work side by side, also with one record after the other",
			check: func(t testing.TB, e *env) {
				plain := e.named(t, nil, nil)
				loud := e.named(t, shouting{}, camel{})
				migrateOn(t, e, plain, &nameThing{})
				migrateOn(t, e, loud, &nameThing{})
				for i, db := range []*model.DB{plain, loud, plain, loud} {
					n := &nameThing{FullName: "n", HTTPCode: i}
					require.NoError(t, model.Create(e.ctx, db, n))
					n.HTTPCode += 100
					require.NoError(t, n.Save(e.ctx))
				}
				require.EqualValues(t, 202, e.row(t, "SELECT sum(http_code) AS s FROM name_things")["s"])
				require.EqualValues(t, 204, e.row(t, `SELECT sum("HTTPCODE") AS s FROM "T_NAMETHING"`)["s"])

				list, err := model.Query[nameThing](loud).OrderBy("ID").All(e.ctx)
				require.NoError(t, err)
				require.Len(t, list, 2)
				copied := list[0].Replicate()
				require.NoError(t, model.Create(e.ctx, plain, copied))
				require.EqualValues(t, 3, e.count(t, "name_things"))
				out, err := json.Marshal(copied)
				require.NoError(t, err)
				require.Contains(t, string(out), `"full_name":"n"`)
				out, err = json.Marshal(list[0])
				require.NoError(t, err)
				require.Contains(t, string(out), `"fullName":"n"`)
			},
			twin: bending("UPDATE `T_NAMETHING`", "`HTTPCODE` = ?", "`HTTPCODE` = ? * 2"),
		},
	}
}
