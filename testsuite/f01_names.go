// SPDX-License-Identifier: MIT

package testsuite

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

// jsonNamePromises are those of row F1 about names and order.
func jsonNamePromises() []promise {
	return []promise{
		{
			name: "F1/NamesAndOrder",
			says: "Fields are named by serialize tag, json tag or naming strategy, in the order of the struct, computed values behind them",
			check: func(t testing.TB, e *env) {
				u := seedJSONUser(t, e)
				data, err := json.Marshal(u)
				require.NoError(t, err)
				require.Equal(t, jsonUserText, string(see(e, "json", data)))
				u.Nick = new("n")
				data, err = serialize.JSON(u, serialize.Options{Fields: serialize.Pick("nick", "id")})
				require.NoError(t, err)
				require.Equal(t, `{"id":1,"nick":"n"}`, string(data))
			},
			twin: func(e *env) { e.seen["json"] = func(any) any { return []byte("{}") } },
		},
		{
			name: "F1/NewRecords",
			says: "A record that was never saved is written as well, with no statement and no database",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &jsonUser{})
				e.sends(t, 0, func() {
					require.NoError(t, e.do("marshal", func() error {
						data, err := json.Marshal(&jsonUser{FullName: "New"})
						require.JSONEq(t, `{"id":0,"name":"New","mail":"","http_status":0,"big":"0","home_city":"","home_road":"","born_at":"0001-01-01",`+
							`"initial":"N","token_length":0}`, string(data))
						return err
					}))
				})
				var none *jsonUser
				data, err := json.Marshal(none)
				require.NoError(t, err)
				require.Equal(t, "null", string(data))
			},
			twin: chattyTallies("marshal"),
		},
		{
			name: "F1/NamingStrategy",
			says: "The names of fields and of a page's facts follow the naming strategy of the database",
			check: func(t testing.TB, e *env) {
				db, err := model.New(e.gorm, model.Config{Naming: camelNaming{}})
				require.NoError(t, err)
				require.NoError(t, db.Migrate(e.ctx, &jsonNamed{}))
				require.NoError(t, model.Create(e.ctx, db, &jsonNamed{FirstName: "Ann", HomeTown: "Bern"}))
				page, err := model.Query[jsonNamed](db).Paginate(e.ctx, 1, 1)
				require.NoError(t, err)
				data, err := json.Marshal(page)
				require.NoError(t, err)
				require.Equal(t, `{"meta":{"Total":1,"PerPage":1,"CurrentPage":1,"LastPage":1,"FirstPage":1,"FirstPageURL":"/?page=1",`+
					`"LastPageURL":"/?page=1","NextPageURL":null,"PreviousPageURL":null},"data":[{"ID":1,"FirstName":"Ann","town":"Bern"}]}`,
					string(see(e, "json", data)))
			},
			twin: func(e *env) { e.seen["json"] = func(any) any { return []byte("{}") } },
		},
		{
			name: "F1/Computed",
			says: "A computed value sees the whole record, hidden fields and extras included, and may be any JSON",
			check: func(t testing.TB, e *env) {
				e.migrate(t, &jsonComputed{})
				require.NoError(t, model.Create(e.ctx, e.db, &jsonComputed{Name: "n"}))
				c, err := model.Query[jsonComputed](e.db).Select("*").SelectRaw("7 AS rank").Sole(e.ctx)
				require.NoError(t, err)
				data, err := json.Marshal(c)
				require.NoError(t, err)
				require.Equal(t, `{"id":1,"name":"n","rank":7,"list":["\u003cn\u003e"],"nothing":null,"self":{"id":0,"name":"inner",`+
					`"rank":0,"list":["\u003cinner\u003e"],"nothing":null,"self":null}}`, string(see(e, "json", data)))
				out, err := serialize.Map(c)
				require.NoError(t, err)
				require.EqualValues(t, 7, out["rank"])
				require.Equal(t, "inner", as[map[string]any](t, out["self"])["name"], "records inside are plain values too")
			},
			twin: func(e *env) { e.seen["json"] = func(any) any { return []byte("{}") } },
		},
		{
			name: "F1/SerializedFields",
			says: "A function for a field replaces its value everywhere, and the field keeps its place and name",
			check: func(t testing.TB, e *env) {
				u := seedJSONUser(t, e)
				out, err := serialize.Map(u)
				require.NoError(t, err)
				require.Equal(t, "2001-02-03", see(e, "born", out["born_at"]))
				require.Equal(t, newJSONUser().BornAt, u.ToObject()["BornAt"], "ToObject has the attributes themselves")
				data, err := serialize.JSON(u, serialize.Options{Fields: serialize.Pick("born_at", "mail")})
				require.NoError(t, err)
				require.Equal(t, `{"mail":"ann@example.com","born_at":"2001-02-03"}`, string(data))
			},
			twin: func(e *env) { e.seen["born"] = func(any) any { return "" } },
		},
		{
			name: "F1/ResultColumns",
			says: "A field without a column that received a result column is written under its name, extras are not",
			check: func(t testing.TB, e *env) {
				seedJSONUser(t, e)
				u, err := model.Query[jsonUser](e.db).Select("*").SelectRaw("5 AS posts_count, 6 AS other").Sole(e.ctx)
				require.NoError(t, err)
				require.EqualValues(t, 5, u.PostsCount)
				data, err := json.Marshal(u)
				require.NoError(t, err)
				require.Contains(t, string(see(e, "json", data)), `"posts_count":5`)
				require.NotContains(t, string(data), "other")
			},
			twin: func(e *env) { e.seen["json"] = func(any) any { return []byte("{}") } },
		},
		{
			name: "F1/RegisterFindsMistakes",
			says: "Two fields of one name, a field hidden by the wrong tag, and fields that shadow methods are errors of Register",
			check: func(t testing.TB, e *env) {
				err := e.do("register", func() error { return e.db.Register(&badNames{}, &badHidden{}, &badShadow{}, &badComputed{}) })
				for _, text := range []string{
					"field Name and field Other are both serialized as", "rename one with a serialize tag", `json:"-"`, "field Secret",
					"a field Format hides the method", "computed name", "has no function", "address of a field",
					"badNames", "badHidden", "badShadow", "badComputed",
				} {
					require.ErrorContains(t, err, text)
				}
			},
			twin: lenient("register"),
		},
	}
}

// chattyTallies is chatty for a database that has no accounts.
func chattyTallies(op string) func(*env) {
	return func(e *env) {
		e.op[op] = func(run func() error) error { return firstError(run(), e.db.Gorm().Exec("SELECT 1").Error) }
	}
}

// camelNaming names fields as Go does.
type camelNaming struct{}

// PivotTable joins the names.
func (camelNaming) PivotTable(a, b string) string { return a + "_" + b }

// PivotKey joins the names.
func (camelNaming) PivotKey(of, key string) string { return of + "_" + key }

// Serialized is the name itself.
func (camelNaming) Serialized(field string) string { return field }

// jsonNamed has one field with a name of its own.
type jsonNamed struct {
	model.BaseModel[jsonNamed]

	ID        int64
	FirstName string
	HomeTown  string `json:"town"`
}

// jsonComputed has values of every sort that are no fields.
type jsonComputed struct {
	model.BaseModel[jsonComputed]

	ID   int64
	Name string
}

// Define is read by Register.
func (*jsonComputed) Define(d *model.Definition[jsonComputed]) {
	d.Computed("rank", func(c *jsonComputed) any { return c.Extras().Int64("rank") })
	d.Computed("list", func(c *jsonComputed) any { return []string{"<" + c.Name + ">"} })
	d.Computed("nothing", func(*jsonComputed) any { return nil })
	d.Computed("self", func(c *jsonComputed) any {
		if c.Name == "inner" {
			return (*jsonComputed)(nil)
		}
		return &jsonComputed{Name: "inner"}
	})
}

type badNames struct {
	model.BaseModel[badNames]

	ID    int64
	Name  string
	Other string `json:"name"`
}

type badHidden struct {
	model.BaseModel[badHidden]

	ID     int64
	Secret string `serialize:"-"`
}

type badShadow struct {
	model.BaseModel[badShadow]

	ID     int64
	Format string
}

type badComputed struct {
	model.BaseModel[badComputed]

	ID   int64
	Name string
}

// Define is read by Register.
func (*badComputed) Define(d *model.Definition[badComputed]) {
	d.Computed("name", func(*badComputed) any { return 1 })
	d.Computed("none", nil)
	other := 0
	d.Serialize(&other, func(*badComputed) any { return 1 })
}
