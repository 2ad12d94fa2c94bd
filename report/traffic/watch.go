package traffic

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Watch gives a handler that lets next answer, and gives seen each exchange when its answer
// has ended. Of a body it keeps [Kept] bytes, as they went over the wire.
func Watch(next http.Handler, seen func(*http.Request, *Exchange)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := &Exchange{At: time.Now(), Method: r.Method, Target: targetOf(r), Host: r.Host, Header: r.Header}
		p := &passing{asked: watchedBody{ReadCloser: r.Body, length: r.ContentLength}, answer: tap{ResponseWriter: w}}
		if r.Body != http.NoBody {
			r.Body = &p.asked
		}
		defer func() {
			fault := recover() // with which a handler breaks an answer off
			x.Took = time.Since(x.At)
			x.Body, x.IsCut = p.asked.seen()
			x.Status, x.AnswerHead = p.answer.status, w.Header()
			x.Answer, x.AnswerIsCut = p.answer.kept, p.answer.isCut
			switch {
			case fault != nil:
				x.AnswerIsCut, x.Failure = true, "the answer broke off"
			case p.answer.status == 0:
				x.Status = http.StatusOK // as net/http has it
			}
			seen(r, x)
			if fault != nil {
				panic(fault)
			}
		}()
		next.ServeHTTP(&p.answer, r)
	})
}

// passing are both sides of an exchange while they are watched.
type passing struct {
	asked  watchedBody
	answer tap
}

// targetOf is the path and the query that a request asks for, also of one that names the
// server before it, as proxies are asked.
func targetOf(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") || r.RequestURI == "*" {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

// keptBytes keeps the first bytes of what is written.
type keptBytes struct {
	kept  []byte
	isCut bool
}

func (b *keptBytes) keep(p []byte) {
	n := min(len(p), Kept-len(b.kept))
	b.kept = append(b.kept, p[:n]...)
	b.isCut = b.isCut || n < len(p)
}

// watchedBody is a request's, of which the beginning is kept. It may still be read by another
// goroutine when the answer has ended.
type watchedBody struct {
	io.ReadCloser
	length int64 // that was announced; -1 where none was

	mu      sync.Mutex
	kept    keptBytes
	read    int64
	isWhole bool
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept.keep(p[:n])
	b.read += int64(n)
	b.isWhole = b.isWhole || err == io.EOF
	return n, err
}

// seen gives what was read, to which nothing is added. The rest of a body that nobody read to
// its end is not known.
func (b *watchedBody) seen() (kept []byte, isCut bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clip(b.kept.kept), b.kept.isCut || !b.isWhole && b.read != b.length && b.ReadCloser != http.NoBody
}

// tap is an answer, of which the status and the beginning are kept.
type tap struct {
	http.ResponseWriter
	keptBytes
	status int // 0 before it
}

// WriteHeader keeps the status, unless it only tells of one to come.
func (t *tap) WriteHeader(status int) {
	if t.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		t.status = status
	}
	t.ResponseWriter.WriteHeader(status)
}

func (t *tap) Write(p []byte) (int, error) {
	if t.status == 0 {
		t.status = http.StatusOK
	}
	n, err := t.ResponseWriter.Write(p)
	t.keep(p[:n])
	return n, err
}

// Unwrap is for [http.ResponseController].
func (t *tap) Unwrap() http.ResponseWriter { return t.ResponseWriter }
