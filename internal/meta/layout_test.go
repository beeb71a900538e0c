// SPDX-License-Identifier: MIT

package meta

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRuns(t *testing.T) {
	t.Parallel()
	type row struct {
		ID     int64
		Name   string
		Score  float64
		Active bool
		Bio    *string
		Other  [3]int // no column
		Small  uint8
		At     time.Time
		Data   []byte
		Count  int32
	}
	var places []Place
	for f := range reflect.TypeFor[row]().Fields() {
		if codec := basic(f.Type, Plain); codec != nil {
			places = append(places, placeOf(&Column{Codec: codec, Name: f.Name, Offset: f.Offset}))
		}
	}
	var got [][]string
	for _, r := range runsOf(places) {
		var names []string
		for _, p := range r.Places {
			names = append(names, p.Column.Name)
		}
		last := r.Places[len(r.Places)-1]
		switch len(names) {
		case 1:
			require.Zero(t, r.Size)
		default:
			require.Equal(t, last.Offset+last.Column.Type.Size(), r.Offset+r.Size)
		}
		got = append(got, names)
	}
	want := [][]string{{"ID", "Name", "Score", "Active"}, {"Bio"}, {"Small", "At"}, {"Data"}, {"Count"}}
	require.Equal(t, want, got, "what is no column, or needs its codec, ends a run")
}
