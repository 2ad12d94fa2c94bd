package mock_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/reference/mock"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// The callers of the default seed.
const (
	admin, adminKey   = "admin@example.com", "pocketcheck-admin-key"
	editor, editorKey = "editor@example.com", "pocketcheck-editor-key"
	sample            = "rSkRlq2Aiw4wJvjvlqSm"
)

// bench is a mock with its two listeners.
type bench struct {
	*control.Client
	api  string
	mock *mock.Mock
	t    *testing.T
}

func newBench(t *testing.T, change ...func(*mock.Options)) *bench {
	t.Helper()
	seed, err := reference.ReadSeed(bytes.NewReader(fixtures.Seed()))
	require.NoError(t, err)
	o := mock.Options{Seed: seed, Keys: []string{adminKey}}
	for _, c := range change {
		c(&o)
	}
	m, err := mock.New(memory.New(), o)
	require.NoError(t, err)
	api, levers := httptest.NewServer(m), httptest.NewServer(m.Control())
	t.Cleanup(api.Close)
	t.Cleanup(levers.Close)
	t.Cleanup(m.End)
	return &bench{&control.Client{URL: levers.URL}, api.URL, m, t}
}

// answer is what a client of the mock gets.
type answer struct {
	status int
	header http.Header
	body   string
}

func (b *bench) send(key, method, path, body string, headers ...string) (answer, error) {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.api+path, strings.NewReader(body))
	require.NoError(b.t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-API-KEY", key)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	got, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = got.Body.Close() }() // it was only read
	text, err := io.ReadAll(got.Body)
	return answer{got.StatusCode, got.Header, string(text)}, err
}

// asks is what a client gets that gets an answer.
func (b *bench) asks(key, method, path, body string, headers ...string) answer {
	b.t.Helper()
	a, err := b.send(key, method, path, body, headers...)
	require.NoError(b.t, err)
	return a
}

func (b *bench) creates(key string) string {
	b.t.Helper()
	a := b.asks(key, "POST", "/api/v2/assets", `{"title": "Mine"}`)
	require.Equal(b.t, 200, a.status, a.body)
	return gjson.Get(a.body, "asset.id").String()
}

func (b *bench) status(key, id string) int {
	b.t.Helper()
	return b.asks(key, "GET", "/api/v2/assets/"+id, "").status
}

// refusedAs tells the text of what the mock refuses.
func refusedAs(t *testing.T, err error, status int) string {
	t.Helper()
	refused, ok := errors.AsType[*control.Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, status, refused.Status, refused.Text)
	return refused.Text
}

func TestResetsAll(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.creates(adminKey)
	require.Equal(t, 200, b.asks(adminKey, "DELETE", "/api/v2/assets/"+sample, "").status)
	_, err := b.AddRule(t.Context(), control.Rule{Everyone: true, Status: 418})
	require.NoError(t, err)
	_, err = b.Advance(t.Context(), control.Advance{Days: 3})
	require.NoError(t, err)
	require.NoError(t, b.SetFaults(t.Context(), "comments.update.not-owner/owner-not-checked"))

	require.NoError(t, b.Reset(t.Context()))

	assert.Equal(t, 404, b.status(adminKey, id))
	assert.Equal(t, 200, b.status(adminKey, sample), "the seed's asset is there again")
	at, err := b.Clock(t.Context())
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), at.Now, time.Minute)
	for _, f := range must(b.Faults(t.Context()))(t) {
		assert.False(t, f.On, f.Name)
	}
	assert.NotEmpty(t, must(b.Journal(t.Context(), traffic.Filter{}))(t), "what was sent is still told")
}

// must gives a value that came without an error.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		require.NoError(t, err)
		return value
	}
}

func TestResetsOneCaller(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	mine, theirs := b.creates(adminKey), b.creates(editorKey)
	require.Equal(t, 200, b.asks(editorKey, "POST", "/api/v2/assets/"+mine+"/comments", `{"comment": "theirs"}`).status)
	for _, user := range []string{admin, editor} {
		_, err := b.AddRule(t.Context(), control.Rule{User: user, Status: 418, Endpoint: "POST *"})
		require.NoError(t, err)
	}

	require.NoError(t, b.ResetCaller(t.Context(), control.Reset{APIKey: editorKey}))

	assert.Equal(t, 200, b.status(adminKey, mine))
	assert.Equal(t, 404, b.status(adminKey, theirs))
	assert.Equal(t, 200, b.status(adminKey, sample), "the seed's asset was made by nobody who called")
	assert.JSONEq(t, `{"comments": []}`, b.asks(adminKey, "GET", "/api/v2/assets/"+mine+"/comments", "").body)
	rules := must(b.Rules(t.Context()))(t)
	require.Len(t, rules, 1)
	assert.Equal(t, admin, rules[0].User)
	require.NoError(t, b.ResetCaller(t.Context(), control.Reset{User: admin}))
	assert.Equal(t, 404, b.status(adminKey, mine))
	assert.Equal(t, 200, b.status(adminKey, sample), "who owns it has not made it")
	require.ErrorContains(t, b.ResetCaller(t.Context(), control.Reset{}), "the caller is empty")
	kept := b.creates(adminKey)
	for _, body := range []string{`{"user": ""}`, `{"api_key": ""}`, `{"user": null}`, `{"user": "editor@example.com", "user": ""}`} {
		answer, err := http.Post(b.URL+"/reset", "application/json", strings.NewReader(body))
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		assert.Equal(t, 400, answer.StatusCode, body)
	}
	assert.Equal(t, 200, b.status(adminKey, kept), "an empty caller is nobody, and not all")
	assert.Contains(t, refusedAs(t, b.ResetCaller(t.Context(), control.Reset{User: "nobody@example.com"}), 400), "nobody@example.com")
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.creates(editorKey)
	all := must(b.Snapshot(t.Context()))(t)
	assert.NotContains(t, string(all), adminKey)
	require.Equal(t, 200, b.asks(editorKey, "DELETE", "/api/v2/assets/"+id, "").status)
	require.NoError(t, b.Restore(t.Context(), bytes.NewReader(all)))
	assert.Equal(t, 200, b.status(adminKey, id))
	assert.Contains(t, refusedAs(t, b.Restore(t.Context(), strings.NewReader(`{"assets": [{"id": 3}]}`)), 400), "assets[0].id")
	assert.Equal(t, 200, b.status(adminKey, id), "a snapshot that is wrong changes nothing")
}

func TestSeed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	rows := `{"assets": [{"id": "more", "owner": "editor@example.com", "title": "More"}]}`
	require.NoError(t, b.Seed(t.Context(), strings.NewReader(rows)))
	assert.Equal(t, 200, b.status(adminKey, "more"))
	text := refusedAs(t, b.Seed(t.Context(), strings.NewReader(`{"assets": [{"id": "m", "owner": "x@example.com", "title": "M"}]}`)), 409)
	assert.Contains(t, text, "x@example.com")
}

func TestClock(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.creates(adminKey)
	require.Equal(t, 200, b.asks(adminKey, "POST", "/api/v2/assets/"+id+"/trash_bin", "").status)
	_, err := b.Advance(t.Context(), control.Advance{Days: 13})
	require.NoError(t, err)
	assert.Equal(t, 200, b.status(adminKey, id))
	_, err = b.Advance(t.Context(), control.Advance{Days: 2})
	require.NoError(t, err)
	assert.Equal(t, 404, b.status(adminKey, id), "after 14 days the trash bin is emptied")

	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, frozen := range []bool{true, false} {
		got := must(b.SetClock(t.Context(), control.Clock{Now: at, Frozen: frozen}))(t)
		assert.WithinDuration(t, at, got.Now, time.Minute)
		created := b.asks(adminKey, "POST", "/api/v2/assets", `{"title": "Dated"}`)
		date := gjson.Get(created.body, "asset.created_date").String()
		assert.True(t, strings.HasPrefix(date, "2030-01-02T03:0"), date)
		if frozen {
			assert.Equal(t, "2030-01-02T03:04:05.000Z", date)
		}
	}
	_, err = b.Advance(t.Context(), control.Advance{Days: -1})
	assert.Contains(t, refusedAs(t, err, 400), "above 0")
}

func TestCallers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := must(b.AddCaller(t.Context(), control.Caller{User: "new@example.com", Permissions: []string{"ACTIONS_VIEW"}}))(t)
	assert.Equal(t, "new@example.com", c.User)
	id := b.creates(c.APIKey)
	assert.Equal(t, 403, b.asks(c.APIKey, "POST", "/api/v2/assets/"+id+"/dag_actions/1", "").status)
	again := must(b.AddCaller(t.Context(), control.Caller{User: "new@example.com", APIKey: "of-my-own"}))(t)
	assert.Equal(t, c.ID, again.ID)
	assert.Equal(t, 200, b.status("of-my-own", id))
	_, err := b.AddCaller(t.Context(), control.Caller{User: "third@example.com", APIKey: adminKey})
	assert.Contains(t, refusedAs(t, err, 409), "another has it")
	_, err = b.AddCaller(t.Context(), control.Caller{Permissions: []string{"FLY"}})
	assert.Contains(t, refusedAs(t, err, 400), "FLY")
	var keys []string
	for _, c := range must(b.Callers(t.Context()))(t) {
		keys = append(keys, c.APIKey)
	}
	assert.Equal(t, []string{adminKey, c.APIKey, "of-my-own"}, keys)
}

func TestStates(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	values := must(b.State(t.Context(), "another user", nil))(t)
	assert.Equal(t, 200, b.status(values["api_key"], sample))
	_, err := b.State(t.Context(), "a full moon", nil)
	assert.Contains(t, refusedAs(t, err, 404), "a full moon")
}

func TestFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.creates(adminKey)
	comment := gjson.Get(b.asks(adminKey, "POST", "/api/v2/assets/"+id+"/comments", `{"comment": "mine"}`).body, "comment.id").String()
	path := "/api/v2/assets/" + id + "/comments/" + comment
	const fault = "comments.update.not-owner/owner-not-checked"
	assert.Equal(t, 403, b.asks(editorKey, "POST", path, `{"comment": "theirs"}`).status)
	require.NoError(t, b.SetFaults(t.Context(), fault))
	assert.Equal(t, 200, b.asks(editorKey, "POST", path, `{"comment": "theirs"}`).status)
	require.NoError(t, b.SetFaults(t.Context()))
	assert.Equal(t, 403, b.asks(editorKey, "POST", path, `{"comment": "theirs"}`).status)
	assert.Contains(t, refusedAs(t, b.SetFaults(t.Context(), fault+"s"), 400), fault)
}
