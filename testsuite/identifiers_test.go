// SPDX-License-Identifier: MIT

package testsuite

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
)

// identUser has what names can be of: attributes, a hidden one, scopes, a computed value.
type identUser struct {
	model.BaseModel[identUser]

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
func (*identUser) Define(d *model.Definition[identUser]) {
	d.Computed("initials", func(*identUser) any { return "I" })
	d.Scope("visited", func(q *relation.Query, _ ...any) { q.Where("visits", ">", 0) })
	d.GlobalScope("named", func(q *relation.Query) { q.WhereNotNull("email") })
}

// identSecret is another table, with the canary.
type identSecret struct {
	model.BaseModel[identSecret]

	ID    int64
	Owner string
	Token string
}

// identPair has a key of two columns.
type identPair struct {
	model.BaseModel[identPair]

	Left  int64 `gorm:"primaryKey;autoIncrement:false"`
	Right int64 `gorm:"primaryKey;autoIncrement:false"`
}

const identCanary = "CANARY-7f3a"

// identNames are names that nothing has.
func identNames() []string {
	return []string{
		``, ` `, "\t", `.`, `..`, `a.b.c.d`, `id.`, `.id`, `ident_users.`, `id"`, "id`", `id'`, `""""`, "````", `id]`, `"id"`, "`id`",
		`id--`, `id;--`, `id; DROP TABLE ident_users`, `id/*`, `/**/id`, `id#`, "id\x00", "\x00", "id\x01", "id\n", "id\r\n", "id\x1b[31m",
		"id\x7f", "id\u0085", "id\u00a0", "id\u2028", "i\u0501", "\uff49d", "id\uff07", "id\u202e", "id\xff", "\xc0\xaf", strings.Repeat("i", 64),
		strings.Repeat("x", 1000), strings.Repeat("\"", 65), `$1`, `?`, `??`, `%s`, `%!v`, `@name`, `:name`, `{id}`, `id) OR (1=1`, `1=1`, `1`,
		`id = 1 OR id`, `(SELECT token FROM ident_secrets LIMIT 1)`, `token FROM ident_secrets--`, `id::text`, `id->>'x'`, `id->x`, `id[1]`,
		`lower(id)`, `count(*)`, `id, token`, `id AS token`, `token`, `Token`, `owner`, `ident_secrets.token`, `ident_secrets.Token`,
		`PASSWORD`, `passWord`, `Pass_word`, `ident_users.PASSWORD`, `ident_users.password.x`, `IDENT_USERS.id`, `main.ident_users.id`, `rowid`,
		`_rowid_`, `ctid`, `oid`, `xmin`, `NULL`, `true`, `DISTINCT`, `~~~py~~~`, `~~~ct~~~`, `~~~as~~~`, `id COLLATE "C"`, "id\nlike", strings.Repeat("x", 80) + " like", `initials`, `named`,
	}
}

// identCase is one name at one place.
type identCase struct {
	ctx  context.Context
	db   *model.DB
	name string
	user *identUser // a record with a row

	owner *identOwner // likewise, with relations
}

func (c *identCase) users() *model.Builder[identUser] { return model.Query[identUser](c.db) }

// identEntry is one place that takes a name.
type identEntry struct {
	api string // by the name that the surface test knows
	at  string // which of its names
	use func(c *identCase) (any, error)
	// meant are names that mean something here.
	meant []string
	// silent means that there is no error to return; the result must be the zero value.
	silent bool
}

// identStage is a database whose statements are recorded, with a canary in two tables.
type identStage struct {
	gorm    *gorm.DB
	db      *model.DB
	control *faultdb.Control
	user    *identUser
	owner   *identOwner
}

func identOpen(t *testing.T, dialector gorm.Dialector, control *faultdb.Control) *identStage {
	t.Helper()
	handle, err := gorm.Open(dialector, &gorm.Config{Logger: logger.Discard})
	require.NoError(t, err)
	db, err := model.New(handle)
	require.NoError(t, err)
	identDefined.Lock()
	identDefined.define = func(*model.Definition[identNamed]) {}
	err = db.Migrate(t.Context(), &identUser{}, &identSecret{}, &identPair{}, &identNamed{}, &identOwner{}, &identPost{}, &identCard{},
		&identTag{}, &identMember{})
	identDefined.Unlock()
	require.NoError(t, err)
	require.NoError(t, model.Create(t.Context(), db, &identNamed{ID: 1}))
	s := &identStage{
		gorm: handle, db: db, control: control,
		user: &identUser{Email: "a@example.com", FullName: "A", Password: identCanary, Visits: 3},
	}
	require.NoError(t, model.Create(t.Context(), db, s.user))
	s.owner = &identOwner{Name: "o"}
	require.NoError(t, model.Create(t.Context(), db, s.owner))
	require.NoError(t, model.Create(t.Context(), db, &identSecret{Owner: "a", Token: identCanary}))
	return s
}

// identDatabases runs a test on both databases.
func identDatabases(t *testing.T, test func(t *testing.T, s *identStage)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		dialector, control := faultdb.SQLite(t, dbtest.SQLiteDSN(t))
		test(t, identOpen(t, dialector, control))
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		dialector, control := faultdb.Postgres(t, dbtest.PostgresDSN(t))
		test(t, identOpen(t, dialector, control))
	})
}

// identSentinels are what a refusal may be.
func identSentinels() []error {
	return []error{
		model.ErrUnknownColumn, model.ErrUnknownAttribute, model.ErrUnknownRelation, model.ErrUnknownScope, model.ErrUnsupported,
		model.ErrInvalidKey, model.ErrInvalidValue, model.ErrInvalidCursor, model.ErrMissingKey, model.ErrGuarded,
	}
}

// refused returns what is wrong with a refusal.
func (s *identStage) refused(got any, err error) string {
	if n := len(s.control.Events()); n > 0 {
		return fmt.Sprintf("%d statements: %q", n, s.control.SQL())
	}
	if err == nil {
		return fmt.Sprintf("no error, but %v", got)
	}
	known := false
	for _, sentinel := range identSentinels() {
		known = known || errors.Is(err, sentinel)
	}
	if !known {
		return fmt.Sprintf("an error without a sentinel: %v", err)
	}
	return identText(err.Error())
}

// identText returns what is wrong with the text of an error.
func identText(text string) string {
	switch {
	case strings.Contains(text, identCanary):
		return "the error shows the canary: " + text
	case len(text) > 500:
		return fmt.Sprintf("the error has %d bytes: %q", len(text), text)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Sprintf("the error is not printable: %q", text)
	default:
		return ""
	}
}

// TestIdentifiers gives malicious names to every place that takes a name: each is refused with an
// error of the package, before anything is sent.
func TestIdentifiers(t *testing.T) {
	t.Parallel()
	identDatabases(t, func(t *testing.T, s *identStage) {
		t.Helper()
		cases := 0
		before := sweepSnapshot(s.user) + sweepSnapshot(s.owner)
		for _, entry := range identEntries() {
			for _, name := range identNames() {
				if slices.Contains(entry.meant, name) {
					continue
				}
				cases++
				s.try(t, entry, name)
			}
			if after := sweepSnapshot(s.user) + sweepSnapshot(s.owner); after != before {
				t.Fatalf("%s, %s: a record has changed:\n%s", entry.api, entry.at, sweepDiff(before, after))
			}
		}
		require.GreaterOrEqual(t, cases, 5760/2)
		t.Logf("%d names at %d places: %d cases", len(identNames()), len(identEntries()), cases)
	})
}

func (s *identStage) try(t *testing.T, entry identEntry, name string) {
	t.Helper()
	s.control.Reset()
	got, err := entry.use(&identCase{ctx: t.Context(), db: s.db, name: name, user: s.user, owner: s.owner})
	wrong := ""
	switch {
	case !entry.silent:
		wrong = s.refused(got, err)
	case err != nil || len(s.control.Events()) > 0:
		wrong = fmt.Sprintf("error %v, statements %q", err, s.control.SQL())
	case got != nil && got != false && got != "" && got != int64(0):
		wrong = fmt.Sprintf("it means something: %v", got)
	}
	if text := fmt.Sprintf("%+v", got); wrong == "" && strings.Contains(text, identCanary) {
		wrong = "the result shows the canary"
	}
	if wrong != "" {
		t.Errorf("%s, %s, %q: %s", entry.api, entry.at, name, wrong)
	}
}

// identNamed is defined with names that the test makes up.
type identNamed struct {
	model.BaseModel[identNamed]

	ID int64
}

// identNaming is the usual strategy, but one that cannot be compared, so that every database reads
// definitions for itself.
type identNaming []struct{}

// PivotTable is not asked for.
func (identNaming) PivotTable(a, b string) string { return a + "_" + b }

// PivotKey likewise.
func (identNaming) PivotKey(of, key string) string { return of + "_" + key }

// Serialized returns the name in lower case.
func (identNaming) Serialized(field string) string { return strings.ToLower(field) }

// identDefined is what identNamed's Define does.
var identDefined struct {
	sync.Mutex

	define func(d *model.Definition[identNamed])
}

// Define does what the test says.
func (*identNamed) Define(d *model.Definition[identNamed]) { identDefined.define(d) }

// identRegister returns a database that knows identNamed as defined.
func (s *identStage) identRegister(t *testing.T, define func(d *model.Definition[identNamed])) (*model.DB, error) {
	t.Helper()
	db, err := model.New(s.gorm, model.Config{Naming: identNaming{}})
	require.NoError(t, err)
	identDefined.Lock()
	defer identDefined.Unlock()
	identDefined.define = define
	return db, db.Register(&identNamed{})
}

// TestIdentifiersOfDefinitions gives malicious names to definitions. A table's is refused, or quoted as
// one name, so that there is no such table; a moment's is refused.
func TestIdentifiersOfDefinitions(t *testing.T) {
	t.Parallel()
	identDatabases(t, func(t *testing.T, s *identStage) {
		t.Helper()
		typed := func(name string, err error) {
			_, ok := errors.AsType[*model.Error](err)
			require.True(t, ok, "%q: an error without a type: %v", name, err)
			for line := range strings.SplitSeq(err.Error(), "\n") { // one per mistake
				require.Empty(t, identText(line), "%q", name)
			}
		}
		for _, name := range identNames() {
			_, err := s.identRegister(t, func(d *model.Definition[identNamed]) {
				d.On(hooks.Moment(name), func(context.Context, *identNamed) error { return nil })
				d.OnMany(hooks.Moment(name), func(context.Context, []*identNamed) error { return nil })
				d.OnQuery(hooks.Moment(name), func(context.Context, *relation.Query) error { return nil })
			})
			require.Error(t, err, "%q", name)
			typed(name, err)

			if name == "" {
				continue // the name that the strategy makes
			}
			db, err := s.identRegister(t, func(d *model.Definition[identNamed]) { d.Table(name) })
			if err != nil {
				typed(name, err)
				continue
			}
			list, err := model.Query[identNamed](db).All(t.Context())
			require.Error(t, err, "%q: %v", name, list)
			require.Regexp(t, "no such table|does not exist|unknown database|cross-database", err.Error(), "%q", name)
			require.NotContains(t, err.Error(), identCanary)
		}
	})
}

// TestIdentifiersInJSON gives malicious names to the values of an output that may have any name: they
// are quoted, so that they stand for themselves.
func TestIdentifiersInJSON(t *testing.T) {
	t.Parallel()
	identDatabases(t, func(t *testing.T, s *identStage) {
		t.Helper()
		for _, name := range identNames() {
			db, err := s.identRegister(t, func(d *model.Definition[identNamed]) {
				d.Computed(name, func(*identNamed) any { return "mine" })
			})
			if name == "" {
				require.Error(t, err, "%q", name)
				continue
			}
			require.NoError(t, err, "%q", name)
			rec, err := model.Query[identNamed](db).Find(t.Context(), 1)
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
