package traffic

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketcheck/pocketcheck/report/plain"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// KeyHeader is the header that has the API key.
const KeyHeader = "X-Api-Key"

// secretive are names of headers and of parameters of a query that have secrets.
var secretive = regexp.MustCompile(`(?i)key|token|secret|password|auth|cookie|session|signature`)

// secrets gives what of an exchange nobody is to see.
func (x Exchange) secrets() (all []wire.Key) {
	add := func(text string) {
		if text != "" {
			all = append(all, wire.NewKey(text))
			if blank := strings.ReplaceAll(text, "+", " "); blank != text { // as a query is read
				all = append(all, wire.NewKey(blank))
			}
		}
	}
	for name, values := range x.Header {
		if !secretive.MatchString(name) {
			continue
		}
		for _, value := range values {
			add(value)
			_, credentials, _ := strings.Cut(value, " ") // Bearer
			add(credentials)
		}
	}
	_, query, _ := strings.Cut(x.Target, "?")
	values, _ := url.ParseQuery(query) // as far as it can be read
	for name, values := range values {
		if secretive.MatchString(name) {
			for _, value := range values {
				add(value)
			}
		}
	}
	return all
}

// hiding gives what takes the secrets of exchanges out of a text.
func hiding(exchanges ...Exchange) func(string) string {
	redactor := &wire.Redactor{}
	for _, x := range exchanges {
		redactor.Add(x.secrets()...)
	}
	return redactor.Text
}

// shownHeader is a header as a person may see it: a key by the name of its caller.
func (x Exchange) shownHeader(head http.Header, hide func(string) string) map[string]string {
	all := map[string]string{}
	for name, values := range head {
		value := hide(strings.Join(values, ", "))
		if secretive.MatchString(name) {
			value = "(hidden)"
		}
		if name == KeyHeader && x.Caller != "" {
			value = "(" + x.Caller + ")"
		}
		all[plain.Line(name)] = value
	}
	return all
}

// hidden is the finding without secrets that a client put in a wrong place.
func (f Finding) hidden(hide func(string) string) Finding {
	return Finding{f.Fact, hide(f.At), hide(f.Got), hide(f.Want)}
}

func hiddenAll(all []Finding, hide func(string) string) []Finding {
	all = slices.Clone(all)
	for i := range all {
		all[i] = all[i].hidden(hide)
	}
	return all
}
