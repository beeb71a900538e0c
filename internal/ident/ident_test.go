// SPDX-License-Identifier: MIT

package ident_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/ident"
)

var pattern = regexp.MustCompile(`\A[A-Za-z_][A-Za-z0-9_]{0,62}\z`)

func TestValid_EveryShortName(t *testing.T) {
	t.Parallel()
	for a := range 256 {
		one := string([]byte{byte(a)})
		require.Equal(t, pattern.MatchString(one), ident.Valid(one), "Valid(%q)", one)
		for b := range 256 {
			two := string([]byte{byte(a), byte(b)})
			if pattern.MatchString(two) != ident.Valid(two) {
				t.Fatalf("Valid(%q) = %v; want %v", two, ident.Valid(two), !ident.Valid(two))
			}
		}
	}
}

func TestValid(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", ident.MaxLen)
	tests := []struct {
		name  string
		in    string
		valid bool
	}{
		{"Lower", "name", true},
		{"Mixed", "_Name9", true},
		{"Longest", long, true},
		{"TooLong", long + "a", false},
		{"Empty", "", false},
		{"LeadingDigit", "1a", false},
		{"Space", "a b", false},
		{"Dot", "a.b", false},
		{"TrailingNewline", "name\n", false},
		{"Quote", `a"b`, false},
		{"NUL", "a\x00", false},
		{"Letter", "größe", false},
		{"InvalidUTF8", "a\xff", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.valid, ident.Valid(tt.in))
		})
	}
}

func TestCheckRegistered(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", ident.MaxLen)
	tests := []struct {
		name   string
		in     string
		reason string
	}{
		{"Plain", "name", ""},
		{"Odd", "total (€), \"net\" `x` 1.5", ""},
		{"Letters", "größe_名前", ""},
		{"ReplacementCharacter", "\uFFFD", ""},
		{"Longest", long, ""},
		{"TooLong", long + "a", "it is longer than 63 bytes"},
		{"TooLongInBytes", strings.Repeat("ö", 32), "it is longer than 63 bytes"},
		{"Empty", "", "it is empty"},
		{"NUL", "a\x00b", "U+0000 cannot be printed"},
		{"Newline", "a\nb", "U+000A cannot be printed"},
		{"Delete", "a\x7f", "U+007F cannot be printed"},
		{"C1Control", "a\u0085", "U+0085 cannot be printed"},
		{"RightToLeftOverride", "a\u202eb", "U+202E cannot be printed"},
		{"ZeroWidthSpace", "a\u200b", "U+200B cannot be printed"},
		{"NoBreakSpace", "a\u00a0b", "U+00A0 cannot be printed"},
		{"InvalidUTF8", "a\xff", "it is not valid UTF-8"},
		{"HalfCharacter", "a\xc3", "it is not valid UTF-8"},
		{"Surrogate", "a\xed\xa0\x80", "it is not valid UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := ident.CheckRegistered(tt.in)
			if tt.reason == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, ident.ErrInvalid)
			require.EqualError(t, err, "invalid name "+ident.Quote(tt.in)+": "+tt.reason)
		})
	}
}

func TestAppend(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, double, back string
	}{
		{"Plain", "name", `"name"`, "`name`"},
		{"Empty", "", `""`, "``"},
		{"Dot", "a.b", `"a.b"`, "`a.b`"},
		{"Quotes", "a\"b`c", "\"a\"\"b`c\"", "`a\"b``c`"},
		{"OnlyQuotes", "\"`\"`", "\"\"\"`\"\"`\"", "`\"``\"```"},
		{"Backslash", `a\`, `"a\"`, "`a\\`"},
		{"NUL", "a\x00b", "\"a\uFFFDb\"", "`a\uFFFDb`"},
		{"InvalidUTF8", "a\xbf\"", "\"a\uFFFD\"\"\"", "`a\uFFFD\"`"},
		{"Letters", "名前", `"名前"`, "`名前`"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.double, string(ident.Append(nil, '"', tt.in)))
			require.Equal(t, "SELECT "+tt.back, string(ident.Append([]byte("SELECT "), '`', tt.in)))
		})
	}
}

func TestAppendQualified(t *testing.T) {
	t.Parallel()
	tests := []struct {
		table, column string
		wantTable     string
		wantColumn    string
	}{
		{"users", "id", `"users"`, `"users"."id"`},
		{"app.users", "id", `"app"."users"`, `"app"."users"."id"`},
		{"a.b.c", "d.e", `"a"."b.c"`, `"a"."b.c"."d.e"`},
		{`a"."b`, "c", `"a"""."""b"`, `"a"""."""b"."c"`},
		{"", "id", `""`, `"id"`},
		{".", "id", `"".""`, `"".""."id"`},
	}
	for _, tt := range tests {
		require.Equal(t, tt.wantTable, string(ident.AppendTable(nil, '"', tt.table)))
		require.Equal(t, tt.wantColumn, string(ident.AppendQualified(nil, '"', tt.table, tt.column)))
	}
}

func TestAppend_DoesNotAllocate(t *testing.T) {
	dst := make([]byte, 0, 128)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		dst = ident.AppendQualified(dst[:0], '"', "app.users", "größe")
	}))
	candidates := []string{"first_name", "last_name", "full_name"}
	require.Zero(t, testing.AllocsPerRun(100, func() {
		_ = ident.Suggest("FullNme", candidates)
	}))
}

func TestQuote(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 64)
	tests := []struct {
		name, in, want string
	}{
		{"Plain", "a b", `"a b"`},
		{"Empty", "", `""`},
		{"Control", "a\x00\n\x1b[31m", `"a\x00\n\x1b[31m"`},
		{"Bidi", "a\u202e", `"a\u202e"`},
		{"InvalidUTF8", "a\xff", `"a\xff"`},
		{"Longest", long, `"` + long + `"`},
		{"Cut", long + "b", `"` + long + `"…`},
		{"CutBetweenCharacters", long[1:] + "öb", `"` + long[1:] + `"…`},
		{"CutInvalid", strings.Repeat("\x80", 70), `"` + strings.Repeat(`\x80`, 60) + `"…`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, ident.Quote(tt.in))
		})
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	columns := []string{"id", "full_name", "email", "created_at", "updated_at", "größe", "html_url"}
	fields := []string{"ID", "FullName", "Email", "CreatedAt", "UpdatedAt", "HTMLURL"}
	tests := []struct {
		in, column, field string
	}{
		{"FullNme", "full_name", "FullName"},
		{"fullname", "full_name", "FullName"},
		{"full_nme", "full_name", "FullName"},
		{"FULL_NAME", "full_name", "FullName"},
		{"fulname", "full_name", "FullName"},
		{"fullnaem", "full_name", "FullName"},
		{"emial", "email", "Email"},
		{"Id", "id", "ID"},
		{"htmlUrl", "html_url", "HTMLURL"},
		{"creatd_at", "created_at", "CreatedAt"},
		{"GRÖSE", "größe", ""},
		{"ip", "", ""},
		{"x", "", ""},
		{"", "", ""},
		{"___", "", ""},
		{"password", "", ""},
		{"full_name" + strings.Repeat("_", 56), "", ""},
		{strings.Repeat("x", 1<<20), "", ""},
	}
	for _, tt := range tests {
		require.Equal(t, tt.column, ident.Suggest(tt.in, columns), "Suggest(%s)", ident.Quote(tt.in))
		require.Equal(t, tt.field, ident.Suggest(tt.in, fields), "Suggest(%s)", ident.Quote(tt.in))
	}
	require.Empty(t, ident.Suggest("name", nil))
	require.Empty(t, ident.Suggest("name", []string{"", "_", strings.Repeat("name", 20)}))
}

func TestSuggest_DoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	require.Equal(t, "note", ident.Suggest("nose", []string{"note", "rose"}))
	require.Equal(t, "note", ident.Suggest("nose", []string{"rose", "note"}))
	require.Equal(t, "nose_", ident.Suggest("nose", []string{"rose", "nose_", "note"}))
}

// Suggest must agree with the textbook recurrence, which knows neither early exit nor rolling rows.
func TestSuggest_AgainstTextbook(t *testing.T) {
	t.Parallel()
	var words []string
	for a := range 3 * 3 * 3 * 3 * 3 {
		word := base3(a)
		words = append(words, word, word+"bbbb")
	}
	for _, name := range words {
		limit := min(len(name)/3, 3)
		for _, candidate := range words {
			near := ident.Suggest(name, []string{candidate}) != ""
			if d := textbook(name, candidate); near != (d <= limit) {
				t.Fatalf("Suggest(%q, %q): near = %v; want distance %d <= %d", name, candidate, near, d, limit)
			}
		}
	}
}

func base3(n int) string {
	digits := []byte("aaaaa")
	for i := range digits {
		digits[i] = "abc"[n%3]
		n /= 3
	}
	return string(digits)
}

func textbook(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			default:
				cost := 1
				if a[i-1] == b[j-1] {
					cost = 0
				}
				d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], d[i-2][j-2]+1)
				}
			}
		}
	}
	return d[len(a)][len(b)]
}

// replaced is name without what Append replaces.
func replaced(name string) string {
	return strings.ReplaceAll(string([]rune(name)), "\x00", string(utf8.RuneError))
}
