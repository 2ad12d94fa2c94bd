package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
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
	client   *wire.Client
	requests int // that a run sends
	findings []finding
}

func newDoctor(target pocketcheck.Target, options pocketcheck.Options, known *keyring) *doctor {
	target.URL = strings.TrimRight(target.URL, "/")
	return &doctor{target: target, options: options, known: known, requests: requestsOfARun, client: wire.NewClient(settingsOf(target, options))}
}

// settingsOf says how the doctor reaches a target: as a run does, in trouble, too.
func settingsOf(target pocketcheck.Target, options pocketcheck.Options) wire.Settings {
	return wire.Settings{URL: target.URL, TLS: target.TLS, Timeout: options.Timeout, Rate: options.Rate, ReadOnly: options.ReadOnly}
}

// reach asks with the key of the target, and with another, which the API alone
// refuses. The error says why no request gets to the API.
func (d *doctor) reach(ctx context.Context) (first, other *reply, err error) {
	if err := d.await(ctx); err != nil {
		return nil, nil, err
	}
	var others []*wire.Exchange
	first, err = d.ask(ctx, d.target.Key)
	if first.Status > 0 && first.Status != http.StatusUnauthorized {
		other, _ = d.ask(ctx, pocketcheck.NewKey("unknown-"+rand.Text())) // its trouble is told below
		others = append(others, other.Exchange)
	}
	if why := wire.Obstacle(first.Exchange, others...); why != "" {
		err = errors.New(why)
	}
	return first, other, err
}

func (d *doctor) examine(ctx context.Context) {
	first, other, err := d.reach(ctx)
	if err != nil {
		d.note("fail", "reachable", err.Error()+wire.Via(d.target.URL))
		return
	}
	d.note("ok", "reachable", "a GET of an unknown asset answers "+first.StatusLine())
	if !d.key(first) {
		return
	}
	d.unknownKey(other)
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
	case r.Status == http.StatusUnauthorized:
		d.note("fail", "key", "the API key is refused with "+r.StatusLine())
		return false
	case r.Status != http.StatusNotFound:
		d.note("warn", "key", "not refused, but "+r.StatusLine()+" is not the documented 404")
	case answer != "asset not found":
		d.note("warn", "key", `not refused, but the 404 has not the documented error; is the prefix of --target right?`)
	default:
		d.note("ok", "key", "the API key is accepted")
	}
	return true
}

func (d *doctor) unknownKey(r *reply) {
	switch err := r.told(); {
	case err != nil:
		d.note("warn", "other key", err.Error())
	case r.Status != http.StatusUnauthorized:
		d.note("warn", "other key", "an unknown key gets "+r.StatusLine()+", not 401: that will fail the facts about keys")
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
	date, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		d.note("ok", "clock", "unknown: the answer has no Date")
		return
	}
	// A Date has whole seconds, and is of a moment within the request.
	skew := date.Add(time.Second / 2).Sub(r.ended.Add(-r.Took / 2)).Round(time.Second)
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
			all = append(all, r.Took)
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

// duration estimates a run: its requests, so many at a time, at the rate at most that
// was given, or that the target was seen to take.
func (d *doctor) duration(latency time.Duration) {
	all := time.Duration(d.requests) * latency / time.Duration(d.options.Concurrency)
	text := fmt.Sprintf("for some %d requests, %d at a time", d.requests, d.options.Concurrency)
	if rate := d.client.Rate(); rate > 0 {
		all = max(all, time.Duration(float64(d.requests)/rate*float64(time.Second)))
		text += fmt.Sprintf(", %.3g a second at most", rate)
	}
	all = max(all.Round(time.Second), time.Second)
	text = fmt.Sprintf("about %v %s", all, text)
	if !d.options.ReadOnly {
		text += "; more where writes are slow or show late"
	}
	if all > usualDeadline {
		d.note("warn", "run", text, fmt.Sprintf("give it a --deadline of more than the usual %v", usualDeadline))
		return
	}
	d.note("ok", "run", text)
}
