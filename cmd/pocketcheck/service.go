package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// How a server ends, within the 10 seconds that platforms give a process.
const (
	farewell   = 500 * time.Millisecond // for clients to hear, with an answer, that their connections end
	lastWords  = 5 * time.Second        // for answers to what was asked before
	lastBreath = 7 * time.Second        // for all of it; what is stuck then goes with the process
)

// errEnding is why requests are cut that are stuck at the end.
var errEnding = errors.New("the server ends")

// service is a server with its address, and those who are connected to it.
type service struct {
	*http.Server
	net.Listener
	connected atomic.Int64
	isEnding  atomic.Bool
	cut       context.CancelCauseFunc // ends what its requests still wait for
}

func serviceAt(l net.Listener, h http.Handler) *service {
	ctx, cut := context.WithCancelCause(context.Background())
	s := &service{Listener: l, cut: cut}
	s.Server = &http.Server{
		ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		DisableGeneralOptionsHandler: true, // it answers OPTIONS * in plain text
		BaseContext:                  func(net.Listener) context.Context { return ctx },
		ConnState:                    s.count,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if s.isEnding.Load() {
				w.Header().Set("Connection", "close")
			}
			h.ServeHTTP(w, r)
		}),
	}
	return s
}

func (s *service) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.connected.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.connected.Add(-1)
	}
}

// end answers what was asked and cuts what is stuck. A client that may be about to
// send its next request is told first that there is none to be sent here.
func (s *service) end(log *slog.Logger) error {
	defer s.cut(errEnding)
	s.isEnding.Store(true)
	for told := time.Now().Add(farewell); s.connected.Load() > 0 && time.Now().Before(told); {
		time.Sleep(farewell / 50)
	}
	grace, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	if err := s.Shutdown(grace); err == nil {
		return nil
	}
	log.Warn("cut what was stuck at the end", "connections", s.connected.Load())
	s.cut(errEnding) // before connections close, which would look as if clients had hung up
	return s.Server.Close()
}

// serveAll serves until ctx ends, or one of the servers.
func serveAll(ctx context.Context, log *slog.Logger, servers ...*service) error {
	failed := make(chan error, len(servers))
	for _, s := range servers {
		go func() { failed <- caught(func() error { return s.Serve(s.Listener) }) }()
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	var ending sync.WaitGroup
	for _, s := range servers {
		ending.Go(func() { _ = caught(func() error { return s.end(log) }) }) // the sockets go with the process
	}
	ending.Wait()
	return err
}

// inTime gives what f comes to, or, once ctx has ended, what it came to when its time
// was over.
func inTime(ctx context.Context, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- caught(f) }()
	select {
	case err := <-done:
		if ctx.Err() == nil {
			return err
		}
		return nil // what is broken off is no error
	case <-ctx.Done():
	}
	select {
	case <-done:
	case <-time.After(lastBreath):
	}
	return nil
}

func listenOn(flag, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		if !strings.Contains(address, ":") {
			return nil, fmt.Errorf("%s %s: an address has a port behind a colon, such as :8080 or 127.0.0.1:8080", flag, address)
		}
		return nil, fmt.Errorf("%s %s: %w; choose another address", flag, address, err)
	}
	return l, nil
}
