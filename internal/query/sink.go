// SPDX-License-Identifier: MIT

package query

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"sync"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// records is the sink that makes records of rows.
type records struct {
	model   *meta.Model
	handle  *tx.Handle
	out     *outputs
	targets []dialect.Target
	twins   memory.Twins
	copies  bool           // records have twins
	bare    bool           // records have no states
	clones  []cloner       // of the fields that a shallow copy shares
	states  []record.State // chunk in use
	rests   []record.Rest  // chunk in use
	list    []memory.Ptr

	layout    record.Layout
	pivots    []pivotField
	key       uintptr // where the key that Keyed asked for lies behind a record
	extraSlab []any
	later     []deferred
}

// deferred is a value whose Scan runs when the connection is free again.
type deferred struct {
	record memory.Ptr
	target *dialect.Target
	value  any
}

func newRecords(h *tx.Handle, spec *Spec, out *outputs) *records {
	return &records{model: spec.Model, handle: h, out: out, copies: !spec.ReadOnly && !spec.Bare, bare: spec.Bare}
}

// Targets finds the destination of every result column.
func (r *records) Targets(names []string) ([]dialect.Target, error) {
	p := planOf(r.handle, r.model)
	slice := r.model.Slice
	if r.out == p.outputs {
		if len(names) != len(p.targets) {
			return nil, errs.New(errs.ErrUnknownColumn, "%d result columns for %d of %s", len(names), len(p.targets), r.model.Name)
		}
		r.targets = slices.Clone(p.targets)
	} else {
		list := r.out.list
		if r.out.named {
			var err error
			if list, err = r.byName(names); err != nil {
				return nil, err
			}
		}
		if len(names) != len(list) {
			return nil, errs.New(errs.ErrUnknownColumn, "%d result columns where %d were selected", len(names), len(list))
		}
		r.targets = make([]dialect.Target, len(list))
		for i, o := range list {
			r.targets[i] = r.target(o)
		}
		slice = r.widen(list)
	}
	r.twins = memory.NewTwins(slice, r.copies)
	r.slabs()
	return r.targets, nil
}

// widen places typed extras behind the record, in the same allocation, and returns the
// type of a slice of such allocations.
func (r *records) widen(list []output) reflect.Type {
	var types []reflect.Type
	for i := range list {
		if r.targets[i].Extra == behind {
			types = append(types, r.targets[i].Codec.Type)
		}
	}
	if len(types) == 0 {
		return r.model.Slice
	}
	slice := wideSlice(r.model.Type, types)
	n := 0
	for i, o := range list {
		t := &r.targets[i]
		if t.Extra != behind {
			continue
		}
		n++
		t.Extra, t.Offset = -1, slice.Elem().Field(n).Offset
		if o.key {
			r.key = t.Offset
		}
		if o.pivot != nil {
			r.pivots = append(r.pivots, pivotField{column: o.pivot, codec: t.Codec, offset: t.Offset, name: o.name})
		}
		if !o.hidden {
			r.layout.Typed = append(r.layout.Typed, record.Typed{Name: o.name, Codec: t.Codec, Offset: t.Offset})
		}
	}
	return slice
}

// behind marks a target whose offset is not known yet.
const behind = -2

// wides caches the types of wide allocations, which are slow to make.
var wides sync.Map //nolint:gochecknoglobals // a cache of a pure function of types.

// wideKey has room for the types that one query usually adds.
type wideKey [8]reflect.Type

func wideSlice(model reflect.Type, types []reflect.Type) reflect.Type {
	key := wideKey{model}
	cached := len(types) < len(key)
	if cached {
		copy(key[1:], types)
		if t, ok := wides.Load(key); ok {
			return t.(reflect.Type) //nolint:errcheck,forcetypeassert // only types are stored.
		}
	}
	fields := []reflect.StructField{{Name: "Record", Type: model}}
	for i, t := range types {
		fields = append(fields, reflect.StructField{Name: "X" + strconv.Itoa(i), Type: t})
	}
	slice := reflect.SliceOf(reflect.StructOf(fields))
	if cached {
		wides.Store(key, slice)
	}
	return slice
}

// slabs lets the values that pointers point to share allocations.
func (r *records) slabs() {
	size := r.model.Type.Size() // what lies behind is not part of a snapshot
	for i := range r.targets {
		t := &r.targets[i]
		if t.Codec == nil {
			continue
		}
		var clone func(dst, src memory.Ptr)
		t.Scan, clone = t.Codec.Slab()
		if t.Offset < size && !t.Codec.Opaque && (t.Codec.Pointer || t.Codec.Kind == meta.Bytes) {
			r.clones = append(r.clones, cloner{offset: t.Offset, clone: clone})
		}
	}
}

// cloner copies what a field of a record points to into the record's twin.
type cloner struct {
	offset uintptr
	clone  func(dst, src memory.Ptr)
}

// byName finds the columns of a result that raw SQL has selected; the rest are extras, typed where
// the query itself has declared them. Two columns of one name are refused: one of them would be lost,
// or the key of another table taken for the record's.
func (r *records) byName(names []string) ([]output, error) {
	declared := map[string]output{}
	for _, o := range r.out.list {
		if o.column == nil {
			declared[ident.Short(o.name)] = o
		}
	}
	list := make([]output, len(names))
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, errs.New(errs.ErrUnknownColumn, "the result has two columns %s; name one of them by AS", ident.Quote(name))
		}
		o, ok := declared[name]
		if c, isColumn := r.model.Column(name); !ok && isColumn && c.Name == name {
			o = output{column: c, name: name}
			r.out.selected.Add(c)
		} else if !ok {
			o = output{name: name}
		}
		list[i] = o
	}
	return list, nil
}

func (r *records) target(o output) dialect.Target {
	if o.column != nil {
		return dialect.Target{Model: r.model, Name: o.column.Attr, Codec: o.column.Codec, Offset: o.column.Offset, Extra: -1}
	}
	if v, ok := r.model.Virtual(o.name); ok && o.pivot == nil { // of the pivot record it is copied
		return dialect.Target{Model: r.model, Name: v.Attr, Codec: v.Codec, Offset: v.Offset, Extra: -1}
	}
	m, name := r.model, o.name
	if o.pivot != nil {
		m, name = o.pivot.Model, o.pivot.Attr
	}
	switch {
	case o.sure:
		return dialect.Target{Model: m, Name: name, Codec: o.codec, Extra: behind}
	case o.codec != nil:
		return dialect.Target{Model: m, Name: name, Codec: o.codec.Held(), Extra: behind}
	}
	i := slices.Index(r.layout.Names, o.name)
	if i < 0 {
		i = len(r.layout.Names)
		r.layout.Names = append(r.layout.Names, o.name)
	}
	return dialect.Target{Model: r.model, Name: o.name, Extra: i}
}

// Row makes a record for the next row.
func (r *records) Row() (memory.Ptr, []any) {
	owner, twin := r.twins.Next()
	if r.bare {
		r.list = append(r.list, owner)
		return owner, nil
	}
	n := min(max(1, len(r.list)), 64)
	if len(r.states) == 0 {
		r.states = make([]record.State, n)
	}
	state := &r.states[0]
	r.states = r.states[1:]
	state.Load(r.model, r.handle, owner, twin, r.out.selected)
	r.list = append(r.list, owner)
	width := len(r.layout.Names)
	if width+len(r.layout.Typed)+len(r.model.Opaque) == 0 {
		return owner, nil
	}
	if len(r.rests) == 0 {
		r.rests = make([]record.Rest, n)
	}
	state.SetRest(&r.rests[0])
	r.rests = r.rests[1:]
	if width+len(r.layout.Typed) == 0 {
		return owner, nil
	}
	if len(r.extraSlab) < width {
		r.extraSlab = make([]any, width*n)
	}
	extras := r.extraSlab[:width:width]
	r.extraSlab = r.extraSlab[width:]
	state.SetExtras(&r.layout, extras)
	return owner, extras
}

// Rows returns the number of rows.
func (r *records) Rows() int64 { return int64(len(r.list)) }

// Cells returns new cells.
func (r *records) Cells() *dialect.Cells { return &dialect.Cells{} }

// Later keeps a value until finish converts it.
func (r *records) Later(owner memory.Ptr, t *dialect.Target, value any) {
	r.later = append(r.later, deferred{record: owner, target: t, value: value})
}

// finish runs the Scan methods that had to wait, and completes the states of the records.
func (r *records) finish() ([]memory.Ptr, error) {
	for _, d := range r.later {
		if err := d.target.Codec.Scan(memory.Add(d.record, d.target.Offset), d.value); err != nil {
			return nil, d.target.Failed(err)
		}
		for _, c := range r.model.Opaque {
			if c.Codec == d.target.Codec {
				record.Of(r.model, d.record).KeepStored(c, d.value)
			}
		}
	}
	r.twins.Flush()
	if len(r.clones) > 0 && r.copies {
		for _, owner := range r.list {
			twin := record.Of(r.model, owner).Twin()
			for _, c := range r.clones {
				c.clone(memory.Add(twin, c.offset), memory.Add(owner, c.offset))
			}
		}
	}
	return r.list, nil
}

// typed converts what the driver returned to the type of an extra.
func typed(codec *meta.Codec, value *any) error {
	if *value == nil {
		return nil
	}
	field := codec.New()
	if err := codec.Scan(field, *value); err != nil {
		return errs.Conceal(err, "the database holds what cannot be read as %s", codec.Type)
	}
	if codec.Pointer {
		field = *memory.At[memory.Ptr](field)
		*value = memory.Value(codec.Type.Elem(), field).Interface()
		return nil
	}
	*value = codec.Value(field)
	return nil
}

// Select runs the query and returns its records.
func Select(ctx context.Context, h *tx.Handle, spec *Spec) ([]memory.Ptr, error) {
	s, out, err := compileSelect(h, spec)
	if err != nil {
		return nil, err
	}
	return read(ctx, h, spec, s, out)
}

func read(ctx context.Context, h *tx.Handle, spec *Spec, s tx.Statement, out *outputs) ([]memory.Ptr, error) {
	if p := planOf(h, spec.Model); out == p.outputs && spec.Limit != nil && *spec.Limit == 1 && p.simple && !spec.ReadOnly {
		owner, err := p.one(ctx, h, s)
		if err != nil || owner == nil {
			return nil, err
		}
		sink := &records{model: spec.Model, handle: h, list: []memory.Ptr{owner}}
		return sink.list, sink.complete(spec)
	}
	sink := newRecords(h, spec, out)
	if err := h.Read(ctx, s, sink); err != nil {
		return nil, err
	}
	records, err := sink.finish()
	if err != nil {
		return nil, err
	}
	return records, sink.complete(spec)
}

// complete adds what comes with the records of a query besides their columns.
func (r *records) complete(spec *Spec) error {
	if len(spec.Sideload) > 0 {
		for _, owner := range r.list {
			record.Of(spec.Model, owner).Sideload(spec.Sideload)
		}
	}
	if spec.AutoLoad {
		for _, owner := range r.list {
			record.Of(spec.Model, owner).SetSiblings(&r.list)
		}
	}
	if spec.Pivot == "" || spec.Link == nil || spec.Link.Pivot.As == "" || len(spec.Outputs) == 0 {
		return nil
	}
	for _, owner := range r.list {
		if err := r.addPivot(spec.Link.Pivot, record.Of(spec.Model, owner)); err != nil {
			return err
		}
	}
	return nil
}

// PivotPrefix starts the names of pivot columns among extras.
const PivotPrefix = "pivot_"

// ByKey reads the row with a key, soft deleted or not. keys are bound values. It returns nil if there is no such row.
func ByKey(ctx context.Context, h *tx.Handle, m *meta.Model, keys []any) (memory.Ptr, error) {
	return byKey(ctx, h, m, planOf(h, m).byKey, keys)
}

// ByKeyForUpdate reads the row with a key as ByKey does, and locks it where the database has row locks.
func ByKeyForUpdate(ctx context.Context, h *tx.Handle, m *meta.Model, keys []any) (memory.Ptr, error) {
	sql := planOf(h, m).byKey
	if h.Dialect().RowLocks {
		sql += ForUpdate
	}
	return byKey(ctx, h, m, sql, keys)
}

// Alive reads the row with a key that is not soft deleted. It returns nil if there is no such row.
func Alive(ctx context.Context, h *tx.Handle, m *meta.Model, keys []any) (memory.Ptr, error) {
	return byKey(ctx, h, m, planOf(h, m).alive, keys)
}

func byKey(ctx context.Context, h *tx.Handle, m *meta.Model, sql string, keys []any) (memory.Ptr, error) {
	p := planOf(h, m)
	s := tx.Statement{Table: m.Table, SQL: sql, Args: keys}
	if p.simple {
		return p.one(ctx, h, s)
	}
	records, err := read(ctx, h, &Spec{Model: m}, s, p.outputs)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	return records[0], nil
}
