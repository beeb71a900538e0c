// SPDX-License-Identifier: MIT

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
)

// bindJSON encodes 10,000 loaded records into a byte slice.
func bindJSON(ctx context.Context, _ *Stage, c Contender) (*Op, error) {
	e, records, err := loadForJSON(ctx, c)
	if err != nil {
		return nil, err
	}
	return &Op{
		Run: func(context.Context, int) error { _, err := e.JSON(records); return err },
		Evidence: func(context.Context) ([]User, error) {
			b, err := e.JSON(records)
			if err != nil {
				return nil, err
			}
			var us []User
			err = json.Unmarshal(b, &us)
			return us, err
		},
	}, nil
}

// bindJSONWrite encodes 10,000 loaded records to a writer.
func bindJSONWrite(ctx context.Context, _ *Stage, c Contender) (*Op, error) {
	e, records, err := loadForJSON(ctx, c)
	if err != nil {
		return nil, err
	}
	return &Op{
		Run: func(context.Context, int) error { return e.WriteJSON(io.Discard, records) },
		Evidence: func(context.Context) ([]User, error) {
			var b bytes.Buffer
			if err := e.WriteJSON(&b, records); err != nil {
				return nil, err
			}
			var us []User
			err := json.Unmarshal(b.Bytes(), &us)
			return us, err
		},
	}, nil
}

func loadForJSON(ctx context.Context, c Contender) (Encoder, any, error) {
	e, ok := c.(Encoder)
	if !ok {
		return nil, nil, errNotOffered
	}
	records, err := c.All(ctx)
	return e, records, err
}

// bindJSONPage encodes a page of 10,000 loaded records with encoding/json.
func bindJSONPage(ctx context.Context, _ *Stage, c Contender) (*Op, error) {
	e, ok := c.(Encoder)
	if !ok {
		return nil, errNotOffered
	}
	value, err := e.Page(ctx)
	if err != nil {
		return nil, err
	}
	return &Op{
		Run: func(context.Context, int) error { _, err := json.Marshal(value); return err },
		Evidence: func(context.Context) ([]User, error) {
			b, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			var p page
			err = json.Unmarshal(b, &p)
			return p.Data, err
		},
	}, nil
}

// bindSnapshot takes the snapshot of one record.
func bindSnapshot(ctx context.Context, _ *Stage, c Contender) (*Op, error) {
	t, ok := c.(Tracker)
	if !ok {
		return nil, errNotOffered
	}
	snapshot, err := t.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return &Op{
		Run:      func(context.Context, int) error { snapshot(); return nil },
		Evidence: func(context.Context) ([]User, error) { snapshot(); return nil, nil },
	}, nil
}

// errDirty is the failure of a record that nobody changed.
var errDirty = errors.New("a clean record is reported dirty")

// bindCheckClean asks one unchanged record whether it is dirty.
func bindCheckClean(ctx context.Context, _ *Stage, c Contender) (*Op, error) {
	t, ok := c.(Tracker)
	if !ok {
		return nil, errNotOffered
	}
	dirty, err := t.CheckClean(ctx)
	if err != nil {
		return nil, err
	}
	check := func() error {
		if dirty() {
			return errDirty
		}
		return nil
	}
	return &Op{
		Run:      func(context.Context, int) error { return check() },
		Evidence: func(context.Context) ([]User, error) { return nil, check() },
	}, nil
}

// bindBoot compiles 500 models from nothing.
func bindBoot(ctx context.Context, _ *Stage, c Contender) (*Op, error) {
	b, ok := c.(Booter)
	if !ok {
		return nil, errNotOffered
	}
	const models = 500
	boot, err := b.Boot(ctx, models)
	if err != nil {
		return nil, err
	}
	return &Op{
		Run:      func(ctx context.Context, _ int) error { return boot(ctx) },
		Evidence: func(ctx context.Context) ([]User, error) { return nil, boot(ctx) },
	}, nil
}
