// SPDX-License-Identifier: MIT

package vet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

const (
	modelPath    = "github.com/kindred-orm/kindred/model"
	relationPath = "github.com/kindred-orm/kindred/relation"
)

// Analyzer reports misplaced base models and SQL text that is not a constant,
// as the package comment describes.
var Analyzer = &analysis.Analyzer{ //nolint:gochecknoglobals // drivers take an analyzer by its address
	Name: "kindredvet",
	Doc: `report misplaced base models and raw SQL that is not a constant

A model embeds model.BaseModel[T] by value, as its first field, with T being
itself, and embeds no other model. The SQL text of WhereRaw, OrWhereRaw,
HavingRaw, OrderByRaw and SelectRaw is a constant expression.

A comment "//kindredvet:ignore reason" silences its line or the line below.`,
	URL:      "https://pkg.go.dev/github.com/kindred-orm/kindred/vet",
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      run,
}

// reporter reports one diagnostic, unless the line is excepted.
type reporter func(pos token.Pos, format string, args ...any)

func run(pass *analysis.Pass) (any, error) {
	excepted, err := exceptions(pass)
	if err != nil {
		return nil, err
	}
	report := func(pos token.Pos, format string, args ...any) {
		at := pass.Fset.Position(pos)
		if !excepted[line{at.Filename, at.Line}] {
			pass.Reportf(pos, format, args...)
		}
	}

	insp, ok := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	if !ok {
		panic("vet: the inspect pass has another result type")
	}
	structs := structCheck{info: pass.TypesInfo, qualify: types.RelativeTo(pass.Pkg), report: report}
	raws := rawCheck{info: pass.TypesInfo, report: report}
	for cursor := range insp.Root().Preorder(
		(*ast.TypeSpec)(nil), (*ast.StructType)(nil), (*ast.SelectorExpr)(nil),
	) {
		switch node := cursor.Node().(type) {
		case *ast.TypeSpec:
			structs.declared(node)
		case *ast.StructType:
			if spec, isType := cursor.Parent().Node().(*ast.TypeSpec); !isType || spec.Assign.IsValid() {
				structs.unnamed(node)
			}
		case *ast.SelectorExpr:
			raws.selector(cursor, node)
		}
	}
	return nil, nil
}
