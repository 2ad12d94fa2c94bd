package traffic

import (
	"maps"
	"slices"
	"time"
)

// tally counts what callers met and broke, also of what a journal keeps no more.
type tally map[string]*counts // by caller

// counts is what one caller did.
type counts struct {
	requests, wrong int
	unlike          int // answers that are not as the document has them
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

// How much is counted apart; what goes beyond is counted with others.
const (
	mostCallers  = 1000
	mostFindings = 500
)

// others are the callers that are too many to be counted apart.
const others = "others"

func (t *tally) count(e Entry) {
	if e.Endpoint == "" && len(e.ByClient) == 0 {
		return // it is nothing of the document's
	}
	if *t == nil {
		*t = tally{}
	}
	caller := e.Caller
	if _, isKnown := (*t)[caller]; !isKnown && len(*t) >= mostCallers {
		caller = others
	}
	c := (*t)[caller]
	if c == nil {
		c = &counts{met: map[string]int{}, broken: map[Finding]*offences{}, answers: map[Finding]*offences{}}
		(*t)[caller] = c
	}
	c.requests++
	c.spans(e.At, e.At.Add(e.Took))
	c.wrong += min(len(e.ByClient), 1)
	c.unlike += min(len(e.ByServer), 1)
	for _, fact := range e.Facts {
		c.met[fact]++
	}
	c.offend(c.broken, e.ByClient, e)
	c.offend(c.answers, e.ByServer, e)
}

func (c *counts) spans(from, to time.Time) {
	if c.first.IsZero() || from.Before(c.first) {
		c.first = from
	}
	if to.After(c.last) {
		c.last = to
	}
}

func (c *counts) offend(of map[Finding]*offences, found []Finding, e Entry) {
	for _, f := range found {
		if of[f] == nil && len(of) >= mostFindings {
			f = Finding{f.Fact, "more", "wrong in further ways", "what the document says"}
		}
		if of[f] == nil {
			of[f] = &offences{first: e}
		}
		of[f].times++
	}
}

func (t *tally) forget(caller string) {
	if caller == "" {
		*t = nil
		return
	}
	delete(*t, caller)
}

// of gives the counts of a caller, or of all.
func (t tally) of(caller string) counts {
	sum := counts{met: map[string]int{}, broken: map[Finding]*offences{}, answers: map[Finding]*offences{}}
	for _, name := range slices.Sorted(maps.Keys(t)) {
		if caller != "" && caller != name {
			continue
		}
		c := t[name]
		sum.requests += c.requests
		sum.wrong += c.wrong
		sum.unlike += c.unlike
		sum.spans(c.first, c.last)
		for fact, n := range c.met {
			sum.met[fact] += n
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
