// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Run is a whole benchmark: workloads × contenders.
type Run struct {
	Config
	Workloads  []Workload
	Contenders []Entry
	// PostgresDSN names the server; it is used only if a workload needs it.
	PostgresDSN string
	// TempDir holds SQLite's files while the run lasts. "" is the system's.
	TempDir string
	// Progress receives a line for each finished workload.
	Progress io.Writer
}

// Do runs all workloads, target by target, and returns their results in order. It stops with an
// error at the first contender that fails or does not do what raw does.
func (r *Run) Do(ctx context.Context) ([]*Result, error) {
	var results []*Result
	for _, target := range []Target{Ruler, SQLite, Postgres} {
		var ws []*Workload
		for i := range r.Workloads {
			if r.Workloads[i].Target == target {
				ws = append(ws, &r.Workloads[i])
			}
		}
		if len(ws) == 0 {
			continue
		}
		rs, err := r.doTarget(ctx, target, ws)
		if err != nil {
			return nil, err
		}
		results = append(results, rs...)
	}
	return results, nil
}

func (r *Run) stage(ctx context.Context, t Target) (*Stage, error) {
	switch t {
	case SQLite:
		return newSQLiteStage(ctx, r.TempDir)
	case Postgres:
		return newPostgresStage(ctx, r.PostgresDSN)
	}
	return newRulerStage(), nil
}

// doTarget runs the workloads of one database.
func (r *Run) doTarget(
	ctx context.Context, t Target, ws []*Workload,
) (results []*Result, err error) {
	s, err := r.stage(ctx, t)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t, err)
	}
	// The table is dropped even after an interrupt.
	defer func() { err = errors.Join(err, s.Close(context.WithoutCancel(ctx))) }()
	cs, closeAll, err := r.open(ctx, s)
	defer func() { err = errors.Join(err, closeAll()) }()
	if err != nil {
		return nil, err
	}
	for _, w := range ws {
		start := time.Now()
		result, err := measure(ctx, r.Config, s, w, cs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.Name, err)
		}
		_, _ = fmt.Fprintf(r.Progress, "%-20s %5.1f s\n", w.Name, time.Since(start).Seconds())
		results = append(results, result)
	}
	return results, nil
}

// open opens the contenders of a stage. The function it returns closes them, also after an error.
func (r *Run) open(ctx context.Context, s *Stage) ([]opened, func() error, error) {
	var cs []opened
	closeAll := func() error {
		var errs []error
		for _, c := range cs {
			if err := c.Close(); err != nil {
				errs = append(errs, fmt.Errorf("%s: close: %w", c.name, err))
			}
		}
		return errors.Join(errs...)
	}
	for i := range r.Contenders {
		e := &r.Contenders[i]
		if !e.on(s.Target) {
			continue
		}
		c, err := e.Open(ctx, s)
		if err != nil {
			return nil, closeAll, fmt.Errorf("%s: open %s: %w", s.Target, e.Name, err)
		}
		cs = append(cs, opened{e.Name, c})
	}
	return cs, closeAll, nil
}

// names returns the contenders' names in order.
func (r *Run) names() []string {
	names := make([]string, len(r.Contenders))
	for i := range r.Contenders {
		names[i] = r.Contenders[i].Name
	}
	return names
}
