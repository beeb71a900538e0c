// SPDX-License-Identifier: MIT

package wire_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// modes are the ways in which a connection sends statements, by the setting default_query_exec_mode.
var modes = []string{"cache_statement", "cache_describe", "describe_exec", "exec", "simple_protocol"}

// eachMode runs check on a database of PostgreSQL in every mode.
func eachMode(t *testing.T, check func(t *testing.T, e *harness.Env)) {
	t.Helper()
	t.Parallel()
	for _, d := range harness.Databases() {
		if d.Name != "Postgres" {
			continue
		}
		for _, mode := range modes {
			in := d
			in.Dialector = func(dsn string) gorm.Dialector { return postgres.Open(dsn + "&default_query_exec_mode=" + mode) }
			t.Run(mode, func(t *testing.T) { check(t, harness.New(t, in)) })
		}
		prefer := d
		prefer.Dialector = func(dsn string) gorm.Dialector {
			return postgres.New(postgres.Config{DSN: dsn, PreferSimpleProtocol: true})
		}
		t.Run("PreferSimpleProtocol", func(t *testing.T) { check(t, harness.New(t, prefer)) })
	}
}

// columns returns the columns of Fields and the values that the server makes of them.
func columns() (names, values []string) {
	naming := schema.NamingStrategy{}
	for f := range reflect.TypeFor[Fields]().Fields() {
		names = append(names, naming.ColumnName("", f.Name))
		values = append(values, f.Tag.Get("sql"))
	}
	return names, values
}

// seed makes an owner with a row and a link of all kinds, past Kindred.
func seed(t *testing.T, e *harness.Env) {
	t.Helper()
	e.Migrate(t, &Owner{}, &Item{}, &Row{}, &Link{})
	names, values := columns()
	list, made := strings.Join(names, ", "), strings.Join(values, ", ")
	e.Exec(t, "INSERT INTO owners DEFAULT VALUES", "INSERT INTO items DEFAULT VALUES",
		"INSERT INTO rows (owner_id, "+list+") VALUES (1, "+made+")",
		"INSERT INTO links (owner_id, item_id, "+list+") VALUES (1, 1, "+made+")")
}

// TestReadsWhatGormReads: a value is the same as gorm's own reader gives, on every way by which it
// arrives and in every mode of the wire.
func TestReadsWhatGormReads(t *testing.T) {
	eachMode(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		var want plainRow
		require.NoError(t, e.Gorm.First(&want).Error)
		cells := 0
		same := func(way string, got Fields) {
			cells += requireSame(t, way, want.Fields, got)
		}
		found, err := model.Query[Row](e.DB).Find(e.Ctx, 1)
		require.NoError(t, err)
		same("find", found.Fields)
		listed, err := model.Query[Row](e.DB).Where("id", ">", 0).All(e.Ctx)
		require.NoError(t, err)
		same("all", listed[0].Fields)
		owner, err := model.Query[Owner](e.DB).Preload("rows").Preload("items").First(e.Ctx)
		require.NoError(t, err)
		same("preload", owner.Rows[0].Fields)
		link, ok := relation.PivotOf[Link](owner.Items[0])
		require.True(t, ok)
		same("pivot", link.Fields)
		cells += extras(t, e) + plucked(t, e, want.Fields) + extremes(t, e, want.Fields)
		t.Logf("%d values compared", cells)
	})
}

func requireSame(t *testing.T, way string, want, got Fields) (cells int) {
	t.Helper()
	w, g := reflect.ValueOf(want), reflect.ValueOf(got)
	for i := range w.NumField() {
		require.Equal(t, normal(w.Field(i)), normal(g.Field(i)), "%s: %s", way, w.Type().Field(i).Name)
	}
	return w.NumField()
}

// normal returns a value without what time.Time keeps besides the instant.
func normal(v reflect.Value) any {
	v = reflect.Indirect(v)
	if v.IsValid() && v.Kind() == reflect.Struct && v.NumField() == 2 && v.Field(0).Type() == reflect.TypeFor[time.Time]() {
		if x, ok := reflect.TypeAssert[time.Time](v.Field(0)); ok {
			return []any{x.UTC(), v.Field(1).Interface()}
		}
	}
	if !v.IsValid() {
		return nil
	}
	if x, ok := reflect.TypeAssert[time.Time](v); ok {
		return x.UTC()
	}
	return v.Interface()
}

// extras compares result columns that are no fields with what the driver gives.
func extras(t *testing.T, e *harness.Env) int {
	t.Helper()
	names, _ := columns()
	aliased := make([]string, len(names))
	for i, name := range names {
		aliased[i] = fmt.Sprintf("%s AS x_%s", name, name)
	}
	list := strings.Join(aliased, ", ")
	rows, err := e.Gorm.Raw("SELECT " + list + " FROM rows").Rows()
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	want, into := make([]any, len(names)), make([]any, len(names))
	for i := range want {
		into[i] = &want[i]
	}
	require.True(t, rows.Next())
	require.NoError(t, rows.Scan(into...))
	require.False(t, rows.Next())
	require.NoError(t, rows.Err())
	got, err := model.Query[Row](e.DB).SelectRaw("id, " + list).First(e.Ctx)
	require.NoError(t, err)
	for i, name := range names {
		require.Equal(t, normal(reflect.ValueOf(&want[i]).Elem().Elem()), normal(reflect.ValueOf(got.Extras()["x_"+name])), "extra %s", name)
	}
	return len(names)
}

// plucked compares what Pluck stores into slices of the field's type.
func plucked(t *testing.T, e *harness.Env, want Fields) int {
	t.Helper()
	names, _ := columns()
	v := reflect.ValueOf(want)
	for i, name := range names {
		list := reflect.New(reflect.SliceOf(v.Field(i).Type()))
		require.NoError(t, model.Query[Row](e.DB).Pluck(e.Ctx, name, list.Interface()), name)
		require.Equal(t, normal(v.Field(i)), normal(list.Elem().Index(0)), "pluck %s", name)
	}
	return len(names)
}

// extremes compares minima with the only value.
func extremes(t *testing.T, e *harness.Env, want Fields) (cells int) {
	t.Helper()
	names, _ := columns()
	v := reflect.ValueOf(want)
	for i, name := range names {
		if v.Type().Field(i).Tag.Get("min") == "" {
			continue
		}
		cells++
		dest := reflect.New(v.Field(i).Type())
		require.NoError(t, model.Query[Row](e.DB).Untyped().Min(e.Ctx, name, dest.Interface()), name)
		require.Equal(t, normal(v.Field(i)), normal(dest.Elem()), "min %s", name)
	}
	return cells
}

// TestWritesWhatWasRead: a record that is read and written again makes an equal row, by one statement
// per record and by one for many, and Save of a changed field leaves all others as they are.
func TestWritesWhatWasRead(t *testing.T) {
	eachMode(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		one, err := model.Query[Row](e.DB).Find(e.Ctx, 1)
		require.NoError(t, err)
		require.NoError(t, model.Create(e.Ctx, e.DB, &Row{OwnerID: 1, Fields: one.Fields}))
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Row{{OwnerID: 1, Fields: one.Fields}, {OwnerID: 1, Fields: one.Fields}}))
		first := texts(t, e, 1)
		for id := 2; id <= 4; id++ {
			require.Equal(t, first, texts(t, e, id), "row %d", id)
		}
		require.False(t, one.IsDirty())
		one.Small = 3
		require.NoError(t, one.Save(e.Ctx))
		first["small"] = "3"
		require.Equal(t, first, texts(t, e, 1))
		t.Logf("%d values written", 4*len(first))
	})
}

// texts returns the columns of a row as the server writes them.
func texts(t *testing.T, e *harness.Env, id int) map[string]any {
	t.Helper()
	names, _ := columns()
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = name + "::text AS " + name
	}
	return e.Row(t, "SELECT "+strings.Join(list, ", ")+" FROM rows WHERE id = ?", id)
}

// TestListsAndCursorsOfEveryMode: lists as arguments, batches, cursors of a transaction and increments
// work in every mode.
func TestListsAndCursorsOfEveryMode(t *testing.T) {
	eachMode(t, func(t *testing.T, e *harness.Env) {
		seed(t, e)
		one, err := model.Query[Row](e.DB).Find(e.Ctx, 1)
		require.NoError(t, err)
		for _, c := range []struct {
			column string
			value  any
		}{
			{"big", one.Big},
			{"text", one.Text},
			{"float", one.Float},
			{"bytes", one.Bytes},
			{"stamp", one.Stamp},
			{"day", one.Day},
			{"number", one.Number},
			{"number_decimal", one.NumberDecimal},
			{"uuid", one.UUID},
			{"uuid_text", one.UUIDText},
			{"bool", one.Bool},
		} {
			n, err := model.Query[Row](e.DB).WhereIn(c.column, []any{c.value}).Count(e.Ctx)
			require.NoError(t, err, c.column)
			require.EqualValues(t, 1, n, c.column)
			n, err = model.Query[Row](e.DB).Where(c.column, c.value).Count(e.Ctx)
			require.NoError(t, err, c.column)
			require.EqualValues(t, 1, n, c.column)
		}
		require.NoError(t, e.DB.Transaction(e.Ctx, func(ctx context.Context, tx *model.DB) error {
			for r, err := range model.Query[Row](tx).OrderByRaw("lower(text)").Each(ctx) {
				require.NoError(t, err)
				require.Equal(t, one.Bytes, r.Bytes)
			}
			return nil
		}))
		require.NoError(t, one.Increment(e.Ctx, "uint", -5))
		require.EqualValues(t, 4294967290, one.Uint)
	})
}
