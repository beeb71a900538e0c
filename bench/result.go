// SPDX-License-Identifier: MIT

package main

import (
	"math"
	"slices"
)

// Result is one row of the report.
type Result struct {
	Workload string `json:"workload"`
	// Noise is how far a ratio may be off: the distance of "raw again" from 1 or the uncertainty of
	// its median, whichever is larger.
	Noise   float64  `json:"noise,omitempty"`
	Figures []Figure `json:"contenders"`
	Must    float64  `json:"must,omitempty"`
	Goal    float64  `json:"goal,omitempty"`
	Verdict Verdict  `json:"verdict,omitempty"`

	workload *Workload
}

// Figure is one contender's result.
type Figure struct {
	Name string `json:"name"`
	// Ratio is the median of the ratios to raw in the same pass, Error its uncertainty, and Spread
	// the ratios' median distance from it. They are 0 for workloads with absolute results.
	Ratio  float64 `json:"ratio,omitempty"`
	Error  float64 `json:"error,omitempty"`
	Spread float64 `json:"spread,omitempty"`
	// Nanos, Allocs and Bytes are the medians for one operation.
	Nanos  float64 `json:"ns"`
	Allocs float64 `json:"allocs"`
	Bytes  float64 `json:"bytes"`
	// Turn is the number of operations of a sample.
	Turn int    `json:"operations"`
	Note string `json:"note,omitempty"`
}

// Verdict says whether Kindred reaches its aim.
type Verdict string

// The verdicts, best first.
const (
	Goal   Verdict = "goal"   // the goal is reached
	Met    Verdict = "met"    // what a release needs is reached
	Close  Verdict = "close"  // missed by less than the noise
	Missed Verdict = "MISSED" // missed
)

// newResult sums up the samples of a workload.
func newResult(w *Workload, entrants []*entrant) *Result {
	r := &Result{Workload: w.Name, Must: w.Aim.Must, Goal: w.Aim.Goal, workload: w}
	var measure []sample
	if w.Absolute == 0 {
		if i := slices.IndexFunc(entrants, func(e *entrant) bool { return e.name == rawName }); i >= 0 {
			measure = entrants[i].samples
		}
	}
	for _, e := range entrants {
		f := Figure{
			Name:   e.name,
			Note:   e.note,
			Turn:   e.turn,
			Nanos:  median(column(e.samples, func(s sample) float64 { return s.Nanos })),
			Allocs: median(column(e.samples, func(s sample) float64 { return s.Allocs })),
			Bytes:  median(column(e.samples, func(s sample) float64 { return s.Bytes })),
		}
		if measure != nil {
			rs := ratios(e.samples, measure)
			f.Ratio, f.Error, f.Spread = median(rs), uncertainty(rs), spread(rs)
		}
		r.Figures = append(r.Figures, f)
	}
	if f := r.figure(rawAgainName); f != nil && measure != nil {
		r.Noise = max(math.Abs(f.Ratio-1), f.Error)
	}
	if f := r.figure(kindredName); f != nil {
		r.Verdict = w.Aim.judge(r.value(f), f.Allocs, r.Noise)
	}
	return r
}

// figure returns the contender's result, or nil if it did not take part.
func (r *Result) figure(name string) *Figure {
	for i := range r.Figures {
		if r.Figures[i].Name == name {
			return &r.Figures[i]
		}
	}
	return nil
}

// value is the figure that aims are compared with.
func (r *Result) value(f *Figure) float64 {
	if unit := r.workload.Absolute; unit != 0 {
		return f.Nanos / float64(unit)
	}
	return f.Ratio
}

// judge compares a value with the aim. The noise excuses a miss of the time, not of allocations.
func (a Aim) judge(value, allocs, noise float64) Verdict {
	switch {
	case a.Allocs != 0 && allocs > a.Allocs:
		return Missed
	case value <= a.Goal:
		return Goal
	case value <= a.Must:
		return Met
	case value <= a.Must*(1+noise):
		return Close
	}
	return Missed
}
