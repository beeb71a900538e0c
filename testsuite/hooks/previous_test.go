// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type price struct {
	model.BaseModel[price]

	ID     int64
	Amount int
	Words  []string `gorm:"serializer:json"`
	Hits   int
	seen   map[hooks.Moment]model.Attrs
}

func (*price) Define(d *model.Definition[price]) {
	for _, m := range []hooks.Moment{hooks.Updated, hooks.Saved, hooks.Committed} {
		d.On(m, func(_ context.Context, p *price) error {
			if p.seen == nil {
				p.seen = map[hooks.Moment]model.Attrs{}
			}
			p.seen[m] = p.Previous()
			return nil
		})
	}
}

// Previous has what the last write replaced, in hooks after it and after the call; a rollback takes it back.
func TestPreviousIsWhatTheLastWriteReplaced(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &price{})
		p := &price{Amount: 1, Words: []string{"a"}}
		require.NoError(t, model.Create(e.Ctx, e.DB, p))
		require.Empty(t, p.Previous())
		for _, save := range []func(ctx context.Context) error{p.Save, func(ctx context.Context) error { return model.SaveQuietly(ctx, e.DB, p) }} {
			before := p.Attributes()
			p.seen, p.Amount, p.Words = nil, p.Amount+1, append(p.Words, "b")
			require.NoError(t, save(e.Ctx))
			want := model.Attrs{"Amount": before["Amount"], "Words": before["Words"]}
			require.Equal(t, want, p.Previous())
			for m, seen := range p.seen {
				require.Equal(t, want, seen, string(m))
			}
		}
		require.NoError(t, p.Increment(e.Ctx, "hits", 3))
		require.Equal(t, model.Attrs{"Hits": 0}, p.Previous())
		_ = e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error {
			require.NoError(t, p.Increment(ctx, "hits", 1))
			require.Equal(t, model.Attrs{"Hits": 3}, p.Previous())
			return context.Canceled
		})
		require.Equal(t, model.Attrs{"Hits": 0}, p.Previous())
		require.NoError(t, p.Save(e.Ctx), "nothing has changed")
		require.Equal(t, model.Attrs{"Hits": 0}, p.Previous())
		part, err := model.Query[price](e.DB).Select("id", "hits").First(e.Ctx)
		require.NoError(t, err)
		part.Amount, part.Hits = 50, 60
		require.NoError(t, part.Save(e.Ctx))
		require.Equal(t, model.Attrs{"Hits": 3}, part.Previous(), "without what was not loaded")
	})
}
