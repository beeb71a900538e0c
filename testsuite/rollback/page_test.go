// SPDX-License-Identifier: MIT

package rollback_test

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// page is a model whose hooks do what the context of a call says.
type page struct {
	model.BaseModel[page]

	ID        int64
	Title     string
	Slug      string
	Hits      int
	Size      int      `gorm:"default:3"`
	Words     []string `gorm:"serializer:json"`
	Version   int      `model:"version"`
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}

func (*page) Define(d *model.Definition[page]) {
	for _, m := range moments {
		d.On(m, func(ctx context.Context, p *page) error {
			if s, ok := ctx.Value(scriptKey{}).(*script); ok {
				return s.run(ctx, m, p)
			}
			return nil
		})
	}
}

var moments = []hooks.Moment{
	hooks.Creating, hooks.Created, hooks.Updating, hooks.Updated, hooks.Saving, hooks.Saved, hooks.Deleting, hooks.Deleted,
	hooks.Restoring, hooks.Restored, hooks.Found, hooks.RolledBack,
}

type scriptKey struct{}

// script is what hooks do, once, at one moment. It notes whether the moment came, and what RolledBack hooks saw.
type script struct {
	at      hooks.Moment
	do      func(ctx context.Context, p *page) error
	reached bool
	saw     map[*page]seen
}

func with(ctx context.Context, s *script) context.Context {
	return context.WithValue(ctx, scriptKey{}, s)
}

func (s *script) run(ctx context.Context, m hooks.Moment, p *page) error {
	if m == hooks.RolledBack {
		if s.saw == nil {
			s.saw = map[*page]seen{}
		}
		s.saw[p] = look(p)
		return nil
	}
	if m != s.at || s.reached {
		return nil
	}
	s.reached = true
	return s.do(ctx, p)
}

// seen is everything that a record says of itself.
type seen struct {
	Attributes, Dirty, Original model.Attrs
	New, Deleted, Trashed       bool
	Extras                      map[string]any
}

func look(p *page) seen {
	return seen{
		Attributes: p.Attributes(), Dirty: p.Dirty(), Original: p.Original(),
		New: p.IsNew(), Deleted: p.IsDeleted(), Trashed: p.Trashed(), Extras: maps.Clone(p.Extras()),
	}
}

var errUndo = errors.New("undo")

// requireRow requires that a record equals its row, or has none if it says so.
func requireRow(t testing.TB, e *harness.Env, p *page, name string) {
	t.Helper()
	if p.IsNew() || p.IsDeleted() {
		require.Empty(t, e.Rows(t, "SELECT id FROM pages WHERE id = ?", p.ID), name)
		return
	}
	fresh, err := p.Fresh(e.Ctx)
	require.NoError(t, err, name)
	require.Equal(t, fresh.Attributes(), p.Original(), "%s: what the record takes for its row", name)
}
