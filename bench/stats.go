// SPDX-License-Identifier: MIT

package main

import (
	"math"
	"slices"
	"time"
)

// sample is what one contender's turn in one pass cost per operation.
type sample struct {
	Nanos  float64
	Allocs float64
	Bytes  float64
}

// median returns the middle of values, or NaN if there are none. It leaves values as they are.
func median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// spread returns the median of the distances from the median, which a few bad passes do not move.
func spread(values []float64) float64 {
	m := median(values)
	distances := make([]float64, len(values))
	for i, v := range values {
		distances[i] = math.Abs(v - m)
	}
	return median(distances)
}

// uncertainty returns how far the median of values may be from that of endlessly many, as the
// standard error for a normal distribution estimated from the [spread].
func uncertainty(values []float64) float64 {
	const (
		sigma       = 1.4826 // of a normal distribution whose spread is 1
		medianError = 1.2533 // standard error of the median over that of the mean
	)
	return sigma * medianError * spread(values) / math.Sqrt(float64(len(values)))
}

// ratios divides the times of each pass by those of the measure in the same pass.
func ratios(samples, measure []sample) []float64 {
	out := make([]float64, min(len(samples), len(measure)))
	for i := range out {
		out[i] = samples[i].Nanos / measure[i].Nanos
	}
	return out
}

// column picks one figure of all samples.
func column(samples []sample, figure func(sample) float64) []float64 {
	out := make([]float64, len(samples))
	for i, s := range samples {
		out[i] = figure(s)
	}
	return out
}

// duration converts nanoseconds for printing.
func duration(nanos float64) time.Duration { return time.Duration(math.Round(nanos)) }
