// SPDX-License-Identifier: MIT

package postgres

import (
	"encoding/json"
	"errors"
	"strings"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
)

// schema reads the catalog, and writes ALTER TABLE.
type schema struct{ d *dialect.Dialect }

// Lock takes an advisory lock, which the end of the transaction gives back: with a pooler between,
// two statements of a session may reach two servers. The number is the bytes of "kindred".
func (schema) Lock() string { return "SELECT pg_advisory_xact_lock(30231282763593060)" }

// Unlock returns nothing: the end of the transaction gives the lock back.
func (schema) Unlock() string { return "" }

// Remakes returns nothing: ALTER TABLE makes every change.
func (schema) Remakes(*dialect.Change) string { return "" }

// Violations returns nothing: the server checks each foreign key as it is made.
func (schema) Violations(*gorm.DB, []string) (map[string]int64, error) { return nil, nil }

// Adjust takes the quotes off a comment, which gorm's tag may have.
func (schema) Adjust(c *dialect.TableColumn) {
	c.Comment = strings.Trim(strings.Trim(c.Comment, "'"), `"`)
}

// IndexHead names an index, which is in the schema of its table.
func (s schema) IndexHead(index, table string) string {
	return s.name(index) + " ON " + string(s.d.AppendTable(nil, table))
}

// IndexOption returns the option.
func (schema) IndexOption(option string) string { return option }

// Target names a table with its schema.
func (s schema) Target(table string) string { return string(s.d.AppendTable(nil, table)) }

// Table reads a table of the schema that new tables go to, unless its name has another in front.
func (s schema) Table(db *gorm.DB, name string) (*dialect.Table, error) {
	t := &dialect.Table{Name: name, Limit: 63}
	namespace, table, qualified := strings.Cut(name, ".")
	if !qualified {
		namespace, table = "", name
	}
	var oid int64
	err := db.Raw(`SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relname = CAST(? AS name) AND n.nspname = COALESCE(NULLIF(?, ''), current_schema())`,
		table, namespace).Scan(&oid).Error
	if err != nil || oid == 0 {
		return nil, err
	}
	if err := s.columns(db, oid, t); err != nil {
		return nil, err
	}
	if err := s.constraints(db, oid, t); err != nil {
		return nil, err
	}
	return t, s.indexes(db, oid, t)
}

func (schema) columns(db *gorm.DB, oid int64, t *dialect.Table) error {
	return dialect.EachRow(db, func(scan func(...any) error) error {
		var c dialect.TableColumn
		if err := scan(&c.Name, &c.Type, &c.NotNull, &c.Default, &c.Comment, &c.Generated); err != nil {
			return err
		}
		if strings.HasPrefix(c.Default, "NULL::") {
			c.Default = ""
		}
		t.Columns = append(t.Columns, c)
		return nil
	}, `SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
COALESCE(pg_get_expr(d.adbin, d.adrelid), ''), COALESCE(col_description(a.attrelid, a.attnum), ''),
a.attgenerated <> '' OR a.attidentity <> ''
FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`, oid)
}

// actions are pg_constraint's letters for what a foreign key does.
var actions = map[string]string{ //nolint:gochecknoglobals // a constant table.
	"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT",
}

func (schema) constraints(db *gorm.DB, oid int64, t *dialect.Table) error {
	return dialect.EachRow(db, func(scan func(...any) error) error {
		var out dialect.Constraint
		var kind, deleted, updated, columns, keys string
		foreign := &dialect.Reference{}
		if err := scan(&out.Name, &kind, &deleted, &updated, &foreign.Table, &columns, &keys); err != nil {
			return err
		}
		if err := errors.Join(json.Unmarshal([]byte(columns), &out.Columns), json.Unmarshal([]byte(keys), &foreign.Columns)); err != nil {
			return err
		}
		switch kind {
		case "p":
			t.Key = out.Columns
		case "f":
			foreign.OnDelete, foreign.OnUpdate = actions[deleted], actions[updated]
			out.Foreign = foreign
		}
		t.Constraints = append(t.Constraints, out)
		return nil
	}, `SELECT c.conname::text, c.contype::text, c.confdeltype::text, c.confupdtype::text,
COALESCE((SELECT relname FROM pg_catalog.pg_class WHERE oid = c.confrelid), '')::text,
(SELECT COALESCE(json_agg(a.attname ORDER BY k.n), '[]') FROM unnest(c.conkey) WITH ORDINALITY AS k(num, n)
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num)::text,
(SELECT COALESCE(json_agg(a.attname ORDER BY k.n), '[]') FROM unnest(c.confkey) WITH ORDINALITY AS k(num, n)
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num)::text
FROM pg_catalog.pg_constraint c WHERE c.conrelid = ? ORDER BY c.conname`, oid)
}

func (schema) indexes(db *gorm.DB, oid int64, t *dialect.Table) error {
	return dialect.EachRow(db, func(scan func(...any) error) error {
		var out dialect.Index
		var columns string
		if err := scan(&out.Name, &out.Unique, &out.Partial, &columns); err != nil {
			return err
		}
		t.Indexes = append(t.Indexes, out)
		return json.Unmarshal([]byte(columns), &t.Indexes[len(t.Indexes)-1].Columns)
	}, `SELECT c.relname::text, i.indisunique, i.indpred IS NOT NULL,
(SELECT COALESCE(json_agg(COALESCE(a.attname, '') ORDER BY k.n), '[]') FROM unnest(i.indkey) WITH ORDINALITY AS k(num, n)
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num WHERE k.n <= i.indnkeyatts)::text
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = ? ORDER BY c.relname`, oid)
}

// Compare lets the server write both sides of what differs in its text, because it knows the names that a
// type has and what a default means: EXPLAIN shows both as it would show them in a column, and runs nothing.
func (s schema) Compare(db *gorm.DB, list []dialect.Alteration) error {
	var texts []string
	var flags []*bool
	pair := func(flag *bool, have, want string) {
		if *flag = have != want; *flag && have != "" && want != "" {
			texts, flags = append(texts, have, want), append(flags, flag)
		}
	}
	for i := range list {
		a := &list[i]
		a.Null = a.Have.NotNull != a.Want.NotNull
		pair(&a.Type, cast("NULL", a.Have.Type), cast("NULL", withoutSerial(a.Want.Type)))
		if serial(a.Want.Type) {
			a.Null = false
			continue // its default is a sequence
		}
		have, want := a.Have.Default, a.Want.Default
		if want == dialect.AnyDefault {
			continue
		}
		if have != "" && want != "" {
			have, want = cast(have, a.Have.Type), cast(want, a.Want.Type)
		}
		pair(&a.Default, have, want)
	}
	if len(texts) == 0 {
		return nil
	}
	shown, err := s.explained(db, texts)
	if err != nil {
		return err
	}
	for i, flag := range flags {
		*flag = shown[2*i] != shown[2*i+1]
	}
	return nil
}

func cast(expression, typ string) string { return "CAST(" + expression + " AS " + typ + ")" }

// explained returns expressions as the server understands them.
func (schema) explained(db *gorm.DB, expressions []string) ([]string, error) {
	var text string
	statement := "EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT " + strings.Join(expressions, ", ")
	if err := db.Raw(statement).Scan(&text).Error; err != nil {
		return nil, err
	}
	var plans []struct{ Plan struct{ Output []string } }
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		return nil, err
	}
	if len(plans) != 1 || len(plans[0].Plan.Output) != len(expressions) {
		return nil, errs.New(errs.ErrUnsupported, "the server does not explain the types and defaults of columns")
	}
	return plans[0].Plan.Output, nil
}

// serials are the types of columns with a sequence.
var serials = map[string]string{ //nolint:gochecknoglobals // a constant table.
	"smallserial": "smallint", "serial2": "smallint", "serial": "integer", "serial4": "integer", "bigserial": "bigint", "serial8": "bigint",
}

func serial(typ string) bool { return serials[strings.ToLower(typ)] != "" }

func withoutSerial(typ string) string {
	if plain := serials[strings.ToLower(typ)]; plain != "" {
		return plain
	}
	return typ
}
