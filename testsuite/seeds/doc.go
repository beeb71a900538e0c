// SPDX-License-Identifier: MIT

// Package seeds holds, as tests, the examples of the relationship guides of AdonisJS Lucid and of
// Sutando in the words of Kindred, each named after its section. It has no code but tests.
package seeds
