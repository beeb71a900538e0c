// SPDX-License-Identifier: MIT

package query

import (
	"database/sql/driver"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
)

func (n Raw) append(c *compiler) error {
	c.text("(")
	if err := c.raw(n); err != nil {
		return err
	}
	c.text(")")
	return nil
}

// raw appends SQL of the caller. Question marks inside quotes and comments are left alone.
func (c *compiler) raw(n Raw) error {
	if len(n.Args) == 0 {
		c.text(n.SQL)
		return nil
	}
	used := 0
	sql := n.SQL
	for len(sql) > 0 {
		at := strings.IndexAny(sql, "?'\"`-/$")
		if at < 0 {
			c.text(sql)
			break
		}
		c.text(sql[:at])
		sql = sql[at:]
		if sql[0] != '?' {
			end := ident.Skip(sql)
			c.text(sql[:end])
			sql = sql[end:]
			continue
		}
		if strings.HasPrefix(sql, "??") {
			c.text("?")
			sql = sql[2:]
			continue
		}
		if used < len(n.Args) {
			if err := c.rawValue(n.Args[used]); err != nil {
				return err
			}
		}
		used++
		sql = sql[1:]
	}
	if used != len(n.Args) {
		return errs.New(errs.ErrInvalidValue, "the raw SQL has %d placeholders for %d values; write ?? for a question mark",
			used, len(n.Args))
	}
	return nil
}

// rawValue binds a value of raw SQL; a list becomes one placeholder per element. A list with a Value method is one value.
func (c *compiler) rawValue(v any) error {
	if sub, ok := v.(*Spec); ok {
		c.text("(")
		err := c.subquery(sub)
		c.text(")")
		return err
	}
	values, err := list(v)
	if _, one := v.(driver.Valuer); one || err != nil {
		bound, err := meta.Bound(v)
		c.bind(bound)
		return err
	}
	if len(values) == 0 {
		c.text("NULL")
	}
	for i, one := range values {
		if i > 0 {
			c.text(", ")
		}
		bound, err := meta.Bound(one)
		if err != nil {
			return err
		}
		c.bind(bound)
	}
	return nil
}
