package traffic

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// KeyHeader is the header that has the API key.
const KeyHeader = "X-Api-Key"

const contentType = "Content-Type"

// shortest is how long a secret is at least that is hidden wherever it stands: a shorter
// one, of whoever sends it, would be part of all words.
const shortest = 6

// secretive are names of headers and of parameters of a query that have secrets.
var secretive = regexp.MustCompile(`(?i)key|token|secret|password|auth|cookie|session|signature`)

// inAddresses are what addresses have that nobody is to see, wherever they stand: a
// password, and values of parameters that are secret by their names.
var inAddresses = regexp.MustCompile(`://[^/\s:@"]*:([^@/\s"]+)@|[?&][\w.-]*(?i:key|token|secret|password|auth|session|signature)[\w.-]*=([^&"'\s\\]+)`)

// secrets gives what of an exchange nobody is to see.
func (x *Exchange) secrets() (all []string) {
	for name, values := range x.Header {
		for _, value := range values {
			if secretive.MatchString(name) {
				_, credentials, _ := strings.Cut(value, " ") // Bearer
				all = append(all, value, credentials)
			} else {
				all = append(all, secretsIn(value)...)
			}
		}
	}
	return slices.Concat(all, secretsIn(x.Target), secretsIn(string(x.Body)), secretsIn(string(x.Answer)))
}

// secretsIn gives those of the addresses in a text, as they stand there and as they are read.
func secretsIn(text string) (all []string) {
	if !strings.ContainsAny(text, "@?&") {
		return nil
	}
	for _, found := range inAddresses.FindAllStringSubmatch(text, -1) {
		for _, secret := range found[1:] {
			all = append(all, secret)
			if read, err := url.QueryUnescape(secret); err == nil {
				all = append(all, read)
			}
		}
	}
	return all
}

// hider takes secrets out of texts. It is safe for concurrent use.
type hider struct {
	redactor wire.Redactor
	above    *hider // whose secrets are hidden, too; nil: nobody's

	mu      sync.Mutex
	known   map[string]bool
	longest int // of the secrets, in bytes
}

// mostHidden is how many secrets are known of that others may send.
const mostHidden = 5000

// learn adds a secret; a short one would be part of all words.
func (h *hider) learn(secret string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(secret) < shortest || h.known[secret] || len(h.known) >= mostHidden {
		return
	}
	if h.known == nil {
		h.known = map[string]bool{}
	}
	h.known[secret] = true
	h.longest = max(h.longest, len(secret))
	for _, form := range []string{secret, strings.TrimRight(secret, "=")} { // a query is parted there
		if len(form) >= shortest {
			h.redactor.Add(wire.NewKey(form), wire.NewKey(strings.ReplaceAll(form, "+", " "))) // as it is, and as a query is read
		}
	}
}

func (h *hider) has(secret string) bool {
	if h == nil {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.known[secret]
}

// besides is a hider of what exchanges have themselves, too.
func (h *hider) besides(exchanges ...*Exchange) *hider {
	own := &hider{above: h}
	for _, x := range exchanges {
		for _, secret := range x.secrets() {
			if !h.has(secret) {
				own.learn(secret)
			}
		}
	}
	return own
}

func (h *hider) text(s string) string {
	if h.above != nil {
		s = h.above.text(s)
	}
	return h.redactor.Text(s)
}

// atMost is how long a secret may be.
func (h *hider) atMost() int {
	if h.above != nil {
		return max(h.longest, h.above.atMost())
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.longest
}

// mostEscaped is how many bytes one of a secret may be written as: \u0041.
const mostEscaped = 6

// body gives a body as text. Of one that is cut as much of the end is left out as may be
// the beginning of a secret.
func (h *hider) body(body []byte, isCut bool) string {
	if isCut {
		body = body[:max(0, len(body)-mostEscaped*h.atMost())]
		body = bytes.ToValidUTF8(body, nil) // a character may be cut, too
	}
	if !utf8.Valid(body) {
		return "(not text)"
	}
	return h.text(string(body))
}

// shownHeader is a header as a person may see it: a key by the name of its caller.
func (x *Exchange) shownHeader(head http.Header, hide *hider) map[string]string {
	all := map[string]string{}
	for name, values := range head {
		value := hide.text(strings.Join(values, ", "))
		if secretive.MatchString(name) {
			value = "(hidden)"
		}
		if name == KeyHeader && x.Caller != "" {
			value = "(" + x.Caller + ")"
		}
		all[plain.Line(name)] = value
	}
	return all
}

// without is the finding without secrets that a client put in a wrong place.
func (f Finding) without(hide *hider) Finding {
	return Finding{f.Fact, hide.text(f.At), hide.text(f.Got), hide.text(f.Want)}
}

func hiddenAll(all []Finding, hide *hider) []Finding {
	all = slices.Clone(all)
	for i := range all {
		all[i] = all[i].without(hide)
	}
	return all
}
