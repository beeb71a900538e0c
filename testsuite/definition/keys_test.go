// SPDX-License-Identifier: MIT

package definition_test

import (
	"context"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Models by the kind of their primary key.
type (
	keyInt32 struct {
		model.BaseModel[keyInt32]

		ID   int32
		Name string
	}
	keyUint struct {
		model.BaseModel[keyUint]

		Number uint `gorm:"primaryKey;column:no"`
		Name   string
	}
	keySelf struct {
		model.BaseModel[keySelf]

		ID   int64 `gorm:"primaryKey;autoIncrement:false"`
		Name string
	}
	keyNatural struct {
		model.BaseModel[keyNatural]

		Code string `gorm:"primaryKey;size:20"`
		Name string
	}
	keyByHook struct {
		model.BaseModel[keyByHook]

		ID   string `gorm:"primaryKey;type:uuid"`
		Name string
	}
	keyByDefault struct {
		model.BaseModel[keyByDefault]

		ID   string `gorm:"primaryKey;default:('k-' || CURRENT_TIMESTAMP)"`
		Name string
	}
	keyTyped struct {
		model.BaseModel[keyTyped]

		ID   ulid `gorm:"primaryKey;type:text"`
		Name string
	}
	keyPair struct {
		model.BaseModel[keyPair]

		Tenant string `gorm:"primaryKey;size:20"`
		No     int64  `gorm:"primaryKey;autoIncrement:false"`
		Name   string
	}
)

// ulid is a key type that stores itself as text.
type ulid [4]byte

// Value is the hexadecimal form.
func (u ulid) Value() (driver.Value, error) { return hex.EncodeToString(u[:]), nil }

// Scan reads the hexadecimal form.
func (u *ulid) Scan(src any) error {
	text := harness.Text(src)
	if len(text) != 2*len(u) {
		return fmt.Errorf("a %T is no ulid", src)
	}
	_, err := hex.Decode(u[:], []byte(text))
	return err
}

const someUUID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

// Creating makes a key, as an application would.
func (k *keyByHook) Creating(context.Context) error {
	if k.ID == "" {
		k.ID = someUUID
	}
	return nil
}

// An integer key that is zero is counted by the database and comes back; one that is set is kept.
func TestZeroKeyIsCountedByTheDatabase(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &keyInt32{}, &keyUint{})
		a, b, set := &keyInt32{}, &keyInt32{}, &keyInt32{ID: 4000}
		for _, k := range []*keyInt32{a, b, set} {
			e.Sends(t, 1, func() { require.NoError(t, model.Create(e.Ctx, e.DB, k)) })
		}
		require.Positive(t, a.ID)
		require.Greater(t, b.ID, a.ID)
		require.EqualValues(t, 4000, set.ID)
		u := &keyUint{Name: "u"}
		require.NoError(t, model.Create(e.Ctx, e.DB, u))
		require.Positive(t, u.Number)
		require.EqualValues(t, u.Number, e.Row(t, "SELECT no FROM key_uints")["no"])
		require.NoError(t, find[keyInt32](e, b.ID))
		require.NoError(t, find[keyUint](e, u.Number))
	})
}

// A key that the database does not count is inserted as it is, zero too.
func TestKeyThatIsNotCountedIsInsertedAsItIs(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &keySelf{})
		for _, id := range []int64{7, 0, -3} {
			k := &keySelf{ID: id, Name: "x"}
			e.Sends(t, 1, func() { require.NoError(t, model.Create(e.Ctx, e.DB, k)) })
			require.Equal(t, id, k.ID)
			require.NoError(t, find[keySelf](e, id))
		}
		require.EqualValues(t, 3, e.Count(t, "key_selves"))
		require.ErrorIs(t, model.Create(e.Ctx, e.DB, &keySelf{}), model.ErrDuplicate)
	})
}

// A text key is inserted as it is; an empty one is an ErrMissingKey before anything is sent.
func TestEmptyTextKeyIsRefused(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &keyNatural{})
		k := &keyNatural{Code: "at", Name: "Austria"}
		require.NoError(t, model.Create(e.Ctx, e.DB, k))
		require.NoError(t, find[keyNatural](e, "at"))
		e.Sends(t, 0, func() {
			err := model.Create(e.Ctx, e.DB, &keyNatural{Name: "nowhere"})
			require.ErrorIs(t, err, model.ErrMissingKey)
			require.ErrorContains(t, err, "keyNatural.Code")
		})
		require.ErrorIs(t, find[keyNatural](e, ""), model.ErrInvalidKey)
	})
}

// A Creating hook may make the key.
func TestCreatingHookMayMakeTheKey(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &keyByHook{})
		k := &keyByHook{Name: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, k))
		require.Equal(t, someUUID, k.ID)
		require.NoError(t, find[keyByHook](e, someUUID))
		require.ErrorIs(t, find[keyByHook](e, "no uuid"), model.ErrInvalidKey)
	})
}

// A key with a default in the database comes back with the INSERT.
func TestKeyWithADefaultComesBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &keyByDefault{})
		k := &keyByDefault{Name: "a"}
		e.Sends(t, 1, func() { require.NoError(t, model.Create(e.Ctx, e.DB, k)) })
		require.Contains(t, k.ID, "k-2")
		k.Name = "b"
		require.NoError(t, k.Save(e.Ctx))
		require.Equal(t, "b", e.Row(t, "SELECT name FROM key_by_defaults WHERE id = ?", k.ID)["name"])
	})
}

// A key may be of a type that is a Scanner and a Valuer.
func TestKeyMayBeAScannerAndValuer(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &keyTyped{})
		k := &keyTyped{ID: ulid{1, 2, 3, 4}, Name: "a"}
		require.NoError(t, model.Create(e.Ctx, e.DB, k))
		require.Equal(t, "01020304", e.Row(t, "SELECT id FROM key_typeds")["id"])
		found, err := model.Query[keyTyped](e.DB).Find(e.Ctx, ulid{1, 2, 3, 4})
		require.NoError(t, err)
		require.True(t, model.Is(found, k))
		found.Name = "b"
		e.Sends(t, 1, func() { require.NoError(t, found.Save(e.Ctx)) })
		require.NoError(t, k.Refresh(e.Ctx))
		require.Equal(t, "b", k.Name)
		require.NoError(t, found.Delete(e.Ctx))
		require.Zero(t, e.Count(t, "key_typeds"))
	})
}

// A key of several columns finds, updates, reloads and deletes exactly its row.
func TestCompositeKeyAddressesExactlyItsRow(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &keyPair{})
		list := []*keyPair{{Tenant: "a", No: 1}, {Tenant: "a", No: 2}, {Tenant: "b", No: 1}}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		require.ErrorIs(t, model.Create(e.Ctx, e.DB, &keyPair{Tenant: "a", No: 2}), model.ErrDuplicate)

		found, err := model.Query[keyPair](e.DB).Find(e.Ctx, model.Attrs{"Tenant": "a", "no": 2})
		require.NoError(t, err)
		require.True(t, model.Is(found, list[1]))
		require.False(t, model.Is(found, list[2]))
		found.Name = "changed"
		e.Sends(t, 1, func() { require.NoError(t, found.Save(e.Ctx)) })
		require.EqualValues(t, 1, e.Row(t, "SELECT count(*) AS n FROM key_pairs WHERE name = 'changed'")["n"])
		require.NoError(t, list[1].Refresh(e.Ctx))
		require.Equal(t, "changed", list[1].Name)

		found.No = 9 // part of the key changes
		require.NoError(t, found.Save(e.Ctx))
		require.ErrorIs(t, list[1].Refresh(e.Ctx), model.ErrNotFound)
		require.NoError(t, found.Delete(e.Ctx))
		require.EqualValues(t, 2, e.Count(t, "key_pairs"))
		require.ErrorIs(t, find[keyPair](e, "a"), model.ErrInvalidKey)
	})
}
