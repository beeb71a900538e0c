// SPDX-License-Identifier: MIT

package vet

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// rawCheck reports raw SQL text that is not a constant.
type rawCheck struct {
	info   *types.Info
	report reporter
}

// selector checks node if it selects a raw method: its call, or its use as a value.
func (c rawCheck) selector(cursor inspector.Cursor, node *ast.SelectorExpr) {
	selection := c.info.Selections[node]
	if selection == nil || !isRaw(selection.Obj()) {
		return
	}
	for cursor.ParentEdgeKind() == edge.ParenExpr_X {
		cursor = cursor.Parent()
	}
	call, ok := cursor.Parent().Node().(*ast.CallExpr)
	if !ok || cursor.ParentEdgeKind() != edge.CallExpr_Fun {
		c.report(node.Sel.Pos(), "%s is used as a value, so its SQL text cannot be checked; call it",
			node.Sel.Name)
		return
	}
	text := 0
	if selection.Kind() == types.MethodExpr {
		text = 1 // the receiver comes first
	}
	// A call whose arguments are the results of another call has fewer than it seems.
	arg := call.Args[min(text, len(call.Args)-1)]
	if c.info.Types[arg].Value == nil {
		c.report(arg.Pos(), "the SQL text of %s is not a constant; write it as a constant and bind values with ?",
			node.Sel.Name)
	}
}

// isRaw reports whether obj is a method of package relation that takes SQL text.
func isRaw(obj types.Object) bool {
	method, ok := obj.(*types.Func)
	if !ok || method.Pkg() == nil || method.Pkg().Path() != relationPath ||
		!method.Exported() || !strings.HasSuffix(method.Name(), "Raw") {
		return false
	}
	params := method.Signature().Params()
	return params.Len() > 0 && types.Identical(params.At(0).Type(), types.Typ[types.String])
}
