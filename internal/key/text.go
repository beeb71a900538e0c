// SPDX-License-Identifier: MIT

package key

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// Text returns a bound value of a column as a text that is equal for equal values, whatever form a driver gives them. It is
// what keys are compared by in memory.
func Text(c *meta.Column, v any) string { return string(appendText(nil, c.Canonical(v))) }

// TextOf returns the values that a record has in several columns as one text.
func TextOf(columns []*meta.Column, owner memory.Ptr) (string, error) {
	var text []byte
	for _, c := range columns {
		v, err := c.Bind(c.At(owner))
		if err != nil {
			return "", errs.Field(c.Model.Name+"."+c.Attr, err)
		}
		text = appendText(text, c.Canonical(v))
	}
	return string(text), nil
}

// TextOfValues returns bound values of several columns as one text.
func TextOfValues(columns []*meta.Column, values []any) string {
	var text []byte
	for i, c := range columns {
		text = appendText(text, c.Canonical(values[i]))
	}
	return string(text)
}

func appendText(dst []byte, v any) []byte {
	switch v := v.(type) {
	case int64:
		dst = strconv.AppendInt(dst, v, 10)
	case string:
		dst = strconv.AppendQuote(dst, v)
	case []byte:
		dst = strconv.AppendQuote(dst, string(v))
	case time.Time:
		dst = strconv.AppendInt(dst, v.UnixMicro(), 10)
	default:
		dst = fmt.Append(dst, v)
	}
	return append(dst, ',')
}

// Compare orders bound keys of one column.
func Compare(a, b any) int {
	switch x := a.(type) {
	case int64:
		if y, ok := b.(int64); ok {
			return cmp.Compare(x, y)
		}
	case string:
		if y, ok := b.(string); ok {
			return cmp.Compare(x, y)
		}
	}
	return cmp.Compare(string(appendText(nil, a)), string(appendText(nil, b)))
}
