// SPDX-License-Identifier: MIT

// Package key reads the keys that callers give, and matches rows by their keys in memory.
package key
