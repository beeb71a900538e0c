// SPDX-License-Identifier: MIT

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Report is everything that a run measured.
type Report struct {
	Go        string         `json:"go"`
	Passes    int            `json:"passes"`
	Workloads []*Result      `json:"workloads,omitempty"`
	Compile   *CompileResult `json:"compile,omitempty"`
}

// write writes the report to a file, as JSON.
func (r *Report) write(file string) error {
	b, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(b, '\n'), 0o644)
}

// enforce returns an error that names what Kindred was to reach and misses.
func (r *Report) enforce() error {
	var missed []string
	for _, w := range r.Workloads {
		if w.Verdict == Missed {
			missed = append(missed, w.Workload)
		}
	}
	if r.Compile != nil {
		for _, a := range r.Compile.Aims {
			if a.Verdict == Missed {
				missed = append(missed, compileName+": "+a.Name)
			}
		}
	}
	if len(missed) > 0 {
		return fmt.Errorf("kindred misses its aim: %s", strings.Join(missed, ", "))
	}
	return nil
}
