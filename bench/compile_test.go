// SPDX-License-Identifier: MIT

package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/kindred-orm/kindred/bench/compile"
)

// costs are builds that take seconds of CPU, with a peak and a size in MiB.
func costs(peak, size int64, seconds ...float64) []compile.Cost {
	out := make([]compile.Cost, len(seconds))
	for i, s := range seconds {
		out[i] = compile.Cost{CPU: time.Duration(s * float64(time.Second)), Peak: peak << 20, Size: size << 20}
	}
	return out
}

func TestCompileAims(t *testing.T) {
	t.Parallel()
	r := &CompileResult{Figures: []CompileFigure{
		newCompileFigure("kindred", 1, costs(100, 10, 2, 9, 1)),
		newCompileFigure("kindred", 50, costs(300, 14, 8)),
		newCompileFigure("gorm", 50, costs(100, 10, 2)),
		newCompileFigure("kindred", 200, costs(2048, 20, 40)),
	}}
	r.judge()
	want := []struct {
		value   float64
		verdict Verdict
	}{{4, Met}, {1000 * 38.0 / 199, Missed}, {10 * 1024.0 / 199, Met}, {2, Missed}}
	if len(r.Aims) != len(want) {
		t.Fatalf("aims = %+v; want %d", r.Aims, len(want))
	}
	for i, w := range want {
		if a := r.Aims[i]; a.Value != w.value || a.Verdict != w.verdict {
			t.Errorf("aim %s = %v, %s; want %v, %s", a.Name, a.Value, a.Verdict, w.value, w.verdict)
		}
	}
	if err := (&Report{Compile: r}).enforce(); err == nil || !strings.Contains(err.Error(), "compile: memory of 200 models") {
		t.Errorf("enforce = %v; want an error that names the aim", err)
	}
}

func TestCompileAimsWithoutPrograms(t *testing.T) {
	t.Parallel()
	r := &CompileResult{Figures: []CompileFigure{newCompileFigure("bun", 1, costs(1, 1, 1))}}
	if r.judge(); len(r.Aims) != 0 {
		t.Errorf("aims = %+v; want none without Kindred", r.Aims)
	}
}

func TestCompileTable(t *testing.T) {
	t.Parallel()
	r := &CompileResult{
		Figures:   []CompileFigure{newCompileFigure("bun", 1, costs(120, 9, 1.5))},
		Aims:      []CompileAim{{"memory of 200 models", 1.234, "GiB", 1.3, 0.7, Met}},
		NotRun:    map[string]string{"ent": "no network"},
		Libraries: []string{"bun"}, Sizes: []CompileSize{{1, 1}, {50, 1}},
	}
	var out bytes.Buffer
	if err := writeCompileTable(&out, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| 1 model   | 1.50 s, 120 MiB, 9.0 MiB |", "| 50 models | –", "| 1.23 GiB | 1.3 GiB | 0.7 GiB | met", "ent: not run: no network",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
}

func TestCompileIsSelected(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]bool{"": true, "compile": true, "sqlite/": false} {
		o, err := parseOptions([]string{"-run", pattern, "-contenders", "bun"}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if _, compiles, err := o.selectWorkloads(); err != nil || compiles != want {
			t.Errorf("-run %q: compiles = %t, %v; want %t", pattern, compiles, err, want)
		}
		entries, err := o.selectContenders()
		if err != nil {
			t.Fatal(err)
		}
		if c := o.compileRun(entries, io.Discard); len(c.Libraries) != 1 || c.Libraries[0] != "bun" {
			t.Errorf("libraries = %v; want bun", c.Libraries)
		}
	}
}
