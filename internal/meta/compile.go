// SPDX-License-Identifier: MIT

package meta

import (
	"errors"
	"fmt"
	"go/ast"
	"reflect"
	"slices"
	"strings"
	"sync"

	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/memory"
)

// leaf is a field that may become a column, with the structs it is embedded in.
type leaf struct {
	reflect.StructField
	attr   string // "Home.City"
	naming string // "HomeCity": what a serialized name is made from
	prefix string // json names of the structs around it
	offset uintptr
	hops   []hop // pointers on the way; offset is in the struct of the last
}

// walker collects the fields of a struct.
type walker struct {
	names     Names
	draft     *Draft
	leaves    map[string]*leaf // by the path that gorm will report
	virtuals  []*leaf
	relations []*Relation
	flawed    bool // some field was left out, so that what seems to be missing may be there
}

func compile(t reflect.Type, names Names, models *Registry) (*Model, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s is no struct; a model is a struct that embeds model.BaseModel", t)
	}
	state, err := checkEmbedding(t)
	if err != nil {
		return nil, err
	}
	d := &Draft{Type: t, Proto: reflect.New(t).UnsafePointer()}
	define(d)
	w := &walker{names: names, draft: d, leaves: map[string]*leaf{}}
	synthetic := w.walk(t, 1, embedding{})
	w.flawed = d.err() != nil
	checkMethods(t, d)
	table, err := tableName(t, d, names)
	if err != nil {
		return nil, errors.Join(d.err(), err)
	}
	record := reflect.StructOf(synthetic)
	parsed, err := schema.ParseWithSpecialTableName(reflect.New(record).Interface(), &sync.Map{}, names.Gorm, table)
	if err != nil {
		return nil, errors.Join(d.err(), err)
	}
	m := &Model{
		Type: t, Slice: reflect.SliceOf(t), Name: t.Name(), Table: table, Names: names, Schema: parsed, Record: record,
		State: state, models: models,
		Computed: d.computed, Hooks: d.hooks, Scopes: d.scopes, Globals: d.globals, Extras: d.extras,
		Relations: w.relations,
		attrs:     map[string]*Column{}, columns: map[string]*Column{}, virtuals: map[string]*Virtual{},
		relations: map[string]*Relation{}, Serialize: map[string]func(memory.Ptr) any{},
	}
	m.Hooks.seal()
	w.columns(m)
	w.rest(m)
	checkNames(m, d)
	return m, d.err()
}

func tableName(t reflect.Type, d *Draft, names Names) (string, error) {
	table := d.table
	proto := reflect.New(t).Interface()
	switch tabler, ok := proto.(schema.Tabler); {
	case table != "":
	case ok:
		table = tabler.TableName()
	default:
		if tabler, ok := proto.(schema.TablerWithNamer); ok {
			table = tabler.TableName(names.Gorm)
			break
		}
		if strings.ContainsAny(t.Name(), "[]") {
			return "", fmt.Errorf("the generic type %s needs a table name; write d.Table in Define", t)
		}
		table = names.Gorm.TableName(t.Name())
	}
	for part := range strings.SplitSeq(table, ".") {
		if err := ident.CheckRegistered(part); err != nil {
			return "", fmt.Errorf("table name: %w", err)
		}
	}
	return table, nil
}

// embedding is where walk stands.
type embedding struct {
	path           string // as gorm joins it
	hops           []hop  // pointers on the way; offset is in the struct of the last
	attr           string
	naming, prefix string
	offset         uintptr
}

// walk collects the fields of t from the index first on and returns the fields of the struct that
// gorm is shown in its place: columns only, embedded structs as named fields.
func (w *walker) walk(t reflect.Type, first int, at embedding) []reflect.StructField {
	var shown []reflect.StructField
	for i := first; i < t.NumField(); i++ {
		field := t.Field(i)
		tag := schema.ParseTagSetting(field.Tag.Get("gorm"), ";")
		_, embedded := tag["EMBEDDED"]
		ignored := tag["-"] == "-" || strings.EqualFold(tag["-"], "all")
		if relation, ok := field.Tag.Lookup("relation"); ok {
			w.relation(field, relation, at)
			continue
		}
		if field.Name == "_" {
			continue
		}
		inner, isStruct := field.Type, field.Type.Kind() == reflect.Struct
		if field.Type.Kind() == reflect.Pointer {
			inner = field.Type.Elem()
		}
		if (embedded || field.Anonymous) && !ignored && inner.Kind() == reflect.Struct && (embedded || !holdsColumn(inner)) {
			if !isStruct && slices.ContainsFunc(at.hops, func(h hop) bool { return h.elem == inner }) {
				w.draft.Fail("field %s: %s embeds itself", field.Name, inner)
				continue
			}
			shown = append(shown, w.embed(field, at)...)
			continue
		}
		if !ast.IsExported(field.Name) {
			if field.Tag.Get("gorm") != "" && !ignored {
				w.draft.Fail("field %s has a gorm tag, but is not exported", field.Name)
			}
			continue
		}
		if w.leaf(field, tag, ignored, at) {
			field.Offset, field.Index, field.Anonymous = 0, nil, false
			shown = append(shown, w.ported(field))
		}
	}
	return shown
}

// embed collects the fields of a struct that is embedded, by value or by a pointer.
func (w *walker) embed(field reflect.StructField, at embedding) []reflect.StructField {
	if _, ok := embeddedBase(field.Type); ok {
		w.draft.Fail("field %s: %s is a model of its own; move the common fields to a plain struct", field.Name, field.Type)
		return nil
	}
	if !ast.IsExported(field.Name) {
		w.draft.Fail("field %s: columns of an embedded struct that is not exported would be lost; export %s", field.Name, field.Type)
		return nil
	}
	inside := embedding{
		path: at.path + field.Name + ".", attr: at.attr, naming: at.naming, prefix: at.prefix, offset: at.offset + field.Offset,
		hops: at.hops,
	}
	if field.Type.Kind() == reflect.Pointer {
		field.Type = field.Type.Elem()
		inside.hops, inside.offset = append(slices.Clip(at.hops), hop{inside.offset, field.Type}), 0
	}
	tag := field.Tag
	if !field.Anonymous {
		inside.attr += field.Name + "."
		inside.naming += field.Name
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			inside.prefix += name + "_"
		} else {
			inside.prefix += w.names.Serialized(field.Name) + "_"
		}
	} else if !strings.Contains(strings.ToLower(tag.Get("gorm")), "embedded") {
		tag = reflect.StructTag(`gorm:"embedded;` + tag.Get("gorm") + `"`)
	}
	if field.Tag.Get("json") == "-" {
		inside.prefix = hiddenPrefix
	}
	fields := w.walk(field.Type, 0, inside)
	if len(fields) == 0 {
		return nil
	}
	return []reflect.StructField{{Name: field.Name, Type: reflect.StructOf(fields), Tag: tag}}
}

// hiddenPrefix marks the fields of an embedded struct that is hidden as a whole.
const hiddenPrefix = "\x00"

// leaf notes a column or a virtual field and reports whether gorm is to see it.
func (w *walker) leaf(field reflect.StructField, tag map[string]string, ignored bool, at embedding) bool {
	l := &leaf{
		StructField: field, attr: at.attr + field.Name, naming: at.naming + field.Name, prefix: at.prefix,
		offset: at.offset + field.Offset, hops: at.hops,
	}
	if ignored {
		if len(at.hops) == 0 && holdsColumn(field.Type) {
			w.virtuals = append(w.virtuals, l)
		}
		return false
	}
	if err := errors.Join(checkExpression(field.Type), checkSerializer(tag)); err != nil {
		w.draft.Fail("field %s: %w", field.Name, err)
		return false
	}
	_, serialized := tag["SERIALIZER"]
	if tag["JSON"] != "" || reflect.PointerTo(field.Type).Implements(serializerType) {
		serialized = true
	}
	if !serialized && !holdsColumn(field.Type) && !declaredHolds(field.Type, tag) {
		w.draft.Fail("field %s: a %s is neither a column nor a relation; write %s", field.Name, field.Type, wayOut(field, tag, w.names.Gorm))
		return false
	}
	w.leaves[at.path+field.Name] = l
	return true
}

func (w *walker) relation(field reflect.StructField, tag string, at embedding) {
	if !ast.IsExported(field.Name) {
		w.draft.Fail("field %s has a relation tag, but is not exported", field.Name)
		return
	}
	if err := checkRelationTag(field.Tag); err != nil {
		w.draft.Fail("field %s: %w", field.Name, err)
	}
	if len(at.hops) > 0 {
		w.draft.Fail("field %s: a relation in a struct that is embedded by a pointer; embed the struct by value", field.Name)
		return
	}
	r, err := parseRelation(field, tag, w.names)
	if err != nil {
		w.draft.Fail("field %s: %w", field.Name, err)
		return
	}
	r.Offset, r.Within = at.offset+field.Offset, at.attr
	w.relations = append(w.relations, r)
}

// columns makes the columns from what gorm has parsed.
func (w *walker) columns(m *Model) {
	d := w.draft
	for _, f := range m.Schema.Fields {
		l := w.leaves[f.BindName()]
		if l == nil || f.DBName == "" {
			continue
		}
		if winner := m.Schema.FieldsByDBName[f.DBName]; winner != f {
			// A field hides one of the same name in a struct that is embedded without a name, as in Go.
			other := w.leaves[winner.BindName()]
			if other == nil || other.attr != l.attr || len(winner.BindNames) == len(f.BindNames) {
				d.Fail("fields %s and %s are both stored in column %s", winner.BindName(), f.BindName(), ident.Quote(f.DBName))
			}
			continue
		}
		if err := ident.CheckRegistered(f.DBName); err != nil {
			d.Fail("field %s: column name: %w", f.Name, err)
			continue
		}
		codec := codecFor(f, l.Type, m.Record)
		if codec == nil {
			d.Fail("field %s: a %s cannot be stored in a column; write gorm:\"serializer:json\"", f.Name, l.Type)
			continue
		}
		lossy := lossy(f, codec, w.names.TimeDigits)
		codec, l.offset = l.behind(codec)
		tag, err := parseModelTag(l.Tag)
		if err != nil {
			d.Fail("field %s: %w", f.Name, err)
		}
		c := &Column{
			Codec: codec, Attr: l.attr, Name: f.DBName, Index: len(m.Columns), Offset: l.offset, Model: m, Field: f,
			NotNull: f.NotNull || f.PrimaryKey, Default: f.HasDefaultValue,
			Creatable: f.Creatable, Updatable: f.Updatable, Readable: f.Readable,
			AutoCreate: timeUnit(f.AutoCreateTime), AutoUpdate: timeUnit(f.AutoUpdateTime),
			Version: tag.version, Fillable: tag.fillable,
			Lossy: lossy,
		}
		if len(l.hops) > 0 && (f.PrimaryKey || tag.version || makesExpressions(l.Type)) {
			d.Fail("field %s: a key, a version and a type with GormValue do not lie behind a pointer; embed the struct by value", c.Attr)
			continue
		}
		if c.Expr = f.Serializer == nil && makesExpressions(l.Type); c.Expr {
			c.Lossy = true // the database computes what is stored
		}
		if c.JSON, err = w.json(l); err != nil {
			d.Fail("field %s: %w", f.Name, err)
		}
		c.Guarded = tag.guarded || f.PrimaryKey || c.Auto() || c.Version || c.JSON.Hidden && !c.Fillable
		if err := errors.Join(c.checkStamp(), checkCounting(f)); err != nil {
			d.Fail("field %s: %w", f.Name, err)
		}
		w.addColumn(m, c)
	}
	w.keys(m)
	w.deletion(m)
	for _, c := range m.Columns {
		m.Places = append(m.Places, placeOf(c))
	}
	m.Runs = runsOf(m.Places)
}

// behind returns the codec and the offset by which a record reaches the field, through the pointers on the way.
func (l *leaf) behind(c *Codec) (*Codec, uintptr) {
	offset := l.offset
	for _, v := range slices.Backward(l.hops) {
		c, offset = behindPointer(c, v.elem, offset), v.offset
	}
	return c, offset
}

func (w *walker) json(l *leaf) (JSONField, error) {
	if l.prefix == hiddenPrefix {
		return JSONField{Hidden: true, Name: w.names.Serialized(l.naming)}, nil
	}
	j, err := parseJSON(l.Tag, l.naming, w.names)
	if l.prefix != "" && err == nil && l.Tag.Get("serialize") == "" {
		name, _, _ := strings.Cut(l.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			name = w.names.Serialized(l.Name)
		}
		j.Name = l.prefix + name
	}
	return j, err
}

func (w *walker) addColumn(m *Model, c *Column) {
	d := w.draft
	m.Columns = append(m.Columns, c)
	m.attrs[c.Attr], m.columns[c.Name] = c, c
	m.Fillable = m.Fillable || c.Fillable
	m.Deferred = m.Deferred || c.Deferred
	if c.Opaque {
		m.Opaque = append(m.Opaque, c)
	}
	if !c.Opaque && (c.Pointer || c.Kind == Bytes) {
		m.Shared = append(m.Shared, c)
	}
	if c.AutoCreate != NoTime {
		m.Created = append(m.Created, c)
	}
	if c.AutoUpdate != NoTime {
		m.Updated = append(m.Updated, c)
	}
	if c.Version {
		if c.Kind != Int && c.Kind != Uint || c.Pointer || m.Version != nil {
			d.Fail("field %s: a version is the one integer field that counts writes", c.Attr)
		}
		m.Version = c
	}
	named := d.readBack[c.Offset]
	c.ReadBack = (named || d.readAll) && c.Readable && !c.Field.PrimaryKey && !c.Version
	if named && !c.ReadBack {
		d.Fail("field %s: a key, a version and a column that is not read are not read back", c.Attr)
	}
	delete(d.readBack, c.Offset)
	if fn, ok := d.serialize[c.Offset]; ok {
		m.Serialize[c.Attr] = fn
		delete(d.serialize, c.Offset)
	}
}

func (w *walker) keys(m *Model) {
	for _, f := range m.Schema.PrimaryFields {
		c := m.columns[f.DBName]
		if c == nil {
			continue
		}
		c.Key, c.Guarded, c.NotNull = true, true, true
		if c.Expr {
			w.draft.Fail("field %s: a key is no expression; take GormValue from %s", c.Attr, c.Type)
		}
		if f.AutoIncrement && (c.Kind == Int || c.Kind == Uint) {
			c.AutoKey, c.Default, m.AutoKey = true, false, c
		}
		m.Keys = append(m.Keys, c)
	}
}

// rest adds virtual fields and relations.
func (w *walker) rest(m *Model) {
	for _, l := range w.virtuals {
		codec := valueCodec(l.Type, Plain)
		v := &Virtual{Codec: codec, Attr: l.attr, Name: w.names.Gorm.ColumnName(m.Table, l.Name), Offset: l.offset}
		var err error
		if v.JSON, err = w.json(l); err != nil {
			w.draft.Fail("field %s: %w", l.Name, err)
		}
		if _, taken := m.columns[v.Name]; taken {
			continue // the column of that name receives the value
		}
		m.Virtuals = append(m.Virtuals, v)
		m.virtuals[v.Name] = v
	}
	w.refine()
	for i, r := range m.Relations {
		r.Owner, r.Index = m, i
		for _, name := range []string{r.Name, r.Field} {
			if other, taken := m.relations[name]; taken && other != r {
				w.draft.Fail("relations %s and %s have one name", other.Field, r.Field)
			}
			m.relations[name] = r
		}
	}
	for offset := range w.draft.readBack {
		if !w.flawed {
			w.draft.Fail("ReadBack: field %s is no column", fieldAt(m.Type, offset))
		}
	}
	for offset := range w.draft.serialize {
		if !w.flawed {
			w.draft.Fail("Serialize: field %s is no column", fieldAt(m.Type, offset))
		}
	}
}

// refine adds what Define says of the relations.
func (w *walker) refine() {
	for _, r := range w.relations {
		more, ok := w.draft.relations[r.Offset]
		if !ok {
			continue
		}
		delete(w.draft.relations, r.Offset)
		for word, value := range more.options {
			if err := checkOption(r.Kind, word, value); err != nil {
				w.draft.Fail("field %s: %w", r.Field, err)
			}
			r.Options[word] = value
		}
		if r.Refined = more.Refined; more.json != "" {
			r.JSON.Name = more.json
		}
		if err := r.checkRefined(); err != nil {
			w.draft.Fail("field %s: %w", r.Field, err)
		}
	}
	for offset := range w.draft.relations {
		if !w.flawed {
			w.draft.Fail("Relation: field %s has no relation tag", fieldAt(w.draft.Type, offset))
		}
	}
}

// fieldAt returns the name of the field of t that holds offset.
func fieldAt(t reflect.Type, offset uintptr) string {
	name := ""
	for f := range t.Fields() {
		if f.Offset <= offset {
			name = f.Name
		}
	}
	return name
}

// Err joins the problems of several models.
func Err(problems []error) error { return errors.Join(problems...) }
