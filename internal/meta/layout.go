// SPDX-License-Identifier: MIT

package meta

// Form is how the bytes of a field can be compared and copied without asking its codec.
type Form uint8

// The forms of fields. What Opaque, JSON and decimal columns hold is only known to their codecs.
const (
	ByCodec Form = iota
	Byte
	Word2
	Word4
	Word8
	Double // a float64: 0 and -0 are equal
	Letters
	Instant
	WordPointer
	TextPointer
	InstantPointer
)

// Place is a column by what copying and comparing it needs, side by side in memory.
type Place struct {
	Offset uintptr
	Form   Form
	Column *Column
}

func placeOf(c *Column) Place { return Place{Offset: c.Offset, Form: formOf(c), Column: c} }

func formOf(c *Column) Form {
	switch {
	case c.Opaque || c.Meaning != Plain:
		return ByCodec
	case c.Pointer:
		return pointerForm(c)
	}
	switch c.Kind {
	case Bool:
		return Byte
	case Int, Uint:
		switch c.Bits {
		case 8:
			return Byte
		case 16:
			return Word2
		case 32:
			return Word4
		default:
			return Word8
		}
	case Float:
		if c.Bits == 64 {
			return Double
		}
		return ByCodec
	case String:
		return Letters
	case Time:
		return Instant
	default:
		return ByCodec
	}
}

func pointerForm(c *Column) Form {
	switch {
	case (c.Kind == Int || c.Kind == Uint) && c.Bits == 64:
		return WordPointer
	case c.Kind == String:
		return TextPointer
	case c.Kind == Time:
		return InstantPointer
	default:
		return ByCodec
	}
}
