// SPDX-License-Identifier: MIT

package mariadb_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// WithSchema names a database: tables, pivots, joins, upserts and limits per parent go there.
func TestASchemaIsADatabase(t *testing.T) {
	g := dbtest.MySQL(t) // has no tables
	db, err := model.New(g)
	require.NoError(t, err)
	other := dbtest.MySQL(t).Migrator().CurrentDatabase()
	ctx := model.WithSchema(t.Context(), other)
	for range 2 {
		require.NoError(t, db.Migrate(ctx, &author{}, &book{}, &tag{}))
	}
	a := &author{Email: "a", Nick: "a"}
	require.NoError(t, model.Create(ctx, db, a))
	require.NoError(t, a.Related("books").CreateMany(ctx, []*book{{Title: "x", Price: "1.00"}, {Title: "y", Price: "2.00"}}))
	tags := []*tag{{Name: "go"}, {Name: "sql"}}
	require.NoError(t, model.CreateMany(ctx, db, tags))
	require.NoError(t, relation.ManyToMany(a, &a.Tags).Attach(ctx, tags[0]))
	changes, err := relation.ManyToMany(a, &a.Tags).Sync(ctx, tags[1])
	require.NoError(t, err)
	require.Len(t, changes.Attached, 1)
	require.NoError(t, a.Increment(ctx, "score", 2))
	require.NoError(t, model.Upsert(ctx, db, []*author{{Email: "a", Nick: "b"}}, []string{"email"}, "nick"))
	list, err := model.Query[author](db).Preload("books", func(q *relation.Query) { q.Latest("id").GroupLimit(1) }).Preload("tags").
		Has("books").WithCount("tags").Join("books", "books.author_id", "=", "authors.id").All(ctx)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, "y", list[0].Books[0].Title)
	require.EqualValues(t, 1, list[0].Extras().Int64("tags_count"))
	n, err := model.Query[book](db).Where("title", "x").Delete(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	require.NoError(t, model.Truncate[tag](ctx, db))
	require.Empty(t, ownTables(t, db))
}

// ownTables are the tables of the connection's own database.
func ownTables(t *testing.T, db *model.DB) []string {
	t.Helper()
	tables, err := db.Gorm().Migrator().GetTables()
	require.NoError(t, err)
	return tables
}
