// SPDX-License-Identifier: MIT

package connection_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A name that is no plain identifier is refused, and nothing is sent.
func TestTheNameOfASchemaIsChecked(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		for _, name := range []string{"t 7", "t;7", `t"7`, "t.7", "t`7", "tä", "t-7", strings.Repeat("t", 64)} {
			ctx := model.WithSchema(e.Ctx, name)
			e.Sends(t, 0, func() {
				require.ErrorIs(t, model.Create(ctx, e.DB, &account{Email: "a"}), model.ErrUnsupported, name)
				_, err := model.Query[account](e.DB).All(ctx)
				require.ErrorIs(t, err, model.ErrUnsupported, name)
				require.ErrorIs(t, e.DB.Migrate(ctx, &account{}), model.ErrUnsupported, name)
				require.ErrorIs(t, e.DB.Transaction(ctx, func(context.Context, *model.DB) error { return nil }), model.ErrUnsupported, name)
			})
		}
		require.NoError(t, model.Create(model.WithSchema(model.WithSchema(e.Ctx, "t 7"), ""), e.DB, &account{Email: "a"}))
	})
}

// inSchemas makes two schemas with the tables of models, on a database that has schemas.
func inSchemas(t *testing.T, check func(t *testing.T, e *harness.Env, one, two context.Context), models ...any) {
	t.Helper()
	harness.EachOf(t, harness.On("Postgres"), func(t *testing.T, e *harness.Env) {
		var list []context.Context
		for _, suffix := range []string{"_1", "_2"} {
			name := harness.Text(e.Row(t, "SELECT current_schema() AS name")["name"]) + suffix
			e.Exec(t, "CREATE SCHEMA "+name)
			t.Cleanup(func() { e.Database.OpenDSN(t, e.DSN).Exec("DROP SCHEMA " + name + " CASCADE") })
			ctx := model.WithSchema(e.Ctx, name)
			require.NoError(t, e.DB.Migrate(ctx, models...))
			list = append(list, ctx)
		}
		check(t, e, list[0], list[1])
	})
}

// A record goes back to where it came from, and nowhere else.
func TestARecordRemembersItsSchema(t *testing.T) {
	inSchemas(t, func(t *testing.T, e *harness.Env, one, two context.Context) {
		a, b := &city{}, &city{}
		require.NoError(t, model.Create(one, e.DB, a))
		require.NoError(t, model.Create(two, e.DB, b))
		require.Equal(t, a.ID, b.ID)
		require.False(t, model.Is(a, b), "two rows with one key")
		require.NoError(t, a.Related("streets").Create(e.Ctx, &street{}), "without a schema in the context") //nolint:contextcheck // on purpose.
		n, err := model.Query[street](e.DB).Count(one)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		n, err = model.Query[street](e.DB).Count(two)
		require.NoError(t, err)
		require.Zero(t, n)
		e.Sends(t, 0, func() {
			require.ErrorIs(t, a.Delete(two), model.ErrUnsupported)
			require.ErrorIs(t, a.Load(two, "streets"), model.ErrUnsupported)
			_, err := a.Related("streets").Query().Count(two)
			require.ErrorIs(t, err, model.ErrUnsupported)
			require.ErrorIs(t, b.Related("streets").Save(two, a), model.ErrInvalidValue)
		})
		require.NoError(t, a.Delete(e.Ctx))                            //nolint:contextcheck // on purpose.
		require.NoError(t, b.Refresh(e.Ctx), "the other one is there") //nolint:contextcheck // on purpose.
	}, &city{}, &street{})
}

// A transaction is that of the database, with all of its schemas; hooks and savepoints stay where the call is.
func TestOneTransactionReachesAllSchemas(t *testing.T) {
	inSchemas(t, func(t *testing.T, e *harness.Env, one, two context.Context) {
		count := func(ctx context.Context) int64 {
			n, err := model.Query[city](e.DB).Count(ctx)
			require.NoError(t, err)
			return n
		}
		err := e.DB.Transaction(one, func(ctx context.Context, tx *model.DB) error {
			require.NoError(t, model.Create(ctx, tx, &city{}))
			require.NoError(t, model.Create(model.WithSchema(ctx, schemaNamed(e, "_2")), e.DB, &city{}))
			require.EqualValues(t, 1, count(ctx))
			return errReaction
		})
		require.ErrorIs(t, err, errReaction)
		require.Zero(t, count(one)+count(two), "all of it is undone")
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error { //nolint:contextcheck // on purpose.
			require.NoError(t, model.Create(model.WithSchema(ctx, schemaNamed(e, "_1")), tx, &city{}))
			return model.Create(model.WithSchema(ctx, schemaNamed(e, "_2")), tx, &city{})
		}))
		require.EqualValues(t, 1, count(one))
		require.EqualValues(t, 1, count(two))
	}, &city{}, &street{})
}

func schemaNamed(e *harness.Env, suffix string) string {
	return e.DSN[strings.LastIndexByte(e.DSN, '=')+1:] + suffix
}
