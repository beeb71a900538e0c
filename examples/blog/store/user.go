// SPDX-License-Identifier: MIT

package store

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/kindred-orm/kindred/model"
)

// User is somebody who writes posts.
type User struct {
	model.BaseModel[User]

	ID        int64
	Email     string `gorm:"size:254;not null;uniqueIndex" model:"fillable"`
	Name      string `gorm:"size:100;not null" model:"fillable"`
	Password  string `gorm:"not null" json:"-" model:"fillable"` // read from JSON, never written to it; hashed by Saving
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Saving checks and tidies a user who is about to be written.
func (u *User) Saving(context.Context) error {
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
	if !u.IsNew() && !u.IsDirty("Password") {
		return nil
	}
	if err := checkText("password", u.Password, 8, 200); err != nil {
		return err
	}
	hash, err := hashPassword(u.Password)
	u.Password = hash
	return err
}

// Deleting keeps users who have posts, deleted ones included: those rows still refer to them.
func (u *User) Deleting(ctx context.Context) error {
	// Without a database of its own, a query runs in the transaction that ctx carries.
	used, err := model.Query[Post](nil).WithTrashed().Where("AuthorID", u.ID).Exists(ctx)
	if err == nil && used {
		err = &FieldError{Field: "id", Message: "belongs to a user who has posts", Err: ErrInUse}
	}
	return err
}

// hashPassword returns a salted hash, with all that it takes to check a password against it.
func hashPassword(password string) (string, error) {
	const rounds = 210_000 // what OWASP recommends for PBKDF2 with SHA-512
	salt := make([]byte, 16)
	rand.Read(salt)
	key, err := pbkdf2.Key(sha512.New, password, salt, rounds, sha512.Size)
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("pbkdf2-sha512$%d$%s$%s", rounds, text(salt), text(key)), err
}
