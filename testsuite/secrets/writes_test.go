// SPDX-License-Identifier: MIT

package secrets_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Vault refuses keys that are taken, or that begin like the secret.
type Vault struct {
	model.BaseModel[Vault]
	ID     int64
	Name   string   `gorm:"size:40;uniqueIndex"`
	Code   string   `gorm:"size:40;check:code_form,code NOT LIKE 's3c%'"`
	Locks  []*Lock  `relation:"hasMany"`
	Owners []*Owner `relation:"manyToMany;pivotColumns:note"`
}

// Lock refuses a key that is taken.
type Lock struct {
	model.BaseModel[Lock]
	ID      int64
	VaultID int64
	Code    string `gorm:"size:40;uniqueIndex"`
	Vault   *Vault `relation:"belongsTo"`
}

// Owner has a number that is not text.
type Owner struct {
	model.BaseModel[Owner]
	ID   int64
	Name string `gorm:"size:40;uniqueIndex"`
}

// refusals are writes that the database, or Kindred, refuses because of the secret.
func refusals(e *harness.Env, v *Vault) map[string]func() error {
	again := func() *Vault { return &Vault{Name: secret} }
	locks, owners := relation.HasMany(v, &v.Locks), relation.ManyToMany(v, &v.Owners)
	return map[string]func() error{
		"Create":       func() error { return model.Create(e.Ctx, e.DB, again()) },
		"Create/Check": func() error { return model.Create(e.Ctx, e.DB, &Vault{Name: "x", Code: secret}) },
		"CreateMany":   func() error { return model.CreateMany(e.Ctx, e.DB, []*Vault{{Name: "a"}, again()}) },
		"Insert":       func() error { return model.Insert(e.Ctx, e.DB, []*Vault{again(), again()}) },
		"Upsert":       func() error { return model.Upsert(e.Ctx, e.DB, []*Vault{{ID: 77, Name: "u", Code: secret}}, nil) },
		"Save": func() error {
			other, err := model.Query[Vault](e.DB).Where("name", "other").First(e.Ctx)
			if err != nil {
				return err
			}
			other.Name = secret
			return other.Save(e.Ctx)
		},
		"Update": func() error {
			_, err := model.Query[Vault](e.DB).Where("id", v.ID).Update(e.Ctx, model.Attrs{"code": secret})
			return err
		},
		"FirstOrCreate": func() error {
			_, err := model.FirstOrCreate[Vault](e.Ctx, e.DB, model.Attrs{"name": "f"}, model.Attrs{"code": secret})
			return err
		},
		"UpdateOrCreate": func() error {
			_, err := model.UpdateOrCreate[Vault](e.Ctx, e.DB, model.Attrs{"name": secret}, model.Attrs{"code": secret})
			return err
		},
		"FetchOrCreateMany": func() error {
			_, err := model.FetchOrCreateMany[Vault](e.Ctx, e.DB, []string{"name"}, []model.Attrs{{"name": "m", "code": secret}})
			return err
		},
		"HasMany.Create":     func() error { return locks.Create(e.Ctx, &Lock{Code: secret}) },
		"HasMany.CreateMany": func() error { return locks.CreateMany(e.Ctx, []*Lock{{Code: secret}}) },
		"HasMany.FirstOrCreate": func() error {
			_, err := locks.FirstOrCreate(e.Ctx, model.Attrs{"id": 9}, model.Attrs{"code": secret})
			return err
		},
		"ManyToMany.Create": func() error { return owners.Create(e.Ctx, &Owner{Name: secret}) },
		"Attach":            func() error { return owners.Attach(e.Ctx, secret) },
		"Sync":              func() error { _, err := owners.Sync(e.Ctx, secret); return err },
		"Detach":            func() error { _, err := owners.Detach(e.Ctx, secret); return err },
		"Increment":         func() error { return v.Increment(e.Ctx, "id", secret) },
		"Merge":             func() error { return v.Merge(model.Attrs{"id": secret}) },
		"Find":              func() error { _, err := model.Query[Vault](e.DB).Find(e.Ctx, secret); return err },
		"FindMany":          func() error { _, err := model.Query[Vault](e.DB).FindMany(e.Ctx, []string{secret}); return err },
		"Cursor": func() error {
			_, err := model.Query[Vault](e.DB).OrderBy("name").CursorPaginate(e.Ctx, secret, 2)
			return err
		},
		"Cursor/Page": func() error {
			page, err := model.Query[Vault](e.DB).OrderBy("name").CursorPaginate(e.Ctx, "", 1)
			if err != nil {
				return err
			}
			_, err = model.Query[Vault](e.DB).OrderBy("code").OrderBy("name").CursorPaginate(e.Ctx, page.NextCursor+secret, 1)
			return err
		},
	}
}

// What a write, a key or a cursor is refused for is an error that never shows it, whether Kindred refuses it or the database does.
func TestErrorsOfWritesHideTheValue(t *testing.T) {
	t.Parallel()
	for _, d := range databases() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			e := harness.New(t, d)
			e.Migrate(t, &Owner{}, &Vault{}, &Lock{})
			v := &Vault{Name: secret}
			require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Vault{v, {Name: "other"}}))
			require.NoError(t, model.Create(e.Ctx, e.DB, &Lock{VaultID: v.ID, Code: secret}))
			require.NoError(t, model.Create(e.Ctx, e.DB, &Owner{Name: secret}))
			for name, refused := range refusals(e, v) {
				err := refused()
				require.Error(t, err, name)
				require.NotContains(t, err.Error(), secret[:5], name)
			}
		})
	}
}
