// SPDX-License-Identifier: MIT

package main

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

// broken is raw with one mistake.
type broken struct {
	Contender

	name string
	// rename changes the records that are read.
	rename bool
	// lazy skips writes.
	lazy bool
	// half writes only half of a list.
	half bool
	// touch changes one more column than asked for.
	touch func(ctx context.Context) error
}

func (b *broken) Users(records any) ([]User, error) {
	us, err := b.Contender.Users(records)
	us = slices.Clone(us)
	if b.rename && len(us) > 0 {
		us[len(us)-1].Name += "?"
	}
	return us, err
}

func (b *broken) Insert(ctx context.Context, in *User) (int64, error) {
	if b.lazy {
		return 1, nil
	}
	return b.Contender.Insert(ctx, in)
}

func (b *broken) CreateMany(ctx context.Context, in []User) (any, error) {
	if b.half {
		in = in[:len(in)/2]
	}
	return b.Contender.CreateMany(ctx, in)
}

func (b *broken) Updater(
	ctx context.Context, id int64,
) (func(ctx context.Context, count int64) error, error) {
	if b.lazy {
		return func(context.Context, int64) error { return nil }, nil
	}
	update, err := b.Contender.Updater(ctx, id)
	if err != nil || b.touch == nil {
		return update, err
	}
	return func(ctx context.Context, count int64) error {
		if err := b.touch(ctx); err != nil {
			return err
		}
		return update(ctx, count)
	}, nil
}

// entry registers the mistake as a contender.
func (b *broken) entry(touch bool) Entry {
	return Entry{Name: b.name, Open: func(ctx context.Context, s *Stage) (Contender, error) {
		c, err := openRaw(ctx, s)
		b.Contender = c
		if touch {
			b.touch = func(ctx context.Context) error {
				_, err := s.admin.ExecContext(ctx, "UPDATE "+tableName+" SET active = NOT active")
				return err
			}
		}
		return b, err
	}}
}

// testRun returns a run of the named workloads that takes no time to speak of.
func testRun(t *testing.T, entries []Entry, names ...string) *Run {
	t.Helper()
	ws := slices.DeleteFunc(workloads(), func(w Workload) bool {
		return !slices.Contains(names, w.Name)
	})
	if len(ws) != len(names) {
		t.Fatalf("workloads %v: found %d", names, len(ws))
	}
	return &Run{
		Config:     Config{Passes: 2, Sample: time.Millisecond},
		Workloads:  ws,
		Contenders: entries,
		TempDir:    t.TempDir(),
		Progress:   io.Discard,
	}
}

func TestBrokenContenderFailsTheRun(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, workload string
		broken         broken
		touch          bool
	}{
		{name: "ReadsWrongValue", workload: "ruler/find", broken: broken{rename: true}},
		{name: "ReadsOneWrongRow", workload: "sqlite/read10k", broken: broken{rename: true}},
		{name: "SendsNoInsert", workload: "ruler/insert", broken: broken{lazy: true}},
		{name: "SendsNoUpdate", workload: "ruler/update", broken: broken{lazy: true}},
		{name: "InsertsNothing", workload: "sqlite/insert", broken: broken{lazy: true}},
		{name: "UpdatesNothing", workload: "sqlite/update", broken: broken{lazy: true}},
		{name: "UpdatesTooMuch", workload: "sqlite/update", touch: true},
		{name: "CreatesHalf", workload: "sqlite/create1000", broken: broken{half: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := tt.broken
			b.name = "broken"
			entries := []Entry{{Name: rawName, Open: openRaw}, b.entry(tt.touch)}
			_, err := testRun(t, entries, tt.workload).Do(t.Context())
			if err == nil || !strings.Contains(err.Error(), tt.workload+": broken") {
				t.Errorf("Do = %v; want an error that names the workload and the contender", err)
			}
		})
	}
}

// brokenRelations is raw with a mistake about related rows.
type brokenRelations struct {
	*raw

	loses bool // a comment
	lazy  bool // sync does nothing
}

func (b *brokenRelations) Posts(records any) ([]Post, error) {
	posts, err := b.raw.Posts(records)
	posts = slices.Clone(posts)
	if b.loses && len(posts) > 0 {
		last := &posts[len(posts)-1]
		last.Comments = last.Comments[:len(last.Comments)-1]
	}
	return posts, err
}

func (b *brokenRelations) Syncer(
	ctx context.Context, post int64,
) (func(ctx context.Context, tags []int64) error, error) {
	if b.lazy {
		return func(context.Context, []int64) error { return nil }, nil
	}
	return b.raw.Syncer(ctx, post)
}

func TestBrokenRelationsFailTheRun(t *testing.T) {
	t.Parallel()
	for workload, b := range map[string]brokenRelations{
		"sqlite/hasMany": {loses: true}, "sqlite/groupLimit": {loses: true}, "sqlite/sync": {lazy: true},
	} {
		t.Run(workload, func(t *testing.T) {
			t.Parallel()
			entry := Entry{Name: "broken", Open: func(ctx context.Context, s *Stage) (Contender, error) {
				c, err := openRaw(ctx, s)
				b.raw, _ = c.(*raw)
				return &b, err
			}}
			_, err := testRun(t, []Entry{{Name: rawName, Open: openRaw}, entry}, workload).Do(t.Context())
			if err == nil || !strings.Contains(err.Error(), workload+": broken") {
				t.Errorf("Do = %v; want an error that names the workload and the contender", err)
			}
		})
	}
}

func TestWorkloadThatIsNotOffered(t *testing.T) {
	t.Parallel()
	b := broken{name: "plain"} // raw's methods of Encoder are not promoted
	r := testRun(t, []Entry{{Name: rawName, Open: openRaw}, b.entry(false)}, "json/bytes", "boot500")
	results, err := r.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if results[0].figure("plain") != nil || results[0].figure(rawName) == nil {
		t.Errorf("json/bytes: figures = %+v; want raw only", results[0].Figures)
	}
	if len(results[1].Figures) != 0 {
		t.Errorf("boot500: figures = %+v; want none", results[1].Figures)
	}
}

// TestContenders runs every library once on the databases that need no server.
func TestContenders(t *testing.T) {
	t.Parallel()
	var names []string
	for _, w := range workloads() {
		if w.Target != Postgres {
			names = append(names, w.Name)
		}
	}
	r := testRun(t, contenders(), names...)
	results, err := r.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := writeTable(&out, results, r.names()); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !strings.Contains(out.String(), "| "+name+" ") {
			t.Errorf("the table has no row %q:\n%s", name, out.String())
		}
	}
}
