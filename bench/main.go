// SPDX-License-Identifier: MIT

package main

import (
	"cmp"
	"context"
	"encoding/json"
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
	f.BoolVar(&o.quick, "quick", false, "shorter samples and fewer passes: under three minutes")
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

// selectWorkloads returns the workloads that the options name.
func (o *options) selectWorkloads() ([]Workload, error) {
	re, err := regexp.Compile(o.run)
	if err != nil {
		return nil, fmt.Errorf("-run: %w", err)
	}
	ws := slices.DeleteFunc(workloads(), func(w Workload) bool { return !re.MatchString(w.Name) })
	if len(ws) == 0 {
		return nil, fmt.Errorf("-run: no workload matches %q", o.run)
	}
	return ws, nil
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
	if r.Workloads, err = o.selectWorkloads(); err != nil {
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

	start := time.Now()
	results, err := r.Do(ctx)
	if err != nil {
		return err
	}
	if err := writeTable(stdout, results, r.names()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%d passes in %.0f s; %s, %s/%s, %d processors\n", r.Passes,
		time.Since(start).Seconds(), runtime.Version(), runtime.GOOS, runtime.GOARCH,
		runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	if o.json != "" {
		if err := writeJSON(o.json, r.Passes, results); err != nil {
			return err
		}
	}
	if o.enforce {
		return enforce(results)
	}
	return nil
}

// writeJSON writes the results to a file.
func writeJSON(file string, passes int, results []*Result) error {
	b, err := json.MarshalIndent(struct {
		Go        string    `json:"go"`
		Passes    int       `json:"passes"`
		Workloads []*Result `json:"workloads"`
	}{runtime.Version(), passes, results}, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(b, '\n'), 0o644)
}

// enforce returns an error that names the workloads whose aim Kindred misses.
func enforce(results []*Result) error {
	var missed []string
	for _, r := range results {
		if r.Verdict == Missed {
			missed = append(missed, r.Workload)
		}
	}
	if len(missed) > 0 {
		return fmt.Errorf("kindred misses its aim: %s", strings.Join(missed, ", "))
	}
	return nil
}
