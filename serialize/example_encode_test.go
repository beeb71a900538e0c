// SPDX-License-Identifier: MIT

package serialize_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

func ExampleJSON() {
	user := &User{ID: 1, Email: "ada@example.com", Name: "Ada", Password: "hash", CreatedAt: noon()}

	text, err := serialize.JSON(user)
	must(err)
	fmt.Println(string(text))
	// Output: {"id":1,"email":"ada@example.com","full_name":"Ada","created_at":"2026-03-01T12:00:00Z"}
}

// A slice is a list, also when there is nothing in it.
func ExampleJSON_list() {
	pick := serialize.Options{Fields: serialize.Pick("id")}

	text, err := serialize.JSON([]*User{{ID: 1}, {ID: 2}}, pick)
	must(err)
	fmt.Println(string(text))

	var none []*User
	text, err = serialize.JSON(none, pick)
	must(err)
	fmt.Println(string(text))
	// Output:
	// [{"id":1},{"id":2}]
	// []
}

// Write is for handlers. If the value cannot be encoded nothing is written, so there is still room
// for an error status.
func ExampleWrite() {
	handler := func(w http.ResponseWriter, _ *http.Request) {
		user := &User{ID: 1, Email: "ada@example.com", Name: "Ada"}
		w.Header().Set("Content-Type", "application/json")
		if err := serialize.Write(w, user, serialize.Options{Fields: serialize.Omit("created_at")}); err != nil {
			http.Error(w, "cannot show this user", http.StatusInternalServerError)
		}
	}

	answer := httptest.NewRecorder()
	handler(answer, httptest.NewRequest(http.MethodGet, "/users/1", nil))
	fmt.Println(answer.Code, answer.Body)
	// Output: 200 {"id":1,"email":"ada@example.com","full_name":"Ada"}
}

// A page writes its records with the options, and its numbers beside them.
func ExampleWrite_page() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	must(model.CreateMany(ctx, db, []*User{{Name: "Ada"}, {Name: "Ben"}}))

	page, err := model.Query[User](db).OrderBy("id").CursorPaginate(ctx, "", 5)
	must(err)
	answer := httptest.NewRecorder()
	must(serialize.Write(answer, page, serialize.Options{Fields: serialize.Pick("id")}))
	fmt.Println(answer.Body)
	// Output: {"meta":{"per_page":5,"next_cursor":null,"prev_cursor":null},"data":[{"id":1},{"id":2}]}
}

// Map is JSON as values, to put into a larger answer or a template.
func ExampleMap() {
	user := &User{ID: 1, Email: "ada@example.com", Name: "Ada", Password: "hash", CreatedAt: noon()}

	values, err := serialize.Map(user, serialize.Options{Fields: serialize.Omit("created_at")})
	must(err)
	fmt.Println(values)
	// Output: map[email:ada@example.com full_name:Ada id:1]
}
