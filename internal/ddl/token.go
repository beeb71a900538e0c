// SPDX-License-Identifier: MIT

package ddl

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word, a quoted text, what stands in a pair of parentheses or brackets, or a sign.
type token struct {
	start, end int
	word       string // in upper case; "" if it is no bare word
}

func (t token) of(text string) string { return text[t.start:t.end] }

// tokens splits a text. Comments and spaces are left out.
func tokens(text string) []token {
	var out []token
	for at := 0; at < len(text); {
		size, skip := extent(text[at:])
		if !skip {
			t := token{start: at, end: at + size}
			if isWord(text[at:]) {
				t.word = strings.ToUpper(t.of(text))
			}
			out = append(out, t)
		}
		at += size
	}
	return out
}

// extent returns the length of the first token, and whether it is a comment or a space.
func extent(text string) (size int, skip bool) {
	switch c := text[0]; {
	case strings.HasPrefix(text, "--"):
		return through(text, 2, "\n"), true
	case strings.HasPrefix(text, "/*"):
		return through(text, 2, "*/"), true
	case c == '\'' || c == '"' || c == '`':
		return quoted(text), false
	case c == '(':
		return enclosed(text, ')'), false
	case c == '[':
		return enclosed(text, ']'), false
	case c == '$':
		if body := strings.IndexByte(text[1:], '$'); body >= 0 && wordLength(text[1:]) == body {
			return through(text, body+2, text[:body+2]), false // dollar quotes of PostgreSQL
		}
		return 1, false
	}
	if n := wordLength(text); n > 0 {
		return n, false
	}
	r, n := utf8.DecodeRuneInString(text)
	return n, unicode.IsSpace(r)
}

// through returns the length of the text up to and including end, which is searched from an offset on.
func through(text string, from int, end string) int {
	if at := strings.Index(text[from:], end); at >= 0 {
		return from + at + len(end)
	}
	return len(text)
}

// quoted returns the length of a text in quotes, in which a quote is written twice.
func quoted(text string) int {
	for at := 1; at < len(text); at++ {
		if text[at] != text[0] {
			continue
		}
		if at+1 == len(text) || text[at+1] != text[0] {
			return at + 1
		}
		at++
	}
	return len(text)
}

// enclosed returns the length of a text in parentheses or brackets.
func enclosed(text string, end byte) int {
	for at := 1; at < len(text); {
		if text[at] == end {
			return at + 1
		}
		size, _ := extent(text[at:])
		at += size
	}
	return len(text)
}

func isWord(text string) bool { return wordLength(text) > 0 }

// wordLength returns the length of the name, keyword or number that the text begins with.
func wordLength(text string) int {
	for i, r := range text {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && (r != '.' || i == 0) && (r != '$' || i == 0) {
			return i
		}
	}
	return len(text)
}

// Unquote returns a name without its quotes.
func Unquote(name string) string {
	if len(name) < 2 {
		return name
	}
	switch quote := name[0]; quote {
	case '"', '`', '\'':
		return strings.ReplaceAll(name[1:len(name)-1], string([]byte{quote, quote}), string(quote))
	case '[':
		return name[1 : len(name)-1]
	}
	return name
}

// Normal returns an expression in a form that two texts of the same expression share: without
// parentheses around it, comments and needless spaces, bare words in lower case.
func Normal(expression string) string {
	text := strings.TrimSpace(expression)
	for list := tokens(text); len(list) == 1 && text[list[0].start] == '('; list = tokens(text) {
		text = strings.TrimSpace(text[list[0].start+1 : list[0].end-1])
	}
	var b strings.Builder
	for i, t := range tokens(text) {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch part := t.of(text); {
		case t.word != "":
			b.WriteString(strings.ToLower(part))
		case part[0] == '(' && len(part) > 1:
			b.WriteString("(" + Normal(part[1:len(part)-1]) + ")")
		case part[0] == '"' || part[0] == '`':
			b.WriteString("'" + strings.ReplaceAll(Unquote(part), "'", "''") + "'")
		default:
			b.WriteString(part)
		}
	}
	return b.String()
}

// Constant returns the expression of a default as standard SQL has it: text in single quotes, and
// parentheses around what is more than one value.
func Constant(expression string) string {
	list := tokens(expression)
	switch {
	case len(list) == 1 && (expression[0] == '"' || expression[0] == '`'):
		return "'" + strings.ReplaceAll(Unquote(expression), "'", "''") + "'"
	case len(list) == 1, len(list) == 2 && (expression[0] == '-' || expression[0] == '+'):
		return expression
	case len(list) == 2 && strings.EqualFold(list[0].word, "X") && strings.Contains(expression, "'"): // a blob
		return expression
	}
	return "(" + expression + ")"
}
