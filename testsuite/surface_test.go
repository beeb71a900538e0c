// SPDX-License-Identifier: MIT

package testsuite

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
)

const surfaceModule = "github.com/kindred-orm/kindred"

// surfaceImporter type-checks packages of the module from their source. Of all others it only knows
// context.Context; what else they declare does not matter here.
type surfaceImporter struct {
	files *token.FileSet
	known map[string]*types.Package
}

// Import returns a package.
func (i *surfaceImporter) Import(path string) (*types.Package, error) {
	if known, ok := i.known[path]; ok {
		return known, nil
	}
	dir, own := strings.CutPrefix(path, surfaceModule+"/")
	if !own {
		pkg := types.NewPackage(path, surfaceName(path))
		if path == "context" {
			name := types.NewTypeName(token.NoPos, pkg, "Context", nil)
			types.NewNamed(name, types.NewInterfaceType(nil, nil), nil)
			pkg.Scope().Insert(name)
		}
		pkg.MarkComplete()
		i.known[path] = pkg
		return pkg, nil
	}
	entries, err := os.ReadDir(filepath.Join("..", filepath.FromSlash(dir)))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(i.files, filepath.Join("..", filepath.FromSlash(dir), entry.Name()), nil, parser.SkipObjectResolution)
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

// surfaceName guesses the name of a package from its path.
func surfaceName(path string) string {
	parts := strings.Split(path, "/")
	if last := parts[len(parts)-1]; len(parts) == 1 || !strings.HasPrefix(last, "v") {
		return last
	}
	return parts[len(parts)-2]
}

// surfaceFunc is an exported function or method.
type surfaceFunc struct {
	name   string // "model.Create", "Query.Where"
	params *types.Tuple
}

// surface returns the exported functions of the public packages, and the exported methods of their
// exported types. Promoted methods belong to the type that declares them.
func surface(t *testing.T) []surfaceFunc {
	t.Helper()
	importer := &surfaceImporter{files: token.NewFileSet(), known: map[string]*types.Package{}}
	var list []surfaceFunc
	for _, name := range []string{"model", "relation", "serialize", "hooks"} {
		pkg, err := importer.Import(surfaceModule + "/" + name)
		require.NoError(t, err)
		scope := pkg.Scope()
		for _, declared := range scope.Names() {
			switch object := scope.Lookup(declared).(type) {
			case *types.Func:
				if object.Exported() {
					list = append(list, surfaceFunc{name + "." + declared, object.Signature().Params()})
				}
			case *types.TypeName:
				named, ok := object.Type().(*types.Named)
				if !ok || !object.Exported() && declared != "printed" || object.IsAlias() {
					continue
				}
				if declared == "printed" { // embedded in Record
					declared = "Record"
				}
				if of, ok := named.Underlying().(*types.Interface); ok {
					for method := range of.ExplicitMethods() {
						if !method.Exported() {
							continue
						}
						list = append(list, surfaceFunc{declared + "." + method.Name(), method.Signature().Params()})
					}
				}
				for method := range named.Methods() {
					if method.Exported() {
						list = append(list, surfaceFunc{declared + "." + method.Name(), method.Signature().Params()})
					}
				}
			}
		}
	}
	require.Greater(t, len(list), 150, "the surface was not found")
	return list
}

// takesContext reports whether a parameter is a context.
func (f surfaceFunc) takesContext() bool {
	for param := range f.params.Variables() {
		if param.Type().String() == "context.Context" {
			return true
		}
	}
	return false
}

// takesName reports whether a parameter can hold a name: text, texts, values by name, options with
// names in them, and the column that may also be a function.
func (f surfaceFunc) takesName() bool {
	for param := range f.params.Variables() {
		if surfaceText(param.Type(), 0) || param.Name() == "column" {
			return true
		}
	}
	return false
}

// surfaceText reports whether a type is text or holds text.
func surfaceText(of types.Type, depth int) bool {
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
		return surfaceText(of.Elem(), depth+1)
	case *types.Map:
		return surfaceText(of.Key(), depth+1)
	case *types.Struct:
		for field := range of.Fields() {
			if field.Exported() && surfaceText(field.Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

// surfaceOther are the functions with a context that neither read nor write, with the reason.
func surfaceOther() map[string]string {
	return map[string]string{
		"model.WithDB":  "makes a context",
		"hooks.Without": "makes a context",
		"DB.Migrate":    "is DDL by gorm's migrator, not in one transaction",
	}
}

// surfaceHook reports whether a function is implemented by users.
func surfaceHook(name string) bool {
	of, _, _ := strings.Cut(name, ".")
	return strings.HasSuffix(of, "Hook") || of == "Naming" || name == "Page.Facts"
}

// surfaceTwin reports whether a method of Builder is tried as the method of Query that it calls.
func surfaceTwin(name string, tried map[string]bool) bool {
	method, ok := strings.CutPrefix(name, "Builder.")
	return ok && tried["Query."+method]
}

func surfaceKeys(reasons map[string]string) map[string]bool {
	keys := map[string]bool{}
	for name := range reasons {
		keys[name] = true
	}
	return keys
}

// TestSurfaceSweep: every public function that gets a context, and so may reach the database, is part
// of the fault sweep, or said to do neither.
func TestSurfaceSweep(t *testing.T) {
	t.Parallel()
	swept := map[string]bool{}
	for _, op := range slices.Concat(sweepOps(), sweepRelationOps()) {
		for _, api := range op.api {
			swept[api] = true
		}
	}
	other := surfaceOther()
	seen := map[string]bool{}
	for _, f := range surface(t) {
		seen[f.name] = true
		if !f.takesContext() || surfaceHook(f.name) || surfaceTwin(f.name, swept) {
			continue
		}
		if reason, ok := other[f.name]; ok {
			require.NotEmpty(t, reason)
			require.False(t, swept[f.name], "%s is swept and exempted", f.name)
			continue
		}
		if !swept[f.name] {
			t.Errorf("%s gets a context, and is in no row of sweepOps; add one, or a reason to surfaceOther", f.name)
		}
	}
	for api := range swept {
		if !seen[api] {
			t.Errorf("sweepOps covers %s, which does not exist", api)
		}
	}
	for api := range other {
		if !seen[api] {
			t.Errorf("surfaceOther has %s, which does not exist", api)
		}
	}
}

// surfaceUnnamed are the functions with text that names nothing, with the reason.
func surfaceUnnamed() map[string]string {
	const raw = "takes SQL of the caller, which is not checked by design"
	return map[string]string{
		"Query.HavingRaw": raw, "Query.OrWhereRaw": raw, "Query.OrderByRaw": raw, "Query.SelectRaw": raw,
		"Query.Sideload":                 "its values stay in memory, under names of the caller's own",
		"Definition.Computed":            "names a value in JSON, which is quoted; the program's own text",
		"Definition.GlobalScope":         "is the name by which the program itself leaves the scope out; never part of SQL",
		"Definition.Scope":               "is the name by which the program itself adds the scope; never part of SQL",
		"Definition.On":                  "tried by TestIdentifiersOfDefinitions",
		"Definition.OnMany":              "tried by TestIdentifiersOfDefinitions",
		"Definition.OnQuery":             "tried by TestIdentifiersOfDefinitions",
		"Definition.Table":               "tried by TestIdentifiersOfDefinitions",
		"RelationDefinition.As":          "names a value among the extras; never part of SQL",
		"RelationDefinition.SerializeAs": "names a relation in JSON, which is quoted; the program's own text",
		"Naming.PivotKey":                "is implemented by the program",
		"Naming.PivotTable":              "is implemented by the program",
		"Naming.Serialized":              "is implemented by the program",
		"relation.Describe":              "tried through model.RelationOf",
		"Page.BaseURL":                   "is the path of links",
		"Page.QueryString":               "is encoded into the query of links",
		"serialize.Pick":                 "is a part of Options, tried where those are used",
		"serialize.Omit":                 "is a part of Options, tried where those are used",
	}
}

// TestSurfaceIdentifiers: every public function that takes text is tried with malicious names, or said
// to take none.
func TestSurfaceIdentifiers(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, refine := range identRefinements() {
		tried["RelationDefinition."+refine.api] = true
	}
	for _, entry := range identEntries() {
		tried[entry.api] = true
	}
	exempted := surfaceUnnamed()
	seen, takes := map[string]bool{}, map[string]bool{}
	for _, f := range surface(t) {
		seen[f.name] = true
		if !f.takesName() || surfaceTwin(f.name, tried) || surfaceTwin(f.name, surfaceKeys(exempted)) {
			continue
		}
		takes[f.name] = true
		reason, ok := exempted[f.name]
		switch {
		case ok && tried[f.name]:
			t.Errorf("%s is tried and exempted", f.name)
		case ok:
			require.NotEmpty(t, reason)
		case !tried[f.name]:
			t.Errorf("%s takes text, and is in no row of identEntries; add one, or a reason to surfaceUnnamed", f.name)
		}
	}
	for api := range tried {
		if !seen[api] {
			t.Errorf("identEntries has %s, which does not exist", api)
		}
	}
	for api := range exempted {
		if !takes[api] {
			t.Errorf("surfaceUnnamed has %s, which does not exist or takes no text", api)
		}
	}
}

// TestSurfaceChain: every chain method, and every terminal of a builder, is in the chain tables.
func TestSurfaceChain(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, one := range slices.Concat(chainConditions[chainBuilder](nil), chainOthers[chainBuilder](), chainPivot[chainBuilder]()) {
		used["Query."+one.api], used["Builder."+one.api] = true, true
	}
	for _, one := range chainOfBuilder() {
		used["Query."+one.api], used["Builder."+one.api] = true, true
	}
	for _, one := range chainOfQuery() {
		used["Query."+one.api] = true
	}
	for _, f := range surface(t) {
		of, _, _ := strings.Cut(f.name, ".")
		if (of == "Builder" || of == "Query") && !used[f.name] && f.name != "Builder.Untyped" {
			t.Errorf("%s is not in the chain tables", f.name)
		}
	}
	// A method that adds conditions is tried in every form that could let an OR escape.
	conditions := map[string]bool{}
	for _, one := range slices.Concat(chainConditions[chainBuilder](nil), chainPivot[chainBuilder]()) {
		conditions[one.api] = true
	}
	for _, f := range surface(t) {
		if name, ok := strings.CutPrefix(f.name, "Query."); ok && strings.Contains(name, "Where") && !conditions[name] {
			t.Errorf("Query.%s is not in chainConditions", name)
		}
	}
}

// TestSurfaceBaseMethods holds the methods that every model gets by embedding: a new one is a name that
// no model's field may have any more. KINDRED_UPDATE=1 writes the list.
func TestSurfaceBaseMethods(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	methods := reflect.TypeFor[*sweepLog]()
	for method := range methods.Methods() {
		signature := strings.ReplaceAll(method.Type.String(), "testsuite.sweepLog", "T")
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

// TestSurfaceBaseModel: the base model has no exported state, and none of the methods that gorm would
// call as hooks.
func TestSurfaceBaseModel(t *testing.T) {
	t.Parallel()
	base := reflect.TypeFor[model.BaseModel[sweepLog]]()
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
	require.Equal(t, reflect.TypeFor[*model.Builder[sweepLog]](), reflect.TypeFor[*model.Builder[sweepLog]]())
}
