// SPDX-License-Identifier: MIT

package errors_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/model"
)

func TestAnSQLiteFileOpensForReading(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	db, err := model.Open(dbtest.SQLiteDialector(path))
	require.NoError(t, err)
	require.NoError(t, db.Migrate(t.Context(), &tally{}, &mark{}))
	require.NoError(t, model.Create(t.Context(), db, &tally{N: 1}))
	require.NoError(t, db.Close())
	for _, mode := range []string{"mode=ro", "immutable=1", "_query_only=1"} {
		db, err := model.Open(dbtest.SQLiteDialector("file:" + path + "?" + mode))
		require.NoError(t, err, mode)
		n, err := model.Query[tally](db).Count(t.Context())
		require.NoError(t, err, mode)
		require.EqualValues(t, 1, n, mode)
		require.NoError(t, db.Transaction(t.Context(), func(ctx context.Context, tx *model.DB) error {
			_, err := model.Query[tally](tx).All(ctx)
			return err
		}), mode)
		require.NoError(t, db.Migrate(t.Context(), &tally{}, &mark{}), mode)
		require.Error(t, model.Create(t.Context(), db, &tally{}), mode)
		require.NoError(t, db.Close())
	}
}
