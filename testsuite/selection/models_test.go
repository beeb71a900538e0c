// SPDX-License-Identifier: MIT

package selection_test

import (
	"database/sql/driver"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// flags are what a record says of itself.
type flags struct{ New, Persisted, Local, Deleted, Trashed bool }

type flagged interface {
	IsNew() bool
	IsPersisted() bool
	Related(name string) *relation.Client
	IsDeleted() bool
	Trashed() bool
}

// money stores itself as a decimal.
type money struct{ cents int64 }

// Value is the decimal form.
func (m money) Value() (driver.Value, error) {
	return fmt.Sprintf("%d.%02d", m.cents/100, m.cents%100), nil
}

// Scan reads what either database makes of it.
func (m *money) Scan(src any) error {
	text := ""
	switch v := src.(type) {
	case nil:
		m.cents = 0
		return nil
	case []byte:
		text = string(v)
	default:
		text = fmt.Sprint(v)
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return fmt.Errorf("%q is no money", text)
	}
	m.cents = r.Mul(r, big.NewRat(100, 1)).Num().Int64()
	return nil
}

// scopedPage has two global scopes and some named ones.
type scopedPage struct {
	model.BaseModel[scopedPage]

	ID        int64
	Title     string
	State     string
	Views     int
	OwnerID   *int64
	UpdatedAt time.Time
}

// Define is read by Register.
func (*scopedPage) Define(d *model.Definition[scopedPage]) {
	d.GlobalScope("live", func(q *relation.Query) { q.Where("state", "live") })
	d.GlobalScope("owned", func(q *relation.Query) { q.WhereNotNull("owner_id").OrWhere("views", ">", 1000) })
	d.Scope("seen", func(q *relation.Query, args ...any) {
		least := any(100)
		if len(args) > 0 {
			least = args[0]
		}
		q.Where("views", ">=", least)
	})
	d.Scope("either", func(q *relation.Query, args ...any) { q.Where("title", args[0]).OrWhere("title", args[1]) })
	d.Scope("byViews", func(q *relation.Query, _ ...any) { q.OrderBy("views", relation.Desc).Limit(2) })
	d.Scope("nothing", func(*relation.Query, ...any) {})
	d.Scope("mistaken", func(q *relation.Query, _ ...any) { q.Where("titel", "x") })
	d.Scope("drafts", func(q *relation.Query, _ ...any) { q.WithoutScope("live").Where("state", "draft") })
	d.Scope("seenEither", func(q *relation.Query, args ...any) { q.Scope("seen").OrWhere("title", args[0]) })
}

// seedPages makes seven pages with the keys 1 to 7; the global scopes keep 1, 2, 3 and 6.
func seedPages(t testing.TB, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &scopedPage{}, &account{})
	owner := new(int64(1))
	require.NoError(t, model.Insert(e.Ctx, e.DB, []*scopedPage{
		{Title: "a", State: "live", Views: 50, OwnerID: owner},
		{Title: "b", State: "live", Views: 150, OwnerID: owner},
		{Title: "c", State: "live", Views: 250, OwnerID: new(int64(2))},
		{Title: "d", State: "draft", Views: 350, OwnerID: owner},
		{Title: "e", State: "live", Views: 450},
		{Title: "f", State: "live", Views: 5000},
		{Title: "g", State: "draft", Views: 10},
	}))
	e.Sent.Reset()
}

// account is the model that most promises use: it has every kind of plain column and no hooks.
type account struct {
	model.BaseModel[account]

	ID        int64
	Email     string `gorm:"uniqueIndex;size:160"`
	Name      string
	Nick      *string
	Password  string `json:"-"`
	Age       int
	Score     float64
	Active    bool
	Visits    int64
	SeenAt    *time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
}

// note has soft deletes and a version.
type note struct {
	model.BaseModel[note]

	ID        int64
	Title     string
	Version   int64 `model:"version"`
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}
