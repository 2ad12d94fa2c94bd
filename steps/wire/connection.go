package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Connection is how the requests of a run reach what they ask, beside its URL.
type Connection struct {
	TLS                  *tls.Config
	Files                TLSFiles
	Header, StatesHeader http.Header // sent to the target and to the states URL; each value is as secret as a key
}

// TLSFiles name the PEM files that a [tls.Config] was read from. It does not keep
// them, and a script needs them.
type TLSFiles struct{ CA, Cert, Key string }

// HeaderOf gives the headers that go with a request.
func (c Connection) HeaderOf(e *Exchange) http.Header {
	if e.States {
		return c.StatesHeader
	}
	return c.Header
}

// Insecure tells that no certificate is checked.
func (c Connection) Insecure() bool { return c.TLS != nil && c.TLS.InsecureSkipVerify }

// ErrGateway is what a gateway answers in the place of a target that it does not reach.
var ErrGateway = errors.New("a gateway answers")

// longestPause is that between two looks for a target that does not answer yet.
const longestPause = time.Second

// gateways are what one answers that does not reach its target.
var gateways = []int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}

// Await sends requests, one after the other, until one is answered: by the target, not
// by a gateway that does not reach it. The error tells why none was within patience;
// it is [ErrInterrupted] where ctx ended before that.
func Await(ctx context.Context, transport http.RoundTripper, request func(context.Context) (*http.Request, error), timeout, patience time.Duration) error {
	patient, cancel := context.WithTimeoutCause(ctx, patience, timeoutError{patience})
	defer cancel()
	var last error
	for try := 0; ; try++ {
		err := answered(patient, transport, request, timeout)
		_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
		if err == nil || isCertificate { // which waiting does not change
			return nil
		}
		if last == nil || patient.Err() == nil { // the end of patience is no news
			last = err
		}
		switch isOver := !Sleep(patient, min(Pause(try), longestPause)); {
		case ctx.Err() != nil:
			return ErrInterrupted
		case isOver:
			return fmt.Errorf("no answer within %v: %w", patience, last)
		}
	}
}

func answered(ctx context.Context, transport http.RoundTripper, request func(context.Context) (*http.Request, error), timeout time.Duration) error {
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, timeoutError{timeout})
	defer cancel()
	r, err := request(ctx)
	if err != nil {
		return err
	}
	res, err := transport.RoundTrip(r)
	if err != nil {
		return cause(ctx, err)
	}
	_ = res.Body.Close() // that there is an answer says all
	if slices.Contains(gateways, res.StatusCode) {
		return fmt.Errorf("%w %s", ErrGateway, (&Exchange{Status: res.StatusCode}).StatusLine())
	}
	return nil
}

// Answers does so with the client's connections, always fresh ones.
func (c *Client) Answers(ctx context.Context, request func(context.Context) (*http.Request, error), patience time.Duration) error {
	return Await(ctx, c.connections.fresh, request, c.timeout, patience)
}
