package traffic

import (
	"encoding/json"
	"strconv"
	"sync"
)

// Judge says what the document says of exchanges, one after the other. It is safe for
// concurrent use.
type Judge struct {
	// SeesAll tells that all exchanges with a server come here from its start, so that a
	// cursor that none of them had was never given.
	SeesAll bool

	mu      sync.Mutex
	cursors map[string]bool // those that were given
}

// mostCursors is how many of those that were given are known. With so many, none is called invented.
const mostCursors = 100_000

// Judge judges one exchange. Those that come later may be about what it was given.
func (j *Judge) Judge(x Exchange) Judgement {
	r, wrong := taken(x)
	if r.operation == nil {
		return Judgement{ByClient: wrong}
	}
	v := Judgement{Endpoint: r.operation.called, ByClient: append(wrong, r.findings()...)}
	v.ByClient = append(v.ByClient, j.invented(r)...)
	v.ByServer = r.answered(len(v.ByClient) > 0)
	v.Facts = r.met()
	j.give(r)
	return v
}

// cursorParameter is that of the history; the document begins with 0.
const cursorParameter, firstCursor = "cursor", "0"

// invented tells of a cursor that was never given.
func (j *Judge) invented(r *request) []Finding {
	cursor, isGiven := r.path[cursorParameter]
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

// give remembers the cursor of an answer.
func (j *Judge) give(r *request) {
	if _, isHistory := r.path[cursorParameter]; !isHistory || !j.SeesAll {
		return
	}
	body, _ := decoded[struct {
		History struct {
			Next json.RawMessage `json:"next_cursor"`
		}
	}](r.Answer)
	cursor := string(body.History.Next)
	if text, isText := decoded[string](body.History.Next); isText {
		cursor = text
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if cursor == "" || cursor == "null" || j.cursors[cursor] || len(j.cursors) == mostCursors {
		return
	}
	if j.cursors == nil {
		j.cursors = map[string]bool{}
	}
	j.cursors[cursor] = true
}

// longestShown is how much of a text a finding has, in characters.
const longestShown = 60

// cut is a text as a finding has it: without half a key at its end.
func (x Exchange) cut(text string) string {
	if len(text) <= longestShown {
		return text
	}
	if runes := []rune(hiding(x)(text)); len(runes) > longestShown {
		return string(runes[:longestShown]) + "…"
	}
	return text
}
