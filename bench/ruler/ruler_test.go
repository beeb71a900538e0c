// SPDX-License-Identifier: MIT

package ruler_test

import (
	"database/sql"
	"database/sql/driver"
	"strings"
	"testing"

	"github.com/kindred-orm/kindred/bench/ruler"
)

func open(t *testing.T) (*sql.DB, *ruler.Driver) {
	t.Helper()
	d := ruler.New(
		[]ruler.Column{{Name: "id", Type: "integer"}, {Name: "name", Type: "text"}},
		[][]driver.Value{{int64(1), "ann"}, {int64(2), "bob"}},
	)
	db := sql.OpenDB(d)
	t.Cleanup(func() { _ = db.Close() })
	return db, d
}

func TestSelect(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query, columns string
		rows                 int
	}{
		{"Star", "SELECT * FROM users ORDER BY id", "id name", 2},
		{"Qualified", "SELECT `users`.`name`, `users`.`id` FROM `users` WHERE id = ?", "name id", 1},
		{"Alias", `select "u"."name" AS "n" from "users" AS "u"`, "n", 2},
		{"UnaryPlus", "SELECT +name as name FROM users", "name", 2},
		{"Count", "SELECT count(*) as total FROM users", "total", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db, _ := open(t)
			rows, err := db.QueryContext(t.Context(), tt.query)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			columns, _ := rows.Columns()
			if got := strings.Join(columns, " "); got != tt.columns {
				t.Errorf("columns = %q; want %q", got, tt.columns)
			}
			n := 0
			for rows.Next() {
				n++
			}
			if err := rows.Err(); err != nil || n != tt.rows {
				t.Errorf("rows = %d, %v; want %d", n, err, tt.rows)
			}
		})
	}
}

func TestUnknownColumn(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	if _, err := db.ExecContext(t.Context(), "SELECT nope FROM users"); err == nil {
		t.Error("an unknown column must be an error")
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	db, d := open(t)
	d.Record(true)
	var id int64
	row := db.QueryRowContext(t.Context(), "INSERT INTO users (name) VALUES (?) RETURNING `id`", "c")
	if err := row.Scan(&id); err != nil || id != 3 {
		t.Fatalf("id = %d, %v; want 3", id, err)
	}
	if w := d.LastWrite(); w == nil || w.Args[0].Value != "c" {
		t.Errorf("last write = %+v", w)
	}
	res, err := db.ExecContext(t.Context(), "UPDATE users SET name = ? WHERE id = ?", "d", 1)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := res.RowsAffected(); n != 1 {
		t.Errorf("affected = %d; want 1", n)
	}
}
