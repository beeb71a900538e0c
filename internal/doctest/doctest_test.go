// SPDX-License-Identifier: MIT

// Package doctest makes sure that the code in the documents compiles, runs and prints what the documents say. It has no code but
// tests.
package doctest

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/dbtest"
)

// root is the module's root.
const root = "../.."

// only names the one document to look at: go test ./internal/doctest -document json.
var only = flag.String("document", "", "the name of the only document to run, without .md")

// TestDocuments puts the Go code of each document together, declarations in front and statements in one function, and runs it on
// an SQLite database with the tables of the document's models and one user. A comment behind fmt.Println is what it must print.
// Every call must succeed, unless the comment behind it begins with the name of an error: ErrNotFound. Code blocks that are whole
// programs must print the block that follows.
func TestDocuments(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(root, "docs", "guide", "*.md"))
	require.NoError(t, err)
	sources, whole := make(map[string]string), make(map[string]program)
	for _, path := range append(files, filepath.Join(root, "README.md")) {
		if *only != "" && name(path) != name(*only) {
			continue
		}
		text := read(t, path)
		source, err := document(text)
		require.NoError(t, err, path)
		sources[name(path)] = source
		for i, p := range programs(text) {
			whole[fmt.Sprintf("%s%d", name(path), i)] = p
			sources[fmt.Sprintf("%s%d", name(path), i)] = p.source
		}
	}
	require.NotEmpty(t, sources)
	binary := build(t, sources)
	for name := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, isProgram := whole[name]
			var env []string
			if strings.Contains(p.source, "DATABASE_URL") {
				env = append(env, "DATABASE_URL="+dbtest.PostgresDSN(t))
			}
			out, failure, err := run(t, binary, name, env)
			require.NoError(t, err, failure)
			if isProgram {
				require.Equal(t, p.prints, out)
			}
		})
	}
}

// TestMistakesAreFound makes sure that the test above can fail.
func TestMistakesAreFound(t *testing.T) {
	t.Parallel()
	rows := map[string]struct{ code, want string }{
		"print":    {"fmt.Println(1 + 1) // 3", "prints 2, and not 3"},
		"fails":    {"err = user.Delete(ctx)\nerr = user.Save(ctx)", "deleted"},
		"succeeds": {"err = user.Save(ctx) // ErrDeleted", "an error was expected"},
	}
	sources := make(map[string]string)
	for name, row := range rows {
		source, err := document("```go\n" + row.code + "\n```\n")
		require.NoError(t, err)
		sources[name] = source
	}
	binary := build(t, sources)
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, failure, err := run(t, binary, name, nil)
			require.Error(t, err)
			require.Contains(t, failure, row.want)
		})
	}
}

// TestCodeThatDoesNotCompileIsFound makes sure that a name which does not exist is a failure.
func TestCodeThatDoesNotCompileIsFound(t *testing.T) {
	t.Parallel()
	source, err := document("```go\nuser = &User{Nmae: \"x\"}\n```\n")
	require.NoError(t, err)
	_, err = compile(t, map[string]string{"mistake": source})
	require.ErrorContains(t, err, "unknown field Nmae")
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// name returns the name of a document's package.
func name(path string) string {
	base := strings.ToLower(strings.TrimSuffix(filepath.Base(path), ".md"))
	return strings.ReplaceAll(base, "-", "")
}

// build builds a program of several documents, and returns its path.
func build(t *testing.T, sources map[string]string) string {
	t.Helper()
	binary, err := compile(t, sources)
	require.NoError(t, err)
	return binary
}

// compile writes the sources into a folder inside the module, so that they see its packages.
func compile(t *testing.T, sources map[string]string) (string, error) {
	t.Helper()
	require.NoError(t, os.MkdirAll("testdata", 0o755))
	dir, err := os.MkdirTemp("testdata", "documents") //nolint:usetesting // inside the module.
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	var imports, cases strings.Builder
	for name, source := range sources {
		require.NoError(t, os.Mkdir(filepath.Join(dir, name), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name, name+".go"), []byte(asPackage(name, source)), 0o600))
		fmt.Fprintf(&imports, "import %q\n", "github.com/kindred-orm/kindred/internal/doctest/"+filepath.ToSlash(dir)+"/"+name)
		fmt.Fprintf(&cases, "\tcase %q:\n\t\terr = %s.Run(context.Background())\n", name, name)
	}
	main := "package main\n\nimport (\n\t\"context\"\n\t\"log\"\n\t\"os\"\n)\n\n" + imports.String() +
		"\nfunc main() {\n\tvar err error\n\tswitch os.Args[1] {\n" + cases.String() + "\t}\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n}\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(main), 0o600))
	binary := filepath.Join(t.TempDir(), "program")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-s -w", "-o", binary, "./"+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
}

// run runs one document of a program in a folder of its own.
func run(t *testing.T, binary, document string, env []string) (out, failure string, err error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, document)
	cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	return stdout.String(), stderr.String(), err
}
