package elastic

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"go.opentelemetry.io/otel/trace"
)

// request is what a cluster is asked.
type request struct {
	method string // "": GET
	index  string // or collection; "": it is of none
	path   string // below that
	query  url.Values
	body   []byte // JSON; nil: none
	traced string // by which name a trace has it; "": it is in none
}

// do sends a request and decodes the answer, if result is not nil. Its error is a
// [problem] where the answer tells of one.
func (i *Index) do(ctx context.Context, r request, result any) error {
	answer, err := i.send(ctx, r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // what was read is all that is needed
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode > 299 {
		var told struct{ Error cause }
		_ = json.Unmarshal(text, &told) // what is no JSON tells of nothing
		return &problem{answer.StatusCode, told.Error}
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(text, result); err != nil {
		return fmt.Errorf("%w: %w", errForeign, err)
	}
	return nil
}

// send sends a request, and lets it be traced where it is done for one whose trace there
// is: nobody hears of what is done beside them.
func (i *Index) send(ctx context.Context, r request) (*http.Response, error) {
	isTraced := r.traced != "" && i.traced != nil && trace.SpanContextFromContext(ctx).IsValid()
	if isTraced {
		ctx = i.traced.Start(ctx, r.traced)
		defer i.traced.Close(ctx)
		if r.index != "" {
			i.traced.RecordPathPart(ctx, "index", r.index)
		}
	}
	path := r.path
	if r.index != "" {
		path = "/" + url.PathEscape(r.index) + path
	}
	asked, err := http.NewRequestWithContext(ctx, cmp.Or(r.method, http.MethodGet), path, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	asked.URL.RawQuery = r.query.Encode()
	if r.body != nil {
		asked.Header.Set("Content-Type", "application/json")
	}
	if isTraced {
		i.traced.BeforeRequest(asked, r.traced)
		defer i.traced.AfterRequest(asked, "elasticsearch", r.traced)
	}
	answer, err := i.transport.Perform(asked)
	if err != nil && isTraced {
		i.traced.RecordError(ctx, err)
	}
	return answer, err
}
