// SPDX-License-Identifier: MIT

package definition_test

import (
	"testing"

	"github.com/kindred-orm/kindred/model"
)

// Models with a mistake in a tag.
type (
	badJSONWord struct {
		model.BaseModel[badJSONWord]

		ID   int64
		Name string `json:"name,omitemty"` //nolint:staticcheck // the mistake of the promise.
	}
	badSerializeHidden struct {
		model.BaseModel[badSerializeHidden]

		ID     int64
		Secret string `serialize:"-"`
	}
	badSerializeEmpty struct {
		model.BaseModel[badSerializeEmpty]

		ID   int64
		Name string `serialize:""`
	}
	badSerializeWord struct {
		model.BaseModel[badSerializeWord]

		ID   int64
		Name string `serialize:"name,omitempty"`
	}
	badModelWord struct {
		model.BaseModel[badModelWord]

		ID   int64
		Name string `model:"fillabel"`
	}
	badModelBoth struct {
		model.BaseModel[badModelBoth]

		ID   int64
		Name string `model:"fillable;guarded"`
	}
	badVersionType struct {
		model.BaseModel[badVersionType]

		ID      int64
		Version string `model:"version"`
	}
	badTwoVersions struct {
		model.BaseModel[badTwoVersions]

		ID    int64
		One   int64 `model:"version"`
		Other int64 `model:"version"`
	}
	badColumn struct {
		model.BaseModel[badColumn]

		ID   int64
		Name string `gorm:"column:na\tme"`
	}
	badLongColumn struct {
		model.BaseModel[badLongColumn]

		ID   int64
		Name string `gorm:"column:a_name_that_is_longer_than_the_sixty_three_bytes_that_postgres_keeps"`
	}
	badTwoColumns struct {
		model.BaseModel[badTwoColumns]

		ID    int64
		Name  string
		Title string `gorm:"column:name"`
	}
	badPrefix struct {
		model.BaseModel[badPrefix]

		ID   int64
		City string
		Home defAddress `gorm:"embedded"`
	}
	badTwoNames struct {
		model.BaseModel[badTwoNames]

		ID    int64
		Name  string
		Title string `json:"name"`
	}
	badNameOfKey struct {
		model.BaseModel[badNameOfKey]

		ID    int64
		Value int64 `serialize:"id"`
	}
	badNameOfVirtual struct {
		model.BaseModel[badNameOfVirtual]

		ID    int64
		Count int64
		Posts int64 `gorm:"-" json:"count"`
	}
)

// Register refuses a mistake in a tag, and names field and word.
func TestRegisterRefusesMistakesInTags(t *testing.T) {
	registerRefuses(t, []mistake{
		{
			"UnknownJSONWord", "an unknown word in a json tag, and suggests the right one", &badJSONWord{},
			[]string{"field Name", "omitemty", "omitempty"},
		},
		{
			"SerializeDashAlone", `serialize:"-" without json:"-", which would not hide the field`, &badSerializeHidden{},
			[]string{"field Secret", `json:"-"`},
		},
		{"SerializeEmpty", "an empty serialize tag", &badSerializeEmpty{}, []string{"field Name", "serialize"}},
		{"SerializeWord", "options in a serialize tag", &badSerializeWord{}, []string{"field Name", "serialize", "omitempty"}},
		{
			"UnknownModelWord", "an unknown word in a model tag, and suggests the right one", &badModelWord{},
			[]string{"field Name", "fillabel", "fillable"},
		},
		{"GuardedAndFillable", "a field that is guarded and fillable", &badModelBoth{}, []string{"field Name", "guarded", "fillable"}},
		{"VersionType", "a version that is no integer", &badVersionType{}, []string{"field Version", "integer"}},
		{"TwoVersions", "two versions", &badTwoVersions{}, []string{"field Other", "version"}},
		{"ColumnName", "a column name with bytes that cannot be printed", &badColumn{}, []string{"field Name", "column name"}},
		{"ColumnNameTooLong", "a column name that PostgreSQL would cut", &badLongColumn{}, []string{"field Name", "63 bytes"}},
		{"ColumnTwice", "two fields in one column", &badTwoColumns{}, []string{"Name", "Title", "column", "name"}},
		{
			"ColumnTwiceWithoutPrefix", "a field of an embedded struct in the column of another field", &badPrefix{},
			[]string{"Home.City", "column", "city"},
		},
		{"SerializedTwice", "two fields with one serialized name", &badTwoNames{}, []string{"field Name", "field Title", "name"}},
		{"SerializedAsTheKey", "a field that is serialized as the key", &badNameOfKey{}, []string{"field ID", "field Value", "id"}},
		{
			"SerializedTwiceWithoutColumn", "a field without a column that is serialized as another", &badNameOfVirtual{},
			[]string{"field Count", "field Posts"},
		},
	})
}
