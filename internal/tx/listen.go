// SPDX-License-Identifier: MIT

package tx

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/kindred-orm/kindred/internal/dialect"
)

// The names of gorm's own callbacks on its row and raw processors, which send a statement.
const (
	gormRow = "gorm:row"
	gormRaw = "gorm:raw"
)

// callbacks returns the list of callbacks of one of gorm's processors. gorm offers look-ups by name
// only; what else is in the list are plugins.
func callbacks(processor any) reflect.Value {
	return reflect.ValueOf(processor).Elem().FieldByName("callbacks")
}

// listeners reports whether a plugin listens on the processor behind fns.
func listeners(fns reflect.Value) bool {
	if !fns.IsValid() || fns.Kind() != reflect.Slice {
		return true
	}
	for i := range fns.Len() {
		name := fns.Index(i).Elem().FieldByName("name")
		if !name.IsValid() || name.String() != gormRow && name.String() != gormRaw {
			return true
		}
	}
	return false
}

// heard is a statement on its way through gorm's processors, for the plugins that listen there.
type heard struct {
	h    *Handle
	s    Statement
	db   *gorm.DB
	into dialect.Sink // nil for a statement that returns no rows
	sent bool
	own  bool // Kindred's callbacks have seen it
	res  sql.Result
	err  error // of the driver
}

type heardKey struct{}

// heard returns a statement that holds s. gorm logs nothing: the rows are not read yet when it would.
func (h *Handle) heard(ctx context.Context, s Statement, into dialect.Sink) *heard {
	s.Writes = s.Writes || into == nil
	db := h.Gorm().Session(&gorm.Session{NewDB: true, Context: ctx, Logger: logger.Discard}).Set("rows", true)
	db.Statement.Table = s.Table
	db.Statement.SQL.WriteString(s.SQL)
	db.Statement.Vars = s.Args
	for _, settings := range []Settings{h.db.settings, s.Settings} {
		for name, value := range settings.Values {
			db.Statement.Settings.Store(name, value)
		}
		maps.Copy(db.Statement.Clauses, settings.Clauses)
	}
	direct(ctx, db, s)
	c := &heard{h: h, s: s, db: db, into: into}
	db.Statement.Settings.Store(heardKey{}, c)
	return c
}

// read sends a statement that returns rows, and stores them.
func (c *heard) read() (sent bool, err error) {
	c.db.Callback().Row().Execute(c.db)
	if err := c.failed(); err != nil || c.own {
		return c.sent, err
	}
	rows, ok := c.db.Statement.Dest.(*sql.Rows) // of gorm's callback: the plugin came after model.New
	if !ok {
		return true, fmt.Errorf("a callback on gorm's row processor left a %T in place of rows", c.db.Statement.Dest)
	}
	return true, c.h.db.Dialect.ReadRows(rows, c.into)
}

// exec sends a statement that returns no rows.
func (c *heard) exec() (res sql.Result, sent bool, err error) {
	kept := gorm.WithResult()
	c.db.Statement.Result = kept
	c.db.Callback().Raw().Execute(c.db)
	if err := c.failed(); err != nil {
		return nil, c.sent, err
	}
	if !c.own {
		c.res = kept.Result
	}
	if c.res == nil {
		return nil, false, errors.New("a callback on gorm's raw processor has not sent the statement")
	}
	return c.res, true, nil
}

// failed returns the driver's error, else that of a plugin.
func (c *heard) failed() error {
	if c.err != nil {
		return c.err
	}
	c.sent = c.sent || !c.own && !c.h.db.hears
	return c.db.Error
}

// query is what gorm's callback does, and reads the rows too, so that plugins learn of their number and of what fails in between.
func (c *heard) query(db *gorm.DB) {
	if c.own = true; db.Error != nil {
		return
	}
	c.sent = true
	st := db.Statement
	rows, err := st.ConnPool.QueryContext(st.Context, st.SQL.String(), st.Vars...) //nolint:rowserrcheck // ReadRows checks and closes.
	if err == nil {
		err = c.h.db.Dialect.ReadRows(rows, c.into)
	}
	db.RowsAffected = c.into.Rows()
	c.fail(db, err)
}

// run is what gorm's callback does for a statement that returns no rows.
func (c *heard) run(db *gorm.DB) {
	if c.own = true; db.Error != nil {
		return
	}
	c.sent = true
	st := db.Statement
	res, err := st.ConnPool.ExecContext(st.Context, st.SQL.String(), st.Vars...)
	if err == nil {
		c.res = res
		db.RowsAffected, err = res.RowsAffected()
	}
	c.fail(db, err)
}

// fail gives plugins the error as callers get it: the driver's may show a value.
func (c *heard) fail(db *gorm.DB, err error) {
	if err != nil {
		c.err = err
		_ = db.AddError(c.h.refused(c.s, c.h.failure(db.Statement.Context, err))) // c.err is returned.
	}
}

// callback is one that sends Kindred's statements itself, and leaves others to gorm's.
func callback(gorms func(*gorm.DB), kindreds func(c *heard, db *gorm.DB)) func(*gorm.DB) {
	return func(db *gorm.DB) {
		if c, ok := db.Statement.Settings.Load(heardKey{}); ok {
			if c, ok := c.(*heard); ok {
				kindreds(c, db)
				return
			}
		}
		gorms(db)
	}
}

var hearing sync.Mutex //nolint:gochecknoglobals // gorm's callbacks are changed by one goroutine at a time.

// hear puts Kindred's callbacks in place of those of gorm that send statements, if plugins listen around them. It reports
// whether they are there.
func hear(db *gorm.DB) bool {
	hearing.Lock()
	defer hearing.Unlock()
	row, raw := db.Callback().Row(), db.Callback().Raw()
	if !listeners(callbacks(row)) && !listeners(callbacks(raw)) {
		return false
	}
	gormsRow, gormsRaw := row.Get(gormRow), raw.Get(gormRaw)
	if gormsRow == nil || gormsRaw == nil {
		return false
	}
	ours := callback(nil, nil)
	if reflect.ValueOf(gormsRow).Pointer() == reflect.ValueOf(ours).Pointer() {
		return true // of an earlier model.New
	}
	return row.Replace(gormRow, callback(gormsRow, (*heard).query)) == nil && raw.Replace(gormRaw, callback(gormsRaw, (*heard).run)) == nil
}
