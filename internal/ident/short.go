// SPDX-License-Identifier: MIT

package ident

import (
	"hash/fnv"
	"strconv"
	"unicode/utf8"
)

// Short returns name if it has at most 63 bytes, and otherwise a name of its own of that length: its beginning, and a hash of
// all of it.
func Short(name string) string {
	if len(name) <= MaxLen {
		return name
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	return Cut(name, "_"+strconv.FormatUint(h.Sum64(), 36))
}

// Cut returns name followed by suffix, of which name loses as many characters at its end as it takes to be at most 63 bytes.
func Cut(name, suffix string) string {
	for len(name)+len(suffix) > MaxLen && name != "" {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name + suffix
}
