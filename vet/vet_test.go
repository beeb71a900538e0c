// SPDX-License-Identifier: MIT

package vet_test

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/kindred-orm/kindred/vet"
)

func TestEmbedding(t *testing.T) {
	t.Parallel()
	analysistest.Run(t, analysistest.TestData(), vet.Analyzer, "embedding")
}

func TestRaw(t *testing.T) {
	t.Parallel()
	analysistest.Run(t, analysistest.TestData(), vet.Analyzer, "raw")
}

func TestIgnore(t *testing.T) {
	t.Parallel()
	analysistest.Run(t, analysistest.TestData(), vet.Analyzer, "ignore")
}

// TestStubsAgree compares what the stubs declare with the library: an analyzer that knows the stubs
// alone would go on passing after a type of the library has changed its form.
func TestStubsAgree(t *testing.T) {
	t.Parallel()
	for _, pkg := range []string{"model", "relation"} {
		library := declarations(t, filepath.Join("..", pkg))
		stub := declarations(t, filepath.Join("testdata", "src", "github.com", "kindred-orm", "kindred", pkg))
		for _, name := range []string{
			"BaseModel", "Builder", "Record", "Query.WhereRaw", "Query.OrWhereRaw", "Query.HavingRaw", "Query.OrderByRaw",
			"Query.SelectRaw", "Builder.WhereRaw", "Builder.OrderByRaw", "Builder.SelectRaw",
		} {
			if library[name] != stub[name] {
				t.Errorf("%s.%s is %q, its stub is %q", pkg, name, library[name], stub[name])
			}
		}
	}
}

// declarations returns the head of each type and method of a folder: its type parameters and what it is an alias of, or its
// parameters and results.
func declarations(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	out := make(map[string]string)
	set := token.NewFileSet()
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			add(t, set, out, decl)
		}
	}
	return out
}

func add(t *testing.T, set *token.FileSet, out map[string]string, decl ast.Decl) {
	t.Helper()
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv != nil {
			receiver := strings.TrimLeft(text(t, set, decl.Recv.List[0].Type), "*")
			name, _, _ := strings.Cut(receiver, "[")
			out[name+"."+decl.Name.Name] = receiver + " " + text(t, set, decl.Type)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			spec, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			head := ""
			if spec.TypeParams != nil {
				head = text(t, set, spec.TypeParams.List[0].Type)
			}
			if spec.Assign.IsValid() {
				head += " = " + text(t, set, spec.Type)
			}
			out[spec.Name.Name] = head
		}
	}
}

func text(t *testing.T, set *token.FileSet, node any) string {
	t.Helper()
	var out strings.Builder
	if err := printer.Fprint(&out, set, node); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
