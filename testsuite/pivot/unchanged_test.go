// SPDX-License-Identifier: MIT

package pivot_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/hooks"
	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

type stillClub struct {
	model.BaseModel[stillClub]

	ID      int64
	Members []*stillMember `relation:"manyToMany;pivotTable:still_seats;pivotForeignKey:club_id;pivotRelatedForeignKey:member_id"`
}

func (c *stillClub) Define(d *model.Definition[stillClub]) {
	d.Relation(&c.Members).Using(&stillSeat{})
}

type stillMember struct {
	model.BaseModel[stillMember]

	ID int64
}

type stillSeat struct {
	model.BaseModel[stillSeat]

	ClubID   int64 `gorm:"primaryKey;autoIncrement:false"`
	MemberID int64 `gorm:"primaryKey;autoIncrement:false"`
	Role     string
}

type stillKey struct{}

func (*stillSeat) Define(d *model.Definition[stillSeat]) {
	for _, m := range []hooks.Moment{hooks.Updating, hooks.Saving, hooks.Updated, hooks.Saved} {
		d.On(m, func(ctx context.Context, _ *stillSeat) error {
			if n, ok := ctx.Value(stillKey{}).(*int); ok {
				*n++
			}
			return nil
		})
	}
}

// Pivot rows that get the values which they have are not written, and their hooks do not run.
func TestEqualPivotAttributesAreNoChange(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &stillClub{}, &stillMember{}, &stillSeat{})
		club, member := &stillClub{}, &stillMember{}
		require.NoError(t, model.Create(e.Ctx, e.DB, club))
		require.NoError(t, model.Create(e.Ctx, e.DB, member))
		members, chair := relation.ManyToMany(club, &club.Members), relation.Attrs{"role": "chair"}
		require.NoError(t, members.Attach(e.Ctx, relation.Pivot(member, chair)))
		ran := 0
		ctx := context.WithValue(e.Ctx, stillKey{}, &ran)
		e.Sends(t, 1, func() {
			n, err := members.UpdateExistingPivot(ctx, member, chair)
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
		})
		_, err := members.Sync(ctx, relation.Pivot(member, chair))
		require.NoError(t, err)
		require.NoError(t, members.Save(ctx, member, chair))
		require.Zero(t, ran)
		_, err = members.UpdateExistingPivot(ctx, member, relation.Attrs{"role": "guest"})
		require.NoError(t, err)
		require.Equal(t, 4, ran)
	})
}
