package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// longestRequestID is as long as those of the gateways there are, and leaves room.
const longestRequestID = 128

type requestIDKey struct{}

// identified gives each request an id: the answer has it as a header, and what is logged of
// the request has it, too.
func identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if !trace.SpanContextFromContext(ctx).IsValid() { // no span was begun for it
			ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
		}
		id := requestID(ctx, r.Header)
		w.Header().Set(traffic.IDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, requestIDKey{}, id)))
	})
}

// requestID is what the client calls its request, or else the id of the trace that it is
// of, or else a new one of the same form.
func requestID(ctx context.Context, header http.Header) string {
	if id := header.Get(traffic.IDHeader); isRequestID(id) && !hasKey(id, header) {
		return id
	}
	if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
		return span.TraceID().String()
	}
	var id [16]byte
	_, _ = rand.Read(id[:]) // it never fails
	return hex.EncodeToString(id[:])
}

// isRequestID tells of what may be called so: it goes into lines, between blanks.
func isRequestID(text string) bool {
	return text != "" && len(text) <= longestRequestID && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// hasKey tells that a text has the key in it that a request is sent with.
func hasKey(text string, header http.Header) bool {
	key := header.Get(traffic.KeyHeader)
	return key != "" && strings.Contains(text, key)
}

// withRequest is a log whose records tell which request they are of.
type withRequest struct{ slog.Handler }

func (h withRequest) Handle(ctx context.Context, record slog.Record) error {
	if id, isRequest := ctx.Value(requestIDKey{}).(string); isRequest {
		record.AddAttrs(slog.String("request_id", id))
		if span := trace.SpanContextFromContext(ctx); span.HasTraceID() && span.TraceID().String() != id {
			record.AddAttrs(slog.String("trace_id", span.TraceID().String()))
		}
	}
	return h.Handler.Handle(ctx, record)
}

func (h withRequest) WithAttrs(attrs []slog.Attr) slog.Handler {
	return withRequest{h.Handler.WithAttrs(attrs)}
}

func (h withRequest) WithGroup(name string) slog.Handler {
	return withRequest{h.Handler.WithGroup(name)}
}
