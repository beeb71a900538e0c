// SPDX-License-Identifier: MIT

// Package model is what users of Kindred import: the base model, the database handle, finders and
// upserts.
//
// A struct that embeds [BaseModel] is a record:
//
//	type User struct {
//		model.BaseModel[User]
//
//		ID        int64
//		Email     string `gorm:"uniqueIndex"`
//		Password  string `json:"-"`
//		FullName  string `json:"name"`
//		CreatedAt time.Time
//		UpdatedAt time.Time
//	}
//
//	db, err := model.Open(sqlite.Open("blog.db"))
//	err = db.Register(&User{})
//	user := &User{Email: "virk@example.com"}
//	err = model.Create(ctx, db, user)
//	user.FullName = "Virk"
//	err = user.Save(ctx) // UPDATE users SET full_name, updated_at
//
// # Definition
//
// Tables, columns, keys and indexes come from the struct and its gorm tags. A method Define says
// what tags cannot; see [Definition]. [DB.Register] checks everything and names every mistake.
//
// # Records
//
// A record knows what its row looks like, so Save writes what has changed and nothing else; see
// [BaseModel]. A record is not safe for use by several goroutines.
//
// # Queries
//
// [Query] returns a builder; see package relation for its methods.
//
// # Transactions
//
// [DB.Transaction] passes a context on, and whatever gets that context takes part; see [DB].
package model
