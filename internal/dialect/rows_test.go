// SPDX-License-Identifier: MIT

package dialect_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/dbtest"
	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// target has a field of each of two columns. A third column goes among its extras.
type target struct {
	ID   int64
	Name string
}

// sink keeps rows.
type sink struct {
	rows   []*target
	extras [][]any
	names  []string
	fails  error
	cells  dialect.Cells
	later  []any
}

func (s *sink) Targets(names []string) ([]dialect.Target, error) {
	s.names = names
	text := meta.CodecOf[string]()
	if s.fails != nil {
		return nil, s.fails
	}
	id := meta.CodecOf[int64]()
	return []dialect.Target{
		{Name: "ID", Codec: id, Scan: id.Scan, Extra: -1},
		{Name: "Name", Codec: text, Scan: text.Scan, Offset: 8, Extra: -1},
		{Extra: 0},
	}, nil
}

func (s *sink) Row() (memory.Ptr, []any) {
	row, extras := &target{}, make([]any, 1)
	s.rows, s.extras = append(s.rows, row), append(s.extras, extras)
	return memory.Of(row), extras
}

func (s *sink) Rows() int64                                  { return int64(len(s.rows)) }
func (s *sink) Cells() *dialect.Cells                        { return &s.cells }
func (s *sink) Later(_ memory.Ptr, _ *dialect.Target, v any) { s.later = append(s.later, v) }

// ways are the two ways to read a statement on SQLite: through database/sql, and from the driver's connection.
func ways(t *testing.T) map[string]func(into dialect.Sink, query string, args ...any) error {
	t.Helper()
	pool, err := dbtest.SQLite(t).DB()
	require.NoError(t, err)
	return map[string]func(dialect.Sink, string, ...any) error{
		"database/sql": func(into dialect.Sink, query string, args ...any) error {
			rows, err := pool.QueryContext(t.Context(), query, args...)
			if err != nil {
				return err
			}
			return (&dialect.Dialect{}).ReadRows(rows, into)
		},
		"driver": func(into dialect.Sink, query string, args ...any) error {
			conn, err := pool.Conn(t.Context())
			require.NoError(t, err)
			defer func() { require.NoError(t, conn.Close()) }()
			return conn.Raw(func(c any) error {
				require.True(t, dialect.DriverReader{}.Can(c))
				return dialect.DriverReader{}.Read(t.Context(), c, query, args, into)
			})
		},
	}
}

func TestRowsGoIntoFieldsAndExtras(t *testing.T) {
	t.Parallel()
	for name, read := range ways(t) {
		s := &sink{}
		err := read(s, "SELECT ? AS a, 'x' AS b, x'01ff' AS c UNION ALL SELECT 8, 'y', NULL", int64(7))
		require.NoError(t, err, name)
		require.Equal(t, []string{"a", "b", "c"}, s.names, name)
		require.Equal(t, []*target{{7, "x"}, {8, "y"}}, s.rows, name)
		require.Equal(t, [][]any{{[]byte{1, 255}}, {nil}}, s.extras, "%s: the driver's bytes are copied", name)
		none := &sink{}
		require.NoError(t, read(none, "SELECT 1, 2, 3 WHERE 1 = 0"), name)
		require.Empty(t, none.rows, name)
		require.Nil(t, none.names, "%s: without rows nobody asks for targets", name)
	}
}

func TestAValueThatDoesNotFitIsAnErrorWithoutIt(t *testing.T) {
	t.Parallel()
	for name, read := range ways(t) {
		err := read(&sink{}, "SELECT 'secret', 'x', 3")
		require.ErrorContains(t, err, "ID: ", name)
		require.ErrorContains(t, err, "cannot be read as an integer", name)
		require.NotContains(t, err.Error(), "secret", name)
		refused := errors.New("refused")
		require.ErrorIs(t, read(&sink{fails: refused}, "SELECT 1, 'x', 3"), refused, name)
		require.Error(t, read(&sink{}, "SELECT nothing"), name)
	}
}

func TestAnErrorNamesModelAndField(t *testing.T) {
	t.Parallel()
	cause := errors.New("strconv: secret")
	for want, target := range map[string]dialect.Target{
		"user.Age": {Model: &meta.Model{Name: "user"}, Name: "Age", Codec: meta.CodecOf[int64]()},
		"total: ":  {Name: "total", Codec: meta.CodecOf[int64]()},
		"its type": {},
	} {
		err := target.Failed(cause)
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "secret")
	}
}
