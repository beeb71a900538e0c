// SPDX-License-Identifier: MIT

package definition_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// mistake is a model that Register refuses, and what the error says.
type mistake struct {
	name  string
	says  string
	model any
	want  []string
}

// registerRefuses requires that Register refuses each model with an error that says what is wanted, and
// sends nothing.
func registerRefuses(t *testing.T, list []mistake) {
	t.Helper()
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		for _, m := range list {
			t.Run(m.name, func(t *testing.T) {
				e.Sends(t, 0, func() {
					err := e.DB.Register(m.model)
					require.Error(t, err, "Register refuses %s", m.says)
					for _, text := range m.want {
						require.ErrorContains(t, err, text)
					}
				})
			})
		}
	})
}

// Models whose base model is not where it must be.
type (
	badNone  struct{ ID int64 }
	badOther struct {
		model.BaseModel[account] //kindredvet:ignore the promise needs a model that Register refuses

		ID int64
	}
	badSecond struct {
		ID                         int64
		model.BaseModel[badSecond] //kindredvet:ignore the promise needs a model that Register refuses
	}
	badPointer struct {
		*model.BaseModel[badPointer] //kindredvet:ignore the promise needs a model that Register refuses

		ID int64
	}
	badNamed struct {
		Base model.BaseModel[badNamed] //kindredvet:ignore the promise needs a model that Register refuses
		ID   int64
	}
	badHeir struct {
		account //kindredvet:ignore the promise needs a model that Register refuses

		Extra string
	}
	badMixed struct {
		model.BaseModel[badMixed]
		account //kindredvet:ignore the promise needs a model that Register refuses

		Extra string
	}
	badField struct {
		model.BaseModel[badField]

		ID    int64
		Owner account `gorm:"embedded"`
	}
	badHiddenColumns struct {
		model.BaseModel[badHiddenColumns]
		defAddress

		ID int64
	}
	badUnexported struct {
		model.BaseModel[badUnexported]

		ID     int64
		secret string `gorm:"column:secret"`
	}
)

// Register refuses a model whose base model, or an embedded struct, is not where it must be.
func TestRegisterRefusesMistakesOfEmbedding(t *testing.T) {
	_ = badUnexported{secret: ""} // the field is read by reflection only
	registerRefuses(t, []mistake{
		{
			"ValueInsteadOfPointer", "a model that is no pointer, and says what to pass",
			struct{}{},
			[]string{"pass a pointer"},
		},
		{"Nil", "nil", nil, []string{"pass a pointer"}},
		{"NoStruct", "a pointer to what is no struct", new(int), []string{"pass a pointer"}},
		{
			"NoBaseModel", "a struct without the base model", &badNone{},
			[]string{"badNone", "does not embed", "model.BaseModel[badNone]"},
		},
		{
			"BaseModelOfAnother", "a base model that was made for another model", &badOther{},
			[]string{"badOther", "account", "model.BaseModel[badOther]"},
		},
		{
			"BaseModelNotFirst", "a base model that is not the first field", &badSecond{},
			[]string{"badSecond", "not its first field", "model.BaseModel[badSecond]"},
		},
		{
			"PointerToBaseModel", "a base model that is embedded by pointer", &badPointer{},
			[]string{"badPointer", "pointer", "model.BaseModel[badPointer]"},
		},
		{
			"BaseModelAsNamedField", "a base model in a field with a name", &badNamed{},
			[]string{"badNamed", "model.BaseModel[badNamed]"},
		},
		{
			"ModelInsteadOfBaseModel", "another model in the place of the base model", &badHeir{},
			[]string{"badHeir", "account", "a model of its own", "model.BaseModel[badHeir]"},
		},
		{
			"ModelBesideBaseModel", "another model beside the base model", &badMixed{},
			[]string{"account", "a model of its own"},
		},
		{
			"EmbeddedModel", "a model that is embedded for its columns", &badField{},
			[]string{"field Owner", "a model of its own"},
		},
		{
			"UnexportedEmbeddedStruct", "columns in an embedded struct that is not exported", &badHiddenColumns{},
			[]string{"field defAddress", "export"},
		},
		{
			"UnexportedColumn", "a gorm tag on a field that is not exported", &badUnexported{},
			[]string{"field secret", "not exported"},
		},
	})
}

// A model that was not registered is checked at its first use, with the same error and before anything is
// sent.
func TestUnregisteredModelIsCheckedAtFirstUse(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		registered := e.DB.Register(&badUse{})
		require.ErrorContains(t, registered, "field Author")
		e.Sends(t, 0, func() {
			for name, use := range map[string]func() error{
				"create": func() error { return model.Create(e.Ctx, e.DB, &badUse{}) },
				"save":   func() error { return (&badUse{}).Save(e.Ctx) },
				"find":   func() error { return find[badUse](e, 1) },
				"merge":  func() error { return (&badUse{}).Merge(model.Attrs{}) },
				"many":   func() error { return model.CreateMany(e.Ctx, e.DB, []*badUse{{}}) },
			} {
				err := use()
				require.ErrorContains(t, err, "field Author", name)
			}
			bad := &badUse{} // what returns no error must not panic
			require.True(t, bad.IsNew())
			require.Empty(t, bad.Attributes())
			require.Empty(t, bad.Dirty())
			require.Empty(t, bad.Extras())
			require.False(t, model.Is(bad, bad))
			require.NotNil(t, bad.Replicate())
		})
	})
}

// badUse is used without being registered.
type badUse struct {
	model.BaseModel[badUse]

	ID     int64
	Author *account
}
