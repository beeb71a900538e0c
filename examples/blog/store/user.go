// SPDX-License-Identifier: MIT

package store

import (
	"context"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/kindred-orm/kindred/model"
)

// User is somebody who writes posts and comments. Who has written something is kept by foreign keys.
type User struct {
	model.BaseModel[User]

	ID        int64
	Email     string `gorm:"size:254;not null;uniqueIndex" model:"fillable"`
	Name      string `gorm:"size:100;not null" model:"fillable"`
	Password  string `gorm:"not null" json:"-" model:"fillable"` // read from JSON, never written to it; hashed by Saving
	CountryID *int64 `gorm:"index" model:"fillable"`
	Version   int64  `gorm:"not null;default:1" model:"version" json:"-"`
	CreatedAt time.Time
	UpdatedAt time.Time

	Country *Country `relation:"belongsTo;onDelete:SET NULL"`
	Profile *Profile `relation:"hasOne;onDelete:CASCADE"`
	Posts   []*Post  `relation:"hasMany;foreignKey:AuthorID"`
}

// Saving tidies and checks a user who is about to be written, and hashes a password that is new.
func (u *User) Saving(ctx context.Context) error {
	u.Email, u.Name = strings.ToLower(strings.TrimSpace(u.Email)), strings.TrimSpace(u.Name)
	c := checks{model: "User"}
	c.text("email", u.Email, 254)
	address, err := mail.ParseAddress(u.Email)
	c.must(err == nil && address.Address == u.Email, "email", "must be an e-mail address")
	c.text("name", u.Name, 100)
	if u.CountryID != nil && u.IsDirty("CountryID") {
		refers[Country](ctx, &c, "country_id", *u.CountryID)
	}
	if u.IsNew() || u.IsDirty("Password") {
		c.must(len(u.Password) >= 8, "password", "must have at least 8 characters")
		c.must(len(u.Password) <= 72, "password", "must have at most 72 bytes") // bcrypt reads no more
		if c.err == nil {
			hash, err := bcrypt.GenerateFromPassword([]byte(u.Password), bcrypt.DefaultCost)
			u.Password, c.err = string(hash), err
		}
	}
	return c.err
}

// Profile is what a user tells about themselves.
type Profile struct {
	model.BaseModel[Profile]

	ID        int64
	UserID    int64  `gorm:"not null;uniqueIndex"`
	Bio       string `gorm:"not null" model:"fillable"`
	Website   string `gorm:"size:200;not null" model:"fillable"`
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Saving checks a profile that is about to be written.
func (p *Profile) Saving(context.Context) error {
	c := checks{model: "Profile"}
	c.text("bio", p.Bio, 2000)
	if p.Website != "" {
		c.text("website", p.Website, 200)
		c.must(strings.HasPrefix(p.Website, "https://"), "website", "must begin with https://")
	}
	return c.err
}

// Country is where users live, so that its posts are theirs: a relation through another one.
type Country struct {
	model.BaseModel[Country]

	ID      int64
	Name    string `gorm:"size:100;not null;uniqueIndex" model:"fillable"`
	Version int64  `gorm:"not null;default:1" model:"version" json:"-"`

	Users []*User `relation:"hasMany"`
	Posts []*Post `relation:"hasManyThrough;through:Users"`
}

// Saving checks a country that is about to be written.
func (c *Country) Saving(context.Context) error {
	c.Name = strings.TrimSpace(c.Name)
	found := checks{model: "Country"}
	found.text("name", c.Name, 100)
	return found.err
}
