package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
)

// soakAssets is how many assets there may be: few enough to be reached soon.
const soakAssets = 5_000

// soakKeys is how many keys of provider states the server keeps.
const soakKeys = 10_000

// commented is an asset of the seed, which gets comments until it has no room for more.
const commented = "/api/v2/assets/rSkRlq2Aiw4wJvjvlqSm"

// clients ask a server until they are stopped.
type clients struct {
	b                              *testing.B
	api, states                    string
	http                           *http.Client
	stopped                        atomic.Bool
	all                            sync.WaitGroup
	requests, keys                 atomic.Int64
	assets                         atomic.Int64 // that are there
	refusedAssets, refusedComments atomic.Bool
}

func startClients(b *testing.B, api, states string) *clients {
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	c := &clients{b: b, api: api, states: states, http: &http.Client{Transport: transport}}
	b.Cleanup(transport.CloseIdleConnections)
	for range 8 {
		c.all.Go(func() {
			var own []string
			for n := 0; !c.stopped.Load() && !b.Failed(); n++ {
				own = c.round(n, own)
			}
		})
	}
	return c
}

func (c *clients) stop() {
	c.stopped.Store(true)
	c.all.Wait()
}

// haveFilled tells that the server has no room any more.
func (c *clients) haveFilled() bool {
	return c.refusedAssets.Load() && c.refusedComments.Load() && c.keys.Load() > soakKeys
}

// round makes an asset by a new key, and all that one has; where there is no room, the
// oldest of a client's own goes. It gives those that are there.
func (c *clients) round(n int, own []string) []string {
	key := c.newKey()
	c.ask(rand.Text(), http.MethodGet, commented, "", 401)
	title := fmt.Sprintf(`{"title":"%s","description":"%s"}`, rand.Text(), strings.Repeat("x", 500))
	status, text := c.ask(key, http.MethodPost, "/api/v2/assets", title, 200, 507)
	if status == 507 {
		c.refusedAssets.Store(true)
		if len(own) > 0 {
			c.ask(key, http.MethodDelete, own[0], "", 200)
			c.assets.Add(-1)
			return slices.Delete(own, 0, 1)
		}
		return own
	}
	c.assets.Add(1)
	var made struct{ Asset struct{ ID string } }
	assert.NoError(c.b, json.Unmarshal(text, &made))
	path := "/api/v2/assets/" + made.Asset.ID
	for _, request := range []struct{ method, path, body string }{
		{http.MethodPost, "/comments", `{"comment":"a comment"}`}, {http.MethodGet, "/comments", ""},
		{http.MethodPost, "/media", `{"file_url":"http://www.example.com/jpgfile.jpg","filename":"a.jpg"}`}, {http.MethodGet, "/media", ""},
		{http.MethodPost, "/dag_actions/1", ""}, {http.MethodGet, "/dag_action_runs", ""},
		{http.MethodPut, "", title}, {http.MethodGet, "", ""}, {http.MethodGet, "/history/0", ""},
		{http.MethodPost, "/trash_bin", ""}, {http.MethodPost, "/restore", ""},
	} {
		c.ask(key, request.method, path+request.path, request.body, 200)
	}
	if status, _ = c.ask(key, http.MethodPost, commented+"/comments", `{"comment":"one more"}`, 200, 507); status == 507 {
		c.refusedComments.Store(true)
	}
	if n%500 == 0 {
		c.ask(key, http.MethodGet, commented+"/comments", "", 200)
	}
	if n%10 == 0 {
		c.breakOff(key)
	}
	return append(own, path)
}

// newKey is that of a new user.
func (c *clients) newKey() string {
	answer, err := c.http.Post(c.states, "application/json", strings.NewReader(`{"state":"another user"}`))
	if !assert.NoError(c.b, err) {
		return ""
	}
	defer func() { _ = answer.Body.Close() }()
	var made struct {
		Key string `json:"api_key"`
	}
	assert.NoError(c.b, json.NewDecoder(answer.Body).Decode(&made))
	c.keys.Add(1)
	return made.Key
}

// ask sends a request, whose answer is to have one of some statuses.
func (c *clients) ask(key, method, path, body string, want ...int) (status int, text []byte) {
	request, err := http.NewRequestWithContext(c.b.Context(), method, c.api+path, strings.NewReader(body))
	assert.NoError(c.b, err)
	request.Header.Set("X-API-KEY", key)
	answer, err := c.http.Do(request)
	if !assert.NoError(c.b, err) {
		return 0, nil
	}
	defer func() { _ = answer.Body.Close() }()
	text, err = io.ReadAll(answer.Body)
	assert.NoError(c.b, err)
	assert.Contains(c.b, want, answer.StatusCode, "%s %s: %s", method, path, text)
	c.requests.Add(1)
	return answer.StatusCode, text
}

// breakOff goes in the middle of a request, on a connection of its own.
func (c *clients) breakOff(key string) {
	u, err := url.Parse(c.api)
	assert.NoError(c.b, err)
	conn, err := net.Dial("tcp", u.Host)
	if !assert.NoError(c.b, err) {
		return
	}
	_, _ = fmt.Fprintf(conn, "POST /api/v2/assets HTTP/1.1\r\nHost: x\r\nX-API-KEY: %s\r\nContent-Length: 100\r\n\r\n{", key) // as far as it comes
	_ = conn.Close()
}
