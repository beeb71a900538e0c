// SPDX-License-Identifier: MIT

package meta

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
)

// parseJSON reads the json and serialize tags of a field. path is its Go name, those of the
// structs around it included.
func parseJSON(tag reflect.StructTag, path string, naming Naming) (JSONField, error) {
	var j JSONField
	if tagged, ok := tag.Lookup("json"); ok {
		name, options, _ := strings.Cut(tagged, ",")
		if tagged == "-" {
			j.Hidden = true
		} else {
			j.Name = name
		}
		for option := range strings.SplitSeq(options, ",") {
			switch option {
			case "":
			case "omitempty":
				j.OmitEmpty = true
			case "omitzero":
				j.OmitZero = true
			case "string":
				j.String = true
			default:
				return j, fmt.Errorf("json tag: unknown option %s%s", ident.Quote(option),
					errs.DidYouMean(option, []string{"omitempty", "omitzero", "string"}))
			}
		}
	}
	if name, ok := tag.Lookup("serialize"); ok {
		switch {
		case name == "-" && !j.Hidden:
			return j, errors.New(`serialize:"-" does not hide the field from encoding/json, which writes plain struct values; ` +
				`write json:"-"`)
		case name == "-":
		case name == "" || strings.ContainsAny(name, ",;:\""):
			return j, fmt.Errorf("serialize tag: %s is no name", ident.Quote(name))
		default:
			j.Name = name
		}
	}
	if j.Name == "" {
		j.Name = naming.Serialized(path)
	}
	return j, nil
}

// modelTag is what the model tag says of a column.
type modelTag struct{ version, guarded, fillable bool }

func parseModelTag(tag reflect.StructTag) (modelTag, error) {
	var m modelTag
	tagged, ok := tag.Lookup("model")
	if !ok {
		return m, nil
	}
	for word := range strings.SplitSeq(tagged, ";") {
		switch strings.TrimSpace(word) {
		case "version":
			m.version = true
		case "guarded":
			m.guarded = true
		case "fillable":
			m.fillable = true
		default:
			return m, fmt.Errorf("model tag: unknown word %s%s", ident.Quote(word),
				errs.DidYouMean(word, []string{"version", "guarded", "fillable"}))
		}
	}
	if m.guarded && m.fillable {
		return m, errors.New("model tag: a field is either guarded or fillable")
	}
	return m, nil
}

// checkCounting refuses steps of automatic keys, which the databases do not take from a column's definition.
func checkCounting(f *schema.Field) error {
	if f.AutoIncrementIncrement != schema.DefaultAutoIncrementIncrement {
		return errors.New("gorm tag: autoIncrementIncrement would have no effect; let the column's default count")
	}
	return nil
}

// checkSerializer refuses the name of a serializer that nobody has registered.
func checkSerializer(tag map[string]string) error {
	name := cmpOr(tag["JSON"], tag["SERIALIZER"])
	if name == "" {
		return nil
	}
	if _, ok := schema.GetSerializer(name); !ok {
		return fmt.Errorf("gorm tag: no serializer %s is registered with gorm", ident.Quote(name))
	}
	return nil
}

// checkRelationTag refuses the words by which gorm describes a relation beside a relation tag, which says it all.
func checkRelationTag(tag reflect.StructTag) error {
	for word := range schema.ParseTagSetting(tag.Get("gorm"), ";") {
		if word != "-" {
			return fmt.Errorf("gorm tag: %s would have no effect beside the relation tag; say it there", strings.ToLower(word))
		}
	}
	return nil
}

// wayOut says in the message of a field that is neither a column nor a relation what to write.
func wayOut(field reflect.StructField, tag map[string]string, names schema.Namer) string {
	declared := strings.ToLower(tag["TYPE"])
	switch inner := element(field.Type); {
	case isArray(declared):
		return "a slice of texts, numbers, booleans, times or types with a Value, such as []string, for an array"
	case strings.HasSuffix(declared, "range"):
		return "a string for a range, which is its text, such as [1,5), or a type with Scan and Value"
	case declared != "" && len(inner.PkgPath()) > 0 && inner.Kind() == reflect.Struct:
		return `a type with Scan and Value, or with MarshalText and UnmarshalText, or gorm:"serializer:json"`
	case isTextual(field.Type):
		return `the type of its column, such as gorm:"type:text" or gorm:"type:inet"`
	case isList(field.Type) && tag["FOREIGNKEY"] == "" && tag["MANY2MANY"] == "":
		return `gorm:"type:text[]" or that of its elements for an array, which is JSON where the database has no arrays, or gorm:"serializer:json" for JSON`
	default:
		return gormRelation(field, names)
	}
}

// gormRelation translates the relation tags of gorm for the message of a field that is neither a
// column nor a relation.
func gormRelation(field reflect.StructField, names schema.Namer) string {
	set := schema.ParseTagSetting(field.Tag.Get("gorm"), ";")
	list := field.Type.Kind() == reflect.Slice
	option := func(name, value string) string {
		if value == "" {
			return ""
		}
		return ";" + name + ":" + value
	}
	foreign, references, pivot := set["FOREIGNKEY"], set["REFERENCES"], set["MANY2MANY"]
	column := func(key string) string { // gorm names pivot keys like fields
		if key == "" {
			return ""
		}
		return names.ColumnName(pivot, key)
	}
	keys := option("foreignKey", foreign) + option("localKey", references)
	switch {
	case pivot != "":
		return `relation:"manyToMany` + option("pivotTable", pivot) + option("localKey", foreign) + option("relatedKey", references) +
			option("pivotForeignKey", column(set["JOINFOREIGNKEY"])) +
			option("pivotRelatedForeignKey", column(set["JOINREFERENCES"])) + `"`
	case set["POLYMORPHIC"] != "":
		return "two foreign key columns, because polymorphic relations are not supported yet"
	case list && keys != "":
		return `relation:"hasMany` + keys + `"`
	case list:
		return `relation:"hasMany" for a slice of pointers to models, or gorm:"serializer:json" for a column`
	case keys != "":
		return `relation:"belongsTo` + keys + `", or hasOne if the key is in the other table`
	default:
		return `relation:"belongsTo" or "hasOne" for a pointer to a model, gorm:"embedded" for columns of its own, ` +
			`gorm:"serializer:json" for one column`
	}
}
