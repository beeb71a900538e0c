// SPDX-License-Identifier: MIT

package properties_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
)

type twig struct {
	model.BaseModel[twig]

	ID       int64
	Title    string  `json:"name"`
	Secret   string  `json:"-"`
	Note     *string `json:"note,omitempty"`
	Big      int64   `json:",string"`
	ParentID *int64

	Parent   *twig   `relation:"belongsTo"`
	Children []*twig `relation:"hasMany;foreignKey:ParentID"`
	Peers    []*twig `json:"friends" relation:"manyToMany;pivotTable:peers;pivotRelatedForeignKey:peer_id"`
	Shadow   []*twig `json:"-" relation:"hasMany;foreignKey:ParentID"`
	Bud      *bud    `relation:"hasOne"`
}

func (w *twig) Define(d *model.Definition[twig]) {
	d.Computed("shout", func(w *twig) any { return strings.ToUpper(w.Title) })
	d.Computed("sizes", func(w *twig) any { return []int{len(w.Title), len(w.Secret)} })
}

type bud struct {
	model.BaseModel[bud]

	ID     int64
	TwigID int64
	Twig   *twig `relation:"belongsTo"`
}

// leafNode is a record as the naive encoder sees it.
type leafNode struct {
	fields [][2]string // names with their JSON, in order; "" leaves out
	after  [][2]string // those behind the relations
	links  []leafLink  // loaded relations that are shown, in order
	record any
}

type leafLink struct {
	name string
	one  bool
	to   []*leafNode
}

func text(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

func chosen(o *serialize.Options, name string) bool {
	return (o.Fields.Pick == nil || slices.Contains(o.Fields.Pick, name)) && !slices.Contains(o.Fields.Omit, name)
}

// encode writes a node; path is what leads to it.
func (n *leafNode) encode(o *serialize.Options, path []*leafNode) string {
	path = append(slices.Clone(path), n)
	var parts []string
	add := func(list [][2]string) {
		for _, f := range list {
			if f[1] != "" && chosen(o, f[0]) {
				parts = append(parts, text(f[0])+":"+f[1])
			}
		}
	}
	add(n.fields)
	for _, l := range n.links {
		inner := o.Relations[l.name]
		var list []string
		for _, to := range l.to {
			if !slices.Contains(path, to) {
				list = append(list, to.encode(&inner, path))
			}
		}
		switch {
		case !l.one:
			parts = append(parts, text(l.name)+":["+strings.Join(list, ",")+"]")
		case len(list) > 0:
			parts = append(parts, text(l.name)+":"+list[0])
		case len(l.to) == 0:
			parts = append(parts, text(l.name)+":null")
		}
	}
	add(n.after)
	return "{" + strings.Join(parts, ",") + "}"
}

func drawTwig(rt *rapid.T, id int64) *leafNode {
	w := &twig{
		ID: id, Title: rapid.StringMatching(`[a-z"\\é ]{0,4}`).Draw(rt, "title"), Secret: "hidden",
		Big: rapid.Int64().Draw(rt, "big"),
	}
	note, parent := "", "null"
	if rapid.Bool().Draw(rt, "has a note") {
		w.Note = new(rapid.StringMatching(`[ab]{0,1}`).Draw(rt, "note"))
		note = text(*w.Note)
	}
	if rapid.Bool().Draw(rt, "has a parent") {
		w.ParentID = new(rapid.Int64Range(1, 9).Draw(rt, "parent"))
		parent = fmt.Sprint(*w.ParentID)
	}
	return &leafNode{
		record: w,
		fields: [][2]string{
			{"id", fmt.Sprint(id)}, {"name", text(w.Title)}, {"note", note}, {"big", fmt.Sprintf("%q", fmt.Sprint(w.Big))}, {"parent_id", parent},
		},
		after: [][2]string{{"shout", text(strings.ToUpper(w.Title))}, {"sizes", fmt.Sprintf("[%d,6]", len(w.Title))}},
	}
}

// drawGraph makes twigs and buds that are connected at random, in circles too.
func drawGraph(rt *rapid.T) []*leafNode {
	twigs := make([]*leafNode, rapid.IntRange(1, 4).Draw(rt, "twigs"))
	for i := range twigs {
		twigs[i] = drawTwig(rt, int64(i+1))
	}
	some := func(name string, most int) []*leafNode {
		return rapid.SliceOfN(rapid.SampledFrom(twigs), 0, most).Draw(rt, name)
	}
	for _, n := range twigs {
		w := n.record.(*twig)
		for _, name := range []string{"parent", "children", "peers", "shadow", "bud"} {
			if !rapid.Bool().Draw(rt, name+" is loaded") {
				continue
			}
			link := leafLink{name: name, one: name == "parent" || name == "bud"}
			switch name {
			case "parent":
				link.to = some(name, 1)
				var one *twig
				if len(link.to) > 0 {
					one = link.to[0].record.(*twig)
				}
				setOne(rt, w, name, &w.Parent, one)
			case "bud":
				link.to = drawBud(rt, w, some("twig of bud", 1))
			default:
				link.to = some(name, 2)
				list := []*twig{}
				for _, to := range link.to {
					list = append(list, to.record.(*twig))
				}
				require.NoError(rt, w.Related(name).SetLoaded(list))
			}
			switch name {
			case "shadow":
				continue
			case "peers":
				link.name = "friends"
			}
			n.links = append(n.links, link)
		}
	}
	return twigs
}

// setOne sets a relation to one by its method, or by its field if that suffices.
func setOne[R any](rt *rapid.T, w *twig, name string, field **R, one *R) {
	if one != nil && rapid.Bool().Draw(rt, "by field") {
		*field = one
		return
	}
	if one == nil {
		require.NoError(rt, w.Related(name).SetLoaded(nil))
		return
	}
	require.NoError(rt, w.Related(name).SetLoaded(one))
}

func drawBud(rt *rapid.T, w *twig, twigs []*leafNode) []*leafNode {
	if rapid.Bool().Draw(rt, "no bud") {
		setOne(rt, w, "bud", &w.Bud, nil)
		return nil
	}
	b := &bud{ID: 7, TwigID: w.ID}
	n := &leafNode{record: b, fields: [][2]string{{"id", "7"}, {"twig_id", fmt.Sprint(w.ID)}}}
	if rapid.Bool().Draw(rt, "twig of bud is loaded") {
		n.links = []leafLink{{"twig", true, twigs}}
		if len(twigs) > 0 {
			b.Twig = twigs[0].record.(*twig)
		} else {
			require.NoError(rt, b.Related("twig").SetLoaded(nil))
		}
	}
	setOne(rt, w, "bud", &w.Bud, b)
	return []*leafNode{n}
}

func drawOptions(rt *rapid.T, ofBud bool, depth int) serialize.Options {
	names, relations := []string{"id", "name", "note", "big", "parent_id", "shout", "sizes"}, []string{"parent", "children", "friends", "bud"}
	if ofBud {
		names, relations = []string{"id", "twig_id"}, []string{"twig"}
	}
	var o serialize.Options
	subset := rapid.SliceOfDistinct(rapid.SampledFrom(names), rapid.ID)
	if rapid.Bool().Draw(rt, "pick") {
		o.Fields.Pick = subset.Draw(rt, "picked")
	}
	if rapid.Bool().Draw(rt, "omit") {
		o.Fields.Omit = subset.Draw(rt, "omitted")
	}
	if depth == 0 {
		return o
	}
	for _, name := range relations {
		if rapid.Bool().Draw(rt, name+" has options") {
			if o.Relations == nil {
				o.Relations = map[string]serialize.Options{}
			}
			o.Relations[name] = drawOptions(rt, name == "bud", depth-1)
		}
	}
	return o
}

func TestJSONEqualsTheNaiveEncoder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		twigs := drawGraph(rt)
		o := drawOptions(rt, false, 3)
		var all []*twig
		var texts []string
		for _, n := range twigs {
			w := n.record.(*twig)
			all, texts = append(all, w), append(texts, n.encode(&o, nil))
			one, err := serialize.JSON(w, o)
			require.NoError(rt, err)
			require.Equal(rt, texts[len(texts)-1], string(one))
			plain, err := json.Marshal(w)
			require.NoError(rt, err)
			require.Equal(rt, n.encode(&serialize.Options{}, nil), string(plain))
			object, err := serialize.Map(w, o)
			require.NoError(rt, err)
			require.JSONEq(rt, string(one), text(object))
		}
		list, err := serialize.JSON(all, o)
		require.NoError(rt, err)
		require.Equal(rt, "["+strings.Join(texts, ",")+"]", string(list))
	})
}
