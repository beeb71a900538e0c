// SPDX-License-Identifier: MIT

package ident_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	_ "github.com/mattn/go-sqlite3" // the live round trip
	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/ident"
)

// seeds are names that broke quoting somewhere.
var seeds = []string{
	"", "a", "_", "name", "Name9", "9a", "a b", "a.b", ".", "..", `"`, `""`, `"""`, "`", "``", "```",
	`a"b`, "a`b", `a" FROM x --`, "a` FROM x --", `"."`, "`.`", `a\"b`, `\`, "a\x00", "\x00", "\x00\"",
	"a\xbf\"", "\xbf`", "\xc3", "\xe2\x80\"", "\xed\xa0\x80", "größe", "名前", "\u202e", "\uFFFD", "a/*b*/",
	"a--", "a;b", "$1", "?", ":x", "@x", "{x}", "\n", "\x7f", "\u0085", "ＡＢ", "ʼ", "＂",
	strings.Repeat("a", 60) + ".bbb", strings.Repeat("a", 63), strings.Repeat("a", 64),
	strings.Repeat("ö", 32), strings.Repeat(`"`, 40),
}

func addSeeds(f *testing.F) {
	f.Helper()
	for _, seed := range seeds {
		f.Add(seed)
	}
}

// FuzzValid: an accepted name has no byte outside the pattern.
func FuzzValid(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, name string) {
		require.Equal(t, pattern.MatchString(name), ident.Valid(name))
	})
}

// FuzzCheckRegistered: an accepted name is short, printable text; every name of the allow-list is
// accepted too.
func FuzzCheckRegistered(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, name string) {
		err := ident.CheckRegistered(name)
		if err != nil {
			requireShowable(t, err.Error())
			require.ErrorIs(t, err, ident.ErrInvalid)
			require.False(t, ident.Valid(name))
			return
		}
		require.True(t, utf8.ValidString(name) && 0 < len(name) && len(name) <= 63)
		require.False(t, strings.ContainsFunc(name, unicode.IsControl))
	})
}

// FuzzAppend: whatever the name, the output is one identifier and nothing else.
func FuzzAppend(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, name string) {
		for _, quote := range []byte{'"', '`'} {
			out := string(ident.Append(nil, quote, name))
			require.True(t, utf8.ValidString(out), "%q", out)
			require.NotContains(t, out, "\x00")
			require.Equal(t, []string{replaced(name)}, identifiers(t, out, quote))
			require.Equal(t, out, string(ident.AppendQualified(nil, quote, "", name)))
		}
	})
}

// FuzzAppendQualified: the output is two or three identifiers joined by dots.
func FuzzAppendQualified(f *testing.F) {
	for i, table := range seeds {
		f.Add(table, seeds[len(seeds)-1-i])
	}
	f.Add("app.users", "id")
	f.Fuzz(func(t *testing.T, table, column string) {
		for _, quote := range []byte{'"', '`'} {
			out := string(ident.AppendQualified(nil, quote, table, column))
			var want []string
			if table != "" {
				want = strings.SplitN(replaced(table), ".", 2)
			}
			require.Equal(t, append(want, replaced(column)), identifiers(t, out, quote))
		}
	})
}

// FuzzSQLite: SQLite gives the column the name that was quoted.
func FuzzSQLite(f *testing.F) {
	addSeeds(f)
	db, err := sql.Open("sqlite3", filepath.Join(f.TempDir(), "ident.db"))
	require.NoError(f, err)
	f.Cleanup(func() { require.NoError(f, db.Close()) })
	f.Fuzz(func(t *testing.T, name string) {
		if !ident.Valid(name) && ident.CheckRegistered(name) != nil {
			return
		}
		for _, quote := range []byte{'"', '`'} {
			query := "SELECT 1 AS " + string(ident.Append(nil, quote, name))
			require.Equal(t, []string{name}, columnsOf(t, db, query))
		}
	})
}

// FuzzSuggest: a suggestion is one of the candidates, and a name finds itself in any spelling.
func FuzzSuggest(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, name string) {
		candidates := []string{"full_name", "email", "größe"}
		if got := ident.Suggest(name, candidates); got != "" {
			require.Contains(t, candidates, got)
		}
		if ident.Valid(name) && strings.Trim(name, "_") != "" {
			for _, spelling := range []string{strings.ToUpper(name), strings.ReplaceAll(name, "_", "")} {
				require.Equal(t, name, ident.Suggest(spelling, []string{name}))
			}
		}
	})
}

func columnsOf(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	columns, err := rows.Columns()
	require.NoError(t, err)
	require.NoError(t, rows.Err())
	return columns
}

// identifiers is an independent tokenizer: it splits text that must consist of quoted identifiers
// joined by dots, the way SQLite, PostgreSQL and MySQL read them.
func identifiers(t *testing.T, text string, quote byte) []string {
	t.Helper()
	var names []string
	for {
		require.NotEmpty(t, text, "an identifier is missing")
		require.Equal(t, quote, text[0], "unquoted text in %q", text)
		text = text[1:]
		var name strings.Builder
		for {
			end := strings.IndexByte(text, quote)
			require.GreaterOrEqual(t, end, 0, "the identifier has no end")
			name.WriteString(text[:end])
			text = text[end+1:]
			if text == "" || text[0] != quote {
				break
			}
			name.WriteByte(quote)
			text = text[1:]
		}
		names = append(names, name.String())
		if text == "" {
			return names
		}
		require.Equal(t, byte('.'), text[0], "text outside quotes: %q", text)
		text = text[1:]
	}
}

func requireShowable(t *testing.T, message string) {
	t.Helper()
	require.True(t, utf8.ValidString(message))
	require.LessOrEqual(t, len(message), 4*64+200)
	for _, r := range message {
		require.True(t, unicode.IsPrint(r), "%U in a message", r)
	}
}
