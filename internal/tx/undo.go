// SPDX-License-Identifier: MIT

package tx

import "slices"

// Undo restores something in memory after a rollback.
type Undo interface {
	// Undo restores it.
	Undo()
	// Key identifies what it restores, nil if no other Undo restores it. A frame keeps one Undo for each key: the oldest.
	Key() any
	// Absorb makes an Undo also restore what a later one of its key would. The later one is dropped.
	Absorb(later Undo)
}

// undoFunc is an Undo without a key.
type undoFunc func()

func (u undoFunc) Undo()     { u() }
func (undoFunc) Key() any    { return nil }
func (undoFunc) Absorb(Undo) {}

// undoLog holds the Undos of a frame, in the order in which the changes were made.
type undoLog struct {
	list []Undo
	at   map[any]int // positions by key; nil while the list is short
}

// shortLog is the length up to which a list is searched without a map.
const shortLog = 8

// find returns the position of a key, or -1.
func (l *undoLog) find(key any) int {
	if len(l.list) <= shortLog {
		return slices.IndexFunc(l.list, func(u Undo) bool { return u.Key() == key })
	}
	if l.at == nil {
		l.at = make(map[any]int, len(l.list))
		for i, u := range l.list {
			l.at[u.Key()] = i
		}
	}
	if i, ok := l.at[key]; ok {
		return i
	}
	return -1
}

func (l *undoLog) add(u Undo) {
	key := u.Key()
	if key != nil {
		if i := l.find(key); i >= 0 {
			l.list[i].Absorb(u)
			return
		}
	}
	if l.at != nil {
		l.at[key] = len(l.list)
	}
	l.list = append(l.list, u)
}

// addAll appends the log of an inner frame.
func (l *undoLog) addAll(inner undoLog) {
	if len(l.list) == 0 {
		*l = inner
		return
	}
	for _, u := range inner.list {
		l.add(u)
	}
}

// run restores everything, the latest first.
func (l *undoLog) run() {
	for _, u := range slices.Backward(l.list) {
		u.Undo()
	}
}
