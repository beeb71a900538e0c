// SPDX-License-Identifier: MIT

package rollback_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type name struct {
	model.BaseModel[name]

	ID   int64
	Text string `gorm:"unique"`
}

type entry struct {
	model.BaseModel[entry]

	ID   int64
	Text string
}

// envKey is the key of the Env in the context of a call whose hook is to be overtaken.
type envKey struct{}

// Define writes an entry before a name is inserted, which another connection inserts meanwhile.
func (*name) Define(d *model.Definition[name]) {
	d.On(hooks.Creating, func(ctx context.Context, n *name) error {
		e, ok := ctx.Value(envKey{}).(*harness.Env)
		if !ok {
			return nil
		}
		if err := e.Gorm.WithContext(ctx).Exec("INSERT INTO names (text) VALUES (?)", n.Text).Error; err != nil {
			return err
		}
		return model.Create(ctx, e.DB, &entry{Text: "about " + n.Text})
	})
}

// TestHooksOfARefusedInsertAreUndone: what a Creating hook has written goes with the row that a unique index refuses, though the call
// goes on.
func TestHooksOfARefusedInsertAreUndone(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &name{}, &entry{})
		ctx := context.WithValue(e.Ctx, envKey{}, e)
		for text, call := range map[string]func(ctx context.Context, db *model.DB, search, values model.Attrs) (*name, error){
			"a": model.FirstOrCreate[name], "b": model.UpdateOrCreate[name],
		} {
			n, err := call(ctx, e.DB, model.Attrs{"text": text}, nil)
			require.NoError(t, err)
			require.Equal(t, text, n.Text)
			require.Zero(t, e.Count(t, "entries"))
		}
		require.EqualValues(t, 2, e.Count(t, "names"))
	}, harness.ConcurrentWriters)
}
