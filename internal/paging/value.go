// SPDX-License-Identifier: MIT

package paging

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
)

// typed marks a value in a cursor that is no text. No stored text contains it. The letter after it is the type.
const typed = "\x00"

// encodeValue returns a bound value as text. The type of the value is kept if exact, for fields whose Scan takes no other, and
// for bytes.
func encodeValue(v any, exact bool) (string, error) {
	if b, ok := v.([]byte); ok {
		return typed + "b" + base64.RawStdEncoding.EncodeToString(b), nil
	}
	if exact {
		switch v := v.(type) {
		case int64:
			return typed + "i" + strconv.FormatInt(v, 10), nil
		case float64:
			return typed + "f" + strconv.FormatFloat(v, 'g', -1, 64), nil
		case bool:
			return typed + "l" + strconv.FormatBool(v), nil
		case time.Time:
			return typed + "t" + v.Format(time.RFC3339Nano), nil
		}
	}
	text := meta.CodecOf[string]()
	field := text.New()
	if err := text.Scan(field, v); err != nil {
		return "", err
	}
	return *memory.At[string](field), nil
}

// decodeValue reverses encodeValue. It returns false for a text that encodeValue does not make.
func decodeValue(s string) (v any, ok bool) {
	rest, marked := strings.CutPrefix(s, typed)
	if !marked {
		return s, true
	}
	if rest == "" {
		return nil, false
	}
	var err error
	switch text := rest[1:]; rest[0] {
	case 'b':
		v, err = base64.RawStdEncoding.DecodeString(text)
	case 'i':
		v, err = strconv.ParseInt(text, 10, 64)
	case 'f':
		v, err = strconv.ParseFloat(text, 64)
	case 'l':
		v, err = strconv.ParseBool(text)
	case 't':
		v, err = time.Parse(time.RFC3339Nano, text)
	default:
		return nil, false
	}
	return v, err == nil
}
