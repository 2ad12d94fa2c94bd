package wire

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Script gives exchanges as a shell script that runs as it is: what they made is
// gone, so it makes it anew and takes the ids from the answers. What is secret comes
// from the environment, and is asked for first.
type Script struct {
	Exchanges  []*Exchange
	Removal    []*Exchange // the requests that clean up after them
	Connection Connection
	Ends       []string // what is to be seen, a line each
}

// Base is the part that a target's URL is where it ends with the run: a script is told
// another.
func Base(url string) Part { return Part{Text: url, Variable: "base"} }

func (s Script) String() string {
	var b strings.Builder
	s.asks(&b)
	if uses(s.Exchanges, "base") {
		b.WriteString("base=\"${POCKETCHECK_TARGET:?set it to the URL of your server; that of the run ended with it}\"; base=\"${base%/}\"\n")
	}
	if uses(s.Exchanges, "external_id") {
		b.WriteString("external_id=\"pocketcheck-$(date +%s)-$$\"\n")
	}
	requests := make([]string, 0, len(s.Exchanges)+len(s.Removal))
	for _, e := range slices.Concat(s.Exchanges, s.Removal) {
		requests = append(requests, s.request(e))
	}
	if len(requests) > 0 { // who pastes it keeps his shell
		b.WriteString("failed=0; " + strings.Join(requests, "\n") + "; (exit $failed)\n")
	}
	for _, end := range s.Ends {
		b.WriteString("# " + inert(end) + "\n")
	}
	return b.String()
}

// request is the command of an exchange. One that fails does not keep the script from
// its clean-up, but makes it fail at its end. Nothing is written to a file of the
// process, such as /dev/stderr: to open it anew would empty the file that it is, and
// does not work where it is a socket, or another user's.
func (s Script) request(e *Exchange) string {
	if len(e.Captures) == 0 {
		return s.curl(e) + " || failed=$?; echo"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "answer=$(%s) || failed=$?; printf '%%s\\n' \"$answer\"", s.curl(e))
	for _, c := range e.Captures {
		fmt.Fprintf(&b, "; %s=$(printf '%%s\\n' \"$answer\" | %s | jq -r .%s)", c.Variable, body, c.Path)
	}
	return b.String()
}

// body takes the heads off what curl -i gives: an answer may have several, as those of
// a proxy and of what the server says before it is done.
const body = `tr -d '\r' | sed '/^HTTP\//,/^$/d'`

// inert gives a text that no shell does anything with, also one that knows no comments
// when it is typed to.
func inert(line string) string {
	what, text, _ := strings.Cut(line, ": ")
	if plainWords.MatchString(text) {
		return what + ": " + text
	}
	return what + ": " + ShellQuote(text)
}

var plainWords = regexp.MustCompile(`^[\w .,:/@%+=-]*$`)

// meaning is what the variables of scripts are for.
var meaning = map[string]string{
	"POCKETCHECK_API_KEY":                  "the API key of the target",
	"POCKETCHECK_OTHER_API_KEY":            "the API key of another user",
	"POCKETCHECK_NO_ACTIONS_VIEW_API_KEY":  "the API key of a caller without ACTIONS_VIEW",
	"POCKETCHECK_NO_ACTIONS_START_API_KEY": "the API key of a caller without ACTIONS_START",
	"POCKETCHECK_FAILING_API_KEY":          "an API key whose next request fails with a 500",
	"POCKETCHECK_STATES_URL":               "the URL at which provider states are set up",
	"POCKETCHECK_HEADER":                   "the headers of the target, NAME: VALUE, one a line",
	"POCKETCHECK_STATES_HEADER":            "the headers of the states URL, NAME: VALUE, one a line",
	"POCKETCHECK_CA_FILE":                  "the PEM file of the certificates to trust",
	"POCKETCHECK_CLIENT_CERT":              "the PEM file of the certificate to show",
	"POCKETCHECK_CLIENT_KEY":               "the PEM file of its private key",
	"HTTP_PROXY":                           "the proxy", "http_proxy": "the proxy",
	"HTTPS_PROXY": "the proxy", "https_proxy": "the proxy",
}

// asks checks that the environment has what the commands take from there.
func (s Script) asks(b *strings.Builder) {
	needs, made := map[string]bool{}, map[string]bool{}
	for _, e := range slices.Concat(s.Exchanges, s.Removal) {
		for _, name := range s.variables(e) {
			if meaning[name] != "" && !made[name] {
				needs[name] = true
			}
		}
		for _, c := range e.Captures {
			made[c.Variable] = true // by the states URL
		}
	}
	for _, name := range slices.Sorted(maps.Keys(needs)) {
		fmt.Fprintf(b, ": \"${%s:?set it to %s}\"\n", name, meaning[name])
	}
}

// variables are those that the command of an exchange has.
func (s Script) variables(e *Exchange) []string {
	all := append([]string{e.Key.Variable}, s.Connection.curl(e).variables...)
	for _, p := range slices.Concat(e.URL, e.Body) {
		all = append(all, p.Variable)
	}
	return all
}

func uses(exchanges []*Exchange, variable string) bool {
	isIt := func(p Part) bool { return p.Variable == variable }
	return slices.ContainsFunc(exchanges, func(e *Exchange) bool {
		return slices.ContainsFunc(e.URL, isIt) || slices.ContainsFunc(e.Body, isIt)
	})
}
