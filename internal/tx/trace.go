// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Sent is a statement that was sent.
type Sent struct {
	// Model is the name of the model that it is about, or of the table if it has none; "" of a savepoint.
	Model string
	// Relation is the relation whose rows it reads, such as "User.posts"; "" for others.
	Relation string
	// SQL is the text, with placeholders in place of values.
	SQL string
	// Rows is how many rows it returned or wrote.
	Rows int64
	// Duration is the time until the last row was read.
	Duration time.Duration
	// Err is why it failed, without values, or nil.
	Err error
}

// trace tells the logger and whoever counts statements about one.
func (h *Handle) trace(ctx context.Context, begin time.Time, s *Statement, rows int64, err error) {
	h.db.Gorm.Logger.Trace(ctx, begin, func() (string, int64) { return s.SQL, rows }, err)
	if h.db.onStatement == nil {
		return
	}
	sent := Sent{Model: s.Model, Relation: s.Relation, SQL: s.SQL, Rows: rows, Duration: time.Since(begin), Err: err}
	if sent.Model == "" {
		sent.Model = s.Table
		if m, ok := h.db.Models.Table(s.Table); ok {
			sent.Model = m.Name
		}
	}
	h.db.onStatement(ctx, sent)
}

type annotationKey struct{}

// annotation is a comment for statements, and what it was made of.
type annotation struct {
	values map[string]string
	text   string
}

// Annotate returns a context whose statements end in a comment that has the value by a key, beside those of ctx.
func Annotate(ctx context.Context, key, value string) context.Context {
	outer, _ := ctx.Value(annotationKey{}).(*annotation)
	values := map[string]string{}
	if outer != nil {
		maps.Copy(values, outer.values)
	}
	if values[key] = value; key == "" || value == "" {
		delete(values, key)
	}
	return context.WithValue(ctx, annotationKey{}, &annotation{values, comment(values)})
}

// comment writes values in the form of sqlcommenter: https://google.github.io/sqlcommenter/spec/. Nothing in it can end the comment or be
// taken for a placeholder, because all but letters, digits and -_.~ is URL-encoded.
func comment(values map[string]string) string {
	parts := make([]string, 0, len(values))
	for key, value := range values {
		parts = append(parts, encoded(key)+"='"+encoded(value)+"'")
	}
	if len(parts) == 0 {
		return ""
	}
	slices.Sort(parts)
	return " /*" + strings.Join(parts, ",") + "*/"
}

func encoded(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// annotated returns the text of a statement with the comment of ctx. What is kept of the text elsewhere stays without.
func annotated(ctx context.Context, sql string) string {
	if a, ok := ctx.Value(annotationKey{}).(*annotation); ok {
		return sql + a.text
	}
	return sql
}
