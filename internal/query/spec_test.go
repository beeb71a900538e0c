// SPDX-License-Identifier: MIT

package query

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCloneSharesNoListAndNoMap fills every list and map of a description, and adds to those of a clone.
func TestCloneSharesNoListAndNoMap(t *testing.T) {
	t.Parallel()
	original := &Spec{}
	of := reflect.ValueOf(original).Elem()
	for _, field := range of.Fields() {
		switch field.Kind() {
		case reflect.Slice:
			field.Set(reflect.MakeSlice(field.Type(), 1, 4))
		case reflect.Map:
			field.Set(reflect.MakeMap(field.Type()))
			field.SetMapIndex(reflect.Zero(field.Type().Key()), reflect.Zero(field.Type().Elem()))
		default:
		}
	}
	clone := reflect.ValueOf(original.Clone()).Elem()
	for i := range of.NumField() {
		name := of.Type().Field(i).Name
		mine, theirs := of.Field(i), clone.Field(i)
		switch mine.Kind() {
		case reflect.Slice:
			require.Equal(t, 1, theirs.Len(), "Clone forgets %s", name)
			grown := reflect.Append(theirs, reflect.Zero(theirs.Type().Elem()))
			require.NotEqual(t, mine.Pointer(), grown.Pointer(), "a clone adds to the list %s of the original", name)
		case reflect.Map:
			require.Equal(t, 1, theirs.Len(), "Clone forgets %s", name)
			require.NotEqual(t, mine.Pointer(), theirs.Pointer(), "a clone shares the map %s with the original", name)
		default:
		}
	}
}
