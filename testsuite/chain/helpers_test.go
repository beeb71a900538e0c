// SPDX-License-Identifier: MIT

package chain_test

import (
	"errors"
)

var errSweep = errors.New("the caller gives up")
