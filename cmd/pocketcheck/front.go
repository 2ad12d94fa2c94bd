package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic"
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
		AllowedHeaders: []string{"Content-Type", "X-API-KEY", "Prefer", traffic.IDHeader, "Traceparent", "Tracestate"},
		ExposedHeaders: []string{"Retry-After", "Preference-Applied", traffic.IDHeader},
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

// beside answers GET at paths of its own, without a key. Nothing of what else is there is in
// its way: no rule answers it, no journal has it, and who asks is no client.
func beside(rest http.Handler, own map[string]http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, isOwn := own[r.URL.Path]
		switch {
		case !isOwn:
			rest.ServeHTTP(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed, "method not allowed")
		default:
			h.ServeHTTP(w, r)
		}
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
