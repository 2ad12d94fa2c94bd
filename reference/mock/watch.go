package mock

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// How a journal calls callers who are no users.
const (
	noKey      = "no key"
	unknownKey = "unknown key"
)

// exchange is a request on its way through the mock.
type exchange struct {
	caller string // the user's e-mail address, once the key is known
	rule   string // that answers it
}

type exchangeKey struct{}

// exchangeOf is the exchange that a context belongs to; nil of none.
func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// admitted hears from the reference who a request's caller is.
func admitted(ctx context.Context, caller reference.User) {
	if x := exchangeOf(ctx); x != nil {
		x.caller = caller.Email
	}
}

// watched keeps what goes through in the journal, and tells who listens.
func (m *Mock) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x, start := &exchange{}, time.Now()
		sent := &copied{ReadCloser: r.Body}
		seen := &seeing{ResponseWriter: w}
		r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
		r.Body = sent
		defer func() {
			failure := ""
			v := recover()
			if v != nil {
				failure = "the connection was cut"
			}
			caller := m.callerOf(x, r)
			if caller != noKey && caller != unknownKey {
				m.journal.Hide(r.Header.Get(traffic.KeyHeader))
			}
			e := m.journal.Add(traffic.Exchange{
				At: start, Took: time.Since(start), Method: r.Method, Target: targetOf(r), Header: r.Header,
				Body: sent.text, IsCut: sent.isCut(r), Status: seen.status, AnswerHead: seen.sent, Answer: seen.text,
				AnswerIsCut: seen.isCut, Failure: failure, Caller: caller, Rule: x.rule,
			})
			if m.seen != nil {
				m.seen(e)
			}
			if v != nil {
				panic(v)
			}
		}()
		next.ServeHTTP(seen, r)
	})
}

// targetOf is the path and the query that a request asks for, also of one that names the
// server before it, as proxies are asked.
func targetOf(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") || r.RequestURI == "*" {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

// callerOf names who sent a request. Of one that the reference admitted to no endpoint, since
// there is none, the store is asked.
func (m *Mock) callerOf(x *exchange, r *http.Request) string {
	if x.caller != "" {
		return x.caller
	}
	if r.Header.Get(traffic.KeyHeader) == "" {
		return noKey
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), briefly)
	defer cancel()
	if user, err := m.userOf(r.WithContext(ctx)); err == nil && user != "" {
		return user
	}
	return unknownKey
}

// briefly is how long the store may take to say who a caller is.
const briefly = time.Second

// copied is a body of which the beginning is kept.
type copied struct {
	io.ReadCloser
	text    []byte
	more    bool
	isEnded bool
}

func (c *copied) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	room := min(n, traffic.Kept-len(c.text))
	c.text = append(c.text, p[:room]...)
	c.more = c.more || room < n
	c.isEnded = c.isEnded || err == io.EOF
	return n, err
}

// isCut tells that not all of the body was kept, or that nobody wanted it.
func (c *copied) isCut(r *http.Request) bool {
	return c.more || !c.isEnded && r.ContentLength != 0
}

// seeing passes an answer on, and keeps the beginning of it.
type seeing struct {
	http.ResponseWriter
	status int
	sent   http.Header // as it was when the answer began
	text   []byte
	isCut  bool
}

// Unwrap lets [http.ResponseController] reach the connection.
func (s *seeing) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *seeing) WriteHeader(status int) {
	if s.status == 0 && status >= http.StatusOK {
		s.status, s.sent = status, s.Header() // which is this answer's alone
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *seeing) Write(p []byte) (int, error) {
	if s.status == 0 {
		s.WriteHeader(http.StatusOK)
	}
	room := min(len(p), traffic.Kept-len(s.text))
	s.text = append(s.text, p[:room]...)
	s.isCut = s.isCut || room < len(p)
	return s.ResponseWriter.Write(p)
}
