// SPDX-License-Identifier: MIT

package query

import (
	"math"

	"github.com/kindred-orm/kindred/internal/errs"
)

// PageOffset returns the number of the page, at least 1, and the number of rows before it.
func PageOffset(page, perPage int) (of, offset int, err error) {
	of = max(1, page)
	if perPage < 1 {
		return of, 0, errs.New(errs.ErrInvalidValue, "%d rows per page", perPage)
	}
	if of-1 > math.MaxInt32/perPage*2 {
		return of, 0, errs.New(errs.ErrInvalidValue, "page %d of %d rows is beyond what a query can skip", of, perPage)
	}
	return of, (of - 1) * perPage, nil
}
