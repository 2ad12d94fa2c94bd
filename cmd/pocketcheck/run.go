package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// reportFormats are the reports of a run.
var reportFormats = formats[*pocketcheck.Report]{
	"json":  (*pocketcheck.Report).WriteJSON,
	"junit": (*pocketcheck.Report).WriteJUnit,
}

// runFlags are what the flags of run say.
type runFlags struct {
	target, image, statesURL, keyFile, caFile string
	reports, imageEnv                         []string
	implementation, version                   string
	stack, complete                           bool
	options                                   pocketcheck.Options
	contained                                 *contained // where containers are needed
}

func runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Check a target and print the verdict",
		Long: `Check every fact of the documented API on a target and print the verdict.

Without --target the embedded reference is checked. The API key of a target
comes from POCKETCHECK_API_KEY or --api-key-file. Each flag may also be given
as POCKETCHECK_NAME or in pocketcheck.yaml.

Exit codes: 0 conformant or partial, 1 non-conformant, 2 wrong usage,
3 inconclusive.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	fs, o := cmd.Flags(), &f.options
	fs.StringVar(&f.target, "target", "", "URL of the server to check, such as http://localhost:8080")
	fs.BoolVar(&f.stack, "stack", false, "check the reference on PostgreSQL and Elasticsearch in containers")
	fs.StringVar(&f.image, "image", "", "image of a server to check, in a container beside PostgreSQL and Elasticsearch")
	fs.StringArrayVar(&f.imageEnv, "image-env", nil, "NAME=VALUE for the image, repeatable; NAME passes a variable on")
	fs.StringVar(&f.statesURL, "states-url", "", "URL at which the target sets up provider states")
	fs.StringVar(&f.implementation, "implementation", "", "what the report calls the target")
	fs.StringVar(&f.version, "implementation-version", "", "its version, for the report")
	fs.StringVar(&f.keyFile, "api-key-file", "", "file that holds the API key of the target")
	fs.StringVar(&f.caFile, "ca-file", "", "PEM file of certificates to trust besides the system's")
	fs.StringArrayVar(&f.reports, "report", nil, "FORMAT=FILE, repeatable; json or junit; - is standard output")
	fs.StringSliceVar(&o.Facts, "fact", nil, "ids of the facts to check, with globs: comments.*")
	fs.StringSliceVar(&o.Tiers, "tier", nil, "tiers to check: documented, derived, wording")
	fs.StringArrayVar(&o.Endpoints, "endpoint", nil, `endpoints to check, repeatable: "POST /api/v2/assets"`)
	fs.BoolVar(&f.complete, "complete", false, "a partial verdict is not enough: exit 3")
	fs.BoolVar(&o.LenientWording, "lenient-wording", false, "accept other texts where the document's leak its ORM")
	fs.IntVar(&o.Concurrency, "concurrency", 16, "scenarios in flight")
	fs.Float64Var(&o.Rate, "rate", 0, "requests a second at most; 0: no limit")
	fs.DurationVar(&o.Settle, "settle", 2*time.Second, "how long an effect may take to show")
	fs.DurationVar(&o.Timeout, "timeout", 10*time.Second, "how long one request may take")
	fs.DurationVar(&o.Deadline, "deadline", 10*time.Minute, "how long the run may take")
	fs.String("config", defaultConfig, "file to read what flags and environment don't say")
	return cmd
}

func (f *runFlags) run(cmd *cobra.Command) error {
	given, err := configure(cmd)
	if err != nil {
		return err
	}
	if err := f.check(cmd.Flags()); err != nil {
		return err
	}
	target, err := f.targetOf(given)
	if err != nil {
		return err
	}
	target.Implementation, target.ImplementationVersion = f.implementation, f.version
	reports, err := openReports(f.reports, reportFormats, cmd.OutOrStdout())
	if err != nil {
		return err
	}
	text := reports.text(cmd.ErrOrStderr())
	if f.target == "" && f.image == "" && !cmd.Flags().Changed("settle") || f.options.Settle == 0 {
		f.options.Settle = -1 // the reference shows effects at once
	}
	p := newProgress(text, f.name())
	f.options.Progress = p.scenario
	p.start(cmd.Context())
	report, err := pocketcheck.Run(cmd.Context(), target, f.options)
	p.stop()
	if errors.Is(err, pocketcheck.ErrUsage) {
		return err
	}
	if err != nil {
		return exitError{exitInconclusive, err}
	}
	if err := f.finish(report, reports, p); err != nil {
		f.contained.explain(cmd.ErrOrStderr())
		return err
	}
	return nil
}

// name is what the run checks, as a person calls it.
func (f *runFlags) name() string {
	switch {
	case f.stack:
		return "the reference on PostgreSQL and Elasticsearch"
	case f.image != "":
		return "the image " + f.image
	case f.target != "":
		return f.target
	}
	return "the embedded reference"
}

// check refuses what the zero value of an option would say otherwise. An empty
// flag is a variable that was not set, never a wish for the default.
func (f *runFlags) check(flags *pflag.FlagSet) error {
	for _, name := range []string{"target", "image", "states-url", "api-key-file", "ca-file", "fact", "tier"} {
		flag := flags.Lookup(name)
		list, isList := flag.Value.(pflag.SliceValue)
		if flag.Changed && (flag.Value.String() == "" || isList && len(list.GetSlice()) == 0) {
			return fmt.Errorf("--%s is empty", name)
		}
	}
	o := f.options
	switch {
	case o.Concurrency < 1:
		return fmt.Errorf("--concurrency %d: want 1 or more", o.Concurrency)
	case o.Timeout <= 0 || o.Deadline <= 0:
		return errors.New("--timeout and --deadline: want more than 0")
	case !(o.Rate >= 0) || math.IsInf(o.Rate, 0):
		return fmt.Errorf("--rate %v: want requests a second, or 0 for no limit", o.Rate)
	}
	return nil
}

// finish writes the reports and gives the exit code of the verdict.
func (f *runFlags) finish(report *pocketcheck.Report, reports *reports[*pocketcheck.Report], p *progress) error {
	p.begin()
	err := errors.Join(report.WriteText(p.w, p.colour), reports.write(report))
	if err != nil {
		return exitError{exitInconclusive, err}
	}
	var reason error
	if report.Stopped != "" {
		reason = errors.New(report.Stopped)
	}
	switch report.Verdict {
	case pocketcheck.NonConformant:
		return exitError{exitNonConform, nil}
	case pocketcheck.Inconclusive:
		return exitError{exitInconclusive, reason}
	case pocketcheck.Partial:
		if f.complete {
			return exitError{exitInconclusive, errors.New("the verdict is partial, and --complete wants every fact checked")}
		}
	}
	return nil
}

// targetOf puts the target together. What is wrong with it is said before
// anything is sent.
func (f *runFlags) targetOf(given settings) (t pocketcheck.Target, err error) {
	if err := f.checkTarget(); err != nil {
		return t, err
	}
	switch {
	case f.stack:
		f.contained = &contained{}
		return f.contained.target(), nil
	case f.image != "":
		return f.imageTarget(given)
	case f.target == "":
		return embedded(memory.New())
	}
	t = pocketcheck.Target{URL: f.target, StatesURL: f.statesURL, Values: valuesOf(given)}
	if t.Key, err = f.key(); err != nil {
		return t, err
	}
	if f.caFile != "" {
		pem, err := os.ReadFile(f.caFile)
		if err != nil {
			return t, fmt.Errorf("read --ca-file: %w", err)
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(pem) {
			return t, fmt.Errorf("--ca-file %s holds no PEM certificate", f.caFile)
		}
		t.TLS = &tls.Config{RootCAs: pool}
	}
	return t, nil
}

// checkTarget refuses flags that don't go together.
func (f *runFlags) checkTarget() error {
	switch {
	case f.target != "" && f.image != "" || f.stack && (f.target != "" || f.image != ""):
		return errors.New("--target, --image and --stack: each names another target; give one")
	case f.statesURL != "" && f.target == "" && f.image == "":
		return errors.New("--states-url belongs to a target; give --target or --image too")
	case len(f.imageEnv) > 0 && f.image == "":
		return errors.New("--image-env belongs to an image; give --image too")
	}
	return nil
}

// imageTarget is told its key: one that is made for the run, unless there is one.
func (f *runFlags) imageTarget(given settings) (t pocketcheck.Target, err error) {
	f.contained = &contained{image: f.image, key: anyKey(), statesURL: f.statesURL, values: valuesOf(given)}
	if f.keyFile != "" || os.Getenv("POCKETCHECK_API_KEY") != "" {
		if f.contained.key, err = f.key(); err != nil {
			return t, err
		}
	}
	if f.contained.env, err = imageEnv(f.imageEnv); err != nil {
		return t, err
	}
	return f.contained.target(), nil
}

// key reads the API key; no message ever has a part of it.
func (f *runFlags) key() (pocketcheck.Key, error) {
	if f.keyFile == "" {
		key := os.Getenv("POCKETCHECK_API_KEY")
		if key == "" {
			return pocketcheck.Key{}, errors.New("no API key for the target; set POCKETCHECK_API_KEY or give --api-key-file")
		}
		return pocketcheck.NewKey(key), nil
	}
	text, err := os.ReadFile(f.keyFile)
	if err != nil {
		return pocketcheck.Key{}, fmt.Errorf("read --api-key-file: %w", err)
	}
	key := strings.TrimSpace(string(text))
	if key == "" {
		return pocketcheck.Key{}, fmt.Errorf("--api-key-file %s is empty", f.keyFile)
	}
	return pocketcheck.NewKey(key), nil
}

func valuesOf(given settings) pocketcheck.Values {
	first := func(name string) string {
		if len(given[name]) == 0 {
			return ""
		}
		return given[name][0]
	}
	return pocketcheck.Values{
		OtherKey:          pocketcheck.NewKey(first("other_api_key")),
		NoActionsViewKey:  pocketcheck.NewKey(first("no_actions_view_api_key")),
		NoActionsStartKey: pocketcheck.NewKey(first("no_actions_start_api_key")),
		DAGActionID:       first("dag_action_id"),
		ProjectIDs:        given["project_ids"],
	}
}
