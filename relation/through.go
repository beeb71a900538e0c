// SPDX-License-Identifier: MIT

package relation

import (
	"github.com/kindred-orm/kindred/internal/chain"
	"github.com/kindred-orm/kindred/internal/meta"
)

// ThroughClient is the client of a hasManyThrough or hasOneThrough relation, which is only read; P is a pointer to the
// related model.
type ThroughClient[P any] struct{ c *Client }

// Through returns the client of a hasManyThrough relation, named by the address of its field: &country.Posts. A field that
// is no such relation of owner is an error of the client's methods.
func Through[R any, P pointer[R]](owner Record, field *[]P) *ThroughClient[P] {
	return &ThroughClient[P]{fieldClient(owner, field, meta.HasManyThrough)}
}

// ThroughOne returns the client of a hasOneThrough relation, named by the address of its field: &country.Newest. A field
// that is no such relation of owner is an error of the client's methods.
func ThroughOne[R any, P pointer[R]](owner Record, field *P) *ThroughClient[P] {
	return &ThroughClient[P]{fieldClient(owner, field, meta.HasOneThrough)}
}

// Query returns a builder of the related rows.
func (c *ThroughClient[P]) Query() *Builder[P] {
	return (*Builder[P])(chain.Of(c.c.owner.Query()))
}
