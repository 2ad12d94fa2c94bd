package traffic

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
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

// secrets gives what of an exchange nobody is to see.
func (x Exchange) secrets() (all []wire.Key) {
	add := func(text string) {
		if len(text) >= shortest {
			all = append(all, wire.NewKey(text))
			if blank := strings.ReplaceAll(text, "+", " "); blank != text { // as a query is read
				all = append(all, wire.NewKey(blank))
			}
		}
	}
	for name, values := range x.Header {
		if !secretive.MatchString(name) {
			continue
		}
		for _, value := range values {
			add(value)
			_, credentials, _ := strings.Cut(value, " ") // Bearer
			add(credentials)
		}
	}
	_, query, _ := strings.Cut(x.Target, "?")
	values, _ := url.ParseQuery(query) // as far as it can be read
	for name, values := range values {
		if secretive.MatchString(name) {
			for _, value := range values {
				add(value)
			}
		}
	}
	return all
}

// hider takes secrets out of texts.
type hider struct {
	redactor wire.Redactor
	longest  int // of the secrets, in bytes
}

// hiding gives a hider of the secrets of exchanges.
func hiding(exchanges ...Exchange) *hider {
	h := &hider{}
	for _, x := range exchanges {
		h.add(x.secrets()...)
	}
	return h
}

func (h *hider) add(secrets ...wire.Key) *hider {
	h.redactor.Add(secrets...)
	for _, secret := range secrets {
		h.longest = max(h.longest, len(secret.Reveal()))
	}
	return h
}

// mostHidden is how many secrets of other exchanges are looked for in each.
const mostHidden = 100

// sharedSecrets are those that one exchange has and another may show.
func sharedSecrets(entries []Entry) (all []wire.Key) {
	seen := map[string]bool{}
	for _, e := range entries {
		for _, key := range e.secrets() {
			if len(seen) < mostHidden && !seen[key.Reveal()] {
				seen[key.Reveal()] = true
				all = append(all, key)
			}
		}
	}
	return all
}

func (h *hider) text(s string) string { return h.redactor.Text(s) }

// mostEscaped is how many bytes one of a secret may be written as: \u0041.
const mostEscaped = 6

// body gives a body as text. Of one that is cut as much of the end is left out as may be
// the beginning of a secret.
func (h *hider) body(body []byte, isCut bool) string {
	if isCut {
		body = body[:max(0, len(body)-mostEscaped*h.longest)]
		body = bytes.ToValidUTF8(body, nil) // a character may be cut, too
	}
	if !utf8.Valid(body) {
		return "(not text)"
	}
	return h.text(string(body))
}

// shownHeader is a header as a person may see it: a key by the name of its caller.
func (x Exchange) shownHeader(head http.Header, hide *hider) map[string]string {
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

// hidden is the finding without secrets that a client put in a wrong place.
func (f Finding) hidden(hide *hider) Finding {
	return Finding{f.Fact, hide.text(f.At), hide.text(f.Got), hide.text(f.Want)}
}

func hiddenAll(all []Finding, hide *hider) []Finding {
	all = slices.Clone(all)
	for i := range all {
		all[i] = all[i].hidden(hide)
	}
	return all
}
