// SPDX-License-Identifier: MIT

package json_test

import (
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// firstError returns the first of errors that is one.
func firstError(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// all runs a query for its error.
func all[T any](e *harness.Env, q *model.Builder[T]) func() error {
	return func() error {
		_, err := q.All(e.Ctx)
		return err
	}
}
