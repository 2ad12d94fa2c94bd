package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/spf13/cobra"
)

// purgeEvery is how often the trash bin is emptied of what was there 14 days.
const purgeEvery = time.Hour

// serveFlags are what the flags of serve say.
type serveFlags struct {
	address, seed, fault           string
	control                        controlFlags
	store                          storeFlags
	tls                            tlsFlags
	fromEnvironment, isHealthcheck bool
}

func serveCommand(known *keyring) *cobra.Command {
	f := serveFlags{control: controlFlags{known: known}}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the reference, as a mock or as a target",
		Long: `Serve the reference, as a mock or as a target, until it is interrupted.

It keeps everything in memory, or with --database-url and --elasticsearch-url in
PostgreSQL and Elasticsearch, where several of it may share the same. The users
and their API keys are those of --seed; without one, that of a user who may do
everything is pocketcheck-admin-key.`,
		Example: `  pocketcheck serve --control 127.0.0.1:9191
  pocketcheck serve --listen :8443 --tls-cert cert.pem --tls-key key.pem`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	fs := cmd.Flags()
	fs.StringVar(&f.address, "listen", "127.0.0.1:8080", "address of the API")
	fs.StringVar(&f.control.address, "control", "", "address at which provider states are set up, at /states; off without it")
	fs.StringVar(&f.control.tokenFile, "control-token-file", "", "file that holds the token that --control wants, as POCKETCHECK_CONTROL_TOKEN does")
	fs.StringVar(&f.seed, "seed", "", "JSON file of users, keys, DAG actions, projects, collections and assets")
	fs.StringVar(&f.fault, "fault", "", `name of a fault to have, as "pocketcheck prove --list" lists them`)
	fs.StringVar(&f.store.database, "database-url", "", "PostgreSQL: postgres://user:password@host:5432/name")
	fs.StringVar(&f.store.elasticsearch, "elasticsearch-url", "", "Elasticsearch: http://host:9200")
	fs.StringVar(&f.tls.cert, "tls-cert", "", "PEM file of the certificate to serve https with, at both addresses")
	fs.StringVar(&f.tls.key, "tls-key", "", "PEM file of its private key")
	fs.IntVar(&f.store.maxAssets, "max-assets", reference.DefaultCapacity.Assets, "how many assets there may be; 507 for more")
	fs.BoolVar(&f.fromEnvironment, "from-environment", false,
		"take DATABASE_URL, ELASTICSEARCH_URL, PORT and API_KEY, as the platform of a container gives them")
	fs.BoolVar(&f.isHealthcheck, "healthcheck", false, "ask the server at --listen whether it works, and exit with 0 or 1")
	return cmd
}

func (f *serveFlags) run(cmd *cobra.Command) error {
	if _, err := configure(cmd); err != nil {
		return err
	}
	seed, err := readSeed(cmd, f.seed)
	if err != nil {
		return err
	}
	if f.fromEnvironment {
		if err := f.takeEnvironment(&seed, cmd.Flags().Changed("listen")); err != nil {
			return err
		}
	}
	if f.isHealthcheck {
		return healthcheck(cmd.Context(), f.tls.scheme(), f.address)
	}
	token, err := f.control.token(cmd)
	if err != nil {
		return err
	}
	secure, err := f.tls.config(cmd)
	if err != nil {
		return err
	}
	if f.store.maxAssets < 1 {
		return fmt.Errorf("--max-assets is %d; give more than 0", f.store.maxAssets)
	}
	log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
	v, err := faultNamed(f.fault)
	if err != nil {
		return err
	}
	return inTime(cmd.Context(), func() error {
		store, closeStore, err := f.store.open(cmd.Context(), log)
		if err != nil {
			return err
		}
		defer closeStore()
		api, server, err := v.Server(store, reference.Options{Seed: seed, Log: log})
		if errors.Is(err, reference.ErrFull) {
			return fmt.Errorf("%w; --max-assets is %d", err, f.store.maxAssets)
		}
		if err != nil {
			return err
		}
		servers, err := f.listen(cmd.OutOrStdout(), api, server.Control(), token)
		if err != nil {
			return err
		}
		for _, s := range servers {
			s.Listener, s.ErrorLog = over(s.Listener, secure), slog.NewLogLogger(log.Handler(), slog.LevelWarn)
		}
		ctx, stop := context.WithCancel(cmd.Context())
		var purging sync.WaitGroup
		purging.Go(func() { purge(ctx, server, log) })
		defer purging.Wait()
		defer stop()
		return serveAll(ctx, log, servers...)
	})
}

// listen listens at the addresses, and tells which they are.
func (f *serveFlags) listen(stdout io.Writer, api, control http.Handler, token pocketcheck.Key) ([]*service, error) {
	l, err := listenOn("--listen", f.address)
	if err != nil {
		return nil, err
	}
	servers := []*service{serviceAt(l, api)}
	if f.control.address != "" {
		c, err := f.control.listen(token)
		if err != nil {
			_ = l.Close() // nothing was served yet
			return nil, err
		}
		servers = append(servers, serviceAt(c, guarded(control, c, f.control.address, token)))
		fmt.Fprintf(stdout, "provider states at %s://%s/states\n", f.tls.scheme(), c.Addr())
	}
	fmt.Fprintf(stdout, "serving at %s://%s\n", f.tls.scheme(), l.Addr())
	return servers, nil
}

// takeEnvironment takes what a container is told in the names that platforms
// use; a --listen that is given goes before PORT. The key is another one of the
// seed's first user.
func (f *serveFlags) takeEnvironment(seed *reference.Seed, isListening bool) error {
	f.store.database = cmp.Or(f.store.database, os.Getenv("DATABASE_URL"))
	f.store.elasticsearch = cmp.Or(f.store.elasticsearch, os.Getenv("ELASTICSEARCH_URL"))
	if port := os.Getenv("PORT"); port != "" && !isListening {
		f.address = ":" + port
	}
	if key := os.Getenv("API_KEY"); key != "" {
		if len(seed.Users) == 0 {
			return errors.New("API_KEY is set, and the seed has no user to give it to")
		}
		seed.Keys = append(seed.Keys, reference.UserKey{Hash: reference.HashKey(key), UserID: seed.Users[0].ID})
	}
	return nil
}

// healthcheck asks the server at an address for what no caller may see: it
// looks the key up in its store, and refuses it.
func healthcheck(ctx context.Context, scheme, address string) error {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return fmt.Errorf("--listen %s: %w", address, err)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://localhost/api/v2/assets/healthcheck", http.NoBody)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", address, err)
	}
	// No proxy comes to a wildcard. Whoever dials one, or a port by its name, comes to
	// this machine's, and an address in a URL could be neither.
	// That its certificate is of another name is no matter: nothing is told to it.
	trusting := &tls.Config{InsecureSkipVerify: true} // #nosec G402 -- it asks this machine, and sends no key
	direct := &http.Transport{DisableKeepAlives: true, TLSClientConfig: trusting, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
	answer, err := direct.RoundTrip(request)
	if err != nil {
		return exitError{exitNonConform, fmt.Errorf("not healthy: %w", err)}
	}
	defer func() { _ = answer.Body.Close() }() // only the status matters
	if answer.StatusCode != http.StatusUnauthorized {
		return exitError{exitNonConform, fmt.Errorf("not healthy: %s answers %s", address, answer.Status)}
	}
	return nil
}

// faultNamed finds a fault; without a name it is none.
func faultNamed(name string) (fault.Variant, error) {
	if name == "" {
		return fault.Variant{}, nil
	}
	var known []string
	for _, v := range fault.Faults() {
		if v.Name == name {
			return v, nil
		}
		known = append(known, v.Name)
	}
	return fault.Variant{}, fmt.Errorf("--fault %q: no such fault; %s", name, fixtures.Meant(name, `"pocketcheck prove --list" lists them`, known...))
}

func readSeed(cmd *cobra.Command, path string) (reference.Seed, error) {
	if path == "" {
		return defaultSeed()
	}
	f, err := openInput(cmd, "open --seed", path)
	if err != nil {
		return reference.Seed{}, err
	}
	defer func() { _ = f.Close() }() // it was only read
	seed, err := reference.ReadSeed(f)
	if err != nil {
		return reference.Seed{}, fmt.Errorf("--seed %s: %w", called(path), err)
	}
	return seed, nil
}

func purge(ctx context.Context, server *reference.Server, log *slog.Logger) {
	tick := time.NewTicker(purgeEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := caught(func() error { return server.Purge(ctx) }); err != nil {
				log.ErrorContext(ctx, "empty the trash bin", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}
