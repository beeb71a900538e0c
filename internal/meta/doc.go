// SPDX-License-Identifier: MIT

// Package meta holds the facts about models: tables, columns, keys, relations, serialized names and
// hooks, compiled once per type and naming strategy. A [Model] is immutable once [Registry.Model]
// has returned it. Nothing here talks to a database.
package meta
