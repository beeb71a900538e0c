// SPDX-License-Identifier: MIT

package meta

import (
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/internal/errs"
)

// Deletion is how a model marks a row as deleted: a soft delete. It is read from the type of a field, which says it by
// gorm's QueryClauses and DeleteClauses: gorm.DeletedAt, the types of gorm.io/plugin/soft_delete, and others of that form.
type Deletion struct {
	*Column // tells rows that are deleted from those that are not

	Marks []Mark // what a deletion writes, the column's own first
	alive any    // the column's value in a row that is not deleted; nil is NULL
}

// Mark is a column that a deletion writes.
type Mark struct {
	Column *Column
	Unit   TimeUnit // of the time of the deletion; NoTime for a flag
	flag   any
	alive  any // what Restore writes, bound
}

// Value returns the value to bind for a row that is deleted now.
func (m *Mark) Value(now time.Time) (any, error) {
	if m.Unit != NoTime {
		return m.Column.stamp(m.Unit, now)
	}
	return m.flag, nil
}

// Alive returns the value to bind for a row that is restored.
func (m *Mark) Alive() any { return m.alive }

// Alive returns the value that the column has in rows that are not deleted.
func (d *Deletion) Alive() any { return d.alive }

// Condition returns what follows the column in the condition that a row is, or is not, deleted.
func (d *Deletion) Condition(deleted bool) string {
	switch v := d.alive.(type) {
	case nil:
		if deleted {
			return " IS NOT NULL"
		}
		return " IS NULL"
	default:
		if deleted {
			return fmt.Sprintf(" <> %v", v)
		}
		return fmt.Sprintf(" = %v", v)
	}
}

// Deleted reports whether a bound value of the column marks a row as deleted.
func (d *Deletion) Deleted(bound any) bool { return bound != nil && bound != d.alive }

// deletion finds the field whose type makes the model one with soft deletes. It refuses types with clauses of their own
// that mean anything else, because these would never run.
func (w *walker) deletion(m *Model) {
	for _, c := range m.Columns {
		d, err := deletionOf(c)
		switch {
		case err != nil:
			w.draft.Fail("field %s: %w", c.Attr, err)
		case d == nil:
		case m.Deleted != nil:
			w.draft.Fail("fields %s and %s: a model has one field of soft deletes", m.Deleted.Attr, c.Attr)
		default:
			m.Deleted = d
		}
	}
	if m.Deleted == nil {
		return
	}
	for _, mark := range m.Deleted.Marks {
		mark.Column.SoftDelete, mark.Column.Guarded = true, true
	}
}

// deletionOf returns the soft deletes that a column's type makes, nil if it makes none.
func deletionOf(c *Column) (*Deletion, error) {
	field := reflect.New(c.Field.IndirectFieldType).Interface()
	name := c.Field.IndirectFieldType
	if _, ok := field.(schema.CreateClausesInterface); ok {
		return nil, fmt.Errorf("the CreateClauses of %s would never run; write a Creating hook", name)
	}
	deletes, ok := field.(schema.DeleteClausesInterface)
	if !ok {
		if _, ok := field.(schema.QueryClausesInterface); ok {
			return nil, fmt.Errorf("the QueryClauses of %s would never run; write a global scope", name)
		}
		if _, ok := field.(schema.UpdateClausesInterface); ok {
			return nil, fmt.Errorf("the UpdateClauses of %s would never run; write an Updating hook", name)
		}
		return nil, nil //nolint:nilnil // no soft deletes.
	}
	if _, ok := c.Field.TagSettings["ZEROVALUE"]; ok {
		return nil, errors.New("zeroValue: rows that are not deleted have NULL; take the word out of the gorm tag")
	}
	var queries []clause.Interface
	if of, ok := field.(schema.QueryClausesInterface); ok {
		queries = of.QueryClauses(c.Field)
	}
	d, err := readDeletion(c, queries, deletes.DeleteClauses(c.Field))
	if err != nil {
		return nil, fmt.Errorf("the DeleteClauses of %s would never run, because %w; use gorm.DeletedAt, or a Deleting hook", name, err)
	}
	return d, nil
}

// deletedOn is an instant that is another number in every unit.
var deletedOn = time.Date(2001, 2, 3, 4, 5, 6, 7_008_009, time.UTC) //nolint:gochecknoglobals // a constant.

// readDeletion runs clauses on statements that are never sent, and reads what they ask for.
func readDeletion(c *Column, queries, deletes []clause.Interface) (d *Deletion, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			d, err = nil, errors.New("they cannot be read before there is a database")
		}
	}()
	db, err := gorm.Open(nil, &gorm.Config{DryRun: true, AllowGlobalUpdate: true, NowFunc: func() time.Time { return deletedOn }})
	if err != nil {
		return nil, err
	}
	run := func(list []clause.Interface) map[string]clause.Clause {
		st := &gorm.Statement{DB: db, Context: db.Statement.Context, Clauses: map[string]clause.Clause{}, Dest: map[string]any{}}
		for _, one := range list {
			st.AddClause(one)
		}
		return st.Clauses
	}
	where, _ := run(queries)["WHERE"].Expression.(clause.Where)
	set, _ := run(deletes)["SET"].Expression.(clause.Set)
	d = &Deletion{Column: c}
	if err := d.readAlive(where); err != nil {
		return nil, err
	}
	for _, assignment := range set {
		mark, err := readMark(c.Model, assignment)
		if err != nil {
			return nil, err
		}
		if mark.Column == c {
			mark.alive = d.alive
			d.Marks = append([]Mark{mark}, d.Marks...)
		} else {
			d.Marks = append(d.Marks, mark)
		}
	}
	if len(d.Marks) == 0 || d.Marks[0].Column != c {
		return nil, errors.New("they do not set the field")
	}
	return d, nil
}

// readAlive reads which rows the type's queries see.
func (d *Deletion) readAlive(where clause.Where) error {
	if len(where.Exprs) != 1 {
		return fmt.Errorf("its QueryClauses have %d conditions in place of one", len(where.Exprs))
	}
	eq, ok := where.Exprs[0].(clause.Eq)
	if !ok || columnName(eq.Column) != d.Name {
		return errors.New("its QueryClauses do not compare the field with a value")
	}
	switch v := reflect.ValueOf(eq.Value); {
	case eq.Value == nil || eq.Value == sql.NullString{}:
		return nil
	case v.Kind() == reflect.Bool && d.Kind == Bool:
		d.alive = v.Bool()
		return nil
	case v.CanInt() && (d.Kind == Int || d.Kind == Uint):
		d.alive = v.Int()
		return nil
	}
	return fmt.Errorf("its QueryClauses compare the field with a %T", eq.Value)
}

func columnName(column any) string {
	switch c := column.(type) {
	case clause.Column:
		return c.Name
	case string:
		return c
	default:
		return ""
	}
}

// readMark reads what a deletion writes to one column.
func readMark(m *Model, a clause.Assignment) (Mark, error) {
	c, ok := m.columns[a.Column.Name]
	if !ok {
		return Mark{}, fmt.Errorf("they set %q, which is no column", a.Column.Name)
	}
	mark := Mark{Column: c}
	if !c.Nullable || c.NotNull {
		var err error
		if mark.alive, err = c.Bind(c.New()); err != nil {
			return mark, err
		}
	}
	v := reflect.ValueOf(a.Value)
	switch {
	case v.Kind() == reflect.Bool && c.Kind == Bool:
		mark.flag = v.Bool()
	case a.Value == deletedOn || v.CanInt() && v.Int() == deletedOn.Unix() && c.Field.GORMDataType == schema.Time:
		mark.Unit = WholeTime
	case v.CanInt() && (c.Kind == Int || c.Kind == Uint):
		mark.Unit = unitOf(v.Int())
		mark.flag = v.Int()
	default:
		return mark, fmt.Errorf("they set %s to a %T", c.Attr, a.Value)
	}
	if _, err := mark.Value(deletedOn); err != nil {
		return mark, errs.Field(c.Attr, err)
	}
	return mark, nil
}

// unitOf returns the unit in which a number is the time of the deletion, NoTime if it is a flag.
func unitOf(n int64) TimeUnit {
	switch n {
	case deletedOn.Unix():
		return Seconds
	case deletedOn.UnixMilli():
		return Milliseconds
	case deletedOn.UnixNano():
		return Nanoseconds
	default:
		return NoTime
	}
}
