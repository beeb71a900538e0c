// SPDX-License-Identifier: MIT

package records_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// fillUser has an attribute of every kind that mass assignment may not set.
type fillUser struct {
	model.BaseModel[fillUser]

	ID        int64
	Name      string
	Nick      *string
	Age       int8
	Tags      []string   `gorm:"serializer:json"`
	Home      defAddress `gorm:"embedded;embeddedPrefix:home_"`
	Password  string     `json:"-"`
	Role      string     `model:"guarded"`
	Secret    defAddress `gorm:"embedded;embeddedPrefix:secret_" json:"-"`
	Total     int        `gorm:"-"`
	Revision  int64      `model:"version"`
	Seen      int64      `gorm:"autoUpdateTime:milli"`
	CreatedAt time.Time
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
	Notes     []*fillNote `relation:"hasMany"`
}

type fillNote struct {
	model.BaseModel[fillNote]

	ID         int64
	FillUserID int64
}

// fillOpen marks what may be set, so that nothing else may.
type fillOpen struct {
	model.BaseModel[fillOpen]

	ID       int64
	Name     string `model:"fillable"`
	Password string `json:"-" model:"fillable"`
	Admin    bool
}

// someFillUser has a value everywhere.
func someFillUser(t testing.TB, e *harness.Env) *fillUser {
	t.Helper()
	e.Migrate(t, &fillUser{}, &fillNote{}, &fillOpen{})
	u := &fillUser{
		Name: "Ada", Nick: new("nick"), Age: 36, Tags: []string{"a"}, Home: defAddress{City: "Wien", Zip: new("1010")},
		Password: "secret", Role: "admin", Secret: defAddress{City: "hidden"}, Total: 5,
	}
	require.NoError(t, model.Create(e.Ctx, e.DB, u))
	e.Sent.Reset()
	return u
}

// Merge sets the named attributes, by attribute or column name, leaves all others alone and sends nothing.
func TestMergeSetsOnlyWhatIsNamed(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := someFillUser(t, e)
		e.Sends(t, 0, func() {
			require.NoError(t, u.Merge(model.Attrs{"Name": "Bob", "age": 4, "Home.City": "Graz", "home_postcode": nil, "Tags": []string{"x"}}))
		})
		require.Equal(t, []string{"Age", "Home.City", "Home.Zip", "Name", "Tags"}, harness.SortedKeys(u.Dirty()))
		require.Equal(t, "nick", *u.Nick)
		require.Equal(t, "secret", u.Password)
		require.NoError(t, u.Save(e.Ctx))
		row := e.Row(t, "SELECT name, age, home_city, home_postcode, nick, role FROM fill_users")
		require.Equal(t, "Graz", row["home_city"])
		require.Nil(t, row["home_postcode"])
		require.Equal(t, "Bob", row["name"])
		require.Equal(t, "admin", row["role"])
		require.NoError(t, u.Merge(nil))
		require.NoError(t, u.Merge(model.Attrs{"name": "Bob"}))
		require.False(t, u.IsDirty(), "the same value is no change")
		n := &fillUser{}
		require.NoError(t, n.Merge(model.Attrs{"name": "new"}))
		require.True(t, n.IsNew())
		require.Equal(t, model.Attrs{"Name": "new"}, n.Dirty())
	})
}

// Fill is Merge that sets the attributes which are not named to zero, but none that mass assignment may not
// set.
func TestFillResetsTheRest(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := someFillUser(t, e)
		before := u.Attributes()
		require.NoError(t, u.Fill(model.Attrs{"age": 4, "Home.City": "Graz"}))
		require.Equal(t, []string{"Age", "Home.City", "Home.Zip", "Name", "Nick", "Tags"}, harness.SortedKeys(u.Dirty()))
		require.Empty(t, u.Name)
		require.Nil(t, u.Nick)
		require.Nil(t, u.Tags)
		require.Nil(t, u.Home.Zip)
		require.Equal(t, 5, u.Total)
		for _, attr := range []string{"ID", "Password", "Role", "Secret.City", "Revision", "Seen", "CreatedAt", "UpdatedAt", "DeletedAt"} {
			require.Equal(t, before[attr], u.Attributes()[attr], attr)
		}
		require.NoError(t, u.Save(e.Ctx))
		require.NoError(t, u.Fill(model.Attrs{"name": "only", "age": 5}, "name", "Age", "nick"))
		require.Equal(t, []string{"Age", "Name"}, harness.SortedKeys(u.Dirty()))
		require.Equal(t, "Graz", u.Home.City, "an attribute that is not among those that may be set was reset")
		o := &fillOpen{Name: "n", Password: "p", Admin: true}
		require.NoError(t, o.Fill(model.Attrs{"name": "m"}))
		require.Equal(t, "m", o.Name)
		require.True(t, o.Admin)
		require.Empty(t, o.Password)
	})
}

// Keys, timestamps, versions, marks of deletion, hidden and guarded fields are an ErrGuarded that names
// them, for Fill and Merge.
func TestGuardedAttributesAreRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := someFillUser(t, e)
		before := u.Attributes()
		for attr, value := range map[string]any{
			"ID": 99, "id": 99, "Password": "x", "password": "x", "Role": "x", "role": "x", "Secret.City": "x", "secret_city": "x",
			"Revision": 9, "revision": 9, "Seen": 9, "CreatedAt": time.Now(), "created_at": time.Now(), "UpdatedAt": time.Now(),
			"DeletedAt": time.Now(), "deleted_at": nil,
		} {
			for name, assign := range map[string]func(model.Attrs, ...string) error{"merge": u.Merge, "fill": u.Fill} {
				err := assign(model.Attrs{"name": "changed", attr: value})
				require.ErrorIs(t, err, model.ErrGuarded, "%s %s", name, attr)
				require.ErrorContains(t, err, "fillUser", attr)
				require.ErrorContains(t, err, attr)
				require.ErrorIs(t, assign(model.Attrs{attr: value}, attr), model.ErrGuarded, "only does not open %s", attr)
				require.Equal(t, before, u.Attributes(), attr)
			}
		}
	})
}

// As soon as one field is marked fillable only marked ones can be set, hidden ones too.
func TestOnlyFillableAttributesCanBeSet(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &fillOpen{})
		o := &fillOpen{}
		require.NoError(t, o.Merge(model.Attrs{"name": "n", "password": "p"}))
		require.Equal(t, "p", o.Password)
		err := o.Merge(model.Attrs{"Name": "m", "admin": true})
		require.ErrorIs(t, err, model.ErrGuarded)
		require.ErrorContains(t, err, "fillOpen")
		require.ErrorContains(t, err, "admin")
		require.False(t, o.Admin)
		require.Equal(t, "n", o.Name)
		require.ErrorIs(t, o.Merge(model.Attrs{"id": 1}), model.ErrGuarded)
	})
}

// With names at the end, every other attribute is an ErrGuarded; a name that the model does not have is an
// ErrUnknownAttribute.
func TestNamesAtTheEndNarrowTheAttributes(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := someFillUser(t, e)
		require.NoError(t, u.Merge(model.Attrs{"Name": "x", "age": 1}, "name", "Age"))
		err := u.Merge(model.Attrs{"name": "y", "nick": "z"}, "name")
		require.ErrorIs(t, err, model.ErrGuarded)
		require.ErrorContains(t, err, "nick")
		require.Equal(t, "x", u.Name)
		require.ErrorIs(t, u.Merge(model.Attrs{"name": "y"}, "nmae"), model.ErrUnknownAttribute)
		require.ErrorIs(t, u.Merge(model.Attrs{}, ""), model.ErrUnknownAttribute)
		require.Equal(t, "x", u.Name)
	})
}

// A key that the model does not have is an ErrUnknownAttribute that names model and key, with a suggestion,
// and nothing is set.
func TestUnknownKeyIsRefusedWithASuggestion(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := someFillUser(t, e)
		before := u.Attributes()
		for _, key := range []string{
			"", " name", "name ", "nmae", "NAME", "Name.", ".Name", "users.name", "name; DROP TABLE fill_users", "Home", "home", "City",
			"BaseModel", "identity", "st", "Record.st", "Total", "total", "Extras", "Dirty", "__proto__", "$isPersisted", "name\x00",
		} {
			for name, assign := range map[string]func(model.Attrs, ...string) error{"merge": u.Merge, "fill": u.Fill} {
				err := assign(model.Attrs{"Age": 1, key: "x"})
				require.ErrorIs(t, err, model.ErrUnknownAttribute, "%s %q", name, key)
				require.ErrorContains(t, err, "fillUser", key)
				require.Equal(t, before, u.Attributes(), key)
			}
		}
		require.ErrorContains(t, u.Merge(model.Attrs{"nmae": 1}), `did you mean "name"`)
		require.Equal(t, 5, u.Total)
	})
}

// Merge ignores the names of relations.
func TestMergeIgnoresRelations(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := someFillUser(t, e)
		require.NoError(t, u.Merge(model.Attrs{"notes": []any{map[string]any{"id": 1}}, "Notes": nil, "name": "x"}))
		require.Nil(t, u.Notes)
		require.Equal(t, "x", u.Name)
	})
}

// What is assigned is a copy: the payload may be changed afterwards, and is not changed by the record.
func TestPayloadIsNotShared(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		u := someFillUser(t, e)
		tags, nick := []string{"one", "two"}, "nick"
		payload := model.Attrs{"Tags": tags, "nick": &nick}
		require.NoError(t, u.Merge(payload))
		tags[0], nick = "changed", "changed"
		require.Equal(t, []string{"one", "two"}, u.Tags)
		require.Equal(t, "nick", *u.Nick)
		u.Tags[1] = "mine"
		require.Equal(t, []string{"changed", "two"}, tags)
		require.Len(t, payload, 2)
	})
}
