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

// halt and ride are joined by a text, which the collation compares, and no index makes it unique.
type (
	halt struct {
		model.BaseModel[halt]

		ID    int64
		Code  string
		Rides []*ride `relation:"hasMany;foreignKey:HaltCode;localKey:Code"`
	}
	ride struct {
		model.BaseModel[ride]

		ID       int64
		HaltCode string
	}
)

// What is asked about columns, to match keys and before an upsert, is asked of the tables in the schema.
func TestColumnsAreLookedUpInTheSchema(t *testing.T) {
	db, err := model.New(dbtest.MySQL(t)) // has no tables
	require.NoError(t, err)
	other := dbtest.MySQL(t)
	ctx := model.WithSchema(t.Context(), other.Migrator().CurrentDatabase())
	require.NoError(t, db.Migrate(ctx, &halt{}, &ride{}))
	require.NoError(t, model.CreateMany(ctx, db, []*halt{{Code: "ada"}, {Code: "Bob"}}))
	require.NoError(t, model.CreateMany(ctx, db, []*ride{{HaltCode: "ADA"}, {HaltCode: "bob"}, {HaltCode: "bob"}}))
	halts, err := model.Query[halt](db).OrderBy("id").Preload("rides").All(ctx)
	require.NoError(t, err)
	require.Len(t, halts[0].Rides, 1)
	require.Len(t, halts[1].Rides, 2)

	again := []*halt{{Code: "ada"}}
	require.ErrorIs(t, model.Upsert(ctx, db, again, []string{"code"}), model.ErrUnsupported)
	require.NoError(t, other.Exec("CREATE UNIQUE INDEX codes ON halts (code)").Error)
	require.NoError(t, model.Upsert(ctx, db, again, []string{"code"}))
	require.Equal(t, halts[0].ID, again[0].ID)
}
