package address

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIsBroken(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]bool{
		"postgres://user:12/34@host:5432/db":      true,
		"postgres://user:12?34@host:5432/db":      true,
		"postgres://user:12#34@host:5432/db":      true,
		"http://user:12#34@host:9200":             true,
		"postgres://user:12@34@host:5432/db":      true,
		"postgres://user:1234@host:5432/db":       false,
		"postgres://user:1234@host":               false,
		"postgres://user:12%2F34@host:5432/db":    false,
		"postgres://host:5432/db?sslmode=disable": false,
		"http://host:9200":                        false,
		"":                                        false,
	} {
		assert.Equal(t, want, IsBroken(url), url)
	}
}
