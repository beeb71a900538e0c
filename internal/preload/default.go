// SPDX-License-Identifier: MIT

package preload

import (
	"reflect"

	"github.com/kindred-orm/kindred/internal/key"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/tx"
)

// Default makes the record that WithDefault puts in the place of a missing one. It is not saved, and Push leaves it alone.
func Default(h *tx.Handle, l *meta.Link, owner *record.State) (*record.State, error) {
	s := record.Make(l.Model)
	s.Handle = h
	s.Substitute()
	if local, err := l.Local.Bind(l.Local.At(owner.Owner)); err != nil {
		return nil, err
	} else if l.Kind == meta.HasOne && local != nil {
		if err := key.Copy(s, l.Foreign, owner, l.Local); err != nil {
			return nil, err
		}
	}
	switch given := l.Default.(type) {
	case nil:
	case map[string]any:
		if err := s.Assign(given); err != nil {
			return nil, err
		}
	default:
		reflect.ValueOf(given).Call([]reflect.Value{
			reflect.NewAt(l.Related, s.Owner), reflect.NewAt(l.Owner.Type, owner.Owner),
		})
	}
	return s, nil
}
