// SPDX-License-Identifier: MIT

package faultdb

import (
	"slices"
	"sync"
	"sync/atomic"
)

// A Control records the statements of one database and makes them fail. It comes from [Open]. Its
// methods may be called from several goroutines.
type Control struct {
	conns    atomic.Int64
	openRows atomic.Int64
	openTx   atomic.Int64

	mu     sync.Mutex
	events []*Event
	points int
	faults []*armed
	fired  int
	pauses []*pause
}

// A pause stops the statement with its number.
type pause struct {
	at      int
	reached chan struct{}
	resume  chan struct{}
	once    sync.Once
}

func (p *pause) release() { p.once.Do(func() { close(p.resume) }) }

// Reset forgets the record, starts counting at one again, takes back faults that have not happened,
// and resumes what [Control.Pause] has stopped. Call it after opening and migrating: gorm's dialectors
// send statements when they start.
func (c *Control) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.pauses {
		p.release()
	}
	c.events, c.faults, c.pauses = nil, nil, nil
	c.points, c.fired = 0, 0
}

// Events returns everything since the last Reset, in the order in which it was asked for.
func (c *Control) Events() []Event {
	return c.record(func(Event) bool { return true })
}

// Statements returns the events since the last Reset that count as queries; see [Event.Counted].
func (c *Control) Statements() []Event { return c.record(Event.Counted) }

// SQL returns the texts of [Control.Statements].
func (c *Control) SQL() []string {
	statements := c.Statements()
	texts := make([]string, len(statements))
	for i, statement := range statements {
		texts[i] = statement.SQL
	}
	return texts
}

// Count returns the number of [Control.Statements].
func (c *Control) Count() int { return len(c.Statements()) }

// Points returns how many statements since the last Reset could have failed.
func (c *Control) Points() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.points
}

// Fired returns how many faults have happened since the last Reset.
func (c *Control) Fired() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fired
}

// OpenRows returns how many results have been opened and not closed yet. Reset does not change it.
func (c *Control) OpenRows() int { return int(c.openRows.Load()) }

// OpenTx returns how many connections have an open transaction. Reset does not change it.
func (c *Control) OpenTx() int { return int(c.openTx.Load()) }

// FailAt makes the statement that is the nth point since the last Reset fail. In mode [Cancel] only
// the context of that statement is cancelled, in mode [Row] the first row fails; see [Control.Inject].
func (c *Control) FailAt(n int, mode Mode) { c.Inject(Fault{At: n, Mode: mode}) }

// Inject arms a fault. Faults do not replace one another; the first that fits a statement happens.
func (c *Control) Inject(fault Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, &armed{Fault: fault})
}

// Pause stops the statement that is the nth point since the last Reset, before it reaches the
// database. The channel is closed when the statement has come. It goes on at resume, which may be
// called several times, or at Reset. The connection is locked meanwhile.
func (c *Control) Pause(n int) (reached <-chan struct{}, resume func()) {
	p := &pause{at: n, reached: make(chan struct{}), resume: make(chan struct{})}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pauses = append(c.pauses, p)
	return p.reached, p.release
}

func (c *Control) record(keep func(Event) bool) []Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	var events []Event
	for _, ev := range c.events {
		if keep(*ev) {
			events = append(events, *ev)
		}
	}
	return events
}

// A pass is what a statement gets when it is let through.
type pass struct {
	control  *Control
	event    *Event
	fault    *armed   // nil if none happens
	numbered []*armed // those that have counted the event
}

// admit records the event, waits while it is paused, and finds the fault that happens to it.
func (c *Control) admit(ev Event) pass {
	p := pass{control: c, event: &ev}
	c.mu.Lock()
	if ev.canFail() {
		c.points++
		ev.Point = c.points
	}
	c.events = append(c.events, &ev)
	stop := c.stopAt(ev.Point)
	c.mu.Unlock()
	if stop != nil {
		close(stop.reached)
		<-stop.resume
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	for _, fault := range c.faults {
		n := fault.number(ev)
		if n == 0 {
			continue
		}
		p.numbered = append(p.numbered, fault)
		if n == fault.At && !fault.used && p.fault == nil {
			fault.used = true
			p.fault = fault
		}
	}
	return p
}

// stopAt returns the pause of the point and forgets it, nil if there is none.
func (c *Control) stopAt(point int) *pause {
	i := slices.IndexFunc(c.pauses, func(p *pause) bool { return point > 0 && p.at == point })
	if i < 0 {
		return nil
	}
	// It stays in the list, where Reset finds it. A point that is taken back has its number again.
	p := c.pauses[i]
	p.at = 0
	return p
}

// mode returns the mode of the fault, zero if none happens.
func (p pass) mode() Mode {
	if p.fault == nil {
		return 0
	}
	return p.fault.Mode
}

// fail returns the error of the fault and notes that it has happened.
func (p pass) fail(cause error) error {
	p.happened()
	return p.fault.err(p.event.SQL, cause)
}

func (p pass) happened() {
	p.control.mu.Lock()
	defer p.control.mu.Unlock()
	p.control.fired++
}

// end notes what the client gets.
func (p pass) end(err error) error {
	p.control.mu.Lock()
	defer p.control.mu.Unlock()
	p.event.Err = err
	return err
}

// undo takes the event back: the driver has declined it, and database/sql asks in another way.
func (p pass) undo() {
	c := p.control
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(c.events, p.event)
	if i < 0 {
		return
	}
	c.events = slices.Delete(c.events, i, i+1)
	if p.event.Point > 0 {
		c.points--
	}
	for _, fault := range p.numbered {
		fault.seen--
	}
	if p.fault != nil {
		p.fault.used = false
	}
}
