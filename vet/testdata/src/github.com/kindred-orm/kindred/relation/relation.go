// Package relation is a stub with the names that the analyzer looks for.
package relation

type Query struct{ spec *int }

func (q *Query) Where(column any, args ...any) *Query           { return q }
func (q *Query) WhereRaw(sql string, args ...any) *Query        { return q }
func (q *Query) OrWhereRaw(sql string, args ...any) *Query      { return q }
func (q *Query) HavingRaw(sql string, args ...any) *Query       { return q }
func (q *Query) OrderByRaw(sql string, args ...any) *Query      { return q }
func (q *Query) SelectRaw(sql string, args ...any) *Query       { return q }
func (q *Query) KeepRaw(keep bool) *Query                       { return q }
func (q *Query) Apply(fn func(q *Query)) (self *Query, ok bool) { return q, true }

type Builder[P any] struct{ spec *int }

func (b *Builder[P]) Where(column any, args ...any) *Builder[P]      { return b }
func (b *Builder[P]) WhereRaw(sql string, args ...any) *Builder[P]   { return b }
func (b *Builder[P]) OrderByRaw(sql string, args ...any) *Builder[P] { return b }
func (b *Builder[P]) SelectRaw(sql string, args ...any) *Builder[P]  { return b }
func (b *Builder[P]) Use(fn func(q *Query)) *Builder[P]              { return b }
