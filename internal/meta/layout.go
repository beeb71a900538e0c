// SPDX-License-Identifier: MIT

package meta

// Form is how the bytes of a field can be compared and copied without asking its codec.
type Form uint8

// The forms of fields. What JSON and decimal columns hold is only known to their codecs; opaque columns
// are not in snapshots.
const (
	Opaque Form = iota
	ByCodec
	Byte
	Word2
	Word4
	Word8
	Double // a float64: 0 and -0 are equal, and so is NaN to itself
	Letters
	Instant
	WordPointer
	TextPointer
	InstantPointer
)

// Run is columns that lie side by side in memory. Where their bytes are equal, so are the columns,
// which holds for most columns of most records and is found with one comparison.
type Run struct {
	Offset uintptr
	Size   uintptr // 0 where equal bytes mean nothing, or there is only one column
	Places []Place
}

// runsOf groups places, which are in the order of the fields.
func runsOf(places []Place) []Run {
	const word = 8 // the largest alignment, so a larger gap is another field
	var runs []Run
	for i := range places {
		p := &places[i]
		end := p.Offset + p.Column.Type.Size()
		if n := len(runs) - 1; n >= 0 && p.plain() && runs[n].Places[0].plain() {
			if r := &runs[n]; p.Offset >= r.Offset+r.Size && p.Offset-r.Offset-r.Size < word {
				r.Size = end - r.Offset
				r.Places = places[i-len(r.Places) : i+1]
				continue
			}
		}
		runs = append(runs, Run{Offset: p.Offset, Size: end - p.Offset, Places: places[i : i+1]})
	}
	for i := range runs {
		if len(runs[i].Places) == 1 {
			runs[i].Size = 0
		}
	}
	return runs
}

// plain reports whether equal bytes are equal values, and usual for them: what a pointer points to has
// another address in the snapshot.
func (p *Place) plain() bool {
	switch p.Form {
	case Byte, Word2, Word4, Word8, Double, Letters, Instant:
		return true
	default:
		return false
	}
}

// Place is a column by what copying and comparing it needs, side by side in memory.
type Place struct {
	Offset uintptr
	Form   Form
	Column *Column
}

func placeOf(c *Column) Place { return Place{Offset: c.Offset, Form: formOf(c), Column: c} }

func formOf(c *Column) Form {
	switch {
	case c.Opaque:
		return Opaque
	case c.Meaning != Plain:
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
