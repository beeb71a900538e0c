// SPDX-License-Identifier: MIT

package definition_test

import (
	"testing"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
)

// Models with a field that is neither a column nor a relation, and models with a mistake in a
// relation tag.
type (
	badStruct struct {
		model.BaseModel[badStruct]

		ID   int64
		Home defAddress
	}
	badPointerToModel struct {
		model.BaseModel[badPointerToModel]

		ID       int64
		AuthorID int64
		Author   *account `gorm:"foreignKey:AuthorID;references:ID"`
	}
	badSliceOfModels struct {
		model.BaseModel[badSliceOfModels]

		ID       int64
		Accounts []account `gorm:"foreignKey:OwnerID"`
	}
	badMany2Many struct {
		model.BaseModel[badMany2Many]

		ID       int64
		Accounts []*account `gorm:"many2many:bad_accounts;joinForeignKey:BadID;joinReferences:AccID"`
	}
	badPolymorphic struct {
		model.BaseModel[badPolymorphic]

		ID       int64
		Accounts []*account `gorm:"polymorphic:Owner"`
	}
	badStrings struct {
		model.BaseModel[badStrings]

		ID   int64
		Tags []string
	}
	badMap struct {
		model.BaseModel[badMap]

		ID   int64
		Data map[string]any
	}
	badOddKinds struct {
		model.BaseModel[badOddKinds]

		ID      int64
		Chan    chan int
		Func    func()
		Any     any
		Complex complex128
		Double  **string
	}
	badTwoDeleted struct {
		model.BaseModel[badTwoDeleted]

		ID      int64
		Gone    gorm.DeletedAt
		Removed gorm.DeletedAt
	}
	badRelations struct {
		model.BaseModel[badRelations]

		ID       int64
		Kind     []*account `relation:"hasManny"`
		Word     []*account `relation:"hasMany;foreinKey:OwnerID"`
		Wrong    []*account `relation:"hasMany;pivotTable:x"`
		Empty    []*account `relation:"hasMany;foreignKey:"`
		Nothing  []*account `relation:""`
		Single   *account   `relation:"hasMany"`
		List     []*account `relation:"hasOne"`
		Values   []account  `relation:"hasMany"`
		JSONWord *account   `relation:"hasOne" json:"j,omitemty"` //nolint:staticcheck // the mistake of the promise.
		Dash     *account   `relation:"hasOne" serialize:"-"`
		hidden   *account   `relation:"hasOne"`
	}
	badFormat struct {
		model.BaseModel[badFormat]

		ID     int64
		Format string
	}
	badLogValue struct {
		model.BaseModel[badLogValue]

		ID       int64
		LogValue string
	}
	badMarshalJSON struct {
		model.BaseModel[badMarshalJSON]

		ID          int64
		MarshalJSON string
	}
)

// Register refuses a field that cannot be a column, and names it.
func TestRegisterRefusesMistakesInFields(t *testing.T) {
	_ = badRelations{hidden: nil} // the field is read by reflection only
	registerRefuses(t, []mistake{
		{
			"StructField", "a struct that is neither a column nor a relation, and says what it may be", &badStruct{},
			[]string{"field Home", "neither a column nor a relation", `gorm:"embedded"`, `gorm:"serializer:json"`},
		},
		{
			"BelongsToOfGorm", "a relation of gorm to one model, and translates its tag", &badPointerToModel{},
			[]string{"field Author", `belongsTo;foreignKey:AuthorID;localKey:ID`, "hasOne"},
		},
		{
			"HasManyOfGorm", "a relation of gorm to many models, and translates its tag", &badSliceOfModels{},
			[]string{"field Accounts", `relation:"hasMany;foreignKey:OwnerID"`},
		},
		{
			"ManyToManyOfGorm", "a many to many relation of gorm, and translates its tag", &badMany2Many{},
			[]string{
				"field Accounts",
				`relation:"manyToMany;pivotTable:bad_accounts;pivotForeignKey:bad_id;pivotRelatedForeignKey:acc_id"`,
			},
		},
		{"PolymorphicOfGorm", "a polymorphic relation of gorm", &badPolymorphic{}, []string{"field Accounts", "polymorphic"}},
		{"SliceField", "a slice that no column can hold", &badStrings{}, []string{"field Tags", `gorm:"serializer:json"`}},
		{"MapField", "a map without a serializer", &badMap{}, []string{"field Data", `gorm:"serializer:json"`}},
		{
			"OddFields", "fields of kinds that nothing can store", &badOddKinds{},
			[]string{"field Chan", "field Func", "field Any", "field Complex", "field Double"},
		},
		{"TwoSoftDeletes", "two gorm.DeletedAt", &badTwoDeleted{}, []string{"Gone", "Removed"}},
		{
			"RelationTags", "every mistake in a relation tag", &badRelations{},
			[]string{
				"field Kind", "hasManny", "hasMany", "field Word", "foreinKey", "foreignKey", "field Wrong", "pivotTable",
				"field Empty", "needs a value", "field Nothing", "no kind", "field Single", "[]*Model", "field List", "*Model",
				"field Values", "field JSONWord", "omitempty", "field Dash", `json:"-"`, "field hidden", "not exported",
			},
		},
		{"FieldFormat", "a field that hides the method Format", &badFormat{}, []string{"field Format", "rename"}},
		{"FieldLogValue", "a field that hides the method LogValue", &badLogValue{}, []string{"field LogValue", "rename"}},
		{"FieldMarshalJSON", "a field that hides the method MarshalJSON", &badMarshalJSON{}, []string{"field MarshalJSON", "rename"}},
	})
}
