package steps

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

const redacted = "REDACTED"

// redactor takes the API keys of a run out of every text that leaves it. Keys
// that a provider state hands out are added while the run goes on, so texts are
// redacted at its end, when all are known.
type redactor struct {
	mu   sync.Mutex
	keys []string // longest first: a key may be part of another
}

func (r *redactor) add(keys ...Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range keys {
		if text := k.Reveal(); text != "" && !slices.Contains(r.keys, text) {
			r.keys = append(r.keys, text)
		}
	}
	slices.SortFunc(r.keys, func(a, b string) int { return len(b) - len(a) })
}

// jsonString is a JSON string token, wherever it stands in a text.
var jsonString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// text gives s without any key: as it is, as it stands in a URL, and as JSON
// may spell it with escapes.
func (r *redactor) text(s string) string {
	r.mu.Lock()
	keys := slices.Clone(r.keys)
	r.mu.Unlock()
	for _, key := range keys {
		for _, form := range []string{key, url.QueryEscape(key), url.PathEscape(key)} {
			s = strings.ReplaceAll(s, form, redacted)
		}
	}
	if !strings.Contains(s, `\`) {
		return s
	}
	return jsonString.ReplaceAllStringFunc(s, func(token string) string {
		var plain string
		if json.Unmarshal([]byte(token), &plain) != nil {
			return token
		}
		if slices.ContainsFunc(keys, func(key string) bool { return strings.Contains(plain, key) }) {
			return `"` + redacted + `"`
		}
		return token
	})
}
