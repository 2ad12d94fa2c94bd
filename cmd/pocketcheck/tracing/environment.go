package tracing

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// The variables that ask for traces. The exporter reads the others.
const (
	disabled       = "OTEL_SDK_DISABLED"
	exporters      = "OTEL_TRACES_EXPORTER"
	endpoint       = "OTEL_EXPORTER_OTLP_ENDPOINT"
	tracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	protocol       = "OTEL_EXPORTER_OTLP_PROTOCOL"
	tracesProtocol = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"
)

// isAsked tells whether the environment asks for traces, and what is wrong with what it asks
// for. No problem has an address, which may have a password.
func isAsked(env func(string) string) (asked bool, problem string) {
	at, sends := cmp.Or(env(tracesEndpoint), env(endpoint)), env(exporters)
	switch {
	case strings.EqualFold(env(disabled), "true"), sends == "none", at == "" && sends == "":
		return false, ""
	case sends != "" && !slices.Contains(listed(sends), "otlp"):
		return false, fmt.Sprintf("%s is %q; want otlp, or none", exporters, sends)
	}
	if by := cmp.Or(env(tracesProtocol), env(protocol), "http/protobuf"); by != "http/protobuf" && by != "http/json" {
		return false, fmt.Sprintf("%s is %q; want http/protobuf, and the port for it, which is mostly 4318", protocol, by)
	}
	if u, err := url.Parse(at); at != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
		return false, fmt.Sprintf("%s is no URL; want one such as http://localhost:4318", endpoint)
	}
	return true, ""
}

func listed(text string) (all []string) {
	for name := range strings.SplitSeq(text, ",") {
		all = append(all, strings.TrimSpace(name))
	}
	return all
}
