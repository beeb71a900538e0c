// SPDX-License-Identifier: MIT

package seeds_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// TestLucidV5API is the reference of manyToMany in AdonisJS 5: methods and properties. boot and booted
// are one section, because Boot is only of interest for Booted.
func TestLucidV5API(t *testing.T) {
	t.Parallel()
	named := []any{&Member{}, &Undertaking{}, &Step{}}
	guide(
		t,
		section{title: "type", check: v5Facts},
		section{title: "relationName", check: v5Facts},
		section{title: "serializeAs", check: v5SerializeAs, own: named},
		section{title: "booted, boot", check: v5Boot},
		section{title: "model", check: v5Models},
		section{title: "relatedModel", check: v5Models},
		section{title: "localKey, relatedKey", check: v5Keys, own: []any{&KeyMember{}, &KeyProject{}}},
		section{title: "pivotForeignKey, pivotRelatedForeignKey, pivotTable", check: v5PivotKeys, own: named},
		section{title: "pivotColumns", check: v5PivotColumns, own: named},
		section{title: "onQuery", check: v5OnQuery, own: named},
		section{title: "setRelated", check: v5SetRelated},
		section{title: "pushRelated", check: v5PushRelated},
		section{title: "setRelatedForMany", check: v5SetRelatedForMany},
		section{title: "client", check: v5Client},
		section{title: "getPivotPair", check: v5PivotPair},
		section{title: "getPivotRelatedPair", check: v5PivotPair},
		section{title: "eagerQuery", check: v5EagerQuery},
		section{title: "subQuery", check: v5SubQuery},
	)
}

// relationOf is $getRelation.
func relationOf[T any, P model.Model[T]](t *testing.T, name string) *relation.Relation {
	t.Helper()
	r, err := model.RelationOf[T, P](name)
	require.NoError(t, err)
	return r
}

func v5Facts(t *testing.T, _ *env) {
	r := relationOf[User](t, "projects")
	require.Equal(t, "manyToMany", r.Kind)
	require.Equal(t, "projects", r.Name)
	require.Equal(t, "projects", relationOf[User](t, "Projects").Name, "the Go name works too")
	_, err := model.RelationOf[User]("project")
	require.ErrorIs(t, err, model.ErrUnknownRelation)
	require.ErrorContains(t, err, `did you mean "projects"`)
}

// Member is the user of this reference with options on its relations.
type Member struct {
	model.BaseModel[Member]

	ID int64

	Projects []*Undertaking `json:"teamProjects" relation:"manyToMany;pivotTable:user_projects;pivotForeignKey:user_id;pivotRelatedForeignKey:project_id;pivotColumns:role;pivotTimestamps"`
	Active   []*Undertaking `relation:"manyToMany;pivotTable:user_projects;pivotForeignKey:user_id;pivotRelatedForeignKey:project_id;pivotColumns:role;pivotTimestamps"`
}

func (m *Member) Define(d *model.Definition[Member]) {
	d.Relation(&m.Active).SerializeAs("activeProjects").OnQuery(func(q *relation.Query) {
		q.Where("is_active", true)
		if !q.IsRelatedSubQuery() {
			q.Preload("steps")
		}
	})
}

type Undertaking struct {
	model.BaseModel[Undertaking]

	ID       int64
	Title    string
	IsActive bool

	Steps []*Step `relation:"hasMany"`
}

type Step struct {
	model.BaseModel[Step]

	ID            int64
	UndertakingID int64
}

func v5SerializeAs(t *testing.T, e *env) {
	require.Equal(t, "teamProjects", relationOf[Member](t, "projects").SerializeAs)
	require.Equal(t, "activeProjects", relationOf[Member](t, "active").SerializeAs)
	member := &Member{}
	seed(t, e, member)
	require.NoError(t, member.Related("projects").Create(e.ctx, &Undertaking{Title: "Shipping v5"}))
	require.NoError(t, member.Load(e.ctx, "projects"))
	require.JSONEq(t, `{"id": 1, "teamProjects": [{"id": 1, "title": "Shipping v5", "is_active": false}]}`, toJSON(t, member))
}

func v5Boot(t *testing.T, _ *env) {
	r := relationOf[User](t, "projects")
	require.True(t, r.Booted, "RelationOf boots")
	require.NoError(t, r.Boot(), "and it may be called again")
}

func v5Models(t *testing.T, _ *env) {
	r := relationOf[User](t, "projects")
	require.IsType(t, &User{}, r.Model())
	require.IsType(t, &Project{}, r.RelatedModel())
}

type KeyMember struct {
	model.BaseModel[KeyMember]

	ID   int64
	Code string `gorm:"size:20;uniqueIndex"`

	Projects []*KeyProject `relation:"manyToMany;localKey:Code;relatedKey:Slug"`
}

type KeyProject struct {
	model.BaseModel[KeyProject]

	ID   int64
	Slug string `gorm:"size:20;uniqueIndex"`
}

func v5Keys(t *testing.T, e *env) {
	r := relationOf[User](t, "projects")
	require.Equal(t, []string{"ID", "ID"}, []string{r.LocalKey, r.RelatedKey}, "properties, not columns")
	r = relationOf[KeyMember](t, "projects")
	require.Equal(t, []string{"Code", "Slug"}, []string{r.LocalKey, r.RelatedKey})
	require.Equal(t, []string{"key_member_code", "key_project_slug"}, []string{r.PivotForeignKey, r.PivotRelatedForeignKey})

	seed(t, e, &KeyMember{Code: "virk"})
	seed(t, e, &KeyProject{Slug: "v5"})
	require.NoError(t, find[KeyMember](t, e, 1).Related("projects").Attach(e.ctx, "v5"))
	require.Equal(t, [][]string{{"virk", "v5"}}, e.rows(t, "SELECT key_member_code, key_project_slug FROM key_member_key_project"))
	list := all(t, e, model.Query[KeyMember](e.db).Preload("projects"))
	require.Equal(t, "v5", list[0].Projects[0].Slug)
}

func v5PivotKeys(t *testing.T, _ *env) {
	r := relationOf[User](t, "projects")
	require.Equal(t, []string{"user_id", "project_id", "project_user"},
		[]string{r.PivotForeignKey, r.PivotRelatedForeignKey, r.PivotTable}, "as the naming strategy has it")
	r = relationOf[Member](t, "projects")
	require.Equal(t, []string{"user_id", "project_id", "user_projects"}, []string{r.PivotForeignKey, r.PivotRelatedForeignKey, r.PivotTable})
}

func v5PivotColumns(t *testing.T, e *env) {
	require.Empty(t, relationOf[User](t, "projects").PivotColumns)
	require.Equal(t, []string{"role", "created_at", "updated_at"}, relationOf[Member](t, "projects").PivotColumns)

	seed(t, e, &Member{})
	seed(t, e, &Undertaking{Title: "Shipping v5"})
	member := find[Member](t, e, 1)
	require.NoError(t, member.Related("projects").Attach(e.ctx, relation.Pivot(1, pivot{"role": "admin"})))
	projects := all(t, e, relation.ManyToMany(member, &member.Projects).Query())
	extras := projects[0].Extras()
	require.Equal(t, int64(1), extras["pivot_user_id"])
	require.Equal(t, int64(1), extras["pivot_project_id"])
	require.Equal(t, "admin", extras["pivot_role"])
	require.WithinDuration(t, time.Now(), extras.Time("pivot_created_at"), time.Minute)
	require.WithinDuration(t, time.Now(), extras.Time("pivot_updated_at"), time.Minute)
}

func v5OnQuery(t *testing.T, e *env) {
	seed(t, e, &Member{})
	seed(t, e, &Undertaking{Title: "Shipping v5", IsActive: true}, &Undertaking{Title: "Adonis 4"})
	seed(t, e, &Step{UndertakingID: 1})
	member := find[Member](t, e, 1)
	require.NoError(t, member.Related("active").Attach(e.ctx, 1, 2))

	e.sends(t, 2, func() { // the projects and their steps
		projects := all(t, e, relation.ManyToMany(member, &member.Active).Query())
		require.Len(t, projects, 1)
		require.Len(t, projects[0].Steps, 1)
	})
	e.sends(t, 3, func() {
		members := all(t, e, model.Query[Member](e.db).Preload("active"))
		require.Len(t, members[0].Active[0].Steps, 1)
	})
	e.sends(t, 1, func() { // a sub-query preloads nothing
		members := all(t, e, model.Query[Member](e.db).WithCount("active").Has("active"))
		require.Equal(t, int64(1), members[0].Extras().Int64("active_count"))
	})
}

func v5SetRelated(t *testing.T, e *env) {
	user, project := &User{}, &Project{Title: "Shipping v5"}
	require.NoError(t, relationOf[User](t, "projects").SetRelated(user, []*Project{project}))
	require.Same(t, project, user.Projects[0])
	require.True(t, user.Related("projects").Loaded())
	require.NoError(t, user.Related("projects").SetLoaded(nil), "the record has the method too")
	require.Empty(t, user.Projects)
	require.Empty(t, e.sent.list())
}

func v5PushRelated(t *testing.T, _ *env) {
	user, r := &User{}, relationOf[User](t, "projects")
	for range 3 {
		require.NoError(t, r.PushRelated(user, &Project{}))
	}
	require.Len(t, user.Projects, 3)
	require.NoError(t, user.Related("projects").PushLoaded(&Project{}, &Project{}))
	require.Len(t, user.Projects, 5)
}

// teams makes three users. The first has two projects, the others one each.
func teams(t *testing.T, e *env) {
	t.Helper()
	seed(t, e, &User{Username: "virk"}, &User{Username: "nikk"}, &User{Username: "romain"})
	seed(t, e, &Project{Title: "a", IsActive: true}, &Project{Title: "b"}, &Project{Title: "c", IsActive: true}, &Project{Title: "d"})
	e.exec(t, "INSERT INTO project_user (user_id, project_id, role) VALUES (1, 1, 'admin'), (1, 2, 'guest'), (2, 3, NULL), (3, 4, 'admin')")
}

func projectID(p *Project) int64 { return p.ID }

func v5SetRelatedForMany(t *testing.T, e *env) {
	teams(t, e)
	users := []*User{find[User](t, e, 1), find[User](t, e, 2), find[User](t, e, 3)}
	var projects []*Project
	for i, owner := range []int64{1, 1, 2, 3} {
		project := find[Project](t, e, i+1)
		project.Extras()["pivot_user_id"] = owner
		projects = append(projects, project)
	}
	require.NoError(t, relationOf[User](t, "projects").SetRelatedForMany(users, projects))
	require.Equal(t, []int64{1, 2}, names(users[0].Projects, projectID))
	require.Equal(t, []int64{3}, names(users[1].Projects, projectID))
	require.Equal(t, []int64{4}, names(users[2].Projects, projectID))
}

func v5Client(t *testing.T, e *env) {
	teams(t, e)
	client, err := relationOf[User](t, "projects").Client(find[User](t, e, 1))
	require.NoError(t, err)
	var projects []*Project
	require.NoError(t, client.All(e.ctx, &projects))
	require.Len(t, projects, 2)
}

func v5PivotPair(t *testing.T, e *env) {
	teams(t, e)
	r := relationOf[User](t, "projects")
	column, value, err := r.PivotPair(find[User](t, e, 1))
	require.NoError(t, err)
	require.Equal(t, []any{"user_id", int64(1)}, []any{column, value})
	column, value, err = r.PivotRelatedPair(find[Project](t, e, 3))
	require.NoError(t, err)
	require.Equal(t, []any{"project_id", int64(3)}, []any{column, value})
	_, _, err = r.PivotPair(&User{})
	require.ErrorIs(t, err, model.ErrNotPersisted)
}

func v5EagerQuery(t *testing.T, e *env) {
	teams(t, e)
	users := all(t, e, model.Query[User](e.db).WhereIn("id", []int{1, 2}).OrderBy("id"))
	q, err := relationOf[User](t, "projects").EagerQuery(users)
	require.NoError(t, err)
	var projects []*Project
	e.sends(t, 1, func() { require.NoError(t, q.OrderBy("id").All(e.ctx, &projects)) })
	require.Equal(t, []int64{1, 2, 3}, names(projects, projectID))
	require.NoError(t, relationOf[User](t, "projects").SetRelatedForMany(users, projects))
	require.Equal(t, []int64{3}, names(users[1].Projects, projectID))
}

func v5SubQuery(t *testing.T, e *env) {
	teams(t, e)
	sub, err := relationOf[User](t, "projects").SubQuery()
	require.NoError(t, err)
	require.True(t, sub.IsRelatedSubQuery())
	users := all(t, e, model.Query[User](e.db).Use(func(q *relation.Query) { q.WhereExists(sub.Where("is_active", true)) }).OrderBy("id"))
	require.Equal(t, []string{"virk", "nikk"}, names(users, func(u *User) string { return u.Username }))
}
