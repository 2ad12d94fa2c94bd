package wire

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// taken are the headers that a run can't be given, by why: those that it sends
// itself, those that say how a request is sent, and those of one connection.
var taken = map[string]string{
	"X-Api-Key":           "the API key has a place of its own: POCKETCHECK_API_KEY or --api-key-file",
	"Content-Type":        "the document says which one every request has",
	"Accept-Encoding":     "the answers that it brings could not be read",
	"Content-Length":      "it follows from the body",
	"Transfer-Encoding":   "it follows from the body",
	"Trailer":             "no request has one",
	"Host":                "it is that of the URL",
	"Connection":          "it is about a connection, and those are the suite's",
	"Keep-Alive":          "it is about a connection, and those are the suite's",
	"Proxy-Connection":    "it is about a connection, and those are the suite's",
	"Te":                  "it is about a connection, and those are the suite's",
	"Upgrade":             "it is about a connection, and those are the suite's",
	"Http2-Settings":      "it is about a connection, and those are the suite's",
	"Proxy-Authorization": "a proxy's credentials belong into its URL, in HTTP_PROXY or HTTPS_PROXY",
	"Proxy-Authenticate":  "it is an answer's",
}

// CheckHeader returns an error where a run can't be given the headers. It has no
// value, nor a name that may be one in the wrong place.
func CheckHeader(h http.Header) error {
	for name, values := range h {
		if !httpguts.ValidHeaderFieldName(name) {
			return errors.New("has a name that no header can have; it has letters, digits and hyphens")
		}
		if why := taken[http.CanonicalHeaderKey(name)]; why != "" {
			return fmt.Errorf("%s can't be given: %s", name, why)
		}
		if len(values) == 0 {
			return fmt.Errorf("%s has no value", name)
		}
		for _, v := range values {
			switch {
			case strings.Trim(v, " \t") == "":
				return fmt.Errorf("%s has no value", name)
			case !httpguts.ValidHeaderFieldValue(v):
				return fmt.Errorf("%s has a control character in its value, such as a line break", name)
			}
		}
	}
	return nil
}

// ParseHeader reads a header as it is written: NAME: VALUE. The error has nothing
// of the text.
func ParseHeader(text string) (name, value string, err error) {
	name, value, found := strings.Cut(text, ":")
	if !found {
		return "", "", errors.New("is not of the form NAME: VALUE")
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	return name, value, CheckHeader(http.Header{name: {value}})
}

// Secrets gives what no output may have of the headers: the values, and the
// credentials in them, which a target may echo alone. What stands in public, such as
// application/json, is no secret, and to hide it would spoil every report.
func Secrets(public string, headers ...http.Header) (all []Key) {
	for _, h := range headers {
		for name, values := range h {
			for _, v := range values {
				for _, text := range append(credentials(name, v), strings.Trim(v, " \t")) {
					if !strings.Contains(public, text) {
						all = append(all, NewKey(text))
					}
				}
			}
		}
	}
	return all
}

// credentials gives the parts of a value that are secret on their own: the token
// behind a scheme, the user and the password of Basic, the values of cookies.
func credentials(name, value string) (parts []string) {
	if http.CanonicalHeaderKey(name) == "Cookie" {
		for cookie := range strings.SplitSeq(value, ";") {
			if _, v, ok := strings.Cut(cookie, "="); ok {
				parts = append(parts, strings.Trim(v, ` "`))
			}
		}
		return parts
	}
	scheme, token, ok := strings.Cut(strings.TrimSpace(value), " ")
	if !ok || !strings.HasSuffix(http.CanonicalHeaderKey(name), "Authorization") {
		return nil
	}
	token = strings.TrimSpace(token)
	parts = append(parts, token)
	if strings.EqualFold(scheme, "Basic") {
		if plain, err := base64.StdEncoding.DecodeString(token); err == nil {
			_, password, _ := strings.Cut(string(plain), ":")
			parts = append(parts, string(plain), password)
		}
	}
	return parts
}

// shortestSecret is what a value of a query has that may be a secret: a shorter one, such as
// true, stands in other texts by chance.
const shortestSecret = 8

// SecretsOf gives what no output may have of a URL: its query may have a token, and a proxy's
// has a password.
func SecretsOf(address string) (all []Key) {
	user, query, _ := strings.Cut(address, "?")
	query, _, _ = strings.Cut(query, "#")
	texts := []string{query}
	for part := range strings.SplitSeq(query, "&") {
		_, value, _ := strings.Cut(part, "=")
		plain, _ := url.QueryUnescape(value) // nothing where it is no more than the value
		texts = append(texts, value, plain)
	}
	user = user[:max(strings.LastIndex(user, "@"), 0)]
	if _, behind, hasScheme := strings.Cut(user, "://"); hasScheme {
		user = behind
	}
	_, password, _ := strings.Cut(user, ":")
	plain, _ := url.PathUnescape(password)
	for _, text := range append(texts, password, plain) {
		if len(text) >= shortestSecret {
			all = append(all, NewKey(text))
		}
	}
	return all
}

// SecretsOfProxies are those of the proxies that the environment names.
func SecretsOfProxies() (all []Key) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
		for _, variable := range []string{name, strings.ToLower(name)} {
			all = append(all, SecretsOf(os.Getenv(variable))...)
		}
	}
	return all
}
