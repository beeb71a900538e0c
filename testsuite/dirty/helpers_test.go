// SPDX-License-Identifier: MIT

package dirty_test

import (
	"strings"

	"github.com/kindred-orm/kindred/model"
)

const someUUID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

func rotate(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return r
		}
		return 'a' + (r-'a'+13)%26
	}, s)
}

// The flags of the states that a record can be in.
var (
	flagsNew     = flags{New: true, Local: true}
	flagsFetched = flags{Persisted: true}
)

func flagsOf(r flagged) flags {
	return flags{r.IsNew(), r.IsPersisted(), model.IsLocal(r), r.IsDeleted(), r.Trashed()}
}
