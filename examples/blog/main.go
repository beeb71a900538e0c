// SPDX-License-Identifier: MIT

// Command blog serves a small blog as web pages and as a JSON API: the sample application of Kindred.
//
//	blog [-addr :8080] [-dsn blog.db]
//	blog import [-dsn blog.db] [-n 20000] [folder]
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/kindred-orm/kindred/examples/blog/api"
	"github.com/kindred-orm/kindred/examples/blog/store"
	"github.com/kindred-orm/kindred/examples/blog/web"
	"github.com/kindred-orm/kindred/model"
)

// content holds the posts that a new database starts with.
//
//go:embed content/*.md
var content embed.FS

const (
	maxBody         = 1 << 20          // bytes of the largest body that is read
	requestTimeout  = 10 * time.Second // how long one request may keep the database busy
	shutdownTimeout = 10 * time.Second // how long requests may go on after the signal to stop
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := command(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "blog:", err)
		os.Exit(1)
	}
}

// command reads the command line and does what it says.
func command(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("blog", flag.ExitOnError)
	dsn := flags.String("dsn", "blog.db", "database: a postgres:// URL, or the path of an SQLite file")
	if len(args) == 0 || args[0] != "import" {
		addr := flags.String("addr", ":8080", "address to listen on")
		_ = flags.Parse(args) // exits after a mistake
		if flags.NArg() > 0 {
			return fmt.Errorf("there is no command %q; there is import", flags.Arg(0))
		}
		return run(ctx, *addr, *dsn, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	}
	n := flags.Int("n", 0, "number of posts to make up for load tests")
	_ = flags.Parse(args[1:])
	db, err := store.Open(ctx, *dsn)
	if err != nil {
		return err
	}
	for _, folder := range flags.Args() {
		posts, importErr := store.Import(ctx, db, os.DirFS(folder), bar)
		fmt.Printf("%s: %d posts\n", folder, posts)
		err = errors.Join(err, importErr)
	}
	return errors.Join(err, store.Generate(ctx, db, *n, bar), db.Close())
}

// bar draws a progress bar on a terminal.
func bar(n, of int) {
	if term.IsTerminal(int(os.Stderr.Fd())) {
		const width = 40
		full := width * n / of
		fmt.Fprintf(os.Stderr, "\r[%s%s] %d/%d", strings.Repeat("#", full), strings.Repeat(" ", width-full), n, of)
		if n == of {
			fmt.Fprintln(os.Stderr)
		}
	}
}

// run opens the database and serves it until ctx ends.
func run(ctx context.Context, addr, dsn string, log *slog.Logger) (err error) {
	db, err := store.Open(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	imported, err := seed(ctx, db)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	log.Info("listening", "addr", listener.Addr().String(), "imported", imported)
	return serve(ctx, listener, handler(db, log), log)
}

// seed gives a database that has never had a post those that the program brings along.
func seed(ctx context.Context, db *model.DB) (int, error) {
	known, err := model.Query[store.Post](db).WithTrashed().Exists(ctx)
	if err != nil || known {
		return 0, err
	}
	folder, _ := fs.Sub(content, "content") // is there since this was compiled
	return store.Import(ctx, db, folder, func(int, int) {})
}

// handler serves the pages and the API, within limits. Its log has method, route, status and duration of
// every request: nothing that says who asked, or for what.
func handler(db *model.DB, log *slog.Logger) http.Handler {
	mux, data := http.NewServeMux(), api.New(db, log)
	mux.Handle("/api/", data)
	mux.Handle("/healthz", data)
	mux.Handle("/", web.New(db, log))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
		defer cancel()
		r = r.WithContext(ctx)
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		mux.ServeHTTP(recorder, r)
		log.Info("request", "method", r.Method, "route", r.Pattern, "status", recorder.status, "took", time.Since(start))
	})
}

// statusRecorder remembers the status of an answer for the log.
type statusRecorder struct {
	http.ResponseWriter

	status int
}

func (w *statusRecorder) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// serve answers requests until ctx ends, and then those that have begun.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelError),
	}
	stopped := make(chan error, 1)
	context.AfterFunc(ctx, func() {
		log.Info("stopping")
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		stopped <- server.Shutdown(grace)
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
