package wire

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// told is an answer to a request, as a run has it.
func told(status int, body string, header ...string) *Exchange {
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &Exchange{Method: "GET", URL: Literal("http://dam.example.com/x/api/v2/assets/not-found-id"), Sent: true, Status: status, Answer: []byte(body), Header: h}
}

func withURL(e *Exchange, url string) *Exchange {
	e.URL = Literal(url)
	return e
}

// TestObstacle: a wrong address, or a gateway in the way, is no server that fails
// everything; what the API answers, however wrong, is no obstacle.
func unread(why error) *Exchange {
	e := told(0, "")
	e.Failure = why
	return e
}

func TestObstacle(t *testing.T) {
	t.Parallel()
	const notFound = `{"error":"asset not found"}`
	page := func(status int, text string) *Exchange {
		return told(status, "<html><h1>"+text+"</h1></html>", "Content-Type", "text/html; charset=utf-8")
	}
	for _, tt := range []struct {
		name      string
		get, post *Exchange
		want      string // "": none
	}{
		{"the API", told(404, notFound), told(200, `{"asset": {}}`), ""},
		{"the API without POST", told(404, notFound), told(404, `{"detail":"Not Found"}`), ""},
		{"everything 200", told(200, "{}"), told(200, "{}"), ""},
		{"everything 404, as documented", told(404, notFound), told(404, notFound), ""},
		{"everything 500", told(500, ""), told(500, ""), ""},
		{"500 in HTML", page(500, "We're sorry"), page(500, "We're sorry"), ""},
		{"a page for the GET alone", page(404, "Not Found"), told(200, `{"asset": {}}`), ""},
		{"401", told(401, ""), told(401, "", "WWW-Authenticate", "ApiKey"), ""},
		{"https", told(301, "", "Location", "https://dam.example.com/x/api/v2/assets/not-found-id"), told(301, "", "Location", "https://dam.example.com/x/api/v2/assets"), "the API is at https://dam.example.com; give that as the target"},
		{"a login", told(302, "", "Location", "/login?return=secret"), told(302, "", "Location", "/login"), "it leads to http://dam.example.com/login, as to a login; redirects are not followed"},
		{"a long way", told(302, "", "Location", "/%1b[2J"+strings.Repeat("x", 1000)), told(302, "", "Location", "/"), "it leads to http://dam.example.com/%1b[2Jxxx"},
		{"no way", told(307, ""), told(307, ""), "redirects are not followed"},
		{"Basic", told(401, "", "WWW-Authenticate", `Basic realm="x"`), told(401, "", "WWW-Authenticate", `Basic realm="x"`), "something before the API wants a user and a password; the API key was not looked at"},
		{"deny all", page(403, "Forbidden"), page(403, "Forbidden"), "by a page in HTML, and so is everything else: a gateway, or the server, lets nobody in"},
		{"deny all in JSON", told(403, `{"message":"Forbidden"}`), told(403, `{"message":"Forbidden"}`), "403 Forbidden, and so is everything else: a gateway, or the server, lets nobody in"},
		{"a welcome page", page(200, "It works!"), page(405, "Not Allowed"), "it is another site, or a login"},
		{"another prefix", page(404, "Not Found"), page(404, "Not Found"), "is the address right? the target is what comes before /api/v2, with a prefix if there is one"},
		{"another prefix, in JSON", told(404, `{"detail":"Not Found"}`), told(404, `{"detail":"Not Found"}`), "is the address right? the target is what comes before"},
		{"a prefix twice", withURL(told(404, "404 page not found"), "http://h/api/v2/api/v2/assets/x"), told(404, "404 page not found"), "/api/v2 is added to the target; leave it out there"},
		{"http on https, nginx", page(400, "The plain HTTP request was sent to HTTPS port"), page(400, "The plain HTTP request was sent to HTTPS port"), "it wants https://, not http://"},
		{"http on https, Go", told(400, "Client sent an HTTP request to an HTTPS server.\n"), told(400, "Client sent an HTTP request to an HTTPS server.\n"), "it wants https://, not http://"},
		{"no certificate", page(400, "No required SSL certificate was sent"), page(400, "No required SSL certificate was sent"), "give --client-cert and --client-key"},
		{"502 always", page(502, "Bad Gateway"), page(502, "Bad Gateway"), "502 Bad Gateway, and so is everything else: the server, or the one behind a gateway, is away or busy; --wait waits"},
		{"a proxy with a password", told(407, "need auth"), told(407, "need auth"), "a proxy wants a user and a password; give them in its address"},
		{"a proxy's page for the POST alone", told(404, notFound), page(407, "Authentication required"), "a proxy wants a user"},
		{"a text", told(200, "ok"), told(200, "ok"), "in no JSON: it is another site"},
		{"400 in a text", told(400, "bad"), told(400, "bad"), "in no JSON: it is another site"},
		{"a text for the GET alone", told(200, "ok"), told(200, `{"asset": {}}`), ""},
		{"nothing", told(200, ""), told(200, ""), ""},
		{"long headers", unread(ErrHeaders), unread(ErrHeaders), "is answered by too much, and so is everything else: the headers of the answer are longer than 64 KiB"},
		{"long headers to the GET alone", unread(ErrHeaders), told(200, `{"asset": {}}`), ""},
		{"long bodies", unread(errTooLong), unread(errTooLong), "the answer is longer than 8 MiB"},
		{"429 always", told(429, ""), told(429, ""), "give a lower --rate"},
	} {
		got := Obstacle(tt.get, tt.post)
		if tt.want == "" {
			assert.Empty(t, got, tt.name)
			continue
		}
		assert.Contains(t, got, tt.want, tt.name)
		assert.NotContains(t, got, "secret", tt.name)
		assert.Less(t, len(got), 500, tt.name)
	}
	silent := errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "\x15\x03\x01\x00\x02\x02"`)
	assert.Contains(t, Plainly(silent), "is it https:// and not http://?")
}
