package steps

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// What a line of a ledger tells.
const (
	eventRun     = "run"     // one begins; its target
	eventAsks    = "asks"    // a request that makes something is about to be sent
	eventRefused = "refused" // and made nothing
	eventMade    = "made"    // and made this
	eventTrashed = "trashed"
	eventRemoved = "removed"
)

// entry is a line of a ledger, a JSON object.
type entry struct {
	Event   string    `json:"event"`
	Run     string    `json:"run"` // several may write in one file
	At      time.Time `json:"at"`
	Target  string    `json:"target,omitempty"`
	Request int       `json:"request,omitempty"` // the number of what asks
	Asset   string    `json:"asset,omitempty"`
	Comment string    `json:"comment,omitempty"`
	By      string    `json:"by,omitempty"` // the variable of the key
}

// journal writes down what a run makes on the target, at once, for one that does not
// come to its clean-up.
type journal struct {
	session *session
	run     string

	mu      sync.Mutex
	to      io.Writer // nil: nobody wants to know
	begun   bool
	last    int
	removed map[string]bool // assets
}

func newJournal(s *session, to io.Writer) *journal {
	return &journal{session: s, run: rand.Text(), to: to, removed: map[string]bool{}}
}

// write appends a line, the first after one that tells of the run. Whoever gave the
// file knows why one can't be written.
func (j *journal) write(e entry) {
	if !j.begun {
		j.begun = true
		j.write(entry{Event: eventRun, Target: j.session.URL})
	}
	e.Run, e.At = j.run, time.Now().UTC()
	line, _ := json.Marshal(e) // texts and numbers always encode
	_, _ = io.WriteString(j.to, j.session.redact.Text(string(line))+"\n")
}

// deed is what a request does to an asset or a comment, if it does what it says.
type deed struct{ event, asset, comment string }

// deedOf reads what a request does.
func (s *session) deedOf(e *wire.Exchange) deed {
	path, isAPI := strings.CutPrefix(e.URL.String(), s.URL+"/api/v2/assets")
	if !isAPI || e.States {
		return deed{}
	}
	path, _, _ = strings.Cut(path, "?")
	words := strings.Split(path, "/")[1:]
	for i := range words {
		words[i], _ = url.PathUnescape(words[i]) // the suite escaped it
	}
	switch shape := len(words); {
	case e.Method == http.MethodPost && path == "":
		return deed{event: eventMade}
	case e.Method == http.MethodPost && shape == 2 && words[1] == "comments":
		return deed{eventMade, words[0], ""}
	case e.Method == http.MethodPost && shape == 2 && words[1] == "trash_bin":
		return deed{eventTrashed, words[0], ""}
	case e.Method == http.MethodDelete && shape == 1:
		return deed{eventRemoved, words[0], ""}
	case e.Method == http.MethodDelete && shape == 3 && words[1] == "comments":
		return deed{eventRemoved, words[0], words[2]}
	}
	return deed{}
}

// asks notes a request that makes something, before it is sent; the number is for its
// answer.
func (j *journal) asks(e *wire.Exchange) int {
	d := j.session.deedOf(e)
	if j.to == nil || d.event != eventMade {
		return 0
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	j.write(entry{Event: eventAsks, Request: j.last, Asset: d.asset, By: e.Key.Variable})
	return j.last
}

// answered notes what a request did, before anything is done with its answer.
func (j *journal) answered(e *wire.Exchange, request int) {
	if j.to == nil {
		return
	}
	d, ok := j.session.deedOf(e), e.Failure == nil && e.Status >= 200 && e.Status < 300
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case d.event == eventMade:
		j.made(e, d, ok, request)
	case d.event != "" && ok:
		j.removed[d.asset] = d.event == eventRemoved && d.comment == ""
		j.write(entry{Event: d.event, Asset: d.asset, Comment: d.comment})
	}
}

// gone notes an asset that is not there any more, whoever removed it.
func (j *journal) gone(asset string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.to != nil && !j.removed[asset] {
		j.removed[asset] = true
		j.write(entry{Event: eventRemoved, Asset: asset})
	}
}

func (j *journal) made(e *wire.Exchange, d deed, ok bool, request int) {
	line := entry{Event: eventMade, Request: request, Asset: d.asset, By: e.Key.Variable}
	into, path := &line.Asset, anAssetID.path
	if d.asset != "" {
		into, path = &line.Comment, aCommentID.path
	}
	id, found := idOf(e, path)
	switch {
	case ok && found:
		*into = id
		j.write(line)
	case !e.Sent, !ok && e.Failure == nil && e.Trouble() == "", e.Trouble().Refused():
		j.write(entry{Event: eventRefused, Request: request})
	}
}
