package traffic

import (
	"bytes"
	"maps"
	"slices"
	"time"
)

// tally counts what callers met and broke, also of what a journal keeps no more.
type tally struct {
	callers  map[string]*counts
	findings int // of all, which are kept with an exchange each
}

// counts is what one caller did.
type counts struct {
	requests, wrong int
	answered        int            // by the server itself
	shown           map[string]int // by fact, of what it answered
	unlike          int            // answers that are not as the document has them
	first, last     time.Time
	met             map[string]int        // by fact
	broken          map[Finding]*offences // of requests, and of answers
	answers         map[Finding]*offences
}

// offences are exchanges that broke one fact in one way.
type offences struct {
	times int
	first Entry
}

// How much is counted apart; what goes beyond is counted with others. Of an exchange so
// many bytes of a body are kept.
const (
	mostCallers  = 1000
	mostFindings = 5000
	mostOfBody   = 4 << 10
)

// others are the callers that are too many to be counted apart.
const others = "others"

// count takes in an entry; of a mock, nobody asks what its own answers show.
func (t *tally) count(e Entry, isMock bool) {
	if e.Endpoint == "" && len(e.ByClient) == 0 {
		return // it is nothing of the document's
	}
	if t.callers == nil {
		t.callers = map[string]*counts{}
	}
	caller := e.Caller
	if _, isKnown := t.callers[caller]; !isKnown && len(t.callers) >= mostCallers {
		caller = others
	}
	c := t.callers[caller]
	if c == nil {
		c = &counts{met: map[string]int{}, shown: map[string]int{}, broken: map[Finding]*offences{}, answers: map[Finding]*offences{}}
		t.callers[caller] = c
	}
	c.requests++
	c.spans(e.At, e.At.Add(e.Took))
	c.wrong += min(len(e.ByClient), 1)
	c.unlike += min(len(e.ByServer), 1)
	for _, fact := range e.Facts {
		c.met[fact]++
	}
	if !isMock && e.Status != 0 && e.Failure == "" {
		c.answered++
		for _, fact := range e.Facts {
			c.shown[fact]++
		}
	}
	t.offend(c.broken, e.ByClient, e)
	t.offend(c.answers, e.ByServer, e)
}

func (t *tally) offend(of map[Finding]*offences, found []Finding, e Entry) {
	for _, f := range found {
		if of[f] == nil && t.findings >= mostFindings {
			f = Finding{f.Fact, "more", "wrong in further ways", "what the document says"}
		}
		if of[f] == nil {
			of[f] = &offences{first: e.beginning()}
			t.findings++
		}
		of[f].times++
	}
}

// beginning is as much of an entry as is kept beyond the journal's own time.
func (e Entry) beginning() Entry {
	e.Exchange = new(*e.Exchange)
	e.Header, e.AnswerHead = e.Header.Clone(), nil
	for name := range e.Header {
		if name != contentType && !secretive.MatchString(name) {
			delete(e.Header, name)
		}
	}
	e.Body, e.IsCut = beginning(e.Body, e.IsCut)
	e.Answer, e.AnswerIsCut = beginning(e.Answer, e.AnswerIsCut)
	return e
}

func beginning(body []byte, isCut bool) ([]byte, bool) {
	if len(body) <= mostOfBody {
		return bytes.Clone(body), isCut
	}
	return bytes.Clone(body[:mostOfBody]), true
}

func (c *counts) spans(from, to time.Time) {
	if c.first.IsZero() || from.Before(c.first) {
		c.first = from
	}
	if to.After(c.last) {
		c.last = to
	}
}

func (t *tally) forget(caller string) {
	if caller == "" {
		*t = tally{}
		return
	}
	if c := t.callers[caller]; c != nil {
		t.findings -= len(c.broken) + len(c.answers)
		delete(t.callers, caller)
	}
}

// of gives the counts of a caller, or of all.
func (t tally) of(caller string) counts {
	sum := counts{met: map[string]int{}, shown: map[string]int{}, broken: map[Finding]*offences{}, answers: map[Finding]*offences{}}
	for _, name := range slices.Sorted(maps.Keys(t.callers)) {
		if caller != "" && caller != name {
			continue
		}
		c := t.callers[name]
		sum.requests += c.requests
		sum.wrong += c.wrong
		sum.unlike += c.unlike
		sum.spans(c.first, c.last)
		sum.answered += c.answered
		for fact, n := range c.met {
			sum.met[fact] += n
		}
		for fact, n := range c.shown {
			sum.shown[fact] += n
		}
		sum.add(sum.broken, c.broken)
		sum.add(sum.answers, c.answers)
	}
	return sum
}

func (counts) add(to, from map[Finding]*offences) {
	for f, o := range from {
		switch all := to[f]; {
		case all == nil:
			to[f] = new(*o)
		case o.first.Number < all.first.Number:
			all.times, all.first = all.times+o.times, o.first
		default:
			all.times += o.times
		}
	}
}
