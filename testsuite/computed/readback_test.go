// SPDX-License-Identifier: MIT

package computed_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// letter has a trigger that changes what is written.
type letter struct {
	model.BaseModel[letter]

	ID        int64
	Email     string
	Writes    int
	Subject   string
	Version   int `model:"version"`
	UpdatedAt time.Time
	DeletedAt gorm.DeletedAt
}

// Define says which columns the trigger changes.
func (l *letter) Define(d *model.Definition[letter]) { d.ReadBack(&l.Email, &l.Writes) }

// parcel is a letter all of whose columns may be changed.
type parcel struct {
	model.BaseModel[parcel]

	ID     int64
	Email  string
	Writes int
}

// Define has all columns read back.
func (*parcel) Define(d *model.Definition[parcel]) { d.ReadBack() }

// trigger lowers addresses and counts writes, before the row is written.
func trigger(t *testing.T, e *harness.Env, table string) {
	t.Helper()
	if e.Database.Name == "Postgres" {
		e.Exec(t, "CREATE FUNCTION lower_"+table+"() RETURNS trigger LANGUAGE plpgsql AS "+
			"$$ BEGIN NEW.email := lower(NEW.email); NEW.writes := NEW.writes + 1; RETURN NEW; END $$",
			"CREATE TRIGGER lower_"+table+" BEFORE INSERT OR UPDATE ON "+table+" FOR EACH ROW EXECUTE FUNCTION lower_"+table+"()")
		return
	}
	for _, write := range []string{"INSERT", "UPDATE"} {
		e.Exec(t, "CREATE TRIGGER lower_"+table+"_"+write+" BEFORE "+write+" ON "+table+
			" FOR EACH ROW SET NEW.email = lower(NEW.email), NEW.writes = NEW.writes + 1")
	}
}

// changesRows reports whether a trigger of the database can change what is written.
func changesRows(d harness.Database) bool { return d.Name != "SQLite" }

// What a trigger changes is in the record after every write, by the same statement where the database can say it, and a change that is
// not saved yet stays.
func TestTriggersAreReadBack(t *testing.T) {
	harness.EachOf(t, changesRows, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &letter{})
		trigger(t, e, "letters")
		l := &letter{Email: "ADA@EXAMPLE.COM"}
		row := func(name string) {
			fresh, err := l.Fresh(e.Ctx)
			require.NoError(t, err, name)
			require.Equal(t, fresh.Attributes(), l.Attributes(), name)
			require.Equal(t, fresh.Attributes(), l.Original(), name)
			require.False(t, l.IsDirty(), name)
		}
		require.NoError(t, model.Create(e.Ctx, e.DB, l))
		require.Equal(t, "ada@example.com", l.Email)
		row("create")
		l.Subject, l.Email = "s", "B@b"
		require.NoError(t, l.Save(e.Ctx))
		require.Equal(t, "b@b", l.Email)
		require.True(t, l.WasChanged("writes"))
		row("save")
		require.NoError(t, l.Increment(e.Ctx, "writes", 10))
		row("increment")
		e.Clock.Add(time.Second)
		require.NoError(t, l.Touch(e.Ctx))
		row("touch")
		require.NoError(t, l.Delete(e.Ctx))
		row("delete")
		require.NoError(t, l.Restore(e.Ctx))
		row("restore")
		l.Email = "C@c"
		require.NoError(t, model.Upsert(e.Ctx, e.DB, []*letter{l}, nil))
		row("upsert")
		list := []*letter{{Email: "X"}, {Email: "Y"}}
		require.NoError(t, model.CreateMany(e.Ctx, e.DB, list))
		for _, l = range list {
			row("create many")
		}
		l.Email = "PENDING"
		require.NoError(t, l.Touch(e.Ctx))
		require.Equal(t, "PENDING", l.Email)
		require.Equal(t, model.Attrs{"Email": "PENDING"}, l.Dirty())
	})
}

// Without names all columns are read back, and a statement more is sent only where one cannot return columns.
func TestAllColumnsAreReadBack(t *testing.T) {
	harness.EachOf(t, changesRows, func(t *testing.T, e *harness.Env) {
		e.Migrate(t, &parcel{})
		trigger(t, e, "parcels")
		p := &parcel{Email: "A"}
		e.Sends(t, 1, func() { require.NoError(t, model.Create(e.Ctx, e.DB, p)) })
		require.Equal(t, []any{"a", 1}, []any{p.Email, p.Writes})
		p.Email = "B"
		e.Sends(t, 1, func() { require.NoError(t, p.Save(e.Ctx)) })
		require.Equal(t, []any{"b", 2}, []any{p.Email, p.Writes})
		e.Sends(t, 0, func() { require.NoError(t, p.Save(e.Ctx)) })
	})
}

// wrongBack reads back what cannot be.
type wrongBack struct {
	model.BaseModel[wrongBack]

	ID int64
}

// Define has both mistakes.
func (w *wrongBack) Define(d *model.Definition[wrongBack]) { d.ReadBack(&w.ID, &letter{}) }

// wrongNote reads back what is no column.
type wrongNote struct {
	model.BaseModel[wrongNote]

	ID   int64
	Note string `gorm:"-"`
}

// Define has the mistake.
func (w *wrongNote) Define(d *model.Definition[wrongNote]) { d.ReadBack(&w.Note) }

// What cannot be read back is refused by Register.
func TestRegisterRefusesToReadBack(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		err := e.DB.Register(&wrongBack{}, &wrongNote{})
		require.ErrorContains(t, err, "field ID: a key")
		require.ErrorContains(t, err, "ReadBack takes addresses of fields of wrongBack")
		require.ErrorContains(t, err, "ReadBack: field Note is no column")
	})
}
