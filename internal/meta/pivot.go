// SPDX-License-Identifier: MIT

package meta

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/memory"
)

// Pivot is the table between the two sides of a manyToMany relation. Its rows are records, of the
// pivot model that Using names, or of a model made here of the columns that are known.
type Pivot struct {
	Model      *Model
	Owner      *Column   // points to the owner
	Related    *Column   // points to the related model
	Columns    []*Column // what a query selects besides these two
	As         string    // name of the pivot record among the extras
	Typed      bool      // Model is the user's
	Duplicates bool      // the same pair may occur several times
	Revives    bool      // a pair whose row is soft deleted has no room for another row, so that one comes back

	models sync.Map // string → *Model, by the columns besides keys and timestamps, kept for good
}

func newPivot(l *Link) (*Pivot, error) {
	p := &Pivot{As: l.Options["as"]}
	_, p.Duplicates = l.Options["duplicates"]
	names := l.Owner.Names
	owner := cmpOr(l.Options["pivotForeignKey"], names.PivotKey(l.Owner.Name, l.Local.Attr))
	related := cmpOr(l.Options["pivotRelatedForeignKey"], names.PivotKey(l.Model.Name, l.Foreign.Attr))
	if owner == related {
		return nil, errs.New(errs.ErrMissingKey, "both sides of the pivot table have the key %s; name one by pivotForeignKey or "+
			"pivotRelatedForeignKey", ident.Quote(owner))
	}
	if err := sameTable(l, names); err != nil {
		return nil, err
	}
	declared := words(l.Options["pivotColumns"])
	if l.Using != nil {
		return p, p.using(l, owner, related, declared)
	}
	d := pivotTable{
		name:  cmpOr(l.Options["pivotTable"], names.PivotTable(l.Owner.Name, l.Model.Name)),
		owner: owner, related: related, local: l.Local, foreign: l.Foreign, unique: !p.Duplicates,
	}
	if stamps, ok := l.Options["pivotTimestamps"]; ok {
		var err error
		if d.created, d.updated, err = timestamps(stamps); err != nil {
			return nil, err
		}
	}
	for _, name := range declared {
		if name != d.created && name != d.updated && name != owner && name != related {
			d.columns = append(d.columns, name)
		}
	}
	var err error
	if p.Model, err = d.model(names); err != nil {
		return nil, err
	}
	p.Owner, p.Related = p.Model.columns[owner], p.Model.columns[related]
	p.Columns = p.Model.Columns[2:]
	return p, nil
}

// sameTable refuses a naming that gives the two sides of a relation two tables, so that what one side attaches the
// other does not see.
func sameTable(l *Link, names Names) error {
	there, back := names.PivotTable(l.Owner.Name, l.Model.Name), names.PivotTable(l.Model.Name, l.Owner.Name)
	if there == back || l.Using != nil || l.Options["pivotTable"] != "" {
		return nil
	}
	for _, r := range l.Model.Relations {
		if r.Kind == ManyToMany && r.Related == l.Owner.Type && r.Using == nil && r.Options["pivotTable"] == "" {
			return errs.New(errs.ErrUnsupported, "Naming.PivotTable gives it the table %s, and the relation %s.%s, which leads back, the table %s; "+
				"sort the names in PivotTable, or name the table by pivotTable on both sides", ident.Quote(there), l.Model.Name, r.Name, ident.Quote(back))
		}
	}
	return nil
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func words(list string) []string {
	var out []string
	for word := range strings.SplitSeq(list, ",") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// timestamps reads "created=made_at,updated=-".
func timestamps(option string) (created, updated string, err error) {
	created, updated = "created_at", "updated_at"
	for _, word := range words(option) {
		what, name, ok := strings.Cut(word, "=")
		if name == "-" {
			name = ""
		}
		switch {
		case ok && what == "created":
			created = name
		case ok && what == "updated":
			updated = name
		case word == "true":
		default:
			return "", "", errs.New(errs.ErrUnsupported, "pivotTimestamps: %s is not created=column or updated=column", ident.Quote(word))
		}
	}
	return created, updated, nil
}

// using takes the pivot table from the user's model.
func (p *Pivot) using(l *Link, owner, related string, declared []string) error {
	m, err := l.Owner.models.Model(l.Using)
	if err != nil {
		return err
	}
	if table := l.Options["pivotTable"]; table != "" && table != m.Table {
		return errs.New(errs.ErrUnsupported, "the pivot model %s has the table %s, not %s", m.Name, ident.Quote(m.Table), ident.Quote(table))
	}
	var ok bool
	if p.Owner, ok = m.Column(owner); !ok {
		return missing(m, owner, "pivotForeignKey")
	}
	if p.Related, ok = m.Column(related); !ok {
		return missing(m, related, "pivotRelatedForeignKey")
	}
	for _, name := range declared {
		if _, ok := m.Column(name); !ok {
			return m.UnknownColumn(name)
		}
	}
	for _, c := range m.Columns {
		if c != p.Owner && c != p.Related && c.Readable {
			p.Columns = append(p.Columns, c)
		}
	}
	p.Model, p.Typed, p.As = m, true, cmpOr(p.As, "pivot")
	p.Revives = m.Deleted != nil && p.onePerPair(func(index *schema.Index) bool { return index.Where == "" })
	return l.compatible(l.Local, p.Owner)
}

// Reading returns the model of rows that are read: with all declared columns, and those of the names that
// nobody has declared.
func (p *Pivot) Reading(names []string) (*Model, error) {
	if p.Typed {
		return p.Model, p.Model.checkColumns(names)
	}
	return p.of(p.Model.pivot.columns, names)
}

// Writing returns the model of rows that are inserted: with the named columns, the keys and timestamps. The
// database decides on the others.
func (p *Pivot) Writing(names []string) (*Model, error) {
	if p.Typed {
		return p.Model, p.Model.checkColumns(names)
	}
	return p.of(nil, names)
}

// of returns the model of the table with columns, and those of the names that are not among them.
func (p *Pivot) of(columns, names []string) (*Model, error) {
	if err := p.Model.checkColumns(names); err != nil {
		return nil, err
	}
	d := *p.Model.pivot
	fixed := []string{d.owner, d.related, d.created, d.updated}
	columns = slices.Clone(columns)
	for _, name := range names {
		if !slices.Contains(fixed, name) && !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
	}
	if slices.Equal(columns, d.columns) {
		return p.Model, nil
	}
	key := strings.Join(columns, ",")
	if m, ok := p.models.Load(key); ok {
		return m.(*Model), nil //nolint:errcheck,forcetypeassert // only models are stored.
	}
	d.columns = columns
	m, err := d.model(p.Model.Names)
	if err != nil {
		return nil, err
	}
	kept, _ := p.models.LoadOrStore(key, m)
	return kept.(*Model), nil //nolint:errcheck,forcetypeassert // only models are stored.
}

// checkColumns refuses names that are no columns.
func (m *Model) checkColumns(names []string) error {
	for _, name := range names {
		if _, ok := m.Column(name); !ok {
			return m.UnknownColumn(name)
		}
	}
	return nil
}

// Repeats reports whether nothing keeps a pair from occurring several times.
func (p *Pivot) Repeats() bool {
	if p.Duplicates || !p.Typed {
		return p.Duplicates
	}
	return !p.onePerPair(func(*schema.Index) bool { return true })
}

// onePerPair reports whether the key of the pivot model, or a unique index that counts, has no columns but those of the pair.
func (p *Pivot) onePerPair(counts func(*schema.Index) bool) bool {
	pair := func(c string) bool { return c == p.Owner.Name || c == p.Related.Name }
	unique := len(p.Model.Keys) > 0
	for _, key := range p.Model.Keys {
		unique = unique && pair(key.Name)
	}
	for _, index := range Indexes(p.Model.Schema) {
		outside := func(f schema.IndexOption) bool { return !pair(f.DBName) }
		unique = unique || index.Class == "UNIQUE" && counts(index) && !slices.ContainsFunc(index.Fields, outside)
	}
	return unique
}

// Together returns the model of a pivot table that two relations declare, with the columns of both.
func (m *Model) Together(other *Model) (*Model, error) {
	d, o := *m.pivot, other.pivot
	if (d.owner != o.owner || d.related != o.related) && (d.owner != o.related || d.related != o.owner) {
		return nil, errs.New(errs.ErrUnsupported, "the pivot table %s has the keys %s and %s for one relation, and %s and %s for another; "+
			"give it a model", ident.Quote(d.name), d.owner, d.related, o.owner, o.related)
	}
	for _, stamp := range []struct{ mine, others *string }{{&d.created, &o.created}, {&d.updated, &o.updated}} {
		switch {
		case *stamp.mine == "":
			*stamp.mine = *stamp.others
		case *stamp.others != "" && *stamp.others != *stamp.mine:
			return nil, errs.New(errs.ErrUnsupported, "the pivot table %s keeps the time in %s for one relation, and in %s for another",
				ident.Quote(d.name), *stamp.mine, *stamp.others)
		}
	}
	var columns []string
	for _, name := range append(slices.Clone(d.columns), o.columns...) {
		if name != d.created && name != d.updated && !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
	}
	d.columns, d.unique = columns, d.unique && o.unique
	return d.model(m.Names)
}

// pivotTable describes a pivot table without a model.
type pivotTable struct {
	name, owner, related string
	local, foreign       *Column // what the keys point to
	columns              []string
	created, updated     string
	unique               bool
}

// model makes a model of the table: its records are structs that only Kindred sees. Declared columns
// hold what the driver gives; Migrate makes them text.
func (d *pivotTable) model(names Names) (*Model, error) {
	m := &Model{
		Name: d.name, Table: d.name, Names: names, Loose: true, pivot: d,
		attrs: map[string]*Column{}, columns: map[string]*Column{}, virtuals: map[string]*Virtual{}, relations: map[string]*Relation{},
	}
	for part := range strings.SplitSeq(d.name, ".") {
		if err := ident.CheckRegistered(part); err != nil {
			return nil, fmt.Errorf("pivot table name: %w", err)
		}
	}
	key := ";not null"
	if d.unique {
		key += ";primaryKey;autoIncrement:false"
	}
	fields := []pivotField{
		{d.owner, keyType(d.local), declaredType(d.local) + key}, {d.related, keyType(d.foreign), declaredType(d.foreign) + key},
	}
	for _, name := range d.columns {
		fields = append(fields, pivotField{name: name, typ: nil, tag: ";type:text"})
	}
	if d.created != "" {
		fields = append(fields, pivotField{d.created, reflect.TypeFor[*time.Time](), ";autoCreateTime"})
	}
	if d.updated != "" {
		fields = append(fields, pivotField{d.updated, reflect.TypeFor[*time.Time](), ";autoCreateTime;autoUpdateTime"})
	}
	return m, m.ofPivot(fields)
}

type pivotField struct {
	name string
	typ  reflect.Type // nil is whatever the driver gives
	tag  string
}

// keyType is the type of a pivot key: that of the key it points to, which is never NULL there.
func keyType(c *Column) reflect.Type {
	if c.Pointer {
		return c.Type.Elem()
	}
	return c.Type
}

func declaredType(c *Column) string {
	tag := ""
	if t := c.Field.TagSettings["TYPE"]; t != "" {
		tag += ";type:" + t
	}
	if t := c.Field.TagSettings["SIZE"]; t != "" {
		tag += ";size:" + t
	}
	return tag
}

func (m *Model) ofPivot(fields []pivotField) error {
	held := []reflect.StructField{{Name: "State", Type: reflect.TypeFor[memory.Ptr]()}}
	var shown []reflect.StructField
	seen := map[string]bool{}
	for i, f := range fields {
		if err := ident.CheckRegistered(f.name); err != nil {
			return fmt.Errorf("pivot column: %w", err)
		}
		if seen[f.name] {
			return errs.New(errs.ErrUnsupported, "the pivot column %s is declared twice", ident.Quote(f.name))
		}
		seen[f.name] = true
		name, typ := fmt.Sprintf("C%d", i), f.typ
		if typ == nil {
			typ = reflect.TypeFor[*string]()
		}
		shown = append(shown, reflect.StructField{Name: name, Type: typ, Tag: reflect.StructTag(`gorm:"column:` + f.name + f.tag + `"`)})
		if f.typ == nil {
			typ = reflect.TypeFor[any]()
		}
		held = append(held, reflect.StructField{Name: name, Type: typ})
	}
	m.Type, m.Record = reflect.StructOf(held), reflect.StructOf(shown)
	m.Slice = reflect.SliceOf(m.Type)
	var err error
	m.Schema, err = schema.ParseWithSpecialTableName(reflect.New(m.Record).Interface(), &sync.Map{}, m.Names.Gorm, m.Table)
	if err != nil {
		return err
	}
	for i, f := range m.Schema.Fields {
		if f.DBName != fields[i].name { // gorm has read it as more than a name
			return errs.New(errs.ErrUnsupported, "the pivot column %s; use letters, digits and underscores", ident.Quote(fields[i].name))
		}
		codec := m.Names.anyCodec()
		if fields[i].typ != nil {
			codec = codecFor(f, m.Type.Field(i+1).Type, m.Record)
		}
		c := &Column{
			Codec: codec, Attr: f.DBName, Name: f.DBName, Index: i, Offset: m.Type.Field(i + 1).Offset, Model: m, Field: f,
			NotNull: i < 2, Creatable: true, Updatable: true, Readable: true,
			AutoCreate: timeUnit(f.AutoCreateTime), AutoUpdate: timeUnit(f.AutoUpdateTime), Key: i < 2,
		}
		m.Columns = append(m.Columns, c)
		m.attrs[c.Attr], m.columns[c.Name] = c, c
		m.Places = append(m.Places, placeOf(c))
		if c.Opaque {
			m.Opaque = append(m.Opaque, c)
		} else if c.Pointer || c.Kind == Bytes {
			m.Shared = append(m.Shared, c)
		}
		m.Deferred = m.Deferred || c.Deferred
		if c.AutoCreate != NoTime {
			m.Created = append(m.Created, c)
		}
		if c.AutoUpdate != NoTime {
			m.Updated = append(m.Updated, c)
		}
		if c.Key {
			m.Keys = append(m.Keys, c)
		}
	}
	m.Runs = runsOf(m.Places)
	return nil
}

// looseColumn stands for a column of a pivot table that nobody has declared.
func (m *Model) looseColumn(name string) *Column {
	return &Column{
		Codec: m.Names.anyCodec(), Attr: name, Name: name, Index: -1, Model: m, Field: &schema.Field{Name: name, DBName: name},
		Creatable: true, Updatable: true, Readable: true,
	}
}

// anyCodec serves columns of which nothing is known: values are what drivers take and give.
func (n Names) anyCodec() *Codec {
	if n.ZonelessTimes {
		return zoneless
	}
	return zoned
}

// The codecs of columns of which nothing is known.
var (
	zoned    = newAnyCodec("2006-01-02 15:04:05.999999999-07:00") //nolint:gochecknoglobals // immutable.
	zoneless = newAnyCodec("2006-01-02 15:04:05.999999")          //nolint:gochecknoglobals // immutable.
)

// newAnyCodec returns a codec that writes times in a form.
func newAnyCodec(times string) *Codec {
	asText := func(v any) (any, error) { return asText(v, times) }
	c := &Codec{Type: reflect.TypeFor[any](), Kind: Custom, Nullable: true, unknown: true}
	c.Scan = func(dst memory.Ptr, src any) error {
		*memory.At[any](dst) = Own(src)
		return nil
	}
	c.Bind = func(src memory.Ptr) (any, error) { return asText(*memory.At[any](src)) }
	c.Equal = func(a, b memory.Ptr) bool { return reflect.DeepEqual(*memory.At[any](a), *memory.At[any](b)) }
	c.Clone = func(dst, src memory.Ptr) { *memory.At[any](dst) = *memory.At[any](src) }
	c.Zero = func(p memory.Ptr) bool { return *memory.At[any](p) == nil }
	c.Slab = func() (func(memory.Ptr, any) error, func(dst, src memory.Ptr)) { return c.Scan, c.Clone }
	c.cast = asText
	return c
}

// asText is Bound with numbers, booleans and times as text, which databases read as whatever type the column has.
func asText(v any, times string) (any, error) {
	v, err := Bound(v)
	switch given := v.(type) {
	case int64:
		return strconv.FormatInt(given, 10), err
	case float64:
		return strconv.FormatFloat(given, 'f', -1, 64), err
	case bool:
		if given {
			return "1", err
		}
		return "0", err
	case time.Time:
		return given.UTC().Format(times), err
	default:
		return v, err
	}
}

// SameValue reports whether a column of unknown type, from which a driver has read stored, would hold
// the same if given were written to it.
func SameValue(stored, given any) bool {
	bound, err := Bound(given)
	if err != nil {
		return false
	}
	if stored == nil || bound == nil {
		return stored == nil && bound == nil
	}
	if reflect.DeepEqual(stored, bound) {
		return true
	}
	for rv := reflect.ValueOf(given); rv.Kind() == reflect.Pointer; rv = rv.Elem() {
		given = rv.Elem().Interface()
	}
	if codec := CodecFor(reflect.TypeOf(given)); codec != nil {
		a, b := codec.New(), codec.New()
		if from, err := Bound(stored); err == nil && codec.Scan(a, from) == nil && codec.Assign(b, given) == nil && codec.Equal(a, b) {
			return true
		}
	}
	return sameText(stored, bound)
}

// sameText compares values by what is written for them: numbers by value, if one of them is a number, and not
// a text that looks like one; UUIDs in any case.
func sameText(stored, bound any) bool {
	a, b := fmt.Sprint(stored), fmt.Sprint(bound)
	if bytes, ok := stored.([]byte); ok {
		a = string(bytes)
	}
	if bytes, ok := bound.([]byte); ok {
		b = string(bytes)
	}
	_, storedText := stored.(string)
	_, boundText := bound.(string)
	if (!storedText || !boundText) && equalDecimal(a, b) {
		return true
	}
	return isUUID(a) && isUUID(b) && strings.EqualFold(a, b)
}
