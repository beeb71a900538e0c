// SPDX-License-Identifier: MIT

package serialize

import (
	"github.com/kindred-orm/kindred/internal/decode"
	"github.com/kindred-orm/kindred/internal/errs"
	"github.com/kindred-orm/kindred/internal/record"
)

// Decode merges a JSON object, which may come from anybody, into a model: under the rules of mass assignment, by serialized name (a
// fillable hidden field by its name in the naming strategy), and with only these fields if some are named. It is strict: a name
// that the model does not have or that is given twice is an ErrUnknownAttribute, a guarded one an ErrGuarded, a value that does not
// fit an ErrInvalidValue; a model.FieldError in each names the field. After an error the model is as before.
func Decode(data []byte, model any, only ...string) error {
	s, err := record.From(model)
	if err != nil {
		return err
	}
	return errs.In(s.Model.Name, "decode", decode.Strict(data, s, only))
}
