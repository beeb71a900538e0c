// SPDX-License-Identifier: MIT

package harness

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the files of expected SQL") //nolint:gochecknoglobals // a flag of the tests.

// Step is a call, and what it is about.
type Step struct {
	name string
	run  func()
}

// NewStep returns a step.
func NewStep(name string, run func()) Step { return Step{name, run} }

// Golden runs steps on every database, one behind the other, and compares the statements that each sends with the file
// testdata/topic.sql, which go test -update rewrites. start makes the tables and returns the steps.
func Golden(t *testing.T, topic string, start func(t *testing.T, e *Env) []Step) {
	t.Helper()
	var names []string
	sent := map[string]string{} // by the name of the step, what each database is sent
	for _, d := range Databases() {
		e := New(t, d)
		for i, step := range start(t, e) {
			e.Sent.Reset()
			step.run()
			if i == len(names) {
				names = append(names, step.name)
			}
			require.Equal(t, names[i], step.name, "the steps are the same on every database")
			sent[step.name] += d.Name + "\n" + indent(e.Sent.Statements())
		}
		e.RequireIdle(t)
	}
	var text strings.Builder
	for _, name := range names {
		text.WriteString("\n-- " + name + "\n" + sent[name])
	}
	GoldenFile(t, topic, text.String())
}

func indent(statements []string) string {
	if len(statements) == 0 {
		return "    nothing is sent\n"
	}
	return "    " + strings.Join(statements, "\n    ") + "\n"
}

// GoldenFile compares a text of SQL with the file testdata/topic.sql, which go test -update rewrites.
func GoldenFile(t *testing.T, topic, text string) {
	t.Helper()
	text = "-- Rewrite this file by go test -update, and read the difference.\n" + text
	file := filepath.Join("testdata", topic+".sql")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	want, err := os.ReadFile(file) //nolint:gosec // a test names its own file.
	require.NoError(t, err)
	require.Equal(t, string(want), text)
}
