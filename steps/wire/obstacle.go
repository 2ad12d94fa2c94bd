package wire

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// Obstacle says why no request gets to the API of a target, and what to do, by what
// a GET of an unknown asset and other requests were answered; "" where something of
// the API shows, however wrong, or nothing was answered: then [Plainly] does.
func Obstacle(get *Exchange, others ...*Exchange) string {
	all := append([]*Exchange{get}, others...)
	are := func(is func(*Exchange) bool) bool {
		return !slices.ContainsFunc(all, func(e *Exchange) bool { return !is(e) })
	}
	head, rest := get.Name()+" is answered "+get.StatusLine(), ", and so is everything else"
	if len(others) == 0 {
		rest = ""
	}
	switch {
	case slices.ContainsFunc(all, isProxys):
		return head + ": " + proxyWants
	case are(func(e *Exchange) bool { return e.Failure == nil && e.Trouble() != "" }):
		return head + rest + ": " + away(get)
	case are(func(e *Exchange) bool { return isTooMuch(e.Failure) }):
		return get.Name() + " is answered by too much" + rest + ": " + get.Failure.Error()
	case are(isRedirect):
		return head + ": " + redirect(get)
	case are(wantsLogin):
		return head + " with WWW-Authenticate: " + scheme(get) + ": something before the API wants a user and a password; the API key was not looked at"
	case are((*Exchange).IsPage) && get.Status < 500:
		return head + " by a page in HTML" + rest + ": " + page(get)
	case are(func(e *Exchange) bool { return e.Status == http.StatusForbidden }):
		return head + rest + ": " + nobody
	case are(speaksTLS):
		return head + ": it wants https://, not http://"
	case are(isOtherText):
		return head + rest + ", in no JSON: it is another site, or a rule of what is in between"
	case len(others) > 0 && are(isNowhere):
		return head + ", and not as documented, and everything else 404, too: is the address right? " + prefix(get)
	}
	return ""
}

// isProxys tells of an answer that no API gives, but a proxy that is to be told who
// asks.
func isProxys(e *Exchange) bool {
	return e.Failure == nil && e.Status == http.StatusProxyAuthRequired
}

const proxyWants = "a proxy wants a user and a password; give them in its address, as http://USER:PASSWORD@HOST:PORT"

// isOtherText tells of a text that is no answer of the API, in place of anything.
func isOtherText(e *Exchange) bool {
	_, isJSON := e.JSON()
	return e.Failure == nil && !isJSON && len(bytes.TrimSpace(e.Answer)) > 0 && (e.Status/100 == 2 || e.Status == http.StatusBadRequest)
}

func away(e *Exchange) string {
	if e.Status == http.StatusTooManyRequests {
		return "it answers 429 Too Many Requests, again and again; give a lower --rate (in Go Options.Rate)"
	}
	return "the server, or the one behind a gateway, is away or busy; --wait waits for one that starts (in Go Options.Wait)"
}

func isRedirect(e *Exchange) bool {
	return e.Failure == nil && e.Status > 300 && e.Status < 400 && e.Status != http.StatusNotModified
}

// login is what the address of one is called.
var login = regexp.MustCompile(`(?i)(^|/)(log|sign)[-_]?[io]n\b|(^|/)(sso|auth|oauth2?|saml)(/|$)`)

// Elsewhere tells where a redirect leads away from the API, to a login or another
// server; "" for any other answer.
func Elsewhere(e *Exchange) string {
	from, _ := url.Parse(e.URL.String()) // it was sent
	to, err := from.Parse(e.Header.Get("Location"))
	if !isRedirect(e) || err != nil || to.Scheme == from.Scheme && to.Host == from.Host && !login.MatchString(to.Path) {
		return ""
	}
	return redirect(e)
}

// redirect tells where one leads, without what may be a secret in it.
func redirect(e *Exchange) string {
	from, _ := url.Parse(e.URL.String()) // it was sent
	to, err := from.Parse(e.Header.Get("Location"))
	switch {
	case err != nil || e.Header.Get("Location") == "":
		return "redirects are not followed"
	case to.Host == from.Host && to.Path == from.Path && to.Scheme != from.Scheme, to.Hostname() == from.Hostname() && to.Path == from.Path:
		return fmt.Sprintf("the API is at %s://%s; give that as the target", to.Scheme, to.Host)
	}
	const longest = 200 // a login's address is shorter
	where := fmt.Sprintf("%s://%s%s", to.Scheme, to.Host, to.EscapedPath())
	if len(where) > longest {
		where = where[:longest] + "…"
	}
	return "it leads to " + where + ", as to a login; redirects are not followed"
}

// asking are the ways of HTTP itself to ask who is there, of which the document has
// none.
var asking = []string{"basic", "digest", "negotiate", "ntlm"}

func scheme(e *Exchange) string {
	word, _, _ := strings.Cut(e.Header.Get("WWW-Authenticate"), " ")
	return word
}

func wantsLogin(e *Exchange) bool {
	return e.Status == http.StatusUnauthorized && slices.Contains(asking, strings.ToLower(scheme(e)))
}

const nobody = "a gateway, or the server, lets nobody in: a rule for hosts, addresses or headers"

const giveOne = "give --client-cert and --client-key, in Go Target.TLS"

// page tells what a gateway's page says.
func page(e *Exchange) string {
	text := string(e.Answer)
	switch {
	case strings.Contains(text, "plain HTTP request was sent to HTTPS port"), strings.Contains(text, "speaking plain HTTP to an SSL-enabled"):
		return "it wants https://, not http://"
	case strings.Contains(text, "SSL certificate"):
		return "it wants a certificate of the client; " + giveOne
	case e.Status == http.StatusForbidden, e.Status == http.StatusMisdirectedRequest:
		return nobody
	case e.Status == http.StatusNotFound:
		return "is the address right? " + prefix(e)
	case e.Status/100 == 2:
		return "it is another site, or a login"
	}
	return "it is no answer of the API"
}

func speaksTLS(e *Exchange) bool {
	return e.Status == http.StatusBadRequest && strings.Contains(string(e.Answer), "HTTP request to an HTTPS server")
}

// isNowhere tells of a 404 that is not the documented one.
func isNowhere(e *Exchange) bool {
	body, isJSON := e.JSON()
	return e.Failure == nil && e.Status == http.StatusNotFound && !(isJSON && body.Get("error").String() == "asset not found")
}

// UnknownAsset is the path of an asset that is not there, which any target answers.
const UnknownAsset = "/api/v2/assets/not-found-id"

func prefix(e *Exchange) string {
	before, _, _ := strings.Cut(e.URL.String(), "/api/v2/assets")
	if strings.Contains(before, "/api") {
		return "/api/v2 is added to the target; leave it out there"
	}
	return "the target is what comes before /api/v2, with a prefix if there is one"
}

// Plainly says why there was no answer, and what to do, in words that are not the
// target's: it may have said a key.
func Plainly(err error) string {
	certificate, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	op, isNet := errors.AsType[*net.OpError](err)
	_, isTLS := errors.AsType[tls.RecordHeaderError](err)
	text := err.Error()
	switch {
	case isTooMuch(err), isTimeout(err):
		return text
	case errors.Is(err, errWantsCertificate):
		return errWantsCertificate.Error() + " (" + lastWords(text) + "); " + giveOne
	case isCertificate:
		return certificate.Error() + "; --ca-file, in Go Target.TLS, names further certificates to trust"
	case isNet && op.Op == alert && strings.Contains(text, "certificate"):
		return "it wants a certificate of the client (" + lastWords(text) + "); " + giveOne
	case isTLS || strings.HasSuffix(text, "server gave HTTP response to HTTPS client"):
		return "it speaks no TLS; is it http:// and not https://?"
	case strings.Contains(text, `malformed HTTP response "\x15\x03`):
		return "it speaks TLS; is it https:// and not http://?"
	case isNet && op.Op == "dial", isNet && (errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)):
		there := *op
		there.Source = nil // another one each time
		return there.Error()
	case isNet && op.Op == "proxyconnect":
		return "the proxy does not connect to it: " + op.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it closes the connection without an answer"
	}
	return "what it answers is not HTTP, or breaks off"
}

func lastWords(text string) string {
	return strings.TrimSpace(text[strings.LastIndexByte(text, ':')+1:])
}

// Via names the proxy of the environment that requests to an address take; "" where
// they take none.
func Via(address string) string {
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return ""
	}
	proxy, err := http.ProxyFromEnvironment(req)
	if err != nil || proxy == nil {
		return ""
	}
	return fmt.Sprintf(" (by the proxy %s://%s that the environment names)", proxy.Scheme, proxy.Host)
}
