package proxy

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// Options are how a target is reached, beside its URL.
type Options struct {
	TLS    *tls.Config
	Header http.Header // that every request gets, in place of the client's of that name
}

// Proxy hands requests on to one target, and to no other.
type Proxy struct {
	watched   http.Handler
	transport *http.Transport
}

// New gives a proxy of the target at a URL, whose path stands before that of each request.
// Seen gets each exchange when its answer has ended; one that the target had no part in, as
// it can't be reached, has the status 502 and a Failure. Close it.
func New(target *url.URL, o Options, seen func(*traffic.Exchange)) *Proxy {
	p := &Proxy{transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSClientConfig:       o.TLS,
		TLSHandshakeTimeout:   10 * time.Second,
		ForceAttemptHTTP2:     true,
		DisableCompression:    true, // which the client asks for, or not
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       time.Second, // servers and gateways end theirs after 2 s at the soonest
		ExpectContinueTimeout: time.Second,
	}}
	onward := &httputil.ReverseProxy{
		Transport:     p.transport,
		FlushInterval: -1, // at once
		Rewrite:       func(r *httputil.ProxyRequest) { aim(r, target, o.Header) },
		ErrorHandler:  unreached,
	}
	p.watched = Watch(held(onward), func(r *http.Request, x *traffic.Exchange) {
		if why, ok := r.Context().Value(failureKey{}).(*string); ok && *why != "" {
			x.Failure = *why
		}
		seen(x)
	})
	return p
}

// Close lets go of the connections to the target.
func (p *Proxy) Close() { p.transport.CloseIdleConnections() }

// ServeHTTP hands a request on. One that names another server is refused.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodConnect || !strings.HasPrefix(r.RequestURI, "/") {
		refuse(w, http.StatusBadRequest, "this proxy stands in the place of one server; ask it for a path, such as /api/v2/assets")
		return
	}
	p.watched.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), failureKey{}, new(string))))
}

type failureKey struct{}

// mostHeld is how much of a request is held until the rest of it is there, in bytes.
const mostHeld = 1 << 20

// held has next read requests that are there as a whole. Once an answer begins, net/http
// reads away what is left of its request, which the target would then lack; and to let both
// go on at once is no way, since what sends the request may still read it when the next one
// comes. Longer ones are handed on as they come, as those are whose client waits to be told
// to go on.
func held(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != http.NoBody && r.Header.Get("Expect") == "" {
			begun, err := io.ReadAll(io.LimitReader(r.Body, mostHeld))
			body := io.Reader(bytes.NewReader(begun))
			if err != nil || len(begun) == mostHeld {
				body = io.MultiReader(body, r.Body) // which says again what is wrong with it
			}
			r.Body = struct {
				io.Reader
				io.Closer
			}{body, r.Body}
		}
		next.ServeHTTP(w, r)
	})
}

// aim makes of a request that came one to the target, and changes no more of it than that.
func aim(r *httputil.ProxyRequest, target *url.URL, further http.Header) {
	r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = target.Scheme, target.Host, target.Host
	path, query, hasQuery := strings.Cut(r.In.RequestURI, "?")
	prefix := strings.TrimRight(target.EscapedPath(), "/")
	r.Out.URL.Path, r.Out.URL.RawPath = strings.TrimRight(target.Path, "/")+r.In.URL.Path, prefix+path
	r.Out.URL.RawQuery, r.Out.URL.ForceQuery = query, hasQuery
	if path = prefix + path; r.Out.URL.EscapedPath() != path && !strings.HasPrefix(path, "//") {
		r.Out.URL.Opaque = path // it is not spelled as Go would
	}
	r.Out.Trailer = r.In.Trailer // whose values come with the end of the body
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, isGiven := r.In.Header[name]; isGiven {
			r.Out.Header[name] = values
		}
	}
	for name, values := range further {
		r.Out.Header[http.CanonicalHeaderKey(name)] = values
	}
}

// unreached answers in the place of the target.
func unreached(w http.ResponseWriter, r *http.Request, err error) {
	why := "the client went"
	if r.Context().Err() == nil || !errors.Is(err, context.Canceled) {
		why = "the target does not answer: " + wire.Plainly(err)
	}
	if to, ok := r.Context().Value(failureKey{}).(*string); ok {
		*to = why
	}
	refuse(w, http.StatusBadGateway, why)
}

func refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": text}) // the client is gone; there is nobody to tell
}
