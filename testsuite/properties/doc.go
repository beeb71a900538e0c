// SPDX-License-Identifier: MIT

// Package properties tests the relations with random data against models in memory, with many goroutines
// at once, and with many records. It has no code but tests. Single behaviours are tested in the folders
// beside it.
//
// The number of random cases is that of -rapid.checks, a fifth of it with -short. KINDRED_WEAR=100000 has the machine of
// TestRecordsAndRelationsWearWell take as many steps on each database, which takes about ten minutes.
package properties
