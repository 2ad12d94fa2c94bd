package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/health"
)

// Where a server tells of itself: on the API's listener, and on the control's by the names
// that platforms use.
const (
	healthPath = "/health"
	livePath   = "/healthz"
	readyPath  = "/readyz"

	metricsPath = "/metrics"
)

// longestReport is how much of an answer is read, in bytes.
const longestReport = 64 << 10

// healthcheck asks the server at an address whether it works, and tells what is wrong.
func healthcheck(ctx context.Context, stderr io.Writer, scheme, address string) error {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return fmt.Errorf("--listen %s: %w", address, err)
	}
	ctx, cancel := context.WithTimeout(ctx, health.Patience+time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://localhost"+healthPath, http.NoBody)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", address, err)
	}
	// No proxy comes to a wildcard. Whoever dials one, or a port by its name, comes to
	// this machine's, and an address in a URL could be neither.
	// That its certificate is of another name is no matter: nothing is told to it.
	trusting := &tls.Config{InsecureSkipVerify: true} // #nosec G402 -- it asks this machine, and sends no key
	direct := &http.Transport{DisableKeepAlives: true, TLSClientConfig: trusting, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
	answer, err := direct.RoundTrip(request)
	if err != nil {
		return exitError{exitNonConform, fmt.Errorf("not healthy: %w", err)}
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	var report health.Report
	if text, err := io.ReadAll(io.LimitReader(answer.Body, longestReport)); err == nil {
		_ = json.Unmarshal(text, &report) // what is no report tells of nothing
	}
	told := wrongIn(report)
	switch {
	case answer.StatusCode != http.StatusOK && told == "":
		return exitError{exitNonConform, fmt.Errorf("not healthy: %s answers %s", address, answer.Status)}
	case answer.StatusCode != http.StatusOK:
		return exitError{exitNonConform, errors.New("not healthy: " + told)}
	case told != "":
		fmt.Fprintln(stderr, "pocketcheck: degraded:", oneLine(told))
	}
	return nil
}

// wrongIn names what a report finds wrong.
func wrongIn(report health.Report) string {
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(report.Checks)) {
		if state := report.Checks[name]; state.Status != health.OK {
			wrong = append(wrong, name+": "+state.Reason)
		}
	}
	return strings.Join(wrong, "; ")
}
