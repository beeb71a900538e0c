// SPDX-License-Identifier: MIT

// Package vet finds two mistakes in programs that use Kindred which neither the
// compiler nor the running program can see in every case.
//
// # A model that is not its own base
//
// model.BaseModel[T] finds the record it belongs to by its own address. That is
// sound only where it is the first field of T itself, embedded by value. The
// analyzer reports every struct type that
//
//   - embeds model.BaseModel[X] where X is not that struct,
//   - embeds it anywhere but first,
//   - embeds it by pointer, or holds it in a named field,
//   - embeds another model by value, whose promoted methods, hooks and
//     definition would act on the inner record and forget the outer one.
//
// Registering a model finds the same mistakes at run time; a method called on a
// value of a type that was never registered finds nothing.
//
// # SQL text that is not a constant
//
// The SQL text given to WhereRaw, OrWhereRaw, HavingRaw, OrderByRaw, SelectRaw
// and any other method of package relation whose name ends in Raw is sent as it
// is. The analyzer reports text that is not a constant expression, and such a
// method used as a value, where the text cannot be seen.
//
// # Exceptions
//
// A comment of the form
//
//	//kindredvet:ignore reason
//
// silences its own line or, where it stands alone, the line below. The reason is
// required.
//
// # Use
//
//	go install github.com/kindred-orm/kindred/vet/cmd/kindredvet@latest
//	kindredvet ./...
//	go vet -vettool="$(command -v kindredvet)" ./...
//
// [Analyzer] can be added to any other driver of golang.org/x/tools/go/analysis.
package vet
