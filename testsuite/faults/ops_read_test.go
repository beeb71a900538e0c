// SPDX-License-Identifier: MIT

package faults_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// readOp is a call that only reads. After an error it must have returned nothing, and have left its
// destinations alone.
func readOp(name, api string, read func(ctx context.Context, db *model.DB) ([]*Paper, error)) Op {
	return Op{name: name, api: []string{api}, reads: true, arrange: func(testing.TB, *stage) *Call {
		var found []*Paper
		return &Call{
			run: func(ctx context.Context, db *model.DB) (err error) {
				found, err = read(ctx, db)
				return err
			},
			results: func() []harness.Record {
				var list []harness.Record
				for _, rec := range found {
					list = append(list, rec)
				}
				return list
			},
		}
	}}
}

// readOneOp is readOp of one record.
func readOneOp(name, api string, read func(ctx context.Context, db *model.DB) (*Paper, error)) Op {
	return readOp(name, api, func(ctx context.Context, db *model.DB) ([]*Paper, error) {
		rec, err := read(ctx, db)
		if rec == nil {
			return nil, err
		}
		return []*Paper{rec}, err
	})
}

// valueOp is a read into a destination, which holds before, and after a success want.
func valueOp[V any](name, api string, before, want V, read func(ctx context.Context, q *model.Builder[Paper], dest *V) error) Op {
	return readOp(name, api, func(ctx context.Context, db *model.DB) ([]*Paper, error) {
		dest := before
		err := read(ctx, ofPapers(db), &dest)
		switch got := fmt.Sprint(dest); {
		case err != nil && got != fmt.Sprint(before):
			return nil, fmt.Errorf("%w: the destination is %v after %w", errLie, got, err)
		case err == nil && got != fmt.Sprint(want):
			return nil, fmt.Errorf("%w: %v; want %v", errLie, got, want)
		}
		return nil, err
	})
}

func ofPapers(db *model.DB) *model.Builder[Paper] {
	return model.Query[Paper](db).OrderBy("id")
}

// readOps are the reads of the public surface.
func readOps() []Op {
	attrs := func(title string) model.Attrs { return model.Attrs{"title": title} }
	return []Op{
		readOp("All", "Builder.All", func(ctx context.Context, db *model.DB) ([]*Paper, error) {
			return ofPapers(db).All(ctx)
		}),
		readOneOp("First", "Builder.First", func(ctx context.Context, db *model.DB) (*Paper, error) {
			return ofPapers(db).First(ctx)
		}),
		readOneOp("Find", "Builder.Find", func(ctx context.Context, db *model.DB) (*Paper, error) {
			return model.Query[Paper](db).Find(ctx, 2)
		}),
		readOneOp("FindBy", "Builder.FindBy", func(ctx context.Context, db *model.DB) (*Paper, error) {
			return ofPapers(db).FindBy(ctx, "title", "b")
		}),
		readOneOp("Sole", "Builder.Sole", func(ctx context.Context, db *model.DB) (*Paper, error) {
			return ofPapers(db).Where("title", "b").Sole(ctx)
		}),
		readOp("FindMany", "Builder.FindMany", func(ctx context.Context, db *model.DB) ([]*Paper, error) {
			return model.Query[Paper](db).FindMany(ctx, 2, 1)
		}),
		readOp("Paginate", "Builder.Paginate", func(ctx context.Context, db *model.DB) ([]*Paper, error) {
			page, err := ofPapers(db).Paginate(ctx, 1, 1)
			if page == nil {
				return nil, err
			}
			return page.Data, err
		}),
		readOp("CursorPaginate", "Builder.CursorPaginate", func(ctx context.Context, db *model.DB) ([]*Paper, error) {
			page, err := ofPapers(db).CursorPaginate(ctx, "", 1)
			if page == nil {
				return nil, err
			}
			return page.Data, err
		}),
		readOp("Each", "Builder.Each", func(ctx context.Context, db *model.DB) (list []*Paper, err error) {
			for rec, err := range model.Query[Paper](db).OrderByRaw("id").Each(ctx) { // no keyset
				if err != nil {
					return nil, err
				}
				list = append(list, rec)
			}
			return list, nil
		}),
		readOp("Chunk", "Builder.Chunk", func(ctx context.Context, db *model.DB) (list []*Paper, err error) {
			for chunk, err := range ofPapers(db).Chunk(ctx, 1) {
				if err != nil {
					return nil, err
				}
				list = append(list, chunk...)
			}
			return list, nil
		}),
		valueOp("Query.All", "Query.All", nil, []*Paper(nil),
			func(ctx context.Context, q *model.Builder[Paper], dest *[]*Paper) error {
				if err := q.Untyped().All(ctx, dest); err != nil {
					return err
				}
				*dest = (*dest)[2:2]
				return nil
			}),
		valueOp("Query.First", "Query.First", nil, (*Paper)(nil),
			func(ctx context.Context, q *model.Builder[Paper], dest **Paper) error {
				if err := q.Untyped().First(ctx, dest); err != nil {
					return err
				}
				*dest = nil
				return nil
			}),
		readOp("Query.Find", "Query.Find", func(ctx context.Context, db *model.DB) ([]*Paper, error) {
			rec := &Paper{Title: "mine"}
			before := harness.Snapshot(rec)
			err := model.Query[Paper](db).Untyped().Find(ctx, rec, 1)
			switch {
			case err == nil:
				return []*Paper{rec}, nil
			case harness.Snapshot(rec) != before:
				return nil, fmt.Errorf("%w: the destination has changed: %w", errLie, err)
			default:
				return nil, err
			}
		}),
		readOp("Query.Paginate", "Query.Paginate", func(ctx context.Context, db *model.DB) (list []*Paper, err error) {
			_, err = ofPapers(db).Untyped().Paginate(ctx, &list, 1, 5)
			return list, err
		}),
		valueOp("Count", "Query.Count", 0, int64(2), func(ctx context.Context, q *model.Builder[Paper], dest *int64) (err error) {
			*dest, err = q.Count(ctx)
			return err
		}),
		valueOp("Exists", "Query.Exists", false, true, func(ctx context.Context, q *model.Builder[Paper], dest *bool) (err error) {
			*dest, err = q.Exists(ctx)
			return err
		}),
		valueOp("Sum", "Query.Sum", 77, int64(3), func(ctx context.Context, q *model.Builder[Paper], dest *int64) error {
			return q.Sum(ctx, "hits", dest)
		}),
		valueOp("Avg", "Query.Avg", 77, 1.5, func(ctx context.Context, q *model.Builder[Paper], dest *float64) error {
			return q.Untyped().Avg(ctx, "hits", dest)
		}),
		valueOp("Min", "Query.Min", "mine", "a", func(ctx context.Context, q *model.Builder[Paper], dest *string) error {
			return q.Untyped().Min(ctx, "title", dest)
		}),
		valueOp("Max", "Query.Max", "mine", "b", func(ctx context.Context, q *model.Builder[Paper], dest *string) error {
			return q.Untyped().Max(ctx, "title", dest)
		}),
		valueOp("Pluck", "Query.Pluck", []string{"mine"}, []string{"a", "b"},
			func(ctx context.Context, q *model.Builder[Paper], dest *[]string) error {
				return q.Pluck(ctx, "title", dest)
			}),
		readOneOp("FirstOrNew", "model.FirstOrNew", func(ctx context.Context, db *model.DB) (*Paper, error) {
			return model.FirstOrNew[Paper](ctx, db, attrs("a"), nil)
		}),
		readOp("FetchOrNewUpMany", "model.FetchOrNewUpMany", func(ctx context.Context, db *model.DB) ([]*Paper, error) {
			list, err := model.FetchOrNewUpMany[Paper](ctx, db, []string{"title"}, []model.Attrs{attrs("a"), attrs("n"), attrs("b")})
			return slices.DeleteFunc(list, func(p *Paper) bool { return p.Title == "n" }), err
		}),
		methodOp("Refresh", "Record.Refresh", 1, retitle, func(ctx context.Context, p *Paper) error { return p.Refresh(ctx) }),
		{name: "Fresh", api: []string{"Record.Fresh"}, reads: true, arrange: func(t testing.TB, s *stage) *Call {
			t.Helper()
			p := find[Paper](t, s, 3)
			p.Title = "pending"
			var fresh *Paper
			return &Call{
				untouched: []harness.Record{p},
				run: func(ctx context.Context, _ *model.DB) (err error) {
					fresh, err = p.Fresh(ctx)
					return err
				},
				results: func() []harness.Record {
					if fresh == nil {
						return nil
					}
					return []harness.Record{fresh}
				},
			}
		}},
	}
}
