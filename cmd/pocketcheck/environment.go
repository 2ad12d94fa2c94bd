package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketcheck/pocketcheck/fixtures"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const environmentPrefix = "POCKETCHECK_"

// environment is the variable of a flag or a value.
func environment(name string) string {
	return environmentPrefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// valuesIn gives the values that a variable has for a flag: of one that can be
// repeated one a line, since a line break is the only thing that is part of none.
func valuesIn(f *pflag.Flag, text string) (all []string) {
	if _, isList := f.Value.(pflag.SliceValue); !isList && text != "" {
		return []string{text}
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// oneALine says how a flag is repeated, to who gave one value for several.
func oneALine(flag string) string {
	return fmt.Sprintf("repeat --%s for each, or write one a line in %s", flag, environment(flag))
}

// ofOthers are variables with the prefix that no command reads: those of this
// repository's tests and scripts, and what Kubernetes tells of a service that is
// called pocketcheck.
var ofOthers = regexp.MustCompile(`^POCKETCHECK_(CACHE|(REQUIRE|GATEWAY|CRASH|SCALE|TEST)_.*|SERVICE_(HOST|PORT.*)|PORT(_\d+_.*)?)$`)

// isOfKubernetes tells the address of a service that is called pocketcheck, which
// Kubernetes has in the same variable, from a port.
func isOfKubernetes(flag, text string) bool { return flag == "port" && strings.Contains(text, "://") }

// unknownVariables names the variables that look like settings and are none, each
// with the nearest one that is: a misspelt target would be a check of another.
func unknownVariables(root *cobra.Command) (problems []error) {
	known := knownVariables(root)
	var beside []string // the prefix, which they share
	for _, k := range known {
		beside = append(beside, strings.TrimPrefix(k, environmentPrefix))
	}
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, environmentPrefix) || ofOthers.MatchString(name) || slices.Contains(known, name) {
			continue
		}
		text := name + " is no setting of pocketcheck"
		if near := fixtures.Nearest(strings.TrimPrefix(name, environmentPrefix), beside...); near != "" {
			text += "; did you mean " + environmentPrefix + near + "?"
		}
		problems = append(problems, errors.New(text))
	}
	return problems
}

func knownVariables(root *cobra.Command) []string {
	known := []string{environment("api_key"), environment("failing_api_key"), tokenVariable}
	for _, name := range values {
		known = append(known, environment(name))
	}
	for _, c := range append(root.Commands(), root) {
		c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, environment(f.Name)) })
	}
	return known
}

// meant says of a flag that is wrong what was meant, perhaps.
func meant(cmd *cobra.Command, err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		if unknown.GetSpecifiedShortnames() != "" { // whose end may be a key
			return fmt.Errorf("unknown shorthand flag: -%.1s", unknown.GetSpecifiedName())
		}
		var known []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		if near := fixtures.Nearest(unknown.GetSpecifiedName(), known...); near != "" {
			return fmt.Errorf("%w; did you mean --%s?", err, near)
		}
	}
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return misfit(wrong.GetFlag(), wrong.GetValue(), err)
	}
	return err
}

// kinds are what the values of flags are, by their types, where Go says it in words of
// its own.
var kinds = map[string]string{"bool": "true or false", "int": "a whole number", "uint64": "a whole number", "float64": "a number"}

// misfit says of a value that a flag can't have what it can.
func misfit(f *pflag.Flag, value string, err error) error {
	if kinds[f.Value.Type()] != "" || len(value) >= shortKey { // pflag's own words have it whole
		err = fmt.Errorf("invalid argument %s for \"--%s\"", mistyped(value), f.Name)
	}
	return fmt.Errorf("%w%s", err, wanted(f, value))
}

// wanted says of what kind a value is to be, and how a time is written to who gave a
// number alone.
func wanted(f *pflag.Flag, value string) string {
	if kind := kinds[f.Value.Type()]; kind != "" {
		return "; want " + kind
	}
	if f.Value.Type() != "duration" {
		return ""
	}
	if n, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil && n >= 0 {
		return fmt.Sprintf("; write a unit, as in --%s %ss", f.Name, strings.TrimSpace(value))
	}
	return "; want a time, such as 30s"
}
