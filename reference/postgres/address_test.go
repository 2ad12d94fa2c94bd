package postgres

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestUnfitAddress: what is wrong is told, and no password.
func TestUnfitAddress(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{
		"postgres://user:sesame@host/db?sslmode=bogus":                                  "not an address of PostgreSQL; sslmode is invalid",
		"postgres://user:sesame@host/db?sslmode=verify-full&sslrootcert=/no/such/a.pem": "/no/such/a.pem",
		"postgres://user:sesame%@host/db":                                               "%25 for %",
		"mysql://user:sesame@host/db":                                                   "write postgres://user:password@host:5432/database",
	} {
		_, err := configOf(at)
		require.ErrorIs(t, err, ErrAddress, at)
		assert.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "sesame")
	}
}
