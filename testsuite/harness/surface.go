// SPDX-License-Identifier: MIT

package harness

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const modulePath = "github.com/kindred-orm/kindred"

// sourceImporter type-checks packages of the module from their source. Of all others it only knows
// context.Context; what else they declare does not matter here.
type sourceImporter struct {
	files *token.FileSet
	known map[string]*types.Package
}

// Import returns a package.
func (i *sourceImporter) Import(path string) (*types.Package, error) {
	if known, ok := i.known[path]; ok {
		return known, nil
	}
	dir, own := strings.CutPrefix(path, modulePath+"/")
	if !own {
		pkg := types.NewPackage(path, packageName(path))
		if path == "context" {
			name := types.NewTypeName(token.NoPos, pkg, "Context", nil)
			types.NewNamed(name, types.NewInterfaceType(nil, nil), nil)
			pkg.Scope().Insert(name)
		}
		pkg.MarkComplete()
		i.known[path] = pkg
		return pkg, nil
	}
	entries, err := os.ReadDir(filepath.Join("..", "..", filepath.FromSlash(dir)))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(i.files, filepath.Join("..", "..", filepath.FromSlash(dir), entry.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	config := types.Config{Importer: i, IgnoreFuncBodies: true, Error: func(error) {}}
	pkg, _ := config.Check(path, i.files, files, nil) // what others declare is missing
	i.known[path] = pkg
	return pkg, nil
}

// packageName guesses the name of a package from its path.
func packageName(path string) string {
	parts := strings.Split(path, "/")
	if last := parts[len(parts)-1]; len(parts) == 1 || !strings.HasPrefix(last, "v") {
		return last
	}
	return parts[len(parts)-2]
}

// Func is an exported function or method.
type Func struct {
	// Name is "model.Create" or "Query.Where".
	Name   string
	params *types.Tuple
}

// Surface returns the exported functions of the public packages, and the exported methods of their
// exported types. Promoted methods belong to the type that declares them. It reads the source two
// folders above that of the test.
func Surface(t testing.TB) []Func {
	t.Helper()
	importer := &sourceImporter{files: token.NewFileSet(), known: map[string]*types.Package{}}
	var list []Func
	for _, name := range []string{"model", "relation", "serialize", "hooks"} {
		pkg, err := importer.Import(modulePath + "/" + name)
		require.NoError(t, err)
		for _, declared := range pkg.Scope().Names() {
			switch object := pkg.Scope().Lookup(declared).(type) {
			case *types.Func:
				if object.Exported() {
					list = append(list, Func{name + "." + declared, object.Signature().Params()})
				}
			case *types.TypeName:
				list = append(list, methodsOf(object)...)
			}
		}
	}
	require.Greater(t, len(list), 150, "the surface was not found")
	return list
}

// methodsOf returns the exported methods of a type, of an interface too. What Record embeds counts as
// its own.
func methodsOf(object *types.TypeName) []Func {
	const embedded = "printed"
	named, ok := object.Type().(*types.Named)
	if !ok || object.IsAlias() || !object.Exported() && object.Name() != embedded {
		return nil
	}
	name := object.Name()
	if name == embedded {
		name = "Record"
	}
	methods := slices.Collect(named.Methods())
	if of, ok := named.Underlying().(*types.Interface); ok {
		methods = slices.AppendSeq(methods, of.ExplicitMethods())
	}
	var list []Func
	for _, method := range methods {
		if method.Exported() {
			list = append(list, Func{name + "." + method.Name(), method.Signature().Params()})
		}
	}
	return list
}

// TakesContext reports whether a parameter is a context.
func (f Func) TakesContext() bool {
	for param := range f.params.Variables() {
		if param.Type().String() == "context.Context" {
			return true
		}
	}
	return false
}

// TakesName reports whether a parameter can hold a name: text, texts, values by name, options with
// names in them, and the column that may also be a function.
func (f Func) TakesName() bool {
	for param := range f.params.Variables() {
		if holdsText(param.Type(), 0) || param.Name() == "column" {
			return true
		}
	}
	return false
}

// holdsText reports whether a type is text or holds text.
func holdsText(of types.Type, depth int) bool {
	if depth > 4 {
		return false
	}
	switch of := of.Underlying().(type) {
	case *types.Basic:
		return of.Info()&types.IsString != 0
	case *types.Slice:
		if basic, ok := of.Elem().(*types.Basic); ok && basic.Kind() == types.Byte {
			return true // JSON
		}
		return holdsText(of.Elem(), depth+1)
	case *types.Map:
		return holdsText(of.Key(), depth+1)
	case *types.Struct:
		for field := range of.Fields() {
			if field.Exported() && holdsText(field.Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

// In reports whether the function, or the method of Query that a method of Builder calls, is in a set
// of names.
func (f Func) In(names map[string]bool) bool {
	method, ok := strings.CutPrefix(f.Name, "Builder.")
	return names[f.Name] || ok && names["Query."+method]
}
