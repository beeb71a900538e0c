// SPDX-License-Identifier: MIT

package relation

import (
	"context"
	"errors"

	"github.com/kindred-orm/kindred/internal/aggregate"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/find"
	"github.com/kindred-orm/kindred/internal/memory"
	"github.com/kindred-orm/kindred/internal/meta"
	"github.com/kindred-orm/kindred/internal/pivot"
	"github.com/kindred-orm/kindred/internal/preload"
	"github.com/kindred-orm/kindred/internal/query"
	"github.com/kindred-orm/kindred/internal/record"
	"github.com/kindred-orm/kindred/internal/related"
	"github.com/kindred-orm/kindred/internal/save"
)

// Record is implemented by every struct that embeds model.BaseModel. Any other value is an ErrUnsupported.
type Record interface {
	IsPersisted() bool
	Related(name string) *Client
}

// Error is a failed operation on one relation.
type Error = errs.RelationError

// Client reads and writes one relation of one record: user.Related("posts"). It serves any kind of relation; a method that a kind
// does not have is an ErrUnsupported. Models are pointers, destinations as Query takes them.
//
// Calls join the transaction of their context, else the one that the record was loaded from. Several clients of a record may be
// used by several goroutines. A loaded relation of the record is not changed by writes, except by Associate, Dissociate, Set and
// Unset.
type Client struct{ owner related.Owner }

// Of returns the client of a relation by name, as Related does. A wrong name is an ErrUnknownRelation of its methods.
func Of(owner Record, name string) *Client { return &Client{related.OwnerOf(owner, name)} }

// pointer is a pointer to the related model. The typed clients have it as their type parameter, as have builders, so that they name
// no struct: the compiler makes functions that do anew for every model, together with all methods of the struct.
type pointer[R any] interface{ *R }

// fieldClient returns the client of the relation whose field of owner is given by its address.
func fieldClient(owner Record, field any, kind string) *Client {
	return &Client{related.OwnerOfField(owner, field, kind)}
}

// Query returns a query of the related rows. Its Update and Delete write only to these and run no hooks. Delete of a manyToMany
// removes the pivot rows of what it deletes, in one transaction. An unsaved record is an ErrNotPersisted when the query runs.
func (c *Client) Query() *Query { return queryOf(c.owner.Query()) }

// All loads all related records into dest, a pointer to a slice of pointers to the model. One statement.
func (c *Client) All(ctx context.Context, dest any) error { return c.Query().All(ctx, dest) }

// First loads the first related record into dest, a pointer to a pointer to the model. If there is none, it is the default of the
// relation, else ErrNotFound. One statement; none for a key that is NULL.
func (c *Client) First(ctx context.Context, dest any) error {
	spec := c.owner.Query()
	err := storeOne(spec, dest, func() (memory.Ptr, error) {
		l := spec.Link
		p, err := memory.Ptr(nil), errs.ErrNotFound
		if k, wrong := c.owner.Key(l); wrong != nil || k != nil {
			p, err = find.First(ctx, spec)
		}
		if !errors.Is(err, errs.ErrNotFound) || !l.HasDefault {
			return p, err
		}
		s, err := preload.Default(spec.Handle, l, c.owner.State)
		if err != nil {
			return nil, err
		}
		return s.Owner, nil
	})
	return spec.Error("first", err)
}

// Create inserts a related record, after the record itself if that is new, whose other pending changes stay pending. A hasOne or
// hasMany record gets the key; for manyToMany a pivot row with the attributes is inserted. All is one transaction, with hooks as in
// Save. If anything fails, both records are as before.
func (c *Client) Create(ctx context.Context, rec any, pivot ...Attrs) error {
	return save.One(ctx, c.owner, rec, save.Call{Op: "create", New: true, Pivots: pivot})
}

// Save inserts a related record, or updates it if it has a row, after the record itself if that is new, in one transaction
// with hooks as in Record.Save. A hasOne or hasMany record gets the key. A manyToMany record is connected: its pivot row
// is inserted, or updated if the pair exists and the attributes differ, and the record has the pivot values among its
// extras then.
func (c *Client) Save(ctx context.Context, rec any, pivot ...Attrs) error {
	return save.One(ctx, c.owner, rec, save.Call{Op: "save", Pivots: pivot})
}

// SaveDuplicate inserts or updates a related record, and always inserts a pivot row, also if the pair exists; where the
// pair is unique, that is an ErrDuplicate. Only for manyToMany.
func (c *Client) SaveDuplicate(ctx context.Context, rec any, pivot ...Attrs) error {
	return save.One(ctx, c.owner, rec, save.Call{Op: "save duplicate", Pivots: pivot, Duplicate: true})
}

// CreateMany inserts a slice of related records, after the record itself if that is new: one INSERT per set of written
// columns and per chunk, and for manyToMany one INSERT of all pivot rows. All of it is one transaction; hooks run as in
// model.CreateMany. pivot is left out, or has the attributes of every record. If anything fails, all records are as
// before.
func (c *Client) CreateMany(ctx context.Context, records any, pivot ...Attrs) error {
	return save.Many(ctx, c.owner, records, save.Call{Op: "create many", New: true, Pivots: pivot})
}

// SaveMany inserts or updates a slice of related records in one transaction: one INSERT per set of written columns and per
// chunk for the new ones, an UPDATE for every other one that changes. Pivot rows are written as by Save.
func (c *Client) SaveMany(ctx context.Context, records any, pivot ...Attrs) error {
	return save.Many(ctx, c.owner, records, save.Call{Op: "save many", Pivots: pivot})
}

// FindOrNew stores the related record with a primary key in dest, a pointer to a pointer to the model, or a new one with the key of
// the record, not saved. One statement. For hasOne, hasMany and manyToMany, as the finders that follow.
func (c *Client) FindOrNew(ctx context.Context, dest, id any) error {
	return c.findOne(dest, func() (memory.Ptr, error) { return c.findOrNew(ctx, id) })
}

// FirstOrNew stores in dest, a pointer to a pointer to the model, the first related record with the searched values, or a
// new one of these and further values, which is not saved. Without searched values any related record is found. One
// SELECT.
func (c *Client) FirstOrNew(ctx context.Context, dest any, search, values Attrs) error {
	return c.findOne(dest, func() (memory.Ptr, error) { return c.firstOrNew(ctx, search, values) })
}

// FirstOrCreate stores in dest the first related record with the searched values as it is, or inserts one of the searched
// and further values; for manyToMany a new record is attached. It sends a SELECT if there is a row; else also an INSERT,
// one of a pivot row, and the SELECT again if another call was faster.
func (c *Client) FirstOrCreate(ctx context.Context, dest any, search, values Attrs) error {
	return c.findOne(dest, func() (memory.Ptr, error) { return c.firstOrCreate(ctx, search, values) })
}

// UpdateOrCreate stores in dest the first related record with the searched values, which it locks, gives the further
// values and saves, or one that it inserts of both; for manyToMany a new record is attached. One transaction.
func (c *Client) UpdateOrCreate(ctx context.Context, dest any, search, values Attrs) error {
	return c.findOne(dest, func() (memory.Ptr, error) { return c.updateOrCreate(ctx, search, values) })
}

// FetchOrCreateMany stores in dest, a pointer to a slice, a related record for each of the rows, in their order: the one
// that has the row's values in the key columns, or a new one, which is inserted, and for manyToMany attached. One
// transaction: a SELECT, and one INSERT per set of written columns and per chunk; no rows, no statement.
func (c *Client) FetchOrCreateMany(ctx context.Context, dest any, keys []string, rows []Attrs) error {
	return c.findMany(dest, func() ([]memory.Ptr, error) { return c.fetchOrCreateMany(ctx, keys, rows) })
}

// UpdateOrCreateMany stores in dest, a pointer to a slice, a related record for each of the rows, in their order: the one
// that has the row's values in the key columns, which is locked, given the row's values and saved, or a new one, which is
// inserted, and for manyToMany attached. One transaction; an UPDATE for every record that changes.
func (c *Client) UpdateOrCreateMany(ctx context.Context, dest any, keys []string, rows []Attrs) error {
	return c.findMany(dest, func() ([]memory.Ptr, error) { return c.updateOrCreateMany(ctx, keys, rows) })
}

// Associate makes the record belong to parent and saves it, after parent if that is new, in one transaction: one statement, two
// with a new parent, none if nothing changes. The loaded relation is parent then. Only for belongsTo.
func (c *Client) Associate(ctx context.Context, parent any) error {
	return save.Associate(ctx, c.owner, parent)
}

// Dissociate sets the foreign key to NULL and saves the record: one statement. The loaded relation is nothing then; the parent
// stays. A key that cannot be NULL is an ErrUnsupported. Only for belongsTo.
func (c *Client) Dissociate(ctx context.Context) error { return save.Dissociate(ctx, c.owner) }

// Set makes the record belong to parent, which must be saved, in memory: nothing is sent before Save. Only for belongsTo.
func (c *Client) Set(parent any) error { return save.Set(c.owner, parent) }

// Unset makes the record belong to nothing, in memory: nothing is sent before Save. A key that cannot be NULL is an
// ErrUnsupported. Only for belongsTo.
func (c *Client) Unset() error { return save.Unset(c.owner) }

// PivotQuery returns a query of the pivot rows of the record: its conditions, Update and Delete concern only these. Without a pivot
// model, destinations are *[]relation.Attrs and *relation.Attrs. Only for manyToMany, as all methods on pivot rows.
func (c *Client) PivotQuery() *Query { return queryOf(c.owner.PivotQuery()) }

// Attach inserts a pivot row per link, in the order of the related ids: one statement. Where the key of a pivot model with soft
// deletes is the pair, one SELECT looks for deleted rows first, and each of them comes back by an UPDATE, with its values, but
// for the attributes that its link names. A link is an id, a saved record, Pivot of one
// of these with attributes, or a slice of links. A column that no link names has the database's default, one that only others name
// NULL. It always inserts: a pair that a unique index forbids is an ErrDuplicate, and nothing is attached; SyncWithoutDetaching
// leaves out pairs that exist.
func (c *Client) Attach(ctx context.Context, links ...any) error {
	return pivot.Attach(ctx, c.owner, links)
}

// AttachEach inserts a pivot row per link by one INSERT, as Attach does, after calling fn with each related id, which has
// the type of the related key, and the attributes of its row, which fn may change. Only for manyToMany.
func (c *Client) AttachEach(ctx context.Context, fn func(id any, row Attrs), links ...any) error {
	return pivot.AttachEach(ctx, c.owner, fn, links)
}

// Detach deletes the pivot rows of related ids or records by one statement, and returns how many. No ids, no statement. Several ids
// wait for a Sync that runs, by a SELECT that locks the record's row where writers run side by side.
func (c *Client) Detach(ctx context.Context, ids ...any) (int64, error) {
	return pivot.Detach(ctx, c.owner, ids)
}

// DetachAll deletes all pivot rows of the relation by one statement, and returns how many; see Detach.
func (c *Client) DetachAll(ctx context.Context) (int64, error) {
	return pivot.DetachAll(ctx, c.owner)
}

// UpdateExistingPivot writes attributes to the pivot rows of one related id or record, and returns how many there are: one UPDATE.
// Where the rows have a timestamp of updates, a SELECT before it finds out whether anything changes; if not, nothing is written.
// With hooks the rows are loaded and saved one by one.
func (c *Client) UpdateExistingPivot(ctx context.Context, id any, values Attrs) (int64, error) {
	return pivot.UpdateExisting(ctx, c.owner, id, values)
}

// Sync makes the pivot rows those of the links, and returns what it did: one SELECT, at most one DELETE and one INSERT, and an
// UPDATE per row whose given attributes differ, all in one transaction. Nothing is written if nothing differs; other attributes of
// kept rows stay. Where writers run side by side, a further SELECT locks the record's row, so that concurrent calls end in the
// links of one of them. Links to one id are one. Sync of nothing detaches all.
func (c *Client) Sync(ctx context.Context, links ...any) (Changes, error) {
	done, err := pivot.Sync(ctx, c.owner, links, pivot.Syncing{Op: "sync"})
	return Changes(done), err
}

// SyncWithoutDetaching attaches the links that are missing and updates those whose given attributes differ, and leaves
// other pivot rows alone: one SELECT, at most one INSERT, and an UPDATE per row that differs, in one transaction. It
// returns what it did. No links, no statement.
func (c *Client) SyncWithoutDetaching(ctx context.Context, links ...any) (Changes, error) {
	done, err := pivot.Sync(ctx, c.owner, links, pivot.Syncing{Op: "sync without detaching", KeepOthers: true})
	return Changes(done), err
}

// SyncWithPivotValues makes the pivot rows those of the links, as Sync does, and gives all of them the attributes in
// values; attributes that a link has of its own count before them. It returns what it did.
func (c *Client) SyncWithPivotValues(ctx context.Context, values Attrs, links ...any) (Changes, error) {
	done, err := pivot.Sync(ctx, c.owner, links, pivot.Syncing{Op: "sync with pivot values", Attrs: values})
	return Changes(done), err
}

// Toggle detaches the links that are attached and attaches those that are not, and returns what it did: one SELECT, at most one
// DELETE and one INSERT, in one transaction; see Sync.
func (c *Client) Toggle(ctx context.Context, links ...any) (Changes, error) {
	done, err := pivot.Toggle(ctx, c.owner, links)
	return Changes(done), err
}

// Changes is what Sync, its variants or Toggle did: its fields Attached, Detached and Updated, of type []any, have the related
// ids, of the related key's type, in the order of the links.
type Changes pivot.Changes

// Link is a related id or record together with attributes of the pivot row, which [Pivot] returns and Attach, Sync and the
// calls like them take.
type Link pivot.Link

// Pivot returns a link of a related id or record with attributes of its pivot row.
func Pivot(idOrModel any, attrs Attrs) Link { return Link(pivot.NewLink(idOrModel, attrs)) }

// PivotOf returns the record of the pivot row with which r was loaded, if its relation uses the pivot model P.
func PivotOf[P any](r Record) (*P, bool) {
	s, err := record.From(r)
	if err != nil {
		return nil, false
	}
	return pivot.Of[P](s)
}

// Loaded reports whether the relation was loaded or set, be it to nothing.
func (c *Client) Loaded() bool {
	l, err := c.owner.Link()
	return err == nil && c.owner.State.Loaded(l.Relation)
}

// SetLoaded sets the loaded relation in memory: to nil, a record, or a slice of records. Keys stay as they are.
func (c *Client) SetLoaded(value any) error {
	l, err := c.owner.Link()
	if err == nil {
		err = setLoaded(l, c.owner.State, value)
	}
	return c.owner.Error("set loaded", err)
}

// PushLoaded adds records to the loaded relation in memory; a relation to one is set. Keys stay as they are.
func (c *Client) PushLoaded(values ...any) error {
	l, err := c.owner.Link()
	if err == nil {
		err = pushLoaded(l, c.owner.State, values)
	}
	return c.owner.Error("push loaded", err)
}

// LoadSum selects the sum of a column of the related rows by one SELECT, NULL if there are none, into the field of that
// name (posts_sum_views) or Extras. fn adds conditions. The record stays clean. As loadSum of Eloquent.
func (c *Client) LoadSum(ctx context.Context, column string, fn ...func(*Query)) error {
	return c.loadAggregate(ctx, aggregate.Aggregate{Func: "sum", Column: column, Refine: refineAll(fn)})
}

// LoadMin selects the least value of a column of the related rows by one SELECT, into the field of that name
// (posts_min_views) or Extras. fn adds conditions. The record stays clean.
func (c *Client) LoadMin(ctx context.Context, column string, fn ...func(*Query)) error {
	return c.loadAggregate(ctx, aggregate.Aggregate{Func: "min", Column: column, Refine: refineAll(fn)})
}

// LoadMax selects the greatest value of a column of the related rows by one SELECT, into the field of that name
// (posts_max_views) or Extras. fn adds conditions. The record stays clean.
func (c *Client) LoadMax(ctx context.Context, column string, fn ...func(*Query)) error {
	return c.loadAggregate(ctx, aggregate.Aggregate{Func: "max", Column: column, Refine: refineAll(fn)})
}

// LoadAvg selects the average of a column of the related rows by one SELECT, into the field of that name (posts_avg_views)
// or Extras. fn adds conditions. The record stays clean.
func (c *Client) LoadAvg(ctx context.Context, column string, fn ...func(*Query)) error {
	return c.loadAggregate(ctx, aggregate.Aggregate{Func: "avg", Column: column, Refine: refineAll(fn)})
}

// LoadExists selects whether there are related rows by one SELECT, as a bool, into the field of that name (posts_exists)
// or Extras. fn adds conditions. The record stays clean.
func (c *Client) LoadExists(ctx context.Context, fn ...func(*Query)) error {
	return c.loadAggregate(ctx, aggregate.Aggregate{Func: aggregate.Exists, Refine: refineAll(fn)})
}

// LoadAggregate selects the aggregate of related rows that fn chooses by q.Aggregate("sum", "amount"), and may name by As,
// by one SELECT, into the field of its name or Extras. The record stays clean. As Lucid's loadAggregate.
func (c *Client) LoadAggregate(ctx context.Context, fn func(*Query)) error {
	return c.loadAggregate(ctx, aggregate.Aggregate{Func: aggregate.Chosen, Refine: refineAll([]func(*Query){fn})})
}

func (c *Client) loadAggregate(ctx context.Context, a aggregate.Aggregate) error {
	if _, err := c.owner.Link(); err != nil {
		return c.owner.Error("load aggregate", err)
	}
	a.Path = c.owner.Name
	return aggregate.Load(ctx, []*record.State{c.owner.State}, a)
}

// findOne stores what a finder returns in dest, which is checked before.
func (c *Client) findOne(dest any, call func() (memory.Ptr, error)) error {
	l, err := c.owner.Link()
	if err != nil {
		return c.owner.Error("find", err)
	}
	return c.owner.Error("find", storeOne(query.New(nil, l.Model), dest, call))
}

// findMany is findOne for a finder of several records.
func (c *Client) findMany(dest any, call func() ([]memory.Ptr, error)) error {
	l, err := c.owner.Link()
	if err != nil {
		return c.owner.Error("find", err)
	}
	return c.owner.Error("find", storeList(query.New(nil, l.Model), dest, call))
}

func (c *Client) findOrNew(ctx context.Context, id any) (memory.Ptr, error) {
	ctx, rows, err := save.Rows(ctx, c.owner, "find or new")
	if err != nil {
		return nil, c.owner.Error("find or new", err)
	}
	s, err := rows.ByKeyOrNew(ctx, id)
	return c.found("find or new", s, err)
}

func (c *Client) firstOrNew(ctx context.Context, search, values Attrs) (memory.Ptr, error) {
	return c.lookup(ctx, "first or new", search, values, (*find.Lookup).OrNew)
}

func (c *Client) firstOrCreate(ctx context.Context, search, values Attrs) (memory.Ptr, error) {
	return c.lookup(ctx, "first or create", search, values, (*find.Lookup).OrCreate)
}

func (c *Client) updateOrCreate(ctx context.Context, search, values Attrs) (memory.Ptr, error) {
	return c.lookup(ctx, "update or create", search, values, (*find.Lookup).UpdateOrCreate)
}

func (c *Client) lookup(
	ctx context.Context, op string, search, values Attrs, call func(l *find.Lookup, ctx context.Context) (*record.State, error),
) (memory.Ptr, error) {
	ctx, rows, err := save.Rows(ctx, c.owner, op)
	if err != nil {
		return nil, c.owner.Error(op, err)
	}
	l, err := find.NewLookup(rows, search, values)
	if err != nil {
		return nil, c.owner.Error(op, err)
	}
	s, err := call(l, ctx)
	return c.found(op, s, err)
}

// found returns the record that a call ends with, unless it failed.
func (c *Client) found(op string, s *record.State, err error) (memory.Ptr, error) {
	if s == nil || err != nil && !errs.AfterCommit(err) {
		return nil, c.owner.Error(op, err)
	}
	return s.Owner, c.owner.Error(op, err)
}

func (c *Client) fetchOrCreateMany(ctx context.Context, keys []string, rows []Attrs) ([]memory.Ptr, error) {
	return c.lookupMany(ctx, "fetch or create many", keys, rows, (*find.LookupMany).OrCreate)
}

func (c *Client) updateOrCreateMany(ctx context.Context, keys []string, rows []Attrs) ([]memory.Ptr, error) {
	return c.lookupMany(ctx, "update or create many", keys, rows, (*find.LookupMany).UpdateOrCreate)
}

func (c *Client) lookupMany(
	ctx context.Context, op string, keys []string, values []Attrs,
	call func(l *find.LookupMany, ctx context.Context) ([]*record.State, error),
) ([]memory.Ptr, error) {
	if l, err := c.owner.Link(); err == nil {
		if err := related.CheckKind(l.Relation, op, meta.HasMany, meta.ManyToMany); err != nil {
			return nil, c.owner.Error(op, err)
		}
	}
	ctx, rows, err := save.Rows(ctx, c.owner, op)
	if err != nil {
		return nil, c.owner.Error(op, err)
	}
	l, err := find.NewLookupMany(rows, keys, values)
	if err != nil {
		return nil, c.owner.Error(op, err)
	}
	all, err := call(l, ctx)
	if err != nil && !errs.AfterCommit(err) {
		return nil, c.owner.Error(op, err)
	}
	return record.Owners(all), c.owner.Error(op, err)
}

// typed returns the record that a finder ends with as a pointer to its type.
func typed[P any](p memory.Ptr, err error) (P, error) { return memory.As[P](p), err }

// typedList is typed for several records: nil if the call failed.
func typedList[P any](records []memory.Ptr, err error) ([]P, error) {
	if err != nil && !errs.AfterCommit(err) {
		return nil, err
	}
	return memory.List[P](records), err
}
