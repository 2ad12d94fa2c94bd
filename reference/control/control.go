// Package control works the levers of a mock from Go: what `pocketcheck serve --control`
// offers by HTTP, typed. Its types are the bodies of that API.
package control

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Rule lets a mock answer some requests otherwise than the reference does. Of several that
// match a request the newest counts.
type Rule struct {
	ID string `json:"id,omitempty"` // given by the mock

	// Whose requests: those with a key, those of a user by the e-mail address, or
	// everyone's, also of those who have no key. One of them must be given.
	APIKey   string `json:"api_key,omitempty"` // never given back
	User     string `json:"user,omitempty"`
	Everyone bool   `json:"everyone,omitempty"`

	Endpoint string `json:"endpoint,omitempty"` // as documented, with globs: "POST *"; "": all
	AssetID  string `json:"asset_id,omitempty"` // in the path; "": any
	// Call is the matching request, counted from 1, from which on the rule answers.
	Call int `json:"call,omitempty"`
	// Times is how many requests it answers; 0: all, or one where Call is given.
	Times int `json:"times,omitempty"`

	// Fact is a documented answer of the endpoint: "comments.update.not-owner". With
	// Status alone it is the first documented one with the status, where there is one.
	Fact   string            `json:"fact,omitempty"`
	Status int               `json:"status,omitempty"`
	Body   json.RawMessage   `json:"body,omitempty"` // in place of the document's
	Text   *string           `json:"text,omitempty"` // a body that is not JSON
	Header map[string]string `json:"headers,omitempty"`
	// RetryAfter is what the header of this name says, in seconds.
	RetryAfter int `json:"retry_after,omitempty"`

	// DelayMS is how long the answer waits, in milliseconds: so long, or with DelayUpToMS
	// between the two, as Seed has it.
	DelayMS     int    `json:"delay_ms,omitempty"`
	DelayUpToMS int    `json:"delay_up_to_ms,omitempty"`
	Seed        uint64 `json:"seed,omitempty"`

	// Break is how the answer goes wrong on its way: one of Drop, Truncate, Malform.
	Break string `json:"break,omitempty"`

	Hits int `json:"hits"` // how many requests it has answered
}

// How an answer goes wrong on its way.
const (
	Drop     = "drop"     // the connection ends without an answer
	Truncate = "truncate" // it ends amid the body
	Malform  = "malform"  // the body is no JSON
)

// Clock is what the mock takes the time to be.
type Clock struct {
	Now time.Time `json:"now"`
	// Frozen tells that it stands still.
	Frozen bool `json:"frozen"`
}

// Advance is by how much a clock goes on.
type Advance struct {
	Days    int `json:"days,omitempty"`
	Hours   int `json:"hours,omitempty"`
	Minutes int `json:"minutes,omitempty"`
	Seconds int `json:"seconds,omitempty"`
}

// Duration is all of it.
func (a Advance) Duration() time.Duration {
	return time.Duration(a.Days)*24*time.Hour + time.Duration(a.Hours)*time.Hour +
		time.Duration(a.Minutes)*time.Minute + time.Duration(a.Seconds)*time.Second
}

// Caller is a user with a key.
type Caller struct {
	ID          int64    `json:"user_id,omitempty"`
	User        string   `json:"user,omitempty"` // the e-mail address
	APIKey      string   `json:"api_key,omitempty"`
	Permissions []string `json:"permissions"` // ACTIONS_VIEW, ACTIONS_START
}

// Reset names the caller whose rows go, by one of both.
type Reset struct {
	APIKey string `json:"api_key,omitempty"`
	User   string `json:"user,omitempty"` // the e-mail address
}

// Fault is a defect of the catalogue that the mock can have.
type Fault struct {
	Name string `json:"name"`
	Fact string `json:"fact"` // that it breaks
	On   bool   `json:"on"`
}

// Error is a refusal of the mock.
type Error struct {
	Status int
	Text   string
}

func (e *Error) Error() string {
	return fmt.Sprintf("the mock answers %d %s: %s", e.Status, http.StatusText(e.Status), e.Text)
}
