// SPDX-License-Identifier: MIT

package json_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kindred-orm/kindred/model"
	"github.com/kindred-orm/kindred/serialize"
	"github.com/kindred-orm/kindred/testsuite/harness"
)

// A column that was not selected is absent from JSON and from plain values, and not zero or null.
func TestColumnsThatWereNotSelectedAreAbsent(t *testing.T) {
	harness.Each(t, func(t *testing.T, e *harness.Env) {
		seedJSONUser(t, e)
		u, err := model.Query[User](e.DB).Select("id", "HTTPStatus", "home_street").Sole(e.Ctx)
		require.NoError(t, err)
		const want = `{"id":1,"http_status":200,"home_road":"Gasse","initial":null,"token_length":0}`
		data, err := json.Marshal(u)
		require.NoError(t, err)
		require.JSONEq(t, want, string(data))
		data, err = serialize.JSON([]*User{u})
		require.NoError(t, err)
		require.JSONEq(t, "["+want+"]", string(data))
		out, err := serialize.Map(u)
		require.NoError(t, err)
		require.Equal(t, []string{"home_road", "http_status", "id", "initial", "token_length"}, harness.SortedKeys(out))
	})
}
