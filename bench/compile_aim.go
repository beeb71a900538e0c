// SPDX-License-Identifier: MIT

package main

// CompileAim is a figure that Kindred is to reach.
type CompileAim struct {
	Name    string  `json:"name"`
	Value   float64 `json:"value"`
	Unit    string  `json:"unit"`
	Must    float64 `json:"must"`
	Goal    float64 `json:"goal"`
	Verdict Verdict `json:"verdict"`
}

// The sizes that the aims speak of.
const (
	someModels = 50
	manyModels = 200
)

// judge compares what was measured with what Kindred is to reach.
func (r *CompileResult) judge() {
	const kib, gib = 1 << 10, 1 << 30
	one, some, many := r.figure(kindredName, 1), r.figure(kindredName, someModels), r.figure(kindredName, manyModels)
	if peer := r.figure("gorm", someModels); some != nil && peer != nil {
		r.add("CPU of 50 models to gorm's", some.Seconds/peer.Seconds, "times", Aim{Must: 6, Goal: 3.5}, some.noise())
	}
	if last := firstOf(many, some); one != nil && last != nil {
		further := float64(last.Models - 1)
		r.add("CPU of a further model", 1000*(last.Seconds-one.Seconds)/further, "ms", Aim{Must: 120, Goal: 60}, last.noise())
		r.add("binary of a further model", (last.Size-one.Size)/further/kib, "KiB", Aim{Must: 90, Goal: 45}, 0)
	}
	if many != nil && many.Peak > 0 {
		r.add("memory of 200 models", many.Peak/gib, "GiB", Aim{Must: 1.3, Goal: 0.7}, 0)
	}
}

func (r *CompileResult) add(name string, value float64, unit string, aim Aim, noise float64) {
	r.Aims = append(r.Aims, CompileAim{name, value, unit, aim.Must, aim.Goal, aim.judge(value, 0, noise)})
}

// noise is how far the time may be off, as a part of it.
func (f *CompileFigure) noise() float64 { return f.Spread / f.Seconds }

// firstOf returns the first figure that there is.
func firstOf(figures ...*CompileFigure) *CompileFigure {
	for _, f := range figures {
		if f != nil {
			return f
		}
	}
	return nil
}
