// SPDX-License-Identifier: MIT

// Package serialize turns records into JSON and plain values.
//
// A field is named by its serialize tag, else its json tag, else the naming strategy, which is snake
// case; json:"-" hides it everywhere. Columns come in the order of the struct, then computed values,
// then extras where they are asked for. A column that the query did not select is absent. [Options] narrow the output, and can never reveal a hidden
// field:
//
//	serialize.JSON(users, serialize.Options{Fields: serialize.Pick("id", "name")})
//
// json.Marshal of a record, a slice or a page writes the same; [JSON] and [Write] save it the
// second look that encoding/json takes at what a MarshalJSON method returns.
//
// [Decode] is the way back, under the rules of mass assignment. [Freeze] and [Thaw] keep a whole
// record, hidden fields included, for a cache.
package serialize
