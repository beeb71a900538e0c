// SPDX-License-Identifier: MIT

package deptest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCheckFindsMistakes plants each mistake that the layer test is there for.
func TestCheckFindsMistakes(t *testing.T) {
	t.Parallel()
	const noDriver = ", which only testsuite/harness and internal/dbtest and internal/faultdb may: the library must not pick a driver"
	const noTests = ", which only testsuite/harness and internal/dbtest and internal/faultdb may: " +
		"a program that uses the library must not link test code"
	for _, row := range []struct {
		name string
		tree map[string][]string
		want []string
	}{
		{name: "Nothing"},
		{name: "Downwards", tree: map[string][]string{
			"testsuite/harness":         {"testing", "./model", "./internal/dbtest", "github.com/stretchr/testify/require"},
			"model":                     {"unsafe", "fmt", "gorm.io/gorm", "./relation", "./internal/errs"},
			"internal/dialect/postgres": {"./internal/dialect", "./internal/meta", "github.com/jackc/pgx/v5/stdlib"},
			"internal/faultdb":          {"github.com/mattn/go-sqlite3", "./model"},
		}},
		{
			name: "Upwards", tree: map[string][]string{"internal/meta": {"./relation"}},
			want: []string{"internal/meta imports relation, which is not below it"},
		},
		{
			name: "SameLayer", tree: map[string][]string{"hooks": {"./serialize"}},
			want: []string{"hooks imports serialize, which is not below it"},
		},
		{
			name: "ParentImportsChild", tree: map[string][]string{"internal/dialect": {"./internal/dialect/sqlite"}},
			want: []string{"internal/dialect imports internal/dialect/sqlite, which is not below it"},
		},
		{
			name: "LibraryImportsTestSupport", tree: map[string][]string{"model": {"./internal/faultdb"}},
			want: []string{"model imports internal/faultdb, which is not below it"},
		},
		{
			name: "UnknownPackage", tree: map[string][]string{"util": {"fmt"}},
			want: []string{"util is in no layer; give it a place in the picture"},
		},
		{
			name: "UnknownImport", tree: map[string][]string{"model": {"./internal/util"}},
			want: []string{"model imports internal/util, which is in no layer"},
		},
		{
			name: "PgxOutsideItsDialect", tree: map[string][]string{"internal/query": {"github.com/jackc/pgx/v5"}},
			want: []string{"internal/query imports github.com/jackc/pgx/v5, " +
				"which only internal/dialect/postgres and internal/faultdb and internal/dbtest may: pgx stays behind the dialect"},
		},
		{
			name: "Unsafe", tree: map[string][]string{"internal/record": {"unsafe"}},
			want: []string{"internal/record imports unsafe, which only internal/memory and model may: " +
				"conversions of pointers are reviewed in two places"},
		},
		{
			name: "Drivers",
			tree: map[string][]string{"model": {"gorm.io/driver/postgres", "github.com/mattn/go-sqlite3"}},
			want: []string{
				"model imports github.com/mattn/go-sqlite3" + noDriver,
				"model imports gorm.io/driver/postgres" + noDriver,
			},
		},
		{
			name: "TestLibraries",
			tree: map[string][]string{"relation": {"testing", "testing/fstest", "github.com/stretchr/testify/require"}},
			want: []string{
				"relation imports github.com/stretchr/testify/require" + noTests,
				"relation imports testing" + noTests,
				"relation imports testing/fstest" + noTests,
			},
		},
		{name: "PrefixIsNoPath", tree: map[string][]string{"relation": {"testingx", "unsafely/made"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, row.want, check(row.tree))
		})
	}
}

// TestImportsReadsTheModule keeps the parser from overlooking files.
func TestImportsReadsTheModule(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                        "// A comment.\nmodule example.org/m\n\ngo 1.26\n",
		"model/model.go":                "package model\n\nimport (\n\t\"fmt\"\n\tm \"example.org/m/relation\"\n)\n",
		"model/model_arm64.go":          "//go:build never\n\npackage model\n\nimport _ \"unsafe\"\n",
		"model/model_test.go":           "package model\n\nimport \"testing\"\n",
		"model/testdata/x.go":           "package x\n\nimport \"testing\"\n",
		"empty/empty.go":                "package empty\n",
		"nested/go.mod":                 "module example.org/m/nested\n",
		"nested/deep/deep.go":           "package deep\n\nimport \"testing\"\n",
		".hidden/hidden.go":             "package hidden\n",
		"_old/old.go":                   "package old\n",
		"internal/dialect/sqlite/db.go": "package sqlite\n\nimport `example.org/m/internal/dialect`\n",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	require.Equal(t, map[string][]string{
		"model":                   {"fmt", "./relation", "unsafe"},
		"empty":                   nil,
		"internal/dialect/sqlite": {"./internal/dialect"},
	}, imports(t, root))
}

// TestLayersNameEachPackageOnce keeps a package from standing in two layers.
func TestLayersNameEachPackageOnce(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, layer := range layers {
		for _, pkg := range layer {
			require.False(t, seen[pkg], "%s stands in the picture twice", pkg)
			seen[pkg] = true
		}
	}
}
