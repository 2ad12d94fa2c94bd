package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

const (
	samples         = 5    // GETs that the latency is the median of
	requestsOfARun  = 1800 // of a full one, as a test counts them
	usualDeadline   = 10 * time.Minute
	tolerableSkew   = time.Minute
	certificateLeft = 14 * 24 * time.Hour
)

// doctor looks at a target without changing anything on it.
type doctor struct {
	target   pocketcheck.Target
	options  pocketcheck.Options
	known    *keyring
	client   *http.Client
	requests int // that a run sends
	findings []finding
}

func newDoctor(target pocketcheck.Target, options pocketcheck.Options, known *keyring) *doctor {
	target.URL = strings.TrimRight(target.URL, "/")
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig, transport.MaxResponseHeaderBytes = target.TLS, 1<<20
	return &doctor{target: target, options: options, known: known, requests: requestsOfARun, client: &http.Client{
		Transport: transport, Timeout: options.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// reply is what the target says to a GET of an asset that is not there.
type reply struct {
	status int
	header http.Header
	body   []byte
	tls    *tls.ConnectionState
	sent   time.Time
	took   time.Duration
}

func (r *reply) String() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", r.status, http.StatusText(r.status)))
}

// exchange gives the reply as a run would have it.
func (r *reply) exchange(target string) *wire.Exchange {
	return &wire.Exchange{
		Method: http.MethodGet, URL: wire.Literal(target + wire.UnknownAsset), Sent: true, Status: r.status, Header: r.header, Answer: r.body,
	}
}

// unknownID is the id of an asset that is not there.
var unknownID = path.Base(wire.UnknownAsset)

// ask sends the GET that tells most. Its errors have nothing that the target said:
// that may be a key.
func (d *doctor) ask(ctx context.Context, key pocketcheck.Key) (*reply, error) {
	return d.askFor(ctx, key, wire.UnknownAsset)
}

func (d *doctor) askFor(ctx context.Context, key pocketcheck.Key, path string) (*reply, error) {
	req, err := d.get(ctx, key, path)
	if err != nil {
		return nil, err
	}
	return d.send(req)
}

func (d *doctor) get(ctx context.Context, key pocketcheck.Key, path string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.target.URL+path, nil)
	if err != nil {
		return nil, err
	}
	maps.Copy(req.Header, d.target.Header)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-API-KEY", key.Reveal())
	return req, nil
}

// await waits until the target answers at all, where that is asked for.
func (d *doctor) await(ctx context.Context) error {
	if d.options.Wait == 0 {
		return nil
	}
	err := wire.Await(ctx, d.client.Transport, func(ctx context.Context) (*http.Request, error) {
		return d.get(ctx, d.target.Key, wire.UnknownAsset)
	}, d.options.Timeout, d.options.Wait)
	switch {
	case errors.Is(err, wire.ErrInterrupted):
		return errInterrupted
	case err == nil, errors.Is(err, wire.ErrGateway):
		return err
	}
	return fmt.Errorf("no answer within %v: %w", d.options.Wait, d.trouble(err))
}

func (d *doctor) send(req *http.Request) (*reply, error) {
	sent := time.Now()
	res, err := d.client.Do(req)
	if err != nil {
		return nil, d.trouble(err)
	}
	defer func() { _ = res.Body.Close() }() // it was read; what is left of it is not wanted
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return nil, d.trouble(err)
	}
	return &reply{res.StatusCode, res.Header, body, res.TLS, sent, time.Since(sent)}, nil
}

var errInterrupted = errors.New("interrupted")

// trouble tells why there was no answer, in words that are not the target's, and
// without the URL: that of the states may have a token.
func (d *doctor) trouble(err error) error {
	timeout, ok := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, context.Canceled):
		return errInterrupted
	case ok && timeout.Timeout():
		return fmt.Errorf("no answer within %v", d.options.Timeout)
	}
	return errors.New(wire.Plainly(err))
}

func (d *doctor) examine(ctx context.Context) {
	err := d.await(ctx)
	var first *reply
	if err == nil {
		first, err = d.ask(ctx, d.target.Key)
	}
	if err != nil {
		d.note("fail", "reachable", err.Error()+wire.Via(d.target.URL))
		return
	}
	if why := wire.Obstacle(first.exchange(d.target.URL)); why != "" {
		d.note("fail", "reachable", why+wire.Via(d.target.URL))
		return
	}
	d.note("ok", "reachable", "a GET of an unknown asset answers "+first.String())
	if !d.key(first) {
		return
	}
	d.unknownKey(ctx)
	d.certificate(first)
	d.clock(first)
	if d.options.ReadOnly {
		d.reading(ctx, first)
	} else {
		d.endpoints(ctx, first, unknownID)
		d.facts(d.states(ctx))
	}
	d.duration(d.latency(ctx))
}

// key judges the answer to the own key; it returns whether a run has a chance.
func (d *doctor) key(r *reply) bool {
	answer, _ := r.refusal()
	switch {
	case r.status == http.StatusUnauthorized:
		d.note("fail", "key", "the API key is refused with "+r.String())
		return false
	case r.status != http.StatusNotFound:
		d.note("warn", "key", "not refused, but "+r.String()+" is not the documented 404")
	case answer != "asset not found":
		d.note("warn", "key", `not refused, but the 404 has not the documented error; is the prefix of --target right?`)
	default:
		d.note("ok", "key", "the API key is accepted")
	}
	return true
}

func (d *doctor) unknownKey(ctx context.Context) {
	r, err := d.ask(ctx, pocketcheck.NewKey("unknown-"+rand.Text()))
	switch {
	case err != nil:
		d.note("warn", "other key", err.Error())
	case r.status != http.StatusUnauthorized:
		d.note("warn", "other key", "an unknown key gets "+r.String()+", not 401: that will fail the facts about keys")
	default:
		d.note("ok", "other key", "an unknown key is refused")
	}
}

func (d *doctor) certificate(r *reply) {
	if r.tls == nil {
		grade := "warn"
		if u, err := url.Parse(d.target.URL); err == nil && isLoopback(u.Hostname()) {
			grade = "ok"
		}
		d.note(grade, "TLS", "none: the key travels in plain http")
		return
	}
	leaf := r.tls.PeerCertificates[0]
	if d.target.TLS != nil && d.target.TLS.InsecureSkipVerify {
		d.note("warn", "TLS", "the certificate is not checked: whoever answers gets the key")
		return
	}
	text := fmt.Sprintf("%s, certificate by %q until %s", tls.VersionName(r.tls.Version),
		leaf.Issuer.String(), leaf.NotAfter.UTC().Format(time.DateOnly))
	if time.Until(leaf.NotAfter) < certificateLeft {
		d.note("warn", "TLS", text+", which is soon")
		return
	}
	d.note("ok", "TLS", text)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (d *doctor) clock(r *reply) {
	date, err := http.ParseTime(r.header.Get("Date"))
	if err != nil {
		d.note("ok", "clock", "unknown: the answer has no Date")
		return
	}
	// A Date has whole seconds, and is of a moment within the request.
	skew := date.Add(time.Second / 2).Sub(r.sent.Add(r.took / 2)).Round(time.Second)
	switch {
	case skew > tolerableSkew:
		d.note("warn", "clock", fmt.Sprintf("%v ahead of this machine's", skew))
	case skew < -tolerableSkew:
		d.note("warn", "clock", fmt.Sprintf("%v behind this machine's", -skew))
	default:
		d.note("ok", "clock", fmt.Sprintf("as this machine's, within %v", max(skew.Abs(), time.Second)))
	}
}

func (d *doctor) latency(ctx context.Context) time.Duration {
	var all []time.Duration
	for range samples {
		if r, err := d.ask(ctx, d.target.Key); err == nil {
			all = append(all, r.took)
		}
	}
	if len(all) == 0 {
		d.note("warn", "latency", "no further GET was answered")
		return 0
	}
	slices.Sort(all)
	median := all[len(all)/2]
	d.note("ok", "latency", fmt.Sprintf("%v, the median of %d GETs", median.Round(100*time.Microsecond), len(all)))
	return median
}

// duration estimates a run: its requests, so many at a time, at the rate at most.
func (d *doctor) duration(latency time.Duration) {
	all := time.Duration(d.requests) * latency / time.Duration(d.options.Concurrency)
	if d.options.Rate > 0 {
		all = max(all, time.Duration(float64(d.requests)/d.options.Rate*float64(time.Second)))
	}
	all = max(all.Round(time.Second), time.Second)
	text := fmt.Sprintf("about %v for some %d requests, %d at a time", all, d.requests, d.options.Concurrency)
	if !d.options.ReadOnly {
		text += "; more where writes are slow or show late"
	}
	if all > usualDeadline {
		d.note("warn", "run", text, fmt.Sprintf("give it a --deadline of more than the usual %v", usualDeadline))
		return
	}
	d.note("ok", "run", text)
}
