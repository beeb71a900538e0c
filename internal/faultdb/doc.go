// SPDX-License-Identifier: MIT

// Package faultdb is for tests only. It wraps a database driver so that a test sees every statement
// that reaches the connection, makes one of them fail, or stops one in its tracks.
//
//	dialector, control := faultdb.SQLite(t, "file:"+path)
//	db, err := gorm.Open(dialector)
//	// … create tables …
//	control.Reset()
//	control.FailAt(3, faultdb.Before)
//	err = save(db)
//	// errors.AsType[*faultdb.Error](err)
//
// [Open] does the same for any driver, without gorm.
//
// # Points
//
// The statements that can fail are numbered from one at each [Control.Reset]: BEGIN, queries and
// other statements, SAVEPOINT, RELEASE and COMMIT. ROLLBACK and ROLLBACK TO are recorded, but are no
// points and cannot fail, as a client could do nothing about it. A sweep runs an operation once,
// reads [Control.Points], and runs it again for each point and [Mode]:
//
//	for n := 1; n <= points; n++ {
//		control.Reset()
//		control.FailAt(n, mode)
//		err := operation()
//		// … the operation happened, or it did not and err is not nil …
//	}
//
// After a cancellation database/sql rolls back in a goroutine of its own: wait for db.Stats().InUse
// to become zero before looking at the rest.
//
// A fault happens once; the statement after it succeeds. [Control.Inject] has the less common
// faults: another cause, a failing PREPARE, the second INSERT.
//
// # Transactions
//
// A transaction is left as the real thing would leave it, where a client can bring that about:
//
//   - A refused COMMIT rolls back, whether [Before], [Abort] or [BadConn]. That holds for the Commit
//     of a driver; a COMMIT that a program sends as text leaves the transaction open.
//   - A BEGIN that fails [After] leaves no transaction behind.
//   - [BadConn] rolls back at once, as a server does when it loses a client.
//   - [Before] and [After] do not abort a transaction of PostgreSQL, as the server saw no error: the
//     statements after it run. Errors that happen in the client behave like this. A statement that
//     the server refuses is [Abort].
//
// # Transparency
//
// Connections, statements and rows have the optional interfaces of those they wrap. The two that
// database/sql merely looks for, [driver.SessionResetter] and [driver.Validator], are present exactly
// if they are present underneath, since together they decide whether a connection outlives a
// cancelled transaction. For the others an absent method behaves as its absence does.
//
// What sql.Conn.Raw hands out is not the connection of the inner driver. See [Interceptor] for code
// that looks for it.
package faultdb
