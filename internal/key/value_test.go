// SPDX-License-Identifier: MIT

package key_test

import (
	"database/sql/driver"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/model"
)

// city has a key that the database counts; note may be NULL.
type city struct {
	model.BaseModel[city]

	ID   int64
	Code string
	Note *string
}

// seat has a key of two columns.
type seat struct {
	model.BaseModel[seat]

	Hall string `gorm:"primaryKey"`
	No   int    `gorm:"primaryKey;column:seat_no"`
}

func modelOf[T any](t *testing.T) *meta.Model {
	t.Helper()
	m, err := meta.First(reflect.TypeFor[T]())
	require.NoError(t, err)
	return m
}

func columnOf[T any](t *testing.T, name string) *meta.Column {
	t.Helper()
	c, ok := modelOf[T](t).Column(name)
	require.True(t, ok, name)
	return c
}

func stateOf(t *testing.T, rec any) *record.State {
	t.Helper()
	s, err := record.From(rec)
	require.NoError(t, err)
	return s
}

func TestValuesReadsAnIDInEveryForm(t *testing.T) {
	t.Parallel()
	cities, seats := modelOf[city](t), modelOf[seat](t)
	for _, row := range []struct {
		name string
		of   *meta.Model
		id   any
		want []any
	}{
		{"an integer", cities, 7, []any{int64(7)}},
		{"a text that is one", cities, "7", []any{int64(7)}},
		{"a pointer", cities, new(7), []any{int64(7)}},
		{"a map by attribute", seats, map[string]any{"Hall": "A", "No": 3}, []any{"A", int64(3)}},
		{"a map by column", seats, map[string]any{"hall": "A", "seat_no": "3"}, []any{"A", int64(3)}},
		{"a list in the order of the columns", seats, []any{"A", uint8(3)}, []any{"A", int64(3)}},
	} {
		got, err := key.Values(row.of, row.id)
		require.NoError(t, err, row.name)
		require.Equal(t, row.want, got, row.name)
	}
}

// TestWhatIsNoIDIsRefused looks for the way out in each error, and for no value.
func TestWhatIsNoIDIsRefused(t *testing.T) {
	t.Parallel()
	cities, seats := modelOf[city](t), modelOf[seat](t)
	for _, row := range []struct {
		of   *meta.Model
		id   any
		says string
	}{
		{cities, "secret", "city.ID: this string is no int64"},
		{cities, nil, "city.ID: nil is no key"},
		{seats, 3, "the key of seat has 2 columns; pass Attrs or a []any"},
		{seats, []any{"secret"}, "the key of seat has 2 columns, not 1"},
		{seats, map[string]any{"Hall": "secret"}, "the key of seat has 2 columns, not 1"},
		{seats, map[string]any{"Hall": "secret", "Row": 1}, "the key of seat lacks No"},
		{seats, []any{"", 3}, "seat.Hall: an empty text"},
		{seats, []any{"A", "secret"}, "seat.No: this string is no int"},
	} {
		_, err := key.Values(row.of, row.id)
		require.ErrorIs(t, err, errs.ErrInvalidKey)
		require.ErrorContains(t, err, row.says)
		require.NotContains(t, err.Error(), "secret")
	}
}

// list is a slice that is one value for the database.
type list []int

func (list) Value() (driver.Value, error) { return "1,2", nil }

func TestListTakesSlicesForTheirElements(t *testing.T) {
	t.Parallel()
	cities := modelOf[city](t)
	got, err := key.List(cities, []any{1, []int{2, 3}, "4", []any{uint8(5)}, []string{}})
	require.NoError(t, err)
	require.Equal(t, []any{int64(1), int64(2), int64(3), int64(4), int64(5)}, got)

	for _, nested := range []any{[][]int{{1}}, []any{1, []int{2}}} {
		_, err = key.List(cities, []any{nested})
		require.ErrorIs(t, err, errs.ErrInvalidKey)
		require.ErrorContains(t, err, "nested")
	}
	_, err = key.List(cities, []any{1, "x"})
	require.ErrorIs(t, err, errs.ErrInvalidKey)
	_, err = key.List(modelOf[seat](t), []any{1})
	require.Error(t, err, "a key of two columns is no list of ids")

	require.True(t, key.IsList([]string{"a"}))
	for _, one := range []any{nil, 7, "7", []byte("7"), [2]int{1, 2}, list{1, 2}} {
		require.False(t, key.IsList(one), "%T", one)
	}
}

func TestOnlySavedRecordsHaveKeysToPointTo(t *testing.T) {
	t.Parallel()
	id, code, note := columnOf[city](t, "id"), columnOf[city](t, "code"), columnOf[city](t, "note")
	fresh := stateOf(t, &city{Code: "DE"})
	_, err := key.OfSaved(fresh, id)
	require.ErrorIs(t, err, errs.ErrNotPersisted)
	require.ErrorContains(t, err, "the city has no ID yet; save it first")
	_, err = key.OfSaved(fresh, note)
	require.ErrorIs(t, err, errs.ErrNotPersisted, "NULL, too, may still be set")
	v, err := key.OfSaved(fresh, code)
	require.NoError(t, err, "a key that the program sets is there before the row")
	require.Equal(t, "DE", v)

	v, err = key.OfSaved(stateOf(t, &city{ID: 5}), id)
	require.NoError(t, err)
	require.Equal(t, int64(5), v)

	saved := stateOf(t, &city{ID: 3})
	require.NoError(t, saved.Saved(nil, nil))
	keys, err := key.OfAllSaved([]*record.State{saved, saved}, id)
	require.NoError(t, err)
	require.Equal(t, []any{int64(3), int64(3)}, keys)
	_, err = key.OfAllSaved([]*record.State{saved, fresh}, id)
	require.ErrorIs(t, err, errs.ErrNotPersisted)
	_, err = key.OfSaved(saved, note)
	require.ErrorIs(t, err, errs.ErrMissingKey)
	require.ErrorContains(t, err, "city.Note is NULL")
	v, err = key.Of(saved, note)
	require.NoError(t, err)
	require.Nil(t, v)
}

func TestAKeyThatWasNotSelectedIsRefused(t *testing.T) {
	t.Parallel()
	m, part := modelOf[city](t), &city{Code: "DE"}
	selected := record.NewColumns(m)
	selected.Add(columnOf[city](t, "code"))
	s := stateOf(t, part)
	s.Load(m, nil, memory.Of(part), nil, &selected)
	for _, read := range []func(*record.State, *meta.Column) (any, error){key.Of, key.OfSaved} {
		_, err := read(s, columnOf[city](t, "id"))
		require.ErrorIs(t, err, errs.ErrMissingKey)
		require.ErrorContains(t, err, "the city was loaded without ID; select it too")
	}
	v, err := key.Of(s, columnOf[city](t, "code"))
	require.NoError(t, err)
	require.Equal(t, "DE", v)
}

func TestCopySetsAForeignKey(t *testing.T) {
	t.Parallel()
	from, to := &city{ID: 9}, &seat{}
	require.NoError(t, key.Copy(stateOf(t, to), columnOf[seat](t, "No"), stateOf(t, from), columnOf[city](t, "id")))
	require.Equal(t, 9, to.No)
	err := key.Copy(stateOf(t, to), columnOf[seat](t, "Hall"), stateOf(t, from), columnOf[city](t, "note"))
	require.ErrorIs(t, err, errs.ErrMissingKey)
	require.Empty(t, to.Hall)
}

// TestTextsTellRowsApart has pairs that a text of joined values would mix up.
func TestTextsTellRowsApart(t *testing.T) {
	t.Parallel()
	m := modelOf[seat](t)
	text := func(hall string, no int) string {
		out, err := key.TextOf(m.Keys, memory.Of(&seat{Hall: hall, No: no}))
		require.NoError(t, err)
		return out
	}
	require.Equal(t, text("a", 1), text("a", 1))
	require.NotEqual(t, text(`a",1`, 1), text("a", 11))
	require.NotEqual(t, text("a1", 1), text("a", 11))
	require.Equal(t, text("a", 1), key.TextOfValues(m.Keys, []any{"a", int64(1)}))
	require.Equal(t, text("a", 1), key.TextOfValues(m.Keys, []any{[]byte("a"), int64(1)}), "as a driver may give it back")
}

func TestCompareOrdersKeysByTheirType(t *testing.T) {
	t.Parallel()
	at := time.Unix(1e9, 0)
	for _, row := range []struct{ less, more any }{
		{int64(9), int64(10)},
		{"10", "9"},
		{[]byte("a"), []byte("b")},
		{at, at.Add(time.Second)},
	} {
		require.Negative(t, key.Compare(row.less, row.more), "%v", row)
		require.Positive(t, key.Compare(row.more, row.less), "%v", row)
		require.Zero(t, key.Compare(row.less, row.less), "%v", row)
	}
}
