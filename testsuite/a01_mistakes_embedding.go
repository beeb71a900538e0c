// SPDX-License-Identifier: MIT

package testsuite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// mistake is a model that Register refuses, and what the error says.
type mistake struct {
	name  string
	says  string
	model any
	want  []string
}

// mistakes makes a promise of each mistake.
func mistakes(list []mistake) []promise {
	out := make([]promise, len(list))
	for i, m := range list {
		out[i] = promise{
			name: "A1/Mistake/" + m.name,
			says: "Register refuses " + m.says,
			check: func(t testing.TB, e *env) {
				e.sends(t, 0, func() {
					err := e.do("register", func() error { return e.db.Register(m.model) })
					require.Error(t, err)
					for _, text := range m.want {
						require.ErrorContains(t, err, text)
					}
				})
			},
			twin: succeeding("register"),
		}
	}
	return out
}

// Models whose base model is not where it must be.
type (
	badNone struct{ ID int64 }

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
	badPointerStruct struct {
		model.BaseModel[badPointerStruct]

		ID   int64
		Home *defAddress `gorm:"embedded"`
	}
	badUnexported struct {
		model.BaseModel[badUnexported]

		ID     int64
		secret string `gorm:"column:secret"`
	}
)

// embeddingMistakes are those about the base model and embedded structs.
func embeddingMistakes() []promise {
	_ = badUnexported{secret: ""} // the field is read by reflection only
	return append(mistakes([]mistake{
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
			"EmbeddedPointer", "columns behind an embedded pointer", &badPointerStruct{},
			[]string{"field Home", "by value"},
		},
		{
			"UnexportedColumn", "a gorm tag on a field that is not exported", &badUnexported{},
			[]string{"field secret", "not exported"},
		},
	}), promise{
		name: "A1/Mistake/FoundAtFirstUse",
		says: "a model that was not registered is checked at its first use, with the same error and before anything is sent",
		check: func(t testing.TB, e *env) {
			registered := e.db.Register(&badUse{})
			require.ErrorContains(t, registered, "field Author")
			e.sends(t, 0, func() {
				for name, use := range map[string]func() error{
					"create": func() error { return model.Create(e.ctx, e.db, &badUse{}) },
					"save":   func() error { return (&badUse{}).Save(e.ctx) },
					"find":   func() error { return find[badUse](e, 1) },
					"merge":  func() error { return (&badUse{}).Merge(model.Attrs{}) },
					"many":   func() error { return model.CreateMany(e.ctx, e.db, []*badUse{{}}) },
				} {
					err := e.do("use", use)
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
		},
		twin: without("use"),
	})
}

// badUse is used without being registered.
type badUse struct {
	model.BaseModel[badUse]

	ID     int64
	Author *account
}
