// SPDX-License-Identifier: MIT

package json_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Fields are named by serialize tag, json tag or naming strategy, in the order of the struct, computed
// values behind them.
func TestFieldsAreNamedByTagsInOrder(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := seedJSONUser(t, e)
		data, err := json.Marshal(u)
		require.NoError(t, err)
		require.Equal(t, userText, string(data))
		u.Nick = new("n")
		data, err = serialize.JSON(u, serialize.Options{Fields: serialize.Pick("nick", "id")})
		require.NoError(t, err)
		require.Equal(t, `{"id":1,"nick":"n"}`, string(data))
	})
}

// A record that was never saved is written as well, with no statement and no database.
func TestNewRecordIsWrittenWithoutADatabase(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &User{})
		e.Sends(t, 0, func() {
			require.NoError(t, func() error {
				data, err := json.Marshal(&User{FullName: "New"})
				require.JSONEq(t, `{"id":0,"name":"New","mail":"","http_status":0,"big":"0","home_city":"","home_road":"","born_at":"0001-01-01",`+
					`"initial":"N","token_length":0}`, string(data))
				return err
			}())
		})
		var none *User
		data, err := json.Marshal(none)
		require.NoError(t, err)
		require.Equal(t, "null", string(data))
	})
}

// The names of fields and of a page's facts follow the naming strategy of the database.
func TestNamesFollowTheNamingStrategy(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		db, err := model.New(e.Gorm, model.Config{Naming: camelNaming{}})
		require.NoError(t, err)
		require.NoError(t, db.Migrate(e.Ctx, &Named{}))
		require.NoError(t, model.Create(e.Ctx, db, &Named{FirstName: "Ann", HomeTown: "Bern"}))
		page, err := model.Query[Named](db).Paginate(e.Ctx, 1, 1)
		require.NoError(t, err)
		data, err := json.Marshal(page)
		require.NoError(t, err)
		require.Equal(t, `{"meta":{"Total":1,"PerPage":1,"CurrentPage":1,"LastPage":1,"FirstPage":1,"FirstPageURL":"/?page=1",`+
			`"LastPageURL":"/?page=1","NextPageURL":null,"PreviousPageURL":null},"data":[{"ID":1,"FirstName":"Ann","town":"Bern"}]}`,
			string(data))
	})
}

// A computed value sees the whole record, hidden fields and extras included, and may be any JSON.
func TestComputedValueSeesTheWholeRecord(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Computed{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &Computed{Name: "n"}))
		c, err := model.Query[Computed](e.DB).Select("*").SelectRaw("7 AS rank").Sole(e.Ctx)
		require.NoError(t, err)
		data, err := json.Marshal(c)
		require.NoError(t, err)
		require.Equal(t, `{"id":1,"name":"n","rank":7,"list":["\u003cn\u003e"],"nothing":null,"self":{"id":0,"name":"inner",`+
			`"rank":0,"list":["\u003cinner\u003e"],"nothing":null,"self":null}}`, string(data))
		out, err := serialize.Map(c)
		require.NoError(t, err)
		require.EqualValues(t, 7, out["rank"])
		require.Equal(t, "inner", harness.As[map[string]any](t, out["self"])["name"], "records inside are plain values too")
	})
}

// A function for a field replaces its value everywhere, and the field keeps its place and name.
func TestSerializedFieldKeepsPlaceAndName(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := seedJSONUser(t, e)
		out, err := serialize.Map(u)
		require.NoError(t, err)
		require.Equal(t, "2001-02-03", out["born_at"])
		require.Equal(t, newJSONUser().BornAt, u.ToObject()["BornAt"], "ToObject has the attributes themselves")
		data, err := serialize.JSON(u, serialize.Options{Fields: serialize.Pick("born_at", "mail")})
		require.NoError(t, err)
		require.Equal(t, `{"mail":"ann@example.com","born_at":"2001-02-03"}`, string(data))
	})
}

// A field without a column that received a result column is written under its name, extras are not.
func TestResultColumnsAreWrittenExtrasAreNot(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedJSONUser(t, e)
		u, err := model.Query[User](e.DB).Select("*").SelectRaw("5 AS posts_count, 6 AS other").Sole(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 5, u.PostsCount)
		data, err := json.Marshal(u)
		require.NoError(t, err)
		require.Contains(t, string(data), `"posts_count":5`)
		require.NotContains(t, string(data), "other")
	})
}

// Two fields of one name, a field hidden by the wrong tag, and fields that shadow methods are errors of
// Register.
func TestRegisterRefusesNamesThatCollide(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		err := e.DB.Register(&badNames{}, &badHidden{}, &badShadow{}, &badComputed{})
		for _, text := range []string{
			"field Name and field Other are both serialized as", "rename one with a serialize tag", `json:"-"`, "field Secret",
			"a field Format hides the method", "computed name", "has no function", "address of a field",
			"badNames", "badHidden", "badShadow", "badComputed",
		} {
			require.ErrorContains(t, err, text)
		}
	})
}

// camelNaming names fields as Go does.
type camelNaming struct{}

// PivotTable joins the names.
func (camelNaming) PivotTable(a, b string) string { return a + "_" + b }

// PivotKey joins the names.
func (camelNaming) PivotKey(of, key string) string { return of + "_" + key }

// Serialized is the name itself.
func (camelNaming) Serialized(field string) string { return field }

// Named has one field with a name of its own.
type Named struct {
	model.BaseModel[Named]

	ID        int64
	FirstName string
	HomeTown  string `json:"town"`
}

// Computed has values of every sort that are no fields.
type Computed struct {
	model.BaseModel[Computed]

	ID   int64
	Name string
}

// Define is read by Register.
func (*Computed) Define(d *model.Definition[Computed]) {
	d.Computed("rank", func(c *Computed) any { return c.Extras().Int64("rank") })
	d.Computed("list", func(c *Computed) any { return []string{"<" + c.Name + ">"} })
	d.Computed("nothing", func(*Computed) any { return nil })
	d.Computed("self", func(c *Computed) any {
		if c.Name == "inner" {
			return (*Computed)(nil)
		}
		return &Computed{Name: "inner"}
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
