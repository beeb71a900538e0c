// SPDX-License-Identifier: MIT

package secrets_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// secret is a value that no error may show.
const secret = "s3cret99"

// Safe has a field of each kind, over columns of text.
type Safe struct {
	model.BaseModel[Safe]
	ID       int64
	Bool     bool
	Int      int64
	Small    int8
	Uint     uint32
	Float    float64
	At       time.Time
	IntPtr   *int64
	AtPtr    *time.Time
	IntNull  sql.NullInt64
	AtNull   sql.NullTime
	BoolNull sql.NullBool
	Own      Picky
	Map      map[string]any `gorm:"serializer:json"`
	Gob      map[string]int `gorm:"serializer:gob"`
	Unix     int64          `gorm:"serializer:unixtime"`
}

// Picky is a type whose Scan method quotes what it refuses.
type Picky struct{ N int64 }

// Scan reads a number.
func (p *Picky) Scan(src any) error {
	if src == nil {
		return nil
	}
	if n, ok := src.(int64); ok {
		p.N = n
		return nil
	}
	return json.Unmarshal(fmt.Append(nil, src), &p.N)
}

// Value returns the number.
func (p Picky) Value() (driver.Value, error) { return p.N, nil }

var kinds = []string{
	"bool", "int", "small", "uint", "float", "at", "int_ptr", "at_ptr", "int_null", "at_null", "bool_null", "own", "map", "gob", "unix",
}

// databases returns the databases, and PostgreSQL in the modes that send values as text.
func databases() []harness.Database {
	list := harness.Databases()
	for _, d := range harness.Databases() {
		if d.Name != "Postgres" {
			continue
		}
		for _, mode := range []string{"exec", "simple_protocol"} {
			in := d
			in.Name += mode
			in.Dialector = func(dsn string) gorm.Dialector { return postgres.Open(dsn + "&default_query_exec_mode=" + mode) }
			list = append(list, in)
		}
	}
	return list
}

// TestErrorsOfReadingNameTheFieldAndHideTheValue: a column that holds what its field cannot is an
// error that names model and field, on every way of reading, and never shows the value.
func TestErrorsOfReadingNameTheFieldAndHideTheValue(t *testing.T) {
	t.Parallel()
	for _, d := range databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			e := harness.New(t, d)
			e.Exec(t, "CREATE TABLE saves (id bigint primary key, "+strings.Join(kinds, " text, ")+" text)")
			require.NoError(t, e.DB.Register(&Safe{}))
			cells := 0
			for _, column := range kinds {
				e.Exec(t, "DELETE FROM saves", "INSERT INTO saves (id, "+column+") VALUES (1, '"+secret+"')")
				for way, read := range ways(e, column) {
					err := read()
					require.Error(t, err, "%s by %s", column, way)
					requireHidden(t, err, "Safe", column)
					cells++
				}
			}
			t.Logf("%d errors looked at", cells)
		})
	}
}

func ways(e *harness.Env, column string) map[string]func() error {
	return map[string]func() error{
		"find": func() error { _, err := model.Query[Safe](e.DB).Find(e.Ctx, 1); return err },
		"all":  func() error { _, err := model.Query[Safe](e.DB).Where("id", ">", 0).All(e.Ctx); return err },
		"page": func() error { _, err := model.Query[Safe](e.DB).OrderBy("id").CursorPaginate(e.Ctx, "", 5); return err },
		"some": func() error { _, err := model.Query[Safe](e.DB).Select("id", column).All(e.Ctx); return err },
		"pluck": func() error {
			return model.Query[Safe](e.DB).Pluck(e.Ctx, column, reflect.New(reflect.SliceOf(fieldOf(column))).Interface())
		},
		"min": func() error {
			return model.Query[Safe](e.DB).Min(e.Ctx, column, reflect.New(fieldOf(column)).Interface())
		},
		"each": func() error {
			for _, err := range model.Query[Safe](e.DB).Each(e.Ctx) {
				if err != nil {
					return err
				}
			}
			return nil
		},
		"refresh": func() error {
			s, err := model.Query[Safe](e.DB).Select("id").Find(e.Ctx, 1)
			if err != nil {
				return err
			}
			return s.Refresh(e.Ctx)
		},
		"first or create": func() error {
			_, err := model.FirstOrCreate[Safe](e.Ctx, e.DB, model.Attrs{"id": 1}, nil)
			return err
		},
		"fetch or create": func() error {
			_, err := model.FetchOrCreateMany[Safe](e.Ctx, e.DB, []string{"id"}, []model.Attrs{{"id": 1}})
			return err
		},
	}
}

// requireHidden requires that an error names model and field, and does not show the secret.
func requireHidden(t *testing.T, err error, names, column string) {
	t.Helper()
	text := err.Error()
	require.NotContains(t, text, secret[:5])
	require.Contains(t, text, names+".")
	require.Contains(t, strings.ToLower(text), strings.ReplaceAll(column, "_", ""))
}

// TestErrorsOfWritingHideTheValue: so are errors of values that a column refuses.
func TestErrorsOfWritingHideTheValue(t *testing.T) {
	t.Parallel()
	for _, d := range databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			e := harness.New(t, d)
			require.NoError(t, e.DB.Register(&Safe{}))
			for _, column := range kinds {
				if column == "own" || column == "map" {
					continue // of which any text is a value, or which have no way to be compared
				}
				_, err := model.Query[Safe](e.DB).Where(column, secret).All(e.Ctx)
				require.Error(t, err, column)
				require.NotContains(t, err.Error(), secret)
				_, err = model.Query[Safe](e.DB).WhereIn(column, []any{secret}).Update(e.Ctx, map[string]any{column: secret})
				require.Error(t, err, column)
				require.NotContains(t, err.Error(), secret)
			}
		})
	}
}

// fieldOf returns the type of the field of a column.
func fieldOf(column string) reflect.Type {
	for f := range reflect.TypeFor[Safe]().Fields() {
		if strings.EqualFold(f.Name, strings.ReplaceAll(column, "_", "")) {
			return f.Type
		}
	}
	panic(column)
}
