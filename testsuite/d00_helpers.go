// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// The typed clients of an author.

func (a *wrAuthor) house() *relation.BelongsToClient[*wrHouse] {
	return relation.BelongsTo(a, &a.House)
}
func (a *wrAuthor) card() *relation.OneClient[*wrCard]     { return relation.HasOne(a, &a.Card) }
func (a *wrAuthor) essays() *relation.ManyClient[*wrEssay] { return relation.HasMany(a, &a.Essays) }

func (a *wrAuthor) topics() *relation.ManyToManyClient[*wrTopic] {
	return relation.ManyToMany(a, &a.Topics)
}

func (a *wrAuthor) tags() *relation.ManyToManyClient[*wrTopic] {
	return relation.ManyToMany(a, &a.Tags)
}

func (a *wrAuthor) notes() *relation.ManyClient[*wrNote] { return relation.HasMany(a, &a.Notes) }

func (h *wrHouse) essays() *relation.ThroughClient[*wrEssay] { return relation.Through(h, &h.Essays) }

func (h *wrHouse) latest() *relation.ThroughClient[*wrEssay] {
	return relation.ThroughOne(h, &h.Latest)
}

func (w *wrEssay) author() *relation.BelongsToClient[*wrAuthor] {
	return relation.BelongsTo(w, &w.Author)
}

func (w *wrTopic) authors() *relation.ManyToManyClient[*wrAuthor] {
	return relation.ManyToMany(w, &w.Authors)
}

func wrText(v any) string {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return fmt.Sprint(v)
}

// wrIDs are the keys of topics.
func wrIDs(list []*wrTopic) []int64 {
	out := make([]int64, len(list))
	for i, topic := range list {
		out[i] = topic.ID
	}
	return out
}

// wrTopicAt loads a topic.
func wrTopicAt(t testing.TB, e *env, id int64) *wrTopic {
	t.Helper()
	topic, err := model.Query[wrTopic](e.db).Find(e.ctx, id)
	require.NoError(t, err)
	return topic
}

// wrUndone asserts that run, which fails or is rolled back, leaves rows and records as they are.
func wrUndone(t testing.TB, e *env, name string, want error, run func() error, records ...wrState) {
	t.Helper()
	before, counts := wrPicture(records...), wrCounts(t, e)
	err := e.do("undone", run)
	require.ErrorIs(t, err, want, name)
	require.Equal(t, before, wrPicture(records...), name)
	require.Equal(t, counts, wrCounts(t, e), name)
}

// wrRolledBack runs fn in a transaction that is rolled back.
func wrRolledBack(e *env, fn func(ctx context.Context) error) error {
	return e.db.Transaction(e.ctx, func(ctx context.Context, _ *model.DB) error {
		if err := fn(ctx); err != nil {
			return err
		}
		return errWrHook
	})
}

// wrBends is a twin that replaces a text in the statements that start with prefix.
func wrBends(prefix, old, by string) func(*env) {
	return func(e *env) {
		e.sql = func(sql string) string {
			if strings.HasPrefix(sql, prefix) {
				return strings.Replace(sql, old, by, 1)
			}
			return sql
		}
	}
}

// wrKeeps is a twin that leaves a row behind after an operation that must leave nothing.
func wrKeeps(table string) func(*env) {
	return func(e *env) {
		e.op["undone"] = func(run func() error) error {
			err := run()
			e.gorm.Exec("INSERT INTO " + table + " (name) VALUES ('left behind')")
			return err
		}
	}
}

// wrErr is the error of a call that returns something else too.
func wrErr[V any](_ V, err error) error { return err }
