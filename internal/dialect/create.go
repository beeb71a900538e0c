// SPDX-License-Identifier: MIT

package dialect

import "strings"

// CreateTable returns the statement that makes the table of a change, under a name that is quoted already.
func (d *Dialect) CreateTable(name string, c *Change) string {
	var elements []string
	inline := false // a column says itself that it is the key
	for _, column := range c.Table.Columns {
		inline = inline || strings.Contains(strings.ToUpper(column.Definition), "PRIMARY KEY")
		elements = append(elements, string(d.AppendName(nil, column.Name))+" "+column.Definition)
	}
	if len(c.Table.Key) > 0 && !inline {
		elements = append(elements, "PRIMARY KEY ("+d.Names(c.Table.Key)+")")
	}
	for _, k := range c.Constraints {
		elements = append(elements, "CONSTRAINT "+k.SQL)
	}
	return "CREATE TABLE " + name + " (" + strings.Join(elements, ",") + ")"
}

// Names returns quoted names, with commas between.
func (d *Dialect) Names(names []string) string {
	var list []byte
	for i, name := range names {
		if i > 0 {
			list = append(list, ',')
		}
		list = d.AppendName(list, name)
	}
	return string(list)
}
