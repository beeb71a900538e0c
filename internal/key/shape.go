// SPDX-License-Identifier: MIT

package key

import "time"

// mayEqual reports whether two different values of a list may be equal for a database, or one of them and one of others.
// Where only code in the database knows, such as a collation for letters beyond ASCII, the answer is yes.
func mayEqual(list []any, others ...any) bool {
	if len(list)+len(others) < 2 || len(others) == 0 && uniform(list) {
		return false
	}
	shapes := make(map[string]bool, len(list))
	for _, v := range list {
		shape, known := shapeOf(v)
		switch {
		case !known, len(others) == 0 && shape != "" && shapes[shape]:
			return true
		case shape != "":
			shapes[shape] = true
		}
	}
	for _, v := range others {
		shape, known := shapeOf(v)
		if !known || shape != "" && shapes[shape] {
			return true
		}
	}
	return false
}

// uniform reports whether all values are texts of lower-case letters and digits with dashes in the same places, such as UUIDs.
// Such values need no shapes.
func uniform(list []any) bool {
	first, ok := list[0].(string)
	for _, v := range list {
		s, isText := v.(string)
		if ok = ok && isText && len(s) == len(first); !ok {
			return false
		}
		for i := range len(s) {
			plain := s[i] >= '0' && s[i] <= '9' || s[i] >= 'a' && s[i] <= 'z' || s[i] == '-'
			if !plain || (s[i] == '-') != (first[i] == '-') {
				return false
			}
		}
	}
	return true
}

// shapeOf returns a text that is the same for all values that a database may find equal to a bound value: "" if it equals only
// itself. It reports false if nothing can be said.
func shapeOf(v any) (shape string, known bool) {
	switch v := v.(type) {
	case string:
		return shapeOfText(v)
	case time.Time: // a date leaves out the time of day
		return v.UTC().Format(time.DateOnly), true
	default:
		return "", true
	}
}

// shapeOfText keeps the letters and digits of a text, in lower case: collations may ignore anything else. Zeros in front of a
// number, and behind a decimal point, are left out too.
func shapeOfText(s string) (shape string, known bool) {
	out := make([]byte, 0, len(s)+1)
	out = append(out, '=') // so that no shape is empty
	number, fraction, point := false, false, 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 {
			return "", false
		}
		digit := c >= '0' && c <= '9'
		switch {
		case c == '0' && !number && !fraction:
			continue
		case digit:
			out = append(out, c)
		case c >= 'A' && c <= 'Z':
			out = append(out, c+'a'-'A')
		case c >= 'a' && c <= 'z':
			out = append(out, c)
		}
		if c == '.' {
			point = len(out)
		}
		fraction = c == '.' || fraction && digit
		number = digit
	}
	for fraction && len(out) > point && out[len(out)-1] == '0' {
		out = out[:len(out)-1]
	}
	return string(out), true
}
