// SPDX-License-Identifier: MIT

// Package harness is what the tests of the suite stand on: the databases, an empty one per test, and
// a recorder of the statements that were sent.
//
//	func TestSyncKeepsUntouchedRows(t *testing.T) {
//		harness.Each(t, func(t *testing.T, e *harness.Env) {
//			e.Migrate(t, &User{}, &Skill{})
//			e.Sends(t, 1, func() { … })
//		})
//	}
package harness
