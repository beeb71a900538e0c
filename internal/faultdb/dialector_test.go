// SPDX-License-Identifier: MIT

package faultdb_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/internal/faultdb"
)

// Connections are made as gorm makes them: a time zone applies to columns that have none.
func TestPostgres_TimeZone(t *testing.T) {
	t.Parallel()
	dsn := withParam(dbtest.PostgresDSN(t), "TimeZone=Asia/Tokyo")
	read := func(dialector gorm.Dialector) (at []time.Time) {
		db, err := gorm.Open(dialector)
		require.NoError(t, err)
		err = db.Raw("SELECT timestamp '2024-02-29 10:00'").Scan(&at).Error
		require.NoError(t, err)
		pool, err := db.DB()
		require.NoError(t, err)
		require.NoError(t, pool.Close())
		return at
	}
	wrapped, _ := faultdb.Postgres(t, dsn)
	want := read(postgres.Open(dsn))
	got := read(wrapped)
	require.Equal(t, want[0].String(), got[0].String())
	require.Contains(t, got[0].String(), "10:00:00 +0900")
}

type item struct {
	ID   int
	Name string
}

// gorm works on the wrapped connections, and a fault in a save leaves nothing behind.
func TestDialectors(t *testing.T) {
	onLanes(t, func(l lane) {
		t := l.t
		open := faultdb.SQLite
		if l.postgres {
			open = faultdb.Postgres
		}
		dialector, control := open(t, l.dsn(t))
		db, err := gorm.Open(dialector, &gorm.Config{Logger: logger.Discard})
		require.NoError(t, err)
		require.NoError(t, db.AutoMigrate(&item{}))

		control.Reset()
		require.NoError(t, db.Create(&item{Name: "a"}).Error)
		require.Equal(t, "Begin Query Commit", kinds(control.Events()))
		points := control.Points()
		for n := 1; n <= points; n++ {
			control.Reset()
			control.FailAt(n, faultdb.Before)
			requireFault(t, db.Create(&item{Name: "b"}).Error, n, faultdb.Before, control.Events()[n-1].SQL)
		}
		control.Reset()
		var items []item
		require.NoError(t, db.Find(&items).Error)
		require.Equal(t, []item{{ID: 1, Name: "a"}}, items)
		require.Equal(t, 1, control.Count())
		require.Zero(t, control.OpenRows())
		require.Zero(t, control.OpenTx())
	})
}
