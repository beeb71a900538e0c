// SPDX-License-Identifier: MIT

package faults_test

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"

	"github.com/kindred-orm/kindred/internal/dbtest"
)

// plug opens a PostgreSQL database whose connections can be cut. They are pgx's own, so that rows
// are decoded directly, which is not so where the driver is wrapped.
func plug(t *testing.T) (*stage, *Wire) {
	t.Helper()
	dsn := dbtest.PostgresDSN(t)
	config, err := pgx.ParseConfig(dsn)
	require.NoError(t, err)
	wire := &Wire{}
	dial := config.DialFunc
	config.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		inner, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &Conn{Conn: inner, wire: wire, gone: make(chan struct{})}, nil
	}
	config.Tracer = wire
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(_ context.Context, conn *pgx.Conn) error {
		if plugged, ok := conn.PgConn().Conn().(*Conn); ok {
			plugged.ready = true
		}
		return nil
	}))
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	wire.pool = pool
	return open(t, plain, postgres.New(postgres.Config{Conn: pool, DSN: dsn}), openOutside(t, dsn), wire), wire
}

// The ways in which a message to the server fails, and the connection with it.
const (
	refused = "refused" // it cannot be sent
	lost    = "lost"    // it is sent, but does not arrive
	cut     = "cut"     // it arrives and is obeyed, but the answer does not
)

// errLineDead is what the network says.
var errLineDead = errors.New("the line is dead")

// Wire numbers the messages of all connections of a pool, and cuts one of them.
type Wire struct {
	pool   *sql.DB
	direct atomic.Bool // a statement was seen that Kindred only sends to pgx itself

	mu    sync.Mutex
	armed bool
	at    int
	mode  string
	seen  Seen
}

// TraceQueryStart looks at a statement.
func (w *Wire) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if strings.Contains(data.SQL, "unnest(") {
		w.direct.Store(true)
	}
	return ctx
}

// TraceQueryEnd does nothing.
func (*Wire) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (w *Wire) arm(n int, mode string, _ func()) {
	// A new connection knows no prepared statements, so that every run sends the same messages.
	w.pool.SetMaxIdleConns(0)
	w.pool.SetMaxIdleConns(2)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed, w.at, w.mode, w.seen = true, n, mode, Seen{}
}

func (w *Wire) clear() Seen {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed = false
	return w.seen
}

func (*Wire) open() int { return 0 }

func (*Wire) delivers(mode string) bool { return mode == cut }

func (*Wire) reached(_ string, err error) bool {
	// pgx says no more than that of statements without arguments.
	const closed = "conn closed"
	return errors.Is(err, errLineDead) || errors.Is(err, driver.ErrBadConn) || strings.Contains(err.Error(), closed)
}

// fate returns what happens to a message, "" if nothing does.
func (w *Wire) fate(message []byte) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.armed || message[0] == 'X' { // a farewell is no message that could matter
		return ""
	}
	w.seen.begun = w.seen.begun || bytes.Contains(message, []byte("begin"))
	w.seen.modes = append(w.seen.modes, []string{refused, lost, cut})
	if len(w.seen.modes) != w.at {
		return ""
	}
	w.seen.fired++
	return w.mode
}

// Conn is a connection to the server.
type Conn struct {
	net.Conn

	wire  *Wire
	ready bool        // the server has let us in
	mute  atomic.Bool // Write reads the answer itself; pgx reads beside a Write that takes more than 15 ms
	once  sync.Once
	gone  chan struct{} // closed when the line is dead
}

// Write sends a message, unless it is its fate not to arrive.
func (c *Conn) Write(message []byte) (int, error) {
	if !c.ready || len(message) == 0 {
		return c.Conn.Write(message)
	}
	select {
	case <-c.gone:
		return 0, errLineDead
	default:
	}
	switch c.wire.fate(message) {
	case refused:
		c.die()
		return 0, errLineDead
	case lost:
		c.die()
		return len(message), nil
	case cut:
		defer c.die()
		c.mute.Store(true)
		n, err := c.Conn.Write(message)
		if err == nil {
			err = c.answered()
		}
		return n, err
	default:
		return c.Conn.Write(message)
	}
}

// Read reads, as long as the line lives.
func (c *Conn) Read(into []byte) (int, error) {
	if c.mute.Load() {
		<-c.gone
		return 0, errLineDead
	}
	n, err := c.Conn.Read(into)
	select {
	case <-c.gone:
		return 0, errLineDead
	default:
		return n, err
	}
}

func (c *Conn) die() {
	c.once.Do(func() {
		close(c.gone)
		_ = c.Close() // that it is closed is the point.
	})
}

// answered waits until the server is ready for the next message, and drops what it says.
func (c *Conn) answered() error {
	if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		return err
	}
	for head := make([]byte, 5); ; {
		if _, err := io.ReadFull(c.Conn, head); err != nil {
			return err
		}
		body := int64(binary.BigEndian.Uint32(head[1:])) - 4
		if _, err := io.CopyN(io.Discard, c.Conn, body); err != nil {
			return err
		}
		if head[0] == 'Z' {
			return nil
		}
	}
}

// direct are the operations whose statements return rows, and those of several statements.
func direct() []Op {
	names := []string{
		"Create", "Create/Default", "Create/Hooks", "CreateMany", "CreateMany/Sets", "CreateMany/Hooks", "Upsert/Sets",
		"FirstOrCreate/New", "FirstOrCreate/New/Hooks", "UpdateOrCreate/Version", "FetchOrCreateMany", "UpdateOrCreateMany",
		"Save/Version", "Save/Hooks", "Delete/Soft", "Increment/Version", "WithLock", "Builder.Update", "Transaction/Nested", "Begin",
		"All", "Paginate", "Each", "Refresh",
	}
	return slices.DeleteFunc(plainOps(), func(op Op) bool { return !slices.Contains(names, op.name) })
}

// TestConnectionMayDieAtEveryMessage is the part of TestEveryStatementMayFail that a wrapped driver cannot show: the connection dies at
// every message to a PostgreSQL server, before or after the server has got it.
func TestConnectionMayDieAtEveryMessage(t *testing.T) {
	t.Parallel()
	table := &report{}
	t.Cleanup(func() { t.Logf("the line dies at every message\n%s", table) })
	for _, in := range contexts() {
		if in.name != "alone" && in.name != "commits" {
			continue
		}
		t.Run(in.name, func(t *testing.T) {
			t.Parallel()
			s, wire := plug(t)
			s.sweep(t, in, direct(), table)
			require.True(t, wire.direct.Load(), "pgx's connections were not used directly")
		})
	}
}
