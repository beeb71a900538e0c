// SPDX-License-Identifier: MIT

package deptest

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	// What the tests of this file compile is imported, so that a change of it makes their cached results stale.
	_ "github.com/kindred-orm/kindred/internal/deptest/testdata/one"
	_ "github.com/kindred-orm/kindred/internal/deptest/testdata/two"
	_ "github.com/kindred-orm/kindred/internal/deptest/testdata/wide"
)

// functionsPerModel is how many functions the compiler makes for a further model: 87 for the record, whose methods count twice, as
// they are promoted to the model; 81 for the builder, 7 for its pages; the others are generic functions and the model's own.
const functionsPerModel = 179

// TestFunctionsOfAModel holds the cost of a model: each function takes the compiler 0.4 to 0.9 ms, however small it is.
func TestFunctionsOfAModel(t *testing.T) {
	t.Parallel()
	one, two := functions(t, "one"), functions(t, "two")
	require.LessOrEqual(t, len(two)-len(one), functionsPerModel,
		"functions of a further model: what few programs call belongs to relation.Query, or is a function")
}

// TestNoFunctionOfAModelsStruct keeps generic functions from naming the struct of a model, T or *T, in a result or a conversion, where
// the pointer that is their type parameter serves as well: the compiler would make all methods of the struct once more.
func TestNoFunctionOfAModelsStruct(t *testing.T) {
	t.Parallel()
	for _, name := range functions(t, "wide") {
		if strings.HasPrefix(name, "go.shape.") && strings.Contains(name, "BaseModel") {
			t.Errorf("the compiler makes %s", name)
		}
	}
}

// functions compiles a package of testdata, and returns the names of the functions in its archive.
func functions(t *testing.T, name string) []string {
	t.Helper()
	archive := filepath.Join(t.TempDir(), name+".a")
	command(t, "build", "-o", archive, "./testdata/"+name)
	var names []string
	for line := range strings.Lines(command(t, "tool", "nm", archive)) {
		if _, function, ok := strings.Cut(line, " T "); ok {
			names = append(names, strings.TrimSpace(function))
		}
	}
	require.NotEmpty(t, names)
	return names
}

// command runs the go command and returns what it prints.
func command(t *testing.T, args ...string) string {
	t.Helper()
	var problem strings.Builder
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Stderr = &problem
	out, err := cmd.Output()
	require.NoError(t, err, problem.String())
	return string(out)
}
