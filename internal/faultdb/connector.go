// SPDX-License-Identifier: MIT

package faultdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"io"
)

// Open returns a database whose connections come from inner, and the control of everything that is
// sent through them. The caller closes the database.
func Open(inner driver.Connector) (*sql.DB, *Control) {
	control := new(Control)
	return sql.OpenDB(&connector{inner: inner, control: control}), control
}

type connector struct {
	inner   driver.Connector
	control *Control
}

// Connect opens a connection of the inner driver and wraps it.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	wrapped := &conn{control: c.control, id: int(c.control.conns.Add(1))}
	return send(ctx, wrapped, Event{Kind: Connect, Conn: wrapped.id}, step[driver.Conn]{
		run: func(ctx context.Context) (driver.Conn, error) {
			inner, err := c.inner.Connect(ctx)
			if err != nil {
				return nil, err
			}
			wrapped.inner = inner
			return wrapped.withOptional(), nil
		},
		discard: driver.Conn.Close,
	})
}

// Driver returns the inner driver.
func (c *connector) Driver() driver.Driver { return c.inner.Driver() }

// Close closes the inner connector if it can be closed.
func (c *connector) Close() error {
	if closer, ok := c.inner.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// dsnConnector makes a connector of a driver that has none.
type dsnConnector struct {
	driver driver.Driver
	dsn    string
}

// Connect opens a connection.
func (c dsnConnector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }

// Driver returns the driver.
func (c dsnConnector) Driver() driver.Driver { return c.driver }
