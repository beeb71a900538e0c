// SPDX-License-Identifier: MIT

// Package types promises what fields of particular types hold, read and write.
package types
