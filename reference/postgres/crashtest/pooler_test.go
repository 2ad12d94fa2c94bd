package crashtest

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ignored are the settings that sessions ask for and a PgBouncer does not know, with the
// values that they have for a role then.
var ignored = map[string]string{
	"default_transaction_isolation": "read committed", "lock_timeout": "5s", "statement_timeout": "30s",
	"plan_cache_mode": "force_generic_plan", "idle_in_transaction_session_timeout": "15s",
}

// bouncer starts a PgBouncer in transaction mode before a database, with so few
// connections that statements of all clients take turns on each, and returns its address.
func bouncer(t *testing.T, database string, lines ...string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil && os.Getenv("POCKETCHECK_REQUIRE_GATEWAYS") != "1" {
		t.Skip("install pgbouncer")
	}
	require.NoError(t, err)
	to, err := url.Parse(database)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().(*net.TCPAddr)
	require.NoError(t, listener.Close())
	startPooler(t, program, configured(t, to, address, lines), address.String())
	to.Host = address.String()
	return to.String()
}

// configured writes a PgBouncer's configuration, for the user that it runs as, and returns
// its path.
func configured(t *testing.T, to *url.URL, address *net.TCPAddr, lines []string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pooler") // open to others
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // what stays is the system's to clean
	require.NoError(t, os.Chmod(dir, 0o755))
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		return path
	}
	password, _ := to.User.Password()
	users := write("users.txt", fmt.Sprintf("%q %q\n", to.User.Username(), password))
	return write("pgbouncer.ini", fmt.Sprintf("[databases]\n* = host=%s port=%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\n"+
		"unix_socket_dir =\nauth_type = trust\nauth_file = %s\npool_mode = transaction\ndefault_pool_size = 3\n%s\n",
		to.Hostname(), to.Port(), address.Port, users, strings.Join(lines, "\n")))
}

// startPooler runs a PgBouncer until the test ends.
func startPooler(t *testing.T, program, config, address string) {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.Command(program, config)
	if os.Getuid() == 0 {
		cmd = exec.Command(program, "-u", "nobody", config)
	}
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &said, &said, time.Second
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()         // and says nothing of it
		if t.Failed() {
			t.Log(said.String())
		}
	})
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, 30*time.Second, 20*time.Millisecond)
}

// TestPooler: behind a PgBouncer in transaction mode, two processes conform, and each
// mistake on the way there tells what to do.
func TestPooler(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.open() // a new version brings the tables up to date without a pooler
	kept := s.create("kept")
	s.close()
	direct := s.database
	s.database = bouncer(t, direct)
	require.ErrorContains(t, s.tryOpen(), "wants the settings that it does not know in its ignore_startup_parameters")

	ignore := "ignore_startup_parameters = " + strings.Join(slices.Collect(maps.Keys(ignored)), ",")
	s.database = bouncer(t, direct, ignore)
	require.ErrorContains(t, openOften(s), "add ?default_query_exec_mode=cache_describe to the address")

	const mode = "&default_query_exec_mode=cache_describe"
	s.database += mode
	var said bytes.Buffer
	s.log = slog.New(slog.NewTextHandler(&said, nil))
	s.open()
	s.close()
	assert.Contains(t, said.String(), "SET lock_timeout = '5s'")
	db := connect(t, direct)
	for name, value := range ignored {
		db.do(fmt.Sprintf("ALTER DATABASE %s SET %s = '%s'", nameOf(direct), name, value))
	}
	s.database = bouncer(t, direct, ignore) + mode // whose connections are made anew
	said.Reset()
	s.open()
	s.close()
	assert.NotContains(t, said.String(), "other settings")
	s.open()
	defer func() { s.close() }()
	other := &site{t: t, log: s.log, database: s.database}
	other.open()
	defer func() { other.close() }()

	takeTurns(s, other, kept)
}

// takeTurns has two processes on one database conform, and each see what the other did.
func takeTurns(s, other *site, kept string) {
	s.isConformant()
	other.isConformant()
	for n := range 20 {
		s.update(kept, fmt.Sprint("of the first ", n))
		other.update(kept, fmt.Sprint("of the second ", n))
		s.is(kept, fmt.Sprint("of the second ", n))
	}
	s.ask(http.MethodDelete, "/"+kept, "", http.StatusOK)
	other.ask(http.MethodGet, "/"+kept, "", http.StatusNotFound)
}

// openOften opens a site until that fails: whether two statements meet is up to the
// pooler.
func openOften(s *site) error {
	for range 20 {
		if err := s.tryOpen(); err != nil {
			return err
		}
		s.close()
	}
	return nil
}
