// SPDX-License-Identifier: MIT

// Package testsuite is the conformance suite of Kindred: what every database that Kindred supports
// must do, one promise per clause.
//
//	func TestMyDialect(t *testing.T) {
//		testsuite.Run(t, testsuite.Config{Open: func(tb testing.TB) *gorm.DB { … }})
//	}
//
// A promise is a name, a sentence that is printed when it is broken, and a check on an empty database
// of its own. Numbers of statements are part of the promises. Every promise also has a twin, which
// breaks what the promise is about; the suite's own tests make sure that the check notices.
package testsuite
