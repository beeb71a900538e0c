// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

// A hidden field is in no JSON, whoever encodes the record.
func ExampleRecord_MarshalJSON() {
	user := &User{ID: 1, Email: "ada@example.com", Password: "hash", CreatedAt: noon(), UpdatedAt: noon()}

	text, err := json.MarshalIndent(user, "", "  ")
	must(err)
	fmt.Println(string(text))
	// Output:
	// {
	//   "id": 1,
	//   "email": "ada@example.com",
	//   "name": "",
	//   "visits": 0,
	//   "created_at": "2026-03-01T12:00:00Z",
	//   "updated_at": "2026-03-01T12:00:00Z"
	// }
}

// UnmarshalJSON sets what mass assignment may set, so a stranger's id or password does nothing.
// serialize.Decode refuses them instead.
func ExampleRecord_UnmarshalJSON() {
	body := []byte(`{"id": 99, "email": "eve@example.com", "password": "x", "unknown": true}`)

	user := &User{}
	must(json.Unmarshal(body, user))
	fmt.Println(user.ID, user.Email, user.Password == "")

	err := serialize.Decode(body, &User{})
	fmt.Println(errors.Is(err, model.ErrGuarded))
	// Output:
	// 0 eve@example.com true
	// true
}

// ToObject gives values under their Go names. Hidden ones are left out all the same.
func ExampleRecord_ToObject() {
	ctx, db := context.Background(), open(&User{})
	defer shut(db)
	user := &User{Email: "ada@example.com", Name: "Ada", Password: "hash"}
	must(model.Create(ctx, db, user))

	object := user.ToObject()
	_, shown := object["Password"]
	fmt.Println(object["ID"], object["Email"], shown)
	// Output: 1 ada@example.com false
}

// A record that gets into a log shows table and key only, whatever the verb.
func ExampleRecord_logging() {
	user := &User{Email: "ada@example.com", Password: "secret"}
	fmt.Println(user)
	fmt.Printf("%+v\n", user)

	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{} // different in every run
			}
			return a
		},
	}))
	logger.Info("signed in", "user", user)
	// Output:
	// users#new
	// users#new
	// level=INFO msg="signed in" user=users#new
}
