// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/bench/ruler"
)

// firstCount is above every login_count of the seed, so that each update changes the value.
const firstCount = 1_000_000

// bindFind reads one row by its key, a different one each time. The ruler knows only the first.
func bindFind(_ context.Context, s *Stage, c Contender) (*Op, error) {
	key := func(i int) int64 {
		if s.Target == Ruler {
			return 1
		}
		const step = 7919 // prime, so that all keys come up before one repeats
		return int64(i*step%manyRows) + 1
	}
	return &Op{
		Run: func(ctx context.Context, i int) error {
			_, err := c.Find(ctx, key(i))
			return err
		},
		Evidence: func(ctx context.Context) ([]User, error) {
			var all []User
			for i := range 20 {
				record, err := c.Find(ctx, key(i))
				if err != nil {
					return nil, err
				}
				us, err := c.Users(record)
				if err != nil {
					return nil, err
				}
				all = append(all, us...)
			}
			return all, nil
		},
	}, nil
}

// bindRead reads all rows.
func bindRead(_ context.Context, _ *Stage, c Contender) (*Op, error) {
	return &Op{
		Run: func(ctx context.Context, _ int) error {
			_, err := c.All(ctx)
			return err
		},
		Evidence: func(ctx context.Context) ([]User, error) {
			records, err := c.All(ctx)
			if err != nil {
				return nil, err
			}
			return c.Users(records)
		},
	}, nil
}

// bindInsert writes one new row.
func bindInsert(_ context.Context, s *Stage, c Contender) (*Op, error) {
	in := seedUser(2)
	in.ID = 0
	run := func(ctx context.Context, i int) (int64, error) {
		in.LoginCount = firstCount + int64(i)
		return c.Insert(ctx, &in)
	}
	return &Op{
		Run: func(ctx context.Context, i int) error {
			_, err := run(ctx, i)
			return err
		},
		Evidence: func(ctx context.Context) ([]User, error) {
			if s.Target == Ruler {
				return rulerEvidence(s, func() error { _, err := run(ctx, 7); return err }, &in)
			}
			id, err := run(ctx, 7)
			if err != nil {
				return nil, err
			}
			us, err := s.Table(ctx)
			if err == nil && (len(us) != 1 || us[0].ID != id) {
				err = fmt.Errorf("insert returned key %d; the table has %v", id, us)
			}
			return us, err
		},
	}, nil
}

// updatedID is the row that updates change.
const updatedID = 1

// bindUpdate changes one column of a loaded record.
func bindUpdate(ctx context.Context, s *Stage, c Contender) (*Op, error) {
	update, err := c.Updater(ctx, updatedID)
	if err != nil {
		return nil, err
	}
	return &Op{
		Run: func(ctx context.Context, i int) error { return update(ctx, firstCount+int64(i)) },
		Evidence: func(ctx context.Context) ([]User, error) {
			const count = firstCount - 1
			if s.Target == Ruler {
				run := func() error { return update(ctx, count) }
				return rulerEvidence(s, run, &User{LoginCount: count})
			}
			if err := update(ctx, count); err != nil {
				return nil, err
			}
			return s.Table(ctx)
		},
	}, nil
}

// rulerEvidence runs a write, and returns want if the ruler saw its values. The ruler keeps no rows.
func rulerEvidence(s *Stage, run func() error, want *User) ([]User, error) {
	s.ruler.Record(true)
	defer s.ruler.Record(false)
	if err := run(); err != nil {
		return nil, err
	}
	w := s.ruler.LastWrite()
	if w == nil {
		return nil, errors.New("no write was sent")
	}
	for _, value := range []any{want.LoginCount, want.Name, want.Email} {
		if !wrote(w, fmt.Sprint(value)) {
			return nil, fmt.Errorf("the value %v was not sent: %s %v", value, w.SQL, w.Args)
		}
	}
	return []User{{LoginCount: want.LoginCount, Name: want.Name, Email: want.Email}}, nil
}

// wrote reports whether a write carries the value, as an argument or, as bun does it, in its text.
func wrote(w *ruler.Write, text string) bool {
	return strings.Contains(w.SQL, text) ||
		slices.ContainsFunc(w.Args, func(a driver.NamedValue) bool {
			return fmt.Sprint(a.Value) == text
		})
}

// bindCreateMany writes 1,000 new rows in one call.
func bindCreateMany(_ context.Context, s *Stage, c Contender) (*Op, error) {
	const rows = 1000
	in := seedUsers(rows)
	for i := range in {
		in[i].ID = 0
	}
	run := func(ctx context.Context, i int) (any, error) {
		// bun writes the values into the statement's text; a text that repeats would be served
		// from a statement cache.
		for j := range in {
			in[j].LoginCount = firstCount + int64(i)
		}
		return c.CreateMany(ctx, in)
	}
	return &Op{
		Run: func(ctx context.Context, i int) error {
			_, err := run(ctx, i)
			return err
		},
		Evidence: func(ctx context.Context) ([]User, error) {
			records, err := run(ctx, 7)
			if err != nil {
				return nil, err
			}
			table, err := s.Table(ctx)
			if err != nil || s.Target != Postgres || noteOf(c, "postgres/create1000") != "" {
				return table, err
			}
			created, err := c.Users(records)
			if err != nil {
				return nil, err
			}
			sortUsers(created)
			if err := diffUsers(created, table); err != nil {
				return nil, fmt.Errorf("the records do not equal their rows: %w", err)
			}
			return table, nil
		},
	}, nil
}

// noteOf returns the contender's footnote for a workload, or "".
func noteOf(c Contender, workload string) string {
	if n, ok := c.(Noter); ok {
		return n.Note(workload)
	}
	return ""
}
