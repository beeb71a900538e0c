// SPDX-License-Identifier: MIT

package deptest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// perModel are the types whose methods the compiler makes for every model, those of a record once more for the struct that embeds it.
var perModel = []string{"Record", "printed", "Builder", "Page", "CursorPage"}

// TestNoMethodOfAModelIsInlined holds what ARCHITECTURE.md says of compile time.
func TestNoMethodOfAModelIsInlined(t *testing.T) {
	t.Parallel()
	found := 0
	for _, dir := range []string{"model", "relation"} {
		files, err := filepath.Glob(filepath.Join("..", "..", dir, "*.go"))
		require.NoError(t, err)
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
			require.NoError(t, err)
			for _, decl := range file.Decls {
				fn, ok := decl.(*ast.FuncDecl)
				if !ok || !fn.Name.IsExported() || !slices.Contains(perModel, genericReceiver(fn)) {
					continue
				}
				found++
				kept := fn.Doc != nil && slices.ContainsFunc(fn.Doc.List, func(c *ast.Comment) bool { return c.Text == "//go:noinline" })
				if !kept {
					t.Errorf("%s: %s.%s has no //go:noinline", path, genericReceiver(fn), fn.Name)
				}
			}
		}
	}
	require.NotZero(t, found)
}

// genericReceiver returns the name of the generic type that fn is a method of, or "".
func genericReceiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	t := fn.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	index, ok := t.(*ast.IndexExpr)
	if !ok {
		return ""
	}
	name, ok := index.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return name.Name
}
