package fault

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/pocketcheck/pocketcheck/reference"
)

// longest is how many bytes a body has at most that variants look at: more than any
// scenario sends, and few enough to take apart for many callers at once.
const longest = 64 << 10

// body is what a request sends, read as a whole and changed once somebody wants it.
// The reference wants it of callers that it knows, so nobody else costs more than
// the headers.
type body struct {
	io.ReadCloser
	change  func([]byte) []byte
	changed io.Reader
}

// withBody is a request whose body is changed.
func withBody(r *http.Request, change func([]byte) []byte) *http.Request {
	changed := r.WithContext(r.Context())
	changed.Body = &body{ReadCloser: r.Body, change: change}
	return changed
}

// Read gives a body that is too long as it is.
func (b *body) Read(p []byte) (int, error) {
	if b.changed == nil {
		text, err := io.ReadAll(io.LimitReader(b.ReadCloser, longest+1))
		switch {
		case err != nil:
			return 0, err
		case len(text) > longest:
			b.changed = io.MultiReader(bytes.NewReader(text), b.ReadCloser)
		default:
			b.changed = bytes.NewReader(b.change(text))
		}
	}
	return b.changed.Read(p)
}

// sent is what a request sent, as far as it was wanted.
type sent struct {
	text    []byte
	decoded any
}

// json is the JSON body; nil where it is none.
func (s *sent) json() any {
	if s.decoded == nil {
		s.decoded = decoded(s.text)
	}
	return s.decoded
}

// noted tells variants and stores within what is asked for.
func noted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := &asked{operation: requested(r), sent: &sent{}}
		r = r.WithContext(context.WithValue(r.Context(), askedKey{}, a))
		next.ServeHTTP(w, withBody(r, func(text []byte) []byte {
			a.sent.text = text
			return text
		}))
	})
}

// asked is what a store may know of the request that it is asked for.
type asked struct {
	operation string
	sent      *sent
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
	return &asked{sent: &sent{}}
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
