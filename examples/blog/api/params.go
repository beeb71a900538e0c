// SPDX-License-Identifier: MIT

package api

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
)

// params reads the parameters of a URL. It remembers the first mistake, and which parameters there may be.
type params struct {
	values url.Values
	known  []string
	err    error
}

func paramsOf(r *http.Request) *params {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		err = bad("query", "of the URL is malformed")
	}
	return &params{values: values, err: err}
}

func (p *params) refuse(name, format string, args ...any) {
	if p.err == nil {
		p.err = bad(name, fmt.Sprintf(format, args...))
	}
}

// get returns a parameter, and whether it is given.
func (p *params) get(name string) (string, bool) {
	p.known = append(p.known, name)
	if values := p.values[name]; len(values) > 1 || len(values) == 1 && values[0] == "" && name != "cursor" {
		p.refuse(name, "needs one value")
	}
	return p.values.Get(name), p.values.Has(name)
}

// list returns the elements of a list, each of which must be allowed, and only once.
func (p *params) list(name string, allowed []string, otherwise ...string) []string {
	text, ok := p.get(name)
	if !ok {
		return otherwise
	}
	list := strings.Split(text, ",")
	for i, element := range list {
		if !slices.Contains(allowed, element) || slices.Contains(list[:i], element) {
			p.refuse(name, "must be a list of %s", strings.Join(allowed, ", "))
			return nil
		}
	}
	return list
}

// number returns a whole number, moved into the range from least to most.
func (p *params) number(name string, otherwise, least, most int) int {
	text, ok := p.get(name)
	if !ok {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil && !errors.Is(err, strconv.ErrRange) { // out of range, n is the nearest integer
		p.refuse(name, "must be a whole number")
	}
	return min(max(n, least), most)
}

// done returns the first mistake: what was read wrongly, or what nobody has read.
func (p *params) done() error {
	for _, name := range slices.Sorted(maps.Keys(p.values)) {
		if !slices.Contains(p.known, name) {
			p.refuse(name, "is not a parameter here")
		}
	}
	return p.err
}

// kind is what clients may see of a model: the brief fields, and more at the address of a record.
type kind struct {
	name        string // in fields[…]
	brief, more string
	limit       int // of the records that are included per record; 0 is none
}

// view is what an endpoint shows: a kind, and the relations that may be included, by path.
type view struct {
	kind
	includes map[string]kind
}

// show reads fields[…]: what to show of a record, in brief or not, and of those that are included.
func (v view) show(p *params, brief bool) *serialize.Options {
	pick := func(name, allowed, otherwise string) serialize.Options {
		fields := p.list("fields["+name+"]", strings.Fields(allowed), strings.Fields(otherwise)...)
		return serialize.Options{Fields: serialize.Pick(fields...), Relations: map[string]serialize.Options{}}
	}
	whole, fields := v.brief+" "+v.more, v.brief
	if !brief {
		fields = whole
	}
	top := pick(v.name, whole, fields)
	at := map[string]serialize.Options{"": top}
	for _, path := range slices.Sorted(maps.Keys(v.includes)) { // parents before children
		k := v.includes[path]
		at[path] = pick(k.name, k.brief, k.brief)
		dot := max(0, strings.LastIndexByte(path, '.'))
		at[path[:dot]].Relations[strings.TrimPrefix(path[dot:], ".")] = at[path]
	}
	return &top
}

// include reads include and adds the relations to a query: one statement for each, whatever the number
// of records.
func include[T any](p *params, q *model.Builder[T], v view) {
	for _, path := range p.list("include", slices.Sorted(maps.Keys(v.includes))) {
		q.Preload(path, func(q *relation.Query) {
			if limit := v.includes[path].limit; limit > 0 {
				q.OrderBy("id").GroupLimit(limit)
			}
		})
	}
}
