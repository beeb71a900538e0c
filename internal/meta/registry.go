// SPDX-License-Identifier: MIT

package meta

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/kindred-orm/kindred/internal/errs"
)

// Registry gives the models of one naming strategy. It is safe for concurrent use; a model is
// compiled once, by whoever asks first.
type Registry struct {
	names  Names
	models sync.Map // reflect.Type → *entry
	tables sync.Map // string → *Model
}

type entry struct {
	once  sync.Once
	model *Model
	err   error
	done  atomic.Bool
}

// shared keeps the compiled models of naming strategies that can be compared, so that databases
// with the same strategy share them; first keeps, per type, the model that was compiled first.
// embeds keeps whether a type embeds a base model.
var shared, first, embeds sync.Map //nolint:gochecknoglobals // caches of pure functions of types.

type sharedKey struct {
	t     reflect.Type
	names Names
}

// NewRegistry returns a registry for a naming strategy.
func NewRegistry(names Names) *Registry { return &Registry{names: names} }

// Model returns the model of a struct type. The error lists all mistakes in its definition.
func (r *Registry) Model(t reflect.Type) (*Model, error) {
	if v, ok := r.models.Load(t); ok {
		if e := v.(*entry); e.done.Load() { //nolint:errcheck,forcetypeassert // only entries are stored.
			return e.model, e.err
		}
	}
	return r.compile(t)
}

func (r *Registry) compile(t reflect.Type) (*Model, error) {
	e, names := new(entry), r.names
	names.Portable = names.Portable && standsIn(t) // else one model serves all databases
	if names.comparable() {
		v, _ := shared.LoadOrStore(sharedKey{t, names}, e)
		e = v.(*entry) //nolint:errcheck,forcetypeassert // only entries are stored.
	}
	v, _ := r.models.LoadOrStore(t, e)
	e = v.(*entry) //nolint:errcheck,forcetypeassert // only entries are stored.
	e.once.Do(func() {
		e.model, e.err = compile(t, names, r)
		if e.err != nil {
			e.err = errs.In(t.Name(), "register", e.err)
		} else {
			first.LoadOrStore(t, e.model)
		}
		e.done.Store(true)
	})
	if e.err == nil {
		r.tables.LoadOrStore(e.model.Table, e.model)
	}
	return e.model, e.err
}

// Table returns the model of a table.
func (r *Registry) Table(name string) (*Model, bool) {
	v, ok := r.tables.Load(name)
	if !ok {
		return nil, false
	}
	return v.(*Model), true //nolint:errcheck,forcetypeassert // only models are stored.
}

// TableNames returns the tables that are known, for suggestions.
func (r *Registry) TableNames() []string {
	var names []string
	r.tables.Range(func(name, _ any) bool {
		names = append(names, fmt.Sprint(name))
		return true
	})
	return names
}

// unbound serves records that belong to no database yet.
var unbound = NewRegistry(Names{Naming: DefaultNaming{}, Gorm: DefaultGormNaming()}) //nolint:gochecknoglobals // immutable.

// First returns the model of a type under the strategy it was first registered with, for records
// that belong to no database.
func First(t reflect.Type) (*Model, error) {
	if v, ok := first.Load(t); ok {
		return v.(*Model), nil //nolint:errcheck,forcetypeassert // only models are stored.
	}
	return unbound.Model(t)
}
