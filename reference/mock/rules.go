package mock

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference/control"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// mostRules is how many there may be at once.
const mostRules = 10_000

// rules are those of a mock, the newest first. It is safe for concurrent use.
type rules struct {
	mu   sync.Mutex
	all  []*rule
	made int
	any  atomic.Bool // whether there are some, so that a request without looks no further
}

// rule is one with what it has done.
type rule struct {
	control.Rule
	seen   int // matching requests
	chance *rand.Rand
}

// asked is what of a request rules are about.
type asked struct {
	user    string // the caller's e-mail address; "" without a known key
	request *http.Request

	isPlaced          bool
	endpoint, assetID string // once a rule wants to know
}

// place gives the endpoint as documented, "" where it is to none, and the asset.
func (a *asked) place() (endpoint, assetID string) {
	if !a.isPlaced {
		a.endpoint, a.assetID = traffic.EndpointOf(a.request)
		a.isPlaced = true
	}
	return a.endpoint, a.assetID
}

// answering is what a rule does to one request.
type answering struct {
	control.Rule
	wait time.Duration
}

func (r *rules) add(added control.Rule) (control.Rule, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.all) >= mostRules {
		return added, refused(507, "there are %d rules, and there may be no more: remove some", mostRules)
	}
	r.made++
	added.ID, added.Hits, added.APIKey = "rule-"+strconv.Itoa(r.made), 0, ""
	r.all = slices.Insert(r.all, 0, &rule{Rule: added, chance: rand.New(rand.NewPCG(added.Seed, 0))}) // #nosec G404 -- delays that can be had again, no secrets
	r.any.Store(true)
	return added, nil
}

// list gives the rules, the newest first.
func (r *rules) list() []control.Rule {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]control.Rule, len(r.all))
	for i, rule := range r.all {
		all[i] = rule.Rule
	}
	return all
}

// remove removes those that are meant, and tells how many.
func (r *rules) remove(isMeant func(control.Rule) bool) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := len(r.all)
	r.all = slices.DeleteFunc(r.all, func(rule *rule) bool { return isMeant(rule.Rule) })
	r.any.Store(len(r.all) > 0)
	return before - len(r.all)
}

// match gives the newest rule that answers a request. All that match count it.
func (r *rules) match(a *asked) (answering, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found *rule
	for _, rule := range r.all {
		if !rule.matches(a) {
			continue
		}
		rule.seen++
		if found == nil && rule.isDue() {
			found = rule
		}
	}
	if found == nil {
		return answering{}, false
	}
	found.Hits++
	return answering{found.Rule, found.wait()}, true
}

func (r *rule) matches(a *asked) bool {
	if !r.Everyone && (r.User != a.user || a.user == "") {
		return false
	}
	if r.Endpoint == "" && r.AssetID == "" {
		return true
	}
	endpoint, assetID := a.place()
	return (r.Endpoint == "" || fixtures.Glob(r.Endpoint, endpoint)) && (r.AssetID == "" || r.AssetID == assetID)
}

// isDue tells whether it is the rule's turn.
func (r *rule) isDue() bool {
	times := r.Times
	if r.Call > 0 && times == 0 {
		times = 1
	}
	return r.seen >= r.Call && (times == 0 || r.Hits < times)
}

func (r *rule) wait() time.Duration {
	ms := r.DelayMS
	if r.DelayUpToMS > ms {
		ms += r.chance.IntN(r.DelayUpToMS - ms + 1)
	}
	return time.Duration(ms) * time.Millisecond
}

// longestDelay is shorter than the server and most clients wait.
const longestDelay = 25 * time.Second

// refusal is an answer of the control API that is none of success.
type refusal struct {
	status int
	text   string
}

func (e *refusal) Error() string { return e.text }

func refused(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...)}
}
