package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
	"github.com/pocketcheck/pocketcheck/report/traffic"
)

// spans is a receiver of OTLP.
type spans struct {
	mu    sync.Mutex
	all   []*otlp.Span
	texts []string // all that was received
	auth  string
}

func (s *spans) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	var sent collector.ExportTraceServiceRequest
	if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &sent) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.auth = r.Header.Get("Authorization")
	s.texts = append(s.texts, sent.String())
	for _, resource := range sent.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			s.all = append(s.all, scope.Spans...)
		}
	}
}

// named waits for a span whose name begins so.
func (s *spans) named(t *testing.T, prefix string) *otlp.Span {
	t.Helper()
	var found *otlp.Span
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		i := slices.IndexFunc(s.all, func(span *otlp.Span) bool { return strings.HasPrefix(span.Name, prefix) })
		if i >= 0 {
			found = s.all[i]
		}
		return found != nil
	}, 20*time.Second, 10*time.Millisecond, prefix)
	return found
}

func attributeOf(span *otlp.Span, name string) string {
	for _, a := range span.Attributes {
		if a.Key == name {
			return a.Value.GetStringValue()
		}
	}
	return ""
}

// servesTraced starts a server that sends its spans, and gives where it serves.
func servesTraced(t *testing.T, args ...string) (*spans, *process) {
	t.Helper()
	received := &spans{}
	receiver := httptest.NewServer(received)
	t.Cleanup(receiver.Close)
	env := append([]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT=" + receiver.URL, "OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20" + secret + "-otel",
		"OTEL_BSP_SCHEDULE_DELAY=20", "OTEL_SERVICE_NAME=files",
	}, quick...)
	p, err := beginAs("pocketcheck", t.TempDir(), env, append([]string{"serve", "--port=0"}, args...)...)
	require.NoError(t, err)
	t.Cleanup(p.close)
	require.True(t, p.stdout.has("serving at "), "%s%s", p.stdout, p.stderr)
	return received, p
}

// TestTraces: a request's span is of its client's trace, is called by the endpoint, and has
// no key, wherever the client puts it.
func TestTraces(t *testing.T) {
	t.Parallel()
	received, p := servesTraced(t)
	api := p.servesAt().api
	asked(t, http.MethodGet, api+"/health")
	asked(t, http.MethodGet, api+"/nothing", "X-API-KEY: "+embeddedKey)
	answer, _ := asked(t, http.MethodGet, api+"/api/v2/assets/"+apiKey, "X-API-KEY: "+apiKey, traceparent, "User-Agent: "+apiKey)
	assert.Equal(t, traceID, answer.Header.Get(traffic.IDHeader))
	span := received.named(t, "GET /api/v2/assets/:asset_id")
	assert.Equal(t, []byte("\x4b\xf9\x2f\x35\x77\xb3\x4d\xa6\xa3\xce\x92\x9d\x0e\x0e\x47\x36"), span.TraceId)
	assert.Equal(t, []byte("\x00\xf0\x67\xaa\x0b\xa9\x02\xb7"), span.ParentSpanId)
	assert.Equal(t, otlp.Span_SPAN_KIND_SERVER, span.Kind)
	assert.Equal(t, "/api/v2/assets/:asset_id", attributeOf(span, "http.route"))
	assert.Equal(t, "/api/v2/assets/REDACTED", attributeOf(span, "url.path"))
	assert.Empty(t, attributeOf(received.named(t, "GET"), "http.route"), "of what no endpoint has")

	received.mu.Lock()
	defer received.mu.Unlock()
	assert.Equal(t, "Bearer "+secret+"-otel", received.auth)
	all := strings.Join(received.texts, "\n")
	for _, never := range []string{secret, embeddedKey, "Authorization", "authorization", "/health"} {
		assert.NotContains(t, all, never)
	}
	assert.Contains(t, all, `"files"`, "the environment's name of the service")
}

// TestTracesOnContainers: what a request asks of PostgreSQL and Elasticsearch is in its trace.
func TestTracesOnContainers(t *testing.T) {
	t.Parallel()
	stack := containertest.Shared(t)
	received, p := servesTraced(t, "--database-url", stack.DatabaseURL(), "--elasticsearch-url", stack.ElasticsearchURL())
	asked(t, http.MethodGet, p.servesAt().api+"/api/v2/assets/rSkRlq2Aiw4wJvjvlqSm", "X-API-KEY: "+embeddedKey, traceparent)
	server := received.named(t, "GET /api/v2/assets/:asset_id")
	statement, search := received.named(t, "SELECT"), received.named(t, "mget")
	for _, span := range []*otlp.Span{statement, search} {
		assert.Equal(t, server.TraceId, span.TraceId)
		assert.Equal(t, otlp.Span_SPAN_KIND_CLIENT, span.Kind)
	}
	assert.Contains(t, attributeOf(statement, "db.query.text"), "$1")
	received.mu.Lock()
	defer received.mu.Unlock()
	all := strings.Join(received.texts, "\n")
	for _, never := range []string{embeddedKey, "pgx.query.parameters", "password"} {
		assert.NotContains(t, all, never)
	}
}

// TestTracesThatNobodyTakes are told, with no secret, and keep nobody from serving.
func TestTracesThatNobodyTakes(t *testing.T) {
	t.Parallel()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "unknown "+r.Header.Get("Authorization"), http.StatusUnauthorized)
	}))
	t.Cleanup(receiver.Close)
	env := append([]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=" + receiver.URL, "OTEL_BSP_SCHEDULE_DELAY=20",
		"OTEL_EXPORTER_OTLP_TRACES_HEADERS=Authorization=Bearer%20" + secret + "-otel"}, quick...)
	p, err := beginAs("pocketcheck", t.TempDir(), env, "serve", "--port=0")
	require.NoError(t, err)
	t.Cleanup(p.close)
	require.True(t, p.stdout.has("serving at "), "%s%s", p.stdout, p.stderr)
	assert.Equal(t, http.StatusNotFound, statusOf(t, p.servesAt().api+"/api/v2/assets/none", embeddedKey))
	require.True(t, p.stderr.has("traces are lost"), "%s", p.stderr)
	require.True(t, p.stderr.has("\n"))
	assert.NotContains(t, p.stderr.String(), secret)
}
