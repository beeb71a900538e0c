// SPDX-License-Identifier: MIT

package query

import (
	"github.com/kindred-orm/kindred/internal/errs"
)

// subquery appends a SELECT inside the statement. If it selects nothing, it is for EXISTS, and selects 1.
func (c *compiler) subquery(sub *Spec) error {
	return c.nested(sub, func(sub *Spec) error {
		if sub.selected() == 0 {
			c.text("SELECT 1")
			return nil
		}
		_, err := c.selections()
		return err
	})
}

// listQuery appends a SELECT of one column, the list of an IN: the key, unless the query selects another.
func (c *compiler) listQuery(sub *Spec) error {
	if sub != nil && c.d.DerivedLists && (sub.Limit != nil || sub.Offset != nil || len(sub.Applied) > 0) {
		return c.derived(sub)
	}
	return c.columnOf(sub)
}

// derived appends the list of an IN as a derived table.
func (c *compiler) derived(sub *Spec) error {
	c.text("SELECT * FROM (")
	err := c.columnOf(sub)
	c.text(") AS ", rowsName)
	return err
}

// columnOf appends a SELECT of one column: the key, unless the query selects another.
func (c *compiler) columnOf(sub *Spec) error {
	return c.nested(sub, func(sub *Spec) error {
		if len(sub.Columns) == 0 && len(sub.Aggregates) == 0 {
			key, err := sub.Model.Key()
			if err != nil {
				return err
			}
			sub.Columns = []Selection{{Column: key.Attr}}
		}
		if len(sub.Columns) == 1 && len(sub.Aggregates) > 0 {
			sub.unselect()
		}
		if sub.selected() != 1 {
			return errs.New(errs.ErrInvalidValue, "the query of an IN selects one column, not %d", sub.selected())
		}
		_, err := c.selections()
		return err
	})
}

// nested appends a SELECT inside the statement, whose list of columns head appends. head may change the query, which is a copy.
func (c *compiler) nested(sub *Spec, head func(sub *Spec) error) error {
	if sub == nil || sub.Model == nil {
		return errs.New(errs.ErrInvalidValue, "a nil query")
	}
	if sub.Err != nil {
		return sub.Err
	}
	if err := c.enter(sub); err != nil {
		return err
	}
	defer c.leave()
	c.queries++
	sub = sub.Clone()
	sub.dropOutputs()
	c.scope.spec = sub
	if err := head(sub); err != nil {
		return err
	}
	return c.rest()
}
