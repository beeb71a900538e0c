// SPDX-License-Identifier: MIT

package testsuite

import (
	"context"
	"database/sql"

	"gorm.io/gorm"
)

// bendingPool changes the text of statements on their way, for twins.
type bendingPool struct {
	gorm.ConnPool

	bend func(sql string) string
}

func (p *bendingPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.ConnPool.ExecContext(ctx, p.bend(query), args...)
}

func (p *bendingPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return p.ConnPool.QueryContext(ctx, p.bend(query), args...)
}

// BeginTx bends the statements of transactions too.
func (p *bendingPool) BeginTx(ctx context.Context, opts *sql.TxOptions) (gorm.ConnPool, error) {
	beginner, ok := p.ConnPool.(gorm.TxBeginner)
	if !ok {
		return nil, gorm.ErrInvalidTransaction
	}
	started, err := beginner.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	return &bendingTx{Tx: started, bend: p.bend}, nil
}

type bendingTx struct {
	*sql.Tx

	bend func(sql string) string
}

func (p *bendingTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.Tx.ExecContext(ctx, p.bend(query), args...)
}

func (p *bendingTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return p.Tx.QueryContext(ctx, p.bend(query), args...)
}
