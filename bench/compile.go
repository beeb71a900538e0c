// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/kindred-orm/kindred/bench/compile"
)

// compileName is the name of the workload that measures the compiler.
const compileName = "compile"

// entMost is the largest number of models that ent is built with: 50 take 1.7 GiB of memory and 100 s of CPU time.
const entMost = 50

// CompileRun measures what models cost the compiler.
type CompileRun struct {
	Libraries []string
	Sizes     []CompileSize
	// TempDir holds the programs while the run lasts. "" is the system's.
	TempDir string
	// Progress receives a line for each finished build.
	Progress io.Writer
}

// CompileSize is a number of models, and how often each program with as many is built.
type CompileSize struct {
	Models, Builds int
}

// CompileResult is what the builds cost.
type CompileResult struct {
	Figures []CompileFigure `json:"programs"`
	Aims    []CompileAim    `json:"aims,omitempty"`
	// NotRun maps the libraries whose programs could not be written to the reason.
	NotRun map[string]string `json:"not_run,omitempty"`
	// Libraries and Sizes are those of the run.
	Libraries []string      `json:"-"`
	Sizes     []CompileSize `json:"-"`
}

// CompileFigure is one program's result: the medians of its builds.
type CompileFigure struct {
	Library string  `json:"library"`
	Models  int     `json:"models"`
	Seconds float64 `json:"cpu_seconds"`
	// Spread is the median distance from Seconds.
	Spread float64 `json:"spread"`
	Peak   float64 `json:"peak_bytes"`
	Size   float64 `json:"binary_bytes"`
}

// Do writes all programs, and builds each as often as its size says, in turn with those of the other libraries.
func (r *CompileRun) Do(ctx context.Context) (result *CompileResult, err error) {
	m, err := compile.New(ctx, r.TempDir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	result = &CompileResult{NotRun: map[string]string{}, Sizes: r.Sizes}
	for _, library := range r.Libraries {
		if err := r.write(ctx, m, library); err != nil {
			if library != compile.Ent || ctx.Err() != nil {
				return nil, err
			}
			result.NotRun[library] = "its generator does not run here: " + err.Error()
			continue
		}
		result.Libraries = append(result.Libraries, library)
	}
	for _, size := range r.Sizes {
		figures, err := r.build(ctx, m, result.Libraries, size)
		if err != nil {
			return nil, err
		}
		result.Figures = append(result.Figures, figures...)
	}
	result.judge()
	return result, nil
}

// write writes a library's programs, and builds the first once, so that what they depend on is in the build cache.
func (r *CompileRun) write(ctx context.Context, m *compile.Module, library string) error {
	for _, size := range r.Sizes {
		if !takesPart(library, size) {
			continue
		}
		start := time.Now()
		if err := m.Write(ctx, compile.Program{Library: library, Models: size.Models}); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(r.Progress, "write %-14s %5.1f s\n", programName(library, size.Models), time.Since(start).Seconds())
	}
	_, err := m.Build(ctx, compile.Program{Library: library, Models: r.Sizes[0].Models})
	return err
}

// takesPart reports whether a library's program of a size is built.
func takesPart(library string, size CompileSize) bool {
	return library != compile.Ent || size.Models <= entMost
}

// build builds the programs of one size.
func (r *CompileRun) build(ctx context.Context, m *compile.Module, libraries []string, size CompileSize) ([]CompileFigure, error) {
	libraries = slices.DeleteFunc(slices.Clone(libraries), func(library string) bool { return !takesPart(library, size) })
	costs := make([][]compile.Cost, len(libraries))
	for range size.Builds {
		for i, library := range libraries {
			start := time.Now()
			cost, err := m.Build(ctx, compile.Program{Library: library, Models: size.Models})
			if err != nil {
				return nil, err
			}
			costs[i] = append(costs[i], cost)
			_, _ = fmt.Fprintf(r.Progress, "build %-14s %5.1f s\n", programName(library, size.Models), time.Since(start).Seconds())
		}
	}
	figures := make([]CompileFigure, len(libraries))
	for i, library := range libraries {
		figures[i] = newCompileFigure(library, size.Models, costs[i])
	}
	return figures, nil
}

func programName(library string, models int) string {
	return fmt.Sprintf("%s/%s%d", compileName, library, models)
}

// newCompileFigure sums up the builds of a program.
func newCompileFigure(library string, models int, costs []compile.Cost) CompileFigure {
	pick := func(figure func(compile.Cost) float64) []float64 {
		out := make([]float64, len(costs))
		for i, c := range costs {
			out[i] = figure(c)
		}
		return out
	}
	seconds := pick(func(c compile.Cost) float64 { return c.CPU.Seconds() })
	return CompileFigure{
		Library: library, Models: models, Seconds: median(seconds), Spread: spread(seconds),
		Peak: median(pick(func(c compile.Cost) float64 { return float64(c.Peak) })),
		Size: median(pick(func(c compile.Cost) float64 { return float64(c.Size) })),
	}
}

// figure returns the result of a program, or nil if it was not built.
func (r *CompileResult) figure(library string, models int) *CompileFigure {
	for i := range r.Figures {
		if f := &r.Figures[i]; f.Library == library && f.Models == models {
			return f
		}
	}
	return nil
}
