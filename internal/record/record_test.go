// SPDX-License-Identifier: MIT

package record_test

import (
	"context"
	"reflect"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
)

// settings is a value that is compared by what is stored of it.
type settings struct{ Theme string }

type user struct {
	model.BaseModel[user]

	ID       int64
	Name     string
	Nick     *string
	Settings settings `gorm:"serializer:json"`
	Role     string   `model:"guarded"`
}

func stateOf(t *testing.T, u *user) *record.State {
	t.Helper()
	s, err := record.From(u)
	require.NoError(t, err)
	return s
}

func column(t *testing.T, name string) *meta.Column {
	t.Helper()
	m, err := meta.First(reflect.TypeFor[user]())
	require.NoError(t, err)
	c, ok := m.Column(name)
	require.True(t, ok, name)
	return c
}

// dirty returns the names of the columns that a save would write.
func dirty(s *record.State) []string {
	var names []string
	for _, c := range s.Model.Columns {
		if columns := s.Dirty(); columns.Has(c) {
			names = append(names, c.Name)
		}
	}
	return names
}

func TestDirtyIsWhatDiffersFromTheSnapshot(t *testing.T) {
	t.Parallel()
	u := &user{ID: 1, Name: "ada", Settings: settings{"dark"}}
	s := stateOf(t, u)
	require.Equal(t, []string{"id", "name", "settings"}, dirty(s), "a new record: what is not zero")
	require.NoError(t, s.Snapshot(nil))
	require.Empty(t, dirty(s))
	require.False(t, s.IsDirty())

	nick := "a"
	u.Name, u.Nick, u.Settings.Theme = "ben", &nick, "light"
	require.Equal(t, []string{"name", "nick", "settings"}, dirty(s))
	require.True(t, s.IsDirty())
	before, known := s.Original(column(t, "name"))
	require.True(t, known)
	require.Equal(t, "ada", before)

	require.NoError(t, s.Sync(column(t, "name")))
	require.Equal(t, []string{"nick", "settings"}, dirty(s))
	u.Nick, u.Settings.Theme = nil, "dark"
	require.Empty(t, dirty(s), "what is put back is clean")
}

func TestTheSnapshotSharesNoPointer(t *testing.T) {
	t.Parallel()
	nick := "a"
	u := &user{Nick: &nick}
	s := stateOf(t, u)
	require.NoError(t, s.Snapshot(nil))
	*u.Nick = "b"
	require.Equal(t, []string{"nick"}, dirty(s), "a change behind a pointer is one")
}

func TestMergeRefusesBeforeItWrites(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		values map[string]any
		is     error
	}{
		{"Unknown", map[string]any{"name": "ben", "nam": 1}, errs.ErrUnknownAttribute},
		{"Guarded", map[string]any{"name": "ben", "role": "admin"}, errs.ErrGuarded},
		{"Value", map[string]any{"name": "ben", "nick": 3.5}, errs.ErrInvalidValue},
	} {
		u := &user{Name: "ada"}
		require.ErrorIs(t, stateOf(t, u).Merge(row.values, nil), row.is, row.name)
		require.Equal(t, "ada", u.Name, "%s: nothing is half done", row.name)
	}
}

func TestMergeKeepsAndFillResets(t *testing.T) {
	t.Parallel()
	nick := "a"
	u := &user{ID: 7, Name: "ada", Nick: &nick}
	require.NoError(t, stateOf(t, u).Merge(map[string]any{"name": "ben"}, nil))
	require.Equal(t, []any{"ben", "a"}, []any{u.Name, *u.Nick})
	require.NoError(t, stateOf(t, u).Fill(map[string]any{"name": "cat"}, nil))
	require.Equal(t, "cat", u.Name)
	require.Nil(t, u.Nick, "Fill resets what is not given")
	require.Equal(t, int64(7), u.ID, "but for the key")
}

func TestAGuardRestoresTheRecordAfterAnError(t *testing.T) {
	t.Parallel()
	nick := "a"
	u := &user{ID: 1, Name: "ada", Nick: &nick, Settings: settings{"dark"}}
	s := stateOf(t, u)
	require.NoError(t, s.Snapshot(nil))
	err := record.Guard(&tx.Handle{}, s, func() error {
		u.Name, *u.Nick, u.Settings.Theme = "ben", "b", "light"
		require.NoError(t, s.Snapshot(nil))
		s.MarkDeleted()
		s.Force()
		return errs.ErrStale
	})
	require.ErrorIs(t, err, errs.ErrStale)
	require.Equal(t, []any{"ada", "a", "dark"}, []any{u.Name, *u.Nick, u.Settings.Theme})
	require.Empty(t, dirty(s), "the snapshot is the earlier one")
	require.False(t, s.Deleted())
	require.False(t, s.Forced())
	require.NoError(t, record.Guard(&tx.Handle{}, s, func() error { u.Name = "x"; return nil }))
	require.Equal(t, "x", u.Name)
}

func TestAPartRestoresAllRecordsAfterAnError(t *testing.T) {
	t.Parallel()
	a, b := &user{Name: "ada"}, &user{Name: "ben"}
	list := []*record.State{stateOf(t, a), stateOf(t, b)}
	err := record.Part(t.Context(), &tx.Handle{}, list, func(context.Context, *tx.Handle) error {
		a.Name, b.Name = "x", "y"
		return errs.ErrStale
	})
	require.ErrorIs(t, err, errs.ErrStale)
	require.Equal(t, []string{"ada", "ben"}, []string{a.Name, b.Name})
}

func TestACopyHasAStateOfItsOwn(t *testing.T) {
	t.Parallel()
	u := &user{ID: 1, Name: "ada"}
	s := stateOf(t, u)
	require.NoError(t, s.Snapshot(nil))
	var copied user
	memory.Copy(reflect.TypeFor[user](), memory.Of(&copied), memory.Of(u)) // as an assignment, which go vet reports
	c := stateOf(t, &copied)
	require.NotSame(t, s, c)
	require.Equal(t, memory.Of(&copied), c.Owner)
	copied.Name = "ben"
	require.Equal(t, []string{"name"}, dirty(c))
	require.Empty(t, dirty(s))
}

func TestFromRefusesWhatIsNoRecord(t *testing.T) {
	t.Parallel()
	for _, v := range []any{nil, 1, user{}, (*user)(nil), &struct{}{}} {
		_, err := record.From(v)
		require.ErrorIs(t, err, errs.ErrUnsupported, "%T", v)
	}
	list, err := record.List([]*user{{ID: 1}, {ID: 2}})
	require.NoError(t, err)
	require.Len(t, list, 2)
	one, err := record.List(&user{ID: 3})
	require.NoError(t, err)
	require.Len(t, one, 1)
	_, err = record.List([]*user{{}, nil})
	require.Error(t, err)
	require.Equal(t, list[1].Owner, record.Owners(list)[1])
}

func TestFlags(t *testing.T) {
	t.Parallel()
	s := stateOf(t, &user{})
	require.Equal(t, []bool{false, true, false, true, false},
		[]bool{s.Persisted(), s.Local(), s.Deleted(), s.Tracked(), s.IsSubstitute()})
	s.Substitute()
	require.True(t, s.IsSubstitute())
	require.False(t, s.Trashed(), "a model without soft deletes")
	require.Nil(t, s.Sideloaded())
	s.Sideload(map[string]any{"tenant": 1})
	require.Equal(t, map[string]any{"tenant": 1}, s.Sideloaded())
}

// TestColumnsAreASet has more columns than a word has bits.
func TestColumnsAreASet(t *testing.T) {
	t.Parallel()
	m := &meta.Model{}
	for i := range 130 {
		m.Columns = append(m.Columns, &meta.Column{Index: i, Name: strconv.Itoa(i)})
	}
	set := record.NewColumns(m)
	require.True(t, set.Empty())
	for _, i := range []int{0, 63, 64, 129} {
		require.False(t, set.Has(m.Columns[i]))
		set.Add(m.Columns[i])
		require.True(t, set.Has(m.Columns[i]))
	}
	require.False(t, set.Has(m.Columns[1]))
	require.False(t, set.Has(m.Columns[65]))
	require.False(t, set.Empty())
	require.False(t, record.Columns(nil).Has(m.Columns[0]), "nil has nothing")
}
