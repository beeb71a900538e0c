// SPDX-License-Identifier: MIT

package doctest

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// prelude declares what the documents leave to the reader, and what checks them.
const prelude = `
func initials(name string) string { return name[:1] }

func (u *User) hashPassword() error { return nil }

func expect_(want string, values ...any) {
	if got := strings.TrimSuffix(fmt.Sprintln(values...), "\n"); got != want {
		log.Fatalf("prints %s, and not %s", got, want)
	}
}

func must_(statement string, fails bool, err error) {
	switch {
	case err != nil && !fails:
		log.Fatalf("%s\n%v", statement, err)
	case err == nil && fails:
		log.Fatalf("%s\nan error was expected", statement)
	}
}
`

// user is the model that the documents speak of, where they do not declare it.
const user = `
type User struct {
	model.BaseModel[User]

	ID        int64
	Email     string ` + "`gorm:\"uniqueIndex\"`" + `
	Password  string
	FullName  string
	Visits    int64
	CreatedAt time.Time
	UpdatedAt time.Time
}
`

// packages are the imports that documents use without saying so.
var packages = map[string]string{
	"context": "context", "errors": "errors", "fmt": "fmt", "log": "log", "time": "time", "http": "net/http", "slog": "log/slog",
	"json": "encoding/json", "gorm": "gorm.io/gorm", "sqlite": "gorm.io/driver/sqlite", "postgres": "gorm.io/driver/postgres", "mysql": "gorm.io/driver/mysql", "sql": "database/sql", "dbresolver": "gorm.io/plugin/dbresolver",
	"httptest": "net/http/httptest", "strings": "strings", "os": "os", "testing": "testing", "bytes": "bytes",
	"model":    "github.com/kindred-orm/kindred/model",
	"relation": "github.com/kindred-orm/kindred/relation", "hooks": "github.com/kindred-orm/kindred/hooks",
	"serialize": "github.com/kindred-orm/kindred/serialize", "pivotts": "github.com/kindred-orm/kindred/pivotts",
}

var (
	comment = regexp.MustCompile(`(?m)//.*$`)
	setup   = regexp.MustCompile("(?ms)^<!-- setup\n(.*?)^-->$")
	block   = regexp.MustCompile("(?ms)^```go\n(.*?)^```$(?:\n+```text\n(.*?)^```$)?")
	models  = regexp.MustCompile(`(?m)^type (\w+) struct {\n\tmodel\.BaseModel`)
)

// program is a code block that is a whole program, and what it prints.
type program struct{ source, prints string }

// programs returns the whole programs of a document.
func programs(text string) []program {
	var out []program
	for _, match := range block.FindAllStringSubmatch(text, -1) {
		if strings.HasPrefix(match[1], "package main\n") {
			out = append(out, program{source: match[1], prints: match[2]})
		}
	}
	return out
}

// asPackage returns a source as a package with a function Run.
func asPackage(name, source string) string {
	if rest, ok := strings.CutPrefix(source, "package main\n"); ok {
		return "package " + name + "\n" + rest + "\nfunc Run(context.Context) error {\n\tmain()\n\treturn nil\n}\n\n"
	}
	return "package " + name + "\n" + source
}

// document returns the source of a document's other code, without its package clause. Its function Run runs the statements.
// A comment of HTML that begins with "setup" has statements that run, but are not shown.
func document(text string) (string, error) {
	var decls, body strings.Builder
	text = setup.ReplaceAllString(text, "```go\n$1```")
	for _, match := range block.FindAllStringSubmatch(text, -1) {
		if strings.HasPrefix(match[1], "package ") {
			continue
		}
		inDecl := false
		for line := range strings.Lines(match[1]) {
			head := strings.HasPrefix(line, "type ") || strings.HasPrefix(line, "func ")
			inDecl = inDecl || head
			if inDecl {
				decls.WriteString(line)
			} else {
				body.WriteString(line)
			}
			if inDecl && (strings.HasPrefix(line, "}") || head && strings.HasSuffix(strings.TrimSpace(line), " }")) {
				inDecl = false
			}
		}
		body.WriteString(used(match[1]))
	}
	if !strings.Contains(decls.String(), "type User struct") {
		decls.WriteString(user)
	}
	checked, err := check(body.String())
	if err != nil {
		return "", err
	}
	return assemble(decls.String()+prelude, checked), nil
}

// assemble puts declarations and statements together.
func assemble(decls, body string) string {
	var tables []string
	for _, match := range models.FindAllStringSubmatch(decls, -1) {
		tables = append(tables, "&"+match[1]+"{}")
	}
	out := decls + "\nfunc Run(ctx context.Context) error {\n\tvar err error\n\tvar w http.ResponseWriter = httptest.NewRecorder()\n\t_ = w\n"
	if !declares(body, "db") {
		out += "\tdb, err := model.Open(sqlite.Open(\":memory:\"))\n\tif err != nil {\n\t\treturn err\n\t}\n" +
			"\tif err := db.Migrate(ctx, " + strings.Join(tables, ", ") + "); err != nil {\n\t\treturn err\n\t}\n"
	}
	if !declares(body, "user") && regexp.MustCompile(`\buser\b`).MatchString(comment.ReplaceAllString(body, "")) {
		out += "\tuser := &User{Email: \"ada@example.com\"}\n"
		if !declares(body, "db") {
			out += "\tif err := model.Create(ctx, db, user); err != nil {\n\t\treturn err\n\t}\n"
		}
	}
	out += body + "\t_ = err\n\treturn nil\n}\n"
	var imports strings.Builder
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		if regexp.MustCompile(`\b`+name+`\.`).MatchString(comment.ReplaceAllString(out, "")) && !declares(out, name) {
			fmt.Fprintf(&imports, "import %q\n", packages[name])
		}
	}
	return imports.String() + out
}

// declares reports whether the statements make a variable.
func declares(body, name string) bool {
	return regexp.MustCompile(`(?m)^\s*(\w+, )*` + name + `(, \w+)* :=`).MatchString(body)
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

// edit replaces a part of the statements.
type edit struct {
	from, to int
	text     string
}

// check adds to statements what compares their results with the comments behind them.
func check(body string) (string, error) {
	const head = "package p\n\nfunc f() {\n"
	source := head + body + "}\n"
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, source)
	}
	behind := make(map[int]string) // by line
	for _, group := range file.Comments {
		behind[set.Position(group.Pos()).Line] = strings.TrimSpace(group.Text())
	}
	fn, _ := file.Decls[0].(*ast.FuncDecl)
	var edits []edit
	at := func(pos token.Pos) int { return set.Position(pos).Offset }
	text := func(n ast.Node) string { return source[at(n.Pos()):at(n.End())] }
	note := func(n ast.Node) string { return behind[set.Position(n.End()).Line] }
	ast.Inspect(fn, func(n ast.Node) bool {
		stmt, ok := n.(*ast.ExprStmt)
		if call, isCall := asPrintln(stmt, ok); isCall && note(stmt) != "" {
			edits = append(edits, edit{at(call.Pos()), at(call.Lparen) + 1, fmt.Sprintf("expect_(%q, ", note(stmt))})
		}
		return true
	})
	for _, stmt := range fn.Body.List {
		if assign, ok := stmt.(*ast.AssignStmt); ok && assignsErr(assign) {
			end := at(assign.End())
			edits = append(edits, edit{end, end, fmt.Sprintf("; must_(%q, %t, err)", text(assign), strings.HasPrefix(note(assign), "Err"))})
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(b.from, a.from) })
	for _, e := range edits {
		source = source[:e.from] + e.text + source[e.to:]
	}
	return strings.TrimSuffix(strings.TrimPrefix(source, head), "}\n"), nil
}

// asPrintln returns the call of a statement, if it is one of fmt.Println.
func asPrintln(stmt *ast.ExprStmt, ok bool) (*ast.CallExpr, bool) {
	if !ok {
		return nil, false
	}
	call, ok := stmt.X.(*ast.CallExpr)
	if !ok {
		return nil, false
	}
	selector, ok := call.Fun.(*ast.SelectorExpr)
	return call, ok && selector.Sel.Name == "Println"
}

// assignsErr reports whether a statement assigns err.
func assignsErr(assign *ast.AssignStmt) bool {
	return slices.ContainsFunc(assign.Lhs, func(e ast.Expr) bool {
		name, ok := e.(*ast.Ident)
		return ok && name.Name == "err"
	})
}
