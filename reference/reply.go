package reference

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// refusal is an answer other than success, with the text of its "error";
// without a text it has no body.
type refusal struct {
	code int
	text string
}

func (e *refusal) Error() string { return cmp.Or(e.text, http.StatusText(e.code)) }

// errorBody is how every refusal reads; the document also answers 200 with it.
type errorBody struct {
	Error string `json:"error"`
}

type okBody struct {
	OK string `json:"ok"`
}

// reply writes the one answer to a request. What went wrong inside is logged,
// never shown.
func (s *Server) reply(w http.ResponseWriter, r *http.Request, body any, err error) {
	code := http.StatusOK
	if HungUp(r, err) {
		s.log.DebugContext(r.Context(), "the client hung up", "pattern", r.Pattern, "error", err)
		w.WriteHeader(StatusHungUp)
		return
	}
	if err != nil {
		refused, ok := errors.AsType[*refusal](err)
		if !ok && errors.Is(err, ErrFull) {
			refused, ok = &refusal{http.StatusInsufficientStorage, "Insufficient storage"}, true
		}
		if !ok {
			s.log.ErrorContext(r.Context(), "request failed", "pattern", r.Pattern, "error", err)
			refused = &refusal{http.StatusInternalServerError, "Internal Server Error"}
		}
		code, body = refused.code, errorBody{refused.text}
		if refused.text == "" {
			w.WriteHeader(code)
			return
		}
	}
	text, err := encodedOf(body)
	if err != nil {
		s.reply(w, r, nil, fmt.Errorf("encode the answer: %w", err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	text.writeTo(w)
}

// encoded is a body as it is written, once.
type encoded interface{ writeTo(io.Writer) }

func encodedOf(body any) (encoded, error) {
	if l, isList := body.(oneList); isList {
		return l, nil
	}
	return encode(body)
}

// text is JSON that is written once; its memory is then used again.
type text struct {
	bytes.Buffer
	encoder *json.Encoder
}

var written = sync.Pool{New: func() any {
	t := &text{}
	t.encoder = json.NewEncoder(t)
	t.encoder.SetEscapeHTML(false) // the document shows <code> as it is
	return t
}}

func encode(body any) (*text, error) {
	t := written.Get().(*text)
	return t, t.encoder.Encode(body)
}

// longestKept is as much memory as is worth being used again; most answers take less.
const longestKept = 16 << 10

func (t *text) writeTo(w io.Writer) {
	_, _ = w.Write(t.Bytes()) // if the client is gone, there is nobody to tell
	if t.Cap() <= longestKept {
		t.Reset()
		written.Put(t)
	}
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	s.reply(w, r, nil, &refusal{http.StatusNotFound, "not found"})
}

func (s *Server) methodNotAllowed(allowed string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allowed)
		s.reply(w, r, nil, &refusal{http.StatusMethodNotAllowed, "method not allowed"})
	}
}

// timestamp reads 2006-01-02T15:04:05.000Z, as in an answer.
type timestamp string

// at gives a time in the document's format. Go is quick to write RFC 3339 alone, which is
// without the parts of a second.
func at(t time.Time) timestamp {
	text := t.UTC().AppendFormat(make([]byte, 0, len(time.RFC3339)), time.RFC3339)
	const digits = "0123456789"
	millis := t.Nanosecond() / int(time.Millisecond)
	return timestamp(append(text[:len(text)-1], '.', digits[millis/100], digits[millis/10%10], digits[millis%10], 'Z'))
}

// number is the id that text names, or 0, which no row has: an id is a positive
// number within int64, written the one usual way.
func number(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 0 || strconv.FormatInt(id, 10) != text {
		return 0
	}
	return id
}
