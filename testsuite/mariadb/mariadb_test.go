// SPDX-License-Identifier: MIT

// Package mariadb_test promises what is MariaDB's own.
package mariadb_test

import (
	"errors"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

type author struct {
	model.BaseModel[author]

	ID    int64
	Email string `gorm:"uniqueIndex;size:100"`
	Nick  string `gorm:"uniqueIndex;size:100"`
	Score int64
	Rank  int64   `gorm:"default:7"`
	Books []*book `relation:"hasMany"`
	Tags  []*tag  `relation:"manyToMany"`
}

type book struct {
	model.BaseModel[book]

	ID        int64
	AuthorID  int64
	Title     string
	Price     string `gorm:"type:decimal(10,2)"`
	DeletedAt gorm.DeletedAt
}

type tag struct {
	model.BaseModel[tag]

	ID   int64
	Name string `gorm:"size:50"`
}

func open(t *testing.T) *model.DB {
	t.Helper()
	db, err := model.New(dbtest.MySQL(t))
	require.NoError(t, err)
	for range 2 { // the second time there is nothing to do
		require.NoError(t, db.Migrate(t.Context(), &author{}, &book{}, &tag{}))
	}
	return db
}

func TestRecordsEqualTheirRows(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), open(t)
	ada := &author{Email: "ada@example.com", Nick: "ada"}
	require.NoError(t, model.Create(ctx, db, ada))
	require.EqualValues(t, 7, ada.Rank, "the database's default is read back")
	require.NoError(t, ada.Increment(ctx, "score", 3))
	require.EqualValues(t, 3, ada.Score)
	one := &book{AuthorID: ada.ID, Title: "Notes", Price: "1.5"}
	require.NoError(t, model.Create(ctx, db, one))
	require.Equal(t, "1.50", one.Price)
	one.Price = "2"
	require.NoError(t, one.Save(ctx))
	require.Equal(t, "2.00", one.Price)
	require.NoError(t, one.Save(ctx), "a record without changes is not stale")
}

func TestKeysOfManyRowsAreTheirOwn(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), open(t)
	list := make([]*tag, 2500)
	for i := range list {
		list[i] = &tag{Name: strconv.Itoa(i)}
	}
	require.NoError(t, model.Insert(ctx, db, list))
	ids := make([]any, len(list))
	for i, one := range list {
		ids[i] = one.ID
	}
	found, err := model.Query[tag](db).FindMany(ctx, ids)
	require.NoError(t, err)
	require.Len(t, found, len(list))
	for i, one := range found {
		require.Equal(t, list[i].Name, one.Name)
	}
}

func TestUpsertRefusesAConflictOnAnotherIndex(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), open(t)
	require.NoError(t, model.CreateMany(ctx, db, []*author{{Email: "a@x", Nick: "a"}, {Email: "b@x", Nick: "b"}}))
	again := &author{Email: "a@x", Nick: "a", Score: 5}
	require.NoError(t, model.Upsert(ctx, db, []*author{again}, []string{"email"}, "score"))
	require.EqualValues(t, 1, again.ID)
	wrong := &author{Email: "c@x", Nick: "b", Score: 9}
	require.ErrorIs(t, model.Upsert(ctx, db, []*author{wrong}, []string{"email"}, "score"), model.ErrDuplicate)
	b, err := model.Query[author](db).FindBy(ctx, "nick", "b")
	require.NoError(t, err)
	require.Zero(t, b.Score, "the other row is as before")
}

func TestRelationsAreReadAndWritten(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), open(t)
	ada := &author{Email: "ada@x", Nick: "ada"}
	require.NoError(t, model.Create(ctx, db, ada))
	require.NoError(t, relation.HasMany(ada, &ada.Books).CreateMany(ctx, []*book{{Title: "A", Price: "1"}, {Title: "B", Price: "2"}, {Title: "C", Price: "3"}}))
	require.NoError(t, model.CreateMany(ctx, db, []*tag{{Name: "x"}, {Name: "y"}}))
	done, err := ada.Related("tags").Sync(ctx, 1, 2)
	require.NoError(t, err)
	require.Len(t, done.Attached, 2)
	list, err := model.Query[author](db).WithCount("books").Has("tags").
		Preload("books", func(q *relation.Query) { q.OrderBy("title", relation.Desc).Limit(2) }).Preload("tags").All(ctx)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Len(t, list[0].Books, 2)
	require.Equal(t, "C", list[0].Books[0].Title)
	require.Len(t, list[0].Tags, 2)
	require.EqualValues(t, 3, list[0].Extras().Int64("books_count"))
	n, err := model.Query[book](db).OrderBy("id").Limit(1).Delete(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}

func TestProgramsMigrateTogether(t *testing.T) {
	t.Parallel()
	dsn := dbtest.MySQLDSN(t)
	failed := make(chan error)
	for range 4 {
		go func() {
			db, err := model.Open(dbtest.MySQLDialector(dsn))
			if err == nil {
				err = errors.Join(db.Migrate(t.Context(), &author{}, &book{}, &tag{}), db.Close())
			}
			failed <- err
		}()
	}
	for range 4 {
		require.NoError(t, <-failed)
	}
}

func TestAnUpsertNeedsAUniqueIndex(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), open(t)
	require.ErrorIs(t, model.Upsert(ctx, db, []*tag{{Name: "a"}}, []string{"name"}), model.ErrUnsupported)
	require.NoError(t, db.Gorm().Exec("CREATE UNIQUE INDEX names ON tags (name)").Error)
	first, second := &tag{Name: "a"}, &tag{Name: "A"}
	require.NoError(t, model.Upsert(ctx, db, []*tag{first}, []string{"name"}))
	require.NoError(t, model.Upsert(ctx, db, []*tag{second}, []string{"name"}), "the collation takes it for the same")
	require.Equal(t, first.ID, second.ID)
}

type partly struct {
	model.BaseModel[partly]

	ID   int64
	Name string `gorm:"size:50;uniqueIndex:,where:name <> ''"`
}

func TestAUniqueIndexOfSomeRowsIsRefused(t *testing.T) {
	t.Parallel()
	err := open(t).Migrate(t.Context(), &partly{})
	require.ErrorIs(t, err, model.ErrUnsupported)
	require.ErrorContains(t, err, "some rows")
}

func TestMigrateInATransactionIsRefused(t *testing.T) {
	t.Parallel()
	db, err := model.New(dbtest.MySQL(t))
	require.NoError(t, err)
	tx, err := db.Begin(t.Context())
	require.NoError(t, err)
	require.ErrorIs(t, tx.Migrate(t.Context(), &tag{}), model.ErrUnsupported)
	require.NoError(t, tx.Rollback())
}

func TestALockThatIsNotGivenEndsTheTransaction(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), open(t)
	require.NoError(t, model.Create(ctx, db, &tag{Name: "a"}))
	first, err := db.Begin(ctx)
	require.NoError(t, err)
	_, err = model.Query[tag](first).LockForUpdate().Find(ctx, 1)
	require.NoError(t, err)
	second, err := db.Begin(ctx)
	require.NoError(t, err)
	_, err = model.Query[tag](second).LockForUpdate().NoWait().Find(ctx, 1)
	require.ErrorIs(t, err, model.ErrConflict)
	require.ErrorIs(t, model.Create(ctx, second, &tag{Name: "b"}), model.ErrTxDone, "it would be outside of the transaction")
	require.ErrorIs(t, second.Commit(), model.ErrConflict)
	require.NoError(t, first.Rollback())
	n, err := model.Query[tag](db).Count(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}

// lease has types that MariaDB lacks, for which others stand in.
type lease struct {
	model.BaseModel[lease]

	ID    int64
	Addr  netip.Addr    `gorm:"type:inet;uniqueIndex"`
	Tags  []string      `gorm:"type:text[]"`
	Sizes []int64       `gorm:"type:bigint[]"`
	Span  time.Duration `gorm:"type:interval"`
}

func TestTypesOfPostgresHaveStandIns(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), open(t)
	require.NoError(t, db.Migrate(ctx, &lease{}))
	require.NoError(t, db.Migrate(ctx, &lease{}))
	l := &lease{Addr: netip.MustParseAddr("10.0.0.1"), Tags: []string{"a", `"`}, Sizes: []int64{1}, Span: time.Hour}
	require.NoError(t, model.Create(ctx, db, l))
	found, err := model.Query[lease](db).Where("addr", "10.0.0.1").Where("tags", l.Tags).Where("span", time.Hour).Sole(ctx)
	require.NoError(t, err)
	require.True(t, found.Equal(l))
	require.False(t, found.IsDirty())
}
