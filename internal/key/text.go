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

// TextOf returns the values that a record has in several columns as one text, which is the same for records of one row.
func TextOf(columns []*meta.Column, owner memory.Ptr) (string, error) {
	var text []byte
	for _, c := range columns {
		v, err := c.Bind(c.At(owner))
		if err != nil {
			return "", errs.Field(c.Model.Name+"."+c.Attr, err)
		}
		text = appendText(text, v)
	}
	return string(text), nil
}

// TextOfValues returns bound values of several columns as one text, which is the same for values that were sent and that came
// back as a driver gives them.
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
