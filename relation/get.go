// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"slices"

	"github.com/kindred-orm/kindred/internal/door"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Get returns a loaded relation, given by the address of its field: Get(ctx, user, &user.Posts). A plain
// field cannot tell a relation that is not loaded from one without records; Get can: it is an
// ErrNotLoaded, unless the database was opened with another Unloaded. If the record comes from a
// query with AutoLoad, the relation is loaded instead, for all records of the result that lack it: one
// statement.
func Get[F any](ctx context.Context, owner Record, field *F) (F, error) {
	var none F
	if loaded, err := get(ctx, owner, field); err != nil || !loaded {
		return none, err
	}
	return *field, nil
}

func get(ctx context.Context, owner Record, field any) (loaded bool, err error) {
	s, err := door.Open(owner)
	if err != nil {
		return false, err
	}
	at := memory.OfAny(field)
	i := slices.IndexFunc(s.Model.Relations, func(r *meta.Relation) bool { return memory.Add(s.Owner, r.Offset) == at })
	if i < 0 {
		return false, errs.In(s.Model.Name, "get",
			errs.New(errs.ErrUnknownRelation, "the field is no relation of this record; pass the address of a relation field of it"))
	}
	r := s.Model.Relations[i]
	if s.Loaded(r) {
		return true, nil
	}
	if siblings := s.Siblings(); siblings != nil {
		return true, r.Error("get", loadForSiblings(ctx, r, s, siblings))
	}
	return false, r.Error("get", unloaded(ctx, r, s))
}

// loadForSiblings loads a relation for all records that were loaded together and lack it.
func loadForSiblings(ctx context.Context, r *meta.Relation, s *record.State, siblings []memory.Ptr) error {
	ctx, h, m, err := serve(ctx, []*record.State{s})
	if err != nil {
		return err
	}
	l, err := m.LinkOf(r.Name)
	if err != nil {
		return err
	}
	return loadAll(ctx, h, siblings, &query.Spec{AutoLoad: true, Preloads: []query.Preload{{Link: l, Missing: true}}})
}

// unloaded is what reading a relation that is not loaded comes to on the record's database.
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
