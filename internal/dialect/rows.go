// SPDX-License-Identifier: MIT

package dialect

import (
	"database/sql"
	"math"
	"strconv"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// Cells are the destinations of Scan for one set of targets. They are made once and never change; what
// moves is the address of the record they store into. A sink that is used again keeps them.
type Cells struct {
	at    row
	cells []cell
	dests []any
}

// ReadRows stores the rows of database/sql into a sink, and closes them.
func (d *Dialect) ReadRows(rows *sql.Rows, into Sink) error {
	err := d.readRows(rows, into)
	if closed := rows.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = rows.Err()
	}
	return err
}

func (d *Dialect) readRows(rows *sql.Rows, into Sink) error {
	c := into.Cells()
	first := true
	for rows.Next() {
		if first {
			first = false
			if err := c.prepare(rows, into, d.Texts); err != nil {
				return err
			}
		}
		c.at.record, c.at.extras = into.Row()
		if err := rows.Scan(c.dests...); err != nil {
			if c.at.err != nil { // database/sql wraps it in words of its own
				return c.at.err
			}
			return errs.Conceal(err, "the database holds what the driver cannot read")
		}
	}
	return nil
}

// prepare makes the destinations, unless the sink has kept them.
func (c *Cells) prepare(rows *sql.Rows, into Sink, isText func(databaseType string) bool) error {
	if c.dests != nil {
		return nil
	}
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	targets, err := into.Targets(names)
	if err != nil {
		return err
	}
	if isText != nil {
		types, err := rows.ColumnTypes()
		if err != nil {
			return err
		}
		markTexts(targets, isText, func(column int) string { return types[column].DatabaseTypeName() })
	}
	c.cells, c.dests = make([]cell, len(targets)), make([]any, len(targets))
	for i := range targets {
		c.cells[i] = cell{row: &c.at, target: &targets[i], into: into}
		c.dests[i] = &c.cells[i]
	}
	return nil
}

// Forget drops the addresses of the last row.
func (c *Cells) Forget() { c.at = row{} }

// row is the destination of the current row.
type row struct {
	record memory.Ptr
	extras []any
	err    error
}

// cell is the destination of one result column.
type cell struct {
	row    *row
	target *Target
	into   Sink
}

// Scan stores a value.
func (c *cell) Scan(src any) error {
	c.row.err = store(c.target, c.row.record, c.row.extras, src, c.into)
	return c.row.err
}

// own returns the value of an extra, in one of the types that every database gives.
func own(src any, text bool) any {
	switch v := src.(type) {
	case []byte:
		if text {
			return string(v)
		}
		return meta.Own(v)
	case float32:
		return float64(v)
	case uint64:
		if v <= math.MaxInt64 {
			return int64(v)
		}
		return strconv.FormatUint(v, 10)
	default:
		return meta.Own(v)
	}
}
