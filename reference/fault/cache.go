package fault

import (
	"bytes"
	"maps"
	"net/http"
	"path"
	"strings"
	"sync"
)

// How much variants keep of what was read or answered: more than a run asks for.
const (
	mostAnswers = 1_000
	mostRows    = 10_000
)

// makeRoom lets go of all that is kept where it is the most.
func makeRoom[K comparable, T any](kept map[K]T, most int) {
	if len(kept) >= most {
		clear(kept)
	}
}

// keptAnswers gives the first good answer to a GET again where there would be a
// refusal now.
type keptAnswers struct {
	next  http.Handler
	at    string
	keyOf func(*http.Request) string
	in    refusal
	mu    sync.Mutex
	kept  map[string]*recording
}

// refusal tells what a refusal is like.
type refusal func(*recording) bool

func refusedWith(status int) refusal {
	return func(answer *recording) bool { return answer.status == status }
}

func refusedBy(text string) refusal {
	return func(answer *recording) bool { return bytes.Contains(answer.body.Bytes(), []byte(text)) }
}

// answersAgain keeps good answers to a GET by their URL, and gives them in place of
// a refusal.
func answersAgain(at string, in refusal) act {
	return keeping(at, func(r *http.Request) string { return r.URL.String() }, in)
}

// findsAgain keeps good answers to a GET about a thing by the thing's id alone.
func findsAgain(at string, in refusal) act {
	return keeping(at, func(r *http.Request) string { return path.Base(path.Dir(r.URL.Path)) }, in)
}

func keeping(at string, keyOf func(*http.Request) string, in refusal) act {
	return around(func(next http.Handler) http.Handler {
		return &keptAnswers{next: next, at: at, keyOf: keyOf, in: in, kept: map[string]*recording{}}
	})
}

func (k *keptAnswers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if requested(r) != k.at {
		k.next.ServeHTTP(w, r)
		return
	}
	answer := recorded(k.next, r, w)
	if answer.isPassed {
		return
	}
	k.mu.Lock()
	switch kept := k.kept[k.keyOf(r)]; {
	case answer.status < http.StatusBadRequest && !k.in(answer):
		makeRoom(k.kept, mostAnswers)
		k.kept[k.keyOf(r)] = answer
	case kept != nil && k.in(answer):
		answer = kept
	}
	k.mu.Unlock()
	answer.writeTo(w)
}

// cache answers GETs from what it has: an answer for each key, until something of
// the asset is written.
type cache struct {
	next http.Handler
	mu   sync.Mutex
	kept map[string]*recording
}

func cached(next http.Handler) http.Handler {
	return &cache{next: next, kept: map[string]*recording{}}
}

func (c *cache) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.URL.String() + " " + r.Header.Get("X-API-KEY")
	c.mu.Lock()
	answer := c.kept[name]
	c.mu.Unlock()
	w.Header().Set("X-Cache", "HIT")
	if r.Method != http.MethodGet || answer == nil {
		w.Header().Set("X-Cache", "MISS")
		answer = recorded(c.next, r, w)
	}
	c.mu.Lock()
	if r.Method == http.MethodGet && answer.status == http.StatusOK && !answer.isPassed {
		makeRoom(c.kept, mostAnswers)
		c.kept[name] = answer
	} else if parts := strings.Split(r.URL.Path, "/"); len(parts) > 4 {
		asset := strings.Join(parts[:5], "/")
		maps.DeleteFunc(c.kept, func(kept string, _ *recording) bool { return strings.HasPrefix(kept, asset) })
	}
	c.mu.Unlock()
	if !answer.isPassed {
		answer.writeTo(w)
	}
}
