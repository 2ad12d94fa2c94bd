package tracing

import (
	"net/http"
	"strings"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Requests is how those are seen whose spans are made.
type Requests struct {
	Route func(*http.Request) string // as documented, without the method; "" of none
	Key   string                     // the header that has the key
	Quiet string                     // the path of requests that are no matter
}

// Handler makes a span of each request, which goes on from the trace of the client. A key
// that stands where none belongs is not in it.
func (t *Tracing) Handler(next http.Handler, of Requests) http.Handler {
	if t == nil {
		return next
	}
	routed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of.complete(trace.SpanFromContext(r.Context()), r)
		next.ServeHTTP(w, r)
	})
	return otelhttp.NewHandler(routed, "", otelhttp.WithTracerProvider(t.provider), otelhttp.WithMeterProvider(noop.NewMeterProvider()),
		otelhttp.WithPropagators(propagation.TraceContext{}),
		otelhttp.WithFilter(func(r *http.Request) bool { return r.URL.Path != of.Quiet }))
}

func (of Requests) complete(span trace.Span, r *http.Request) {
	if !span.IsRecording() {
		return
	}
	if route := of.Route(r); route != "" {
		span.SetName(r.Method + " " + route)
		span.SetAttributes(attribute.String("http.route", route))
	}
	key := r.Header.Get(of.Key)
	if key == "" {
		return
	}
	for name, text := range map[string]string{
		"url.path": r.URL.Path, "user_agent.original": r.UserAgent(), "server.address": r.Host, "client.address": r.Header.Get("X-Forwarded-For"),
	} {
		if strings.Contains(text, key) {
			span.SetAttributes(attribute.String(name, strings.ReplaceAll(text, key, "REDACTED")))
		}
	}
}
