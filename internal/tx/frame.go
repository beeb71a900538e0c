// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/kindred-orm/kindred/internal/errs"
)

// Frame is a transaction, a savepoint in one, or a part of a call in one.
type Frame struct {
	handle  *Handle
	parent  *Frame
	session *session
	kind    kind
	ctx     context.Context //nolint:containedctx // Committed and RolledBack hooks get the ctx of Begin.

	ready   atomic.Bool // it, and every frame around it, has begun in the database
	sending sync.Mutex  // held while it begins there

	mu        sync.Mutex
	savepoint string // its name, once it was sent
	done      bool
	spoiled   error // why it cannot be committed: a savepoint in it could not be rolled back
	undo      undoLog
	after     []after
	inside    []*Frame // frames in it that are open
}

// kind is what a frame is in the database.
type kind uint8

const (
	transaction kind = iota
	savepoint        // it is sent before the first statement in it that writes
	part             // nothing; with any error the frame around it ends too
)

// after is a function to run at the end of the outermost transaction.
type after struct {
	key        any // equal keys run once; nil runs always
	committed  func(ctx context.Context) error
	rolledBack func(ctx context.Context) error
}

func newFrame(ctx context.Context, outer *Handle, s *session, k kind) *Handle {
	f := &Frame{parent: outer.frame, session: s, kind: k, ctx: ctx}
	f.handle = &Handle{db: outer.db, frame: f}
	f.ready.Store(k == transaction)
	if p := f.parent; p != nil {
		p.mu.Lock()
		p.inside = append(p.inside, f)
		p.mu.Unlock()
	}
	return f.handle
}

// begin sends the savepoints around a statement that writes, the outermost first, unless they were sent before.
func (f *Frame) begin(ctx context.Context) error {
	if f.ready.Load() {
		return nil
	}
	if err := f.parent.begin(ctx); err != nil {
		return err
	}
	f.sending.Lock()
	defer f.sending.Unlock()
	if f.ready.Load() {
		return nil
	}
	if f.kind == savepoint {
		name := "kindred_" + strconv.FormatUint(f.Number(), 10)
		if _, err := f.handle.send(ctx, Statement{SQL: "SAVEPOINT " + name}); err != nil {
			return err
		}
		f.mu.Lock()
		f.savepoint = name
		f.mu.Unlock()
	}
	f.ready.Store(true)
	return nil
}

// sent returns the name of the savepoint if it was sent, else "".
func (f *Frame) sent() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.savepoint
}

func (f *Frame) isOpen() bool {
	for ; f != nil; f = f.parent {
		if f.wasEnded() {
			return false
		}
	}
	return true
}

// wasEnded reports whether the frame itself was committed or rolled back.
func (f *Frame) wasEnded() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.done
}

// Outermost reports whether the frame is the transaction itself.
func (f *Frame) Outermost() bool { return f.parent == nil }

// openSavepoint returns the latest savepoint in the frame that is open, or nil.
func (f *Frame) openSavepoint() *Frame {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, inner := range slices.Backward(f.inside) {
		if inner.kind == savepoint {
			return inner
		}
	}
	return nil
}

// finish marks the frame as done and returns what is left to do. It is an ErrTxDone if it was done before.
func (f *Frame) finish() (undo undoLog, work []after, err error) {
	if !f.isOpen() {
		return undo, nil, errs.New(errs.ErrTxDone, "the transaction was committed or rolled back before")
	}
	undo, work = f.end()
	if p := f.parent; p != nil {
		p.mu.Lock()
		p.inside = slices.DeleteFunc(p.inside, func(other *Frame) bool { return other == f })
		p.mu.Unlock()
	}
	return undo, work, nil
}

// end marks the frame and those that are still open in it as done.
func (f *Frame) end() (undo undoLog, work []after) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done = true
	undo, work = f.undo, f.after
	for _, inner := range f.inside {
		u, w := inner.end()
		undo.addAll(u)
		work = append(work, w...)
	}
	f.undo, f.after, f.inside = undoLog{}, nil, nil
	return undo, work
}

// passOn moves the undo log, and the functions that wait for the end, to the frame around it.
func (f *Frame) passOn(undo undoLog, work []after) {
	p := f.parent
	p.mu.Lock()
	defer p.mu.Unlock()
	p.undo.addAll(undo)
	p.after = append(p.after, work...)
}

// Enlist keeps what a rollback of the frame puts back in memory.
func (f *Frame) Enlist(undo Undo) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.undo.add(undo)
}

// EnlistFirst is Enlist of many in a frame in which nothing was changed yet.
func (f *Frame) EnlistFirst(undo []Undo) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.undo.addAll(undoLog{list: undo})
}

// EnlistFunc is Enlist of a function.
func (f *Frame) EnlistFunc(undo func()) { f.Enlist(undoFunc(undo)) }

// OnEnd keeps work for the end of the outermost transaction, or of a savepoint that is rolled back.
// Work with equal keys runs once.
func (f *Frame) OnEnd(key any, committed, rolledBack func(ctx context.Context) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.after = append(f.after, after{key, committed, rolledBack})
}

// spoil forbids committing the frame: it holds changes that a savepoint in it should have undone.
func (f *Frame) spoil(cause error) {
	for f.kind == part {
		f = f.parent
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.spoiled == nil {
		f.spoiled = cause
	}
}

// spoiling returns the error that forbids committing the frame, or nil.
func (f *Frame) spoiling() error {
	if !f.isOpen() {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.spoiled
}

// Number returns a number that is unique in the transaction, to name things with.
func (f *Frame) Number() uint64 {
	s := f.session
	s.mu.Lock()
	defer s.mu.Unlock()
	s.numbers++
	return s.numbers
}
