package traffic

import (
	"slices"
	"strconv"
	"sync"

	"github.com/tidwall/gjson"
)

// Judge says what the document says of exchanges, one after the other. It is safe for
// concurrent use.
type Judge struct {
	// SeesAll tells that all exchanges with a server come here from its start, so that a
	// cursor that none of them had was never given.
	SeesAll bool
	// ClientsOnly leaves the answers alone: they are those of a mock.
	ClientsOnly bool

	mu       sync.Mutex
	cursors  map[string]bool // those that were given
	assigned map[string]bool // the assets that have a project
}

// mostCursors is how many of those that were given are known. With so many, none is called invented.
const mostCursors = 100_000

// Judge judges one exchange. Those that come later may be about what it was given.
func (j *Judge) Judge(x *Exchange) Judgement {
	r, wrong := taken(x)
	if r.operation == nil {
		return Judgement{ByClient: wrong}
	}
	v := Judgement{Endpoint: r.operation.called, ByClient: append(wrong, r.findings()...)}
	v.ByClient = append(v.ByClient, j.invented(&r)...)
	if !j.ClientsOnly {
		v.ByServer = r.answered(len(v.ByClient) > 0)
	}
	v.Facts = j.since(&r, r.met())
	j.give(&r)
	return v
}

// Forget forgets what was before, as a server does that is reset. What clients have got
// from it they may still have.
func (j *Judge) Forget() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.assigned = nil
}

// The facts of which only what was before tells which it is.
const (
	assignedFact   = "project.assign.ok"
	reassignedFact = "project.assign.already-has-parent"
	unassignedFact = "project.unassign.ok"
)

// since tells a first assignment to a project from another.
func (j *Judge) since(r *request, facts []string) []string {
	first := slices.Index(facts, assignedFact)
	if first < 0 && !slices.Contains(facts, unassignedFact) || !j.SeesAll {
		return facts
	}
	asset := r.path[0].value
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case first < 0:
		delete(j.assigned, asset)
	case j.assigned[asset]:
		facts[first] = reassignedFact
	case len(j.assigned) < mostAssigned:
		if j.assigned == nil {
			j.assigned = map[string]bool{}
		}
		j.assigned[asset] = true
	}
	return facts
}

// mostAssigned is of how many assets it is known.
const mostAssigned = 100_000

// cursorParameter is that of the history; the document begins with 0.
const cursorParameter, firstCursor = "cursor", "0"

// invented tells of a cursor that was never given.
func (j *Judge) invented(r *request) []Finding {
	cursor, isGiven := r.cursor()
	if !j.SeesAll || !isGiven || cursor == firstCursor {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.cursors[cursor] || len(j.cursors) == mostCursors {
		return nil
	}
	return []Finding{{CursorFact, "the cursor", strconv.Quote(r.cut(cursor)) + ", which was never given", "0, or the next_cursor of an answer"}}
}

// cursor is that in the path of a request for a history.
func (r *request) cursor() (string, bool) {
	for _, v := range r.path {
		if v.name == cursorParameter {
			return v.value, true
		}
	}
	return "", false
}

// give remembers the cursor of an answer.
func (j *Judge) give(r *request) {
	if _, isHistory := r.cursor(); !isHistory || !j.SeesAll {
		return
	}
	next := gjson.GetBytes(r.Answer, "history.next_cursor")
	if cursor := next.String(); cursor != "" && next.Type != gjson.Null {
		j.mu.Lock()
		defer j.mu.Unlock()
		if j.cursors == nil {
			j.cursors = map[string]bool{}
		}
		if len(j.cursors) < mostCursors {
			j.cursors[cursor] = true
		}
	}
}

// longestShown is how much of a text a finding has, in characters.
const longestShown = 60

// cut is a text as a finding has it: without half a key at its end.
func (x *Exchange) cut(text string) string {
	if len(text) <= longestShown {
		return text
	}
	if runes := []rune(x.hidden.besides(x).text(text)); len(runes) > longestShown {
		return string(runes[:longestShown]) + "…"
	}
	return text
}
