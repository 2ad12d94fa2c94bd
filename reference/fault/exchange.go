package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/pocketcheck/pocketcheck/reference"
)

// exchange is a request and its answer, taken apart for a variant to change.
type exchange struct {
	request *http.Request
	sent    any // the JSON body as it came; nil where it is none
	passed  any // the JSON body that the reference gets

	status int
	header http.Header
	answer any    // the JSON body; nil where it is none
	text   []byte // the body of an answer that is not JSON
	encode func(any) []byte
}

// exchanging lets the variant change what goes in to next and comes out of it.
func (v Variant) exchanging(next http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "the request can't be read", http.StatusBadRequest)
			return
		}
		x := &exchange{sent: decoded(body), passed: decoded(body), encode: encoded}
		x.request = r
		if asking(r.Context()).operation == "" { // another variant around this one has said so
			ctx := context.WithValue(r.Context(), askedKey{}, &asked{operation: requested(r), sent: x.sent})
			x.request = r.WithContext(ctx)
		}
		if v.hits(x) {
			for _, a := range v.acts {
				if a.before != nil {
					a.before(x)
					body = encoded(x.passed)
				}
			}
		}
		x.request.Body = io.NopCloser(bytes.NewReader(body))
		x.take(next)
		if v.hits(x) {
			for _, a := range v.acts {
				if a.after != nil {
					a.after(x)
				}
			}
		}
		x.reply(w)
	}
}

// take lets next answer the request.
func (x *exchange) take(next http.Handler) {
	record := recorded(next, x.request)
	x.status, x.header, x.text = record.status, record.header, record.body.Bytes()
	x.answer = decoded(x.text)
}

// reply writes the answer as it is now.
func (x *exchange) reply(w http.ResponseWriter) {
	body := x.text
	if x.answer != nil {
		body = x.encode(x.answer)
	}
	for name, values := range x.header {
		w.Header()[name] = slices.Clone(values)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(x.status)
	_, _ = w.Write(body) // the client is gone; there is nobody to tell
}

// decoded is nil for what is not JSON. Numbers keep their digits.
func decoded(body []byte) any {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

func encoded(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // what came from JSON encodes
	return b.Bytes()
}

// recording is a ResponseWriter that keeps what is written.
type recording struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// recorded is what a handler answers.
func recorded(next http.Handler, r *http.Request) *recording {
	record := &recording{header: http.Header{}, status: http.StatusOK}
	next.ServeHTTP(record, r)
	return record
}

func (r *recording) Header() http.Header         { return r.header }
func (r *recording) WriteHeader(status int)      { r.status = status }
func (r *recording) Write(b []byte) (int, error) { return r.body.Write(b) }

// writeTo gives what was recorded, which may be given again.
func (r *recording) writeTo(w http.ResponseWriter) {
	for name, values := range r.header {
		w.Header()[name] = slices.Clone(values)
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes()) // the client is gone; there is nobody to tell
}

// asked is what a store may know of the request that it is asked for.
type asked struct {
	operation string
	sent      any             // the JSON body
	caller    reference.User  // once the key was looked up
	author    int64           // of a comment that was taken for the caller's own
	foreign   bool            // that comment is not the caller's, or a project not there
	asset     reference.Asset // as it was before
}

type askedKey struct{}

// asking is the request of ctx; that of a provider state is for no operation.
func asking(ctx context.Context) *asked {
	if a, ok := ctx.Value(askedKey{}).(*asked); ok {
		return a
	}
	return &asked{}
}

func asks(ctx context.Context, operation string) bool { return asking(ctx).operation == operation }

// noting tells the stores below it who asks.
type noting struct{ reference.Store }

func (n noting) UserByKey(ctx context.Context, key reference.KeyHash) (reference.User, error) {
	user, err := n.Store.UserByKey(ctx, key)
	asking(ctx).caller = user
	return user, err
}

func (n noting) Asset(ctx context.Context, id string) (reference.Asset, error) {
	a, err := n.Store.Asset(ctx, id)
	asking(ctx).asset = a
	return a, err
}
