// SPDX-License-Identifier: MIT

package testsuite

import (
	"slices"
	"testing"

	"gorm.io/gorm"
)

// Feature is something that a database may lack.
type Feature string

// The features that promises ask for.
const (
	// RowLocks are SELECT … FOR UPDATE and its kin; SQLite lacks them.
	RowLocks Feature = "row locks"
	// Isolation is that two transactions can write at the same time; SQLite lacks it.
	Isolation Feature = "concurrent writers"
	// GeneratedUUIDs are UUIDs that a column's default makes (gen_random_uuid()); SQLite lacks them.
	GeneratedUUIDs Feature = "generated UUIDs"
)

// Config says what is tested.
type Config struct {
	// Open returns a handle on an empty database, which no other call returns, and closes it with
	// the test's cleanup.
	Open func(tb testing.TB) *gorm.DB
	// Lacks are the features that the database does not have; promises that need them are skipped,
	// and say so.
	Lacks []Feature
}

// promise is one clause of what Kindred promises.
type promise struct {
	name  string // the feature and what it is about: "A5/CleanSaveSendsNothing"
	says  string // the promise as a sentence
	needs []Feature
	check func(t testing.TB, e *env)
	// twin breaks what the promise is about, so that check must fail.
	twin func(e *env)
}

// promises returns the whole suite.
func promises() []promise {
	return slices.Concat(
		definitionPromises(), keyPromises(), tagPromises(), bootPromises(),
		embeddingMistakes(), tagMistakes(), fieldMistakes(), methodMistakes(),
		flagPromises(), deletedPromises(),
		kindPromises(), dirtyPromises(), loadedPromises(),
		extraPromises(),
		statePromises(), reloadPromises(), counterPromises(), comparePromises(), versionPromises(), lossyPromises(),
		fillPromises(), valuePromises(),
		timestampPromises(),
		namingPromises(),
		timePromises(), textPromises(), numberPromises(), matrixPromises(),
		whereQuery(), inQuery(), subqueryQuery(), rawQuery(), selectQuery(), groupQuery(), orderQuery(), applyQuery(), valueQuery(), randomQuery(),
		scopePromises(), pagePromises(), cursorPromises(), iteratePromises(), bulkPromises(), migratePromises(),
		hookOrderPromises(), hookFailurePromises(), queryHookPromises(), transactionEndPromises(), quietPromises(),
		jsonNamePromises(), hiddenPromises(), jsonKindPromises(),
		finderPromises(),
		upsertPromises(),
		createManyPromises(),
		transactionPromises(),
		softDeletePromises(),
		relationKeyPromises(), relationMistakes(), pivotMigratePromises(), throughPromises(), pivotReadPromises(), pivotModelPromises(),
		refinedPromises(), defaultPromises(), relationMetadataPromises(),
		preloadPromises(), uuidPromises(), groupLimitPromises(), relationQueryPromises(), existencePromises(), relationAggregatePromises(), pathPromises(),
		unloadedPromises(),
		relatedCreatePromises(), relatedFailurePromises(), relatedClientPromises(),
		relatedManyPromises(), pivotSavePromises(), relatedFinderPromises(), associatePromises(),
		attachPromises(), syncPromises(), pivotValuePromises(), pushPromises(), cornerPromises(), relatedJSONPromises(), loadedRecordPromises(),
	)
}

// Run tests every promise, each on a database of its own.
func Run(t *testing.T, cfg Config) {
	t.Helper()
	for _, p := range promises() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			for _, f := range p.needs {
				if slices.Contains(cfg.Lacks, f) {
					t.Skipf("this database has no %s", f)
				}
			}
			e := newEnv(t, cfg)
			defer func() {
				if t.Failed() {
					t.Logf("broken promise: %s", p.says)
				}
			}()
			p.check(t, e)
			e.finish(t)
		})
	}
}
