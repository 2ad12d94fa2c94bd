package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/rogpeppe/go-internal/testscript"
)

// gate is a gateway that lets a request through which has its headers, and no other
// secret of these tests than the API key.
type gate struct {
	wants http.Header
	next  http.Handler
}

func (g gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for name, want := range g.wants {
		if !slices.Equal(r.Header[name], want) {
			says(http.StatusForbidden, "<h1>403 Forbidden</h1>").ServeHTTP(w, r)
			return
		}
	}
	for name, values := range r.Header {
		isKey := name == "X-Api-Key" && len(values) == 1 && values[0] == apiKey
		if g.wants[name] == nil && !isKey && strings.Contains(fmt.Sprint(values), secret) {
			says(http.StatusTeapot, name+" is not for me").ServeHTTP(w, r)
			return
		}
	}
	g.next.ServeHTTP(w, r)
}

// echoing tells a caller what it sent.
func echoing(w http.ResponseWriter, r *http.Request) {
	_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	says(http.StatusBadRequest, fmt.Sprintf(`{"error": "gate %s, token %s"}`, r.Header.Get("X-Gate"), token)).ServeHTTP(w, r)
}

// startGate is "gated NAME URL [HEADER ...]". It puts a gateway before a URL and sets
// $NAME to where it is. Without a URL there is an echo behind it.
func startGate(ts *testscript.TestScript, _ bool, args []string) {
	name := args[0]
	behind, err := url.Parse(args[1])
	ts.Check(err)
	t := &target{handler: http.HandlerFunc(echoing)}
	if behind.Host != "" {
		g := gate{http.Header{}, httputil.NewSingleHostReverseProxy(&url.URL{Scheme: behind.Scheme, Host: behind.Host})}
		for _, text := range args[2:] {
			header, value, err := wire.ParseHeader(text)
			ts.Check(err)
			g.wants.Add(header, value)
		}
		t.handler = g
	}
	server := httptest.NewServer(t)
	ts.Defer(server.Close)
	ts.Value(targetsKey{}).(targets)[name] = t
	ts.Setenv(name, server.URL+behind.Path)
}
