// SPDX-License-Identifier: MIT

package migrate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Two models, each of which knows the other over one pivot table, and over one whose pairs may occur twice.
type (
	zebra struct {
		model.BaseModel[zebra]

		ID    int64
		Apes  []*ape `relation:"manyToMany;pivotColumns:role"`
		Again []*ape `relation:"manyToMany;pivotTable:again;duplicates"`
		Bonds []*ape `relation:"manyToMany"`
	}
	ape struct {
		model.BaseModel[ape]

		ID     int64
		Zebras []*zebra `relation:"manyToMany;pivotTimestamps"`
	}
	bond struct {
		model.BaseModel[bond]

		ID             int64
		ZebraID, ApeID int64
	}
)

// Define gives a relation its pivot model.
func (z *zebra) Define(d *model.Definition[zebra]) {
	d.Relation(&z.Bonds).Using(&bond{})
}

// indexes returns the columns of a table's indexes, the key included, in the database's order.
func indexes(t *testing.T, e *harness.Env, table string) (out []string) {
	t.Helper()
	query := "SELECT string_agg(a.attname, ',' ORDER BY k.n) AS columns FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(num, n), pg_attribute a " +
		"WHERE i.indrelid = to_regclass(?) AND a.attrelid = i.indrelid AND a.attnum = k.num GROUP BY i.indexrelid"
	if e.Database.Name == "SQLite" {
		query = "SELECT CAST(group_concat(i.name) AS text) AS columns FROM pragma_index_list(?) l, pragma_index_info(l.name) i GROUP BY l.name"
	}
	for _, row := range e.Rows(t, query, table) {
		out = append(out, fmt.Sprint(value(row["columns"])))
	}
	return out
}

// value follows the pointer that gorm gives for a column without a declared type.
func value(v any) any {
	if p, ok := v.(*any); ok {
		return *p
	}
	return v
}

func TestAPivotTableHasAnIndexForEachWay(t *testing.T) {
	for name, models := range map[string][]any{"one order": {&zebra{}, &ape{}, &bond{}}, "the other": {&bond{}, &ape{}, &zebra{}}} {
		t.Run(name, func(t *testing.T) {
			harness.Each(t, func(t *testing.T, e *harness.Env) {
				e.Migrate(t, models...)
				require.ElementsMatch(t, []string{"ape_id,zebra_id", "zebra_id,ape_id"}, indexes(t, e, "ape_zebra"))
				require.ElementsMatch(t, []string{"ape_id,zebra_id", "zebra_id,ape_id"}, indexes(t, e, "again"))
				var leading []string
				for _, columns := range indexes(t, e, "bonds") {
					first, _, _ := strings.Cut(columns, ",")
					leading = append(leading, first)
				}
				require.Subset(t, leading, []string{"zebra_id", "ape_id"})
				key := "SELECT name AS c FROM pragma_table_info('ape_zebra') WHERE pk > 0 ORDER BY pk"
				if e.Database.Name == "Postgres" {
					key = "SELECT a.attname AS c FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(num, n), pg_attribute a WHERE " +
						"i.indisprimary AND i.indrelid = to_regclass('ape_zebra') AND a.attrelid = i.indrelid AND a.attnum = k.num ORDER BY k.n"
				}
				rows := e.Rows(t, key)
				require.Len(t, rows, 2)
				require.EqualValues(t, "ape_id", value(rows[0]["c"]), "the key does not depend on the order of the arguments")
			})
		})
	}
}

func TestAPivotTableWithIndexesOfOthersGetsNoMore(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Exec(t, "CREATE TABLE ape_zebra (ape_id bigint NOT NULL, zebra_id bigint NOT NULL, PRIMARY KEY (zebra_id, ape_id))",
			"CREATE INDEX own ON ape_zebra (ape_id)")
		e.Migrate(t, &ape{}, &zebra{}, &bond{})
		require.Len(t, indexes(t, e, "ape_zebra"), 2)
	})
}
