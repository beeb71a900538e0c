// SPDX-License-Identifier: MIT

package seeds_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// TestLucidV5APIClient is the reference of manyToMany in AdonisJS 5: the query client.
func TestLucidV5APIClient(t *testing.T) {
	t.Parallel()
	guide(
		t,
		section{title: "create", check: v5Create},
		section{title: "create in a transaction", check: v5CreateInTransaction},
		section{title: "createMany", check: v5CreateMany},
		section{title: "createMany with hooks", check: v5CreateManyHooks, own: []any{&Lead{}, &Mission{}}},
		section{title: "save", check: v5Save},
		section{title: "saveMany", check: v5SaveMany},
		section{title: "attach", check: v5Attach},
		section{title: "detach", check: v5Detach},
		section{title: "sync", check: v5Sync},
		section{title: "sync without detaching", check: v5SyncWithoutDetaching},
		section{title: "sync with pivot attributes", check: v5SyncAttributes},
	)
}

// projectRows are the pivot rows of user 1.
const projectRows = "SELECT project_id, role FROM project_user WHERE user_id = 1 ORDER BY project_id"

// virk makes user 1 and n projects.
func virk(t *testing.T, e *env, n int) *User {
	t.Helper()
	seed(t, e, &User{Username: "virk"})
	for range n {
		seed(t, e, &Project{})
	}
	return find[User](t, e, 1)
}

func v5Create(t *testing.T, e *env) {
	user := virk(t, e, 0)
	project := &Project{Title: "Shipping v5"}
	e.sends(t, 2, func() { require.NoError(t, user.Related("projects").Create(e.ctx, project)) })
	require.Equal(t, int64(1), project.ID)
	e.sends(t, 2, func() {
		require.NoError(t, user.Related("projects").Create(e.ctx, &Project{Title: "Shipping v5"}, pivot{"role": "admin"}))
	})
	require.Equal(t, [][]string{{"1", "NULL"}, {"2", "admin"}}, e.rows(t, projectRows))
}

func v5CreateInTransaction(t *testing.T, e *env) {
	virk(t, e, 0)
	trx, err := e.db.Begin(e.ctx)
	require.NoError(t, err)
	user, err := model.Query[User](trx).First(e.ctx)
	require.NoError(t, err)
	project := &Project{Title: "Shipping v5"}
	require.NoError(t, user.Related("projects").Create(e.ctx, project), "joins the transaction that the user was loaded from")
	require.NoError(t, trx.Rollback())
	require.Zero(t, e.count(t, "projects")+e.count(t, "project_user"))
	require.False(t, project.IsPersisted())

	trx, err = e.db.Begin(e.ctx)
	require.NoError(t, err)
	user, err = model.Query[User](trx).First(e.ctx)
	require.NoError(t, err)
	require.NoError(t, user.Related("projects").Create(e.ctx, project))
	require.NoError(t, trx.Commit())
	require.Equal(t, int64(2), e.count(t, "projects")+e.count(t, "project_user"))
}

func v5CreateMany(t *testing.T, e *env) {
	user := virk(t, e, 0)
	// One INSERT for all projects and one for all pivot rows, where Lucid sends one per record.
	e.sends(t, 2, func() {
		require.NoError(t, user.Related("projects").CreateMany(e.ctx, []*Project{{Title: "Shipping v5"}, {Title: "Recording screencasts"}}))
	})
	projects := []*Project{{Title: "Shipping v5"}, {Title: "Recording screencasts"}}
	e.sends(t, 2, func() {
		require.NoError(t, user.Related("projects").CreateMany(e.ctx, projects, pivot{"role": "admin"}, nil))
	})
	require.Equal(t, [][]string{{"1", "NULL"}, {"2", "NULL"}, {"3", "admin"}, {"4", "NULL"}}, e.rows(t, projectRows))
	err := user.Related("projects").CreateMany(e.ctx, []*Project{{}, {}}, pivot{"role": "admin"})
	require.ErrorIs(t, err, model.ErrInvalidValue, "one set of attributes for two records")

	// All or nothing: the second pivot row exists.
	err = user.Related("projects").CreateMany(e.ctx, []*Project{{Title: "new"}, {ID: 2}})
	require.ErrorIs(t, err, model.ErrDuplicate)
	require.Equal(t, int64(4), e.count(t, "projects"))
}

type Lead struct {
	model.BaseModel[Lead]

	ID int64

	Projects []*Mission `relation:"manyToMany"`
}

type Mission struct {
	model.BaseModel[Mission]

	ID    int64
	Title string
	Saved int64 `gorm:"-"`
}

func (*Mission) Define(d *model.Definition[Mission]) {
	d.On(hooks.Creating, func(_ context.Context, m *Mission) error {
		if m.Title == "" {
			return errUntitled
		}
		m.Title += "!"
		return nil
	})
	d.On(hooks.Saved, func(_ context.Context, m *Mission) error {
		m.Saved++
		return nil
	})
}

var errUntitled = errors.New("a mission without a title")

func v5CreateManyHooks(t *testing.T, e *env) {
	lead := &Lead{}
	seed(t, e, lead)
	missions := []*Mission{{Title: "Shipping v5"}, {Title: "Recording screencasts"}}
	require.NoError(t, lead.Related("projects").CreateMany(e.ctx, missions))
	require.Equal(t, [][]string{{"Shipping v5!"}, {"Recording screencasts!"}}, e.rows(t, "SELECT title FROM missions ORDER BY id"))
	require.Equal(t, []int64{1, 1}, names(missions, func(m *Mission) int64 { return m.Saved }))

	require.ErrorIs(t, lead.Related("projects").CreateMany(e.ctx, []*Mission{{Title: "fine"}, {}}), errUntitled)
	require.Equal(t, int64(2), e.count(t, "missions"))
	require.Equal(t, int64(2), e.count(t, "lead_mission"))
}

func v5Save(t *testing.T, e *env) {
	user := virk(t, e, 0)
	project := &Project{Title: "Shipping v5"}
	require.NoError(t, user.Related("projects").Save(e.ctx, project))
	require.True(t, project.IsPersisted())
	require.Equal(t, int64(1), project.Extras()["pivot_user_id"])
	require.Equal(t, project.ID, project.Extras()["pivot_project_id"])

	// Lucid adds a second pivot row unless it is told to check. Kindred checks, and SaveDuplicate does not.
	require.NoError(t, user.Related("projects").Save(e.ctx, project))
	require.Equal(t, int64(1), e.count(t, "project_user"))
	require.ErrorIs(t, user.Related("projects").SaveDuplicate(e.ctx, project), model.ErrDuplicate, "the table has a unique key")
	require.NoError(t, user.Related("projects").Save(e.ctx, project, pivot{"role": "admin"}))
	require.Equal(t, [][]string{{"1", "admin"}}, e.rows(t, projectRows))
	require.Equal(t, "admin", project.Extras()["pivot_role"])
	e.sends(t, 1, func() { // a look at the pivot row, which has these attributes
		require.NoError(t, user.Related("projects").Save(e.ctx, project, pivot{"role": "admin"}))
	})
}

func v5SaveMany(t *testing.T, e *env) {
	user := virk(t, e, 0)
	first, second := &Project{Title: "Shipping v5"}, &Project{Title: "Recording screencasts"}
	e.sends(t, 2, func() { // the projects, the pivot rows
		require.NoError(t, user.Related("projects").SaveMany(e.ctx, []*Project{first, second}))
	})
	require.Equal(t, []int64{1, 2}, []int64{first.ID, second.ID})
	require.Equal(t, [][]string{{"1", "NULL"}, {"2", "NULL"}}, e.rows(t, projectRows))
}

func v5Attach(t *testing.T, e *env) {
	user := virk(t, e, 3)
	project := find[Project](t, e, 1)
	e.sends(t, 1, func() { require.NoError(t, user.Related("projects").Attach(e.ctx, project.ID)) })
	e.sends(t, 1, func() {
		require.NoError(t, user.Related("projects").Attach(e.ctx, relation.Pivot(2, pivot{"role": "admin"}), 3))
	})
	require.Equal(t, [][]string{{"1", "NULL"}, {"2", "admin"}, {"3", "NULL"}}, e.rows(t, projectRows))
	require.ErrorIs(t, user.Related("projects").Attach(e.ctx, 3), model.ErrDuplicate, "Attach always inserts, as in Lucid")
	require.ErrorIs(t, (&User{}).Related("projects").Attach(e.ctx, 3), model.ErrUnbound)
	fresh := &User{}
	fresh.UseDB(e.db)
	require.ErrorIs(t, fresh.Related("projects").Attach(e.ctx, 3), model.ErrNotPersisted)
}

func v5Detach(t *testing.T, e *env) {
	user := virk(t, e, 5)
	require.NoError(t, user.Related("projects").Attach(e.ctx, []int{1, 2, 3, 4, 5}))
	e.sends(t, 1, func() {
		n, err := user.Related("projects").Detach(e.ctx, []int{1, 2, 3})
		require.NoError(t, err)
		require.Equal(t, int64(3), n)
	})
	require.Equal(t, [][]string{{"4", "NULL"}, {"5", "NULL"}}, e.rows(t, projectRows))
	n, err := user.Related("projects").DetachAll(e.ctx)
	require.NoError(t, err)
	require.Equal(t, int64(2), n)
	require.Equal(t, int64(5), e.count(t, "projects"))
}

func v5Sync(t *testing.T, e *env) {
	user := virk(t, e, 5)
	require.NoError(t, user.Related("projects").Attach(e.ctx, 1, 3))
	e.sends(t, 3, func() { // SELECT, DELETE, INSERT
		diff, err := user.Related("projects").Sync(e.ctx, 1, 2, 4, 5)
		require.NoError(t, err)
		require.Equal(t, relation.Changes{Attached: []any{int64(2), int64(4), int64(5)}, Detached: []any{int64(3)}}, diff)
	})
	require.Equal(t, [][]string{{"1", "NULL"}, {"2", "NULL"}, {"4", "NULL"}, {"5", "NULL"}}, e.rows(t, projectRows))
}

func v5SyncWithoutDetaching(t *testing.T, e *env) {
	user := virk(t, e, 3)
	require.NoError(t, user.Related("projects").Attach(e.ctx, 1, 3))
	e.sends(t, 2, func() {
		diff, err := user.Related("projects").SyncWithoutDetaching(e.ctx, 1, 2)
		require.NoError(t, err)
		require.Equal(t, relation.Changes{Attached: []any{int64(2)}}, diff)
	})
	require.Equal(t, [][]string{{"1", "NULL"}, {"2", "NULL"}, {"3", "NULL"}}, e.rows(t, projectRows))
	e.sends(t, 0, func() {
		_, err := user.Related("projects").SyncWithoutDetaching(e.ctx)
		require.NoError(t, err)
	})
}

func v5SyncAttributes(t *testing.T, e *env) {
	user := virk(t, e, 4)
	require.NoError(t, user.Related("projects").Attach(e.ctx,
		relation.Pivot(1, pivot{"role": "guest"}), 2, relation.Pivot(3, pivot{"role": "admin"}), relation.Pivot(4, pivot{"role": "guest"})))
	sync := func() (relation.Changes, error) {
		return user.Related("projects").Sync(e.ctx,
			relation.Pivot(1, pivot{"role": "admin"}), relation.Pivot(4, pivot{"role": "guest"}), relation.Pivot(3, pivot{"role": nil}))
	}
	e.sends(t, 4, func() { // SELECT, DELETE of 2, UPDATE of 1 and of 3
		diff, err := sync()
		require.NoError(t, err)
		require.Equal(t, relation.Changes{Detached: []any{int64(2)}, Updated: []any{int64(1), int64(3)}}, diff)
	})
	require.Equal(t, [][]string{{"1", "admin"}, {"3", "NULL"}, {"4", "guest"}}, e.rows(t, projectRows))
	e.sends(t, 1, func() { // nothing differs
		diff, err := sync()
		require.NoError(t, err)
		require.Equal(t, relation.Changes{}, diff)
	})
}

// TestLucidV5APIBuilder is the reference of manyToMany in AdonisJS 5: the query builder.
func TestLucidV5APIBuilder(t *testing.T) {
	t.Parallel()
	guide(
		t,
		section{title: "query", check: v5Query},
		section{title: "pivotColumns", check: v5QueryPivotColumns},
		section{title: "wherePivot", check: v5WherePivot},
		section{title: "whereInPivot", check: v5WhereInPivot},
		section{title: "whereNullPivot", check: v5WhereNullPivot},
		section{title: "groupLimit", check: v5GroupLimit},
		section{title: "groupOrderBy", check: v5GroupOrderBy},
	)
}

// roles makes a user with five projects in as many roles.
func roles(t *testing.T, e *env) *relation.ManyToManyClient[*Project] {
	t.Helper()
	user := virk(t, e, 5)
	e.exec(t, `INSERT INTO project_user (user_id, project_id, role, deleted_at) VALUES (1, 1, 'admin', NULL),
		(1, 2, 'collaborator', '2026-01-02 00:00:00'), (1, 3, 'guest', NULL), (1, 4, NULL, NULL), (2, 5, 'admin', NULL)`)
	return relation.ManyToMany(user, &user.Projects)
}

func v5Query(t *testing.T, e *env) {
	projects := roles(t, e)
	n, err := projects.Query().Count(e.ctx)
	require.NoError(t, err)
	require.Equal(t, int64(4), n)
	n, err = projects.Query().Where("id", ">", 2).Update(e.ctx, model.Attrs{"title": "renamed"})
	require.NoError(t, err)
	require.Equal(t, int64(2), n)
	require.Equal(t, [][]string{{"3"}, {"4"}}, e.rows(t, "SELECT id FROM projects WHERE title = 'renamed' ORDER BY id"))
}

func v5QueryPivotColumns(t *testing.T, e *env) {
	projects := roles(t, e)
	list := all(t, e, projects.Query().OrderBy("id"))
	require.False(t, list[0].Extras().Has("pivot_role"))
	list = all(t, e, projects.Query().Use(func(q *relation.Query) { q.PivotColumns("role") }).OrderBy("id"))
	require.Equal(t, "admin", list[0].Extras()["pivot_role"])
	require.Nil(t, list[3].Extras()["pivot_role"])
}

// ids returns the ids of the projects of a query.
func ids(t *testing.T, e *env, q *model.Builder[Project]) []int64 {
	t.Helper()
	return names(all(t, e, q.OrderBy("id")), projectID)
}

func v5WherePivot(t *testing.T, e *env) {
	projects := roles(t, e)
	require.Equal(t, []int64{1}, ids(t, e, projects.Query().Use(func(q *relation.Query) { q.WherePivot("role", "admin") })))
	require.Equal(t, []int64{1, 3}, ids(t, e, projects.Query().Where("id", 3).Use(func(q *relation.Query) { q.OrWherePivot("role", "admin") })))
	require.Equal(t, []int64{2, 3}, ids(t, e, projects.Query().Use(func(q *relation.Query) { q.WherePivotNot("role", "admin") })))
	require.Equal(t, []int64{1, 2, 3}, ids(t, e, projects.Query().Where("id", 1).Use(func(q *relation.Query) { q.OrWherePivotNot("role", "admin") })))
	require.Equal(t, []int64{1, 2}, ids(t, e, projects.Query().Use(func(q *relation.Query) { q.WherePivot("role", "<", "d") })), "andWherePivot and operators")
}

func v5WhereInPivot(t *testing.T, e *env) {
	projects := roles(t, e)
	list := []string{"admin", "collaborator"}
	require.Equal(t, []int64{1, 2}, ids(t, e, projects.Query().Use(func(q *relation.Query) { q.WherePivotIn("role", list) })))
	require.Equal(t, []int64{1, 2, 4}, ids(t, e, projects.Query().Where("id", 4).Use(func(q *relation.Query) { q.OrWherePivotIn("role", list) })))
	require.Equal(t, []int64{3}, ids(t, e, projects.Query().Use(func(q *relation.Query) { q.WherePivotNotIn("role", list) })))
	require.Equal(t, []int64{1, 3}, ids(t, e, projects.Query().Where("id", 1).Use(func(q *relation.Query) { q.OrWherePivotNotIn("role", list) })))
}

func v5WhereNullPivot(t *testing.T, e *env) {
	projects := roles(t, e)
	require.Equal(t, []int64{1, 3, 4}, ids(t, e, projects.Query().Use(func(q *relation.Query) { q.WherePivotNull("deleted_at") })))
	require.Equal(t, []int64{2, 4}, ids(t, e, projects.Query().Where("id", 2).Use(func(q *relation.Query) { q.OrWherePivotNull("role") })))
	require.Equal(t, []int64{2}, ids(t, e, projects.Query().Use(func(q *relation.Query) { q.WherePivotNotNull("deleted_at") })))
	require.Equal(t, []int64{1, 2}, ids(t, e, projects.Query().Where("id", 1).Use(func(q *relation.Query) { q.OrWherePivotNotNull("deleted_at") })))
}

// crowd makes two users with three projects each, the second one of each updated last.
func crowd(t *testing.T, e *env) {
	t.Helper()
	seed(t, e, &User{Username: "virk"}, &User{Username: "nikk"})
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, d := range []int{1, 9, 5, 2, 8, 4} {
		seed(t, e, &Project{Title: "p"})
		e.exec(t, "UPDATE projects SET updated_at = ? WHERE id = ?", day.AddDate(0, 0, d), i+1)
		e.exec(t, "INSERT INTO project_user (user_id, project_id) VALUES (?, ?)", i/3+1, i+1)
	}
}

func v5GroupLimit(t *testing.T, e *env) {
	crowd(t, e)
	e.sends(t, 2, func() {
		users := all(t, e, model.Query[User](e.db).OrderBy("id").Preload("projects", func(q *relation.Query) { q.GroupLimit(2).OrderBy("id") }))
		require.Equal(t, []int64{1, 2}, names(users[0].Projects, projectID), "without GroupOrderBy the order decides which")
		require.Equal(t, []int64{4, 5}, names(users[1].Projects, projectID))
	})
	users := all(t, e, model.Query[User](e.db).OrderBy("id").Preload("projects", func(q *relation.Query) { q.GroupLimit(1) }))
	require.Equal(t, []int64{3}, names(users[0].Projects, projectID), "else the newest by key")
}

func v5GroupOrderBy(t *testing.T, e *env) {
	crowd(t, e)
	users := all(t, e, model.Query[User](e.db).OrderBy("id").Preload("projects", func(q *relation.Query) {
		q.GroupLimit(2).GroupOrderBy("projects.updated_at", relation.Desc)
	}))
	require.Equal(t, []int64{2, 3}, names(users[0].Projects, projectID))
	require.Equal(t, []int64{5, 6}, names(users[1].Projects, projectID))
}
