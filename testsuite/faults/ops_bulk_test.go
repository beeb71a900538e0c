// SPDX-License-Identifier: MIT

package faults_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/kindred-orm/kindred/model"
)

// bulkOp is a write to the rows of a query. It wants n rows.
func bulkOp(name, api string, n int64, call func(ctx context.Context, db *model.DB) (int64, error)) Op {
	return Op{name: name, api: []string{api}, arrange: func(testing.TB, *stage) *Call {
		return &Call{run: func(ctx context.Context, db *model.DB) error {
			got, err := call(ctx, db)
			switch {
			case err != nil && got != 0:
				return fmt.Errorf("%w: %d rows next to an error: %w", errLie, got, err)
			case err == nil && got != n:
				return fmt.Errorf("%w: %d rows; want %d", errLie, got, n)
			}
			return err
		}}
	}}
}

// errLie is what a call says that contradicts itself.
var errLie = errors.New("the result is wrong")

// bulkOps are the writes of builders, typed and untyped.
func bulkOps() []Op {
	items := func(db *model.DB) *model.Builder[Item] { return model.Query[Item](db).Where("hits", ">", 0) }
	papers := func(db *model.DB) *model.Builder[Paper] {
		return model.Query[Paper](db).Where("id", "<", 100)
	}
	values := model.Attrs{"hits": 7, "nick": "x"}
	return []Op{
		{name: "Truncate", api: []string{"model.Truncate"}, arrange: func(testing.TB, *stage) *Call {
			return &Call{run: func(ctx context.Context, db *model.DB) error { return model.Truncate[Log](ctx, db) }}
		}},
		bulkOp("Builder.Update", "Query.Update", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Update(ctx, values)
		}),
		bulkOp("Builder.Update/Version", "Query.Update", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Update(ctx, model.Attrs{"state": "x"})
		}),
		bulkOp("Builder.Update/Limit", "Query.Update", 1, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).OrderBy("id").Limit(1).Update(ctx, values)
		}),
		bulkOp("Query.Update", "Query.Update", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Untyped().Update(ctx, values)
		}),
		bulkOp("Builder.Increment", "Query.Increment", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Increment(ctx, "hits", 3)
		}),
		bulkOp("Query.Increment", "Query.Increment", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Increment(ctx, "hits", 3)
		}),
		bulkOp("Builder.Decrement", "Query.Decrement", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Untyped().Decrement(ctx, "hits", 3)
		}),
		bulkOp("Query.Decrement", "Query.Decrement", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Untyped().Decrement(ctx, "hits", 3)
		}),
		bulkOp("Builder.Delete", "Query.Delete", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return items(db).Delete(ctx)
		}),
		bulkOp("Builder.Delete/Soft", "Query.Delete", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Delete(ctx)
		}),
		bulkOp("Query.Delete", "Query.Delete", 3, func(ctx context.Context, db *model.DB) (int64, error) {
			return model.Query[Item](db).AllRows().Untyped().Delete(ctx)
		}),
		bulkOp("Query.Delete/Soft", "Query.Delete", 2, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Untyped().Delete(ctx)
		}),
		bulkOp("Query.ForceDelete", "Query.ForceDelete", 3, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).WithTrashed().ForceDelete(ctx)
		}),
		bulkOp("Query.Restore", "Query.Restore", 1, func(ctx context.Context, db *model.DB) (int64, error) {
			return papers(db).Restore(ctx)
		}),
	}
}
