package mock

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/tidwall/gjson"
)

// Control is the API of the levers, for a listener of its own: GET /openapi.json describes
// it. Bodies are JSON, also in name, which no form of a browser can send.
func (m *Mock) Control() http.Handler {
	mux := http.NewServeMux()
	methods := map[string][]string{}
	for pattern, handler := range m.handlers() {
		mux.Handle(pattern, handler)
		method, path, _ := strings.Cut(pattern, " ")
		methods[path] = append(methods[path], method)
	}
	for path, allowed := range methods { // ServeMux would answer in plain text
		slices.Sort(allowed)
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", strings.Join(allowed, ", "))
			refuse(w, refused(http.StatusMethodNotAllowed, "there is no %s of %s; there is %s", r.Method, path, strings.Join(allowed, ", ")))
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, refused(http.StatusNotFound, "there is no %s %s here; GET /openapi.json tells what there is", r.Method, r.URL.Path))
	})
	return mux
}

// handlers are those of the API, by their patterns.
func (m *Mock) handlers() map[string]http.Handler {
	all := map[string]http.Handler{
		"POST /states":        http.HandlerFunc(m.postStates),
		"GET /journal":        http.HandlerFunc(m.getJournal),
		"GET /journal/stream": http.HandlerFunc(m.streamJournal),
		"GET /client":         http.HandlerFunc(m.getClient),
		"GET /openapi.json":   http.HandlerFunc(getOpenAPI),
		"GET /{$}":            http.HandlerFunc(m.getPage),
	}
	for pattern, lever := range map[string]lever{
		"POST /reset":         m.postReset,
		"POST /seed":          m.postSeed,
		"GET /snapshot":       m.getSnapshot,
		"PUT /snapshot":       m.putSnapshot,
		"GET /clock":          func(*http.Request) (any, error) { return m.clock.shown(), nil },
		"PUT /clock":          m.putClock,
		"POST /clock/advance": m.postAdvance,
		"GET /keys":           m.getKeys,
		"POST /keys":          m.postKeys,
		"GET /rules":          m.getRules,
		"POST /rules":         m.postRules,
		"DELETE /rules":       m.deleteRules,
		"DELETE /rules/{id}":  m.deleteRule,
		"GET /faults":         func(*http.Request) (any, error) { return faultList{m.faults()}, nil },
		"PUT /faults":         m.putFaults,
		"DELETE /journal":     m.deleteJournal,
		"GET /about":          m.getAbout,
		"GET /document.json":  getDocument,
	} {
		all[pattern] = m.answered(lever)
	}
	return all
}

// postStates is the reference's, with the faults that it has now.
func (m *Mock) postStates(w http.ResponseWriter, r *http.Request) {
	m.serving.Load().server.Control().ServeHTTP(w, r)
}

// lever works one; what it gives is the answer, nil for {}.
type lever func(*http.Request) (any, error)

// patience is how long a lever may take.
const patience = 30 * time.Second

func (m *Mock) answered(l lever) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		body, err := l(r.WithContext(ctx))
		if err != nil {
			m.refuse(w, r, err)
			return
		}
		if body == nil {
			body = struct{}{}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(body) // the client is gone; there is nobody to tell
	})
}

// refuse answers an error; what is none of the caller's is logged.
func (m *Mock) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if _, isRefusal := errors.AsType[*refusal](err); !isRefusal {
		switch {
		case reference.HungUp(r, err):
			err = refused(reference.StatusHungUp, "the client hung up")
		case errors.Is(err, reference.ErrFull):
			err = refused(http.StatusInsufficientStorage, "there is no room for so much: %v", err)
		default:
			m.log.ErrorContext(r.Context(), "a lever failed", "lever", r.Pattern, "error", err)
			err = refused(http.StatusInternalServerError, "the lever failed; the log says why")
		}
	}
	refuse(w, err)
}

func refuse(w http.ResponseWriter, err error) {
	refused, _ := errors.AsType[*refusal](err)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(refused.status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": refused.text}) // the client is gone; there is nobody to tell
}

// Limits of bodies, in bytes.
const (
	longestOrder = 1 << 20
	longestRows  = 256 << 20
)

// taken gives the body of a request that is JSON by name.
func taken(r *http.Request, limit int64) ([]byte, error) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, refused(http.StatusUnsupportedMediaType, "Content-Type must be application/json")
	}
	text, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, limit))
	if _, isLong := errors.AsType[*http.MaxBytesError](err); isLong {
		return nil, refused(http.StatusRequestEntityTooLarge, "the body is longer than %d bytes", limit)
	}
	if err != nil {
		return nil, wrong("the body can't be read: %v", err)
	}
	return text, nil
}

// ordered reads what a request orders; with nothing said, the zero value.
func ordered[T any](r *http.Request) (order T, err error) {
	text, err := taken(r, longestOrder)
	if err != nil || len(text) == 0 {
		return order, err
	}
	return decodedStrictly[T](text)
}

func (m *Mock) postReset(r *http.Request) (any, error) {
	if r.ContentLength == 0 { // curl -X POST says nothing, and resets all
		return nil, m.reset(r.Context())
	}
	text, err := taken(r, longestOrder)
	if err != nil {
		return nil, err
	}
	who, err := decodedStrictly[control.Reset](text)
	if err != nil {
		return nil, err
	}
	given := gjson.GetManyBytes(text, "api_key", "user")
	switch hasKey, hasUser := given[0].Exists(), given[1].Exists(); {
	case hasKey && hasUser:
		return nil, wrong("give one of api_key and user, or neither to reset all")
	case !hasKey && !hasUser:
		return nil, m.reset(r.Context())
	case who.APIKey == "" && who.User == "": // a variable that was not set must not take everybody's
		return nil, wrong("the caller is empty; give a key or an e-mail address, or neither to reset all")
	}
	return nil, m.resetCaller(r.Context(), who)
}

func (m *Mock) putClock(r *http.Request) (any, error) {
	to, err := ordered[control.Clock](r)
	if err == nil && to.Now.IsZero() {
		err = wrong(`give "now", such as "2026-01-31T12:00:00Z"`)
	}
	if err != nil {
		return nil, err
	}
	m.clock.set(to)
	return m.clock.shown(), m.Purge(r.Context())
}

func (m *Mock) postAdvance(r *http.Request) (any, error) {
	by, err := ordered[control.Advance](r)
	const most = 200 * 365 * 24 * time.Hour
	if err == nil && (by.Days < 0 || by.Hours < 0 || by.Minutes < 0 || by.Seconds < 0 || by.Days > 36_500 || by.Duration() > most || by.Duration() <= 0) {
		err = wrong("give days, hours, minutes or seconds above 0, up to a hundred years; PUT /clock sets the clock back")
	}
	if err != nil {
		return nil, err
	}
	m.clock.advance(by.Duration())
	return m.clock.shown(), m.Purge(r.Context())
}
