// SPDX-License-Identifier: MIT

package seeds_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// TestLucidV5Preview is the guide to many to many of the preview of AdonisJS 5. "When to use" has no example.
func TestLucidV5Preview(t *testing.T) {
	t.Parallel()
	people := []any{&Person{}, &Talent{}}
	guide(
		t,
		section{title: "Relationship models", check: previewModels},
		section{title: "Relationship keys", check: previewKeys, own: people},
		section{title: "Custom pivot table", check: previewTable},
		section{title: "Preloading relationship", check: previewPreloading},
		section{title: "Preloading relationship/computed", check: previewComputed, own: people},
		section{title: "pivotColumns", check: previewPivotColumns},
		section{title: "pivotColumns of the definition", check: previewDeclaredColumns, own: people},
		section{title: "wherePivot", check: previewWherePivot},
		section{title: "save, saveMany", check: previewSave},
		section{title: "save, saveMany with duplicates", check: previewDuplicates, own: people},
		section{title: "create, createMany", check: previewCreate},
		section{title: "attach", check: previewAttach},
		section{title: "detach", check: previewDetach},
		section{title: "sync", check: previewSync},
	)
}

// Person has talents with all options, and once more with pairs that may repeat.
type Person struct {
	model.BaseModel[Person]

	ID int64

	Talents  []*Talent `relation:"manyToMany;localKey:ID;pivotForeignKey:user_id;relatedKey:ID;pivotRelatedForeignKey:skill_id;pivotTable:user_skills;pivotColumns:proficiency"`
	Repeated []*Talent `relation:"manyToMany;pivotTable:repeated_skills;duplicates"`
}

// Talent shows a pivot value in its JSON.
type Talent struct {
	model.BaseModel[Talent]

	ID   int64
	Name string
}

func (*Talent) Define(d *model.Definition[Talent]) {
	d.Computed("proficiency", func(talent *Talent) any { return talent.Extras()["pivot_proficiency"] })
}

// skilled makes user 1, skills 1 to 4, and attaches the first two.
func skilled(t *testing.T, e *env) *User {
	t.Helper()
	seed(t, e, &User{Username: "virk"})
	seed(t, e, &Skill{Name: "Programming"}, &Skill{Name: "Cooking"}, &Skill{Name: "Singing"}, &Skill{Name: "Dancing"})
	e.exec(t, "INSERT INTO skill_user (user_id, skill_id, proficiency) VALUES (1, 1, 'expert'), (1, 2, 'beginner')")
	return find[User](t, e, 1)
}

const skillRows = "SELECT skill_id, proficiency FROM skill_user WHERE user_id = 1 ORDER BY skill_id"

func skill(s *Skill) string { return s.Name }

func previewModels(t *testing.T, e *env) {
	user := skilled(t, e)
	skills := all(t, e, relation.ManyToMany(user, &user.Skills).Query().OrderBy("id"))
	require.Equal(t, []string{"Programming", "Cooking"}, names(skills, skill))
	users := all(t, e, relation.ManyToMany(skills[0], &skills[0].Users).Query())
	require.Equal(t, user.ID, users[0].ID)
}

func previewKeys(t *testing.T, _ *env) {
	r := relationOf[User](t, "skills")
	require.Equal(t, []string{"ID", "ID", "user_id", "skill_id"},
		[]string{r.LocalKey, r.RelatedKey, r.PivotForeignKey, r.PivotRelatedForeignKey})
	r = relationOf[Person](t, "talents")
	require.Equal(t, []string{"ID", "ID", "user_id", "skill_id"},
		[]string{r.LocalKey, r.RelatedKey, r.PivotForeignKey, r.PivotRelatedForeignKey})
	require.Equal(t, "user_skills", r.PivotTable)
}

func previewTable(t *testing.T, _ *env) {
	require.Equal(t, "skill_user", relationOf[User](t, "skills").PivotTable)
	require.Equal(t, "skill_user", relationOf[Skill](t, "users").PivotTable)
}

func previewPreloading(t *testing.T, e *env) {
	skilled(t, e)
	var user *User
	e.sends(t, 2, func() {
		var err error
		user, err = model.Query[User](e.db).Preload("skills").First(e.ctx)
		require.NoError(t, err)
	})
	require.Len(t, user.Skills, 2)
	for _, s := range user.Skills {
		require.Equal(t, int64(1), s.Extras()["pivot_user_id"])
		require.Equal(t, s.ID, s.Extras()["pivot_skill_id"])
		require.NotContains(t, toJSON(t, s), "pivot_", "extras do not leak")
	}
}

func previewComputed(t *testing.T, e *env) {
	seed(t, e, &Person{})
	seed(t, e, &Talent{Name: "Programming"})
	require.NoError(t, find[Person](t, e, 1).Related("talents").Attach(e.ctx, relation.Pivot(1, pivot{"proficiency": "master"})))
	person, err := model.Query[Person](e.db).Preload("talents").First(e.ctx)
	require.NoError(t, err)
	require.JSONEq(t, `{"id": 1, "talents": [{"id": 1, "name": "Programming", "proficiency": "master"}]}`, toJSON(t, person))
}

func previewPivotColumns(t *testing.T, e *env) {
	skilled(t, e)
	user, err := model.Query[User](e.db).Preload("skills", func(q *relation.Query) { q.PivotColumns("proficiency").OrderBy("id") }).First(e.ctx)
	require.NoError(t, err)
	require.Equal(t, []string{"expert", "beginner"}, names(user.Skills, func(s *Skill) string { return s.Extras().String("pivot_proficiency") }))
}

func previewDeclaredColumns(t *testing.T, e *env) {
	seed(t, e, &Person{})
	seed(t, e, &Talent{Name: "Programming"})
	person := find[Person](t, e, 1)
	require.NoError(t, person.Related("talents").Attach(e.ctx, relation.Pivot(1, pivot{"proficiency": "master"})))
	require.NoError(t, person.Load(e.ctx, "talents"))
	require.Equal(t, "master", person.Talents[0].Extras()["pivot_proficiency"])
	require.Equal(t, [][]string{{"1", "1", "master"}}, e.rows(t, "SELECT user_id, skill_id, proficiency FROM user_skills"))
}

func previewWherePivot(t *testing.T, e *env) {
	skilled(t, e)
	load := func(fn func(q *relation.Query)) []string {
		user, err := model.Query[User](e.db).Preload("skills", fn).First(e.ctx)
		require.NoError(t, err)
		return names(user.Skills, skill)
	}
	require.Equal(t, []string{"Programming"}, load(func(q *relation.Query) { q.WherePivot("proficiency", "expert") }))
	require.Equal(t, []string{"Cooking"}, load(func(q *relation.Query) { q.WherePivotNot("proficiency", "expert") }))
	require.Equal(t, []string{"Programming"}, load(func(q *relation.Query) { q.WherePivotIn("proficiency", []string{"expert", "master"}) }))
	require.Equal(t, []string{"Cooking"}, load(func(q *relation.Query) { q.WherePivotNotIn("proficiency", []string{"expert", "master"}) }))
}

func previewSave(t *testing.T, e *env) {
	user := skilled(t, e)
	one := &Skill{Name: "Writing"}
	require.NoError(t, user.Related("skills").Save(e.ctx, one))
	require.NoError(t, user.Related("skills").SaveMany(e.ctx, []*Skill{one, {Name: "Drawing"}}), "the pair that exists is ignored")
	require.Equal(t, [][]string{{"1"}, {"2"}, {"5"}, {"6"}}, e.rows(t, "SELECT skill_id FROM skill_user ORDER BY skill_id"))
}

func previewDuplicates(t *testing.T, e *env) {
	seed(t, e, &Person{})
	person, talent := find[Person](t, e, 1), &Talent{Name: "Programming"}
	for range 2 {
		require.NoError(t, person.Related("repeated").Save(e.ctx, talent))
	}
	require.Equal(t, int64(1), e.count(t, "repeated_skills"))
	// Lucid's second argument false: a row more.
	require.NoError(t, person.Related("repeated").SaveDuplicate(e.ctx, talent))
	require.Equal(t, int64(2), e.count(t, "repeated_skills"))
	require.Equal(t, int64(1), e.count(t, "talents"))
}

func previewCreate(t *testing.T, e *env) {
	user := skilled(t, e)
	require.NoError(t, user.Related("skills").Create(e.ctx, &Skill{Name: "Writing"}))
	require.NoError(t, user.Related("skills").CreateMany(e.ctx, []*Skill{{Name: "Drawing"}, {Name: "Reading"}}))
	require.Equal(t, [][]string{{"1"}, {"2"}, {"5"}, {"6"}, {"7"}}, e.rows(t, "SELECT skill_id FROM skill_user ORDER BY skill_id"))
}

func previewAttach(t *testing.T, e *env) {
	user := skilled(t, e)
	third := find[Skill](t, e, 3)
	require.NoError(t, user.Related("skills").Attach(e.ctx, third.ID))
	require.NoError(t, user.Related("skills").Attach(e.ctx, relation.Pivot(4, pivot{"proficiency": "master"})))
	require.Equal(t, [][]string{{"1", "expert"}, {"2", "beginner"}, {"3", "NULL"}, {"4", "master"}}, e.rows(t, skillRows))
}

func previewDetach(t *testing.T, e *env) {
	user := skilled(t, e)
	_, err := user.Related("skills").Detach(e.ctx, find[Skill](t, e, 1).ID)
	require.NoError(t, err)
	require.Equal(t, [][]string{{"2", "beginner"}}, e.rows(t, skillRows))
	_, err = user.Related("skills").DetachAll(e.ctx)
	require.NoError(t, err)
	require.Empty(t, e.rows(t, skillRows))
}

func previewSync(t *testing.T, e *env) {
	user := skilled(t, e)
	// Detach and attach write rows anew that were there; what their pivot columns held is lost.
	_, err := user.Related("skills").DetachAll(e.ctx)
	require.NoError(t, err)
	require.NoError(t, user.Related("skills").Attach(e.ctx, []int{1, 2, 3, 4}))
	require.Equal(t, [][]string{{"1", "NULL"}, {"2", "NULL"}, {"3", "NULL"}, {"4", "NULL"}}, e.rows(t, skillRows))

	e.exec(t, "DELETE FROM skill_user WHERE skill_id > 2")
	e.exec(t, "UPDATE skill_user SET proficiency = 'expert' WHERE skill_id = 1")
	e.sends(t, 2, func() { // SELECT, INSERT
		_, err = user.Related("skills").Sync(e.ctx, []int{1, 2, 3, 4})
		require.NoError(t, err)
	})
	require.Equal(t, [][]string{{"1", "expert"}, {"2", "NULL"}, {"3", "NULL"}, {"4", "NULL"}}, e.rows(t, skillRows))
	e.sends(t, 1, func() {
		_, err = user.Related("skills").Sync(e.ctx, []int{1, 2, 3, 4})
		require.NoError(t, err)
	})
}
