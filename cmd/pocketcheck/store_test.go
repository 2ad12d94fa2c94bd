package main

import (
	"bytes"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
)

// TestWrongDatabase: each mistake in the address of a database that is there has
// a message of its own, without the password.
func TestWrongDatabase(t *testing.T) {
	t.Parallel()
	stack := containertest.Shared(t)
	right, err := url.Parse(stack.DatabaseURL())
	require.NoError(t, err)
	password, _ := right.User.Password()
	for want, change := range map[string]func(*url.URL){
		"password authentication failed":                                    func(u *url.URL) { u.User = url.UserPassword(right.User.Username(), secret) },
		`database "none" does not exist`:                                    func(u *url.URL) { u.Path = "none" },
		"connection refused":                                                func(u *url.URL) { u.Host = "127.0.0.1:1" },
		"pocketcheck: --database-url: not an address of PostgreSQL; write ": func(u *url.URL) { u.Scheme = "mysql" },
	} {
		wrong := *right
		change(&wrong)
		var stdout, stderr bytes.Buffer
		code := run([]string{"serve", "--listen", "127.0.0.1:0", "--elasticsearch-url", stack.ElasticsearchURL(),
			"--database-url", wrong.String()}, &stdout, &stderr)
		assert.Equal(t, exitUsage, code, want)
		assert.Empty(t, stdout.String())
		assert.Regexp(t, `^pocketcheck: (PostgreSQL at \S+/\S+: |--database-url: )`, stderr.String())
		assert.Contains(t, stderr.String(), want)
		for _, hidden := range []string{secret, password} {
			assert.NotContains(t, stderr.String(), hidden)
		}
	}
}
