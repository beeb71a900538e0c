// SPDX-License-Identifier: MIT

package related_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A relation that leads to a row several times is read whole by Each; Chunk and CursorPaginate, which would
// skip rows, are ErrUnsupported.
func TestRepeatedRowsAreReadWholeOrRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		ann, _ := seed(t, e)
		require.NoError(t, ann.tags().Attach(e.Ctx, 2, 1, 2, 2))
		n, err := pathEach(e, ann.tags().Query())
		require.NoError(t, err)
		require.EqualValues(t, 4, n)
		_, err = counted(ann.tags().Query().Chunk(e.Ctx, 1))
		require.ErrorIs(t, err, model.ErrUnsupported)
		require.ErrorIs(t, harness.Err(ann.tags().Query().CursorPaginate(e.Ctx, "", 1)), model.ErrUnsupported)
		require.NoError(t, ann.topics().Attach(e.Ctx, 3, 1, 2))
		n, err = counted(ann.topics().Query().Chunk(e.Ctx, 2))
		require.NoError(t, err)
		require.EqualValues(t, 3, n, "pairs are unique there")
		err = harness.Err(counted(ann.topics().Query().Use(func(q *relation.Query) { q.OrderByPivot("level") }).Chunk(e.Ctx, 2)))
		require.ErrorIs(t, err, model.ErrUnsupported)
		require.ErrorContains(t, err, "Reorder")
	})
}

// counted is how many records a Chunk yields.
func counted[T any](lists func(yield func([]*T, error) bool)) (n int64, err error) {
	for list, failed := range lists {
		n, err = n+int64(len(list)), failed
	}
	return n, err
}

// pathEach is how many records an Each yields in a transaction.
func pathEach[T any](e *harness.Env, q *model.Builder[T]) (n int64, err error) {
	err = e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
		for _, err := range q.Each(ctx) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}
