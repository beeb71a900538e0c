// SPDX-License-Identifier: MIT

package preload

import (
	"slices"

	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/scope"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Prepare makes the queries of the relations that a query loads, and of the relations that these load, so that a mistake in
// one of them is found before anything is sent.
func Prepare(h *tx.Handle, of *query.Spec) error {
	if len(of.Preloads) == 0 {
		return nil
	}
	return prepare(h, of, branch{})
}

// branch is the position of Prepare in the tree.
type branch struct {
	asked []query.Preload  // the relations that a path of the caller names here
	above []*meta.Relation // the relations that lead here
}

// skips reports whether a relation is prepared later, when there are records. A function of a relation may ask for the relation
// itself, and so on without end; a path of the caller ends.
func (b branch) skips(r *meta.Relation) bool {
	return slices.Contains(b.above, r) && indexOf(b.asked, r) < 0
}

func prepare(h *tx.Handle, of *query.Spec, at branch) error {
	list := slices.Clone(of.Preloads)
	for i := range list {
		p := &list[i]
		if p.Query != nil || at.skips(p.Link.Relation) {
			continue
		}
		if err := prepareOne(h, p, of, at); err != nil {
			return p.Link.Error("load", err)
		}
	}
	of.Preloads = list
	return nil
}

func prepareOne(h *tx.Handle, p *query.Preload, of *query.Spec, at branch) error {
	if err := checkKey(of, p.Link.Local); err != nil {
		return err
	}
	spec := relatedQuery(h, p)
	if spec.Err != nil {
		return spec.Err
	}
	below := branch{asked: p.Children, above: append(slices.Clip(at.above), p.Link.Relation)}
	if err := prepare(h, spec, below); err != nil {
		return err
	}
	p.Query = spec
	// A query without functions cannot be wrong, and one that a hook will change cannot be checked yet.
	refined := len(p.Refine)+len(p.Link.OnQuery)+len(p.Link.OnPivot)+len(p.Link.OfMany) > 0
	if !refined || len(p.Link.Model.Hooks.Query[meta.Fetching]) > 0 {
		return nil
	}
	return query.CheckRelated(h, scope.InSubquery(spec))
}

// checkKey returns an error for a query whose records would lack a key that a relation starts from.
func checkKey(of *query.Spec, column *meta.Column) error {
	columns := of.Columns
	if len(columns) == 0 {
		for _, name := range of.Groups {
			columns = append(columns, query.Selection{Column: name})
		}
	}
	if len(columns) == 0 {
		return nil
	}
	for _, s := range columns {
		if c, ok := of.OwnColumn(s.Column); s.Raw != nil || s.Column == "*" || ok && c == column {
			return nil
		}
	}
	return key.ErrNotSelected(column)
}

// relatedQuery returns the query of the related rows, of owners whose keys are not known yet.
func relatedQuery(h *tx.Handle, p *query.Preload) *query.Spec {
	l := p.Link
	spec := query.New(h, l.Model)
	spec.Parents = &query.Parents{
		Match: query.Match{Place: related.Connect(spec, l), Of: l.Local}, Owner: &query.Place{Table: l.Owner.Table, Column: l.Local},
	}
	related.SelectPivot(spec, l)
	related.Refine(spec, l)
	for _, name := range p.Columns {
		spec.Columns = append(spec.Columns, query.Selection{Column: name})
	}
	for _, fn := range p.Refine {
		spec.Narrow(fn)
	}
	for _, child := range p.Children {
		spec.Preloads = merge(spec.Preloads, child)
	}
	selectKeys(spec)
	return spec
}

// selectKeys selects the keys that a narrower selection leaves out: the primary key, the key of the owner, and the keys that
// further relations start from.
func selectKeys(spec *query.Spec) {
	if len(spec.Columns) == 0 || len(spec.Groups) > 0 || spec.Distinct {
		return
	}
	for _, c := range spec.Model.Keys {
		selectKey(spec, c)
	}
	if spec.Parents.Place.Table == spec.Table() {
		selectKey(spec, spec.Parents.Place.Column)
	}
	for _, child := range spec.Preloads {
		selectKey(spec, child.Link.Local)
	}
}

func selectKey(spec *query.Spec, c *meta.Column) {
	for _, s := range spec.Columns {
		if known, ok := spec.Model.Column(s.Column); s.Column == "*" || ok && known == c {
			return
		}
	}
	spec.Columns = append(slices.Clip(spec.Columns), query.Selection{Column: c.Attr})
}
