package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/fixtures/containers"
	"github.com/pocketcheck/pocketcheck/reference"
)

// lastLines is how much of an implementation's log a failed run shows.
const lastLines = 50

// contained is a target that is, or stands on, containers of the run.
type contained struct {
	image     string // "": the reference, in this process
	env       map[string]string
	key       pocketcheck.Key
	statesURL string // as the container sees it
	values    pocketcheck.Values
	reached   pocketcheck.Target // has how the image is reached, beside its URL

	ended string // which containers ended before the run did, with their last words
	logs  string // of the image
}

// target gives a target whose containers are started for the run and removed
// with it.
func (c *contained) target() pocketcheck.Target {
	if c.image == "" {
		return pocketcheck.Target{Start: c.startReference}
	}
	return pocketcheck.Target{Start: c.startImage}
}

func (c *contained) startReference(ctx context.Context) (pocketcheck.Target, func() error, error) {
	stack, err := containers.Start(ctx)
	if err != nil {
		return pocketcheck.Target{}, nil, err
	}
	at := servedStore{maxAssets: reference.DefaultCapacity.Assets}
	at.database, at.elasticsearch = stack.DatabaseURL(), stack.ElasticsearchURL()
	store, err := at.open(ctx, slog.New(slog.DiscardHandler), nil) // what fails, the target answers for
	if err != nil {
		return pocketcheck.Target{}, nil, errors.Join(err, stack.Close())
	}
	target, err := embedded(store.Store)
	if err != nil {
		store.close()
		return pocketcheck.Target{}, nil, errors.Join(err, stack.Close())
	}
	return target, func() error {
		store.close()
		return c.close(ctx, stack)
	}, nil
}

func (c *contained) startImage(ctx context.Context) (pocketcheck.Target, func() error, error) {
	stack, err := containers.Start(ctx)
	if err != nil {
		return pocketcheck.Target{}, nil, err
	}
	image := containers.Image{Name: c.image, Env: c.env, Key: c.key.Reveal()}
	for _, key := range []pocketcheck.Key{c.values.OtherKey, c.values.NoActionsViewKey, c.values.NoActionsStartKey} {
		image.Secrets = append(image.Secrets, key.Reveal())
	}
	states, port := inside(c.statesURL)
	if port != 0 {
		image.Ports = []int{port}
	}
	implementation, err := stack.Run(ctx, image)
	if err != nil {
		return pocketcheck.Target{}, nil, errors.Join(err, stack.Close())
	}
	if port != 0 {
		states.Host = implementation.Address(port)
	}
	target := c.reached
	target.URL, target.Key, target.StatesURL, target.Values = implementation.URL(), c.key, states.String(), c.values
	return target, func() error {
		c.logs = implementation.Logs(context.WithoutCancel(ctx), lastLines)
		return c.close(ctx, stack)
	}, nil
}

// close notes what ended by itself, and removes all. The error is for the former:
// such a run says nothing about its target.
func (c *contained) close(ctx context.Context, stack *containers.Stack) (err error) {
	if c.ended = stack.Ended(context.WithoutCancel(ctx)); c.ended != "" {
		err = errors.New("a container ended before the run did; see the end of its log, give the machine more memory if it was killed (exit code 137), and run again")
	}
	if problem := stack.Close(); problem != nil {
		c.ended += fmt.Sprintf("containers are left behind: %v\n", problem)
	}
	return err
}

// explain says what the containers said, to who looks for why a run failed. hide
// takes out the keys that the image handed out itself.
func (c *contained) explain(w io.Writer, hide func(string) string) {
	if c == nil {
		return
	}
	if c.ended != "" {
		fmt.Fprintln(w, strings.TrimRight(hide(c.ended), "\n"))
	} else if c.logs != "" {
		fmt.Fprintf(w, "the end of the image's log:\n%s\n", strings.TrimRight(hide(c.logs), "\n"))
	}
}

// inside takes apart a URL that the container serves: the port is 0 for one that
// is served elsewhere, or for none.
func inside(text string) (*url.URL, int) {
	u, err := url.Parse(text)
	if err != nil { // it was checked with the flags
		return &url.URL{}, 0
	}
	if !isLoopback(u.Hostname()) {
		return u, 0
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		port = 80
	}
	return u, port
}

// told are the variables that each image gets.
var told = []string{"DATABASE_URL", "ELASTICSEARCH_URL", "PORT", "API_KEY"}

// imageEnv reads NAME=VALUE, or NAME for a variable that pocketcheck has itself.
func imageEnv(given []string) (map[string]string, error) {
	env := map[string]string{}
	for _, text := range given {
		name, value, hasValue := strings.Cut(text, "=")
		if name == "" {
			return nil, errors.New("--image-env: want NAME=VALUE, or NAME to pass a variable on")
		}
		if !hasValue {
			if value, hasValue = os.LookupEnv(name); !hasValue {
				return nil, fmt.Errorf("--image-env %s: there is no such variable to pass on; set it, or write %s=VALUE", name, name)
			}
		}
		if slices.Contains(told, name) {
			return nil, fmt.Errorf("--image-env %s: the run itself tells the image its %s; leave it out", name, strings.Join(told, ", "))
		}
		env[name] = value
	}
	return env, nil
}

// anyKey is a key for an image that is told its key.
func anyKey() pocketcheck.Key { return pocketcheck.NewKey(rand.Text()) }
