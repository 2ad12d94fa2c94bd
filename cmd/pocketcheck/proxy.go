package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/pocketcheck/pocketcheck/report/traffic/proxy"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/spf13/cobra"
)

// proxyFlags are what the flags of proxy say.
type proxyFlags struct {
	target, address, har, harOut string
	judged, reports              []string
	quiet                        bool
	connection                   connection
	known                        *keyring
}

// The sides of an exchange, of which each has a verdict.
const clientSide, serverSide = "client", "server"

func proxyCommand(known *keyring) *cobra.Command {
	f := proxyFlags{known: known}
	cmd := &cobra.Command{
		Use:   "proxy",
		Short: "Judge a client and a server by what goes between them",
		Long: `Stand between a client and a server, hand on byte for byte what they send, and
judge both by what the document says. No request is made that the client does
not make. With --har it judges what a browser or another proxy recorded.

At its end, which ctrl-C or SIGTERM is, it says what was seen of how many facts
and what was wrong. Nothing is said of what was not seen: no verdict is
"conformant".

Exit codes: 0 nothing wrong was seen, 1 a side that is judged broke the
document, 2 wrong usage, 3 nothing came or the target was never reached.`,
		Example: `  pocketcheck proxy --target https://api.example.com --listen 127.0.0.1:8080
  pocketcheck proxy --har recorded.har --judge client`,
		Args:   noArguments,
		PreRun: boundMemory,
		RunE:   func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	fs := cmd.Flags()
	fs.StringVar(&f.target, "target", "", "URL of the server to hand on to, or of what a HAR is to be about")
	fs.StringVar(&f.address, "listen", "127.0.0.1:8080", "address at which the client asks")
	fs.StringVar(&f.har, "har", "", "HAR to judge instead of listening")
	fs.StringVar(&f.harOut, "har-out", "", "file to write what was seen to, as HAR, without keys")
	fs.StringSliceVar(&f.judged, "judge", []string{clientSide, serverSide}, "whose verdicts are told, written and count for the exit code")
	fs.StringArrayVar(&f.reports, "report", nil, "FORMAT=FILE, repeatable; {name} in it is client or server")
	fs.BoolVar(&f.quiet, "quiet", false, "print no line for each request")
	f.connection.addTarget(fs)
	return cmd
}

func (f *proxyFlags) run(cmd *cobra.Command) error {
	if _, err := configure(cmd); err != nil {
		return err
	}
	if err := f.check(cmd); err != nil {
		return err
	}
	target, err := f.targetOf(cmd)
	if err != nil {
		return err
	}
	files, err := f.openReports(cmd)
	if err != nil {
		return err
	}
	s := newSightings(cmd.OutOrStdout(), f)
	if f.har != "" {
		err = s.read(cmd, f.har, target)
	} else {
		err = f.listen(cmd, s, target)
	}
	if err != nil {
		return err
	}
	return s.end(cmd, files)
}

// check refuses flags that say nothing, or don't go together.
func (f *proxyFlags) check(cmd *cobra.Command) error {
	for _, name := range []string{"target", "listen", "har", "har-out", "judge", "ca-file", "client-cert", "client-key"} {
		if flag := cmd.Flags().Lookup(name); flag.Changed && slices.Contains([]string{"", "[]"}, flag.Value.String()) {
			return fmt.Errorf("--%s is empty", name)
		}
	}
	f.judged = trimmed(f.judged)
	for _, side := range f.judged {
		if side != clientSide && side != serverSide {
			return fmt.Errorf("--judge %q: want client, server or client,server", side)
		}
	}
	if f.har == "" {
		if f.target == "" {
			return errors.New("no target; give --target, such as http://localhost:8080, or --har FILE")
		}
		return f.connection.check(cmd.Flags(), f.target, "", "")
	}
	for _, name := range []string{"listen", "header", "ca-file", "client-cert", "client-key", "insecure"} {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s belongs to a proxy, and --har asks nobody; leave one out", name)
		}
	}
	return nil
}

// targetOf gives the target, with how it is reached.
func (f *proxyFlags) targetOf(cmd *cobra.Command) (t pocketcheck.Target, err error) {
	if f.target == "" {
		return t, nil
	}
	t.URL, t.Key = f.target, pocketcheck.NewKey(wire.UsualKey) // the client has its own
	if err := f.connection.connect(cmd, &t, f.known); err != nil {
		return t, err
	}
	return t, t.Check()
}

// openReports gives the files of each side that is judged.
func (f *proxyFlags) openReports(cmd *cobra.Command) (map[string]*reports[*report.Report], error) {
	all := map[string]*reports[*report.Report]{}
	for _, side := range f.judged {
		var specs []string
		for _, spec := range f.reports {
			if len(f.judged) > 1 && !strings.Contains(spec, placeholder) {
				return nil, fmt.Errorf("--report %q: there are two verdicts; write %s where client or server is to stand, or give --judge client", spec, placeholder)
			}
			specs = append(specs, strings.ReplaceAll(spec, placeholder, side))
		}
		files, err := openReports(specs, report.Formats, cmd.OutOrStdout())
		if err != nil {
			return nil, err
		}
		if f.harOut != "" && files.has(f.harOut) {
			return nil, errors.New("--har-out and --report: give each a file of its own")
		}
		all[side] = files
	}
	if f.harOut == "" {
		return all, nil
	}
	if err := tryPath(f.harOut); err != nil {
		return nil, fmt.Errorf("--har-out %s can't be written: %w", f.harOut, err)
	}
	return all, nil
}

// listen hands on what comes until it is interrupted.
func (f *proxyFlags) listen(cmd *cobra.Command, s *sightings, t pocketcheck.Target) error {
	at, err := url.Parse(t.URL)
	if err != nil {
		return err // it was checked
	}
	l, err := listenOn("--listen", f.address)
	if err != nil {
		return err
	}
	p := proxy.New(at, proxy.Options{TLS: t.TLS, Header: t.Header}, s.add)
	defer p.Close()
	log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
	server := serviceAt(l, p)
	server.ReadTimeout, server.WriteTimeout, server.ReadHeaderTimeout = 0, 0, 30*time.Second // how long an answer takes is the target's
	server.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelWarn)
	s.log = newRequestLog(s.w, line, leftOutLine)
	defer s.log.end()
	s.print("listening at http://%s for %s\n", l.Addr(), s.target)
	err = serveAll(cmd.Context(), log, server)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
