// SPDX-License-Identifier: MIT

package api

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/relation"
	"github.com/kindred-orm/kindred/serialize"
)

// maxIncluded is how many records of a relation to many are included, per record. A nested route has them all.
const maxIncluded = 20

// kind is what clients may see of a model: all of it at its own address, the brief fields in lists and
// where it is included.
type kind struct {
	name         string // in fields[…]
	brief, whole []string
}

func newKind(name, brief, more string) kind {
	b := strings.Fields(brief)
	return kind{name, b, slices.Concat(b, strings.Fields(more))}
}

var (
	users     = newKind("users", "id name country_id created_at updated_at", "email")
	profiles  = newKind("profiles", "id user_id bio website created_at updated_at", "")
	countries = newKind("countries", "id name", "")
	posts     = newKind("posts", "id slug title author_id published_at comments_count version created_at updated_at "+
		"excerpt reading_minutes", "body")
	comments = newKind("comments", "id post_id author_id parent_id body created_at updated_at", "")
	tags     = newKind("tags", "id slug name posts_count", "")
)

// view is what an endpoint shows: a kind, and the relations that may be included, by path.
type view struct {
	kind
	includes map[string]include
}

// include is a relation that may be included.
type include struct {
	kind kind
	many bool
}

// params are the parameters that choose what is shown.
func (v view) params() []string {
	out := []string{"fields[" + v.name + "]"}
	for _, one := range v.includes {
		out = append(out, "fields["+one.kind.name+"]")
	}
	if len(v.includes) > 0 {
		out = append(out, "include")
	}
	return out
}

// choose reads include and fields[…]: which relations to preload, and what to show.
func (v view) choose(params url.Values, brief bool) (paths []string, show serialize.Options, err error) {
	if params.Has("include") {
		paths = strings.Split(params.Get("include"), ",")
		for i, path := range paths {
			if _, ok := v.includes[path]; !ok || slices.Contains(paths[:i], path) {
				return nil, show, bad("include", "must be a list of "+strings.Join(slices.Sorted(maps.Keys(v.includes)), ", "))
			}
		}
	}
	show, err = v.options("", v.kind, params, brief)
	return paths, show, err
}

// options says what to show of the records at a path, and of those below.
func (v view) options(at string, of kind, params url.Values, brief bool) (serialize.Options, error) {
	fields, allowed := of.brief, of.brief
	if at == "" {
		allowed = of.whole
		if !brief {
			fields = of.whole
		}
	}
	if name := "fields[" + of.name + "]"; params.Has(name) {
		fields = strings.Split(params.Get(name), ",")
		for _, field := range fields {
			if !slices.Contains(allowed, field) {
				return serialize.Options{}, bad(name, "must be a list of "+strings.Join(allowed, ", "))
			}
		}
	}
	show := serialize.Options{Fields: serialize.Pick(fields...), Relations: map[string]serialize.Options{}}
	for path, below := range v.includes {
		dot := max(0, strings.LastIndexByte(path, '.'))
		if path[:dot] != at {
			continue
		}
		inner, err := v.options(path, below.kind, params, true)
		if err != nil {
			return show, err
		}
		show.Relations[strings.TrimPrefix(path[dot:], ".")] = inner
	}
	return show, nil
}

// preload adds the relations of paths to a query: one statement for each, whatever the number of records.
func preload[T any](q *model.Builder[T], v view, paths []string) *model.Builder[T] {
	for _, path := range paths {
		if v.includes[path].many {
			q.Preload(path, func(q *relation.Query) { q.OrderBy("id").GroupLimit(maxIncluded) })
		} else {
			q.Preload(path)
		}
	}
	return q
}
