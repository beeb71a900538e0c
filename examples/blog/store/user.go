// SPDX-License-Identifier: MIT

package store

import (
	"context"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
)

// User is somebody who writes posts and comments.
type User struct {
	model.BaseModel[User]

	ID        int64
	Email     string `gorm:"size:254;not null;uniqueIndex" model:"fillable"`
	Name      string `gorm:"size:100;not null" model:"fillable"`
	Password  string `gorm:"not null" json:"-" model:"fillable"` // read from JSON, never written to it; hashed by Saving
	CountryID *int64 `gorm:"index" model:"fillable"`
	CreatedAt time.Time
	UpdatedAt time.Time

	Country *Country `relation:"belongsTo;onDelete:SET NULL"`
	Profile *Profile `relation:"hasOne;onDelete:CASCADE"`
	Posts   []*Post  `relation:"hasMany;foreignKey:AuthorID"`
}

// Saving checks and tidies a user who is about to be written.
func (u *User) Saving(ctx context.Context) error {
	u.Email, u.Name = strings.ToLower(strings.TrimSpace(u.Email)), strings.TrimSpace(u.Name)
	if err := checkText("email", u.Email, 3, 254); err != nil {
		return err
	}
	if address, err := mail.ParseAddress(u.Email); err != nil || address.Address != u.Email {
		return invalid("email", "must be an e-mail address")
	}
	if err := checkText("name", u.Name, 1, 100); err != nil {
		return err
	}
	if u.CountryID != nil && u.IsDirty("CountryID") {
		if err := checkID[Country](ctx, "country_id", *u.CountryID); err != nil {
			return err
		}
	}
	if !u.IsNew() && !u.IsDirty("Password") {
		return nil
	}
	return u.hashPassword()
}

func (u *User) hashPassword() error {
	const most = 72 // bytes that bcrypt reads
	if len(u.Password) > most {
		return invalid("password", "must not have more than %d bytes", most)
	}
	if err := checkText("password", u.Password, 8, most); err != nil {
		return err
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(u.Password), bcrypt.DefaultCost)
	u.Password = string(hash)
	return err
}

// Deleting keeps users who have written something. Deleted posts count: their rows still refer to them.
func (u *User) Deleting(ctx context.Context) error {
	used, err := relation.HasMany(u, &u.Posts).Query().WithTrashed().Exists(ctx)
	if err == nil && !used {
		used, err = model.Query[Comment](nil).WhereBelongsTo(u).Exists(ctx)
	}
	if err == nil && used {
		err = &FieldError{Field: "id", Message: "belongs to a user who has posts or comments", Err: ErrInUse}
	}
	return err
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
	if err := checkText("bio", p.Bio, 1, 2000); err != nil {
		return err
	}
	if p.Website != "" && !strings.HasPrefix(p.Website, "https://") {
		return invalid("website", "must begin with https://")
	}
	return checkText("website", p.Website+"-", 1, 201)
}

// Country is where users live, so that its posts are theirs: a relation through another one.
type Country struct {
	model.BaseModel[Country]

	ID   int64
	Name string `gorm:"size:100;not null;uniqueIndex" model:"fillable"`

	Users []*User `relation:"hasMany"`
	Posts []*Post `relation:"hasManyThrough;through:Users"`
}

// Saving checks a country that is about to be written.
func (c *Country) Saving(context.Context) error {
	c.Name = strings.TrimSpace(c.Name)
	return checkText("name", c.Name, 1, 100)
}
