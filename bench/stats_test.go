// SPDX-License-Identifier: MIT

package main

import (
	"math"
	"testing"
)

func TestMedian(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		values []float64
		want   float64
	}{
		{"Odd", []float64{9, 1, 2}, 2},
		{"Even", []float64{4, 1, 2, 100}, 3},
		{"One", []float64{7}, 7},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := median(tt.values); got != tt.want {
				t.Errorf("median(%v) = %v; want %v", tt.values, got, tt.want)
			}
		})
	}
	if got := median(nil); !math.IsNaN(got) {
		t.Errorf("median(nil) = %v; want NaN", got)
	}
	values := []float64{3, 1, 2}
	if median(values); values[0] != 3 {
		t.Error("median must leave its argument as it is")
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	// Distances from the median 10 are 1, 0, 1, 2, 990: one bad pass does not count.
	if got := spread([]float64{9, 10, 11, 8, 1000}); got != 1 {
		t.Errorf("spread = %v; want 1", got)
	}
	four := uncertainty([]float64{0, 0, 2, 2})
	if sixteen := uncertainty([]float64{
		0, 0, 2, 2, 0, 0, 2, 2, 0, 0, 2, 2, 0, 0, 2, 2,
	}); math.Abs(four/sixteen-2) > 1e-9 {
		t.Errorf("uncertainty of 4 and 16 values = %v, %v; want half", four, sixteen)
	}
}

func TestRatios(t *testing.T) {
	t.Parallel()
	// A pass in which everything was slow does not change the ratio.
	raw := []sample{{Nanos: 10}, {Nanos: 100}, {Nanos: 10}}
	other := []sample{{Nanos: 20}, {Nanos: 200}, {Nanos: 30}}
	got := ratios(other, raw)
	want := []float64{2, 2, 3}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("ratios = %v; want %v", got, want)
		}
	}
	if m := median(got); m != 2 {
		t.Errorf("median ratio = %v; want 2", m)
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	aim := Aim{Must: 2, Goal: 1.5, Allocs: 25}
	tests := []struct {
		name                 string
		value, allocs, noise float64
		want                 Verdict
	}{
		{"Goal", 1.5, 25, 0, Goal},
		{"Must", 1.9, 25, 0, Met},
		{"WithinNoise", 2.1, 25, 0.1, Close},
		{"Missed", 2.3, 25, 0.1, Missed},
		{"TooManyAllocations", 1, 26, 0.1, Missed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := aim.judge(tt.value, tt.allocs, tt.noise); got != tt.want {
				t.Errorf("judge(%v, %v, %v) = %q; want %q", tt.value, tt.allocs, tt.noise, got, tt.want)
			}
		})
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	entrants := []*entrant{{name: "a"}, {name: "b"}, {name: "c"}}
	for pass, want := range []string{"abc", "acb", "cab"} {
		got := ""
		for _, e := range order(entrants, pass) {
			got += e.name
		}
		if got != want {
			t.Errorf("order of pass %d = %q; want %q", pass, got, want)
		}
	}
}
