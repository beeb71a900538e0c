// SPDX-License-Identifier: MIT

package definition_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
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
func migrateOn(t testing.TB, e *harness.Env, db *model.DB, models ...any) {
	t.Helper()
	require.NoError(t, db.Register(models...))
	require.NoError(t, db.Migrate(e.Ctx, models...))
	e.Sent.Reset()
}

// The naming strategy of the gorm handle names tables and columns, and tags go before it.
func TestNamingStrategyOfGormNamesTablesAndColumns(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		db := named(t, e, shouting{}, nil)
		migrateOn(t, e, db, &nameThing{})
		require.Equal(t, []string{"FULLNAME", "HTTPCODE", "ID", "kept_by_tag"}, harness.SortedKeys(columnsOf(t, e, "T_NAMETHING")))
		n := &nameThing{FullName: "Ada", HTTPCode: 200, Kept: "k"}
		require.NoError(t, model.Create(e.Ctx, db, n))
		for _, name := range []string{"FullName", "FULLNAME"} {
			found, err := model.Query[nameThing](db).Where(name, "Ada").Where("httpCode", "=", 200).First(e.Ctx)
			require.ErrorIs(t, err, model.ErrUnknownColumn) // neither attribute nor column
			require.Nil(t, found)
			found, err = model.Query[nameThing](db).Where(name, "Ada").Where("HTTPCode", "=", 200).First(e.Ctx)
			require.NoError(t, err)
			require.True(t, n.Equal(found))
		}
		require.NoError(t, n.Merge(model.Attrs{"FULLNAME": "Bob", "kept_by_tag": "l"}))
		require.NoError(t, n.Save(e.Ctx))
		row := e.Row(t, "SELECT "+e.Database.Quote("FULLNAME")+", kept_by_tag FROM "+e.Database.Quote("T_NAMETHING"))
		require.Equal(t, map[string]any{"FULLNAME": "Bob", "kept_by_tag": "l"}, row)
	})
}

// Gorm's own options, a table prefix and singular tables, hold in every statement.
func TestTablePrefixAndSingularTablesHold(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		db := named(t, e, schema.NamingStrategy{TablePrefix: "app_", SingularTable: true, IdentifierMaxLength: 64}, nil)
		migrateOn(t, e, db, &nameThing{})
		n := &nameThing{FullName: "Ada"}
		require.NoError(t, model.Create(e.Ctx, db, n))
		n.FullName = "Bob"
		require.NoError(t, n.Save(e.Ctx))
		require.Equal(t, "Bob", e.Row(t, "SELECT full_name FROM app_name_thing")["full_name"])
		require.NoError(t, n.Refresh(e.Ctx))
		got, err := model.Query[nameThing](db).SelectRaw("count(*) AS total").First(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, got.Total)
		require.NoError(t, n.Delete(e.Ctx))
		require.Zero(t, e.Count(t, "app_name_thing"))
	})
}

// Config.Naming names serialized fields, and tags go before it.
func TestConfigNamingNamesSerializedFields(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		db := named(t, e, nil, camel{})
		migrateOn(t, e, db, &nameThing{})
		n := &nameThing{FullName: "Ada", HTTPCode: 200, Kept: "k"}
		require.NoError(t, model.Create(e.Ctx, db, n))
		out, err := json.Marshal(n)
		require.NoError(t, err)
		require.JSONEq(t, `{"iD":1,"fullName":"Ada","hTTPCode":200,"keptJSON":"k","total":0}`, string(out))
	})
}

// Two databases with different strategies work side by side, also with one record after the other.
func TestTwoNamingStrategiesWorkSideBySide(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		plain := named(t, e, nil, nil)
		loud := named(t, e, shouting{}, camel{})
		migrateOn(t, e, plain, &nameThing{})
		migrateOn(t, e, loud, &nameThing{})
		for i, db := range []*model.DB{plain, loud, plain, loud} {
			n := &nameThing{FullName: "n", HTTPCode: i}
			require.NoError(t, model.Create(e.Ctx, db, n))
			n.HTTPCode += 100
			require.NoError(t, n.Save(e.Ctx))
		}
		require.Equal(t, "202", harness.Text(e.Row(t, "SELECT sum(http_code) AS s FROM name_things")["s"]))
		require.Equal(t, "204", harness.Text(e.Row(t, "SELECT sum("+e.Database.Quote("HTTPCODE")+") AS s FROM "+e.Database.Quote("T_NAMETHING"))["s"]))

		list, err := model.Query[nameThing](loud).OrderBy("ID").All(e.Ctx)
		require.NoError(t, err)
		require.Len(t, list, 2)
		copied := list[0].Replicate()
		require.NoError(t, model.Create(e.Ctx, plain, copied))
		require.EqualValues(t, 3, e.Count(t, "name_things"))
		out, err := json.Marshal(copied)
		require.NoError(t, err)
		require.Contains(t, string(out), `"full_name":"n"`)
		out, err = json.Marshal(list[0])
		require.NoError(t, err)
		require.Contains(t, string(out), `"fullName":"n"`)
	})
}
