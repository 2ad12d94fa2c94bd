package postgres

import (
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/pocketcheck/pocketcheck/fixtures/containers/containertest"
)

func TestMain(m *testing.M) { os.Exit(containertest.NewM(m).Run()) }

// newDatabase makes an empty database in the shared stack and returns its address.
func newDatabase(t testing.TB) string {
	t.Helper()
	address, err := url.Parse(containertest.Shared(t).DatabaseURL())
	require.NoError(t, err)
	name := "test_" + strings.ToLower(rand.Text())
	_, err = connect(t, address.String()).Exec(t.Context(), "CREATE DATABASE "+name)
	require.NoError(t, err)
	address.Path = name
	return address.String()
}

// connect opens a connection for the time of the test.
func connect(t testing.TB, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return conn
}
