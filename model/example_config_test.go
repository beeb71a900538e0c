// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"gorm.io/driver/sqlite"

	"github.com/kindred-orm/kindred/model"
)

// A clock of one's own makes timestamps the same in every run of a test.
func ExampleConfig() {
	ctx := context.Background()
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	db, err := model.Open(sqlite.Open(":memory:"), model.Config{Now: func() time.Time { return now }})
	must(err)
	defer shut(db)
	must(db.Migrate(ctx, &User{}))

	user := &User{Email: "ada@example.com"}
	must(model.Create(ctx, db, user))
	fmt.Println(user.CreatedAt)
	// Output: 2026-03-01 12:00:00 +0000 UTC
}

// Statements are logged without their values, which may be secrets.
func ExampleConfig_logger() {
	ctx, quiet := context.Background(), open(&User{})
	defer shut(quiet)

	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "took" {
				return slog.Attr{} // different in every run
			}
			return a
		},
	}))
	db, err := model.New(quiet.Gorm(), model.Config{Logger: logger})
	must(err)

	_, err = model.Query[User](db).Where("password", "secret").Select("email").All(ctx)
	must(err)
	// Output:
	// level=DEBUG msg=statement sql="SELECT `users`.`email` FROM `users` WHERE `users`.`password` = ?" rows=0
}
