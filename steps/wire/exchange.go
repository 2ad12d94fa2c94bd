package wire

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketcheck/pocketcheck/report"
	"github.com/tidwall/gjson"
)

// Exchange is one request and what came back. The [Client] fills in the answer;
// nothing else sees the wire.
type Exchange struct {
	Method   string
	URL      Template // whole
	Key      Credential
	Body     Template
	Captures []Capture // what later requests use of the answer
	States   bool      // a request to the states URL, not to the API
	Once     bool      // it must not be sent twice, though it be a GET
	Brief    bool      // the beginning of the answer is enough
	Share    *Share    // of the memory for answers
	// Operation is the endpoint that it is a request to, by a name that is the same
	// for each of them.
	Operation string

	Sent    bool        // it left, so it may have been carried out
	Status  int         // 0 without an answer
	Header  http.Header // of the answer
	Answer  []byte      // its body
	Took    time.Duration
	Waited  time.Duration // for its turn, and between its tries
	Failure error         // why there is no whole answer

	read   bool // whether it was looked whether the answer is JSON
	isJSON bool
	json   gjson.Result
}

// Credential is the API key that a request carries.
type Credential struct {
	Key      Key
	Variable string // the shell variable that holds it in a script; "" writes it out
}

// Capture is a value of an answer that a script keeps in a shell variable.
type Capture struct {
	Variable string
	Path     string // as jq writes it, without the dot: "asset.id"
}

type exchangeKey struct{}

// Within gives the context with which a request of e is sent through the client.
func (e *Exchange) Within(ctx context.Context) context.Context {
	return context.WithValue(ctx, exchangeKey{}, e)
}

func exchangeOf(ctx context.Context) *Exchange {
	e, _ := ctx.Value(exchangeKey{}).(*Exchange)
	return e
}

// Name gives the request as a message names it.
func (e *Exchange) Name() string {
	if e.States {
		return e.Method + " to the states URL" // which may have a token
	}
	return e.Method + " " + e.URL.String()
}

// StatusLine gives the status of the answer, as a message has it: "404 Not Found".
func (e *Exchange) StatusLine() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status)))
}

// JSON gives the body of the answer, where it is JSON in UTF-8. This comes before
// every use of gjson, which takes invalid input as it comes and follows nested
// values as deep as they go.
func (e *Exchange) JSON() (body gjson.Result, ok bool) {
	if !e.read {
		e.read, e.isJSON = true, json.Valid(e.Answer) && utf8.Valid(e.Answer)
		if e.isJSON {
			e.json = gjson.ParseBytes(e.Answer)
		}
	}
	return e.json, e.isJSON
}

// Forget lets go of all of the answer but its beginning.
func (e *Exchange) Forget(redact *Redactor) {
	e.Header, e.read, e.isJSON, e.json = nil, false, false, gjson.Result{}
	e.Answer = []byte(redact.Shorten(string(e.Answer[:min(len(e.Answer), 2*kept)])))
}

// Shown gives what a report may show of the exchange; text redacts and cuts.
func (e *Exchange) Shown(text func(string) string) report.Exchange {
	shown := report.Exchange{
		Method: e.Method, URL: text(e.URL.String()), Body: text(e.Body.String()),
		Key: e.Key.Variable, Status: e.Status, Answer: text(string(e.Answer)), Duration: e.Took,
	}
	if e.States {
		shown.URL = "the states URL" // which may have a token
	}
	if e.Failure != nil {
		shown.Answer = text(e.Failure.Error())
	}
	return shown
}
