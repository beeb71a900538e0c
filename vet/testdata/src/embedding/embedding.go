// Package embedding has every place that a base model can take.
package embedding

import (
	"time"

	"github.com/kindred-orm/kindred/model"
)

// Sound models.

type User struct {
	model.BaseModel[User]

	ID int64
}

type Timestamps struct{ CreatedAt, UpdatedAt time.Time }

type Post struct {
	model.BaseModel[Post]
	Timestamps

	ID     int64
	Author *User
}

type Box[K comparable, V any] struct {
	model.BaseModel[Box[K, V]]

	Key   K
	Value V
}

type base = model.BaseModel[Aliased]

type Aliased struct{ base }

type SelfAlias = ByAlias

type ByAlias struct{ model.BaseModel[SelfAlias] }

// Not models, and sound.

type View struct {
	*User // behaves like the record it points to

	Initials string
}

type Holder struct {
	Base  *model.BaseModel[User]
	Value User
	Other model.Other[int]
}

type Strange struct {
	model.Other[User]
}

// Mistakes.

type Wrong struct {
	model.BaseModel[User] // want `Wrong embeds model.BaseModel\[User\], whose methods take the Wrong for a User; embed model.BaseModel\[Wrong\]`
}

type AlsoWrong = Wrong // reported where Wrong is declared

type Pointed struct {
	model.BaseModel[*Pointed] // want `Pointed embeds model.BaseModel\[\*Pointed\]`
}

type Bare struct {
	model.Record[Bare] // want `Bare embeds model.BaseModel\[\*Bare\], whose methods take the Bare for a \*Bare; embed model.BaseModel\[Bare\]`
}

type ByAliasWrong struct {
	base // want `ByAliasWrong embeds model.BaseModel\[Aliased\]`
}

type Swapped[K comparable, V comparable] struct {
	model.BaseModel[Swapped[V, K]] // want `Swapped embeds model.BaseModel\[Swapped\[V, K\]\]`
}

type Abstract[T any] struct {
	model.BaseModel[T] // want `Abstract embeds model.BaseModel\[T\]`
}

type Second struct {
	ID                      int64
	model.BaseModel[Second] // want `model.BaseModel is not the first field of Second`
}

type AfterBlank struct {
	_                           struct{}
	model.BaseModel[AfterBlank] // want `model.BaseModel is not the first field of AfterBlank`
}

type ByPointer struct {
	*model.BaseModel[ByPointer] // want `ByPointer embeds model.BaseModel by pointer`
}

type ByName struct {
	Base model.BaseModel[ByName] // want `field Base of ByName holds a model.BaseModel; embed it`
}

type Admin struct {
	User // want `Admin embeds the model User, whose promoted methods act on the User alone`

	Level int
}

type Both struct {
	model.BaseModel[Both]
	User // want `Both embeds the model User`
}

type Deep struct {
	Admin // want `Deep embeds the model Admin`
}

type Boxed struct {
	model.BaseModel[Boxed]
	Box[string, int] // want `Boxed embeds the model Box\[string, int\]`
}

type Renamed User // want `Renamed embeds model.BaseModel\[User\]`

type Unnamed = struct {
	model.BaseModel[User] // want `an unnamed struct embeds model.BaseModel\[User\]; a model is a declared type`
}

var table = []struct {
	User // want `an unnamed struct embeds the model User`
	want bool
}{}

func local() {
	type Inner struct {
		ID                     int
		model.BaseModel[Inner] // want `model.BaseModel is not the first field of Inner`
	}
	_ = Inner{}
	_ = table
}
