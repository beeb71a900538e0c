// SPDX-License-Identifier: MIT

//go:build go1.27

package faultdb

import "database/sql/driver"

// wrapRows returns r with the methods whose mere presence means something.
func wrapRows(r *rows) driver.Rows {
	if scanner, ok := r.inner.(driver.RowsColumnScanner); ok {
		return scannerRows{r, scanner}
	}
	return r
}

// scannerRows are rows that scan into the destinations of the client.
type scannerRows struct {
	*rows
	scanner driver.RowsColumnScanner
}

// NextRow goes on to the next row.
func (r scannerRows) NextRow() error { return r.advance(r.scanner.NextRow) }

// ScanColumn scans a column of the current row.
func (r scannerRows) ScanColumn(ctx driver.ScanContext, index int, dest any) error {
	return r.scanner.ScanColumn(ctx, index, dest)
}
