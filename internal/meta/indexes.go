// SPDX-License-Identifier: MIT

package meta

import (
	"sync"

	"gorm.io/gorm/schema"
)

var parsing sync.Mutex //nolint:gochecknoglobals // guards what gorm's schemas of all databases share.

// Indexes returns the indexes that gorm's tags declare. Each time gorm reads them it writes to the schema, which goroutines share.
func Indexes(s *schema.Schema) []*schema.Index {
	parsing.Lock()
	defer parsing.Unlock()
	return s.ParseIndexes()
}
