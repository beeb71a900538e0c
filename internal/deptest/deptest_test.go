// SPDX-License-Identifier: MIT

// Package deptest holds the picture of the layers and checks that the imports of
// the module agree with it. It has no code but tests.
//
// The imports are parsed, not asked of the go command: the test cache sees the
// files that a test opens, and not what a command it runs would read.
package deptest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// layers is the architecture, from top to bottom. A package imports packages of
// strictly lower layers, never of its own. examples/blog, bench, vet and tools
// are modules of their own: what they import is their go.mod's affair.
var layers = [][]string{
	{"testsuite/properties", "testsuite/seeds", "testsuite/wire"},
	{"testsuite/harness"},
	{"internal/faultdb"},
	{"internal/dbtest"},
	{"model"},
	{"relation"},
	{"hooks", "serialize", "pivotts"},
	{"internal/save", "internal/paging"},
	{"internal/find", "internal/pivot"},
	{"internal/preload", "internal/aggregate", "internal/bulk"},
	{"internal/chain", "internal/existence"},
	{"internal/related"},
	{"internal/scope", "internal/persist"},
	{"internal/query"},
	{"internal/key", "internal/decode"},
	{"internal/record", "internal/migrate"},
	{"internal/tx"},
	{"internal/dialect/mysql", "internal/dialect/postgres", "internal/dialect/sqlite"},
	{"internal/dialect"},
	{"internal/meta"},
	{"internal/errs"},
	{"internal/ident", "internal/memory", "internal/ddl"},
}

// rules name the imports that only some packages may have.
var rules = []rule{
	{
		imports: []string{"github.com/jackc"},
		only:    []string{"internal/dialect/postgres", "internal/faultdb", "internal/dbtest"},
		reason:  "pgx stays behind the dialect",
	},
	{
		imports: []string{"unsafe"},
		only:    []string{"internal/memory", "model"},
		reason:  "conversions of pointers are reviewed in two places",
	},
	{
		imports: []string{"gorm.io/driver", "github.com/mattn/go-sqlite3", "modernc.org/sqlite"},
		only:    []string{"testsuite/harness", "internal/dbtest", "internal/faultdb"},
		reason:  "the library must not pick a driver",
	},
	{
		imports: []string{
			"testing", "github.com/stretchr/testify", "github.com/google/go-cmp",
			"go.uber.org/goleak", "pgregory.net/rapid",
		},
		only:   []string{"testsuite/harness", "internal/dbtest", "internal/faultdb"},
		reason: "a program that uses the library must not link test code",
	},
}

// rule says which packages alone may import some paths or what lies below them.
type rule struct {
	imports []string
	only    []string
	reason  string
}

func TestLayers(t *testing.T) {
	t.Parallel()
	tree := imports(t, filepath.Join("..", ".."))
	require.NotEmpty(t, tree, "no package found: the test looks in the wrong folder")
	for _, problem := range check(tree) {
		t.Error(problem)
	}
}

// check returns what is wrong with tree, which maps each package of the module
// to its imports. Paths within the module are relative to it, and begin with ./
// where they are imported.
func check(tree map[string][]string) []string {
	height := make(map[string]int)
	for i, layer := range layers {
		for _, pkg := range layer {
			height[pkg] = len(layers) - i
		}
	}
	var problems []string
	for pkg, paths := range tree {
		if height[pkg] == 0 {
			problems = append(problems, pkg+" is in no layer; give it a place in the picture")
			continue
		}
		for _, path := range paths {
			lower, own := strings.CutPrefix(path, "./")
			switch {
			case own && height[lower] == 0:
				problems = append(problems, fmt.Sprintf("%s imports %s, which is in no layer", pkg, lower))
			case own && height[lower] >= height[pkg]:
				problems = append(problems, fmt.Sprintf("%s imports %s, which is not below it", pkg, lower))
			case !own:
				problems = append(problems, forbidden(pkg, path)...)
			}
		}
	}
	slices.Sort(problems)
	return problems
}

// forbidden returns the rules that keep pkg from importing path.
func forbidden(pkg, path string) []string {
	var problems []string
	for _, r := range rules {
		matches := slices.ContainsFunc(r.imports, func(p string) bool {
			return path == p || strings.HasPrefix(path, p+"/")
		})
		if matches && !slices.Contains(r.only, pkg) {
			problems = append(problems, fmt.Sprintf("%s imports %s, which only %s may: %s",
				pkg, path, strings.Join(r.only, " and "), r.reason))
		}
	}
	return problems
}

// imports parses the source files of the module at root, tests and nested
// modules left out, whatever their build constraints.
func imports(t *testing.T, root string) map[string][]string {
	t.Helper()
	module := modulePath(t, root)
	tree := make(map[string][]string)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path != root && outside(path, entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		paths, err := fileImports(path, module)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(dir)
		tree[pkg] = append(tree[pkg], paths...)
		return nil
	})
	require.NoError(t, err)
	return tree
}

// fileImports returns what one file imports; paths of the module begin with ./ there.
func fileImports(name, module string) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if below, own := strings.CutPrefix(path, module+"/"); own {
			path = "./" + below
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// outside reports whether the go command leaves the folder out of ./... or it is
// a module of its own.
func outside(path, name string) bool {
	if name == "testdata" || name == "vendor" || name[0] == '.' || name[0] == '_' {
		return true
	}
	_, err := os.Stat(filepath.Join(path, "go.mod"))
	return err == nil
}

// modulePath returns the path that the go.mod file in root declares.
func modulePath(t *testing.T, root string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if path, found := strings.CutPrefix(line, "module "); found {
			return strings.TrimSpace(path)
		}
	}
	t.Fatal("go.mod has no module line")
	return ""
}
