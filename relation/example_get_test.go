// SPDX-License-Identifier: MIT

package relation_test

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/driver/sqlite"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Shelf holds books.
type Shelf struct {
	model.BaseModel[Shelf]

	ID    int64
	Name  string
	Books []*Book `relation:"hasMany"`
}

// Book stands on a shelf.
type Book struct {
	model.BaseModel[Book]

	ID      int64
	ShelfID int64
	Title   string
}

// openShelves returns a database with a shelf that has two books, and an empty one.
func openShelves() *model.DB {
	ctx := context.Background()
	db, err := model.Open(sqlite.Open(":memory:"))
	must(err)
	must(db.Migrate(ctx, &Shelf{}, &Book{}))
	must(model.Insert(ctx, db, []*Shelf{{Name: "novels"}, {Name: "poems"}}))
	must(model.Insert(ctx, db, []*Book{{ShelfID: 1, Title: "Emma"}, {ShelfID: 1, Title: "Persuasion"}}))
	return db
}

// A shelf without books and one whose books nobody has loaded look the same. Get tells them apart.
func ExampleGet() {
	ctx, db := context.Background(), openShelves()
	defer shut(db)

	shelf, err := model.Query[Shelf](db).First(ctx)
	must(err)
	_, err = relation.Get(ctx, shelf, &shelf.Books)
	fmt.Println(errors.Is(err, model.ErrNotLoaded))

	must(shelf.Load(ctx, "books"))
	books, err := relation.Get(ctx, shelf, &shelf.Books)
	fmt.Println(len(books), err)
	// Output:
	// true
	// 2 <nil>
}

// With AutoLoad the first Get loads the relation for all shelves, so the loop sends two statements
// however many there are.
func ExampleQuery_AutoLoad() {
	ctx, db := context.Background(), openShelves()
	defer shut(db)

	shelves, err := model.Query[Shelf](db).Use(func(q *relation.Query) { q.AutoLoad() }).OrderBy("id").All(ctx)
	must(err)
	for _, shelf := range shelves {
		books, err := relation.Get(ctx, shelf, &shelf.Books)
		must(err)
		fmt.Println(shelf.Name, len(books))
	}
	// Output:
	// novels 2
	// poems 0
}
