// SPDX-License-Identifier: MIT

// Kindredvet reports misplaced base models and raw SQL that is not a constant.
// Package vet says what exactly, and why.
//
//	kindredvet [-flag] [package]
//	go vet -vettool="$(command -v kindredvet)" [package]
package main

import (
	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/kindred-orm/kindred/vet"
)

func main() { singlechecker.Main(vet.Analyzer) }
