package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pocketcheck/pocketcheck"
	"github.com/pocketcheck/pocketcheck/reference/memory"
	"github.com/pocketcheck/pocketcheck/report"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// runFlags are what the flags of run say.
type runFlags struct {
	targetFlags
	image                   string
	reports, imageEnv       []string
	deviations, writeTo     string // files of known failures, to read and to write
	reason                  string // of those that are new
	implementation, version string
	ledger                  string      // file of what is made on the target
	written                 *ledgerFile // nil without one
	failures                string      // how many are told whole, as given
	told                    int         // and understood
	stack, complete         bool
	verbose, quiet          bool
	watch                   string     // folder whose changes lead to a further run; "" for one run
	targets                 []string   // each --target
	own                     settings   // values of one of several targets; nil where there is one
	contained               *contained // where containers are needed
}

func runCommand(known *keyring) *cobra.Command {
	return (&runFlags{targetFlags: targetFlags{known: known}}).command()
}

func (f *runFlags) command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Check a target and print the verdict",
		Long: `Check every fact of the documented API on a target and print the verdict.

Without --target the embedded reference is checked. The API key of a target
comes from POCKETCHECK_API_KEY or --api-key-file. Each flag may also be given
as POCKETCHECK_NAME or in pocketcheck.yaml.

Exit codes: 0 conformant or partial, or every failure is in --deviations,
1 non-conformant, 2 wrong usage, 3 inconclusive.`,
		Example: `  pocketcheck run --target http://localhost:8080 --report html=report.html
  pocketcheck run --target http://localhost:8080 --fact 'comments.*' --watch src`,
		Args:   f.arguments,
		PreRun: boundMemory,
		RunE:   func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.targetFlags.add(cmd.Flags())
	cmd.Flags().Lookup("target").Value = repeated{&f.target, &f.targets}
	f.addReportFlags(cmd.Flags())
	f.addWatch(cmd.Flags())
	fs, o := cmd.Flags(), &f.options
	fs.BoolVar(&f.stack, "stack", false, "check the reference on PostgreSQL and Elasticsearch in containers")
	fs.StringVar(&f.image, "image", "", "image of a server to check, in a container beside PostgreSQL and Elasticsearch")
	fs.StringArrayVar(&f.imageEnv, "image-env", nil, "NAME=VALUE for the image, repeatable; NAME passes a variable on")
	fs.StringSliceVar(&o.Facts, "fact", nil, "ids of the facts to check, with globs: comments.*")
	fs.StringSliceVar(&o.Tiers, "tier", nil, "tiers to check: documented, derived, wording")
	fs.StringArrayVar(&o.Endpoints, "endpoint", nil, `endpoints to check, repeatable: "POST /api/v2/assets"`)
	fs.BoolVar(&o.ReadOnly, "read-only", false, "send nothing but GET; the values asset_id, comment_id and media_id name what is read")
	fs.StringVar(&o.Wording, "wording", "documented", "texts that are asserted to the letter: lenient, documented, strict")
	fs.Bool(formerWording, false, "")
	_ = fs.MarkHidden(formerWording) // it was added just before
	fs.DurationVar(&o.Settle, "settle", 2*time.Second, "how long an effect may take to show")
	fs.DurationVar(&o.Deadline, "deadline", 10*time.Minute, "how long the run may take")
	return cmd
}

// formerWording is a flag that --wording has taken the place of.
const formerWording = "lenient-wording"

func (f *runFlags) addReportFlags(fs *pflag.FlagSet) {
	fs.StringVar(&f.implementation, "implementation", "", "what the report calls the target")
	fs.StringVar(&f.version, "implementation-version", "", "its version, for the report")
	fs.StringArrayVar(&f.reports, "report", nil, "FORMAT=FILE, repeatable; - is standard output; "+
		strings.Join(slices.Sorted(maps.Keys(report.Formats)), ", "))
	fs.StringVar(&f.deviations, "deviations", "", "file of known failures, which don't fail the run")
	fs.StringVar(&f.writeTo, "write-deviations", "", "file to write the failures to, as known ones")
	fs.StringVar(&f.reason, "reason", "", "why the new failures in --write-deviations are accepted")
	fs.StringVar(&f.ledger, "ledger", "", "file to write down at once what is made; see pocketcheck clean")
	fs.StringVar(&f.failures, "failures", "5", "how many failures to tell whole: a number, or all")
	fs.BoolVarP(&f.verbose, "verbose", "v", false, "print every request and answer, too")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "print the verdict alone")
	fs.BoolVar(&f.complete, "complete", false, "a partial verdict is not enough: exit 3")
}

func (f *runFlags) run(cmd *cobra.Command) error {
	runs, err := f.several(cmd)
	if err != nil {
		return err
	}
	if len(runs) > 0 {
		return f.runSeveral(cmd, runs)
	}
	ready, err := f.ready(cmd)
	if err != nil {
		return err
	}
	if f.watch != "" {
		return f.watchRuns(cmd, ready.target)
	}
	_, err = f.check(cmd, ready)
	return err
}

// prepare reads what the run is told, and gives its target.
func (f *runFlags) prepare(cmd *cobra.Command) (target pocketcheck.Target, err error) {
	given, err := configure(cmd)
	if err != nil {
		return target, err
	}
	maps.Copy(given, f.own)
	if cmd.Flags().Changed(formerWording) {
		return target, fmt.Errorf("--%s is no more; give --wording lenient", formerWording)
	}
	if err := f.checkRun(cmd); err != nil {
		return target, err
	}
	if err := f.targetFlags.check(cmd.Flags()); err != nil {
		return target, err
	}
	if f.target == "" && f.image == "" && !cmd.Flags().Changed("settle") || f.options.Settle == 0 {
		f.options.Settle = -1 // the reference shows effects at once
	}
	if target, err = f.targetOf(cmd, given); err != nil {
		return target, err
	}
	target.Implementation, target.ImplementationVersion = f.known.hide(f.implementation), f.known.hide(f.version)
	if f.deviations != "" { // last: no message about the file shows a key
		f.options.Deviations, err = readDeviations(cmd, f.deviations, f.reason)
		warnOfMany(cmd.ErrOrStderr(), f.known.hide(called(f.deviations)), f.options.Deviations)
	}
	for i := range f.options.Deviations {
		d := &f.options.Deviations[i]
		d.Reason = f.known.hide(d.Reason)
	}
	return target, err
}

// checkRun refuses flags of a run that say nothing, or don't go together.
func (f *runFlags) checkRun(cmd *cobra.Command) (err error) {
	f.options.Facts, f.options.Tiers = trimmed(f.options.Facts), trimmed(f.options.Tiers)
	f.options.Endpoints = trimmed(f.options.Endpoints)
	for _, e := range f.options.Endpoints {
		if strings.ContainsAny(e, ",;\n") { // no endpoint has one
			return fmt.Errorf("--endpoint %q: this is more than one; %s", e, oneALine("endpoint"))
		}
	}
	if f.told, err = toldOf(f.failures); err != nil {
		return err
	}
	if f.verbose && f.quiet {
		return errors.New("--verbose and --quiet: give one")
	}
	if f.reason = strings.TrimSpace(f.reason); f.reason != "" && f.writeTo == "" {
		return errors.New("--reason without --write-deviations: give both")
	}
	return f.checkWatch(cmd)
}

// hidden gives names of files as they may be told.
func (f *runFlags) hidden(paths []string) []string {
	for i := range paths {
		paths[i] = f.known.hide(paths[i])
	}
	return paths
}

// openReports takes the list of known failures for one more report.
func (f *runFlags) openReports(stdout io.Writer) (*reports[*report.Report], error) {
	all, err := openReports(f.reports, report.Formats, stdout)
	if err != nil || f.writeTo == "" {
		return all, err
	}
	return all, all.add("--write-deviations "+f.writeTo, f.writeTo, func(r *report.Report, w io.Writer) error {
		return r.WriteDeviations(w, f.known.hide(f.reason))
	})
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

// targetOf puts the target together. What is wrong with it is said before
// anything is sent.
func (f *runFlags) targetOf(cmd *cobra.Command, given settings) (t pocketcheck.Target, err error) {
	if err := f.checkTarget(cmd.Flags()); err != nil {
		return t, err
	}
	switch {
	case f.stack:
		f.contained = &contained{}
		return f.contained.target(), nil
	case f.image != "":
		return f.imageTarget(cmd, given)
	case f.target == "":
		return embedded(memory.New())
	}
	return f.urlTarget(cmd, given)
}

// checkTarget refuses flags that don't go together.
func (f *runFlags) checkTarget(flags *pflag.FlagSet) error {
	switch {
	case f.target != "" && f.image != "" || f.stack && (f.target != "" || f.image != ""):
		return errors.New("--target, --image and --stack: each names another target; give one")
	case f.statesURL != "" && f.target == "" && f.image == "":
		return errors.New("--states-url belongs to a target; give --target or --image too")
	case len(f.imageEnv) > 0 && f.image == "":
		return errors.New("--image-env belongs to an image; give --image too")
	}
	return f.connection.check(flags, f.target, f.statesURL, f.image)
}

// imageTarget is told its key: one that is made for the run, unless there is one.
func (f *runFlags) imageTarget(cmd *cobra.Command, given settings) (t pocketcheck.Target, err error) {
	f.contained = &contained{image: f.image, key: anyKey(), statesURL: f.statesURL, values: f.valuesOf(given)}
	if err := f.connection.connect(cmd, &f.contained.reached, f.known); err != nil {
		return t, err
	}
	if f.keyFile != "" || os.Getenv("POCKETCHECK_API_KEY") != "" {
		if f.contained.key, err = f.key(cmd); err != nil {
			return t, err
		}
	}
	if f.contained.env, err = imageEnv(f.imageEnv); err != nil {
		return t, err
	}
	return f.contained.target(), nil
}
