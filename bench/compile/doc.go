// SPDX-License-Identifier: MIT

// Package compile measures what models cost the Go compiler. It writes programs with a number of models for each library, builds
// them in a module of their own, and reports what the build of the models cost.
package compile
