// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A Refresh whose Found hook fails leaves the record as it was, with its changes. What the hook has written outside of a transaction stays in
// the database, and so it does in the record, which equals its row; inside of one both are undone.
func TestAFailedRefresh(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		j := seedHooked(t, e, "a")
		h := hookedByName(t, e, "a")
		h.Kind = "mine"
		j.on["found"] = func(context.Context, *hooked) error { return errBack }
		before := harness.Snapshot(h)
		require.ErrorIs(t, h.Refresh(e.Ctx), errBack)
		require.Equal(t, before, harness.Snapshot(h))

		writes := map[string]func(ctx context.Context, h *hooked) error{
			"increment": func(ctx context.Context, h *hooked) error { return h.Increment(ctx, "visits", 1) },
			"save":      func(ctx context.Context, h *hooked) error { h.Visits += 10; return h.Save(ctx) },
			"delete":    func(ctx context.Context, h *hooked) error { return h.Delete(ctx) },
		}
		for name, write := range writes {
			j.on["found"] = func(ctx context.Context, h *hooked) error {
				require.NoError(t, write(ctx, h), name)
				return errBack
			}
			require.ErrorIs(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, _ *model.DB) error { return h.Refresh(ctx) }), errBack)
			require.Equal(t, "mine", h.Kind, "%s in a transaction", name)
			h.Kind = ""
			require.ErrorIs(t, h.Refresh(e.Ctx), errBack, name)
			j.on["found"] = nil
			row := hookedByName(t, e, "a")
			require.Equal(t, row.Attributes(), h.Attributes(), name)
			require.Equal(t, row.Attributes(), h.Original(), name)
			require.Equal(t, row.Trashed(), h.Trashed(), name)
			h.Kind = "mine"
		}
	})
}
