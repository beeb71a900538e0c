// SPDX-License-Identifier: MIT

package faults_test

import (
	"context"
	"errors"
	"testing"

	"github.com/kindred-orm/kindred/internal/faultdb"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

func rename(i *Item) {
	i.Name, i.Nick, i.Tags = "renamed", nil, append(i.Tags, "more")
}

func retitle(p *Paper) { p.Title = "renamed" }

func retask(t *Task) { t.Title = "renamed" }

// recordOps are the methods of records.
func recordOps() []Op {
	return []Op{
		methodOp("Save/Update", "Record.Save", 1, rename, func(ctx context.Context, i *Item) error { return i.Save(ctx) }),
		methodOp("Save/Key", "Record.Save", 1, func(i *Item) { i.ID = 2000 },
			func(ctx context.Context, i *Item) error { return i.Save(ctx) }),
		methodOp("Save/Forced", "Record.Save", 1, func(i *Item) { model.ForceUpdate(i) },
			func(ctx context.Context, i *Item) error { return i.Save(ctx) }),
		methodOp("Save/Version", "Record.Save", 1, retitle, func(ctx context.Context, p *Paper) error { return p.Save(ctx) }),
		methodOp("Save/Trashed", "Record.Save", 3, retitle, func(ctx context.Context, p *Paper) error { return p.Save(ctx) }),
		methodOp("Save/Hooks", "Record.Save", 1, retask, func(ctx context.Context, t *Task) error { return t.Save(ctx) }),
		methodOp("Save/Hooks/Clean", "Record.Save", 1, nil, func(ctx context.Context, t *Task) error { return t.Save(ctx) }),
		methodOp("SaveQuietly", "model.SaveQuietly", 1, retask,
			func(ctx context.Context, t *Task) error { return model.SaveQuietly(ctx, nil, t) }),
		{name: "model.Save/Update", api: []string{"model.Save"}, arrange: func(t testing.TB, s *stage) *Call {
			t.Helper()
			i := find[Item](t, s, 1)
			rename(i)
			return &Call{
				run:     func(ctx context.Context, db *model.DB) error { return model.Save(ctx, db, i) },
				records: []harness.Record{i},
			}
		}},
		{name: "model.Delete", api: []string{"model.Delete"}, arrange: func(t testing.TB, s *stage) *Call {
			t.Helper()
			i := find[Item](t, s, 1)
			return &Call{
				run:     func(ctx context.Context, db *model.DB) error { return model.Delete(ctx, db, i) },
				records: []harness.Record{i},
			}
		}},
		methodOp("Delete/Hard", "Record.Delete", 1, nil, func(ctx context.Context, i *Item) error { return i.Delete(ctx) }),
		methodOp("Delete/Pending", "Record.Delete", 1, rename, func(ctx context.Context, i *Item) error { return i.Delete(ctx) }),
		methodOp("Delete/Soft", "Record.Delete", 1, nil, func(ctx context.Context, p *Paper) error { return p.Delete(ctx) }),
		methodOp("Delete/Soft/Hooks", "Record.Delete", 1, nil,
			func(ctx context.Context, t *Task) error { return t.Delete(ctx) }, "State"),
		methodOp("DeleteQuietly", "model.DeleteQuietly", 1, nil,
			func(ctx context.Context, t *Task) error { return model.DeleteQuietly(ctx, nil, t) }),
		methodOp("DeleteQuietly/Hard", "model.DeleteQuietly", 1, nil,
			func(ctx context.Context, i *Item) error { return model.DeleteQuietly(ctx, nil, i) }),
		methodOp("ForceDelete", "Record.ForceDelete", 1, nil,
			func(ctx context.Context, p *Paper) error { return p.ForceDelete(ctx) }),
		methodOp("ForceDelete/Trashed/Hooks", "Record.ForceDelete", 3, nil,
			func(ctx context.Context, t *Task) error { return t.ForceDelete(ctx) }),
		methodOp("Restore", "Record.Restore", 3, nil, func(ctx context.Context, p *Paper) error { return p.Restore(ctx) }),
		methodOp("Restore/Hooks", "Record.Restore", 3, retask,
			func(ctx context.Context, t *Task) error { return t.Restore(ctx) }, "Title"),
		methodOp("Touch", "Record.Touch", 1, nil, func(ctx context.Context, i *Item) error { return i.Touch(ctx) }),
		methodOp("Touch/Pending", "Record.Touch", 1, retitle,
			func(ctx context.Context, p *Paper) error { return p.Touch(ctx) }, "Title"),
		methodOp("Touch/Hooks", "Record.Touch", 1, nil, func(ctx context.Context, t *Task) error { return t.Touch(ctx) }),
		methodOp("Increment", "Record.Increment", 1, func(i *Item) { i.Name = "pending" },
			func(ctx context.Context, i *Item) error { return i.Increment(ctx, "hits", 5) }, "Name"),
		methodOp("Increment/Version", "Record.Increment", 1, nil,
			func(ctx context.Context, p *Paper) error { return p.Increment(ctx, "Hits", 5) }),
		methodOp("Increment/Hooks", "Record.Increment", 1, nil,
			func(ctx context.Context, t *Task) error { return t.Increment(ctx, "hits", 5) }),
		methodOp("Decrement", "Record.Decrement", 1, nil,
			func(ctx context.Context, i *Item) error { return i.Decrement(ctx, "hits", 5) }),
		methodOp("Decrement/Hooks", "Record.Decrement", 1, retask,
			func(ctx context.Context, t *Task) error { return t.Decrement(ctx, "hits", 5) }, "Title"),
		lockedOp("WithLock", func(ctx context.Context, locked *Paper) error {
			locked.Hits++
			return locked.Save(ctx)
		}),
		lockedOp("WithLock/Several", func(ctx context.Context, locked *Paper) error {
			locked.Hits++
			if err := locked.Save(ctx); err != nil {
				return err
			}
			if err := model.Create(ctx, nil, &Task{Title: "n"}); err != nil {
				return err
			}
			return locked.Touch(ctx)
		}),
	}
}

// lockedOp is a write of a record that WithLock has loaded; the record it was called on stays.
func lockedOp(name string, write func(ctx context.Context, locked *Paper) error) Op {
	return Op{name: name, api: []string{"Record.WithLock"}, arrange: func(t testing.TB, s *stage) *Call {
		t.Helper()
		p := find[Paper](t, s, 1)
		p.Title = "pending"
		var seen *Paper
		return &Call{
			run: func(ctx context.Context, _ *model.DB) error {
				seen = nil
				err := p.WithLock(ctx, func(ctx context.Context, locked *Paper) error {
					seen = locked
					return write(ctx, locked)
				})
				if err != nil {
					seen = nil
				}
				return err
			},
			untouched: []harness.Record{p},
			results: func() []harness.Record {
				if seen == nil {
					return nil
				}
				return []harness.Record{seen}
			},
		}
	}}
}

var errGivesUp = errors.New("the caller gives up")

// transactionOps are transactions of the caller.
func transactionOps() []Op {
	several := func(api []string, name string, write func(ctx context.Context, db *model.DB, i *Item, n *Task, gone *Paper) error) Op {
		return Op{name: name, api: api, arrange: func(t testing.TB, s *stage) *Call {
			t.Helper()
			i, n, gone := find[Item](t, s, 1), &Task{Title: "n"}, find[Paper](t, s, 2)
			i.Name = "renamed"
			return &Call{
				run:     func(ctx context.Context, db *model.DB) error { return write(ctx, db, i, n, gone) },
				records: []harness.Record{i, n, gone},
			}
		}}
	}
	write := func(ctx context.Context, db *model.DB, i *Item, n *Task, gone *Paper) error {
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
	return []Op{
		several([]string{"DB.Transaction", "DB.AfterCommit"}, "Transaction", func(
			ctx context.Context, db *model.DB, i *Item, n *Task, gone *Paper,
		) error {
			return db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				err := tx.AfterCommit(ctx, func(ctx context.Context) { eventsOf(ctx).committed.Add(1) })
				if err != nil {
					return err
				}
				return write(ctx, tx, i, n, gone)
			})
		}),
		several([]string{"DB.Transaction"}, "Transaction/Nested", func(
			ctx context.Context, db *model.DB, i *Item, n *Task, gone *Paper,
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
		{name: "Transaction/Nested/GivesUp", api: []string{"DB.Transaction"}, arrange: func(t testing.TB, s *stage) *Call {
			t.Helper()
			i, n, p := find[Item](t, s, 1), &Task{Title: "n"}, find[Paper](t, s, 2)
			i.Name, p.Title = "renamed", "renamed"
			return &Call{
				records: []harness.Record{i}, untouched: []harness.Record{n, p},
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
							return errGivesUp
						})
						if _, failed := errors.AsType[*faultdb.Error](err); failed || !errors.Is(err, errGivesUp) {
							return err
						}
						return i.Increment(ctx, "hits", 1)
					})
				},
			}
		}},
		several([]string{"DB.Begin", "DB.Commit", "DB.Rollback"}, "Begin", func(
			ctx context.Context, db *model.DB, i *Item, n *Task, gone *Paper,
		) error {
			tx, err := db.Begin(ctx)
			if err != nil {
				return err
			}
			if err := write(model.WithDB(ctx, tx), tx, i, n, gone); err != nil {
				return errors.Join(err, ended(tx.Rollback()))
			}
			return tx.Commit()
		}),
		several([]string{"DB.Begin", "DB.Commit", "DB.Rollback"}, "Begin/Nested", func(
			ctx context.Context, db *model.DB, i *Item, n *Task, gone *Paper,
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
						err = errors.Join(err, ended(inner.Rollback()))
					}
				}
			}
			if err != nil {
				return errors.Join(err, ended(tx.Rollback()))
			}
			return tx.Commit()
		}),
	}
}

// ended drops what a rollback says about a connection that is gone: nothing is left of the
// transaction either way.
func ended(error) error { return nil }
