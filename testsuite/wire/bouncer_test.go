// SPDX-License-Identifier: MIT

package wire_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/testsuite/harness"
)

// pooled are the modes that work behind a pooler of transactions which knows no prepared statements, as PgBouncer before 1.21.
var pooled = []string{"cache_describe", "exec", "simple_protocol"}

// TestAProgramWorksBehindAPoolerOfTransactions runs the workload through PgBouncer. Where it is not installed the test is skipped, but fails where CI is set.
func TestAProgramWorksBehindAPoolerOfTransactions(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program, err = exec.LookPath("/usr/sbin/pgbouncer")
	}
	switch {
	case err == nil:
	case os.Getenv("CI") != "":
		t.Fatal("pgbouncer is not installed")
	default:
		t.Skip("pgbouncer is not installed; install it to test what works behind it")
	}
	for _, d := range harness.Databases() {
		if d.Name != "Postgres" {
			continue
		}
		for _, mode := range pooled {
			in := d
			in.Dialector = func(dsn string) gorm.Dialector {
				return postgres.Open(bouncer(t, program, dsn) + "&default_query_exec_mode=" + mode)
			}
			t.Run(mode, func(t *testing.T) { workload(t, harness.New(t, in)) })
		}
	}
}

// bouncer starts a pooler of transactions with four connections, and returns its DSN. Every connection has the schema of dsn.
func bouncer(t *testing.T, program, dsn string) string {
	t.Helper()
	server, err := pgx.ParseConfig(dsn)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	password := ""
	if server.Password != "" {
		password = " password=" + server.Password
	}
	settings := fmt.Sprintf(`[databases]
pooled = host=%s port=%d dbname=%s user=%s%s connect_query='SET search_path = %s'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %s
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
ignore_startup_parameters = extra_float_digits
`, server.Host, server.Port, server.Database, server.User, password, server.RuntimeParams["search_path"], port)
	file := filepath.Join(t.TempDir(), "pgbouncer.ini")
	require.NoError(t, os.WriteFile(file, []byte(settings), 0o644))
	require.NoError(t, os.Chmod(filepath.Dir(file), 0o755))
	args := []string{"-q", file}
	if os.Getuid() == 0 { // which it refuses to be
		args = []string{"-q", "-u", "nobody", file}
	}
	run := exec.CommandContext(t.Context(), program, args...)
	require.NoError(t, run.Start())
	t.Cleanup(func() { _ = run.Wait() }) // it was ended with the context.
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", port))
		if err == nil {
			err = conn.Close()
		}
		return err == nil
	}, 10*time.Second, 20*time.Millisecond, "pgbouncer does not listen on "+port)
	return "postgres://pooled@127.0.0.1:" + port + "/pooled?sslmode=disable"
}
