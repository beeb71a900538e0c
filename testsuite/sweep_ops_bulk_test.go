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
		sweepBulk("Builder.Update", "Query.Update", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Update(ctx, values)
		}),
		sweepBulk("Builder.Update/Version", "Query.Update", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Update(ctx, model.Attrs{"state": "x"})
		}),
		sweepBulk("Builder.Update/Limit", "Query.Update", 1, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).OrderBy("id").Limit(1).Update(ctx, values)
		}),
		sweepBulk("Query.Update", "Query.Update", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Untyped().Update(ctx, values)
		}),
		sweepBulk("Builder.Increment", "Query.Increment", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Increment(ctx, "hits", 3)
		}),
		sweepBulk("Query.Increment", "Query.Increment", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Increment(ctx, "hits", 3)
		}),
		sweepBulk("Builder.Decrement", "Query.Decrement", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Untyped().Decrement(ctx, "hits", 3)
		}),
		sweepBulk("Query.Decrement", "Query.Decrement", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Untyped().Decrement(ctx, "hits", 3)
		}),
		sweepBulk("Builder.Delete", "Query.Delete", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Delete(ctx)
		}),
		sweepBulk("Builder.Delete/Soft", "Query.Delete", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Delete(ctx)
		}),
		sweepBulk("Query.Delete", "Query.Delete", 3, func(ctx context.Context, db *model.DB) (int64, error) {
			return model.Query[sweepItem](db).AllRows().Untyped().Delete(ctx)
		}),
		sweepBulk("Query.Delete/Soft", "Query.Delete", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Untyped().Delete(ctx)
		}),
		sweepBulk("Query.ForceDelete", "Query.ForceDelete", 3, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).WithTrashed().ForceDelete(ctx)
		}),
		sweepBulk("Query.Restore", "Query.Restore", 1, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Restore(ctx)
		}),
	}
}
