// SPDX-License-Identifier: MIT

package chain_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/model"
)

type user struct {
	model.BaseModel[user]

	ID        int64
	Name      string
	Age       *int
	CreatedAt time.Time
	DeletedAt gorm.DeletedAt
	Tags      []*tag `relation:"manyToMany"`
}

// tag has neither timestamps nor soft deletes.
type tag struct {
	model.BaseModel[tag]

	ID int64
}

func specOf[T any](t *testing.T) *query.Spec {
	t.Helper()
	m, err := meta.First(reflect.TypeFor[T]())
	require.NoError(t, err)
	return query.New(nil, m)
}

// TestWhatTheWordsAdd has the description that each call makes of an empty one.
func TestWhatTheWordsAdd(t *testing.T) {
	t.Parallel()
	name := query.Compare{Column: "name", Op: "=", Value: "a"}
	for _, row := range []struct {
		add  func(q *query.Spec)
		want query.Group
	}{
		{func(q *query.Spec) { chain.Condition(q, chain.Where, query.And, "name", []any{"a"}) }, query.Group{{Logic: query.And, Node: name}}},
		{func(q *query.Spec) { chain.Condition(q, chain.Where, query.OrNot, "name", []any{"=", "a"}) }, query.Group{{Logic: query.OrNot, Node: name}}},
		{func(q *query.Spec) { chain.In(q, query.Or, "age", []int{1}) }, query.Group{{Logic: query.Or, Node: query.In{Column: "age", Values: []int{1}}}}},
		{func(q *query.Spec) { chain.In(q, query.AndNot, "age", 1) }, query.Group{{Node: query.In{Column: "age", Not: true, Values: 1}}}},
		{func(q *query.Spec) { chain.Null(q, query.OrNot, "age") }, query.Group{{Logic: query.Or, Node: query.Null{Column: "age", Not: true}}}},
		{func(q *query.Spec) { chain.Between(q, query.AndNot, "age", 1, 2) }, query.Group{{Node: query.Between{Column: "age", Not: true, From: 1, To: 2}}}},
		{func(q *query.Spec) { chain.Like(q, query.And, "name", "a%") }, query.Group{{Node: query.Like{Column: "name", Pattern: "a%"}}}},
		{func(q *query.Spec) { chain.ILike(q, query.OrNot, "name", "a%") }, query.Group{
			{Logic: query.Or, Node: query.Like{Column: "name", Not: true, Fold: true, Pattern: "a%"}},
		}},
		{func(q *query.Spec) { chain.Columns(q, query.AndNot, "id", "<", "age") }, query.Group{
			{Logic: query.AndNot, Node: query.Columns{Left: "id", Op: "<", Right: "age"}},
		}},
		{func(q *query.Spec) { chain.Raw(q, chain.Where, query.Or, "a = ?", []any{1}) }, query.Group{
			{Logic: query.Or, Node: query.Raw{SQL: "a = ?", Args: []any{1}}},
		}},
		{func(q *query.Spec) { chain.Keys(q, query.AndNot, []any{"7", []int{8}}) }, query.Group{
			{Node: query.Keys{Not: true, IDs: []any{int64(7), int64(8)}}},
		}},
		{func(q *query.Spec) {
			chain.Group(q, chain.Where, query.AndNot, func(q *query.Spec) { chain.Condition(q, chain.Where, query.And, "name", []any{"a"}) })
		}, query.Group{{Logic: query.AndNot, Node: query.Nested{Group: query.Group{{Node: name}}}}}},
	} {
		q := specOf[user](t)
		row.add(q)
		require.NoError(t, q.Err)
		require.Equal(t, row.want, q.Where)
	}
	q := specOf[user](t)
	chain.Condition(q, chain.Having, query.And, "name", []any{"a"})
	require.Empty(t, q.Where)
	require.Equal(t, query.Group{{Node: name}}, q.Having)
}

func TestSelectionsOrdersAndLimits(t *testing.T) {
	t.Parallel()
	q := specOf[user](t)
	chain.Select(q, []string{"id", "name"})
	chain.SelectRaw(q, "1", nil)
	chain.Aggregate(q, "count", "*")
	chain.Aggregate(q, "sum", "Age")
	chain.As(q, "years")
	chain.OrderBy(q, "name", "desc")
	chain.OrderBy(q, "id")
	chain.OrderBy(q, "age", "asc")
	chain.OrderByTime(q, nil, "desc")
	chain.OrderByTime(q, []string{"name"}, "asc")
	chain.ForPage(q, 3, 10)
	chain.Trashed(q, query.OnlyTrashed)
	require.NoError(t, q.Err)
	require.Equal(t, []query.Selection{{Column: "id"}, {Column: "name"}, {Raw: &query.Raw{SQL: "1", Args: []any{}}}}, q.Columns)
	require.Equal(t, []query.Aggregate{
		{Func: "count", Column: "*", As: "count"}, {Func: "sum", Column: "Age", As: "years", Named: true},
	}, q.Aggregates)
	require.Equal(t, []query.Order{
		{Column: "name", Desc: true}, {Column: "id"}, {Column: "age"}, {Column: "CreatedAt", Desc: true}, {Column: "name"},
	}, q.Orders)
	require.Equal(t, []int{10, 20}, []int{*q.Limit, *q.Offset})
	require.Equal(t, query.OnlyTrashed, q.Trashed)
	chain.Limit(q, 0)
	chain.Offset(q, 0)
	require.Equal(t, []int{0, 0}, []int{*q.Limit, *q.Offset})
	require.NoError(t, q.Err)
}

// TestAMistakeWaitsForTheCallThatRuns has one mistake per row. The first of a query is kept.
func TestAMistakeWaitsForTheCallThatRuns(t *testing.T) {
	t.Parallel()
	condition := func(args ...any) func(*query.Spec) {
		return func(q *query.Spec) { chain.Condition(q, chain.Where, query.And, "name", args) }
	}
	group := func(fn func(*query.Spec)) func(*query.Spec) {
		return func(q *query.Spec) { chain.Group(q, chain.Where, query.And, fn) }
	}
	for _, row := range []struct {
		add  func(q *query.Spec)
		is   error
		says string
	}{
		{condition(), errs.ErrInvalidValue, `a condition on "name" with 0 arguments`},
		{condition("=", 1, 2), errs.ErrInvalidValue, "3 arguments"},
		{condition(1, 2), errs.ErrUnsupported, "an operator of type int"},
		{condition("=", specOf[tag](t)), errs.ErrInvalidValue, "use WhereIn"},
		{group(nil), errs.ErrInvalidValue, "a nil function"},
		{group(func(*query.Spec) {}), errs.ErrInvalidValue, "an empty group"},
		{group(func(q *query.Spec) { chain.Limit(q, 1) }), errs.ErrUnsupported, "conditions only"},
		{group(condition()), errs.ErrInvalidValue, "0 arguments"},
		{func(q *query.Spec) { chain.WrongCondition(q, 7) }, errs.ErrUnsupported, "a condition on a int"},
		{chain.GroupWithArguments, errs.ErrInvalidValue, "no further arguments"},
		{func(q *query.Spec) { chain.Exists(q, query.And, nil) }, errs.ErrInvalidValue, "nil query"},
		{func(q *query.Spec) { chain.Keys(q, query.And, []any{"x"}) }, errs.ErrInvalidKey, "user.ID"},
		{func(q *query.Spec) { chain.OrderBy(q, "id", "DESC; DROP") }, errs.ErrUnsupported, "relation.Asc"},
		{func(q *query.Spec) { chain.OrderBy(q, "id", "asc", "desc") }, errs.ErrUnsupported, "2 directions"},
		{func(q *query.Spec) { chain.OrderByTime(q, []string{"a", "b"}, "asc") }, errs.ErrUnsupported, "2 columns"},
		{func(q *query.Spec) { chain.Limit(q, -1) }, errs.ErrInvalidValue, "a limit of -1"},
		{func(q *query.Spec) { chain.Offset(q, -1) }, errs.ErrInvalidValue, "an offset of -1"},
		{func(q *query.Spec) { chain.ForPage(q, 1, 0) }, errs.ErrInvalidValue, "0 rows per page"},
		{func(q *query.Spec) { chain.Apply(q, nil) }, errs.ErrInvalidValue, "nil function"},
		{func(q *query.Spec) { chain.As(q, "n") }, errs.ErrUnsupported, "without an Aggregate"},
		{func(q *query.Spec) { chain.Aggregate(q, "max", "age"); chain.As(q, "name") }, errs.ErrUnknownColumn, "a column of user"},
		{func(q *query.Spec) {
			chain.Aggregate(q, "count", "*")
			chain.Aggregate(q, "max", "age")
			chain.As(q, "count")
		}, errs.ErrUnknownColumn, "given twice"},
		{func(q *query.Spec) { chain.GroupLimit(q, 1) }, errs.ErrUnsupported, "outside of a relation"},
		{func(q *query.Spec) { chain.GroupLimit(q, -1) }, errs.ErrInvalidValue, "a limit of -1"},
		{func(q *query.Spec) { chain.GroupOrderBy(q, "id") }, errs.ErrUnsupported, "outside of a relation"},
		{func(q *query.Spec) { chain.PivotColumns(q, []string{"x"}) }, errs.ErrUnsupported, "outside of a manyToMany"},
	} {
		q := specOf[user](t)
		row.add(q)
		require.ErrorIs(t, q.Err, row.is)
		require.ErrorContains(t, q.Err, row.says)
		require.Empty(t, q.Where)
		first := q.Err
		chain.Limit(q, -2)
		require.Equal(t, first, q.Err)
	}
	q := specOf[tag](t)
	chain.Trashed(q, query.WithTrashed)
	require.ErrorContains(t, q.Err, "tag has no soft deletes")
	q = specOf[tag](t)
	chain.OrderByTime(q, nil, "desc")
	require.ErrorContains(t, q.Err, "tag has no timestamp of creation")
}

func TestAChainThatKindredHasNotMadeCannotRun(t *testing.T) {
	t.Parallel()
	for _, c := range []*chain.Chain{nil, {}} {
		require.ErrorIs(t, c.Spec().Err, errs.ErrUnbound)
	}
	m := specOf[user](t).Model
	c := chain.New(nil, m, errs.ErrGuarded)
	require.Equal(t, errs.ErrGuarded, c.Spec().Err)
	c = chain.New(nil, m, nil)
	chain.Limit(c.Spec(), 3)
	again := c.Clone()
	chain.Limit(again.Spec(), 4)
	chain.Null(again.Spec(), query.And, "age")
	require.Equal(t, 3, *c.Spec().Limit)
	require.Empty(t, c.Spec().Where)
	require.Equal(t, 4, *again.Spec().Limit)
}

// TestWordsOfRelations has what only queries of related rows and of pivot rows know.
func TestWordsOfRelations(t *testing.T) {
	t.Parallel()
	l, err := specOf[user](t).Model.LinkOf("tags")
	require.NoError(t, err)
	q := query.New(nil, l.Model)
	q.Link, q.Pivot, q.Related = l, "p", true
	chain.GroupLimit(q, 0)
	chain.GroupOrderBy(q, "id", "desc")
	chain.As(q, "n")
	name, ok := chain.Pivot(q, "WherePivot", "tag_id")
	chain.PivotColumns(q, []string{"tag_id", "user_id"})
	require.NoError(t, q.Err)
	require.True(t, ok)
	require.Equal(t, "p.tag_id", name)
	require.Equal(t, 0, *q.Limited)
	require.Equal(t, []query.Order{{Column: "id", Desc: true}}, q.Picked)
	require.Equal(t, "n", q.As, "what the sub-query selects")
	require.Len(t, q.Outputs, 2)
	require.Empty(t, q.Columns)

	pivots := query.New(nil, l.Pivot.Model)
	pivots.Pivot = "p"
	chain.PivotColumns(pivots, []string{"tag_id"})
	require.NoError(t, pivots.Err)
	require.Equal(t, []query.Selection{{Column: "tag_id"}}, pivots.Columns)
}

func TestAGroupMayLeaveOutAScope(t *testing.T) {
	t.Parallel()
	q := specOf[user](t)
	chain.Group(q, chain.Where, query.And, func(q *query.Spec) {
		chain.Null(q, query.And, "age")
		q.Unscoped = map[string]bool{"live": true}
	})
	require.NoError(t, q.Err)
	require.True(t, q.Unscoped["live"])
}
