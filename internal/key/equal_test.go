// SPDX-License-Identifier: MIT

package key_test

import (
	"context"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/dialect/mysql"
	"github.com/kindred-orm/kindred/internal/dialect/postgres"
	"github.com/kindred-orm/kindred/internal/dialect/sqlite"
	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// word is a row of keys: Name and Nick ignore case, Code does not, Day is a date.
type word struct {
	model.BaseModel[word]

	ID   int64
	Name string
	Nick *string
	Code string
	Day  time.Time
	// Price is a text for the program, and a number for the database.
	Price string `gorm:"type:decimal(10,2)"`
}

// only is a table whose key is a text that ignores case.
type only struct {
	model.BaseModel[only]

	Name string `gorm:"primaryKey"`
}

// each runs check on tables of word and only, by the collations of the database.
func each(t *testing.T, check func(t *testing.T, e *harness.Env, h *tx.Handle)) {
	t.Helper()
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		setUp(t, e)
		check(t, e, tx.From(model.WithDB(e.Ctx, e.DB)))
	})
}

func setUp(t *testing.T, e *harness.Env) {
	t.Helper()
	folds, tells := "text collate nocase", "text"
	switch e.Database.Name {
	case "Postgres":
		e.Exec(t, "create collation nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)")
	case "MariaDB":
		folds, tells = "varchar(50) collate utf8mb4_general_ci", "varchar(50) collate utf8mb4_bin"
	}
	e.Exec(t,
		"create table words (id integer, name "+folds+", nick "+folds+", code "+tells+", day date, price decimal(10,2))",
		"create table onlies (name "+folds+" primary key)",
	)
	require.NoError(t, e.DB.Register(&word{}, &only{}))
	e.Sent.Reset()
}

// on returns a column of a model as the handle's database knows it.
func on[T any](t *testing.T, h *tx.Handle, name string) *meta.Column {
	t.Helper()
	m, err := h.Database().Models.Model(reflect.TypeFor[T]())
	require.NoError(t, err)
	c, ok := m.Column(name)
	require.True(t, ok, name)
	return c
}

func indexOf(c *meta.Column, values ...any) *key.Index {
	x := key.NewIndex(c, c, len(values))
	for _, v := range values {
		x.AddBound(v)
	}
	return x
}

// TestMergeAsksOnlyWhatTheDatabaseMayHoldForEqual counts the questions.
func TestMergeAsksOnlyWhatTheDatabaseMayHoldForEqual(t *testing.T) {
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		for _, row := range []struct {
			asks   int
			column string
			values []any
		}{
			{0, "ID", []any{int64(1), int64(2)}},
			{0, "Code", []any{}},
			{0, "Code", []any{"é"}},
			{0, "Code", []any{"de", "fr"}},
			{0, "Code", []any{"de", "fr", "ita"}},
			{0, "Code", []any{"a-1b", "a-2c"}},
			{1, "Code", []any{"de", "DE"}},
			{1, "Code", []any{"de", "d e"}},
			{1, "Code", []any{"d-e", "de-"}},
			{1, "Code", []any{"de", "fr", "de "}},
			{1, "Code", []any{"e", "é"}},
			{1, "Code", []any{"7", "007"}},
			{1, "Code", []any{"a7", "a07"}},
			{0, "Code", []any{"7", "70"}},
			{0, "Code", []any{"107", "17"}},
			{1, "Code", []any{"1.50", "1.5"}},
			{1, "Code", []any{"1", "1.0"}},
			{1, "Price", []any{"2", "2.00"}},
			{0, "Code", []any{"1.05", "1.5"}},
			{0, "Code", []any{"A9", "B8"}},
			{0, "Code", []any{"b", "Ab", "Zb", "ab9", "zb9"}},
			{0, "Code", []any{"20.0", "2"}},
			{0, "Code", []any{"Z", "y0", "y1"}},
			{1, "Day", []any{noon, noon.Add(time.Hour)}},
			{0, "Day", []any{noon, noon.Add(24 * time.Hour)}},
		} {
			x := indexOf(on[word](t, h, row.column), row.values...)
			e.Sends(t, row.asks, func() { require.NoError(t, x.Merge(e.Ctx, h)) })
			e.Sends(t, 0, func() { require.NoError(t, x.Merge(e.Ctx, h), "%v: once", row.values) })
		}
	})
}

func TestMergeLearnsFromTheColumnWhatIsEqual(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		for column, classes := range map[string][]int32{"Name": {0, 1, 0, 1, 0}, "Code": {0, 1, 2, 3, 4}} {
			x := indexOf(on[word](t, h, column), "de", "FR", "DE", "fr", "De")
			require.Equal(t, int32(2), x.Class(2), "nothing was asked yet")
			require.NoError(t, x.Merge(e.Ctx, h))
			for n, class := range classes {
				require.Equal(t, class, x.Class(int32(n)), "%s %d", column, n)
			}
		}
		x := indexOf(on[word](t, h, "Name"), "de", "DE")
		x.AssumeDistinct()
		e.Sends(t, 0, func() { require.NoError(t, x.Merge(e.Ctx, h)) })
	})
}

// TestResolveFindsRowsByEqualKeys has rows whose keys are written in another way than the keys they were looked up by.
func TestResolveFindsRowsByEqualKeys(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		name := on[word](t, h, "Name")
		for _, row := range []struct {
			label  string
			values []any
			rows   []string
			found  key.Found
			asks   int
			want   []int32
		}{
			{"written alike", []any{"de", "fr"}, []string{"fr", "de"}, key.ByValues, 0, []int32{1, 0}},
			{"in another way", []any{"de", "fr"}, []string{"FR", "De"}, key.ByValues, 1, []int32{1, 0}},
			{"one key has found all rows", []any{"de"}, []string{"DE", "dE"}, key.ByValues, 0, []int32{0, 0}},
			{"any row may have another key", []any{"de"}, []string{"DE", "it"}, key.AnyRow, 1, []int32{0, key.None}},
			{"what cannot be equal is not asked", []any{"de"}, []string{"it", "es"}, key.AnyRow, 0, []int32{key.None, key.None}},
			{"two values are one key", []any{"de", "DE"}, []string{"dE", "it"}, key.AnyRow, 1, []int32{0, key.None}},
			{"two values, and a row of neither", []any{"de", "DE"}, []string{"it"}, key.AnyRow, 1, []int32{key.None}},
			{"two values, written as one is", []any{"fr", "de", "DE"}, []string{"DE"}, key.ByValues, 1, []int32{1}},
			{"no row", []any{"de", "DE"}, nil, key.ByValues, 0, []int32{}},
		} {
			x := indexOf(name, row.values...)
			fields := make([]memory.Ptr, len(row.rows))
			for i, text := range row.rows {
				fields[i] = name.At(memory.Of(&word{Name: text}))
			}
			e.Sends(t, row.asks, func() {
				numbers, err := x.Resolve(e.Ctx, h, name, fields, row.found)
				require.NoError(t, err)
				require.Equal(t, row.want, numbers, row.label)
			})
		}
	})
}

// TestRowsOfAKeyProveThatValuesDiffer: a row for each value, in a column that has each value once, is the answer already.
func TestRowsOfAKeyProveThatValuesDiffer(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		name, other := on[only](t, h, "Name"), on[word](t, h, "Name")
		resolve := func(column *meta.Column, asks int, want []int32, rows ...memory.Ptr) {
			t.Helper()
			fields := make([]memory.Ptr, len(rows))
			for i, row := range rows {
				fields[i] = column.At(row)
			}
			x := indexOf(column, "de", "d-e")
			e.Sends(t, asks, func() {
				numbers, err := x.Resolve(e.Ctx, h, column, fields, key.AnyRow)
				require.NoError(t, err)
				require.Equal(t, want, numbers)
			})
		}
		one := func(name string) memory.Ptr { return memory.Of(&only{Name: name}) }
		resolve(name, 0, []int32{1, 0}, one("d-e"), one("de"))
		resolve(name, 1, []int32{1}, one("d-e"))
		resolve(name, 1, []int32{1, key.None}, one("d-e"), one("x"))
		resolve(other, 1, []int32{1, 0}, memory.Of(&word{Name: "d-e"}), memory.Of(&word{Name: "de"}))
	})
}

func TestNothingIsAskedTwice(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		nick := on[word](t, h, "Nick")
		x := indexOf(nick, "de", "DE")
		require.NoError(t, x.Merge(e.Ctx, h))
		fields := []memory.Ptr{nick.At(memory.Of(&word{Nick: new("DE")})), nick.At(memory.Of(&word{}))}
		e.Sends(t, 0, func() {
			numbers, err := x.Resolve(e.Ctx, h, nick, fields, key.AnyRow)
			require.NoError(t, err)
			require.Equal(t, []int32{0, key.None}, numbers, "NULL equals nothing")
		})
		e.Sends(t, 1, func() {
			numbers, err := indexOf(nick, "de", "x").Resolve(e.Ctx, h, nick, fields, key.ByValues)
			require.NoError(t, err)
			require.Equal(t, []int32{0, key.None}, numbers)
		})
	})
}

func TestTuplesLearnWhatIsEqual(t *testing.T) {
	each(t, func(t *testing.T, e *harness.Env, h *tx.Handle) {
		x := key.NewTuples([]*meta.Column{on[word](t, h, "ID"), on[word](t, h, "Name")}, 3)
		for _, row := range []*word{{ID: 1, Name: "de"}, {ID: 1, Name: "DE"}, {ID: 2, Name: "De"}} {
			require.NoError(t, x.Add(memory.Of(row)))
		}
		require.NotEqual(t, x.Of(0), x.Of(1))
		e.Sends(t, 1, func() { require.NoError(t, x.Merge(e.Ctx, h)) })
		require.Equal(t, x.Of(0), x.Of(1))
		require.NotEqual(t, x.Of(0), x.Of(2))
		texts, err := x.Resolve(e.Ctx, h, []memory.Ptr{memory.Of(&word{ID: 2, Name: "dE"})}, key.ByValues)
		require.NoError(t, err)
		require.Equal(t, []string{x.Of(2)}, texts)
	})
}

// TestOnlyBlanksOfAnotherColumnMatter has the keys that must keep their own type.
func TestOnlyBlanksOfAnotherColumnMatter(t *testing.T) {
	t.Parallel()
	code, text := columnOf[city](t, "Code"), columnOf[widths](t, "Text")
	for i, row := range []struct {
		d    *dialect.Dialect
		with *meta.Column
		keys []any
		want bool
	}{
		{postgres.New(), text, []any{int64(1), "DE "}, true},
		{postgres.New(), text, []any{" DE"}, false},
		{postgres.New(), code, []any{"DE "}, false},
		{sqlite.New(), text, []any{"DE "}, false},
	} {
		require.Equal(t, row.want, key.Padded(row.d, code, row.with, row.keys), i)
	}
}

// TestWithoutAQuestionEqualFormsAreEqual is for databases that cannot be asked: nothing is sent.
func TestWithoutAQuestionEqualFormsAreEqual(t *testing.T) {
	t.Parallel()
	e := harness.New(t, harness.Databases()[0])
	asker := tx.From(model.WithDB(e.Ctx, e.DB))
	db, err := tx.New(tx.Config{Gorm: e.Gorm, Dialect: mysql.New(), Models: asker.Database().Models})
	require.NoError(t, err)
	x := indexOf(on[word](t, db.Root(), "Price"), "1.5", "2", "1.50", "1.05")
	require.NoError(t, x.Merge(context.Background(), db.Root()))
	require.Equal(t, []int32{0, 1, 0, 3}, []int32{x.Class(0), x.Class(1), x.Class(2), x.Class(3)})
	e.Sends(t, 0, func() { require.NoError(t, x.Merge(e.Ctx, db.Root())) })
}

// TestQuestionsInSQL has the text of a question: the values take type and collation from the column, and no table is read.
func TestQuestionsInSQL(t *testing.T) {
	harness.Golden(t, "questions", func(t *testing.T, e *harness.Env) []harness.Step {
		setUp(t, e)
		h := tx.From(model.WithDB(e.Ctx, e.DB))
		merge := func(column string, values ...any) func() {
			return func() { require.NoError(t, indexOf(on[word](t, h, column), values...).Merge(e.Ctx, h)) }
		}
		many := make([]any, 0, 1000)
		for i := range cap(many) {
			many = append(many, "x "+strconv.Itoa(i/2)+" "[i%2:])
		}
		return []harness.Step{
			harness.NewStep("texts", merge("Name", "de", "DE")),
			harness.NewStep("as many as there are", merge("Name", many...)),
		}
	})
}
