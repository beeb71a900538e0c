// SPDX-License-Identifier: MIT

package migrate

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/internal/dialect"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/ident"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/tx"
)

// migration is one call.
type migration struct {
	list   []*wanted
	inside bool // in a transaction of the caller
	alone  bool // in a transaction in which tables can be made anew
}

// Run brings the tables of models, and of their relations, to what the models declare.
func Run(ctx context.Context, h *tx.Handle, models []*meta.Model) error {
	if h.Dialect().Schema == nil {
		return errs.OfDatabase("migrate", errs.New(errs.ErrUnsupported, "Migrate does not know %s; make the tables by SQL or by gorm", h.Dialect().Name))
	}
	list, err := wish(h, models)
	if err != nil {
		return err
	}
	steps, err := plan(ctx, h, list)
	if err != nil || len(steps) == 0 {
		return err
	}
	m := &migration{list: list, inside: h.InTransaction(), alone: h.CanBeAlone()}
	if m.inside && h.Dialect().CommitsChanges {
		return errs.In(steps[0].model.Name, "migrate", errs.New(errs.ErrUnsupported,
			"a change of a table would commit your transaction; call Migrate outside of one"))
	}
	if err := m.refuse(h.Dialect().Schema, steps); err != nil {
		return err
	}
	if err := m.within(ctx, h); err != nil {
		return errs.In(steps[0].model.Name, "migrate", err)
	}
	return concurrently(ctx, h, steps)
}

// within makes the changes in a transaction, or in a savepoint of the caller's.
func (m *migration) within(ctx context.Context, h *tx.Handle) error {
	if m.alone {
		return h.Alone(ctx, m.again)
	}
	var opts *sql.TxOptions
	if h.Dialect().Schema.Lock() != "" { // what others have done meanwhile must be seen
		opts = &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
	return h.Within(ctx, opts, m.again)
}

// plan compares the tables. Steps in which there is nothing to do are left out.
func plan(ctx context.Context, h *tx.Handle, list []*wanted) (steps []step, err error) {
	for _, w := range list {
		change, err := compare(reading(ctx, h, w.table.Name), h.Dialect().Schema, w.table)
		if err != nil {
			return nil, errs.In(w.model.Name, "migrate", h.Failure(ctx, err))
		}
		if !change.Empty() {
			steps = append(steps, step{w.model, change})
		}
	}
	return steps, nil
}

// reading returns a handle of gorm for the statements that read about a table.
func reading(ctx context.Context, h *tx.Handle, table string) *gorm.DB {
	return h.ToPrimary(ctx).Table(table).Session(&gorm.Session{})
}

// refuse returns an error if a step takes more than the transaction that there is.
func (m *migration) refuse(s dialect.Schema, steps []step) error {
	why := "needs a connection of its own; gorm's pool hides its connections"
	if m.inside {
		why = "a transaction cannot do; call Migrate outside of one"
	}
	for _, one := range steps {
		if reason := s.Remakes(one.change); reason != "" && !m.alone {
			return errs.In(one.model.Name, "migrate", errs.New(errs.ErrUnsupported,
				"the table %s must be made anew, because %s, which %s", ident.Quote(one.change.Table.Name), reason, why))
		}
		for _, i := range one.change.Indexes {
			if i.Concurrent && m.inside {
				return errs.In(one.model.Name, "migrate", errs.New(errs.ErrUnsupported,
					"the index %s is made CONCURRENTLY, which %s", ident.Quote(i.Name), why))
			}
		}
	}
	return nil
}

// again takes the lock, compares once more, as another migration may have been faster, and makes the changes.
func (m *migration) again(ctx context.Context, h *tx.Handle) (err error) {
	s := h.Dialect().Schema
	if lock := s.Lock(); lock != "" {
		if _, err := h.Exec(ctx, tx.Statement{Table: m.list[0].table.Name, SQL: lock}); err != nil {
			return err
		}
		if unlock := s.Unlock(); unlock != "" { // also for a caller who has given up, as the connection is used again
			defer func() {
				_, failed := h.Exec(context.WithoutCancel(ctx), tx.Statement{Table: m.list[0].table.Name, SQL: unlock})
				err = errors.Join(err, failed)
			}()
		}
	}
	steps, err := plan(ctx, h, m.list)
	if err != nil {
		return err
	}
	if err = m.refuse(s, steps); err != nil {
		return err
	}
	return checked(ctx, h, steps)
}

// checked makes the changes, and refuses them if they leave foreign keys that lead nowhere.
func checked(ctx context.Context, h *tx.Handle, steps []step) error {
	var remade []string
	for _, one := range steps {
		if h.Dialect().Schema.Remakes(one.change) != "" {
			remade = append(remade, one.change.Table.Name)
		}
	}
	before, err := violations(ctx, h, remade)
	if err != nil {
		return err
	}
	if err := apply(ctx, h, steps); err != nil {
		return err
	}
	after, err := violations(ctx, h, remade)
	if err != nil {
		return err
	}
	for table, n := range after {
		if n > before[table] {
			return errs.New(errs.ErrForeignKey, "%d rows of %s point to rows that are not there; mend or delete them first",
				n-before[table], ident.Quote(table))
		}
	}
	return nil
}

func violations(ctx context.Context, h *tx.Handle, remade []string) (map[string]int64, error) {
	if len(remade) == 0 {
		return nil, nil
	}
	counts, err := h.Dialect().Schema.Violations(reading(ctx, h, remade[0]), remade)
	return counts, h.Failure(ctx, err)
}

// apply makes the changes: first all tables, then what needs them all.
func apply(ctx context.Context, h *tx.Handle, steps []step) error {
	last := make([][]string, len(steps))
	for i, s := range steps {
		var first []string
		var err error
		if first, last[i], err = h.Dialect().Schema.Statements(s.change); err == nil {
			err = send(ctx, h, s, first)
		}
		if err != nil {
			return errs.In(s.model.Name, "migrate", err)
		}
	}
	for i, s := range steps {
		if err := send(ctx, h, s, last[i]); err != nil {
			return errs.In(s.model.Name, "migrate", err)
		}
	}
	return nil
}

func send(ctx context.Context, h *tx.Handle, s step, statements []string) error {
	for _, text := range statements {
		if _, err := h.Exec(ctx, tx.Statement{Table: s.change.Table.Name, SQL: text}); err != nil {
			return err
		}
	}
	return nil
}

// concurrently makes the indexes that are made outside of transactions. If another migration makes one at
// the same time, its index will do.
func concurrently(ctx context.Context, h *tx.Handle, steps []step) error {
	for _, s := range steps {
		for _, i := range s.change.Indexes {
			if !i.Concurrent {
				continue
			}
			err := send(ctx, h, s, []string{i.SQL})
			if err == nil {
				continue
			}
			now, failed := h.Dialect().Schema.Table(reading(ctx, h, s.change.Table.Name), s.change.Table.Name)
			made := func(other dialect.Index) bool { return other.Name == i.Name }
			if failed != nil || now == nil || !slices.ContainsFunc(now.Indexes, made) {
				return errs.In(s.model.Name, "migrate", err)
			}
		}
	}
	return nil
}
