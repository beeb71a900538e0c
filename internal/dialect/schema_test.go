// SPDX-License-Identifier: MIT

package dialect_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/dialect"
)

func TestNamesAreTheSameAsTheDatabaseTakesThem(t *testing.T) {
	t.Parallel()
	exact, folds, cuts := &dialect.Table{}, &dialect.Table{Folds: true}, &dialect.Table{Limit: 4}
	for _, row := range []struct {
		table *dialect.Table
		a, b  string
		same  bool
	}{
		{exact, "name", "name", true},
		{exact, "name", "Name", false},
		{exact, "name", "nam", false},
		{folds, "name", "NAME", true},
		{folds, "name", "nome", false},
		{cuts, "name_of", "name_at", true},
		{cuts, "name", "name_at", true},
		{cuts, "nam", "name", false},
	} {
		require.Equal(t, row.same, row.table.Same(row.a, row.b), "%s %s", row.a, row.b)
		require.Equal(t, row.same, row.table.SameColumns([]string{"x", row.a}, []string{"x", row.b}))
		row.table.Columns = []dialect.TableColumn{{Name: "x"}, {Name: row.a, Type: "int"}}
		c, ok := row.table.Column(row.b)
		require.Equal(t, row.same, ok)
		require.Equal(t, row.same, c.Type == "int")
	}
	require.False(t, exact.SameColumns([]string{"a"}, []string{"a", "b"}))
}

func TestForeignKeysAreEqualIfTheyDoTheSame(t *testing.T) {
	t.Parallel()
	key := dialect.Reference{Table: "users", Columns: []string{"id"}, OnDelete: "CASCADE"}
	for name, row := range map[string]struct {
		other dialect.Reference
		equal bool
	}{
		"the same":             {dialect.Reference{Table: "users", Columns: []string{"id"}, OnDelete: "CASCADE"}, true},
		"in another case":      {dialect.Reference{Table: "Users", Columns: []string{"ID"}, OnDelete: "CASCADE"}, true},
		"no action is none":    {dialect.Reference{Table: "users", Columns: []string{"id"}, OnDelete: "CASCADE", OnUpdate: "NO ACTION"}, true},
		"the primary key":      {dialect.Reference{Table: "users", Columns: []string{""}, OnDelete: "CASCADE"}, true},
		"another table":        {dialect.Reference{Table: "teams", Columns: []string{"id"}, OnDelete: "CASCADE"}, false},
		"another column":       {dialect.Reference{Table: "users", Columns: []string{"no"}, OnDelete: "CASCADE"}, false},
		"more columns":         {dialect.Reference{Table: "users", Columns: []string{"id", "no"}, OnDelete: "CASCADE"}, false},
		"nothing on delete":    {dialect.Reference{Table: "users", Columns: []string{"id"}}, false},
		"something on updates": {dialect.Reference{Table: "users", Columns: []string{"id"}, OnDelete: "CASCADE", OnUpdate: "CASCADE"}, false},
	} {
		require.Equal(t, row.equal, key.Equal(&row.other), name)
		require.Equal(t, row.equal, row.other.Equal(&key), name)
	}
}

func TestAChangeIsEmptyWhereNothingDiffers(t *testing.T) {
	t.Parallel()
	have := &dialect.Table{}
	require.True(t, (&dialect.Change{Have: have}).Empty())
	for _, c := range []dialect.Change{
		{}, // the table is to be made
		{Have: have, Add: make([]dialect.TableColumn, 1)},
		{Have: have, Alter: make([]dialect.Alteration, 1)},
		{Have: have, Constraints: make([]dialect.Constraint, 1)},
		{Have: have, Replace: make([]dialect.Constraint, 1)},
		{Have: have, Indexes: make([]dialect.Index, 1)},
		{Have: have, Comments: make([]dialect.TableColumn, 1)},
		{Have: have, Add: make([]dialect.TableColumn, 1), Alter: make([]dialect.Alteration, 1)},
		{Have: have, Add: make([]dialect.TableColumn, 1), Constraints: make([]dialect.Constraint, 1)},
		{Have: have, Add: make([]dialect.TableColumn, 1), Replace: make([]dialect.Constraint, 1)},
		{Have: have, Add: make([]dialect.TableColumn, 1), Indexes: make([]dialect.Index, 1)},
		{Have: have, Add: make([]dialect.TableColumn, 1), Comments: make([]dialect.TableColumn, 1)},
	} {
		require.False(t, c.Empty())
	}
	require.False(t, (&dialect.Alteration{}).Differs())
	for _, a := range []dialect.Alteration{{Type: true}, {Null: true}, {Default: true}} {
		require.True(t, a.Differs())
	}
}

func TestATableInSQL(t *testing.T) {
	t.Parallel()
	d := &dialect.Dialect{Quote: '"'}
	columns := []dialect.TableColumn{{Name: "id", Definition: "bigint"}, {Name: `a"b`, Definition: "text"}}
	change := &dialect.Change{
		Table: &dialect.Table{Columns: columns, Key: []string{"id", `a"b`}}, Constraints: []dialect.Constraint{{SQL: `"u" UNIQUE ("id")`}},
	}
	require.Equal(t, `CREATE TABLE t ("id" bigint,"a""b" text,PRIMARY KEY ("id","a""b"),CONSTRAINT "u" UNIQUE ("id"))`, d.CreateTable("t", change))
	columns[0].Definition = "integer primary key"
	change.Table.Key, change.Constraints = []string{"id"}, nil
	require.Equal(t, `CREATE TABLE t ("id" integer primary key,"a""b" text)`, d.CreateTable("t", change), "a column says itself that it is the key")
	change.Table.Key, columns[0].Definition = nil, "bigint"
	require.Equal(t, `CREATE TABLE t ("id" bigint,"a""b" text)`, d.CreateTable("t", change))
}

func TestNamesAndPlaceholders(t *testing.T) {
	t.Parallel()
	numbered, plain := &dialect.Dialect{Quote: '"', Numbered: true}, &dialect.Dialect{Quote: '`'}
	require.Equal(t, "$12", string(numbered.AppendPlaceholder(nil, 12)))
	require.Equal(t, "?", string(plain.AppendPlaceholder(nil, 12)))
	require.Equal(t, `"s"."t"`, string(numbered.AppendTable(nil, "s.t")))
	require.Equal(t, "`t`.`c`", string(plain.AppendColumn(nil, "t", "c")))
	require.Equal(t, "`a.b`", string(plain.AppendName(nil, "a.b")), "a name has no schema")
	require.Equal(t, `"a","b"`, numbered.Names([]string{"a", "b"}))
	long := make([]byte, 100)
	for i := range long {
		long[i] = 'x'
	}
	require.LessOrEqual(t, len(plain.AppendAlias(nil, string(long))), 65, "two quotes and what every database takes")
}
