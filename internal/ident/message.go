// SPDX-License-Identifier: MIT

package ident

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// maxShown is the number of bytes of a name that a message shows, and the length up to which
// suggestions are sought: no real name is longer.
const maxShown = 64

// Quote returns s for an error message: as %q prints it, without anything that is not printable, and
// cut after 64 bytes, which an ellipsis behind the closing quote tells.
func Quote(s string) string {
	if len(s) <= maxShown {
		return strconv.Quote(s)
	}
	end := maxShown
	// Do not cut a character in half, unless this is no UTF-8 anyway.
	for end > maxShown-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return strconv.Quote(s[:end]) + "…"
}

// Suggest returns the candidate that is nearest to name, or "" if none is near. Case and underscores
// do not count, so that FullNme, fullname and full_nme all find full_name or FullName. One mistake is
// forgiven in three characters, three at most; a mistake is a wrong, missing, surplus or swapped
// character. Among equally near candidates the first in byte order wins.
//
// The cost is bounded: a name or candidate over 64 bytes is never near.
func Suggest(name string, candidates []string) string {
	var a, b folded
	if !a.fold(name) {
		return ""
	}
	limit := min(a.len/3, 3)
	best, bestDistance := "", limit+1
	for _, candidate := range candidates {
		if !b.fold(candidate) {
			continue
		}
		d := distance(&a, &b, bestDistance)
		if d < bestDistance || d == bestDistance && d <= limit && candidate < best {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// A folded is a name without the differences that do not count.
type folded struct {
	runes [maxShown]rune
	len   int
}

// fold sets f to the lower-case letters of name without its underscores. It returns false if nothing
// is left or name is too long.
func (f *folded) fold(name string) bool {
	f.len = 0
	if len(name) > maxShown {
		return false
	}
	for _, r := range name {
		if r != '_' {
			f.runes[f.len] = unicode.ToLower(r)
			f.len++
		}
	}
	return f.len > 0
}

// distance returns the Damerau-Levenshtein distance of a and b, in the variant that edits no part
// twice (optimal string alignment), or more than limit if it is more than limit.
func distance(a, b *folded, limit int) int {
	if gap := a.len - b.len; gap > limit || -gap > limit {
		return limit + 1
	}
	// The last three rows of the table of distances between prefixes.
	var rows [3][maxShown + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range b.len + 1 {
		last[j] = j
	}
	for i := 1; i <= a.len; i++ {
		row[0] = i
		least := i
		for j := 1; j <= b.len; j++ {
			cost := 1
			if a.runes[i-1] == b.runes[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a.runes[i-1] == b.runes[j-2] && a.runes[i-2] == b.runes[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		// A swap reaches back two rows, but never below the least of the last one.
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[b.len]
}
