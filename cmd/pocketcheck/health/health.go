// Package health tells whether a server can do its work, and what it lacks, to those who
// start, stop and watch it.
package health

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// What a [Report] and each of its checks may be.
const (
	OK          = "ok"
	Degraded    = "degraded"    // requests are answered, with less than there is else
	Unavailable = "unavailable" // requests would fail
)

// Patience is how long a report takes at most.
const Patience = 4 * time.Second

// Check is something that the server's work may need.
type Check struct {
	Name   string
	Needed bool // without it the server is unavailable, else degraded
	// Says is what a report has in place of an error's text, in which addresses may
	// stand; without it, it has that.
	Says string
	Ask  func(context.Context) error
}

// Report is what came of all checks.
type Report struct {
	Status string           `json:"status"`
	Checks map[string]State `json:"checks"`
}

// State is what came of one check.
type State struct {
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
}

// Health asks all checks, at once. It is safe for concurrent use.
type Health struct {
	serving context.Context // until it ends
	log     *slog.Logger
	checks  []Check
	asking  singleflight.Group // whoever asks, and how often, costs one round of checks at a time

	mu   sync.Mutex
	last map[string]string // the status of each check, for the log to tell of changes
}

// New gives the health of a server that serves until a context ends. What a check finds is
// told to the log when it changes.
func New(serving context.Context, log *slog.Logger, checks ...Check) *Health {
	return &Health{serving: serving, log: log, checks: checks, last: map[string]string{}}
}

// Report asks, within Patience, also where the one who wants to know goes meanwhile.
func (h *Health) Report() Report {
	if h.serving.Err() != nil {
		return Report{Unavailable, map[string]State{"server": {Unavailable, "it is about to end"}}}
	}
	report, _, _ := h.asking.Do("", func() (any, error) { return h.ask(), nil })
	return report.(Report)
}

func (h *Health) ask() Report {
	ctx, cancel := context.WithTimeout(context.Background(), Patience-Patience/4)
	defer cancel()
	errs := make([]error, len(h.checks))
	var asking sync.WaitGroup
	for i, c := range h.checks {
		asking.Go(func() { errs[i] = c.Ask(ctx) })
	}
	asking.Wait()
	report := Report{OK, map[string]State{}}
	for i, c := range h.checks {
		state := c.state(errs[i])
		report.Checks[c.Name] = state
		if state.Status == Unavailable || state.Status == Degraded && report.Status == OK {
			report.Status = state.Status
		}
		h.tell(c.Name, state.Status, errs[i])
	}
	return report
}

func (c Check) state(err error) State {
	switch {
	case err == nil:
		return State{Status: OK}
	case c.Says == "":
		c.Says = err.Error()
	}
	if c.Needed {
		return State{Unavailable, c.Says}
	}
	return State{Degraded, c.Says}
}

// tell logs what has changed since it was asked before.
func (h *Health) tell(name, status string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	before, wasAsked := h.last[name]
	h.last[name] = status
	switch {
	case status == before || !wasAsked && status == OK:
	case status == OK:
		h.log.Info("it is well again", "check", name)
	default:
		h.log.Warn("something is wrong", "check", name, "status", status, "error", err)
	}
}

// ServeHTTP answers with a report: 503 where the server is unavailable, else 200.
func (h *Health) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	report := h.Report()
	code := http.StatusOK
	if report.Status == Unavailable {
		code = http.StatusServiceUnavailable
	}
	write(w, code, report)
}

// Alive answers that the process does.
func Alive(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusOK, map[string]string{"status": OK})
}

func write(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body) // the client is gone; there is nobody to tell
}
