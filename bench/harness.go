// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"
)

// Config says how much is measured.
type Config struct {
	// Passes is the number of times that each contender has its turn.
	Passes int
	// Sample is the time that a turn takes, equal for all contenders: on a machine with other work
	// a short turn gets through undisturbed, and a long one does not.
	Sample time.Duration
	// Stopped is asked between two samples whether to give up. Defaults to never.
	Stopped func() bool
}

// errStopped is the failure of a run that was told to give up.
var errStopped = errors.New("stopped")

// entrant is a contender bound to a workload.
type entrant struct {
	name    string
	note    string
	op      *Op
	calls   int // the i of the next Run
	turn    int // the number of operations of a sample
	samples []sample
}

// run calls the operation n times.
func (e *entrant) run(ctx context.Context, n int) error {
	op, i := e.op, e.calls
	e.calls += n
	for range n {
		if err := op.Run(ctx, i); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		i++
	}
	return nil
}

// opened is a contender with its name.
type opened struct {
	name string
	Contender
}

// measure runs one workload for all contenders that offer it.
func measure(
	ctx context.Context, cfg Config, s *Stage, w *Workload, contenders []opened,
) (*Result, error) {
	entrants, err := bind(ctx, s, w, contenders)
	if err != nil || len(entrants) == 0 {
		return newResult(w, nil), err
	}
	if err := verify(ctx, s, w, entrants); err != nil {
		return nil, err
	}
	if err := s.Prepare(ctx, w, true); err != nil {
		return nil, err
	}
	split := max(1, w.Split)
	for _, e := range entrants {
		if err := calibrate(ctx, e, cfg.Sample/time.Duration(split)); err != nil {
			return nil, err
		}
	}
	for pass := range cfg.Passes * split {
		for _, e := range order(entrants, pass) {
			if cfg.Stopped != nil && cfg.Stopped() {
				return nil, errStopped
			}
			sm, err := turn(ctx, s, w, e)
			if err != nil {
				return nil, err
			}
			e.samples = append(e.samples, sm)
		}
	}
	return newResult(w, entrants), nil
}

// bind returns the contenders that offer the workload.
func bind(
	ctx context.Context, s *Stage, w *Workload, contenders []opened,
) ([]*entrant, error) {
	if err := s.Prepare(ctx, w, false); err != nil {
		return nil, err
	}
	var entrants []*entrant
	for _, c := range contenders {
		op, err := w.Bind(ctx, s, c.Contender)
		if errors.Is(err, errNotOffered) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		entrants = append(entrants, &entrant{
			name: c.name, op: op, note: noteOf(c.Contender, w.Name),
		})
	}
	return entrants, nil
}

// verify compares what each contender does with what the first one does.
func verify(ctx context.Context, s *Stage, w *Workload, entrants []*entrant) error {
	var users []User
	var posts []Post
	for i, e := range entrants {
		if err := s.Prepare(ctx, w, false); err != nil {
			return err
		}
		us, ps, err := evidence(ctx, e.op)
		if err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		if i == 0 {
			users, posts = us, ps
		}
		if err := errors.Join(diffUsers(us, users), diffPosts(ps, posts)); err != nil {
			return fmt.Errorf("%s is not equal to %s: %w", e.name, entrants[0].name, err)
		}
	}
	return nil
}

// evidence returns the rows that show what an operation did.
func evidence(ctx context.Context, op *Op) (us []User, ps []Post, err error) {
	if op.Posts != nil {
		ps, err = op.Posts(ctx)
		return nil, ps, err
	}
	us, err = op.Evidence(ctx)
	return us, nil, err
}

// calibrate fixes the number of operations of a contender's samples.
func calibrate(ctx context.Context, e *entrant, sample time.Duration) error {
	nanos, err := probe(ctx, e)
	if err != nil {
		return err
	}
	e.turn = max(1, int(float64(sample)/nanos+0.5))
	return nil
}

// probe returns the rough time of one operation: the best of three tries, since the worst is
// somebody else's fault.
func probe(ctx context.Context, e *entrant) (float64, error) {
	const (
		tries  = 3
		enough = 4 * time.Millisecond
	)
	if err := e.run(ctx, 1); err != nil { // whatever is done at first use only
		return 0, err
	}
	best := math.Inf(1)
	for n, try := 1, 0; try < tries; {
		start := time.Now()
		if err := e.run(ctx, n); err != nil {
			return 0, err
		}
		took := time.Since(start)
		if took < enough {
			n *= 2
			continue
		}
		best = min(best, float64(took)/float64(n))
		try++
	}
	return best, nil
}

// order returns the entrants in the order of a pass: everyone starts once, and in every other
// round they go the other way, so that nobody always follows the same one.
func order(entrants []*entrant, pass int) []*entrant {
	n := len(entrants)
	out := make([]*entrant, 0, n)
	for i := range n {
		out = append(out, entrants[(i+pass)%n])
	}
	if pass%2 == 1 {
		slices.Reverse(out)
	}
	return out
}

// turn takes one sample.
func turn(ctx context.Context, s *Stage, w *Workload, e *entrant) (sample, error) {
	n := e.turn
	if w.Writes {
		if err := s.Prepare(ctx, w, false); err != nil {
			return sample{}, err
		}
	}
	// A reset or another contender's writes leave caches cold and plans outdated, and PostgreSQL
	// settles on a plan at the sixth execution.
	const warmUp = 8
	if err := e.run(ctx, min(warmUp, (n+9)/10)); err != nil {
		return sample{}, err
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	err := e.run(ctx, n)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	per := 1 / float64(n)
	return sample{
		Nanos:  float64(took) * per,
		Allocs: float64(after.Mallocs-before.Mallocs) * per,
		Bytes:  float64(after.TotalAlloc-before.TotalAlloc) * per,
	}, err
}
