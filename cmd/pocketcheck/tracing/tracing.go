// Package tracing sends what a server does for a request, as spans, to where the usual
// variables OTEL_… say. Without them there is none of it in a request's way.
package tracing

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// Tracing makes and sends spans; nil makes none.
type Tracing struct {
	provider *sdk.TracerProvider
	version  string
}

// farewell is how long the last spans have to be sent.
const farewell = time.Second

// Begin begins to send spans where the environment asks for it, and gives nil where it does
// not. What can't be sent is told to the log, and so is what the environment asks for and
// can't have: traces are no reason not to serve.
func Begin(ctx context.Context, env func(string) string, version string, log *slog.Logger) *Tracing {
	asked, problem := isAsked(env)
	if problem != "" {
		log.WarnContext(ctx, "there will be no traces", "error", problem)
	}
	if !asked {
		return nil
	}
	otel.SetErrorHandler(&troubles{log: log})
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		log.WarnContext(ctx, "there will be no traces", "error", err)
		return nil
	}
	// The environment's names go before these.
	about, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithAttributes(
		attribute.String("service.name", "pocketcheck"), attribute.String("service.version", version)), resource.WithFromEnv())
	if err != nil {
		log.WarnContext(ctx, "traces tell less of the server than they might", "error", err)
	}
	return &Tracing{sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(about)), version}
}

// End sends the last spans.
func (t *Tracing) End() {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		otel.Handle(err)
	}
}

// PostgreSQL makes spans of statements, with their text and without their values.
func (t *Tracing) PostgreSQL() pgx.QueryTracer {
	if t == nil {
		return nil
	}
	return otelpgx.NewTracer(otelpgx.WithTracerProvider(t.provider), otelpgx.WithMeterProvider(noop.NewMeterProvider()),
		otelpgx.WithDisableConnectionDetailsInAttributes(), otelpgx.WithDisableAcquireTracer())
}

// Elasticsearch makes spans of requests, without their bodies.
func (t *Tracing) Elasticsearch() elastictransport.Instrumentation {
	if t == nil {
		return nil
	}
	return elastictransport.NewOtelInstrumentation(t.provider, false, t.version)
}

// troubles tells of spans that can't be sent, once a minute at most.
type troubles struct {
	log  *slog.Logger
	mu   sync.Mutex
	told time.Time
}

// Handle hears of each.
func (h *troubles) Handle(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if time.Since(h.told) < time.Minute {
		return
	}
	h.told = time.Now()
	h.log.Warn("traces are lost", "error", err)
}
