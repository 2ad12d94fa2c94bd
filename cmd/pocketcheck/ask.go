package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// reply is what came of a request of the doctor's.
type reply struct {
	*wire.Exchange
	tls   *tls.ConnectionState
	ended time.Time
}

// unknownID is the id of an asset that is not there.
var unknownID = path.Base(wire.UnknownAsset)

const getAsset = "GET /api/v2/assets/:asset_id"

// ask sends the GET that tells most.
func (d *doctor) ask(ctx context.Context, key pocketcheck.Key) (*reply, error) {
	return d.askFor(ctx, key, getAsset, wire.UnknownAsset)
}

// askFor asks an endpoint of the document at a path.
func (d *doctor) askFor(ctx context.Context, key pocketcheck.Key, endpoint, path string) (*reply, error) {
	return d.send(ctx, &wire.Exchange{
		Method: http.MethodGet, URL: wire.Literal(d.target.URL + path), Key: wire.Credential{Key: key}, Operation: endpoint,
	})
}

func (d *doctor) request(ctx context.Context, e *wire.Exchange) (*http.Request, error) {
	req, err := http.NewRequestWithContext(e.Within(ctx), e.Method, e.URL.String(), strings.NewReader(e.Body.String()))
	if err != nil {
		return nil, err
	}
	maps.Copy(req.Header, wire.Connection{Header: d.target.Header, StatesHeader: d.target.StatesHeader}.HeaderOf(e))
	req.Header.Set("Content-Type", "application/json")
	if key := e.Key.Key.Reveal(); key != "" {
		req.Header.Set("X-API-KEY", key)
	}
	return req, nil
}

// await waits until the target answers at all, where that is asked for.
func (d *doctor) await(ctx context.Context) error {
	if d.options.Wait == 0 {
		return nil
	}
	e := &wire.Exchange{Method: http.MethodGet, URL: wire.Literal(d.target.URL + wire.UnknownAsset), Key: wire.Credential{Key: d.target.Key}}
	err := d.client.Answers(ctx, func(ctx context.Context) (*http.Request, error) { return d.request(ctx, e) }, d.options.Wait)
	switch {
	case errors.Is(err, wire.ErrInterrupted):
		return errInterrupted
	case err == nil, errors.Is(err, wire.ErrGateway):
		return err
	}
	return fmt.Errorf("no answer within %v: %w", d.options.Wait, unanswered(errors.Unwrap(err)))
}

// send sends a request as a run would. The error tells of what says nothing of the
// target, also where there is an answer: trouble that stays. It has nothing that the
// target said, which may be a key, and no URL: that of the states may have a token.
func (d *doctor) send(ctx context.Context, e *wire.Exchange) (*reply, error) {
	r := &reply{Exchange: e}
	req, err := d.request(ctx, e)
	if err != nil {
		return r, errors.New("it can't be asked")
	}
	res, err := d.client.Do(req)
	if err != nil {
		return r, unanswered(err)
	}
	r.tls, r.ended = res.TLS, time.Now()
	return r, r.told()
}

// told gives why a reply tells nothing of the target; nil where it does.
func (r *reply) told() error {
	switch t := r.Trouble(); {
	case r.Failure != nil:
		return unanswered(r.Failure)
	case t.Busy():
		return fmt.Errorf("%s stays the answer, which tells nothing yet; give a lower --rate", t)
	case t != "":
		return fmt.Errorf("%s stays the answer, which tells nothing yet", t)
	}
	return nil
}

var errInterrupted = errors.New("interrupted")

func unanswered(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, wire.ErrInterrupted) {
		return errInterrupted
	}
	return errors.New(wire.Plainly(err))
}
