// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"errors"
	"testing"

	"github.com/kindred-orm/kindred/internal/faultdb"
	"github.com/kindred-orm/kindred/model"
)

func sweepRename(i *sweepItem) {
	i.Name, i.Nick, i.Tags = "renamed", nil, append(i.Tags, "more")
}

func sweepRetitle(p *sweepPaper) { p.Title = "renamed" }

func sweepRetask(t *sweepTask) { t.Title = "renamed" }

// sweepRecordOps are the methods of records.
func sweepRecordOps() []sweepOp {
	return []sweepOp{
		sweepMethod("Save/Update", "Record.Save", 1, sweepRename, func(ctx context.Context, i *sweepItem) error { return i.Save(ctx) }),
		sweepMethod("Save/Key", "Record.Save", 1, func(i *sweepItem) { i.ID = 2000 },
			func(ctx context.Context, i *sweepItem) error { return i.Save(ctx) }),
		sweepMethod("Save/Forced", "Record.Save", 1, func(i *sweepItem) { model.ForceUpdate(i) },
			func(ctx context.Context, i *sweepItem) error { return i.Save(ctx) }),
		sweepMethod("Save/Version", "Record.Save", 1, sweepRetitle, func(ctx context.Context, p *sweepPaper) error { return p.Save(ctx) }),
		sweepMethod("Save/Trashed", "Record.Save", 3, sweepRetitle, func(ctx context.Context, p *sweepPaper) error { return p.Save(ctx) }),
		sweepMethod("Save/Hooks", "Record.Save", 1, sweepRetask, func(ctx context.Context, t *sweepTask) error { return t.Save(ctx) }),
		sweepMethod("Save/Hooks/Clean", "Record.Save", 1, nil, func(ctx context.Context, t *sweepTask) error { return t.Save(ctx) }),
		sweepMethod("SaveQuietly", "model.SaveQuietly", 1, sweepRetask,
			func(ctx context.Context, t *sweepTask) error { return model.SaveQuietly(ctx, nil, t) }),
		{name: "model.Save/Update", api: []string{"model.Save"}, arrange: func(t testing.TB, s *sweepStage) *sweepCall {
			t.Helper()
			i := sweepFind[sweepItem](t, s, 1)
			sweepRename(i)
			return &sweepCall{
				run:     func(ctx context.Context, db *model.DB) error { return model.Save(ctx, db, i) },
				records: []sweepRecord{i},
			}
		}},
		{name: "model.Delete", api: []string{"model.Delete"}, arrange: func(t testing.TB, s *sweepStage) *sweepCall {
			t.Helper()
			i := sweepFind[sweepItem](t, s, 1)
			return &sweepCall{
				run:     func(ctx context.Context, db *model.DB) error { return model.Delete(ctx, db, i) },
				records: []sweepRecord{i},
			}
		}},
		sweepMethod("Delete/Hard", "Record.Delete", 1, nil, func(ctx context.Context, i *sweepItem) error { return i.Delete(ctx) }),
		sweepMethod("Delete/Pending", "Record.Delete", 1, sweepRename, func(ctx context.Context, i *sweepItem) error { return i.Delete(ctx) }),
		sweepMethod("Delete/Soft", "Record.Delete", 1, nil, func(ctx context.Context, p *sweepPaper) error { return p.Delete(ctx) }),
		sweepMethod("Delete/Soft/Hooks", "Record.Delete", 1, nil,
			func(ctx context.Context, t *sweepTask) error { return t.Delete(ctx) }, "State"),
		sweepMethod("DeleteQuietly", "model.DeleteQuietly", 1, nil,
			func(ctx context.Context, t *sweepTask) error { return model.DeleteQuietly(ctx, nil, t) }),
		sweepMethod("DeleteQuietly/Hard", "model.DeleteQuietly", 1, nil,
			func(ctx context.Context, i *sweepItem) error { return model.DeleteQuietly(ctx, nil, i) }),
		sweepMethod("ForceDelete", "Record.ForceDelete", 1, nil,
			func(ctx context.Context, p *sweepPaper) error { return p.ForceDelete(ctx) }),
		sweepMethod("ForceDelete/Trashed/Hooks", "Record.ForceDelete", 3, nil,
			func(ctx context.Context, t *sweepTask) error { return t.ForceDelete(ctx) }),
		sweepMethod("Restore", "Record.Restore", 3, nil, func(ctx context.Context, p *sweepPaper) error { return p.Restore(ctx) }),
		sweepMethod("Restore/Hooks", "Record.Restore", 3, sweepRetask,
			func(ctx context.Context, t *sweepTask) error { return t.Restore(ctx) }, "Title"),
		sweepMethod("Touch", "Record.Touch", 1, nil, func(ctx context.Context, i *sweepItem) error { return i.Touch(ctx) }),
		sweepMethod("Touch/Pending", "Record.Touch", 1, sweepRetitle,
			func(ctx context.Context, p *sweepPaper) error { return p.Touch(ctx) }, "Title"),
		sweepMethod("Touch/Hooks", "Record.Touch", 1, nil, func(ctx context.Context, t *sweepTask) error { return t.Touch(ctx) }),
		sweepMethod("Increment", "Record.Increment", 1, func(i *sweepItem) { i.Name = "pending" },
			func(ctx context.Context, i *sweepItem) error { return i.Increment(ctx, "hits", 5) }, "Name"),
		sweepMethod("Increment/Version", "Record.Increment", 1, nil,
			func(ctx context.Context, p *sweepPaper) error { return p.Increment(ctx, "Hits", 5) }),
		sweepMethod("Increment/Hooks", "Record.Increment", 1, nil,
			func(ctx context.Context, t *sweepTask) error { return t.Increment(ctx, "hits", 5) }),
		sweepMethod("Decrement", "Record.Decrement", 1, nil,
			func(ctx context.Context, i *sweepItem) error { return i.Decrement(ctx, "hits", 5) }),
		sweepMethod("Decrement/Hooks", "Record.Decrement", 1, sweepRetask,
			func(ctx context.Context, t *sweepTask) error { return t.Decrement(ctx, "hits", 5) }, "Title"),
		sweepLocked("WithLock", func(ctx context.Context, locked *sweepPaper) error {
			locked.Hits++
			return locked.Save(ctx)
		}),
		sweepLocked("WithLock/Several", func(ctx context.Context, locked *sweepPaper) error {
			locked.Hits++
			if err := locked.Save(ctx); err != nil {
				return err
			}
			if err := model.Create(ctx, nil, &sweepTask{Title: "n"}); err != nil {
				return err
			}
			return locked.Touch(ctx)
		}),
	}
}

// sweepLocked is a write of a record that WithLock has loaded; the record it was called on stays.
func sweepLocked(name string, write func(ctx context.Context, locked *sweepPaper) error) sweepOp {
	return sweepOp{name: name, api: []string{"model.WithLock"}, arrange: func(t testing.TB, s *sweepStage) *sweepCall {
		t.Helper()
		p := sweepFind[sweepPaper](t, s, 1)
		p.Title = "pending"
		var seen *sweepPaper
		return &sweepCall{
			run: func(ctx context.Context, _ *model.DB) error {
				seen = nil
				err := model.WithLock(ctx, nil, p, func(ctx context.Context, locked *sweepPaper) error {
					seen = locked
					return write(ctx, locked)
				})
				if err != nil {
					seen = nil
				}
				return err
			},
			untouched: []sweepRecord{p},
			results: func() []sweepRecord {
				if seen == nil {
					return nil
				}
				return []sweepRecord{seen}
			},
		}
	}}
}

var errSweep = errors.New("the caller gives up")

// sweepTransactionOps are transactions of the caller.
func sweepTransactionOps() []sweepOp {
	several := func(api []string, name string, write func(ctx context.Context, db *model.DB, i *sweepItem, n *sweepTask, gone *sweepPaper) error) sweepOp {
		return sweepOp{name: name, api: api, arrange: func(t testing.TB, s *sweepStage) *sweepCall {
			t.Helper()
			i, n, gone := sweepFind[sweepItem](t, s, 1), &sweepTask{Title: "n"}, sweepFind[sweepPaper](t, s, 2)
			i.Name = "renamed"
			return &sweepCall{
				run:     func(ctx context.Context, db *model.DB) error { return write(ctx, db, i, n, gone) },
				records: []sweepRecord{i, n, gone},
			}
		}}
	}
	write := func(ctx context.Context, db *model.DB, i *sweepItem, n *sweepTask, gone *sweepPaper) error {
		if err := i.Save(ctx); err != nil {
			return err
		}
		if err := model.Create(ctx, db, n); err != nil {
			return err
		}
		if err := i.Increment(ctx, "hits", 1); err != nil {
			return err
		}
		return gone.ForceDelete(ctx)
	}
	return []sweepOp{
		several([]string{"DB.Transaction", "DB.AfterCommit"}, "Transaction", func(
			ctx context.Context, db *model.DB, i *sweepItem, n *sweepTask, gone *sweepPaper,
		) error {
			return db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				err := tx.AfterCommit(ctx, func(ctx context.Context) { sweepEventsOf(ctx).committed.Add(1) })
				if err != nil {
					return err
				}
				return write(ctx, tx, i, n, gone)
			})
		}),
		several([]string{"DB.Transaction"}, "Transaction/Nested", func(
			ctx context.Context, db *model.DB, i *sweepItem, n *sweepTask, gone *sweepPaper,
		) error {
			return db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				if err := i.Save(ctx); err != nil {
					return err
				}
				err := tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
					if err := model.Create(ctx, tx, n); err != nil {
						return err
					}
					return gone.ForceDelete(ctx)
				})
				if err != nil {
					return err
				}
				return i.Touch(ctx)
			})
		}),
		{name: "Transaction/Nested/GivesUp", api: []string{"DB.Transaction"}, arrange: func(t testing.TB, s *sweepStage) *sweepCall {
			t.Helper()
			i, n, p := sweepFind[sweepItem](t, s, 1), &sweepTask{Title: "n"}, sweepFind[sweepPaper](t, s, 2)
			i.Name, p.Title = "renamed", "renamed"
			return &sweepCall{
				records: []sweepRecord{i}, untouched: []sweepRecord{n, p},
				run: func(ctx context.Context, db *model.DB) error {
					return db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
						if err := i.Save(ctx); err != nil {
							return err
						}
						err := tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
							if err := model.Create(ctx, tx, n); err != nil {
								return err
							}
							if err := p.Save(ctx); err != nil {
								return err
							}
							return errSweep
						})
						if _, failed := errors.AsType[*faultdb.Error](err); failed || !errors.Is(err, errSweep) {
							return err
						}
						return i.Increment(ctx, "hits", 1)
					})
				},
			}
		}},
		several([]string{"DB.Begin", "DB.Commit", "DB.Rollback"}, "Begin", func(
			ctx context.Context, db *model.DB, i *sweepItem, n *sweepTask, gone *sweepPaper,
		) error {
			tx, err := db.Begin(ctx)
			if err != nil {
				return err
			}
			if err := write(model.WithDB(ctx, tx), tx, i, n, gone); err != nil {
				return errors.Join(err, sweepEnded(tx.Rollback()))
			}
			return tx.Commit()
		}),
		several([]string{"DB.Begin", "DB.Commit", "DB.Rollback"}, "Begin/Nested", func(
			ctx context.Context, db *model.DB, i *sweepItem, n *sweepTask, gone *sweepPaper,
		) error {
			tx, err := db.Begin(ctx)
			if err != nil {
				return err
			}
			if err = i.Touch(model.WithDB(ctx, tx)); err == nil {
				var inner *model.DB
				if inner, err = tx.Begin(ctx); err == nil {
					if err = write(model.WithDB(ctx, inner), inner, i, n, gone); err == nil {
						err = inner.Commit()
					} else {
						err = errors.Join(err, sweepEnded(inner.Rollback()))
					}
				}
			}
			if err != nil {
				return errors.Join(err, sweepEnded(tx.Rollback()))
			}
			return tx.Commit()
		}),
	}
}

// sweepEnded drops what a rollback says about a connection that is gone: nothing is left of the
// transaction either way.
func sweepEnded(error) error { return nil }
