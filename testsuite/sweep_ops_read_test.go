// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/kindred-orm/kindred/model"
)

// sweepRead is a call that only reads. After an error it must have returned nothing, and have left its
// destinations alone.
func sweepRead(name, api string, read func(ctx context.Context, db *model.DB) ([]*sweepPaper, error)) sweepOp {
	return sweepOp{name: name, api: []string{api}, reads: true, arrange: func(testing.TB, *sweepStage) *sweepCall {
		var found []*sweepPaper
		return &sweepCall{
			run: func(ctx context.Context, db *model.DB) (err error) {
				found, err = read(ctx, db)
				return err
			},
			results: func() []sweepRecord {
				var list []sweepRecord
				for _, rec := range found {
					list = append(list, rec)
				}
				return list
			},
		}
	}}
}

// sweepReadOne is sweepRead of one record.
func sweepReadOne(name, api string, read func(ctx context.Context, db *model.DB) (*sweepPaper, error)) sweepOp {
	return sweepRead(name, api, func(ctx context.Context, db *model.DB) ([]*sweepPaper, error) {
		rec, err := read(ctx, db)
		if rec == nil {
			return nil, err
		}
		return []*sweepPaper{rec}, err
	})
}

// sweepValue is a read into a destination, which holds before, and after a success want.
func sweepValue[V any](name, api string, before, want V, read func(ctx context.Context, q *model.Builder[sweepPaper], dest *V) error) sweepOp {
	return sweepRead(name, api, func(ctx context.Context, db *model.DB) ([]*sweepPaper, error) {
		dest := before
		err := read(ctx, sweepOfPapers(db), &dest)
		switch got := fmt.Sprint(dest); {
		case err != nil && got != fmt.Sprint(before):
			return nil, fmt.Errorf("%w: the destination is %v after %w", errSweepLie, got, err)
		case err == nil && got != fmt.Sprint(want):
			return nil, fmt.Errorf("%w: %v; want %v", errSweepLie, got, want)
		}
		return nil, err
	})
}

func sweepOfPapers(db *model.DB) *model.Builder[sweepPaper] {
	return model.Query[sweepPaper](db).OrderBy("id")
}

// sweepReadOps are the reads of the public surface.
func sweepReadOps() []sweepOp {
	attrs := func(title string) model.Attrs { return model.Attrs{"title": title} }
	return []sweepOp{
		sweepRead("All", "Builder.All", func(ctx context.Context, db *model.DB) ([]*sweepPaper, error) {
			return sweepOfPapers(db).All(ctx)
		}),
		sweepReadOne("First", "Builder.First", func(ctx context.Context, db *model.DB) (*sweepPaper, error) {
			return sweepOfPapers(db).First(ctx)
		}),
		sweepReadOne("Find", "Builder.Find", func(ctx context.Context, db *model.DB) (*sweepPaper, error) {
			return model.Query[sweepPaper](db).Find(ctx, 2)
		}),
		sweepReadOne("FindBy", "Builder.FindBy", func(ctx context.Context, db *model.DB) (*sweepPaper, error) {
			return sweepOfPapers(db).FindBy(ctx, "title", "b")
		}),
		sweepReadOne("Sole", "Builder.Sole", func(ctx context.Context, db *model.DB) (*sweepPaper, error) {
			return sweepOfPapers(db).Where("title", "b").Sole(ctx)
		}),
		sweepRead("FindMany", "Builder.FindMany", func(ctx context.Context, db *model.DB) ([]*sweepPaper, error) {
			return model.Query[sweepPaper](db).FindMany(ctx, 2, 1)
		}),
		sweepRead("Paginate", "Builder.Paginate", func(ctx context.Context, db *model.DB) ([]*sweepPaper, error) {
			page, err := sweepOfPapers(db).Paginate(ctx, 1, 1)
			if page == nil {
				return nil, err
			}
			return page.Data, err
		}),
		sweepRead("CursorPaginate", "Builder.CursorPaginate", func(ctx context.Context, db *model.DB) ([]*sweepPaper, error) {
			page, err := sweepOfPapers(db).CursorPaginate(ctx, "", 1)
			if page == nil {
				return nil, err
			}
			return page.Data, err
		}),
		sweepRead("Each", "Builder.Each", func(ctx context.Context, db *model.DB) (list []*sweepPaper, err error) {
			for rec, err := range model.Query[sweepPaper](db).OrderByRaw("id").Each(ctx) { // no keyset
				if err != nil {
					return nil, err
				}
				list = append(list, rec)
			}
			return list, nil
		}),
		sweepRead("Chunk", "Builder.Chunk", func(ctx context.Context, db *model.DB) (list []*sweepPaper, err error) {
			for chunk, err := range sweepOfPapers(db).Chunk(ctx, 1) {
				if err != nil {
					return nil, err
				}
				list = append(list, chunk...)
			}
			return list, nil
		}),
		sweepValue("Query.All", "Query.All", nil, []*sweepPaper(nil),
			func(ctx context.Context, q *model.Builder[sweepPaper], dest *[]*sweepPaper) error {
				if err := q.Untyped().All(ctx, dest); err != nil {
					return err
				}
				*dest = (*dest)[2:2]
				return nil
			}),
		sweepValue("Query.First", "Query.First", nil, (*sweepPaper)(nil),
			func(ctx context.Context, q *model.Builder[sweepPaper], dest **sweepPaper) error {
				if err := q.Untyped().First(ctx, dest); err != nil {
					return err
				}
				*dest = nil
				return nil
			}),
		sweepRead("Query.Find", "Query.Find", func(ctx context.Context, db *model.DB) ([]*sweepPaper, error) {
			rec := &sweepPaper{Title: "mine"}
			before := sweepSnapshot(rec)
			err := model.Query[sweepPaper](db).Untyped().Find(ctx, rec, 1)
			switch {
			case err == nil:
				return []*sweepPaper{rec}, nil
			case sweepSnapshot(rec) != before:
				return nil, fmt.Errorf("%w: the destination has changed: %w", errSweepLie, err)
			default:
				return nil, err
			}
		}),
		sweepRead("Query.Paginate", "Query.Paginate", func(ctx context.Context, db *model.DB) (list []*sweepPaper, err error) {
			_, err = sweepOfPapers(db).Untyped().Paginate(ctx, &list, 1, 5)
			return list, err
		}),
		sweepValue("Count", "Query.Count", 0, int64(2), func(ctx context.Context, q *model.Builder[sweepPaper], dest *int64) (err error) {
			*dest, err = q.Count(ctx)
			return err
		}),
		sweepValue("Exists", "Query.Exists", false, true, func(ctx context.Context, q *model.Builder[sweepPaper], dest *bool) (err error) {
			*dest, err = q.Exists(ctx)
			return err
		}),
		sweepValue("Sum", "Query.Sum", 77, int64(3), func(ctx context.Context, q *model.Builder[sweepPaper], dest *int64) error {
			return q.Sum(ctx, "hits", dest)
		}),
		sweepValue("Avg", "Query.Avg", 77, 1.5, func(ctx context.Context, q *model.Builder[sweepPaper], dest *float64) error {
			return q.Untyped().Avg(ctx, "hits", dest)
		}),
		sweepValue("Min", "Query.Min", "mine", "a", func(ctx context.Context, q *model.Builder[sweepPaper], dest *string) error {
			return q.Untyped().Min(ctx, "title", dest)
		}),
		sweepValue("Max", "Query.Max", "mine", "b", func(ctx context.Context, q *model.Builder[sweepPaper], dest *string) error {
			return q.Untyped().Max(ctx, "title", dest)
		}),
		sweepValue("Pluck", "Query.Pluck", []string{"mine"}, []string{"a", "b"},
			func(ctx context.Context, q *model.Builder[sweepPaper], dest *[]string) error {
				return q.Pluck(ctx, "title", dest)
			}),
		sweepReadOne("FirstOrNew", "model.FirstOrNew", func(ctx context.Context, db *model.DB) (*sweepPaper, error) {
			return model.FirstOrNew[sweepPaper](ctx, db, attrs("a"), nil)
		}),
		sweepRead("FetchOrNewUpMany", "model.FetchOrNewUpMany", func(ctx context.Context, db *model.DB) ([]*sweepPaper, error) {
			list, err := model.FetchOrNewUpMany[sweepPaper](ctx, db, []string{"title"}, []model.Attrs{attrs("a"), attrs("n"), attrs("b")})
			return slices.DeleteFunc(list, func(p *sweepPaper) bool { return p.Title == "n" }), err
		}),
		sweepMethod("Refresh", "Record.Refresh", 1, sweepRetitle, func(ctx context.Context, p *sweepPaper) error { return p.Refresh(ctx) }),
		{name: "Fresh", api: []string{"Record.Fresh"}, reads: true, arrange: func(t testing.TB, s *sweepStage) *sweepCall {
			t.Helper()
			p := sweepFind[sweepPaper](t, s, 3)
			p.Title = "pending"
			var fresh *sweepPaper
			return &sweepCall{
				untouched: []sweepRecord{p},
				run: func(ctx context.Context, _ *model.DB) (err error) {
					fresh, err = p.Fresh(ctx)
					return err
				},
				results: func() []sweepRecord {
					if fresh == nil {
						return nil
					}
					return []sweepRecord{fresh}
				},
			}
		}},
	}
}
