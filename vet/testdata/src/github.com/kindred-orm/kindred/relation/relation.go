// Package relation is a stub with the names that the analyzer looks for.
package relation

type Chain[S any] struct{ self S }

func (c *Chain[S]) Where(column any, args ...any) S           { return c.self }
func (c *Chain[S]) WhereRaw(sql string, args ...any) S        { return c.self }
func (c *Chain[S]) OrWhereRaw(sql string, args ...any) S      { return c.self }
func (c *Chain[S]) HavingRaw(sql string, args ...any) S       { return c.self }
func (c *Chain[S]) OrderByRaw(sql string, args ...any) S      { return c.self }
func (c *Chain[S]) SelectRaw(sql string, args ...any) S       { return c.self }
func (c *Chain[S]) KeepRaw(keep bool) S                       { return c.self }
func (c *Chain[S]) Apply(fn func(q *Query)) (self S, ok bool) { return c.self, true }

type Query struct{ Chain[*Query] }

type Builder[T any] struct{ Chain[*Builder[T]] }
