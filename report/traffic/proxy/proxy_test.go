package proxy_test

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/pocketcheck/pocketcheck/report/traffic/proxy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// between gives the URL of a proxy of a server, and what it saw.
func between(t *testing.T, prefix string, o proxy.Options, server http.HandlerFunc) (string, <-chan *traffic.Exchange) {
	t.Helper()
	target := httptest.NewServer(server)
	t.Cleanup(target.Close)
	return before(t, target.URL+prefix, o)
}

func before(t *testing.T, target string, o proxy.Options) (string, <-chan *traffic.Exchange) {
	t.Helper()
	at, err := url.Parse(target)
	require.NoError(t, err)
	seen := make(chan *traffic.Exchange, 10)
	p := proxy.New(at, o, func(x *traffic.Exchange) { seen <- x })
	front := httptest.NewServer(p)
	t.Cleanup(front.Close)
	t.Cleanup(p.Close)
	return front.URL, seen
}

// raw sends a request as it is written, and gives the whole answer.
func raw(t *testing.T, address, request string) string {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(address, "http://"))
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = io.WriteString(conn, request)
	require.NoError(t, err)
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	return string(answer)
}

// TestHandsOnWhatCame: the target gets the request line, the headers and the body as they
// came, with its own prefix and its own host.
func TestHandsOnWhatCame(t *testing.T) {
	t.Parallel()
	got := make(chan *http.Request, 10)
	front, seen := between(t, "/pre%20fix/", proxy.Options{Header: http.Header{"x-gateway": {"pass"}}}, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		got <- r
	})
	for _, path := range []string{"/api/v2/assets/a", "/", "//a", "/a%2Fb", "/a/../b/./c", `/a|"<>b`, "/%61?", "/a?b=%zz;c&d", "/é", "/a?b#c"} {
		raw(t, front, "POST "+path+" HTTP/1.1\r\nHost: client.example.com\r\nX-Forwarded-For: 1.2.3.4\r\nX-Gateway: client\r\nX-Api-Key: k\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nContent-Length: 3\r\n\r\n{ }")
		r := <-got
		assert.Equal(t, "/pre%20fix"+path, r.RequestURI)
		assert.NotEqual(t, "client.example.com", r.Host)
		assert.Equal(t, http.Header{"X-Forwarded-For": {"1.2.3.4"}, "X-Gateway": {"pass"}, "X-Api-Key": {"k"}, "Content-Length": {"3"}}, r.Header)
		body, _ := io.ReadAll(r.Body)
		assert.Equal(t, "{ }", string(body))
		x := <-seen
		assert.Equal(t, path, x.Target)
		assert.Equal(t, "{ }", string(x.Body))
		assert.Equal(t, "client", x.Header.Get("X-Gateway"), "what the client sent is judged")
	}
}

// TestHandsBackWhatIsAnswered: the client gets it as it is, at once, and so that it is
// judged without its encoding.
func TestHandsBackWhatIsAnswered(t *testing.T) {
	t.Parallel()
	const plain = `{"error": "asset not found"}`
	encoders := map[string]func(io.Writer) io.WriteCloser{
		"gzip":     func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"br":       func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
		"zstd":     func(w io.Writer) io.WriteCloser { e, _ := zstd.NewWriter(w); return e },
		"deflate":  func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
		"Deflate":  func(w io.Writer) io.WriteCloser { e, _ := flate.NewWriter(w, 9); return e },
		"identity": func(w io.Writer) io.WriteCloser { return unencoded{w} },
	}
	for coding, encoder := range encoders {
		var encoded bytes.Buffer
		e := encoder(&encoded)
		_, err := io.WriteString(e, plain)
		require.NoError(t, err)
		require.NoError(t, e.Close())
		front, seen := between(t, "", proxy.Options{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", coding)
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write(encoded.Bytes())
		})
		answer := raw(t, front, "GET /api/v2/assets/a HTTP/1.0\r\nAccept-Encoding: "+coding+"\r\n\r\n")
		_, body, _ := strings.Cut(answer, "\r\n\r\n")
		assert.Equal(t, encoded.String(), body, coding)
		x := <-seen
		assert.Equal(t, plain, string(x.Answer), coding)
		assert.False(t, x.AnswerIsCut, coding)
		assert.Equal(t, http.StatusNotFound, x.Status)
	}
	front, seen := between(t, "", proxy.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, plain)
	})
	assert.Contains(t, raw(t, front, "GET / HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n"), plain)
	assert.True(t, (<-seen).AnswerIsCut, "what can't be decoded is not known")
}

type unencoded struct{ io.Writer }

func (unencoded) Close() error { return nil }

// TestStreams: an answer is there while it goes on, with what comes before and after it.
func TestStreams(t *testing.T) {
	t.Parallel()
	goOn := make(chan struct{})
	front, seen := between(t, "", proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Link", "</early>")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Trailer", "X-Sum")
		_, _ = fmt.Fprintf(w, "%s %s,", body, r.Trailer.Get("X-Sent"))
		_ = http.NewResponseController(w).Flush()
		<-goOn
		_, _ = io.WriteString(w, "second")
		w.Header().Set("X-Sum", "42")
	})
	early := 0
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got1xxResponse: func(code int, _ textproto.MIMEHeader) error {
		if code == http.StatusEarlyHints {
			early++
		}
		return nil
	}})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, front, io.MultiReader(strings.NewReader("first")))
	require.NoError(t, err)
	r.Trailer = http.Header{"X-Sent": {"yes"}}
	r.Header.Set("Expect", "100-continue")
	answer, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	first, err := bufio.NewReader(answer.Body).ReadString(',')
	require.NoError(t, err)
	assert.Equal(t, "first yes,", first)
	close(goOn)
	_, err = io.ReadAll(answer.Body)
	require.NoError(t, err)
	assert.Equal(t, "42", answer.Trailer.Get("X-Sum"))
	assert.Equal(t, 1, early)
	x := <-seen
	assert.Equal(t, http.StatusOK, x.Status)
	assert.Equal(t, "first yes,second", string(x.Answer))
}

// TestBounds: of what is long a part is kept, and all of it handed on, also what is sent
// after the answer has begun.
func TestBounds(t *testing.T) {
	t.Parallel()
	front, seen := between(t, "", proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).EnableFullDuplex() // it answers while it is asked
		_, _ = io.Copy(w, r.Body)
	})
	long := strings.Repeat("x", 5*traffic.Kept)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, front, strings.NewReader(long))
	require.NoError(t, err)
	answer, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	whole, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	assert.Len(t, whole, len(long))
	x := <-seen
	assert.Len(t, x.Body, traffic.Kept)
	assert.Len(t, x.Answer, traffic.Kept)
	assert.True(t, x.IsCut && x.AnswerIsCut)
}

// TestAnswersUnread: a target that does not read a request is nobody's fault, nor that of the
// next request on the connection.
func TestAnswersUnread(t *testing.T) {
	t.Parallel()
	front, seen := between(t, "", proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 2 {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	})
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	for range 30 {
		for _, sent := range []struct {
			size      int
			isChunked bool
			want      int
		}{{200 << 10, false, 413}, {2, false, 200}, {200 << 10, true, 413}, {2, false, 200}, {300 << 10, false, 413}, {2, false, 200}} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, front, strings.NewReader(strings.Repeat("x", sent.size)))
			require.NoError(t, err)
			if sent.isChunked {
				r.ContentLength = -1
			}
			answer, err := client.Do(r)
			require.NoError(t, err)
			require.Equal(t, sent.want, answer.StatusCode)
			require.NoError(t, answer.Body.Close())
			x := <-seen
			require.Empty(t, x.Failure)
			require.Len(t, x.Body, min(sent.size, traffic.Kept))
		}
	}
}

// TestAnswersThatAreNone: the client is told, and nobody is blamed.
func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	none := httptest.NewServer(http.NotFoundHandler())
	none.Close()
	front, seen := before(t, none.URL, proxy.Options{})
	answer := raw(t, front, "GET /api/v2/assets/a HTTP/1.0\r\n\r\n")
	assert.Contains(t, answer, "502 Bad Gateway")
	assert.Contains(t, answer, `{"error":"the target does not answer: dial tcp `)
	x := <-seen
	assert.Contains(t, x.Failure, "the target does not answer: dial tcp ")
	var judge traffic.Judge
	assert.Empty(t, judge.Judge(x).ByServer)

	front, seen = between(t, "", proxy.Options{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"asset": `)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	raw(t, front, "GET /api/v2/assets/a HTTP/1.0\r\n\r\n")
	x = <-seen
	assert.True(t, x.AnswerIsCut)
	assert.Equal(t, "the answer broke off", x.Failure)
	assert.Empty(t, judge.Judge(x).ByServer)
}

// TestNoOtherServer: nobody gets anywhere else by it.
func TestNoOtherServer(t *testing.T) {
	t.Parallel()
	front, seen := between(t, "", proxy.Options{}, func(http.ResponseWriter, *http.Request) { t.Error("it was asked") })
	for _, line := range []string{"GET http://example.com/ HTTP/1.1", "CONNECT example.com:443 HTTP/1.1", "OPTIONS * HTTP/1.1", "GET https://127.0.0.1:1/api/v2/assets HTTP/1.1"} {
		answer := raw(t, front, line+"\r\nHost: example.com\r\nConnection: close\r\n\r\n")
		if !strings.HasPrefix(line, "OPTIONS") { // which net/http answers
			assert.Contains(t, answer, "400 Bad Request", line)
		}
	}
	assert.Empty(t, seen)
}
