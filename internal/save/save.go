// SPDX-License-Identifier: MIT

// Package save writes records together with the relations between them: it saves related records through a relation (save.go),
// makes a record belong to another (associate.go), and saves a record with all records that are loaded with it (push.go).
package save

import (
	"context"
	"errors"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/pivot"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Call holds the options of a save through a relation.
type Call struct {
	Op        string           // the name of the call, for errors
	New       bool             // the records must not have a row yet
	Duplicate bool             // a pivot row is inserted even if the pair has one
	Pivots    []map[string]any // pivot attributes: none, or one set per record
	many      bool             // a slice was given, which a hasOne cannot hold
}

// One saves a record through a relation. The owner is saved first if it is new.
func One(ctx context.Context, owner related.Owner, given any, call Call) error {
	return owner.Error(call.Op, run(ctx, owner, call, func(l *meta.Link) ([]*record.State, error) {
		s, err := related.Record(l, given)
		return []*record.State{s}, err
	}))
}

// Many saves a slice of records through a relation to many: new ones by one INSERT, every other one that changes by an UPDATE.
func Many(ctx context.Context, owner related.Owner, given any, call Call) error {
	call.many = true
	return owner.Error(call.Op, run(ctx, owner, call, func(l *meta.Link) ([]*record.State, error) {
		return related.Records(l, given)
	}))
}

func run(ctx context.Context, owner related.Owner, call Call, open func(l *meta.Link) ([]*record.State, error)) error {
	ctx, h, l, err := owner.Serve(ctx)
	if err != nil {
		return err
	}
	kinds := []string{meta.HasOne, meta.HasMany, meta.ManyToMany}
	if call.many {
		kinds = kinds[1:]
	}
	if err := related.CheckKind(l.Relation, call.Op, kinds...); err != nil {
		return err
	}
	list, err := open(l)
	if err != nil {
		return err
	}
	ctx = h.Writing(ctx)
	s := &saving{Call: call, owner: owner, link: l, list: list}
	if err := s.check(h); err != nil || len(list) == 0 {
		return err
	}
	err = s.write(ctx, h)
	if s.raced && !h.InTransaction() { // now the row is there
		err = s.write(ctx, h)
	}
	return err
}

// saving is a call that saves related records.
type saving struct {
	Call

	owner related.Owner
	link  *meta.Link
	list  []*record.State
	state map[*record.State]rowState
	raced bool // somebody else has inserted a pivot row after it was looked for
}

// rowState is the state of a record before it is saved.
type rowState uint8

const (
	stored  rowState = iota + 1 // it has a row
	keyed                       // it has none, but a key that pivot rows may point to
	keyless                     // the database will make its key
)

// check returns an error for a call that cannot succeed, before anything is sent.
func (s *saving) check(h *tx.Handle) error {
	if err := s.checkPivots(h); err != nil {
		return err
	}
	if err := s.owner.Writable(); err != nil {
		return err
	}
	s.state = make(map[*record.State]rowState, len(s.list))
	rows := map[string]bool{} // keys of records that have a row
	for _, rec := range s.list {
		if err := errors.Join(rec.CheckSchema(h), s.checkRecord(rec, rows)); err != nil {
			return err
		}
		rec.Model = s.link.Model
	}
	if s.owner.State.Persisted() {
		_, err := s.owner.WriteKey(s.link)
		return err
	}
	return nil
}

func (s *saving) checkPivots(h *tx.Handle) error {
	if s.link.Kind != meta.ManyToMany {
		if len(s.Pivots) > 0 {
			return related.CheckKind(s.link.Relation, "pivot attributes", meta.ManyToMany)
		}
		if s.Duplicate {
			return related.CheckKind(s.link.Relation, "SaveDuplicate", meta.ManyToMany)
		}
		return nil
	}
	if len(s.Pivots) == 0 {
		return nil
	}
	if len(s.Pivots) != len(s.list) {
		return errs.New(errs.ErrInvalidValue, "%d sets of pivot attributes for %d records; give one per record, or none",
			len(s.Pivots), len(s.list))
	}
	return pivot.CheckAttrs(s.link, h, s.Pivots)
}

// checkRecord returns an error for a record that cannot be saved, and for one whose row is in the list already.
func (s *saving) checkRecord(rec *record.State, rows map[string]bool) error {
	if err := persist.Writable(rec); err != nil {
		return err
	}
	state := s.stateOf(rec)
	if s.New && state == stored {
		return errs.New(errs.ErrUnsupported, "the %s has a row already; Save updates it", rec.Model.Name)
	}
	_, twice := s.state[rec]
	if state == stored {
		if err := rec.Model.Keyed(); err != nil {
			return err
		}
		for _, c := range s.link.Model.Keys {
			if !rec.Selected(c) {
				return key.ErrNotSelected(c)
			}
		}
		row, err := key.TextOf(s.link.Model.Keys, rec.Owner)
		if err != nil {
			return err
		}
		twice = twice || rows[row]
		rows[row] = true
	}
	if twice {
		return errs.New(errs.ErrInvalidValue, "a %s is in the list twice", rec.Model.Name)
	}
	s.state[rec] = state
	return nil
}

func (s *saving) stateOf(rec *record.State) rowState {
	c := s.link.Foreign
	switch {
	case rec.Persisted() && !rec.Deleted():
		return stored
	case c.AutoKey && c.Zero(c.At(rec.Owner)):
		return keyless
	default:
		return keyed
	}
}

// write saves the owner if it is new, the records, and their pivot rows, in one transaction. One record of an owner that has a row
// needs none.
func (s *saving) write(ctx context.Context, h *tx.Handle) error {
	single := len(s.list) == 1 && s.owner.State.Persisted() && s.link.Kind != meta.ManyToMany
	if single {
		return persist.Changing(ctx, h, s.list, s.records)
	}
	return record.Atomic(ctx, h, s.list, func(ctx context.Context, h *tx.Handle) error {
		if err := s.saveOwner(ctx, h); err != nil {
			return err
		}
		if err := s.records(ctx, h); err != nil {
			return err
		}
		return s.pivots(ctx, h)
	})
}

// saveOwner inserts the owner, if it is new.
func (s *saving) saveOwner(ctx context.Context, h *tx.Handle) error {
	owner := s.owner.State
	if owner.Persisted() {
		return nil
	}
	owner.Model = s.link.Owner
	return persist.Save(ctx, h, owner)
}

// records saves the related records.
func (s *saving) records(ctx context.Context, h *tx.Handle) error {
	var inserted []*record.State
	for _, rec := range s.list {
		if s.link.Kind != meta.ManyToMany {
			if err := key.Copy(rec, s.link.Foreign, s.owner.State, s.link.Local); err != nil {
				return err
			}
		}
		if rec.Persisted() && !rec.Deleted() {
			s.state[rec] = stored // maybe since a hook of the owner
			continue
		}
		inserted = append(inserted, rec)
	}
	if len(s.list) == 1 {
		return persist.Save(ctx, h, s.list[0])
	}
	if err := persist.InsertMany(ctx, h, inserted); err != nil {
		return err
	}
	for _, rec := range s.list {
		if s.state[rec] != stored {
			continue
		}
		if err := persist.Save(ctx, h, rec); err != nil {
			return err
		}
	}
	return nil
}

// pivots writes the pivot rows of the records.
func (s *saving) pivots(ctx context.Context, h *tx.Handle) (err error) {
	if s.link.Kind != meta.ManyToMany {
		return nil
	}
	saved := make([]pivot.Saved, len(s.list))
	for i, rec := range s.list {
		saved[i] = pivot.Saved{Record: rec, Look: !s.New && !s.Duplicate && s.state[rec] != keyless}
		if len(s.Pivots) > 0 {
			saved[i].Attrs = s.Pivots[i]
		}
	}
	s.raced, err = pivot.Save(ctx, h, s.link, s.owner, saved)
	return err
}
