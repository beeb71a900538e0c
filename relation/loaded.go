// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"reflect"
	"slices"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/preload"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Get returns a loaded relation, given by the address of its field: Get(ctx, user, &user.Posts). A plain field cannot tell a
// relation that is not loaded from one without records; Get returns an ErrNotLoaded then, unless the database was opened with
// another Unloaded. If the record comes from a query with AutoLoad, the relation is loaded instead, for all records of the result
// that lack it: one statement.
func Get[F any](ctx context.Context, owner Record, field *F) (F, error) {
	var none F
	if loaded, err := get(ctx, owner, field); err != nil || !loaded {
		return none, err
	}
	return *field, nil
}

func get(ctx context.Context, owner Record, field any) (loaded bool, err error) {
	s, err := record.From(owner)
	if err != nil {
		return false, err
	}
	r, err := related.FieldOf(s, field)
	if err != nil {
		return false, errs.In(s.Model.Name, "get", err)
	}
	switch {
	case s.Loaded(r):
		return true, nil
	case s.Siblings() != nil:
		return true, r.Error("get", preload.Siblings(ctx, s, r))
	default:
		return false, r.Error("get", unloaded(ctx, r, s))
	}
}

// unloaded is what reading a relation that is not loaded does on the record's database.
func unloaded(ctx context.Context, r *meta.Relation, s *record.State) error {
	mode := tx.UnloadedError
	if s.Handle != nil {
		mode = s.Handle.Database().Unloaded
	}
	switch mode {
	case tx.UnloadedIgnore:
		return nil
	case tx.UnloadedWarn:
		s.Handle.Gorm().Logger.Warn(ctx, "kindred: "+r.Owner.Name+"."+r.Name+" is not loaded") // arguments are kept out of logs
		return nil
	default:
		return errs.New(errs.ErrNotLoaded, "%s.%s; Preload it with the query, or Load it", r.Owner.Name, r.Name)
	}
}

// setLoaded sets the field of a relation: nil, a record, or a slice of records.
func setLoaded(l *meta.Link, s *record.State, value any) error {
	v := reflect.ValueOf(value)
	none := !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
	if l.Many() {
		list := []memory.Ptr{}
		if !none {
			records, err := related.Records(l, value)
			if err != nil {
				return err
			}
			list = record.Owners(records)
		}
		record.SetMany(l.Relation, s.Owner, list)
		return nil
	}
	if none {
		record.SetOne(l.Relation, s.Owner, nil)
		return nil
	}
	one, err := related.Record(l, value)
	if err != nil {
		return err
	}
	record.SetOne(l.Relation, s.Owner, one.Owner)
	return nil
}

// pushLoaded adds records, and slices of records, to the field of a relation.
func pushLoaded(l *meta.Link, s *record.State, values []any) error {
	var added []*record.State
	for _, v := range values {
		if reflect.ValueOf(v).Kind() == reflect.Slice {
			more, err := related.Records(l, v)
			if err != nil {
				return err
			}
			added = append(added, more...)
			continue
		}
		one, err := related.Record(l, v)
		if err != nil {
			return err
		}
		added = append(added, one)
	}
	switch {
	case len(added) == 0:
		return nil
	case l.Many():
		record.SetMany(l.Relation, s.Owner, slices.Concat(record.Related(l.Relation, s.Owner), record.Owners(added)))
		return nil
	case len(added) > 1:
		return errs.New(errs.ErrInvalidValue, "%d records for a relation to one", len(added))
	}
	record.SetOne(l.Relation, s.Owner, added[0].Owner)
	return nil
}
