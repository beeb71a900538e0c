// SPDX-License-Identifier: MIT

package record

import (
	"strings"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// CheckSchema refuses a handle of another schema than that of the record's row.
func (s *State) CheckSchema(h *tx.Handle) error {
	if !s.Persisted() || s.Handle == nil {
		return nil
	}
	return CheckSchema(s.Handle, h, s.Model)
}

// CheckSchema refuses a handle of another schema than that in which rows of a model were found, unless the model's table names its
// schema itself.
func CheckSchema(found, h *tx.Handle, m *meta.Model) error {
	if found.Schema() == h.Schema() || strings.Contains(m.Table, ".") {
		return nil
	}
	return errs.New(errs.ErrUnsupported, "the %s is a row of %s, and the context asks for %s; find it with the context that it is used with",
		m.Name, schemaName(found), schemaName(h))
}

func schemaName(h *tx.Handle) string {
	if h.Schema() == "" {
		return "no schema"
	}
	return "the schema " + ident.Quote(h.Schema())
}
