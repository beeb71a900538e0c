// SPDX-License-Identifier: MIT

package model

import (
	"context"

	"github.com/kindred-orm/kindred/internal/tx"
)

// WithPrimary returns a context whose reads are answered by the primary, where gorm's dbresolver sends other reads to replicas.
// Without that plugin it changes nothing. [relation.Query.OnPrimary] does the same for one query.
//
// Writes, reads in a transaction, reads that belong to a write, and reads that lock rows go to the primary anyway.
func WithPrimary(ctx context.Context) context.Context { return tx.WithPrimary(ctx) }

// Sticky returns a context with which one reads what one has written, where gorm's dbresolver sends reads to replicas that lag
// behind: after a write with the context, or with one that was made of it, reads with it are answered by the primary. Before the
// first write they go to replicas. It is for the context of a request; several goroutines may share it.
func Sticky(ctx context.Context) context.Context { return tx.Sticky(ctx) }

// WithSchema returns a context whose calls find every table in a schema: a schema of PostgreSQL, a database of MySQL, an attached
// file of SQLite. That holds for the tables of records, pivots, joins, sub-queries and relations, for bulk writes, Truncate and
// Migrate. A table whose name has a schema already stays where it is, and so does raw SQL. The empty name takes it back.
//
// The name is made of ASCII letters, digits and _; a call with any other is an ErrUnsupported. A record remembers the schema in
// which it was found or created, and calls on it go there, with or without WithSchema in their context. One that is asked to be in
// another schema is an ErrUnsupported, before anything is sent.
func WithSchema(ctx context.Context, schema string) context.Context {
	return tx.WithSchema(ctx, schema)
}

// Annotate returns a context whose statements end in a comment, such as /*route='%2Fusers'*/, in the form of sqlcommenter: the keys in
// order, all but ASCII letters, digits and -_.~ URL-encoded, so that no value can end the comment. Further keys are added to those of
// ctx; an empty value takes one away. Servers, poolers and logs then show where a statement came from.
//
// Each comment makes another text, which a driver that prepares statements prepares again: annotate by route, not by request.
func Annotate(ctx context.Context, key, value string) context.Context {
	return tx.Annotate(ctx, key, value)
}
