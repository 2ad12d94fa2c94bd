package tracing

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIsAsked(t *testing.T) {
	t.Parallel()
	const at = "http://localhost:4318"
	for _, tt := range []struct {
		name    string
		env     map[string]string
		want    bool
		problem string
	}{
		{"nothing", nil, false, ""},
		{"an endpoint", map[string]string{endpoint: at}, true, ""},
		{"an endpoint of traces", map[string]string{tracesEndpoint: at}, true, ""},
		{"an exporter", map[string]string{exporters: "otlp"}, true, ""},
		{"several", map[string]string{exporters: "console, otlp"}, true, ""},
		{"none", map[string]string{endpoint: at, exporters: "none"}, false, ""},
		{"disabled", map[string]string{endpoint: at, disabled: "TRUE"}, false, ""},
		{"not disabled", map[string]string{endpoint: at, disabled: "false"}, true, ""},
		{"another exporter", map[string]string{endpoint: at, exporters: "zipkin"}, false, `OTEL_TRACES_EXPORTER is "zipkin"; want otlp, or none`},
		{"gRPC", map[string]string{endpoint: at, protocol: "grpc"}, false,
			`OTEL_EXPORTER_OTLP_PROTOCOL is "grpc"; want http/protobuf, and the port for it, which is mostly 4318`},
		{"gRPC but for traces", map[string]string{endpoint: at, protocol: "grpc", tracesProtocol: "http/protobuf"}, true, ""},
		{"no URL", map[string]string{endpoint: "user:canary@localhost:4318"}, false,
			"OTEL_EXPORTER_OTLP_ENDPOINT is no URL; want one such as http://localhost:4318"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			asked, problem := isAsked(func(name string) string { return tt.env[name] })
			assert.Equal(t, tt.want, asked)
			assert.Equal(t, tt.problem, problem)
		})
	}
}

// TestNoTraces costs nothing: nothing stands in a request's way.
func TestNoTraces(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	log := slog.New(slog.NewTextHandler(&text, nil))
	traces := Begin(t.Context(), func(string) string { return "" }, "1", log)
	assert.Nil(t, traces)
	assert.Nil(t, traces.Handler(nil, Requests{}))
	assert.Nil(t, traces.PostgreSQL())
	assert.Nil(t, traces.Elasticsearch())
	traces.End()
	assert.Empty(t, text.String())
	env := map[string]string{endpoint: "http://localhost:4318", protocol: "grpc"}
	assert.Nil(t, Begin(t.Context(), func(name string) string { return env[name] }, "1", log))
	assert.Contains(t, text.String(), "there will be no traces")
}

// TestTroublesAreToldOnce, not with each batch of spans.
func TestTroublesAreToldOnce(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	h := troubles{log: slog.New(slog.NewTextHandler(&text, nil))}
	for range 3 {
		h.Handle(assert.AnError)
	}
	assert.Equal(t, 1, bytes.Count(text.Bytes(), []byte("traces are lost")))
}
