// SPDX-License-Identifier: MIT

package wire_test

import (
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Own are fields that Kindred reads and gorm does not.
type Own struct {
	Addr   netip.Addr               `gorm:"type:inet"`
	Net    netip.Prefix             `gorm:"type:cidr"`
	One    netip.Prefix             `gorm:"type:inet"`
	None   *netip.Addr              `gorm:"type:inet"`
	Texts  []string                 `gorm:"type:text[]"`
	Empty  []string                 `gorm:"type:text[]"`
	Nil    []string                 `gorm:"type:text[]"`
	Bigs   []int64                  `gorm:"type:bigint[]"`
	Floats []float64                `gorm:"type:double precision[]"`
	Flags  []bool                   `gorm:"type:boolean[]"`
	Times  []time.Time              `gorm:"type:timestamptz[]"`
	Blobs  [][]byte                 `gorm:"type:bytea[]"`
	Flat   pgtype.FlatArray[string] `gorm:"type:varchar(10)[]"`
	Holes  []pgtype.Int4            `gorm:"type:integer[]"`
	Span   time.Duration            `gorm:"type:interval"`
	Range  string                   `gorm:"type:int4range"`
}

// own is what they hold.
func own() Own {
	return Own{
		Addr: netip.MustParseAddr("fe80::1"), Net: netip.MustParsePrefix("10.0.0.0/8"), One: netip.MustParsePrefix("10.0.0.1/32"),
		Texts: []string{"", `a"b\\c`, "d,e", "NULL", "{}"}, Empty: []string{}, Bigs: []int64{-1 << 63, 1<<63 - 1}, Floats: []float64{0.1, -1e300},
		Flags: []bool{true, false}, Times: []time.Time{time.Date(2024, 3, 10, 10, 0, 0, 123456000, time.UTC)}, Blobs: [][]byte{{0, 92, 255}, {}},
		Flat: pgtype.FlatArray[string]{"f"}, Holes: []pgtype.Int4{{Int32: 1, Valid: true}, {}}, Span: -90*time.Second - time.Microsecond, Range: "[1,5)",
	}
}

type (
	// Pool has blocks, directly and through rows that have the same fields.
	Pool struct {
		model.BaseModel[Pool]
		ID     int64
		Blocks []*Block `relation:"hasMany"`
		Items  []*Item  `relation:"manyToMany;pivotTable:grants"`
	}
	// Block has them.
	Block struct {
		model.BaseModel[Block]
		ID     int64
		PoolID int64
		Own
	}
	// Grant has them, between a pool and an item.
	Grant struct {
		model.BaseModel[Grant]
		ID     int64
		PoolID int64
		ItemID int64
		Own
	}
)

// Define names the pivot model.
func (p *Pool) Define(d *model.Definition[Pool]) { d.Relation(&p.Items).Using(&Grant{}) }

// Fields that Kindred reads by itself arrive in every mode, on every way, as they were written by every write.
func TestOwnFormsOfEveryMode(t *testing.T) {
	eachMode(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Pool{}, &Item{}, &Block{}, &Grant{})
		pool, item := &Pool{}, &Item{}
		require.NoError(t, model.Create(e.Ctx, e.DB, pool))
		require.NoError(t, model.Create(e.Ctx, e.DB, item))
		require.NoError(t, model.Create(e.Ctx, e.DB, &Block{PoolID: 1, Own: own()}))
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Block{{PoolID: 1, Own: own()}, {PoolID: 1, Own: own()}}))
		require.NoError(t, model.Create(e.Ctx, e.DB, &Grant{PoolID: 1, ItemID: 1, Own: own()}))
		read, err := model.Query[Pool](e.DB).Preload("blocks").Preload("items").First(e.Ctx)
		require.NoError(t, err)
		require.Len(t, read.Blocks, 3)
		for _, b := range read.Blocks {
			require.Equal(t, own(), b.Own)
			require.False(t, b.IsDirty(), "%v", b.Dirty())
		}
		grant, ok := relation.PivotOf[Grant](read.Items[0])
		require.True(t, ok)
		require.Equal(t, own(), grant.Own)
		found, err := model.Query[Block](e.DB).Find(e.Ctx, 1)
		require.NoError(t, err)
		found.Texts = append(found.Texts, "more")
		require.NoError(t, found.Save(e.Ctx))
		v := reflect.ValueOf(found.Own)
		for i := range v.NumField() {
			column := schema.NamingStrategy{}.ColumnName("", v.Type().Field(i).Name)
			list := reflect.New(reflect.SliceOf(v.Field(i).Type()))
			require.NoError(t, model.Query[Block](e.DB).Where("id", 1).Pluck(e.Ctx, column, list.Interface()), column)
			require.Equal(t, v.Field(i).Interface(), list.Elem().Index(0).Interface(), column)
			if v.Field(i).IsZero() {
				continue
			}
			n, err := model.Query[Block](e.DB).Where(column, v.Field(i).Interface()).Count(e.Ctx)
			require.NoError(t, err, column)
			require.NotZero(t, n, column)
			n, err = model.Query[Block](e.DB).WhereIn(column, []any{v.Field(i).Interface()}).Count(e.Ctx)
			require.NoError(t, err, column)
			require.NotZero(t, n, column)
		}
		t.Logf("%d values compared", 8*v.NumField())
	})
}
