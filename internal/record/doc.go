// SPDX-License-Identifier: MIT

// Package record keeps what Kindred knows about one record: where it came from, what it looked like
// then, what has changed, its extras, and how to put it back after a failure or a rollback.
package record
