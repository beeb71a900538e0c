// SPDX-License-Identifier: MIT

package ident

import "strings"

// Skip returns the length of the quoted text, comment or single byte that sql starts with.
func Skip(sql string) int {
	closing := ""
	switch {
	case sql[0] == '\'' || sql[0] == '"' || sql[0] == '`':
		closing = sql[:1]
	case strings.HasPrefix(sql, "--"):
		closing = "\n"
	case strings.HasPrefix(sql, "/*"):
		closing = "*/"
	case sql[0] == '$':
		if end := strings.IndexByte(sql[1:], '$'); end >= 0 && (end == 0 || Valid(sql[1:1+end])) {
			closing = sql[:end+2]
		}
	}
	if closing == "" {
		return 1
	}
	if end := strings.Index(sql[len(closing):], closing); end >= 0 {
		return end + 2*len(closing)
	}
	return len(sql)
}
