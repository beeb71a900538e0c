// SPDX-License-Identifier: MIT

package serialize

import (
	"github.com/kindred-orm/kindred/internal/decode"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/record"
)

// Decode sets fields of a record from a JSON object that may come from anybody, by their names in JSON, under the rules of
// mass assignment; a fillable hidden field goes by its name in the naming strategy. With only, no other fields are
// allowed.
//
// It is strict: a name that the model does not have, or that is given twice, is an ErrUnknownAttribute, a guarded one an
// ErrGuarded, a value that does not fit an ErrInvalidValue. The error wraps a model.FieldError for each, which names the
// field. After an error the record is as before. Nothing is sent to a database.
func Decode(data []byte, model any, only ...string) error {
	s, err := record.From(model)
	if err != nil {
		return err
	}
	return errs.In(s.Model.Name, "decode", decode.Strict(data, s, only))
}
