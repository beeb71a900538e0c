// SPDX-License-Identifier: MIT

package definition_test

import (
	"context"
	"testing"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// Models with methods that would never run.
type (
	badGormHooks struct {
		model.BaseModel[badGormHooks]

		ID int64
	}
	badSaving struct {
		model.BaseModel[badSaving]

		ID int64
	}
	badMoments struct {
		model.BaseModel[badMoments]

		ID int64
	}
	badDefine struct {
		model.BaseModel[badDefine]

		ID int64
	}
	badDefineOther struct {
		model.BaseModel[badDefineOther]

		ID int64
	}
	badDefinition struct {
		model.BaseModel[badDefinition]

		ID   int64
		Name string
	}
	badObservers struct {
		model.BaseModel[badObservers]

		ID int64
	}
	badTable struct {
		model.BaseModel[badTable]

		ID int64
	}
	badGeneric[V any] struct {
		model.BaseModel[badGeneric[V]]

		ID    int64
		Value V
	}
	badMany struct {
		model.BaseModel[badMany]

		ID     int64
		Tags   []string
		Name   string `json:"name,omitemty"` //nolint:staticcheck // the mistake of the promise.
		Secret string `serialize:"-"`
	}
)

func (*badGormHooks) BeforeSave(*gorm.DB) error { return nil }

func (*badGormHooks) AfterSave(*gorm.DB) error { return nil }

func (*badGormHooks) BeforeCreate(*gorm.DB) error { return nil }

func (*badGormHooks) AfterCreate(*gorm.DB) error { return nil }

func (*badGormHooks) BeforeUpdate(*gorm.DB) error { return nil }

func (*badGormHooks) AfterUpdate(*gorm.DB) error { return nil }

func (*badGormHooks) BeforeDelete(*gorm.DB) error { return nil }

func (*badGormHooks) AfterDelete(*gorm.DB) error { return nil }

func (*badGormHooks) AfterFind(*gorm.DB) error { return nil }

// Saving lacks the context.
func (*badSaving) Saving() error { return nil }

func (*badMoments) Creating(context.Context) {}

func (*badMoments) Updated(context.Context, int) error { return nil }

func (*badMoments) Deleting(*gorm.DB) error { return nil }

func (*badMoments) Committed() bool { return true }

func (*badMoments) Fetching(context.Context) error { return nil }

func (*badMoments) Paginated(context.Context) error { return nil }

func (*badDefine) Define() {}

func (*badDefineOther) Define(*model.Definition[account]) {}

// Define makes every mistake that a definition can make.
func (b *badDefinition) Define(d *model.Definition[badDefinition]) {
	var elsewhere string
	none := func(context.Context, *badDefinition) error { return nil }
	d.On("sawing", none)
	d.On(hooks.Fetching, none)
	d.On(hooks.Fetched, none)
	d.On(hooks.Deleted, nil)
	d.OnQuery(hooks.Saving, func(context.Context, *relation.Query) error { return nil })
	d.OnQuery(hooks.Finding, nil)
	d.OnMany(hooks.Found, func(context.Context, []*badDefinition) error { return nil })
	d.OnMany(hooks.Paginated, nil)
	d.Computed("initials", func(*badDefinition) any { return "" })
	d.Computed("initials", func(*badDefinition) any { return "" })
	d.Computed("name", func(*badDefinition) any { return "" })
	d.Computed("", func(*badDefinition) any { return "" })
	d.Computed("none", nil)
	d.Scope("active", func(*relation.Query, ...any) {})
	d.Scope("active", func(*relation.Query, ...any) {})
	d.Scope("lost", nil)
	d.GlobalScope("tenant", func(*relation.Query) {})
	d.GlobalScope("tenant", func(*relation.Query) {})
	d.GlobalScope("", func(*relation.Query) {})
	d.Serialize(&elsewhere, func(*badDefinition) any { return "" })
	d.Serialize(&b.Name, nil)
	d.SerializeExtras(nil)
}

// Define gives observers that observe nothing, or in the wrong way.
func (*badObservers) Define(d *model.Definition[badObservers]) {
	d.Observe(nil)
	d.Observe(badObserverEmpty{})
	d.Observe(badObserverWrong{})
}

type (
	badObserverEmpty struct{}
	badObserverWrong struct{}
)

// Saving gets another model than the one it is given to.
func (badObserverWrong) Saving(context.Context, *account) error { return nil }

// Define names a table that cannot be.
func (*badTable) Define(d *model.Definition[badTable]) { d.Table("no\ntable") }

// Register refuses a method or definition that would never do what it says.
func TestRegisterRefusesMistakesInMethods(t *testing.T) {
	registerRefuses(t, []mistake{
		{
			"HooksOfGorm", "every hook of gorm, which would never run", &badGormHooks{},
			[]string{
				"method BeforeSave", "method AfterSave", "method BeforeCreate", "method AfterCreate", "method BeforeUpdate",
				"method AfterUpdate", "method BeforeDelete", "method AfterDelete", "method AfterFind", "hook of gorm",
			},
		},
		{
			"HookSignature", "a method with a moment's name and another signature, and says the right one", &badSaving{},
			[]string{"method Saving", "Saving(ctx context.Context) error"},
		},
		{
			"HookSignatures", "every such method, and methods for moments of queries", &badMoments{},
			[]string{
				"method Creating", "method Updated", "method Deleting", "method Committed", "method Fetching", "OnQuery",
				"method Paginated", "OnMany",
			},
		},
		{
			"DefineSignature", "a Define with another signature, and says the right one", &badDefine{},
			[]string{"method Define", "Define(d *model.Definition[badDefine])"},
		},
		{
			"DefineOfAnother", "a Define for another model", &badDefineOther{},
			[]string{"method Define", "Define(d *model.Definition[badDefineOther])"},
		},
		{
			"Definition", "every mistake in a Define", &badDefinition{},
			[]string{
				`no moment`, "sawing", "hook fetching gets no record; use OnQuery", "hook fetched gets no record; use OnMany",
				"deleted has no function", "hook saving gets no query; use On", "finding has no function",
				"hook found does not get a list of records; use On", "paginated has no function", "initials", "declared twice",
				"a computed value needs a name", "none", "active", "lost", "tenant", "global scope needs a name",
				"address of a field of badDefinition", "Serialize has no function", "SerializeExtras has no function",
			},
		},
		{
			"Observers", "observers that observe nothing or another model", &badObservers{},
			[]string{"nil observer", "badObserverEmpty", "method Saving of observer", "badObserverWrong", "badObservers"},
		},
		{"TableName", "a table name with bytes that cannot be printed", &badTable{}, []string{"table name"}},
		{
			"GenericWithoutTable", "a generic model without a table name, and says how to give one", &badGeneric[int]{},
			[]string{"generic type", "badGeneric[int]", "d.Table"},
		},
		{
			"AllAtOnce", "several mistakes, all of them in one error", &badMany{},
			[]string{"field Tags", "field Name", "field Secret"},
		},
	})
}
