// SPDX-License-Identifier: MIT

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// writeTable writes the results as a Markdown table with aligned columns, and its footnotes.
func writeTable(w io.Writer, results []*Result, names []string) error {
	header := []string{"workload"}
	for _, name := range names {
		if name == rawName {
			name = "raw, time"
		}
		header = append(header, name)
	}
	header = append(header, "noise", "must", "goal", "kindred meets")
	var notes []string
	lines := [][]string{header, nil}
	for _, r := range results {
		line := []string{r.Workload}
		for _, name := range names {
			line = append(line, cell(r, name, &notes))
		}
		line = append(line, noiseText(r), aimText(r, r.Must, r.workload.Aim.Allocs),
			aimText(r, r.Goal, 0), orDash(string(r.Verdict)))
		lines = append(lines, line)
	}
	if err := writeLines(w, lines); err != nil {
		return err
	}
	if _, err := fmt.Fprint(w, "\nCells: median ratio to raw in the same pass (allocations of "+
		"one operation). Noise: what raw differs from itself.\n"); err != nil {
		return err
	}
	for i, note := range notes {
		if _, err := fmt.Fprintf(w, "[%d] %s\n", i+1, note); err != nil {
			return err
		}
	}
	return nil
}

// cell is one contender's result: a time for raw and absolute workloads, else a ratio.
func cell(r *Result, name string, notes *[]string) string {
	f := r.figure(name)
	if f == nil {
		return "–"
	}
	text := fmt.Sprintf("%.2f (%s)", f.Ratio, count(f.Allocs))
	if f.Ratio == 0 || name == rawName {
		text = fmt.Sprintf("%s (%s)", timeText(f.Nanos), count(f.Allocs))
	}
	if f.Note != "" {
		i := slices.Index(*notes, f.Note)
		if i < 0 {
			i = len(*notes)
			*notes = append(*notes, f.Note)
		}
		text += fmt.Sprintf(" [%d]", i+1)
	}
	return text
}

func noiseText(r *Result) string {
	if r.Noise == 0 {
		return "–"
	}
	return fmt.Sprintf("±%.2f", r.Noise)
}

// aimText shows an aim in the workload's unit.
func aimText(r *Result, value, allocs float64) string {
	if value == 0 {
		return "–"
	}
	text := fmt.Sprintf("%.2f", value)
	if unit := r.workload.Absolute; unit != 0 {
		text = timeText(value * float64(unit))
	}
	if allocs != 0 {
		text += fmt.Sprintf(" (%s)", count(allocs))
	}
	return text
}

// timeText shows nanoseconds with three digits.
func timeText(nanos float64) string {
	switch d := duration(nanos); {
	case d < 100:
		return fmt.Sprintf("%.1f ns", nanos)
	case d < time.Microsecond:
		return fmt.Sprintf("%.0f ns", nanos)
	case d < time.Millisecond:
		return fmt.Sprintf("%.3g µs", nanos/1e3)
	default:
		return fmt.Sprintf("%.3g ms", nanos/1e6)
	}
}

// count shows a number of allocations, large ones in thousands.
func count(n float64) string {
	if n >= 100_000 {
		return fmt.Sprintf("%.0fk", n/1000)
	}
	return fmt.Sprintf("%.0f", n)
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// writeLines aligns the cells; a nil line is the rule below the header.
func writeLines(w io.Writer, lines [][]string) error {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, c := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	for _, line := range lines {
		var b strings.Builder
		for i, width := range widths {
			if line == nil {
				b.WriteString("|" + strings.Repeat("-", width+2))
				continue
			}
			pad := strings.Repeat(" ", width-utf8.RuneCountInString(line[i]))
			b.WriteString("| " + line[i] + pad + " ")
		}
		b.WriteString("|\n")
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	return nil
}
