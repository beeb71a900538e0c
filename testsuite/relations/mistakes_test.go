// SPDX-License-Identifier: MIT

package relations_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Models with one mistake each in a relation.
type (
	oddMissing struct {
		model.BaseModel[oddMissing]

		ID    int64
		Users []*User `relation:"hasMany"`
	}
	oddBelongs struct {
		model.BaseModel[oddBelongs]

		ID   int64
		User *User `relation:"belongsTo"`
	}
	oddLocal struct {
		model.BaseModel[oddLocal]

		ID    int64
		Users []*User `relation:"hasMany;localKey:Code;foreignKey:ManagerID"`
	}
	oddRelated struct {
		model.BaseModel[oddRelated]

		ID     int64
		Skills []*Skill `relation:"manyToMany;relatedKey:Code"`
	}
	oddKind struct {
		model.BaseModel[oddKind]

		ID    int64
		Users []*User `relation:"hasLots"`
	}
	oddWord struct {
		model.BaseModel[oddWord]

		ID    int64
		Users []*User `relation:"hasMany;foreinKey:ManagerID"`
	}
	oddWordOfKind struct {
		model.BaseModel[oddWordOfKind]

		ID    int64
		Users []*User `relation:"hasMany;pivotTable:x;foreignKey:ManagerID"`
	}
	oddShape struct {
		model.BaseModel[oddShape]

		ID    int64
		Users *User `relation:"hasMany;foreignKey:ManagerID"`
	}
	oddShapeOne struct {
		model.BaseModel[oddShapeOne]

		ID   int64
		User []*User `relation:"hasOne;foreignKey:ManagerID"`
	}
	oddThrough struct {
		model.BaseModel[oddThrough]

		ID    int64
		Posts []*Post `relation:"hasManyThrough;through:members"`
	}
	oddThroughNothing struct {
		model.BaseModel[oddThroughNothing]

		ID    int64
		Posts []*Post `relation:"hasManyThrough"`
	}
	oddAmbiguous struct {
		model.BaseModel[oddAmbiguous]

		ID     int64
		BossID *int64
		Boss   *User   `relation:"belongsTo"`
		Others []*User `relation:"hasManyThrough;through:boss"`
	}
	oddVia struct {
		model.BaseModel[oddVia]

		ID     int64
		BossID *int64
		Boss   *User   `relation:"belongsTo"`
		Others []*User `relation:"hasManyThrough;through:boss;via:posts"`
	}
	oddSelf struct {
		model.BaseModel[oddSelf]

		ID      int64
		Friends []*oddSelf `relation:"manyToMany"`
	}
	oddCircle struct {
		model.BaseModel[oddCircle]

		ID    int64
		Loops []*oddCircle `relation:"hasManyThrough;through:loops"`
	}
	oddInverse struct {
		model.BaseModel[oddInverse]

		ID    int64
		Users []*User `relation:"hasMany;foreignKey:ManagerID"`
	}
	oddInverseName struct {
		model.BaseModel[oddInverseName]

		ID    int64
		Users []*User `relation:"hasMany;foreignKey:ManagerID"`
	}
	oddDefault struct {
		model.BaseModel[oddDefault]

		ID   int64
		User *User `relation:"hasOne;foreignKey:ManagerID"`
	}
	oddDefaultAttrs struct {
		model.BaseModel[oddDefaultAttrs]

		ID   int64
		User *User `relation:"hasOne;foreignKey:ManagerID"`
	}
	oddDefaultMany struct {
		model.BaseModel[oddDefaultMany]

		ID    int64
		Users []*User `relation:"hasMany;foreignKey:ManagerID"`
	}
	oddOfMany struct {
		model.BaseModel[oddOfMany]

		ID   int64
		User *User `relation:"hasOne;foreignKey:ManagerID"`
	}
	oddOfManyColumn struct {
		model.BaseModel[oddOfManyColumn]

		ID   int64
		User *User `relation:"hasOne;foreignKey:ManagerID"`
	}
	oddUsing struct {
		model.BaseModel[oddUsing]

		ID     int64
		Skills []*Skill `relation:"manyToMany"`
	}
	oddUsingAction struct {
		model.BaseModel[oddUsingAction]

		ID      int64
		Artists []*Artist `relation:"manyToMany;pivotForeignKey:band_id;onDelete:CASCADE"`
	}
	oddUsingKind struct {
		model.BaseModel[oddUsingKind]

		ID    int64
		Users []*User `relation:"hasMany;foreignKey:ManagerID"`
	}
	oddPivotCondition struct {
		model.BaseModel[oddPivotCondition]

		ID    int64
		Users []*User `relation:"hasMany;foreignKey:ManagerID"`
	}
	oddTypes struct {
		model.BaseModel[oddTypes]

		ID    string
		Users []*User `relation:"hasMany;foreignKey:ManagerID"`
	}
	oddComposite struct {
		model.BaseModel[oddComposite]

		A     int64   `gorm:"primaryKey"`
		B     int64   `gorm:"primaryKey"`
		Users []*User `relation:"hasMany;foreignKey:ManagerID"`
	}
	oddStamps struct {
		model.BaseModel[oddStamps]

		ID     int64
		Skills []*Skill `relation:"manyToMany;pivotTimestamps:made=x"`
	}
	oddAction struct {
		model.BaseModel[oddAction]

		ID    int64
		Users []*User `relation:"hasMany;foreignKey:ManagerID;onDelete:EXPLODE"`
	}
	oddPlain struct {
		model.BaseModel[oddPlain]

		ID    int64
		Other *migratedPlain `relation:"hasOne"`
	}
	// migratedPlain is no model.
	migratedPlain struct{ OddPlainID int64 }
	oddColumn     struct {
		model.BaseModel[oddColumn]

		ID   int64
		Name string
	}
)

func (o *oddInverse) Define(d *model.Definition[oddInverse]) { d.Relation(&o.Users).Inverse("manager") }

func (o *oddInverseName) Define(d *model.Definition[oddInverseName]) {
	d.Relation(&o.Users).Inverse("bos")
}

func (o *oddOfMany) Define(d *model.Definition[oddOfMany]) {
	d.Relation(&o.User).OfMany("score", "avg")
}

func (o *oddOfManyColumn) Define(d *model.Definition[oddOfManyColumn]) {
	d.Relation(&o.User).LatestOfMany("scor")
}

func (o *oddUsing) Define(d *model.Definition[oddUsing]) { d.Relation(&o.Skills).Using(&Skill{}) }

func (o *oddUsingAction) Define(d *model.Definition[oddUsingAction]) {
	d.Relation(&o.Artists).Using(&Membership{})
}

func (o *oddUsingKind) Define(d *model.Definition[oddUsingKind]) {
	d.Relation(&o.Users).Using(&Skill{})
}

func (o *oddDefaultMany) Define(d *model.Definition[oddDefaultMany]) {
	d.Relation(&o.Users).WithDefault(nil)
}

func (o *oddColumn) Define(d *model.Definition[oddColumn]) {
	d.Relation(&o.Name).OnQuery(func(*relation.Query) {})
}

func (o *oddPivotCondition) Define(d *model.Definition[oddPivotCondition]) {
	d.Relation(&o.Users).WherePivot("a", 1)
}

func (o *oddDefault) Define(d *model.Definition[oddDefault]) {
	d.Relation(&o.User).WithDefault(func(*Post, *oddDefault) {})
}

func (o *oddDefaultAttrs) Define(d *model.Definition[oddDefaultAttrs]) {
	d.Relation(&o.User).WithDefault(model.Attrs{"nme": "x"})
}

// Register refuses a relation whose keys, words or models do not fit, naming model, relation and key.
func TestRegisterRefusesRelationsThatDoNotFit(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		require.NoError(t, e.DB.Register(allModels()...))
		for _, c := range []struct {
			model    any
			is       error
			relation string // "" is a mistake of the model
			says     []string
		}{
			{&oddMissing{}, model.ErrMissingKey, "users", []string{"oddMissing.users", `"OddMissingID"`, "User", "foreignKey"}},
			{&oddBelongs{}, model.ErrMissingKey, "user", []string{"oddBelongs.user", `"UserID"`, "foreignKey"}},
			{&oddLocal{}, model.ErrMissingKey, "users", []string{"oddLocal.users", `"Code"`, "localKey"}},
			{&oddRelated{}, model.ErrMissingKey, "skills", []string{"oddRelated.skills", `"Code"`, "relatedKey", "Skill"}},
			{&oddKind{}, nil, "", []string{"oddKind", "Users", `"hasLots"`}},
			{&oddWord{}, nil, "", []string{"oddWord", "Users", `"foreinKey"`, `"foreignKey"`}},
			{&oddWordOfKind{}, nil, "", []string{"oddWordOfKind", "Users", "hasMany", "pivotTable"}},
			{&oddShape{}, nil, "", []string{"oddShape", "Users", "[]*Model"}},
			{&oddShapeOne{}, nil, "", []string{"oddShapeOne", "User", "*Model"}},
			{&oddThrough{}, model.ErrUnknownRelation, "posts", []string{"oddThrough.posts", `"members"`}},
			{&oddThroughNothing{}, model.ErrMissingKey, "posts", []string{"oddThroughNothing.posts", "through"}},
			{&oddAmbiguous{}, model.ErrUnsupported, "others", []string{"oddAmbiguous.others", "via", "User.manager", "User.reports"}},
			{&oddVia{}, model.ErrUnsupported, "others", []string{"oddVia.others", "User.posts", "Post"}},
			{&oddSelf{}, model.ErrMissingKey, "friends", []string{"oddSelf.friends", `"odd_self_id"`, "pivotRelatedForeignKey"}},
			{&oddCircle{}, model.ErrUnsupported, "loops", []string{"oddCircle.loops", "itself"}},
			{&oddInverse{}, model.ErrUnsupported, "users", []string{"oddInverse.users", "User.manager"}},
			{&oddInverseName{}, model.ErrUnknownRelation, "users", []string{"oddInverseName.users", `"bos"`}},
			{&oddDefault{}, nil, "user", []string{"oddDefault.user", "*User", "*oddDefault"}},
			{&oddDefaultAttrs{}, model.ErrUnknownAttribute, "user", []string{"oddDefaultAttrs.user", `"nme"`, "User"}},
			{&oddDefaultMany{}, nil, "", []string{"oddDefaultMany", "Users", "hasMany"}},
			{&oddOfMany{}, nil, "", []string{"oddOfMany", `"avg"`}},
			{&oddOfManyColumn{}, model.ErrUnknownColumn, "user", []string{"oddOfManyColumn.user", `"scor"`, `"score"`}},
			{&oddUsing{}, model.ErrMissingKey, "skills", []string{"oddUsing.skills", "odd_using_id", "Skill"}},
			{&oddUsingAction{}, model.ErrUnsupported, "artists", []string{"oddUsingAction.artists", "onDelete", "Membership"}},
			{&oddUsingKind{}, nil, "", []string{"oddUsingKind", "Users", "hasMany"}},
			{&oddPivotCondition{}, nil, "", []string{"oddPivotCondition", "Users", "hasMany"}},
			{&oddTypes{}, model.ErrMissingKey, "users", []string{"oddTypes.users", "ManagerID", "string"}},
			{&oddComposite{}, model.ErrMissingKey, "users", []string{"oddComposite.users", "composite", "localKey"}},
			{&oddStamps{}, model.ErrUnsupported, "skills", []string{"oddStamps.skills", "made"}},
			{&oddAction{}, model.ErrUnsupported, "users", []string{"oddAction.users", "EXPLODE"}},
			{&oddPlain{}, nil, "", []string{"migratedPlain"}},
			{&oddColumn{}, nil, "", []string{"oddColumn", "Name"}},
		} {
			err := e.DB.Register(c.model)
			require.Error(t, err, "%T", c.model)
			if c.is != nil {
				require.ErrorIs(t, err, c.is, "%T", c.model)
			}
			for _, part := range c.says {
				require.ErrorContains(t, err, part, "%T", c.model)
			}
			var named *relation.Error
			if c.relation != "" {
				require.True(t, errors.As(err, &named), "%T: %v", c.model, err)
				require.Equal(t, c.relation, named.Relation, "%T", c.model)
			}
		}
		require.Empty(t, e.Sent.Statements())
	})
}

// One Register tells all that is wrong with the relations of all its models.
func TestRegisterTellsAllMistakesAtOnce(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		err := e.DB.Register(&oddMissing{}, &oddSelf{}, &oddThrough{})
		for _, part := range []string{"oddMissing.users", "oddSelf.friends", "oddThrough.posts"} {
			require.ErrorContains(t, err, part)
		}
	})
}
