// SPDX-License-Identifier: MIT

//go:build !go1.27

package faultdb

import "database/sql/driver"

// wrapRows returns r. From Go 1.27 on there is a method whose mere presence means something.
func wrapRows(r *rows) driver.Rows { return r }
