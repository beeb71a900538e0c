// SPDX-License-Identifier: MIT

package meta

import (
	"context"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/internal/memory"
)

type (
	// small has a method that the compiler copies into what calls it.
	small struct{ N int }
	// large has one that it does not.
	large struct{ N int }
	// generic has one for each T.
	generic[T any] struct{ V T }
	speaker        interface {
		Saving(ctx context.Context) error
	}

	hidesSmall            struct{ small }
	hidesLarge            struct{ *large }
	hidesGeneric          struct{ generic[int] }
	callsSmall            struct{ small }
	genericHides[T any]   struct{ small }
	genericByValue[T any] struct{ *large }
	promotesSmall         struct{ small }
	promotesFromThere     struct {
		N, M int
		small
	}
	promotesPointer        struct{ *small }
	promotesLarge          struct{ large }
	promotesGeneric        struct{ generic[int] }
	promotesDeep           struct{ promotesPointer }
	promotesHidden         struct{ hidesLarge }
	promotesInterface      struct{ speaker }
	genericPromotes[T any] struct{ generic[T] }
	ambiguous              struct {
		small
		large
	}
)

func (s *small) Saving(context.Context) error { s.N++; return nil }

func (l large) Saving(ctx context.Context) error {
	for range l.N {
		if err := (&small{}).Saving(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (g *generic[T]) Saving(ctx context.Context) error {
	if reflect.TypeFor[T]().Size() > 8 {
		return ctx.Err()
	}
	return nil
}

func (h *hidesSmall) Saving(context.Context) error           { h.N += 2; return nil }
func (hidesLarge) Saving(context.Context) error              { return nil }
func (*hidesGeneric) Saving(ctx context.Context) error       { return (&small{}).Saving(ctx) }
func (c *callsSmall) Saving(ctx context.Context) error       { return c.small.Saving(ctx) }
func (*genericHides[T]) Saving(context.Context) error        { return nil }
func (g genericByValue[T]) Saving(ctx context.Context) error { return ctx.Err() }

// A method is that of the part which declares it, whatever Go promotes, and wherever the compiler copies it.
func TestAPartDeclaresItsOwnMethods(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		part any
		own  bool
	}{
		{small{}, true},
		{large{}, true},
		{generic[int]{}, true},
		{generic[[]string]{}, true},
		{hidesSmall{}, true},
		{hidesLarge{}, true},
		{hidesGeneric{}, true},
		{callsSmall{}, true},
		{genericHides[int]{}, true},
		{genericHides[*small]{}, true},
		{genericByValue[int]{}, true},
		{genericByValue[*small]{}, true},
		{promotesSmall{}, false},
		{promotesFromThere{}, false},
		{promotesPointer{}, false},
		{promotesLarge{}, false},
		{promotesGeneric{}, false},
		{promotesDeep{}, false},
		{promotesHidden{}, false},
		{promotesInterface{}, false},
		{genericPromotes[int]{}, false},
		{genericPromotes[[]string]{}, false},
		{ambiguous{}, false},
		{struct{}{}, false},
	} {
		part := Part{Type: reflect.TypeOf(row.part)}
		_, own := part.Method("Saving")
		require.Equal(t, row.own, own, "%T", row.part)
	}
}

// Parts are found at their address in a record, inner ones first, and not behind a nil pointer.
func TestPartsLieInTheirRecord(t *testing.T) {
	t.Parallel()
	type outer struct {
		Name string
		*promotesPointer
		hidesLarge
		speaker //nolint:unused // an interface is no part.
	}
	r := &outer{promotesPointer: &promotesPointer{small: &small{N: 7}}}
	var names []string
	at := map[string]memory.Ptr{}
	for _, part := range Parts(reflect.TypeFor[outer]()) {
		names = append(names, part.Type.Name())
		at[part.Type.Name()] = part.At(memory.Of(r))
	}
	require.Equal(t, []string{"small", "promotesPointer", "large", "hidesLarge", "speaker", "outer"}, names)
	require.Equal(t, 7, memory.At[small](at["small"]).N)
	require.Equal(t, memory.Of(r.promotesPointer), at["promotesPointer"])
	require.Nil(t, at["large"])
	require.Equal(t, memory.Of(r), at["outer"])
}

// A struct that embeds pointers to itself has an end.
func TestPartsOfWhatEmbedsItself(t *testing.T) {
	t.Parallel()
	require.Len(t, Parts(reflect.TypeFor[endless]()), 2)
}

type endless struct{ *endless }
