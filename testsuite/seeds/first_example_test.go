// SPDX-License-Identifier: MIT

package seeds // a package of its own: the models of the example have the names of those of the guides

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
)

type User struct {
	model.BaseModel[User]

	ID        int64
	Email     string `gorm:"uniqueIndex;size:160"`
	Password  string `json:"-"`    // hidden, everywhere
	FullName  string `json:"name"` // serializeAs
	CountryID *int64
	CreatedAt time.Time
	UpdatedAt time.Time

	Country *Country `relation:"belongsTo"`
	Profile *Profile `relation:"hasOne"`
	Posts   []*Post  `relation:"hasMany;foreignKey:AuthorID"`
	Skills  []*Skill `relation:"manyToMany;pivotColumns:proficiency;pivotTimestamps"`
}

func (u *User) Define(d *model.Definition[User]) {
	d.Computed("initials", func(u *User) any { return initials(u.FullName) })
	d.On(hooks.Saving, func(_ context.Context, u *User) error { return u.hashPassword() })
	d.Relation(&u.Posts).OnQuery(func(q *relation.Query) { q.OrderBy("id") })
	d.Scope("active", func(q *relation.Query, _ ...any) { q.WhereNotNull("email") })
}

// What follows is what the example leaves to its reader.

func initials(name string) string {
	var out strings.Builder
	for word := range strings.FieldsSeq(name) {
		out.WriteString(word[:1])
	}
	return out.String()
}

func (u *User) hashPassword() error {
	if u.Password != "" && !strings.HasPrefix(u.Password, "hashed ") {
		u.Password = "hashed " + u.Password
	}
	return nil
}

type Country struct {
	model.BaseModel[Country]

	ID   int64
	Name string
}

type Profile struct {
	model.BaseModel[Profile]

	ID     int64
	UserID int64
}

type Post struct {
	model.BaseModel[Post]

	ID       int64
	AuthorID int64
	Title    string

	Comments []*Comment `relation:"hasMany"`
}

type Comment struct {
	model.BaseModel[Comment]

	ID     int64
	PostID int64
	Body   string
}

type Skill struct {
	model.BaseModel[Skill]

	ID   int64
	Name string
}

// TestFirstExample is the example with which the design of Kindred begins.
func TestFirstExample(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) *gorm.DB{"SQLite": dbtest.SQLite, "PostgreSQL": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			firstExample(t, open(t))
		})
	}
}

func firstExample(t *testing.T, existing *gorm.DB) {
	t.Helper()
	ctx := t.Context()
	db, err := model.New(existing)
	require.NoError(t, err)
	require.NoError(t, db.Register(&User{}, &Post{}, &Skill{}))
	require.NoError(t, db.Migrate(ctx, &User{}, &Post{}, &Skill{}, &Country{}, &Profile{}, &Comment{}))

	user := &User{Email: "virk@example.com", Password: "secret"}
	require.NoError(t, model.Create(ctx, db, user))
	require.Equal(t, "hashed secret", user.Password)
	user.FullName = "Virk"
	require.NoError(t, user.Save(ctx))
	require.True(t, user.WasChanged("FullName", "UpdatedAt"))
	require.False(t, user.WasChanged("Email"))

	for _, skill := range []string{"go", "sql", "cooking"} {
		require.NoError(t, model.Create(ctx, db, &Skill{Name: skill}))
	}
	for _, title := range []string{"first", "second"} {
		post := &Post{Title: title}
		require.NoError(t, relation.HasMany(user, &user.Posts).Create(ctx, post))
		require.NoError(t, post.Related("comments").Create(ctx, &Comment{Body: "on " + title}))
	}

	require.NoError(t, user.Related("skills").Attach(ctx, 1, relation.Pivot(2, relation.Attrs{"proficiency": "expert"})))
	diff, err := relation.ManyToMany(user, &user.Skills).Sync(ctx, 1, 2, 3) // typed, no strings
	require.NoError(t, err)
	require.Equal(t, relation.Changes{Attached: []any{int64(3)}}, diff)

	users, err := model.Query[User](db).
		Where("email", "like", "%@example.com").
		Preload("skills", func(q *relation.Query) { q.WherePivot("proficiency", "expert") }).
		Preload("posts.comments").
		WithCount("posts").
		Scope("active").
		All(ctx)
	require.NoError(t, err)
	require.Equal(t, int64(2), users[0].Extras().Int64("posts_count"))
	require.Len(t, users[0].Skills, 1)
	require.Equal(t, "sql", users[0].Skills[0].Name)
	require.Equal(t, "expert", users[0].Skills[0].Extras().String("pivot_proficiency"))
	require.WithinDuration(t, time.Now(), users[0].Skills[0].Extras().Time("pivot_created_at"), time.Minute)
	require.Equal(t, "on second", users[0].Posts[1].Comments[0].Body)

	object, err := serialize.Map(users[0], serialize.Options{Fields: serialize.Omit("created_at", "updated_at")})
	require.NoError(t, err)
	text, err := json.Marshal(object)
	require.NoError(t, err)
	require.JSONEq(t, `{"id": 1, "email": "virk@example.com", "name": "Virk", "country_id": null, "initials": "V",
		"skills": [{"id": 2, "name": "sql"}],
		"posts": [{"id": 1, "author_id": 1, "title": "first", "comments": [{"id": 1, "post_id": 1, "body": "on first"}]},
			{"id": 2, "author_id": 1, "title": "second", "comments": [{"id": 2, "post_id": 2, "body": "on second"}]}]}`, string(text))

	page, err := model.Query[Post](db).OrderBy("id", relation.Desc).Paginate(ctx, 1, 20)
	require.NoError(t, err)
	var w bytes.Buffer
	require.NoError(t, serialize.Write(&w, page))
	require.True(t, strings.HasPrefix(w.String(), `{"meta":{"total":2,`), w.String())
	require.Contains(t, w.String(), `"data":[{"id":2,"author_id":1,"title":"second"},{"id":1,"author_id":1,"title":"first"}]}`)
	marshalled, err := json.Marshal(page)
	require.NoError(t, err)
	require.JSONEq(t, w.String(), string(marshalled))
}
