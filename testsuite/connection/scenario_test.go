// SPDX-License-Identifier: MIT

package connection_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// secret is a value that must not be seen in a log.
const secret = "s3cr3t-value"

// step is one call of a scenario.
type step struct {
	name string
	run  func(ctx context.Context, db *model.DB, note func(any)) error
}

// scenario is a call of every kind on accounts, notes and members, which notes what it sees. It starts
// with empty tables, and its notes are the same on every database and with every handle.
func scenario() []step {
	query := model.Query[account]
	mail := func(name string) string { return secret + name }
	return slices.Concat([]step{
		{"Create", func(ctx context.Context, db *model.DB, note func(any)) error {
			a := &account{Email: mail("a"), Name: "A", Password: secret, Age: 1}
			err := model.Create(ctx, db, a)
			note(a.Attributes())
			return err
		}},
		{"CreateMany", func(ctx context.Context, db *model.DB, note func(any)) error {
			list := []*account{{Email: mail("b"), Age: 2, Active: true}, {Email: mail("c"), Nick: new(secret), Age: 3}, {Email: mail("d"), Score: 0.5}}
			err := model.CreateMany(ctx, db, list)
			for _, a := range list {
				note(a.Attributes())
			}
			return err
		}},
		{"CreateMany with hooks", func(ctx context.Context, db *model.DB, _ func(any)) error {
			return model.CreateMany(ctx, db, members(mail("a"), mail("b")))
		}},
		{"Insert", func(ctx context.Context, db *model.DB, _ func(any)) error {
			return model.Insert(ctx, db, []*note{{Title: secret}, {Title: "two"}})
		}},
		{"Upsert", func(ctx context.Context, db *model.DB, note func(any)) error {
			a := &account{Email: mail("a"), Name: "upserted"}
			err := model.Upsert(ctx, db, []*account{a, {Email: mail("e")}}, []string{"email"}, "name")
			note(a.Attributes())
			return err
		}},
		{"duplicate", func(ctx context.Context, db *model.DB, note func(any)) error {
			err := model.Create(ctx, db, &account{Email: mail("a")})
			note(err != nil)
			return nil
		}},
		{"Find", func(ctx context.Context, db *model.DB, note func(any)) error {
			a, err := query(db).Find(ctx, 1)
			if err == nil {
				note(a.Attributes())
			}
			return err
		}},
		{"FindMany", func(ctx context.Context, db *model.DB, note func(any)) error {
			list, err := query(db).FindMany(ctx, 3, 1, 99)
			note(keysIn(list))
			return err
		}},
		{"All", func(ctx context.Context, db *model.DB, note func(any)) error {
			list, err := query(db).Where("email", "like", secret+"%").WhereIn("age", []int{0, 1, 2, 3}).OrderBy("email").All(ctx)
			for _, a := range list {
				note(a.Attributes())
			}
			return err
		}},
		{"First, Sole, FindBy", func(ctx context.Context, db *model.DB, note func(any)) error {
			for _, find := range []func() (*account, error){
				func() (*account, error) { return query(db).OrderBy("id", relation.Desc).First(ctx) },
				func() (*account, error) { return query(db).Where("email", mail("b")).Sole(ctx) },
				func() (*account, error) { return query(db).FindBy(ctx, "nick", secret) },
			} {
				a, err := find()
				if err != nil {
					return err
				}
				note(a.Attributes())
			}
			return nil
		}},
		{"numbers", func(ctx context.Context, db *model.DB, note func(any)) error {
			n, err := query(db).Count(ctx)
			note(n)
			if err != nil {
				return err
			}
			ok, err := query(db).Where("email", secret).Exists(ctx)
			note(ok)
			if err != nil {
				return err
			}
			var sum int64
			var average float64
			var youngest *int64
			if err := query(db).Sum(ctx, "age", &sum); err != nil {
				return err
			}
			if err := query(db).Untyped().Avg(ctx, "score", &average); err != nil {
				return err
			}
			if err := query(db).Where("email", "nobody").Untyped().Min(ctx, "age", &youngest); err != nil {
				return err
			}
			var ages []int
			err = query(db).OrderBy("age").Pluck(ctx, "age", &ages)
			note(fmt.Sprint(sum, average, youngest, ages))
			return err
		}},
		{"pages", func(ctx context.Context, db *model.DB, note func(any)) error {
			page, err := query(db).OrderBy("id").Paginate(ctx, 2, 2)
			if err != nil {
				return err
			}
			note(page.Meta.Total)
			note(keysIn(page.Data))
			cursor, err := query(db).OrderBy("age").CursorPaginate(ctx, "", 2)
			if err != nil {
				return err
			}
			cursor, err = query(db).OrderBy("age").CursorPaginate(ctx, cursor.NextCursor, 2)
			if err == nil {
				note(len(cursor.Data))
			}
			return err
		}},
		{"Each", func(ctx context.Context, db *model.DB, note func(any)) error {
			for a, err := range query(db).OrderByRaw("id * ?", 1).Each(ctx) {
				if err != nil {
					return err
				}
				a.Visits++
				if err := a.Save(ctx); err != nil {
					return err
				}
				note(a.ID)
			}
			return nil
		}},
		{"Chunk", func(ctx context.Context, db *model.DB, note func(any)) error {
			for list, err := range query(db).Chunk(ctx, 2) {
				if err != nil {
					return err
				}
				for _, a := range list {
					if err := a.Increment(ctx, "visits", 2); err != nil {
						return err
					}
				}
				note(keysIn(list))
			}
			return nil
		}},
	}, scenarioOfWrites(mail))
}

func scenarioOfWrites(mail func(string) string) []step {
	query := model.Query[account]
	return []step{
		{"Save", func(ctx context.Context, db *model.DB, note func(any)) error {
			a, err := query(db).Find(ctx, 1)
			if err != nil {
				return err
			}
			a.Name, a.Password, a.SeenAt = secret, secret+"!", new(time.Date(2020, 1, 2, 3, 4, 5, 6000, time.UTC))
			if err := a.Save(ctx); err != nil {
				return err
			}
			note(a.Changes())
			if err := a.Refresh(ctx); err != nil {
				return err
			}
			note(a.Attributes())
			fresh, err := a.Fresh(ctx)
			if err == nil {
				note(fresh.Attributes())
				err = a.Touch(ctx)
			}
			return err
		}},
		{"WithLock", func(ctx context.Context, db *model.DB, note func(any)) error {
			a, err := query(db).Find(ctx, 2)
			if err != nil {
				return err
			}
			return a.WithLock(ctx, func(ctx context.Context, locked *account) error {
				locked.Age += 10
				note(locked.Age)
				return locked.Save(ctx)
			})
		}},
		{"find or make", func(ctx context.Context, db *model.DB, note func(any)) error {
			f, err := model.FirstOrCreate[account](ctx, db, model.Attrs{"email": mail("f")}, nil)
			if err != nil {
				return err
			}
			note(f.Attributes())
			if f, err = model.FirstOrNew[account](ctx, db, model.Attrs{"email": mail("f")}, nil); err != nil {
				return err
			}
			note(f.IsNew())
			if f, err = model.UpdateOrCreate[account](ctx, db, model.Attrs{"email": mail("f")}, model.Attrs{"age": 7}); err != nil {
				return err
			}
			note(f.Age)
			list, err := model.FetchOrCreateMany[account](ctx, db, []string{"email"}, []model.Attrs{{"email": mail("g")}, {"email": mail("f")}})
			note(keysIn(list))
			if err != nil {
				return err
			}
			list, err = model.UpdateOrCreateMany[account](ctx, db, []string{"email"}, []model.Attrs{{"email": mail("h")}, {"email": mail("f"), "age": 8}})
			note(keysIn(list))
			return err
		}},
		{"bulk writes", func(ctx context.Context, db *model.DB, note func(any)) error {
			for _, write := range []func() (int64, error){
				func() (int64, error) { return query(db).Where("age", ">", 2).Update(ctx, model.Attrs{"name": secret}) },
				func() (int64, error) {
					return query(db).Where("email", mail("a")).Increment(ctx, "visits", 5)
				},
				func() (int64, error) {
					return query(db).Use(func(q *relation.Query) { q.WhereKey(3, 4) }).Untyped().Decrement(ctx, "visits", 1)
				},
				func() (int64, error) { return query(db).Where("email", mail("h")).Delete(ctx) },
			} {
				n, err := write()
				if err != nil {
					return err
				}
				note(n)
			}
			return nil
		}},
		{"soft deletes", func(ctx context.Context, db *model.DB, seen func(any)) error {
			n, err := model.Query[note](db).OrderBy("id").First(ctx)
			if err != nil {
				return err
			}
			for _, write := range []func(context.Context) error{n.Delete, n.Restore, n.Delete, n.ForceDelete} {
				if err := write(ctx); err != nil {
					return err
				}
				seen(fmt.Sprint(n.Trashed(), n.IsDeleted(), n.Version))
			}
			count, err := model.Query[note](db).WithTrashed().Count(ctx)
			seen(count)
			return err
		}},
		{"members", func(ctx context.Context, db *model.DB, note func(any)) error {
			m, err := model.FirstOrCreate[member](ctx, db, model.Attrs{"email": mail("c")}, model.Attrs{"name": secret})
			if err != nil {
				return err
			}
			m.Points = 3
			if err := m.Save(ctx); err != nil {
				return err
			}
			note(m.Attributes())
			return m.Delete(ctx)
		}},
		{"nested", func(ctx context.Context, db *model.DB, note func(any)) error {
			err := db.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
				if err := tx.AfterCommit(ctx, func(context.Context) { note("committed") }); err != nil {
					return err
				}
				_ = tx.Transaction(ctx, func(ctx context.Context, tx *model.DB) error {
					_, err := query(tx).AllRows().Delete(ctx)
					note(err)
					return errReaction
				})
				return model.Create(ctx, tx, &account{Email: mail("nested")})
			})
			n, failed := query(db).Count(ctx)
			note(n)
			if err != nil {
				return err
			}
			return failed
		}},
		{"Truncate", func(ctx context.Context, db *model.DB, note func(any)) error {
			err := model.Truncate[member](ctx, db)
			if err != nil {
				return err
			}
			n, err := model.Query[member](db).Count(ctx)
			note(n)
			return err
		}},
	}
}

// told runs a scenario and returns what it has noted.
func told(ctx context.Context, db *model.DB) (string, error) {
	var b strings.Builder
	for _, s := range scenario() {
		fmt.Fprintf(&b, "%s:\n", s.name)
		if err := s.run(ctx, db, func(v any) { fmt.Fprintf(&b, "  %s\n", shown(v)) }); err != nil {
			return b.String(), fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return b.String(), nil
}

// shown prints a value with what its pointers point to.
func shown(v any) string {
	attrs, ok := v.(model.Attrs)
	if !ok {
		return fmt.Sprint(v)
	}
	var parts []string
	for _, name := range names(attrs) {
		value := attrs[name]
		switch p := value.(type) {
		case *string:
			if p != nil {
				value = *p
			}
		case *time.Time:
			if p != nil {
				value = *p
			}
		}
		parts = append(parts, fmt.Sprintf("%s=%v", name, value))
	}
	return strings.Join(parts, " ")
}

func keysIn(list []*account) []int64 {
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	return ids
}
