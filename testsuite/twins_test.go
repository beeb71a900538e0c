// SPDX-License-Identifier: MIT

package testsuite

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/dbtest"
)

// TestTwins makes sure that every check can fail: with what it is about broken, it must.
func TestTwins(t *testing.T) {
	t.Parallel()
	cfg := Config{Open: dbtest.SQLite, Lacks: []Feature{RowLocks, Isolation, GeneratedUUIDs}}
	for _, p := range promises() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			require.NotEmpty(t, p.says, "a promise is a sentence")
			require.NotNil(t, p.twin, "a promise needs a twin that breaks it")
			open := cfg
			if slices.ContainsFunc(p.needs, func(f Feature) bool { return slices.Contains(cfg.Lacks, f) }) {
				open = Config{Open: dbtest.Postgres}
			}
			tb := &probe{TB: t}
			done := make(chan struct{})
			go func() {
				defer close(done)
				defer func() {
					if v := recover(); v != nil {
						tb.failed = true // a broken library may well panic
					}
				}()
				p.check(tb, newBrokenEnv(tb, open, p.twin))
			}()
			<-done
			require.True(t, tb.failed, "the check does not notice its twin")
		})
	}
}

// TestNamesAreUnique keeps promises apart in reports.
func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range promises() {
		require.False(t, seen[p.name], "%s is promised twice", p.name)
		seen[p.name] = true
	}
}

// TestEveryPromiseIsKept makes sure that no list of promises is written and left out.
func TestEveryPromiseIsKept(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var source []byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		source = append(source, text...)
	}
	lists := regexp.MustCompile(`(?m)^func (\w+)\(\) \[\]promise \{`).FindAllSubmatch(source, -1)
	require.NotEmpty(t, lists)
	for _, found := range lists {
		require.Greater(t, bytes.Count(source, append(found[1], "()"...)), 1, "the suite leaves out %s", found[1])
	}
}

// probe is a test that notes its failure instead of failing.
type probe struct {
	testing.TB

	failed bool
}

func (p *probe) Errorf(string, ...any) { p.failed = true }
func (p *probe) Error(...any)          { p.failed = true }
func (p *probe) Fail()                 { p.failed = true }
func (p *probe) Failed() bool          { return p.failed }
func (p *probe) Log(...any)            {}
func (p *probe) Logf(string, ...any)   {}

func (p *probe) FailNow() {
	p.failed = true
	runtime.Goexit()
}

func (p *probe) Fatal(...any) { p.FailNow() }

func (p *probe) Fatalf(format string, args ...any) {
	_ = fmt.Sprintf(format, args...)
	p.FailNow()
}
