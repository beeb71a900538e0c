// SPDX-License-Identifier: MIT

package seeds_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// TestSutandoWriting is the guide to relationships of Sutando: inserting and updating related models.
func TestSutandoWriting(t *testing.T) {
	t.Parallel()
	guide(
		t,
		section{title: "The save Method", check: sutandoSave},
		section{title: "Recursively Saving Models & Relationships", check: sutandoPush},
		section{title: "The create Method", check: sutandoCreate},
		section{title: "The create Method/finders", check: sutandoFinders},
		section{title: "Belongs To Relationships", check: sutandoAssociate},
		section{title: "Attaching / Detaching", check: sutandoAttach},
		section{title: "Syncing Associations", check: sutandoSync},
		section{title: "Updating A Record On The Intermediate Table", check: sutandoUpdatePivot},
	)
}

func message(c *Comment) string { return c.Message }

func sutandoSave(t *testing.T, e *env) {
	seed(t, e, &Post{Title: "first"})
	post, comment := find[Post](t, e, 1), &Comment{Message: "A new comment."}
	require.NoError(t, post.Load(e.ctx, "comments"))
	require.NoError(t, post.Related("comments").Save(e.ctx, comment))
	require.Equal(t, post.ID, comment.PostID)
	require.NoError(t, post.Related("comments").SaveMany(e.ctx, []*Comment{{Message: "Another"}, {Message: "Another new comment."}}))
	require.Empty(t, post.Comments, "what is loaded does not change")
	e.sends(t, 2, func() { require.NoError(t, post.Refresh(e.ctx)) })
	require.ElementsMatch(t, []string{"A new comment.", "Another", "Another new comment."}, names(post.Comments, message))
}

func sutandoPush(t *testing.T, e *env) {
	seed(t, e, &Author{Name: "Ada"})
	seed(t, e, &Post{Title: "first"})
	seed(t, e, &Comment{PostID: 1, AuthorID: new(int64(1))}, &Comment{PostID: 1})
	post, err := model.Query[Post](e.db).Preload("comments", byID).Preload("comments.author").First(e.ctx)
	require.NoError(t, err)
	post.Comments[0].Message = "Message"
	post.Comments[0].Author.Name = "Author Name"
	e.sends(t, 2, func() { require.NoError(t, post.Push(e.ctx)) }) // only what has changed
	require.Equal(t, [][]string{{"Message"}, {""}}, e.rows(t, "SELECT message FROM comments ORDER BY id"))
	require.Equal(t, [][]string{{"Author Name"}}, e.rows(t, "SELECT name FROM authors"))
}

func sutandoCreate(t *testing.T, e *env) {
	seed(t, e, &Post{Title: "first"})
	post, comment := find[Post](t, e, 1), &Comment{Message: "A new comment."}
	require.NoError(t, post.Related("comments").Create(e.ctx, comment))
	require.Equal(t, []int64{1, 1}, []int64{comment.ID, comment.PostID})
	require.NoError(t, post.Related("comments").CreateMany(e.ctx, []*Comment{{Message: "A new comment."}, {Message: "Another new comment."}}))
	require.Len(t, e.rows(t, "SELECT 1 FROM comments WHERE post_id = 1"), 3)
}

func sutandoFinders(t *testing.T, e *env) {
	seed(t, e, &Post{Title: "first"}, &Post{Title: "second"})
	seed(t, e, &Comment{PostID: 1, Message: "a"}, &Comment{PostID: 2, Message: "b"})
	post := find[Post](t, e, 1)
	comments := relation.HasMany(post, &post.Comments)

	known, err := comments.FindOrNew(e.ctx, 1)
	require.NoError(t, err)
	require.Equal(t, "a", known.Message)
	other, err := comments.FindOrNew(e.ctx, 2) // of another post
	require.NoError(t, err)
	require.True(t, other.IsNew())
	require.Equal(t, int64(1), other.PostID)

	fresh, err := comments.FirstOrNew(e.ctx, model.Attrs{"message": "b"}, model.Attrs{"title": "new"})
	require.NoError(t, err)
	require.True(t, fresh.IsNew())
	require.Equal(t, []any{int64(1), "b", "new"}, []any{fresh.PostID, fresh.Message, fresh.Title})

	made, err := comments.FirstOrCreate(e.ctx, model.Attrs{"message": "b"}, model.Attrs{"title": "new"})
	require.NoError(t, err)
	again, err := comments.FirstOrCreate(e.ctx, model.Attrs{"message": "b"}, model.Attrs{"title": "newer"})
	require.NoError(t, err)
	require.Equal(t, []any{made.ID, "new"}, []any{again.ID, again.Title})

	updated, err := comments.UpdateOrCreate(e.ctx, model.Attrs{"message": "b"}, model.Attrs{"title": "newest"})
	require.NoError(t, err)
	require.Equal(t, made.ID, updated.ID)
	require.Equal(t, [][]string{{"1", "a", ""}, {"2", "b", ""}, {"1", "b", "newest"}},
		e.rows(t, "SELECT post_id, message, title FROM comments ORDER BY id"))

	user := staff(t, e) // a record made through many to many is attached
	role, err := relation.ManyToMany(user, &user.Roles).FirstOrCreate(e.ctx, model.Attrs{"name": "Chief"}, nil)
	require.NoError(t, err)
	require.Len(t, e.rows(t, "SELECT 1 FROM role_user WHERE user_id = 1 AND role_id = ?", role.ID), 1)
}

func sutandoAssociate(t *testing.T, e *env) {
	seed(t, e, &Account{Name: "first"}, &Account{Name: "second"})
	seed(t, e, &User{Name: "virk"})
	user, account := find[User](t, e, 1), find[Account](t, e, 2)
	// Sutando's associate and dissociate change the record in memory. In Kindred these are Set and Unset;
	// Associate and Dissociate save at once, as in Lucid.
	e.sends(t, 0, func() { require.NoError(t, user.Related("account").Set(account)) })
	require.Same(t, account, user.Account)
	e.sends(t, 1, func() { require.NoError(t, user.Save(e.ctx)) })
	require.Equal(t, [][]string{{"2"}}, e.rows(t, "SELECT account_id FROM users"))

	e.sends(t, 0, func() { require.NoError(t, user.Related("account").Unset()) })
	require.Nil(t, user.Account)
	require.NoError(t, user.Save(e.ctx))
	require.Equal(t, [][]string{{"NULL"}}, e.rows(t, "SELECT account_id FROM users"))
}

const roleRows = `SELECT role_id, CASE WHEN active THEN 'active' WHEN NOT active THEN 'inactive' END,
	CASE WHEN expires THEN 'expires' END FROM role_user WHERE user_id = 1 ORDER BY role_id`

func sutandoAttach(t *testing.T, e *env) {
	user := staff(t, e)
	e.exec(t, "DELETE FROM role_user")
	roles := user.Related("roles")
	require.NoError(t, roles.Attach(e.ctx, 1))
	require.NoError(t, roles.Attach(e.ctx, relation.Pivot(2, pivot{"expires": true})))
	require.Equal(t, [][]string{{"1", "NULL", "NULL"}, {"2", "NULL", "expires"}}, e.rows(t, roleRows))

	n, err := roles.Detach(e.ctx, 1)
	require.NoError(t, err)
	require.Equal(t, int64(1), n)
	// detach() without ids is DetachAll: a list of ids that turns out empty must not detach everything.
	_, err = roles.DetachAll(e.ctx)
	require.NoError(t, err)
	require.Zero(t, e.count(t, "role_user"))
	require.Equal(t, int64(3), e.count(t, "roles"))

	require.NoError(t, roles.Attach(e.ctx, []int{1, 2, 3}))
	_, err = roles.Detach(e.ctx, []int{1, 2, 3})
	require.NoError(t, err)
	require.NoError(t, roles.Attach(e.ctx, []int{1, 2}))
	require.Equal(t, int64(2), e.count(t, "role_user"))
}

func sutandoSync(t *testing.T, e *env) {
	user := staff(t, e)
	roles := user.Related("roles")
	diff, err := roles.Sync(e.ctx, 1, 2, 3)
	require.NoError(t, err)
	require.Equal(t, relation.Changes{Attached: []any{int64(3)}}, diff)

	diff, err = roles.Sync(e.ctx, relation.Pivot(1, pivot{"expires": true}), relation.Pivot(2, nil), 3)
	require.NoError(t, err)
	require.Equal(t, relation.Changes{Updated: []any{int64(1)}}, diff)
	// A bool is compared as one, whatever the driver returns for it: nothing is to be done.
	e.sends(t, 1, func() {
		diff, err = roles.Sync(e.ctx, relation.Pivot(1, pivot{"expires": true}), 2, 3)
		require.NoError(t, err)
		require.Equal(t, relation.Changes{}, diff)
	})
	require.Equal(t, [][]string{{"1", "active", "expires"}, {"2", "inactive", "NULL"}, {"3", "NULL", "NULL"}}, e.rows(t, roleRows))

	diff, err = roles.SyncWithPivotValues(e.ctx, pivot{"active": true}, 1, 2, 3)
	require.NoError(t, err)
	require.Equal(t, relation.Changes{Updated: []any{int64(2), int64(3)}}, diff)
	require.Equal(t, [][]string{{"1", "active", "expires"}, {"2", "active", "NULL"}, {"3", "active", "NULL"}}, e.rows(t, roleRows))

	_, err = roles.Detach(e.ctx, 1, 2)
	require.NoError(t, err)
	diff, err = roles.SyncWithoutDetaching(e.ctx, 1)
	require.NoError(t, err)
	require.Equal(t, relation.Changes{Attached: []any{int64(1)}}, diff)
	require.Equal(t, [][]string{{"1", "NULL", "NULL"}, {"3", "active", "NULL"}}, e.rows(t, roleRows))
}

func sutandoUpdatePivot(t *testing.T, e *env) {
	user := staff(t, e)
	e.sends(t, 1, func() {
		n, err := user.Related("roles").UpdateExistingPivot(e.ctx, 1, pivot{"active": false})
		require.NoError(t, err)
		require.Equal(t, int64(1), n)
	})
	require.Equal(t, [][]string{{"1", "inactive", "NULL"}, {"2", "inactive", "NULL"}}, e.rows(t, roleRows))
	n, err := user.Related("roles").UpdateExistingPivot(e.ctx, 3, pivot{"active": true})
	require.NoError(t, err)
	require.Zero(t, n, "there is no such row, and none is made")
}
