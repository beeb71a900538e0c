// SPDX-License-Identifier: MIT

package seeds_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// TestSutando is the guide to relationships of Sutando: definitions and pivot rows.
func TestSutando(t *testing.T) {
	t.Parallel()
	fans := []any{&Fan{}, &Podcast{}, &Subscription{}}
	guide(
		t,
		section{title: "Relationships", check: sutandoIntroduction},
		section{title: "One To One", check: sutandoOneToOne},
		section{title: "One To One/foreign and local key", check: v4HasOneKeys, own: []any{&keyUser{}, &keyProfile{}}},
		section{title: "Defining The Inverse Of The Relationship", check: sutandoInverse},
		section{title: "One To Many", check: sutandoOneToMany},
		section{title: "One To Many (Inverse)", check: sutandoBelongsTo},
		section{title: "One To Many (Inverse)/owner key", check: sutandoOwnerKey, own: []any{&Letter{}, &Sender{}}},
		section{title: "Default Models", check: sutandoDefaults, own: []any{&Article{}, &Writer{}}},
		section{title: "Many To Many Relationships", check: sutandoManyToMany},
		section{title: "Many To Many Relationships/custom names", check: v5CustomPivot, own: keyed()},
		section{title: "Defining The Inverse Of The Relationship/many to many", check: sutandoManyToManyInverse},
		section{title: "Retrieving Intermediate Table Columns", check: sutandoPivotColumns, own: fans},
		section{title: "Customizing The pivot Attribute Name", check: sutandoPivotName, own: fans},
		section{title: "Filtering Queries Via Intermediate Table Columns", check: sutandoPivotFilters, own: fans},
		section{title: "Ordering Queries Via Intermediate Table Columns", check: sutandoPivotOrder, own: fans},
	)
}

func sutandoIntroduction(t *testing.T, e *env) {
	seed(t, e, &User{Name: "virk"})
	seed(t, e, &Post{UserID: 1, Title: "a", Active: true}, &Post{UserID: 1, Title: "b"}, &Post{UserID: 2, Title: "c", Active: true})
	var posts []*Post
	require.NoError(t, find[User](t, e, 1).Related("posts").Query().Where("active", true).All(e.ctx, &posts))
	require.Equal(t, []string{"a"}, names(posts, title))
}

func sutandoOneToOne(t *testing.T, e *env) {
	seed(t, e, &User{Name: "virk"})
	seed(t, e, &Phone{UserID: 1, Number: "123"})
	user := find[User](t, e, 1)
	// getRelated loads the relation if it is not loaded yet.
	e.sends(t, 1, func() { require.NoError(t, user.LoadMissing(e.ctx, "phone")) })
	e.sends(t, 0, func() { require.NoError(t, user.LoadMissing(e.ctx, "phone")) })
	require.Equal(t, "123", user.Phone.Number)
}

func sutandoInverse(t *testing.T, e *env) {
	seed(t, e, &User{Name: "virk"})
	seed(t, e, &Phone{UserID: 1, Number: "123"})
	phone := find[Phone](t, e, 1)
	user, err := relation.BelongsTo(phone, &phone.User).Query().First(e.ctx)
	require.NoError(t, err)
	require.Equal(t, "virk", user.Name)
}

func sutandoOneToMany(t *testing.T, e *env) {
	seed(t, e, &Post{Title: "first"}, &Post{Title: "second"})
	seed(t, e, &Comment{PostID: 1, Title: "foo"}, &Comment{PostID: 2, Title: "foo"}, &Comment{PostID: 1, Title: "bar"})
	post := find[Post](t, e, 1)
	require.NoError(t, post.LoadMissing(e.ctx, "comments"))
	require.Len(t, post.Comments, 2)
	comment, err := relation.HasMany(post, &post.Comments).Query().Where("title", "foo").First(e.ctx)
	require.NoError(t, err)
	require.Equal(t, int64(1), comment.ID)
}

func sutandoBelongsTo(t *testing.T, e *env) {
	seed(t, e, &Post{Title: "first"}, &Post{Title: "second"})
	seed(t, e, &Comment{PostID: 2})
	comment := find[Comment](t, e, 1)
	require.NoError(t, comment.LoadMissing(e.ctx, "post"))
	require.Equal(t, "second", comment.Post.Title)
	require.Equal(t, "PostID", relationOf[Comment](t, "post").ForeignKey, "the name of the relation, and the key")
}

// Letter belongs to its sender by other keys than those of the conventions.
type Letter struct {
	model.BaseModel[Letter]

	ID   int64
	From string `gorm:"size:40"`

	Sender *Sender `relation:"belongsTo;foreignKey:From;localKey:Address"`
}

type Sender struct {
	model.BaseModel[Sender]

	ID      int64
	Address string `gorm:"size:40;uniqueIndex"`
}

func sutandoOwnerKey(t *testing.T, e *env) {
	seed(t, e, &Sender{Address: "home"}, &Sender{Address: "work"})
	seed(t, e, &Letter{From: "work"})
	letters := all(t, e, model.Query[Letter](e.db).Preload("sender"))
	require.Equal(t, int64(2), letters[0].Sender.ID)
	require.NoError(t, letters[0].Related("sender").Associate(e.ctx, find[Sender](t, e, 1)))
	require.Equal(t, [][]string{{"home"}}, e.rows(t, `SELECT "from" FROM letters`))
}

// Article shows somebody else where it has no writer.
type Article struct {
	model.BaseModel[Article]

	ID       int64
	WriterID *int64

	Writer  *Writer `relation:"belongsTo"`
	Guest   *Writer `relation:"belongsTo;foreignKey:WriterID"`
	Nameful *Writer `relation:"belongsTo;foreignKey:WriterID"`
}

func (a *Article) Define(d *model.Definition[Article]) {
	d.Relation(&a.Writer).WithDefault(nil)
	d.Relation(&a.Guest).WithDefault(relation.Attrs{"name": "Guest Author"})
	d.Relation(&a.Nameful).WithDefault(func(w *Writer, a *Article) { w.Name = fmt.Sprintf("Post %d Author", a.ID) })
}

type Writer struct {
	model.BaseModel[Writer]

	ID   int64
	Name string
}

func sutandoDefaults(t *testing.T, e *env) {
	seed(t, e, &Writer{Name: "Jo"})
	seed(t, e, &Article{}, &Article{WriterID: new(int64(1))})
	list := all(t, e, model.Query[Article](e.db).OrderBy("id").Preload("writer").Preload("guest").Preload("nameful"))
	require.Equal(t, []string{"", "Guest Author", "Post 1 Author"}, []string{list[0].Writer.Name, list[0].Guest.Name, list[0].Nameful.Name})
	require.Equal(t, []string{"Jo", "Jo", "Jo"}, []string{list[1].Writer.Name, list[1].Guest.Name, list[1].Nameful.Name})
	require.True(t, list[0].Writer.IsNew())
	require.NoError(t, list[0].Push(e.ctx))
	require.Equal(t, int64(1), e.count(t, "writers"), "what stands for nothing is not saved")
}

// staff makes user 1 with the roles 1 and 2 of three.
func staff(t *testing.T, e *env) *User {
	t.Helper()
	seed(t, e, &User{Name: "virk"}, &User{Name: "nikk"})
	seed(t, e, &Role{Name: "Editor"}, &Role{Name: "Author"}, &Role{Name: "Reader"})
	e.exec(t, "INSERT INTO role_user (user_id, role_id, active, created_by) VALUES (1, 1, true, 'root'), (1, 2, false, 'root')")
	return find[User](t, e, 1)
}

func role(r *Role) string { return r.Name }

func sutandoManyToMany(t *testing.T, e *env) {
	user := staff(t, e)
	r := relationOf[User](t, "roles")
	require.Equal(t, []string{"role_user", "user_id", "role_id"}, []string{r.PivotTable, r.PivotForeignKey, r.PivotRelatedForeignKey})
	require.NoError(t, user.LoadMissing(e.ctx, "roles"))
	require.Len(t, user.Roles, 2)
	roles := all(t, e, relation.ManyToMany(user, &user.Roles).Query().OrderBy("name"))
	require.Equal(t, []string{"Author", "Editor"}, names(roles, role))
}

func sutandoManyToManyInverse(t *testing.T, e *env) {
	staff(t, e)
	role := find[Role](t, e, 1)
	users := all(t, e, relation.ManyToMany(role, &role.Users).Query())
	require.Equal(t, "virk", users[0].Name)
	require.Equal(t, []string{"role_id", "user_id"},
		[]string{relationOf[Role](t, "users").PivotForeignKey, relationOf[Role](t, "users").PivotRelatedForeignKey})
}

// Fan subscribes to podcasts. The pivot table has a model, so its columns have types and its rows are records.
type Fan struct {
	model.BaseModel[Fan]

	ID int64

	Podcasts []*Podcast `relation:"manyToMany"`
	Plain    []*Podcast `relation:"manyToMany;pivotTable:plain_subscriptions;pivotColumns:active,created_by;pivotTimestamps"`
	Approved []*Podcast `relation:"manyToMany"`
	First    []*Podcast `relation:"manyToMany"`
	Last     []*Podcast `relation:"manyToMany"`
	In2020   []*Podcast `relation:"manyToMany"`
	After    []*Podcast `relation:"manyToMany"`
	Running  []*Podcast `relation:"manyToMany"`
	Expired  []*Podcast `relation:"manyToMany"`
	Latest   []*Podcast `relation:"manyToMany"`
}

func (f *Fan) Define(d *model.Definition[Fan]) {
	subscribed := func(field *[]*Podcast) *model.RelationDefinition {
		return d.Relation(field).Using(&Subscription{}).As("subscription")
	}
	subscribed(&f.Podcasts)
	subscribed(&f.Approved).WherePivot("approved", true)
	subscribed(&f.First).WherePivotIn("priority", []int{1, 2})
	subscribed(&f.Last).WherePivotNotIn("priority", []int{1, 2})
	from, to := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2020, 12, 31, 0, 0, 0, 0, time.UTC)
	subscribed(&f.In2020).WherePivotBetween("created_at", from, to)
	subscribed(&f.After).WherePivotNotBetween("created_at", from, to)
	subscribed(&f.Running).WherePivotNull("expired_at")
	subscribed(&f.Expired).WherePivotNotNull("expired_at")
	subscribed(&f.Latest).OnQuery(func(q *relation.Query) { q.Where("rank", "gold") }).OrderByPivot("created_at", relation.Desc)
}

type Podcast struct {
	model.BaseModel[Podcast]

	ID   int64
	Rank string
}

type Subscription struct {
	model.BaseModel[Subscription]

	FanID     int64 `gorm:"primaryKey;autoIncrement:false"`
	PodcastID int64 `gorm:"primaryKey;autoIncrement:false"`
	Approved  bool
	Priority  int64
	CreatedAt time.Time
	UpdatedAt time.Time
	ExpiredAt *time.Time
}

// listener makes a fan of three podcasts.
func listener(t *testing.T, e *env) *Fan {
	t.Helper()
	seed(t, e, &Fan{})
	seed(t, e, &Podcast{Rank: "gold"}, &Podcast{Rank: "tin"}, &Podcast{Rank: "gold"})
	date := func(year, month int) time.Time { return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC) }
	seed(t, e,
		&Subscription{FanID: 1, PodcastID: 1, Approved: true, Priority: 1, CreatedAt: date(2020, 2)},
		&Subscription{FanID: 1, PodcastID: 2, Priority: 2, CreatedAt: date(2020, 3), ExpiredAt: new(date(2021, 1))},
		&Subscription{FanID: 1, PodcastID: 3, Approved: true, Priority: 3, CreatedAt: date(2022, 1)})
	return find[Fan](t, e, 1)
}

func sutandoPivotColumns(t *testing.T, e *env) {
	seed(t, e, &Fan{})
	seed(t, e, &Podcast{})
	fan := find[Fan](t, e, 1)
	require.NoError(t, fan.Related("plain").Attach(e.ctx, relation.Pivot(1, pivot{"created_by": "root"})))
	require.NoError(t, fan.LoadMissing(e.ctx, "plain"))
	extras := fan.Plain[0].Extras() // role.pivot.created_at
	require.WithinDuration(t, time.Now(), extras.Time("pivot_created_at"), time.Minute)
	require.WithinDuration(t, time.Now(), extras.Time("pivot_updated_at"), time.Minute)
	require.Equal(t, "root", extras["pivot_created_by"])
	require.Nil(t, extras["pivot_active"])
}

func sutandoPivotName(t *testing.T, e *env) {
	fan := listener(t, e)
	podcasts := all(t, e, relation.ManyToMany(fan, &fan.Podcasts).Query().OrderBy("id"))
	subscription, ok := podcasts[0].Extras()["subscription"].(*Subscription)
	require.True(t, ok)
	require.Equal(t, int64(1), subscription.Priority)
	typed, ok := relation.PivotOf[Subscription](podcasts[0])
	require.True(t, ok)
	require.Same(t, subscription, typed)
	require.False(t, typed.CreatedAt.IsZero())
}

func sutandoPivotFilters(t *testing.T, e *env) {
	listener(t, e)
	fans := all(t, e, model.Query[Fan](e.db).
		Preload("approved").Preload("first").Preload("last").Preload("in2020").Preload("after").Preload("running").Preload("expired"))
	id := func(p *Podcast) int64 { return p.ID }
	f := fans[0]
	require.ElementsMatch(t, []int64{1, 3}, names(f.Approved, id))
	require.ElementsMatch(t, []int64{1, 2}, names(f.First, id))
	require.ElementsMatch(t, []int64{3}, names(f.Last, id))
	require.ElementsMatch(t, []int64{1, 2}, names(f.In2020, id))
	require.ElementsMatch(t, []int64{3}, names(f.After, id))
	require.ElementsMatch(t, []int64{1, 3}, names(f.Running, id))
	require.ElementsMatch(t, []int64{2}, names(f.Expired, id))

	// What narrows a relation also narrows what it detaches.
	n, err := f.Related("approved").DetachAll(e.ctx)
	require.NoError(t, err)
	require.Equal(t, int64(2), n)
	require.Equal(t, [][]string{{"2"}}, e.rows(t, "SELECT podcast_id FROM subscriptions"))
}

func sutandoPivotOrder(t *testing.T, e *env) {
	listener(t, e)
	fans := all(t, e, model.Query[Fan](e.db).Preload("latest"))
	require.Equal(t, []int64{3, 1}, names(fans[0].Latest, func(p *Podcast) int64 { return p.ID }))
}
