package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/pocketcheck/pocketcheck"
	"github.com/spf13/cobra"
)

// controlFlags are where provider states are set up, and by whom.
type controlFlags struct {
	address, tokenFile string
	known              *keyring // gets the token
}

// tokenVariable has the token where no file does.
const tokenVariable = environmentPrefix + "CONTROL_TOKEN"

// token reads the token; the zero key where there is none.
func (f controlFlags) token(cmd *cobra.Command) (token pocketcheck.Key, err error) {
	text, isGiven := os.LookupEnv(tokenVariable)
	from := tokenVariable
	if f.tokenFile != "" {
		if f.address == "" {
			return token, errors.New("--control-token-file belongs to --control; give that too")
		}
		read, err := readKey(cmd, "control-token-file", f.tokenFile)
		if err != nil {
			return token, err
		}
		text, from, isGiven = string(read), "--control-token-file "+called(f.tokenFile), true
	}
	if !isGiven {
		return token, nil
	}
	token = pocketcheck.NewKey(strings.TrimSpace(text))
	f.known.add(token)
	if token.IsZero() {
		return token, fmt.Errorf("%s is empty", from)
	}
	if strings.ContainsFunc(token.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }) {
		return token, fmt.Errorf("%s is no token: it is sent as Authorization: Bearer TOKEN, so that it has no blanks and nothing beyond ASCII", from)
	}
	return token, nil
}

func bearer(token pocketcheck.Key) string { return "Bearer " + token.Reveal() }

// listen listens at the address, which only a token may open to other machines.
func (f controlFlags) listen(token pocketcheck.Key) (net.Listener, error) {
	l, err := listenOn("--control", f.address)
	if err != nil {
		return nil, err
	}
	if !isOwnOnly(l) && token.IsZero() {
		_ = l.Close() // nothing was served yet
		return nil, fmt.Errorf("--control %s: others reach that address, and it gives keys away; give it a token by --control-token-file or %s, or listen at 127.0.0.1",
			f.address, tokenVariable)
	}
	return l, nil
}

// isOwnOnly tells that only this machine reaches a listener.
func isOwnOnly(l net.Listener) bool {
	tcp, isTCP := l.Addr().(*net.TCPAddr)
	return isTCP && tcp.IP.IsLoopback()
}

// guarded lets requests through that are meant for a listener: none of a page of others
// that a browser shows, and nobody's without the token where there is one.
func guarded(next http.Handler, l net.Listener, address string, token pocketcheck.Key) http.Handler {
	isOwn := hostOf(l, address)
	want := sha256.Sum256([]byte(bearer(token)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := sha256.Sum256([]byte(r.Header.Get("Authorization"))) // as long as any, to be compared in the same time
		origin := r.Header.Get("Origin")
		switch {
		case !isOwn(r.Host):
			refuse(w, http.StatusForbidden, "the Host is not an address of this server")
		case origin != "" && origin != "http://"+r.Host && origin != "https://"+r.Host:
			refuse(w, http.StatusForbidden, "the Origin is another")
		case !token.IsZero() && !isOpen(r) && subtle.ConstantTimeCompare(got[:], want[:]) == 0:
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, http.StatusUnauthorized, "the token is missing or another; send Authorization: Bearer TOKEN")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isOpen tells that a request is for what holds no secret, of who can't send a token: the
// page, which asks its reader for it, since a browser that is led there has none, and what a
// platform asks of each process.
func isOpen(r *http.Request) bool {
	isRead := r.Method == http.MethodGet || r.Method == http.MethodHead
	return isRead && (r.URL.Path == "/" || r.URL.Path == livePath || r.URL.Path == readyPath)
}

// hostOf tells whether a Host is a listener's. On loopback it is the address and the
// port. Elsewhere ports are mapped and addresses translated, but an address, or a name
// of this machine's, can't be made to lead here by others, as the name of a page can.
func hostOf(l net.Listener, address string) func(string) bool {
	_, ownPort, _ := net.SplitHostPort(l.Addr().String())
	given, _, _ := net.SplitHostPort(address)
	machine, _ := os.Hostname()
	return func(host string) bool {
		name, port, err := net.SplitHostPort(host)
		if err != nil {
			name, port = strings.Trim(host, "[]"), "80"
		}
		ip := net.ParseIP(name)
		isNamed := func(own string) bool { return own != "" && strings.EqualFold(name, own) }
		if isOwnOnly(l) {
			return port == ownPort && (isNamed("localhost") || ip.IsLoopback())
		}
		return ip != nil || isNamed("localhost") || isNamed(machine) || isNamed(given)
	}
}

func refuse(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": text}) // the client is gone; there is nobody to tell
}
