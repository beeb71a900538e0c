// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/persist"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// saving is a call that saves related records.
type saving struct {
	c      *Client
	l      *meta.Link
	op     string
	list   []*record.State
	pivots []Attrs // none, or one per record
	create bool    // records must be new
	again  bool    // pivot rows are inserted even if the pair exists
	state  map[*record.State]rowState
	raced  bool // somebody else has inserted a pivot row after it was looked for
}

// rowState is what is known of a record before it is saved.
type rowState uint8

const (
	stored  rowState = iota + 1 // it has a row
	fresh                       // it has none, but a key that rows may point to
	keyless                     // the database will make its key
)

// links returns the pivot rows of the records, whose keys may not be known yet.
func (s *saving) links() []link {
	list := make([]link, len(s.list))
	for i, attrs := range s.pivots {
		list[i].attrs = attrs
	}
	return list
}

// Create inserts a related record, after the record itself if that is new, whose other pending changes
// stay pending. A hasOne or hasMany record gets the key; for manyToMany a pivot row with the attributes
// is inserted. All is one transaction, with hooks as in Save. If anything fails, both records are as
// before.
func (c *Client) Create(ctx context.Context, rec any, pivot ...Attrs) error {
	return c.saveOne(ctx, &saving{op: "create", create: true, pivots: pivot}, rec)
}

// Save is Create that updates a record which has a row. A manyToMany pair that exists is not inserted again:
// its pivot row is updated if the attributes differ. The record carries the pivot values in Extras then.
func (c *Client) Save(ctx context.Context, rec any, pivot ...Attrs) error {
	return c.saveOne(ctx, &saving{op: "save", pivots: pivot}, rec)
}

// SaveDuplicate is Save that always inserts a pivot row, for manyToMany.
func (c *Client) SaveDuplicate(ctx context.Context, rec any, pivot ...Attrs) error {
	return c.saveOne(ctx, &saving{op: "save duplicate", pivots: pivot, again: true}, rec)
}

// CreateMany is Create for a slice of records: one INSERT per chunk and set of columns, hooks as in
// model.CreateMany, and for manyToMany one INSERT of all pivot rows. pivot is left out, or has the attributes of
// every record.
func (c *Client) CreateMany(ctx context.Context, records any, pivot ...Attrs) error {
	return c.saveList(ctx, &saving{op: "create many", create: true, pivots: pivot}, records)
}

// SaveMany is Save for a slice of records: one INSERT for the new ones, an UPDATE for every other one that changes.
func (c *Client) SaveMany(ctx context.Context, records any, pivot ...Attrs) error {
	return c.saveList(ctx, &saving{op: "save many", pivots: pivot}, records)
}

func (c *Client) saveOne(ctx context.Context, s *saving, given any) error {
	return c.save(ctx, s, func(l *meta.Link) error {
		one, err := open(l, given)
		s.list = []*record.State{one}
		return err
	})
}

func (c *Client) saveList(ctx context.Context, s *saving, given any) error {
	return c.save(ctx, s, func(l *meta.Link) (err error) {
		s.list, err = openAll(l, given)
		return err
	})
}

func (c *Client) save(ctx context.Context, s *saving, open func(l *meta.Link) error) error {
	ctx, h, l, err := c.begin(ctx)
	if err != nil {
		return c.failed(s.op, err)
	}
	if s.c, s.l = c, l; l.Kind != meta.HasOne && l.Kind != meta.HasMany && l.Kind != meta.ManyToMany {
		return c.failed(s.op, errKind(l, s.op, "hasOne, hasMany and manyToMany"))
	}
	if err := open(l); err != nil {
		return c.failed(s.op, err)
	}
	if err := s.check(h); err != nil {
		return c.failed(s.op, err)
	}
	if len(s.list) == 0 {
		return nil
	}
	err = s.run(ctx, h)
	if s.raced && !h.InTransaction() { // now it is there
		err = s.run(ctx, h)
	}
	return c.failed(s.op, err)
}

// check finds mistakes before anything is sent.
func (s *saving) check(h *tx.Handle) error {
	if len(s.pivots) > 0 && s.l.Kind != meta.ManyToMany {
		return errKind(s.l, "pivot attributes", "manyToMany")
	}
	if s.again && s.l.Kind != meta.ManyToMany {
		return errKind(s.l, "SaveDuplicate", "manyToMany")
	}
	if len(s.pivots) > 0 && len(s.pivots) != len(s.list) {
		return errs.New(errs.ErrInvalidValue, "%d sets of pivot attributes for %d records; give one per record, or none",
			len(s.pivots), len(s.list))
	}
	if s.c.owner.Deleted() {
		return errs.New(errs.ErrDeleted, "the row of this %s was deleted", s.l.Owner.Name)
	}
	s.state = make(map[*record.State]rowState, len(s.list))
	rows := map[string]bool{}
	for _, rec := range s.list {
		if err := persist.Writable(rec); err != nil {
			return err
		}
		state := s.stateOf(rec)
		if s.create && state == stored {
			return errs.New(errs.ErrUnsupported, "the %s has a row already; Save updates it", rec.Model.Name)
		}
		_, twice := s.state[rec]
		if state == stored {
			row, err := rowKey(s.l.Model, rec)
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
		rec.Model = s.l.Model
	}
	if len(s.pivots) > 0 {
		if err := checkLinks(s.l, h, s.links()); err != nil {
			return err
		}
	}
	if s.c.owner.Persisted() {
		_, err := s.c.key(s.l)
		return err
	}
	return nil
}

// rowKey tells the rows of records apart.
func rowKey(m *meta.Model, rec *record.State) (string, error) {
	var text strings.Builder
	for _, key := range m.Keys {
		v, err := keyOf(rec, key)
		if err != nil {
			return "", err
		}
		text.WriteString(persist.KeyText(v))
	}
	return text.String(), nil
}

func (s *saving) stateOf(rec *record.State) rowState {
	key := s.l.Foreign
	switch {
	case rec.Persisted() && !rec.Deleted():
		return stored
	case key.AutoKey && key.Zero(key.At(rec.Owner)):
		return keyless
	default:
		return fresh
	}
}

func (s *saving) run(ctx context.Context, h *tx.Handle) error {
	single := len(s.list) == 1 && s.c.owner.Persisted() && s.l.Kind != meta.ManyToMany
	return restoring(h, s.list, func() error {
		if single {
			return s.related(ctx, h)
		}
		return h.Atomic(ctx, func(ctx context.Context, inner *tx.Handle) error {
			if err := saveOwner(ctx, inner, s.c.owner, s.l.Owner); err != nil {
				return err
			}
			if err := s.related(ctx, inner); err != nil {
				return err
			}
			if s.l.Kind == meta.ManyToMany {
				return s.pivotRows(ctx, inner)
			}
			return nil
		})
	})
}

// saveOwner inserts the record that a relation starts from, if it is new.
func saveOwner(ctx context.Context, h *tx.Handle, owner *record.State, m *meta.Model) error {
	if owner.Persisted() {
		return nil
	}
	owner.Model = m
	return persist.Save(ctx, h, owner, false)
}

// restoring puts records back if fn fails, or if the transaction of h is rolled back later: also what
// was done to them before they were saved.
func restoring(h *tx.Handle, list []*record.State, fn func() error) error {
	backups := make([]*record.Backup, len(list))
	for i, s := range list {
		backups[i] = s.Backup()
	}
	done := false
	defer func() {
		if !done {
			for _, b := range backups {
				b.Restore()
			}
		}
	}()
	err := fn()
	done = err == nil || isAfterCommit(err)
	if done && h.InTransaction() {
		for _, b := range backups {
			b.Enlist(h.Frame())
		}
	}
	return err
}

// related writes the related records.
func (s *saving) related(ctx context.Context, h *tx.Handle) error {
	var inserted []*record.State
	for _, rec := range s.list {
		if s.l.Kind != meta.ManyToMany {
			if err := copyKey(s.l.Foreign, rec.Owner, s.l.Local, s.c.owner.Owner); err != nil {
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
		return persist.Save(ctx, h, s.list[0], false)
	}
	if err := persist.InsertMany(ctx, h, inserted, false); err != nil {
		return err
	}
	for _, rec := range s.list {
		if s.state[rec] != stored {
			continue
		}
		if err := persist.Save(ctx, h, rec, false); err != nil {
			return err
		}
	}
	return nil
}
