// SPDX-License-Identifier: MIT

package entgen

// The generator needs more modules than the generated code; `go mod tidy` drops them again.
//go:generate go run -mod=mod entgo.io/ent/cmd/ent generate --target . ./schema
//go:generate go mod tidy
