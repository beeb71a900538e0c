// SPDX-License-Identifier: MIT

// Package errs defines the errors of Kindred. The public packages give them their names.
package errs
