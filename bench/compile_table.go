// SPDX-License-Identifier: MIT

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// writeCompileTable writes what programs cost the compiler, what Kindred was to reach, and what was not run.
func writeCompileTable(w io.Writer, r *CompileResult) error {
	lines := [][]string{append([]string{"compile"}, r.Libraries...), nil}
	for _, size := range r.Sizes {
		line := []string{modelsText(size.Models)}
		for _, library := range r.Libraries {
			line = append(line, compileCell(r.figure(library, size.Models)))
		}
		lines = append(lines, line)
	}
	if err := writeLines(w, lines); err != nil {
		return err
	}
	if _, err := fmt.Fprint(w, "\nCells: CPU time of the build, memory of its largest process, size of the binary. "+
		"Only the models' packages are stale.\n\n"); err != nil {
		return err
	}
	if err := writeCompileAims(w, r.Aims); err != nil {
		return err
	}
	for _, library := range slices.Sorted(maps.Keys(r.NotRun)) {
		if _, err := fmt.Fprintf(w, "%s: not run: %s\n", library, r.NotRun[library]); err != nil {
			return err
		}
	}
	return nil
}

func modelsText(n int) string {
	if n == 1 {
		return "1 model"
	}
	return fmt.Sprintf("%d models", n)
}

func compileCell(f *CompileFigure) string {
	const mib = 1 << 20
	if f == nil {
		return "–"
	}
	return fmt.Sprintf("%.2f s, %.0f MiB, %.1f MiB", f.Seconds, f.Peak/mib, f.Size/mib)
}

func writeCompileAims(w io.Writer, aims []CompileAim) error {
	if len(aims) == 0 {
		return nil
	}
	lines := [][]string{{"compile", "kindred", "must", "goal", "kindred meets"}, nil}
	for _, a := range aims {
		cell := func(v float64) string { return fmt.Sprintf("%.3g %s", v, a.Unit) }
		lines = append(lines, []string{a.Name, cell(a.Value), cell(a.Must), cell(a.Goal), string(a.Verdict)})
	}
	return writeLines(w, lines)
}
