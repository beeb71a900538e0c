// SPDX-License-Identifier: MIT

package meta

import (
	"encoding"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/memory"
)

// textualCodec serves types that write and read themselves as text, such as netip.Addr. A value with an empty text is NULL.
func textualCodec(t reflect.Type) *Codec {
	elem := element(t)
	c := &Codec{Type: t, Kind: Custom, Pointer: t.Kind() == reflect.Pointer, Nullable: true, Opaque: true, Deferred: true, text: true}
	scan := func(p memory.Ptr, src any) error {
		memory.Value(elem, p).SetZero()
		if src == nil {
			return nil
		}
		text, err := toString(src)
		if err != nil || text == "" {
			return err
		}
		return readText(elem, p, text)
	}
	bind := func(p memory.Ptr) (any, error) {
		text, err := memory.Pointer(elem, p).(encoding.TextMarshaler).MarshalText() //nolint:errcheck,forcetypeassert // checked by isTextual.
		if err != nil {
			return nil, errs.Conceal(err, "the value of the %s was refused by its own method", elem)
		}
		if len(text) == 0 {
			return nil, nil //nolint:nilnil // nil is the driver's NULL.
		}
		return checkText(string(text))
	}
	c.finish(elem, scan, bind)
	c.cast = func(v any) (any, error) { return c.castText(elem, scan, bind, v) }
	return c
}

// readText has a value read a text of its own form. A network of one address is written by PostgreSQL without its length.
func readText(elem reflect.Type, p memory.Ptr, text string) error {
	if elem == reflect.TypeFor[netip.Prefix]() && !strings.Contains(text, "/") {
		addr, err := netip.ParseAddr(text)
		if err != nil {
			return unreadable(text, elem.String())
		}
		*memory.At[netip.Prefix](p) = netip.PrefixFrom(addr, addr.BitLen())
		return nil
	}
	err := memory.Pointer(elem, p).(encoding.TextUnmarshaler).UnmarshalText([]byte(text)) //nolint:errcheck,forcetypeassert // checked by isTextual.
	if err != nil {
		return errs.Conceal(err, "a text is not a %s", elem)
	}
	return nil
}

// castText turns a value of the type, its text, or another value with a text, into what is bound.
func (c *Codec) castText(elem reflect.Type, scan func(memory.Ptr, any) error, bind func(memory.Ptr) (any, error), v any) (any, error) {
	p := memory.New(elem)
	rv := reflect.ValueOf(v)
	text, isText := v.(encoding.TextMarshaler)
	switch {
	case rv.Type() == elem:
		memory.Value(elem, p).Set(rv)
	case rv.Kind() == reflect.String:
		v = rv.String()
		if err := scan(p, v); err != nil {
			return nil, err
		}
	case isText:
		out, err := text.MarshalText()
		if err != nil {
			return nil, errs.Conceal(err, "the value of the %T was refused by its own method", v)
		}
		if err := scan(p, string(out)); err != nil {
			return nil, err
		}
	default:
		return nil, wrongType(v, "a "+elem.String())
	}
	out, err := bind(p)
	if err == nil && out == nil {
		err = errNil()
	}
	return out, err
}

// intervalCodec serves a time.Duration in a column of PostgreSQL's type interval, where literal is true, and else in nanoseconds. Both
// keep microseconds. An interval of months is no duration, and a day is 24 hours.
func intervalCodec(t reflect.Type, literal bool) *Codec {
	c := &Codec{Type: t, Kind: Custom, Pointer: t.Kind() == reflect.Pointer, Nullable: t.Kind() == reflect.Pointer}
	scan := func(p memory.Ptr, src any) error {
		d := memory.At[time.Duration](p)
		switch v := src.(type) {
		case nil:
			*d = 0
			return nil
		case int64:
			*d = time.Duration(v)
			return nil
		default:
			text, err := toString(v)
			if err != nil {
				return err
			}
			var ok bool
			if *d, ok = parseInterval(text); !ok {
				return errs.New(errs.ErrInvalidValue, "the database holds an interval that is no time.Duration, such as one of months; "+
					"use a string, or select it as seconds")
			}
			return nil
		}
	}
	bind := func(p memory.Ptr) (any, error) { //nolint:unparam // finish takes a function that may fail.
		d := memory.At[time.Duration](p).Truncate(precision)
		if !literal {
			return int64(d), nil
		}
		return strconv.FormatInt(d.Microseconds(), 10) + " microseconds", nil
	}
	c.finish(durationType, scan, bind)
	c.cast = func(v any) (any, error) {
		n, err := castInt(v)
		if err != nil {
			return nil, wrongType(v, "a time.Duration")
		}
		d := time.Duration(n)
		return bind(memory.Of(&d))
	}
	return c
}

// parseInterval reads an interval as PostgreSQL writes it, in the styles postgres ("1 day -01:02:03.5"), postgres_verbose ("@ 1 day 2 hours
// ago") and iso_8601 ("P1DT2H"), as Kindred binds it, and as Go writes it ("1h2m").
func parseInterval(s string) (time.Duration, bool) {
	if d, err := time.ParseDuration(s); err == nil {
		return d, true
	}
	if rest, iso := strings.CutPrefix(s, "P"); iso {
		return parseISOInterval(rest)
	}
	s, ago := strings.CutSuffix(strings.TrimPrefix(s, "@ "), " ago")
	words := strings.Fields(s)
	var sum time.Duration
	for len(words) > 0 {
		if strings.Contains(words[0], ":") {
			clock, ok := parseClock(words[0])
			if !ok {
				return 0, false
			}
			sum, words = sum+clock, words[1:]
			continue
		}
		if len(words) < 2 {
			return 0, len(words) == 1 && words[0] == "0" && sum == 0
		}
		part, ok := scaled(words[0], strings.TrimSuffix(words[1], "s"))
		if !ok {
			return 0, false
		}
		sum, words = sum+part, words[2:]
	}
	if ago {
		sum = -sum
	}
	return sum, s != ""
}

// parseISOInterval reads what follows the P of an interval of ISO 8601. An M before the T is a month.
func parseISOInterval(s string) (time.Duration, bool) {
	date, clock, _ := strings.Cut(s, "T")
	var sum time.Duration
	for _, half := range []struct {
		text  string
		units map[byte]string
	}{{date, map[byte]string{'W': "week", 'D': "day"}}, {clock, map[byte]string{'H': "hour", 'M': "min", 'S': "sec"}}} {
		for text := half.text; text != ""; {
			i := strings.IndexFunc(text, func(r rune) bool { return r >= 'A' && r <= 'Z' })
			if i < 1 {
				return 0, false
			}
			part, ok := scaled(text[:i], half.units[text[i]])
			if !ok {
				return 0, false
			}
			sum, text = sum+part, text[i+1:]
		}
	}
	return sum, s != "" && s != "T"
}

// scaled returns a number of units.
func scaled(number, unit string) (time.Duration, bool) {
	size, known := map[string]string{
		"week": "h", "day": "h", "hour": "h", "minute": "m", "min": "m", "second": "s", "sec": "s", "millisecond": "ms", "microsecond": "us",
	}[unit]
	if !known {
		if zero, err := strconv.ParseFloat(number, 64); err == nil && zero == 0 && unit != "" {
			return 0, true // no months, no years
		}
		return 0, false
	}
	d, err := time.ParseDuration(number + size)
	if err != nil {
		return 0, false
	}
	hours := time.Duration(1)
	switch unit {
	case "week":
		hours = 7 * 24
	case "day":
		hours = 24
	}
	if product := d * hours; product/hours == d {
		return product, true
	}
	return 0, false
}

// parseClock reads "-01:02:03.5", whose hours may be any number.
func parseClock(s string) (time.Duration, bool) {
	rest, negative := strings.CutPrefix(s, "-")
	parts := strings.Split(strings.TrimPrefix(rest, "+"), ":")
	if len(parts) != 3 {
		return 0, false
	}
	d, err := time.ParseDuration(parts[0] + "h" + parts[1] + "m" + parts[2] + "s")
	if negative {
		d = -d
	}
	return d, err == nil
}
