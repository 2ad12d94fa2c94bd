package steps

import (
	"context"
	"net/http"
	"time"

	"github.com/gavv/httpexpect/v2"
)

// exchange is one request and what came back. The recorder fills the answer;
// nothing else sees the wire.
type exchange struct {
	method   string
	url      template
	key      credential
	body     template
	captures []capture // what later requests use of the answer
	states   bool      // a request to the states URL, not to the API
	once     bool      // it must not be sent twice, though it be a GET
	sent     bool      // it left, so it may have been carried out

	status   int
	answer   []byte
	took     time.Duration
	failure  error
	response *httpexpect.Response // for its assertions
}

// credential is the API key that a request carries.
type credential struct {
	key      Key
	variable string // the shell variable that holds it in a script; "" writes it out
}

// capture is a value of an answer that a script keeps in a shell variable.
type capture struct {
	variable string
	jq       string // "asset.id"
}

type exchangeKey struct{}

func withExchange(ctx context.Context, e *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, e)
}

func exchangeOf(ctx context.Context) *exchange {
	e, _ := ctx.Value(exchangeKey{}).(*exchange)
	return e
}

// name gives the request as a message names it.
func (e *exchange) name() string {
	if e.states {
		return e.method + " to the states URL" // which may have a token
	}
	return e.method + " " + e.url.String()
}

// show gives what a report may show of the exchange; text redacts and cuts.
func (e *exchange) show(text func(string) string) Exchange {
	shown := Exchange{
		Method: e.method, URL: text(e.url.String()), Body: text(e.body.String()),
		Key: e.key.variable, Status: e.status, Answer: text(string(e.answer)), Duration: e.took,
	}
	if e.states {
		shown.URL = "the states URL" // which may have a token
	}
	if e.failure != nil {
		shown.Answer = text(e.failure.Error())
	}
	return shown
}

// uncertain tells that a write may or may not have been carried out, so that its
// scenario must be tried again with fresh names: a repeated POST would fail on
// its own trace.
func (e *exchange) uncertain() bool {
	if e.method == http.MethodGet && !e.once {
		return false
	}
	return e.failure != nil || isGatewayTrouble(e.status)
}

func isGatewayTrouble(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable ||
		status == http.StatusGatewayTimeout
}
