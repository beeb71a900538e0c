// SPDX-License-Identifier: MIT

package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the answers that README.md shows")

var changing = regexp.MustCompile(`"((?:created|updated)_at)":"[^"]*"`)

// The curl lines of README.md, one after the other, get the answers that stand below them.
func TestReadme(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		lacks(t, "there is no curl in PATH")
	}
	b := start(t, filepath.Join(t.TempDir(), "blog.db"))
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	var out []string
	for i := 0; i < len(lines); i++ {
		out = append(out, lines[i])
		if !strings.HasPrefix(lines[i], "$ curl") {
			continue
		}
		var want []string
		for ; i+1 < len(lines) && lines[i+1] != "```" && !strings.HasPrefix(lines[i+1], "$ "); i++ {
			want = append(want, lines[i+1])
		}
		command := strings.TrimPrefix(out[len(out)-1], "$ ")
		//nolint:gosec // the commands are those of the README.
		answer, err := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(command, "localhost:8080", b.addr)).Output()
		if err != nil {
			t.Fatalf("%s: %v", command, err)
		}
		got := changing.ReplaceAllString(strings.TrimSuffix(string(answer), "\n"), `"$1":"2026-11-21T09:00:00Z"`)
		if !*update {
			equal(t, command, got, strings.Join(want, "\n"))
		}
		out = append(out, strings.Split(got, "\n")...)
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(strings.Join(out, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
