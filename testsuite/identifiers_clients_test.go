// SPDX-License-Identifier: MIT

package testsuite

import (
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// identClients are the methods of clients.
func identClients() []identEntry {
	type attrs = model.Attrs
	var list []identEntry
	add := func(api, at string, call func(c *identCase, named attrs) error, meant ...string) {
		list = append(list, identEntry{api: api, at: at, meant: meant, use: func(c *identCase) (any, error) {
			return nil, call(c, attrs{c.name: "x"})
		}})
	}
	tag := func() *identTag { return &identTag{Name: "n"} }
	tags := func() []*identTag { return []*identTag{tag()} }
	rows := func(named attrs) []attrs { return []attrs{{"name": "n"}, named} }
	for relationName, free := range map[string][]string{"clubs": nil, "tags": identFree} {
		of := func(c *identCase) *relation.Client { return c.owner.Related(relationName) }
		at := "pivot attribute of " + relationName
		add("Client.Create", at, func(c *identCase, n attrs) error { return of(c).Create(c.ctx, tag(), n) }, free...)
		add("Client.Save", at, func(c *identCase, n attrs) error { return of(c).Save(c.ctx, tag(), n) }, free...)
		add("Client.SaveDuplicate", at, func(c *identCase, n attrs) error { return of(c).SaveDuplicate(c.ctx, tag(), n) }, free...)
		add("Client.CreateMany", at, func(c *identCase, n attrs) error { return of(c).CreateMany(c.ctx, tags(), n) }, free...)
		add("Client.SaveMany", at, func(c *identCase, n attrs) error { return of(c).SaveMany(c.ctx, tags(), n) }, free...)
		add("Client.UpdateExistingPivot", at, func(c *identCase, n attrs) error {
			_, err := of(c).UpdateExistingPivot(c.ctx, 1, n)
			return err
		}, free...)
		add("Client.SyncWithPivotValues", at, func(c *identCase, n attrs) error {
			_, err := of(c).SyncWithPivotValues(c.ctx, n, 1)
			return err
		}, free...)
		add("relation.Pivot", at+", Attach", func(c *identCase, n attrs) error { return of(c).Attach(c.ctx, relation.Pivot(1, n)) }, free...)
		add("relation.Pivot", at+", AttachEach", func(c *identCase, n attrs) error {
			return of(c).AttachEach(c.ctx, func(_ any, row attrs) { row[c.name] = "x" }, 1)
		}, free...)
		add("relation.Pivot", at+", Sync", func(c *identCase, n attrs) error {
			_, err := of(c).Sync(c.ctx, relation.Pivot(1, n))
			return err
		}, free...)
		add("relation.Pivot", at+", SyncWithoutDetaching", func(c *identCase, n attrs) error {
			_, err := of(c).SyncWithoutDetaching(c.ctx, relation.Pivot(1, n))
			return err
		}, free...)
		add("relation.Pivot", at+", Toggle", func(c *identCase, n attrs) error {
			_, err := of(c).Toggle(c.ctx, relation.Pivot(1, n))
			return err
		}, free...)
	}
	typed := func(c *identCase) *relation.ManyToManyClient[*identTag] {
		return relation.ManyToMany(c.owner, &c.owner.Clubs)
	}
	add("ManyToManyClient.Create", "pivot attribute", func(c *identCase, n attrs) error { return typed(c).Create(c.ctx, tag(), n) })
	add("ManyToManyClient.Save", "pivot attribute", func(c *identCase, n attrs) error { return typed(c).Save(c.ctx, tag(), n) })
	add("ManyToManyClient.SaveDuplicate", "pivot attribute", func(c *identCase, n attrs) error { return typed(c).SaveDuplicate(c.ctx, tag(), n) })
	add("ManyToManyClient.CreateMany", "pivot attribute", func(c *identCase, n attrs) error { return typed(c).CreateMany(c.ctx, tags(), n) })
	add("ManyToManyClient.SaveMany", "pivot attribute", func(c *identCase, n attrs) error { return typed(c).SaveMany(c.ctx, tags(), n) })
	add("ManyToManyClient.UpdateExistingPivot", "pivot attribute", func(c *identCase, n attrs) error {
		_, err := typed(c).UpdateExistingPivot(c.ctx, 1, n)
		return err
	})
	add("ManyToManyClient.SyncWithPivotValues", "pivot attribute", func(c *identCase, n attrs) error {
		_, err := typed(c).SyncWithPivotValues(c.ctx, n, 1)
		return err
	})
	add("Client.FirstOrNew", "search", func(c *identCase, n attrs) error {
		var dest *identTag
		return c.owner.Related("tags").FirstOrNew(c.ctx, &dest, n, nil)
	})
	add("Client.FirstOrNew", "values", func(c *identCase, n attrs) error {
		var dest *identTag
		return c.owner.Related("tags").FirstOrNew(c.ctx, &dest, nil, n)
	})
	add("Client.FirstOrCreate", "search", func(c *identCase, n attrs) error {
		var dest *identTag
		return c.owner.Related("tags").FirstOrCreate(c.ctx, &dest, n, nil)
	})
	add("Client.FirstOrCreate", "values", func(c *identCase, n attrs) error {
		var dest *identTag
		return c.owner.Related("tags").FirstOrCreate(c.ctx, &dest, nil, n)
	})
	add("Client.UpdateOrCreate", "search", func(c *identCase, n attrs) error {
		var dest *identTag
		return c.owner.Related("tags").UpdateOrCreate(c.ctx, &dest, n, nil)
	})
	add("Client.UpdateOrCreate", "values", func(c *identCase, n attrs) error {
		var dest *identTag
		return c.owner.Related("tags").UpdateOrCreate(c.ctx, &dest, nil, n)
	})
	add("Client.FetchOrCreateMany", "keys", func(c *identCase, n attrs) error {
		var dest []*identTag
		return c.owner.Related("tags").FetchOrCreateMany(c.ctx, &dest, []string{c.name}, rows(n)[1:])
	})
	add("Client.FetchOrCreateMany", "rows", func(c *identCase, n attrs) error {
		var dest []*identTag
		return c.owner.Related("tags").FetchOrCreateMany(c.ctx, &dest, []string{"id"}, rows(n))
	})
	add("Client.UpdateOrCreateMany", "keys", func(c *identCase, n attrs) error {
		var dest []*identTag
		return c.owner.Related("tags").UpdateOrCreateMany(c.ctx, &dest, []string{c.name}, rows(n)[1:])
	})
	add("Client.UpdateOrCreateMany", "rows", func(c *identCase, n attrs) error {
		var dest []*identTag
		return c.owner.Related("tags").UpdateOrCreateMany(c.ctx, &dest, []string{"id"}, rows(n))
	})
	many := func(c *identCase) *relation.ManyClient[*identPost] { return relation.HasMany(c.owner, &c.owner.Posts) }
	add("ManyClient.FirstOrNew", "search", func(c *identCase, n attrs) error {
		_, err := many(c).FirstOrNew(c.ctx, n, nil)
		return err
	})
	add("ManyClient.FirstOrNew", "values", func(c *identCase, n attrs) error {
		_, err := many(c).FirstOrNew(c.ctx, nil, n)
		return err
	})
	add("ManyClient.FirstOrCreate", "search", func(c *identCase, n attrs) error {
		_, err := many(c).FirstOrCreate(c.ctx, n, nil)
		return err
	})
	add("ManyClient.FirstOrCreate", "values", func(c *identCase, n attrs) error {
		_, err := many(c).FirstOrCreate(c.ctx, nil, n)
		return err
	})
	add("ManyClient.UpdateOrCreate", "search", func(c *identCase, n attrs) error {
		_, err := many(c).UpdateOrCreate(c.ctx, n, nil)
		return err
	})
	add("ManyClient.UpdateOrCreate", "values", func(c *identCase, n attrs) error {
		_, err := many(c).UpdateOrCreate(c.ctx, nil, n)
		return err
	})
	add("ManyClient.FetchOrCreateMany", "keys", func(c *identCase, n attrs) error {
		_, err := many(c).FetchOrCreateMany(c.ctx, []string{c.name}, rows(n)[1:])
		return err
	})
	add("ManyClient.FetchOrCreateMany", "rows", func(c *identCase, n attrs) error {
		_, err := many(c).FetchOrCreateMany(c.ctx, []string{"id"}, rows(n))
		return err
	})
	add("ManyClient.UpdateOrCreateMany", "keys", func(c *identCase, n attrs) error {
		_, err := many(c).UpdateOrCreateMany(c.ctx, []string{c.name}, rows(n)[1:])
		return err
	})
	add("ManyClient.UpdateOrCreateMany", "rows", func(c *identCase, n attrs) error {
		_, err := many(c).UpdateOrCreateMany(c.ctx, []string{"id"}, rows(n))
		return err
	})
	one := func(c *identCase) *relation.OneClient[*identCard] { return relation.HasOne(c.owner, &c.owner.Card) }
	add("OneClient.FirstOrNew", "search", func(c *identCase, n attrs) error {
		_, err := one(c).FirstOrNew(c.ctx, n, nil)
		return err
	})
	add("OneClient.FirstOrNew", "values", func(c *identCase, n attrs) error {
		_, err := one(c).FirstOrNew(c.ctx, nil, n)
		return err
	})
	add("OneClient.FirstOrCreate", "search", func(c *identCase, n attrs) error {
		_, err := one(c).FirstOrCreate(c.ctx, n, nil)
		return err
	})
	add("OneClient.FirstOrCreate", "values", func(c *identCase, n attrs) error {
		_, err := one(c).FirstOrCreate(c.ctx, nil, n)
		return err
	})
	add("OneClient.UpdateOrCreate", "search", func(c *identCase, n attrs) error {
		_, err := one(c).UpdateOrCreate(c.ctx, n, nil)
		return err
	})
	add("OneClient.UpdateOrCreate", "values", func(c *identCase, n attrs) error {
		_, err := one(c).UpdateOrCreate(c.ctx, nil, n)
		return err
	})
	add("ManyToManyClient.FirstOrNew", "search", func(c *identCase, n attrs) error {
		_, err := typed(c).FirstOrNew(c.ctx, n, nil)
		return err
	})
	add("ManyToManyClient.FirstOrNew", "values", func(c *identCase, n attrs) error {
		_, err := typed(c).FirstOrNew(c.ctx, nil, n)
		return err
	})
	add("ManyToManyClient.FirstOrCreate", "search", func(c *identCase, n attrs) error {
		_, err := typed(c).FirstOrCreate(c.ctx, n, nil)
		return err
	})
	add("ManyToManyClient.FirstOrCreate", "values", func(c *identCase, n attrs) error {
		_, err := typed(c).FirstOrCreate(c.ctx, nil, n)
		return err
	})
	add("ManyToManyClient.UpdateOrCreate", "search", func(c *identCase, n attrs) error {
		_, err := typed(c).UpdateOrCreate(c.ctx, n, nil)
		return err
	})
	add("ManyToManyClient.UpdateOrCreate", "values", func(c *identCase, n attrs) error {
		_, err := typed(c).UpdateOrCreate(c.ctx, nil, n)
		return err
	})
	add("ManyToManyClient.FetchOrCreateMany", "keys", func(c *identCase, n attrs) error {
		_, err := typed(c).FetchOrCreateMany(c.ctx, []string{c.name}, rows(n)[1:])
		return err
	})
	add("ManyToManyClient.FetchOrCreateMany", "rows", func(c *identCase, n attrs) error {
		_, err := typed(c).FetchOrCreateMany(c.ctx, []string{"id"}, rows(n))
		return err
	})
	add("ManyToManyClient.UpdateOrCreateMany", "keys", func(c *identCase, n attrs) error {
		_, err := typed(c).UpdateOrCreateMany(c.ctx, []string{c.name}, rows(n)[1:])
		return err
	})
	add("ManyToManyClient.UpdateOrCreateMany", "rows", func(c *identCase, n attrs) error {
		_, err := typed(c).UpdateOrCreateMany(c.ctx, []string{"id"}, rows(n))
		return err
	})
	return list
}
