// SPDX-License-Identifier: MIT

package compile_test

import (
	"testing"

	"github.com/kindred-orm/kindred/bench/compile"
)

// TestProgramsBuild keeps the templates in step with the libraries.
func TestProgramsBuild(t *testing.T) {
	t.Parallel()
	m, err := compile.New(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, library := range compile.Libraries() {
		p := compile.Program{Library: library, Models: 2}
		if err := m.Write(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		cost, err := m.Build(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if cost.CPU <= 0 || cost.Size <= 0 {
			t.Errorf("%+v = %+v; want a time and a size", p, cost)
		}
		t.Logf("%+v: %+v", p, cost)
	}
}
