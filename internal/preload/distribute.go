// SPDX-License-Identifier: MIT

package preload

import (
	"context"
	"slices"

	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
)

// distribute sets the relation of every owner to its related records.
func (b *batch) distribute(ctx context.Context, result query.Result) error {
	fields := make([]memory.Ptr, len(result.Records)) // that hold the key of each record's owner
	for i, p := range result.Records {
		fields[i] = memory.Add(p, result.Key)
	}
	numbers, err := b.index.Resolve(ctx, b.h, b.preload.Query.Parents.Place.Column, fields, key.ByValues)
	if err != nil {
		return err
	}
	for i, n := range b.number {
		b.number[i] = b.index.Class(n)
	}
	if b.link.Many() {
		b.distributeMany(result.Records, numbers)
	} else if err := b.distributeOne(result.Records, numbers); err != nil {
		return err
	}
	if b.link.Inverse == "" {
		return nil
	}
	for _, owner := range b.owners {
		if err := setInverse(b.link, owner, record.Related(b.link.Relation, owner)); err != nil {
			return err
		}
	}
	return nil
}

// distributeMany makes the lists of all owners as parts of one slice, in the order of the result.
func (b *batch) distributeMany(records []memory.Ptr, numbers []int32) {
	starts := make([]int, b.index.Len()+1)
	for _, n := range numbers {
		if n != key.None {
			starts[n+1]++
		}
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	sorted := make([]memory.Ptr, len(records))
	next := slices.Clone(starts)
	for i, n := range numbers {
		if n != key.None {
			sorted[next[n]] = records[i]
			next[n]++
		}
	}
	taken := make([]bool, b.index.Len())
	for i, owner := range b.owners {
		list := []memory.Ptr{}
		if n := b.number[i]; n != key.None {
			list = sorted[starts[n]:starts[n+1]:starts[n+1]]
			if taken[n] { // owners with one key get lists of their own
				list = slices.Clone(list)
			}
			taken[n] = true
		}
		record.SetMany(b.link.Relation, owner, list)
	}
}

// distributeOne sets the relation of every owner to the first record of its key.
func (b *batch) distributeOne(records []memory.Ptr, numbers []int32) error {
	first := make([]memory.Ptr, b.index.Len())
	for i, n := range numbers {
		if n != key.None && first[n] == nil {
			first[n] = records[i]
		}
	}
	for i, owner := range b.owners {
		var one memory.Ptr
		if n := b.number[i]; n != key.None {
			one = first[n]
		}
		if one == nil && b.link.HasDefault {
			s, err := Default(b.h, b.link, record.Of(b.link.Owner, owner))
			if err != nil {
				return err
			}
			one = s.Owner
		}
		record.SetOne(b.link.Relation, owner, one)
	}
	return nil
}

// setInverse sets the inverse of a relation in related records to their owner.
func setInverse(l *meta.Link, owner memory.Ptr, list []memory.Ptr) error {
	back, ok := l.Model.Relation(l.Inverse)
	if !ok {
		return l.Model.UnknownRelation(l.Inverse)
	}
	for _, p := range list {
		if record.Of(l.Model, p) != nil {
			record.SetOne(back, p, owner)
		}
	}
	return nil
}
