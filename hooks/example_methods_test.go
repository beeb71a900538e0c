// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
)

// File has a method for every moment that gets a record.
type File struct {
	model.BaseModel[File]

	ID        int64
	Name      string
	Size      int
	DeletedAt gorm.DeletedAt
}

func (f *File) say(moment string) error {
	fmt.Print(moment, " ")
	return nil
}

func (f *File) Creating(context.Context) error   { return f.say("creating") }
func (f *File) Created(context.Context) error    { return f.say("created") }
func (f *File) Updating(context.Context) error   { return f.say("updating") }
func (f *File) Updated(context.Context) error    { return f.say("updated") }
func (f *File) Saved(context.Context) error      { return f.say("saved") }
func (f *File) Deleting(context.Context) error   { return f.say("deleting") }
func (f *File) Deleted(context.Context) error    { return f.say("deleted") }
func (f *File) Restoring(context.Context) error  { return f.say("restoring") }
func (f *File) Restored(context.Context) error   { return f.say("restored") }
func (f *File) Found(context.Context) error      { return f.say("found") }
func (f *File) Committed(context.Context) error  { return f.say("committed") }
func (f *File) RolledBack(context.Context) error { return f.say("rolled back") }

// A misspelt hook would never run; with these lines it does not compile.
var (
	_ hooks.CreatingHook   = (*File)(nil)
	_ hooks.CreatedHook    = (*File)(nil)
	_ hooks.UpdatingHook   = (*File)(nil)
	_ hooks.UpdatedHook    = (*File)(nil)
	_ hooks.SavedHook      = (*File)(nil)
	_ hooks.DeletingHook   = (*File)(nil)
	_ hooks.DeletedHook    = (*File)(nil)
	_ hooks.RestoringHook  = (*File)(nil)
	_ hooks.RestoredHook   = (*File)(nil)
	_ hooks.FoundHook      = (*File)(nil)
	_ hooks.CommittedHook  = (*File)(nil)
	_ hooks.RolledBackHook = (*File)(nil)
)

func Example_methods() {
	ctx, db := context.Background(), open(&File{})
	defer shut(db)

	step := func(name string, err error) { fmt.Println("|", name); must(err) }

	file := &File{Name: "a.txt"}
	step("create", model.Create(ctx, db, file))
	file.Name = "b.txt"
	step("update", file.Save(ctx))
	step("soft delete", file.Delete(ctx))
	step("restore", file.Restore(ctx))
	_, err := model.Query[File](db).First(ctx)
	step("read", err)

	tx, err := db.Begin(ctx)
	must(err)
	step("increment in a transaction", file.Increment(model.WithDB(ctx, tx), "size", 1))
	step("roll back", tx.Rollback())
	// Output:
	// creating created saved committed | create
	// updating updated saved committed | update
	// deleting deleted committed | soft delete
	// restoring restored committed | restore
	// found | read
	// updating updated | increment in a transaction
	// rolled back | roll back
}
