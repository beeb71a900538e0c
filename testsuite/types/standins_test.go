// SPDX-License-Identifier: MIT

package types_test

import (
	"encoding/json"
	"math/big"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// Kinds are the types of columns that PostgreSQL has, and for which others stand in.
type Kinds struct {
	Addr    netip.Addr               `gorm:"type:inet"`
	AddrPtr *netip.Addr              `gorm:"type:inet"`
	Net     netip.Prefix             `gorm:"type:cidr"`
	Single  netip.Prefix             `gorm:"type:inet"`
	Plain   netip.AddrPort           `gorm:"type:text"`
	Big     big.Int                  `gorm:"type:text"`
	IP      net.IP                   `gorm:"type:inet"`
	Texts   []string                 `gorm:"type:text[]"`
	Words   Words                    `gorm:"type:varchar(20)[]"`
	Big8s   []int64                  `gorm:"type:bigint[]"`
	Smalls  []int16                  `gorm:"type:smallint[]"`
	Flags   []bool                   `gorm:"type:boolean[]"`
	Floats  []float64                `gorm:"type:double precision[]"`
	Times   []time.Time              `gorm:"type:timestamptz[]"`
	Blobs   [][]byte                 `gorm:"type:bytea[]"`
	Holes   []*string                `gorm:"type:text[]"`
	Addrs   []netip.Addr             `gorm:"type:inet[]"`
	ListPtr *[]string                `gorm:"type:text[]"`
	Flat    pgtype.FlatArray[string] `gorm:"type:text[]"`
	Pg      []pgtype.Int4            `gorm:"type:integer[]"`
	Span    time.Duration            `gorm:"type:interval"`
	SpanPtr *time.Duration           `gorm:"type:interval"`
}

// Words is a slice with a name.
type Words []string

// Lease has all of them, and is found by an address.
type Lease struct {
	model.BaseModel[Lease]
	ID int64
	Kinds
	Host *Machine `relation:"belongsTo;foreignKey:Addr;localKey:Addr" json:"machine"`
}

// Machine has an address as its key.
type Machine struct {
	model.BaseModel[Machine]
	Addr   netip.Addr `gorm:"type:inet;primaryKey"`
	Name   string
	Leases []*Lease `relation:"hasMany;foreignKey:Addr"`
}

// full returns values that show what each form must escape and keep.
func full() Kinds {
	addr, text, span := netip.MustParseAddr("10.0.0.1"), "a", 90*time.Minute
	return Kinds{
		Addr: addr, AddrPtr: &addr, Net: netip.MustParsePrefix("10.1.0.0/16"), Single: netip.MustParsePrefix("10.0.0.7/32"),
		Plain: netip.MustParseAddrPort("[::1]:80"), Big: *new(big.Int).Lsh(big.NewInt(1), 80), IP: net.ParseIP("192.168.0.1"),
		Texts: []string{"", "a,b", `q"\`, "NULL", "{x}", " ü "}, Words: Words{"w"}, Big8s: []int64{-9007199254740993, 0, 9007199254740993},
		Smalls: []int16{-1, 2}, Flags: []bool{true, false}, Floats: []float64{0.1, -1e300},
		Times: []time.Time{time.Date(2024, 3, 10, 9, 0, 0, 123456000, time.UTC)}, Blobs: [][]byte{{0, 255, '\\'}, {}},
		Holes: []*string{&text, nil}, Addrs: []netip.Addr{addr, netip.MustParseAddr("::1")}, ListPtr: &[]string{"p"},
		Flat: pgtype.FlatArray[string]{"f", "g"}, Pg: []pgtype.Int4{{Int32: 7, Valid: true}, {}},
		Span: -(26*time.Hour + 3*time.Minute + 4500*time.Millisecond), SpanPtr: &span,
	}
}

// What is written is read, is clean, and stays when something else is saved, on every database and by every way of writing.
func TestTypesOfPostgresRoundTrip(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Machine{}, &Lease{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &Lease{Kinds: full()}))
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Lease{{Kinds: full()}, {}, {Kinds: Kinds{Texts: []string{}, Blobs: [][]byte{}}}}))
		list, err := model.Query[Lease](e.DB).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		for i, want := range []Kinds{full(), full(), {}, {Texts: []string{}, Blobs: [][]byte{}}} {
			require.Equal(t, jsonText(t, want), jsonText(t, list[i].Kinds), "row %d", i)
			require.False(t, list[i].IsDirty(), "row %d: %v", i, list[i].Dirty())
			require.Equal(t, want.Texts == nil, list[i].Texts == nil, "an empty array is not NULL")
		}
		first := list[0]
		e.Sends(t, 0, func() { require.NoError(t, first.Save(e.Ctx)) })
		first.Texts[0] = "in place"
		require.Equal(t, []string{"Texts"}, names(first.Dirty()))
		require.NoError(t, first.Save(e.Ctx))
		first.Big.Add(&first.Big, big.NewInt(1))
		*first.SpanPtr++
		require.Equal(t, []string{"Big"}, names(first.Dirty()), "an interval keeps microseconds")
		require.NoError(t, first.Refresh(e.Ctx))
		require.Equal(t, "in place", first.Texts[0])
		again := first.Replicate()
		require.NoError(t, model.Create(e.Ctx, e.DB, again))
		require.Equal(t, jsonText(t, first.Kinds), jsonText(t, again.Kinds))
		e.Sent.Reset()
		require.NoError(t, e.DB.Migrate(e.Ctx, &Machine{}, &Lease{}))
		for _, sql := range e.Sent.Statements() {
			require.NotRegexp(t, "(?i)^(create|alter|drop)", sql, "unchanged models change no table")
		}
	})
}

// They are values of conditions, of JSON and of maps, and keys of relations.
func TestTypesOfPostgresAreValues(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Machine{}, &Lease{})
		require.NoError(t, model.Create(e.Ctx, e.DB, &Machine{Addr: full().Addr, Name: "m"}))
		l := &Lease{Kinds: full()}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Lease{l, {}}))
		k := full()
		for column, v := range map[string]any{
			"addr": k.Addr, "addr_ptr": "10.0.0.1", "net": k.Net, "single": k.Single, "plain": k.Plain, "big": &k.Big, "ip": k.IP,
			"texts": k.Texts, "words": []string{"w"}, "big8s": k.Big8s, "smalls": k.Smalls, "flags": k.Flags, "floats": k.Floats,
			"times": k.Times, "blobs": k.Blobs, "holes": k.Holes, "addrs": k.Addrs, "list_ptr": *k.ListPtr, "flat": k.Flat, "pg": k.Pg,
			"span": k.Span, "span_ptr": 90 * time.Minute,
		} {
			found, err := model.Query[Lease](e.DB).Where(column, v).All(e.Ctx)
			require.NoError(t, err, column)
			require.Len(t, found, 1, column)
			n, err := model.Query[Lease](e.DB).WhereIn(column, []any{v}).Count(e.Ctx)
			require.NoError(t, err, column)
			require.EqualValues(t, 1, n, column)
			_, err = model.Query[Lease](e.DB).Where("id", l.ID).Update(e.Ctx, model.Attrs{column: v})
			require.NoError(t, err, column)
			_, err = model.Query[Lease](e.DB).Where(column, struct{}{}).All(e.Ctx)
			require.ErrorIs(t, err, model.ErrInvalidValue, column)
			require.ErrorContains(t, err, "Lease", column)
		}
		n, err := model.Query[Lease](e.DB).WhereIn("texts", [][]string{}).Count(e.Ctx)
		require.NoError(t, err)
		require.Zero(t, n)
		require.NoError(t, l.Refresh(e.Ctx))
		require.Equal(t, jsonText(t, full()), jsonText(t, l.Kinds))

		machine, err := model.Query[Machine](e.DB).Preload("leases.host").Find(e.Ctx, "10.0.0.1")
		require.NoError(t, err)
		require.Len(t, machine.Leases, 1)
		require.Equal(t, "m", machine.Leases[0].Host.Name)
		var spans []time.Duration
		require.NoError(t, model.Query[Lease](e.DB).Where("id", l.ID).Pluck(e.Ctx, "span", &spans))
		require.Equal(t, []time.Duration{k.Span}, spans)
		var lists [][]string
		require.NoError(t, model.Query[Lease](e.DB).Where("id", l.ID).Pluck(e.Ctx, "texts", &lists))
		require.Equal(t, [][]string{k.Texts}, lists)

		out, err := serialize.JSON(l)
		require.NoError(t, err)
		back := &Lease{}
		require.NoError(t, json.Unmarshal(out, back))
		require.Equal(t, jsonText(t, l.Kinds), jsonText(t, back.Kinds))
		frozen, err := serialize.Freeze(l)
		require.NoError(t, err)
		thawed := &Lease{}
		require.NoError(t, serialize.Thaw(frozen, thawed))
		require.False(t, thawed.IsDirty(), "%v", thawed.Dirty())
		merged := &Lease{}
		require.NoError(t, merged.Merge(model.Attrs{"texts": []any{"a", "b"}, "addr": "10.0.0.9", "big8s": []any{float64(1)}, "span": float64(5)}))
		require.Equal(t, []string{"a", "b"}, merged.Texts)
		require.Equal(t, "10.0.0.9", merged.Addr.String())
	})
}

// What another program wrote is read by what it means, and refused by the name of its field where it has no meaning.
func TestTypesOfPostgresFromOthers(t *testing.T) {
	harness.EachOf(t, harness.On("Postgres"), func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &Machine{}, &Lease{})
		e.Exec(t, "INSERT INTO leases (id, span, texts, single) VALUES (1, '2 days 03:04:05.5', '[0:1]={a,b}', '10.0.0.1')")
		for _, style := range []string{"postgres", "postgres_verbose", "iso_8601"} {
			e.Exec(t, "SET intervalstyle = "+style)
			l, err := model.Query[Lease](e.DB).Find(e.Ctx, 1)
			require.NoError(t, err, style)
			require.Equal(t, 51*time.Hour+4*time.Minute+5500*time.Millisecond, l.Span, style)
			require.Equal(t, []string{"a", "b"}, l.Texts)
			require.Equal(t, "10.0.0.1/32", l.Single.String())
		}
		for column, value := range map[string]string{"span": "'1 mon'", "texts": "'{{a},{b}}'", "addr": "'10.0.0.0/8'"} {
			e.Exec(t, "UPDATE leases SET span = NULL, texts = NULL, addr = NULL", "UPDATE leases SET "+column+" = "+value)
			_, err := model.Query[Lease](e.DB).Find(e.Ctx, 1)
			require.ErrorIs(t, err, model.ErrInvalidValue, column)
			require.ErrorContains(t, err, "Lease."+map[string]string{"span": "Span", "texts": "Texts", "addr": "Addr"}[column])
			require.NotContains(t, err.Error(), "10.0.0.0")
		}
	})
}

// Tally has an hstore, by the driver's type.
type Tally struct {
	model.BaseModel[Tally]
	ID    int64
	Facts pgtype.Hstore `gorm:"type:hstore"`
}

// An hstore is read and written by pgtype.Hstore.
func TestHstore(t *testing.T) {
	harness.EachOf(t, harness.On("Postgres"), func(t *testing.T, e *harness.Env) {
		e.Exec(t, "CREATE EXTENSION IF NOT EXISTS hstore")
		e.Migrate(t, &Tally{})
		v := "1"
		record := &Tally{Facts: pgtype.Hstore{"a": &v, "b": nil}}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, []*Tally{record, {}}))
		list, err := model.Query[Tally](e.DB).OrderBy("id").All(e.Ctx)
		require.NoError(t, err)
		require.Equal(t, record.Facts, list[0].Facts)
		require.Nil(t, list[1].Facts)
		require.False(t, list[0].IsDirty())
		list[0].Facts["c"] = &v
		require.NoError(t, list[0].Save(e.Ctx))
		require.Equal(t, "1", e.Row(t, "SELECT facts -> 'c' AS c FROM tallies WHERE id = 1")["c"])
	})
}

// unfit are types of columns that no field of the type can hold.
type (
	unfitSlice struct {
		model.BaseModel[unfitSlice]
		ID   int64
		Tags []string
	}
	unfitElement struct {
		model.BaseModel[unfitElement]
		ID   int64
		Tags []map[string]int `gorm:"type:jsonb[]"`
	}
	unfitRange struct {
		model.BaseModel[unfitRange]
		ID     int64
		During pgtype.Range[pgtype.Int4] `gorm:"type:int4range"`
	}
	unfitAddr struct {
		model.BaseModel[unfitAddr]
		ID   int64
		Addr netip.Addr
	}
)

// What cannot be a column is refused with words that fit it.
func TestRegisterSaysHowToDeclareTypes(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		for says, m := range map[string]any{
			`gorm:"type:text[]"`: &unfitSlice{}, "such as []string, for an array": &unfitElement{}, "a string for a range": &unfitRange{},
			`gorm:"type:inet"`: &unfitAddr{},
		} {
			require.ErrorContains(t, e.DB.Register(m), says)
		}
	})
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	require.NoError(t, err)
	return string(out)
}

func names(attrs model.Attrs) []string {
	var list []string
	for name := range attrs {
		list = append(list, name)
	}
	return list
}
