// SPDX-License-Identifier: MIT

package model

import (
	"context"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// loggerOf returns the logger of a database: gorm's interface over slog, or the handle's own logger,
// which gets no values either.
func loggerOf(db *gorm.DB, to *slog.Logger) logger.Interface {
	if to != nil {
		return slogger{to}
	}
	if _, ok := db.Logger.(quiet); ok {
		return db.Logger
	}
	return valueless{db.Logger}
}

// quiet logs nothing: errors are returned.
type quiet struct{}

func (q quiet) LogMode(logger.LogLevel) logger.Interface                           { return q }
func (quiet) Info(context.Context, string, ...any)                                 {}
func (quiet) Warn(context.Context, string, ...any)                                 {}
func (quiet) Error(context.Context, string, ...any)                                {}
func (quiet) Trace(context.Context, time.Time, func() (string, int64), error)      {}
func (quiet) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) { return sql, nil }

// valueless is a logger of somebody else's that gets statements without values.
type valueless struct{ logger.Interface }

func (v valueless) LogMode(level logger.LogLevel) logger.Interface {
	return valueless{v.Interface.LogMode(level)}
}

// ParamsFilter is how gorm asks a logger which values it may see.
func (valueless) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}

// slow is the duration from which a statement is worth a warning.
const slow = 200 * time.Millisecond

// slogger writes statements to slog.
type slogger struct{ to *slog.Logger }

func (s slogger) LogMode(logger.LogLevel) logger.Interface { return s }

func (s slogger) Info(ctx context.Context, text string, args ...any) {
	s.to.InfoContext(ctx, text, "args", len(args))
}

func (s slogger) Warn(ctx context.Context, text string, args ...any) {
	s.to.WarnContext(ctx, text, "args", len(args))
}

func (s slogger) Error(ctx context.Context, text string, args ...any) {
	s.to.ErrorContext(ctx, text, "args", len(args))
}

// Trace gets every statement; the text is only made if somebody reads it.
func (s slogger) Trace(ctx context.Context, begin time.Time, statement func() (string, int64), err error) {
	took := time.Since(begin)
	level, text := slog.LevelDebug, "statement"
	switch {
	case err != nil:
		level, text = slog.LevelError, "statement failed"
	case took > slow:
		level, text = slog.LevelWarn, "slow statement"
	}
	if !s.to.Enabled(ctx, level) {
		return
	}
	sql, rows := statement()
	attrs := []slog.Attr{slog.String("sql", sql), slog.Int64("rows", rows), slog.Duration("took", took)}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	line := slog.NewRecord(time.Now(), level, text, callerOf())
	line.AddAttrs(attrs...)
	_ = s.to.Handler().Handle(ctx, line) // as slog itself does.
}

// library is the packages that are passed by on the way to the caller.
var library = []string{ //nolint:gochecknoglobals // a constant list.
	"github.com/kindred-orm/kindred/internal/", "github.com/kindred-orm/kindred/model.", "github.com/kindred-orm/kindred/relation.",
	"github.com/kindred-orm/kindred/serialize.", "gorm.io/gorm", "database/sql.", "iter.", "runtime.",
}

// callerOf returns where the program called Kindred, for slog's source.
func callerOf() uintptr {
	pcs := make([]uintptr, 64)
	pcs = pcs[:runtime.Callers(3, pcs)]
	for _, pc := range pcs {
		frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
		of := func(prefix string) bool { return strings.HasPrefix(frame.Function, prefix) }
		if !slices.ContainsFunc(library, of) {
			return pc
		}
	}
	return 0
}

// ParamsFilter is how gorm asks a logger which values it may see.
func (slogger) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) { return sql, nil }
