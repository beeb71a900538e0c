// SPDX-License-Identifier: MIT

package identifiers_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/internal/faultdb"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// User has what names can be of: attributes, a hidden one, scopes, a computed value.
type User struct {
	model.BaseModel[User]

	ID        int64
	Email     string `gorm:"uniqueIndex;size:160"`
	FullName  string
	Password  string `json:"-"`
	Visits    int64
	CreatedAt time.Time
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}

// Define adds what is known by name.
func (*User) Define(d *model.Definition[User]) {
	d.Computed("initials", func(*User) any { return "I" })
	d.Scope("visited", func(q *relation.Query, _ ...any) { q.Where("visits", ">", 0) })
	d.GlobalScope("named", func(q *relation.Query) { q.WhereNotNull("email") })
}

// Secret is another table, with the canary.
type Secret struct {
	model.BaseModel[Secret]

	ID    int64
	Owner string
	Token string
}

// Pair has a key of two columns.
type Pair struct {
	model.BaseModel[Pair]

	Left  int64 `gorm:"primaryKey;autoIncrement:false"`
	Right int64 `gorm:"primaryKey;autoIncrement:false"`
}

const canary = "CANARY-7f3a"

// badNames are names that nothing has.
func badNames() []string {
	return []string{
		``, ` `, "\t", `.`, `..`, `a.b.c.d`, `id.`, `.id`, `users.`, `id"`, "id`", `id'`, `""""`, "````", `id]`, `"id"`, "`id`",
		`id--`, `id;--`, `id; DROP TABLE users`, `id/*`, `/**/id`, `id#`, "id\x00", "\x00", "id\x01", "id\n", "id\r\n", "id\x1b[31m",
		"id\x7f", "id\u0085", "id\u00a0", "id\u2028", "i\u0501", "\uff49d", "id\uff07", "id\u202e", "id\xff", "\xc0\xaf", strings.Repeat("i", 64),
		strings.Repeat("x", 1000), strings.Repeat("\"", 65), `$1`, `?`, `??`, `%s`, `%!v`, `@name`, `:name`, `{id}`, `id) OR (1=1`, `1=1`, `1`,
		`id = 1 OR id`, `(SELECT token FROM secrets LIMIT 1)`, `token FROM secrets--`, `id::text`, `id->>'x'`, `id->x`, `id[1]`,
		`lower(id)`, `count(*)`, `id, token`, `id AS token`, `token`, `Token`, `owner`, `secrets.token`, `secrets.Token`,
		`PASSWORD`, `passWord`, `Pass_word`, `users.PASSWORD`, `users.password.x`, `USERS.id`, `main.users.id`, `rowid`,
		`_rowid_`, `ctid`, `oid`, `xmin`, `NULL`, `true`, `DISTINCT`, `~~~py~~~`, `~~~ct~~~`, `~~~as~~~`, `id COLLATE "C"`, "id\nlike", strings.Repeat("x", 80) + " like", `initials`, `named`,
	}
}

// Case is one name at one place.
type Case struct {
	ctx  context.Context
	db   *model.DB
	name string
	user *User // a record with a row

	owner *Owner // likewise, with relations
}

func (c *Case) users() *model.Builder[User] { return model.Query[User](c.db) }

// Entry is one place that takes a name.
type Entry struct {
	api string // by the name that the surface test knows
	at  string // which of its names
	use func(c *Case) (any, error)
	// meant are names that mean something here.
	meant []string
	// silent means that there is no error to return; the result must be the zero value.
	silent bool
}

// stage is a database whose statements are recorded, with a canary in two tables.
type stage struct {
	gorm    *gorm.DB
	db      *model.DB
	control *faultdb.Control
	user    *User
	owner   *Owner
}

func open(t *testing.T, dialector gorm.Dialector, control *faultdb.Control) *stage {
	t.Helper()
	handle, err := gorm.Open(dialector, &gorm.Config{Logger: logger.Discard})
	require.NoError(t, err)
	db, err := model.New(handle)
	require.NoError(t, err)
	defined.Lock()
	defined.define = func(*model.Definition[Named]) {}
	err = db.Migrate(t.Context(), &User{}, &Secret{}, &Pair{}, &Named{}, &Owner{}, &Post{}, &Card{},
		&Tag{}, &Member{})
	defined.Unlock()
	require.NoError(t, err)
	require.NoError(t, model.Create(t.Context(), db, &Named{ID: 1}))
	s := &stage{
		gorm: handle, db: db, control: control,
		user: &User{Email: "a@example.com", FullName: "A", Password: canary, Visits: 3},
	}
	require.NoError(t, model.Create(t.Context(), db, s.user))
	s.owner = &Owner{Name: "o"}
	require.NoError(t, model.Create(t.Context(), db, s.owner))
	require.NoError(t, model.Create(t.Context(), db, &Secret{Owner: "a", Token: canary}))
	return s
}

// databases runs a test on both databases.
func databases(t *testing.T, test func(t *testing.T, s *stage)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		dialector, control := faultdb.SQLite(t, dbtest.SQLiteDSN(t))
		test(t, open(t, dialector, control))
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		dialector, control := faultdb.Postgres(t, dbtest.PostgresDSN(t))
		test(t, open(t, dialector, control))
	})
}

// sentinels are what a refusal may be.
func sentinels() []error {
	return []error{
		model.ErrUnknownColumn, model.ErrUnknownAttribute, model.ErrUnknownRelation, model.ErrUnknownScope, model.ErrUnsupported,
		model.ErrInvalidKey, model.ErrInvalidValue, model.ErrInvalidCursor, model.ErrMissingKey, model.ErrGuarded,
	}
}

// refused returns what is wrong with a refusal.
func (s *stage) refused(got any, err error) string {
	if n := len(s.control.Events()); n > 0 {
		return fmt.Sprintf("%d statements: %q", n, s.control.SQL())
	}
	if err == nil {
		return fmt.Sprintf("no error, but %v", got)
	}
	known := false
	for _, sentinel := range sentinels() {
		known = known || errors.Is(err, sentinel)
	}
	if !known {
		return fmt.Sprintf("an error without a sentinel: %v", err)
	}
	return textOf(err.Error())
}

// textOf returns what is wrong with the text of an error.
func textOf(text string) string {
	switch {
	case strings.Contains(text, canary):
		return "the error shows the canary: " + text
	case len(text) > 500:
		return fmt.Sprintf("the error has %d bytes: %q", len(text), text)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Sprintf("the error is not printable: %q", text)
	default:
		return ""
	}
}

// TestMaliciousNamesAreRefused gives malicious names to every place that takes a name: each is refused with an
// error of the package, before anything is sent.
func TestMaliciousNamesAreRefused(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, s *stage) {
		t.Helper()
		cases := 0
		before := harness.Snapshot(s.user) + harness.Snapshot(s.owner)
		for _, entry := range allEntries() {
			for _, name := range badNames() {
				if slices.Contains(entry.meant, name) {
					continue
				}
				cases++
				s.try(t, entry, name)
			}
			if after := harness.Snapshot(s.user) + harness.Snapshot(s.owner); after != before {
				t.Fatalf("%s, %s: a record has changed:\n%s", entry.api, entry.at, harness.Diff(before, after))
			}
		}
		require.GreaterOrEqual(t, cases, 5760/2)
		t.Logf("%d names at %d places: %d cases", len(badNames()), len(allEntries()), cases)
	})
}

func (s *stage) try(t *testing.T, entry Entry, name string) {
	t.Helper()
	s.control.Reset()
	got, err := entry.use(&Case{ctx: t.Context(), db: s.db, name: name, user: s.user, owner: s.owner})
	wrong := ""
	switch {
	case !entry.silent:
		wrong = s.refused(got, err)
	case err != nil || len(s.control.Events()) > 0:
		wrong = fmt.Sprintf("error %v, statements %q", err, s.control.SQL())
	case got != nil && got != false && got != "" && got != int64(0):
		wrong = fmt.Sprintf("it means something: %v", got)
	}
	if text := fmt.Sprintf("%+v", got); wrong == "" && strings.Contains(text, canary) {
		wrong = "the result shows the canary"
	}
	if wrong != "" {
		t.Errorf("%s, %s, %q: %s", entry.api, entry.at, name, wrong)
	}
}

// Named is defined with names that the test makes up.
type Named struct {
	model.BaseModel[Named]

	ID int64
}

// naming is the usual strategy, but one that cannot be compared, so that every database reads
// definitions for itself.
type naming []struct{}

// PivotTable is not asked for.
func (naming) PivotTable(a, b string) string { return a + "_" + b }

// PivotKey likewise.
func (naming) PivotKey(of, key string) string { return of + "_" + key }

// Serialized returns the name in lower case.
func (naming) Serialized(field string) string { return strings.ToLower(field) }

// defined is what Named's Define does.
var defined struct {
	sync.Mutex

	define func(d *model.Definition[Named])
}

// Define does what the test says.
func (*Named) Define(d *model.Definition[Named]) { defined.define(d) }

// identRegister returns a database that knows Named as defined.
func (s *stage) register(t *testing.T, define func(d *model.Definition[Named])) (*model.DB, error) {
	t.Helper()
	db, err := model.New(s.gorm, model.Config{Naming: naming{}})
	require.NoError(t, err)
	defined.Lock()
	defer defined.Unlock()
	defined.define = define
	return db, db.Register(&Named{})
}

// TestMaliciousNamesInDefinitionsAreRefused gives malicious names to definitions. A table's is refused, or quoted as
// one name, so that there is no such table; a moment's is refused.
func TestMaliciousNamesInDefinitionsAreRefused(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, s *stage) {
		t.Helper()
		typed := func(name string, err error) {
			_, ok := errors.AsType[*model.Error](err)
			require.True(t, ok, "%q: an error without a type: %v", name, err)
			for line := range strings.SplitSeq(err.Error(), "\n") { // one per mistake
				require.Empty(t, textOf(line), "%q", name)
			}
		}
		for _, name := range badNames() {
			_, err := s.register(t, func(d *model.Definition[Named]) {
				d.On(hooks.Moment(name), func(context.Context, *Named) error { return nil })
				d.OnMany(hooks.Moment(name), func(context.Context, []*Named) error { return nil })
				d.OnQuery(hooks.Moment(name), func(context.Context, *relation.Query) error { return nil })
			})
			require.Error(t, err, "%q", name)
			typed(name, err)

			if name == "" {
				continue // the name that the strategy makes
			}
			db, err := s.register(t, func(d *model.Definition[Named]) { d.Table(name) })
			if err != nil {
				typed(name, err)
				continue
			}
			list, err := model.Query[Named](db).All(t.Context())
			require.Error(t, err, "%q: %v", name, list)
			require.Regexp(t, "no such table|does not exist|unknown database|cross-database", err.Error(), "%q", name)
			require.NotContains(t, err.Error(), canary)
		}
	})
}

// TestMaliciousNamesInJSONAreQuoted gives malicious names to the values of an output that may have any name: they
// are quoted, so that they stand for themselves.
func TestMaliciousNamesInJSONAreQuoted(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, s *stage) {
		t.Helper()
		for _, name := range badNames() {
			db, err := s.register(t, func(d *model.Definition[Named]) {
				d.Computed(name, func(*Named) any { return "mine" })
			})
			if name == "" {
				require.Error(t, err, "%q", name)
				continue
			}
			require.NoError(t, err, "%q", name)
			rec, err := model.Query[Named](db).Find(t.Context(), 1)
			require.NoError(t, err, "%q", name)
			rec.Extras()["x"] = "extra"
			for _, opts := range []serialize.Options{{}, {Extras: true, ExtrasAs: "as " + name}} {
				text, err := serialize.JSON(rec, opts)
				require.NoError(t, err, "%q", name)
				var got map[string]any
				require.NoError(t, json.Unmarshal(text, &got), "%q: %s", name, text)
				require.Equal(t, "mine", got[string([]rune(name))], "%q: %s", name, text)
				if opts.Extras {
					require.Equal(t, map[string]any{"x": "extra"}, got[string([]rune("as "+name))], "%q: %s", name, text)
				}
			}
		}
	})
}

func (s *stage) tryValue(t *testing.T, api string, value any, use func(c *Case, v any) (any, error)) {
	t.Helper()
	before := harness.Snapshot(s.user)
	s.control.Reset()
	got, err := use(&Case{ctx: t.Context(), db: s.db, user: s.user}, value)
	wrong := s.refused(got, err)
	if wrong == "" && harness.Snapshot(s.user) != before {
		wrong = "the record has changed"
	}
	if wrong != "" {
		t.Errorf("%s of a %T (%s): %s", api, value, fmt.Sprintf("%.60q", fmt.Sprint(value)), wrong)
	}
}
