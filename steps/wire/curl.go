package wire

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// options are words of a curl command, and the variables that they have.
type options struct {
	input     string // a command whose output curl reads
	words     []string
	variables []string
}

func (o *options) add(words ...string) { o.words = append(o.words, words...) }

// fromVariable adds an option whose value is in a variable.
func (o *options) fromVariable(option, variable string) {
	o.add(option, `"$`+variable+`"`)
	o.variables = append(o.variables, variable)
}

// file adds an option whose value is a file, in a variable where its name is not known.
func (o *options) file(option, path, variable string) {
	if path == "" {
		o.fromVariable(option, variable)
		return
	}
	o.add(option, ShellQuote(path))
}

// curl gives the options with which curl reaches what the exchange's request did.
func (c Connection) curl(e *Exchange) (o options) {
	if len(c.HeaderOf(e)) > 0 {
		variable := "POCKETCHECK_HEADER"
		if e.States {
			variable = "POCKETCHECK_STATES_HEADER"
		}
		o.input = `printf '%s\n' "$` + variable + `" | `
		o.variables = append(o.variables, variable)
		o.add("-H @-")
	}
	u, err := url.Parse(e.URL.String())
	if err != nil {
		return o
	}
	if u.Scheme == "https" && c.TLS != nil {
		c.certificates(&o)
	}
	proxy(&o, u, os.Getenv)
	return o
}

func (c Connection) certificates(o *options) {
	switch {
	case c.Insecure():
		o.add("-k")
	case c.Files.CA != "" || c.TLS.RootCAs != nil:
		o.file("--cacert", c.Files.CA, "POCKETCHECK_CA_FILE")
	}
	if len(c.TLS.Certificates) > 0 || c.TLS.GetClientCertificate != nil {
		o.file("--cert", strings.ReplaceAll(c.Files.Cert, ":", `\:`), "POCKETCHECK_CLIENT_CERT") // behind a colon is a passphrase
		o.file("--key", c.Files.Key, "POCKETCHECK_CLIENT_KEY")
	}
}

// proxy lets curl take the proxy that a run takes, or none: they differ in what they
// read of HTTP_PROXY, and of this machine's own addresses.
func proxy(o *options, u *url.URL, env func(string) string) {
	c := httpproxy.Config{
		HTTPProxy: first(env, "HTTP_PROXY", "http_proxy"), HTTPSProxy: first(env, "HTTPS_PROXY", "https_proxy"),
		NoProxy: first(env, "NO_PROXY", "no_proxy"),
	}
	upper := strings.ToUpper(u.Scheme) + "_PROXY"
	lower := strings.ToLower(upper)
	by, err := c.ProxyFunc()(u)
	switch {
	case err == nil && by != nil && env(upper) != "":
		o.fromVariable("--proxy", upper)
	case err == nil && by != nil:
		o.fromVariable("--proxy", lower)
	case first(env, readByCurl[u.Scheme]...) != "" && !slices.Contains(strings.Split(c.NoProxy, ","), u.Hostname()):
		o.add("--noproxy '*'")
	}
}

// readByCurl are the variables in which curl looks for a proxy.
var readByCurl = map[string][]string{
	"http":  {"http_proxy", "all_proxy", "ALL_PROXY"},
	"https": {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"},
}

func first(env func(string) string, names ...string) string {
	for _, name := range names {
		if text := env(name); text != "" {
			return text
		}
	}
	return ""
}

func (s Script) curl(e *Exchange) string {
	o := s.Connection.curl(e)
	words := append([]string{"curl -sS -i"}, o.words...)
	words = append(words, "-X", e.Method, e.URL.shell(), "-H 'Content-Type: application/json'")
	switch {
	case e.Key.Variable != "":
		words = append(words, fmt.Sprintf(`-H "X-API-KEY: $%s"`, e.Key.Variable))
	case !e.Key.Key.IsZero(): // an unknown key is no secret
		words = append(words, "-H "+ShellQuote("X-API-KEY: "+e.Key.Key.Reveal()))
	}
	if len(e.Body) > 0 && e.Body.String() != "" {
		words = append(words, "--data-raw", e.Body.shell())
	}
	return o.input + strings.Join(words, " ")
}
