// SPDX-License-Identifier: MIT

// Package doctest makes sure that the code in the documents compiles. It has no code but tests.
package doctest

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the module's root.
const root = "../.."

// prelude declares what the documents leave to the reader.
const prelude = `
func initials(name string) string { return name[:1] }

func (u *User) hashPassword() error { return nil }

type Event struct {
	model.BaseModel[Event]

	ID   int64
	Text string
}
`

// packages are the imports that documents use without saying so.
var packages = map[string]string{
	"context": "context", "errors": "errors", "fmt": "fmt", "log": "log", "time": "time", "http": "net/http", "slog": "log/slog",
	"json": "encoding/json", "gorm": "gorm.io/gorm", "sqlite": "gorm.io/driver/sqlite", "postgres": "gorm.io/driver/postgres",
	"model":    "github.com/kindred-orm/kindred/model",
	"relation": "github.com/kindred-orm/kindred/relation", "hooks": "github.com/kindred-orm/kindred/hooks",
	"serialize": "github.com/kindred-orm/kindred/serialize",
}

// TestDocumentsCompile puts the Go code of each document together, declarations in front and
// statements in one function, and builds it.
func TestDocumentsCompile(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(root, "docs", "guide", "*.md"))
	require.NoError(t, err)
	for _, file := range append(files, filepath.Join(root, "README.md")) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			build(t, program(string(text)))
		})
	}
}

// TestBrokenCodeIsFound makes sure that the test above can fail.
func TestBrokenCodeIsFound(t *testing.T) {
	t.Parallel()
	source := program("```go\nuser := &User{Nmae: \"x\"}\n```\n")
	require.Error(t, compile(t, source))
}

var comment = regexp.MustCompile(`(?m)//.*$`)

var block = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

// program returns the source of a document's code.
func program(text string) string {
	var decls, body strings.Builder
	for _, match := range block.FindAllStringSubmatch(text, -1) {
		inDecl := false
		for line := range strings.Lines(match[1]) {
			if strings.HasPrefix(line, "type ") || strings.HasPrefix(line, "func ") {
				inDecl = true
			}
			if inDecl {
				decls.WriteString(line)
			} else {
				body.WriteString(line)
			}
			if inDecl && (strings.HasPrefix(line, "}") || strings.HasSuffix(strings.TrimSpace(line), " }")) {
				inDecl = false
			}
		}
		body.WriteString(used(match[1]))
	}
	out := decls.String() + prelude + missingUser(decls.String()) +
		"\nfunc document(ctx context.Context, w http.ResponseWriter) error {\n\tvar err error\n" + given(body.String()) + body.String() +
		"\treturn err\n}\n\nfunc main() { _ = document }\n"
	var imports []string
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		if regexp.MustCompile(`\b` + name + `\.`).MatchString(comment.ReplaceAllString(out, "")) {
			imports = append(imports, fmt.Sprintf("import %q\n", packages[name]))
		}
	}
	return "package main\n\n" + strings.Join(imports, "") + "\n" + out
}

// missingUser declares the model that the guides speak of, where a document does not itself.
func missingUser(decls string) string {
	if strings.Contains(decls, "type User struct") {
		return ""
	}
	return `
type User struct {
	model.BaseModel[User]

	ID        int64
	Email     string
	Password  string
	FullName  string
	Visits    int64
	CreatedAt time.Time
	UpdatedAt time.Time
}
`
}

// given declares the variables that a document uses without having made them.
func given(body string) string {
	var out strings.Builder
	for _, v := range [][2]string{{"db", "*model.DB"}, {"user", "*User"}} {
		if !regexp.MustCompile(`(?m)^` + v[0] + `(, \w+)? :=`).MatchString(body) {
			fmt.Fprintf(&out, "\tvar %s %s\n\t_ = %s\n", v[0], v[1], v[0])
		}
	}
	return out.String()
}

var declared = regexp.MustCompile(`(?m)^((?:\w+, )*\w+) :=`)

// used uses the variables that a block declares.
func used(code string) string {
	var out strings.Builder
	for _, match := range declared.FindAllStringSubmatch(code, -1) {
		for name := range strings.SplitSeq(match[1], ", ") {
			if name != "_" {
				fmt.Fprintf(&out, "\t_ = %s\n", name)
			}
		}
	}
	return out.String()
}

func build(t *testing.T, source string) {
	t.Helper()
	require.NoError(t, compile(t, source), source)
}

// compile builds a program inside the module, so that it sees the module's packages.
func compile(t *testing.T, source string) error {
	t.Helper()
	require.NoError(t, os.MkdirAll("testdata", 0o755))
	dir, err := os.MkdirTemp("testdata", "document") //nolint:usetesting // inside the module.
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(source), 0o600))
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", os.DevNull, "./"+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}
