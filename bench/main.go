// SPDX-License-Identifier: MIT

package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/bench/compile"
)

func main() {
	err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are the command line.
type options struct {
	quick      bool
	passes     int
	run        string
	contenders string
	json       string
	tempDir    string
	enforce    bool
}

func parseOptions(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.BoolVar(&o.quick, "quick", false, "shorter samples, fewer passes, fewer models: some minutes")
	f.IntVar(&o.passes, "passes", 0, "passes over the contenders; 0 is 7 with -quick, else 25")
	f.StringVar(&o.run, "run", "", "run only workloads whose name matches this `regexp`")
	f.StringVar(&o.contenders, "contenders", "",
		"comma-separated `list` of contenders; raw and raw again always take part")
	f.StringVar(&o.json, "json", "", "also write the results to this `file`")
	f.StringVar(&o.tempDir, "dir", "", "`folder` for SQLite's files; the system's if empty")
	f.BoolVar(&o.enforce, "enforce", false, "fail if Kindred misses what it must reach")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	return o, nil
}

// config returns what is measured under the options.
func (o *options) config() Config {
	cfg := Config{Passes: 25, Sample: 100 * time.Millisecond}
	if o.quick {
		cfg = Config{Passes: 7, Sample: 50 * time.Millisecond}
	}
	cfg.Passes = cmp.Or(o.passes, cfg.Passes)
	return cfg
}

// selectWorkloads returns the workloads that the options name, and reports whether compile is one of them.
func (o *options) selectWorkloads() (ws []Workload, compiles bool, err error) {
	re, err := regexp.Compile(o.run)
	if err != nil {
		return nil, false, fmt.Errorf("-run: %w", err)
	}
	ws = slices.DeleteFunc(workloads(), func(w Workload) bool { return !re.MatchString(w.Name) })
	compiles = re.MatchString(compileName)
	if len(ws) == 0 && !compiles {
		return nil, false, fmt.Errorf("-run: no workload matches %q", o.run)
	}
	return ws, compiles, nil
}

// compileRun returns how compile is measured under the options.
func (o *options) compileRun(contenders []Entry, stderr io.Writer) *CompileRun {
	c := &CompileRun{
		Sizes:    []CompileSize{{Models: 1, Builds: 3}, {Models: 50, Builds: 3}, {Models: 200, Builds: 1}},
		TempDir:  o.tempDir,
		Progress: stderr,
	}
	if o.quick {
		c.Sizes = []CompileSize{{Models: 1, Builds: 3}, {Models: 50, Builds: 1}}
	}
	for _, name := range compile.Libraries() {
		if slices.ContainsFunc(contenders, func(e Entry) bool { return e.Name == name }) {
			c.Libraries = append(c.Libraries, name)
		}
	}
	return c
}

// selectContenders returns the contenders that the options name, and always the measure.
func (o *options) selectContenders() ([]Entry, error) {
	all := contenders()
	if o.contenders == "" {
		return all, nil
	}
	want := map[string]bool{rawName: true, rawAgainName: true}
	for name := range strings.SplitSeq(o.contenders, ",") {
		name = strings.TrimSpace(name)
		if !slices.ContainsFunc(all, func(e Entry) bool { return e.Name == name }) {
			return nil, fmt.Errorf("-contenders: there is no %q", name)
		}
		want[name] = true
	}
	return slices.DeleteFunc(all, func(e Entry) bool { return !want[e.Name] }), nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseOptions(args, stderr)
	if err != nil {
		return err
	}
	r := &Run{
		Config:      o.config(),
		PostgresDSN: cmp.Or(os.Getenv(postgresDSNEnv), postgresDSN),
		TempDir:     o.tempDir,
		Progress:    stderr,
	}
	var compiles bool
	if r.Workloads, compiles, err = o.selectWorkloads(); err != nil {
		return err
	}
	if r.Contenders, err = o.selectContenders(); err != nil {
		return err
	}
	// The statements do not get the signal's context: one that can be cancelled costs SQLite's
	// driver a goroutine for each query. The run stops between two samples instead.
	signals, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	r.Stopped = func() bool { return signals.Err() != nil }

	report := &Report{Go: runtime.Version(), Passes: r.Passes}
	if len(r.Workloads) > 0 {
		if err := measureWorkloads(ctx, r, report, stdout); err != nil {
			return err
		}
	}
	if compiles {
		if report.Compile, err = o.compileRun(r.Contenders, stderr).Do(signals); err != nil {
			return err
		}
		if err := writeCompileTable(stdout, report.Compile); err != nil {
			return err
		}
	}
	if o.json != "" {
		if err := report.write(o.json); err != nil {
			return err
		}
	}
	if o.enforce {
		return report.enforce()
	}
	return nil
}

// measureWorkloads runs all workloads but compile, and prints their table.
func measureWorkloads(ctx context.Context, r *Run, report *Report, stdout io.Writer) (err error) {
	start := time.Now()
	if report.Workloads, err = r.Do(ctx); err != nil {
		return err
	}
	if err := writeTable(stdout, report.Workloads, r.names()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%d passes in %.0f s; %s, %s/%s, %d processors\n", r.Passes,
		time.Since(start).Seconds(), report.Go, runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	return err
}
