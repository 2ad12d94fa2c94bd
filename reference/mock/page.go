package mock

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/report"
)

// pageFiles are the page. It is sent in one piece, and holds nothing of what the mock
// knows: it asks the levers for that.
//
//go:embed page
var pageFiles embed.FS

// pageScripts are in the order in which they build on one another.
var pageScripts = []string{"wire.js", "dialogs.js", "overview.js", "send.js", "stream.js", "journal.js", "rules.js", "faults.js", "clock.js", "start.js"}

var pageStyle, pageScript, pageHTML = builtPage()

func builtPage() (style, script, html string) {
	style = pageFile("page.css")
	for _, name := range pageScripts {
		script += pageFile(name)
	}
	return style, script, strings.NewReplacer("/*style*/", style, "/*script*/", script).Replace(pageFile("page.html"))
}

func pageFile(name string) string {
	text, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		panic(err) // it is embedded: it is the build that is broken
	}
	return string(text)
}

// getPage gives the page, which a browser lets ask this listener and the API and nobody
// else.
func (m *Mock) getPage(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Content-Security-Policy", fmt.Sprintf(
		"default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; connect-src 'self' %s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		contentHash(pageStyle), contentHash(pageScript), m.apiURL(r)))
	head.Set("Cache-Control", "no-store")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write([]byte(pageHTML)) // the client is gone; there is nobody to tell
}

func contentHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// origin is all of a URL that a policy has room for.
var origin = regexp.MustCompile(`^https?://([a-zA-Z0-9._-]+|\[[0-9a-fA-F:.]+\])(:[0-9]+)?$`)

// apiURL is where the browser that sent a request reaches the API: where the mock listens
// at all addresses, it is at the one that the browser came to. "" where it is not known.
func (m *Mock) apiURL(r *http.Request) string {
	if m.options.URL == nil {
		return ""
	}
	at, err := url.Parse(m.options.URL())
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(at.Hostname()); ip != nil && ip.IsUnspecified() {
		came := url.URL{Host: r.Host}
		at.Host = net.JoinHostPort(came.Hostname(), at.Port())
	}
	if text := at.Scheme + "://" + at.Host; origin.MatchString(text) {
		return text
	}
	return ""
}

// about is what the page says of the mock.
type about struct {
	URL     string        `json:"api_url"` // "" where it is not known
	Store   string        `json:"store"`
	Version string        `json:"version"`
	Clock   control.Clock `json:"clock"`
	Rules   int           `json:"rules"`    // how many there are
	Faults  int           `json:"faults"`   // how many are on
	Keys    int           `json:"keys"`     // how many are known
	AssetID string        `json:"asset_id"` // of an asset of the seed; "" where it has none
}

func (m *Mock) getAbout(r *http.Request) (any, error) {
	a := about{
		URL: m.apiURL(r), Store: "PostgreSQL and Elasticsearch", Version: report.Version, Clock: m.clock.shown(),
		Rules: len(m.rules.list()), Faults: len(m.serving.Load().faults),
	}
	m.keys.mu.Lock()
	a.Keys = len(m.options.Keys) + len(m.keys.made)
	m.keys.mu.Unlock()
	if _, ok := m.store.(reference.Rewriter); ok {
		a.Store = "memory"
	}
	if assets := m.options.Seed.Assets; len(assets) > 0 {
		a.AssetID = assets[0].ID
	}
	return a, nil
}
