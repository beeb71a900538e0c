// SPDX-License-Identifier: MIT

package meta

import (
	"context"

	"github.com/kindred-orm/kindred/internal/memory"
)

// Moment is a point in the life of a record at which hooks run.
type Moment uint8

// The moments in the order of their names' publication.
const (
	Creating Moment = iota
	Created
	Updating
	Updated
	Saving
	Saved
	Deleting
	Deleted
	Restoring
	Restored
	Finding
	Found
	Fetching
	Fetched
	Paginating
	Paginated
	Committed
	RolledBack
	Moments // their number
)

var momentNames = [Moments]string{ //nolint:gochecknoglobals // a constant table.
	"creating", "created", "updating", "updated", "saving", "saved", "deleting", "deleted", "restoring", "restored",
	"finding", "found", "fetching", "fetched", "paginating", "paginated", "committed", "rolledBack",
}

// String returns the moment's public name.
func (m Moment) String() string { return momentNames[m] }

// Method returns the name of the method that a model may have for the moment.
func (m Moment) Method() string { return string(momentNames[m][0]-'a'+'A') + momentNames[m][1:] }

// MomentOf returns the moment of a name.
func MomentOf(name string) (Moment, bool) {
	for i, known := range momentNames {
		if known == name {
			return Moment(i), true
		}
	}
	return 0, false
}

// OfQuery reports whether hooks of the moment get the query.
func (m Moment) OfQuery() bool { return m == Finding || m == Fetching || m == Paginating }

// OfMany reports whether hooks of the moment get all records of a result.
func (m Moment) OfMany() bool { return m == Fetched || m == Paginated }

// Hooks are the functions that run at each moment, in the order in which they were declared.
type Hooks struct {
	Record [Moments][]func(ctx context.Context, record memory.Ptr) error
	Many   [Moments][]func(ctx context.Context, records []memory.Ptr) error
	Query  [Moments][]func(ctx context.Context, q Query) error
	writes bool // one of the moments of a write has a hook
}

// Writes reports whether a write runs hooks.
func (h *Hooks) Writes() bool { return h.writes }

// Ends reports whether a commit or a rollback runs hooks.
func (h *Hooks) Ends() bool {
	return len(h.Record[Committed]) > 0 || len(h.Record[RolledBack]) > 0
}

func (h *Hooks) seal() {
	for _, m := range []Moment{
		Creating, Created, Updating, Updated, Saving, Saved, Deleting, Deleted, Restoring, Restored, Committed, RolledBack,
	} {
		h.writes = h.writes || len(h.Record[m]) > 0
	}
}

// Run runs the hooks of a moment on a record.
func (h *Hooks) Run(ctx context.Context, m Moment, record memory.Ptr) error {
	for _, hook := range h.Record[m] {
		if err := hook(ctx, record); err != nil {
			return err
		}
	}
	return nil
}

// RunMany runs the hooks of moments that get all records of a result, unless ctx is quiet.
func (h *Hooks) RunMany(ctx context.Context, records []memory.Ptr, moments ...Moment) error {
	if IsQuiet(ctx) {
		return nil
	}
	for _, m := range moments {
		for _, hook := range h.Many[m] {
			if err := hook(ctx, records); err != nil {
				return err
			}
		}
	}
	return nil
}

// RunFound runs the hooks after a record was read, unless ctx is quiet.
func (h *Hooks) RunFound(ctx context.Context, record memory.Ptr) error {
	if IsQuiet(ctx) {
		return nil
	}
	return h.Run(ctx, Found, record)
}

type quietKey struct{}

// Quiet returns a context in which no hooks run.
func Quiet(ctx context.Context) context.Context { return context.WithValue(ctx, quietKey{}, true) }

// IsQuiet reports whether no hooks run in ctx.
func IsQuiet(ctx context.Context) bool { return ctx.Value(quietKey{}) != nil }
