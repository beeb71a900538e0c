// SPDX-License-Identifier: MIT

package ruler

import (
	"database/sql/driver"
	"fmt"
	"strings"
)

// kind is what a statement does.
type kind int

const (
	other kind = iota // PRAGMA, SAVEPOINT and the like
	query
	insert
	update
)

// plan is what is known about a statement's text. It is immutable.
type plan struct {
	kind    kind
	one     bool           // answer with the first row only
	answer  []driver.Value // a fixed row, for statements that do not read the table
	columns []int          // positions in the row
	names   []string
	types   []string
}

// Plans of writes without RETURNING do not depend on the text.
//
//nolint:gochecknoglobals // immutable
var (
	plainInsert = &plan{kind: insert}
	plainUpdate = &plan{kind: update}
)

// returningTail is how much of a write is searched for RETURNING, because values written into the
// text make it long and different each time.
const returningTail = 160

// writePlan returns the plan of an INSERT or UPDATE without reading all of its text.
func writePlan(c *conn, sql string) (*plan, bool) {
	if len(sql) < 6 {
		return nil, false
	}
	k, plain := other, (*plan)(nil)
	switch sql[:6] {
	case "INSERT", "insert":
		k, plain = insert, plainInsert
	case "UPDATE", "update":
		k, plain = update, plainUpdate
	default:
		return nil, false
	}
	tail := sql[max(0, len(sql)-returningTail):]
	_, list, ok := strings.Cut(tail, "RETURNING ")
	if !ok {
		if _, list, ok = strings.Cut(tail, "returning "); !ok {
			return plain, true
		}
	}
	if p, ok := c.plans[list]; ok && p.kind == k {
		return p, true
	}
	p := &plan{kind: k}
	if err := c.driver.selectList(p, list); err != nil {
		return nil, false
	}
	c.plans[strings.Clone(list)] = p
	return p, true
}

// parse reads a statement's text.
func (d *Driver) parse(sql string) (*plan, error) {
	text := strings.TrimRight(strings.TrimSpace(sql), "; ")
	lower := strings.ToLower(text)
	if v, ok := d.answers[lower]; ok {
		return &plan{
			kind: query, answer: []driver.Value{v},
			columns: []int{0}, names: []string{lower}, types: []string{"TEXT"},
		}, nil
	}
	if !strings.HasPrefix(lower, "select ") {
		return &plan{kind: other}, nil
	}
	from := strings.Index(lower, " from ")
	if from < 0 {
		return nil, fmt.Errorf("ruler: no FROM in %q", sql)
	}
	p := &plan{kind: query, one: strings.Contains(lower[from:], " where ")}
	list := text[len("select "):from]
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(list)), "count(") {
		p.answer = []driver.Value{int64(len(d.rows))}
		p.columns, p.types = []int{0}, []string{"INTEGER"}
		p.names = []string{alias(list)}
		return p, nil
	}
	if err := d.selectList(p, list); err != nil {
		return nil, fmt.Errorf("%w in %q", err, sql)
	}
	return p, nil
}

// selectList fills the columns of p from a list such as `"u"."id", name AS n, +created_at`.
func (d *Driver) selectList(p *plan, list string) error {
	for item := range strings.SplitSeq(list, ",") {
		expr := strings.TrimLeft(strings.TrimSpace(item), "+")
		name := alias(expr)
		if i := strings.Index(strings.ToLower(expr), " as "); i >= 0 {
			expr = expr[:i]
		}
		column := unquote(expr[strings.LastIndexByte(expr, '.')+1:])
		if column == "*" {
			for i, c := range d.columns {
				p.add(i, c.Name, c.Type)
			}
			continue
		}
		i, ok := d.index[strings.ToLower(column)]
		if !ok {
			return fmt.Errorf("ruler: unknown column %q", item)
		}
		p.add(i, name, d.columns[i].Type)
	}
	return nil
}

func (p *plan) add(column int, name, typ string) {
	p.columns = append(p.columns, column)
	p.names = append(p.names, name)
	p.types = append(p.types, typ)
}

// alias is the name of an item of a select list: what follows AS, else the column without its table.
func alias(item string) string {
	item = strings.TrimSpace(item)
	if i := strings.Index(strings.ToLower(item), " as "); i >= 0 {
		return unquote(item[i+len(" as "):])
	}
	return unquote(item[strings.LastIndexByte(item, '.')+1:])
}

func unquote(s string) string { return strings.Trim(strings.TrimSpace(s), "`\"[]") }
