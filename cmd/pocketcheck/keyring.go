package main

import (
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/steps/wire"
)

// keyring has the API keys that no message may show: one may stand in a path or
// an address that the message repeats.
type keyring struct {
	mu   sync.Mutex // a dependency may log at any time
	keys []pocketcheck.Key
}

// environmentKeys gives a keyring of the keys that the environment has.
func environmentKeys() *keyring {
	var k keyring
	k.add(wire.SecretsOfProxies()...)
	for _, variable := range os.Environ() {
		name, key, _ := strings.Cut(variable, "=")
		if name == environment("states-url") {
			k.add(wire.SecretsOf(key)...)
		}
		if strings.HasPrefix(name, "POCKETCHECK_") && strings.HasSuffix(name, "API_KEY") || name == tokenVariable {
			k.add(pocketcheck.NewKey(key))
		}
		if name == "OTEL_EXPORTER_OTLP_HEADERS" || name == "OTEL_EXPORTER_OTLP_TRACES_HEADERS" {
			k.add(tracingSecrets(key)...)
		}
		if name == environment("header") || name == environment("states-header") {
			for line := range strings.Lines(key) {
				if header, value, err := wire.ParseHeader(strings.TrimSpace(line)); err == nil {
					k.add(wire.Secrets(fixtures.Document(), http.Header{header: {value}})...)
				}
			}
		}
	}
	return &k
}

// tracingSecrets are those of the headers that traces are sent with: NAME=VALUE, escaped,
// with commas between them.
func tracingSecrets(text string) []pocketcheck.Key {
	header := http.Header{}
	for pair := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(pair, "=")
		if unescaped, err := url.PathUnescape(strings.TrimSpace(value)); err == nil {
			header.Add(strings.TrimSpace(name), unescaped)
		}
	}
	return wire.Secrets(fixtures.Document(), header)
}

func (k *keyring) add(keys ...pocketcheck.Key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys = append(k.keys, keys...)
}

// hide gives a text without the keys.
func (k *keyring) hide(text string) string {
	k.mu.Lock()
	keys := slices.Clone(k.keys)
	k.mu.Unlock()
	return wire.Redact(text, keys...)
}
