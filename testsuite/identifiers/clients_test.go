// SPDX-License-Identifier: MIT

package identifiers_test

import (
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// clients are the methods of clients.
func clients() []Entry {
	type attrs = model.Attrs
	var list []Entry
	add := func(api, at string, call func(c *Case, named attrs) error, meant ...string) {
		list = append(list, Entry{api: api, at: at, meant: meant, use: func(c *Case) (any, error) {
			return nil, call(c, attrs{c.name: "x"})
		}})
	}
	tag := func() *Tag { return &Tag{Name: "n"} }
	tags := func() []*Tag { return []*Tag{tag()} }
	rows := func(named attrs) []attrs { return []attrs{{"name": "n"}, named} }
	for relationName, free := range map[string][]string{"clubs": nil, "tags": freeNames} {
		of := func(c *Case) *relation.Client { return c.owner.Related(relationName) }
		at := "pivot attribute of " + relationName
		add("Client.Create", at, func(c *Case, n attrs) error { return of(c).Create(c.ctx, tag(), n) }, free...)
		add("Client.Save", at, func(c *Case, n attrs) error { return of(c).Save(c.ctx, tag(), n) }, free...)
		add("Client.SaveDuplicate", at, func(c *Case, n attrs) error { return of(c).SaveDuplicate(c.ctx, tag(), n) }, free...)
		add("Client.CreateMany", at, func(c *Case, n attrs) error { return of(c).CreateMany(c.ctx, tags(), n) }, free...)
		add("Client.SaveMany", at, func(c *Case, n attrs) error { return of(c).SaveMany(c.ctx, tags(), n) }, free...)
		add("Client.UpdateExistingPivot", at, func(c *Case, n attrs) error {
			_, err := of(c).UpdateExistingPivot(c.ctx, 1, n)
			return err
		}, free...)
		add("Client.SyncWithPivotValues", at, func(c *Case, n attrs) error {
			_, err := of(c).SyncWithPivotValues(c.ctx, n, 1)
			return err
		}, free...)
		add("relation.Pivot", at+", Attach", func(c *Case, n attrs) error { return of(c).Attach(c.ctx, relation.Pivot(1, n)) }, free...)
		add("relation.Pivot", at+", AttachEach", func(c *Case, n attrs) error {
			return of(c).AttachEach(c.ctx, func(_ any, row attrs) { row[c.name] = "x" }, 1)
		}, free...)
		add("relation.Pivot", at+", Sync", func(c *Case, n attrs) error {
			_, err := of(c).Sync(c.ctx, relation.Pivot(1, n))
			return err
		}, free...)
		add("relation.Pivot", at+", SyncWithoutDetaching", func(c *Case, n attrs) error {
			_, err := of(c).SyncWithoutDetaching(c.ctx, relation.Pivot(1, n))
			return err
		}, free...)
		add("relation.Pivot", at+", Toggle", func(c *Case, n attrs) error {
			_, err := of(c).Toggle(c.ctx, relation.Pivot(1, n))
			return err
		}, free...)
	}
	typed := func(c *Case) *relation.ManyToManyClient[*Tag] {
		return relation.ManyToMany(c.owner, &c.owner.Clubs)
	}
	add("ManyToManyClient.Create", "pivot attribute", func(c *Case, n attrs) error { return typed(c).Create(c.ctx, tag(), n) })
	add("ManyToManyClient.Save", "pivot attribute", func(c *Case, n attrs) error { return typed(c).Save(c.ctx, tag(), n) })
	add("ManyToManyClient.SaveDuplicate", "pivot attribute", func(c *Case, n attrs) error { return typed(c).SaveDuplicate(c.ctx, tag(), n) })
	add("ManyToManyClient.CreateMany", "pivot attribute", func(c *Case, n attrs) error { return typed(c).CreateMany(c.ctx, tags(), n) })
	add("ManyToManyClient.SaveMany", "pivot attribute", func(c *Case, n attrs) error { return typed(c).SaveMany(c.ctx, tags(), n) })
	add("ManyToManyClient.UpdateExistingPivot", "pivot attribute", func(c *Case, n attrs) error {
		_, err := typed(c).UpdateExistingPivot(c.ctx, 1, n)
		return err
	})
	add("ManyToManyClient.SyncWithPivotValues", "pivot attribute", func(c *Case, n attrs) error {
		_, err := typed(c).SyncWithPivotValues(c.ctx, n, 1)
		return err
	})
	add("Client.FirstOrNew", "search", func(c *Case, n attrs) error {
		var dest *Tag
		return c.owner.Related("tags").FirstOrNew(c.ctx, &dest, n, nil)
	})
	add("Client.FirstOrNew", "values", func(c *Case, n attrs) error {
		var dest *Tag
		return c.owner.Related("tags").FirstOrNew(c.ctx, &dest, nil, n)
	})
	add("Client.FirstOrCreate", "search", func(c *Case, n attrs) error {
		var dest *Tag
		return c.owner.Related("tags").FirstOrCreate(c.ctx, &dest, n, nil)
	})
	add("Client.FirstOrCreate", "values", func(c *Case, n attrs) error {
		var dest *Tag
		return c.owner.Related("tags").FirstOrCreate(c.ctx, &dest, nil, n)
	})
	add("Client.UpdateOrCreate", "search", func(c *Case, n attrs) error {
		var dest *Tag
		return c.owner.Related("tags").UpdateOrCreate(c.ctx, &dest, n, nil)
	})
	add("Client.UpdateOrCreate", "values", func(c *Case, n attrs) error {
		var dest *Tag
		return c.owner.Related("tags").UpdateOrCreate(c.ctx, &dest, nil, n)
	})
	add("Client.FetchOrCreateMany", "keys", func(c *Case, n attrs) error {
		var dest []*Tag
		return c.owner.Related("tags").FetchOrCreateMany(c.ctx, &dest, []string{c.name}, rows(n)[1:])
	})
	add("Client.FetchOrCreateMany", "rows", func(c *Case, n attrs) error {
		var dest []*Tag
		return c.owner.Related("tags").FetchOrCreateMany(c.ctx, &dest, []string{"id"}, rows(n))
	})
	add("Client.UpdateOrCreateMany", "keys", func(c *Case, n attrs) error {
		var dest []*Tag
		return c.owner.Related("tags").UpdateOrCreateMany(c.ctx, &dest, []string{c.name}, rows(n)[1:])
	})
	add("Client.UpdateOrCreateMany", "rows", func(c *Case, n attrs) error {
		var dest []*Tag
		return c.owner.Related("tags").UpdateOrCreateMany(c.ctx, &dest, []string{"id"}, rows(n))
	})
	many := func(c *Case) *relation.ManyClient[*Post] { return relation.HasMany(c.owner, &c.owner.Posts) }
	add("ManyClient.FirstOrNew", "search", func(c *Case, n attrs) error {
		_, err := many(c).FirstOrNew(c.ctx, n, nil)
		return err
	})
	add("ManyClient.FirstOrNew", "values", func(c *Case, n attrs) error {
		_, err := many(c).FirstOrNew(c.ctx, nil, n)
		return err
	})
	add("ManyClient.FirstOrCreate", "search", func(c *Case, n attrs) error {
		_, err := many(c).FirstOrCreate(c.ctx, n, nil)
		return err
	})
	add("ManyClient.FirstOrCreate", "values", func(c *Case, n attrs) error {
		_, err := many(c).FirstOrCreate(c.ctx, nil, n)
		return err
	})
	add("ManyClient.UpdateOrCreate", "search", func(c *Case, n attrs) error {
		_, err := many(c).UpdateOrCreate(c.ctx, n, nil)
		return err
	})
	add("ManyClient.UpdateOrCreate", "values", func(c *Case, n attrs) error {
		_, err := many(c).UpdateOrCreate(c.ctx, nil, n)
		return err
	})
	add("ManyClient.FetchOrCreateMany", "keys", func(c *Case, n attrs) error {
		_, err := many(c).FetchOrCreateMany(c.ctx, []string{c.name}, rows(n)[1:])
		return err
	})
	add("ManyClient.FetchOrCreateMany", "rows", func(c *Case, n attrs) error {
		_, err := many(c).FetchOrCreateMany(c.ctx, []string{"id"}, rows(n))
		return err
	})
	add("ManyClient.UpdateOrCreateMany", "keys", func(c *Case, n attrs) error {
		_, err := many(c).UpdateOrCreateMany(c.ctx, []string{c.name}, rows(n)[1:])
		return err
	})
	add("ManyClient.UpdateOrCreateMany", "rows", func(c *Case, n attrs) error {
		_, err := many(c).UpdateOrCreateMany(c.ctx, []string{"id"}, rows(n))
		return err
	})
	one := func(c *Case) *relation.OneClient[*Card] { return relation.HasOne(c.owner, &c.owner.Card) }
	add("OneClient.FirstOrNew", "search", func(c *Case, n attrs) error {
		_, err := one(c).FirstOrNew(c.ctx, n, nil)
		return err
	})
	add("OneClient.FirstOrNew", "values", func(c *Case, n attrs) error {
		_, err := one(c).FirstOrNew(c.ctx, nil, n)
		return err
	})
	add("OneClient.FirstOrCreate", "search", func(c *Case, n attrs) error {
		_, err := one(c).FirstOrCreate(c.ctx, n, nil)
		return err
	})
	add("OneClient.FirstOrCreate", "values", func(c *Case, n attrs) error {
		_, err := one(c).FirstOrCreate(c.ctx, nil, n)
		return err
	})
	add("OneClient.UpdateOrCreate", "search", func(c *Case, n attrs) error {
		_, err := one(c).UpdateOrCreate(c.ctx, n, nil)
		return err
	})
	add("OneClient.UpdateOrCreate", "values", func(c *Case, n attrs) error {
		_, err := one(c).UpdateOrCreate(c.ctx, nil, n)
		return err
	})
	add("ManyToManyClient.FirstOrNew", "search", func(c *Case, n attrs) error {
		_, err := typed(c).FirstOrNew(c.ctx, n, nil)
		return err
	})
	add("ManyToManyClient.FirstOrNew", "values", func(c *Case, n attrs) error {
		_, err := typed(c).FirstOrNew(c.ctx, nil, n)
		return err
	})
	add("ManyToManyClient.FirstOrCreate", "search", func(c *Case, n attrs) error {
		_, err := typed(c).FirstOrCreate(c.ctx, n, nil)
		return err
	})
	add("ManyToManyClient.FirstOrCreate", "values", func(c *Case, n attrs) error {
		_, err := typed(c).FirstOrCreate(c.ctx, nil, n)
		return err
	})
	add("ManyToManyClient.UpdateOrCreate", "search", func(c *Case, n attrs) error {
		_, err := typed(c).UpdateOrCreate(c.ctx, n, nil)
		return err
	})
	add("ManyToManyClient.UpdateOrCreate", "values", func(c *Case, n attrs) error {
		_, err := typed(c).UpdateOrCreate(c.ctx, nil, n)
		return err
	})
	add("ManyToManyClient.FetchOrCreateMany", "keys", func(c *Case, n attrs) error {
		_, err := typed(c).FetchOrCreateMany(c.ctx, []string{c.name}, rows(n)[1:])
		return err
	})
	add("ManyToManyClient.FetchOrCreateMany", "rows", func(c *Case, n attrs) error {
		_, err := typed(c).FetchOrCreateMany(c.ctx, []string{"id"}, rows(n))
		return err
	})
	add("ManyToManyClient.UpdateOrCreateMany", "keys", func(c *Case, n attrs) error {
		_, err := typed(c).UpdateOrCreateMany(c.ctx, []string{c.name}, rows(n)[1:])
		return err
	})
	add("ManyToManyClient.UpdateOrCreateMany", "rows", func(c *Case, n attrs) error {
		_, err := typed(c).UpdateOrCreateMany(c.ctx, []string{"id"}, rows(n))
		return err
	})
	return list
}
