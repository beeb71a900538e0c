// SPDX-License-Identifier: MIT

package vet

import (
	"bytes"
	"go/ast"
	"strings"

	"golang.org/x/tools/go/analysis"
)

const directive = "//kindredvet:ignore"

// line is a place that a diagnostic can stand at.
type line struct {
	file   string
	number int
}

// exceptions returns the lines that directives silence, and reports directives
// that give no reason.
func exceptions(pass *analysis.Pass) (map[line]bool, error) {
	excepted := make(map[line]bool)
	for _, file := range pass.Files {
		for _, group := range file.Comments {
			for _, comment := range group.List {
				reason, found := strings.CutPrefix(comment.Text, directive)
				if !found {
					continue
				}
				if strings.TrimSpace(reason) == "" {
					pass.Reportf(comment.Pos(), "%s needs a reason", directive)
					continue
				}
				at := pass.Fset.PositionFor(comment.Pos(), false)
				alone, err := standsAlone(pass, comment)
				if err != nil {
					return nil, err
				}
				if alone {
					at.Line++
				}
				excepted[line{at.Filename, at.Line}] = true
			}
		}
	}
	return excepted, nil
}

// standsAlone reports whether nothing but space comes before comment on its line.
func standsAlone(pass *analysis.Pass, comment *ast.Comment) (bool, error) {
	file := pass.Fset.File(comment.Pos())
	src, err := pass.ReadFile(file.Name())
	if err != nil {
		return false, err
	}
	start := file.Offset(file.LineStart(file.Line(comment.Pos())))
	return len(bytes.TrimSpace(src[start:file.Offset(comment.Pos())])) == 0, nil
}
