// SPDX-License-Identifier: MIT

package record

import (
	"time"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// same is Codec.Equal with the frequent types inlined: it runs for every column at every save.
func same(p *meta.Place, a, b memory.Ptr) bool {
	a, b = memory.Add(a, p.Offset), memory.Add(b, p.Offset)
	switch p.Form {
	case meta.Byte:
		return *memory.At[byte](a) == *memory.At[byte](b)
	case meta.Word2:
		return *memory.At[uint16](a) == *memory.At[uint16](b)
	case meta.Word4:
		return *memory.At[uint32](a) == *memory.At[uint32](b)
	case meta.Word8:
		return *memory.At[uint64](a) == *memory.At[uint64](b)
	case meta.Double:
		return *memory.At[float64](a) == *memory.At[float64](b) || *memory.At[uint64](a) == *memory.At[uint64](b)
	case meta.Letters:
		return *memory.At[string](a) == *memory.At[string](b)
	case meta.Instant:
		return sameTime(memory.At[time.Time](a), memory.At[time.Time](b))
	case meta.WordPointer:
		x, y := *memory.At[*uint64](a), *memory.At[*uint64](b)
		return x == y || x != nil && y != nil && *x == *y
	case meta.TextPointer:
		x, y := *memory.At[*string](a), *memory.At[*string](b)
		return x == y || x != nil && y != nil && *x == *y
	case meta.InstantPointer:
		x, y := *memory.At[*time.Time](a), *memory.At[*time.Time](b)
		return x == y || x != nil && y != nil && sameTime(x, y)
	default:
		return p.Column.Equal(a, b)
	}
}

// sameTime is meta.SameTime with a fast path: == also compares the addresses of the zones, which differ for
// equal instants only.
func sameTime(a, b *time.Time) bool {
	return *a == *b || meta.SameTime(*a, *b) //nolint:staticcheck // == is the quick yes.
}

// copyPlace copies a column that is not opaque. The two records share no memory that can be written
// through.
func copyPlace(p *meta.Place, dst, src memory.Ptr) {
	dst, src = memory.Add(dst, p.Offset), memory.Add(src, p.Offset)
	switch p.Form {
	case meta.Byte:
		*memory.At[byte](dst) = *memory.At[byte](src)
	case meta.Word2:
		*memory.At[uint16](dst) = *memory.At[uint16](src)
	case meta.Word4:
		*memory.At[uint32](dst) = *memory.At[uint32](src)
	case meta.Word8:
		*memory.At[uint64](dst) = *memory.At[uint64](src)
	case meta.Double:
		*memory.At[float64](dst) = *memory.At[float64](src)
	case meta.Letters:
		*memory.At[string](dst) = *memory.At[string](src)
	case meta.Instant:
		*memory.At[time.Time](dst) = *memory.At[time.Time](src)
	case meta.WordPointer:
		clonePointer[uint64](dst, src)
	case meta.TextPointer:
		clonePointer[string](dst, src)
	case meta.InstantPointer:
		clonePointer[time.Time](dst, src)
	default:
		p.Column.Clone(dst, src)
	}
}

func clonePointer[V any](dst, src memory.Ptr) {
	v := *memory.At[*V](src)
	if v != nil {
		copied := *v
		v = &copied
	}
	*memory.At[*V](dst) = v
}
