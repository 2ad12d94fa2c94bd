package crashtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tidwall/gjson"
)

// load is writers that all call the same references.
type load struct {
	references []string // their URLs
	seed       uint64
	patience   time.Duration // for an answer
	pause      time.Duration // at most, between two requests of a writer
	shared     []*assetRecord
	contest    atomic.Int64 // the last that all writers were to join

	found   findings
	counted struct{ requests, acknowledged, refused, unknown, reads atomic.Int64 }
	mu      sync.Mutex
	slowest time.Duration
	settled time.Time // from when on no request that was not answered has an effect
}

// note keeps how long an answer took, if there is one, and what that means.
func (l *load) note(sent, over time.Time, isAnswered bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.slowest = max(l.slowest, over.Sub(sent))
	if until := over.Add(abandoned); !isAnswered && until.After(l.settled) {
		l.settled = until
	}
}

func (l *load) String() string {
	c := &l.counted
	return fmt.Sprintf("%d requests, the slowest %s; writes: %d acknowledged, %d refused, %d unknown; reads: %d\n"+
		"lost: %d, resurrected: %d, half-written: %d, wrong answers: %d",
		c.requests.Load(), l.slowest.Round(time.Millisecond), c.acknowledged.Load(), c.refused.Load(), c.unknown.Load(), c.reads.Load(),
		len(l.found.of(lost)), len(l.found.of(resurrected)), len(l.found.of(halfWritten)), len(l.found.of(wrong)))
}

// writer calls the references one request at a time. It alone writes its assets.
type writer struct {
	*load
	number int
	random *rand.Rand
	http   *http.Client
	record record
	living []*assetRecord
	names  int // given so far
	retry  string
	joined int64
	failed int         // how many of the last requests
	only   *int        // the reference that it calls, if not all
	shuns  []time.Time // until when, for each reference
}

func (l *load) writer(number int) *writer {
	return &writer{
		load: l, number: number,
		random: rand.New(rand.NewPCG(l.seed, uint64(number))),
		http:   &http.Client{Transport: &http.Transport{}},
		shuns:  make([]time.Time, len(l.references)),
	}
}

// name is a text that nobody else has.
func (w *writer) name(of string) string {
	w.names++
	return fmt.Sprintf("%s %d-%d", of, w.number, w.names)
}

// outcome is what became of a request.
type outcome int

const (
	acknowledged outcome = iota
	refused
	unknown
)

// request is one write or read, and how the record goes on from it.
type request struct {
	name         string
	method, path string
	body         any
	asset        *assetRecord // whose lock the rest needs; nil for none
	reads        bool
	refusals     []refusal
	// done is what a 200 means; false if it is not the document's.
	done func(answer gjson.Result, sent time.Time) bool
	// maybe is what it means that the outcome of a write is unknown; if it is
	// nil, nothing.
	maybe func(until time.Time)
}

// refusal is a documented one. It tells that a register has a value.
type refusal struct {
	status   int
	text     string
	register *register // nil: the check at the end tells whether it may be
	value    string
}

// shunned is how long a writer leaves a reference alone that broke a connection.
const shunned = 300 * time.Millisecond

// reference chooses one to call.
func (w *writer) reference() int {
	if w.only != nil {
		return *w.only
	}
	to := w.random.IntN(len(w.references))
	if time.Now().Before(w.shuns[to]) {
		to = (to + 1) % len(w.references)
	}
	return to
}

func (w *writer) send(q request) outcome {
	to := w.reference()
	sent := time.Now()
	status, text, err := w.exchange(w.references[to], q)
	answered := time.Now()
	w.note(sent, answered, err == nil)
	if q.asset != nil {
		q.asset.mu.Lock()
		defer q.asset.mu.Unlock()
	}
	result := w.judge(q, status, text, err, sent)
	w.failed++
	if result != unknown {
		w.failed = 0
	}
	if err != nil {
		w.shuns[to] = answered.Add(shunned)
		answered = answered.Add(abandoned)
	}
	if result == unknown && q.maybe != nil {
		q.maybe(answered)
	}
	w.count(q, result)
	return result
}

// judge tells what became of a request, and finds what may not become of it.
func (w *writer) judge(q request, status int, text []byte, err error, sent time.Time) outcome {
	answer := gjson.ParseBytes(text)
	what := fmt.Sprintf("%s: %s %s, sent %s: %d %s", q.name, q.method, q.path, sent.Format(clock), status, text)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		w.found.add(wrong, "no answer within %s to %s", w.patience, what)
		return unknown
	case err != nil:
		return unknown
	case status == http.StatusInternalServerError && answer.Get("error").String() != "":
		return unknown
	case status == http.StatusOK && !answer.Get("error").Exists():
		if !q.done(answer, sent) {
			w.found.add(wrong, "%s", what)
		}
		return acknowledged
	}
	said := slices.IndexFunc(q.refusals, func(r refusal) bool {
		return r.status == status && r.text == answer.Get("error").String()
	})
	if said < 0 {
		w.found.add(wrong, "%s", what)
	} else if r := q.refusals[said]; r.register != nil && !r.register.saw(r.value, sent) {
		w.found.add(lost, "%s, though that may only be %q", what, r.register.values())
	}
	return refused
}

// exchange gives the answer of a reference, or why there is none.
func (w *writer) exchange(reference string, q request) (status int, text []byte, err error) {
	var body io.Reader = http.NoBody
	if q.body != nil {
		encoded, err := json.Marshal(q.body)
		if err != nil {
			return 0, nil, err
		}
		body = bytes.NewReader(encoded)
	}
	ctx, cancel := context.WithTimeout(context.Background(), w.patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, q.method, reference+"/api/v2/assets"+q.path, body)
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-API-KEY", key)
	answer, err := w.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = answer.Body.Close() }() // what was read is all that is needed
	text, err = io.ReadAll(answer.Body)
	return answer.StatusCode, text, err
}

func (w *writer) count(q request, o outcome) {
	w.counted.requests.Add(1)
	if q.reads {
		w.counted.reads.Add(1)
		return
	}
	[]*atomic.Int64{&w.counted.acknowledged, &w.counted.refused, &w.counted.unknown}[o].Add(1)
}

// until sends one request after the other until stop is closed. The more of them
// failed, the longer it waits.
func (w *writer) until(stop <-chan struct{}) {
	for {
		pause := w.pause << min(w.failed, 5)
		select {
		case <-time.After(time.Duration(w.random.Int64N(int64(pause) + 1))):
			w.next()
		case <-stop:
			return
		}
	}
}
