// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/kindred-orm/kindred/model"
)

// sweepBulk is a write to the rows of a query. It wants n rows.
func sweepBulk(name, api string, n int64, call func(ctx context.Context, db *model.DB) (int64, error)) sweepOp {
	return sweepOp{name: name, api: []string{api}, arrange: func(testing.TB, *sweepStage) *sweepCall {
		return &sweepCall{run: func(ctx context.Context, db *model.DB) error {
			got, err := call(ctx, db)
			switch {
			case err != nil && got != 0:
				return fmt.Errorf("%w: %d rows next to an error: %w", errSweepLie, got, err)
			case err == nil && got != n:
				return fmt.Errorf("%w: %d rows; want %d", errSweepLie, got, n)
			}
			return err
		}}
	}}
}

// errSweepLie is what a call says that contradicts itself.
var errSweepLie = errors.New("the result is wrong")

// sweepBulkOps are the writes of builders, typed and untyped.
func sweepBulkOps() []sweepOp {
	items := func(db *model.DB) *model.Builder[sweepItem] { return model.Query[sweepItem](db).Where("hits", ">", 0) }
	papers := func(db *model.DB) *model.Builder[sweepPaper] {
		return model.Query[sweepPaper](db).Where("id", "<", 100)
	}
	values := model.Attrs{"hits": 7, "nick": "x"}
	return []sweepOp{
		{name: "Truncate", api: []string{"model.Truncate"}, arrange: func(testing.TB, *sweepStage) *sweepCall {
			return &sweepCall{run: func(ctx context.Context, db *model.DB) error { return model.Truncate[sweepLog](ctx, db) }}
		}},
		sweepBulk("Builder.Update", "Chain.Update", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Update(ctx, values)
		}),
		sweepBulk("Builder.Update/Version", "Chain.Update", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Update(ctx, model.Attrs{"state": "x"})
		}),
		sweepBulk("Builder.Update/Limit", "Chain.Update", 1, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).OrderBy("id").Limit(1).Update(ctx, values)
		}),
		sweepBulk("Query.Update", "Chain.Update", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Query().Update(ctx, values)
		}),
		sweepBulk("Builder.Increment", "Chain.Increment", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Increment(ctx, "hits", 3)
		}),
		sweepBulk("Query.Increment", "Chain.Increment", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Query().Increment(ctx, "hits", 3)
		}),
		sweepBulk("Builder.Decrement", "Chain.Decrement", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Decrement(ctx, "hits", 3)
		}),
		sweepBulk("Query.Decrement", "Chain.Decrement", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Query().Decrement(ctx, "hits", 3)
		}),
		sweepBulk("Builder.Delete", "Chain.Delete", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Delete(ctx)
		}),
		sweepBulk("Builder.Delete/Soft", "Chain.Delete", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Delete(ctx)
		}),
		sweepBulk("Query.Delete", "Chain.Delete", 3, func(ctx context.Context, db *model.DB) (int64, error) {
			return model.Query[sweepItem](db).AllRows().Query().Delete(ctx)
		}),
		sweepBulk("Query.Delete/Soft", "Chain.Delete", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Query().Delete(ctx)
		}),
		sweepBulk("Builder.ForceDelete", "Builder.ForceDelete", 3, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).WithTrashed().ForceDelete(ctx)
		}),
		sweepBulk("Builder.Restore", "Builder.Restore", 1, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Restore(ctx)
		}),
	}
}
