// SPDX-License-Identifier: MIT

package definition_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

// plainLog is a model without methods of its own.
type plainLog struct {
	model.BaseModel[plainLog]

	ID   int64
	What string
}

// The methods that every model gets by embedding are listed: a new one is a name that no model's field may
// have any more. KINDRED_UPDATE=1 writes the list.
func TestMethodsOfEveryModelAreListed(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	methods := reflect.TypeFor[*plainLog]()
	for method := range methods.Methods() {
		signature := strings.ReplaceAll(method.Type.String(), "definition_test.plainLog", "T")
		signature = strings.NewReplacer("func(*T, ", "func(", "func(*T)", "func()", "interface {}", "any", "[]uint8", "[]byte").Replace(signature)
		_, _ = fmt.Fprintf(&got, "%s%s\n", method.Name, strings.TrimPrefix(signature, "func"))
	}
	name := filepath.Join("testdata", "base_methods.txt")
	if os.Getenv("KINDRED_UPDATE") != "" {
		require.NoError(t, os.WriteFile(name, []byte(got.String()), 0o600))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String())
}

// The base model has no exported state, and none of the methods that gorm would
// call as hooks.
func TestBaseModelHasNoExportedState(t *testing.T) {
	t.Parallel()
	base := reflect.TypeFor[model.BaseModel[plainLog]]()
	for field := range base.Fields() {
		require.False(t, field.IsExported(), "the field %s is exported", field.Name)
		if field.Anonymous && field.Type.Kind() == reflect.Struct {
			for inner := range field.Type.Fields() {
				require.False(t, inner.IsExported(), "the field %s.%s is exported", field.Name, inner.Name)
			}
		}
	}
	hooks := []string{
		"BeforeCreate", "AfterCreate", "BeforeUpdate", "AfterUpdate", "BeforeSave", "AfterSave", "BeforeDelete", "AfterDelete", "AfterFind",
	}
	for method := range reflect.PointerTo(base).Methods() {
		require.False(t, slices.Contains(hooks, method.Name), "gorm takes %s for a hook", method.Name)
	}
	require.Equal(t, reflect.TypeFor[*model.Builder[plainLog]](), reflect.TypeFor[*model.Builder[plainLog]]())
}
