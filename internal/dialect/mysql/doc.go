// SPDX-License-Identifier: MIT

// Package mysql is the dialect of MariaDB 10.6 and later and of MySQL 8.0 and later. It imports no
// driver.
package mysql
