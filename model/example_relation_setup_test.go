// SPDX-License-Identifier: MIT

package model_test

import (
	"context"

	"github.com/kindred-orm/kindred/model"
)

// Artist is the model of the examples of relations.
type Artist struct {
	model.BaseModel[Artist]

	ID          int64
	Name        string
	AlbumsCount int64    `gorm:"-"` // where LoadCount puts its number
	Albums      []*Album `relation:"hasMany"`
	Genres      []*Genre `relation:"manyToMany"`
}

// Album is by an artist.
type Album struct {
	model.BaseModel[Album]

	ID       int64
	ArtistID int64
	Title    string
	Cents    int64
	Artist   *Artist `relation:"belongsTo"`
	Songs    []*Song `relation:"hasMany"`
}

// Song is on an album.
type Song struct {
	model.BaseModel[Song]

	ID      int64
	AlbumID int64
	Title   string
}

// Genre is a kind of music.
type Genre struct {
	model.BaseModel[Genre]

	ID   int64
	Name string
}

// openMusic returns a database with these rows:
//
//	artists: 1 Nina, with the genres jazz and blues   2 Otis
//
//	albums: Dawn, 900 cents, and Dusk, 1100, by Nina; Dawn has a song
func openMusic() *model.DB {
	ctx, db := context.Background(), open(&Artist{}, &Album{}, &Song{}, &Genre{})
	nina := &Artist{Name: "Nina"}
	must(model.CreateMany(ctx, db, []*Artist{nina, {Name: "Otis"}}))
	dawn := &Album{Title: "Dawn", Cents: 900}
	must(nina.Related("albums").CreateMany(ctx, []*Album{dawn, {Title: "Dusk", Cents: 1100}}))
	must(dawn.Related("songs").Create(ctx, &Song{Title: "One"}))
	must(nina.Related("genres").CreateMany(ctx, []*Genre{{Name: "jazz"}, {Name: "blues"}}))
	return db
}

// nina loads the first artist.
func nina(db *model.DB) *Artist {
	artist, err := model.Query[Artist](db).Find(context.Background(), 1)
	must(err)
	return artist
}
