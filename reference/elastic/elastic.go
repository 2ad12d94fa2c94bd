// Package elastic is a [reference.Index] in Elasticsearch.
package elastic

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/internal/address"
)

// Index is a [reference.Index]; make one with [Open]. Each collection is an alias of
// one index, so that another, which is made anew, can take its place at once.
//
// It has Elastic's transport, without the requests of go-elasticsearch and the client above
// them: these alone take a fifth of a build, and that, with a typed API, more than all else.
type Index struct {
	transport elastictransport.Interface
	traced    elastictransport.Instrumentation // nil: nobody traces
	name      string                           // by which errors tell where they come from
}

var _ reference.Index = (*Index)(nil)

// patience is how long a cluster may think about an answer, where the context of
// the request leaves it more.
const patience = 30 * time.Second

// busy are the answers of a cluster that has no room for a request at the moment,
// as while it collects its garbage, or of what stands before it.
var busy = []int{
	http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// backoff is how long to wait before an attempt, of which the first repeats a
// request: a second and a half in all, a fraction of what an answer may take.
func backoff(attempt int) time.Duration { return 50 * time.Millisecond << attempt }

// idleConnections are kept for the next requests: more than there are at a time, since
// to connect takes longer than an answer.
const idleConnections = 256

// Open returns the cluster at an address such as http://host:9200, which may hold a
// user and a password, and need not answer yet. What is asked of it for a request whose
// trace there is, is told to traced; nil hears nothing. No error has the password.
func Open(at string, traced elastictransport.Instrumentation) (*Index, error) {
	if address.IsBroken(at) {
		return nil, errors.New("not an address of Elasticsearch; " + address.Escapes)
	}
	u, err := url.Parse(at)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, errors.New("not an address of Elasticsearch; write http://host:9200")
	}
	patient := http.DefaultTransport.(*http.Transport).Clone()
	patient.ResponseHeaderTimeout = patience
	patient.DisableCompression = true // to compress what is so short takes longer than to send it
	patient.MaxIdleConns, patient.MaxIdleConnsPerHost = 0, idleConnections
	transport, err := elastictransport.NewClient(elastictransport.WithURLs(u), elastictransport.WithTransport(patient),
		elastictransport.WithRetry(3, busy...), elastictransport.WithRetryBackoff(backoff))
	if err != nil {
		return nil, fmt.Errorf("connect to Elasticsearch: %w", err)
	}
	return &Index{transport, traced, "Elasticsearch at " + (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()}, nil
}

// named lets an error tell which cluster it is of, without user and password.
func (i *Index) named(err *error) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", i.name, *err)
	}
}

// Ping asks the cluster whether it answers.
func (i *Index) Ping(ctx context.Context) (err error) {
	defer i.named(&err)
	return i.do(ctx, request{path: "/"}, nil)
}

// problem is an answer that tells of one.
type problem struct {
	status int
	cause
}

func (p *problem) Error() string {
	if p.Type == "" {
		return fmt.Sprintf("status %d, and not an answer of Elasticsearch's", p.status)
	}
	text := fmt.Sprintf("status %d: %s: %s", p.status, p.Type, p.Reason)
	if errors.Is(p, kind("index_closed_exception")) || errors.Is(p, kind("cluster_block_exception")) {
		text += `; open it, or let it be written to again, or "pocketcheck reindex" without --missing makes it anew`
	}
	return text
}

// kind is a type of problem, as Elasticsearch calls it.
type kind string

func (k kind) Error() string { return string(k) }

// Is tells whether the problem is of a kind.
func (p *problem) Is(target error) bool {
	k, ok := target.(kind)
	return ok && p.Type == string(k)
}

// errForeign is an answer that no Elasticsearch gives.
var errForeign = errors.New("not an answer of Elasticsearch's")
