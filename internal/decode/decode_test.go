// SPDX-License-Identifier: MIT

package decode_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/decode"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/model"
)

type settings struct {
	Theme string `json:"theme"`
}

// user has a field of every kind that JSON is read into.
type user struct {
	model.BaseModel[user]

	ID        int64
	Name      string
	Age       *int
	Big       int64 `json:"big,string"`
	Small     int8
	Score     sql.NullFloat64
	Seen      time.Time
	Settings  settings `gorm:"serializer:json"`
	Password  string   `json:"-"`
	Role      string   `model:"guarded"`
	CreatedAt time.Time
}

func stateOf(t *testing.T, u *user) *record.State {
	t.Helper()
	s, err := record.From(u)
	require.NoError(t, err)
	return s
}

func TestJSONIsReadByName(t *testing.T) {
	t.Parallel()
	u := &user{Name: "stays", Age: new(3)}
	err := decode.Strict([]byte(`{"age": null, "big": "9007199254740993", "small": -128, "score": 1.5,
		"seen": "2026-01-02T03:04:05Z", "settings": {"theme": "dark"}}`), stateOf(t, u), nil)
	require.NoError(t, err)
	require.Nil(t, u.Age)
	require.Equal(t, "stays", u.Name, "what is not named stays")
	require.Equal(t, int64(9007199254740993), u.Big, "a number that was written as text")
	require.Equal(t, int8(-128), u.Small)
	require.Equal(t, sql.NullFloat64{Float64: 1.5, Valid: true}, u.Score)
	require.Equal(t, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), u.Seen.UTC())
	require.Equal(t, settings{"dark"}, u.Settings)
	require.NoError(t, decode.Strict([]byte(`{"score": null, "age": 4, "name": ""}`), stateOf(t, u), nil))
	require.Equal(t, sql.NullFloat64{}, u.Score)
	require.Equal(t, 4, *u.Age)
	require.Empty(t, u.Name)
}

// TestWhatMayNotBeSetIsRefusedOrLeftOut has names of every kind that mass assignment does not set.
func TestWhatMayNotBeSetIsRefusedOrLeftOut(t *testing.T) {
	t.Parallel()
	for name, is := range map[string]error{
		"nam": errs.ErrUnknownAttribute, "password": errs.ErrUnknownAttribute, "Name": errs.ErrUnknownAttribute,
		"role": errs.ErrGuarded, "id": errs.ErrGuarded, "created_at": errs.ErrGuarded,
	} {
		data := []byte(`{"name": "new", "` + name + `": 1}`)
		u := &user{Name: "old"}
		err := decode.Strict(data, stateOf(t, u), nil)
		require.ErrorIs(t, err, is, name)
		require.ErrorContains(t, err, "user")
		require.Equal(t, "old", u.Name, "%s: all or nothing", name)
		require.NoError(t, decode.Lenient(data, stateOf(t, u)), name)
		require.Equal(t, &user{Name: "new"}, &user{Name: u.Name, ID: u.ID, Password: u.Password, Role: u.Role, CreatedAt: u.CreatedAt})
	}
	err := decode.Strict([]byte(`{"nam": 1}`), stateOf(t, &user{}), nil)
	require.ErrorContains(t, err, `"name"`, "the error knows a better name")
}

func TestOnlyNarrowsWhatMayBeSet(t *testing.T) {
	t.Parallel()
	u := &user{}
	require.NoError(t, decode.Strict([]byte(`{"name": "a"}`), stateOf(t, u), []string{"name", "age"}))
	require.Equal(t, "a", u.Name)
	err := decode.Strict([]byte(`{"small": 1}`), stateOf(t, u), []string{"name"})
	require.ErrorIs(t, err, errs.ErrGuarded)
	require.ErrorContains(t, err, "not among the fields that may be set here")
	err = decode.Strict([]byte(`{}`), stateOf(t, u), []string{"nam"})
	require.ErrorIs(t, err, errs.ErrUnknownAttribute)
	require.ErrorContains(t, err, `"name"`)
	require.ErrorIs(t, decode.Strict([]byte(`{"role": "x"}`), stateOf(t, u), []string{"role"}), errs.ErrGuarded, "only opens nothing")
}

// TestWrongJSONIsAnErrorWithoutItsValue has the words for each mistake.
func TestWrongJSONIsAnErrorWithoutItsValue(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ data, says string }{
		{`{"name": "secret"`, "JSON of user cannot be read"},
		{`{"name": secret}`, "JSON of user cannot be read"},
		{``, "JSON of user cannot be read"},
		{`["secret"]`, "JSON of user is no object"},
		{`{"name": "secret"} {}`, "goes on behind the object"},
		{`{"name": 12345678}`, "user.name: invalid value: a JSON number is not text"},
		{`{"name": null}`, "user.name: invalid value: null in a field that is not nullable"},
		{`{"age": "secret"}`, "user.age: invalid value: a JSON string is not an integer in range"},
		{`{"small": 12345678}`, "a JSON number is not an integer in range"},
		{`{"score": true}`, "a JSON bool is not a number"},
		{`{"big": 12345678}`, "user.big"},
		{`{"big": "secret"}`, "user.big"},
		{`{"seen": "secret"}`, "user.seen: invalid value: the value has the wrong form"},
	} {
		u := &user{Name: "old", Age: new(1)}
		err := decode.Lenient([]byte(row.data), stateOf(t, u))
		require.Error(t, err, row.data)
		require.ErrorContains(t, err, row.says, row.data)
		require.NotContains(t, err.Error(), "secret")
		require.NotContains(t, err.Error(), "12345678")
		require.Equal(t, "old", u.Name)
	}
	err := decode.Strict([]byte(`{"age": 1, "name": "a", "name": "b"}`), stateOf(t, &user{}), nil)
	require.ErrorContains(t, err, `"name" is given twice for user`)
	s := stateOf(t, &user{})
	s.MarkDeleted()
	require.ErrorIs(t, decode.Strict([]byte(`{}`), s, nil), errs.ErrDeleted)
}
