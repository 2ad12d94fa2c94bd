package mock_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/reference/mock"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (b *bench) rule(r control.Rule) control.Rule {
	b.t.Helper()
	r, err := b.AddRule(b.t.Context(), r)
	require.NoError(b.t, err)
	return r
}

const create = "POST /api/v2/assets"

// TestRulesAnswer: with a fact or a status the document's own answer, or what is given.
func TestRulesAnswer(t *testing.T) {
	t.Parallel()
	text := "<html>"
	for name, test := range map[string]struct {
		rule   control.Rule
		status int
		body   string
		header [2]string
	}{
		"a fact":        {control.Rule{Fact: "assets.create.external-id-taken"}, 400, `{"error": "External id has already been taken"}`, [2]string{"Content-Type", "application/json"}},
		"a row's fact":  {control.Rule{Fact: "assets.create.err-401"}, 401, ``, [2]string{}},
		"a parameter":   {control.Rule{Fact: "assets.create.param-title"}, 422, `{"error":"Missing parameter title"}`, [2]string{}},
		"a status":      {control.Rule{Status: 400}, 400, `{"error": "External id has already been taken"}`, [2]string{}},
		"its endpoint":  {control.Rule{Fact: "assets.create.missing-title", Endpoint: ""}, 422, `{"error": "Missing parameter title"}`, [2]string{}},
		"a text alone":  {control.Rule{Text: &text}, 200, text, [2]string{}},
		"a time alone":  {control.Rule{RetryAfter: 3}, 429, `{"error": "Too Many Requests"}`, [2]string{"Retry-After", "3"}},
		"a further one": {control.Rule{Status: 429, RetryAfter: 7}, 429, `{"error": "Too Many Requests"}`, [2]string{"Retry-After", "7"}},
		"a body":        {control.Rule{Status: 200, Body: json.RawMessage(`{"asset":null}`)}, 200, `{"asset":null}`, [2]string{}},
		"a text":        {control.Rule{Status: 502, Text: &text, Header: map[string]string{"Content-Type": "text/html"}}, 502, text, [2]string{"Content-Type", "text/html"}},
		"no content":    {control.Rule{Status: 204}, 204, ``, [2]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			test.rule.User = admin
			if name != "its endpoint" {
				test.rule.Endpoint = create
			}
			b.rule(test.rule)
			got := b.asks(adminKey, "POST", "/api/v2/assets", `{"title": "x"}`)
			assert.Equal(t, test.status, got.status)
			if test.body == "" || test.body == text {
				assert.Equal(t, test.body, got.body)
			} else {
				assert.JSONEq(t, test.body, got.body)
			}
			if test.header[0] != "" {
				assert.Equal(t, test.header[1], got.header.Get(test.header[0]))
			}
			assert.Equal(t, 200, b.asks(editorKey, "POST", "/api/v2/assets", `{"title": "x"}`).status, "a rule touches nobody else's requests")
			assert.Equal(t, 200, b.status(adminKey, sample), "nor those to another endpoint")
			entry := must(b.Journal(t.Context(), traffic.Filter{}))(t)[0]
			assert.Equal(t, "rule-1", entry.Rule)
			assert.Equal(t, `{"title": "x"}`, entry.Request.Body)
			assert.Equal(t, test.status, entry.Answer.Status)
		})
	}
}

// TestRulesCount: from the n-th matching request on, so many times, and the newest first.
func TestRulesCount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rules []control.Rule
		want  []int
	}{
		"until removed":        {[]control.Rule{{Status: 500}}, []int{500, 500, 500, 500}},
		"once":                 {[]control.Rule{{Status: 500, Times: 1}}, []int{500, 200, 200, 200}},
		"twice":                {[]control.Rule{{Status: 500, Times: 2}}, []int{500, 500, 200, 200}},
		"the third":            {[]control.Rule{{Status: 500, Call: 3}}, []int{200, 200, 500, 200}},
		"from the second on":   {[]control.Rule{{Status: 500, Call: 2, Times: 99}}, []int{200, 500, 500, 500}},
		"the newest, once":     {[]control.Rule{{Status: 500}, {Status: 503, Times: 1}}, []int{503, 500, 500, 500}},
		"one after the other":  {[]control.Rule{{Status: 503, Call: 2}, {Status: 500, Call: 3}}, []int{200, 503, 500, 200}},
		"of this asset":        {[]control.Rule{{Status: 500, AssetID: sample}}, []int{500, 500, 500, 500}},
		"of another asset":     {[]control.Rule{{Status: 500, AssetID: "another"}}, []int{200, 200, 200, 200}},
		"of another endpoint":  {[]control.Rule{{Status: 500, Endpoint: "POST *"}}, []int{200, 200, 200, 200}},
		"of another caller":    {[]control.Rule{{Status: 500, User: editor}}, []int{200, 200, 200, 200}},
		"of whoever it may be": {[]control.Rule{{Status: 500, Everyone: true}}, []int{500, 500, 500, 500}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			for _, r := range test.rules {
				if r.User == "" && !r.Everyone {
					r.APIKey = adminKey
				}
				b.rule(r)
			}
			var got []int
			for range test.want {
				got = append(got, b.status(adminKey, sample))
			}
			assert.Equal(t, test.want, got)
		})
	}
}

func TestRulesAreRemoved(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.rule(control.Rule{User: admin, Status: 500})
	b.rule(control.Rule{User: editor, Status: 500})
	require.NoError(t, b.RemoveRule(t.Context(), first.ID))
	assert.Equal(t, 200, b.status(adminKey, sample))
	assert.Contains(t, refusedAs(t, b.RemoveRule(t.Context(), first.ID), 404), first.ID)
	require.NoError(t, b.RemoveRules(t.Context(), editor))
	assert.Equal(t, 200, b.status(editorKey, sample))
	assert.Empty(t, must(b.Rules(t.Context()))(t))
}

// TestRulesBreak: a connection that ends, a body that ends too early, one that is no JSON.
func TestRulesBreak(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.rule(control.Rule{User: admin, Break: control.Drop, Times: 2}) // net/http asks once more where nothing came back
	_, err := b.send(adminKey, "GET", "/api/v2/assets/"+sample, "")
	require.ErrorIs(t, err, io.EOF)
	require.NoError(t, b.RemoveRules(t.Context(), ""))

	for _, r := range []control.Rule{{Break: control.Truncate}, {Break: control.Truncate, Fact: "assets.get.not-found", Endpoint: "GET /api/v2/assets/:asset_id"}} {
		r.User, r.Times = admin, 1
		b.rule(r)
		got, err := b.send(adminKey, "GET", "/api/v2/assets/"+sample, "")
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.NotEmpty(t, got.body)
	}

	b.rule(control.Rule{User: admin, Break: control.Malform, Times: 1})
	got := b.asks(adminKey, "GET", "/api/v2/assets/"+sample, "")
	assert.Equal(t, 200, got.status)
	assert.False(t, json.Valid([]byte(got.body)), got.body)
	assert.Equal(t, 200, b.status(adminKey, sample))
}

// TestDelaysOfASeed: a range has all of its delays, the same ones again for the same seed.
func TestDelaysOfASeed(t *testing.T) {
	t.Parallel()
	r := control.Rule{DelayMS: 20, DelayUpToMS: 40, Seed: 7}
	first := mock.Delays(r, 200)
	assert.Equal(t, first, mock.Delays(r, 200))
	r.Seed = 8
	assert.NotEqual(t, first, mock.Delays(r, 200))
	assert.Equal(t, 20*time.Millisecond, slices.Min(first))
	assert.Equal(t, 40*time.Millisecond, slices.Max(first))
}

// TestRulesDelay: a delay leaves the answer as it is.
func TestRulesDelay(t *testing.T) {
	t.Parallel()
	took := func(r control.Rule) (all []time.Duration) {
		b := newBench(t)
		r.User = admin
		b.rule(r)
		for range 3 {
			start := time.Now()
			require.Equal(t, 200, b.asks(adminKey, "POST", "/api/v2/assets", `{"title": "x"}`).status)
			all = append(all, time.Since(start))
		}
		return all
	}
	for _, d := range took(control.Rule{DelayMS: 30}) {
		assert.GreaterOrEqual(t, d, 30*time.Millisecond)
	}
	for _, d := range took(control.Rule{DelayMS: 20, DelayUpToMS: 40, Seed: 7}) {
		assert.GreaterOrEqual(t, d, 20*time.Millisecond)
	}
}

// TestRulesAreChecked: a rule that could never answer, or not as it says, is refused with
// what to do.
func TestRulesAreChecked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	text := "x"
	for want, r := range map[string]control.Rule{
		`"everyone": true`:                      {Status: 500},
		`one of "api_key", "user"`:              {User: admin, Everyone: true, Status: 500},
		"nobody has it":                         {APIKey: "unheard-of", Status: 500},
		"none with this e-mail address":         {User: "x@example.com", Status: 500},
		`did you mean "POST /api/v2/assets"?`:   {User: admin, Endpoint: "POST /api/v2/asset", Status: 500},
		`did you mean "assets.create.err-401"?`: {User: admin, Endpoint: create, Fact: "assets.create.err-402"},
		`mean "assets.create.err-401"?`:         {User: admin, Fact: "assets.create.er-401"},
		"does nothing":                          {User: admin},
		"200 to 599":                            {User: admin, Status: 99},
		"one of fact and status":                {User: admin, Endpoint: create, Fact: "assets.create.err-401", Status: 401},
		"one of body and text":                  {User: admin, Status: 500, Text: &text, Body: json.RawMessage(`1`)},
		"drop, truncate, malform":               {User: admin, Break: "explode"},
		"0 to 25000":                            {User: admin, DelayMS: 25_001},
		"below delay_ms":                        {User: admin, DelayMS: 5, DelayUpToMS: 3},
		"not below 0":                           {User: admin, Status: 500, Times: -1},
		"none that can be sent":                 {User: admin, Status: 500, Header: map[string]string{"A b": "c"}},
	} {
		_, err := b.AddRule(t.Context(), r)
		assert.Contains(t, refusedAs(t, err, 400), want)
	}
	assert.Empty(t, must(b.Rules(t.Context()))(t))
}

// TestMisspeltMembers: what is wrong with a body is told in JSON's words, with what was meant.
func TestMisspeltMembers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for body, want := range map[string]string{
		`{"retry-after": 3}`:   `unknown field "retry-after"; did you mean "retry_after"?`,
		`{"status": "teapot"}`: "status is of JSON type string",
		`{"stattus": 3}`:       `did you mean "status"?`,
		`[]`:                   "array",
	} {
		answer, err := http.Post(b.URL+"/rules", "application/json", strings.NewReader(body))
		require.NoError(t, err)
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		assert.Equal(t, 400, answer.StatusCode)
		assert.Contains(t, strings.ReplaceAll(string(text), `\"`, `"`), want)
	}
}

// TestPrefer: a request chooses its answer, where the mock allows it.
func TestPrefer(t *testing.T) {
	t.Parallel()
	off := newBench(t)
	assert.Equal(t, 200, off.asks(adminKey, "GET", "/api/v2/assets/"+sample, "", "Prefer", "code=404").status)
	on := newBench(t, func(o *mock.Options) { o.Prefer = true })
	for prefer, want := range map[string]answer{
		"code=404":                               {status: 404, body: `{"error": "asset not found"}`},
		"example=assets.get.not-found":           {status: 404, body: `{"error": "asset not found"}`},
		`dynamic=true, code="404"`:               {status: 404, body: `{"error": "asset not found"}`},
		"code=404; example=assets.get.not-found": {status: 404, body: `{"error": "asset not found"}`},
		"code=418":                               {status: 400, body: `{"error":"Prefer: the document has no 418 of GET /api/v2/assets/:asset_id; there are 200, 401, 404, 422, 500"}`},
		"example=assets.get.not-fond":            {status: 400, body: `{"error":"Prefer: \"assets.get.not-fond\" is no answer of GET /api/v2/assets/:asset_id; did you mean \"assets.get.not-found\"?"}`},
		"code=many":                              {status: 400, body: `{"error":"Prefer: code=many is no status"}`},
	} {
		got := on.asks(adminKey, "GET", "/api/v2/assets/"+sample, "", "Prefer", prefer)
		assert.Equal(t, want.status, got.status, prefer)
		assert.JSONEq(t, want.body, got.body, prefer)
	}
	for _, e := range must(on.Journal(t.Context(), traffic.Filter{}))(t) {
		assert.Equal(t, "Prefer", e.Rule, "it is no answer of the API's own: %d", e.Answer.Status)
	}
	assert.Equal(t, 200, on.asks(adminKey, "GET", "/api/v2/assets/"+sample, "", "Prefer", "return=minimal").status)
}
