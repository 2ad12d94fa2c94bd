package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"
)

const (
	healthPath = "/health"
	// A server answers within its patience whether its store does, and a healthcheck waits a
	// second more for it.
	healthPatience = 4 * time.Second
)

// healthcheck asks the server at an address whether it works, and its store does.
func healthcheck(ctx context.Context, scheme, address string) error {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return fmt.Errorf("--listen %s: %w", address, err)
	}
	ctx, cancel := context.WithTimeout(ctx, healthPatience+time.Second)
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
	defer func() { _ = answer.Body.Close() }() // only the status matters
	if answer.StatusCode != http.StatusOK {
		return exitError{exitNonConform, fmt.Errorf("not healthy: %s answers %s", address, answer.Status)}
	}
	return nil
}
