// SPDX-License-Identifier: MIT

package compile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	moduleName = "example.org/compiled"
	library    = "github.com/kindred-orm/kindred"
)

// Cost is what the build of a program took, with everything but its models in the build cache.
type Cost struct {
	// CPU is the time of all processes of the build.
	CPU time.Duration
	// Peak is the memory in bytes of the largest process, 0 where the system does not tell.
	Peak int64
	// Size is that of the binary, in bytes.
	Size int64
}

// Module is a folder with programs, and the versions of the libraries that the benchmark has.
type Module struct {
	dir string
	// builds makes the text of every build different.
	builds int
}

// New makes a module in a new folder below dir. It must be called in a folder of the benchmark's module.
func New(ctx context.Context, dir string) (m *Module, err error) {
	m = &Module{}
	if m.dir, err = os.MkdirTemp(dir, "compile"); err != nil {
		return nil, err
	}
	if err := m.setUp(ctx); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

// Close removes the folder.
func (m *Module) Close() error { return os.RemoveAll(m.dir) }

// setUp copies the module files of the benchmark.
func (m *Module) setUp(ctx context.Context) error {
	file, _, err := run(ctx, ".", "go", "env", "GOMOD")
	if err != nil {
		return err
	}
	root, _, err := run(ctx, ".", "go", "list", "-m", "-f", "{{.Dir}}", library)
	if err != nil {
		return fmt.Errorf("the benchmark of compile time runs in the folder of its module: %w", err)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(filepath.Dir(file), name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(m.dir, name), text, 0o600); err != nil {
			return err
		}
	}
	_, _, err = run(ctx, m.dir, "go", "mod", "edit", "-module="+moduleName, "-replace="+library+"="+root)
	return err
}

// Write writes the source of a program.
func (m *Module) Write(ctx context.Context, p Program) error {
	if err := p.write(m.dir, p.Library+".go.tmpl", "main.go"); err != nil || p.Library != Ent {
		return err
	}
	if err := p.write(m.dir, "ent_schema.go.tmpl", "ent/schema/schema.go"); err != nil {
		return err
	}
	return m.generate(ctx, p)
}

// generate runs ent's generator. It needs modules that the benchmark does without, which are added to the module's file.
func (m *Module) generate(ctx context.Context, p Program) error {
	target := "./" + p.name() + "/ent"
	_, _, err := run(ctx, m.dir, "go", "run", "-mod=mod", "entgo.io/ent/cmd/ent", "generate", "--target", target, target+"/schema")
	return err
}

// Build builds a program from its source, once: what it depends on may be in the build cache, its own packages are not.
func (m *Module) Build(ctx context.Context, p Program) (Cost, error) {
	if err := m.touch(p); err != nil {
		return Cost{}, err
	}
	binary := filepath.Join(m.dir, p.name()+".bin")
	_, state, err := run(ctx, m.dir, "go", "build", "-o", binary, "./"+p.name())
	if err != nil {
		return Cost{}, err
	}
	info, err := os.Stat(binary)
	if err != nil {
		return Cost{}, err
	}
	return Cost{CPU: state.UserTime() + state.SystemTime(), Peak: peak(state), Size: info.Size()}, nil
}

// touch changes a file of each of the program's packages in a way that no build has seen.
func (m *Module) touch(p Program) error {
	m.builds++
	note := "\n// Build " + strconv.Itoa(m.builds) + " of " + strconv.FormatInt(time.Now().UnixNano(), 36) + ".\n"
	changed := make(map[string]bool)
	return filepath.WalkDir(filepath.Join(m.dir, p.name()), func(path string, entry fs.DirEntry, err error) error {
		dir := filepath.Dir(path)
		if err != nil || entry.IsDir() || changed[dir] || filepath.Ext(path) != ".go" {
			return err
		}
		changed[dir] = true
		file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = file.WriteString(note)
		return errors.Join(err, file.Close())
	})
}

// run runs a command of Go in a folder, and returns what it printed.
func run(ctx context.Context, dir, name string, args ...string) (string, *os.ProcessState, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	var out, failure strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &failure
	if err := cmd.Run(); err != nil {
		return "", nil, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, failure.String())
	}
	return strings.TrimSpace(out.String()), cmd.ProcessState, nil
}
