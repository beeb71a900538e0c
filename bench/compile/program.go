// SPDX-License-Identifier: MIT

package compile

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

//go:embed programs
var programs embed.FS

// Program is a program with models of ten columns and two relations. Each model is created, saved, queried with a preload, found
// and deleted.
type Program struct {
	// Library is one of [Libraries].
	Library string
	Models  int
}

// Ent is the library whose code is generated from a schema.
const Ent = "ent"

// Libraries lists the libraries that programs can be written for.
func Libraries() []string { return []string{"kindred", "gorm", "bun", Ent} }

// name is the name of the program's folder.
func (p Program) name() string { return fmt.Sprintf("%s%d", p.Library, p.Models) }

// model is what a template knows of one model. Model Name belongs to model Owner, and has many of model Kid.
type model struct {
	Name, Owner, Kid string
}

// lower returns a model's name as a column or a package has it.
func lower(name string) string { return "m" + name[1:] }

func (p Program) models() []model {
	name := func(i int) string { return fmt.Sprintf("M%d", (i+p.Models)%p.Models) }
	list := make([]model, p.Models)
	for i := range list {
		list[i] = model{Name: name(i), Owner: name(i + 1), Kid: name(i - 1)}
	}
	return list
}

// write renders a template into a file of the program.
func (p Program) write(dir, name, file string) error {
	t, err := template.New(name).Funcs(template.FuncMap{"lower": lower}).ParseFS(programs, "programs/"+name)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	data := struct {
		Module, Program string
		Models          []model
	}{moduleName, p.name(), p.models()}
	if err := t.Execute(&b, data); err != nil {
		return err
	}
	path := filepath.Join(dir, p.name(), file)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o600)
}
