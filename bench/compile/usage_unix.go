// SPDX-License-Identifier: MIT

//go:build unix

package compile

import (
	"os"
	"runtime"
	"syscall"
)

// peak returns the largest memory in bytes that a process and those it waited for had, each for itself.
func peak(s *os.ProcessState) int64 {
	usage, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if size := int64(usage.Maxrss); runtime.GOOS == "darwin" {
		return size
	} else {
		return size << 10
	}
}
