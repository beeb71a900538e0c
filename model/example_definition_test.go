// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
)

// Member says in its Define method what tags cannot.
type Member struct {
	model.BaseModel[Member]

	ID    int64
	Email string
	Role  string
}

// Define is read once, when the model boots.
func (m *Member) Define(d *model.Definition[Member]) {
	d.Table("club_members")
	d.On(hooks.Saving, func(_ context.Context, m *Member) error {
		m.Email = strings.ToLower(m.Email)
		if !strings.Contains(m.Email, "@") {
			return errors.New("an address has an @")
		}
		return nil
	})
	d.Computed("handle", func(m *Member) any {
		name, _, _ := strings.Cut(m.Email, "@")
		return "@" + name
	})
	d.Scope("staff", func(q *relation.Query, _ ...any) { q.WhereIn("role", []string{"admin", "editor"}) })
}

func ExampleDefinition() {
	ctx, db := context.Background(), open(&Member{})
	defer shut(db)

	must(model.CreateMany(ctx, db, []*Member{
		{Email: "ADA@example.com", Role: "admin"},
		{Email: "ben@example.com", Role: "reader"},
	}))

	staff, err := model.Query[Member](db).Scope("staff").All(ctx)
	must(err)
	values, err := serialize.Map(staff[0])
	must(err)
	fmt.Println(len(staff), values["email"], values["handle"])

	err = model.Create(ctx, db, &Member{Email: "nobody"})
	fmt.Println(err)
	// Output:
	// 1 ada@example.com @ada
	// model Member: create: an address has an @
}
