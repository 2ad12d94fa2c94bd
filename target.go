package pocketcheck

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/steps"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// Key is an API key. It prints, logs and encodes as "REDACTED"; only its Reveal
// gives the text. The zero Key is no key.
type Key = wire.Key

// TLSFiles name the PEM files that a Target's TLS was read from.
type TLSFiles = wire.TLSFiles

// NewKey wraps the text of an API key.
func NewKey(text string) Key { return wire.NewKey(text) }

// Values are preconditions that are configured: keys of other callers, ids of
// things that the documented API can't create. Each is optional.
type Values struct {
	OtherKey          Key      // of another user
	NoActionsViewKey  Key      // of a caller without ACTIONS_VIEW
	NoActionsStartKey Key      // of a caller without ACTIONS_START
	DAGActionID       string   // a DAG action that may be started
	ProjectIDs        []string // projects to assign assets to; two serve all facts

	// What a run with [Options].ReadOnly reads: an asset, and a comment and a
	// media file of it.
	AssetID, CommentID, MediaID string
}

// StateFunc sets up a provider state, such as "a DAG action", with its
// parameters (asset_id) and returns its values (dag_action_id). The error wraps
// [ErrStateNotOffered] where the target does not know the state.
type StateFunc func(ctx context.Context, state string, params map[string]string) (map[string]string, error)

// ErrStateNotOffered tells that a target does not offer a provider state.
var ErrStateNotOffered = steps.ErrStateNotOffered

// ErrUsage is what every error of a bad target or option is.
var ErrUsage = errors.New("usage")

type usageError struct{ error }

func (usageError) Is(target error) bool { return target == ErrUsage }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// Target is the server under test: a URL or a handler, the caller's key, and
// what it offers of the provider states.
type Target struct {
	URL     string       // scheme, host and prefix: "https://dam.example.com"
	Handler http.Handler // instead of a URL: served on a loopback port during the run

	// Start, instead of all else here, brings the target up for the run. It
	// returns the target, and a function that takes it down and is called before
	// Run returns. Where either fails, the verdict is inconclusive: an error of the
	// latter says that the target, or what it stands on, did not last.
	Start func(context.Context) (Target, func() error, error)

	Key      Key // of the caller that all requests come from
	TLS      *tls.Config
	TLSFiles TLSFiles // the files that TLS was read from, for the scripts that repeat a failure

	// Header and StatesHeader are sent with every request to the target and to the
	// states URL, to neither with the other's. Each value is as secret as a key.
	Header, StatesHeader http.Header

	Values    Values
	StatesURL string    // where provider states are asked for by POST
	States    StateFunc // instead of a states URL

	// What a report calls the implementation, if anything.
	Implementation, ImplementationVersion string

	hints hints
}

// hints are what to add to what stops a run, for who may not know how it came to be.
type hints struct {
	key string // of a key that is refused
}

// Check returns an error that is [ErrUsage] and names what to write instead.
func (t Target) Check() error {
	if t.Start != nil {
		if t.URL != "" || t.Handler != nil {
			return usage("target has both a Start and a URL or a handler; give one")
		}
		return nil // what it starts is checked then
	}
	if t.Handler == nil {
		if err := checkURL("target", t.URL); err != nil {
			return err
		}
	} else if t.URL != "" {
		return usage("target has both a URL and a handler; give one")
	}
	if t.StatesURL != "" {
		if err := checkURL("states URL", t.StatesURL); err != nil {
			return err
		}
	}
	if err := errors.Join(headerError("header", t.Header), headerError("states header", t.StatesHeader)); err != nil {
		return err
	}
	return t.checkKeys()
}

func (t Target) keys() []Key {
	return []Key{t.Key, t.Values.OtherKey, t.Values.NoActionsViewKey, t.Values.NoActionsStartKey}
}

func (t Target) checkKeys() error {
	for _, k := range []struct {
		name string
		key  Key
	}{
		{"the API key", t.Key}, {"the key of the other user", t.Values.OtherKey},
		{"the key without ACTIONS_VIEW", t.Values.NoActionsViewKey}, {"the key without ACTIONS_START", t.Values.NoActionsStartKey},
	} {
		if err := k.key.Check(); err != nil {
			return usage("%s %v", k.name, err)
		}
	}
	v := t.Values
	for _, id := range append([]string{v.DAGActionID, v.AssetID, v.CommentID, v.MediaID}, v.ProjectIDs...) {
		if why := wire.Unfit(id); why != "" {
			return usage("the value %.40q is no id: it %s", id, why)
		}
	}
	switch {
	case slices.Contains(t.Values.ProjectIDs, ""):
		return usage("a project id is empty; leave it out")
	case t.Key.IsZero():
		return usage("target has no API key; every documented request carries one")
	case t.Values.OtherKey.Reveal() == t.Key.Reveal():
		return usage("the key of the other user is the target's own API key; give another user's")
	}
	return nil
}

func headerError(what string, h http.Header) error {
	if err := wire.CheckHeader(h); err != nil {
		return usage("%s %v", what, err)
	}
	return nil
}

// checkURL never repeats a URL that has credentials, nor a query, which may have a token.
func checkURL(what, text string) error {
	u, err := url.Parse(text)
	shown, _, _ := strings.Cut(text, "?")
	switch {
	case text == "":
		return usage("no %s; give a URL such as http://localhost:8080, or in Go a handler", what)
	case err == nil && u.User != nil || strings.Contains(text, "@"):
		return usage("%s has credentials in its URL; the only credential is the API key, which is configured apart", what)
	case !strings.Contains(text, "://"):
		return usage("%s %q has no scheme; write http://%s", what, shown, strings.TrimLeft(shown, "/"))
	case err != nil:
		return usage("%s %q is not a URL; write one such as http://localhost:8080", what, shown)
	case u.Scheme != "http" && u.Scheme != "https":
		return usage("%s %q has the scheme %q; write http:// or https://", what, shown, u.Scheme)
	case u.Hostname() == "":
		return usage("%s %q has no host", what, shown)
	case !isPort(u.Port()):
		return usage("%s %q has the port %s; a port is a number from 1 to 65535", what, shown, u.Port())
	case what == "target" && (u.RawQuery != "" || u.Fragment != ""):
		return usage("%s %q has a query or a fragment; give scheme, host and prefix only", what, shown)
	}
	return nil
}

func isPort(text string) bool {
	n, err := strconv.Atoi(text)
	return text == "" || err == nil && n >= 1 && n <= 65535
}

// startError tells why a target did not come up.
type startError struct{ error }

func (e *startError) Error() string { return "the target did not start: " + e.error.Error() }
func (e *startError) Unwrap() error { return e.error }

// open gives the target with its URL, and a function that closes what it
// started.
func (t Target) open(ctx context.Context) (Target, func() error, error) {
	if t.Start == nil {
		return t.listen()
	}
	started, stop, err := t.Start(ctx)
	if err != nil {
		return t, nil, &startError{err}
	}
	if started.Start != nil {
		err = usage("target's Start gives a target with a Start")
	}
	if err = errors.Join(err, started.Check()); err != nil {
		return t, nil, errors.Join(err, stop())
	}
	listening, closeHandler, err := started.listen()
	if err != nil {
		return t, nil, errors.Join(err, stop())
	}
	return listening, func() error { return errors.Join(closeHandler(), stop()) }, nil
}

// discreet passes on to the standard logger what a server logs, without the keys: a handler
// that panics tells what it was asked.
type discreet []Key

func (d discreet) Write(line []byte) (int, error) {
	log.Print(wire.Redact(string(line), d...))
	return len(line), nil
}

// listen gives the target with its URL: that of a listener where it has a
// handler.
func (t Target) listen() (Target, func() error, error) {
	if t.Handler == nil {
		return t, func() error { return nil }, nil
	}
	// A recorder in place of a real listener would hide HEAD, timeouts, panics.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return t, nil, fmt.Errorf("listen for the handler: %w", err)
	}
	server := &http.Server{Handler: t.Handler, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(discreet(t.keys()), "", 0)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // it ends with ErrServerClosed
	}()
	t.URL = "http://" + l.Addr().String()
	return t, func() error {
		_ = server.Close() // all answers were read; there is nothing to wait for
		<-done
		return nil
	}, nil
}
