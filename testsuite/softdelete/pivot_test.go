// SPDX-License-Identifier: MIT

package softdelete_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type (
	player struct {
		model.BaseModel[player]
		ID    int64
		Clubs []*club `relation:"manyToMany;pivotTable:memberships;pivotForeignKey:player_id;pivotRelatedForeignKey:club_id"`
		Halls []*club `relation:"manyToMany;pivotTable:visits;pivotForeignKey:player_id;pivotRelatedForeignKey:club_id"`
	}
	club struct {
		model.BaseModel[club]
		ID int64
	}
	membership struct {
		model.BaseModel[membership]
		PlayerID  int64 `gorm:"primaryKey;autoIncrement:false"`
		ClubID    int64 `gorm:"primaryKey;autoIncrement:false"`
		Role      string
		DeletedAt gorm.DeletedAt
	}
	// visit has its own key, and a unique index that leaves deleted rows out.
	visit struct {
		model.BaseModel[visit]
		ID        int64
		PlayerID  int64 `gorm:"uniqueIndex:visit,where:deleted_at IS NULL"`
		ClubID    int64 `gorm:"uniqueIndex:visit,where:deleted_at IS NULL"`
		DeletedAt gorm.DeletedAt
	}
)

func (p *player) Define(d *model.Definition[player]) {
	d.Relation(&p.Clubs).Using(&membership{})
	d.Relation(&p.Halls).Using(&visit{})
}

// setUp returns a player who was a coach of the first of two clubs.
func setUp(t *testing.T, e *harness.Env) (*player, []*club) {
	t.Helper()
	e.Migrate(t, &player{}, &club{}, &membership{})
	if e.Database.Has(harness.PartialIndexes) {
		e.Migrate(t, &visit{})
	}
	p, clubs := &player{}, []*club{{}, {}}
	require.NoError(t, model.Create(e.Ctx, e.DB, p))
	require.NoError(t, model.CreateMany(e.Ctx, e.DB, clubs))
	members := relation.ManyToMany(p, &p.Clubs)
	require.NoError(t, members.Attach(e.Ctx, relation.Pivot(clubs[0], model.Attrs{"role": "coach"})))
	n, err := members.Detach(e.Ctx, clubs[0])
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	require.EqualValues(t, 1, e.Count(t, "memberships"))
	return p, clubs
}

func TestASoftDeletedPivotRowComesBack(t *testing.T) {
	for name, attach := range map[string]func(ctx context.Context, p *player, clubs []*club) error{
		"Attach": func(ctx context.Context, p *player, clubs []*club) error {
			return relation.ManyToMany(p, &p.Clubs).Attach(ctx, clubs[0], clubs[1])
		},
		"Sync": func(ctx context.Context, p *player, clubs []*club) error {
			changes, err := relation.ManyToMany(p, &p.Clubs).Sync(ctx, clubs[0], clubs[1])
			if err == nil && len(changes.Attached) != 2 {
				return gorm.ErrInvalidData
			}
			return err
		},
		"Toggle": func(ctx context.Context, p *player, clubs []*club) error {
			_, err := relation.ManyToMany(p, &p.Clubs).Toggle(ctx, clubs[0], clubs[1])
			return err
		},
		"Save": func(ctx context.Context, p *player, clubs []*club) error {
			return relation.ManyToMany(p, &p.Clubs).SaveMany(ctx, clubs)
		},
	} {
		t.Run(name, func(t *testing.T) {
			harness.Each(t, func(t *testing.T, e *harness.Env) {
				p, clubs := setUp(t, e)
				require.NoError(t, attach(e.Ctx, p, clubs))
				require.EqualValues(t, 2, e.Count(t, "memberships"))
				n, err := relation.ManyToMany(p, &p.Clubs).Query().Count(e.Ctx)
				require.NoError(t, err)
				require.EqualValues(t, 2, n)
				m, err := model.Query[membership](e.DB).Where("club_id", clubs[0].ID).Sole(e.Ctx)
				require.NoError(t, err)
				require.Equal(t, "coach", m.Role, "what is not named stays")
			})
		})
	}
}

func TestARevivedPivotRowTakesTheAttributes(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		p, clubs := setUp(t, e)
		e.Sends(t, 3, func() { // which are deleted, the one that comes back, the other one
			require.NoError(t, relation.ManyToMany(p, &p.Clubs).Attach(e.Ctx,
				relation.Pivot(clubs[0], model.Attrs{"role": "fan"}), clubs[1]))
		})
		m, err := model.Query[membership](e.DB).Where("club_id", clubs[0].ID).Sole(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, "fan", m.Role)
		require.ErrorIs(t, relation.ManyToMany(p, &p.Clubs).Attach(e.Ctx, clubs[0]), model.ErrDuplicate)
	})
}

func TestAPivotRowWithAKeyOfItsOwnIsInsertedAgain(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		p, clubs := setUp(t, e)
		visits := relation.ManyToMany(p, &p.Halls)
		for range 3 {
			_, err := visits.Toggle(e.Ctx, clubs[0])
			require.NoError(t, err)
		}
		require.EqualValues(t, 2, e.Count(t, "visits"))
		n, err := visits.Query().Count(e.Ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
	}, harness.PartialIndexes)
}
