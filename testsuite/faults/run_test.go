// SPDX-License-Identifier: MIT

package faults_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Context is where an operation runs. The errors of all that ended before the outermost
// transaction come back beside its own.
type Context struct {
	name string
	// undone means that the caller gives up in the end, so that nothing must be left.
	undone bool
	// few is how many of the modes are tried, where another context shows the same for the rest; zero is
	// all.
	few int
	run func(ctx context.Context, db *model.DB, op func(ctx context.Context, db *model.DB) error) (inner, outer error)
}

func contexts() []Context {
	return []Context{
		{name: "alone", run: func(ctx context.Context, db *model.DB, op func(context.Context, *model.DB) error) (inner, outer error) {
			return nil, op(ctx, db)
		}},
		{name: "commits", run: func(ctx context.Context, db *model.DB, op func(context.Context, *model.DB) error) (inner, outer error) {
			outer = db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				inner = op(ctx, tx)
				return nil // the caller does not mind
			})
			return inner, outer
		}},
		{name: "passes on", few: 2, run: func(ctx context.Context, db *model.DB, op func(context.Context, *model.DB) error) (inner, outer error) {
			return nil, db.Transaction(ctx, op)
		}},
		{name: "savepoint", few: 2, run: func(ctx context.Context, db *model.DB, op func(context.Context, *model.DB) error) (inner, outer error) {
			outer = db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				inner = tx.Transaction(ctx, op)
				return nil // likewise
			})
			return inner, outer
		}},
		{name: "gives up", undone: true, few: 1, run: func(ctx context.Context, db *model.DB, op func(context.Context, *model.DB) error) (inner, outer error) {
			outer = db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				inner = op(ctx, tx)
				return errGivesUp
			})
			return inner, outer
		}},
	}
}

// counts is one line of the table.
type counts struct {
	runs    int
	unknown int // a statement was done and its answer lost, in a transaction that the caller has committed all the same
	commits int // the same of a COMMIT, and of a statement outside of a transaction, which is ErrCommitUnknown
	partial int // the database is neither as before nor complete
	leaked  int // a connection, transaction or result stays open
	lying   int // error, records and database contradict each other
}

// report collects the lines of one database.
type report struct {
	mu    sync.Mutex
	order []string
	lines map[string]*counts
}

func (b *report) add(op string, c counts) {
	b.mu.Lock()
	defer b.mu.Unlock()
	line := b.lines[op]
	if line == nil {
		line = &counts{}
		b.order = append(b.order, op)
		if b.lines == nil {
			b.lines = map[string]*counts{}
		}
		b.lines[op] = line
	}
	line.runs += c.runs
	line.unknown += c.unknown
	line.commits += c.commits
	line.partial += c.partial
	line.leaked += c.leaked
	line.lying += c.lying
}

// String returns the table, with a line of sums.
func (b *report) String() string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, c counts) {
		_, _ = fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t\n", name, c.runs, c.unknown, c.commits, c.partial, c.leaked, c.lying)
	}
	_, _ = fmt.Fprintln(w, "operation\truns\tanswer lost\tcommit unknown\tpartial\tleaked\tlying\t")
	var sum counts
	for _, op := range b.order {
		c := *b.lines[op]
		row(op, c)
		sum.runs, sum.unknown, sum.commits = sum.runs+c.runs, sum.unknown+c.unknown, sum.commits+c.commits
		sum.partial, sum.leaked, sum.lying = sum.partial+c.partial, sum.leaked+c.leaked, sum.lying+c.lying
	}
	row("total", sum)
	_ = w.Flush()
	return out.String()
}

// Want is what a run without faults does.
type Want struct {
	modes     [][]string // in which each point can fail
	begun     bool       // the operation by itself has a transaction
	before    string
	complete  string
	committed int64
}

func snapshots(list []harness.Record) string {
	var b strings.Builder
	for i, rec := range list {
		for line := range strings.Lines(harness.Snapshot(rec)) {
			fmt.Fprintf(&b, "%d %s", i, line)
		}
	}
	return b.String()
}

// Run is an operation with one fault.
type Run struct {
	stage *stage
	op    Op
	in    Context
	n     int
	mode  string
	want  Want

	counts counts
}

func (r *Run) String() string {
	return fmt.Sprintf("%s, %s, statement %d of %d, %s", r.op.name, r.in.name, r.n, len(r.want.modes), r.mode)
}

func (r *Run) lie(t *testing.T, format string, args ...any) {
	t.Helper()
	r.counts.lying++
	t.Errorf("%s: %s", r, fmt.Sprintf(format, args...))
}

func (r *Run) do(t *testing.T) counts {
	t.Helper()
	s := r.stage
	s.reset(t)
	call := r.op.arrange(t, s)
	before, untouched := snapshots(call.records), snapshots(call.untouched)
	events := &Events{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), eventsKey{}, events))
	defer cancel()
	s.faults.arm(r.n, r.mode, cancel)
	var own error
	inner, outer := r.in.run(ctx, s.db, func(ctx context.Context, db *model.DB) error {
		own = call.run(ctx, db)
		return own
	})
	fired := s.faults.clear().fired
	if left := s.settle(); left != 0 {
		r.counts.leaked++
		t.Errorf("%s: %d connections, transactions or results stay open", r, left)
	}
	after := s.dump(t)
	s.touched = after.text != s.seed.text
	if fired == 0 {
		return r.counts // the mode does not apply to the statement
	}
	r.counts.runs++
	if text := snapshots(call.untouched); text != untouched {
		r.lie(t, "a record that the call leaves alone has changed:\n%s", harness.Diff(untouched, text))
	}
	err := errors.Join(inner, outer)
	switch {
	case after.text != r.want.before && after.text != r.want.complete:
		r.counts.partial++
		t.Errorf("%s: partial (error %v):\n%s", r, err, harness.Diff(r.want.before, after.text))
	case err != nil:
		if call.results != nil {
			r.results(t, call.results(), own)
		}
		if n := events.committed.Load(); n != 0 {
			r.lie(t, "%d Committed hooks ran, and nothing is committed", n)
		}
		r.failed(t, call, err, own, after, before)
	case after.text != r.want.complete:
		r.lie(t, "no error, and nothing was written")
	default:
		if text := call.wrong(after); text != "" {
			r.lie(t, "no error, and %s", text)
		}
		if n := events.committed.Load(); n != r.want.committed {
			r.lie(t, "%d Committed hooks ran; want %d", n, r.want.committed)
		}
	}
	return r.counts
}

// failed judges a run that returned an error: records are as before, and so is the database unless
// nobody can know.
func (r *Run) failed(t *testing.T, call *Call, err, own error, after dump, before string) {
	t.Helper()
	if errors.Is(err, errLie) {
		r.lie(t, "%v", err)
	}
	if text := snapshots(call.records); text != before {
		r.lie(t, "after %v the record has changed:\n%s", err, harness.Diff(before, text))
	}
	if call.settled != nil {
		if text := call.settled(); text != "" {
			r.lie(t, "after %v %s", err, text)
		}
	}
	// What closes a cursor fails in silence: its rows have been read, and the transaction tells.
	silent := r.op.reads && own == nil
	if !r.stage.faults.reached(r.mode, err) && !silent && (!r.in.undone || !errors.Is(err, errGivesUp)) {
		r.lie(t, "the cause cannot be reached: %v", err)
	}
	applied := r.want.complete != r.want.before && after.text == r.want.complete
	switch {
	case !applied:
		r.retry(t, call)
	case errors.Is(err, model.ErrCommitUnknown):
		r.counts.commits++
	case r.answerLost(own):
		r.counts.unknown++
	default:
		r.lie(t, "an error, but the write is there: %v", err)
	}
}

// answerLost reports whether a statement of the operation was done and its answer lost, and then a transaction was committed
// that the caller has opened. Without a transaction the error is ErrCommitUnknown.
func (r *Run) answerLost(own error) bool {
	return !r.want.begun && own != nil && r.stage.faults.delivers(r.mode) && r.in.name == "commits" && !r.stage.postgres
}

// results judges what a call has returned before its transaction failed, or next to an error: it is
// as after a rollback.
func (r *Run) results(t *testing.T, list []harness.Record, own error) {
	t.Helper()
	if own != nil && len(list) > 0 {
		r.lie(t, "an error, and a result: %v", list)
	}
	for _, rec := range list {
		id, ok := rec.Attributes()["ID"].(int64)
		row, exists := r.stage.seed.rows[tableOf(rec)][id]
		switch {
		case !ok || rec.IsNew() == exists:
			r.lie(t, "IsNew of a result is %v, and its row is there: %v", rec.IsNew(), exists)
		case exists:
			for attr, value := range rec.Original() {
				if got, want := harness.ValueText(value), row[columnOf(attr)]; got != want {
					r.lie(t, "the original of %s is %q, and its column %q", attr, got, want)
				}
			}
		}
	}
}

// retry makes the call again, on the same records: it succeeds now.
func (r *Run) retry(t *testing.T, call *Call) {
	t.Helper()
	s, events := r.stage, &Events{}
	s.faults.arm(0, "", nil)
	inner, outer := r.in.run(context.WithValue(t.Context(), eventsKey{}, events), s.db, call.run)
	_ = s.faults.clear()
	if r.in.undone && errors.Is(outer, errGivesUp) {
		outer = nil
	}
	s.touched = true
	after := s.dump(t)
	switch {
	case inner != nil || outer != nil:
		r.lie(t, "tried again, it fails: %v", errors.Join(inner, outer))
	case after.text != r.want.complete:
		r.lie(t, "tried again, it does something else:\n%s", harness.Diff(r.want.complete, after.text))
	case r.in.undone:
	case events.committed.Load() != r.want.committed:
		r.lie(t, "tried again, %d Committed hooks ran; want %d", events.committed.Load(), r.want.committed)
	default:
		if text := call.wrong(after); text != "" {
			r.lie(t, "tried again, %s", text)
		}
	}
	if left := s.settle(); left != 0 {
		r.counts.leaked++
		t.Errorf("%s: tried again, %d connections, transactions or results stay open", r, left)
	}
}
