// SPDX-License-Identifier: MIT

package model_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/kindred-orm/kindred/model"
)

// Folder is known by its code, not its key.
type Folder struct {
	model.BaseModel[Folder]

	ID    int64
	Code  string  `gorm:"uniqueIndex"`
	Files []*File `relation:"hasMany"` // the words of the tag are methods, too
}

// Define has foreign keys made.
func (f *Folder) Define(d *model.Definition[Folder]) {
	d.Relation(&f.Files).LocalKey("Code").ForeignKey("Place").OnDelete("CASCADE").OnUpdate("CASCADE").SerializeAs("content")
}

// File lies in a folder.
type File struct {
	model.BaseModel[File]

	ID    int64
	Place string
	Name  string
}

// openFolders returns a database with a folder and a file.
func openFolders() (*model.DB, *Folder) {
	ctx, db := context.Background(), open()
	must(db.Migrate(ctx, &Folder{}, &File{}))
	folder := &Folder{Code: "a1"}
	must(model.Create(ctx, db, folder))
	must(folder.Related("files").Create(ctx, &File{Name: "letter"}))
	return db, folder
}

// file loads the only file; nil if there is none.
func file(db *model.DB) *File {
	found, err := model.Query[File](db).First(context.Background())
	if errors.Is(err, model.ErrNotFound) {
		return nil
	}
	must(err)
	return found
}

// The attribute of the related model that points to the owner.
func ExampleRelationDefinition_ForeignKey() {
	db, _ := openFolders()
	defer shut(db)

	fmt.Println(file(db).Place)
	// Output: a1
}

// The attribute of the owner that is pointed to.
func ExampleRelationDefinition_LocalKey() {
	db, _ := openFolders()
	defer shut(db)

	files, err := model.RelationOf[Folder]("files")
	must(err)
	fmt.Println(files.LocalKey, files.ForeignKey)
	// Output: Code Place
}

func ExampleRelationDefinition_OnDelete() {
	db, folder := openFolders()
	defer shut(db)

	must(folder.Delete(context.Background()))
	fmt.Println(file(db) == nil)
	// Output: true
}

func ExampleRelationDefinition_OnUpdate() {
	db, folder := openFolders()
	defer shut(db)

	folder.Code = "b2"
	must(folder.Save(context.Background()))
	fmt.Println(file(db).Place)
	// Output: b2
}

func ExampleRelationDefinition_SerializeAs() {
	db, folder := openFolders()
	defer shut(db)

	must(folder.Load(context.Background(), "files"))
	text, err := json.Marshal(folder)
	must(err)
	fmt.Println(string(text))
	// Output: {"id":1,"code":"a1","content":[{"id":1,"place":"a1","name":"letter"}]}
}
