// SPDX-License-Identifier: MIT

package query_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/query"
)

// TestMistakesAreErrorsBeforeAnythingIsSent has one mistake per row.
func TestMistakesAreErrorsBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		node query.Node
		is   error
		says string
	}{
		{"Column", query.Compare{Column: "nam", Op: "=", Value: "x"}, errs.ErrUnknownColumn, `"name"`},
		{"Table", query.Null{Column: "books.id"}, errs.ErrUnknownColumn, "books"},
		{"Operator", query.Compare{Column: "id", Op: "; DROP", Value: 1}, errs.ErrUnsupported, "operator"},
		{"OperatorOfColumns", query.Columns{Left: "id", Op: "~", Right: "age"}, errs.ErrUnsupported, "operator"},
		{"Value", query.Compare{Column: "id", Op: "=", Value: "seven"}, errs.ErrInvalidValue, "Author.ID"},
		{"ValueOfAList", query.In{Column: "age", Values: []any{1, "x"}}, errs.ErrInvalidValue, "Author.Age"},
		{"NoList", query.In{Column: "age", Values: 3}, errs.ErrInvalidValue, "list"},
		{"Pattern", query.NewCompare("name", "like", 3), errs.ErrInvalidValue, "pattern"},
		{"FewerValuesThanMarks", query.Raw{SQL: "id = ? OR id = ?", Args: []any{1}}, errs.ErrInvalidValue, ""},
		{"MoreValuesThanMarks", query.Raw{SQL: "id = ?", Args: []any{1, 2}}, errs.ErrInvalidValue, ""},
		{"NoSubQuery", query.Exists{}, errs.ErrInvalidValue, "nil query"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			for _, d := range dialects() {
				s := newStage(t, d)
				q := query.New(s.Handle, s.author)
				q.Add(query.And, row.node)
				_, err := query.Compile(s.Handle, q)
				require.ErrorIs(t, err, row.is)
				require.ErrorContains(t, err, row.says)
				require.NotContains(t, err.Error(), "seven", "an error shows a value")
			}
		})
	}
}

func TestTheFirstMistakeOfAChainCounts(t *testing.T) {
	t.Parallel()
	s := newStage(t, dialects()[0])
	q := query.New(s.Handle, s.author)
	q.Fail(errs.ErrGuarded)
	q.Fail(errs.ErrStale)
	_, err := query.Compile(s.Handle, q)
	require.Equal(t, errs.ErrGuarded, err)
}

func TestWritesNeedACondition(t *testing.T) {
	t.Parallel()
	for _, d := range dialects() {
		s := newStage(t, d)
		all := query.New(s.Handle, s.author)
		require.ErrorIs(t, query.CheckWrite(s.Handle, all), errs.ErrMissingWhere)

		all.Scoped = append(all.Scoped, query.Null{Column: "age"})
		require.ErrorIs(t, query.CheckWrite(s.Handle, all), errs.ErrMissingWhere, "a global scope is no condition of the caller")

		all.AllRows = true
		require.NoError(t, query.CheckWrite(s.Handle, all))

		some := query.New(s.Handle, s.author)
		some.Add(query.And, query.Null{Column: "age"})
		require.NoError(t, query.CheckWrite(s.Handle, some))
	}
}

func TestFreeAliasIsShortAndUnused(t *testing.T) {
	t.Parallel()
	s := newStage(t, dialects()[0])
	outer := query.New(s.Handle, s.author)
	require.Equal(t, "", outer.FreeAlias("books"), "the table's own name is free")
	inner := outer.Sub(s.author)
	require.Equal(t, "authors_1", inner.Alias)
	require.Equal(t, "authors_2", inner.FreeAlias("authors"))
	require.Equal(t, "books_1", func() string {
		outer.Joins = []query.Join{{Table: "lib.books"}}
		return inner.FreeAlias("lib.books")
	}(), "an alias has no schema")
}

func TestPageOffset(t *testing.T) {
	t.Parallel()
	page, offset, err := query.PageOffset(3, 20)
	require.NoError(t, err)
	require.Equal(t, []int{3, 40}, []int{page, offset})
	_, _, err = query.PageOffset(1, 0)
	require.ErrorIs(t, err, errs.ErrInvalidValue)
}

func TestSplitAlias(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{
		"posts": {"posts", ""}, "posts as total": {"posts", "total"}, "posts AS total": {"posts", "total"},
	} {
		name, alias, err := query.SplitAlias(in)
		require.NoError(t, err)
		require.Equal(t, want, [2]string{name, alias}, in)
	}
	_, _, err := query.SplitAlias("posts AS ")
	require.Error(t, err)
}
