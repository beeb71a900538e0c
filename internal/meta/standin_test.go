// SPDX-License-Identifier: MIT

package meta

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/memory"
)

func TestParseInterval(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"00:00:00": 0, "01:02:03.5": time.Hour + 2*time.Minute + 3500*time.Millisecond, "-00:00:00.000001": -time.Microsecond,
		"100:00:00": 100 * time.Hour, "1 day": day, "-2 days +03:00:00": -2*day + 3*time.Hour, "0": 0, "@ 0": 0, "P0D": 0, "PT0S": 0,
		"@ 1 day 2 hours 3.5 secs ago": -(day + 2*time.Hour + 3500*time.Millisecond), "@ 1 min": time.Minute, "P1DT-2H": day - 2*time.Hour,
		"PT-1.5S": -1500 * time.Millisecond, "P2W": 14 * day, "5 microseconds": 5 * time.Microsecond, "1h2m": time.Hour + 2*time.Minute,
	} {
		got, ok := parseInterval(text)
		require.True(t, ok, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "1 mon", "1 year 2 days", "P1M", "P1Y", "P", "PT", "1", "x", "1:2", "1000000 days 1000000000 days", "PT1", "1 day x"} {
		_, ok := parseInterval(text)
		require.False(t, ok, text)
	}
}

// FuzzArray reads what it has written, in both forms, and reads what others write without a panic.
func FuzzArray(f *testing.F) {
	f.Add("", "a,b", `{"a\\",NULL}`)
	f.Add("NULL", `"\`, `[0:1]={a,b}`)
	f.Add("{}", "\n", `{{a}}`)
	f.Fuzz(func(t *testing.T, a, b, other string) {
		for _, literal := range []bool{true, false} {
			c := arrayCodec(reflect.TypeFor[[]string](), literal)
			list, back := []string{a, b}, []string(nil)
			stored, err := c.Bind(memory.Of(&list))
			if err != nil {
				continue // no valid text
			}
			require.NoError(t, c.Scan(memory.Of(&back), stored))
			require.Equal(t, list, back)
			_ = c.Scan(memory.Of(&back), other) // an error is fine.
		}
	})
}
