// SPDX-License-Identifier: MIT

package sqlite

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/ddl"
	"github.com/kindred-orm/kindred/internal/dialect"
)

// schema reads sqlite_master and the pragmas, and makes tables anew where ALTER TABLE is not enough.
type schema struct{ d *dialect.Dialect }

// Lock returns nothing: a transaction that writes is alone.
func (schema) Lock() string { return "" }

// Unlock returns nothing, as Lock does.
func (schema) Unlock() string { return "" }

// Adjust writes a default as SQLite takes it: text in single quotes, an expression in parentheses.
func (schema) Adjust(c *dialect.TableColumn) {
	d := ddl.ParseColumn(c.Definition)
	c.Comment = ""
	if value := d.Default(); value != "" {
		if quoted := ddl.Constant(value); quoted != value {
			c.Default = quoted
			c.Definition = d.With(d.Type, quoted, d.NotNull()).String()
		}
	}
}

// IndexHead names an index with the database that its table is in.
func (s schema) IndexHead(index, table string) string {
	within, own := place(table)
	if within != "main" {
		index = within + "." + index
	}
	return string(s.d.AppendTable(nil, index)) + " ON " + string(s.d.AppendName(nil, own))
}

// IndexOption returns nothing: SQLite's indexes have no options.
func (schema) IndexOption(string) string { return "" }

// Target names a table, which is in the database of the foreign key.
func (s schema) Target(table string) string {
	_, own := place(table)
	return string(s.d.AppendName(nil, own))
}

// Table reads a table of the main database, or of the attached one whose name is in front.
func (s schema) Table(db *gorm.DB, name string) (*dialect.Table, error) {
	t := &dialect.Table{Name: name, Folds: true}
	within, table := place(name)
	master := string(s.d.AppendName(nil, within)) + ".sqlite_master"
	err := dialect.EachRow(db, func(scan func(...any) error) error { return scan(&table, &t.Source) },
		"SELECT name, sql FROM "+master+" WHERE type = 'table' AND lower(name) = lower(?)", table)
	if err != nil || t.Source == "" {
		return nil, err
	}
	if err := s.columns(db, within, table, t); err != nil {
		return nil, err
	}
	if err := s.indexes(db, within, table, t); err != nil {
		return nil, err
	}
	if err := s.constraints(db, within, table, t); err != nil {
		return nil, err
	}
	err = db.Raw("SELECT sql FROM "+master+" WHERE type IN ('index', 'trigger') AND tbl_name = ? AND sql IS NOT NULL ORDER BY rowid", table).
		Scan(&t.Hanging).Error
	return t, err
}

// place splits the name of a table into the database that it is in and its own name.
func place(name string) (within, table string) {
	if within, table, ok := strings.Cut(name, "."); ok {
		return within, table
	}
	return "main", name
}

func (schema) columns(db *gorm.DB, within, table string, t *dialect.Table) error {
	_, plain := ddl.ParseTable(t.Source) // and not virtual
	keys := map[int]string{}
	err := dialect.EachRow(db, func(scan func(...any) error) error {
		var key, hidden int
		var c dialect.TableColumn
		if err := scan(&c.Name, &c.Type, &c.Default, &c.NotNull, &key, &hidden); err != nil {
			return err
		}
		if strings.EqualFold(c.Default, "NULL") {
			c.Default = ""
		}
		c.Generated, c.Fixed = hidden > 1, !plain
		t.Columns, keys[key] = append(t.Columns, c), c.Name
		return nil
	}, "SELECT name, type, COALESCE(dflt_value, ''), \"notnull\", pk, hidden FROM pragma_table_xinfo(?, ?)", table, within)
	for n := 1; keys[n] != ""; n++ {
		t.Key = append(t.Key, keys[n])
	}
	return err
}

func (schema) indexes(db *gorm.DB, within, table string, t *dialect.Table) error {
	return dialect.EachRow(db, func(scan func(...any) error) error {
		var i dialect.Index
		var column string
		if err := scan(&i.Name, &i.Unique, &i.Partial, &column); err != nil {
			return err
		}
		n := len(t.Indexes)
		if n == 0 || t.Indexes[n-1].Name != i.Name {
			t.Indexes = append(t.Indexes, i)
			n++
		}
		t.Indexes[n-1].Columns = append(t.Indexes[n-1].Columns, column)
		return nil
	}, "SELECT l.name, l.\"unique\", l.partial, COALESCE(i.name, '') "+
		"FROM pragma_index_list(?, ?) l, pragma_index_info(l.name, ?) i ORDER BY l.seq, i.seqno", table, within, within)
}

// constraints reads the names of constraints out of the statement that made the table, and the foreign
// keys, which may have none.
func (schema) constraints(db *gorm.DB, within, table string, t *dialect.Table) error {
	if made, ok := ddl.ParseTable(t.Source); ok {
		for _, e := range made.Elements {
			if e.Constraint != "" {
				t.Constraints = append(t.Constraints, dialect.Constraint{Name: e.Constraint})
			}
			if e.Column != "" {
				for _, name := range ddl.ParseColumn(e.Text).ConstraintNames() {
					t.Constraints = append(t.Constraints, dialect.Constraint{Name: name})
				}
			}
		}
	}
	last := -1
	return dialect.EachRow(db, func(scan func(...any) error) error {
		var id int
		var from, to string
		var r dialect.Reference
		if err := scan(&id, &from, &r.Table, &to, &r.OnDelete, &r.OnUpdate); err != nil {
			return err
		}
		if id != last {
			last = id
			t.Constraints = append(t.Constraints, dialect.Constraint{Foreign: &r})
		}
		k := &t.Constraints[len(t.Constraints)-1]
		k.Columns, k.Foreign.Columns = append(k.Columns, from), append(k.Foreign.Columns, to)
		return nil
	}, "SELECT id, \"from\", \"table\", COALESCE(\"to\", ''), on_delete, on_update "+
		"FROM pragma_foreign_key_list(?, ?) ORDER BY id, seq", table, within)
}

// Compare compares what SQLite makes of types and defaults.
func (schema) Compare(_ *gorm.DB, list []dialect.Alteration) error {
	for i := range list {
		a := &list[i]
		a.Type = !sameType(a.Have.Type, a.Want.Type)
		a.Null = a.Have.NotNull != a.Want.NotNull
		a.Default = a.Want.Default != dialect.AnyDefault && ddl.Normal(a.Have.Default) != ddl.Normal(a.Want.Default)
	}
	return nil
}

// sameType reports whether two declared types are the same to SQLite and its drivers: they have the same
// affinity and are read alike. A limit of length or precision counts if it is wanted.
func sameType(have, want string) bool {
	haveBase, haveLimit := limits(have)
	wantBase, wantLimit := limits(want)
	if wantLimit != "" && haveLimit != wantLimit {
		return false
	}
	return haveBase == wantBase || affinity(haveBase) == affinity(wantBase) && reading(haveBase) == reading(wantBase)
}

func limits(typ string) (base, limit string) {
	base, limit, _ = strings.Cut(strings.ToLower(typ), "(")
	limit, _, _ = strings.Cut(limit, ")")
	return strings.Join(strings.Fields(base), " "), strings.ReplaceAll(limit, " ", "")
}

// affinity follows https://www.sqlite.org/datatype3.html#determination_of_column_affinity
func affinity(base string) string {
	for _, rule := range []struct{ part, affinity string }{
		{"int", "integer"},
		{"char", "text"},
		{"clob", "text"},
		{"text", "text"},
		{"blob", "blob"},
		{"real", "real"},
		{"floa", "real"},
		{"doub", "real"},
	} {
		if strings.Contains(base, rule.part) {
			return rule.affinity
		}
	}
	if base == "" {
		return "blob"
	}
	return "numeric"
}

// reading is the Go type that drivers give the values of a column because of its declared type.
func reading(base string) string {
	switch {
	case slices.Contains([]string{"date", "datetime", "timestamp"}, base):
		return "time"
	case strings.HasPrefix(base, "bool"):
		return "bool"
	default:
		return ""
	}
}

// Violations counts, by tables, the rows whose foreign keys lead nowhere. A table that SQLite cannot check,
// because the key that it points to is not unique, is left out: it cannot be written to either.
func (s schema) Violations(db *gorm.DB, tables []string) (map[string]int64, error) {
	counts := map[string]int64{}
	for _, name := range tables {
		within, table := place(name)
		list := []string{table}
		var pointing []string
		err := db.Raw("SELECT DISTINCT m.name FROM "+string(s.d.AppendName(nil, within))+".sqlite_master m, pragma_foreign_key_list(m.name, ?) f "+
			"WHERE m.type = 'table' AND lower(f.\"table\") = lower(?)", within, table).Scan(&pointing).Error
		if err != nil {
			return nil, err
		}
		for _, one := range append(list, pointing...) {
			var n int64
			if err := db.Raw("SELECT count(*) FROM pragma_foreign_key_check(?, ?)", one, within).Scan(&n).Error; err != nil {
				if strings.Contains(err.Error(), "foreign key mismatch") {
					continue
				}
				return nil, err
			}
			counts[within+"."+one] = n
		}
	}
	return counts, nil
}
