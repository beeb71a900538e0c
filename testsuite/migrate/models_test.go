// SPDX-License-Identifier: MIT

package migrate_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

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

// badScopes makes every mistake with scopes.
type badScopes struct {
	model.BaseModel[badScopes]

	ID int64
}

// Define is read by Register.
func (*badScopes) Define(d *model.Definition[badScopes]) {
	nothing := func(*relation.Query, ...any) {}
	global := func(*relation.Query) {}
	d.Scope("none", nil)
	d.Scope("twice", nothing)
	d.Scope("twice", nothing)
	d.GlobalScope("twice", global)
	d.GlobalScope("twice", global)
	d.GlobalScope("", global)
}

// tally is a model with little JSON.
type tally struct {
	model.BaseModel[tally]

	ID    int64
	Kind  string
	Score int
	Mark  *int `json:"-"`
}

// Models that are related in every way. Their keys are inferred wherever a rule gives them.
type (
	Country struct {
		model.BaseModel[Country]

		ID     int64
		Name   string
		Users  []*User    `relation:"hasMany"`
		Posts  []*Post    `relation:"hasManyThrough;through:users"`
		Skills []*Skill   `relation:"hasManyThrough;through:Users"`
		Remark []*Comment `relation:"hasManyThrough;through:users.posts"`
		Bio    *Profile   `relation:"hasOneThrough;through:users"`
	}
	User struct {
		model.BaseModel[User]

		ID        int64
		Name      string
		Score     int
		CountryID *int64
		ManagerID *int64
		CreatedAt time.Time
		UpdatedAt time.Time
		Tally     int64 `gorm:"-"`
		Busy      bool  `gorm:"-"`

		Country   *Country   `relation:"belongsTo"`
		Manager   *User      `relation:"belongsTo"`
		Reports   []*User    `relation:"hasMany;foreignKey:ManagerID"`
		Profile   *Profile   `relation:"hasOne"`
		Posts     []*Post    `relation:"hasMany;foreignKey:AuthorID"`
		Remarks   []*Comment `relation:"hasMany"`
		Skills    []*Skill   `relation:"manyToMany;pivotColumns:level,note;pivotTimestamps"`
		Followers []*User    `relation:"manyToMany;pivotTable:follows;pivotForeignKey:followed_id;pivotRelatedForeignKey:follower_id"`
		Following []*User    `relation:"manyToMany;pivotTable:follows;pivotForeignKey:follower_id;pivotRelatedForeignKey:followed_id"`
	}
	Profile struct {
		model.BaseModel[Profile]

		ID     int64
		UserID int64
		Bio    string
		Owner  *User `relation:"belongsTo"`
	}
	Post struct {
		model.BaseModel[Post]

		ID        int64
		AuthorID  *int64
		Title     string
		Score     int
		CreatedAt time.Time
		DeletedAt gorm.DeletedAt

		Author   *User      `relation:"belongsTo"`
		Comments []*Comment `relation:"hasMany"`
	}
	Comment struct {
		model.BaseModel[Comment]

		ID     int64
		PostID int64
		UserID *int64
		Body   string
		Stars  int
		Rate   float64

		Post   *Post `relation:"belongsTo"`
		Author *User `relation:"belongsTo"`
	}
	Skill struct {
		model.BaseModel[Skill]

		ID    int64
		Name  string
		Users []*User `relation:"manyToMany;pivotTimestamps"`
	}
)

// Define adds a scope.
func (*Post) Define(d *model.Definition[Post]) {
	d.Scope("scored", func(q *relation.Query, args ...any) { q.Where("score", ">=", args[0]) })
}

// exec runs a statement past Kindred.
func exec(t testing.TB, e *harness.Env, sql string, args ...any) {
	t.Helper()
	require.NoError(t, e.Gorm.WithContext(e.Ctx).Exec(sql, args...).Error)
}

// allModels are all of them.
func allModels() []any {
	return []any{&Skill{}, &Country{}, &User{}, &Profile{}, &Post{}, &Comment{}}
}

// user1 is Ann, loaded.
func user1(t testing.TB, e *harness.Env) *User {
	t.Helper()
	u, err := model.Query[User](e.DB).Find(e.Ctx, 1)
	require.NoError(t, err)
	e.Sent.Reset()
	return u
}

// skillNames are the names of skills in their order.
func skillNames(skills []*Skill) string {
	var out []string
	for _, s := range skills {
		out = append(out, s.Name)
	}
	return strings.Join(out, " ")
}

// Models with a pivot model, whose pivot rows may be soft deleted.
type (
	Band struct {
		model.BaseModel[Band]

		ID      int64
		Name    string
		Artists []*Artist `relation:"manyToMany;as:membership"`
		Guests  []*Artist `relation:"manyToMany"`
	}
	Artist struct {
		model.BaseModel[Artist]

		ID    int64
		Name  string
		Bands []*Band `relation:"manyToMany"`
	}
	Membership struct {
		model.BaseModel[Membership]

		ID        int64
		BandID    int64
		ArtistID  int64
		Part      string `gorm:"column:instrument"`
		Fee       float64
		Since     time.Time
		DeletedAt gorm.DeletedAt
	}
)

// Define sets the pivot model.
func (k *Band) Define(d *model.Definition[Band]) {
	d.Relation(&k.Artists).Using(&Membership{}).OrderByPivot("fee")
	d.Relation(&k.Guests).Using(&Membership{}).As("visit").WherePivot("instrument", "guest")
}

// Define sets the pivot model.
func (k *Artist) Define(d *model.Definition[Artist]) {
	d.Relation(&k.Bands).Using(&Membership{})
}

// hooked has a hook for every moment: as a method, by Define, and of an observer. What they do is in
// the journal that the context carries, because hooks belong to the type.
type hooked struct {
	model.BaseModel[hooked]

	ID        int64
	Name      string `gorm:"uniqueIndex;size:80"`
	Kind      string
	Visits    int
	CreatedAt time.Time
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}

// journal is what hooks write to and take orders from.
type journal struct {
	mu     sync.Mutex
	events []string
	// on is what the hook of a moment does, after it has written its name: "creating" is the method,
	// "creating:on" the function, "creating:observer" the observer.
	on map[string]func(ctx context.Context, h *hooked) error
	// query and many are the same for hooks that get the query or the list.
	query map[string]func(ctx context.Context, q *relation.Query) error
	many  map[string]func(ctx context.Context, list []*hooked) error
	// plain leaves out the events of functions and observers.
	plain bool
}

type journalKey struct{}

func journalOf(ctx context.Context) *journal {
	j, _ := ctx.Value(journalKey{}).(*journal)
	return j
}

// note writes an event, unless it is one that is left out.
func (j *journal) note(event string, extra bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !extra || !j.plain {
		j.events = append(j.events, event)
	}
}

// happened is what every hook of a record does.
func happened(ctx context.Context, moment hooks.Moment, by string, h *hooked) error {
	j := journalOf(ctx)
	if j == nil {
		return nil
	}
	event := string(moment) + by
	j.note(event, by != "")
	if act := j.on[event]; act != nil {
		return act(ctx, h)
	}
	return nil
}

func (h *hooked) Creating(ctx context.Context) error { return happened(ctx, hooks.Creating, "", h) }

func (h *hooked) Created(ctx context.Context) error { return happened(ctx, hooks.Created, "", h) }

func (h *hooked) Updating(ctx context.Context) error { return happened(ctx, hooks.Updating, "", h) }

func (h *hooked) Updated(ctx context.Context) error { return happened(ctx, hooks.Updated, "", h) }

func (h *hooked) Saving(ctx context.Context) error { return happened(ctx, hooks.Saving, "", h) }

func (h *hooked) Saved(ctx context.Context) error { return happened(ctx, hooks.Saved, "", h) }

func (h *hooked) Deleting(ctx context.Context) error { return happened(ctx, hooks.Deleting, "", h) }

func (h *hooked) Deleted(ctx context.Context) error { return happened(ctx, hooks.Deleted, "", h) }

func (h *hooked) Restoring(ctx context.Context) error { return happened(ctx, hooks.Restoring, "", h) }

func (h *hooked) Restored(ctx context.Context) error { return happened(ctx, hooks.Restored, "", h) }

func (h *hooked) Found(ctx context.Context) error { return happened(ctx, hooks.Found, "", h) }

func (h *hooked) Committed(ctx context.Context) error { return happened(ctx, hooks.Committed, "", h) }

func (h *hooked) RolledBack(ctx context.Context) error { return happened(ctx, hooks.RolledBack, "", h) }

// recordMoments are the moments whose hooks get the record.
func recordMoments() []hooks.Moment {
	return []hooks.Moment{
		hooks.Creating, hooks.Created, hooks.Updating, hooks.Updated, hooks.Saving, hooks.Saved, hooks.Deleting, hooks.Deleted,
		hooks.Restoring, hooks.Restored, hooks.Found, hooks.Committed, hooks.RolledBack,
	}
}

// Define is read by Register.
func (*hooked) Define(d *model.Definition[hooked]) {
	for _, moment := range recordMoments() {
		d.On(moment, func(ctx context.Context, h *hooked) error { return happened(ctx, moment, ":on", h) })
	}
	for _, moment := range []hooks.Moment{hooks.Finding, hooks.Fetching, hooks.Paginating} {
		d.OnQuery(moment, func(ctx context.Context, q *relation.Query) error { return asking(ctx, moment, "", q) })
	}
	for _, moment := range []hooks.Moment{hooks.Fetched, hooks.Paginated} {
		d.OnMany(moment, func(ctx context.Context, list []*hooked) error { return hookedList(ctx, moment, "", list) })
	}
	d.Observe(&hookedObserver{})
	d.GlobalScope("kind", func(q *relation.Query) { q.Where("kind", "!=", "hidden") })
}

func asking(ctx context.Context, moment hooks.Moment, by string, q *relation.Query) error {
	j := journalOf(ctx)
	if j == nil {
		return nil
	}
	j.note(string(moment)+by, by != "")
	if act := j.query[string(moment)+by]; act != nil {
		return act(ctx, q)
	}
	return nil
}

func hookedList(ctx context.Context, moment hooks.Moment, by string, list []*hooked) error {
	j := journalOf(ctx)
	if j == nil {
		return nil
	}
	j.note(string(moment)+by, by != "")
	if act := j.many[string(moment)+by]; act != nil {
		return act(ctx, list)
	}
	return nil
}

// hookedObserver observes one moment of each sort, and saving.
type hookedObserver struct{}

// Saving observes records.
func (*hookedObserver) Saving(ctx context.Context, h *hooked) error {
	return happened(ctx, hooks.Saving, ":observer", h)
}

// Deleted observes records.
func (*hookedObserver) Deleted(ctx context.Context, h *hooked) error {
	return happened(ctx, hooks.Deleted, ":observer", h)
}

// Fetching observes queries.
func (*hookedObserver) Fetching(ctx context.Context, q *relation.Query) error {
	return asking(ctx, hooks.Fetching, ":observer", q)
}

// Fetched observes lists.
func (*hookedObserver) Fetched(ctx context.Context, list []*hooked) error {
	return hookedList(ctx, hooks.Fetched, ":observer", list)
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

// queryPost belongs to an account. It has soft deletes.
type queryPost struct {
	model.BaseModel[queryPost]

	ID        int64
	AccountID *int64
	Title     string
	Words     int
	DeletedAt gorm.DeletedAt
}

// refused is a query that must fail before anything is sent.
type refused struct {
	name string
	run  func() error
	is   error  // what errors.Is finds; nil is any error
	says string // part of the text
}
