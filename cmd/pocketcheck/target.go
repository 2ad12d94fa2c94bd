package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/steps/wire"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// targetFlags describe a server at a URL.
type targetFlags struct {
	target, statesURL, keyFile string
	connection                 connection
	options                    pocketcheck.Options
	known                      *keyring // gets the keys that files hold, and the values of headers
}

func (f *targetFlags) add(fs *pflag.FlagSet) {
	fs.StringVar(&f.target, "target", "", "URL of the server to check, such as http://localhost:8080")
	fs.StringVar(&f.statesURL, "states-url", "", "URL at which the target sets up provider states")
	fs.StringVar(&f.keyFile, "api-key-file", "", "file that holds the API key of the target")
	f.connection.add(fs)
	fs.IntVar(&f.options.Concurrency, "concurrency", 16, "scenarios in flight")
	fs.Float64Var(&f.options.Rate, "rate", 0, "requests a second at most; 0: no limit")
	fs.DurationVar(&f.options.Wait, "wait", 0, "how long to wait until the target answers at all")
	fs.DurationVar(&f.options.Timeout, "timeout", 10*time.Second, "how long one request may take")
	fs.String("config", defaultConfig, "file to read what flags and environment don't say")
}

// check refuses what the zero value of an option would say otherwise. An empty
// flag is a variable that was not set, never a wish for the default.
func (f *targetFlags) check(flags *pflag.FlagSet) error {
	for _, name := range []string{
		"target", "image", "states-url", "api-key-file", "ca-file", "client-cert", "client-key", "ledger", "deviations", "write-deviations", "fact", "tier", "wording",
	} {
		flag := flags.Lookup(name)
		if flag == nil || !flag.Changed {
			continue
		}
		list, isList := flag.Value.(pflag.SliceValue)
		if flag.Value.String() == "" || isList && len(list.GetSlice()) == 0 {
			return fmt.Errorf("--%s is empty", name)
		}
	}
	for _, name := range []string{"concurrency", "timeout", "deadline", "wait"} {
		flag := flags.Lookup(name)
		if flag != nil && (flag.Changed || name != "wait") && slices.Contains([]string{"0", "0s"}, flag.Value.String()) {
			return fmt.Errorf("%s is %s; give more than 0", name, flag.Value)
		}
	}
	return f.options.Check()
}

// described gives the target of a command that has no other than one at a URL.
func (f *targetFlags) described(cmd *cobra.Command, given settings) (t pocketcheck.Target, err error) {
	if err := f.check(cmd.Flags()); err != nil {
		return t, err
	}
	if f.target == "" {
		return t, errors.New("no target; give --target, such as http://localhost:8080")
	}
	if err := f.connection.check(cmd.Flags(), f.target, f.statesURL, ""); err != nil {
		return t, err
	}
	if t, err = f.urlTarget(cmd, given); err != nil {
		return t, err
	}
	return t, t.Check()
}

// shortKey is how long a key is that no other text has by chance.
const shortKey = 8

// urlTarget puts together what is asked over the network.
func (f *targetFlags) urlTarget(cmd *cobra.Command, given settings) (t pocketcheck.Target, err error) {
	f.known.add(wire.SecretsOf(f.statesURL)...)
	t = pocketcheck.Target{URL: f.target, StatesURL: f.statesURL, Values: f.valuesOf(given)}
	if t.Key, err = f.key(cmd); err != nil {
		return t, err
	}
	if n := len(t.Key.Reveal()); n < shortKey {
		fmt.Fprintf(cmd.ErrOrStderr(), "pocketcheck: warning: the API key has %d characters; where the target says the same by chance it is hidden, too, so give one of %d or more\n", n, shortKey)
	}
	return t, f.connection.connect(cmd, &t, f.known)
}

// key reads the API key; no message ever has a part of it.
func (f *targetFlags) key(cmd *cobra.Command) (pocketcheck.Key, error) {
	if f.keyFile == "" {
		key := os.Getenv("POCKETCHECK_API_KEY")
		if key == "" {
			return pocketcheck.Key{}, errors.New("no API key for the target; set POCKETCHECK_API_KEY or give --api-key-file")
		}
		return pocketcheck.NewKey(key), nil
	}
	text, err := readKey(cmd, "api-key-file", f.keyFile)
	if err != nil {
		return pocketcheck.Key{}, err
	}
	key := pocketcheck.NewKey(strings.TrimSpace(string(text)))
	if key.IsZero() {
		return pocketcheck.Key{}, fmt.Errorf("--api-key-file %s is empty", called(f.keyFile))
	}
	f.known.add(key)
	return key, nil
}

// valuesOf gives the preconditions that were found, and notes their keys.
func (f *targetFlags) valuesOf(given settings) pocketcheck.Values {
	first := func(name string) string {
		if len(given[name]) == 0 {
			return ""
		}
		return given[name][0]
	}
	v := pocketcheck.Values{
		OtherKey:          pocketcheck.NewKey(first("other_api_key")),
		NoActionsViewKey:  pocketcheck.NewKey(first("no_actions_view_api_key")),
		NoActionsStartKey: pocketcheck.NewKey(first("no_actions_start_api_key")),
		DAGActionID:       first("dag_action_id"),
		ProjectIDs:        given["project_ids"],
		AssetID:           first("asset_id"),
		CommentID:         first("comment_id"),
		MediaID:           first("media_id"),
	}
	f.known.add(v.OtherKey, v.NoActionsViewKey, v.NoActionsStartKey)
	return v
}
