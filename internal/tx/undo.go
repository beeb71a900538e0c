// SPDX-License-Identifier: MIT

package tx

import "slices"

// Undo is what a rollback puts back in memory.
type Undo interface {
	// Undo puts it back.
	Undo()
	// Key says what it puts back, nil for something that no other Undo does. A frame keeps one Undo for each key: the oldest.
	Key() any
	// Absorb makes an Undo put back what a later one of its key would, too. The later one is dropped.
	Absorb(later Undo)
}

// undoFunc is an Undo without a key.
type undoFunc func()

func (u undoFunc) Undo()     { u() }
func (undoFunc) Key() any    { return nil }
func (undoFunc) Absorb(Undo) {}

// undoLog is what a rollback of a frame puts back, in the order in which it was changed.
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

// addAll takes over the log of a frame inside.
func (l *undoLog) addAll(inner undoLog) {
	if len(l.list) == 0 {
		*l = inner
		return
	}
	for _, u := range inner.list {
		l.add(u)
	}
}

// run puts everything back, the latest first.
func (l *undoLog) run() {
	for _, u := range slices.Backward(l.list) {
		u.Undo()
	}
}
