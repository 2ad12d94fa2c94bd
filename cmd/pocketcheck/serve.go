package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/health"
	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/metrics"
	"github.com/pocketcheck/pocketcheck/cmd/pocketcheck/tracing"
	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/mock"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// serveFlags are what the flags of serve say.
type serveFlags struct {
	address, seed, fault string
	port                 int
	sample               sampleFlags
	cors                 []string
	control              controlFlags
	store                servedStore
	tls                  tlsFlags
	isHealthcheck        bool
	quiet, prefer        bool
	log                  logFlags
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
everything is pocketcheck-admin-key. --sample adds assets to look at.

Pages in a browser may call it where only this machine reaches it; --cors says
which may elsewhere. GET / tells what is there, without a key.`,
		Example: `  pocketcheck serve --control 127.0.0.1:9001 --sample small
  pocketcheck serve --listen :8443 --tls-cert cert.pem --tls-key key.pem`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.define(cmd.Flags())
	return cmd
}

func (f *serveFlags) define(fs *pflag.FlagSet) {
	fs.StringVar(&f.address, "listen", "127.0.0.1:8080", "address of the API")
	fs.IntVar(&f.port, "port", 8080, "port of --listen; 0 takes one that is free")
	fs.StringVar(&f.control.address, "control", "", "address of the levers: rules, faults, clock, journal, provider states; off without it")
	fs.StringVar(&f.control.tokenFile, "control-token-file", "", "file that holds the token that --control wants, as POCKETCHECK_CONTROL_TOKEN does")
	fs.StringVar(&f.seed, "seed", "", "JSON file of users, keys, DAG actions, projects, collections and assets")
	fs.StringVar(&f.sample.size, "sample", "", "small or large: 40 or 2,000 assets more, with all that may be theirs, unless the store has got such before")
	fs.Uint64Var(&f.sample.seed, "sample-seed", 1, "number that makes another sample of each size")
	fs.StringArrayVar(&f.cors, "cors", nil, "origin whose pages may call the API, such as https://app.example.com, again for each; * is any, none is none (default * where only this machine reaches --listen)")
	fs.StringVar(&f.fault, "fault", "", `name of a fault to have, as "pocketcheck prove --list" lists them`)
	f.store.define(fs)
	fs.StringVar(&f.tls.cert, "tls-cert", "", "PEM file of the certificate to serve https with, at both addresses")
	fs.StringVar(&f.tls.key, "tls-key", "", "PEM file of its private key")
	fs.BoolVar(&f.isHealthcheck, "healthcheck", false, "ask the server at --listen whether it works, and exit with 0 or 1")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "print where it listens alone, and no line for each request")
	f.log.define(fs)
	fs.BoolVar(&f.prefer, "prefer", false, "let a request choose its answer: Prefer: code=404, or example=comments.update.not-owner")
}

// served is what is served, where it begins: read and checked, not opened yet.
type served struct {
	*serveFlags
	seed      reference.Seed
	secrets   []string // keys of the seed's that are hidden from the start
	hasOwnKey bool     // the key of the environment is among the seed's
	token     pocketcheck.Key
	secure    *tls.Config
	log       *slog.Logger
	traces    *tracing.Tracing // nil: none are made
	stdout    io.Writer
}

func (f *serveFlags) run(cmd *cobra.Command) error {
	if _, err := configure(cmd); err != nil {
		return err
	}
	err := f.log.check()
	if err != nil {
		return err
	}
	s := served{serveFlags: f, log: f.log.logger(cmd.ErrOrStderr()), stdout: cmd.OutOrStdout()}
	if s.seed, s.secrets, err = readSeed(cmd, f.seed); err != nil {
		return err
	}
	if err := s.takeAddress(cmd); err != nil {
		return err
	}
	if f.isHealthcheck {
		return healthcheck(cmd.Context(), cmd.ErrOrStderr(), f.tls.scheme(), f.address)
	}
	if _, err := f.store.take(cmd); err != nil {
		return err
	}
	if s.token, err = f.control.token(cmd); err != nil {
		return err
	}
	if s.secure, err = f.tls.config(cmd); err != nil {
		return err
	}
	if err := f.store.check(); err != nil {
		return err
	}
	if err := f.sample.check(cmd); err != nil {
		return err
	}
	if err := checkFault(f.fault); err != nil {
		return err
	}
	return inTime(cmd.Context(), func() error { return s.open(cmd.Context()) })
}

// takeAddress finds where to listen, and with it what else the environment says.
func (s *served) takeAddress(cmd *cobra.Command) error {
	hasPort := cmd.Flags().Changed("port")
	if s.store.fromEnvironment {
		if err := s.takeEnvironment(cmd.Flags().Changed("listen") || hasPort); err != nil {
			return err
		}
	}
	if !hasPort {
		return nil
	}
	if s.port < 0 || s.port > math.MaxUint16 {
		return fmt.Errorf("--port %d: give a number from 0 to %d", s.port, math.MaxUint16)
	}
	host, _, err := net.SplitHostPort(s.address)
	if err != nil {
		host = strings.Trim(s.address, "[]")
	}
	s.address = net.JoinHostPort(host, strconv.Itoa(s.port))
	return nil
}

// open opens the store, and serves it until ctx ends.
func (s *served) open(ctx context.Context) error {
	s.traces = tracing.Begin(ctx, os.Getenv, report.Version, s.log)
	defer s.traces.End()
	store, err := s.store.open(ctx, s.log, s.traces)
	if err != nil {
		return err
	}
	defer store.close()
	b := &banner{
		scheme: s.tls.scheme(), seed: s.seed, seedFile: s.serveFlags.seed, hasOwnKey: s.hasOwnKey, assetID: firstAsset(s.seed),
	}
	requests := newServeLog(s.stdout, s.serveFlags.log.requests, s.quiet)
	defer requests.end()
	counts := s.metricsOf(store)
	m, err := mock.New(store.Store, s.options(b, requests, counts))
	if errors.Is(err, reference.ErrFull) {
		return fmt.Errorf("%w; --max-assets is %d", err, s.store.maxAssets)
	}
	if err != nil {
		return err
	}
	for _, key := range s.secrets {
		m.Journal().Hide(key)
	}
	servers, err := s.listen(m, b, s.healthOf(ctx, store, m), counts)
	if err != nil {
		return err
	}
	return s.serve(ctx, m, servers)
}

// healthOf asks the store, which in memory answers always.
func (s *served) healthOf(ctx context.Context, store kept, m *mock.Mock) *health.Health {
	if store.checks == nil {
		store.checks = []health.Check{{Name: "store", Needed: true, Says: "it does not answer", Ask: m.Healthy}}
	}
	return health.New(ctx, s.log, store.checks...)
}

// metricsOf counts for a server on a store.
func (s *served) metricsOf(store kept) *metrics.Metrics {
	if store.database == nil {
		return metrics.New(nil)
	}
	return metrics.New(store.database)
}

// options is what the mock is made with. Faults of the command line are those that a
// reset comes back to.
func (s *served) options(b *banner, requests *requestLog, counts *metrics.Metrics) mock.Options {
	o := mock.Options{
		Seed: s.seed, Log: s.log, Prefer: s.prefer, Unread: s.quiet && s.control.address == "", URL: b.url, Purged: counts.Purged,
		Fill: func(ctx context.Context, store reference.Store) error { return s.sample.plant(ctx, store, b) },
	}
	if !o.Unread {
		o.Seen = func(e traffic.Entry) {
			counts.Answered(e.Endpoint, e.Status, e.Took)
			requests.add(e)
		}
	}
	if s.fault != "" {
		o.Faults = []string{s.fault}
	}
	for _, keys := range b.publicKeys() {
		o.Keys = append(o.Keys, keys...)
	}
	return o
}

func firstAsset(seed reference.Seed) string {
	if len(seed.Assets) == 0 {
		return ""
	}
	return seed.Assets[0].ID
}

// listen listens at the addresses, and tells which they are.
func (s *served) listen(m *mock.Mock, b *banner, ready *health.Health, counts *metrics.Metrics) (servers []*service, err error) {
	if b.api, err = listenOn("--listen", s.address); err != nil {
		return nil, err
	}
	origins, err := allowed(s.cors, b.api)
	if err == nil && s.control.address != "" {
		b.control, err = s.control.listen(s.token)
	}
	if err != nil {
		_ = b.api.Close() // nothing was served yet
		return nil, err
	}
	api := beside(withAbout(m, b.scheme, b.control), map[string]http.Handler{healthPath: ready})
	servers = append(servers, serviceAt(b.api, s.traces.Handler(identified(forPages(api, origins)), traced)))
	if b.control != nil {
		servers = append(servers, serviceAt(b.control, identified(guarded(beside(m.Control(), map[string]http.Handler{
			livePath: http.HandlerFunc(health.Alive), readyPath: ready, metricsPath: counts.Handler(),
		}), b.control, s.control.address, s.token))))
		servers[1].RegisterOnShutdown(m.End)
	}
	text := b.listening()
	switch {
	case s.quiet:
	case s.serveFlags.log.requests == "json":
		text = b.asJSON()
	default:
		text += b.more()
	}
	_, _ = io.WriteString(s.stdout, text) // in one piece; who reads it no more is served all the same
	return servers, nil
}

// serve serves until ctx ends, and empties the trash bin meanwhile.
func (s *served) serve(ctx context.Context, m *mock.Mock, servers []*service) error {
	for _, service := range servers {
		service.Listener, service.ErrorLog = over(service.Listener, s.secure), slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)
	}
	ctx, stop := context.WithCancel(ctx)
	var purging sync.WaitGroup
	purging.Go(func() { purge(ctx, m, s.log) })
	defer purging.Wait()
	defer stop()
	return serveAll(ctx, s.log, servers...)
}

// takeEnvironment takes what a container is told in the names that platforms
// use; a --listen or --port that is given goes before PORT. The key is another one of the
// seed's first user.
func (s *served) takeEnvironment(isListening bool) error {
	if port := os.Getenv("PORT"); port != "" && !isListening {
		s.address = ":" + port
	}
	if key := os.Getenv("API_KEY"); key != "" {
		if len(s.seed.Users) == 0 {
			return errors.New("API_KEY is set, and the seed has no user to give it to")
		}
		s.seed.Keys = append(s.seed.Keys, reference.UserKey{Hash: reference.HashKey(key), UserID: s.seed.Users[0].ID})
		s.hasOwnKey, s.secrets = true, append(s.secrets, key)
	}
	return nil
}
