package wire

import (
	"errors"
	"net/http"
)

// ErrReadOnly tells of a request that was not sent, since it might change something.
var ErrReadOnly = errors.New("read only: it takes more than a GET")

// readOnly lets nothing but GET through to a transport.
type readOnly struct{ http.RoundTripper }

func (r readOnly) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet {
		return nil, ErrReadOnly
	}
	return r.RoundTripper.RoundTrip(req)
}
