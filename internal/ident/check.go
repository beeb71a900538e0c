// SPDX-License-Identifier: MIT

package ident

import (
	"errors"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// MaxLen is the length in bytes of the longest name. PostgreSQL cuts longer names without an error,
// so that two of them may become one.
const MaxLen = 63

// ErrInvalid is wrapped by the errors of [CheckRegistered].
var ErrInvalid = errors.New("invalid name")

// Valid reports whether name matches ^[A-Za-z_][A-Za-z0-9_]{0,62}$.
func Valid(name string) bool {
	if name == "" || len(name) > MaxLen || isDigit(name[0]) {
		return false
	}
	for i := range len(name) {
		if c := name[i]; !isLetter(c) && !isDigit(c) {
			return false
		}
	}
	return true
}

// CheckRegistered returns nil if name may be a column or a table that the program declares: 1 to 63
// bytes of valid UTF-8, all of it printable in the sense of [unicode.IsPrint]. Otherwise it returns
// an error that wraps [ErrInvalid].
func CheckRegistered(name string) error {
	if reason := flaw(name); reason != "" {
		return fmt.Errorf("%w %s: %s", ErrInvalid, Quote(name), reason)
	}
	return nil
}

// flaw returns what is wrong with a registered name, or "".
func flaw(name string) string {
	if name == "" {
		return "it is empty"
	}
	if len(name) > MaxLen {
		return fmt.Sprintf("it is longer than %d bytes", MaxLen)
	}
	if !utf8.ValidString(name) {
		return "it is not valid UTF-8"
	}
	for _, r := range name {
		if !unicode.IsPrint(r) {
			return fmt.Sprintf("%U cannot be printed", r)
		}
	}
	return ""
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// IsSchema reports whether a name can be that of a schema which callers choose: ASCII letters, digits and _, at most 63 of them.
func IsSchema(name string) bool {
	if name == "" || len(name) > MaxLen {
		return false
	}
	for i := range len(name) {
		if !isLetter(name[i]) && !isDigit(name[i]) {
			return false
		}
	}
	return true
}
