package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/rs/cors"
)

// allowed are the origins whose pages may call the API, of what --cors says: "*" is any.
// Without it, any may that a browser on this machine shows.
func allowed(origins []string, l net.Listener) ([]string, error) {
	switch {
	case len(origins) == 0 && isOwnOnly(l):
		return []string{"*"}, nil
	case slices.Equal(origins, []string{"none"}):
		return nil, nil
	}
	for _, origin := range origins {
		if origin == "none" {
			return nil, errors.New("--cors none goes with no origin; leave one out")
		}
		u, err := url.Parse(origin)
		isOrigin := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && origin == u.Scheme+"://"+u.Host
		if origin != "*" && (!isOrigin || strings.Contains(origin, "*")) {
			return nil, fmt.Errorf("--cors %q is no origin; give one such as https://app.example.com, * for any, or none", origin)
		}
	}
	return origins, nil
}

// forPages lets the pages of origins call an API: with what the document has, and no
// cookies. Preflights are answered here, since browsers send no key with them.
func forPages(api http.Handler, origins []string) http.Handler {
	if len(origins) == 0 {
		return api
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete},
		AllowedHeaders: []string{"Content-Type", "X-API-KEY", "Prefer", requestIDHeader, "Traceparent", "Tracestate"},
		ExposedHeaders: []string{"Retry-After", "Preference-Applied", requestIDHeader},
		MaxAge:         600,
	}).Handler(api)
}

// about is what GET / answers to who looks what is here.
type about struct {
	Name      string  `json:"name"`
	What      string  `json:"what"`
	Version   string  `json:"version"`
	Endpoints int     `json:"endpoints"`
	Page      *string `json:"page"`
}

// withAbout answers GET / itself, without a key. Where the control listens at all
// addresses, its page is at the one that the client found the API at.
func withAbout(api http.Handler, scheme string, control net.Listener) http.Handler {
	contract, _ := fixtures.ParseContract(fixtures.Document()) // its tests parse it
	said := about{"pocketcheck", "The reference of the Media Pocket API v2, as a mock", report.Version, len(contract.Endpoints), nil}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			api.ServeHTTP(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed, "method not allowed")
			return
		}
		answer := said
		if control != nil {
			answer.Page = new(scheme + "://" + reachable(control.Addr(), r.Host) + "/")
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer) // the client is gone; there is nobody to tell
	})
}

// withHealth answers GET /health itself, without a key: 200 where the store finds out who
// a caller is, 503 where it doesn't. Nothing of the mock is in its way: no rule answers it, no
// journal has it, and it is no client's.
func withHealth(api http.Handler, healthy func(context.Context) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != healthPath {
			api.ServeHTTP(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed, "method not allowed")
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), healthPatience)
		defer cancel()
		if err := healthy(ctx); err != nil {
			refuse(w, http.StatusServiceUnavailable, "the store does not answer") // why may have an address in it
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{\"status\":\"ok\"}\n") // the client is gone; there is nobody to tell
	})
}

// reachable is an address to be asked: in place of all addresses of a machine, the name
// in host, or localhost.
func reachable(a net.Addr, host string) string {
	tcp, isTCP := a.(*net.TCPAddr)
	if !isTCP || !tcp.IP.IsUnspecified() {
		return a.String()
	}
	name := (&url.URL{Host: host}).Hostname()
	if name == "" {
		name = "localhost"
	}
	return net.JoinHostPort(name, fmt.Sprint(tcp.Port))
}
