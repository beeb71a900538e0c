// SPDX-License-Identifier: MIT

package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// User is a row of the benchmark's table, in the form that all contenders' results are converted
// to. It is also the plain struct of the raw contender.
type User struct {
	ID         int64      `json:"id"`
	Name       string     `json:"name"`
	Email      string     `json:"email"`
	Age        int        `json:"age"`
	Score      float64    `json:"score"`
	Active     bool       `json:"active"`
	Bio        *string    `json:"bio"`
	LoginCount int64      `json:"login_count"`
	LastLogin  *time.Time `json:"last_login"`
	CreatedAt  time.Time  `json:"created_at"`
	UpdatedAt  time.Time  `json:"updated_at"`
}

// tableName is the benchmark's table on all databases.
const tableName = "bench_users"

// columnList names the columns in the order of the fields of [User].
const columnList = "id, name, email, age, score, active, bio, login_count, last_login, " +
	"created_at, updated_at"

// seedUser returns row i, counted from 1. Times are whole microseconds, which all databases keep.
func seedUser(i int) User {
	created := time.Date(2025, 1, 1, 8, 30, 0, 123456000, time.UTC).Add(time.Duration(i) * time.Minute)
	u := User{
		ID:         int64(i),
		Name:       fmt.Sprintf("User Number %d", i),
		Email:      fmt.Sprintf("user%d@example.com", i),
		Age:        18 + i%60,
		Score:      float64(i%1000) * 0.25,
		Active:     i%3 != 0,
		LoginCount: int64(i) * 13 % 100_003,
		CreatedAt:  created,
		UpdatedAt:  created.Add(36*time.Hour + 789*time.Microsecond),
	}
	if i%2 == 0 {
		bio := fmt.Sprintf("Bio of user %d, who likes plain tables.", i)
		u.Bio = &bio
	} else {
		login := created.Add(24 * time.Hour)
		u.LastLogin = &login
	}
	return u
}

// seedUsers returns the rows 1 to n.
func seedUsers(n int) []User {
	us := make([]User, n)
	for i := range us {
		us[i] = seedUser(i + 1)
	}
	return us
}

// args returns the values of a row without its key, in the order of [columnList].
func (u *User) args() []any {
	return []any{
		u.Name, u.Email, u.Age, u.Score, u.Active, u.Bio, u.LoginCount, u.LastLogin,
		u.CreatedAt, u.UpdatedAt,
	}
}

// dests returns pointers to all fields, in the order of [columnList].
func (u *User) dests() []any {
	return []any{
		&u.ID, &u.Name, &u.Email, &u.Age, &u.Score, &u.Active, &u.Bio, &u.LoginCount,
		&u.LastLogin, &u.CreatedAt, &u.UpdatedAt,
	}
}

// equal compares values, times by instant.
func (u *User) equal(v *User) bool {
	return u.ID == v.ID && u.Name == v.Name && u.Email == v.Email && u.Age == v.Age &&
		u.Score == v.Score && u.Active == v.Active && u.LoginCount == v.LoginCount &&
		equalPtr(u.Bio, v.Bio, func(a, b string) bool { return a == b }) &&
		equalPtr(u.LastLogin, v.LastLogin, time.Time.Equal) &&
		u.CreatedAt.Equal(v.CreatedAt) && u.UpdatedAt.Equal(v.UpdatedAt)
}

func equalPtr[T any](a, b *T, equal func(a, b T) bool) bool {
	if a == nil || b == nil {
		return a == b
	}
	return equal(*a, *b)
}

// String shows the row with its pointers followed.
func (u *User) String() string {
	bio, login := "NULL", "NULL"
	if u.Bio != nil {
		bio = fmt.Sprintf("%q", *u.Bio)
	}
	if u.LastLogin != nil {
		login = u.LastLogin.UTC().Format(time.RFC3339Nano)
	}
	return fmt.Sprintf("{%d %q %q %d %v %v %s %d %s %s %s}", u.ID, u.Name, u.Email, u.Age, u.Score,
		u.Active, bio, u.LoginCount, login, u.CreatedAt.UTC().Format(time.RFC3339Nano),
		u.UpdatedAt.UTC().Format(time.RFC3339Nano))
}

// diffUsers returns an error that shows the first difference between got and want.
func diffUsers(got, want []User) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d rows; want %d", len(got), len(want))
	}
	for i := range got {
		if !got[i].equal(&want[i]) {
			return fmt.Errorf("row %d differs:\n  got  %s\n  want %s", i, &got[i], &want[i])
		}
	}
	return nil
}

// sortUsers orders rows by key.
func sortUsers(us []User) {
	slices.SortFunc(us, func(a, b User) int { return cmp.Compare(a.ID, b.ID) })
}
