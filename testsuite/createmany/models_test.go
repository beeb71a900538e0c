// SPDX-License-Identifier: MIT

package createmany_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// badge has a key that is a text of the caller's.
type badge struct {
	model.BaseModel[badge]

	Code  string `gorm:"primaryKey;size:40"`
	Label string
}

// member has two unique columns, and hooks at every moment of a record, which note themselves in the
// diary that their context carries.
type member struct {
	model.BaseModel[member]

	ID     int64
	Email  string  `gorm:"uniqueIndex;size:80"`
	Number *string `gorm:"uniqueIndex;size:80"`
	Name   string
	Points int
}

func (m *member) Define(d *model.Definition[member]) {
	for _, moment := range []hooks.Moment{
		hooks.Creating, hooks.Created, hooks.Updating, hooks.Updated, hooks.Saving, hooks.Saved, hooks.Deleting, hooks.Deleted,
		hooks.Committed, hooks.RolledBack,
	} {
		d.On(moment, func(ctx context.Context, m *member) error { return diaryOf(ctx).note(ctx, moment, m) })
	}
}

// diary notes the hooks of members in their order. It is safe for use by several goroutines.
type diary struct {
	mu    sync.Mutex
	notes []string
	// react, if it is set, runs in every hook, and its error is the hook's.
	react func(ctx context.Context, moment hooks.Moment, m *member) error
}

type diaryKey struct{}

// diaried returns a context that carries a new diary.
func diaried(ctx context.Context) (context.Context, *diary) {
	d := &diary{}
	return context.WithValue(ctx, diaryKey{}, d), d
}

func diaryOf(ctx context.Context) *diary {
	d, _ := ctx.Value(diaryKey{}).(*diary)
	return d
}

func (d *diary) note(ctx context.Context, moment hooks.Moment, m *member) error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	d.notes = append(d.notes, string(moment)+" "+m.Email)
	d.mu.Unlock()
	if d.react == nil {
		return nil
	}
	return d.react(ctx, moment, m)
}

// taken returns what was noted since the last call.
func (d *diary) taken() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	notes := d.notes
	d.notes = nil
	return notes
}

// at returns which records were noted at a moment since the last taken, sorted.
func (d *diary) at(moment hooks.Moment) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var who []string
	for _, n := range d.notes {
		if m, email, _ := strings.Cut(n, " "); m == string(moment) {
			who = append(who, email)
		}
	}
	slices.Sort(who)
	return who
}

// errReaction is what hooks fail with.
var errReaction = errors.New("a hook fails")

// posting has a unique pair of columns, a version and a column with a default.
type posting struct {
	model.BaseModel[posting]

	ID      int64
	Team    string `gorm:"uniqueIndex:team_person;size:40"`
	Person  int64  `gorm:"uniqueIndex:team_person"`
	Role    *string
	Grade   string `gorm:"size:20;default:junior"`
	Version int64  `model:"version"`
}

// tick is as narrow as a record can be.
type tick struct {
	model.BaseModel[tick]

	ID int64
	N  int64
}

// ballot has a column whose default is another value in every row.
type ballot struct {
	model.BaseModel[ballot]

	ID   int64
	Name string
	Lot  float64 `gorm:"default:(random())"`
}

// coupon is a ballot whose key is the caller's.
type coupon struct {
	model.BaseModel[coupon]

	Code string `gorm:"primaryKey;size:40"`
	Name string
	Lot  float64 `gorm:"default:(random())"`
}

// raffle is a ballot whose key has two columns.
type raffle struct {
	model.BaseModel[raffle]

	Year int64  `gorm:"primaryKey;autoIncrement:false"`
	Code string `gorm:"primaryKey;size:40"`
	Name string
	Lot  float64 `gorm:"default:(random())"`
}

// voucher has a UUID that the database makes.
type voucher struct {
	model.BaseModel[voucher]

	ID   string `gorm:"type:uuid;primaryKey;default:gen_random_uuid()"`
	Name string
}

// parcel has a column of every kind that a row can hold.
type parcel struct {
	model.BaseModel[parcel]

	ID        int64
	Label     string
	Note      *string
	Count     *int64
	Small     int16
	Weight    *float64
	Price     *string `gorm:"type:numeric(12,2)"`
	Fragile   *bool
	Sent      *time.Time
	Content   []byte
	Owner     *string           `gorm:"type:uuid"`
	Tags      []string          `gorm:"serializer:json"`
	Details   map[string]string `gorm:"type:jsonb;serializer:json"`
	CreatedAt time.Time
}

// tenCells are ten columns.
type tenCells struct {
	C0, C1, C2, C3, C4, C5, C6, C7, C8, C9 int64
}

// wide has more than 64 columns.
type wide struct {
	model.BaseModel[wide]

	ID int64
	A  tenCells `gorm:"embedded;embeddedPrefix:a_"`
	B  tenCells `gorm:"embedded;embeddedPrefix:b_"`
	C  tenCells `gorm:"embedded;embeddedPrefix:c_"`
	D  tenCells `gorm:"embedded;embeddedPrefix:d_"`
	E  tenCells `gorm:"embedded;embeddedPrefix:e_"`
	F  tenCells `gorm:"embedded;embeddedPrefix:f_"`
	G  tenCells `gorm:"embedded;embeddedPrefix:g_"`
}

// gauge has a field that holds more than its column.
type gauge struct {
	model.BaseModel[gauge]

	ID    int64
	Level int64 `gorm:"type:smallint"`
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
