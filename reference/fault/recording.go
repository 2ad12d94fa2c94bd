package fault

import (
	"bytes"
	"maps"
	"net/http"
)

// longestAnswer is how many bytes an answer has at most that variants look at: more than
// any scenario gets, and few enough to take apart for many callers at once.
const longestAnswer = 512 << 10

// recording is a ResponseWriter that keeps what is written.
type recording struct {
	header http.Header
	status int
	body   bytes.Buffer

	to       http.ResponseWriter // gets an answer that is too long; nil: none is
	isPassed bool                // to it
}

// recorded is what a handler answers; one that is too long goes to w.
func recorded(next http.Handler, r *http.Request, w http.ResponseWriter) *recording {
	record := &recording{header: http.Header{}, status: http.StatusOK, to: w}
	next.ServeHTTP(record, r)
	return record
}

func (r *recording) Header() http.Header    { return r.header }
func (r *recording) WriteHeader(status int) { r.status = status }

func (r *recording) Write(b []byte) (int, error) {
	if !r.isPassed && r.to != nil && r.body.Len()+len(b) > longestAnswer {
		r.isPassed = true
		r.writeTo(r.to)
		r.body = bytes.Buffer{}
	}
	if r.isPassed {
		return r.to.Write(b)
	}
	return r.body.Write(b)
}

// writeTo gives what was recorded, which may be given again.
func (r *recording) writeTo(w http.ResponseWriter) {
	maps.Copy(w.Header(), r.header.Clone())
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes()) // #nosec G705 -- the reference's answer, as a fault has it; without a client there is nobody to tell
}
