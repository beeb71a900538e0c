// SPDX-License-Identifier: MIT

package main

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Post is a parent of the workloads with relations, in the form that all contenders' results are
// converted to. It is also the plain struct of the raw contender.
type Post struct {
	ID           int64     `json:"id"`
	Title        string    `json:"title"`
	Body         string    `json:"body"`
	Views        int64     `json:"views"`
	CreatedAt    time.Time `json:"created_at"`
	Comments     []Comment `json:"comments"`
	Tags         []Tagged  `json:"tags,omitempty"`
	CommentCount int64     `json:"comment_count,omitempty"`
}

// Comment is a child of a post.
type Comment struct {
	ID        int64     `json:"id"`
	PostID    int64     `json:"post_id"`
	Author    string    `json:"author"`
	Body      string    `json:"body"`
	Likes     int64     `json:"likes"`
	CreatedAt time.Time `json:"created_at"`
}

// Tag is what posts are connected to.
type Tag struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Color     string    `json:"color"`
	CreatedAt time.Time `json:"created_at"`
}

// Tagged is a tag with the further columns of the row that connects it to a post.
type Tagged struct {
	Tag

	Role     string    `json:"role"`
	TaggedAt time.Time `json:"tagged_at"`
}

// The tables of the workloads with relations, and their columns in the order of the fields.
const (
	postTable    = "bench_posts"
	commentTable = "bench_comments"
	tagTable     = "bench_tags"
	pivotTable   = "bench_post_tags"

	postColumns    = "id, title, body, views, created_at"
	commentColumns = "id, post_id, author, body, likes, created_at"
)

// Statements that raw and pgx share, as the careful person writes them. Those that take a list of keys
// end with it.
const (
	postsSQL    = "SELECT " + postColumns + " FROM " + postTable + " ORDER BY id"
	commentsSQL = "SELECT " + commentColumns + " FROM " + commentTable + " WHERE post_id "
	taggedSQL   = "SELECT t.id, t.name, t.color, t.created_at, pt.post_id, pt.role, pt.tagged_at FROM " +
		tagTable + " t JOIN " + pivotTable + " pt ON pt.tag_id = t.id WHERE pt.post_id "
	countedSQL = "SELECT " + postColumns + ", (SELECT count(*) FROM " + commentTable +
		" c WHERE c.post_id = p.id) FROM " + postTable + " p ORDER BY id"

	// The newest comments of each post, by what is fastest on the database.
	newestPostgres = "SELECT c.* FROM " + postTable + " p CROSS JOIN LATERAL (SELECT " + commentColumns +
		" FROM " + commentTable + " WHERE post_id = p.id ORDER BY id DESC LIMIT 3) c WHERE p.id = ANY($1)"
	newestSQLite = "SELECT c.id, c.post_id, c.author, c.body, c.likes, c.created_at FROM " + postTable +
		" p JOIN " + commentTable + " c ON c.id IN (SELECT id FROM " + commentTable +
		" WHERE post_id = p.id ORDER BY id DESC LIMIT 3) WHERE p.id "

	keptSQL     = "SELECT tag_id FROM " + pivotTable + " WHERE post_id = %s"
	detachedSQL = "DELETE FROM " + pivotTable + " WHERE post_id = %s AND tag_id "
	attachedSQL = "INSERT INTO " + pivotTable + " (post_id, tag_id, tagged_at) VALUES "
)

// newestComments is the number of comments that newestPostgres and newestSQLite load per post.
const newestComments = 3

// manyTags is the number of tags.
const manyTags = 1100

// Graph is how many rows the tables hold: comments and tags for each of the posts.
type Graph struct{ Posts, Comments, Tags int }

// graphTables are the tables in the order in which they are filled.
var graphTables = []string{postTable, commentTable, tagTable, pivotTable}

// createGraph returns the statements that replace the tables.
func createGraph(t Target) []string {
	key, number, moment, with := "integer PRIMARY KEY AUTOINCREMENT", "integer", "datetime", ""
	if t == Postgres {
		key, number, moment = "bigserial PRIMARY KEY", "bigint", "timestamptz"
		with = " WITH (autovacuum_enabled = false)"
	}
	r := strings.NewReplacer("SERIAL", key, "NUMBER", number, "MOMENT", moment)
	create := func(name, columns string) string {
		return "CREATE TABLE " + name + " (" + r.Replace(columns) + ")" + with
	}
	return append(dropGraph(),
		create(postTable, "id SERIAL, title text NOT NULL, body text NOT NULL, views NUMBER NOT NULL, "+
			"created_at MOMENT NOT NULL"),
		create(commentTable, "id SERIAL, post_id NUMBER NOT NULL, author text NOT NULL, body text NOT NULL, "+
			"likes NUMBER NOT NULL, created_at MOMENT NOT NULL"),
		"CREATE INDEX bench_comments_post ON "+commentTable+" (post_id, id)",
		create(tagTable, "id SERIAL, name text NOT NULL, color text NOT NULL, created_at MOMENT NOT NULL"),
		create(pivotTable, "post_id NUMBER NOT NULL, tag_id NUMBER NOT NULL, "+
			"role text, tagged_at MOMENT NOT NULL, PRIMARY KEY (post_id, tag_id)"),
	)
}

func dropGraph() []string {
	var list []string
	for _, name := range slices.Backward(graphTables) {
		list = append(list, "DROP TABLE IF EXISTS "+name)
	}
	return list
}

// fillGraph returns the statements that write the rows.
func fillGraph(g Graph) []string {
	const moment = "'2025-01-01 08:30:00.123456+00:00'"
	upTo := func(table, columns string, n int, values string) string {
		return fmt.Sprintf("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "+
			"INSERT INTO %s (%s) SELECT %s FROM n", n, table, columns, values)
	}
	list := []string{
		upTo(postTable, postColumns, g.Posts,
			"i, 'Title of post ' || i, 'Body of post ' || i || ', which says a little more.', i * 31, "+moment),
		upTo(tagTable, "id, name, color, created_at", manyTags, "i, 'Tag ' || i, 'color' || (i % 9), "+moment),
	}
	if g.Comments > 0 { // those of one post lie apart from each other, as they do when they come in over time
		list = append(list, upTo(commentTable, commentColumns, g.Posts*g.Comments, fmt.Sprintf(
			"i, (i %% %d) + 1, 'Author ' || (i %% 97), 'Comment ' || i || ' has a few words to say.', (i * 7) %% 1000, %s",
			g.Posts, moment)))
	}
	if g.Tags > 0 {
		list = append(list, upTo(pivotTable, "post_id, tag_id, role, tagged_at", g.Posts*g.Tags, fmt.Sprintf(
			"(i - 1) / %[1]d + 1, ((i - 1) / %[1]d * 7 + (i - 1) %% %[1]d) %% %[2]d + 1, 'role' || (i %% 5), %[3]s",
			g.Tags, manyTags, moment)))
	}
	return list
}

// ResetGraph leaves exactly the rows of g in the tables, settled as well as they get. written says that
// the workload changes the rows that connect tags.
func (s *Stage) ResetGraph(ctx context.Context, g Graph, written bool) error {
	tables, list := graphTables, fillGraph(g)
	if s.graph == g {
		if !written {
			return nil
		}
		tables, list = tables[len(tables)-1:], list[len(list)-1:]
	}
	s.graph = g
	names := strings.Join(tables, ", ")
	if s.Target == Postgres {
		list = append([]string{"TRUNCATE " + names + " RESTART IDENTITY"}, append(list, "VACUUM (ANALYZE) "+names)...)
		return s.execAll(ctx, list)
	}
	for _, name := range tables {
		list = append([]string{"DELETE FROM " + name}, list...)
	}
	return s.execAll(ctx, append(list, "PRAGMA wal_checkpoint(TRUNCATE)"))
}

func (s *Stage) execAll(ctx context.Context, list []string) error {
	for _, q := range list {
		if _, err := s.admin.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

// connected returns a post with the tags that it is connected to, as far as their keys go.
func (s *Stage) connected(ctx context.Context, post int64) (*Post, error) {
	rows, err := s.admin.QueryContext(ctx, fmt.Sprintf("SELECT tag_id FROM %s WHERE post_id = %d", pivotTable, post))
	if err != nil {
		return nil, err
	}
	p := &Post{ID: post}
	ids, err := scanKeys(rows)
	for _, id := range ids {
		p.Tags = append(p.Tags, Tagged{Tag: Tag{ID: id}})
	}
	return p, err
}

// scanKeys reads rows of one integer and closes them.
func scanKeys(rows *sql.Rows) ([]int64, error) {
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// diffPosts returns an error that shows the first difference between got and want. Related rows may
// come in any order.
func diffPosts(got, want []Post) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d posts; want %d", len(got), len(want))
	}
	for i := range got {
		a, b := normalPost(&got[i]), normalPost(&want[i])
		if a != b {
			return fmt.Errorf("post %d differs:\n  got  %s\n  want %s", i, a, b)
		}
	}
	return nil
}

// normalPost returns all values of a post as one text.
func normalPost(p *Post) string {
	moment := func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
	var b strings.Builder
	fmt.Fprintf(&b, "{%d %q %q %d %s; %d comments", p.ID, p.Title, p.Body, p.Views, moment(p.CreatedAt), p.CommentCount)
	comments := slices.SortedFunc(slices.Values(p.Comments), func(a, b Comment) int { return cmp.Compare(a.ID, b.ID) })
	for _, c := range comments {
		fmt.Fprintf(&b, " {%d %d %q %q %d %s}", c.ID, c.PostID, c.Author, c.Body, c.Likes, moment(c.CreatedAt))
	}
	tags := slices.SortedFunc(slices.Values(p.Tags), func(a, b Tagged) int { return cmp.Compare(a.ID, b.ID) })
	for _, t := range tags {
		fmt.Fprintf(&b, " {%d %q %q %s %q %s}", t.ID, t.Name, t.Color, moment(t.CreatedAt), t.Role, moment(t.TaggedAt))
	}
	b.WriteByte('}')
	return b.String()
}
