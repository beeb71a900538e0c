// SPDX-License-Identifier: MIT

// Package preload loads relations of many records at once: one statement per relation, whatever the number of records.
//
// The relations that a query asks for are a tree (path.go). Their queries are made, and checked, before anything is sent
// (prepare.go). Once the records are there, each relation is loaded by the keys of all of them (load.go), and its rows are
// distributed among them (distribute.go).
package preload

import (
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
)

// Add adds the relations of a path such as "posts.author:id,name" to those that are loaded with the records of a query. The
// functions add to the query of the last one. A relation that is asked for already gets the further functions, columns and
// relations.
func Add(spec *query.Spec, path string, refine ...func(*query.Spec)) {
	list, err := addPath(spec.Model, spec.Preloads, path, refine)
	if err != nil {
		spec.Fail(err)
		return
	}
	spec.Preloads = list
}

func addPath(m *meta.Model, list []query.Preload, path string, refine []func(*query.Spec)) ([]query.Preload, error) {
	step, rest, nested := strings.Cut(path, ".")
	name, columns, limited := strings.Cut(step, ":")
	l, err := m.LinkOf(name)
	if err != nil {
		return nil, err
	}
	list = slices.Clone(list)
	at := indexOf(list, l.Relation)
	known := at >= 0
	if !known {
		at = len(list)
		list = append(list, query.Preload{Link: l})
	}
	p := &list[at]
	p.Query = nil
	switch {
	case limited && known && len(p.Columns) == 0: // all columns are loaded already
		_, err = addColumns(l, nil, columns)
	case limited:
		p.Columns, err = addColumns(l, p.Columns, columns)
	case !nested:
		p.Columns = nil
	}
	if err != nil {
		return nil, l.Error("preload", err)
	}
	if nested {
		p.Children, err = addPath(l.Model, p.Children, rest, refine)
		return list, err
	}
	p.Refine = slices.Clone(p.Refine)
	for _, fn := range refine {
		if fn != nil {
			p.Refine = append(p.Refine, fn)
		}
	}
	return list, nil
}

// addColumns reads "id,name".
func addColumns(l *meta.Link, to []string, names string) ([]string, error) {
	to = slices.Clone(to)
	for name := range strings.SplitSeq(names, ",") {
		name = strings.Trim(name, " ")
		column, ok := l.Model.Column(name)
		switch {
		case name == "":
			return nil, errs.New(errs.ErrUnknownColumn, "an empty name among the columns %s", ident.Quote(names))
		case !ok:
			return nil, l.Model.UnknownColumn(name)
		}
		if !slices.Contains(to, column.Attr) {
			to = append(to, column.Attr)
		}
	}
	return to, nil
}

func indexOf(list []query.Preload, r *meta.Relation) int {
	return slices.IndexFunc(list, func(p query.Preload) bool { return p.Link.Relation == r })
}

// merge adds a relation to a list that may have it already.
func merge(list []query.Preload, p query.Preload) []query.Preload {
	at := indexOf(list, p.Link.Relation)
	if at < 0 {
		return append(slices.Clip(list), p)
	}
	list = slices.Clone(list)
	q := list[at]
	q.Query = nil
	q.Refine = append(slices.Clip(q.Refine), p.Refine...)
	if len(q.Columns) == 0 || len(p.Columns) == 0 {
		q.Columns = nil
	} else {
		q.Columns = append(slices.Clip(q.Columns), p.Columns...)
	}
	for _, child := range p.Children {
		q.Children = merge(q.Children, child)
	}
	list[at] = q
	return list
}

// AddOnce adds the relations of a path, unless the query asks for them already.
func AddOnce(spec *query.Spec, path string) {
	if !asksFor(spec.Preloads, path) {
		Add(spec, path)
	}
}

func asksFor(list []query.Preload, path string) bool {
	step, rest, nested := strings.Cut(path, ".")
	name, _, _ := strings.Cut(step, ":")
	at := slices.IndexFunc(list, func(p query.Preload) bool { return p.Link.Name == name || p.Link.Field == name })
	return at >= 0 && (!nested || asksFor(list[at].Children, rest))
}
