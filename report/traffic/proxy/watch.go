package proxy

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// Watch gives a handler that lets next answer, and gives seen each exchange when its answer
// has ended. Of a body it keeps [traffic.Kept] bytes, without its content encoding.
func Watch(next http.Handler, seen func(*http.Request, traffic.Exchange)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := traffic.Exchange{At: time.Now(), Method: r.Method, Target: r.RequestURI, Header: r.Header.Clone()}
		x.Header.Set("Host", r.Host) // which net/http has elsewhere
		asked, answer := &body{ReadCloser: r.Body, length: r.ContentLength}, &tap{ResponseWriter: w}
		r.Body = asked
		defer func() {
			fault := recover() // with which a handler breaks an answer off
			x.Took = time.Since(x.At)
			x.Body, x.IsCut = asked.seen(x.Header)
			x.Status, x.AnswerHead = answer.status, answer.Header().Clone()
			x.Answer, x.AnswerIsCut = decoded(answer.kept, answer.isCut, x.AnswerHead)
			switch {
			case fault != nil:
				x.AnswerIsCut, x.Failure = true, "the answer broke off"
			case answer.status == 0:
				x.Status = http.StatusOK // as net/http has it
			}
			seen(r, x)
			if fault != nil {
				panic(fault)
			}
		}()
		next.ServeHTTP(answer, r)
	})
}

// beginning keeps the first bytes of what is written.
type beginning struct {
	kept  []byte
	isCut bool
}

func (b *beginning) keep(p []byte) {
	n := min(len(p), traffic.Kept-len(b.kept))
	b.kept = append(b.kept, p[:n]...)
	b.isCut = b.isCut || n < len(p)
}

// body is a request's, of which the beginning is kept. It may still be read by another
// goroutine when the answer has ended.
type body struct {
	io.ReadCloser
	length int64 // that was announced; -1 where none was

	mu      sync.Mutex
	kept    beginning
	read    int64
	isWhole bool
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept.keep(p[:n])
	b.read += int64(n)
	b.isWhole = b.isWhole || err == io.EOF
	return n, err
}

// seen gives what was read. The rest of a body that nobody read to its end is not known.
func (b *body) seen(head http.Header) (kept []byte, isCut bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return decoded(bytes.Clone(b.kept.kept), b.kept.isCut || !b.isWhole && b.read != b.length, head)
}

// tap is an answer, of which the status and the beginning are kept.
type tap struct {
	http.ResponseWriter
	beginning
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
