package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Trouble is what keeps a request from the target's own answer, and so says nothing
// yet of whether the target conforms; "" where there is none.
type Trouble string

// The kinds of trouble that have no status.
const (
	unreached Trouble = "no connection" // the request never left
	lost      Trouble = "a lost connection"
	late      Trouble = "no answer in time"
)

// troubled are the statuses of a server, or of one between, that is busy or away.
var troubled = []int{
	http.StatusRequestTimeout, http.StatusTooManyRequests,
	http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// Trouble tells what an exchange met.
func (e *Exchange) Trouble() Trouble {
	switch {
	case e.Failure == nil && slices.Contains(troubled, e.Status):
		return Trouble(e.StatusLine())
	case e.Failure == nil, isNone(e.Failure):
		return ""
	case !e.Sent:
		return unreached
	case isTimeout(e.Failure):
		return late
	}
	return lost
}

// isNone tells of a failure that is the run's own, or the target's.
func isNone(err error) bool {
	return isTooMuch(err) || slices.ContainsFunc([]error{context.Canceled, ErrInterrupted, ErrReadOnly, ErrPath}, func(none error) bool { return errors.Is(err, none) })
}

// Busy tells of trouble that asks for fewer requests.
func (t Trouble) Busy() bool {
	return strings.HasPrefix(string(t), "429 ") || strings.HasPrefix(string(t), "503 ")
}

// Refused tells of trouble that certainly kept a request from being carried out.
func (t Trouble) Refused() bool {
	return t == unreached || strings.HasPrefix(string(t), "429 ") || strings.HasPrefix(string(t), "408 ")
}

// timeoutError says how long was waited.
type timeoutError struct{ after time.Duration }

func (t timeoutError) Error() string { return fmt.Sprintf("no whole answer within %v", t.after) }
func (timeoutError) Timeout() bool   { return true }

// neverLeft tells of a request that found no connection, or one whose other end refused
// it by an alert of TLS.
func neverLeft(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && (op.Op == "dial" || op.Op == alert)
}

// alert is what the net package calls an alert of the other end.
const alert = "remote error"

func isTimeout(err error) bool {
	t, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	return ok && t.Timeout()
}

// IsPage tells of an answer in HTML, where the document has JSON: a page, as gateways
// and frameworks give to people.
func (e *Exchange) IsPage() bool {
	if _, isJSON := e.JSON(); isJSON || e.Failure != nil {
		return false
	}
	return strings.HasPrefix(e.Header.Get("Content-Type"), "text/html") ||
		strings.HasPrefix(strings.TrimLeft(string(e.Answer[:min(len(e.Answer), 256)]), " \t\r\n\ufeff"), "<")
}
