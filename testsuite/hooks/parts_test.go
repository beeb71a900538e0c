// SPDX-License-Identifier: MIT

package hooks_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// choir is a model of parts that all have the hooks of all moments: by value, by a pointer, two levels deep, and its own.
type choir struct {
	model.BaseModel[choir]

	Alto
	Section
	*Tenor
	*Absent

	ID        int64
	Name      string
	DeletedAt gorm.DeletedAt
}

// voice is a part with hooks. Each N makes another type.
type voice[N any] struct{}

// Section is a part with hooks of its own, which hide those of the part in it.
type Section struct {
	Bass
	*Soprano
}

type (
	Alto    = voice[struct{ Alto int }]
	Bass    = voice[struct{ Bass int }]
	Soprano = voice[struct{ Soprano int }]
	Tenor   = voice[struct{ Tenor int }]
	Absent  = voice[struct{ Absent int }]
)

type songKey struct{}

// song is which parts sang at each moment.
type song map[hooks.Moment][]string

// sing notes that the hook of a part has run.
func sing(ctx context.Context, m hooks.Moment, who string) error {
	if s, ok := ctx.Value(songKey{}).(song); ok {
		s[m] = append(s[m], who)
	}
	return nil
}

func (*voice[N]) name() string { return reflect.TypeFor[N]().Field(0).Name }

func (v *voice[N]) Creating(ctx context.Context) error { return sing(ctx, hooks.Creating, v.name()) }

func (v *voice[N]) Created(ctx context.Context) error { return sing(ctx, hooks.Created, v.name()) }

func (v *voice[N]) Updating(ctx context.Context) error { return sing(ctx, hooks.Updating, v.name()) }

func (v *voice[N]) Updated(ctx context.Context) error { return sing(ctx, hooks.Updated, v.name()) }

func (v *voice[N]) Saving(ctx context.Context) error { return sing(ctx, hooks.Saving, v.name()) }

func (v *voice[N]) Saved(ctx context.Context) error { return sing(ctx, hooks.Saved, v.name()) }

func (v *voice[N]) Deleting(ctx context.Context) error { return sing(ctx, hooks.Deleting, v.name()) }

func (v *voice[N]) Deleted(ctx context.Context) error { return sing(ctx, hooks.Deleted, v.name()) }

func (v *voice[N]) Restoring(ctx context.Context) error { return sing(ctx, hooks.Restoring, v.name()) }

func (v *voice[N]) Restored(ctx context.Context) error { return sing(ctx, hooks.Restored, v.name()) }

func (v *voice[N]) Found(ctx context.Context) error { return sing(ctx, hooks.Found, v.name()) }

func (v *voice[N]) Committed(ctx context.Context) error { return sing(ctx, hooks.Committed, v.name()) }

func (v *voice[N]) RolledBack(ctx context.Context) error {
	return sing(ctx, hooks.RolledBack, v.name())
}

func (Section) Creating(ctx context.Context) error { return sing(ctx, hooks.Creating, "Section") }

func (Section) Created(ctx context.Context) error { return sing(ctx, hooks.Created, "Section") }

func (Section) Updating(ctx context.Context) error { return sing(ctx, hooks.Updating, "Section") }

func (Section) Updated(ctx context.Context) error { return sing(ctx, hooks.Updated, "Section") }

func (Section) Saving(ctx context.Context) error { return sing(ctx, hooks.Saving, "Section") }

func (Section) Saved(ctx context.Context) error { return sing(ctx, hooks.Saved, "Section") }

func (Section) Deleting(ctx context.Context) error { return sing(ctx, hooks.Deleting, "Section") }

func (Section) Deleted(ctx context.Context) error { return sing(ctx, hooks.Deleted, "Section") }

func (Section) Restoring(ctx context.Context) error { return sing(ctx, hooks.Restoring, "Section") }

func (Section) Restored(ctx context.Context) error { return sing(ctx, hooks.Restored, "Section") }

func (Section) Found(ctx context.Context) error { return sing(ctx, hooks.Found, "Section") }

func (Section) Committed(ctx context.Context) error { return sing(ctx, hooks.Committed, "Section") }

func (Section) RolledBack(ctx context.Context) error { return sing(ctx, hooks.RolledBack, "Section") }

func (*choir) Creating(ctx context.Context) error { return sing(ctx, hooks.Creating, "choir") }

func (*choir) Created(ctx context.Context) error { return sing(ctx, hooks.Created, "choir") }

func (*choir) Updating(ctx context.Context) error { return sing(ctx, hooks.Updating, "choir") }

func (*choir) Updated(ctx context.Context) error { return sing(ctx, hooks.Updated, "choir") }

func (*choir) Saving(ctx context.Context) error { return sing(ctx, hooks.Saving, "choir") }

func (*choir) Saved(ctx context.Context) error { return sing(ctx, hooks.Saved, "choir") }

func (*choir) Deleting(ctx context.Context) error { return sing(ctx, hooks.Deleting, "choir") }

func (*choir) Deleted(ctx context.Context) error { return sing(ctx, hooks.Deleted, "choir") }

func (*choir) Restoring(ctx context.Context) error { return sing(ctx, hooks.Restoring, "choir") }

func (*choir) Restored(ctx context.Context) error { return sing(ctx, hooks.Restored, "choir") }

func (*choir) Found(ctx context.Context) error { return sing(ctx, hooks.Found, "choir") }

func (*choir) Committed(ctx context.Context) error { return sing(ctx, hooks.Committed, "choir") }

func (*choir) RolledBack(ctx context.Context) error { return sing(ctx, hooks.RolledBack, "choir") }

// Go promotes a method of one embedded value only, and none if there are two, or if the outer struct has its own. Hooks of all of
// them run, each once, those of the outermost last; a part behind a nil pointer has nothing to do.
func TestHooksOfAllPartsRun(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &choir{})
		s := song{}
		ctx := context.WithValue(e.Ctx, songKey{}, s)
		heard := func(want ...hooks.Moment) {
			require.Len(t, s, len(want))
			for _, m := range want {
				require.Equal(t, []string{"Alto", "Bass", "Soprano", "Section", "Tenor", "choir"}, s[m], m)
			}
			clear(s)
		}
		c := &choir{Name: "a", Section: Section{Soprano: &Soprano{}}, Tenor: &Tenor{}}
		require.NoError(t, model.Create(ctx, e.DB, c))
		heard(hooks.Creating, hooks.Saving, hooks.Created, hooks.Saved, hooks.Committed)
		c.Name = "b"
		require.NoError(t, c.Save(ctx))
		heard(hooks.Updating, hooks.Saving, hooks.Updated, hooks.Saved, hooks.Committed)
		require.NoError(t, c.Delete(ctx))
		heard(hooks.Deleting, hooks.Deleted, hooks.Committed)
		require.NoError(t, c.Restore(ctx))
		heard(hooks.Restoring, hooks.Restored, hooks.Committed)
		require.Error(t, e.DB.Transaction(ctx, func(ctx context.Context, _ *model.DB) error {
			require.NoError(t, c.ForceDelete(ctx))
			return errors.New("back")
		}))
		heard(hooks.Deleting, hooks.Deleted, hooks.RolledBack)
		_, err := model.Query[choir](e.DB).First(ctx)
		require.NoError(t, err)
		require.Equal(t, song{hooks.Found: {"Alto", "Bass", "Section", "choir"}}, s, "a record that is read has no pointers yet")
	})
}

// Tuned is a part that defines something of the model that embeds it, beside the model's own Define.
type Tuned[T any] struct{}

// Define is read by Register.
func (*Tuned[T]) Define(d *model.Definition[T]) {
	d.Computed("tuned", func(*T) any { return true })
	d.On(hooks.Saving, func(ctx context.Context, _ *T) error { return sing(ctx, hooks.Saving, "tuned") })
}

// trio has two parts and a Define of its own.
type trio struct {
	model.BaseModel[trio]
	Tuned[trio]
	*Alto
	Bass

	ID   int64
	Name string
}

// Define is read by Register.
func (*trio) Define(d *model.Definition[trio]) {
	d.Observe(ears{})
	d.Computed("own", func(*trio) any { return true })
}

// ears is an observer of two parts.
type ears struct {
	Left
	*Right
}

type (
	Left  struct{}
	Right struct{}
)

// Saving observes records.
func (Left) Saving(ctx context.Context, _ *trio) error { return sing(ctx, hooks.Saving, "left") }

// Saving observes records.
func (Right) Saving(ctx context.Context, _ *trio) error { return sing(ctx, hooks.Saving, "right") }

// Saving observes records.
func (ears) Saving(ctx context.Context, _ *trio) error { return sing(ctx, hooks.Saving, "ears") }

// What Define says is said by all parts too, and observers have parts as models do.
func TestDefinitionsAndObserversOfAllPartsRun(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &trio{})
		s := song{}
		record := &trio{Name: "a", Alto: &Alto{}}
		require.NoError(t, model.Create(context.WithValue(e.Ctx, songKey{}, s), e.DB, record))
		require.Equal(t, []string{"Alto", "Bass", "tuned", "left", "ears"}, s[hooks.Saving], "methods, then what Define says, in order")
		require.Subset(t, record.ToObject(), map[string]any{"tuned": true, "own": true})
	})
}

// mistaken has parts whose methods would never run.
type mistaken struct {
	model.BaseModel[mistaken]
	PlainHook
	GormHook
	Late
	Lost

	ID int64
}

// Saving hides the one that has another signature.
func (*mistaken) Saving(context.Context) error { return nil }

// Define hides the one of another model.
func (*mistaken) Define(*model.Definition[mistaken]) {}

type (
	PlainHook struct{}
	GormHook  struct{}
	Late      struct{}
	Lost      struct{}
)

// Saving lacks the context.
func (PlainHook) Saving() error { return nil }

// BeforeSave is gorm's.
func (*GormHook) BeforeSave(*gorm.DB) error { return nil }

// Fetching belongs into Define.
func (Late) Fetching(context.Context, *relation.Query) error { return nil }

// Define is that of another model.
func (Lost) Define(*model.Definition[trio]) {}

// What would never run in a part is refused by its name, also where a method of the model hides it.
func TestRegisterRefusesHooksOfPartsThatNeverRun(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		err := e.DB.Register(&mistaken{})
		for _, text := range []string{
			"method Saving of the embedded PlainHook has the name of a hook, but not its signature",
			"method BeforeSave of the embedded GormHook is a hook of gorm and would never run",
			"method Fetching of the embedded Late would never run; register it with OnQuery",
			"method Define of the embedded Lost would never run; write Define(d *model.Definition[mistaken])",
		} {
			require.ErrorContains(t, err, text)
		}
	})
}
