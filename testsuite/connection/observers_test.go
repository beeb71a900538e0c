// SPDX-License-Identifier: MIT

package connection_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// listening is a plugin that notes what it learns of each statement.
type listening struct {
	mu   sync.Mutex
	rows []int64
	errs []string
}

func (*listening) Name() string { return "testsuite:listening" }

func (l *listening) Initialize(db *gorm.DB) error {
	note := func(db *gorm.DB) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.rows = append(l.rows, db.RowsAffected)
		if db.Error != nil {
			l.errs = append(l.errs, db.Error.Error())
		}
	}
	if err := db.Callback().Row().After("gorm:row").Register("testsuite:listening", note); err != nil {
		return err
	}
	return db.Callback().Raw().After("gorm:raw").Register("testsuite:listening", note)
}

// logged runs calls on a handle that logs to slog, and returns its lines.
func logged(t *testing.T, e *harness.Env, g *gorm.DB) []map[string]any {
	t.Helper()
	var text bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}))
	db, err := model.New(g, model.Config{Logger: log})
	require.NoError(t, err)
	require.NoError(t, model.CreateMany(e.Ctx, db, []*account{{Email: "a", Age: 1}, {Email: "b", Age: 2}, {Email: "c"}}))
	list, err := model.Query[account](db).Where("age", ">", 0).All(e.Ctx)
	require.NoError(t, err)
	require.Len(t, list, 2)
	_, err = model.Query[account](db).SelectRaw("id, CASE WHEN age = 0 THEN 'hidden' ELSE '1' END AS age").OrderBy("id").All(e.Ctx)
	require.ErrorIs(t, err, model.ErrInvalidValue, "the third row")
	require.ErrorIs(t, model.Create(e.Ctx, db, &account{Email: "a"}), model.ErrDuplicate)
	n, err := model.Query[account](db).Where("age", ">", 0).Delete(e.Ctx)
	require.NoError(t, err)
	require.EqualValues(t, 2, n)
	var lines []map[string]any
	for line := range strings.Lines(text.String()) {
		entry := map[string]any{}
		require.NoError(t, json.Unmarshal([]byte(line), &entry))
		delete(entry, "time")
		delete(entry, "took")
		lines = append(lines, entry)
	}
	return lines
}

// The log says the same whether a plugin listens or not: text, rows, what failed, and where the program has called.
func TestTheLogIsTheSameWithAPlugin(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		plain := logged(t, e, e.Gorm)
		require.NoError(t, model.Truncate[account](e.Ctx, e.DB))
		plugin := &listening{}
		require.NoError(t, e.Gorm.Use(plugin))
		require.Equal(t, plain, logged(t, e, e.Gorm))
		require.Contains(t, plugin.rows, int64(2), "the plugin learns of rows")
		require.NotContains(t, plugin.rows, int64(-1))
		require.Len(t, plugin.errs, 2, "and of what failed, after the first row too")
		require.NotContains(t, strings.Join(plugin.errs, " "), "hidden")
		require.Equal(t, "ERROR", plain[2]["level"])
		require.EqualValues(t, 2, plain[1]["rows"])
		for _, line := range plain {
			require.NotContains(t, line["sql"], "$1$")
			require.Contains(t, harness.As[map[string]any](t, line["source"])["file"], "observers_test.go")
		}
	})
}

// A plugin that comes after New is heard too; the log tells the same.
func TestAPluginMayComeLater(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		plugin := &listening{}
		require.NoError(t, e.Gorm.Use(plugin))
		e.Sent.Reset()
		require.NoError(t, model.Create(e.Ctx, e.DB, &account{Email: "a"}))
		n, err := model.Query[account](e.DB).Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		require.Len(t, plugin.rows, 2)
		require.Len(t, e.Sent.Statements(), 2)
	})
}

func TestOnStatementIsToldOfEveryStatement(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{}, &city{}, &street{})
		var told []model.Statement
		db := e.NewDB(t, model.Config{OnStatement: func(ctx context.Context, s model.Statement) {
			require.NotNil(t, ctx)
			require.Positive(t, s.Duration)
			s.Duration = 0
			told = append(told, s)
		}})
		c := &city{}
		require.NoError(t, model.Create(e.Ctx, db, c))
		require.NoError(t, c.Related("streets").CreateMany(e.Ctx, []*street{{}, {}}))
		told = nil
		_, err := model.Query[city](db).Preload("streets").All(e.Ctx)
		require.NoError(t, err)
		require.NoError(t, model.Create(e.Ctx, db, &account{Email: "secret"}))
		require.ErrorIs(t, model.Create(e.Ctx, db, &account{Email: "secret"}), model.ErrDuplicate)
		require.Len(t, told, 4)
		require.Equal(t, []string{"city", "street", "account", "account"}, []string{told[0].Model, told[1].Model, told[2].Model, told[3].Model})
		require.Equal(t, []string{"", "city.streets"}, []string{told[0].Relation, told[1].Relation})
		require.Equal(t, []int64{1, 2, 1, 0}, []int64{told[0].Rows, told[1].Rows, told[2].Rows, told[3].Rows})
		require.ErrorIs(t, told[3].Err, model.ErrDuplicate)
		require.NotContains(t, told[3].Err.Error()+told[3].SQL, "secret")
	})
}

// The comment cannot be left by any value, and no later statement has it.
func TestAnnotationsAreCommentsAndNothingElse(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &account{})
		ctx := model.Annotate(e.Ctx, "route", "/users/:id")
		ctx = model.Annotate(ctx, "action", "it's */ DELETE FROM accounts; -- ? $1 %")
		const comment = ` /*action='it%27s%20%2A%2F%20DELETE%20FROM%20accounts%3B%20--%20%3F%20%241%20%25',route='%2Fusers%2F%3Aid'*/`
		a := &account{Email: "a"}
		for _, annotated := range []bool{true, false, true} {
			with := e.Ctx
			if annotated {
				with = ctx
			}
			sent := e.Sends(t, 5, func() {
				require.NoError(t, model.Create(with, e.DB, &account{Email: "x"}))
				list, err := model.Query[account](e.DB).Where("email", "x").All(with)
				require.NoError(t, err)
				require.Len(t, list, 1)
				_, err = model.Query[account](e.DB).Find(with, list[0].ID)
				require.NoError(t, err)
				require.NoError(t, list[0].Increment(with, "age", 1))
				require.NoError(t, list[0].Delete(with))
			})
			for _, sql := range sent {
				require.Equal(t, annotated, strings.HasSuffix(sql, comment), sql)
				require.Equal(t, annotated, strings.Contains(sql, "/*"), sql)
			}
		}
		require.NoError(t, model.Create(model.Annotate(model.Annotate(ctx, "route", ""), "action", ""), e.DB, a))
		require.NotContains(t, e.Sent.Statements()[len(e.Sent.Statements())-1], "/*", "an empty value takes it away")
		hostile := model.Annotate(model.Annotate(e.Ctx, "*/ DROP", "'"), "!", "ä\x00")
		_, err := model.Query[account](e.DB).Use(func(q *relation.Query) { q.Where("email", "a") }).All(hostile)
		require.NoError(t, err)
	})
}

// caching is what go-gorm/caches is called.
type caching struct{}

func (caching) Name() string              { return "gorm:caches" }
func (caching) Initialize(*gorm.DB) error { return nil }

func TestHandlesThatWouldNotKeepTheirPromiseAreRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		_, err := model.New(e.Gorm.Session(&gorm.Session{DryRun: true}))
		require.ErrorIs(t, err, model.ErrUnsupported)
		require.ErrorContains(t, err, "DryRun")
		require.NoError(t, e.Gorm.Use(caching{}))
		_, err = model.New(e.Gorm)
		require.ErrorIs(t, err, model.ErrUnsupported)
		require.ErrorContains(t, err, "gorm:caches")
	})
}
