package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/pocketcheck/pocketcheck/reference"
	"github.com/pocketcheck/pocketcheck/reference/fault"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/spf13/cobra"
)

// purgeEvery is how often the trash bin is emptied of what was there 14 days.
const purgeEvery = time.Hour

func serveCommand() *cobra.Command {
	var listen, control, seedFile, faultName string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the reference, as a mock or as a target",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := configure(cmd); err != nil {
				return err
			}
			seed, err := readSeed(seedFile)
			if err != nil {
				return err
			}
			log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
			v, err := faultNamed(faultName)
			if err != nil {
				return err
			}
			api, server, err := v.Server(memory.New(), reference.Options{Seed: seed, Log: log})
			if err != nil {
				return err
			}
			return serve(cmd.Context(), cmd.OutOrStdout(), api, server, log, listen, control)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "address of the API")
	cmd.Flags().StringVar(&control, "control", "", "address at which provider states are set up, at /states; off without it")
	cmd.Flags().StringVar(&seedFile, "seed", "", "JSON file of users, keys, DAG actions, projects, collections and assets")
	cmd.Flags().StringVar(&faultName, "fault", "", `name of a fault to have, as "pocketcheck prove" lists them`)
	return cmd
}

// faultNamed finds a fault; without a name it is none.
func faultNamed(name string) (fault.Variant, error) {
	if name == "" {
		return fault.Variant{}, nil
	}
	for _, v := range fault.Faults() {
		if v.Name == name {
			return v, nil
		}
	}
	return fault.Variant{}, fmt.Errorf("--fault %q: no such fault; \"pocketcheck prove\" lists them", name)
}

func readSeed(path string) (reference.Seed, error) {
	if path == "" {
		return defaultSeed()
	}
	f, err := os.Open(path)
	if err != nil {
		return reference.Seed{}, fmt.Errorf("open --seed: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	seed, err := reference.ReadSeed(f)
	if err != nil {
		return reference.Seed{}, fmt.Errorf("--seed %s: %w", path, err)
	}
	return seed, nil
}

// serve listens on both addresses until ctx ends.
func serve(ctx context.Context, stdout io.Writer, handler http.Handler, server *reference.Server, log *slog.Logger, listen, control string) error {
	api, err := listenOn("--listen", listen)
	if err != nil {
		return err
	}
	servers := []*http.Server{newServer(handler)}
	listeners := []net.Listener{api}
	if control != "" {
		l, err := listenOn("--control", control)
		if err != nil {
			_ = api.Close() // nothing was served yet
			return err
		}
		servers, listeners = append(servers, newServer(server.Control())), append(listeners, l)
		fmt.Fprintf(stdout, "provider states at http://%s/states\n", l.Addr())
	}
	fmt.Fprintf(stdout, "serving at http://%s\n", api.Addr())
	failed := make(chan error, len(servers))
	for i, s := range servers {
		go func() { failed <- s.Serve(listeners[i]) }()
	}
	go purge(ctx, server, log)
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for _, s := range servers {
		err = errors.Join(err, s.Shutdown(grace))
	}
	return err
}

func newServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
}

func listenOn(flag, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w; choose another address", flag, address, err)
	}
	return l, nil
}

func purge(ctx context.Context, server *reference.Server, log *slog.Logger) {
	tick := time.NewTicker(purgeEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := server.Purge(ctx); err != nil {
				log.ErrorContext(ctx, "empty the trash bin", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}
